/* SPDX-License-Identifier: MulanPSL-2.0 */
/* store/nightly: tables nightly_run, nightly_step and statistics_running, and the lock by which
 * only one runs. */
#ifndef OGID_STORE_NIGHTLY_H
#define OGID_STORE_NIGHTLY_H

#include "db/batch.h"
#include "store/statistics.h"

extern const struct stmt nightly_hold, nightly_begin, nightly_step_add, nightly_end,
	nightly_place, nightly_count, nightly_forget, nightly_figures;

/*
 * A write, asked before each step: one row "mine". The lock belongs to the writer's session and
 * goes with it, also when the program is killed; true again when it is held already.
 */
const struct rows *nightly_ask_hold(struct batch *writes);
/* One row: id of the run. */
const struct rows *nightly_ask_begin(struct batch *writes, int64_t now);

struct nightly_step {
	int64_t run;
	const char *name, *result; /* done, findings, failed */
	int64_t started_at, ended_at, count;
};
void nightly_ask_step(struct batch *writes, const struct nightly_step *step);

/* How far verify came; org 0: to the end. */
struct nightly_reached {
	bool known;
	int32_t org;
	struct uuid id;
};
void nightly_ask_end(struct batch *writes, int64_t run, int64_t now, int failed,
	int64_t findings, int64_t undelivered, const struct nightly_reached *reached);
/* Where the last run that got that far left off: verified_org, verified_case; no row: never. */
const struct rows *nightly_ask_place(struct batch *b);
/* Cases of the ledger: n. */
const struct rows *nightly_ask_count(struct batch *b);
/* Runs that began before the instant go, with their steps. */
const struct rows *nightly_ask_forget(struct batch *writes, int64_t before);

/* The figures of organisations in a year that runs; years they froze are left alone. */
struct nightly_figures {
	int32_t org;
	const struct statistics *figures;
};
const struct rows *nightly_ask_figures(struct batch *writes, const struct ogi_form *form,
	int year, int month, int64_t now, int64_t calendar, const struct nightly_figures *list,
	int n);

#endif
