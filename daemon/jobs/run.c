/* SPDX-License-Identifier: MulanPSL-2.0 */
/* jobs/run: the loop turned by hand until an answer is in. */
#include "jobs/run.h"

#include <event2/event.h>
#include <string.h>

enum { OPERATION_MS = 600000, CONNECT_MS = 15000 };

struct waiting {
	bool answered;
	enum db_result result;
};

static void on_answer(void *arg, enum db_result result)
{
	struct waiting *w = arg;
	w->answered = true;
	w->result = result;
}

static enum db_result wait_for(struct job *j, struct waiting *w)
{
	while (!w->answered && event_base_loop(j->base, EVLOOP_ONCE) == 0)
		;
	return w->answered ? w->result : DB_AWAY;
}

bool job_read(struct job *j, struct batch *b)
{
	struct waiting w = { 0 };
	pool_read_slow(j->pool, b, on_answer, &w);
	enum db_result result = wait_for(j, &w);
	if (result == DB_DONE)
		return true;
	if (result == DB_ERROR)
		fprintf(j->err, "ogid: the database refused a question (SQLSTATE %s)\n",
			batch_sqlstate(b));
	else
		fprintf(j->err, "ogid: the database does not answer\n");
	return false;
}

enum db_result job_write(struct job *j, struct batch *b, int32_t org)
{
	struct waiting w = { 0 };
	struct write_order order = { .org = org, .rank = 2 };
	pool_write(j->pool, b, &order, on_answer, &w);
	return wait_for(j, &w);
}

bool job_open(struct job *j, const char *conninfo, struct keys *keys, FILE *out, FILE *err)
{
	*j = (struct job){ .base = event_base_new(), .keys = keys, .out = out, .err = err };
	struct pool_settings s = { .conninfo = conninfo,
		.readers = 1,
		.slow = 1,
		.operation_timeout_ms = OPERATION_MS,
		.wait_timeout_ms = CONNECT_MS,
		.slow_timeout_ms = OPERATION_MS,
		.queue_length = 512,
		.group = 64 };
	j->pool = pool_new(j->base, &s);
	struct arena *a = arena_new();
	struct batch *b = batch_new(a);
	struct directory_questions q;
	directory_ask(b, &q);
	bool there = job_read(j, b);
	if (there)
		j->directory = directory_build(&q);
	arena_free(a);
	if (!there)
		job_close(j);
	return there;
}

void job_close(struct job *j)
{
	directory_release(j->directory);
	if (j->pool != NULL)
		pool_free(j->pool);
	if (j->base != NULL)
		event_base_free(j->base);
	*j = (struct job){ 0 };
}
