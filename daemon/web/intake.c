/* SPDX-License-Identifier: MulanPSL-2.0 */
/* web/peer, the way in: from the socket's bytes to a whole request in evhttp's hands. */
#include "web/peer_parts.h"

#include "base/clock.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

enum { READ_MOST = 65536, READ_FIRST = 2000 };

static enum bufferevent_filter_result hand(
	struct peer *p, struct evbuffer *from, struct evbuffer *to, size_t bytes)
{
	p->phase = PHASE_RUNNING;
	p->all->handing = p;
	p->all->bytes_in += (int64_t)bytes;
	peer_hold(p, 0);
	return evbuffer_remove_buffer(from, to, bytes) == (int)bytes ? BEV_OK : BEV_ERROR;
}

/* evhttp gets an empty request instead, so that the refusal is answered like any other. */
static enum bufferevent_filter_result refuse(
	struct peer *p, struct evbuffer *from, struct evbuffer *to, enum guard_fault fault)
{
	static const char nothing[] = "GET / HTTP/1.1\r\n\r\n";
	p->fault = fault;
	p->close = true;
	p->unread = true;
	p->all->bytes_in += (int64_t)evbuffer_get_length(from);
	evbuffer_drain(from, SIZE_MAX / 2);
	if (evbuffer_add(to, nothing, sizeof nothing - 1) != 0)
		return BEV_ERROR;
	p->phase = PHASE_RUNNING;
	p->all->handing = p;
	peer_hold(p, 0);
	return BEV_OK;
}

void peer_say_continue(struct peer *p)
{
	static const char go[] = "HTTP/1.1 100 Continue\r\n\r\n";
	if (p->head.expects)
		evbuffer_add(peer_output(p), go, sizeof go - 1);
	p->head.expects = false;
}

/*
 * Moves the method up to the target: "GET http://host/path" becomes "GET /path" (the authority
 * was compared with Host). A method nobody has here becomes GET, whose callback answers 405 by
 * the head's verb: evhttp would answer by itself.
 */
static bool make_plain(struct peer *p, struct evbuffer *from, char **bytes)
{
	struct head *h = &p->head;
	const char *method = h->verb == VERB_OTHER ? "GET" : *bytes;
	size_t size = h->verb == VERB_OTHER ? 3 : h->method_size;
	if (h->target < size + 1)
		return false;
	size_t cut = h->target - size - 1;
	if (cut == 0 && h->verb != VERB_OTHER)
		return true;
	memmove(*bytes + cut, method, size);
	(*bytes)[cut + size] = ' ';
	evbuffer_drain(from, cut);
	*bytes += cut;
	h->target -= cut;
	h->size -= cut;
	if (h->query > 0)
		h->query -= cut;
	if (h->length_at > 0)
		h->length_at -= cut;
	return true;
}

static enum bufferevent_filter_result take_body(
	struct peer *p, struct evbuffer *from, struct evbuffer *to)
{
	size_t whole = p->head.size + (size_t)p->head.length, here = evbuffer_get_length(from);
	if (here >= whole)
		return hand(p, from, to, whole);
	peer_hold(p, here);
	/* The budget may have turned out this very peer. */
	return p->fault != GUARD_OK ? refuse(p, from, to, p->fault) : BEV_NEED_MORE;
}

static enum bufferevent_filter_result take_with_body(
	struct peer *p, struct evbuffer *from, struct evbuffer *to, char *bytes)
{
	struct head *h = &p->head;
	if (h->verb != VERB_POST && h->verb != VERB_PUT)
		return refuse(p, from, to,
			h->verb == VERB_OTHER ? GUARD_METHOD : GUARD_BODY_UNWANTED);
	if (p->all->calls.streams(p->all->arg, bytes + h->target, h)) {
		/* evhttp is told that the body is empty; it stays here until it is asked for.
		 */
		memset(bytes + h->length_at, '0', h->length_size);
		p->streams = true;
		p->left = h->length;
		return hand(p, from, to, h->size);
	}
	if ((uint64_t)h->length > p->all->rules.max_body)
		return refuse(p, from, to, GUARD_BODY_LARGE);
	p->phase = PHASE_BODY;
	if (evbuffer_get_length(from) < h->size + (size_t)h->length) {
		peer_watermark(p, h->size + (size_t)h->length);
		peer_say_continue(p);
	}
	return take_body(p, from, to);
}

static enum bufferevent_filter_result take_head(
	struct peer *p, struct evbuffer *from, struct evbuffer *to)
{
	size_t here = evbuffer_get_length(from);
	if (p->fault != GUARD_OK)
		return refuse(p, from, to, p->fault);
	if (here == 0)
		return BEV_NEED_MORE;
	if (p->begun == 0) {
		p->begun = clock_monotonic();
		p->deadline = p->begun + p->all->rules.request_us;
	}
	char *bytes = (char *)evbuffer_pullup(from, -1);
	if (bytes == NULL)
		return BEV_ERROR;
	enum guard_fault fault =
		guard_head(bytes, here, &p->scanned, p->all->rules.max_header, &p->head);
	if (fault == GUARD_MORE) {
		peer_hold(p, here);
		return p->fault != GUARD_OK ? refuse(p, from, to, p->fault) : BEV_NEED_MORE;
	}
	if (fault != GUARD_OK)
		return refuse(p, from, to, fault);
	p->close = !p->head.keep;
	if (!make_plain(p, from, &bytes))
		return refuse(p, from, to, GUARD_METHOD);
	if (p->head.length > 0)
		return take_with_body(p, from, to, bytes);
	return hand(p, from, to, p->head.size);
}

static void take_piece(struct peer *p, struct evbuffer *from)
{
	size_t here = evbuffer_get_length(from);
	peer_hold(p, here);
	if (here < p->want)
		return;
	/* Back-pressure: nothing more is read until the next piece is asked for. */
	bufferevent_disable(p->filter, EV_READ);
	p->phase = PHASE_RUNNING;
	p->ready = true;
	peer_wake(p);
}

enum bufferevent_filter_result peer_take(struct evbuffer *from, struct evbuffer *to,
	ev_ssize_t limit, enum bufferevent_flush_mode mode, void *arg)
{
	struct peer *p = arg;
	(void)limit;
	(void)mode;
	switch (p->phase) {
	case PHASE_HEAD:
		return take_head(p, from, to);
	case PHASE_BODY:
		return p->fault != GUARD_OK ? refuse(p, from, to, p->fault)
					    : take_body(p, from, to);
	case PHASE_UPLOAD:
		take_piece(p, from);
		return BEV_NEED_MORE;
	case PHASE_LINGER:
		p->all->bytes_in += (int64_t)evbuffer_get_length(from);
		evbuffer_drain(from, SIZE_MAX / 2);
		return BEV_NEED_MORE;
	case PHASE_RUNNING:
	case PHASE_STREAM:
	case PHASE_WRITING:
		break;
	}
	return BEV_NEED_MORE;
}

/* ---- reading ---- */

static void pause_reading(struct peer *p)
{
	event_del(&p->reader);
	p->paused = true;
}

/* False at the end of the connection. */
static bool read_some(struct peer *p, evutil_socket_t fd)
{
	struct evbuffer *to = peer_input(p);
	size_t here = evbuffer_get_length(to), room = p->water - here;
	size_t most = p->phase == PHASE_HEAD ? READ_FIRST : READ_MOST;
	struct evbuffer_iovec space;
	evbuffer_unfreeze(to, 0);
	if (evbuffer_reserve_space(to, (ev_ssize_t)(room < most ? room : most), &space, 1) != 1)
		return false;
	ssize_t n = read(fd, space.iov_base, space.iov_len < room ? space.iov_len : room);
	space.iov_len = n > 0 ? (size_t)n : 0;
	evbuffer_commit_space(to, &space, 1);
	if (n > 0)
		bufferevent_trigger(p->socket, EV_READ, BEV_TRIG_IGNORE_WATERMARKS);
	return n > 0 || (n < 0 && (errno == EAGAIN || errno == EINTR));
}

static void on_readable(evutil_socket_t fd, short what, void *arg)
{
	struct peer *p = arg;
	(void)what;
	/* While an answer is made, the next request waits in the kernel. */
	bool busy = p->phase == PHASE_RUNNING || p->phase == PHASE_STREAM ||
		    p->phase == PHASE_WRITING;
	if (!peer_alive(p) || busy || evbuffer_get_length(peer_input(p)) >= p->water)
		pause_reading(p);
	else if (!read_some(p, fd))
		peer_end(p);
}

void peer_start_reading(struct peer *p)
{
	p->reads = true;
	event_assign(&p->reader, p->all->base, bufferevent_getfd(p->socket),
		EV_READ | EV_PERSIST, on_readable, p);
	event_add(&p->reader, NULL);
}

void peer_read_on(struct peer *p)
{
	if (p->paused)
		event_add(&p->reader, NULL);
	p->paused = false;
}
