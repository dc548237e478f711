/* SPDX-License-Identifier: MulanPSL-2.0 */
/*
 * web/exchange: one HTTP request and its answer: load, decide, answer. Steps know no event
 * loop: a step may queue questions (reads or a write) and the next step runs when they are
 * answered. A "request" is the citizen's, so HTTP's is an exchange.
 */
#ifndef OGID_WEB_EXCHANGE_H
#define OGID_WEB_EXCHANGE_H

#include "base/json_write.h"
#include "db/pool.h"
#include "web/problem.h"
#include "web/session.h"

enum method { METHOD_GET, METHOD_POST, METHOD_PUT, METHOD_DELETE, METHODS };

struct query_item {
	const char *name, *value; /* decoded, well-formed UTF-8, no control characters */
};

typedef const struct problem *step_fn(struct exchange *x);

enum route_flag {
	ROUTE_OPEN = 1u << 0,   /* no session */
	ROUTE_JSON = 1u << 1,   /* takes a JSON body (415 otherwise); x->json is an object */
	ROUTE_STREAM = 1u << 2, /* takes a large body through web/upload; x->upload */
	ROUTE_SLOW = 1u << 3,   /* its reads go to the slow connections */
	ROUTE_IDEMPOTENT = 1u << 4, /* honours Idempotency-Key */
	ROUTE_IF_MATCH = 1u << 5,
	ROUTE_QUERY =
		1u << 6, /* checks its query itself; without it any query parameter is a 400 */
	ROUTE_HIDDEN = 1u << 7, /* answered without log line (health, metrics) */
	ROUTE_PAGE = 1u << 8,   /* for people: a problem is a page too */
};
struct route {
	enum method method;
	const char *path; /* "/v1/cases/{id}/events"; at most 4 parameters */
	unsigned roles;   /* any of these bits; 0 = any session */
	step_fn *const *steps;
	unsigned flags;
	const char *answers; /* "201 the case after it" */
};

struct server;
struct upload;

struct exchange {
	struct arena *arena;
	struct server *server;
	void *app;      /* the api's context, given at server_new */
	void *snapshot; /* of the api's reference tables, held until the end; NULL: not yet */
	const struct route *route;
	enum method method;
	const char *path;   /* decoded path, without query */
	const char *arg[4]; /* path parameters, decoded */
	const struct query_item *query;
	int queries;
	const char *body;
	size_t body_size;
	json_t *json;            /* object, or NULL */
	struct upload *upload;   /* ROUTE_STREAM */
	const struct actor *who; /* NULL on open routes */
	const char *address; /* of the client: peer, or X-Forwarded-For from a trusted proxy */
	bool english;        /* Accept-Language */
	struct uuid key;     /* Idempotency-Key, or one made for this exchange */
	bool key_given;
	int64_t if_match;      /* version, -1 none */
	int64_t now;           /* one instant for the whole exchange */
	struct ogi_date today; /* China */
	/* what a step may queue: either reads or one write, never both */
	struct batch *reads, *writes;
	bool slow; /* its reads go to the slow connections, whatever the route says */
	struct write_order order;
	void *state;   /* of the steps */
	int tries;     /* how often exchange_again was taken */
	bool doubtful; /* a write was sent whose fate is not known */
	/* the answer */
	int status;               /* default 200 */
	const char *content_type; /* default application/json */
	struct buf reply;
};

/* Zeroed state of the steps; the same memory on the next call (and zeroed again after
 * exchange_again). */
void *exchange_state(struct exchange *x, size_t bytes);
/* Runs the steps again from the first (somebody was faster; the answer of a commit was lost).
 * After 32 times: 503 busy. */
const struct problem *exchange_again(struct exchange *x);
/* The step waits for something else than the database (password threads, upload);
 * exchange_resume goes on with the next step. */
void exchange_park(struct exchange *x);
void exchange_resume(struct exchange *x);
/* Goes on with step `index` of the route after this one: a loop over pieces, or past steps that
 * are not needed. */
void exchange_step(struct exchange *x, int index);
/* A header of the answer. */
void exchange_header(struct exchange *x, const char *name, const char *value);
/* A query parameter's value, or NULL. */
const char *exchange_query(const struct exchange *x, const char *name);
/* 400 for a parameter not in the NULL-ended list, or one given twice. */
const struct problem *exchange_query_only(struct exchange *x, const char *const *names);
/* Reads x->json by the rows; all faults at once. */
const struct problem *exchange_form(struct exchange *x, const struct field *fields, void *form);
/* A request header, or NULL. */
const char *exchange_request_header(const struct exchange *x, const char *name);

#endif
