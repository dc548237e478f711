/* SPDX-License-Identifier: MulanPSL-2.0 */
/*
 * jobs/indexer: fills the search index (store/gram) after the commits: beside the server, in
 * small portions that give way to people's writes, and as a program until nothing is left. What
 * a killed process leaves is still to do; two at once do no harm.
 */
#ifndef OGID_JOBS_INDEXER_H
#define OGID_JOBS_INDEXER_H

#include "jobs/run.h"

struct indexer;
/* Looks every other second whether there is something to do. */
struct indexer *indexer_new(struct event_base *base, struct pool *pool);
/* After pool_free, which answers what it asked. NULL is nothing. */
void indexer_free(struct indexer *x);

/* Does all there is to do, one line on out; `rebuild`: of every case. Returns 0, or 1 when the
 * database did not answer. */
int indexer_run(struct job *j, bool rebuild);
/* Forgets the texts that were destroyed, then the same. */
int indexer_nightly(struct job *j);

#endif
