/* SPDX-License-Identifier: MulanPSL-2.0 */
/* web/peer, the way out: answers, the pieces of a stream, and what follows an answer. */
#include "web/peer_parts.h"

#include "base/clock.h"

#include <assert.h>
#include <errno.h>
#include <openssl/ssl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>

enum {
	LINGER_US = 2000000,
};

void peer_watermark(struct peer *p, size_t most)
{
	if (p->water != most && p->tls != NULL)
		bufferevent_setwatermark(p->socket, EV_READ, 0, most);
	p->water = most;
}

/* evhttp ends the connection. A request it has let go of is ours to free; one it still holds it
 * frees itself. */
static void on_close(struct evhttp_connection *connection, void *arg)
{
	struct peer *p = arg;
	(void)connection;
	struct evhttp_request *req = p->req;
	p->req = NULL;
	if (p->running != NULL)
		p->all->calls.gone(p->all->arg, p);
	if (req != NULL && evhttp_request_get_connection(req) == NULL)
		evhttp_request_free(req);
}

static void note_address(struct peer *p, struct evhttp_connection *connection)
{
	char *address = NULL;
	ev_uint16_t port = 0;
	evhttp_connection_get_peer(connection, &address, &port);
	size_t n = address != NULL ? strnlen(address, sizeof p->address - 1) : 0;
	if (n > 0)
		memcpy(p->address, address, n);
	p->address[n] = '\0';
}

void peers_request(struct evhttp_request *req, void *arg)
{
	struct peers *all = arg;
	struct peer *p = all->handing;
	struct evhttp_connection *connection = evhttp_request_get_connection(req);
	assert(p != NULL && p->filter == evhttp_connection_get_bufferevent(connection));
	all->handing = NULL;
	p->req = req;
	if (p->address[0] == '\0') {
		note_address(p, connection);
		evhttp_connection_set_closecb(connection, on_close, p);
	}
	all->calls.request(all->arg, p, req);
}

void peer_begin_next(struct peer *p)
{
	p->phase = PHASE_HEAD;
	p->fault = GUARD_OK;
	p->scanned = 0;
	p->begun = 0;
	p->streams = p->unread = p->ready = false;
	p->want = p->piece = 0;
	p->left = p->got = 0;
	p->deadline = clock_monotonic() + p->all->rules.idle_us;
	peer_watermark(p, p->all->rules.max_header + 1);
}

static void linger(struct peer *p)
{
	p->phase = PHASE_LINGER;
	p->unread = false;
	p->deadline = clock_monotonic() + LINGER_US;
	evbuffer_drain(peer_input(p), SIZE_MAX / 2);
	peer_hold(p, 0);
	peer_watermark(p, p->all->rules.max_header + 1);
	shutdown(bufferevent_getfd(p->socket), SHUT_WR);
	bufferevent_enable(p->filter, EV_READ);
	peer_read_on(p);
}

void peer_answered(struct peer *p)
{
	struct evhttp_request *req = p->req;
	if (p->close) {
		if (p->tls != NULL)
			SSL_shutdown(p->tls);
		if (p->unread) {
			linger(p);
			return;
		}
		evhttp_add_header(
			evhttp_request_get_output_headers(req), "Connection", "close");
	}
	peer_hold(p, 0);
	p->req = NULL;
	bool close = p->close;
	peer_begin_next(p);
	evhttp_send_reply_end(req);
	if (close)
		return;
	peer_read_on(p);
	if (evbuffer_get_length(peer_input(p)) > 0)
		peer_look_again(p);
}

ssize_t peer_send_now(struct peer *p, const struct buf *head, const struct buf *body)
{
	if (p->tls != NULL || evbuffer_get_length(peer_output(p)) > 0)
		return 0;
	struct iovec part[2] = { { head->data, head->used } };
	struct msghdr message = { .msg_iov = part, .msg_iovlen = 1 };
	if (body != NULL && body->used > 0) {
		part[1] = (struct iovec){ body->data, body->used };
		message.msg_iovlen = 2;
	}
	ssize_t sent =
		sendmsg(bufferevent_getfd(p->socket), &message, MSG_NOSIGNAL | MSG_DONTWAIT);
	if (sent >= 0)
		return sent;
	return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR ? 0 : -1;
}

static void free_body(const void *data, size_t size, void *arg)
{
	(void)data;
	(void)size;
	free(arg);
}

bool peer_send_later(struct peer *p, const struct buf *head, struct buf *body, size_t sent)
{
	size_t from_head = sent < head->used ? sent : head->used, from_body = sent - from_head;
	if (evbuffer_add(peer_output(p), head->data + from_head, head->used - from_head) != 0)
		return false;
	if (body != NULL && body->size == 0 && body->used > from_body)
		return evbuffer_add_reference(peer_output(p), body->data + from_body,
			       body->used - from_body, NULL, NULL) == 0;
	if (body != NULL && body->used > from_body) {
		/* It may stay for long: give back the room it was written in. */
		char *fit = realloc(body->data, body->used);
		if (fit != NULL)
			body->data = fit;
		if (evbuffer_add_reference(peer_output(p), body->data + from_body,
			    body->used - from_body, free_body, body->data) != 0)
			return false;
		*body = (struct buf){ 0 };
	}
	return true;
}

static void drop_piece(struct peer *p)
{
	evbuffer_drain(peer_input(p), p->piece);
	p->all->bytes_in += (int64_t)p->piece;
	p->piece = 0;
}

/* A stream whose whole body was taken over leaves the connection usable. */
static void settle_stream(struct peer *p)
{
	if (!p->streams)
		return;
	drop_piece(p);
	if (p->left > 0)
		p->close = p->unread = true;
}

bool peer_closes(const struct peer *p)
{
	return p->close || p->all->draining || (p->streams && p->left > 0);
}

void peer_answer(struct peer *p, const struct buf *head, struct buf *body)
{
	assert(p->phase == PHASE_RUNNING || p->phase == PHASE_UPLOAD);
	p->running = NULL;
	p->close = peer_closes(p);
	bufferevent_disable(p->filter, EV_READ);
	p->phase = PHASE_RUNNING;
	settle_stream(p);
	size_t whole = head->used + (body != NULL ? body->used : 0);
	size_t owned = body != NULL && body->size > 0 ? whole : head->used;
	ssize_t sent = peer_send_now(p, head, body);
	if (sent < 0) {
		p->close = true;
		p->unread = false;
		sent = (ssize_t)whole;
	}
	if ((size_t)sent >= whole) {
		peer_answered(p);
		return;
	}
	p->deadline = clock_monotonic() + p->all->rules.request_us;
	p->phase = PHASE_WRITING;
	if (!peer_send_later(p, head, body, (size_t)sent)) {
		peer_end_soon(p);
		return;
	}
	peer_hold(p, owned);
}

void peer_want(struct peer *p, size_t most)
{
	assert((p->streams || p->left == 0) && p->phase == PHASE_RUNNING);
	drop_piece(p);
	p->want = (uint64_t)p->left < most ? (size_t)p->left : most;
	/* What was received so far and what is asked for may take its time, but not for ever.
	 */
	p->deadline = p->begun + p->all->rules.request_us +
		      (p->got + (int64_t)p->want) * INT64_C(1000000) / STREAM_RATE;
	if (evbuffer_get_length(peer_input(p)) >= p->want) {
		p->ready = true;
		peer_wake(p);
		return;
	}
	peer_say_continue(p);
	p->phase = PHASE_UPLOAD;
	peer_watermark(p, p->want);
	bufferevent_enable(p->filter, EV_READ);
	peer_read_on(p);
}

const char *peer_piece(const struct peer *p, size_t *ret_bytes)
{
	*ret_bytes = p->piece;
	return p->piece > 0 ? (const char *)evbuffer_pullup(peer_input(p), (ev_ssize_t)p->piece)
			    : "";
}

int64_t peer_left(const struct peer *p)
{
	return p->left;
}

static void piece_is_here(struct peer *p)
{
	p->ready = false;
	p->piece = p->want;
	p->left -= (int64_t)p->want;
	p->got += (int64_t)p->want;
	p->all->calls.piece(p->all->arg, p);
}

/* There is no request yet, and no exchange to answer it with. */
static void say_crowded(const struct peer *p)
{
	static const char crowded[] =
		"HTTP/1.1 503 Service Unavailable\r\nContent-Type: application/problem+json\r\n"
		"Content-Length: 76\r\nRetry-After: 1\r\nConnection: close\r\n\r\n"
		"{\"type\":\"urn:ogid:problem:busy\",\"title\":\"busy\",\"status\":503,"
		"\"code\":\"busy\"}  ";
	if (p->tls == NULL)
		send(bufferevent_getfd(p->socket), crowded, sizeof crowded - 1,
			MSG_NOSIGNAL | MSG_DONTWAIT);
}

/* It was to be closed for being idle, and a request came meanwhile: that one is answered. */
static bool is_spared(const struct peer *p)
{
	switch (p->phase) {
	case PHASE_HEAD:
		return p->begun == 0 && !p->crowded && peer_has_arrived(p);
	case PHASE_BODY:
	case PHASE_RUNNING:
	case PHASE_UPLOAD:
		return !p->crowded;
	case PHASE_STREAM:
	case PHASE_WRITING:
	case PHASE_LINGER:
		break;
	}
	return false;
}

void peer_on_wake(evutil_socket_t fd, short what, void *arg)
{
	struct peer *p = arg;
	(void)fd;
	(void)what;
	if (!peer_alive(p))
		return;
	if (p->doomed && is_spared(p))
		p->doomed = false;
	if (p->doomed) {
		if (p->crowded)
			say_crowded(p);
		peer_end(p);
		return;
	}
	if (!p->reads && p->tls == NULL)
		peer_start_reading(p);
	if (p->phase == PHASE_WRITING && evbuffer_get_length(peer_output(p)) == 0)
		peer_answered(p);
	else if (p->phase == PHASE_STREAM && evbuffer_get_length(peer_output(p)) == 0)
		peer_taken(p);
	else if (p->phase == PHASE_RUNNING && p->ready)
		piece_is_here(p);
}

void peer_on_output(struct evbuffer *buffer, const struct evbuffer_cb_info *info, void *arg)
{
	struct peer *p = arg;
	/* What was sent is held still: an answer is one piece of memory and goes as a whole. */
	if ((p->phase == PHASE_WRITING || p->phase == PHASE_STREAM) && info->n_deleted > 0 &&
		evbuffer_get_length(buffer) == 0)
		peer_wake(p);
}

void *peer_running(const struct peer *p)
{
	return p->running;
}

void peer_set_running(struct peer *p, void *running)
{
	p->running = running;
}

const struct head *peer_head(const struct peer *p)
{
	return &p->head;
}

enum guard_fault peer_fault(const struct peer *p)
{
	return p->fault;
}

const char *peer_address(const struct peer *p)
{
	return p->address;
}

int64_t peer_begun(const struct peer *p)
{
	return p->begun;
}

struct peer_memo *peer_memo(struct peer *p)
{
	return &p->memo;
}
