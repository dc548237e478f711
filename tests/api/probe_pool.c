/* SPDX-License-Identifier: MulanPSL-2.0 */
/* tests/api: the scripted pool. */
#include "probe_pool.h"

#include "db/batch_parts.h"

#include <event2/event.h>
#include <stdlib.h>
#include <string.h>

struct answer {
	struct pool *pool;
	struct batch *batch;
	batch_done_fn *done;
	void *arg;
	enum db_result result;
	struct event *timer;
	TAILQ_ENTRY(answer) link;
};

struct pool {
	struct event_base *base;
	char script[1024];
	size_t at;
	bool ready;
	pool_ready_fn *wake;
	void *wake_arg;
	struct event *back;
	TAILQ_HEAD(, answer) open;
};

static void on_back(evutil_socket_t fd, short what, void *arg)
{
	struct pool *p = arg;
	(void)fd;
	(void)what;
	p->ready = true;
	pool_ready_fn *wake = p->wake;
	p->wake = NULL;
	if (wake != NULL)
		wake(p->wake_arg);
}

struct pool *probe_pool_new(struct event_base *base)
{
	struct pool *p = calloc(1, sizeof *p);
	if (p == NULL)
		abort();
	p->base = base;
	p->ready = true;
	p->back = event_new(base, -1, 0, on_back, p);
	TAILQ_INIT(&p->open);
	return p;
}

static void end(struct answer *a)
{
	TAILQ_REMOVE(&a->pool->open, a, link);
	event_free(a->timer);
	free(a);
}

void probe_pool_free(struct pool *p)
{
	if (p == NULL)
		return;
	for (struct answer *a = TAILQ_FIRST(&p->open), *next; a != NULL; a = next) {
		struct answer last = *a;
		next = TAILQ_NEXT(a, link);
		end(a);
		last.done(last.arg, DB_AWAY);
	}
	event_free(p->back);
	free(p);
}

void probe_pool_script(struct pool *p, const char *results)
{
	strncpy(p->script, results, sizeof p->script - 1);
	p->at = 0;
}

static void on_answer(evutil_socket_t fd, short what, void *arg)
{
	struct answer a = *(struct answer *)arg;
	(void)fd;
	(void)what;
	end(arg);
	a.done(a.arg, a.result);
}

static void next_word(struct pool *p, char word[16])
{
	size_t n = strcspn(p->script + p->at, ",");
	size_t size = n < 15 ? n : 15;
	memcpy(word, p->script + p->at, size);
	word[size] = '\0';
	p->at += n + (p->script[p->at + n] == ',');
}

static enum db_result meaning(struct pool *p, const char *word, struct batch *b)
{
	static const struct {
		const char *word;
		enum db_result result;
	} words[] = { { "done", DB_DONE }, { "later", DB_DONE }, { "", DB_DONE },
		{ "away", DB_AWAY }, { "full", DB_FULL }, { "timeout", DB_TIMEOUT },
		{ "lost", DB_LOST }, { "unknown", DB_UNKNOWN }, { "down", DB_UNKNOWN },
		{ "dead", DB_UNKNOWN } };
	const struct timeval soon = { 0, 100000 };
	if (strcmp(word, "down") == 0 || strcmp(word, "dead") == 0)
		p->ready = false;
	if (strcmp(word, "down") == 0)
		event_add(p->back, &soon);
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (strcmp(words[i].word, word) == 0)
			return words[i].result;
	memcpy(b->sqlstate, word, sizeof b->sqlstate - 1);
	return DB_ERROR;
}

static void take(struct pool *p, struct batch *b, batch_done_fn *done, void *arg)
{
	char word[16];
	next_word(p, word);
	b->done = done;
	enum db_result result = meaning(p, word, b);
	if (result == DB_FULL) {
		done(arg, result);
		return;
	}
	const struct timeval wait = { strcmp(word, "later") == 0,
		strcmp(word, "later") == 0 ? 500000 : 0 };
	struct answer *a = calloc(1, sizeof *a);
	if (a == NULL)
		abort();
	*a = (struct answer){
		.pool = p, .batch = b, .done = done, .arg = arg, .result = result
	};
	a->timer = event_new(p->base, -1, 0, on_answer, a);
	TAILQ_INSERT_TAIL(&p->open, a, link);
	event_add(a->timer, &wait);
}

void pool_read(struct pool *p, struct batch *b, batch_done_fn *done, void *arg)
{
	take(p, b, done, arg);
}

void pool_read_slow(struct pool *p, struct batch *b, batch_done_fn *done, void *arg)
{
	take(p, b, done, arg);
}

void pool_write(struct pool *p, struct batch *b, const struct write_order *order,
	batch_done_fn *done, void *arg)
{
	(void)order;
	take(p, b, done, arg);
}

bool pool_ready(const struct pool *p)
{
	return p->ready;
}

void pool_on_ready(struct pool *p, pool_ready_fn *fn, void *arg)
{
	p->wake = fn;
	p->wake_arg = arg;
}
