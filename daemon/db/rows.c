/* SPDX-License-Identifier: MulanPSL-2.0 */
/* db/rows: reads PostgreSQL's binary formats (network byte order, epoch 2000-01-01). */
#include "base/log.h"
#include "db/batch_parts.h"

#include <assert.h>
#include <endian.h>
#include <stdlib.h>
#include <string.h>

/* pg_type.oid of the types we read; fixed for ever, but not in libpq's headers. */
enum {
	OID_BOOL = 16,
	OID_BYTEA = 17,
	OID_INT8 = 20,
	OID_INT2 = 21,
	OID_INT4 = 23,
	OID_FLOAT4 = 700,
	OID_FLOAT8 = 701,
	OID_DATE = 1082,
	OID_TIMESTAMPTZ = 1184,
	OID_NUMERIC = 1700,
	OID_UUID = 2950,
	OID_JSONB = 3802,
};

static const int64_t EPOCH_MICROS = INT64_C(946684800000000); /* 2000-01-01 since 1970 */
enum { EPOCH_DAY = 730120 };                                  /* 2000-01-01 as ogi_date */

static uint32_t get32(const char *p)
{
	uint32_t v;
	memcpy(&v, p, sizeof v);
	return be32toh(v);
}

static uint64_t get64(const char *p)
{
	uint64_t v;
	memcpy(&v, p, sizeof v);
	return be64toh(v);
}

static int32_t signed32(const char *p)
{
	return (int32_t)get32(p);
}

int rows_count(const struct rows *r)
{
	return r->result != NULL ? PQntuples(r->result) : 0;
}

void rows_drop(const struct rows *r)
{
	struct rows *own = (struct rows *)(uintptr_t)r; /* of a question, never const itself */
	PQclear(own->result);
	own->result = NULL;
}

int64_t rows_affected(const struct rows *r)
{
	int64_t n;
	return r->result != NULL && text_to_int(PQcmdTuples(r->result), &n) ? n : 0;
}

/* Starts looking at `from`: columns are mostly asked for in their order. */
static int find(const struct rows *r, const char *name, int from)
{
	int n = PQnfields(r->result);
	for (int i = 0; i < n; i++) {
		int col = from + i < n ? from + i : from + i - n;
		if (strcmp(PQfname(r->result, col), name) == 0)
			return col;
	}
	log_line(LOG_AT_ERROR, "db", "bug=\"a statement returns no column %s\"", name);
	abort();
}

int rows_col(const struct rows *r, const char *name)
{
	assert(r->result != NULL);
	return find(r, name, 0);
}

void rows_cols(const struct rows *r, const char *const *names, int *ret_cols)
{
	assert(r->result != NULL);
	int from = 0;
	for (int i = 0; names[i] != NULL; i++) {
		ret_cols[i] = find(r, names[i], from);
		from = ret_cols[i] + 1;
	}
}

/* The bytes of a cell; NULL and *ret_n 0 for null. A row or column out of range is a bug. */
static const char *cell(const struct rows *r, int row, int col, size_t *ret_n)
{
	assert(row >= 0 && row < rows_count(r) && col >= 0 && col < PQnfields(r->result));
	*ret_n = 0;
	if (PQgetisnull(r->result, row, col))
		return NULL;
	assert(PQfformat(r->result, col) == 1);
	*ret_n = (size_t)PQgetlength(r->result, row, col);
	return PQgetvalue(r->result, row, col);
}

/* The same for a type of fixed width. */
static const char *fixed(const struct rows *r, int row, int col, Oid type, size_t bytes)
{
	size_t n;
	const char *p = cell(r, row, col, &n);
	assert(PQftype(r->result, col) == type && (p == NULL || n == bytes));
	return p;
}

bool rows_null(const struct rows *r, int row, int col)
{
	size_t n;
	return cell(r, row, col, &n) == NULL;
}

bool rows_bool(const struct rows *r, int row, int col)
{
	const char *p = fixed(r, row, col, OID_BOOL, 1);
	return p != NULL && *p != 0;
}

int64_t rows_int64(const struct rows *r, int row, int col)
{
	size_t n;
	const char *p = cell(r, row, col, &n);
	Oid type = PQftype(r->result, col);
	assert(type == OID_INT2 || type == OID_INT4 || type == OID_INT8);
	if (p == NULL)
		return 0;
	if (n == 8)
		return (int64_t)get64(p);
	if (n == 4)
		return signed32(p);
	assert(n == 2);
	return (int16_t)((unsigned char)p[0] << 8 | (unsigned char)p[1]);
}

int32_t rows_int(const struct rows *r, int row, int col)
{
	assert(PQftype(r->result, col) != OID_INT8);
	return (int32_t)rows_int64(r, row, col);
}

int64_t rows_instant(const struct rows *r, int row, int col)
{
	const char *p = fixed(r, row, col, OID_TIMESTAMPTZ, 8);
	if (p == NULL)
		return 0;
	int64_t since = (int64_t)get64(p);
	assert(since != INT64_MIN && since != INT64_MAX); /* infinity is no instant of ours */
	return since + EPOCH_MICROS;
}

static struct ogi_date date_at(const char *p)
{
	int32_t since = signed32(p);
	assert(since != INT32_MIN && since < INT32_MAX - EPOCH_DAY);
	return (struct ogi_date){ since + EPOCH_DAY };
}

struct ogi_date rows_date(const struct rows *r, int row, int col)
{
	const char *p = fixed(r, row, col, OID_DATE, 4);
	return p != NULL ? date_at(p) : (struct ogi_date){ 0 };
}

struct uuid rows_uuid(const struct rows *r, int row, int col)
{
	struct uuid id = { { 0 } };
	const char *p = fixed(r, row, col, OID_UUID, sizeof id.byte);
	if (p != NULL)
		memcpy(id.byte, p, sizeof id.byte);
	return id;
}

const char *rows_text(const struct rows *r, int row, int col)
{
	size_t n;
	const char *p = cell(r, row, col, &n);
	Oid type = PQftype(r->result, col);
	/* Everything else we select (text, varchar, "char", name, json, enums) is its text. */
	assert(type != OID_BOOL && type != OID_BYTEA && type != OID_INT2 && type != OID_INT4);
	assert(type != OID_INT8 && type != OID_DATE && type != OID_TIMESTAMPTZ);
	assert(type != OID_UUID && type != OID_NUMERIC && type != OID_FLOAT4);
	assert(type != OID_FLOAT8);
	if (p != NULL && type == OID_JSONB) {
		assert(n >= 1 && *p == 1); /* the version of the format */
		p++;
	}
	return p;
}

const void *rows_bytes(const struct rows *r, int row, int col, size_t *ret_n)
{
	const char *p = cell(r, row, col, ret_n);
	assert(PQftype(r->result, col) == OID_BYTEA);
	return p;
}

struct mac rows_mac(const struct rows *r, int row, int col)
{
	struct mac m = { { 0 } };
	const char *p = fixed(r, row, col, OID_BYTEA, sizeof m.byte);
	if (p != NULL)
		memcpy(m.byte, p, sizeof m.byte);
	return m;
}

/* An array is being read: ndim, flags, element type, then per dimension size and lower bound,
 * then each element as length (-1: null) and bytes. */
struct array {
	const char *at, *end;
	Oid type;
	int count;
};

static struct array array_open(const struct rows *r, int row, int col)
{
	struct array a = { 0 };
	size_t n;
	a.at = cell(r, row, col, &n);
	if (a.at == NULL)
		return a;
	a.end = a.at + n;
	assert(n >= 12);
	int32_t dimensions = signed32(a.at);
	a.type = get32(a.at + 8);
	a.at += 12;
	if (dimensions == 0)
		return a;
	assert(dimensions == 1 && a.end - a.at >= 8);
	a.count = signed32(a.at);
	a.at += 8;
	return a;
}

/* The next element, NULL for null. */
static const char *array_next(struct array *a, size_t *ret_n)
{
	assert(a->end - a->at >= 4);
	int32_t n = signed32(a->at);
	a->at += 4;
	*ret_n = 0;
	if (n < 0)
		return NULL;
	assert(a->end - a->at >= n);
	const char *p = a->at;
	a->at += n;
	*ret_n = (size_t)n;
	return p;
}

int rows_dates(const struct rows *r, int row, int col, struct ogi_date *out, int most)
{
	struct array a = array_open(r, row, col);
	assert(a.count == 0 || a.type == OID_DATE);
	for (int i = 0; i < a.count && i < most; i++) {
		size_t n;
		const char *p = array_next(&a, &n);
		out[i] = p != NULL && n == 4 ? date_at(p) : (struct ogi_date){ 0 };
	}
	return a.count;
}

int rows_ints(const struct rows *r, int row, int col, int32_t *out, int most)
{
	struct array a = array_open(r, row, col);
	assert(a.count == 0 || a.type == OID_INT4);
	for (int i = 0; i < a.count && i < most; i++) {
		size_t n;
		const char *p = array_next(&a, &n);
		out[i] = p != NULL && n == 4 ? signed32(p) : 0;
	}
	return a.count;
}

int rows_texts(const struct rows *r, int row, int col, struct arena *into,
	const char *const **ret_items)
{
	struct array a = array_open(r, row, col);
	const char **items = arena_array(into, const char *, a.count);
	for (int i = 0; i < a.count; i++) {
		size_t n;
		const char *p = array_next(&a, &n);
		/* Elements have no terminator of their own. */
		items[i] = p != NULL ? arena_bytes(into, p, n) : NULL;
	}
	*ret_items = items;
	return a.count;
}
