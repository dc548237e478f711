/* SPDX-License-Identifier: MulanPSL-2.0 */
/*
 * web/peer: one client's connection. A filter bufferevent stands between the socket and evhttp:
 * it collects a request until head and body are whole, lets web/guard look at the raw bytes,
 * and only then hands them to evhttp, one request at a time. So evhttp never sees a crooked
 * byte, never waits, and never holds a body it should not; time, sizes and the budget of
 * buffered bytes are kept here. A refused request reaches evhttp as an empty GET whose fault
 * peer_fault() tells.
 *
 *   HEAD -> (BODY) -> RUNNING -> (STREAM) -> (WRITING) -> HEAD ...            answers that
 * close may pass through LINGER: the rest of ^ v                                       the body
 * is read and thrown away, so that the client UPLOAD (waits for a piece of a stream)      gets
 * the answer instead of a reset
 *
 * While RUNNING nothing is read, so evhttp cannot notice (and free anything) behind our back.
 */
#ifndef OGID_WEB_PEER_H
#define OGID_WEB_PEER_H

#include "base/json_write.h"
#include "base/mac.h"
#include "web/guard.h"

struct bufferevent;
struct event_base;
struct evhttp_request;
struct ssl_st;

struct peer;
struct peers; /* all of one server */

struct peer_rules {
	size_t max_header, max_body, budget;
	int max_peers;
	int64_t request_us, idle_us; /* whole request; between requests */
};
/* What the server does with a peer; `arg` is the server. */
struct peer_calls {
	bool (*streams)(void *arg, const char *target,
		const struct head *h); /* a route that takes its body in pieces */
	void (*request)(void *arg, struct peer *p, struct evhttp_request *req);
	void (*piece)(void *arg, struct peer *p); /* peer_want() was satisfied, or broken */
	void (*taken)(void *arg, struct peer *p); /* peer_put() has left */
	void (*late)(void *arg, struct peer *p);  /* the request's time is up; answer it */
	void (*gone)(void *arg,
		struct peer *p);  /* the client left a running request: forget the peer */
	void (*empty)(void *arg); /* the last peer has ended */
};

struct peers *peers_new(struct event_base *base, const struct peer_rules *rules,
	const struct peer_calls *calls, void *arg);
/* After evhttp_free and one more turn of the loop have ended every peer. */
void peers_free(struct peers *all);
/* evhttp's general callback; arg is the struct peers. */
void peers_request(struct evhttp_request *req, void *arg);
/* From now on every answer closes, and connections without a request are closed at once. */
void peers_drain(struct peers *all);
int peers_count(const struct peers *all);
size_t peers_buffered(const struct peers *all);
int64_t peers_refused(const struct peers *all); /* connections that found no place */
int64_t peers_bytes_in(const struct peers *all);

/* A bufferevent for evhttp around a new socket one; NULL and the socket freed when memory is
 * out. `tls` is NULL on plain sockets, else the socket's own session. */
struct bufferevent *peer_new(struct peers *all, struct bufferevent *socket, struct ssl_st *tls);

/* The exchange that runs; set by web/exchange. */
void *peer_running(const struct peer *p);
void peer_set_running(struct peer *p, void *running);

const struct head *peer_head(const struct peer *p);
enum guard_fault peer_fault(const struct peer *p);
const char *peer_address(const struct peer *p);
int64_t peer_begun(
	const struct peer *p); /* monotonic microseconds of the request's first byte */

/* What the last session token on this connection hashed to: kept alive, a client sends the same
 * one every time, and a hash costs as much as the rest of a short request. */
struct peer_memo {
	size_t size;
	char token[64];
	struct mac hash;
};
struct peer_memo *peer_memo(struct peer *p);

/* Sends the answer: `head`, then `body` (may be NULL; its memory is taken over). The peer may
 * be gone afterwards. */
void peer_answer(struct peer *p, const struct buf *head, struct buf *body);
/* True when the answer must say Connection: close. */
bool peer_closes(const struct peer *p);

/*
 * An answer in pieces: its head; then pieces, one after the other with calls.taken between them
 * (never at once), or many small ones whose buffered bytes the caller watches; then the end. A
 * client that takes them too slowly, or nothing for request_us, is gone.
 */
void peer_open(struct peer *p, const struct buf *head);
/* One piece; its memory is taken over. */
void peer_put(struct peer *p, struct buf *piece);
/* Small bytes, copied. */
void peer_push(struct peer *p, const char *bytes, size_t n);
/* Bytes that wait to be sent. */
size_t peer_pending(const struct peer *p);
/* The end; the connection stays usable when `whole` and the head did not say otherwise. */
void peer_close(struct peer *p, bool whole);
/* The answer's end is that of the connection. */
void peer_must_close(struct peer *p);
/* True when the client closed its side: while an answer is made nobody reads. */
bool peer_has_left(const struct peer *p);

/* Streams: asks for the next piece (drops the one before); calls.piece follows, never at once.
 */
void peer_want(struct peer *p, size_t most);
const char *peer_piece(const struct peer *p, size_t *ret_bytes);
int64_t peer_left(const struct peer *p); /* bytes of the body behind the present piece */

#endif
