/* SPDX-License-Identifier: MulanPSL-2.0 */
/*
 * tests/api: a server with the probe's routes and no database. web_probe [name=value ...];
 * prints the port, serves until SIGTERM (drains) or until its standard input ends (stops at
 * once).
 */
#include "probe_pool.h"
#include "probe_routes.h"

#include "base/log.h"

#include <event2/event.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct probe {
	struct event_base *base;
	struct server *server;
	struct pool *pool;
	int drain_s;
};

static const char *word(int count, char **words, const char *name, const char *preset)
{
	size_t n = strlen(name);
	for (int i = 1; i < count; i++)
		if (strncmp(words[i], name, n) == 0 && words[i][n] == '=')
			return words[i] + n + 1;
	return preset;
}

static int number(int count, char **words, const char *name, int preset)
{
	const char *s = word(count, words, name, NULL);
	return s != NULL ? (int)strtol(s, NULL, 10) : preset;
}

static void on_drained(void *arg)
{
	struct probe *p = arg;
	event_base_loopbreak(p->base);
}

static void on_term(evutil_socket_t fd, short what, void *arg)
{
	struct probe *p = arg;
	(void)fd;
	(void)what;
	server_drain(p->server, p->drain_s, on_drained, p);
}

static void on_input(evutil_socket_t fd, short what, void *arg)
{
	struct probe *p = arg;
	char byte;
	(void)what;
	if (read(fd, &byte, 1) <= 0)
		event_base_loopbreak(p->base);
}

static struct event_base *new_base(void)
{
	struct event_config *config = event_config_new();
	event_config_set_flag(config, EVENT_BASE_FLAG_EPOLL_USE_CHANGELIST);
	struct event_base *base = event_base_new_with_config(config);
	event_config_free(config);
	return base;
}

int main(int count, char **words)
{
	const char *proxies[] = { word(count, words, "proxy", NULL), NULL };
	const struct server_settings settings = {
		.listen = word(count, words, "listen", "127.0.0.1:0"),
		.listen_fd = number(count, words, "fd", -1),
		.tls_certificate = word(count, words, "certificate", NULL),
		.tls_key = word(count, words, "key", NULL),
		.max_header_bytes = (size_t)number(count, words, "header", 16384),
		.max_body_bytes = (size_t)number(count, words, "body", 1048576),
		.body_budget_bytes = (size_t)number(count, words, "budget", 16777216),
		.max_connections = number(count, words, "connections", 2000),
		.request_timeout_s = number(count, words, "request", 30),
		.idle_timeout_s = number(count, words, "idle", 75),
		.password_threads = number(count, words, "threads", 2),
		.password_queue = number(count, words, "queue", 8),
		.proxies = proxies,
		.roles = probe_roles,
	};
	log_threshold((enum log_level)number(count, words, "log", LOG_AT_INFO));
	struct probe p = { .base = new_base(), .drain_s = number(count, words, "drain", 5) };
	const char *why = "";
	if (number(count, words, "pool", 0) != 0)
		p.pool = probe_pool_new(p.base);
	p.server = server_new(p.base, p.pool, &settings, probe_routes, &probe_lookup, &p, &why);
	if (p.server == NULL) {
		fprintf(stderr, "web_probe: %s\n", why);
		probe_pool_free(p.pool);
		event_base_free(p.base);
		return 1;
	}
	printf("%d\n", server_port(p.server));
	fflush(stdout);
	struct event *term = evsignal_new(p.base, SIGTERM, on_term, &p);
	struct event *input =
		event_new(p.base, STDIN_FILENO, EV_READ | EV_PERSIST, on_input, &p);
	event_add(term, NULL);
	if (number(count, words, "watch", 1) != 0)
		event_add(input, NULL);
	event_base_dispatch(p.base);
	event_free(input);
	event_free(term);
	/* The pool first: it answers everybody, and the answers still find their exchanges. */
	probe_pool_free(p.pool);
	server_free(p.server);
	event_base_free(p.base);
	libevent_global_shutdown();
	return 0;
}
