/* SPDX-License-Identifier: MulanPSL-2.0 */
/*
 * web/guard: what a request looks like before evhttp may parse it. evhttp 2.1 merges or loses
 * what a strict server must refuse (folded lines, NUL, a second Content-Length, bare LF), so
 * the raw head is checked here, byte by byte, against RFC 9112. Pure: bytes in, a fault or the
 * facts out; no allocation, no I/O.
 */
#ifndef OGID_WEB_GUARD_H
#define OGID_WEB_GUARD_H

#include "web/problem.h"

#include <stdint.h>

enum {
	GUARD_HEADERS = 64,     /* header lines of one request; more is 431 */
	GUARD_PATH_MOST = 1024, /* bytes of a path, as sent */
	GUARD_QUERIES = 64,     /* parameters of one query string */
};

enum guard_fault {
	GUARD_OK,
	GUARD_MORE, /* no fault so far, but the head has not ended */
	GUARD_LINE_END,
	GUARD_REQUEST_LINE,
	GUARD_VERSION,
	GUARD_TARGET,
	GUARD_HEADER_NAME,
	GUARD_HEADER_SPACE,
	GUARD_HEADER_FOLDED,
	GUARD_HEADER_VALUE,
	GUARD_HOST_MISSING,
	GUARD_HOST_TWICE,
	GUARD_HOST,
	GUARD_LENGTH_TWICE,
	GUARD_LENGTH,
	GUARD_TRANSFER,
	GUARD_CHUNKED,
	GUARD_EXPECT,
	GUARD_MANY,
	GUARD_LARGE,
	GUARD_BODY_UNWANTED,
	GUARD_BODY_LARGE,
	GUARD_CROWDED,
	GUARD_METHOD,
	GUARD_ESCAPE,
	GUARD_ENCODING,
	GUARD_QUERY,
	GUARD_FAULTS,
};
struct guard_row {
	enum problem_kind kind;
	const char *zh, *en;
};
extern const struct guard_row guard_rows[GUARD_FAULTS];

enum verb { VERB_GET, VERB_HEAD, VERB_POST, VERB_PUT, VERB_DELETE, VERB_OTHER };

/* The facts of a head; positions count from its first byte. */
struct head {
	enum verb verb;
	size_t size; /* with the empty line */
	size_t method_size;
	size_t target, target_size; /* path and query; of an absolute target without scheme and
				       authority */
	size_t path_size, query;    /* query: position behind '?', 0 none */
	size_t length_at, length_size; /* the digits of Content-Length */
	int64_t length;                /* Content-Length, -1 none */
	int minor;                     /* HTTP/1.minor */
	bool keep;                     /* the client wants the connection kept */
	bool expects;                  /* Expect: 100-continue */
};

/*
 * Looks at the `n` bytes received so far. `*scanned` starts at 0 and remembers the beginning of
 * the last line, so that a slow client costs no second scan. GUARD_MORE until the empty line is
 * there; *ret_head is filled on GUARD_OK only.
 */
enum guard_fault guard_head(
	const char *bytes, size_t n, size_t *scanned, size_t most, struct head *ret_head);

/* Decodes a path as sent into out (n + 1 bytes; terminated). Refused: bad escapes, control
 * characters, an escaped '/' or
 * '\', segments "." and "..", empty segments but the last, ill-formed UTF-8. */
enum guard_fault guard_path(const char *raw, size_t n, char *out);

/* One text of a query string: '+' is a blank, %XX a byte; control characters and ill-formed
 * UTF-8 are refused. `out` has n + 1 bytes. */
enum guard_fault guard_query_text(const char *raw, size_t n, char *out);

#endif
