/* SPDX-License-Identifier: MulanPSL-2.0 */
/*
 * tests/sql/pool_probe: the pool on a real PostgreSQL, told what to do line by line on stdin.
 *   pool_probe CONNINFO [setting=number …] [listen=CHANNEL …]
 *   read TAG STATEMENT [value …] [; STATEMENT …]          queued …
 *   slow TAG STATEMENT …
 *   write TAG ORG RANK ID STATEMENT …
 *   go            … and all of it asked in one turn of the loop
 *   ready, never, counts, load … (see pool_load.h), free
 * Each batch answers with "TAG result sqlstate constraint rows/affected first-cell" of its last
 * statement.
 */
#include "pool_load.h"

#include <assert.h>
#include <event2/event.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { WORDS_MOST = 64, LINE_MOST = 4096 };

enum way { WAY_READ, WAY_SLOW, WAY_WRITE };

/* One batch and what to say when it is answered. */
struct asked {
	struct asked *next;
	struct probe *probe;
	struct arena *arena;
	enum way way;
	struct write_order order;
	struct batch *batch;
	const struct rows *rows;
	const char *tag;
};

struct probe {
	struct event_base *base;
	struct pool *pool;
	struct asked *queued, **last;
	char line[LINE_MOST];
	size_t used;
};

static const struct stmt statements[] = {
	{ "insert_item", "INSERT INTO item (org, id, note) VALUES ($1, $2, $3) RETURNING note",
		3 },
	{ "insert_once",
		"INSERT INTO item (org, id, note) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING"
		" RETURNING note",
		3 },
	{ "get_item", "SELECT note FROM item WHERE org = $1 AND id = $2", 2 },
	{ "number", "UPDATE counter SET n = n + 1 WHERE org = $1 RETURNING n::text", 1 },
	{ "touch", "UPDATE item SET version = version + 1 WHERE org = $1 AND id = $2", 2 },
	{ "insert_late", "INSERT INTO late (id) VALUES ($1)", 1 },
	{ "shape", "SELECT * FROM shape", 0 },
	{ "shape_write", "UPDATE shape SET a = a RETURNING *", 0 },
	{ "nowhere", "SELECT nothing FROM nowhere", 0 },
	{ "divide", "SELECT (1 / $1::int)::text", 1 },
	{ "sleep", "SELECT pg_sleep($1)::text", 1 },
	{ "lock", "SELECT pg_advisory_xact_lock($1)::text", 1 },
	{ "pid", "SELECT pg_backend_pid()::text", 0 },
	{ "setting", "SELECT current_setting($1)", 1 },
	{ "big", "SELECT repeat('x', $1::int)", 1 },
	{ "length", "SELECT length($1)::text", 1 },
	{ "quarrel", "SELECT quarrel($1::int)", 1 },
	{ "xid", "SELECT pg_current_xact_id()::text", 0 },
	{ "drop_plans", "DEALLOCATE ALL", 0 },
	{ "read_only", "SELECT set_config('default_transaction_read_only', 'on', false)", 0 },
	{ "note", "INSERT INTO noted (xid, what) VALUES (pg_current_xact_id()::text, $1)", 1 },
};

static const char *const results[] = { [DB_DONE] = "DONE",
	[DB_AWAY] = "AWAY",
	[DB_FULL] = "FULL",
	[DB_TIMEOUT] = "TIMEOUT",
	[DB_LOST] = "LOST",
	[DB_UNKNOWN] = "UNKNOWN",
	[DB_ERROR] = "ERROR" };

static const struct stmt *statement(const char *name)
{
	for (size_t i = 0; i < sizeof statements / sizeof statements[0]; i++) {
		if (strcmp(statements[i].name, name) == 0)
			return &statements[i];
	}
	fprintf(stderr, "no statement %s\n", name);
	exit(2);
}

static void on_answer(void *arg, enum db_result result)
{
	struct asked *a = arg;
	const char *text = "";
	if (result == DB_DONE && rows_count(a->rows) > 0 && !rows_null(a->rows, 0, 0))
		text = rows_text(a->rows, 0, 0);
	const char *state = batch_sqlstate(a->batch), *constraint = batch_constraint(a->batch);
	printf("%s %s %s %s %d/%lld %.200s\n", a->tag, results[result], *state ? state : "-",
		*constraint ? constraint : "-", rows_count(a->rows),
		(long long)rows_affected(a->rows), text);
	arena_free(a->arena);
	free(a);
}

/* Words from `at` on: STATEMENT value … ; STATEMENT … A value ~N is a text of N bytes. */
static void fill(struct asked *a, char **word, int words, int at)
{
	while (at < words) {
		const struct stmt *s = statement(word[at++]);
		struct bind *values = bind_new(a->arena);
		for (; at < words && strcmp(word[at], ";") != 0; at++) {
			if (word[at][0] == '~') {
				size_t n = (size_t)strtoul(word[at] + 1, NULL, 10);
				char *text = arena_alloc(a->arena, n + 1);
				memset(text, 'y', n);
				bind_text(values, text);
			} else {
				bind_text(values, arena_text(a->arena, word[at]));
			}
		}
		at++;
		a->rows = batch_ask(a->batch, s, values);
	}
}

static void queue(struct probe *p, enum way way, char **word, int words)
{
	struct asked *a = calloc(1, sizeof *a);
	assert(a != NULL && words >= 3);
	a->probe = p;
	a->way = way;
	a->arena = arena_new();
	a->batch = batch_new(a->arena);
	a->tag = arena_text(a->arena, word[1]);
	int at = 2;
	if (way == WAY_WRITE) {
		assert(words >= 6);
		a->order.org = (int32_t)strtol(word[2], NULL, 10);
		a->order.rank = (int32_t)strtol(word[3], NULL, 10);
		bool good = uuid_parse_text(word[4], &a->order.id);
		assert(good);
		at = 5;
	}
	fill(a, word, words, at);
	*p->last = a;
	p->last = &a->next;
}

static void go(struct probe *p)
{
	struct asked *a = p->queued, *next;
	p->queued = NULL;
	p->last = &p->queued;
	for (; a != NULL; a = next) {
		next = a->next;
		if (a->way == WAY_WRITE)
			pool_write(p->pool, a->batch, &a->order, on_answer, a);
		else if (a->way == WAY_SLOW)
			pool_read_slow(p->pool, a->batch, on_answer, a);
		else
			pool_read(p->pool, a->batch, on_answer, a);
	}
}

static void on_ready(void *arg)
{
	puts(arg);
}

static void on_notify(void *arg, const char *channel, const char *payload)
{
	(void)arg;
	printf("notified %s %s\n", channel != NULL ? channel : "-",
		payload != NULL ? payload : "-");
}

static void say_counts(struct pool *p)
{
	struct pool_counts n = pool_counts(p);
	printf("counts reads=%lld read_groups=%lld writes=%lld write_groups=%lld alone=%lld"
	       " errors=%lld timeouts=%lld unknown=%lld reconnects=%lld waiting_reads=%d"
	       " waiting_writes=%d connections=%d busy=%d ready=%d\n",
		(long long)n.reads, (long long)n.read_groups, (long long)n.writes,
		(long long)n.write_groups, (long long)n.alone, (long long)n.errors,
		(long long)n.timeouts, (long long)n.unknown, (long long)n.reconnects,
		n.waiting_reads, n.waiting_writes, n.connections, pool_busy(p), pool_ready(p));
}

static void obey(struct probe *p, char *line)
{
	static char ready[] = "ready", never[] = "never";
	char *word[WORDS_MOST], *rest = line;
	int words = 0;
	while (words < WORDS_MOST && (word[words] = strsep(&rest, " ")) != NULL)
		words++;
	if (strcmp(word[0], "read") == 0)
		queue(p, WAY_READ, word, words);
	else if (strcmp(word[0], "slow") == 0)
		queue(p, WAY_SLOW, word, words);
	else if (strcmp(word[0], "write") == 0)
		queue(p, WAY_WRITE, word, words);
	else if (strcmp(word[0], "go") == 0)
		go(p);
	else if (strcmp(word[0], "counts") == 0)
		say_counts(p->pool);
	else if (strcmp(word[0], "ready") == 0)
		pool_on_ready(p->pool, on_ready, ready);
	else if (strcmp(word[0], "never") == 0) {
		pool_on_ready(p->pool, on_ready, never);
		pool_off_ready(p->pool, on_ready, never);
	} else if (strcmp(word[0], "load") == 0)
		load_start(p->pool, word + 1, words - 1);
	else if (strcmp(word[0], "free") == 0) {
		pool_free(p->pool);
		p->pool = NULL;
		event_base_loopbreak(p->base);
	} else {
		fprintf(stderr, "no command %s\n", word[0]);
		exit(2);
	}
	fflush(stdout);
}

static void on_stdin(evutil_socket_t fd, short what, void *arg)
{
	(void)what;
	struct probe *p = arg;
	ssize_t n = read(fd, p->line + p->used, sizeof p->line - p->used);
	if (n <= 0) {
		event_base_loopbreak(p->base);
		return;
	}
	p->used += (size_t)n;
	char *end;
	while (p->pool != NULL && (end = memchr(p->line, '\n', p->used)) != NULL) {
		*end = '\0';
		obey(p, p->line);
		p->used -= (size_t)(end + 1 - p->line);
		memmove(p->line, end + 1, p->used);
	}
}

static struct pool_settings read_settings(int argc, char **argv)
{
	struct pool_settings s = { .conninfo = argv[1],
		.readers = 2,
		.slow = 1,
		.operation_timeout_ms = 10000,
		.wait_timeout_ms = 5000,
		.slow_timeout_ms = 10000,
		.queue_length = 4096,
		.group = 256 };
	const struct {
		const char *name;
		int *value;
	} rows[] = { { "readers=", &s.readers }, { "slow=", &s.slow },
		{ "operation=", &s.operation_timeout_ms }, { "wait=", &s.wait_timeout_ms },
		{ "slow_timeout=", &s.slow_timeout_ms }, { "queue=", &s.queue_length },
		{ "group=", &s.group } };
	for (int i = 2; i < argc; i++) {
		for (size_t r = 0; r < sizeof rows / sizeof rows[0]; r++) {
			size_t n = strlen(rows[r].name);
			if (strncmp(argv[i], rows[r].name, n) == 0)
				*rows[r].value = (int)strtol(argv[i] + n, NULL, 10);
		}
	}
	return s;
}

int main(int argc, char **argv)
{
	if (argc < 2)
		return 2;
	struct probe p = { 0 };
	p.last = &p.queued;
	p.base = event_base_new();
	struct pool_settings settings = read_settings(argc, argv);
	p.pool = pool_new(p.base, &settings);
	for (int i = 2; i < argc; i++) {
		if (strncmp(argv[i], "listen=", 7) == 0)
			pool_listen(p.pool, argv[i] + 7, on_notify, NULL);
	}
	struct event *in = event_new(p.base, STDIN_FILENO, EV_READ | EV_PERSIST, on_stdin, &p);
	event_add(in, NULL);
	setvbuf(stdout, NULL, _IOLBF, 0);
	event_base_dispatch(p.base);
	pool_free(p.pool);
	event_free(in);
	event_base_free(p.base);
	return 0;
}
