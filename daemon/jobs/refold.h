/* SPDX-License-Identifier: MulanPSL-2.0 */
/*
 * jobs/refold: a new calendar, a mended rule or another setting reaches the cases: each is
 * folded anew, and where the projection moves, a `recomputed` event says from which date to
 * which and why (contract-cases §1.3).
 */
#ifndef OGID_JOBS_REFOLD_H
#define OGID_JOBS_REFOLD_H

#include "jobs/run.h"

/* One line for each case that moves; with dry_run nothing is written. Returns 0, or 3 when the
 * database did not answer. */
int refold_run(struct job *j, bool dry_run);

#endif
