/* SPDX-License-Identifier: MulanPSL-2.0 */
/*
 * base/json_write: the one writer of JSON, streaming into a growing buffer. Also writes the
 * canonical bytes of events: no white space, members in the order written, UTF-8 as it is, only
 * `"`, `\` and control characters escaped (\b \f \n \r \t, else \u00xx).
 */
#ifndef OGID_BASE_JSON_WRITE_H
#define OGID_BASE_JSON_WRITE_H

#include "base/text.h"

#include <jansson.h>

/* Bytes that grow; `data` is always terminated. Owned: buf_clear frees. With size 0 the bytes
 * are borrowed (buf_borrow): they are copied when something is added, and never freed. */
struct buf {
	char *data;
	size_t used, size;
};
/* The buffer is these bytes, which outlive it and need no terminator. It must be empty. */
void buf_borrow(struct buf *b, const void *bytes, size_t n);
void buf_clear(struct buf *b);
void buf_add(struct buf *b, const void *bytes, size_t n);
void buf_text(struct buf *b, const char *s);
void buf_print(struct buf *b, const char *format, ...) __attribute__((format(printf, 2, 3)));

struct json_out {
	struct buf *to;
	int depth;
	bool comma; /* the next value needs a comma first */
};
struct json_out json_to(struct buf *to);

/* Named out_ because jansson owns json_object, json_array, json_null and json_copy.
 * `name` is the member's name inside an object, NULL inside an array or at the top. */
void out_object(struct json_out *o, const char *name);
void out_object_end(struct json_out *o);
void out_array(struct json_out *o, const char *name);
void out_array_end(struct json_out *o);
void out_text(struct json_out *o, const char *name, const char *value); /* NULL writes null */
void out_text_n(struct json_out *o, const char *name, const char *value, size_t n);
void out_number(struct json_out *o, const char *name, int64_t value);
/* Ten-thousandths as a number with four decimals. */
void out_decimal(struct json_out *o, const char *name, int64_t parts);
void out_bool(struct json_out *o, const char *name, bool value);
void out_null(struct json_out *o, const char *name);
/* No date writes null. */
void out_date(struct json_out *o, const char *name, struct ogi_date value);
/* RFC 3339 UTC with milliseconds; 0 writes null. */
void out_instant(struct json_out *o, const char *name, int64_t micros);
/* Ready JSON text, taken as it is; NULL writes null. */
void out_copy(struct json_out *o, const char *name, const char *json);
/* The members of a ready JSON object as members of this one. */
void out_members(struct json_out *o, const char *json);
void out_value(struct json_out *o, const char *name, const json_t *value);

/*
 * Writes the fields of a struct by its rows, absent ones (NULL, no date, code_absent(), none,
 * empty list) left out; numbers and booleans are never absent. Only rows with (flags & mask) ==
 * want are written. FIELD_OBJECT recurses whatever its own row says, its rows inherit
 * FIELD_PERSONAL and FIELD_SECRET, and it is left out when nothing of it was written;
 * FIELD_OBJECTS is chosen whole by its own row.
 */
void out_fields(struct json_out *o, const struct field *fields, const void *base, unsigned mask,
	unsigned want);

#endif
