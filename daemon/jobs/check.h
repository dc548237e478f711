/* SPDX-License-Identifier: MulanPSL-2.0 */
/*
 * jobs/check: `ogid check`, the self-check before the daemon starts: database, time zone,
 * calendar coverage and a few deadlines that are known from the law's own examples (D:deadlines
 * §12).
 */
#ifndef OGID_JOBS_CHECK_H
#define OGID_JOBS_CHECK_H

#include "jobs/run.h"

/* One line for each check. Returns 1 only on what endangers data; missing calendar coverage is
 * a warning. */
int check_run(struct job *j);

#endif
