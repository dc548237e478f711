/* SPDX-License-Identifier: MulanPSL-2.0 */
/*
 * db/pool: four or five connections in libpq pipeline mode on the event loop: readers, one
 * group-commit writer, slow readers, one listener (goals.md "What the prototype taught").
 */
#ifndef OGID_DB_POOL_H
#define OGID_DB_POOL_H

#include "db/batch.h"

struct event_base;
struct pool;

struct pool_settings {
	const char *conninfo;      /* application role; multi-host strings work
				      (target_session_attrs=read-write is added) */
	const char *read_conninfo; /* slow reads may go to a standby; NULL = conninfo */
	int readers, slow;         /* connections */
	int operation_timeout_ms; /* a batch not answered by then: the socket is closed, nothing
				     is cancelled */
	int wait_timeout_ms;      /* longest wait in a queue while the database is away (then
				     DB_AWAY) */
	int slow_timeout_ms;      /* statement_timeout on slow connections; 57014 comes back as
				     DB_ERROR */
	int queue_length; /* waiting writes, and as many waiting reads; more is DB_FULL */
	int group;        /* most writes in one transaction, 256 */
};

/* Starts connecting; back-off with jitter 50 ms .. 2 s, for ever. */
struct pool *pool_new(struct event_base *base, const struct pool_settings *s);
/* Ends at once; every waiting batch is answered (DB_AWAY, or DB_UNKNOWN for a sent write). */
void pool_free(struct pool *p);

/* `done` is called at the end of a turn of the loop, never from inside these calls, and exactly
 * once; the batch is the pool's until then, so its arena must live as long. It may ask again,
 * but not free the pool. Call these on the loop's thread. */
/* All reads asked in one turn of the loop share a Sync on one reader; a failed group is sent
 * again one by one. */
void pool_read(struct pool *p, struct batch *b, batch_done_fn *done, void *arg);
/* On a slow connection, one batch at a time each. */
void pool_read_slow(struct pool *p, struct batch *b, batch_done_fn *done, void *arg);
/* Writes that arrive during a commit share the next transaction: BEGIN, all, COMMIT, one Sync.
 * On an error the group is rolled back and each runs alone. */
void pool_write(struct pool *p, struct batch *b, const struct write_order *order,
	batch_done_fn *done, void *arg);

/* True while at least one reader and the writer are connected. */
bool pool_ready(const struct pool *p);
/* Batches sent or waiting. */
int pool_busy(const struct pool *p);

/* Wake-ups: fn(arg, channel, payload) for each NOTIFY; channel NULL whenever listening begins,
 * at the start and after each loss (drop what you cached). At most 8 channels, before the first
 * turn of the loop; the name is borrowed. */
typedef void pool_notify_fn(void *arg, const char *channel, const char *payload);
void pool_listen(struct pool *p, const char *channel, pool_notify_fn *fn, void *arg);

/* fn(arg) once when the pool becomes ready (again); when it is ready already, at the end of
 * this turn of the loop. */
typedef void pool_ready_fn(void *arg);
void pool_on_ready(struct pool *p, pool_ready_fn *fn, void *arg);
/* Takes pool_on_ready back: for who waited long enough. Nothing when it was not asked or is
 * over. */
void pool_off_ready(struct pool *p, pool_ready_fn *fn, void *arg);

struct pool_counts {
	/* alone: batches sent by themselves after company failed; reconnects: connections made
	 * beyond the first ones */
	int64_t reads, read_groups, writes, write_groups, alone, errors, timeouts, unknown,
		reconnects;
	int waiting_reads, waiting_writes, connections;
};
struct pool_counts pool_counts(const struct pool *p);

#endif
