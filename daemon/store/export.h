/* SPDX-License-Identifier: MulanPSL-2.0 */
/* store/export: the ledger page by page, in the order of its keys, for GET /v1/exports. */
#ifndef OGID_STORE_EXPORT_H
#define OGID_STORE_EXPORT_H

#include "db/batch.h"

extern const struct stmt export_cases;

/* Cases of the scope behind (org, id), at most `most`. Rows: org, id, number's year and serial
 * (0 none), attachments as JSON (NULL none). */
const struct rows *export_ask_cases(struct batch *b, const int32_t *scope, int scopes,
	int32_t org, const struct uuid *id, int most);

#endif
