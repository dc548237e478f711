/* SPDX-License-Identifier: MulanPSL-2.0 */
/* jobs/verify: proves the ledger: every case folded anew, projection, chain, commitments,
 * numbers, registers (architecture §2.7). */
#ifndef OGID_JOBS_VERIFY_H
#define OGID_JOBS_VERIFY_H

#include "jobs/walk.h"

/* What a verification came to. */
struct verify_counts {
	int64_t cases, entries, findings;
};
/* The seals whose number modulo `of` is n are read to their leaves. */
struct verify_turn {
	int64_t of, n;
};
/* As verify_run, but of the cases only those behind *place, `most` of them or a page more, and
 * of the seals those of the turn; *place moves on. */
int verify_share(struct job *j, struct walk_place *place, int64_t most, struct verify_turn turn,
	struct verify_counts *ret_counts);

/* One line on out for each finding, naming the case; then a summary. Returns 0 when sound, 1 on
 * any finding, 3 when the database did not answer. */
int verify_run(struct job *j);

#endif
