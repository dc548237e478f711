/* SPDX-License-Identifier: MulanPSL-2.0 */
/* api/statistics_cell: GET /v1/statistics/{form}/{year}/cells/{key}/{column}: the cases, the
 * remedies, the items or the entries of registers behind one cell, page by page; of a frozen
 * year those of its list. */
#include "api/registers.h"
#include "api/statistics_frozen.h"
#include "api/steps.h"

#include <string.h>

struct cell {
	struct form_query q;
	int row, column, limit;
	struct statistics_page page;
	struct form_frozen frozen;
	bool printed;             /* the year is frozen, and that is asked for */
	const struct rows *facts; /* of its list */
	struct statistics_questions questions;
	struct statistics figures;
	const struct rows *found, *entries; /* of a register that feeds the row */
};

static const struct problem *read_cell(struct exchange *x, struct cell *c)
{
	const struct ogi_form *form = c->q.form;
	c->row = ogi_form_find(form, x->arg[2]);
	if (c->row >= 0 && form->row[c->row].number > 0)
		for (c->column = form->row[c->row].by_applicant ? 0 : OGI_COLUMN_TOTAL;
			c->column < OGI_COLUMNS; c->column++)
			if (strcmp(form_column(&form->row[c->row], c->column), x->arg[3]) == 0)
				return NULL;
	return problem(x, PROBLEM_NOT_FOUND, "报表 %s 没有 %s 的 %s 栏。",
		"The form %s has no cell %s, %s.", form->code, x->arg[2], x->arg[3]);
}

/* The cursor is the place of the last one seen: organisation, id, number. */
static const struct problem *read_after(struct exchange *x, struct cell *c)
{
	const char *s = exchange_query(x, "after");
	char word[3][40] = { "", "", "0" };
	int64_t org, number;
	int n = 0;
	if (s == NULL)
		return NULL;
	for (; *s != '\0' && n < 3; n++) {
		size_t length = strcspn(s, ".");
		if (length >= sizeof word[n])
			break;
		memcpy(word[n], s, length);
		word[n][length] = '\0';
		s += length + (s[length] == '.');
	}
	if (*s != '\0' || n != 3 || !text_to_int(word[0], &org) || org < 0 || org > INT32_MAX ||
		!uuid_parse_text(word[1], &c->page.after_id) ||
		!text_to_int(word[2], &number) || number < 0 || number > INT32_MAX)
		return problem(x, PROBLEM_BAD_QUERY, "after 不是本列表给出的游标。",
			"after is not a cursor of this list.");
	c->page.after_org = (int32_t)org;
	c->page.after_number = (int32_t)number;
	return NULL;
}

static const struct problem *load(struct exchange *x)
{
	static const char *const names[] = { "org", "rollup", "live", "period", "limit",
		"after", NULL };
	struct cell *c = exchange_state(x, sizeof *c);
	const struct problem *p = form_query_read(x, names, false, &c->q);
	if (p != NULL || (p = read_cell(x, c)) != NULL || (p = read_after(x, c)) != NULL ||
		(p = app_query_limit(x, &c->limit)) != NULL)
		return p;
	form_frozen_ask(x, &c->q, &c->frozen);
	return NULL;
}

static const struct problem *count(struct exchange *x)
{
	struct cell *c = x->state;
	const struct statistics_asked asked = form_asked(&c->q, false);
	form_frozen_take(x, &c->q, &c->frozen);
	c->printed = c->frozen.exact != NULL && !c->q.live && c->q.period == NULL;
	if (c->printed)
		c->facts = snapshot_ask_facts(
			x->reads, &c->frozen.exact->org, &c->frozen.exact->seq, 1);
	else
		statistics_ask(x->reads, &asked, &c->questions);
	return NULL;
}

/* The facts that count in the cell, of those that were found. */
static void choose(struct exchange *x, struct cell *c, bool remedies)
{
	enum { AT_REMEDY = 2, AT_FROZEN = 3, AT_LIVE = 1 };
	const struct ogi_form_row *row = &c->q.form->row[c->row];
	const struct rows *r = c->printed ? c->facts
			       : remedies ? c->questions.remedies
					  : c->questions.cases;
	const char **facts = arena_array(x->arena, const char *, rows_count(r) + 1);
	for (int k = 0; k < rows_count(r); k++) {
		struct ogi_case_fact fact;
		struct ogi_remedy_fact remedy;
		const char *words = rows_text(r, k, c->printed ? AT_FROZEN : AT_LIVE);
		if (c->printed && rows_bool(r, k, AT_REMEDY) != remedies)
			continue;
		bool counts = remedies ? statistics_remedy_fact(words, &remedy) &&
						 ogi_row_counts_remedy(row, &remedy)
				       : statistics_fact(words, &fact) &&
						 ogi_cell_counts(row, c->column, &fact);
		if (counts)
			facts[c->page.count++] = words;
	}
	c->page.facts = facts;
}

static void find_cases(struct exchange *x, struct cell *c, bool remedies)
{
	const struct statistics_asked asked = form_asked(&c->q, false);
	choose(x, c, remedies);
	if (c->printed)
		c->found = snapshot_ask_list(x->reads, c->frozen.exact, remedies, &c->page);
	else if (remedies)
		c->found = statistics_ask_remedies(x->reads, &asked, &c->page);
	else
		c->found = statistics_ask_cases(x->reads, &asked, &c->page);
}

/* Beside cases or items the first entries stand on the first page; alone they are paged. */
static void find_entries(struct exchange *x, struct cell *c)
{
	enum { BESIDE = 200 };
	const struct ogi_form_row *row = &c->q.form->row[c->row];
	const struct ogi_feed *feed = ogi_feed_of(row->key);
	const struct statistics_asked asked = form_asked(&c->q, false);
	struct statistics_page page = c->page;
	if (feed == NULL || (row->source != OGI_FROM_REGISTER && page.after_org > 0))
		return;
	if (row->source != OGI_FROM_REGISTER)
		page.limit = BESIDE;
	c->entries = register_ask_behind(
		x->reads, &asked, feed, &page, c->printed ? c->frozen.exact->frozen_at : 0);
}

static const struct problem *find(struct exchange *x)
{
	struct cell *c = x->state;
	const struct ogi_form_row *row = &c->q.form->row[c->row];
	const struct statistics_asked asked = form_asked(&c->q, false);
	if (c->printed) {
		c->figures = c->frozen.exact->figures;
	} else {
		statistics_read(&c->questions, c->q.form, 0, &c->figures);
		statistics_end(c->q.form, &c->figures);
	}
	c->page.limit = c->limit + 1;
	find_entries(x, c);
	switch (row->source) {
	case OGI_FROM_RECEIVED:
	case OGI_FROM_CARRIED_IN:
	case OGI_FROM_CARRIED_OUT:
	case OGI_FROM_CLOSED:
	case OGI_FROM_ANSWERED:
	case OGI_FROM_RESULTS:
		find_cases(x, c, false);
		break;
	case OGI_FROM_REMEDIES:
	case OGI_FROM_COMPLAINTS:
		find_cases(x, c, true);
		break;
	case OGI_FROM_DISCLOSURES:
	case OGI_FROM_DOCUMENTS:
		c->found = statistics_ask_disclosures(x->reads, &asked, row, &c->page);
		break;
	case OGI_FROM_NOTHING:
	case OGI_FROM_REGISTER:
	case OGI_FROM_FEES:
	case OGI_FROM_SUM:
		break; /* no cases */
	}
	return NULL;
}

static void case_members(struct exchange *x, struct json_out *o, const struct rows *r, int i)
{
	form_case_write(x, o, r, i);
	out_date(o, "receipt_date", rows_date(r, i, 5));
	out_date(o, "closed_on", rows_date(r, i, 6));
	out_text(o, "outcome", rows_text(r, i, 7));
	out_text(o, "applicant_kind", rows_text(r, i, 8));
	out_text(o, "channel", rows_text(r, i, 9));
}

/* Of a frozen list: what the case counted as then. */
static void printed_members(struct exchange *x, struct json_out *o, const struct rows *r, int i)
{
	struct ogi_case_fact fact = { 0 };
	statistics_fact(rows_text(r, i, 5), &fact);
	form_case_write(x, o, r, i);
	out_text(o, "outcome", fact.outcome > 0 ? ogi_outcome_codes[fact.outcome].code : NULL);
	out_text(o, "applicant_kind",
		fact.kind > 0 ? ogi_applicant_kinds[fact.kind].code : NULL);
}

static void remedy_members(struct exchange *x, struct json_out *o, const struct rows *r, int i)
{
	struct ogi_remedy_fact fact = { 0 };
	statistics_remedy_fact(rows_text(r, i, 5), &fact);
	form_case_write(x, o, r, i);
	out_number(o, "remedy", rows_int(r, i, 4));
	out_text(o, "remedy_kind", ogi_remedy_kinds[fact.kind].code);
	out_text(o, "result", fact.result == 0 ? NULL : ogi_remedy_results[fact.result].code);
}

static void item_members(struct exchange *x, struct json_out *o, const struct rows *r, int i)
{
	const struct directory_org *org = directory_org(app_directory(x), rows_int(r, i, 0));
	struct uuid id = rows_uuid(r, i, 1);
	char text[37];
	uuid_print(&id, text);
	out_text(o, "org", org != NULL ? org->code : NULL);
	out_text(o, "id", text);
	out_number(o, "item_no", rows_int64(r, i, 2));
	out_text(o, "title", rows_text(r, i, 3));
	out_date(o, "published_on", rows_date(r, i, 4));
}

/* What each counts as: several say the same event answered, of sums the entry's own figure. */
static void entries_write(struct exchange *x, struct json_out *o, const struct cell *c, int n)
{
	const struct ogi_form_row *form_row = &c->q.form->row[c->row];
	struct register_row row;
	out_array(o, "entries");
	for (int i = 0; i < n; i++) {
		register_read(c->entries, i, x->arena, &row);
		out_object(o, NULL);
		register_members(x, o, &row);
		out_copy(o, "counts",
			form_value(x, form_row,
				rows_int64(c->entries, i, rows_col(c->entries, "n"))));
		out_object_end(o);
	}
	out_array_end(o);
}

static void next_write(
	struct exchange *x, struct json_out *o, const struct rows *r, int last, int number)
{
	char id[37];
	struct uuid uuid = rows_uuid(r, last, 1);
	uuid_print(&uuid, id);
	out_text(
		o, "next", arena_print(x->arena, "%d.%s.%d", rows_int(r, last, 0), id, number));
}

/* A row that has no other source than a register. */
static void register_write(struct exchange *x, struct json_out *o, const struct cell *c)
{
	int n = c->entries != NULL ? rows_count(c->entries) : 0,
	    shown = n > c->limit ? c->limit : n;
	entries_write(x, o, c, shown);
	if (n > c->limit)
		next_write(x, o, c->entries, shown - 1, 0);
	else
		out_null(o, "next");
}

/* What a row lists: "cases" (of remedies: each remedy with its case) or "items". */
static void list_write(struct exchange *x, struct json_out *o, const struct cell *c)
{
	const struct ogi_form_row *row = &c->q.form->row[c->row];
	bool items = row->source == OGI_FROM_DISCLOSURES || row->source == OGI_FROM_DOCUMENTS;
	bool remedies = row->source == OGI_FROM_REMEDIES || row->source == OGI_FROM_COMPLAINTS;
	int n = c->found != NULL ? rows_count(c->found) : 0,
	    shown = n > c->limit ? c->limit : n;
	out_array(o, items ? "items" : "cases");
	for (int i = 0; i < shown; i++) {
		out_object(o, NULL);
		if (items)
			item_members(x, o, c->found, i);
		else if (remedies)
			remedy_members(x, o, c->found, i);
		else if (c->printed)
			printed_members(x, o, c->found, i);
		else
			case_members(x, o, c->found, i);
		out_object_end(o);
	}
	out_array_end(o);
	if (c->entries != NULL)
		entries_write(x, o, c, rows_count(c->entries));
	if (n <= c->limit) {
		out_null(o, "next");
		return;
	}
	next_write(x, o, c->found, shown - 1, remedies ? rows_int(c->found, shown - 1, 4) : 0);
}

static const struct problem *answer(struct exchange *x)
{
	const struct cell *c = x->state;
	const struct ogi_form_row *row = &c->q.form->row[c->row];
	struct json_out o = app_reply(x, 200);
	out_object(&o, NULL);
	out_text(&o, "form", c->q.form->code);
	out_number(&o, "year", c->q.year);
	out_text(&o, "key", row->key);
	out_text(&o, "column", form_column(row, c->column));
	out_bool(&o, "frozen", c->printed);
	out_copy(&o, "value", form_value(x, row, c->figures.cells.cell[c->row][c->column]));
	if (row->source == OGI_FROM_REGISTER)
		register_write(x, &o, c);
	else
		list_write(x, &o, c);
	out_object_end(&o);
	return NULL;
}

step_fn *const statistics_cell_steps[] = { load, count, find, answer, NULL };
