/* SPDX-License-Identifier: MulanPSL-2.0 */
/*
 * db/batch: statements that travel together. As a read: one Sync, one round trip. As a write:
 * all or nothing, inside the writer's transaction. Lives in an arena; answers are filled in
 * before `done` is called.
 */
#ifndef OGID_DB_BATCH_H
#define OGID_DB_BATCH_H

#include "db/rows.h"

struct batch;

enum db_result {
	DB_DONE,    /* answered; for a write: committed and durable */
	DB_AWAY,    /* not sent: no connection, or waited too long for one */
	DB_FULL,    /* not sent: queue full */
	DB_TIMEOUT, /* a read that was not answered in time; the connection was dropped */
	DB_LOST,    /* a read whose connection broke, twice: may be sent again */
	DB_UNKNOWN, /* a write whose COMMIT was not answered (connection broke, time-out, or
		       WARNING 01000 about synchronous replication): committed or not, only its
		       idempotency key can tell */
	DB_ERROR,   /* refused by PostgreSQL, nothing of it is stored: see batch_sqlstate */
};

struct batch *batch_new(struct arena *a);
/* Room for the values of one statement, in the batch's arena. */
struct bind *batch_bind(struct batch *b);
/* Queues a statement. The rows are empty until answered. Never after it was sent. */
const struct rows *batch_ask(struct batch *b, const struct stmt *s, const struct bind *values);
bool batch_empty(const struct batch *b);
/* Of the statement that failed, after DB_ERROR; "" otherwise. */
const char *batch_sqlstate(const struct batch *b);
const char *batch_constraint(const struct batch *b);

typedef void batch_done_fn(void *arg, enum db_result result);

/* Where a write stands in its group: groups are sorted by (org, rank, id) so that two writers
 * never deadlock. Equal keys keep the order in which they were queued. rank 0: takes a number
 * from a counter; 1: touches a case; 2: others. */
struct write_order {
	int32_t org;
	int32_t rank;
	struct uuid id;
};

#endif
