/* SPDX-License-Identifier: MulanPSL-2.0 */
/* What peer.c (answers), outflow.c (answers in pieces), intake.c (requests) and peers.c (life
 * and limits) share; nobody else includes it. */
#ifndef OGID_WEB_PEER_PARTS_H
#define OGID_WEB_PEER_PARTS_H

#include "web/peer.h"

#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/event.h>
#include <event2/event_struct.h>
#include <event2/http.h>
#include <sys/queue.h>

enum phase {
	PHASE_HEAD,
	PHASE_BODY,
	PHASE_RUNNING,
	PHASE_UPLOAD,
	PHASE_STREAM,
	PHASE_WRITING,
	PHASE_LINGER
};
/* Bytes a second a stream must keep up, on average, in both directions. */
enum { STREAM_RATE = 16 * 1024 };

struct peer {
	struct peers *all;
	TAILQ_ENTRY(peer) link;
	struct bufferevent *socket, *filter;
	struct evbuffer_cb_entry *watch; /* of the socket's output */
	struct ssl_st *tls;
	struct evhttp_request *req; /* evhttp waits for its answer */
	void *running;
	struct event wake;
	struct event reader; /* plain sockets are read here, not by libevent: see
				peer_start_reading */
	struct head head;
	enum phase phase;
	enum guard_fault fault;
	size_t scanned, held, water;
	size_t want, piece;
	int64_t left;        /* bytes of a stream's body not yet taken over as a piece */
	int64_t got;         /* bytes of it taken over */
	int64_t opened, put; /* of an answer in pieces: when its head went, bytes of its body */
	int64_t begun, deadline;
	bool streams, unread, close, doomed, crowded, ready, reads, paused;
	bool expected; /* the exchange wants to know when the client has taken what was put */
	char address[64];
	struct peer_memo memo;
};

TAILQ_HEAD(peer_list, peer);

struct peers {
	struct event_base *base;
	struct peer_rules rules;
	struct peer_calls calls;
	void *arg;
	struct peer_list list;
	struct event sweep;
	struct peer *handing; /* just gave a request to evhttp, which calls peers_request before
				 it returns */
	size_t buffered;
	int count;
	int64_t refused, bytes_in;
	bool draining;
};

static inline struct evbuffer *peer_input(const struct peer *p)
{
	return bufferevent_get_input(p->socket);
}

static inline struct evbuffer *peer_output(const struct peer *p)
{
	return bufferevent_get_output(p->socket);
}

/* evhttp frees a connection in one turn of the loop, libevent its filter in a later one;
 * between them only the memory is there. bufferevent_free() takes the callbacks away first. */
bool peer_alive(const struct peer *p);
/* Ends the connection as if the client had left: evhttp's own path, safe in every phase. */
void peer_end(struct peer *p);
/* The same in a turn of its own, for callers inside callbacks. */
void peer_end_soon(struct peer *p);
/* Calls peer_on_wake in a turn of its own. */
void peer_wake(struct peer *p);
/* Bytes are here that were not read yet: closing now would reset the connection under them. */
bool peer_has_arrived(const struct peer *p);
/* Runs the filter again for bytes that wait in the socket's buffer. */
void peer_look_again(struct peer *p);
/* Accounts for what the peer buffers now; may turn somebody out. */
void peer_hold(struct peer *p, size_t bytes);
/* At most so many bytes are read ahead. */
void peer_watermark(struct peer *p, size_t most);
/* Forgets the last request; waits for the next. */
void peer_begin_next(struct peer *p);
void peer_say_continue(struct peer *p);
/* What the socket takes at once; -1 when it is broken. */
ssize_t peer_send_now(struct peer *p, const struct buf *head, const struct buf *body);
/* Hands what was not sent to the socket's buffer; the body's memory is taken over. False when
 * memory is out. */
bool peer_send_later(struct peer *p, const struct buf *head, struct buf *body, size_t sent);
/* The answer has left (or cannot): the next request, or the end. */
void peer_answered(struct peer *p);
/* Of outflow.c: the socket's buffer is empty. */
void peer_taken(struct peer *p);
/*
 * Plain sockets are read by an event of our own that stays registered from request to request:
 * libevent's would cost an ioctl and an epoll_ctl for each, since evhttp switches reading off
 * while a request is answered. TLS is read by libevent.
 */
void peer_start_reading(struct peer *p);
/* After a phase in which nothing was read. */
void peer_read_on(struct peer *p);
/* The filter between socket and evhttp. */
enum bufferevent_filter_result peer_take(struct evbuffer *from, struct evbuffer *to,
	ev_ssize_t limit, enum bufferevent_flush_mode mode, void *arg);
/* Callbacks of the wake-up event and of the socket's output. */
void peer_on_wake(evutil_socket_t fd, short what, void *arg);
void peer_on_output(struct evbuffer *buffer, const struct evbuffer_cb_info *info, void *arg);

#endif
