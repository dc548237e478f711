/* SPDX-License-Identifier: MulanPSL-2.0 */
/* store/session: who is logged in, and refused logins for the throttle. Tokens are kept as
 * hashes only. */
#ifndef OGID_STORE_SESSION_H
#define OGID_STORE_SESSION_H

#include "store/audit.h"

/* The session and its person, with roles and scope as they are now. */
const struct rows *session_ask(struct batch *b, const struct mac *token);
struct session_row {
	int32_t user, org;
	const char *login, *name, *org_code;
	unsigned roles;
	const int32_t *scope; /* ids of the subtree, own first */
	int scopes;
	int64_t last_seen_at, expires_at;
	bool disabled;
};
/* False when there is no such session. Texts are borrowed, the scope is in the arena. */
bool session_read(const struct rows *r, struct arena *a, struct session_row *ret_session);

/* Opens one, gated by its audit entry, if the password is still the one that was compared and
 * the person is not disabled; clears the refusals of login and address. The rows are one when
 * it is open. */
const struct rows *session_ask_open(struct batch *writes, const struct audit_mark *gate,
	const struct mac *token, int32_t user, const char *password_hash, int64_t now,
	int64_t expires_at);
/* Ends one; NOTIFY ogid_session. */
void session_ask_close(
	struct batch *writes, const struct audit_mark *gate, const struct mac *token);
/* Ends all of a person but `except` (NULL: all); NOTIFY ogid_session. */
void session_ask_close_all(struct batch *writes, const struct audit_mark *gate, int32_t user,
	const struct mac *except);
/* Remembers the last use; a write of its own. */
void session_ask_touch(struct batch *writes, const struct mac *token, int64_t now);

/* Which of the sessions still live: not ended, not expired, used after `idle`, of a person who
 * is not disabled. One row each: token. */
const struct rows *session_ask_alive(
	struct batch *b, const struct mac *tokens, int count, int64_t now, int64_t idle);

/* The `most` newest refusals of login and address after `since`. */
const struct rows *session_ask_refusals(
	struct batch *b, const char *login, const char *address, int64_t since, int most);
/* Instant of the oldest of `most`; 0 when there are fewer. */
int64_t session_read_refusals(const struct rows *r, int most);
/* Notes a refusal and forgets those of login and address before `since`. */
void session_ask_refused(struct batch *writes, const char *login, const char *address,
	int64_t now, int64_t since);
/* Forgets the refusals of a login: of one address, or of all when NULL. */
void session_ask_forgive(struct batch *writes, const struct audit_mark *gate, const char *login,
	const char *address);

#endif
