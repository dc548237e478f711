/* SPDX-License-Identifier: MulanPSL-2.0 */
/* store/workload: three questions, all along the index of open cases. */
#include "store/workload.h"

/* closed_on says the same as the status; it is what the index request_case_open knows. */
#define OPEN                                                                                   \
	"c.org_id = ANY($1) AND c.closed_on IS NULL"                                           \
	" AND c.status IN ('arrived', 'in_process', 'correction_requested',"                   \
	" 'reasons_requested', 'fee_noticed', 'decided')"

const struct stmt workload_days = { "workload_days",
	"SELECT c.org_id, c.assignee, c.due_on, count(*) AS due FROM request_case c WHERE " OPEN
	" AND c.due_on BETWEEN $2 AND $3 GROUP BY c.org_id, c.assignee, c.due_on"
	" ORDER BY c.due_on, c.org_id, c.assignee",
	3 };

const struct stmt workload_people = { "workload_people",
	"SELECT c.org_id, c.assignee, count(*) AS open, count(*) FILTER (WHERE c.due_on < $2) AS overdue,"
	" count(*) FILTER (WHERE c.due_on = $2) AS red,"
	" count(*) FILTER (WHERE c.due_on > $2 AND c.due_on <= $3) AS amber,"
	" count(*) FILTER (WHERE c.due_on > $3) AS green,"
	" count(*) FILTER (WHERE c.due_on IS NULL AND c.status <> 'arrived') AS suspended,"
	" count(*) FILTER (WHERE c.status = 'arrived') AS unconfirmed"
	" FROM request_case c WHERE " OPEN
	" GROUP BY c.org_id, c.assignee ORDER BY c.org_id, c.assignee",
	3 };

const struct stmt workload_waiting = { "workload_waiting",
	"SELECT " CASE_SELECT CASE_FROM "WHERE " OPEN
	" AND c.due_on IS NULL ORDER BY c.updated_at, c.id LIMIT 1000",
	1 };
_Static_assert(WORKLOAD_WAITING == 1000, "the LIMIT of workload_waiting");

const struct rows *workload_ask_days(struct batch *b, const int32_t *scope, int scopes,
	struct ogi_date from, struct ogi_date to)
{
	struct bind *v = batch_bind(b);
	bind_ints(v, scope, scopes);
	bind_date(v, from);
	bind_date(v, to);
	return batch_ask(b, &workload_days, v);
}

const struct rows *workload_ask_people(struct batch *b, const int32_t *scope, int scopes,
	struct ogi_date day, struct ogi_date amber_to)
{
	struct bind *v = batch_bind(b);
	bind_ints(v, scope, scopes);
	bind_date(v, day);
	bind_date(v, amber_to);
	return batch_ask(b, &workload_people, v);
}

const struct rows *workload_ask_waiting(struct batch *b, const int32_t *scope, int scopes)
{
	struct bind *v = batch_bind(b);
	bind_ints(v, scope, scopes);
	return batch_ask(b, &workload_waiting, v);
}
