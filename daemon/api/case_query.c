/* SPDX-License-Identifier: MulanPSL-2.0 */
/* api/case_query: reading the query of a list of cases, and its cursor. */
#include "api/case_query.h"

#include "base/clock.h"
#include "base/gram.h"

#include <ctype.h>
#include <string.h>

enum { ITEM_MOST = 64, SEARCH_MOST = 100 };

static const struct problem *bad_code(struct exchange *x, const char *name, const char *code)
{
	return problem(x, PROBLEM_BAD_QUERY, "%s 中没有代码“%s”；代码见 /v1/vocabulary。",
		"%s has no code \"%s\"; see /v1/vocabulary.", name, code);
}

/* The values between the commas of a parameter; no parameter is no values. */
static struct texts values(struct exchange *x, const char *name)
{
	const char *text = exchange_query(x, name);
	if (text == NULL)
		return (struct texts){ 0 };
	int most = 1;
	for (const char *s = text; *s != '\0'; s++)
		most += *s == ',';
	const char **item = arena_array(x->arena, const char *, most);
	for (int i = 0; i < most; i++) {
		size_t n = strcspn(text, ",");
		item[i] = arena_bytes(x->arena, text, n);
		text += n + 1;
	}
	return (struct texts){ item, most };
}

static const struct problem *read_set(
	struct exchange *x, const char *name, const struct code *list, uint64_t *ret_set)
{
	struct texts given = values(x, name);
	for (int i = 0; i < given.count; i++) {
		const char *code = given.item[i];
		int index = code[0] != '\0' ? code_find(list, code) : -1;
		if (list == ogi_statuses && strcmp(code, "open") == 0)
			*ret_set |= case_open_statuses;
		else if (index >= 0)
			*ret_set |= UINT64_C(1) << index;
		else
			return bad_code(x, name, code);
	}
	return NULL;
}

/* Values of a list that an organisation may extend, and logins. */
static const struct problem *read_list(
	struct exchange *x, const char *name, struct texts *ret_list)
{
	*ret_list = values(x, name);
	for (int i = 0; i < ret_list->count; i++) {
		const char *item = ret_list->item[i];
		if (text_fault(item, strlen(item), 1, ITEM_MOST, 0) != NULL)
			return problem(x, PROBLEM_BAD_QUERY,
				"%s 的每一项应为 1 至 %d 个字，以逗号分隔。",
				"Each value of %s has 1 to %d characters; commas stand between them.",
				name, ITEM_MOST);
	}
	return NULL;
}

static const struct problem *read_sets(struct exchange *x, struct case_filter *f)
{
	uint64_t flags = 0;
	const struct problem *no;
	if ((no = read_set(x, "status", ogi_statuses, &f->statuses)) != NULL ||
		(no = read_set(x, "flag", ogi_flags, &flags)) != NULL ||
		(no = read_set(x, "channel", ogi_channels, &f->channels)) != NULL ||
		(no = read_set(x, "outcome", ogi_outcome_codes, &f->outcomes)) != NULL ||
		(no = read_set(x, "light", ogi_lights, &f->lights)) != NULL ||
		(no = read_set(x, "applicant_kind", ogi_applicant_kinds,
			 &f->applicant_kinds)) != NULL ||
		(no = read_list(x, "subject", &f->subjects)) != NULL ||
		(no = read_list(x, "assignee", &f->assignees)) != NULL)
		return no;
	f->flags = (uint32_t)flags;
	return NULL;
}

static const struct problem *read_dates(struct exchange *x, struct case_filter *f)
{
	const struct {
		const char *name;
		struct ogi_date *date;
	} rows[] = {
		{ "received_from", &f->received_from },
		{ "received_to", &f->received_to },
		{ "due_from", &f->due_from },
		{ "due_to", &f->due_to },
		{ "closed_from", &f->closed_from },
		{ "closed_to", &f->closed_to },
		{ "as_of", &f->day },
	};
	f->day = x->today;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const struct problem *no = app_query_date(x, rows[i].name, rows[i].date);
		if (no != NULL)
			return no;
	}
	f->amber_to =
		case_amber_to(directory_calendar_of(app_directory(x), x->who->org), f->day);
	return NULL;
}

static const struct problem *read_search(struct exchange *x, struct case_filter *f)
{
	f->q = gram_fold(x->arena, exchange_query(x, "q"));
	if (f->q == NULL || text_fault(f->q, strlen(f->q), 1, SEARCH_MOST, 0) == NULL)
		return NULL;
	return problem(x, PROBLEM_BAD_QUERY, "q 应为 1 至 %d 个字。",
		"q must have 1 to %d characters.", SEARCH_MOST);
}

/*
 * What waits for somebody: open cases in his charge, and what the next step in his own
 * organisation needs him for: the front desk confirms and serves (arrived, decided), a reviewer
 * looks at what has no passed review, a head puts somebody in charge.
 */
static const struct problem *read_waiting(struct exchange *x, struct case_waiting *w)
{
	const char *who = exchange_query(x, "waiting_for");
	if (who == NULL)
		return NULL;
	if (strcmp(who, "me") != 0)
		return problem(x, PROBLEM_BAD_QUERY, "waiting_for 只能是 me。",
			"waiting_for can only be me.");
	unsigned roles = x->who->roles;
	w->login = x->who->login;
	w->org = x->who->org;
	if ((roles & OGI_FRONT_DESK) != 0)
		w->statuses = UINT64_C(1) << OGI_ST_ARRIVED | UINT64_C(1) << OGI_ST_DECIDED;
	w->unreviewed = (roles & OGI_REVIEWER) != 0;
	w->unassigned = (roles & OGI_HEAD) != 0;
	return NULL;
}

static const struct problem *read_sort(struct exchange *x, struct case_order *o)
{
	const char *sort = exchange_query(x, "sort");
	if (sort == NULL)
		return NULL;
	o->descending = sort[0] == '-';
	int found = code_find(case_sorts, sort + (o->descending ? 1 : 0));
	if (found < 0)
		return problem(x, PROBLEM_BAD_QUERY,
			"sort 可为 due_on、receipt_date、number、updated_at，前加 - 为降序。",
			"sort is due_on, receipt_date, number or updated_at; - before it for descending.");
	o->sort = (enum case_sort)found;
	return NULL;
}

static const char *sort_name(struct exchange *x, const struct case_order *o)
{
	return arena_print(
		x->arena, "%s%s", o->descending ? "-" : "", case_sorts[o->sort].code);
}

const char *case_query_cursor(
	struct exchange *x, const struct case_order *o, const struct case_place *last)
{
	char id[37];
	uuid_print(&last->id, id);
	if (last->key == CASE_LAST)
		return arena_print(x->arena, "%s~~%s", sort_name(x, o), id);
	return arena_print(x->arena, "%s~%lld~%s", sort_name(x, o), (long long)last->key, id);
}

static bool cursor_parse(struct exchange *x, const char *text, struct case_order *o)
{
	const char *sort = sort_name(x, o);
	size_t n = strlen(sort), digits;
	if (strncmp(text, sort, n) != 0 || text[n] != '~')
		return false;
	text += n + 1;
	digits = strcspn(text, "~");
	o->after.key = CASE_LAST;
	if (text[digits] != '~' || !uuid_parse_text(text + digits + 1, &o->after.id) ||
		uuid_none(&o->after.id))
		return false;
	if (digits > 0 && (!text_to_int(arena_bytes(x->arena, text, digits), &o->after.key) ||
				  o->after.key == CASE_LAST))
		return false;
	return case_key_valid(o->sort, o->after.key);
}

static const struct problem *read_after(struct exchange *x, struct case_order *o)
{
	const char *after = exchange_query(x, "after");
	if (after == NULL)
		return NULL;
	o->begun = true;
	if (cursor_parse(x, after, o))
		return NULL;
	return problem(x, PROBLEM_BAD_QUERY,
		"after 不是此排序的游标；请使用上一页答复中的 next。",
		"after is not a cursor of this order; take next from the page before.");
}

static const struct problem *read_known(struct exchange *x, struct case_query *q)
{
	const char *known = exchange_query(x, "known_at");
	if (known != NULL && !clock_parse(known, &q->known_at))
		return problem(x, PROBLEM_BAD_QUERY,
			"known_at 应为 RFC 3339 时刻，如 2025-04-21T08:00:00Z。",
			"known_at must be an RFC 3339 instant such as 2025-04-21T08:00:00Z.");
	/* nothing lies in the future, so as of today or later is as the ledger stands */
	q->past = known != NULL || ogi_before(q->filter.day, x->today);
	return NULL;
}

const struct problem *case_query_read(struct exchange *x, struct case_query *q)
{
	static const char *const names[] = { "org", "rollup", "status", "flag", "channel",
		"outcome", "light", "applicant_kind", "subject", "assignee", "waiting_for",
		"received_from", "received_to", "due_from", "due_to", "closed_from",
		"closed_to", "q", "as_of", "known_at", "sort", "limit", "after", NULL };
	struct app_scope scope;
	const struct problem *no;
	*q = (struct case_query){ 0 };
	if ((no = exchange_query_only(x, names)) != NULL ||
		(no = read_sets(x, &q->filter)) != NULL ||
		(no = read_dates(x, &q->filter)) != NULL ||
		(no = read_search(x, &q->filter)) != NULL ||
		(no = read_waiting(x, &q->filter.waiting)) != NULL ||
		(no = read_sort(x, &q->order)) != NULL ||
		(no = read_after(x, &q->order)) != NULL || (no = read_known(x, q)) != NULL ||
		(no = app_query_limit(x, &q->limit)) != NULL ||
		(no = app_scope(x, &scope)) != NULL)
		return no;
	q->filter.org = scope.ids;
	q->filter.orgs = scope.count;
	return NULL;
}

/* Percent-encoded, RFC 3986: all but the unreserved. */
static void encode(struct buf *to, const char *text)
{
	static const char hex[] = "0123456789ABCDEF";
	for (const char *s = text; *s != '\0'; s++) {
		unsigned char c = (unsigned char)*s;
		if (c < 0x80 && (isalnum(c) || strchr("-._~", c) != NULL)) {
			buf_add(to, s, 1);
		} else {
			char escape[3] = { '%', hex[c >> 4], hex[c & 15] };
			buf_add(to, escape, sizeof escape);
		}
	}
}

void case_query_link(struct exchange *x, const char *cursor)
{
	struct buf link = { 0 };
	buf_text(&link, "<");
	buf_text(&link, x->path);
	buf_text(&link, "?");
	for (int i = 0; i < x->queries; i++) {
		if (strcmp(x->query[i].name, "after") == 0)
			continue;
		encode(&link, x->query[i].name);
		buf_text(&link, "=");
		encode(&link, x->query[i].value);
		buf_text(&link, "&");
	}
	buf_text(&link, "after=");
	encode(&link, cursor);
	buf_text(&link, ">; rel=\"next\"");
	exchange_header(x, "Link", link.data);
	buf_clear(&link);
}
