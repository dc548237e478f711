/* SPDX-License-Identifier: MulanPSL-2.0 */
/* jobs/walk: every case of the ledger with its events, page by page, in constant memory. */
#ifndef OGID_JOBS_WALK_H
#define OGID_JOBS_WALK_H

#include "jobs/run.h"
#include "store/case.h"

/* Rows first..first+n-1 of `events` (columns of event_read) are the case's events. False ends
 * the walk. Memory in `a` lasts for the page. */
typedef bool walk_fn(void *arg, struct arena *a, const struct case_row *stored,
	const struct rows *events, int first, int n);
/* Where a walk stands: behind this case; zeroed with `more` at the start, `more` false at the
 * end. */
struct walk_place {
	int32_t org;
	struct uuid id;
	bool more;
};
/* On from a place, whole pages until `most` cases or more were seen; *place moves on. False as
 * below. */
bool walk_on(struct job *j, struct walk_place *place, int64_t most, walk_fn *fn, void *arg);
/* In order of organisation and id; false when the database did not answer or the walk was
 * ended. */
bool walk_cases(struct job *j, walk_fn *fn, void *arg);

#endif
