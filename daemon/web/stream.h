/* SPDX-License-Identifier: MulanPSL-2.0 */
/*
 * web/stream: an answer whose body comes in pieces: a large file, of a length that is known, or
 * events, which end when they end. Its memory does not grow with it: a piece is made when the
 * client has taken the one before.
 */
#ifndef OGID_WEB_STREAM_H
#define OGID_WEB_STREAM_H

#include "web/exchange.h"

/*
 * Sends the head with x->status, x->content_type and the headers given so far; from here on no
 * problem can be answered: one that a step returns breaks the body off. `length` of the body,
 * -1: it has no end that is known. False when there is nobody to send a body to (HEAD): the
 * step leaves x->reply empty and goes to the end.
 */
bool stream_begin(struct exchange *x, int64_t length);
/* Only the head is asked for. */
bool stream_is_head(const struct exchange *x);
/* The client is there. */
bool stream_open(const struct exchange *x);
/* Sends the piece (not empty; its memory is taken over); the next step runs when the client has
 * taken it, or is gone: see stream_open. */
void stream_put(struct exchange *x, struct buf *piece);

/* Waits for the end of a stream of events: the client leaves, the server is going down, or
 * stream_end. The next step runs then. */
void stream_wait(struct exchange *x);
/* Sends some events from outside its steps while it waits. False when more than `most` bytes
 * would wait for a client that does not read: nothing was sent. */
bool stream_push(struct exchange *x, const char *bytes, size_t n, size_t most);
/* Ends the wait; not from inside a step of the same exchange. */
void stream_end(struct exchange *x);
/* True when the client has closed its side: nothing else would tell before the next event. */
bool stream_left(const struct exchange *x);

#endif
