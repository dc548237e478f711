/* SPDX-License-Identifier: MulanPSL-2.0 */
/* base/text: UTF-8, dates, numbers, codes and field rows. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"
#include "chance.h"

/* ---- UTF-8 ---- */

/*
 * The slow judge: RFC 3629 by arithmetic. Decodes by the length of the first byte and then asks
 * whether the value needs that length and may exist; text.c decides by ranges of bytes instead.
 */
static long judge(const unsigned char *s, size_t n)
{
	static const struct {
		unsigned mask, lead, bytes;
		uint32_t least;
	} forms[] = {
		{ 0x80, 0x00, 1, 0 },
		{ 0xE0, 0xC0, 2, 0x80 },
		{ 0xF0, 0xE0, 3, 0x800 },
		{ 0xF8, 0xF0, 4, 0x10000 },
	};
	long count = 0;
	for (size_t i = 0; i < n; count++) {
		size_t f = 0;
		while (f < 4 && (s[i] & forms[f].mask) != forms[f].lead)
			f++;
		if (f == 4 || i + forms[f].bytes > n)
			return -1;
		uint32_t u = s[i] & ~forms[f].mask & 0xFF;
		for (unsigned k = 1; k < forms[f].bytes; k++) {
			if ((s[i + k] & 0xC0) != 0x80)
				return -1;
			u = u << 6 | (s[i + k] & 0x3F);
		}
		if (u < forms[f].least || u > 0x10FFFF || (u >= 0xD800 && u <= 0xDFFF))
			return -1;
		i += forms[f].bytes;
	}
	return count;
}

static void characters_are_counted(void **state)
{
	(void)state;
	assert_int_equal(text_characters("", 0), 0);
	assert_int_equal(text_characters("abc", 3), 3);
	assert_int_equal(text_characters("朱村街道", 12), 4);
	assert_int_equal(text_characters("a\xF0\x9F\x98\x80z", 6), 3);
	assert_int_equal(text_characters("\xEF\xBF\xBE", 3),
		1); /* a non-character is still a character */
	assert_int_equal(text_characters("\0", 1), 1);
	assert_int_equal(text_characters("\xC0\x80", 2), -1);         /* overlong */
	assert_int_equal(text_characters("\xED\xA0\x80", 3), -1);     /* surrogate */
	assert_int_equal(text_characters("\xF4\x90\x80\x80", 4), -1); /* beyond U+10FFFF */
	assert_int_equal(text_characters("\xE6\x9C", 2), -1);         /* cut */
	assert_int_equal(text_characters("abcdefgh\xFF", 9), -1);
}

static void every_sequence_of_three_bytes_is_judged_alike(void **state)
{
	(void)state;
	unsigned char s[3];
	for (uint32_t u = 0; u < 1u << 24; u++) {
		s[0] = (unsigned char)(u >> 16);
		s[1] = (unsigned char)(u >> 8 & 0xFF);
		s[2] = (unsigned char)(u & 0xFF);
		/* ASCII first bytes say nothing new: one of them stands for all. */
		if (s[0] < 0x80 && s[0] != 'a')
			continue;
		if (text_characters((const char *)s, 3) != judge(s, 3))
			fail_msg("%02X %02X %02X", s[0], s[1], s[2]);
	}
}

static void sequences_of_four_bytes_are_judged_alike(void **state)
{
	static const size_t edges = 20;
	static const unsigned char edge[] = { 0x00, 0x41, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0,
		0xBF, 0xC0, 0xC2, 0xDF, 0xE0, 0xED, 0xEF, 0xF0, 0xF1, 0xF4, 0xF5, 0xFF };
	(void)state;
	unsigned char s[4];
	for (unsigned lead = 0xE0; lead <= 0xFF; lead++)
		for (size_t i = 0; i < edges * edges * edges; i++) {
			s[0] = (unsigned char)lead;
			s[1] = edge[i % edges];
			s[2] = edge[i / edges % edges];
			s[3] = edge[i / edges / edges];
			assert_int_equal(text_characters((const char *)s, 4), judge(s, 4));
		}
}

static void long_texts_with_damage_are_judged_alike(void **state)
{
	(void)state;
	struct chance c = { 20190515 };
	char s[256];
	for (int round = 0; round < 50000; round++) {
		size_t n = 0, most = chance_below(&c, 60);
		for (size_t i = 0; i < most; i++)
			n += chance_character(&c, s + n);
		if (n > 0 && chance_below(&c, 2) == 0)
			s[chance_below(&c, (uint32_t)n)] = (char)chance_below(&c, 256);
		n -= n > 0 ? chance_below(&c, 2) : 0;
		assert_int_equal(text_characters(s, n), judge((const unsigned char *)s, n));
	}
}

static void mail_addresses_are_known(void **state)
{
	(void)state;
	static const char *const good[] = { "a@b", "wang.wu+ogi@example.gov.cn",
		"A_%-1@x-y.CN" };
	static const char *const bad[] = { "", "@", "a", "a@", "@b", "a@b.", "a@.b", "a@b..c",
		"a@b@c", "a b@c", "a@b c", "<a@b>", "a@b\r\nBcc: c@d", "王@b.cn", "a@b,c@d",
		"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa@b.cn" };
	for (size_t i = 0; i < sizeof good / sizeof *good; i++)
		assert_true(text_is_mail_address(good[i]));
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		assert_false(text_is_mail_address(bad[i]));
}

static void faults_of_a_text_are_named(void **state)
{
	(void)state;
	assert_null(text_fault("张三", 6, 1, 2, 0));
	assert_string_equal(text_fault("张三丰", 9, 1, 2, 0), "too_long");
	assert_string_equal(text_fault("", 0, 1, 2, 0), "too_short");
	assert_null(text_fault("", 0, 0, 2, 0));
	assert_null(text_fault("张三丰", 9, 1, 0, 0)); /* no upper limit */
	assert_string_equal(text_fault("a\xFF", 2, 1, 9, 0), "utf8");
	assert_string_equal(text_fault("a\nb", 3, 1, 9, 0), "control_character");
	assert_null(text_fault("a\r\n\tb", 5, 1, 9, FIELD_MULTILINE));
	assert_string_equal(text_fault("a\vb", 3, 1, 9, FIELD_MULTILINE), "control_character");
	assert_string_equal(text_fault("a\x7F", 2, 1, 9, FIELD_MULTILINE), "control_character");
	assert_string_equal(
		text_fault("\xC2\x85", 2, 1, 9, FIELD_MULTILINE), "control_character"); /* C1 */
	assert_string_equal(text_fault("\xC2\x80", 2, 1, 9, 0), "control_character");
	assert_string_equal(text_fault("\xC2\x9F", 2, 1, 9, 0), "control_character");
	assert_null(text_fault("\xC2\xA0", 2, 1, 9, 0)); /* a no-break space is none */
	assert_string_equal(text_fault("\0", 1, 1, 9, 0), "control_character");
}

/* ---- dates, numbers ---- */

static int days_in(int year, int month)
{
	if (month == 2)
		return year % 400 == 0 || (year % 4 == 0 && year % 100 != 0) ? 29 : 28;
	return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
}

static void every_day_of_three_centuries_comes_back(void **state)
{
	(void)state;
	int32_t expected = 693596; /* 1900-01-01, as Python's date.toordinal() counts */
	for (int year = 1900; year <= 2199; year++)
		for (int month = 1; month <= 12; month++)
			for (int day = 1; day <= days_in(year, month); day++) {
				char s[40], back[11];
				struct ogi_date d = { 0 };
				snprintf(s, sizeof s, "%04d-%02d-%02d", year, month, day);
				assert_true(text_to_date(s, &d));
				assert_int_equal(d.day, expected++);
				text_from_date(d, back);
				assert_string_equal(back, s);
			}
	assert_int_equal(expected, 803169); /* 2200-01-01 */
}

static void days_that_do_not_exist_are_refused(void **state)
{
	static const char *const no[] = { "", "2025", "2025-02-29", "1900-02-29", "2100-02-29",
		"2025-04-31", "2025-00-10", "2025-13-10", "2025-01-00", "2025-01-32",
		"1899-12-31", "2200-01-01", "2025-1-01", "2025-01-1", " 2025-01-01",
		"2025-01-01 ", "2025/01/01", "2025-01-01T", "20250101", "-025-01-01",
		"2025-01-0x", "+025-01-01", "0000-00-00", "２０２５-01-01" };
	(void)state;
	struct ogi_date d = { 42 };
	for (size_t i = 0; i < sizeof no / sizeof *no; i++) {
		if (text_to_date(no[i], &d))
			fail_msg("\"%s\" was taken", no[i]);
		assert_int_equal(d.day, 42);
	}
	assert_false(text_to_date(NULL, &d));
	assert_true(text_to_date("2000-02-29", &d));
}

static void days_outside_the_text_range_print(void **state)
{
	static const struct {
		int32_t day;
		const char *text;
	} cases[] = { { 0, "" }, { -1, "" }, { INT32_MIN, "" }, { INT32_MAX, "" },
		{ 1, "0001-01-01" }, { 365, "0001-12-31" }, { 719163, "1970-01-01" },
		{ 3652059, "9999-12-31" }, { 3652060, "" } };
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		char s[11];
		text_from_date((struct ogi_date){ cases[i].day }, s);
		assert_string_equal(s, cases[i].text);
	}
}

static void whole_numbers_are_read(void **state)
{
	static const char *const no[] = { "", "-", "+1", " 1", "1 ", "1.0", "0x1", "1e3", "--1",
		"9223372036854775808", "-9223372036854775809", "99999999999999999999999",
		"１" };
	static const struct {
		const char *text;
		int64_t value;
	} yes[] = { { "0", 0 }, { "-0", 0 }, { "007", 7 }, { "20", 20 }, { "-5", -5 },
		{ "9223372036854775807", INT64_MAX }, { "-9223372036854775808", INT64_MIN } };
	(void)state;
	int64_t v = 42;
	for (size_t i = 0; i < sizeof no / sizeof *no; i++) {
		if (text_to_int(no[i], &v))
			fail_msg("\"%s\" was taken", no[i]);
		assert_int_equal(v, 42);
	}
	assert_false(text_to_int(NULL, &v));
	for (size_t i = 0; i < sizeof yes / sizeof *yes; i++) {
		assert_true(text_to_int(yes[i].text, &v));
		assert_true(v == yes[i].value);
	}
}

/* ---- rows ---- */

static const struct code colours[] = {
	{ .code = "red", .zh = "红", .en = "red" },
	{ .code = "green", .zh = "绿", .en = "green" },
	{ .code = NULL },
};

struct inner {
	const char *name;
	int32_t age;
};
struct outer {
	const char *title;
	struct ogi_date on;
	int32_t days;
	bool kept;
	int32_t colour;
	const char *subject;
	unsigned char id[16];
	struct texts items;
	struct inner who;
	struct objects others;
	const void *raw;
};

#define AT(member) .at = offsetof(struct outer, member)
static const struct field inner_rows[] = {
	{ .name = "name",
		.type = FIELD_TEXT,
		.at = offsetof(struct inner, name),
		.min = 1,
		.max = 3 },
	{ .name = "age", .type = FIELD_INT, .at = offsetof(struct inner, age) },
	{ .name = NULL },
};
static const struct field outer_rows[] = {
	{ .name = "title",
		.type = FIELD_TEXT,
		AT(title),
		.flags = FIELD_REQUIRED,
		.min = 1,
		.max = 5 },
	{ .name = "on", .type = FIELD_DATE, AT(on) },
	{ .name = "days", .type = FIELD_INT, AT(days), .min = 1, .max = 20 },
	{ .name = "kept", .type = FIELD_BOOL, AT(kept) },
	{ .name = "colour", .type = FIELD_CODE, AT(colour), .codes = colours },
	{ .name = "subject", .type = FIELD_CODE, AT(subject), .flags = FIELD_LOOSE, .max = 10 },
	{ .name = "id", .type = FIELD_UUID, AT(id) },
	{ .name = "items", .type = FIELD_TEXTS, AT(items) },
	{ .name = "who", .type = FIELD_OBJECT, AT(who), .fields = inner_rows },
	{ .name = "others",
		.type = FIELD_OBJECTS,
		AT(others),
		.fields = inner_rows,
		.item = sizeof(struct inner) },
	{ .name = "raw", .type = FIELD_RAW, AT(raw) },
	{ .name = NULL },
};

static void codes_are_found(void **state)
{
	(void)state;
	assert_int_equal(code_count(colours), 2);
	assert_int_equal(code_find(colours, "green"), 1);
	assert_int_equal(code_find(colours, "Green"), -1);
	assert_int_equal(code_find(colours, ""), -1);
	assert_int_equal(code_find(colours, NULL), -1);
}

static void rows_are_found_by_dotted_name(void **state)
{
	(void)state;
	size_t at = 99;
	assert_ptr_equal(field_find(outer_rows, "days", &at), &outer_rows[2]);
	assert_int_equal(at, offsetof(struct outer, days));
	assert_ptr_equal(field_find(outer_rows, "who.age", &at), &inner_rows[1]);
	assert_int_equal(at, offsetof(struct outer, who) + offsetof(struct inner, age));
	assert_ptr_equal(field_find(outer_rows, "who", NULL), &outer_rows[8]);
	static const char *const no[] = { "", "day", "dayss", "who.", "who.x", ".who",
		"title.x", "others.name", "who.age.x" };
	for (size_t i = 0; i < sizeof no / sizeof *no; i++)
		assert_null(field_find(outer_rows, no[i], &at));
	assert_null(field_find(outer_rows, NULL, &at));
}

static bool set(struct outer *o, const char *name, const char *text)
{
	size_t at = 0;
	const struct field *row = field_find(outer_rows, name, &at);
	assert_non_null(row);
	return field_set(row, at, o, text);
}

static void fields_are_set_from_text(void **state)
{
	(void)state;
	struct outer o = { .title = "x", .colour = -1 };
	assert_true(set(&o, "title", "政府信息"));
	assert_string_equal(o.title, "政府信息");
	assert_true(set(&o, "on", "2025-04-21"));
	assert_true(o.on.day > 700000);
	assert_true(set(&o, "days", "20"));
	assert_int_equal(o.days, 20);
	assert_true(set(&o, "kept", "true"));
	assert_true(o.kept);
	assert_true(set(&o, "kept", "false"));
	assert_false(o.kept);
	assert_true(set(&o, "colour", "green"));
	assert_int_equal(o.colour, 1);
	assert_true(set(&o, "subject", "land_use"));
	assert_string_equal(o.subject, "land_use");
	assert_true(set(&o, "who.name", "张三"));
	assert_string_equal(o.who.name, "张三");
	assert_true(set(&o, "who.age", "-2147483648"));
	assert_int_equal(o.who.age, INT32_MIN);
	/* made absent */
	assert_true(set(&o, "on", ""));
	assert_int_equal(o.on.day, 0);
	assert_true(set(&o, "colour", NULL));
	assert_int_equal(o.colour, -1);
	assert_true(set(&o, "who.name", ""));
	assert_null(o.who.name);
}

static void what_does_not_fit_a_row_changes_nothing(void **state)
{
	static const struct {
		const char *name, *text;
	} no[] = { { "title", "" }, { "title", NULL }, { "title", "六个字的标题" },
		{ "title", "a\nb" }, { "on", "2025-02-30" }, { "days", "0" }, { "days", "21" },
		{ "days", "x" }, { "days", "" }, { "days", "4294967297" }, { "kept", "yes" },
		{ "kept", "" }, { "colour", "blue" }, { "subject", "elevenchars" },
		{ "who.age", "2147483648" }, { "id", "x" }, { "items", "x" }, { "who", "x" },
		{ "others", "x" }, { "raw", "x" } };
	(void)state;
	struct outer o = { .title = "x", .days = 7, .kept = true, .colour = 1, .subject = "y" },
		     before = o;
	for (size_t i = 0; i < sizeof no / sizeof *no; i++) {
		if (set(&o, no[i].name, no[i].text))
			fail_msg("%s took \"%s\"", no[i].name,
				no[i].text != NULL ? no[i].text : "(null)");
		assert_true(fields_same(outer_rows, &o, &before));
	}
}

static void structs_are_compared_by_content(void **state)
{
	(void)state;
	char one[] = "一", two[] = "二", again[] = "一";
	const char *list[] = { one, two }, *twin[] = { again, two }, *other[] = { two, one };
	struct inner people[] = { { "甲", 1 }, { "乙", 2 } },
		     same[] = { { "甲", 1 }, { "乙", 2 } },
		     differ[] = { { "甲", 1 }, { "乙", 3 } };
	struct outer a = { .title = one, .items = { list, 2 }, .others = { people, 2 } };
	struct outer b = { .title = again, .items = { twin, 2 }, .others = { same, 2 } };
	assert_true(fields_same(outer_rows, &a, &b));
	b.items.item = other;
	assert_false(fields_same(outer_rows, &a, &b));
	b.items = (struct texts){ twin, 1 };
	assert_false(fields_same(outer_rows, &a, &b));
	b = a;
	b.others.item = differ;
	assert_false(fields_same(outer_rows, &a, &b));
	b.others = (struct objects){ people, 1 };
	assert_false(fields_same(outer_rows, &a, &b));
#define DIFFERS(change)                                                                        \
	do {                                                                                   \
		b = a;                                                                         \
		change;                                                                        \
		assert_false(fields_same(outer_rows, &a, &b));                                 \
	} while (0)
	DIFFERS(b.title = NULL);
	DIFFERS(b.on.day = 1);
	DIFFERS(b.days = 1);
	DIFFERS(b.kept = true);
	DIFFERS(b.colour = 1);
	DIFFERS(b.subject = "x");
	DIFFERS(b.id[15] = 1);
	DIFFERS(b.who.name = "x");
	DIFFERS(b.who.age = 1);
	DIFFERS(b.raw = &a);
#undef DIFFERS
	assert_true(text_same(NULL, NULL));
	assert_false(text_same(NULL, ""));
	assert_true(text_same(one, again));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(characters_are_counted),
		cmocka_unit_test(every_sequence_of_three_bytes_is_judged_alike),
		cmocka_unit_test(sequences_of_four_bytes_are_judged_alike),
		cmocka_unit_test(long_texts_with_damage_are_judged_alike),
		cmocka_unit_test(mail_addresses_are_known),
		cmocka_unit_test(faults_of_a_text_are_named),
		cmocka_unit_test(every_day_of_three_centuries_comes_back),
		cmocka_unit_test(days_that_do_not_exist_are_refused),
		cmocka_unit_test(days_outside_the_text_range_print),
		cmocka_unit_test(whole_numbers_are_read),
		cmocka_unit_test(codes_are_found),
		cmocka_unit_test(rows_are_found_by_dotted_name),
		cmocka_unit_test(fields_are_set_from_text),
		cmocka_unit_test(what_does_not_fit_a_row_changes_nothing),
		cmocka_unit_test(structs_are_compared_by_content),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
