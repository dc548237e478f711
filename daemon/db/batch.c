/* SPDX-License-Identifier: MulanPSL-2.0 */
/* db/batch: the questions of a batch, their answers and the queues batches wait in. */
#include "db/batch_parts.h"

#include <assert.h>
#include <string.h>

static void results_clear(void *arg)
{
	struct batch *b = arg;
	struct question *q;
	STAILQ_FOREACH(q, &b->questions, next)
	{
		PQclear(q->rows.result);
		q->rows.result = NULL;
	}
}

struct batch *batch_new(struct arena *a)
{
	struct batch *b = arena_make(a, struct batch);
	b->arena = a;
	STAILQ_INIT(&b->questions);
	arena_at_end(a, results_clear, b);
	return b;
}

struct bind *batch_bind(struct batch *b)
{
	return bind_new(b->arena);
}

const struct rows *batch_ask(struct batch *b, const struct stmt *s, const struct bind *values)
{
	assert(b->done == NULL);
	assert(s->params == (values != NULL ? values->count : 0));
	struct question *q = arena_make(b->arena, struct question);
	q->stmt = s;
	q->values = values;
	STAILQ_INSERT_TAIL(&b->questions, q, next);
	b->asked++;
	return &q->rows;
}

bool batch_empty(const struct batch *b)
{
	return b->asked == 0;
}

const char *batch_sqlstate(const struct batch *b)
{
	return b->sqlstate;
}

const char *batch_constraint(const struct batch *b)
{
	return b->constraint;
}

void batch_reset(struct batch *b)
{
	results_clear(b);
	b->answered = 0;
	b->sqlstate[0] = '\0';
	b->constraint[0] = '\0';
}

void batch_answer(struct batch *b, struct question *q, PGresult *result)
{
	PQclear(q->rows.result);
	q->rows.result = result;
	b->answered++;
}

/* Cuts what does not fit: names in PostgreSQL have at most 63 bytes. */
static void keep(char *to, size_t size, const char *s)
{
	size_t n = s != NULL ? strnlen(s, size - 1) : 0;
	if (n > 0)
		memcpy(to, s, n);
	to[n] = '\0';
}

void batch_refuse(struct batch *b, const PGresult *result)
{
	keep(b->sqlstate, sizeof b->sqlstate, PQresultErrorField(result, PG_DIAG_SQLSTATE));
	keep(b->constraint, sizeof b->constraint,
		PQresultErrorField(result, PG_DIAG_CONSTRAINT_NAME));
}

bool batch_refused_by(const struct batch *b, const char *const *states)
{
	for (; *states != NULL; states++) {
		if (strcmp(b->sqlstate, *states) == 0)
			return true;
	}
	return false;
}

void batches_init(struct batches *q)
{
	STAILQ_INIT(&q->list);
	q->count = 0;
}

void batches_add(struct batches *q, struct batch *b)
{
	STAILQ_INSERT_TAIL(&q->list, b, next);
	q->count++;
}

void batches_add_first(struct batches *q, struct batch *b)
{
	STAILQ_INSERT_HEAD(&q->list, b, next);
	q->count++;
}

struct batch *batches_take(struct batches *q)
{
	struct batch *b = STAILQ_FIRST(&q->list);
	if (b != NULL) {
		STAILQ_REMOVE_HEAD(&q->list, next);
		q->count--;
	}
	return b;
}

void batches_move_first(struct batches *q, struct batches *from)
{
	STAILQ_CONCAT(&from->list, &q->list);
	STAILQ_CONCAT(&q->list, &from->list);
	q->count += from->count;
	from->count = 0;
}

void batches_move_last(struct batches *q, struct batches *from)
{
	STAILQ_CONCAT(&q->list, &from->list);
	q->count += from->count;
	from->count = 0;
}
