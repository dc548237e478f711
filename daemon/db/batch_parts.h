/* SPDX-License-Identifier: MulanPSL-2.0 */
/* db/batch_parts: the insides of a batch, for the folder db/ only. */
#ifndef OGID_DB_BATCH_PARTS_H
#define OGID_DB_BATCH_PARTS_H

#include "db/batch.h"

#include <libpq-fe.h>
#include <sys/queue.h>

struct rows {
	PGresult *result; /* owned; NULL until answered */
};

struct question {
	STAILQ_ENTRY(question) next;
	const struct stmt *stmt;
	const struct bind *values; /* NULL: none */
	struct rows rows;
};
STAILQ_HEAD(questions, question);

struct batch {
	struct arena *arena;
	struct questions questions;
	int asked, answered;
	char sqlstate[6];
	char constraint[64];

	/* While the pool has it. */
	STAILQ_ENTRY(batch) next;
	batch_done_fn *done;
	void *arg;
	enum db_result result;
	struct write_order order;
	int64_t sequence; /* order of arrival, makes sorting stable */
	int64_t queued;   /* clock_monotonic */
	bool alone;       /* shares its Sync or transaction with nobody */
	int lost;         /* connections that broke under it */
	int stale;        /* runs that met an outdated prepared statement */
	int conflicts;    /* runs that ended in 40001 or 40P01 */
};

/* Batches in order, counted. */
struct batches {
	STAILQ_HEAD(, batch) list;
	int count;
};
void batches_init(struct batches *q);
void batches_add(struct batches *q, struct batch *b);
void batches_add_first(struct batches *q, struct batch *b);
/* The first one, taken out, or NULL. */
struct batch *batches_take(struct batches *q);
/* Moves all of `from` before (or behind) what is in `q`. */
void batches_move_first(struct batches *q, struct batches *from);
void batches_move_last(struct batches *q, struct batches *from);

/* Forgets answers and errors, so that the batch can be sent again. */
void batch_reset(struct batch *b);
/* Takes the result as the answer to `q`. */
void batch_answer(struct batch *b, struct question *q, PGresult *result);
/* Keeps SQLSTATE and constraint of a failed result. */
void batch_refuse(struct batch *b, const PGresult *result);
/* The SQLSTATE is one of the list (NULL at the end). */
bool batch_refused_by(const struct batch *b, const char *const *states);

#endif
