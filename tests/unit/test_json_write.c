/* SPDX-License-Identifier: MulanPSL-2.0 */
/* base/json_write: exact bytes, what is written is read back the same. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/json_write.h"
#include "base/uuid.h"
#include "chance.h"

static void the_buffer_grows_and_stays_terminated(void **state)
{
	(void)state;
	struct buf b = { 0 };
	size_t n = 0;
	for (int i = 0; i < 5000; i++) {
		buf_add(&b, "0123456789", (size_t)(i % 11));
		n += (size_t)(i % 11);
		assert_int_equal(b.used, n);
		assert_int_equal(b.data[n], 0);
	}
	buf_clear(&b);
	assert_null(b.data);
	for (int width = 1; width < 3000; width++) {
		size_t before = b.used;
		buf_print(&b, "%*d", width, 7);
		assert_int_equal(b.used, before + (size_t)width);
		assert_int_equal(b.data[b.used - 1], '7');
		assert_int_equal(b.data[b.used], 0);
	}
	buf_clear(&b);
	buf_text(&b, "");
	assert_string_equal(b.data, "");
	buf_clear(&b);
}

static void the_bytes_are_canonical(void **state)
{
	(void)state;
	struct buf b = { 0 };
	struct json_out o = json_to(&b);
	struct ogi_date day = { 0 };
	assert_true(text_to_date("2025-04-21", &day));
	out_object(&o, NULL);
	out_text(&o, "a", "朱村\"\\/\b\f\n\r\t\x01\x1f\x7f");
	out_text(&o, "b", NULL);
	out_text_n(&o, "c", "x\0y", 3);
	out_number(&o, "min", INT64_MIN);
	out_number(&o, "max", INT64_MAX);
	out_array(&o, "list");
	out_number(&o, NULL, 0);
	out_number(&o, NULL, -10);
	out_bool(&o, NULL, true);
	out_null(&o, NULL);
	out_object(&o, NULL);
	out_object_end(&o);
	out_array(&o, NULL);
	out_array_end(&o);
	out_array_end(&o);
	out_date(&o, "on", day);
	out_date(&o, "off", (struct ogi_date){ 0 });
	out_instant(&o, "at", INT64_C(1745197323004000));
	out_instant(&o, "never", 0);
	out_copy(&o, "ready", "[1,{\"x\":2}]");
	out_copy(&o, "no", NULL);
	out_bool(&o, "na\"me", false);
	out_object_end(&o);
	assert_int_equal(o.depth, 0);
	assert_string_equal(b.data,
		"{\"a\":\"朱村\\\"\\\\/\\b\\f\\n\\r\\t\\u0001\\u001f\x7f\",\"b\":null,\"c\":\"x\\u0000y\","
		"\"min\":-9223372036854775808,\"max\":9223372036854775807,"
		"\"list\":[0,-10,true,null,{},[]],\"on\":\"2025-04-21\",\"off\":null,"
		"\"at\":\"2025-04-21T01:02:03.004Z\",\"never\":null,\"ready\":[1,{\"x\":2}],\"no\":null,"
		"\"na\\\"me\":false}");
	buf_clear(&b);
}

/* ---- any value → bytes → the same value, and the same bytes again ---- */

static json_t *any_text(struct chance *c)
{
	char s[400];
	size_t n = 0;
	for (uint32_t i = chance_below(c, 40); i > 0; i--) {
		if (chance_below(c, 4) == 0)
			s[n++] = (char)(1 + chance_below(c, 0x1F));
		else if (chance_below(c, 6) == 0)
			s[n++] = chance_below(c, 2) == 0 ? '"' : '\\';
		else
			n += chance_character(c, s + n);
	}
	return json_stringn(s, n);
}

static json_t *any_value(struct chance *c, int depth)
{
	uint32_t kind = chance_below(c, depth > 3 ? 6 : 8), n = chance_below(c, 6);
	json_t *v;
	switch (kind) {
	case 0:
		return json_null();
	case 1:
		return json_boolean(chance_below(c, 2) == 0);
	case 2:
		return json_integer((json_int_t)(chance_next(c) >> chance_below(c, 64)));
	case 3:
		return json_integer(-(json_int_t)(chance_next(c) >> (1 + chance_below(c, 63))));
	case 4:
		return json_real((double)(int64_t)chance_next(c) / (1 + chance_below(c, 1000)));
	case 5:
		return any_text(c);
	case 6:
		v = json_array();
		while (n-- > 0)
			json_array_append_new(v, any_value(c, depth + 1));
		return v;
	default:
		v = json_object();
		while (n-- > 0) {
			json_t *key = any_text(c);
			json_object_set_new(v, json_string_value(key), any_value(c, depth + 1));
			json_decref(key);
		}
		return v;
	}
}

static void what_is_written_is_read_back(void **state)
{
	(void)state;
	struct chance c = { 8259 };
	for (int round = 0; round < 20000; round++) {
		struct buf b = { 0 }, again = { 0 };
		struct json_out o = json_to(&b), o2 = json_to(&again);
		json_t *v = any_value(&c, 0);
		out_value(&o, NULL, v);
		json_t *back = json_loadb(b.data, b.used, JSON_DECODE_ANY, NULL);
		if (back == NULL || !json_equal(v, back))
			fail_msg("%s", b.data);
		out_value(&o2, NULL, back);
		assert_string_equal(b.data, again.data);
		json_decref(v);
		json_decref(back);
		buf_clear(&b);
		buf_clear(&again);
	}
}

static void numbers_are_exact(void **state)
{
	(void)state;
	struct chance c = { 64 };
	char expected[32];
	for (int i = 0; i < 200000; i++) {
		struct buf b = { 0 };
		struct json_out o = json_to(&b);
		int64_t v = (int64_t)(chance_next(&c) >> chance_below(&c, 64));
		v = chance_below(&c, 2) == 0 ? v : (int64_t)(0 - (uint64_t)v);
		out_number(&o, NULL, v);
		snprintf(expected, sizeof expected, "%lld", (long long)v);
		assert_string_equal(b.data, expected);
		buf_clear(&b);
	}
}

/* ---- rows ---- */

static const struct code kinds[] = { { .code = "natural" }, { .code = "business" },
	{ .code = NULL } };

struct person {
	int32_t kind;
	const char *name, *secret;
	struct objects others;
};
struct body {
	struct ogi_date on;
	int32_t days;
	bool assisted;
	struct person applicant;
	const char *note;
	struct texts items;
	struct uuid id;
	const char *subject;
	json_t *raw;
};

#define AT(s, member) .at = offsetof(struct s, member)
static const struct field other_rows[] = {
	{ .name = "name", .type = FIELD_TEXT, AT(person, name) }, { .name = NULL }
};
static const struct field person_rows[] = {
	{ .name = "kind", .type = FIELD_CODE, AT(person, kind), .codes = kinds },
	{ .name = "name", .type = FIELD_TEXT, AT(person, name), .flags = FIELD_PERSONAL },
	{ .name = "secret",
		.type = FIELD_TEXT,
		AT(person, secret),
		.flags = FIELD_PERSONAL | FIELD_SECRET },
	{ .name = "others",
		.type = FIELD_OBJECTS,
		AT(person, others),
		.flags = FIELD_PERSONAL,
		.fields = other_rows,
		.item = sizeof(struct person) },
	{ .name = NULL },
};
static const struct field body_rows[] = {
	{ .name = "on", .type = FIELD_DATE, AT(body, on) },
	{ .name = "days", .type = FIELD_INT, AT(body, days) },
	{ .name = "assisted", .type = FIELD_BOOL, AT(body, assisted) },
	{ .name = "applicant",
		.type = FIELD_OBJECT,
		AT(body, applicant),
		.fields = person_rows },
	{ .name = "note", .type = FIELD_TEXT, AT(body, note), .flags = FIELD_PERSONAL },
	{ .name = "items", .type = FIELD_TEXTS, AT(body, items) },
	{ .name = "id", .type = FIELD_UUID, AT(body, id) },
	{ .name = "subject", .type = FIELD_CODE, AT(body, subject), .flags = FIELD_LOOSE },
	{ .name = "raw", .type = FIELD_RAW, AT(body, raw) },
	{ .name = NULL },
};

static void writes(const struct field *rows, const void *base, unsigned mask, unsigned want,
	const char *expected)
{
	struct buf b = { 0 };
	struct json_out o = json_to(&b);
	out_object(&o, NULL);
	out_fields(&o, rows, base, mask, want);
	out_object_end(&o);
	assert_string_equal(b.data, expected);
	assert_int_equal(o.depth, 0);
	buf_clear(&b);
}

static void fields_are_chosen_by_their_flags(void **state)
{
	(void)state;
	const char *items[] = { "一", "二" };
	struct person others[] = { { .name = "乙" }, { .name = NULL } };
	json_t *raw = json_pack("{s:[i,b]}", "x", 1, 0);
	struct body full = { .on = { 739362 },
		.days = 20,
		.assisted = true,
		.applicant = { 1, "甲", "440102", { others, 2 } },
		.note = "n",
		.items = { items, 2 },
		.subject = "land_use",
		.raw = raw };
	assert_true(uuid_parse_text("0192f3a4-1b2c-7d3e-8f40-0123456789ab", &full.id));
	writes(body_rows, &full, 0, 0,
		"{\"on\":\"2025-04-21\",\"days\":20,\"assisted\":true,\"applicant\":{\"kind\":\"business\",\"name\":\"甲\","
		"\"secret\":\"440102\",\"others\":[{\"name\":\"乙\"},{}]},\"note\":\"n\",\"items\":[\"一\",\"二\"],"
		"\"id\":\"0192f3a4-1b2c-7d3e-8f40-0123456789ab\",\"subject\":\"land_use\",\"raw\":{\"x\":[1,false]}}");
	writes(body_rows, &full, FIELD_PERSONAL, 0,
		"{\"on\":\"2025-04-21\",\"days\":20,\"assisted\":true,\"applicant\":{\"kind\":\"business\"},"
		"\"items\":[\"一\",\"二\"],\"id\":\"0192f3a4-1b2c-7d3e-8f40-0123456789ab\",\"subject\":\"land_use\","
		"\"raw\":{\"x\":[1,false]}}");
	writes(body_rows, &full, FIELD_PERSONAL, FIELD_PERSONAL,
		"{\"applicant\":{\"name\":\"甲\",\"secret\":\"440102\",\"others\":[{\"name\":\"乙\"},{}]},\"note\":\"n\"}");
	writes(body_rows, &full, FIELD_PERSONAL | FIELD_SECRET, FIELD_PERSONAL,
		"{\"applicant\":{\"name\":\"甲\",\"others\":[{\"name\":\"乙\"},{}]},\"note\":\"n\"}");
	writes(body_rows, &full, FIELD_SECRET, FIELD_SECRET,
		"{\"applicant\":{\"secret\":\"440102\"}}");
	json_decref(raw);
}

static void absent_fields_are_left_out(void **state)
{
	(void)state;
	struct body none = { .applicant = { .kind = -1 } };
	writes(body_rows, &none, 0, 0, "{\"days\":0,\"assisted\":false}");
	writes(body_rows, &none, FIELD_PERSONAL, FIELD_PERSONAL, "{}");
	const char *item = "一";
	none.items = (struct texts){ &item, 1 };
	writes(body_rows, &none, 0, 0, "{\"days\":0,\"assisted\":false,\"items\":[\"一\"]}");
	none.note = ""; /* given as nothing is not absent */
	writes(body_rows, &none, FIELD_PERSONAL, FIELD_PERSONAL, "{\"note\":\"\"}");
}

static void an_object_hands_its_flags_down(void **state)
{
	static const struct field rows[] = {
		{ .name = "who",
			.type = FIELD_OBJECT,
			AT(body, applicant),
			.flags = FIELD_PERSONAL,
			.fields = person_rows },
		{ .name = NULL },
	};
	(void)state;
	struct body b = { .applicant = { .kind = 0, .name = "甲" } };
	writes(rows, &b, FIELD_PERSONAL, 0, "{}");
	writes(rows, &b, FIELD_PERSONAL, FIELD_PERSONAL,
		"{\"who\":{\"kind\":\"natural\",\"name\":\"甲\"}}");
}

static void borrowed_bytes_are_never_written_to(void **state)
{
	(void)state;
	static const char bytes[3] = { 'a', 'b', 'c' }; /* no terminator */
	struct buf b = { 0 };
	buf_text(&b, "gone");
	buf_borrow(&b, bytes, sizeof bytes);
	assert_ptr_equal(b.data, bytes);
	assert_int_equal(b.used, 3);
	buf_text(&b, "d");
	assert_ptr_not_equal(b.data, bytes);
	assert_string_equal(b.data, "abcd");
	buf_borrow(&b, bytes, sizeof bytes);
	b.used = 0; /* thrown away: something else is said */
	buf_text(&b, "x");
	assert_string_equal(b.data, "x");
	buf_borrow(&b, bytes, sizeof bytes);
	buf_clear(&b);
	assert_memory_equal(bytes, "abc", 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_buffer_grows_and_stays_terminated),
		cmocka_unit_test(the_bytes_are_canonical),
		cmocka_unit_test(what_is_written_is_read_back),
		cmocka_unit_test(numbers_are_exact),
		cmocka_unit_test(fields_are_chosen_by_their_flags),
		cmocka_unit_test(absent_fields_are_left_out),
		cmocka_unit_test(an_object_hands_its_flags_down),
		cmocka_unit_test(borrowed_bytes_are_never_written_to),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
