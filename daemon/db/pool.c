/* SPDX-License-Identifier: MulanPSL-2.0 */
/* db/pool: puts readers, slow readers, the writer and the listener together. */
#include "db/pool.h"

#include "base/clock.h"
#include "db/desk.h"
#include "db/listener.h"
#include "db/readers.h"
#include "db/writer.h"

#include <event2/event.h>
#include <stdlib.h>

enum {
	FLIGHTS = 2, /* of one reader: the server works on one while the other travels */
	READ_GROUP = 256,
	TICK_MICROS = 50000, /* how late a time-out may be noticed */
	LATER_MS = 100,      /* slow readers and listener: the pool is ready without them */
};

/* Somebody waits for the database to be there. */
struct waiter {
	STAILQ_ENTRY(waiter) next;
	pool_ready_fn *fn;
	void *arg;
};
STAILQ_HEAD(waiters, waiter);

struct pool {
	struct desk desk;
	struct readers *fast, *slow;
	struct writer *writer;
	struct listener *listener;
	struct event tick;
	struct waiters waiters;
	int waiting; /* of them */
	bool closing;
};

/* One by one: each may add waiters or take others back. */
static void tell_waiters(struct pool *p)
{
	int n = p->waiting;
	struct waiter *w;
	while (n-- > 0 && (w = STAILQ_FIRST(&p->waiters)) != NULL) {
		STAILQ_REMOVE_HEAD(&p->waiters, next);
		p->waiting--;
		w->fn(w->arg);
		free(w);
	}
}

static bool restless(const struct pool *p)
{
	return readers_restless(p->fast) || readers_restless(p->slow) ||
	       writer_restless(p->writer) || listener_restless(p->listener);
}

static void on_turn(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	struct pool *p = arg;
	p->desk.turning = true;
	desk_hand_back(&p->desk);
	if (p->waiting > 0 && pool_ready(p))
		tell_waiters(p);
	readers_send(p->fast);
	readers_send(p->slow);
	writer_send(p->writer);
	p->desk.turning = false;
	if (p->desk.answered.count > 0)
		desk_wake(&p->desk);
	if (!event_pending(&p->tick, EV_TIMEOUT, NULL) && restless(p))
		event_add(&p->tick, &(struct timeval){ .tv_usec = TICK_MICROS });
}

/* Runs only while something is under way, so an idle pool sleeps. */
static void on_tick(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	struct pool *p = arg;
	int64_t now = clock_monotonic();
	readers_tick(p->fast, now);
	readers_tick(p->slow, now);
	writer_tick(p->writer, now);
	listener_tick(p->listener, now);
	desk_wake(&p->desk);
}

struct pool *pool_new(struct event_base *base, const struct pool_settings *s)
{
	struct pool *p = calloc(1, sizeof *p);
	if (p == NULL)
		abort();
	STAILQ_INIT(&p->waiters);
	batches_init(&p->desk.answered);
	event_assign(&p->desk.turn, base, -1, 0, on_turn, p);
	event_assign(&p->tick, base, -1, 0, on_tick, p);
	struct connection_settings plain = { .role = "reader",
		.conninfo = s->conninfo,
		.read_write = true,
		.answer_timeout_ms = s->operation_timeout_ms };
	struct readers_settings reads = { plain, s->readers, FLIGHTS, READ_GROUP,
		s->queue_length, s->wait_timeout_ms };
	p->fast = readers_new(base, &p->desk, &reads);
	reads.connection = (struct connection_settings){ .role = "slow",
		.conninfo = s->read_conninfo != NULL ? s->read_conninfo : s->conninfo,
		.answer_timeout_ms = s->slow_timeout_ms + s->operation_timeout_ms,
		.statement_timeout_ms = s->slow_timeout_ms,
		.first_after_ms = LATER_MS };
	reads.connections = s->slow;
	reads.flights = reads.group = 1;
	p->slow = readers_new(base, &p->desk, &reads);
	plain.role = "writer";
	struct writer_settings writes = { plain, s->group, s->queue_length,
		s->wait_timeout_ms };
	p->writer = writer_new(base, &p->desk, &writes);
	plain.role = "listener";
	plain.first_after_ms = LATER_MS;
	p->listener = listener_new(base, &p->desk, &plain);
	desk_wake(&p->desk);
	return p;
}

void pool_free(struct pool *p)
{
	if (p == NULL)
		return;
	p->closing = true;
	readers_free(p->fast);
	readers_free(p->slow);
	writer_free(p->writer);
	listener_free(p->listener);
	/* Who asks again gets DB_AWAY, until nobody does. */
	while (p->desk.answered.count > 0)
		desk_hand_back(&p->desk);
	struct waiter *w;
	while ((w = STAILQ_FIRST(&p->waiters)) != NULL) {
		STAILQ_REMOVE_HEAD(&p->waiters, next);
		free(w);
	}
	event_del(&p->desk.turn);
	event_del(&p->tick);
	free(p);
}

void pool_read(struct pool *p, struct batch *b, batch_done_fn *done, void *arg)
{
	desk_accept(&p->desk, b, done, arg);
	p->desk.counts.reads++;
	if (p->closing)
		desk_answer(&p->desk, b, DB_AWAY);
	else
		readers_add(p->fast, b);
}

void pool_read_slow(struct pool *p, struct batch *b, batch_done_fn *done, void *arg)
{
	desk_accept(&p->desk, b, done, arg);
	p->desk.counts.reads++;
	if (p->closing)
		desk_answer(&p->desk, b, DB_AWAY);
	else
		readers_add(p->slow, b);
}

void pool_write(struct pool *p, struct batch *b, const struct write_order *order,
	batch_done_fn *done, void *arg)
{
	desk_accept(&p->desk, b, done, arg);
	p->desk.counts.writes++;
	if (p->closing)
		desk_answer(&p->desk, b, DB_AWAY);
	else
		writer_add(p->writer, b, order);
}

bool pool_ready(const struct pool *p)
{
	return !p->closing && readers_open(p->fast) > 0 && writer_open(p->writer);
}

int pool_busy(const struct pool *p)
{
	return p->desk.busy;
}

void pool_listen(struct pool *p, const char *channel, pool_notify_fn *fn, void *arg)
{
	listener_add(p->listener, channel, fn, arg);
}

void pool_on_ready(struct pool *p, pool_ready_fn *fn, void *arg)
{
	if (p->closing)
		return;
	struct waiter *w = calloc(1, sizeof *w);
	if (w == NULL)
		abort();
	w->fn = fn;
	w->arg = arg;
	STAILQ_INSERT_TAIL(&p->waiters, w, next);
	p->waiting++;
	desk_wake(&p->desk);
}

void pool_off_ready(struct pool *p, pool_ready_fn *fn, void *arg)
{
	struct waiter *w, *after;
	for (w = STAILQ_FIRST(&p->waiters); w != NULL; w = after) {
		after = STAILQ_NEXT(w, next);
		if (w->fn == fn && w->arg == arg) {
			STAILQ_REMOVE(&p->waiters, w, waiter, next);
			p->waiting--;
			free(w);
		}
	}
}

struct pool_counts pool_counts(const struct pool *p)
{
	struct pool_counts n = p->desk.counts;
	if (p->closing)
		return n;
	n.reconnects = readers_returns(p->fast) + readers_returns(p->slow) +
		       writer_returns(p->writer) + listener_returns(p->listener);
	n.waiting_reads = readers_waiting(p->fast) + readers_waiting(p->slow);
	n.waiting_writes = writer_waiting(p->writer);
	n.connections = readers_open(p->fast) + readers_open(p->slow) + writer_open(p->writer) +
			listener_open(p->listener);
	return n;
}
