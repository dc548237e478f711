/* SPDX-License-Identifier: MulanPSL-2.0 */
/* db/rows: the answer to one statement (binary columns) and the values bound to one. */
#ifndef OGID_DB_ROWS_H
#define OGID_DB_ROWS_H

#include "base/arena.h"
#include "base/mac.h"
#include "base/text.h"
#include "base/uuid.h"

/* A statement stands beside the function that binds and reads it, in store/ only. Prepared once
 * per connection. */
struct stmt {
	const char *name;
	const char *sql;
	int params;
};

/* Filled when the batch was answered; the PGresult dies with the arena. */
struct rows;
int rows_count(const struct rows *r);        /* rows returned */
int64_t rows_affected(const struct rows *r); /* command tag's count */
/* Frees the answer before its arena does: for what is read in many parts. There are no rows
 * then. */
void rows_drop(const struct rows *r);
int rows_col(const struct rows *r, const char *name); /* asserts that it exists */
/* ret_cols[i] = position of the column names[i]; the list ends with NULL. Cheapest in the order
 * of the statement. */
void rows_cols(const struct rows *r, const char *const *names, int *ret_cols);
bool rows_null(const struct rows *r, int row, int col);
bool rows_bool(const struct rows *r, int row, int col);
int32_t rows_int(const struct rows *r, int row, int col); /* int2, int4; 0 for null */
int64_t rows_int64(const struct rows *r, int row,
	int col); /* int2, int4, int8; not sum(), which is numeric */
int64_t rows_instant(const struct rows *r, int row,
	int col); /* timestamptz: microseconds since 1970; 0 for null */
struct ogi_date rows_date(const struct rows *r, int row, int col); /* no date for null */
struct uuid rows_uuid(const struct rows *r, int row, int col);
const char *rows_text(const struct rows *r, int row,
	int col); /* text, json, jsonb, enums; NULL for null; borrowed */
const void *rows_bytes(const struct rows *r, int row, int col, size_t *ret_n);
struct mac rows_mac(const struct rows *r, int row, int col); /* bytea of 32 bytes */
/* One-dimensional arrays of date, int4, text; texts in the arena. Returns how many there are
 * (null: 0), also when that is more than `most`; null items are no date, 0, NULL. */
int rows_dates(const struct rows *r, int row, int col, struct ogi_date *out, int most);
int rows_ints(const struct rows *r, int row, int col, int32_t *out, int most);
int rows_texts(
	const struct rows *r, int row, int col, struct arena *a, const char *const **ret_items);

/* The values of one statement, in order. Text format; memory in the arena. */
enum { BIND_MAX = 128 };
struct bind {
	struct arena *arena;
	int count;
	const char *value[BIND_MAX];
};
struct bind *bind_new(struct arena *a);
void bind_null(struct bind *b);
void bind_text(struct bind *b, const char *s); /* borrowed; NULL binds null */
void bind_int(struct bind *b, int64_t v);
void bind_bool(struct bind *b, bool v);
void bind_date(struct bind *b, struct ogi_date d);     /* no date binds null */
void bind_instant(struct bind *b, int64_t micros);     /* 0 binds null */
void bind_uuid(struct bind *b, const struct uuid *id); /* none or NULL binds null */
void bind_bytes(struct bind *b, const void *bytes, size_t n);
void bind_mac(struct bind *b, const struct mac *m); /* NULL binds null */
void bind_ints(struct bind *b, const int32_t *v, int n);
void bind_dates(struct bind *b, const struct ogi_date *v, int n);
void bind_texts(struct bind *b, const char *const *v, int n);
/* bytea[]: items of `each` bytes. */
void bind_bytes_list(struct bind *b, const unsigned char *const *v, size_t each, int n);

#endif
