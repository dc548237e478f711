/* SPDX-License-Identifier: MulanPSL-2.0 */
/* api/case_list: GET /v1/cases (contract §2.1): a page from the projection, or from the events
 * as they stood on a day. */
#include "api/past.h"
#include "api/steps.h"
#include "api/views.h"
#include "store/case_search.h"
#include "store/project.h"
#include "web/upload.h"

struct listing {
	struct case_query q;
	const struct rows *count;           /* of cases that the search index names */
	bool named;                         /* few enough to look at just these */
	const struct rows *keyed, *unkeyed; /* from the projection */
	struct past past;
	const struct rows *candidates, *events; /* from the events */
	int wanted; /* cases of the page, one more when there is a next one */
	/* while the answer is written */
	struct json_out out;
	int written;
	struct case_place last;
};

static const struct rows *ask_part(
	struct exchange *x, const struct listing *l, enum case_part part, int most)
{
	const struct case_query *q = &l->q;
	return l->named ? case_search_ask(x->reads, &q->filter, &q->order, part, most)
			: case_list_ask(x->reads, &q->filter, &q->order, part, most);
}

static const struct problem *listing_load(struct exchange *x)
{
	struct listing *l = exchange_state(x, sizeof *l);
	struct case_query *q = &l->q;
	const struct problem *no = case_query_read(x, q);
	if (no != NULL)
		return no;
	x->slow = q->past || case_list_slow(&q->filter, &q->order);
	if (q->past)
		l->candidates = case_list_ask_past(x->reads, &q->filter, q->known_at);
	else if (case_search_can(&q->filter))
		l->count = case_search_ask_count(x->reads, &q->filter);
	return NULL;
}

static const struct problem *listing_page(struct exchange *x)
{
	struct listing *l = x->state;
	if (l->q.past)
		return NULL;
	l->named = l->count != NULL && rows_int64(l->count, 0, 0) <= CASE_SEARCH_MOST;
	l->keyed = ask_part(x, l, CASE_KEYED, l->q.limit + 1);
	return NULL;
}

static const struct problem *listing_rest(struct exchange *x)
{
	struct listing *l = x->state;
	struct case_query *q = &l->q;
	if (!q->past) {
		int found = l->keyed != NULL ? rows_count(l->keyed) : 0;
		if (found < q->limit + 1)
			l->unkeyed = ask_part(x, l, CASE_UNKEYED, q->limit + 1 - found);
		return NULL;
	}
	const struct problem *no = past_begin(x, &l->past, l->candidates);
	if (no == NULL)
		past_ask(x, &l->past, q);
	return no;
}

enum { FOLD = 3 }; /* index of this step: it comes again until every part was folded */
static const struct problem *listing_fold(struct exchange *x)
{
	struct listing *l = x->state;
	const struct problem *no;
	if (!l->q.past)
		return NULL;
	if (l->past.part != NULL && (no = past_take(x, &l->past, &l->q)) != NULL)
		return no;
	if (past_ask(x, &l->past, &l->q)) {
		exchange_step(x, FOLD);
		return NULL;
	}
	const struct past_match *first;
	l->wanted = past_page(&l->past, &l->q, &first);
	int32_t *org = arena_array(x->arena, int32_t, l->wanted);
	struct uuid *id = arena_array(x->arena, struct uuid, l->wanted);
	for (int i = 0; i < l->wanted; i++) {
		org[i] = first[i].org;
		id[i] = first[i].place.id;
	}
	if (l->wanted > 0)
		l->events = event_ask_many(
			x->reads, org, id, l->wanted, l->q.filter.day, l->q.known_at);
	return NULL;
}

static void write_case(struct exchange *x, struct listing *l, const struct case_row *row)
{
	struct case_view v = { .row = row,
		.rules = past_rules(x, &l->past, row->org, row->c.settings),
		.as_of = l->q.filter.day };
	l->last = (struct case_place){ case_key(l->q.order.sort, row), row->id };
	l->written++;
	view_case(x, &l->out, NULL, &v);
}

static void write_rows(struct exchange *x, struct listing *l, const struct rows *r)
{
	struct case_row row;
	for (int i = 0; r != NULL && i < rows_count(r) && l->written < l->q.limit; i++) {
		case_read(r, i, x->arena, &row);
		write_case(x, l, &row);
	}
}

static const struct problem *write_past(struct exchange *x, struct listing *l)
{
	struct case_row row;
	int n = 0;
	for (int i = 0; i < rows_count(l->events) && l->written < l->q.limit; i += n) {
		struct ogi_history history;
		struct event_row *first;
		n = event_read_case(l->events, i, x->arena, &history, &first);
		if (n == 0)
			return past_unreadable(x);
		project(app_of(x)->keys, x->arena, first->org, &first->id, &history,
			past_rules(x, &l->past, first->org,
				history.event[history.count - 1].settings),
			&row);
		write_case(x, l, &row);
	}
	return NULL;
}

static const struct problem *listing_answer(struct exchange *x)
{
	struct listing *l = x->state;
	const struct problem *no = NULL;
	l->out = app_reply(x, 200);
	out_object(&l->out, NULL);
	out_array(&l->out, "cases");
	if (l->events != NULL) {
		no = write_past(x, l);
	} else {
		l->wanted = (l->keyed != NULL ? rows_count(l->keyed) : 0) +
			    (l->unkeyed != NULL ? rows_count(l->unkeyed) : 0);
		write_rows(x, l, l->keyed);
		write_rows(x, l, l->unkeyed);
	}
	out_array_end(&l->out);
	if (l->wanted > l->q.limit) {
		const char *next = case_query_cursor(x, &l->q.order, &l->last);
		out_text(&l->out, "next", next);
		case_query_link(x, next);
	} else {
		out_null(&l->out, "next");
	}
	out_object_end(&l->out);
	return no;
}

step_fn *const case_list_steps[] = { listing_load, listing_page, listing_rest, listing_fold,
	listing_answer, NULL };
