/* SPDX-License-Identifier: MulanPSL-2.0 */
/* db/rows, the other direction: values in PostgreSQL's text formats. */
#include "db/rows.h"

#include <assert.h>
#include <string.h>

static const int64_t DAY_MICROS = INT64_C(86400000000);
enum { DAY_1970 = 719163 };

static const char HEX[] = "0123456789abcdef";

struct bind *bind_new(struct arena *a)
{
	struct bind *b = arena_make(a, struct bind);
	b->arena = a;
	return b;
}

static void add(struct bind *b, const char *value)
{
	assert(b->count < BIND_MAX);
	b->value[b->count++] = value;
}

/* Writes v in decimal, returns the end. */
static char *put_int(char *at, int64_t v)
{
	char digits[20];
	int n = 0;
	uint64_t rest = v < 0 ? -(uint64_t)v : (uint64_t)v;
	do {
		digits[n++] = (char)('0' + rest % 10);
		rest /= 10;
	} while (rest > 0);
	if (v < 0)
		*at++ = '-';
	while (n > 0)
		*at++ = digits[--n];
	return at;
}

static char *put_two(char *at, int64_t v)
{
	*at++ = (char)('0' + v / 10);
	*at++ = (char)('0' + v % 10);
	return at;
}

static char *put_null(char *at)
{
	for (const char *s = "NULL"; *s != '\0'; s++)
		*at++ = *s;
	return at;
}

void bind_null(struct bind *b)
{
	add(b, NULL);
}

void bind_text(struct bind *b, const char *s)
{
	add(b, s);
}

void bind_int(struct bind *b, int64_t v)
{
	char text[24];
	char *end = put_int(text, v);
	add(b, arena_bytes(b->arena, text, (size_t)(end - text)));
}

void bind_bool(struct bind *b, bool v)
{
	add(b, v ? "t" : "f");
}

void bind_date(struct bind *b, struct ogi_date d)
{
	if (d.day == 0) {
		add(b, NULL);
		return;
	}
	char text[11];
	text_from_date(d, text);
	assert(text[0] != '\0');
	add(b, arena_text(b->arena, text));
}

/* "2025-04-21 01:02:03.000004+00" */
void bind_instant(struct bind *b, int64_t micros)
{
	if (micros == 0) {
		add(b, NULL);
		return;
	}
	int64_t day = micros / DAY_MICROS, rest = micros % DAY_MICROS;
	if (rest < 0) {
		day--;
		rest += DAY_MICROS;
	}
	assert(day > -DAY_1970 && day < 3652059 - DAY_1970);
	char text[40];
	text_from_date((struct ogi_date){ (int32_t)(day + DAY_1970) }, text);
	char *at = text + strlen(text);
	int64_t second = rest / 1000000, fraction = rest % 1000000;
	*at++ = ' ';
	at = put_two(at, second / 3600);
	*at++ = ':';
	at = put_two(at, second / 60 % 60);
	*at++ = ':';
	at = put_two(at, second % 60);
	*at++ = '.';
	at = put_two(at, fraction / 10000);
	at = put_two(at, fraction / 100 % 100);
	at = put_two(at, fraction % 100);
	memcpy(at, "+00", 3);
	add(b, arena_bytes(b->arena, text, (size_t)(at + 3 - text)));
}

void bind_uuid(struct bind *b, const struct uuid *id)
{
	if (id == NULL || uuid_none(id)) {
		add(b, NULL);
		return;
	}
	char text[37];
	uuid_print(id, text);
	add(b, arena_bytes(b->arena, text, 36));
}

static char *put_hex(char *at, const unsigned char *from, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		*at++ = HEX[from[i] >> 4];
		*at++ = HEX[from[i] & 15];
	}
	return at;
}

void bind_bytes(struct bind *b, const void *bytes, size_t n)
{
	if (bytes == NULL) {
		add(b, NULL);
		return;
	}
	assert(n <= 512u << 20); /* a value of PostgreSQL ends at 1 GB */
	char *text = arena_alloc(b->arena, 2 * n + 3), *at = text;
	*at++ = '\\';
	*at++ = 'x';
	put_hex(at, bytes, n);
	add(b, text);
}

void bind_bytes_list(struct bind *b, const unsigned char *const *v, size_t each, int n)
{
	char *text = arena_alloc(b->arena, (size_t)n * (2 * each + 6) + 3), *at = text;
	*at++ = '{';
	for (int i = 0; i < n; i++) {
		if (i > 0)
			*at++ = ',';
		*at++ = '"';
		*at++ = '\\';
		*at++ = '\\';
		*at++ = 'x';
		at = put_hex(at, v[i], each);
		*at++ = '"';
	}
	*at = '}';
	add(b, text);
}

void bind_mac(struct bind *b, const struct mac *m)
{
	bind_bytes(b, m != NULL ? m->byte : NULL, sizeof m->byte);
}

void bind_ints(struct bind *b, const int32_t *v, int n)
{
	char *text = arena_alloc(b->arena, (size_t)n * 12 + 3), *at = text;
	*at++ = '{';
	for (int i = 0; i < n; i++) {
		if (i > 0)
			*at++ = ',';
		at = put_int(at, v[i]);
	}
	*at = '}';
	add(b, text);
}

void bind_dates(struct bind *b, const struct ogi_date *v, int n)
{
	char *text = arena_alloc(b->arena, (size_t)n * 12 + 3), *at = text;
	*at++ = '{';
	for (int i = 0; i < n; i++) {
		if (i > 0)
			*at++ = ',';
		if (v[i].day == 0) {
			at = put_null(at);
			continue;
		}
		text_from_date(v[i], at);
		assert(*at != '\0');
		at += strlen(at);
	}
	*at = '}';
	add(b, text);
}

/* {"a","quoted \" and \\",NULL} */
void bind_texts(struct bind *b, const char *const *v, int n)
{
	size_t bytes = 3;
	for (int i = 0; i < n; i++)
		bytes += v[i] != NULL ? 2 * strlen(v[i]) + 3 : 5;
	char *text = arena_alloc(b->arena, bytes), *at = text;
	*at++ = '{';
	for (int i = 0; i < n; i++) {
		if (i > 0)
			*at++ = ',';
		if (v[i] == NULL) {
			at = put_null(at);
			continue;
		}
		*at++ = '"';
		for (const char *s = v[i]; *s != '\0'; s++) {
			if (*s == '"' || *s == '\\')
				*at++ = '\\';
			*at++ = *s;
		}
		*at++ = '"';
	}
	*at = '}';
	add(b, text);
}
