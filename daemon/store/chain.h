/* SPDX-License-Identifier: MulanPSL-2.0 */
/*
 * store/chain: counters and chain heads as this process last saw them. A write carries what it
 * took and the statement succeeds only on top of it; when somebody was faster there is no row:
 * give it back (…_stale) and run the steps again. So numbers have no gaps and chains no forks,
 * without a lock held between round trips.
 */
#ifndef OGID_STORE_CHAIN_H
#define OGID_STORE_CHAIN_H

#include "db/pool.h"

struct tickets; /* one per process */
struct tickets *tickets_new(void);
void tickets_free(struct tickets *t);

enum ticket_kind {
	TICKET_NUMBER,
	TICKET_AUDIT,
	TICKET_DISCLOSURE,
	TICKET_REVIEW,
	TICKET_STATISTICS,
	TICKET_REGISTER,
};

/* What was taken: the next number (and for chains the hash it stands on). */
struct ticket {
	enum ticket_kind kind;
	int32_t org, year; /* year only for TICKET_NUMBER */
	int64_t seq;       /* the number taken: last seen + 1 */
	struct mac prev;   /* hash of entry seq - 1; zero for the first */
	uint32_t generation;
};

/* True when the head is known; else tickets_ask must be answered first. */
bool tickets_known(const struct tickets *t, enum ticket_kind kind, int32_t org, int32_t year);
/* Queues the question for the head; tickets_learn reads its answer (no row: nothing yet, 0). */
const struct rows *tickets_ask(
	struct batch *b, enum ticket_kind kind, int32_t org, int32_t year);
void tickets_learn(struct tickets *t, enum ticket_kind kind, int32_t org, int32_t year,
	const struct rows *answer);
/* Takes the next; for chains call tickets_put with the hash of the new entry in the same step,
 * so that the next one stands on it. */
struct ticket tickets_take(struct tickets *t, enum ticket_kind kind, int32_t org, int32_t year);
void tickets_put(struct tickets *t, const struct ticket *taken, const struct mac *hash);
/* The write did not get through: forget the head, unless somebody already did. */
void tickets_stale(struct tickets *t, const struct ticket *taken);

#endif
