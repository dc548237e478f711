/* SPDX-License-Identifier: MulanPSL-2.0 */
/* jobs/nightly: the steps and their record. */
#include "jobs/nightly.h"

#include "base/clock.h"
#include "jobs/indexer.h"
#include "jobs/night.h"
#include "jobs/verify.h"
#include "store/outbox.h"
#include "store/purge.h"
#include "store/user.h"

#define DAY (INT64_C(86400) * 1000000)

/* ---- purge ---- */

static bool purge(struct night *n, const struct rows *(*ask)(struct batch *, int64_t),
	int64_t before, int64_t *ret_count)
{
	struct arena *a = arena_new();
	struct batch *b = batch_new(a);
	const struct rows *gone = ask(b, before);
	bool done = job_write(n->j, b, 0) == DB_DONE;
	if (done)
		*ret_count = rows_affected(gone);
	arena_free(a);
	return done;
}

static bool sessions(struct night *n, int64_t *ret_count)
{
	return purge(n, purge_sessions, n->now, ret_count);
}

static bool refusals(struct night *n, int64_t *ret_count)
{
	return purge(n, purge_failures, n->now - DAY, ret_count);
}

static bool keys(struct night *n, int64_t *ret_count)
{
	return purge(n, purge_keys, n->now - 7 * DAY, ret_count);
}

static bool uploads(struct night *n, int64_t *ret_count)
{
	return purge(n, purge_uploads, n->now - DAY, ret_count);
}

static bool records(struct night *n, int64_t *ret_count)
{
	return purge(n, nightly_ask_forget, n->now - 400 * DAY, ret_count);
}

static bool messages(struct night *n, int64_t *ret_count)
{
	return purge(n, outbox_ask_forget, n->now - 400 * DAY, ret_count);
}

static bool search_index(struct night *n, int64_t *ret_count)
{
	(void)ret_count; /* it says itself what it did */
	return indexer_nightly(n->j) == 0;
}

/* ---- verify ---- */

/* Where the last one left off, and how many cases are due so that each has its turn. */
static bool next_share(struct night *n, struct walk_place *ret_place, int64_t *ret_most)
{
	struct arena *a = arena_new();
	struct batch *b = batch_new(a);
	const struct rows *place = nightly_ask_place(b), *count = nightly_ask_count(b);
	bool there = job_read(n->j, b);
	if (there) {
		int nights = n->j->settings->verify_nights;
		*ret_most = (rows_int64(count, 0, 0) + nights - 1) / nights;
		*ret_place = (struct walk_place){ .more = true };
		if (rows_count(place) == 1 && !rows_null(place, 0, 1)) {
			ret_place->org = rows_int(place, 0, 0);
			ret_place->id = rows_uuid(place, 0, 1);
		}
	}
	arena_free(a);
	return there;
}

bool night_verify(struct night *n, int64_t *ret_count)
{
	struct walk_place place;
	struct verify_counts counts = { 0 };
	int64_t most;
	const int64_t nights = n->j->settings->verify_nights;
	const struct verify_turn turn = { nights, n->run % nights };
	if (!next_share(n, &place, &most) ||
		verify_share(n->j, &place, most, turn, &counts) == 3)
		return false;
	n->reached.known = true;
	if (place.more) {
		n->reached.org = place.org;
		n->reached.id = place.id;
	}
	n->findings = counts.findings;
	*ret_count = counts.cases;
	return true;
}

/* ---- the night ---- */

/* clang-format off */
static const struct step {
	const char *name, *about, *word; /* the line: "about: COUNT word" */
	night_fn *run;
} steps[] = {
	{ "sessions", "expired sessions",                   "removed",       sessions },
	{ "refusals", "refused logins older than a day",    "removed",       refusals },
	{ "keys",     "idempotency keys older than 7 days", "removed",       keys },
	{ "uploads",  "uploads that broke off a day ago",   "removed",       uploads },
	{ "records",  "records of nights a year ago",       "removed",       records },
	{ "messages", "messages of a year ago",             "removed",       messages },
	{ "index",    "search index",                       "waiting",       search_index },
	{ "figures",  "figures of the running year",        "organisations", night_figures },
	{ "seal",     "seal of the day",                    "chains moved",  night_seal },
	{ "verify",   "share of the ledger",                "cases verified", night_verify },
	{ "digest",   "digests to supervisors",             "written",       night_digest },
	{ "deliver",  "messages of the outbox",             "delivered",     night_deliver },
};
/* clang-format on */
enum { STEPS = sizeof steps / sizeof steps[0] };

/* The lock is asked for before each step: a connection that broke has lost it. */
static bool hold(struct night *n)
{
	struct arena *a = arena_new();
	struct batch *b = batch_new(a);
	const struct rows *r = nightly_ask_hold(b);
	bool answered = job_write(n->j, b, 0) == DB_DONE;
	bool mine = answered && rows_count(r) == 1 && rows_bool(r, 0, 0);
	if (!mine)
		fprintf(n->j->err, "nightly: %s\n",
			answered ? "another run is at work" : "the database does not answer");
	arena_free(a);
	return mine;
}

static bool begin(struct night *n)
{
	struct arena *a = arena_new();
	struct batch *b = batch_new(a);
	const struct rows *r = nightly_ask_begin(b, n->now);
	bool done = job_write(n->j, b, 0) == DB_DONE;
	if (done)
		n->run = rows_int64(r, 0, 0);
	else
		fprintf(n->j->err, "nightly: the database does not answer\n");
	arena_free(a);
	return done;
}

/* True when the step is done and on record. */
static bool run_step(struct night *n, const struct step *s)
{
	struct nightly_step record = { .run = n->run, .name = s->name };
	int64_t before = n->findings;
	record.started_at = clock_now();
	bool done = s->run(n, &record.count);
	record.ended_at = clock_now();
	record.result = !done ? "failed" : n->findings > before ? "findings" : "done";
	if (done)
		fprintf(n->j->out, "nightly: %s: %lld %s\n", s->about, (long long)record.count,
			s->word);
	else
		fprintf(n->j->err, "nightly: %s: failed\n", s->about);
	struct arena *a = arena_new();
	struct batch *b = batch_new(a);
	nightly_ask_step(b, &record);
	done = job_write(n->j, b, 0) == DB_DONE && done;
	arena_free(a);
	return done;
}

static bool end(struct night *n, int failed)
{
	struct arena *a = arena_new();
	struct batch *b = batch_new(a);
	nightly_ask_end(
		b, n->run, clock_now(), failed, n->findings, n->undelivered, &n->reached);
	reference_ask_notify(b); /* /readyz and /metrics tell of it */
	bool done = job_write(n->j, b, 0) == DB_DONE;
	arena_free(a);
	return done;
}

int nightly_run(struct job *j)
{
	struct night n = { .j = j, .now = clock_now() };
	int failed = 0;
	n.today = clock_china_date(n.now);
	if (!hold(&n) || !begin(&n))
		return 1;
	for (int i = 0; i < STEPS; i++) {
		if (!hold(&n))
			return 1;
		failed += !run_step(&n, &steps[i]);
	}
	bool ended = end(&n, failed);
	fprintf(j->out,
		"nightly: run %lld: %d steps, %d failed, %lld findings, %lld undelivered\n",
		(long long)n.run, (int)STEPS, failed, (long long)n.findings,
		(long long)n.undelivered);
	return ended && failed == 0 && n.findings == 0 ? 0 : 1;
}
