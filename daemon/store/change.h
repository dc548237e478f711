/* SPDX-License-Identifier: MulanPSL-2.0 */
/*
 * store/change: what changed, in the order in which it can be seen (architecture §2.13). The
 * change log is the ledger: every event knows the transaction that wrote it, and what lies
 * below the oldest transaction that still runs (the horizon) is complete. Numbers of
 * transactions mean nothing in another cluster, nor after a standby took over that had not
 * everything.
 */
#ifndef OGID_STORE_CHANGE_H
#define OGID_STORE_CHANGE_H

#include "db/batch.h"
#include "domain/case.h"

extern const struct stmt change_horizon, change_since, change_notify;

/* Where the log ends now. */
struct change_horizon {
	int64_t xact; /* everything below is there for good */
	int64_t next; /* nothing from here on has begun; above xact: somebody still writes */
};
const struct rows *change_ask_horizon(struct batch *b);
void change_read_horizon(const struct rows *r, struct change_horizon *ret_horizon);

/* One event, with its case as it stands now. */
struct change {
	int64_t xact;
	int32_t org;
	struct uuid id;
	struct ogi_case c; /* version, year, serial, status, due_on, closed_on; no more */
};
/* Events of transactions from `from` on, below the horizon, in their order, at most `most`; of
 * the organisations of the scope (NULL: of all). */
const struct rows *change_ask_since(
	struct batch *b, int64_t from, const int32_t *scope, int scopes, int32_t most);
void change_read(const struct rows *r, int row, struct change *ret_change);

/* Wakes the other processes up: NOTIFY ogid_change. Not in the transactions of the writes,
 * which would then commit one after the other. */
void change_ask_notify(struct batch *writes);

#endif
