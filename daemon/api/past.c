/* SPDX-License-Identifier: MulanPSL-2.0 */
/* api/past: candidates are folded in parts, each in an arena of its own, so that memory does
 * not grow with their number. */
#include "api/past.h"

#include "base/clock.h"
#include "store/event.h"

#include <stdlib.h>
#include <string.h>

const struct problem *past_view_read(struct exchange *x, struct past_view *v)
{
	const char *known = exchange_query(x, "known_at");
	*v = (struct past_view){ .as_of = x->today };
	const struct problem *no = app_query_date(x, "as_of", &v->as_of);
	if (no != NULL)
		return no;
	if (known != NULL && !clock_parse(known, &v->known_at))
		return problem(x, PROBLEM_BAD_QUERY,
			"known_at 应为 RFC 3339 时刻，如 2025-04-21T08:00:00Z。",
			"known_at must be an RFC 3339 instant such as 2025-04-21T08:00:00Z.");
	v->past = exchange_query(x, "as_of") != NULL || known != NULL;
	return NULL;
}

void past_view_keep(struct exchange *x, const struct past_view *v, struct ogi_history *history)
{
	struct ogi_event *kept = arena_array(x->arena, struct ogi_event, history->count);
	int n = 0;
	for (int i = 0; i < history->count; i++) {
		const struct ogi_event *e = &history->event[i];
		if (!ogi_before(v->as_of, e->on) &&
			(v->known_at == 0 || e->recorded_at <= v->known_at))
			kept[n++] = *e;
	}
	*history = (struct ogi_history){ kept, n };
}

enum { PART = 200 }; /* cases read at once: a few megabytes, some ten milliseconds */

const struct problem *past_begin(
	struct exchange *x, struct past *p, const struct rows *candidates)
{
	int n = rows_count(candidates);
	if (n > CASE_PAST_MOST)
		return problem(x, PROBLEM_BAD_QUERY,
			"要回溯的案件超过 %d 件；请用 org、received_from、received_to 等缩小范围。",
			"More than %d cases would have to be looked back at; narrow the list with org, received_from, received_to.",
			CASE_PAST_MOST);
	int32_t *org = arena_array(x->arena, int32_t, n);
	struct uuid *id = arena_array(x->arena, struct uuid, n);
	for (int i = 0; i < n; i++) {
		org[i] = rows_int(candidates, i, 0);
		id[i] = rows_uuid(candidates, i, 1);
	}
	p->org = org;
	p->id = id;
	p->candidates = n;
	p->match = arena_array(x->arena, struct past_match, n);
	return NULL;
}

bool past_ask(struct exchange *x, struct past *p, const struct case_query *q)
{
	int left = p->candidates - p->taken;
	if (left == 0)
		return false;
	p->asked = left < PART ? left : PART;
	p->part = event_ask_many(x->reads, p->org + p->taken, p->id + p->taken, p->asked,
		q->filter.day, q->known_at);
	return true;
}

const struct ogi_rules *past_rules(
	struct exchange *x, struct past *p, int32_t org, int32_t settings)
{
	if (p->rules_org != org || p->rules_settings != settings)
		app_rules(x, org, settings, &p->rules);
	p->rules_org = org;
	p->rules_settings = settings;
	return &p->rules;
}

const struct problem *past_unreadable(struct exchange *x)
{
	return problem(x, PROBLEM_INTERNAL, "案件记录无法读取。",
		"The record of a case cannot be read.");
}

/* Folds the events of one case and keeps its place when it matches. */
static void take_case(struct exchange *x, struct past *p, const struct case_query *q,
	const struct ogi_history *h, const struct event_row *first)
{
	struct case_row row = { .org = first->org, .id = first->id };
	struct ogi_standing standing;
	const struct ogi_rules *rules =
		past_rules(x, p, row.org, h->event[h->count - 1].settings);
	ogi_case_fold(h, rules, &row.c);
	ogi_case_standing(&row.c, rules, q->filter.day, &standing);
	if (!case_filter_matches(&q->filter, &row, standing.light))
		return;
	row.updated_at = h->event[h->count - 1].recorded_at;
	p->match[p->matches++] =
		(struct past_match){ row.org, { case_key(q->order.sort, &row), row.id } };
}

const struct problem *past_take(struct exchange *x, struct past *p, const struct case_query *q)
{
	bool readable = true;
	int n = 0;
	for (int i = 0; i < rows_count(p->part) && readable; i += n) {
		struct arena *a = arena_new();
		struct ogi_history history;
		struct event_row *rows;
		n = event_read_case(p->part, i, a, &history, &rows);
		readable = n > 0;
		if (readable)
			take_case(x, p, q, &history, rows);
		arena_free(a);
	}
	rows_drop(p->part);
	p->part = NULL;
	p->taken += p->asked;
	return readable ? NULL : past_unreadable(x);
}

static int compare(const void *a, const void *b, void *order)
{
	return case_place_compare(order, &((const struct past_match *)a)->place,
		&((const struct past_match *)b)->place);
}

int past_page(struct past *p, const struct case_query *q, const struct past_match **ret_first)
{
	struct case_order order = q->order;
	int first = 0;
	qsort_r(p->match, (size_t)p->matches, sizeof *p->match, compare, &order);
	while (order.begun && first < p->matches &&
		case_place_compare(&order, &p->match[first].place, &order.after) <= 0)
		first++;
	*ret_first = p->match + first;
	return p->matches - first < q->limit + 1 ? p->matches - first : q->limit + 1;
}
