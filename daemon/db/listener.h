/* SPDX-License-Identifier: MulanPSL-2.0 */
/* db/listener: the connection that LISTENs, and who is told. */
#ifndef OGID_DB_LISTENER_H
#define OGID_DB_LISTENER_H

#include "db/connection.h"
#include "db/desk.h"

struct listener;

struct listener *listener_new(
	struct event_base *base, struct desk *d, const struct connection_settings *s);
void listener_free(struct listener *l);
/* Before the first turn of the loop. */
void listener_add(struct listener *l, const char *channel, pool_notify_fn *fn, void *arg);
void listener_tick(struct listener *l, int64_t now);
bool listener_open(const struct listener *l); /* and listening */
bool listener_restless(const struct listener *l);
int64_t listener_returns(const struct listener *l);

#endif
