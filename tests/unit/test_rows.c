/* SPDX-License-Identifier: MulanPSL-2.0 */
/* Binary columns in, text values out; results are made by hand, byte by byte. */
#include "base/clock.h"
#include "db/batch_parts.h"

// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
// clang-format on
#include <string.h>

struct column {
	char name[8];
	Oid type;
	int bytes; /* -1: null */
	const char *value;
};

/* One row of these columns. */
static struct rows one_row(const struct column *columns, int n)
{
	PGresult *r = PQmakeEmptyPGresult(NULL, PGRES_TUPLES_OK);
	PGresAttDesc described[16];
	memset(described, 0, sizeof described);
	struct column copy[16];
	memcpy(copy, columns, (size_t)n * sizeof copy[0]);
	for (int i = 0; i < n; i++) {
		described[i].name = copy[i].name;
		described[i].typid = copy[i].type;
		described[i].format = 1;
	}
	assert_int_equal(PQsetResultAttrs(r, n, described), 1);
	for (int i = 0; i < n; i++) {
		char value[256];
		if (columns[i].bytes > 0)
			memcpy(value, columns[i].value, (size_t)columns[i].bytes);
		assert_int_equal(PQsetvalue(r, 0, i, value, columns[i].bytes), 1);
	}
	return (struct rows){ r };
}

static void numbers_are_read_in_every_width(void **state)
{
	(void)state;
	const struct column columns[] = {
		{ "two", 21, 2, "\xff\xfe" },
		{ "four", 23, 4, "\x80\x00\x00\x00" },
		{ "eight", 20, 8, "\x7f\xff\xff\xff\xff\xff\xff\xff" },
		{ "none", 23, -1, NULL },
		{ "yes", 16, 1, "\x01" },
		{ "no", 16, 1, "\x00" },
		{ "less", 20, 8, "\xff\xff\xff\xff\xff\xff\xff\xfd" },
	};
	struct rows r = one_row(columns, 7);
	assert_int_equal(rows_count(&r), 1);
	assert_int_equal(rows_int(&r, 0, rows_col(&r, "two")), -2);
	assert_int_equal(rows_int64(&r, 0, 0), -2);
	assert_int_equal(rows_int(&r, 0, rows_col(&r, "four")), INT32_MIN);
	assert_true(rows_int64(&r, 0, rows_col(&r, "eight")) == INT64_MAX);
	assert_true(rows_int64(&r, 0, rows_col(&r, "less")) == -3);
	assert_int_equal(rows_int(&r, 0, 3), 0);
	assert_true(rows_null(&r, 0, 3));
	assert_false(rows_null(&r, 0, 0));
	assert_true(rows_bool(&r, 0, 4));
	assert_false(rows_bool(&r, 0, 5));
	PQclear(r.result);
}

static void columns_are_found_by_name_in_any_order(void **state)
{
	(void)state;
	const struct column columns[] = { { "a", 23, 4, "\0\0\0\1" },
		{ "b", 23, 4, "\0\0\0\2" }, { "c", 23, 4, "\0\0\0\3" } };
	struct rows r = one_row(columns, 3);
	const char *const names[] = { "c", "a", "b", "c", NULL };
	int at[4];
	rows_cols(&r, names, at);
	assert_int_equal(at[0], 2);
	assert_int_equal(at[1], 0);
	assert_int_equal(at[2], 1);
	assert_int_equal(at[3], 2);
	PQclear(r.result);
}

static void days_and_instants_count_from_their_own_beginnings(void **state)
{
	(void)state;
	const struct column columns[] = {
		{ "y2k", 1082, 4, "\0\0\0\0" },
		{ "before", 1082, 4, "\xff\xff\xff\xff" },
		{ "none", 1082, -1, NULL },
		{ "zero", 1184, 8, "\0\0\0\0\0\0\0\0" },
		{ "one", 1184, 8, "\xff\xff\xff\xff\xff\xff\xff\xff" },
		{ "never", 1184, -1, NULL },
	};
	struct rows r = one_row(columns, 6);
	char text[32];
	text_from_date(rows_date(&r, 0, 0), text);
	assert_string_equal(text, "2000-01-01");
	text_from_date(rows_date(&r, 0, 1), text);
	assert_string_equal(text, "1999-12-31");
	assert_int_equal(rows_date(&r, 0, 2).day, 0);
	clock_print(rows_instant(&r, 0, 3), text);
	assert_string_equal(text, "2000-01-01T00:00:00.000Z");
	int64_t y2k;
	assert_true(clock_parse("2000-01-01T00:00:00Z", &y2k));
	assert_true(rows_instant(&r, 0, 4) == y2k - 1);
	assert_true(rows_instant(&r, 0, 5) == 0);
	PQclear(r.result);
}

static void texts_and_bytes_come_as_they_are(void **state)
{
	(void)state;
	const struct column columns[] = {
		{ "text", 25, 6, "\xe6\xb1\x9f\xe8\x8b\x8f" },
		{ "json", 114, 2, "{}" },
		{ "jsonb", 3802, 3, "\x01{}" },
		{ "null", 25, -1, NULL },
		{ "bytes", 17, 3, "a\0b" },
		{ "mac", 17, 32, "0123456789abcdef0123456789ABCDEF" },
		{ "id", 2950, 16, "\0\1\2\3\4\5\6\7\x8\x9\xa\xb\xc\xd\xe\xf" },
		{ "empty", 25, 0, "" },
	};
	struct rows r = one_row(columns, 8);
	assert_string_equal(rows_text(&r, 0, 0), "江苏");
	assert_string_equal(rows_text(&r, 0, 1), "{}");
	assert_string_equal(rows_text(&r, 0, 2), "{}");
	assert_null(rows_text(&r, 0, 3));
	assert_string_equal(rows_text(&r, 0, 7), "");
	size_t n;
	assert_memory_equal(rows_bytes(&r, 0, 4, &n), "a\0b", 4);
	assert_int_equal(n, 3);
	struct mac m = rows_mac(&r, 0, 5);
	assert_memory_equal(m.byte, columns[5].value, 32);
	struct uuid id = rows_uuid(&r, 0, 6);
	char text[37];
	uuid_print(&id, text);
	assert_string_equal(text, "00010203-0405-0607-0809-0a0b0c0d0e0f");
	PQclear(r.result);
}

static void arrays_are_read_item_by_item(void **state)
{
	(void)state;
#define HEAD(type, count) "\0\0\0\1\0\0\0\1" type "\0\0\0" count "\0\0\0\1"
	const struct column columns[] = {
		{ "ints", 1007, 32,
			HEAD("\0\0\0\x17", "\2") "\0\0\0\4\0\0\1\0\xff\xff\xff\xff" },
		{ "dates", 1182, 28, HEAD("\0\0\x04\x3a", "\1") "\0\0\0\4\0\0\0\1" },
		{ "texts", 1009, 37,
			HEAD("\0\0\0\x19",
				"\3") "\0\0\0\2xy\xff\xff\xff\xff\0\0\0\3\xe4\xb8\xad" },
		{ "empty", 1009, 12, "\0\0\0\0\0\0\0\0\0\0\0\x19" },
		{ "null", 1009, -1, NULL },
	};
#undef HEAD
	struct rows r = one_row(columns, 5);
	int32_t ints[2] = { 7, 7 };
	assert_int_equal(rows_ints(&r, 0, 0, ints, 1), 2); /* there are more than asked for */
	assert_int_equal(ints[0], 256);
	assert_int_equal(ints[1], 7);
	assert_int_equal(rows_ints(&r, 0, 0, ints, 2), 2);
	assert_int_equal(ints[1], 0);
	struct ogi_date day;
	char text[11];
	assert_int_equal(rows_dates(&r, 0, 1, &day, 1), 1);
	text_from_date(day, text);
	assert_string_equal(text, "2000-01-02");
	struct arena *a = arena_new();
	const char *const *items;
	assert_int_equal(rows_texts(&r, 0, 2, a, &items), 3);
	assert_string_equal(items[0], "xy");
	assert_null(items[1]);
	assert_string_equal(items[2], "中");
	assert_int_equal(rows_texts(&r, 0, 3, a, &items), 0);
	assert_int_equal(rows_texts(&r, 0, 4, a, &items), 0);
	arena_free(a);
	PQclear(r.result);
}

static void what_is_not_answered_is_empty(void **state)
{
	(void)state;
	struct arena *a = arena_new();
	struct batch *b = batch_new(a);
	assert_true(batch_empty(b));
	static const struct stmt s = { "nothing", "SELECT", 0 };
	const struct rows *r = batch_ask(b, &s, NULL);
	assert_false(batch_empty(b));
	assert_int_equal(rows_count(r), 0);
	assert_true(rows_affected(r) == 0);
	assert_string_equal(batch_sqlstate(b), "");
	/* The result dies with the arena: LeakSanitizer watches. */
	batch_answer(
		b, STAILQ_FIRST(&b->questions), PQmakeEmptyPGresult(NULL, PGRES_TUPLES_OK));
	arena_free(a);
}

static const char *last(const struct bind *b)
{
	return b->value[b->count - 1];
}

static void values_are_written_as_postgresql_reads_them(void **state)
{
	(void)state;
	struct arena *a = arena_new();
	struct bind *b = bind_new(a);
	bind_int(b, INT64_MIN);
	assert_string_equal(last(b), "-9223372036854775808");
	bind_int(b, 0);
	assert_string_equal(last(b), "0");
	bind_bool(b, true);
	assert_string_equal(last(b), "t");
	struct ogi_date day;
	assert_true(text_to_date("2025-04-21", &day));
	bind_date(b, day);
	assert_string_equal(last(b), "2025-04-21");
	bind_date(b, (struct ogi_date){ 0 });
	assert_null(last(b));
	bind_bytes(b, "\x00\xff", 2);
	assert_string_equal(last(b), "\\x00ff");
	bind_bytes(b, "", 0);
	assert_string_equal(last(b), "\\x");
	bind_text(b, NULL);
	assert_null(last(b));
	bind_mac(b, NULL);
	assert_null(last(b));
	bind_uuid(b, &(struct uuid){ { 0 } });
	assert_null(last(b));
	bind_uuid(b, &(struct uuid){ { 1, [15] = 255 } });
	assert_string_equal(last(b), "01000000-0000-0000-0000-0000000000ff");
	bind_null(b);
	assert_int_equal(b->count, 12);
	arena_free(a);
}

static void instants_keep_their_microseconds(void **state)
{
	(void)state;
	struct arena *a = arena_new();
	struct bind *b = bind_new(a);
	int64_t at;
	assert_true(clock_parse("2025-04-21T01:02:03.000004Z", &at));
	bind_instant(b, at);
	assert_string_equal(last(b), "2025-04-21 01:02:03.000004+00");
	bind_instant(b, -1);
	assert_string_equal(last(b), "1969-12-31 23:59:59.999999+00");
	bind_instant(b, 0);
	assert_null(last(b));
	arena_free(a);
}

static void lists_are_written_as_arrays(void **state)
{
	(void)state;
	struct arena *a = arena_new();
	struct bind *b = bind_new(a);
	bind_ints(b, (const int32_t[]){ 1, INT32_MIN }, 2);
	assert_string_equal(last(b), "{1,-2147483648}");
	bind_ints(b, NULL, 0);
	assert_string_equal(last(b), "{}");
	bind_dates(b, (const struct ogi_date[]){ { 730120 }, { 0 } }, 2);
	assert_string_equal(last(b), "{2000-01-01,NULL}");
	const char *const texts[] = { "a,b", "", "NULL", NULL, "\"\\{}", "中" };
	bind_texts(b, texts, 6);
	assert_string_equal(last(b), "{\"a,b\",\"\",\"NULL\",NULL,\"\\\"\\\\{}\",\"中\"}");
	arena_free(a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_are_read_in_every_width),
		cmocka_unit_test(columns_are_found_by_name_in_any_order),
		cmocka_unit_test(days_and_instants_count_from_their_own_beginnings),
		cmocka_unit_test(texts_and_bytes_come_as_they_are),
		cmocka_unit_test(arrays_are_read_item_by_item),
		cmocka_unit_test(what_is_not_answered_is_empty),
		cmocka_unit_test(values_are_written_as_postgresql_reads_them),
		cmocka_unit_test(instants_keep_their_microseconds),
		cmocka_unit_test(lists_are_written_as_arrays),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
