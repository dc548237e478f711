/* SPDX-License-Identifier: MulanPSL-2.0 */
/* base/json_write: bytes that grow and the one writer of JSON. */
#include "base/json_write.h"

#include "base/clock.h"
#include "base/uuid.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* GCC 12's analyzer loses the buffer behind two pointers and takes every growth for a leak. */
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic ignored "-Wanalyzer-malloc-leak"
#endif

enum { BUF_FIRST = 1024, INHERITED = FIELD_PERSONAL | FIELD_SECRET };

/* ---- bytes ---- */

/* Makes room for n more bytes and the terminator. */
static char *room(struct buf *b, size_t n)
{
	if (b->size <= b->used || n >= b->size - b->used) {
		size_t size = b->size > 0 ? b->size : BUF_FIRST;
		if (n > SIZE_MAX / 4 || b->used > SIZE_MAX / 4)
			abort();
		while (size <= b->used + n)
			size *= 2;
		char *data = realloc(b->size > 0 ? b->data : NULL, size);
		if (data == NULL)
			abort();
		if (b->size == 0 && b->used > 0)
			memcpy(data, b->data, b->used);
		b->data = data;
		b->size = size;
	}
	return b->data + b->used;
}

static void put(struct buf *b, char c)
{
	char *to = room(b, 1);
	to[0] = c;
	to[1] = '\0';
	b->used++;
}

void buf_clear(struct buf *b)
{
	if (b->size > 0)
		free(b->data);
	*b = (struct buf){ 0 };
}

void buf_borrow(struct buf *b, const void *bytes, size_t n)
{
	buf_clear(b);
	*b = (struct buf){ .data = (char *)(uintptr_t)bytes, .used = n };
}

void buf_add(struct buf *b, const void *bytes, size_t n)
{
	char *to = room(b, n);
	if (n > 0)
		memcpy(to, bytes, n);
	to[n] = '\0';
	b->used += n;
}

void buf_text(struct buf *b, const char *s)
{
	buf_add(b, s, strlen(s));
}

void buf_print(struct buf *b, const char *format, ...)
{
	va_list args;
	char *to = room(b, 128);
	size_t space = b->size - b->used;
	va_start(args, format);
	int n = vsnprintf(to, space, format, args);
	va_end(args);
	if (n < 0)
		abort();
	if ((size_t)n >= space) {
		to = room(b, (size_t)n);
		va_start(args, format);
		if (vsnprintf(to, (size_t)n + 1, format, args) != n)
			abort();
		va_end(args);
	}
	b->used += (size_t)n;
}

/* ---- values ---- */

struct json_out json_to(struct buf *to)
{
	return (struct json_out){ .to = to };
}

/* What stands for a byte after the backslash: 0 = the byte itself is written, 'u' = \u00xx. */
static const char escape[256] = {
	['"'] = '"',
	['\\'] = '\\',
	[0x00] = 'u',
	[0x01] = 'u',
	[0x02] = 'u',
	[0x03] = 'u',
	[0x04] = 'u',
	[0x05] = 'u',
	[0x06] = 'u',
	[0x07] = 'u',
	['\b'] = 'b',
	['\t'] = 't',
	['\n'] = 'n',
	[0x0B] = 'u',
	['\f'] = 'f',
	['\r'] = 'r',
	[0x0E] = 'u',
	[0x0F] = 'u',
	[0x10] = 'u',
	[0x11] = 'u',
	[0x12] = 'u',
	[0x13] = 'u',
	[0x14] = 'u',
	[0x15] = 'u',
	[0x16] = 'u',
	[0x17] = 'u',
	[0x18] = 'u',
	[0x19] = 'u',
	[0x1A] = 'u',
	[0x1B] = 'u',
	[0x1C] = 'u',
	[0x1D] = 'u',
	[0x1E] = 'u',
	[0x1F] = 'u',
};

static void escaped(struct buf *b, unsigned char c)
{
	static const char hex[] = "0123456789abcdef";
	char s[6] = { '\\', escape[c], '0', '0', hex[c >> 4], hex[c & 15] };
	buf_add(b, s, escape[c] == 'u' ? 6 : 2);
}

static void quoted(struct buf *b, const char *s, size_t n)
{
	/* Room for the usual case, nothing to escape, is made once. */
	char *to = room(b, n + 2);
	size_t run = 0;
	*to++ = '"';
	b->used++;
	for (;;) {
		while (run < n && escape[(unsigned char)s[run]] == 0)
			run++;
		buf_add(b, s, run);
		if (run == n)
			break;
		escaped(b, (unsigned char)s[run]);
		s += run + 1;
		n -= run + 1;
		run = 0;
	}
	put(b, '"');
}

/* The comma and the name before a value. */
static void lead(struct json_out *o, const char *name)
{
	if (o->comma)
		put(o->to, ',');
	o->comma = true;
	if (name != NULL) {
		quoted(o->to, name, strlen(name));
		put(o->to, ':');
	}
}

static void opened(struct json_out *o, const char *name, char bracket)
{
	lead(o, name);
	put(o->to, bracket);
	o->comma = false;
	o->depth++;
}

static void closed(struct json_out *o, char bracket)
{
	put(o->to, bracket);
	o->comma = true;
	o->depth--;
}

void out_object(struct json_out *o, const char *name)
{
	opened(o, name, '{');
}

void out_object_end(struct json_out *o)
{
	closed(o, '}');
}

void out_array(struct json_out *o, const char *name)
{
	opened(o, name, '[');
}

void out_array_end(struct json_out *o)
{
	closed(o, ']');
}

void out_text(struct json_out *o, const char *name, const char *value)
{
	if (value == NULL)
		out_null(o, name);
	else
		out_text_n(o, name, value, strlen(value));
}

void out_text_n(struct json_out *o, const char *name, const char *value, size_t n)
{
	lead(o, name);
	quoted(o->to, value, n);
}

void out_decimal(struct json_out *o, const char *name, int64_t parts)
{
	char s[32];
	snprintf(s, sizeof s, "%s%lld.%04lld", parts < 0 ? "-" : "", llabs(parts) / 10000,
		llabs(parts) % 10000);
	out_copy(o, name, s);
}

void out_number(struct json_out *o, const char *name, int64_t value)
{
	char s[24], *at = s + sizeof s;
	uint64_t left = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
	do {
		*--at = (char)('0' + left % 10);
		left /= 10;
	} while (left > 0);
	if (value < 0)
		*--at = '-';
	lead(o, name);
	buf_add(o->to, at, (size_t)(s + sizeof s - at));
}

void out_bool(struct json_out *o, const char *name, bool value)
{
	lead(o, name);
	buf_text(o->to, value ? "true" : "false");
}

void out_null(struct json_out *o, const char *name)
{
	lead(o, name);
	buf_add(o->to, "null", 4);
}

void out_date(struct json_out *o, const char *name, struct ogi_date value)
{
	char s[11];
	text_from_date(value, s);
	out_text(o, name, s[0] != '\0' ? s : NULL);
}

void out_instant(struct json_out *o, const char *name, int64_t micros)
{
	char s[32] = "";
	if (micros != 0)
		clock_print(micros, s);
	out_text(o, name, s[0] != '\0' ? s : NULL);
}

void out_copy(struct json_out *o, const char *name, const char *json)
{
	lead(o, name);
	buf_text(o->to, json != NULL ? json : "null");
}

void out_members(struct json_out *o, const char *json)
{
	size_t n = strlen(json);
	if (n <= 2)
		return;
	lead(o, NULL);
	buf_add(o->to, json + 1, n - 2);
}

/* jansson knows how to print a real whatever the locale says. */
static void real(struct json_out *o, const char *name, const json_t *value)
{
	char s[64];
	size_t n = json_dumpb(value, s, sizeof s, JSON_ENCODE_ANY | JSON_REAL_PRECISION(17));
	lead(o, name);
	buf_add(o->to, s, n <= sizeof s ? n : 0);
}

static void members(struct json_out *o, const json_t *value)
{
	/* Walking changes nothing, but jansson's iterator wants a writable object. */
	union {
		const json_t *is;
		json_t *seems;
	} object = { .is = value };
	for (void *at = json_object_iter(object.seems); at != NULL;
		at = json_object_iter_next(object.seems, at))
		out_value(o, json_object_iter_key(at), json_object_iter_value(at));
}

void out_value(struct json_out *o, const char *name, const json_t *value)
{
	switch (value != NULL ? json_typeof(value) : JSON_NULL) {
	case JSON_OBJECT:
		out_object(o, name);
		members(o, value);
		out_object_end(o);
		break;
	case JSON_ARRAY:
		out_array(o, name);
		for (size_t i = 0; i < json_array_size(value); i++)
			out_value(o, NULL, json_array_get(value, i));
		out_array_end(o);
		break;
	case JSON_STRING:
		out_text_n(o, name, json_string_value(value), json_string_length(value));
		break;
	case JSON_INTEGER:
		out_number(o, name, json_integer_value(value));
		break;
	case JSON_REAL:
		real(o, name, value);
		break;
	case JSON_TRUE:
	case JSON_FALSE:
		out_bool(o, name, json_is_true(value));
		break;
	case JSON_NULL:
		out_null(o, name);
		break;
	}
}

/* ---- rows ---- */

static void put_text(struct json_out *o, const char *name, const char *value)
{
	if (value != NULL)
		out_text(o, name, value);
}

/* A list of "true" and "false" is a boolean that may be absent. */
static void put_code_value(struct json_out *o, const char *name, const char *code)
{
	if (strcmp(code, "true") == 0 || strcmp(code, "false") == 0)
		out_bool(o, name, code[0] == 't');
	else
		out_text(o, name, code);
}

static void put_code(struct json_out *o, const struct field *row, const void *at)
{
	if ((row->flags & FIELD_LOOSE) != 0)
		put_text(o, row->name, *(const char *const *)at);
	else if (*(const int32_t *)at > code_absent(row->codes))
		put_code_value(o, row->name, row->codes[*(const int32_t *)at].code);
}

static void put_uuid(struct json_out *o, const char *name, const struct uuid *id)
{
	char s[37];
	if (uuid_none(id))
		return;
	uuid_print(id, s);
	out_text(o, name, s);
}

static void put_texts(struct json_out *o, const char *name, const struct texts *list)
{
	if (list->count == 0)
		return;
	out_array(o, name);
	for (int i = 0; i < list->count; i++)
		out_text(o, NULL, list->item[i]);
	out_array_end(o);
}

static void put_objects(struct json_out *o, const struct field *row, const struct objects *list)
{
	if (list->count == 0)
		return;
	out_array(o, row->name);
	for (int i = 0; i < list->count; i++) {
		out_object(o, NULL);
		out_fields(
			o, row->fields, (const char *)list->item + row->item * (size_t)i, 0, 0);
		out_object_end(o);
	}
	out_array_end(o);
}

static void put_field(struct json_out *o, const struct field *row, const void *at)
{
	switch (row->type) {
	case FIELD_TEXT:
		put_text(o, row->name, *(const char *const *)at);
		break;
	case FIELD_DATE:
		if (((const struct ogi_date *)at)->day > 0)
			out_date(o, row->name, *(const struct ogi_date *)at);
		break;
	case FIELD_INT:
		out_number(o, row->name, *(const int32_t *)at);
		break;
	case FIELD_DECIMAL:
		out_decimal(o, row->name, *(const int64_t *)at);
		break;
	case FIELD_BOOL:
		out_bool(o, row->name, *(const bool *)at);
		break;
	case FIELD_CODE:
		put_code(o, row, at);
		break;
	case FIELD_UUID:
		put_uuid(o, row->name, at);
		break;
	case FIELD_TEXTS:
		put_texts(o, row->name, at);
		break;
	case FIELD_OBJECTS:
		put_objects(o, row, at);
		break;
	case FIELD_RAW:
		if (*(json_t *const *)at != NULL)
			out_value(o, row->name, *(json_t *const *)at);
		break;
	case FIELD_OBJECT: /* fields() goes into it */
		break;
	}
}

struct pick {
	unsigned mask, want;
};

static void fields(struct json_out *o, const struct field *row, const void *base,
	struct pick pick, unsigned inherited)
{
	for (; row->name != NULL; row++) {
		const void *at = (const char *)base + row->at;
		unsigned flags = row->flags | inherited;
		if (row->type != FIELD_OBJECT) {
			if ((flags & pick.mask) == pick.want)
				put_field(o, row, at);
			continue;
		}
		size_t before = o->to->used;
		bool comma = o->comma;
		out_object(o, row->name);
		size_t empty = o->to->used;
		fields(o, row->fields, at, pick, flags & INHERITED);
		if (o->to->used > empty) {
			out_object_end(o);
		} else { /* nothing in it: as if it had not been begun */
			o->to->used = before;
			o->to->data[before] = '\0';
			o->comma = comma;
			o->depth--;
		}
	}
}

void out_fields(struct json_out *o, const struct field *rows, const void *base, unsigned mask,
	unsigned want)
{
	fields(o, rows, base, (struct pick){ mask, want }, 0);
}
