/* SPDX-License-Identifier: MulanPSL-2.0 */
/*
 * db/connection: one libpq connection in pipeline mode on the event loop. Connects and comes
 * back by itself, prepares on first use, sends flights and receives their answers. A flight is
 * what goes out up to one Sync. Knows nothing of queues or of the order in which batches are
 * sent.
 */
#ifndef OGID_DB_CONNECTION_H
#define OGID_DB_CONNECTION_H

#include "db/batch_parts.h"

struct event_base;
struct connection;

struct flight {
	STAILQ_ENTRY(flight) next;
	struct batches batches; /* the sender's; it takes them out when the flight ends */
	int64_t sent;           /* clock_monotonic */
	bool ours;              /* the connection's own housekeeping: its user is not told */
	bool failed;            /* a statement was refused and what followed was skipped */
	struct batch *guilty;   /* whose statement that was (see batch_sqlstate), or NULL */
	bool committed;         /* COMMIT was answered with COMMIT */
	bool doubtful;          /* and with a warning that a standby may not have it */
};

struct connection_settings {
	const char *role;         /* for the log: "writer" */
	const char *conninfo;     /* borrowed */
	bool read_write;          /* only a primary will do */
	int answer_timeout_ms;    /* a flight not answered by then: the socket is closed */
	int statement_timeout_ms; /* of the session; 0 none */
	int first_after_ms;       /* before the first attempt: who can wait leaves the server to
				     those who are waited for */
};

/* What the user of a connection is told. Calls may send on the connection, never free it. */
struct connection_calls {
	void (*opened)(void *user);
	/* After the crashes; also after an attempt that failed. */
	void (*closed)(void *user);
	/* The Sync of the oldest flight came back. */
	void (*landed)(void *user, struct flight *f);
	/* The connection broke, oldest flight first; late: it was not answered in time. */
	void (*crashed)(void *user, struct flight *f, bool late);
	void (*notified)(void *user, const char *channel, const char *payload);
};

struct connection *connection_new(struct event_base *base, const struct connection_settings *s,
	const struct connection_calls *calls, void *user);
/* Tells of every flight that it crashed, then ends. */
void connection_free(struct connection *c);

bool connection_is_open(const struct connection *c);
/* Connections made after the first one. */
int64_t connection_returns(const struct connection *c);
/* Looks for answers and handshakes that take too long. */
void connection_tick(struct connection *c, int64_t now);
/* Closes the socket on the next turn of the loop and connects anew. */
void connection_drop(struct connection *c);

/* Starts a flight: statements follow, then connection_sync. Only while open. A failure to send
 * shows as a crash of the flight, later. */
struct flight *connection_start(struct connection *c);
void connection_ask(struct connection *c, struct batch *b);
/* A statement of nobody's, or of a batch that is alone and answers for it (may be NULL). */
void connection_begin(struct connection *c, struct batch *alone);
void connection_commit(struct connection *c, struct batch *alone);
void connection_rollback(struct connection *c);
void connection_command(struct connection *c, const struct stmt *s);
void connection_sync(struct connection *c);

/* Prepares everything anew from the next flight on: a plan became outdated, or is missing. */
void connection_forget(struct connection *c);

#endif
