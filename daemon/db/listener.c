/* SPDX-License-Identifier: MulanPSL-2.0 */
/* db/listener: one LISTEN per channel, again after each loss. */
#include "db/listener.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum { CHANNELS_MOST = 8 };

struct channel {
	const char *name; /* borrowed */
	char statement[80], sql[80];
	struct stmt listen;
	pool_notify_fn *fn;
	void *arg;
};

struct listener {
	struct desk *desk;
	struct connection *connection;
	bool sent, listening;
	int count;
	struct channel channel[CHANNELS_MOST];
};

static void on_opened(void *user)
{
	struct listener *l = user;
	if (l->count == 0)
		return;
	connection_start(l->connection);
	for (int i = 0; i < l->count; i++)
		connection_command(l->connection, &l->channel[i].listen);
	connection_sync(l->connection);
	l->sent = true;
}

static void on_closed(void *user)
{
	struct listener *l = user;
	l->listening = l->sent = false;
	desk_wake(l->desk);
}

static void on_landed(void *user, struct flight *f)
{
	struct listener *l = user;
	l->sent = false;
	if (f->failed) {
		connection_drop(l->connection);
		return;
	}
	l->listening = true;
	/* What was sent until now went past us, at the first start too: others may have filled
	 * their caches before we listened. */
	for (int i = 0; i < l->count; i++)
		l->channel[i].fn(l->channel[i].arg, NULL, NULL);
}

static void on_crashed(void *user, struct flight *f, bool late)
{
	(void)f;
	(void)late;
	(void)user;
}

static void on_notified(void *user, const char *channel, const char *payload)
{
	struct listener *l = user;
	for (int i = 0; i < l->count; i++) {
		if (strcmp(l->channel[i].name, channel) == 0)
			l->channel[i].fn(l->channel[i].arg, channel, payload);
	}
}

static const struct connection_calls calls = { on_opened, on_closed, on_landed, on_crashed,
	on_notified };

struct listener *listener_new(
	struct event_base *base, struct desk *d, const struct connection_settings *s)
{
	struct listener *l = calloc(1, sizeof *l);
	if (l == NULL)
		abort();
	l->desk = d;
	l->connection = connection_new(base, s, &calls, l);
	return l;
}

void listener_free(struct listener *l)
{
	if (l == NULL)
		return;
	connection_free(l->connection);
	free(l);
}

void listener_add(struct listener *l, const char *channel, pool_notify_fn *fn, void *arg)
{
	assert(l->count < CHANNELS_MOST && !connection_is_open(l->connection));
	assert(strlen(channel) < 64);
	assert(strspn(channel, "abcdefghijklmnopqrstuvwxyz0123456789_") == strlen(channel));
	struct channel *c = &l->channel[l->count++];
	c->name = channel;
	snprintf(c->statement, sizeof c->statement, "ogid_listen_%s", channel);
	snprintf(c->sql, sizeof c->sql, "LISTEN %s", channel);
	c->listen = (struct stmt){ c->statement, c->sql, 0 };
	c->fn = fn;
	c->arg = arg;
}

void listener_tick(struct listener *l, int64_t now)
{
	connection_tick(l->connection, now);
}

bool listener_open(const struct listener *l)
{
	return connection_is_open(l->connection) && (l->listening || l->count == 0);
}

bool listener_restless(const struct listener *l)
{
	return l->sent || !listener_open(l);
}

int64_t listener_returns(const struct listener *l)
{
	return connection_returns(l->connection);
}
