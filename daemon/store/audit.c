/* SPDX-License-Identifier: MulanPSL-2.0 */
/* store/audit: the chained audit of an organisation, and the list that joins it with the events
 * of cases. */
#include "store/audit.h"
#include "store/chain_sql.h"
#include "store/statements.h"

#include "base/json_write.h"

/* $5 at, $6 actor, $7 action, $8 object, $9 canonical; $10.. the key. */
const struct stmt audit_add = { "audit_add",
	"WITH fresh AS (SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM idempotency_key"
	" WHERE org_id = $1 AND actor_id = $6 AND key = $10))," CHAIN_GATE("audit",
		"fresh") ","
			 " entry AS (INSERT INTO audit_entry (org_id, seq, at, actor_id, action, object, canonical,"
			 " prev_hash, hash) SELECT $1, $2, $5, NULLIF($6, 0), $7, $8, $9, $4, $3 FROM gate),"
			 " remember AS (INSERT INTO idempotency_key (org_id, actor_id, key, route, body_hash, status,"
			 " object, version, created_at) SELECT $1, $6, $10, $11, $12, $13, $14, $15, $5 FROM gate"
			 " WHERE $10::uuid IS NOT NULL)"
			 " SELECT 1 FROM gate",
	15 };

/*
 * Each organisation gives its newest rows from its index; the outer query merges them. $1
 * scope, $2 from, $3 before, $4 actor, $5 action, $6 $7 last seen, $8 limit.
 */
#define AUDIT_RANGE(at, actor)                                                                 \
	" AND ($2::timestamptz IS NULL OR " at " >= $2)"                                       \
	" AND ($3::timestamptz IS NULL OR " at " < $3)"                                        \
	" AND ($4::integer = 0 OR " actor " = $4)"                                             \
	" AND ($6::timestamptz IS NULL OR " at " <= $6)"
const struct stmt audit_list = { "audit_list",
	"SELECT l.* FROM unnest($1::integer[]) o (id) CROSS JOIN LATERAL ("
	"(SELECT a.org_id, a.at, coalesce(a.actor_id, 0) AS actor, a.action, a.object,"
	" 'a' || lpad(a.org_id::text, 10, '0') || lpad(a.seq::text, 12, '0') AS key, a.canonical, a.hash"
	" FROM audit_entry a WHERE a.org_id = o.id" AUDIT_RANGE("a.at",
		"a.actor_id") " AND ($5::text IS NULL OR a.action = $5)"
			      " AND ($6::timestamptz IS NULL OR a.at < $6 OR"
			      " 'a' || lpad(a.org_id::text, 10, '0') || lpad(a.seq::text, 12, '0') < $7::text COLLATE \"C\")"
			      " ORDER BY a.at DESC, a.seq DESC LIMIT $8)"
			      " UNION ALL "
			      "(SELECT e.org_id, e.recorded_at, coalesce(e.actor_id, 0), 'case.' || e.kind, e.case_id::text,"
			      " 'e' || e.case_id::text || lpad(e.seq::text, 6, '0'), NULL, e.hash"
			      " FROM case_event e WHERE e.org_id = o.id" AUDIT_RANGE(
				      "e.recorded_at",
				      "e.actor_id") " AND ($5::text IS NULL OR 'case.' || e.kind = $5)"
						    " AND ($6::timestamptz IS NULL OR e.recorded_at < $6 OR"
						    " 'e' || e.case_id::text || lpad(e.seq::text, 6, '0') < $7::text COLLATE \"C\")"
						    " ORDER BY e.recorded_at DESC, e.case_id DESC, e.seq DESC LIMIT $8)) l"
						    " ORDER BY l.at DESC, l.key COLLATE \"C\" DESC LIMIT $8",
	8 };

void chain_bind(struct bind *v, const struct ticket *ticket, const struct mac *hash)
{
	bind_int(v, ticket->org);
	bind_int(v, ticket->seq);
	bind_mac(v, hash);
	bind_mac(v, &ticket->prev);
}

static struct buf canonical_bytes(const struct audit_fact *fact, int64_t seq)
{
	struct buf bytes = { 0 };
	struct json_out o = json_to(&bytes);
	out_object(&o, NULL);
	out_number(&o, "v", 1);
	out_number(&o, "org", fact->org);
	out_number(&o, "seq", seq);
	out_instant(&o, "at", fact->at);
	out_text(&o, "actor", fact->login);
	out_text(&o, "action", fact->action);
	out_text(&o, "object", fact->object);
	out_copy(&o, "detail", fact->detail);
	out_object_end(&o);
	return bytes;
}

void audit_ask(struct arena *a, struct batch *writes, const struct audit_fact *fact,
	const struct remembered *key, struct tickets *tickets, const struct keys *keys,
	struct audit_mark *ret_mark)
{
	struct ticket taken = tickets_take(tickets, TICKET_AUDIT, fact->org, 0);
	struct buf bytes = canonical_bytes(fact, taken.seq);
	const char *canonical = arena_bytes(a, bytes.data, bytes.used);
	struct mac hash = mac_link(keys, &taken.prev, bytes.data, bytes.used);
	buf_clear(&bytes);
	tickets_put(tickets, &taken, &hash);

	struct bind *v = batch_bind(writes);
	chain_bind(v, &taken, &hash);
	bind_instant(v, fact->at - fact->at % 1000);
	bind_int(v, fact->actor);
	bind_text(v, fact->action);
	bind_text(v, fact->object);
	bind_text(v, canonical);
	remembered_bind(v, key);
	*ret_mark = (struct audit_mark){ taken, hash, batch_ask(writes, &audit_add, v) };
}

bool audit_written(struct tickets *tickets, const struct audit_mark *mark)
{
	if (rows_count(mark->written) > 0)
		return true;
	tickets_stale(tickets, &mark->ticket);
	return false;
}

void audit_gate(struct bind *v, const struct audit_mark *mark)
{
	bind_int(v, mark->ticket.org);
	bind_int(v, mark->ticket.seq);
	bind_mac(v, &mark->hash);
}

const struct rows *audit_ask_list(struct batch *b, const struct audit_filter *filter)
{
	struct bind *v = batch_bind(b);
	bind_ints(v, filter->scope, filter->scopes);
	bind_instant(v, filter->from);
	bind_instant(v, filter->before);
	bind_int(v, filter->actor);
	bind_text(v, filter->action);
	bind_instant(v, filter->after_at);
	bind_text(v, filter->after_key);
	bind_int(v, filter->limit + 1);
	return batch_ask(b, &audit_list, v);
}

void audit_read(const struct rows *r, int row, struct audit_row *ret_row)
{
	*ret_row = (struct audit_row){
		.org = rows_int(r, row, rows_col(r, "org_id")),
		.actor = rows_int(r, row, rows_col(r, "actor")),
		.at = rows_instant(r, row, rows_col(r, "at")),
		.action = rows_text(r, row, rows_col(r, "action")),
		.object = rows_text(r, row, rows_col(r, "object")),
		.key = rows_text(r, row, rows_col(r, "key")),
		.canonical = rows_text(r, row, rows_col(r, "canonical")),
		.hash = rows_mac(r, row, rows_col(r, "hash")),
	};
}
