/* SPDX-License-Identifier: MulanPSL-2.0 */
/*
 * api/workload: GET /v1/workload: what falls due on which day, by office and person, with the
 * days off; how each of them stands today; and the days to watch of what has no due date.
 */
#include "store/workload.h"
#include "api/app.h"
#include "api/steps.h"
#include "domain/numbering.h"
#include "store/case_list.h"

#include <stdlib.h>
#include <string.h>

enum { AHEAD = 30, DAYS_MOST = 400, WATCHES_MOST = 200 };

struct workload {
	struct app_scope scope;
	struct ogi_date from, to;
	const struct rows *days, *people, *waiting;
};

/* Columns of workload_ask_people that are counts, as the answer names them. */
static const char *const counts[] = { "open", "overdue", "red", "amber", "green", "suspended",
	"unconfirmed" };
enum { COUNTS = sizeof counts / sizeof *counts, FIRST_COUNT = 2 };

static const struct problem *workload_load(struct exchange *x)
{
	static const char *const names[] = { "from", "to", "org", "rollup", NULL };
	struct workload *w = exchange_state(x, sizeof *w);
	const struct problem *no;
	struct ogi_rules rules;
	w->from = x->today;
	if ((no = exchange_query_only(x, names)) != NULL ||
		(no = app_query_date(x, "from", &w->from)) != NULL)
		return no;
	w->to = ogi_date_add(w->from, AHEAD);
	if ((no = app_query_date(x, "to", &w->to)) != NULL ||
		(no = app_scope(x, &w->scope)) != NULL)
		return no;
	if (w->to.day < w->from.day || w->to.day - w->from.day >= DAYS_MOST)
		return problem(x, PROBLEM_BAD_QUERY, "to 不得早于 from，最多 %d 天。",
			"to may not lie before from, and at most %d days are shown.",
			DAYS_MOST);
	app_rules(x, w->scope.org, INT32_MAX, &rules);
	w->days = workload_ask_days(x->reads, w->scope.ids, w->scope.count, w->from, w->to);
	w->people = workload_ask_people(x->reads, w->scope.ids, w->scope.count, x->today,
		case_amber_to(rules.calendar, x->today));
	w->waiting = workload_ask_waiting(x->reads, w->scope.ids, w->scope.count);
	return NULL;
}

static const char *org_code(struct exchange *x, int32_t id)
{
	const struct directory_org *org = directory_org(app_directory(x), id);
	return org != NULL ? org->code : NULL;
}

/* ---- day by day ---- */

/* Rows of one day, from *row on. */
static void out_due(struct exchange *x, struct json_out *o, struct ogi_date day,
	const struct rows *r, int *row)
{
	int n = rows_count(r), end = *row;
	int64_t due = 0;
	for (; end < n && rows_date(r, end, 2).day == day.day; end++)
		due += rows_int64(r, end, 3);
	out_number(o, "due", due);
	out_array(o, "by");
	for (; *row < end; ++*row) {
		out_object(o, NULL);
		out_text(o, "org", org_code(x, rows_int(r, *row, 0)));
		out_text(o, "assignee", rows_text(r, *row, 1));
		out_number(o, "due", rows_int64(r, *row, 3));
		out_object_end(o);
	}
	out_array_end(o);
}

static void out_days(struct exchange *x, struct json_out *o, const struct workload *w)
{
	struct ogi_rules rules;
	int row = 0;
	app_rules(x, w->scope.org, INT32_MAX, &rules);
	out_array(o, "days");
	for (struct ogi_date day = w->from; day.day <= w->to.day; day.day++) {
		const struct directory_day *ruled =
			directory_day(app_directory(x), w->scope.org, day);
		out_object(o, NULL);
		out_date(o, "date", day);
		out_text(o, "kind", ogi_day_kinds[ogi_day_kind(rules.calendar, day)].code);
		out_text(o, "name", ruled != NULL ? ruled->name : NULL);
		out_due(x, o, day, w->days, &row);
		out_object_end(o);
	}
	out_array_end(o);
}

/* ---- how everybody stands ---- */

static void out_counts(struct json_out *o, const int64_t sum[COUNTS])
{
	for (int i = 0; i < COUNTS; i++)
		out_number(o, counts[i], sum[i]);
}

static void add_row(const struct rows *r, int row, int64_t sum[COUNTS])
{
	for (int i = 0; i < COUNTS; i++)
		sum[i] += rows_int64(r, row, FIRST_COUNT + i);
}

static void out_people(struct exchange *x, struct json_out *o, const struct rows *r)
{
	out_array(o, "people");
	for (int i = 0; i < rows_count(r); i++) {
		int64_t sum[COUNTS] = { 0 };
		add_row(r, i, sum);
		out_object(o, NULL);
		out_text(o, "org", org_code(x, rows_int(r, i, 0)));
		out_text(o, "assignee", rows_text(r, i, 1));
		out_counts(o, sum);
		out_object_end(o);
	}
	out_array_end(o);
}

static void out_orgs(struct exchange *x, struct json_out *o, const struct rows *r)
{
	int64_t all[COUNTS] = { 0 };
	int n = rows_count(r);
	out_array(o, "orgs");
	for (int i = 0; i < n;) {
		int32_t org = rows_int(r, i, 0);
		int64_t sum[COUNTS] = { 0 };
		for (; i < n && rows_int(r, i, 0) == org; i++) {
			add_row(r, i, sum);
			add_row(r, i, all);
		}
		out_object(o, NULL);
		out_text(o, "org", org_code(x, org));
		out_counts(o, sum);
		out_object_end(o);
	}
	out_array_end(o);
	out_object(o, "total");
	out_counts(o, all);
	out_object_end(o);
}

/* ---- what has no due date ---- */

struct watched {
	struct ogi_watch watch;
	int32_t org, status, year, serial;
	struct uuid id;
	const char *assignee;
};

static int sooner_first(const void *a, const void *b)
{
	const struct watched *x = a, *y = b;
	return x->watch.on.day != y->watch.on.day
		       ? (x->watch.on.day > y->watch.on.day) -
				 (x->watch.on.day < y->watch.on.day)
		       : memcmp(x->id.byte, y->id.byte, sizeof x->id.byte);
}

/* The days to watch of every waiting case, the first day first. */
static int collect(struct exchange *x, const struct rows *r, struct watched *to)
{
	struct case_row *row = arena_make(x->arena, struct case_row);
	struct ogi_rules rules;
	int n = 0;
	for (int i = 0; i < rows_count(r); i++) {
		struct ogi_standing s;
		case_read(r, i, x->arena, row);
		app_rules(x, row->org, row->c.settings, &rules);
		ogi_case_standing(&row->c, &rules, x->today, &s);
		for (int k = 0; k < s.watches; k++)
			to[n++] = (struct watched){ s.watch[k], row->org, row->c.status,
				row->c.request.year, row->c.request.serial, row->id,
				row->c.request.assignee };
	}
	qsort(to, (size_t)n, sizeof *to, sooner_first);
	return n;
}

static void out_watch(struct exchange *x, struct json_out *o, const struct rows *r)
{
	struct watched *all =
		arena_array(x->arena, struct watched, rows_count(r) * OGI_WATCHES);
	int n = collect(x, r, all);
	out_array(o, "watch");
	for (int i = 0; i < n && i < WATCHES_MOST; i++) {
		const struct watched *w = &all[i];
		char id[37], number[24] = "";
		uuid_print(&w->id, id);
		if (w->serial > 0)
			ogi_number_print(w->year, w->serial, number);
		out_object(o, NULL);
		out_text(o, "case", id);
		out_text(o, "number", w->serial > 0 ? number : NULL);
		out_text(o, "org", org_code(x, w->org));
		out_text(o, "assignee", w->assignee);
		out_text(o, "status", ogi_statuses[w->status].code);
		out_text(o, "kind", w->watch.kind);
		out_date(o, "on", w->watch.on);
		out_bool(o, "passed", w->watch.on.day < x->today.day);
		out_object_end(o);
	}
	out_array_end(o);
	out_bool(o, "watch_more", n > WATCHES_MOST || rows_count(r) == WORKLOAD_WAITING);
}

static const struct problem *workload_answer(struct exchange *x)
{
	const struct workload *w = x->state;
	struct json_out o = app_reply(x, 200);
	out_object(&o, NULL);
	out_date(&o, "as_of", x->today);
	out_date(&o, "from", w->from);
	out_date(&o, "to", w->to);
	out_days(x, &o, w);
	out_people(x, &o, w->people);
	out_orgs(x, &o, w->people);
	out_watch(x, &o, w->waiting);
	out_object_end(&o);
	return NULL;
}

step_fn *const workload_steps[] = { workload_load, workload_answer, NULL };
