/* SPDX-License-Identifier: MulanPSL-2.0 */
/*
 * db/connection: every message sent that has an answer leaves a slot in a ring; answers come in
 * the same order. Rules of pipeline mode kept here: PQgetResult only while PQisBusy says no;
 * a NULL ends a statement; after an error everything up to the Sync is PGRES_PIPELINE_ABORTED.
 */
#include "db/connection.h"

#include "base/clock.h"
#include "base/log.h"
#include "db/handshake.h"
#include "db/prepared.h"

#include <assert.h>
#include <event2/event.h>
#include <event2/event_struct.h>
#include <stdlib.h>
#include <string.h>

enum state {
	STATE_DOWN,    /* waiting to try again */
	STATE_SHAKING, /* connecting */
	STATE_SETTING, /* connected, session settings sent */
	STATE_OPEN,
};

enum slot_kind { SLOT_PREPARE, SLOT_RUN, SLOT_SYNC };

struct slot {
	enum slot_kind kind;
	const struct stmt *stmt;
	struct batch *batch;       /* answers for it, or NULL */
	struct question *question; /* takes the result, or NULL */
};

STAILQ_HEAD(flights, flight);

struct connection {
	struct connection_settings settings;
	const struct connection_calls *calls;
	void *user;
	struct event_base *base;
	struct handshake handshake;
	PGconn *conn;
	enum state state;
	bool failing; /* to be closed by the timer */
	bool between; /* the NULL after a result is still to be taken */
	int64_t opens;
	struct event in, out, timer;
	struct prepared prepared;
	struct flights flights; /* oldest first */
	struct flight *loading; /* between start and sync */
	struct slot *slot;      /* ring; size is a power of two */
	size_t size, first, slots;
};

static const struct stmt begin = { "ogid_begin", "BEGIN", 0 };
static const struct stmt commit = { "ogid_commit", "COMMIT", 0 };
static const struct stmt rollback = { "ogid_rollback", "ROLLBACK", 0 };
static const struct stmt deallocate = { "ogid_deallocate", "DEALLOCATE ALL", 0 };
/* No parallel workers and no JIT: to start either takes longer than the statements run that the
 * planner, which cannot know how few rows an index leaves of an array, would use them for. */
static const struct stmt session = { "ogid_session",
	"SELECT set_config('TimeZone', 'UTC', false), set_config('statement_timeout', $1, false),"
	" set_config('default_transaction_isolation', 'read committed', false),"
	" set_config('plan_cache_mode', $2, false), set_config('jit', 'off', false),"
	" set_config('max_parallel_workers_per_gather', '0', false)",
	2 };

static void slot_add(struct connection *c, struct slot s)
{
	if (c->slots == c->size) {
		size_t size = c->size > 0 ? 2 * c->size : 256;
		struct slot *bigger = calloc(size, sizeof *bigger);
		if (bigger == NULL)
			abort();
		for (size_t i = 0; i < c->slots; i++)
			bigger[i] = c->slot[(c->first + i) & (c->size - 1)];
		free(c->slot);
		c->slot = bigger;
		c->size = size;
		c->first = 0;
	}
	c->slot[(c->first + c->slots++) & (c->size - 1)] = s;
}

static struct slot slot_take(struct connection *c)
{
	assert(c->slots > 0);
	struct slot s = c->slot[c->first];
	c->first = (c->first + 1) & (c->size - 1);
	c->slots--;
	return s;
}

/* Closing at once would pull the connection out from under whoever is using it now. */
static void fail(struct connection *c)
{
	c->failing = true;
	event_active(&c->timer, EV_TIMEOUT, 0);
}

static void flush(struct connection *c)
{
	int left = PQflush(c->conn);
	if (left < 0)
		fail(c);
	else if (left > 0 && !event_pending(&c->out, EV_WRITE, NULL))
		event_add(&c->out, NULL);
}

/* --- sending --- */

struct flight *connection_start(struct connection *c)
{
	assert(c->loading == NULL && c->state >= STATE_SETTING);
	struct flight *f = calloc(1, sizeof *f);
	if (f == NULL)
		abort();
	batches_init(&f->batches);
	STAILQ_INSERT_TAIL(&c->flights, f, next);
	c->loading = f;
	return f;
}

static void run(struct connection *c, const struct stmt *s, const struct bind *values,
	struct batch *b, struct question *q)
{
	assert(c->loading != NULL);
	bool *there = prepared_flag(&c->prepared, s);
	if (!*there) {
		if (!PQsendPrepare(c->conn, s->name, s->sql, s->params, NULL)) {
			fail(c);
			return;
		}
		slot_add(c, (struct slot){ SLOT_PREPARE, s, b, NULL });
		*there = true;
	}
	const char *const *value = values != NULL ? values->value : NULL;
	if (!PQsendQueryPrepared(c->conn, s->name, s->params, value, NULL, NULL, 1)) {
		fail(c);
		return;
	}
	slot_add(c, (struct slot){ SLOT_RUN, s, b, q });
}

void connection_ask(struct connection *c, struct batch *b)
{
	struct question *q;
	STAILQ_FOREACH(q, &b->questions, next)
	run(c, q->stmt, q->values, b, q);
}

void connection_begin(struct connection *c, struct batch *alone)
{
	run(c, &begin, NULL, alone, NULL);
}

void connection_commit(struct connection *c, struct batch *alone)
{
	run(c, &commit, NULL, alone, NULL);
}

void connection_rollback(struct connection *c)
{
	run(c, &rollback, NULL, NULL, NULL);
}

void connection_command(struct connection *c, const struct stmt *s)
{
	run(c, s, NULL, NULL, NULL);
}

void connection_sync(struct connection *c)
{
	assert(c->loading != NULL);
	c->loading->sent = clock_monotonic();
	c->loading = NULL;
	slot_add(c, (struct slot){ .kind = SLOT_SYNC });
	if (!PQpipelineSync(c->conn))
		fail(c);
	else
		flush(c);
}

void connection_forget(struct connection *c)
{
	if (c->state != STATE_OPEN || c->failing)
		return;
	/* In a flight of its own: nothing before it can make the server skip it. */
	connection_start(c)->ours = true;
	run(c, &deallocate, NULL, NULL, NULL);
	connection_sync(c);
	prepared_clear(&c->prepared);
}

/* --- receiving --- */

static void tell_refusal(const struct connection *c, const struct slot *s, const PGresult *r)
{
	const char *state = PQresultErrorField(r, PG_DIAG_SQLSTATE);
	const char *constraint = PQresultErrorField(r, PG_DIAG_CONSTRAINT_NAME);
	/* Messages of other classes quote values, and values are about people. */
	static const char *const plain[] = { "0A", "25", "26", "42", "53", "57", "58", "XX" };
	const char *message = NULL;
	for (size_t i = 0; state != NULL && i < sizeof plain / sizeof plain[0]; i++) {
		if (strncmp(state, plain[i], 2) == 0)
			message = PQresultErrorField(r, PG_DIAG_MESSAGE_PRIMARY);
	}
	log_line(LOG_AT_WARNING, "db",
		"role=%s statement=%s sqlstate=%s constraint=%s text=\"%s\"", c->settings.role,
		s->stmt != NULL ? s->stmt->name : "-", state != NULL ? state : "-",
		constraint != NULL ? constraint : "-", message != NULL ? message : "");
}

/* True for errors after which the server hangs up. */
static bool is_fatal(const PGresult *r)
{
	const char *severity = PQresultErrorField(r, PG_DIAG_SEVERITY_NONLOCALIZED);
	return severity == NULL || strcmp(severity, "FATAL") == 0 ||
	       strcmp(severity, "PANIC") == 0;
}

static void refuse(struct connection *c, struct flight *f, const struct slot *s, PGresult *r)
{
	f->failed = true;
	f->guilty = s->batch;
	if (s->batch != NULL)
		batch_refuse(s->batch, r);
	tell_refusal(c, s, r);
}

/* The answer to one message. Takes the result. False when the connection is of no use any more.
 */
static bool take(struct connection *c, struct slot s, PGresult *r)
{
	struct flight *f = STAILQ_FIRST(&c->flights);
	ExecStatusType status = PQresultStatus(r);
	bool good = status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK ||
		    status == PGRES_EMPTY_QUERY;
	bool skipped = status == PGRES_PIPELINE_ABORTED;
	if (!good && !skipped && (status != PGRES_FATAL_ERROR || is_fatal(r))) {
		PQclear(r);
		return false;
	}
	if (!good && !skipped)
		refuse(c, f, &s, r);
	if (!good && s.kind == SLOT_PREPARE)
		*prepared_flag(&c->prepared, s.stmt) = false;
	if (good && s.stmt == &commit)
		f->committed = strcmp(PQcmdStatus(r), "COMMIT") == 0;
	if (good && s.question != NULL)
		batch_answer(s.batch, s.question, r);
	else
		PQclear(r);
	return true;
}

static void land(struct connection *c)
{
	struct flight *f = STAILQ_FIRST(&c->flights);
	STAILQ_REMOVE_HEAD(&c->flights, next);
	if (c->state == STATE_SETTING) {
		if (f->failed) {
			fail(c);
		} else {
			c->state = STATE_OPEN;
			c->opens++;
			handshake_done(&c->handshake);
			log_line(LOG_AT_NOTICE, "db", "role=%s state=connected",
				c->settings.role);
			c->calls->opened(c->user);
		}
	} else if (!f->ours) {
		c->calls->landed(c->user, f);
	}
	free(f);
}

static void receive(struct connection *c)
{
	while (c->slots > 0 && !PQisBusy(c->conn)) {
		PGresult *r = PQgetResult(c->conn);
		if (r == NULL) {
			if (!c->between)
				break;
			c->between = false;
			continue;
		}
		if (PQresultStatus(r) == PGRES_PIPELINE_SYNC) {
			PQclear(r);
			struct slot s = slot_take(c);
			assert(s.kind == SLOT_SYNC);
			land(c);
			continue;
		}
		if (c->slot[c->first].kind == SLOT_SYNC) {
			/* An error that belongs to no statement, the server's last word. */
			PQclear(r);
			fail(c);
			break;
		}
		c->between = true;
		if (!take(c, slot_take(c), r)) {
			fail(c);
			break;
		}
	}
	PGnotify *n;
	while (!c->failing && (n = PQnotifies(c->conn)) != NULL) {
		if (c->calls->notified != NULL)
			c->calls->notified(c->user, n->relname, n->extra);
		PQfreemem(n);
	}
}

/* "canceling wait for synchronous replication": committed here, perhaps not on the standby. It
 * comes as a warning while COMMIT is being answered, 01000 or (the server goes down) 57P01. */
static void on_notice(void *arg, const PGresult *r)
{
	struct connection *c = arg;
	struct flight *f = STAILQ_FIRST(&c->flights);
	const char *state = PQresultErrorField(r, PG_DIAG_SQLSTATE);
	if (f == NULL || state == NULL || c->slots == 0 || c->slot[c->first].stmt != &commit)
		return;
	if (strcmp(state, "01000") == 0 || strcmp(state, "57P01") == 0) {
		f->doubtful = true;
		log_line(LOG_AT_WARNING, "db", "role=%s sqlstate=%s unreplicated=%d",
			c->settings.role, state, f->batches.count);
	}
}

/* --- opening and closing --- */

/* Flights sent before that instant were not answered in time. */
static void shut(struct connection *c, int64_t late_before)
{
	event_del(&c->in);
	event_del(&c->out);
	event_del(&c->timer);
	PQfinish(c->conn);
	c->conn = NULL;
	c->state = STATE_DOWN;
	c->failing = c->between = false;
	c->loading = NULL;
	c->first = c->slots = 0;
	prepared_clear(&c->prepared);
	struct flights gone = STAILQ_HEAD_INITIALIZER(gone);
	STAILQ_CONCAT(&gone, &c->flights);
	struct flight *f;
	while ((f = STAILQ_FIRST(&gone)) != NULL) {
		STAILQ_REMOVE_HEAD(&gone, next);
		if (!f->ours)
			c->calls->crashed(c->user, f, f->sent < late_before);
		free(f);
	}
	c->calls->closed(c->user);
}

static void wait_and_retry(struct connection *c)
{
	struct timeval pause = handshake_pause(&c->handshake);
	event_add(&c->timer, &pause);
}

static void close_and_retry(struct connection *c, int64_t late_before)
{
	if (c->state == STATE_SETTING)
		handshake_failed(&c->handshake, c->settings.role, "no session settings");
	if (c->state == STATE_OPEN)
		log_line(LOG_AT_WARNING, "db", "role=%s state=lost why=%s", c->settings.role,
			late_before > 0 ? "time-out" : "broken");
	shut(c, late_before);
	wait_and_retry(c);
}

static void on_in(evutil_socket_t fd, short what, void *arg);

static void on_out(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	struct connection *c = arg;
	/* Reading while writing: else both sides could wait with full buffers. */
	on_in(fd, EV_READ, c);
	if (c->state >= STATE_SETTING && !c->failing)
		flush(c);
}

static void on_in(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	struct connection *c = arg;
	if (c->failing)
		return;
	/* What arrived before the end is still read: a COMMIT may be among it. */
	bool alive = PQconsumeInput(c->conn) == 1;
	receive(c);
	if (!alive || c->failing)
		close_and_retry(c, 0);
}

static void on_connected(struct connection *c)
{
	int fd = PQsocket(c->conn);
	event_assign(&c->in, c->base, fd, EV_READ | EV_PERSIST, on_in, c);
	event_assign(&c->out, c->base, fd, EV_WRITE, on_out, c);
	event_add(&c->in, NULL);
	PQsetNoticeReceiver(c->conn, on_notice, c);
	if (PQsetnonblocking(c->conn, 1) != 0 || !PQenterPipelineMode(c->conn)) {
		fail(c);
		return;
	}
	c->state = STATE_SETTING;
	char timeout[16];
	snprintf(timeout, sizeof timeout, "%d", c->settings.statement_timeout_ms);
	/* Fast statements are planned once: an array parameter (= ANY) would else be planned
	 * anew each time. */
	const char *plans =
		c->settings.statement_timeout_ms > 0 ? "auto" : "force_generic_plan";
	struct bind values = { .count = 2, .value = { timeout, plans } };
	connection_start(c)->ours = true;
	run(c, &session, &values, NULL, NULL);
	connection_sync(c);
}

static void on_shaking(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	struct connection *c = arg;
	PostgresPollingStatusType next = PQconnectPoll(c->conn);
	if (next == PGRES_POLLING_OK) {
		on_connected(c);
	} else if (next == PGRES_POLLING_READING || next == PGRES_POLLING_WRITING) {
		/* Another host means another socket. */
		short wanted = next == PGRES_POLLING_READING ? EV_READ : EV_WRITE;
		event_assign(&c->in, c->base, PQsocket(c->conn), wanted, on_shaking, c);
		event_add(&c->in, NULL);
	} else {
		handshake_failed(&c->handshake, c->settings.role, PQerrorMessage(c->conn));
		close_and_retry(c, 0);
	}
}

static void on_timer(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	struct connection *c = arg;
	if (c->failing) {
		close_and_retry(c, 0);
		return;
	}
	if (c->state != STATE_DOWN)
		return;
	c->state = STATE_SHAKING;
	c->conn = handshake_start(&c->handshake, c->settings.conninfo, c->settings.read_write);
	if (PQstatus(c->conn) == CONNECTION_BAD) {
		handshake_failed(&c->handshake, c->settings.role, PQerrorMessage(c->conn));
		close_and_retry(c, 0);
		return;
	}
	event_assign(&c->in, c->base, PQsocket(c->conn), EV_WRITE, on_shaking, c);
	event_add(&c->in, NULL);
}

struct connection *connection_new(struct event_base *base, const struct connection_settings *s,
	const struct connection_calls *calls, void *user)
{
	struct connection *c = calloc(1, sizeof *c);
	if (c == NULL)
		abort();
	c->settings = *s;
	c->calls = calls;
	c->user = user;
	c->base = base;
	STAILQ_INIT(&c->flights);
	event_assign(&c->in, base, -1, 0, on_in, c);
	event_assign(&c->out, base, -1, 0, on_out, c);
	event_assign(&c->timer, base, -1, 0, on_timer, c);
	struct timeval first = { .tv_usec = (suseconds_t)s->first_after_ms * 1000 };
	event_add(&c->timer, &first);
	return c;
}

void connection_free(struct connection *c)
{
	if (c == NULL)
		return;
	shut(c, 0);
	free(c->slot);
	free(c);
}

bool connection_is_open(const struct connection *c)
{
	return c->state == STATE_OPEN && !c->failing;
}

int64_t connection_returns(const struct connection *c)
{
	return c->opens > 1 ? c->opens - 1 : 0;
}

void connection_drop(struct connection *c)
{
	if (c->state == STATE_OPEN)
		fail(c);
}

void connection_tick(struct connection *c, int64_t now)
{
	struct flight *f = STAILQ_FIRST(&c->flights);
	int64_t late_before = now - (int64_t)c->settings.answer_timeout_ms * 1000;
	bool shaking = c->state == STATE_SHAKING || c->state == STATE_SETTING;
	if (shaking && handshake_late(&c->handshake, now)) {
		if (c->state == STATE_SHAKING)
			handshake_failed(&c->handshake, c->settings.role, "no answer in time");
		close_and_retry(c, 0);
	} else if (c->state == STATE_OPEN && f != NULL && f->sent < late_before) {
		close_and_retry(c, late_before);
	}
}
