/* SPDX-License-Identifier: MulanPSL-2.0 */
/* web/server: evhttp with limits, guards, TLS and a graceful end. One per process. */
#ifndef OGID_WEB_SERVER_H
#define OGID_WEB_SERVER_H

#include "web/exchange.h"

struct event_base;
struct files;

struct server_settings {
	const char *listen; /* "127.0.0.1:8710", "[::1]:8710"; SO_REUSEPORT */
	int listen_fd;      /* from socket activation, -1 none */
	const char *tls_certificate, *tls_key; /* both or none */
	size_t max_header_bytes, max_body_bytes, body_budget_bytes;
	int max_connections, request_timeout_s, idle_timeout_s;
	int password_threads, password_queue;
	const struct files *files;  /* of the web client, borrowed, may be NULL */
	const char *const *proxies; /* trusted peers, NULL-ended, may be NULL; borrowed */
	/* Writes x->reply and x->content_type for a problem of a ROUTE_PAGE; may be NULL. */
	void (*problem_page)(struct exchange *x, const struct problem *p);
	const struct code
		*roles; /* names of the bits of actor.roles, for 403; borrowed, may be NULL */
};

/* The look-up of a session on a cache miss: queues its question on `x->reads`; the second
 * function reads the answer and fills *ret_who (arena) or leaves it NULL (no, or expired:
 * *ret_expired). */
struct session_lookup {
	void (*ask)(struct exchange *x, const struct mac *token, void **state);
	const struct actor *(*answer)(struct exchange *x, void *state, bool *ret_expired);
};

/* Routes end with a row whose path is NULL; borrowed. NULL with one sentence in *ret_why on
 * failure. */
struct server *server_new(struct event_base *base, struct pool *pool,
	const struct server_settings *s, const struct route *routes,
	const struct session_lookup *lookup, void *app, const char **ret_why);
/* Stops accepting, answers what was begun, closes idle connections; done(arg) when the last is
 * gone or after `seconds`. */
void server_drain(struct server *s, int seconds, void (*done)(void *), void *arg);
/* Outside the loop, after pool_free (which answers every exchange that waits for it): exchanges
 * that still wait are dropped, all connections closed; runs the loop for a few turns. */
void server_free(struct server *s);

struct sessions *server_sessions(struct server *s);
struct pool *server_pool(struct server *s);
int server_port(const struct server *s); /* the port really bound (":0" in tests) */

struct server_counts {
	int64_t exchanges, by_class[6], refused_connections, bad_requests, bytes_in, bytes_out;
	int64_t bucket[12]; /* of duration: 1 2 5 10 20 50 100 200 500 1000 5000 ms, more */
	int64_t duration_us;
	int connections, running;
	size_t buffered;
};
struct server_counts server_counts(const struct server *s);

#endif
