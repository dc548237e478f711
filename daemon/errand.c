/* SPDX-License-Identifier: MulanPSL-2.0 */
/* errand: the loop that a command drives. */
#include "errand.h"

#include "base/clock.h"
#include "base/log.h"
#include "migrate.h"

#include <event2/event.h>
#include <stdio.h>
#include <string.h>

enum { WRITES_MOST = 8 };

bool errand_open(struct errand *e, const struct config *config, struct keys *keys)
{
	const struct pool_settings settings = {
		.conninfo = config->database,
		.readers = 1,
		.operation_timeout_ms = config->operation_timeout_ms,
		.wait_timeout_ms = config->operation_timeout_ms,
		.queue_length = 64,
		.group = 1,
	};
	*e = (struct errand){ .config = config, .keys = keys, .now = clock_now() };
	log_threshold(LOG_AT_WARNING); /* connecting is no news here */
	if (!migrate_check(config->database, stderr))
		return false;
	e->arena = arena_new();
	e->tickets = tickets_new();
	e->base = event_base_new();
	e->pool = pool_new(e->base, &settings);
	struct directory_questions questions;
	struct batch *b = batch_new(e->arena);
	directory_ask(b, &questions);
	if (!errand_read(e, b))
		return false;
	e->directory = directory_build(&questions);
	return true;
}

void errand_close(struct errand *e)
{
	directory_release(e->directory);
	if (e->pool != NULL)
		pool_free(e->pool);
	if (e->base != NULL)
		event_base_free(e->base);
	tickets_free(e->tickets);
	arena_free(e->arena);
}

static void on_answered(void *arg, enum db_result result)
{
	struct errand *e = arg;
	e->answered = true;
	e->result = result;
	event_base_loopbreak(e->base);
}

static bool wait(struct errand *e, const struct batch *b)
{
	while (!e->answered && event_base_loop(e->base, EVLOOP_ONCE) == 0)
		continue;
	if (e->answered && e->result == DB_DONE)
		return true;
	if (e->answered && e->result == DB_ERROR)
		fprintf(stderr, "ogid: the database refused it (SQLSTATE %s %s)\n",
			batch_sqlstate(b), batch_constraint(b));
	else if (e->answered && e->result == DB_UNKNOWN)
		fprintf(stderr,
			"ogid: the connection broke; run it again, nothing is done twice\n");
	else
		fprintf(stderr, "ogid: the database does not answer\n");
	return false;
}

bool errand_read(struct errand *e, struct batch *reads)
{
	e->answered = false;
	pool_read(e->pool, reads, on_answered, e);
	return wait(e, reads);
}

static bool learn(struct errand *e, int32_t org)
{
	if (tickets_known(e->tickets, TICKET_AUDIT, org, 0))
		return true;
	struct batch *b = batch_new(e->arena);
	const struct rows *head = tickets_ask(b, TICKET_AUDIT, org, 0);
	if (!errand_read(e, b))
		return false;
	tickets_learn(e->tickets, TICKET_AUDIT, org, 0, head);
	return true;
}

bool errand_write(struct errand *e, int32_t org, const char *action, const char *object,
	errand_queue_fn *queue, void *arg)
{
	const struct write_order order = { .org = org, .rank = 2 };
	const struct audit_fact fact = {
		.org = org,
		.login = "system",
		.action = action,
		.object = object,
		.at = e->now,
	};
	for (int i = 0; i < WRITES_MOST; i++) {
		struct audit_mark mark;
		if (!learn(e, org))
			return false;
		struct batch *b = batch_new(e->arena);
		audit_ask(e->arena, b, &fact, NULL, e->tickets, e->keys, &mark);
		queue(e, b, &mark, arg);
		e->answered = false;
		pool_write(e->pool, b, &order, on_answered, e);
		if (!wait(e, b))
			return false;
		if (audit_written(e->tickets, &mark))
			return true;
	}
	fprintf(stderr, "ogid: too busy; run it again\n");
	return false;
}
