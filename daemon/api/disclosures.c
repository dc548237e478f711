/* SPDX-License-Identifier: MulanPSL-2.0 */
/* api/disclosures: the proactive disclosure register (contract §2.1, D:annual-report §4): one
 * item, a page of items. */
#include "api/disclosures.h"
#include "api/steps.h"

#include <string.h>

/* ---- as JSON ---- */

static const char *login_of(const struct directory *d, int32_t user)
{
	const struct directory_user *u = directory_user_by_id(d, user);
	return u != NULL ? u->login : NULL;
}

static void code_write(
	struct json_out *o, const char *name, const struct code *list, int32_t index)
{
	out_text(o, name, index > 0 ? list[index].code : NULL);
}

static void publications_write(struct json_out *o, const struct disclosure *item)
{
	const struct publication *p = item->publications.item;
	out_array(o, "publications");
	for (int i = 0; i < item->publications.count; i++) {
		out_object(o, NULL);
		code_write(o, "channel", publication_channels, p[i].channel);
		out_date(o, "published_on", p[i].published_on);
		out_text(o, "locator", p[i].locator);
		out_object_end(o);
	}
	out_array_end(o);
}

/* Art. 26: 20 working days. Late is what was due and not published; how late, by the day it
 * was published, or taken back, or today. */
static void lateness_write(
	struct exchange *x, struct json_out *o, const struct disclosure_row *row)
{
	const struct disclosure *item = &row->item;
	bool withdrawn = ogi_is_date(row->withdrawn_on),
	     published = ogi_is_date(item->published_on);
	struct ogi_date end = published   ? item->published_on
			      : withdrawn ? row->withdrawn_on
					  : x->today;
	int days = 0;
	if (ogi_is_date(item->due_on))
		days = ogi_working_between(directory_calendar_of(app_directory(x), row->org),
			item->due_on, end, NULL);
	out_bool(o, "overdue",
		!published && !withdrawn && ogi_is_date(item->due_on) &&
			ogi_before(item->due_on, x->today));
	out_number(o, "overdue_workdays", days);
}

static void item_open(struct exchange *x, struct json_out *o, const struct disclosure_row *row)
{
	char id[37], source[37], other[37];
	const struct directory *d = app_directory(x);
	const struct disclosure *item = &row->item;
	const struct directory_org *org = directory_org(d, row->org);
	uuid_print(&row->id, id);
	uuid_print(&item->source_case, source);
	uuid_print(&row->replaced_by, other);
	out_object(o, NULL);
	out_text(o, "id", id);
	out_text(o, "org", org != NULL ? org->code : NULL);
	out_number(o, "item_no", row->seq);
	out_text(o, "external_ref", item->external_ref);
	out_text(o, "title", item->title);
	out_text(o, "doc_no", item->doc_no);
	out_text(o, "index_no", item->index_no);
	out_text(o, "summary", item->summary);
	code_write(o, "category", disclosure_categories, item->category);
	code_write(o, "category_art20", disclosure_articles, item->category_art20);
	out_bool(o, "is_normative", item->is_normative);
	out_bool(o, "is_rule", item->is_rule);
	out_date(o, "created_on", item->created_on);
	out_date(o, "published_on", item->published_on);
	out_date(o, "due_on", item->due_on);
	out_date(o, "valid_until", item->valid_until);
	out_date(o, "repealed_on", item->repealed_on);
	out_date(o, "withdrawn_on", row->withdrawn_on);
	out_text(o, "replaced_by", uuid_none(&row->replaced_by) ? NULL : other);
	lateness_write(x, o, row);
	out_text(o, "source_case", uuid_none(&item->source_case) ? NULL : source);
	out_text(o, "owner", item->owner);
	out_bool(o, "demo", item->demo);
	out_bool(o, "historic", item->historic);
	out_text(o, "review", row->review);
	publications_write(o, item);
	out_instant(o, "recorded_at", row->recorded_at);
	out_text(o, "recorded_by", login_of(d, row->actor));
}

static void opinions_write(struct json_out *o, const struct review_sheet *sheet)
{
	const struct review_opinion *p = sheet->opinions.item;
	out_array(o, "opinions");
	for (int i = 0; i < sheet->opinions.count; i++) {
		out_object(o, NULL);
		code_write(o, "step", review_steps, p[i].step);
		out_text(o, "name", p[i].name);
		out_text(o, "opinion", p[i].opinion);
		out_date(o, "on", p[i].on);
		out_object_end(o);
	}
	out_array_end(o);
}

static void review_write(struct exchange *x, struct json_out *o, const struct review_row *r)
{
	struct form_why why;
	struct review_sheet sheet = { 0 };
	form_load(form_parse(x->arena, r->canonical, strlen(r->canonical), &why), review_rows,
		&sheet, x->arena);
	out_object(o, NULL);
	out_number(o, "seq", r->seq);
	out_text(o, "decision", r->decision);
	out_date(o, "on", r->on);
	out_array(o, "checks");
	for (int i = 0; i < sheet.checks.count; i++)
		out_text(o, NULL, sheet.checks.item[i]);
	out_array_end(o);
	out_text(o, "note", sheet.note);
	code_write(o, "proposed", disclosure_attributes, sheet.proposed);
	out_text(o, "reason", sheet.reason);
	out_text(o, "publisher", sheet.publisher);
	out_text(o, "responsible", sheet.responsible);
	opinions_write(o, &sheet);
	out_text(o, "referred_to", sheet.referred_to);
	out_date(o, "referred_on", sheet.referred_on);
	out_text(o, "answer", sheet.answer);
	out_date(o, "answered_on", sheet.answered_on);
	out_instant(o, "recorded_at", r->recorded_at);
	out_text(o, "reviewer", login_of(app_directory(x), r->actor));
	out_object_end(o);
}

/* What the audit tells of the item since it was registered. */
static void history_write(struct exchange *x, struct json_out *o, const struct rows *r)
{
	static const char prefix[] = "disclosure.";
	out_array(o, "history");
	for (int i = 0; i < rows_count(r); i++) {
		struct form_why why;
		const char *canonical = rows_text(r, i, 3);
		const json_t *entry = form_parse(x->arena, canonical, strlen(canonical), &why);
		out_object(o, NULL);
		out_text(o, "action", rows_text(r, i, 0) + sizeof prefix - 1);
		out_instant(o, "at", rows_instant(r, i, 1));
		out_text(o, "by", login_of(app_directory(x), rows_int(r, i, 2)));
		out_value(o, "detail", json_object_get(entry, "detail"));
		out_object_end(o);
	}
	out_array_end(o);
}

/* ---- one item, also as the answer of every write to it ---- */

const struct problem *disclosure_none(struct exchange *x)
{
	return problem(x, PROBLEM_NOT_FOUND, "所辖范围内没有这条公开信息。",
		"There is no such item in your scope.");
}

void disclosure_show_ask(struct exchange *x, struct disclosure_show *s)
{
	s->item = disclosure_ask(x->reads, x->who->scope, x->who->scopes, &s->id);
	s->reviews = disclosure_ask_reviews(x->reads, x->who->scope, x->who->scopes, &s->id);
	s->history = disclosure_ask_history(x->reads, x->who->scope, x->who->scopes, &s->id);
}

bool disclosure_show_read(struct exchange *x, struct disclosure_show *s)
{
	if (rows_count(s->item) == 0)
		return false;
	disclosure_read(s->item, 0, x->arena, &s->row);
	return true;
}

const struct problem *disclosure_show_reply(
	struct exchange *x, struct disclosure_show *s, int status)
{
	if (!disclosure_show_read(x, s))
		return disclosure_none(x);
	struct json_out o = app_reply(x, status);
	item_open(x, &o, &s->row);
	out_array(&o, "reviews");
	for (int i = 0; i < rows_count(s->reviews); i++) {
		struct review_row review;
		review_read(s->reviews, i, &review);
		review_write(x, &o, &review);
	}
	out_array_end(&o);
	history_write(x, &o, s->history);
	out_object_end(&o);
	return NULL;
}

static const struct problem *show_load(struct exchange *x)
{
	struct disclosure_show *s = exchange_state(x, sizeof *s);
	if (!uuid_parse_text(x->arg[0], &s->id))
		return disclosure_none(x);
	disclosure_show_ask(x, s);
	return NULL;
}

static const struct problem *show_answer(struct exchange *x)
{
	return disclosure_show_reply(x, x->state, 200);
}

step_fn *const disclosure_steps[] = { show_load, show_answer, NULL };

/* ---- GET /v1/disclosures ---- */

struct listing {
	struct disclosure_filter filter;
	bool overdue, published;
	const struct rows *found;
};

/* "2017-03-01_<uuid>", "_<uuid>" for an item not yet published */
static bool read_cursor(struct exchange *x, const char *after, struct disclosure_filter *f)
{
	const char *bar = strchr(after, '_');
	if (bar == NULL || !uuid_parse_text(bar + 1, &f->after_id))
		return false;
	f->after = true;
	return bar == after ||
	       text_to_date(arena_bytes(x->arena, after, (size_t)(bar - after)), &f->after_on);
}

static const struct problem *list_load(struct exchange *x)
{
	static const char *const names[] = { "org", "rollup", "year", "category",
		"category_art20", "channel", "overdue", "published", "q", "limit", "after",
		NULL };
	struct listing *l = exchange_state(x, sizeof *l);
	struct disclosure_filter *f = &l->filter;
	struct app_scope scope;
	int64_t year = 0;
	const struct problem *p = exchange_query_only(x, names);
	if (p != NULL || (p = app_scope(x, &scope)) != NULL ||
		(p = app_query_int(x, "year", 1990, 2199, &year)) != NULL ||
		(p = app_query_codes(x, "category", disclosure_categories, &f->categories)) !=
			NULL ||
		(p = app_query_codes(x, "channel", publication_channels, &f->channels)) !=
			NULL ||
		(p = app_query_codes(x, "category_art20", disclosure_articles, &f->articles)) !=
			NULL ||
		(p = app_query_bool(x, "overdue", &l->overdue)) != NULL ||
		(p = app_query_bool(x, "published", &l->published)) != NULL ||
		(p = app_query_limit(x, &f->limit)) != NULL)
		return p;
	const char *after = exchange_query(x, "after");
	if (after != NULL && !read_cursor(x, after, f))
		return problem(x, PROBLEM_BAD_QUERY, "after 应为上一页给出的 next。",
			"after must be the next of the page before.");
	f->scope = scope.ids;
	f->scopes = scope.count;
	f->year = (int)year;
	f->overdue = exchange_query(x, "overdue") != NULL ? &l->overdue : NULL;
	f->published = exchange_query(x, "published") != NULL ? &l->published : NULL;
	f->today = x->today;
	f->q = exchange_query(x, "q");
	if (f->q != NULL && f->q[0] == '\0')
		f->q = NULL;
	l->found = disclosure_ask_list(x->reads, f);
	return NULL;
}

static const struct problem *list_answer(struct exchange *x)
{
	struct listing *l = x->state;
	int n = rows_count(l->found);
	struct disclosure_row row = { 0 };
	struct json_out o = app_reply(x, 200);
	out_object(&o, NULL);
	out_array(&o, "disclosures");
	for (int i = 0; i < n && i < l->filter.limit; i++) {
		disclosure_read(l->found, i, x->arena, &row);
		item_open(x, &o, &row);
		out_object_end(&o);
	}
	out_array_end(&o);
	const char *next = NULL;
	if (n > l->filter.limit) {
		char day[11], id[37];
		text_from_date(row.item.published_on, day);
		uuid_print(&row.id, id);
		next = arena_print(x->arena, "%s_%s", day, id);
	}
	out_text(&o, "next", next);
	out_object_end(&o);
	return NULL;
}

step_fn *const disclosure_list_steps[] = { list_load, list_answer, NULL };
