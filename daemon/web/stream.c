/* SPDX-License-Identifier: MulanPSL-2.0 */
/* web/stream: what steps see of an answer in pieces; the bytes go out in web/outflow. */
#include "web/stream.h"

#include "web/running.h"

#include <assert.h>

bool stream_begin(struct exchange *x, int64_t length)
{
	struct running *r = running_of(x);
	assert(!r->streaming && r->x.reply.used == 0);
	r->length = length;
	if (r->head_only || r->peer == NULL)
		return false;
	answer_begin(r);
	return true;
}

bool stream_is_head(const struct exchange *x)
{
	return ((const struct running *)x)->head_only;
}

bool stream_open(const struct exchange *x)
{
	const struct running *r = (const struct running *)x;
	return r->peer != NULL && r->streaming;
}

/* As a chunk of a body whose end is not known. */
static void frame(struct buf *piece)
{
	struct buf chunk = { 0 };
	buf_print(&chunk, "%zx\r\n", piece->used);
	buf_add(&chunk, piece->data, piece->used);
	buf_text(&chunk, "\r\n");
	buf_clear(piece);
	*piece = chunk;
}

void stream_put(struct exchange *x, struct buf *piece)
{
	struct running *r = running_of(x);
	assert(r->streaming && r->waiting == WAITING_NOT && piece->used > 0);
	if (r->peer == NULL)
		return;
	r->put += (int64_t)piece->used;
	assert(r->length < 0 || r->put <= r->length);
	if (r->chunked)
		frame(piece);
	r->waiting = WAITING_TAKEN;
	peer_put(r->peer, piece);
}

void stream_wait(struct exchange *x)
{
	struct running *r = running_of(x);
	assert(r->streaming && r->waiting == WAITING_NOT);
	if (r->peer != NULL)
		r->waiting = WAITING_EVENTS;
}

bool stream_push(struct exchange *x, const char *bytes, size_t n, size_t most)
{
	struct running *r = running_of(x);
	char size[24];
	assert(r->streaming && r->length < 0);
	if (r->peer == NULL || n == 0)
		return true;
	if (peer_pending(r->peer) + n > most)
		return false;
	r->put += (int64_t)n;
	if (!r->chunked) {
		peer_push(r->peer, bytes, n);
		return true;
	}
	struct buf *scratch = &x->server->head;
	snprintf(size, sizeof size, "%zx\r\n", n);
	scratch->used = 0;
	buf_text(scratch, size);
	buf_add(scratch, bytes, n);
	buf_text(scratch, "\r\n");
	peer_push(r->peer, scratch->data, scratch->used);
	return true;
}

void stream_end(struct exchange *x)
{
	struct running *r = running_of(x);
	assert(!r->stepping);
	running_go_on(r);
}

bool stream_left(const struct exchange *x)
{
	const struct running *r = (const struct running *)x;
	return r->peer == NULL || peer_has_left(r->peer);
}
