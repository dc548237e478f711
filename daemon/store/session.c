/* SPDX-License-Identifier: MulanPSL-2.0 */
/* store/session: tables session and login_failure. */
#include "store/session.h"
#include "store/statements.h"

#include "domain/permission.h"

const struct stmt session_get = { "session_get",
	"SELECT s.user_id, u.org_id, u.login, u.name, o.code AS org_code,"
	" ARRAY(SELECT r.role FROM user_role r WHERE r.user_id = u.id AND r.org_id = u.org_id) AS roles,"
	" ARRAY(SELECT c.id FROM org c WHERE c.lo >= o.lo AND c.hi <= o.hi"
	" ORDER BY c.id <> o.id, c.id) AS scope,"
	" s.last_seen_at, s.expires_at, u.disabled_at IS NOT NULL AS disabled"
	" FROM session s JOIN app_user u ON u.id = s.user_id JOIN org o ON o.id = u.org_id"
	" WHERE s.token_hash = $1",
	1 };
const struct stmt session_open = { "session_open",
	"INSERT INTO session (token_hash, user_id, created_at, last_seen_at, expires_at)"
	" SELECT $4, u.id, $7, $7, $8 FROM app_user u"
	" WHERE u.id = $5 AND u.password_hash = $6 AND u.disabled_at IS NULL AND" AUDIT_GATE
	" RETURNING user_id",
	8 };
const struct stmt session_close = { "session_close",
	"DELETE FROM session WHERE token_hash = $4 AND" AUDIT_GATE
	" RETURNING pg_notify('ogid_session', encode(token_hash, 'hex'))",
	4 };
/* One NOTIFY for all: the empty payload drops every cached session. */
const struct stmt session_close_all = { "session_close_all",
	"WITH ended AS (DELETE FROM session WHERE user_id = $4"
	" AND ($5::bytea IS NULL OR token_hash <> $5) AND" AUDIT_GATE " RETURNING 1)"
	" SELECT pg_notify('ogid_session', '') FROM (SELECT count(*) FROM ended) n",
	5 };
const struct stmt session_touch = { "session_touch",
	"UPDATE session SET last_seen_at = $2 WHERE token_hash = $1 AND last_seen_at < $2", 2 };
const struct stmt session_alive = { "session_alive",
	"SELECT s.token_hash FROM session s JOIN app_user u ON u.id = s.user_id"
	" WHERE s.token_hash = ANY(SELECT decode(t, 'hex') FROM unnest($1::text[]) t)"
	" AND s.expires_at > $2 AND s.last_seen_at > $3 AND u.disabled_at IS NULL",
	3 };
const struct stmt session_refusals = { "session_refusals",
	"SELECT at FROM login_failure WHERE login = $1 AND address = $2 AND at > $3"
	" ORDER BY at DESC LIMIT $4",
	4 };
const struct stmt session_refused = { "session_refused",
	"WITH old AS (DELETE FROM login_failure WHERE login = $1 AND address = $2 AND at <= $4)"
	" INSERT INTO login_failure (login, address, at) VALUES ($1, $2, $3)",
	4 };
const struct stmt session_forgive = { "session_forgive",
	"DELETE FROM login_failure WHERE login = $4 AND ($5::text IS NULL OR address = $5) AND" AUDIT_GATE,
	5 };

const struct rows *session_ask(struct batch *b, const struct mac *token)
{
	struct bind *v = batch_bind(b);
	bind_mac(v, token);
	return batch_ask(b, &session_get, v);
}

bool session_read(const struct rows *r, struct arena *a, struct session_row *ret_session)
{
	if (rows_count(r) == 0)
		return false;
	int scope = rows_col(r, "scope");
	int scopes = rows_ints(r, 0, scope, NULL, 0);
	int32_t *ids = arena_array(a, int32_t, scopes);
	rows_ints(r, 0, scope, ids, scopes);
	*ret_session = (struct session_row){
		.user = rows_int(r, 0, rows_col(r, "user_id")),
		.org = rows_int(r, 0, rows_col(r, "org_id")),
		.login = rows_text(r, 0, rows_col(r, "login")),
		.name = rows_text(r, 0, rows_col(r, "name")),
		.org_code = rows_text(r, 0, rows_col(r, "org_code")),
		.scope = ids,
		.scopes = scopes,
		.last_seen_at = rows_instant(r, 0, rows_col(r, "last_seen_at")),
		.expires_at = rows_instant(r, 0, rows_col(r, "expires_at")),
		.disabled = rows_bool(r, 0, rows_col(r, "disabled")),
	};
	const char *const *codes;
	int n = rows_texts(r, 0, rows_col(r, "roles"), a, &codes);
	for (int i = 0; i < n; i++)
		ret_session->roles |= ogi_role_find(codes[i]);
	return true;
}

const struct rows *session_ask_alive(
	struct batch *b, const struct mac *tokens, int count, int64_t now, int64_t idle)
{
	struct bind *v = batch_bind(b);
	const char **hex = arena_array(v->arena, const char *, count);
	for (int i = 0; i < count; i++) {
		char *one = arena_alloc(v->arena, 2 * MAC_BYTES + 1);
		mac_print(&tokens[i], one);
		hex[i] = one;
	}
	bind_texts(v, hex, count);
	bind_instant(v, now);
	bind_instant(v, idle);
	return batch_ask(b, &session_alive, v);
}

const struct rows *session_ask_open(struct batch *writes, const struct audit_mark *gate,
	const struct mac *token, int32_t user, const char *password_hash, int64_t now,
	int64_t expires_at)
{
	struct bind *v = batch_bind(writes);
	audit_gate(v, gate);
	bind_mac(v, token);
	bind_int(v, user);
	bind_text(v, password_hash);
	bind_instant(v, now);
	bind_instant(v, expires_at);
	return batch_ask(writes, &session_open, v);
}

void session_ask_close(
	struct batch *writes, const struct audit_mark *gate, const struct mac *token)
{
	struct bind *v = batch_bind(writes);
	audit_gate(v, gate);
	bind_mac(v, token);
	batch_ask(writes, &session_close, v);
}

void session_ask_close_all(struct batch *writes, const struct audit_mark *gate, int32_t user,
	const struct mac *except)
{
	struct bind *v = batch_bind(writes);
	audit_gate(v, gate);
	bind_int(v, user);
	bind_mac(v, except);
	batch_ask(writes, &session_close_all, v);
}

void session_ask_touch(struct batch *writes, const struct mac *token, int64_t now)
{
	struct bind *v = batch_bind(writes);
	bind_mac(v, token);
	bind_instant(v, now);
	batch_ask(writes, &session_touch, v);
}

const struct rows *session_ask_refusals(
	struct batch *b, const char *login, const char *address, int64_t since, int most)
{
	struct bind *v = batch_bind(b);
	bind_text(v, login);
	bind_text(v, address);
	bind_instant(v, since);
	bind_int(v, most);
	return batch_ask(b, &session_refusals, v);
}

int64_t session_read_refusals(const struct rows *r, int most)
{
	return rows_count(r) >= most ? rows_instant(r, most - 1, rows_col(r, "at")) : 0;
}

void session_ask_refused(struct batch *writes, const char *login, const char *address,
	int64_t now, int64_t since)
{
	struct bind *v = batch_bind(writes);
	bind_text(v, login);
	bind_text(v, address);
	bind_instant(v, now);
	bind_instant(v, since);
	batch_ask(writes, &session_refused, v);
}

void session_ask_forgive(struct batch *writes, const struct audit_mark *gate, const char *login,
	const char *address)
{
	struct bind *v = batch_bind(writes);
	audit_gate(v, gate);
	bind_text(v, login);
	bind_text(v, address);
	batch_ask(writes, &session_forgive, v);
}
