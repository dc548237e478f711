/* SPDX-License-Identifier: MulanPSL-2.0 */
/* api/case_query: the query of GET /v1/cases (contract §2.1): which cases, in which order,
 * behind which one, as of when. */
#ifndef OGID_API_CASE_QUERY_H
#define OGID_API_CASE_QUERY_H

#include "api/app.h"
#include "store/case_list.h"

struct case_query {
	struct case_filter filter;
	struct case_order order;
	int limit;
	bool past; /* not as the ledger stands now: only facts up to filter.day, recorded up to
		      known_at */
	int64_t known_at; /* 0: whatever is recorded */
};

/* 400 for a bad parameter, which is named; 404 for an organisation outside one's subtree. */
const struct problem *case_query_read(struct exchange *x, struct case_query *ret_query);
/* The cursor that goes on behind a place. */
const char *case_query_cursor(
	struct exchange *x, const struct case_order *o, const struct case_place *last);
/* A Link header to the page behind the cursor. */
void case_query_link(struct exchange *x, const char *cursor);

#endif
