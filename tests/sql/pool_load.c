/* SPDX-License-Identifier: MulanPSL-2.0 */
/* tests/sql/pool_load: the clients. */
#include "pool_load.h"

#include "base/clock.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

enum act { ACT_GET, ACT_CREATE, ACT_BAD_GET, ACT_BAD_CREATE };

struct load {
	struct pool *pool;
	const char *kind;
	int left, clients;
	uint64_t chance;
	int64_t done, refused, wrong, started, cpu, serial;
};

struct client {
	struct load *load;
	struct arena *arena;
	enum act act;
	struct batch *batch;
	const struct rows *number, *item;
	char expected[32];
};

static const struct stmt get = { "load_get", "SELECT note FROM item WHERE org = $1 AND id = $2",
	2 };
static const struct stmt divide = { "load_divide", "SELECT (1 / $1::int)::text", 1 };
static const struct stmt number = { "load_number",
	"UPDATE counter SET n = n + 1 WHERE org = $1 RETURNING n", 1 };
static const struct stmt create = { "load_create",
	"INSERT INTO item (org, id, note) VALUES ($1, $2, $3) RETURNING note", 3 };

static uint64_t roll(struct load *l, uint64_t sides)
{
	l->chance ^= l->chance << 13;
	l->chance ^= l->chance >> 7;
	l->chance ^= l->chance << 17;
	return l->chance % sides;
}

static int64_t cpu_micros(void)
{
	struct rusage u;
	getrusage(RUSAGE_SELF, &u);
	return (u.ru_utime.tv_sec + u.ru_stime.tv_sec) * INT64_C(1000000) + u.ru_utime.tv_usec +
	       u.ru_stime.tv_usec;
}

static enum act choose(struct load *l)
{
	if (strcmp(l->kind, "get") == 0)
		return ACT_GET;
	if (strcmp(l->kind, "create") == 0)
		return ACT_CREATE;
	bool bad = roll(l, 20) == 0, write = roll(l, 3) == 0;
	if (write)
		return bad ? ACT_BAD_CREATE : ACT_CREATE;
	return bad ? ACT_BAD_GET : ACT_GET;
}

static bool right(const struct client *c, enum db_result result)
{
	switch (c->act) {
	case ACT_GET:
		return result == DB_DONE && rows_count(c->item) == 1 &&
		       strcmp(rows_text(c->item, 0, 0), c->expected) == 0;
	case ACT_CREATE:
		return result == DB_DONE && rows_count(c->number) == 1 &&
		       rows_int(c->number, 0, 0) > 0 && rows_affected(c->item) == 1 &&
		       strcmp(rows_text(c->item, 0, rows_col(c->item, "note")), c->expected) ==
			       0;
	case ACT_BAD_GET:
		return result == DB_ERROR && strcmp(batch_sqlstate(c->batch), "22012") == 0;
	case ACT_BAD_CREATE:
		return result == DB_ERROR && strcmp(batch_sqlstate(c->batch), "23505") == 0 &&
		       strcmp(batch_constraint(c->batch), "item_pkey") == 0;
	}
	return false;
}

static void on_answer(void *arg, enum db_result result);

static void ask_create(struct client *c)
{
	struct load *l = c->load;
	int32_t org = (int32_t)roll(l, 4) + 2;
	int64_t id = c->act == ACT_BAD_CREATE ? 1 : 1000000 + l->serial++;
	/* Ids of org 1 exist: the primary key refuses. */
	if (c->act == ACT_BAD_CREATE)
		org = 1;
	struct bind *of = bind_new(c->arena), *row = bind_new(c->arena);
	bind_int(of, org);
	c->number = batch_ask(c->batch, &number, of);
	bind_int(row, org);
	bind_int(row, id);
	snprintf(c->expected, sizeof c->expected, "new %lld", (long long)id);
	bind_text(row, c->expected);
	c->item = batch_ask(c->batch, &create, row);
	struct write_order order = { .org = org };
	pool_write(l->pool, c->batch, &order, on_answer, c);
}

static void ask_get(struct client *c)
{
	struct load *l = c->load;
	struct bind *values = bind_new(c->arena);
	if (c->act == ACT_BAD_GET) {
		bind_int(values, 0);
		batch_ask(c->batch, &divide, values);
	} else {
		int64_t id = (int64_t)roll(l, 1000) + 1;
		bind_int(values, 1);
		bind_int(values, id);
		snprintf(c->expected, sizeof c->expected, "item %lld", (long long)id);
		c->item = batch_ask(c->batch, &get, values);
	}
	pool_read(l->pool, c->batch, on_answer, c);
}

/* The next operation; false when there is none left. */
static bool next(struct client *c)
{
	struct load *l = c->load;
	if (l->left == 0)
		return false;
	l->left--;
	c->arena = arena_new();
	c->batch = batch_new(c->arena);
	c->act = choose(l);
	if (c->act == ACT_CREATE || c->act == ACT_BAD_CREATE)
		ask_create(c);
	else
		ask_get(c);
	return true;
}

static void on_answer(void *arg, enum db_result result)
{
	struct client *c = arg;
	struct load *l = c->load;
	l->done += result == DB_DONE;
	l->refused += result == DB_ERROR;
	l->wrong += !right(c, result);
	arena_free(c->arena);
	if (next(c))
		return;
	free(c);
	if (--l->clients > 0)
		return;
	printf("load done=%lld refused=%lld wrong=%lld micros=%lld cpu_micros=%lld\n",
		(long long)l->done, (long long)l->refused, (long long)l->wrong,
		(long long)(clock_monotonic() - l->started),
		(long long)(cpu_micros() - l->cpu));
	free(l);
}

void load_start(struct pool *pool, char **word, int words)
{
	static const char *const kinds[] = { "get", "create", "mixed" };
	assert(words == 3);
	struct load *l = calloc(1, sizeof *l);
	assert(l != NULL);
	l->pool = pool;
	l->left = (int)strtol(word[0], NULL, 10);
	l->clients = (int)strtol(word[1], NULL, 10);
	for (size_t i = 0; i < 3; i++) {
		if (strcmp(word[2], kinds[i]) == 0)
			l->kind = kinds[i];
	}
	assert(l->kind != NULL && l->clients > 0 && l->clients <= l->left);
	l->chance = 88172645463325252u;
	l->started = clock_monotonic();
	l->cpu = cpu_micros();
	int clients = l->clients;
	for (int i = 0; i < clients; i++) {
		struct client *c = calloc(1, sizeof *c);
		assert(c != NULL);
		c->load = l;
		bool more = next(c);
		assert(more);
	}
}
