/* SPDX-License-Identifier: MulanPSL-2.0 */
/* web/server: listening, TLS, the tie between evhttp and web/peer, and a graceful end. */
#include "web/server.h"

#include "base/log.h"
#include "web/listening.h"
#include "web/passwords.h"
#include "web/running.h"
#include "web/tls.h"

#include <assert.h>
#include <event2/bufferevent.h>
#include <event2/bufferevent_ssl.h>
#include <event2/event.h>
#include <event2/http.h>
#include <event2/listener.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

enum {
	SESSIONS_MOST = 4096,
	SESSION_LIFE_MS =
		10000, /* a session revoked elsewhere ends at the latest then, NOTIFY or not */
	ALL_METHODS = 0xffff, /* evhttp would answer others by itself, and not in JSON */
	END_TURNS = 100,
};

/* server_parts.h holds what the exchanges use; this is what only server.c does. */
struct door {
	struct server s; /* first */
	struct evhttp *http;
	struct evhttp_bound_socket *bound;
	struct tls *tls;
	struct event *rest;  /* listening again after a time without free descriptors */
	struct event *close; /* the listening socket, when all that waited there is let in */
	struct event *drained;
	void (*done)(void *arg);
	void *done_arg;
	bool draining, told;
	int port;
};

static struct door *door_of(struct server *s)
{
	return (struct door *)s;
}

/* ---- what web/peer asks ---- */

static bool streams(void *arg, const char *target, const struct head *h)
{
	const struct server *s = arg;
	char path[GUARD_PATH_MOST + 1];
	struct routed found;
	if (guard_path(target, h->path_size, path) != GUARD_OK ||
		!router_find(s->router, path, strlen(path), &found))
		return false;
	const struct route *route = found.of[h->verb == VERB_PUT ? METHOD_PUT : METHOD_POST];
	return route != NULL && (route->flags & ROUTE_STREAM) != 0;
}

static void on_request(void *arg, struct peer *p, struct evhttp_request *req)
{
	struct server *s = arg;
	if (peer_fault(p) != GUARD_OK)
		s->counts.bad_requests++;
	running_start(s, p, req);
}

static void tell_drained(struct door *d)
{
	const struct timeval now = { 0, 0 };
	if (d->draining && !d->told)
		event_add(d->drained, &now);
}

static void on_empty(void *arg)
{
	tell_drained(door_of(arg));
}

static void on_drained(evutil_socket_t fd, short what, void *arg)
{
	struct door *d = arg;
	(void)fd;
	(void)what;
	if (d->told)
		return;
	d->told = true;
	d->done(d->done_arg);
}

static void stop_listening(struct door *d)
{
	if (d->bound != NULL)
		evhttp_del_accept_socket(d->http, d->bound);
	d->bound = NULL;
}

/* A turn after the signal: whoever was waiting to be accepted then has been. */
static void on_close(evutil_socket_t fd, short what, void *arg)
{
	struct door *d = arg;
	(void)fd;
	(void)what;
	stop_listening(d);
	peers_drain(d->s.peers);
	running_drain(&d->s);
	if (peers_count(d->s.peers) == 0)
		tell_drained(d);
}

/* Behind the answers that were ready together. */
static void on_turn_end(evutil_socket_t fd, short what, void *arg)
{
	struct server *s = arg;
	(void)fd;
	(void)what;
	log_release(&s->lines);
}

/* ---- connections ---- */

static struct bufferevent *on_accept(struct event_base *base, void *arg)
{
	struct door *d = arg;
	struct ssl_st *session = NULL;
	struct bufferevent *socket;
	/* NULL would make evhttp serve the connection unguarded, and in the clear. */
	if (d->tls != NULL) {
		session = tls_session(d->tls);
		socket = bufferevent_openssl_socket_new(
			base, -1, session, BUFFEREVENT_SSL_ACCEPTING, BEV_OPT_CLOSE_ON_FREE);
	} else {
		socket = bufferevent_socket_new(base, -1, BEV_OPT_CLOSE_ON_FREE);
	}
	if (socket == NULL)
		abort();
	return peer_new(d->s.peers, socket, session);
}

/* No descriptor is left: trying again at once would spin. */
static void on_accept_error(struct evconnlistener *listener, void *arg)
{
	struct door *d = arg;
	const struct timeval later = { 0, 100000 };
	log_line(LOG_AT_WARNING, "accept", "error=\"%s\"",
		evutil_socket_error_to_string(EVUTIL_SOCKET_ERROR()));
	evconnlistener_disable(listener);
	event_add(d->rest, &later);
}

static void on_rest(evutil_socket_t fd, short what, void *arg)
{
	struct door *d = arg;
	(void)fd;
	(void)what;
	if (d->bound != NULL)
		evconnlistener_enable(evhttp_bound_socket_get_listener(d->bound));
}

static void on_libevent_log(int severity, const char *message)
{
	static const enum log_level levels[] = { LOG_AT_DEBUG, LOG_AT_INFO, LOG_AT_WARNING,
		LOG_AT_ERROR };
	log_line(severity >= 0 && severity <= 3 ? levels[severity] : LOG_AT_ERROR, "libevent",
		"%s", message);
}

/* ---- life ---- */

static void set_peers(struct door *d, struct event_base *base, const struct server_settings *t)
{
	const struct peer_rules rules = {
		.max_header = t->max_header_bytes,
		.max_body = t->max_body_bytes,
		.budget = t->body_budget_bytes,
		.max_peers = t->max_connections,
		.request_us = t->request_timeout_s * INT64_C(1000000),
		.idle_us = t->idle_timeout_s * INT64_C(1000000),
	};
	const struct peer_calls calls = {
		.streams = streams,
		.request = on_request,
		.piece = running_piece,
		.taken = running_taken,
		.late = running_late,
		.gone = running_gone,
		.empty = on_empty,
	};
	d->s.peers = peers_new(base, &rules, &calls, &d->s);
}

/* False with a sentence in *ret_why. */
static bool set_http(struct door *d, struct event_base *base, const struct server_settings *t,
	const char **ret_why)
{
	int fd = t->listen_fd >= 0 ? listening_take(t->listen_fd, ret_why)
				   : listening_open(t->listen, ret_why);
	if (fd < 0)
		return false;
	d->port = listening_port(fd);
	struct evconnlistener *listener = evconnlistener_new(
		base, NULL, NULL, LEV_OPT_CLOSE_ON_FREE | LEV_OPT_CLOSE_ON_EXEC, 0, fd);
	d->http = evhttp_new(base);
	d->rest = event_new(base, -1, 0, on_rest, d);
	d->close = event_new(base, -1, 0, on_close, d);
	d->drained = event_new(base, -1, 0, on_drained, d);
	if (listener == NULL || d->http == NULL || d->rest == NULL || d->close == NULL ||
		d->drained == NULL)
		abort();
	/* Sizes and times are web/peer's business: what reaches evhttp is whole. */
	evhttp_set_allowed_methods(d->http, ALL_METHODS);
	evhttp_set_bevcb(d->http, on_accept, d);
	evhttp_set_gencb(d->http, peers_request, d->s.peers);
	d->bound = evhttp_bind_listener(d->http, listener);
	if (d->bound == NULL)
		abort();
	evconnlistener_set_error_cb(listener, on_accept_error);
	return true;
}

struct server *server_new(struct event_base *base, struct pool *pool,
	const struct server_settings *t, const struct route *routes,
	const struct session_lookup *lookup, void *app, const char **ret_why)
{
	struct door *d = calloc(1, sizeof *d);
	if (d == NULL)
		abort();
	struct server *s = &d->s;
	event_set_log_callback(on_libevent_log);
	/* libevent writes without MSG_NOSIGNAL: a client that left must not end the process. */
	signal(SIGPIPE, SIG_IGN);
	s->base = base;
	s->turn_end = event_new(base, -1, 0, on_turn_end, s);
	if (s->turn_end == NULL)
		abort();
	s->pool = pool;
	s->router = router_new(routes);
	s->lookup = lookup;
	s->roles = t->roles;
	s->proxies = t->proxies;
	s->files = t->files;
	s->problem_page = t->problem_page;
	s->app = app;
	s->sessions = sessions_new(SESSIONS_MOST, SESSION_LIFE_MS);
	TAILQ_INIT(&s->running);
	TAILQ_INIT(&s->ready);
	TAILQ_INIT(&s->line);
	set_peers(d, base, t);
	s->passwords = passwords_new(base, t->password_threads, t->password_queue);
	bool good = s->passwords != NULL;
	if (!good)
		*ret_why = "cannot start the password threads";
	if (good && t->tls_certificate != NULL) {
		d->tls = tls_new(t->tls_certificate, t->tls_key, ret_why);
		good = d->tls != NULL;
	}
	if (good)
		good = set_http(d, base, t, ret_why);
	if (!good) {
		server_free(s);
		return NULL;
	}
	return s;
}

void server_drain(struct server *s, int seconds, void (*done)(void *), void *arg)
{
	struct door *d = door_of(s);
	assert(!d->draining);
	const struct timeval limit = { seconds, 0 }, next_turn = { 0, 0 };
	d->draining = true;
	d->done = done;
	d->done_arg = arg;
	event_add(d->drained, &limit);
	event_add(d->close, &next_turn);
}

void server_free(struct server *s)
{
	if (s == NULL)
		return;
	struct door *d = door_of(s);
	passwords_free(s->passwords);
	/* The pool has answered everybody; whoever still waits here waits for a client or for
	 * nothing. */
	struct running *r;
	while ((r = TAILQ_FIRST(&s->running)) != NULL)
		running_drop(r);
	d->bound = NULL;
	if (d->http != NULL)
		evhttp_free(d->http);
	/* libevent ends the connections' filters in later turns. */
	for (int i = 0; i < END_TURNS && peers_count(s->peers) > 0; i++)
		event_base_loop(s->base, EVLOOP_NONBLOCK);
	if (d->rest != NULL)
		event_free(d->rest);
	if (d->close != NULL)
		event_free(d->close);
	if (d->drained != NULL)
		event_free(d->drained);
	peers_free(s->peers);
	tls_free(d->tls);
	sessions_free(s->sessions);
	router_free(s->router);
	buf_clear(&s->head);
	event_free(s->turn_end);
	log_release(&s->lines);
	free(d);
}

struct sessions *server_sessions(struct server *s)
{
	return s->sessions;
}

struct pool *server_pool(struct server *s)
{
	return s->pool;
}

int server_port(const struct server *s)
{
	return ((const struct door *)s)->port;
}

struct server_counts server_counts(const struct server *s)
{
	struct server_counts c = s->counts;
	c.connections = peers_count(s->peers);
	c.refused_connections = peers_refused(s->peers);
	c.buffered = peers_buffered(s->peers);
	c.bytes_in = peers_bytes_in(s->peers);
	return c;
}
