/* SPDX-License-Identifier: MulanPSL-2.0 */
/*
 * db/desk: where answered batches wait until the turn of the loop is over, so that `done` is
 * never called from inside a call of the pool, and what all parts of the pool count.
 */
#ifndef OGID_DB_DESK_H
#define OGID_DB_DESK_H

#include "db/batch_parts.h"
#include "db/pool.h"

#include <event2/event_struct.h>

struct desk {
	struct batches answered;
	struct event turn; /* runs behind everything else of this turn */
	bool turning;      /* it is running */
	int busy;          /* batches that are not yet handed back */
	int64_t sequence;
	struct pool_counts counts;
};

/* A batch comes in: from now on it is the pool's. */
void desk_accept(struct desk *d, struct batch *b, batch_done_fn *done, void *arg);
/* It is done with; handed back at the end of this turn. */
void desk_answer(struct desk *d, struct batch *b, enum db_result result);
/* Makes sure that the turn ends with a look at the queues. */
void desk_wake(struct desk *d);
/* Hands back what was answered until now. */
void desk_hand_back(struct desk *d);

#endif
