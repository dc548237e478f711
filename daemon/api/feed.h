/* SPDX-License-Identifier: MulanPSL-2.0 */
/*
 * api/feed: reads the log of changes while somebody watches, and tells each watcher what he may
 * see (contract §2.1 /v1/stream, architecture §2.13). One reader for all watchers of a process.
 * NOTIFY ogid_change only wakes it; what it tells stands in the ledger. An id of the stream is
 * the transaction up to which everything was told.
 */
#ifndef OGID_API_FEED_H
#define OGID_API_FEED_H

#include "api/app.h"
#include "store/change.h"

#include <sys/queue.h>

enum {
	FEED_PAGE = 512,      /* changes read at a time; a transaction of more is a reset */
	FEED_WATCHERS = 1000, /* of one process */
	FEED_PENDING = 256 * 1024, /* bytes that may wait for one watcher */
};

struct feed;

/* Somebody who watches; inside the state of its exchange, which waits (stream_wait). */
struct watcher {
	TAILQ_ENTRY(watcher) link;
	struct exchange *x;
	int64_t from; /* transactions before were told when it came */
};

/* Listens; before the first turn of the loop. */
struct feed *feed_new(struct app *app);
void feed_free(struct feed *f);

/* This process has queued a write of events: all processes look, soon. */
void feed_touch(struct feed *f);
/* A session has ended, or (NULL) any may have: its streams end. */
void feed_session(struct feed *f, const struct mac *token);

int feed_watchers(const struct feed *f);
/* Everything before was told to those who watch; 0 while nobody does. */
int64_t feed_told(const struct feed *f);
void feed_add(struct feed *f, struct watcher *w, const struct change_horizon *now);
void feed_remove(struct feed *f, struct watcher *w);

/* Changes as events, written once for all who may see them. */
struct feed_page {
	struct feed_event *event;
	int count;
	struct buf text;
};
/* The first `count` rows of change_ask_since; feed_page_clear() it, before the arena ends. */
void feed_page_read(struct feed_page *ret_page, struct app *app, struct arena *a,
	const struct rows *r, int count);
void feed_page_clear(struct feed_page *p);
/* What of it the watcher sees. The id stands with the last event of each transaction, so that
 * who breaks off between two of them is told both again. */
void feed_page_write(
	const struct feed_page *p, struct app *app, const struct watcher *w, struct buf *out);
/* How many of the rows (change_ask_since) are of transactions before it. */
int feed_below(const struct rows *r, int64_t xact);
/* `event: reset`: what the client knows may be incomplete; it loads its lists anew. */
void feed_write_reset(struct buf *out, int64_t told);
/* Sends it, in parts that fit; a client that is too slow for that is left. */
void feed_push(struct watcher *w, const struct buf *events);

#endif
