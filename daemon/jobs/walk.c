/* SPDX-License-Identifier: MulanPSL-2.0 */
/* jobs/walk: pages of cases and the events that belong to them. */
#include "jobs/walk.h"

#include "store/check.h"

enum { PAGE = 500 };

static int count_events(const struct rows *events, int from, const struct case_row *c)
{
	enum { AT_ORG = 6, AT_CASE };
	int n = 0;
	for (int i = from; i < rows_count(events); i++, n++) {
		struct uuid id = rows_uuid(events, i, AT_CASE);
		if (rows_int(events, i, AT_ORG) != c->org || !uuid_same(&id, &c->id))
			break;
	}
	return n;
}

/* One page after *place, which becomes its last case. */
static bool walk_page(struct job *j, struct arena *a, struct walk_place *place, walk_fn *fn,
	void *arg, int64_t *seen)
{
	struct batch *b = batch_new(a);
	const struct rows *cases = check_ask_cases(b, place->org, &place->id, PAGE);
	if (!job_read(j, b))
		return false;
	int n = rows_count(cases), at = 0;
	*seen += n;
	place->more = n == PAGE;
	if (n == 0)
		return true;
	struct uuid first = rows_uuid(cases, 0, 1);
	int32_t org = rows_int(cases, 0, 0);
	place->org = rows_int(cases, n - 1, 0);
	place->id = rows_uuid(cases, n - 1, 1);
	b = batch_new(a);
	const struct rows *events = check_ask_events(b, org, &first, place->org, &place->id);
	if (!job_read(j, b))
		return false;
	struct case_row *row = arena_make(a, struct case_row);
	bool go_on = true;
	for (int i = 0; go_on && i < n; i++) {
		case_read(cases, i, a, row);
		int count = count_events(events, at, row);
		go_on = fn(arg, a, row, events, at, count);
		at += count;
	}
	return go_on;
}

bool walk_on(struct job *j, struct walk_place *place, int64_t most, walk_fn *fn, void *arg)
{
	bool there = true;
	for (int64_t seen = 0; there && place->more && seen < most;) {
		struct arena *a = arena_new();
		there = walk_page(j, a, place, fn, arg, &seen);
		arena_free(a);
	}
	return there;
}

bool walk_cases(struct job *j, walk_fn *fn, void *arg)
{
	struct walk_place place = { .more = true };
	return walk_on(j, &place, INT64_MAX, fn, arg);
}
