/* SPDX-License-Identifier: MulanPSL-2.0 */
/*
 * jobs/night: what the steps of a night share. Each step can be ended at any point and run
 * again: what it had done stays, and is not done twice.
 */
#ifndef OGID_JOBS_NIGHT_H
#define OGID_JOBS_NIGHT_H

#include "jobs/run.h"
#include "store/nightly.h"

struct night {
	struct job *j;
	int64_t run, now;
	struct ogi_date today; /* China */
	int64_t findings, undelivered;
	struct nightly_reached reached;
};

/* A step; *ret_count is what its line tells. False with a sentence on j->err when it did not
 * get through. */
typedef bool night_fn(struct night *n, int64_t *ret_count);

/* The figures of the running year for each organisation (D:statistics §4.1), and of the year
 * before until its report is out. */
night_fn night_figures;
/* The seal of the day, into the database and the folder. */
night_fn night_seal;
/* The next share of the cases, the registers, the seals. */
night_fn night_verify;
/* A digest for each supervisor of whose subtree there is something to tell; on working days. */
night_fn night_digest;
/* What waits in the outbox goes out; what cannot stays, with the reason, for the next night. */
night_fn night_deliver;

#endif
