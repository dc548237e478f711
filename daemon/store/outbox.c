/* SPDX-License-Identifier: MulanPSL-2.0 */
/* store/outbox: messages by organisation, day, recipient and kind. */
#include "store/outbox.h"

#define ONE " WHERE org_id = $1 AND day = $2 AND recipient = $3 AND kind = $4"

const struct stmt outbox_add = { "outbox_add",
	"INSERT INTO outbox (org_id, day, recipient, kind, subject, body, created_at)"
	" VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (org_id, day, recipient, kind) DO NOTHING",
	7 };
const struct stmt outbox_waiting = { "outbox_waiting",
	"SELECT o.org_id, o.day, o.recipient, o.kind, o.subject, o.body, o.created_at, u.email"
	" FROM outbox o LEFT JOIN app_user u ON u.login = o.recipient AND u.disabled_at IS NULL"
	" WHERE o.delivered_at IS NULL AND o.day >= $1"
	" AND (o.day, o.org_id, o.recipient, o.kind) > ($2, $3, $4, $5)"
	" ORDER BY o.day, o.org_id, o.recipient, o.kind LIMIT 100",
	5 };
_Static_assert(OUTBOX_PAGE == 100, "the LIMIT of outbox_waiting");
const struct stmt outbox_delivered = { "outbox_delivered",
	"UPDATE outbox SET delivered_at = $5, attempts = attempts + 1, last_error = NULL" ONE,
	5 };
const struct stmt outbox_failed = { "outbox_failed",
	"UPDATE outbox SET attempts = attempts + 1, last_error = $5" ONE, 5 };
const struct stmt outbox_forget = { "outbox_forget", "DELETE FROM outbox WHERE created_at < $1",
	1 };

static struct bind *bind_one(struct batch *writes, const struct outbox_message *m)
{
	struct bind *v = batch_bind(writes);
	bind_int(v, m->org);
	bind_date(v, m->day);
	bind_text(v, m->recipient);
	bind_text(v, m->kind);
	return v;
}

const struct rows *outbox_ask_add(struct batch *writes, const struct outbox_message *m)
{
	struct bind *v = bind_one(writes, m);
	bind_text(v, m->subject);
	bind_text(v, m->body);
	bind_instant(v, m->created_at);
	return batch_ask(writes, &outbox_add, v);
}

const struct rows *outbox_ask_waiting(
	struct batch *b, struct ogi_date since, const struct outbox_message *after)
{
	static const struct ogi_date first = { 1 };
	struct bind *v = batch_bind(b);
	bind_date(v, since);
	bind_date(v, after != NULL ? after->day : first);
	bind_int(v, after != NULL ? after->org : 0);
	bind_text(v, after != NULL ? after->recipient : "");
	bind_text(v, after != NULL ? after->kind : "");
	return batch_ask(b, &outbox_waiting, v);
}

void outbox_read(const struct rows *r, int row, struct outbox_message *ret_message)
{
	*ret_message = (struct outbox_message){
		.org = rows_int(r, row, rows_col(r, "org_id")),
		.day = rows_date(r, row, rows_col(r, "day")),
		.recipient = rows_text(r, row, rows_col(r, "recipient")),
		.kind = rows_text(r, row, rows_col(r, "kind")),
		.subject = rows_text(r, row, rows_col(r, "subject")),
		.body = rows_text(r, row, rows_col(r, "body")),
		.created_at = rows_instant(r, row, rows_col(r, "created_at")),
		.email = rows_text(r, row, rows_col(r, "email")),
	};
}

void outbox_ask_delivered(struct batch *writes, const struct outbox_message *m, int64_t now)
{
	struct bind *v = bind_one(writes, m);
	bind_instant(v, now);
	batch_ask(writes, &outbox_delivered, v);
}

void outbox_ask_failed(struct batch *writes, const struct outbox_message *m, const char *why)
{
	struct bind *v = bind_one(writes, m);
	bind_text(v, why);
	batch_ask(writes, &outbox_failed, v);
}

const struct rows *outbox_ask_forget(struct batch *writes, int64_t before)
{
	struct bind *v = batch_bind(writes);
	bind_instant(v, before);
	return batch_ask(writes, &outbox_forget, v);
}
