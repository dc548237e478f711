/* SPDX-License-Identifier: MulanPSL-2.0 */
/* store/user: tables app_user and user_role. */
#include "store/user.h"
#include "store/statements.h"

#include "domain/permission.h"

#include <string.h>

const struct stmt user_secret_get = { "user_secret",
	"SELECT u.id, u.org_id, u.login, u.name, o.code AS org_code, u.password_hash,"
	" u.disabled_at IS NOT NULL AS disabled,"
	" ARRAY(SELECT r.role FROM user_role r WHERE r.user_id = u.id AND r.org_id = u.org_id) AS roles"
	" FROM app_user u JOIN org o ON o.id = u.org_id WHERE u.login = $1",
	1 };
const struct stmt user_add = { "user_add",
	"WITH u AS (INSERT INTO app_user (login, name, org_id, password_hash, password_set_at, created_at, email)"
	" SELECT $4, $5, $6::integer, $7, $9::timestamptz, $9, $10 WHERE" AUDIT_GATE
	" RETURNING id, org_id)"
	" INSERT INTO user_role (user_id, org_id, role)"
	" SELECT u.id, u.org_id, r FROM u, unnest($8::text[]) r RETURNING user_id",
	10 };
const struct stmt user_password = { "user_password",
	"UPDATE app_user SET password_hash = $5, password_set_at = $6 WHERE id = $4 AND" AUDIT_GATE,
	6 };
const struct stmt user_roles_drop = { "user_roles_drop",
	"DELETE FROM user_role WHERE user_id = $4 AND org_id = $5 AND NOT role = ANY($6::text[]) AND" AUDIT_GATE,
	6 };
const struct stmt user_roles_add = { "user_roles_add",
	"INSERT INTO user_role (user_id, org_id, role) SELECT $4, $5, r FROM unnest($6::text[]) r"
	" WHERE" AUDIT_GATE " ON CONFLICT DO NOTHING",
	6 };
const struct stmt user_disable = { "user_disable",
	"UPDATE app_user SET disabled_at = $5 WHERE id = $4 AND" AUDIT_GATE, 5 };
const struct stmt user_email = { "user_email",
	"UPDATE app_user SET email = $5 WHERE id = $4 AND" AUDIT_GATE, 5 };
const struct stmt reference_notify = { "reference_notify",
	"SELECT pg_notify('ogid_reference', '')", 0 };

bool user_login_valid(const char *login)
{
	static const char first[] = "abcdefghijklmnopqrstuvwxyz0123456789";
	static const char more[] = "abcdefghijklmnopqrstuvwxyz0123456789._-";
	size_t n = strlen(login);
	/* who acts in the ledger without an account */
	if (strcmp(login, "system") == 0 || strcmp(login, "portal") == 0)
		return false;
	return n >= 1 && n <= 64 && strchr(first, login[0]) != NULL && strspn(login, more) == n;
}

const struct rows *user_ask_secret(struct batch *b, const char *login)
{
	struct bind *v = batch_bind(b);
	bind_text(v, login);
	return batch_ask(b, &user_secret_get, v);
}

bool user_read_secret(const struct rows *r, struct arena *a, struct user_secret *ret_secret)
{
	if (rows_count(r) == 0)
		return false;
	*ret_secret = (struct user_secret){
		.id = rows_int(r, 0, rows_col(r, "id")),
		.org = rows_int(r, 0, rows_col(r, "org_id")),
		.login = rows_text(r, 0, rows_col(r, "login")),
		.name = rows_text(r, 0, rows_col(r, "name")),
		.org_code = rows_text(r, 0, rows_col(r, "org_code")),
		.hash = rows_text(r, 0, rows_col(r, "password_hash")),
		.disabled = rows_bool(r, 0, rows_col(r, "disabled")),
	};
	const char *const *codes;
	int n = rows_texts(r, 0, rows_col(r, "roles"), a, &codes);
	for (int i = 0; i < n; i++)
		ret_secret->roles |= ogi_role_find(codes[i]);
	return true;
}

static void bind_roles(struct bind *v, unsigned roles)
{
	const char *codes[OGI_ROLES];
	int n = 0;
	for (int i = 0; i < OGI_ROLES; i++)
		if ((roles >> i) & 1u)
			codes[n++] = ogi_roles[i].code;
	bind_texts(v, codes, n);
}

const struct rows *user_ask_add(
	struct batch *writes, const struct audit_mark *gate, const struct user_new *user)
{
	struct bind *v = batch_bind(writes);
	audit_gate(v, gate);
	bind_text(v, user->login);
	bind_text(v, user->name);
	bind_int(v, user->org);
	bind_text(v, user->hash);
	bind_roles(v, user->roles);
	bind_instant(v, user->now);
	bind_text(v, user->email);
	const struct rows *added = batch_ask(writes, &user_add, v);
	reference_ask_notify(writes);
	return added;
}

void user_ask_password(struct batch *writes, const struct audit_mark *gate, int32_t user,
	const char *hash, int64_t now)
{
	struct bind *v = batch_bind(writes);
	audit_gate(v, gate);
	bind_int(v, user);
	bind_text(v, hash);
	bind_instant(v, now);
	batch_ask(writes, &user_password, v);
}

void user_ask_roles(struct batch *writes, const struct audit_mark *gate, int32_t user,
	int32_t org, unsigned roles)
{
	const struct stmt *const both[] = { &user_roles_drop, &user_roles_add };
	for (int i = 0; i < 2; i++) {
		struct bind *v = batch_bind(writes);
		audit_gate(v, gate);
		bind_int(v, user);
		bind_int(v, org);
		bind_roles(v, roles);
		batch_ask(writes, both[i], v);
	}
	reference_ask_notify(writes);
}

void user_ask_disable(struct batch *writes, const struct audit_mark *gate, int32_t user,
	bool disable, int64_t now)
{
	struct bind *v = batch_bind(writes);
	audit_gate(v, gate);
	bind_int(v, user);
	bind_instant(v, disable ? now : 0);
	batch_ask(writes, &user_disable, v);
	reference_ask_notify(writes);
}

void user_ask_email(
	struct batch *writes, const struct audit_mark *gate, int32_t user, const char *email)
{
	struct bind *v = batch_bind(writes);
	audit_gate(v, gate);
	bind_int(v, user);
	bind_text(v, email);
	batch_ask(writes, &user_email, v);
	reference_ask_notify(writes);
}

void reference_ask_notify(struct batch *writes)
{
	batch_ask(writes, &reference_notify, NULL);
}
