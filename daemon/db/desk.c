/* SPDX-License-Identifier: MulanPSL-2.0 */
/* db/desk: batches in and out. */
#include "db/desk.h"

#include "base/clock.h"

#include <assert.h>
#include <event2/event.h>

void desk_wake(struct desk *d)
{
	if (!d->turning)
		event_active(&d->turn, EV_TIMEOUT, 0);
}

void desk_accept(struct desk *d, struct batch *b, batch_done_fn *done, void *arg)
{
	assert(b->done == NULL && done != NULL);
	b->done = done;
	b->arg = arg;
	b->queued = clock_monotonic();
	b->sequence = d->sequence++;
	d->busy++;
	desk_wake(d);
}

static void count(struct pool_counts *n, enum db_result result)
{
	switch (result) {
	case DB_ERROR:
		n->errors++;
		break;
	case DB_TIMEOUT:
		n->timeouts++;
		break;
	case DB_UNKNOWN:
		n->unknown++;
		break;
	case DB_DONE:
	case DB_AWAY:
	case DB_FULL:
	case DB_LOST:
		break;
	}
}

void desk_answer(struct desk *d, struct batch *b, enum db_result result)
{
	if (result != DB_DONE && result != DB_ERROR)
		batch_reset(b); /* half an answer is none */
	b->result = result;
	count(&d->counts, result);
	batches_add(&d->answered, b);
	desk_wake(d);
}

void desk_hand_back(struct desk *d)
{
	/* Only those of now: who asks again at once waits for the next turn. */
	struct batches now;
	batches_init(&now);
	batches_move_last(&now, &d->answered);
	struct batch *b;
	while ((b = batches_take(&now)) != NULL) {
		d->busy--;
		b->done(b->arg, b->result); /* the batch may be gone now */
	}
}
