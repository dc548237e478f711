/* SPDX-License-Identifier: MulanPSL-2.0 */
/* store/job: table job. */
#include "store/job.h"

#define COLUMNS                                                                                \
	"org_id, id, title, coalesce(actor_id, 0) AS actor, coalesce(scope_id, 0) AS scope,"   \
	" first_day, last_day, created_at, cases, moved, orgs, orgs_done, finished_at, result"
#define LEASE "now() + interval '5 seconds'"
_Static_assert(JOB_LEASE_S == 5, "LEASE says it in SQL");

const struct stmt job_add = { "job_add",
	"INSERT INTO job (org_id, id, kind, title, actor_id, scope_id, first_day, last_day, created_at,"
	" orgs, runner, lease_until) SELECT $4, $5, 'calendar_notice', $6, NULLIF($7, 0), NULLIF($8, 0),"
	" $9::date, $10::date, $11::timestamptz, $12::integer, $13::uuid, " LEASE
	" WHERE" AUDIT_GATE,
	13 };
const struct stmt job_get = { "job_get",
	"SELECT " COLUMNS " FROM job WHERE org_id = ANY($1) AND id = $2", 2 };
const struct stmt job_waiting = { "job_waiting",
	"SELECT lease_until < now() AS free FROM job WHERE finished_at IS NULL ORDER BY lease_until"
	" LIMIT 1",
	0 };
const struct stmt job_take = { "job_take",
	"UPDATE job SET runner = $1, lease_until = " LEASE " FROM (SELECT org_id AS o, id AS i"
	" FROM job WHERE finished_at IS NULL AND lease_until < now() ORDER BY created_at, id LIMIT 1"
	" FOR UPDATE SKIP LOCKED) w WHERE org_id = w.o AND id = w.i RETURNING " COLUMNS,
	1 };
const struct stmt job_renew = { "job_renew",
	"UPDATE job SET cases = $4, moved = $5, orgs = $6, orgs_done = $7, lease_until = " LEASE
	" WHERE org_id = $1 AND id = $2 AND runner = $3 AND finished_at IS NULL RETURNING 1",
	7 };
const struct stmt job_finish = { "job_finish",
	"UPDATE job SET cases = $3, moved = $4, orgs = $5, orgs_done = $5, finished_at = $6, result = $7"
	" WHERE org_id = $1 AND id = $2 AND finished_at IS NULL",
	7 };

void job_ask_add(struct batch *writes, const struct audit_mark *gate, const struct job_row *row,
	const struct uuid *runner)
{
	struct bind *v = batch_bind(writes);
	audit_gate(v, gate);
	bind_int(v, row->org);
	bind_uuid(v, &row->id);
	bind_text(v, row->title);
	bind_int(v, row->actor);
	bind_int(v, row->scope);
	bind_date(v, row->first);
	bind_date(v, row->last);
	bind_instant(v, row->created_at);
	bind_int(v, row->orgs);
	bind_uuid(v, runner);
	batch_ask(writes, &job_add, v);
}

const struct rows *job_ask(
	struct batch *b, const int32_t *scope, int scopes, const struct uuid *id)
{
	struct bind *v = batch_bind(b);
	bind_ints(v, scope, scopes);
	bind_uuid(v, id);
	return batch_ask(b, &job_get, v);
}

const struct rows *job_ask_waiting(struct batch *b)
{
	return batch_ask(b, &job_waiting, batch_bind(b));
}

bool job_free(const struct rows *waiting)
{
	return rows_count(waiting) > 0 && rows_bool(waiting, 0, 0);
}

const struct rows *job_ask_take(struct batch *writes, const struct uuid *runner)
{
	struct bind *v = batch_bind(writes);
	bind_uuid(v, runner);
	return batch_ask(writes, &job_take, v);
}

const struct rows *job_ask_renew(
	struct batch *writes, const struct job_row *row, const struct uuid *runner)
{
	struct bind *v = batch_bind(writes);
	bind_int(v, row->org);
	bind_uuid(v, &row->id);
	bind_uuid(v, runner);
	bind_int(v, row->cases);
	bind_int(v, row->moved);
	bind_int(v, row->orgs);
	bind_int(v, row->orgs_done);
	return batch_ask(writes, &job_renew, v);
}

void job_ask_finish(struct batch *writes, const struct job_row *row)
{
	struct bind *v = batch_bind(writes);
	bind_int(v, row->org);
	bind_uuid(v, &row->id);
	bind_int(v, row->cases);
	bind_int(v, row->moved);
	bind_int(v, row->orgs);
	bind_instant(v, row->finished_at);
	bind_text(v, row->result);
	batch_ask(writes, &job_finish, v);
}

bool job_row_read(const struct rows *r, int row, struct job_row *ret_row)
{
	if (row >= rows_count(r))
		return false;
	*ret_row = (struct job_row){
		.org = rows_int(r, row, rows_col(r, "org_id")),
		.id = rows_uuid(r, row, rows_col(r, "id")),
		.title = rows_text(r, row, rows_col(r, "title")),
		.actor = rows_int(r, row, rows_col(r, "actor")),
		.scope = rows_int(r, row, rows_col(r, "scope")),
		.first = rows_date(r, row, rows_col(r, "first_day")),
		.last = rows_date(r, row, rows_col(r, "last_day")),
		.created_at = rows_instant(r, row, rows_col(r, "created_at")),
		.cases = rows_int64(r, row, rows_col(r, "cases")),
		.moved = rows_int64(r, row, rows_col(r, "moved")),
		.orgs = rows_int(r, row, rows_col(r, "orgs")),
		.orgs_done = rows_int(r, row, rows_col(r, "orgs_done")),
		.finished = !rows_null(r, row, rows_col(r, "finished_at")),
		.finished_at = rows_instant(r, row, rows_col(r, "finished_at")),
		.result = rows_text(r, row, rows_col(r, "result")),
	};
	return true;
}
