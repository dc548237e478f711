/* SPDX-License-Identifier: MulanPSL-2.0 */
/*
 * store/job: work that goes on after its request was answered. Whoever holds the lease of a job
 * does it; when a process dies, the lease runs out and another goes on. The lease is counted by
 * the database's clock, so that processes need not agree on theirs.
 */
#ifndef OGID_STORE_JOB_H
#define OGID_STORE_JOB_H

#include "store/audit.h"

enum { JOB_LEASE_S = 5 };

struct job_row {
	int32_t org; /* of who asked; 0: the operator */
	struct uuid id;
	const char *title;
	int32_t actor, scope; /* scope 0: everything */
	struct ogi_date first, last;
	int64_t created_at;
	int64_t cases, moved;
	int32_t orgs, orgs_done;
	bool finished;
	int64_t finished_at;
	const char *result; /* JSON, NULL until finished */
};

/* A new one in an audited write, leased to `runner`. */
void job_ask_add(struct batch *writes, const struct audit_mark *gate, const struct job_row *row,
	const struct uuid *runner);
const struct rows *job_ask(
	struct batch *b, const int32_t *scope, int scopes, const struct uuid *id);
/* Takes the oldest unfinished one whose lease has run out: one row, or none. A write. */
const struct rows *job_ask_take(struct batch *writes, const struct uuid *runner);
/* The unfinished one whose lease runs out first: one row, or none (a read: cheaper than the
 * write that takes it). */
const struct rows *job_ask_waiting(struct batch *b);
bool job_free(const struct rows *waiting); /* its lease has run out */
/* Says how far it is and renews the lease; no row back: somebody else has it. */
const struct rows *job_ask_renew(
	struct batch *writes, const struct job_row *row, const struct uuid *runner);
void job_ask_finish(struct batch *writes, const struct job_row *row);
bool job_row_read(const struct rows *r, int row, struct job_row *ret_row);

extern const struct stmt job_add, job_get, job_waiting, job_take, job_renew, job_finish;

#endif
