/* SPDX-License-Identifier: MulanPSL-2.0 */
/* jobs/nightly: what is done every night: sessions, login failures and idempotency keys that
 * have expired go; the search index forgets destroyed
 * texts; the ledger is proved. */
#ifndef OGID_JOBS_NIGHTLY_H
#define OGID_JOBS_NIGHTLY_H

#include "jobs/run.h"

/* Safe to end at any point and to run again. Returns 0, or 1 when verify found something or the
 * database did not answer. */
int nightly_run(struct job *j);

#endif
