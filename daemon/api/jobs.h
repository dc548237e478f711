/* SPDX-License-Identifier: MulanPSL-2.0 */
/*
 * api/jobs: carries notices about working days to the cases, as jobs (store/job): begun by a
 * request or a program, gone on with by any process when the one at it dies. One per process.
 */
#ifndef OGID_API_JOBS_H
#define OGID_API_JOBS_H

#include "api/notice_report.h"
#include "store/job.h"

struct event_base;
struct jobs;

/* All borrowed; *directory is looked at whenever it is needed. `runner`: who holds the leases,
 * of a program that stored its job itself; NULL: a new one, and jobs of dead processes are
 * looked for every few seconds. */
struct jobs *jobs_new(struct event_base *base, struct pool *pool, struct keys *keys,
	struct directory *const *directory, const struct uuid *runner);
/* After the pool: what is under way goes on in another process. */
void jobs_free(struct jobs *j);
/* What the leases of this process are held by. */
const struct uuid *jobs_runner(const struct jobs *j);

/* Who waits for a job. */
struct job_watch {
	/* Once: when the job is finished (row->finished) or broke off (result says why). To the
	 * impatient also, instead, when it moved more than REPORT_MOST cases or takes long and
	 * goes on without them. */
	void (*told)(void *arg, const struct job_row *row, enum db_result result);
	bool patient;
	/* For each case that moves; may be NULL. */
	void (*found)(void *arg, const struct recompute_found *found);
	void *arg;
};
/* Begins a job that was stored with a lease of this process. `watch` NULL: nobody waits. */
void jobs_begin(struct jobs *j, const struct job_row *row, const struct job_watch *watch);

#endif
