/* SPDX-License-Identifier: MulanPSL-2.0 */
/*
 * web/upload: a large body as a stream. evhttp 2.1 holds a whole body in memory before a
 * handler runs, so on routes with ROUTE_STREAM the body is taken from the connection piece by
 * piece, with back-pressure (architecture §2.12). Memory does not grow with the body.
 */
#ifndef OGID_WEB_UPLOAD_H
#define OGID_WEB_UPLOAD_H

#include "web/exchange.h"

enum upload_state {
	UPLOAD_MORE,   /* bytes are left behind the present piece */
	UPLOAD_END,    /* the present piece is the last one (it may be empty) */
	UPLOAD_BROKEN, /* the client left, or was too slow (16 KiB a second on average): there
			  is no piece */
};

/* A step asks for the next piece and is resumed with the next step when it is there whole:
 * `most` bytes, or what is left. The first call sends "100 Continue" to a client that waits for
 * it; whoever answers before it never receives the body. */
void upload_next(struct exchange *x, size_t most);
/* What came: borrowed until the next upload_next. */
const char *upload_piece(const struct exchange *x, size_t *ret_bytes);
enum upload_state upload_state(const struct exchange *x);
int64_t upload_declared(const struct exchange *x); /* Content-Length */

#endif
