/* SPDX-License-Identifier: MulanPSL-2.0 */
/* api/recompute: read a page, its events, fold, write what moves, next page. */
#include "api/recompute.h"

#include "base/clock.h"
#include "store/ledger.h"
#include "store/project.h"
#include "store/setting.h"

#include <stdlib.h>
#include <string.h>

enum { PAGE = 100, TRIES = 8, AT_CASE = 7 /* column of the events */ };

/* A case of the page that moves. */
struct moving {
	struct case_row *before, *after;
	struct ogi_history history;
	const char *column;
	struct mac last;
	int32_t settings;           /* known to it after this */
	const struct rows *written; /* NULL: nothing to write */
	bool earlier;
	bool ahead; /* stands by a newer calendar than the page knows */
};

struct recompute {
	struct recompute_plan plan;
	struct recompute_counts counts;
	int at; /* organisation */
	struct uuid after, last;
	/* the page */
	struct arena *arena;
	struct directory *directory;
	const struct rows *cases, *events;
	struct moving *moving;
	int count, tries, waiting;
	enum db_result result;
};

static void ask_page(struct recompute *r);
static void end(struct recompute *r, enum db_result result);

struct recompute_counts recompute_counts(const struct recompute *r)
{
	return r->counts;
}

static void drop_page(struct recompute *r)
{
	arena_free(r->arena);
	directory_release(r->directory);
	r->arena = NULL;
	r->directory = NULL;
	r->cases = r->events = NULL;
	r->moving = NULL;
	r->count = 0;
}

/* ---- after the writes ---- */

static bool is_left(const struct moving *m)
{
	return m->ahead || (m->written != NULL && rows_count(m->written) == 0);
}

static int left_over(const struct recompute *r)
{
	int left = 0;
	for (int i = 0; i < r->count; i++)
		left += is_left(&r->moving[i]);
	return left;
}

static void tell(struct recompute *r)
{
	for (int i = 0; i < r->count; i++) {
		const struct moving *m = &r->moving[i];
		const struct recompute_found found = { m->before, m->after, &m->history,
			m->column };
		if (is_left(m))
			continue;
		r->counts.moved++;
		if (r->plan.found != NULL)
			r->plan.found(r->plan.arg, &found);
	}
}

/* When somebody else wrote to a case meanwhile, the page is read again; what is done does not
 * differ any more. */
static void next(struct recompute *r)
{
	int left = left_over(r), n = rows_count(r->cases);
	bool again = left > 0 && ++r->tries < TRIES;
	tell(r);
	if (!again) {
		r->counts.busy += left;
		r->counts.cases += n;
		r->tries = 0;
		r->after = r->last;
		if (n < PAGE) {
			r->at++;
			r->counts.orgs_done = r->at;
			r->after = (struct uuid){ 0 };
		}
	}
	drop_page(r);
	if (r->plan.page != NULL && !r->plan.page(r->plan.arg, r))
		end(r, DB_AWAY);
	else if (r->at == r->plan.orgs)
		end(r, DB_DONE);
	else
		ask_page(r);
}

static void on_written(void *arg, enum db_result result)
{
	struct recompute *r = arg;
	if (result != DB_DONE)
		r->result = result;
	if (--r->waiting > 0)
		return;
	if (r->result == DB_DONE)
		next(r);
	else
		end(r, r->result);
}

/* ---- folding and writing ---- */

/* Index in ogi_recompute_causes. */
static int cause_of(const struct recompute *r, const struct moving *m)
{
	const char *cause = "rules";
	if (r->plan.notice != NULL || m->before->calendar_version != m->after->calendar_version)
		cause = "calendar";
	else if (m->before->c.settings != m->settings)
		cause = "setting";
	return code_find(ogi_recompute_causes, cause);
}

/* On top of the history, with room for one more. */
static void write_event(struct recompute *r, struct moving *m, const struct ogi_rules *rules)
{
	struct ogi_event *events =
		arena_array(r->arena, struct ogi_event, m->history.count + 1);
	struct ogi_event *e = &events[m->history.count];
	const struct case_row *c = m->before;
	int64_t now = clock_now() / 1000 * 1000;
	memcpy(events, m->history.event, sizeof *e * (size_t)m->history.count);
	*e = (struct ogi_event){ .kind = OGI_RECOMPUTED,
		.seq = m->history.count + 1,
		.on = rules->today,
		.recorded_at = now,
		.actor = "system",
		.due_before = c->c.due_on,
		.due_after = m->after->c.due_on,
		.calendar_version = rules->calendar->version,
		.settings = m->settings };
	e->u.recomputed.cause = cause_of(r, m);
	e->u.recomputed.notice = r->plan.notice;
	m->history = (struct ogi_history){ events, m->history.count + 1 };
	project(r->plan.keys, r->arena, c->org, &c->id, &m->history, rules, m->after);
	struct event_bytes *bytes = arena_make(r->arena, struct event_bytes);
	*bytes = event_write(r->plan.keys, r->arena, c->org, &c->id, e, &m->last);
	struct ledger_entry entry = {
		.after = m->after, .event = e, .bytes = bytes, .now = now
	};
	struct batch *b = batch_new(r->arena);
	const struct write_order order = { .org = c->org, .rank = 1, .id = c->id };
	m->written = ledger_ask_append(b, &entry, NULL);
	r->waiting++;
	pool_write(r->plan.pool, b, &order, on_written, r);
}

/* The move was written by an earlier run of the same work, which did not live to tell. */
static bool moved_earlier(const struct recompute *r, const struct moving *m)
{
	const struct ogi_history *h = &m->history;
	const struct ogi_event *e = h->count > 0 ? &h->event[h->count - 1] : NULL;
	return r->plan.write && r->plan.since != 0 && r->tries == 0 && e != NULL &&
	       e->kind == OGI_RECOMPUTED && e->recorded_at >= r->plan.since &&
	       text_same(e->u.recomputed.notice, r->plan.notice) && r->plan.notice != NULL;
}

/* The date last told, when events recorded by newer calendars moved it since and nobody has
 * said so; else none. */
static struct ogi_date untold(const struct ogi_history *h)
{
	struct ogi_date told = { 0 };
	for (int i = h->count - 1; i > 0 && h->event[i].kind != OGI_RECOMPUTED; i--) {
		const struct ogi_event *e = &h->event[i], *before = &h->event[i - 1];
		if (e->calendar_version != before->calendar_version &&
			ogi_is_date(before->due_after) &&
			e->due_before.day != before->due_after.day)
			told = before->due_after;
		if (ogi_is_date(told) && before->due_before.day != before->due_after.day)
			break; /* that event told its own date */
	}
	return told;
}

/* The row was read before the events. Somebody who wrote in between is not seen: the write
 * finds the version gone, and the page is read again. */
static bool as_of_row(struct ogi_history *h, const struct case_row *stored)
{
	bool whole = h->count >= stored->c.version;
	h->count = stored->c.version;
	return whole && h->count > 0;
}

static bool destroyed(const struct event_row *rows, int n)
{
	for (int i = 0; i < n; i++)
		if (ogi_is_date(rows[i].destroyed_on))
			return true;
	return false;
}

/* A move that nobody has told is told from the date that was told last. */
static void take_untold(const struct recompute *r, struct moving *m, struct case_row *stored)
{
	struct ogi_date told = untold(&m->history);
	if (!r->plan.write || !ogi_is_date(told) || told.day == m->after->c.due_on.day)
		return;
	stored->c.due_on = told;
	m->column = "due_on";
}

/* The events of case `row` of the page begin at *at. */
static void judge(struct recompute *r, int row, int *at)
{
	struct moving *m = &r->moving[r->count];
	struct event_row *rows = NULL;
	struct ogi_rules rules;
	struct case_row *stored = arena_make(r->arena, struct case_row);
	case_read(r->cases, row, r->arena, stored);
	int first = *at;
	while (*at < rows_count(r->events)) {
		struct uuid id = rows_uuid(r->events, *at, AT_CASE);
		if (!uuid_same(&id, &stored->id))
			break;
		++*at;
	}
	*m = (struct moving){ .before = stored };
	if (*at == first ||
		event_read_case(r->events, first, r->arena, &m->history, &rows) != *at - first)
		return; /* `ogid verify` names it */
	if (!as_of_row(&m->history, stored))
		return; /* this too */
	if (destroyed(rows, m->history.count))
		return; /* archived long ago: nothing moves any more */
	m->last = rows[m->history.count - 1].hash;
	directory_rules(r->directory, stored->org, clock_china_date(clock_now()), &rules);
	m->settings = r->plan.settings ? setting_newest(r->directory)
				       : m->history.event[m->history.count - 1].settings;
	setting_rules(r->directory, stored->org, m->settings, r->arena, &rules);
	if (r->plan.calendars != NULL)
		rules.calendar = calendars_of(r->plan.calendars, r->directory, stored->org);
	m->ahead =
		r->plan.calendars == NULL && stored->calendar_version > rules.calendar->version;
	if (m->ahead) {
		r->count++;
		return;
	}
	m->after = arena_make(r->arena, struct case_row);
	project(r->plan.keys, r->arena, stored->org, &stored->id, &m->history, &rules,
		m->after);
	m->column = case_difference(m->after, stored, false);
	m->earlier = m->column == NULL && moved_earlier(r, m);
	take_untold(r, m, stored);
	if (m->column == NULL && !m->earlier)
		return;
	if (m->earlier)
		stored->c.due_on = m->history.event[m->history.count - 1].due_before;
	r->count++;
	if (r->plan.write && !m->earlier)
		write_event(r, m, &rules);
}

static void on_events(void *arg, enum db_result result)
{
	struct recompute *r = arg;
	int n = rows_count(r->cases), at = 0;
	if (result != DB_DONE) {
		end(r, result);
		return;
	}
	r->moving = arena_array(r->arena, struct moving, n);
	r->result = DB_DONE;
	r->waiting = 1; /* this page itself */
	for (int i = 0; i < n; i++)
		judge(r, i, &at);
	on_written(r, DB_DONE);
}

/* ---- reading ---- */

static void on_cases(void *arg, enum db_result result)
{
	struct recompute *r = arg;
	int n = result == DB_DONE ? rows_count(r->cases) : 0;
	if (result != DB_DONE) {
		end(r, result);
		return;
	}
	if (n == 0) {
		next(r);
		return;
	}
	int32_t *org = arena_array(r->arena, int32_t, n);
	struct uuid *id = arena_array(r->arena, struct uuid, n);
	for (int i = 0; i < n; i++) {
		org[i] = rows_int(r->cases, i, 0);
		id[i] = rows_uuid(r->cases, i, 1);
	}
	r->last = id[n - 1];
	struct batch *b = batch_new(r->arena);
	r->events = event_ask_many(b, org, id, n, ogi_date_of(2199, 12, 31), 0);
	pool_read_slow(r->plan.pool, b, on_events, r);
}

static void ask_page(struct recompute *r)
{
	r->arena = arena_new();
	r->directory = directory_hold(*r->plan.directory);
	struct batch *b = batch_new(r->arena);
	r->cases = refold_ask_cases(b, r->plan.org[r->at], &r->after, &r->plan.filter, PAGE);
	pool_read_slow(r->plan.pool, b, on_cases, r);
}

static void end(struct recompute *r, enum db_result result)
{
	drop_page(r);
	r->plan.done(r->plan.arg, r, result);
	free(r);
}

struct recompute *recompute_begin(const struct recompute_plan *plan)
{
	struct recompute *r = calloc(1, sizeof *r);
	if (r == NULL)
		abort();
	r->plan = *plan;
	ask_page(r);
	return r;
}
