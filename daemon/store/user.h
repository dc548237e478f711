/* SPDX-License-Identifier: MulanPSL-2.0 */
/* store/user: people, their passwords and roles. Every change is gated by its audit entry and
 * tells ogid_reference. */
#ifndef OGID_STORE_USER_H
#define OGID_STORE_USER_H

#include "store/audit.h"

/* [a-z0-9][a-z0-9._-]{0,63}, and not "system" or "portal", who act without an account */
bool user_login_valid(const char *login);

/* What a login needs to know, secret included. */
const struct rows *user_ask_secret(struct batch *b, const char *login);
struct user_secret {
	int32_t id, org;
	const char *login, *name, *org_code, *hash;
	unsigned roles;
	bool disabled;
};
bool user_read_secret(const struct rows *r, struct arena *a, struct user_secret *ret_secret);

/* A new one with roles in its organisation. The rows are one when it was added; 23505 when the
 * login is taken. */
struct user_new {
	const char *login, *name, *hash, *email; /* email NULL: none */
	int32_t org;
	unsigned roles;
	int64_t now;
};
const struct rows *user_ask_add(
	struct batch *writes, const struct audit_mark *gate, const struct user_new *user);
void user_ask_password(struct batch *writes, const struct audit_mark *gate, int32_t user,
	const char *hash, int64_t now);
/* Replaces the roles held in the organisation. */
void user_ask_roles(struct batch *writes, const struct audit_mark *gate, int32_t user,
	int32_t org, unsigned roles);
void user_ask_disable(struct batch *writes, const struct audit_mark *gate, int32_t user,
	bool disable, int64_t now);

/* text_is_mail_address; NULL: none from now on. */
void user_ask_email(
	struct batch *writes, const struct audit_mark *gate, int32_t user, const char *email);

/* Tells every process that a reference table changed. */
void reference_ask_notify(struct batch *writes);

#endif
