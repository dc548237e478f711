/* SPDX-License-Identifier: MulanPSL-2.0 */
/*
 * store/idempotency: which answer a write was given (contract §2). The row is written in the
 * same statement as what it stands for; the answer is rendered again from what was stored. Kept
 * for 7 days.
 */
#ifndef OGID_STORE_IDEMPOTENCY_H
#define OGID_STORE_IDEMPOTENCY_H

#include "base/mac.h"
#include "db/batch.h"

struct remembered {
	int32_t org;   /* organisation of what is written */
	int32_t actor; /* user id */
	struct uuid key;
	const char *route; /* "POST /v1/cases" */
	struct mac body;   /* hash of the body */
	int32_t status;
	const char *object; /* id of a case, code of an organisation, … */
	int32_t version;    /* of the case after it */
};

extern const struct stmt remembered_get, remembered_add;

/* By actor and key, in any organisation of the scope. */
const struct rows *remembered_ask(struct batch *b, const int32_t *scope, int scopes,
	int32_t actor, const struct uuid *key);
/* False when there is none. */
bool remembered_read(const struct rows *r, struct remembered *ret_key);
/* The six values key, route, body, status, object, version; NULL binds six nulls. */
void remembered_bind(struct bind *v, const struct remembered *key);
/* The row as a statement of its own, in the same write as what it stands for. 23505 (in the
 * whole write) when the key was used. */
void remembered_ask_add(struct batch *writes, const struct remembered *key, int64_t now);

#endif
