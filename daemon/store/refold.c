/* SPDX-License-Identifier: MulanPSL-2.0 */
/* store/refold: which cases a changed day may move. */
#include "store/refold.h"

/*
 * Every period counts from the arrival or later, and ends on a date that stands in a column, or
 * in `stage` (windows, correction, payment, remedies; the longest is 100 working days, so it
 * was recorded at most 200 days before its end). An open case without a date waits for somebody
 * and may hang on any day to come.
 */
const struct stmt refold_cases = { "refold_cases",
	"SELECT " CASE_SELECT CASE_FROM
	"WHERE c.org_id = $1 AND c.id > $2 AND ($3::date IS NULL"
	" OR (c.arrived_on <= $4 AND (greatest(c.due_on, c.latest_due_on, c.first_due_on) >= $3"
	" OR (c.due_on IS NULL AND c.closed_on IS NULL AND c.status NOT LIKE 'void%')"
	" OR (c.stage IS NOT NULL AND c.updated_at >= $3 - 200)))"
	" OR (c.updated_at >= $5 AND c.calendar_version < $6)) ORDER BY c.id LIMIT $7",
	7 };

const struct rows *refold_ask_cases(struct batch *b, int32_t org, const struct uuid *after,
	const struct refold_filter *filter, int most)
{
	struct bind *v = batch_bind(b);
	char id[37];
	uuid_print(after, id);
	bind_int(v, org);
	bind_text(v, arena_text(v->arena, id)); /* the zero id too */
	bind_date(v, filter->first);
	bind_date(v, filter->last);
	bind_instant(v, filter->since);
	bind_int(v, filter->version > 0 ? filter->version : INT64_MAX);
	bind_int(v, most);
	return batch_ask(b, &refold_cases, v);
}
