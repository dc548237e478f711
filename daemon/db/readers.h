/* SPDX-License-Identifier: MulanPSL-2.0 */
/*
 * db/readers: some connections that read, and the reads that wait for them. Reads of one turn
 * share a flight; what failed in company is sent again alone.
 */
#ifndef OGID_DB_READERS_H
#define OGID_DB_READERS_H

#include "db/connection.h"
#include "db/desk.h"

struct readers;

struct readers_settings {
	struct connection_settings connection;
	int connections;
	int flights; /* most at once on one connection; more reads wait, and share the next one
		      */
	int group;   /* most batches in one flight */
	int queue_length; /* most that wait */
	int wait_timeout_ms;
};

struct readers *readers_new(
	struct event_base *base, struct desk *d, const struct readers_settings *s);
/* Every read is answered DB_AWAY. */
void readers_free(struct readers *r);

void readers_add(struct readers *r, struct batch *b);
/* Sends what waits, as far as connections are free. */
void readers_send(struct readers *r);
void readers_tick(struct readers *r, int64_t now);

int readers_open(const struct readers *r); /* connections */
int readers_waiting(const struct readers *r);
int64_t readers_returns(const struct readers *r);
/* True while a tick is needed: something is under way or broken. */
bool readers_restless(const struct readers *r);

#endif
