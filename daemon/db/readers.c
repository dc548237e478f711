/* SPDX-License-Identifier: MulanPSL-2.0 */
/* db/readers: the least loaded connection takes the next flight. */
#include "db/readers.h"

#include <stdlib.h>

enum { STALE_MOST = 1, CONFLICTS_MOST = 3 };

/* One connection. */
struct reader {
	struct readers *all;
	struct connection *connection;
	int flights, load; /* load: batches under way */
};

struct readers {
	struct readers_settings settings;
	struct desk *desk;
	struct batches waiting;
	bool closing;
	int count;
	struct reader reader[];
};

/* The plan must be made anew: dropped, changed its columns, or there already. */
static const char *const stale_states[] = { "26000", "0A000", "42P05", NULL };
/* A standby may cancel a read for its replay. */
static const char *const conflict_states[] = { "40001", "40P01", NULL };

static void on_changed(void *user)
{
	struct reader *one = user;
	desk_wake(one->all->desk);
}

/* What to do with the read that was refused. True: send it again. */
static bool deserves_another(struct reader *one, struct batch *b)
{
	if (batch_refused_by(b, stale_states) && b->stale++ < STALE_MOST) {
		connection_forget(one->connection);
		return true;
	}
	return batch_refused_by(b, conflict_states) && ++b->conflicts < CONFLICTS_MOST;
}

static void on_landed(void *user, struct flight *f)
{
	struct reader *one = user;
	struct readers *r = one->all;
	struct batches again;
	batches_init(&again);
	one->flights--;
	one->load -= f->batches.count;
	struct batch *b;
	while ((b = batches_take(&f->batches)) != NULL) {
		if (b->answered == b->asked) {
			desk_answer(r->desk, b, DB_DONE);
		} else if (b == f->guilty && !deserves_another(one, b)) {
			desk_answer(r->desk, b, DB_ERROR);
		} else {
			batch_reset(b);
			b->alone = true;
			batches_add(&again, b);
		}
	}
	r->desk->counts.alone += again.count;
	batches_move_first(&r->waiting, &again);
	desk_wake(r->desk);
}

static void on_crashed(void *user, struct flight *f, bool late)
{
	struct reader *one = user;
	struct readers *r = one->all;
	struct batches again;
	batches_init(&again);
	one->flights--;
	one->load -= f->batches.count;
	struct batch *b;
	while ((b = batches_take(&f->batches)) != NULL) {
		if (r->closing)
			desk_answer(r->desk, b, DB_AWAY);
		else if (late)
			desk_answer(r->desk, b, DB_TIMEOUT);
		else if (b->lost++ > 0)
			desk_answer(r->desk, b, DB_LOST);
		else
			batches_add(&again, b);
	}
	STAILQ_FOREACH(b, &again.list, next)
	batch_reset(b);
	batches_move_first(&r->waiting, &again);
	desk_wake(r->desk);
}

static const struct connection_calls calls = { on_changed, on_changed, on_landed, on_crashed,
	NULL };

struct readers *readers_new(
	struct event_base *base, struct desk *d, const struct readers_settings *s)
{
	size_t n = (size_t)s->connections;
	struct readers *r = calloc(1, sizeof *r + n * sizeof r->reader[0]);
	if (r == NULL)
		abort();
	r->settings = *s;
	r->desk = d;
	r->count = s->connections;
	batches_init(&r->waiting);
	for (int i = 0; i < r->count; i++) {
		struct reader *one = &r->reader[i];
		one->all = r;
		one->connection = connection_new(base, &s->connection, &calls, one);
	}
	return r;
}

void readers_free(struct readers *r)
{
	if (r == NULL)
		return;
	r->closing = true;
	for (int i = 0; i < r->count; i++)
		connection_free(r->reader[i].connection);
	struct batch *b;
	while ((b = batches_take(&r->waiting)) != NULL)
		desk_answer(r->desk, b, DB_AWAY);
	free(r);
}

void readers_add(struct readers *r, struct batch *b)
{
	if (r->waiting.count >= r->settings.queue_length)
		desk_answer(r->desk, b, DB_FULL);
	else
		batches_add(&r->waiting, b);
}

/* The open connection with the fewest reads under way and room for a flight, or NULL. */
static struct reader *least_loaded(struct readers *r)
{
	struct reader *best = NULL;
	for (int i = 0; i < r->count; i++) {
		struct reader *one = &r->reader[i];
		if (one->flights < r->settings.flights && connection_is_open(one->connection) &&
			(best == NULL || one->load < best->load))
			best = one;
	}
	return best;
}

static void send_flight(struct readers *r, struct reader *one, int most)
{
	struct flight *f = connection_start(one->connection);
	struct batch *b;
	do {
		b = batches_take(&r->waiting);
		connection_ask(one->connection, b);
		batches_add(&f->batches, b);
		struct batch *after = STAILQ_FIRST(&r->waiting.list);
		if (b->alone || (after != NULL && after->alone))
			break;
	} while (f->batches.count < most && r->waiting.count > 0);
	connection_sync(one->connection);
	one->flights++;
	one->load += f->batches.count;
	r->desk->counts.read_groups++;
}

void readers_send(struct readers *r)
{
	struct reader *one;
	while (r->waiting.count > 0 && (one = least_loaded(r)) != NULL)
		send_flight(r, one, r->settings.group);
}

void readers_tick(struct readers *r, int64_t now)
{
	for (int i = 0; i < r->count; i++)
		connection_tick(r->reader[i].connection, now);
	int64_t late_before = now - (int64_t)r->settings.wait_timeout_ms * 1000;
	struct batches waited;
	batches_init(&waited);
	batches_move_last(&waited, &r->waiting);
	struct batch *b;
	while ((b = batches_take(&waited)) != NULL) {
		if (b->queued < late_before)
			desk_answer(r->desk, b, DB_AWAY);
		else
			batches_add(&r->waiting, b);
	}
}

int readers_open(const struct readers *r)
{
	int n = 0;
	for (int i = 0; i < r->count; i++)
		n += connection_is_open(r->reader[i].connection);
	return n;
}

int readers_waiting(const struct readers *r)
{
	return r->waiting.count;
}

int64_t readers_returns(const struct readers *r)
{
	int64_t n = 0;
	for (int i = 0; i < r->count; i++)
		n += connection_returns(r->reader[i].connection);
	return n;
}

bool readers_restless(const struct readers *r)
{
	for (int i = 0; i < r->count; i++) {
		if (r->reader[i].flights > 0 || !connection_is_open(r->reader[i].connection))
			return true;
	}
	return r->waiting.count > 0;
}
