/* SPDX-License-Identifier: MulanPSL-2.0 */
/*
 * db/writer: the one connection that writes. What arrived during a commit shares the next
 * transaction; a group that is refused is rolled back and each of it runs alone, in order.
 */
#ifndef OGID_DB_WRITER_H
#define OGID_DB_WRITER_H

#include "db/connection.h"
#include "db/desk.h"

struct writer;

struct writer_settings {
	struct connection_settings connection;
	int group; /* most batches in one transaction */
	int queue_length;
	int wait_timeout_ms;
};

struct writer *writer_new(
	struct event_base *base, struct desk *d, const struct writer_settings *s);
/* What was sent is answered DB_UNKNOWN, what waits DB_AWAY. */
void writer_free(struct writer *w);

void writer_add(struct writer *w, struct batch *b, const struct write_order *order);
/* Sends the next group when the last one has landed. */
void writer_send(struct writer *w);
void writer_tick(struct writer *w, int64_t now);

bool writer_open(const struct writer *w);
int writer_waiting(const struct writer *w);
int64_t writer_returns(const struct writer *w);
bool writer_restless(const struct writer *w);

#endif
