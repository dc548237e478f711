/* SPDX-License-Identifier: MulanPSL-2.0 */
/* store/refold: the cases that a changed day may move, a page at a time. */
#ifndef OGID_STORE_REFOLD_H
#define OGID_STORE_REFOLD_H

#include "store/case.h"

/* Which cases: without days all of them. */
struct refold_filter {
	struct ogi_date first,
		last;    /* days that changed: cases with a date that can hang on one */
	int64_t since;   /* and those written to since this instant (0: none) … */
	int64_t version; /* … by a calendar older than this one (0: by any) */
};
/* Cases of one organisation after an id, in order of id, as case_read reads them. */
const struct rows *refold_ask_cases(struct batch *b, int32_t org, const struct uuid *after,
	const struct refold_filter *filter, int most);

extern const struct stmt refold_cases;

#endif
