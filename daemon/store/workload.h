/* SPDX-License-Identifier: MulanPSL-2.0 */
/* store/workload: what is open, counted by day due, office and person. */
#ifndef OGID_STORE_WORKLOAD_H
#define OGID_STORE_WORKLOAD_H

#include "store/case.h"

extern const struct stmt workload_days, workload_people, workload_waiting;

/* Open cases due on each of the days: org_id, assignee, due_on, due; by day, office, person. */
const struct rows *workload_ask_days(struct batch *b, const int32_t *scope, int scopes,
	struct ogi_date from, struct ogi_date to);
/* Open cases of each person of each office as seen on `day`: org_id, assignee, open, overdue,
 * red, amber, green, suspended, unconfirmed. amber_to: case_amber_to(). */
const struct rows *workload_ask_people(struct batch *b, const int32_t *scope, int scopes,
	struct ogi_date day, struct ogi_date amber_to);
/* Open cases without a due date, the longest unchanged first, at most WORKLOAD_WAITING; rows of
 * CASE_SELECT. */
enum { WORKLOAD_WAITING = 1000 };
const struct rows *workload_ask_waiting(struct batch *b, const int32_t *scope, int scopes);

#endif
