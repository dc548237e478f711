/* SPDX-License-Identifier: MulanPSL-2.0 */
/*
 * web/exchange: the runner, the one place that waits. It runs step after step; when a step
 * queued questions, it sends them and goes on when they are answered. Whatever happens
 * meanwhile (the client leaves, the time is up, the database goes away), the memory of an
 * exchange stays until nobody else uses it.
 */
#include "web/running.h"

#include "base/clock.h"
#include "base/log.h"

#include <assert.h>
#include <event2/http.h>
#include <stdlib.h>
#include <string.h>

/* Another process may be faster several times in a row; in this one a line is kept. */
enum { TRIES_MOST = 32 };

/* What exchange_again returns: not a problem, a sign to the runner. */
static const struct problem again;

static void go(struct running *r);
static void line_leave(struct running *r);

/* What an SQLSTATE, or its first two characters, means for the client; the rest is our fault.
 */
static const struct {
	const char *state;
	enum problem_kind kind; /* NONE: run the steps again */
} states[] = {
	{ "40001", PROBLEM_NONE },          /* serialization_failure */
	{ "40P01", PROBLEM_NONE },          /* deadlock_detected */
	{ "23505", PROBLEM_NONE },          /* unique_violation: the steps see it now */
	{ "57014", PROBLEM_TIMEOUT },       /* query_canceled: statement_timeout */
	{ "25006", PROBLEM_DATABASE_AWAY }, /* read_only_sql_transaction: a standby answered */
	{ "53", PROBLEM_DATABASE_AWAY },    /* insufficient resources */
	{ "57P0", PROBLEM_DATABASE_AWAY },  /* shutting down, starting up */
	{ "08", PROBLEM_DATABASE_AWAY },
};

/* ---- life ---- */

static void running_free(struct running *r)
{
	struct server *s = r->x.server;
	TAILQ_REMOVE(&s->running, r, link);
	if (r->waiting == WAITING_READY)
		TAILQ_REMOVE(&s->ready, r, ready);
	s->counts.running--;
	buf_clear(&r->x.reply);
	buf_clear(&r->headers);
	if (r->lined)
		line_leave(r);
	arena_free(r->x.arena);
}

void running_drop(struct running *r)
{
	if (r->peer != NULL)
		peer_set_running(r->peer, NULL);
	if (r->lined)
		TAILQ_REMOVE(&r->x.server->line, r, line);
	r->lined = false;
	running_free(r);
}

/* The client gets its answer now; the memory goes when nothing is under way. */
static void finish(struct running *r)
{
	if (r->streaming)
		answer_end(r, r->length < 0 || r->put == r->length);
	else
		answer_send(r);
	r->answered = true;
	if (r->waiting == WAITING_NOT)
		running_free(r);
}

static void fail(struct running *r, const struct problem *p)
{
	/* Too late to say so: the client sees a body that breaks off. */
	if (r->streaming)
		r->length = r->put + 1;
	else
		answer_problem(r, p);
	finish(r);
}

static void fail_with(struct running *r, enum problem_kind kind)
{
	static const struct {
		enum problem_kind kind;
		const char *zh, *en;
	} details[] = {
		{ PROBLEM_DATABASE_AWAY, "没有保存任何内容，请稍后重试。",
			"Nothing was stored; try again shortly." },
		{ PROBLEM_BUSY, "没有保存任何内容，请稍后重试。",
			"Nothing was stored; try again shortly." },
		{ PROBLEM_TIMEOUT, "处理时间过长，请缩小范围或稍后重试。",
			"It took too long; ask for less, or try again later." },
		{ PROBLEM_UNRESOLVED, "请用同一幂等键重试，不会重复保存。",
			"Repeat it with the same Idempotency-Key; nothing is stored twice." },
	};
	for (size_t i = 0; i < sizeof details / sizeof *details; i++)
		if (details[i].kind == kind) {
			fail(r, problem_said(&r->x, kind, details[i].zh, details[i].en));
			return;
		}
	fail(r, problem(&r->x, kind, NULL, NULL));
}

static void new_batches(struct exchange *x)
{
	x->reads = batch_new(x->arena);
	x->writes = batch_new(x->arena);
}

/* From the route's first step. False when that was tried often enough. */
static bool start_over(struct running *r)
{
	struct exchange *x = &r->x;
	if (++x->tries > TRIES_MOST)
		return false;
	if (x->state != NULL)
		memset(x->state, 0, r->state_size);
	x->reply.used = 0;
	r->headers.used = 0;
	r->given = 0;
	x->status = 200;
	x->content_type = NULL;
	x->order = (struct write_order){ 0 };
	new_batches(x);
	r->opening = false;
	r->step = x->route->steps;
	return true;
}

static void run_again(struct running *r)
{
	if (start_over(r))
		go(r);
	else
		fail_with(r, r->x.doubtful ? PROBLEM_UNRESOLVED : PROBLEM_BUSY);
}

/* ---- one at a time ---- */

static bool same_object(const struct running *r, const struct running *other)
{
	return r->lined_up.org == other->lined_up.org &&
	       memcmp(&r->lined_up.id, &other->lined_up.id, sizeof r->lined_up.id) == 0;
}

/* Whoever comes first in the line for what it writes to, or NULL. */
static struct running *line_first(const struct running *r)
{
	struct running *other;
	TAILQ_FOREACH(other, &r->x.server->line, line)
	if (same_object(r, other))
		break;
	return other;
}

/*
 * Somebody was faster. Of many who write to one case only one can win each time, and each
 * reads the whole case for every try: so from the second try on they do it one after the
 * other, in the order in which they lost. Writes to no single object (order.id is none)
 * share their next group instead.
 */
static void try_again(struct running *r)
{
	struct server *s = r->x.server;
	if (!r->lined && !uuid_none(&r->x.order.id)) {
		r->lined_up = r->x.order;
		bool first = line_first(r) == NULL;
		r->lined = true;
		TAILQ_INSERT_TAIL(&s->line, r, line);
		if (!first) {
			r->waiting = WAITING_LINE;
			return;
		}
	}
	run_again(r);
}

static void line_leave(struct running *r)
{
	TAILQ_REMOVE(&r->x.server->line, r, line);
	r->lined = false;
	struct running *next = line_first(r);
	if (next == NULL || next->waiting != WAITING_LINE)
		return;
	next->waiting = WAITING_NOT;
	run_again(next);
}

/* ---- the database ---- */

static void on_ready(void *arg)
{
	struct server *s = arg;
	s->ready_asked = false;
	struct running_queue waited;
	TAILQ_INIT(&waited);
	TAILQ_CONCAT(&waited, &s->ready, ready);
	struct running *r;
	while ((r = TAILQ_FIRST(&waited)) != NULL) {
		TAILQ_REMOVE(&waited, r, ready);
		r->waiting = WAITING_NOT;
		run_again(r);
	}
}

/* Stored or not: the idempotency key's row tells, when the steps run again on a database that
 * answers. */
static void resolve(struct running *r)
{
	struct server *s = r->x.server;
	r->x.doubtful = true;
	if (pool_ready(s->pool)) {
		run_again(r);
		return;
	}
	r->waiting = WAITING_READY;
	TAILQ_INSERT_TAIL(&s->ready, r, ready);
	if (!s->ready_asked) {
		s->ready_asked = true;
		pool_on_ready(s->pool, on_ready, s);
	}
}

static void refused_by_database(struct running *r, const struct batch *b)
{
	const char *state = batch_sqlstate(b);
	for (size_t i = 0; i < sizeof states / sizeof *states; i++) {
		if (strncmp(state, states[i].state, strlen(states[i].state)) != 0)
			continue;
		if (states[i].kind == PROBLEM_NONE)
			run_again(r);
		else
			fail_with(r, states[i].kind);
		return;
	}
	log_line(LOG_AT_ERROR, "database", "sqlstate=%s constraint=%s route=%s exchange=%llu",
		state, batch_constraint(b), r->x.route->path, (unsigned long long)r->number);
	fail_with(r, PROBLEM_INTERNAL);
}

static void answered(struct running *r, const struct batch *b, enum db_result result)
{
	r->waiting = WAITING_NOT;
	if (r->answered) {
		running_free(r);
		return;
	}
	switch (result) {
	case DB_DONE:
		go(r);
		return;
	case DB_AWAY:
	case DB_LOST:
		fail_with(r, r->x.doubtful ? PROBLEM_UNRESOLVED : PROBLEM_DATABASE_AWAY);
		return;
	case DB_FULL:
		fail_with(r, r->x.doubtful ? PROBLEM_UNRESOLVED : PROBLEM_BUSY);
		return;
	case DB_TIMEOUT:
		fail_with(r, r->x.doubtful ? PROBLEM_UNRESOLVED : PROBLEM_TIMEOUT);
		return;
	case DB_UNKNOWN:
		resolve(r);
		return;
	case DB_ERROR:
		refused_by_database(r, b);
		return;
	}
}

static void on_reads(void *arg, enum db_result result)
{
	struct running *r = arg;
	struct batch *b = r->x.reads;
	r->x.reads = batch_new(r->x.arena);
	answered(r, b, result);
}

static void on_writes(void *arg, enum db_result result)
{
	struct running *r = arg;
	struct batch *b = r->x.writes;
	r->x.writes = batch_new(r->x.arena);
	answered(r, b, result);
}

static void ask(struct running *r)
{
	struct exchange *x = &r->x;
	struct pool *pool = x->server->pool;
	assert(batch_empty(x->writes) || batch_empty(x->reads));
	if (pool == NULL) {
		fail_with(r, PROBLEM_DATABASE_AWAY);
	} else if (!batch_empty(x->writes)) {
		r->waiting = WAITING_WRITES;
		pool_write(pool, x->writes, &x->order, on_writes, r);
	} else {
		r->waiting = WAITING_READS;
		if ((x->slow || (x->route->flags & ROUTE_SLOW) != 0) && !r->opening)
			pool_read_slow(pool, x->reads, on_reads, r);
		else
			pool_read(pool, x->reads, on_reads, r);
	}
}

/* ---- the steps ---- */

static void go(struct running *r)
{
	struct exchange *x = &r->x;
	for (;;) {
		if (*r->step == NULL) {
			if (!r->opening)
				break;
			r->opening = false;
			r->step = x->route->steps;
			continue;
		}
		r->stepping = true;
		const struct problem *p = (*r->step++)(x);
		r->stepping = false;
		if (p == &again) {
			try_again(r);
			return;
		}
		if (p != NULL) {
			fail(r, p);
			return;
		}
		bool asks = !batch_empty(x->reads) || !batch_empty(x->writes);
		if (r->waiting != WAITING_NOT) {
			assert(!asks);
			return;
		}
		if (asks) {
			ask(r);
			return;
		}
	}
	finish(r);
}

void running_start(struct server *s, struct peer *p, struct evhttp_request *req)
{
	struct arena *a = arena_new();
	struct running *r = arena_make(a, struct running);
	struct exchange *x = &r->x;
	x->arena = a;
	x->server = s;
	x->app = s->app;
	x->status = 200;
	x->if_match = -1;
	r->length = -1;
	x->now = clock_now();
	x->today = clock_china_date(x->now);
	x->path = "";
	r->peer = p;
	r->req = req;
	r->number = ++s->numbers;
	r->begun = peer_begun(p);
	r->opening = true;
	r->step = opening_steps;
	peer_set_running(p, r);
	TAILQ_INSERT_TAIL(&s->running, r, link);
	s->counts.running++;
	const struct problem *problem = opening_read(r);
	if (problem != NULL) {
		fail(r, problem);
		return;
	}
	new_batches(x);
	go(r);
}

/* ---- what happens to the client meanwhile ---- */

void running_gone(void *server, struct peer *p)
{
	struct running *r = peer_running(p);
	(void)server;
	r->peer = NULL;
	r->req = NULL;
	r->upload.broken = r->x.upload != NULL;
	if (r->waiting == WAITING_PIECE) {
		r->waiting = WAITING_NOT;
		go(r);
	} else {
		running_go_on(r);
	}
}

void running_go_on(struct running *r)
{
	if (r->waiting != WAITING_TAKEN && r->waiting != WAITING_EVENTS)
		return;
	r->waiting = WAITING_NOT;
	go(r);
}

void running_drain(struct server *s)
{
	struct running *r, *next;
	for (r = TAILQ_FIRST(&s->running); r != NULL; r = next) {
		next = TAILQ_NEXT(r, link);
		if (r->waiting == WAITING_EVENTS)
			running_go_on(r);
	}
}

void running_late(void *server, struct peer *p)
{
	struct running *r = peer_running(p);
	bool unknown = r->waiting == WAITING_WRITES || r->x.doubtful;
	(void)server;
	if (r->waiting == WAITING_READY) {
		TAILQ_REMOVE(&r->x.server->ready, r, ready);
		r->waiting = WAITING_NOT;
	}
	if (r->waiting == WAITING_LINE)
		r->waiting = WAITING_NOT;
	if (r->waiting == WAITING_PIECE) {
		/* Its steps must learn of the end, so that they can undo what they stored. */
		r->upload.broken = true;
		r->waiting = WAITING_NOT;
		go(r);
		return;
	}
	fail_with(r, unknown ? PROBLEM_UNRESOLVED : PROBLEM_TIMEOUT);
}

void running_piece(void *server, struct peer *p)
{
	(void)server;
	exchange_resume(&((struct running *)peer_running(p))->x);
}

void running_taken(void *server, struct peer *p)
{
	(void)server;
	running_go_on(peer_running(p));
}

/* ---- what steps may call ---- */

void *exchange_state(struct exchange *x, size_t bytes)
{
	struct running *r = running_of(x);
	if (x->state == NULL) {
		x->state = arena_alloc(x->arena, bytes);
		r->state_size = bytes;
	}
	assert(bytes == r->state_size);
	return x->state;
}

const struct problem *exchange_again(struct exchange *x)
{
	(void)x;
	return &again;
}

void exchange_step(struct exchange *x, int index)
{
	running_of(x)->step = x->route->steps + index;
}

void exchange_park(struct exchange *x)
{
	struct running *r = running_of(x);
	assert(r->waiting == WAITING_NOT && r->stepping);
	r->waiting = WAITING_PARKED;
}

void exchange_resume(struct exchange *x)
{
	struct running *r = running_of(x);
	assert(r->waiting == WAITING_PARKED || r->waiting == WAITING_PIECE);
	r->waiting = WAITING_NOT;
	if (r->stepping)
		return; /* the step that parked goes on by itself */
	if (r->answered)
		running_free(r);
	else
		go(r);
}

const char *exchange_query(const struct exchange *x, const char *name)
{
	for (int i = 0; i < x->queries; i++)
		if (strcmp(x->query[i].name, name) == 0)
			return x->query[i].value;
	return NULL;
}

const struct problem *exchange_query_only(struct exchange *x, const char *const *names)
{
	for (int i = 0; i < x->queries; i++) {
		const char *name = x->query[i].name;
		const char *const *known = names;
		while (*known != NULL && strcmp(*known, name) != 0)
			known++;
		if (*known == NULL)
			return problem(x, PROBLEM_BAD_QUERY, "没有查询参数 %s。",
				"There is no query parameter %s.", name);
		for (int j = 0; j < i; j++)
			if (strcmp(x->query[j].name, name) == 0)
				return problem(x, PROBLEM_BAD_QUERY, "查询参数 %s 只能给一次。",
					"The query parameter %s was given twice.", name);
	}
	return NULL;
}

const struct problem *exchange_form(struct exchange *x, const struct field *fields, void *form)
{
	struct faults *f = arena_make(x->arena, struct faults);
	faults_init(f, x->arena);
	return form_read(x->json, fields, form, "", f) ? NULL : problem_faults(x, f);
}

const char *exchange_request_header(const struct exchange *x, const char *name)
{
	const struct running *r = (const struct running *)x;
	return r->req != NULL
		       ? evhttp_find_header(evhttp_request_get_input_headers(r->req), name)
		       : NULL;
}
