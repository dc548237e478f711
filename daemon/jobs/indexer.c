/* SPDX-License-Identifier: MulanPSL-2.0 */
/* jobs/indexer: read a portion, put it, the next one. */
#include "jobs/indexer.h"

#include "store/gram.h"

#include <event2/event.h>
#include <stdlib.h>

enum {
	PORTION = 100, /* cases; some milliseconds of the writer's time */
	LARGE = 1000,  /* when nobody else waits for the writer */
	LOOK_MS = 2000,
	GIVE_WAY_MS = 100,
	PATIENCE = 20, /* so often in a row: an office that never rests is indexed too */
};

struct indexer {
	struct pool *pool;
	struct event *timer;
	struct arena *arena; /* of the portion under way, or NULL */
	struct batch *puts;
	const struct rows *pending;
	int gave_way;
};

/* Behind everything else of its group, so that nobody who waits for its rows holds a case. */
static const struct write_order last = { .org = INT32_MAX, .rank = 2 };

static void look_in(struct indexer *x, int ms)
{
	struct timeval in = { ms / 1000, ms % 1000 * 1000 };
	arena_free(x->arena);
	x->arena = NULL;
	event_add(x->timer, &in);
}

static void on_put(void *arg, enum db_result result)
{
	struct indexer *x = arg;
	bool more = result == DB_DONE && rows_count(x->pending) > PORTION / 2;
	look_in(x, more ? 0 : LOOK_MS);
}

static void on_pending(void *arg, enum db_result result)
{
	struct indexer *x = arg;
	if (result != DB_DONE || rows_count(x->pending) == 0) {
		look_in(x, LOOK_MS);
		return;
	}
	x->puts = batch_new(x->arena);
	gram_ask_put(x->puts, x->pending);
	pool_write(x->pool, x->puts, &last, on_put, x);
}

static void on_time(evutil_socket_t fd, short what, void *arg)
{
	struct indexer *x = arg;
	(void)fd;
	(void)what;
	if (!pool_ready(x->pool)) {
		look_in(x, LOOK_MS);
		return;
	}
	if (pool_counts(x->pool).waiting_writes > 0 && ++x->gave_way < PATIENCE) {
		look_in(x, GIVE_WAY_MS);
		return;
	}
	x->gave_way = 0;
	x->arena = arena_new();
	struct batch *b = batch_new(x->arena);
	x->pending = gram_ask_pending(b, PORTION);
	pool_read_slow(x->pool, b, on_pending, x);
}

struct indexer *indexer_new(struct event_base *base, struct pool *pool)
{
	struct indexer *x = calloc(1, sizeof *x);
	if (x == NULL)
		abort();
	x->pool = pool;
	x->timer = event_new(base, -1, 0, on_time, x);
	look_in(x, LOOK_MS);
	return x;
}

void indexer_free(struct indexer *x)
{
	if (x == NULL)
		return;
	event_free(x->timer);
	arena_free(x->arena);
	free(x);
}

/* ---- as a program ---- */

static bool ask_once(struct job *j, const struct rows *(*ask)(struct batch *))
{
	struct arena *a = arena_new();
	struct batch *b = batch_new(a);
	ask(b);
	bool done = job_write(j, b, last.org) == DB_DONE;
	arena_free(a);
	return done;
}

/* How many cases were put; -1 when the database did not answer. */
static int put_portion(struct job *j)
{
	struct arena *a = arena_new();
	struct batch *reads = batch_new(a), *writes = batch_new(a);
	const struct rows *pending = gram_ask_pending(reads, LARGE);
	int n = -1;
	if (job_read(j, reads)) {
		n = gram_ask_put(writes, pending);
		if (n > 0 && job_write(j, writes, last.org) != DB_DONE)
			n = -1;
	}
	arena_free(a);
	return n;
}

static int fill(struct job *j)
{
	int64_t cases = 0;
	int n;
	while ((n = put_portion(j)) > 0)
		cases += n;
	if (n == 0)
		fprintf(j->out, "index: %lld cases\n", (long long)cases);
	else
		fprintf(j->err, "index: the database does not answer; run it again\n");
	return n == 0 ? 0 : 1;
}

int indexer_run(struct job *j, bool rebuild)
{
	if (rebuild && !ask_once(j, gram_ask_rebuild)) {
		fprintf(j->err, "index: the database does not answer; run it again\n");
		return 1;
	}
	return fill(j);
}

int indexer_nightly(struct job *j)
{
	return ask_once(j, gram_ask_destroyed) ? fill(j) : 1;
}
