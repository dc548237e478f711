/* SPDX-License-Identifier: MulanPSL-2.0 */
/* jobs/retention: the destruction of personal data at the end of their retention, by an
 * explicit command, case by case, each in the audit. */
#ifndef OGID_JOBS_RETENTION_H
#define OGID_JOBS_RETENTION_H

#include "jobs/run.h"

enum { RETENTION_YEARS_MOST = 100 };

/*
 * Cases archived `years` years ago or earlier (1..RETENTION_YEARS_MOST): texts, applicant,
 * names and bytes of files are destroyed, then the search index forgets them. Ledger, hashes,
 * numbers and figures are as before. Safe to end at any point and to run again. With dry_run
 * they are only counted. Returns 0, or 1 when the database did not answer.
 */
int retention_run(struct job *j, int years, bool dry_run);

#endif
