/* SPDX-License-Identifier: MulanPSL-2.0 */
/*
 * web/session: who asks. Tokens are random, stored hashed; a small cache keeps what the look-up
 * found. The look-up itself is a function given by main (it needs store/).
 */
#ifndef OGID_WEB_SESSION_H
#define OGID_WEB_SESSION_H

#include "base/mac.h"
#include "base/text.h"
#include "base/uuid.h"

struct actor {
	int32_t user, org;
	const char *login, *name, *org_code;
	unsigned roles;       /* opaque bits to web/ */
	const int32_t *scope; /* ids of the organisations of the subtree, own first */
	int scopes;
	struct mac token;   /* hash of the session's token */
	int64_t expires_at; /* microseconds */
};

struct sessions; /* the cache */
struct sessions *sessions_new(int most, int64_t lifetime_ms);
void sessions_free(struct sessions *s);
/* Copy of the actor valid for the exchange (in its arena), or NULL: look up and sessions_keep.
 */
const struct actor *sessions_find(
	struct sessions *s, struct arena *a, const struct mac *token, int64_t now);
void sessions_keep(struct sessions *s, const struct actor *who, int64_t now);
void sessions_drop(struct sessions *s, const struct mac *token);
void sessions_drop_all(struct sessions *s);

#endif
