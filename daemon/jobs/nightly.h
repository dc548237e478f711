/* SPDX-License-Identifier: MulanPSL-2.0 */
/*
 * jobs/nightly: what is done every night, a table of steps: what has expired goes, the search
 * index forgets destroyed texts, the figures of the running year are kept, the ledger is sealed
 * and a share of it proved, and supervisors are told what is due. Each run and each of its
 * steps is on record.
 */
#ifndef OGID_JOBS_NIGHTLY_H
#define OGID_JOBS_NIGHTLY_H

#include "jobs/run.h"

/* One line on out for each step, then a summary. Safe to end at any point and to run again. A
 * step that fails does not keep the others from their work. Returns 0, or 1 when a step failed,
 * verify found something, or another run is at work; a message that could not be delivered is
 * only counted. */
int nightly_run(struct job *j);

#endif
