/* SPDX-License-Identifier: MulanPSL-2.0 */
/* jobs/nightly: purge, then verify, one line each. */
#include "jobs/nightly.h"

#include "base/clock.h"
#include "jobs/indexer.h"
#include "jobs/verify.h"
#include "store/purge.h"

static bool purge(struct job *j, const char *what,
	const struct rows *(*ask)(struct batch *, int64_t), int64_t before)
{
	struct arena *a = arena_new();
	struct batch *b = batch_new(a);
	const struct rows *gone = ask(b, before);
	bool done = job_write(j, b, 0) == DB_DONE;
	if (done)
		fprintf(j->out, "nightly: %s: %lld removed\n", what,
			(long long)rows_affected(gone));
	else
		fprintf(j->err, "nightly: %s: the database does not answer\n", what);
	arena_free(a);
	return done;
}

int nightly_run(struct job *j)
{
	const int64_t day = INT64_C(86400) * 1000000, now = clock_now();
	bool done = purge(j, "expired sessions", purge_sessions, now) &&
		    purge(j, "refused logins older than a day", purge_failures, now - day) &&
		    purge(j, "idempotency keys older than 7 days", purge_keys, now - 7 * day) &&
		    purge(j, "uploads that broke off a day ago", purge_uploads, now - day) &&
		    indexer_nightly(j) == 0;
	return done ? verify_run(j) : 1;
}
