/* SPDX-License-Identifier: MulanPSL-2.0 */
/*
 * store/chain_sql: the SQL by which an entry of a chained register moves its head, for the
 * statements of store/ only. The parameters of every such statement begin alike: $1 org, $2
 * seq, $3 hash of the entry, $4 hash of the entry before.
 */
#ifndef OGID_STORE_CHAIN_SQL_H
#define OGID_STORE_CHAIN_SQL_H

#include "store/chain.h"

/*
 * CTEs that end with `gate`: one row when the head of the register stood at seq - 1, and now
 * stands at seq; no row, and nothing changed, otherwise. `from` is a CTE or VALUES list with
 * one row when the entry may be made at all.
 */
#define CHAIN_GATE(name, from)                                                                 \
	" first AS (INSERT INTO chain_head (org_id, register, seq, hash)"                      \
	" SELECT $1::integer, '" name "', 1, $3::bytea FROM " from " WHERE $2::bigint = 1"     \
	" ON CONFLICT DO NOTHING RETURNING 1),"                                                \
	" next AS (UPDATE chain_head SET seq = $2, hash = $3 FROM " from                       \
	" WHERE org_id = $1 AND register = '" name                                             \
	"' AND seq = $2 - 1 AND hash = $4 RETURNING 1),"                                       \
	" gate AS (SELECT 1 FROM first UNION ALL SELECT 1 FROM next)"

/* CTE `fresh`, not closed: more conditions may follow. $5 actor, $6 key: not used yet. */
#define CHAIN_FRESH                                                                            \
	"WITH fresh AS (SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM idempotency_key"              \
	" WHERE org_id = $1 AND actor_id = $5 AND key = $6)"
/* CTE that remembers the key; $6..$11 as remembered_bind binds them, `at` the instant. */
#define CHAIN_REMEMBER(at)                                                                     \
	" remember AS (INSERT INTO idempotency_key (org_id, actor_id, key, route,"             \
	" body_hash, status, object, version, created_at)"                                     \
	" SELECT $1, $5, $6, $7, $8, $9, $10, $11, " at                                        \
	" FROM gate WHERE $6::uuid IS NOT NULL)"

/* Binds $1..$4. */
void chain_bind(struct bind *v, const struct ticket *ticket, const struct mac *hash);

#endif
