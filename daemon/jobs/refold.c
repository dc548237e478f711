/* SPDX-License-Identifier: MulanPSL-2.0 */
/* jobs/refold: from new rules to new dates, one event a case: api/recompute over everything. */
#include "jobs/refold.h"

#include "api/recompute.h"

#include <event2/event.h>

struct refolding {
	struct job *j;
	struct recompute_counts counts;
	enum db_result result;
	bool over;
};

static void on_found(void *arg, const struct recompute_found *found)
{
	struct refolding *f = arg;
	char id[37], before[11], after[11];
	uuid_print(&found->before->id, id);
	text_from_date(found->before->c.due_on, before);
	text_from_date(found->after->c.due_on, after);
	fprintf(f->j->out, "%s %s -> %s (%s)\n", id, before, after, found->column);
}

static void on_done(void *arg, const struct recompute *r, enum db_result result)
{
	struct refolding *f = arg;
	f->counts = recompute_counts(r);
	f->result = result;
	f->over = true;
}

int refold_run(struct job *j, bool dry_run)
{
	struct refolding f = { .j = j };
	const struct directory_org *const *org;
	int orgs = directory_orgs(j->directory, &org);
	struct arena *a = arena_new();
	int32_t *id = arena_array(a, int32_t, orgs + 1);
	for (int i = 0; i < orgs; i++)
		id[i] = org[i]->id;
	const struct recompute_plan plan = { .pool = j->pool,
		.keys = j->keys,
		.directory = &j->directory,
		.write = !dry_run,
		.settings = true,
		.org = id,
		.orgs = orgs,
		.found = on_found,
		.done = on_done,
		.arg = &f };
	if (orgs > 0)
		recompute_begin(&plan);
	while (orgs > 0 && !f.over && event_base_loop(j->base, EVLOOP_ONCE) == 0)
		;
	arena_free(a);
	if (orgs > 0 && (!f.over || f.result != DB_DONE)) {
		fprintf(j->err, "ogid: the database does not answer\n");
		return 3;
	}
	fprintf(j->out, "refold: %lld cases, %lld moved%s\n", (long long)f.counts.cases,
		(long long)f.counts.moved, dry_run ? " (dry run, nothing written)" : "");
	if (f.counts.busy > 0)
		fprintf(j->out, "refold: %lld of them were being worked on; run it again\n",
			(long long)f.counts.busy);
	return 0;
}
