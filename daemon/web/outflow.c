/* SPDX-License-Identifier: MulanPSL-2.0 */
/* web/peer, an answer in pieces: what is sent while its exchange goes on. */
#include "web/peer_parts.h"

#include "base/clock.h"

#include <assert.h>
#include <errno.h>
#include <sys/socket.h>

/* A body of pieces keeps up a rate; one that waits for events may wait for ever, but who has
 * something to take takes it. */
static void set_deadline(struct peer *p, int64_t now)
{
	size_t waits = evbuffer_get_length(peer_output(p));
	if (p->expected)
		p->deadline = p->opened + p->all->rules.request_us +
			      p->put * INT64_C(1000000) / STREAM_RATE;
	else if (waits == 0)
		p->deadline = INT64_MAX;
	else if (p->deadline == INT64_MAX)
		p->deadline = now + p->all->rules.request_us;
}

static void send_part(struct peer *p, const struct buf *head, struct buf *body)
{
	ssize_t sent = peer_send_now(p, head, body);
	size_t whole = head->used + (body != NULL ? body->used : 0);
	if (sent < 0 ||
		((size_t)sent < whole && !peer_send_later(p, head, body, (size_t)sent))) {
		peer_end_soon(p);
		return;
	}
	set_deadline(p, clock_monotonic());
	peer_hold(p, evbuffer_get_length(peer_output(p)));
}

void peer_open(struct peer *p, const struct buf *head)
{
	assert(p->phase == PHASE_RUNNING && p->left == 0);
	p->close = peer_closes(p);
	bufferevent_disable(p->filter, EV_READ);
	p->phase = PHASE_STREAM;
	p->opened = clock_monotonic();
	p->put = 0;
	p->expected = false;
	p->deadline = INT64_MAX;
	send_part(p, head, NULL);
}

void peer_put(struct peer *p, struct buf *piece)
{
	const struct buf nothing = { 0 };
	assert(p->phase == PHASE_STREAM && !p->expected);
	p->put += (int64_t)piece->used;
	p->expected = true;
	send_part(p, &nothing, piece);
	if (evbuffer_get_length(peer_output(p)) == 0)
		peer_wake(p);
}

void peer_push(struct peer *p, const char *bytes, size_t n)
{
	/* peer_send_now only reads it. */
	const struct buf part = { .data = (char *)(uintptr_t)bytes, .used = n };
	assert(p->phase == PHASE_STREAM);
	send_part(p, &part, NULL);
}

size_t peer_pending(const struct peer *p)
{
	return evbuffer_get_length(peer_output(p));
}

void peer_taken(struct peer *p)
{
	peer_hold(p, 0);
	if (!p->expected) {
		p->deadline = INT64_MAX;
		return;
	}
	p->expected = false;
	if (p->running != NULL)
		p->all->calls.taken(p->all->arg, p);
}

void peer_close(struct peer *p, bool whole)
{
	assert(p->phase == PHASE_STREAM);
	p->running = NULL;
	p->expected = false;
	p->close = p->close || !whole || p->all->draining;
	p->phase = PHASE_WRITING;
	p->deadline = clock_monotonic() + p->all->rules.request_us;
	if (p->doomed)
		return;
	if (evbuffer_get_length(peer_output(p)) == 0)
		peer_wake(p);
}

void peer_must_close(struct peer *p)
{
	p->close = true;
}

bool peer_has_left(const struct peer *p)
{
	char first;
	ssize_t n = recv(bufferevent_getfd(p->socket), &first, 1, MSG_PEEK | MSG_DONTWAIT);
	return n == 0 || (n < 0 && errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR);
}
