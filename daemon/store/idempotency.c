/* SPDX-License-Identifier: MulanPSL-2.0 */
/* store/idempotency: keys of writes and what they were answered. */
#include "store/idempotency.h"

const struct stmt remembered_get = { "remembered_get",
	"SELECT org_id, route, body_hash, status, object, version FROM idempotency_key"
	" WHERE org_id = ANY($1) AND actor_id = $2 AND key = $3",
	3 };
const struct stmt remembered_add = { "remembered_add",
	"INSERT INTO idempotency_key (org_id, actor_id, key, route, body_hash, status, object, version, created_at)"
	" VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
	9 };

const struct rows *remembered_ask(struct batch *b, const int32_t *scope, int scopes,
	int32_t actor, const struct uuid *key)
{
	struct bind *v = batch_bind(b);
	bind_ints(v, scope, scopes);
	bind_int(v, actor);
	bind_uuid(v, key);
	return batch_ask(b, &remembered_get, v);
}

bool remembered_read(const struct rows *r, struct remembered *ret_key)
{
	if (rows_count(r) == 0)
		return false;
	*ret_key = (struct remembered){ .org = rows_int(r, 0, 0),
		.route = rows_text(r, 0, 1),
		.body = rows_mac(r, 0, 2),
		.status = rows_int(r, 0, 3),
		.object = rows_text(r, 0, 4),
		.version = rows_int(r, 0, 5) };
	return true;
}

void remembered_bind(struct bind *v, const struct remembered *key)
{
	if (key == NULL) {
		for (int i = 0; i < 6; i++)
			bind_null(v);
		return;
	}
	bind_uuid(v, &key->key);
	bind_text(v, key->route);
	bind_mac(v, &key->body);
	bind_int(v, key->status);
	bind_text(v, key->object);
	bind_int(v, key->version);
}

void remembered_ask_add(struct batch *writes, const struct remembered *key, int64_t now)
{
	struct bind *v = batch_bind(writes);
	bind_int(v, key->org);
	bind_int(v, key->actor);
	remembered_bind(v, key);
	bind_instant(v, now);
	batch_ask(writes, &remembered_add, v);
}
