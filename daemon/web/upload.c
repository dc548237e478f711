/* SPDX-License-Identifier: MulanPSL-2.0 */
/* web/upload: what steps see of a stream; the bytes wait in web/peer. */
#include "web/upload.h"

#include "web/running.h"

#include <assert.h>

void upload_next(struct exchange *x, size_t most)
{
	struct running *r = running_of(x);
	assert(x->upload != NULL && most > 0 && r->waiting == WAITING_NOT);
	if (r->peer == NULL || r->upload.broken)
		return; /* the next step sees UPLOAD_BROKEN */
	r->waiting = WAITING_PIECE;
	peer_want(r->peer, most);
}

const char *upload_piece(const struct exchange *x, size_t *ret_bytes)
{
	const struct running *r = (const struct running *)x;
	*ret_bytes = 0;
	return r->peer != NULL && !r->upload.broken ? peer_piece(r->peer, ret_bytes) : "";
}

enum upload_state upload_state(const struct exchange *x)
{
	const struct running *r = (const struct running *)x;
	if (r->peer == NULL || r->upload.broken)
		return UPLOAD_BROKEN;
	return peer_left(r->peer) > 0 ? UPLOAD_MORE : UPLOAD_END;
}

int64_t upload_declared(const struct exchange *x)
{
	const struct running *r = (const struct running *)x;
	return r->upload.declared;
}
