/* SPDX-License-Identifier: MulanPSL-2.0 */
/* serve: what main starts for `ogid serve`. Everything hangs off one struct on the stack. */
#include "serve.h"

#include "api/app.h"
#include "api/portal_page.h"
#include "api/routes.h"
#include "base/clock.h"
#include "base/log.h"
#include "domain/permission.h"
#include "jobs/indexer.h"
#include "migrate.h"
#include "web/files.h"

#include <event2/event.h>
#include <event2/thread.h>
#include <malloc.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#ifdef OGID_SYSTEMD
#include <systemd/sd-daemon.h>
#endif

enum {
	DRAIN_SECONDS = 20,
	READY_POLL_MS = 5,
	GROUP = 256,
	PROXIES = 32,
	LARGE = 64 * 1024,
	CALLBACKS = 32
};

struct serving {
	const struct config *config;
	struct event_base *base;
	struct pool *pool;
	struct app *app;
	struct server *server;
	struct indexer *indexer;
	struct files *files;
	struct event *stop[2], *ready, *watchdog;
	char *proxies;
	const char *proxy[PROXIES + 1];
	int64_t started;
	bool draining;
};

static void tell_manager(const char *state)
{
#ifdef OGID_SYSTEMD
	sd_notify(0, state);
#else
	(void)state;
#endif
}

static void on_drained(void *arg)
{
	struct serving *s = arg;
	event_base_loopexit(s->base, NULL);
}

static void on_stop(evutil_socket_t signal, short what, void *arg)
{
	struct serving *s = arg;
	(void)what;
	if (s->draining) { /* asked twice: at once */
		event_base_loopexit(s->base, NULL);
		return;
	}
	s->draining = true;
	log_line(LOG_AT_NOTICE, "serve", "stop=signal signal=%d", (int)signal);
	tell_manager("STOPPING=1");
	server_drain(s->server, DRAIN_SECONDS, on_drained, s);
}

static void on_watchdog(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	(void)arg;
	tell_manager("WATCHDOG=1");
}

/* Ready means: connected and the reference tables are loaded. */
static void on_ready_poll(evutil_socket_t fd, short what, void *arg)
{
	struct serving *s = arg;
	(void)fd;
	(void)what;
	if (s->app->directory == NULL || !pool_ready(s->pool))
		return;
	event_del(s->ready);
	log_line(LOG_AT_NOTICE, "serve", "ready=1 port=%d ms=%lld version=%s",
		server_port(s->server), (long long)((clock_monotonic() - s->started) / 1000),
		OGID_VERSION);
	tell_manager("READY=1");
}

static void split_proxies(struct serving *s)
{
	int n = 0;
	s->proxies = strdup(s->config->proxy_addresses);
	if (s->proxies == NULL)
		abort();
	char *rest = s->proxies, *one;
	while (n < PROXIES && (one = strsep(&rest, ", ")) != NULL)
		if (one[0] != '\0')
			s->proxy[n++] = one;
}

static struct timeval milliseconds(int64_t ms)
{
	return (struct timeval){ .tv_sec = ms / 1000,
		.tv_usec = (suseconds_t)(ms % 1000 * 1000) };
}

static struct event *every(struct serving *s, int64_t ms, event_callback_fn fn)
{
	struct event *e = event_new(s->base, -1, EV_PERSIST, fn, s);
	struct timeval period = milliseconds(ms);
	event_add(e, &period);
	return e;
}

static void watch(struct serving *s)
{
	s->stop[0] = evsignal_new(s->base, SIGTERM, on_stop, s);
	s->stop[1] = evsignal_new(s->base, SIGINT, on_stop, s);
	event_add(s->stop[0], NULL);
	event_add(s->stop[1], NULL);
	s->ready = every(s, READY_POLL_MS, on_ready_poll);
#ifdef OGID_SYSTEMD
	uint64_t us;
	if (sd_watchdog_enabled(0, &us) > 0)
		s->watchdog = every(s, (int64_t)(us / 2000), on_watchdog);
#endif
}

/* A socket that systemd listens on, or -1. */
static int inherited_socket(void)
{
#ifdef OGID_SYSTEMD
	if (sd_listen_fds(1) >= 1)
		return SD_LISTEN_FDS_START;
#endif
	return -1;
}

static struct pool_settings pool_of(const struct config *c)
{
	return (struct pool_settings){ .conninfo = c->database,
		.read_conninfo = c->read_database[0] != '\0' ? c->read_database : NULL,
		.readers = c->readers,
		.slow = c->slow,
		.operation_timeout_ms = c->operation_timeout_ms,
		.wait_timeout_ms = c->operation_timeout_ms,
		.slow_timeout_ms = c->statement_timeout_ms,
		.queue_length = c->queue_length,
		.group = GROUP };
}

static struct server *listen_on(struct serving *s, const char **ret_why)
{
	const struct config *c = s->config;
	if (c->web_root[0] != '\0') {
		s->files = files_new(c->web_root, ret_why);
		if (s->files == NULL)
			return NULL;
	}
	struct server_settings settings = { .listen = c->listen,
		.listen_fd = inherited_socket(),
		.tls_certificate = c->tls_certificate[0] != '\0' ? c->tls_certificate : NULL,
		.tls_key = c->tls_key[0] != '\0' ? c->tls_key : NULL,
		.max_header_bytes = c->max_header_bytes,
		.max_body_bytes = c->max_body_bytes,
		.body_budget_bytes = c->body_budget_bytes,
		.max_connections = c->max_connections,
		.request_timeout_s = c->request_timeout_s,
		.idle_timeout_s = c->idle_timeout_s,
		.password_threads = c->password_threads,
		.password_queue = c->password_queue,
		.roles = ogi_roles,
		.problem_page = portal_problem,
		.files = s->files,
		.proxies = s->proxy };
	return server_new(
		s->base, s->pool, &settings, api_routes, &app_session_lookup, s->app, ret_why);
}

static void clear(struct serving *s)
{
	struct event *events[] = { s->stop[0], s->stop[1], s->ready, s->watchdog };
	for (size_t i = 0; i < sizeof events / sizeof events[0]; i++)
		if (events[i] != NULL)
			event_free(events[i]);
	/* The pool answers what is still waiting, so it ends before the server that listens to
	 * the answers. */
	if (s->pool != NULL)
		pool_free(s->pool);
	indexer_free(s->indexer);
	server_free(s->server);
	files_free(s->files);
	app_free(s->app);
	event_base_free(s->base);
	free(s->proxies);
}

int serve_run(const struct config *config, struct keys *keys)
{
	struct serving s = { .config = config, .started = clock_monotonic() };
	const char *why = NULL;
	if (!migrate_check(config->database, stderr))
		return 1;
	signal(SIGPIPE, SIG_IGN);
	/* Bodies and large answers go back to the system when they are freed; else one hour of
	 * hostile clients would be resident for good. */
	mallopt(M_MMAP_THRESHOLD, LARGE);
	evthread_use_pthreads();
	s.base = event_base_new();
	split_proxies(&s);
	struct pool_settings pool = pool_of(config);
	s.pool = pool_new(s.base, &pool);
	struct app_settings settings = { .session_hours = config->session_hours,
		.session_idle_hours = config->session_idle_hours,
		.login_failures = config->login_failures,
		.login_window_s = config->login_window_s,
		.heartbeat_s = config->stream_heartbeat_s,
		.portal_requests = config->portal_requests,
		.portal_refusals = config->portal_refusals,
		.tls = config->tls_certificate[0] != '\0' };
	s.app = app_new(s.base, s.pool, keys, &settings);
	s.server = listen_on(&s, &why);
	if (s.server != NULL) {
		s.app->server = s.server;
		s.indexer = indexer_new(s.base, s.pool);
		watch(&s);
		event_base_dispatch(s.base);
	} else {
		fprintf(stderr, "ogid: %s\n", why);
	}
	bool served = s.server != NULL;
	clear(&s);
	return served ? 0 : 1;
}
