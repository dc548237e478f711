/* SPDX-License-Identifier: MulanPSL-2.0 */
/* jobs/refold: from new rules to new dates, one event a case. */
#include "jobs/refold.h"

#include "base/clock.h"
#include "jobs/walk.h"
#include "store/ledger.h"
#include "store/project.h"
#include "store/setting.h"

#include <string.h>

struct refolding {
	struct job *j;
	bool dry_run;
	int64_t cases, moved, busy;
};

/* Index in ogi_recompute_causes. */
static int cause_of(
	const struct case_row *stored, const struct ogi_rules *rules, int32_t newest)
{
	const char *cause = "rules";
	if (stored->calendar_version != rules->calendar->version)
		cause = "calendar";
	else if (stored->c.settings != newest)
		cause = "setting";
	return code_find(ogi_recompute_causes, cause);
}

/* Writes the event on top of the history; false when the case moved on meanwhile. */
static bool write_recomputed(struct refolding *f, struct arena *a,
	const struct case_row *stored, struct ogi_event *events, int n, const struct mac *last,
	const struct ogi_rules *rules, const struct case_row *folded)
{
	int64_t now = clock_now() / 1000 * 1000;
	struct ogi_event *e = &events[n];
	*e = (struct ogi_event){ .kind = OGI_RECOMPUTED,
		.seq = n + 1,
		.on = rules->today,
		.recorded_at = now,
		.actor = "system",
		.due_before = stored->c.due_on,
		.due_after = folded->c.due_on,
		.calendar_version = rules->calendar->version,
		.settings = setting_newest(f->j->directory) };
	e->u.recomputed.cause = cause_of(stored, rules, e->settings);
	struct ogi_history h = { events, n + 1 };
	struct case_row *after = arena_make(a, struct case_row);
	project(f->j->keys, a, stored->org, &stored->id, &h, rules, after);
	struct event_bytes bytes =
		event_write(f->j->keys, a, stored->org, &stored->id, e, last);
	struct ledger_entry entry = { .after = after, .event = e, .bytes = &bytes, .now = now };
	struct batch *b = batch_new(a);
	const struct rows *written = ledger_ask_append(b, &entry, NULL);
	return job_write(f->j, b, stored->org) == DB_DONE && rows_count(written) == 1;
}

static void tell(struct refolding *f, const struct case_row *stored,
	const struct case_row *folded, const char *column)
{
	char id[37], before[11], after[11];
	uuid_print(&stored->id, id);
	text_from_date(stored->c.due_on, before);
	text_from_date(folded->c.due_on, after);
	fprintf(f->j->out, "%s %s -> %s (%s)\n", id, before, after, column);
}

/* A walk_fn. */
static bool refold_case(void *arg, struct arena *a, const struct case_row *stored,
	const struct rows *r, int first, int n)
{
	struct refolding *f = arg;
	struct ogi_event *events = arena_array(a, struct ogi_event, n + 1);
	struct mac last = { 0 };
	f->cases++;
	for (int i = 0; i < n; i++) {
		struct event_row e;
		if (!event_read(r, first + i, a, &e))
			return true; /* `ogid verify` names it */
		events[i] = e.event;
		last = e.hash;
		if (ogi_is_date(e.destroyed_on))
			return true; /* archived long ago: nothing moves any more */
	}
	struct ogi_history h = { events, n };
	struct ogi_rules rules;
	struct case_row *folded = arena_make(a, struct case_row);
	directory_rules(f->j->directory, stored->org, clock_china_date(clock_now()), &rules);
	setting_rules(f->j->directory, stored->org, setting_newest(f->j->directory), a, &rules);
	project(f->j->keys, a, stored->org, &stored->id, &h, &rules, folded);
	const char *column = case_difference(folded, stored, false);
	if (n == 0 || column == NULL)
		return true;
	tell(f, stored, folded, column);
	f->moved++;
	if (!f->dry_run && !write_recomputed(f, a, stored, events, n, &last, &rules, folded))
		f->busy++;
	return true;
}

int refold_run(struct job *j, bool dry_run)
{
	struct refolding f = { .j = j, .dry_run = dry_run };
	if (!walk_cases(j, refold_case, &f))
		return 3;
	fprintf(j->out, "refold: %lld cases, %lld moved%s\n", (long long)f.cases,
		(long long)f.moved, dry_run ? " (dry run, nothing written)" : "");
	if (f.busy > 0)
		fprintf(j->out, "refold: %lld of them were being worked on; run it again\n",
			(long long)f.busy);
	return 0;
}
