/* SPDX-License-Identifier: MulanPSL-2.0 */
/*
 * web/multipart: multipart/form-data (RFC 7578) as it comes from a stream: bytes in, bits of
 * parts out. Strict: what no browser sends is a fault, and after a fault there is nothing more.
 * Memory: one piece and a line; it does not grow with the body. No I/O.
 */
#ifndef OGID_WEB_MULTIPART_H
#define OGID_WEB_MULTIPART_H

#include "base/arena.h"

#include <stdbool.h>
#include <stddef.h>

enum {
	MULTIPART_PARTS = 64,    /* of one body */
	MULTIPART_HEADER = 2048, /* bytes of a part's headers */
	MULTIPART_NAME = 64,     /* bytes of a field's name */
};

enum multipart_event {
	MULTIPART_MORE,     /* everything given was read: feed the next piece */
	MULTIPART_PART,     /* a part begins: name, filename */
	MULTIPART_DATA,     /* bytes of it */
	MULTIPART_PART_END, /* it is whole */
	MULTIPART_END,      /* the last boundary was read */
	MULTIPART_FAULT,    /* not multipart/form-data as a browser writes it */
};
struct multipart_bit {
	const char *name;     /* of the field; UTF-8, in the arena */
	const char *filename; /* as it was sent, NULL when the part is no file; in the arena */
	const char *data;     /* borrowed until the next call */
	size_t bytes;
};

struct multipart; /* dies with the arena */
/* NULL when the Content-Type is not multipart/form-data with a boundary. */
struct multipart *multipart_new(struct arena *a, const char *content_type);
/* Adds bytes (copied). Only after MULTIPART_MORE, or as the first call. */
void multipart_feed(struct multipart *m, const char *bytes, size_t n);
enum multipart_event multipart_next(struct multipart *m, struct multipart_bit *ret_bit);

#endif
