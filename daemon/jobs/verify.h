/* SPDX-License-Identifier: MulanPSL-2.0 */
/* jobs/verify: proves the ledger: every case folded anew, projection, chain, commitments,
 * numbers, registers (architecture §2.7). */
#ifndef OGID_JOBS_VERIFY_H
#define OGID_JOBS_VERIFY_H

#include "jobs/run.h"

/* One line on out for each finding, naming the case; then a summary. Returns 0 when sound, 1 on
 * any finding, 3 when the database did not answer. */
int verify_run(struct job *j);

#endif
