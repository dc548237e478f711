/* SPDX-License-Identifier: MulanPSL-2.0 */
/* api/jobs: the jobs of this process, and GET /v1/jobs/{id}. */
#include "api/jobs.h"

#include "api/app.h"
#include "api/steps.h"
#include "base/clock.h"
#include "base/log.h"
#include "db/alarm.h"

#include <stdlib.h>

enum {
	LOOK_MS = 5000,
	PATIENCE_US = 10 * 1000000, /* of whoever waits for the end */
	RENEW_US = 1000000,
	STALE_US = 60 * 1000000,
	SETTLE_MS = 250, /* what was judged by the old calendar is written by then */
};

struct running_job {
	struct jobs *jobs;
	struct running_job *next;
	struct arena *arena;
	struct job_row row;
	struct notice_report report;
	const int32_t *org;
	struct directory *directory; /* held: the organisations gone through */
	struct job_watch watch;      /* told NULL: nobody */
	int64_t began, renewed;
	int64_t busy; /* left by the walk before the sweep */
	bool sweeping, renewing, lost, ended;
	struct alarm *settle;
};

struct jobs {
	struct event_base *base;
	struct pool *pool;
	struct keys *keys;
	struct directory *const *directory;
	struct uuid runner;
	struct alarm *look;
	struct running_job *running;
	bool looking;
};

static void walk(struct running_job *k);

/* ---- the end of one ---- */

static void tell(struct running_job *k, enum db_result result)
{
	struct job_watch watch = k->watch;
	k->watch.told = NULL;
	if (watch.told != NULL)
		watch.told(watch.arg, &k->row, result);
}

static void release(struct running_job *k)
{
	struct running_job **at = &k->jobs->running;
	while (*at != NULL && *at != k)
		at = &(*at)->next;
	if (*at != NULL)
		*at = k->next;
	alarm_free(k->settle);
	report_clear(&k->report);
	directory_release(k->directory);
	arena_free(k->arena);
}

/* Not before the last answer is in. */
static void end(struct running_job *k, enum db_result result)
{
	k->ended = true;
	tell(k, result);
	if (!k->renewing)
		release(k);
}

static void on_finished(void *arg, enum db_result result)
{
	struct running_job *k = arg;
	k->row.finished = result == DB_DONE;
	end(k, result);
}

static void finish(struct running_job *k)
{
	struct buf text = { 0 };
	struct json_out o = json_to(&text);
	out_object(&o, NULL);
	report_write(&o, &k->report, k->directory);
	out_object_end(&o);
	k->row.result = arena_bytes(k->arena, text.data, text.used);
	buf_clear(&text);
	k->row.finished_at = clock_now();
	k->row.orgs_done = k->row.orgs;
	struct batch *b = batch_new(k->arena);
	const struct write_order order = { .org = k->row.org, .rank = 2 };
	job_ask_finish(b, &k->row);
	log_line(LOG_AT_NOTICE, "job", "done=1 cases=%lld moved=%lld ms=%lld",
		(long long)k->row.cases, (long long)k->row.moved,
		(long long)((clock_monotonic() - k->began) / 1000));
	pool_write(k->jobs->pool, b, &order, on_finished, k);
}

/* ---- on the way ---- */

static void on_renewed(void *arg, enum db_result result);

struct renewal {
	struct running_job *job;
	struct arena *arena;
	const struct rows *kept;
};

static void renew(struct running_job *k)
{
	struct arena *a = arena_new();
	struct renewal *n = arena_make(a, struct renewal);
	struct batch *b = batch_new(a);
	const struct write_order order = { .org = k->row.org, .rank = 2 };
	k->renewing = true;
	k->renewed = clock_monotonic();
	*n = (struct renewal){ k, a, job_ask_renew(b, &k->row, &k->jobs->runner) };
	pool_write(k->jobs->pool, b, &order, on_renewed, n);
}

static void on_renewed(void *arg, enum db_result result)
{
	struct renewal *n = arg;
	struct running_job *k = n->job;
	k->renewing = false;
	k->lost = k->lost || (result == DB_DONE && rows_count(n->kept) == 0);
	arena_free(n->arena);
	if (k->ended)
		release(k);
}

static void on_found(void *arg, const struct recompute_found *found)
{
	struct running_job *k = arg;
	if (k->watch.found != NULL)
		k->watch.found(k->watch.arg, found);
	/* told are only the cases that whoever asked may see */
	if (k->row.org == 0 || directory_within(k->directory, found->before->org, k->row.org))
		report_take(&k->report, found, clock_china_date(clock_now()));
}

static bool on_page(void *arg, const struct recompute *r)
{
	struct running_job *k = arg;
	struct recompute_counts c = recompute_counts(r);
	int64_t now = clock_monotonic();
	if (!k->sweeping) {
		k->row.cases = c.cases;
		k->row.orgs_done = c.orgs_done;
	}
	k->row.moved = k->report.list[REPORT_MOVED].all;
	if (!k->watch.patient && (k->row.moved > REPORT_MOST || now - k->began > PATIENCE_US))
		tell(k, DB_DONE);
	if (now - k->renewed > RENEW_US && !k->renewing)
		renew(k);
	return !k->lost;
}

static void on_settled(void *arg)
{
	walk(arg);
}

static void on_walked(void *arg, const struct recompute *r, enum db_result result)
{
	struct running_job *k = arg;
	k->busy = recompute_counts(r).busy;
	if (k->busy > 0)
		log_line(LOG_AT_WARNING, "job", "busy=%lld", (long long)k->busy);
	if (result != DB_DONE) {
		log_line(LOG_AT_WARNING, "job", "broken=1 result=%d", (int)result);
		end(k, result);
	} else if (k->sweeping) {
		finish(k);
	} else {
		k->sweeping = true;
		k->settle = alarm_new(k->jobs->base, on_settled, k);
		alarm_set(k->settle, SETTLE_MS);
	}
}

/* First every case that a changed day may move; then those that were meanwhile written to by
 * somebody who did not know the new calendar yet, and those left by the first walk. */
static void walk(struct running_job *k)
{
	const struct ogi_date never = ogi_date_of(2199, 12, 31);
	const struct recompute_plan plan = {
		.pool = k->jobs->pool,
		.keys = k->jobs->keys,
		.directory = k->jobs->directory,
		.write = true,
		.filter = {
			.first = k->sweeping ? never : k->row.first,
			.last = k->sweeping ? never : k->row.last,
			.since = k->row.created_at - STALE_US,
			.version = k->sweeping && k->busy == 0
				? directory_calendar(*k->jobs->directory)->version : 0,
		},
		.since = k->sweeping ? 0 : k->row.created_at,
		.org = k->org,
		.orgs = k->row.orgs,
		.notice = k->row.title,
		.found = on_found,
		.page = on_page,
		.done = on_walked,
		.arg = k,
	};
	recompute_begin(&plan);
}

/* Every organisation, or the subtree of one. */
static int organisations(
	struct arena *a, const struct directory *d, int32_t scope, const int32_t **ret_ids)
{
	if (scope != 0)
		return directory_subtree(d, scope, a, ret_ids);
	const struct directory_org *const *org;
	int n = directory_orgs(d, &org);
	int32_t *ids = arena_array(a, int32_t, n + 1);
	for (int i = 0; i < n; i++)
		ids[i] = org[i]->id;
	*ret_ids = ids;
	return n;
}

void jobs_begin(struct jobs *j, const struct job_row *row, const struct job_watch *watch)
{
	struct arena *a = arena_new();
	struct running_job *k = arena_make(a, struct running_job);
	*k = (struct running_job){ .jobs = j,
		.next = j->running,
		.arena = a,
		.row = *row,
		.directory = directory_hold(*j->directory),
		.watch = watch != NULL ? *watch : (struct job_watch){ 0 },
		.began = clock_monotonic() };
	k->renewed = k->began;
	k->row.title = arena_text(a, row->title);
	k->row.orgs = organisations(a, k->directory, row->scope, &k->org);
	j->running = k;
	walk(k);
}

/* ---- what the dead left ---- */

struct taking {
	struct jobs *jobs;
	struct arena *arena;
	const struct rows *rows;
};

static void on_taken(void *arg, enum db_result result)
{
	struct taking *t = arg;
	struct job_row row;
	t->jobs->looking = false;
	if (result == DB_DONE && *t->jobs->directory != NULL &&
		job_row_read(t->rows, 0, &row)) {
		log_line(LOG_AT_NOTICE, "job", "taken_over=1");
		jobs_begin(t->jobs, &row, NULL);
	}
	arena_free(t->arena);
}

static void on_waiting(void *arg, enum db_result result)
{
	struct taking *t = arg;
	if (result != DB_DONE || !job_free(t->rows)) {
		t->jobs->looking = false;
		arena_free(t->arena);
		return;
	}
	struct batch *b = batch_new(t->arena);
	const struct write_order order = { .rank = 2 };
	t->rows = job_ask_take(b, &t->jobs->runner);
	pool_write(t->jobs->pool, b, &order, on_taken, t);
}

static void on_look(void *arg)
{
	struct jobs *j = arg;
	alarm_set(j->look, LOOK_MS);
	if (j->looking || *j->directory == NULL || !pool_ready(j->pool))
		return;
	struct arena *a = arena_new();
	struct taking *t = arena_make(a, struct taking);
	struct batch *b = batch_new(a);
	j->looking = true;
	*t = (struct taking){ j, a, job_ask_waiting(b) };
	pool_read(j->pool, b, on_waiting, t);
}

struct jobs *jobs_new(struct event_base *base, struct pool *pool, struct keys *keys,
	struct directory *const *directory, const struct uuid *runner)
{
	struct jobs *j = calloc(1, sizeof *j);
	if (j == NULL)
		abort();
	*j = (struct jobs){ .base = base,
		.pool = pool,
		.keys = keys,
		.directory = directory,
		.runner = runner != NULL ? *runner : uuid_ordered(clock_now()) };
	if (runner == NULL) {
		j->look = alarm_new(base, on_look, j);
		alarm_set(j->look, LOOK_MS);
	}
	return j;
}

void jobs_free(struct jobs *j)
{
	if (j == NULL)
		return;
	while (j->running != NULL) /* waits for its time to sweep */
		release(j->running);
	alarm_free(j->look);
	free(j);
}

const struct uuid *jobs_runner(const struct jobs *j)
{
	return &j->runner;
}

/* ---- GET /v1/jobs/{id} ---- */

struct asking {
	const struct rows *found;
};

static const struct problem *no_such_job(struct exchange *x)
{
	return problem(x, PROBLEM_NOT_FOUND, "没有这项任务。", "There is no such job.");
}

static const struct problem *load(struct exchange *x)
{
	struct asking *s = exchange_state(x, sizeof *s);
	struct uuid id;
	if (!uuid_parse_text(x->arg[0], &id))
		return no_such_job(x);
	s->found = job_ask(x->reads, x->who->scope, x->who->scopes, &id);
	return NULL;
}

static const struct problem *answer(struct exchange *x)
{
	struct asking *s = x->state;
	struct job_row row;
	char id[37];
	if (!job_row_read(s->found, 0, &row))
		return no_such_job(x);
	uuid_print(&row.id, id);
	struct json_out o = app_reply(x, 200);
	out_object(&o, NULL);
	out_text(&o, "id", id);
	out_text(&o, "kind", "calendar_notice");
	out_text(&o, "notice", row.title);
	out_text(&o, "state", row.finished ? "done" : "running");
	out_object(&o, "progress");
	out_number(&o, "organisations", row.orgs);
	out_number(&o, "organisations_done", row.orgs_done);
	out_number(&o, "cases", row.cases);
	out_number(&o, "moved", row.moved);
	out_object_end(&o);
	out_instant(&o, "created_at", row.created_at);
	out_instant(&o, "finished_at", row.finished_at);
	out_copy(&o, "result", row.result);
	out_object_end(&o);
	return NULL;
}

step_fn *const job_steps[] = { load, answer, NULL };
