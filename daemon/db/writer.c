/* SPDX-License-Identifier: MulanPSL-2.0 */
/* db/writer: BEGIN, all, COMMIT, one Sync, and one such flight at a time. */
#include "db/writer.h"

#include <stdlib.h>
#include <string.h>

enum { STALE_MOST = 1, CONFLICTS_MOST = 3 };

/* A place in a group that is being sorted. */
struct place {
	struct batch *batch;
};

struct writer {
	struct writer_settings settings;
	struct desk *desk;
	struct connection *connection;
	struct batches waiting;
	struct batches alone; /* of a refused group, before all that waits */
	struct place *place;  /* room for a group */
	bool flying;
};

static const char *const stale_states[] = { "26000", "0A000", "42P05", NULL };
static const char *const conflict_states[] = { "40001", "40P01", NULL };
/* The server became a standby, or was one: nothing was written. */
static const char *const elsewhere_states[] = { "25006", NULL };

static void on_changed(void *user)
{
	struct writer *w = user;
	desk_wake(w->desk);
}

static void on_committed(struct writer *w, struct flight *f)
{
	struct batch *b;
	while ((b = batches_take(&f->batches)) != NULL)
		desk_answer(w->desk, b, f->doubtful ? DB_UNKNOWN : DB_DONE);
}

/* True when the write that was refused alone runs once more; nothing of it is stored. */
static bool deserves_another(struct writer *w, struct batch *b)
{
	if (batch_refused_by(b, stale_states) && b->stale++ < STALE_MOST) {
		connection_forget(w->connection);
		return true;
	}
	if (batch_refused_by(b, elsewhere_states) && b->lost++ == 0) {
		connection_drop(w->connection);
		return true;
	}
	return batch_refused_by(b, conflict_states) && ++b->conflicts < CONFLICTS_MOST;
}

static void on_refused(struct writer *w, struct flight *f)
{
	if (f->batches.count == 1) {
		struct batch *b = batches_take(&f->batches);
		if (!deserves_another(w, b)) {
			desk_answer(w->desk, b, DB_ERROR);
			return;
		}
		batch_reset(b);
		batches_add_first(&w->alone, b);
		return;
	}
	struct batch *b;
	STAILQ_FOREACH(b, &f->batches.list, next)
	batch_reset(b);
	batches_move_first(&w->alone, &f->batches);
}

static void on_landed(void *user, struct flight *f)
{
	struct writer *w = user;
	if (f->batches.count == 0)
		return; /* the ROLLBACK */
	w->flying = false;
	if (f->committed) {
		on_committed(w, f);
	} else {
		/* The session is still inside the failed transaction. */
		if (connection_is_open(w->connection)) {
			connection_start(w->connection);
			connection_rollback(w->connection);
			connection_sync(w->connection);
		}
		on_refused(w, f);
	}
	desk_wake(w->desk);
}

static void on_crashed(void *user, struct flight *f, bool late)
{
	struct writer *w = user;
	(void)late;
	if (f->batches.count == 0)
		return;
	w->flying = false;
	if (f->committed) {
		on_committed(w, f);
		return;
	}
	struct batch *b;
	while ((b = batches_take(&f->batches)) != NULL)
		desk_answer(w->desk, b, DB_UNKNOWN);
}

static const struct connection_calls calls = { on_changed, on_changed, on_landed, on_crashed,
	NULL };

struct writer *writer_new(
	struct event_base *base, struct desk *d, const struct writer_settings *s)
{
	struct writer *w = calloc(1, sizeof *w);
	if (w == NULL)
		abort();
	w->settings = *s;
	w->desk = d;
	w->place = calloc((size_t)s->group, sizeof *w->place);
	if (w->place == NULL)
		abort();
	batches_init(&w->waiting);
	batches_init(&w->alone);
	w->connection = connection_new(base, &s->connection, &calls, w);
	return w;
}

void writer_free(struct writer *w)
{
	if (w == NULL)
		return;
	connection_free(w->connection);
	batches_move_last(&w->alone, &w->waiting);
	struct batch *b;
	while ((b = batches_take(&w->alone)) != NULL)
		desk_answer(w->desk, b, DB_AWAY);
	free(w->place);
	free(w);
}

void writer_add(struct writer *w, struct batch *b, const struct write_order *order)
{
	b->order = *order;
	if (w->waiting.count >= w->settings.queue_length)
		desk_answer(w->desk, b, DB_FULL);
	else
		batches_add(&w->waiting, b);
}

static int by_order(const void *left, const void *right)
{
	const struct batch *a = ((const struct place *)left)->batch;
	const struct batch *b = ((const struct place *)right)->batch;
	if (a->order.org != b->order.org)
		return a->order.org < b->order.org ? -1 : 1;
	if (a->order.rank != b->order.rank)
		return a->order.rank < b->order.rank ? -1 : 1;
	int ids = memcmp(a->order.id.byte, b->order.id.byte, sizeof a->order.id.byte);
	if (ids != 0)
		return ids;
	return a->sequence < b->sequence ? -1 : 1;
}

static void send_alone(struct writer *w)
{
	struct batch *b = batches_take(&w->alone);
	struct flight *f = connection_start(w->connection);
	connection_begin(w->connection, b);
	connection_ask(w->connection, b);
	connection_commit(w->connection, b);
	connection_sync(w->connection);
	batches_add(&f->batches, b);
	w->desk->counts.alone++;
}

static void send_group(struct writer *w)
{
	int n = 0;
	while (n < w->settings.group && w->waiting.count > 0)
		w->place[n++].batch = batches_take(&w->waiting);
	if (n > 1)
		qsort(w->place, (size_t)n, sizeof *w->place, by_order);
	/* One by itself answers for BEGIN and COMMIT too. */
	struct batch *only = n == 1 ? w->place[0].batch : NULL;
	struct flight *f = connection_start(w->connection);
	connection_begin(w->connection, only);
	for (int i = 0; i < n; i++) {
		connection_ask(w->connection, w->place[i].batch);
		batches_add(&f->batches, w->place[i].batch);
	}
	connection_commit(w->connection, only);
	connection_sync(w->connection);
	w->desk->counts.write_groups++;
}

void writer_send(struct writer *w)
{
	if (w->flying || !connection_is_open(w->connection))
		return;
	if (w->alone.count > 0)
		send_alone(w);
	else if (w->waiting.count > 0)
		send_group(w);
	else
		return;
	w->flying = true;
}

static void expire(struct writer *w, struct batches *queue, int64_t late_before)
{
	struct batches waited;
	batches_init(&waited);
	batches_move_last(&waited, queue);
	struct batch *b;
	while ((b = batches_take(&waited)) != NULL) {
		if (b->queued < late_before)
			desk_answer(w->desk, b, DB_AWAY);
		else
			batches_add(queue, b);
	}
}

void writer_tick(struct writer *w, int64_t now)
{
	connection_tick(w->connection, now);
	int64_t late_before = now - (int64_t)w->settings.wait_timeout_ms * 1000;
	expire(w, &w->alone, late_before);
	expire(w, &w->waiting, late_before);
}

bool writer_open(const struct writer *w)
{
	return connection_is_open(w->connection);
}

int writer_waiting(const struct writer *w)
{
	return w->waiting.count + w->alone.count;
}

int64_t writer_returns(const struct writer *w)
{
	return connection_returns(w->connection);
}

bool writer_restless(const struct writer *w)
{
	return w->flying || writer_waiting(w) > 0 || !connection_is_open(w->connection);
}
