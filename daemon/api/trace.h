/* SPDX-License-Identifier: MulanPSL-2.0 */
/*
 * api/trace: a write with its audit entry and its idempotency key, for everything that is no
 * event of a case: load: trace_ask; decide: trace_learn, trace_write, then what hangs on the
 * mark; answer: trace_written.
 */
#ifndef OGID_API_TRACE_H
#define OGID_API_TRACE_H

#include "api/app.h"
#include "store/audit.h"

struct trace {
	int32_t org;
	const struct rows *head, *found;
	struct remembered key; /* with replay: what was answered */
	bool replay;
	struct audit_mark mark;
};

/* Asks on x->reads for what is not known: the head of the organisation's audit and, for a
 * repeated exchange, its key. */
void trace_ask(struct exchange *x, struct trace *t, int32_t org);
/* Takes the answers. With t->replay set the write was done before: give the answer again and
 * write nothing. 422 when the key stands for another request. */
const struct problem *trace_learn(struct exchange *x, struct trace *t);
/* Queues the entry and the key on x->writes. The object names what the answer is rendered from.
 * `detail` is ready JSON or NULL. */
void trace_write(struct exchange *x, struct trace *t, const char *action, const char *object,
	const char *detail, int status);
/* After the write. False: return exchange_again(x). */
bool trace_written(struct exchange *x, struct trace *t);
/* Says Idempotency-Replayed. */
void trace_replayed(struct exchange *x, const struct trace *t);

/* The row to remember this exchange by. */
void trace_key(struct exchange *x, int32_t org, const char *object, int status,
	struct remembered *ret_key);

#endif
