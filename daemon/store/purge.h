/* SPDX-License-Identifier: MulanPSL-2.0 */
/* store/purge: what has served its time (contract §2: keys live 7 days). */
#ifndef OGID_STORE_PURGE_H
#define OGID_STORE_PURGE_H

#include "db/batch.h"

extern const struct stmt purge_stmt_sessions, purge_stmt_failures, purge_stmt_keys,
	purge_stmt_uploads;

/* Everything that ended before the instant; rows_affected says how many. */
const struct rows *purge_sessions(struct batch *b, int64_t before);
const struct rows *purge_failures(struct batch *b, int64_t before);
const struct rows *purge_keys(struct batch *b, int64_t before);
/* Files that broke off, with their chunks. */
const struct rows *purge_uploads(struct batch *b, int64_t before);

#endif
