/* SPDX-License-Identifier: MulanPSL-2.0 */
/* store/change: the ledger as a log of changes. */
#include "store/change.h"

#define HORIZON "pg_snapshot_xmin(pg_current_snapshot())::text::bigint"

const struct stmt change_horizon = { "change_horizon",
	"SELECT " HORIZON
	" AS xact, pg_snapshot_xmax(pg_current_snapshot())::text::bigint AS next",
	0 };
const struct stmt change_since = { "change_since",
	"SELECT e.xact, c.org_id, c.id, c.version, c.year, c.serial, c.status, c.due_on, c.closed_on"
	" FROM case_event e JOIN request_case c ON c.org_id = e.org_id AND c.id = e.case_id"
	" WHERE e.xact >= $1 AND e.xact < " HORIZON
	" AND ($2::integer[] IS NULL OR e.org_id = ANY($2)) ORDER BY e.xact LIMIT $3",
	3 };
const struct stmt change_notify = { "change_notify", "SELECT pg_notify('ogid_change', '')", 0 };

const struct rows *change_ask_horizon(struct batch *b)
{
	return batch_ask(b, &change_horizon, NULL);
}

void change_read_horizon(const struct rows *r, struct change_horizon *ret_horizon)
{
	ret_horizon->xact = rows_int64(r, 0, rows_col(r, "xact"));
	ret_horizon->next = rows_int64(r, 0, rows_col(r, "next"));
}

const struct rows *change_ask_since(
	struct batch *b, int64_t from, const int32_t *scope, int scopes, int32_t most)
{
	struct bind *v = batch_bind(b);
	bind_int(v, from);
	if (scope != NULL)
		bind_ints(v, scope, scopes);
	else
		bind_null(v);
	bind_int(v, most);
	return batch_ask(b, &change_since, v);
}

void change_read(const struct rows *r, int row, struct change *ret_change)
{
	const char *status = rows_text(r, row, rows_col(r, "status"));
	*ret_change = (struct change){
		.xact = rows_int64(r, row, rows_col(r, "xact")),
		.org = rows_int(r, row, rows_col(r, "org_id")),
		.id = rows_uuid(r, row, rows_col(r, "id")),
	};
	struct ogi_case *c = &ret_change->c;
	c->version = rows_int(r, row, rows_col(r, "version"));
	c->request.year = rows_int(r, row, rows_col(r, "year"));
	c->request.serial = rows_int(r, row, rows_col(r, "serial"));
	c->status = code_find(ogi_statuses, status);
	c->due_on = rows_date(r, row, rows_col(r, "due_on"));
	c->closed_on = rows_date(r, row, rows_col(r, "closed_on"));
}

void change_ask_notify(struct batch *writes)
{
	batch_ask(writes, &change_notify, NULL);
}
