/* SPDX-License-Identifier: MulanPSL-2.0 */
/* base/form: bodies are parsed strictly, every fault is found, what was written is loaded the
 * same. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/form.h"
#include "base/json_write.h"
#include "base/uuid.h"
#include "chance.h"

static const struct code channels[] = { { .code = "in_person" }, { .code = "online" },
	{ .code = "letter" }, { .code = NULL } };

struct attempt {
	struct ogi_date on;
	const char *how;
	int32_t channel;
};
struct person {
	int32_t kind;
	const char *name;
};
struct sample {
	int32_t channel;
	struct ogi_date on;
	int32_t workdays, any;
	bool confirmed;
	struct person applicant;
	const char *description, *title, *subject;
	struct uuid id;
	struct texts items;
	struct objects attempts;
	json_t *raw;
};

#define AT(s, member) .at = offsetof(struct s, member)
static const struct field attempt_rows[] = {
	{ .name = "on", .type = FIELD_DATE, AT(attempt, on), .flags = FIELD_REQUIRED },
	{ .name = "how", .type = FIELD_TEXT, AT(attempt, how), .min = 1, .max = 5 },
	{ .name = "channel", .type = FIELD_CODE, AT(attempt, channel), .codes = channels },
	{ .name = NULL },
};
static const struct field person_rows[] = {
	{ .name = "kind",
		.type = FIELD_CODE,
		AT(person, kind),
		.flags = FIELD_REQUIRED,
		.codes = channels },
	{ .name = "name",
		.type = FIELD_TEXT,
		AT(person, name),
		.flags = FIELD_REQUIRED | FIELD_PERSONAL,
		.min = 1,
		.max = 4 },
	{ .name = NULL },
};
static const struct field rows[] = {
	{ .name = "channel",
		.type = FIELD_CODE,
		AT(sample, channel),
		.flags = FIELD_REQUIRED,
		.codes = channels },
	{ .name = "on", .type = FIELD_DATE, AT(sample, on) },
	{ .name = "workdays", .type = FIELD_INT, AT(sample, workdays), .min = 1, .max = 20 },
	{ .name = "any", .type = FIELD_INT, AT(sample, any) },
	{ .name = "confirmed", .type = FIELD_BOOL, AT(sample, confirmed) },
	{ .name = "applicant",
		.type = FIELD_OBJECT,
		AT(sample, applicant),
		.fields = person_rows },
	{ .name = "description",
		.type = FIELD_TEXT,
		AT(sample, description),
		.flags = FIELD_MULTILINE | FIELD_PERSONAL,
		.max = 20 },
	{ .name = "title", .type = FIELD_TEXT, AT(sample, title), .min = 2, .max = 4 },
	{ .name = "subject",
		.type = FIELD_CODE,
		AT(sample, subject),
		.flags = FIELD_LOOSE,
		.min = 1,
		.max = 8 },
	{ .name = "id", .type = FIELD_UUID, AT(sample, id) },
	{ .name = "items",
		.type = FIELD_TEXTS,
		AT(sample, items),
		.min = 1,
		.max = 3,
		.item_max = 4 },
	{ .name = "attempts",
		.type = FIELD_OBJECTS,
		AT(sample, attempts),
		.max = 2,
		.fields = attempt_rows,
		.item = sizeof(struct attempt) },
	{ .name = "raw", .type = FIELD_RAW, AT(sample, raw) },
	{ .name = NULL },
};

/* ---- parsing ---- */

static const struct form_why *refusal(struct arena *a, const char *body, size_t n)
{
	struct form_why *why = arena_make(a, struct form_why);
	if (form_parse(a, body, n, why) != NULL)
		fail_msg("\"%s\" was taken", body);
	/* both sentences end and can be shown */
	assert_true(text_characters(why->zh, strlen(why->zh)) > 5);
	assert_true(text_characters(why->en, strlen(why->en)) > 5);
	assert_null(text_fault(why->en, strlen(why->en), 0, 0, 0));
	assert_null(text_fault(why->zh, strlen(why->zh), 0, 0, 0));
	assert_int_equal(why->en[strlen(why->en) - 1], '.');
	return why;
}

static void crooked_bodies_are_refused(void **state)
{
	static const char *const no[] = { "", " ", "{", "{\"a\":1", "[1,2", "{\"a\":1}}",
		"{\"a\":1} x", "{\"a\":1,\"a\":2}", "{\"a\":{\"b\":1,\"b\":1}}",
		"{\"a\":\"\\u0000\"}", "{\"\\u0000\":1}", "{\"a\":99999999999999999999}",
		"{\"a\":1e999}", "{a:1}", "{'a':1}", "{\"a\":1,}", "[1,]", "{\"a\":01}",
		"{\"a\":+1}", "{\"a\":.5}", "nul", "{\"a\":\"\n\"}", "{\"a\":\"\\x\"}",
		"{\"a\":\"\\ud800\"}", "{\"a\":\"\\udc00\\ud800\"}", "// x\n{}",
		"\xEF\xBB\xBF{}", "{\"a\":NaN}", "{\"a\":Infinity}", "\"", "\"\\" };
	static const char *const bad_utf8[] = { "{\"a\":\"\xFF\"}", "{\"a\":\"\xC0\x80\"}",
		"{\"a\":\"\xED\xA0\x80\"}", "{\"a\":\"\xE6\x9C\"}", "\xFE\xFF",
		"{\"\xC3\":1}" };
	(void)state;
	for (size_t i = 0; i < sizeof no / sizeof *no; i++) {
		struct arena *a = arena_new();
		assert_false(refusal(a, no[i], strlen(no[i]))->encoding);
		arena_free(a);
	}
	for (size_t i = 0; i < sizeof bad_utf8 / sizeof *bad_utf8; i++) {
		struct arena *a = arena_new();
		assert_true(refusal(a, bad_utf8[i], strlen(bad_utf8[i]))->encoding);
		arena_free(a);
	}
	struct arena *a = arena_new();
	refusal(a, "{}\0", 3); /* a byte after the end */
	arena_free(a);
}

static void depth_and_values_are_bounded(void **state)
{
	(void)state;
	char deep[80];
	struct arena *a = arena_new();
	struct form_why why;
	memset(deep, '[', 32);
	memset(deep + 32, ']', 32);
	assert_non_null(form_parse(a, deep, 64, &why));
	memset(deep, '[', 33);
	memset(deep + 33, ']', 33);
	assert_string_equal(refusal(a, deep, 66)->en,
		"The JSON is nested deeper than 32 levels; flatten it.");
	/* brackets in a text are no depth */
	static const char text[] = "[\"\\\"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[\\\\\"]";
	assert_non_null(form_parse(a, text, sizeof text - 1, &why));
	char *wide = arena_array(a, char, 140001);
	for (size_t i = 0; i < 140000; i++)
		wide[i] = i % 2 == 0 ? ',' : '1';
	wide[0] = '[';
	wide[140000] = ']';
	assert_string_equal(refusal(a, wide, 140001)->en,
		"The JSON holds more than 65536 values; send it in parts.");
	wide[131000] = ']';
	assert_non_null(form_parse(a, wide, 131001, &why));
	arena_free(a);
}

/* ---- reading ---- */

static struct faults faults_of(
	struct arena *a, const char *body, const char *prefix, struct sample *s)
{
	struct form_why why = { 0 };
	struct faults f;
	*s = (struct sample){ 0 };
	json_t *json = form_parse(a, body, strlen(body), &why);
	if (json == NULL)
		fail_msg("%s: %s", body, why.en);
	faults_init(&f, a);
	bool good = form_read(json, rows, s, prefix, &f);
	assert_int_equal(good, f.count == 0);
	return f;
}

static void a_full_body_is_read(void **state)
{
	(void)state;
	struct arena *a = arena_new();
	struct sample s;
	struct faults f = faults_of(a,
		"{\"channel\":\"online\",\"on\":\"2025-04-21\",\"workdays\":20,\"any\":-2147483648,\"confirmed\":true,"
		"\"applicant\":{\"kind\":\"letter\",\"name\":\"欧阳娜娜\"},\"description\":\" 一\\r\\n\\t二 \\ufffe\","
		"\"title\":\"公开\",\"subject\":\"land_use\",\"id\":\"0192f3a4-1b2c-7d3e-8f40-0123456789ab\","
		"\"items\":[\"甲\",\"乙\"],\"attempts\":[{\"on\":\"2025-04-22\",\"how\":\"电话\"},{\"on\":\"2025-04-23\","
		"\"channel\":\"letter\"}],\"raw\":{\"x\":[1]}}",
		"", &s);
	assert_int_equal(f.count, 0);
	assert_int_equal(s.channel, 1);
	assert_int_equal(s.on.day, 739362);
	assert_int_equal(s.workdays, 20);
	assert_int_equal(s.any, INT32_MIN);
	assert_true(s.confirmed);
	assert_int_equal(s.applicant.kind, 2);
	assert_string_equal(s.applicant.name, "欧阳娜娜");
	assert_string_equal(
		s.description, " 一\r\n\t二 \xEF\xBF\xBE"); /* byte for byte, nothing trimmed */
	assert_string_equal(s.title, "公开");
	assert_string_equal(s.subject, "land_use");
	assert_int_equal(s.id.byte[15], 0xab);
	assert_int_equal(s.items.count, 2);
	assert_string_equal(s.items.item[1], "乙");
	assert_int_equal(s.attempts.count, 2);
	const struct attempt *at = s.attempts.item;
	assert_string_equal(at[0].how, "电话");
	assert_int_equal(at[0].channel, -1);
	assert_int_equal(at[1].channel, 2);
	assert_int_equal(json_object_size(s.raw), 1);
	arena_free(a);
}

static void what_is_not_given_is_absent(void **state)
{
	static const char *const bodies[] = {
		"{\"channel\":\"letter\"}",
		"{\"channel\":\"letter\",\"on\":null,\"workdays\":null,\"confirmed\":null,\"applicant\":null,\"title\":null,"
		"\"id\":null,\"items\":null,\"attempts\":null,\"raw\":null,\"subject\":null,\"description\":null,\"any\":null}"
	};
	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct arena *a = arena_new();
		struct sample s, none = { .channel = 2, .applicant = { .kind = -1 } };
		assert_int_equal(faults_of(a, bodies[i], "", &s).count, 0);
		assert_true(fields_same(rows, &s, &none));
		arena_free(a);
	}
}

/* One member of an otherwise good body; the pointer and code of the one fault. */
static const struct {
	const char *member, *pointer, *code;
} one_fault[] = {
	{ "\"channel\":null", "/channel", "required" },
	{ "\"channel\":\"\"", "/channel", "required" },
	{ "\"channel\":\"pigeon\"", "/channel", "unknown_code" },
	{ "\"channel\":1", "/channel", "type" },
	{ "\"channel\":true", "/channel", "type" },
	{ "\"on\":\"2025-02-29\"", "/on", "date" },
	{ "\"on\":\"\"", "/on", "date" },
	{ "\"on\":20250421", "/on", "type" },
	{ "\"workdays\":0", "/workdays", "range" },
	{ "\"workdays\":21", "/workdays", "range" },
	{ "\"workdays\":5.0", "/workdays", "type" },
	{ "\"workdays\":\"5\"", "/workdays", "type" },
	{ "\"workdays\":true", "/workdays", "type" },
	{ "\"any\":2147483648", "/any", "range" },
	{ "\"any\":-2147483649", "/any", "range" },
	{ "\"any\":9223372036854775807", "/any", "range" },
	{ "\"confirmed\":1", "/confirmed", "type" },
	{ "\"confirmed\":\"true\"", "/confirmed", "type" },
	{ "\"applicant\":[]", "/applicant", "type" },
	{ "\"applicant\":{\"kind\":\"letter\"}", "/applicant/name", "required" },
	{ "\"applicant\":{\"kind\":\"letter\",\"name\":\"\"}", "/applicant/name", "required" },
	{ "\"applicant\":{\"kind\":\"letter\",\"name\":\"一二三四五\"}", "/applicant/name",
		"too_long" },
	{ "\"applicant\":{\"kind\":\"letter\",\"name\":\"a\",\"x/y~\":1}", "/applicant/x~1y~0",
		"unknown_field" },
	{ "\"title\":\"一\"", "/title", "too_short" },
	{ "\"title\":\"\"", "/title", "too_short" },
	{ "\"title\":\"一二三四五\"", "/title", "too_long" },
	{ "\"title\":\"a\\nb\"", "/title", "control_character" },
	{ "\"title\":\"a\\u0085b\"", "/title", "control_character" },
	{ "\"title\":{}", "/title", "type" },
	{ "\"description\":\"a\\u000bb\"", "/description", "control_character" },
	{ "\"description\":\"a\\u007f\"", "/description", "control_character" },
	{ "\"subject\":\"ninechars\"", "/subject", "too_long" },
	{ "\"subject\":7", "/subject", "type" },
	{ "\"id\":\"0192\"", "/id", "uuid" },
	{ "\"id\":7", "/id", "type" },
	{ "\"items\":\"x\"", "/items", "type" },
	{ "\"items\":[]", "/items", "too_few" },
	{ "\"items\":[\"a\",\"b\",\"c\",\"d\"]", "/items", "too_many" },
	{ "\"items\":[\"a\",\"\"]", "/items/1", "too_short" },
	{ "\"items\":[\"a\",\"fiveC\"]", "/items/1", "too_long" },
	{ "\"items\":[null]", "/items/0", "type" },
	{ "\"attempts\":{}", "/attempts", "type" },
	{ "\"attempts\":[{\"on\":\"2025-01-01\"},{}]", "/attempts/1/on", "required" },
	{ "\"attempts\":[null]", "/attempts/0", "type" },
	{ "\"attempts\":[{\"on\":\"2025-01-01\",\"who\":1}]", "/attempts/0/who",
		"unknown_field" },
	{ "\"attempts\":[{},{},{}]", "/attempts", "too_many" },
	{ "\"Channel\":\"x\"", "/Channel", "unknown_field" },
	{ "\"\":null", "/", "unknown_field" },
};

static void each_fault_is_named(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof one_fault / sizeof *one_fault; i++) {
		struct arena *a = arena_new();
		struct sample s;
		bool given = strncmp(one_fault[i].member, "\"channel\"", 9) == 0;
		const char *body = arena_print(a, "{%s%s}",
			given ? "" : "\"channel\":\"letter\",", one_fault[i].member);
		struct faults f = faults_of(a, body, "", &s);
		if (f.count != 1 || strcmp(f.item[0].pointer, one_fault[i].pointer) != 0 ||
			strcmp(f.item[0].code, one_fault[i].code) != 0)
			fail_msg("%s: %d faults, first %s %s", body, f.count,
				f.count > 0 ? f.item[0].pointer : "",
				f.count > 0 ? f.item[0].code : "");
		assert_true(
			text_characters(f.item[0].detail_zh, strlen(f.item[0].detail_zh)) > 5);
		assert_null(
			text_fault(f.item[0].detail_en, strlen(f.item[0].detail_en), 10, 0, 0));
		arena_free(a);
	}
}

static void all_faults_are_found_at_once(void **state)
{
	(void)state;
	struct arena *a = arena_new();
	struct sample s;
	struct faults f = faults_of(a,
		"{\"on\":\"x\",\"workdays\":99,\"applicant\":{\"kind\":\"x\"},\"extra\":1,\"more\":2}",
		"/events/3", &s);
	static const char *const expected[][2] = { { "/events/3/channel", "required" },
		{ "/events/3/on", "date" }, { "/events/3/workdays", "range" },
		{ "/events/3/applicant/kind", "unknown_code" },
		{ "/events/3/applicant/name", "required" },
		{ "/events/3/extra", "unknown_field" }, { "/events/3/more", "unknown_field" } };
	assert_int_equal(f.count, 7);
	for (int i = 0; i < 7; i++) {
		assert_string_equal(f.item[i].pointer, expected[i][0]);
		assert_string_equal(f.item[i].code, expected[i][1]);
	}
	assert_string_equal(f.item[3].detail_en,
		"There is no such code; use one of: in_person, online, letter.");
	/* what is no object at all */
	struct faults g;
	faults_init(&g, a);
	assert_false(form_read(json_null(), rows, &s, "", &g));
	assert_false(form_read(NULL, rows, &s, "", &g));
	assert_int_equal(g.count, 2);
	assert_string_equal(g.item[0].pointer, "");
	assert_string_equal(g.item[0].code, "type");
	arena_free(a);
}

static void a_flood_of_faults_is_counted_not_kept(void **state)
{
	(void)state;
	struct arena *a = arena_new();
	struct buf b = { 0 };
	struct sample s;
	buf_text(&b, "{\"channel\":\"letter\"");
	for (int i = 0; i < 5000; i++)
		buf_print(&b, ",\"x%d\":%d", i, i);
	buf_text(&b, "}");
	struct faults f = faults_of(a, b.data, "", &s);
	assert_int_equal(f.count, 5000);
	assert_int_equal(f.kept, 100);
	assert_string_equal(f.item[99].pointer, "/x99");
	buf_clear(&b);
	arena_free(a);
}

/* A list of the law that begins with "": a zeroed struct and an absent field are the same. */
static void a_list_may_name_its_absent_value(void **state)
{
	static const struct code vias[] = { { .code = "" }, { .code = "portal" },
		{ .code = "form" }, { .code = NULL } };
	static const struct field optional[] = {
		{ .name = "via", .type = FIELD_CODE, .at = 0, .codes = vias }, { .name = NULL }
	};
	static const struct field required[] = { { .name = "via",
							 .type = FIELD_CODE,
							 .at = 0,
							 .codes = vias,
							 .flags = FIELD_REQUIRED },
		{ .name = NULL } };
	static const struct {
		const char *body;
		int32_t value;
		const char *code, *code_required;
	} cases[] = { { "{}", 0, NULL, "required" }, { "{\"via\":null}", 0, NULL, "required" },
		{ "{\"via\":\"\"}", 0, NULL, "required" },
		{ "{\"via\":\"form\"}", 2, NULL, NULL },
		{ "{\"via\":\"x\"}", 0, "unknown_code", "unknown_code" } };
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct arena *a = arena_new();
		struct form_why why;
		struct faults f, g;
		int32_t value = 0;
		json_t *json = form_parse(a, cases[i].body, strlen(cases[i].body), &why);
		faults_init(&f, a);
		faults_init(&g, a);
		form_read(json, optional, &value, "", &f);
		assert_int_equal(value, cases[i].value);
		form_read(json, required, &value, "", &g);
		assert_true(text_same(f.count > 0 ? f.item[0].code : NULL, cases[i].code));
		assert_true(
			text_same(g.count > 0 ? g.item[0].code : NULL, cases[i].code_required));
		if (f.count > 0)
			assert_string_equal(f.item[0].detail_en,
				"There is no such code; use one of: portal, form.");
		arena_free(a);
	}
}

/* Yes, no and not given: JSON's own booleans, both ways. */
static void a_list_of_true_and_false_is_a_boolean(void **state)
{
	static const struct code yes_no[] = { { .code = "" }, { .code = "true" },
		{ .code = "false" }, { .code = NULL } };
	static const struct field row[] = {
		{ .name = "reasonable", .type = FIELD_CODE, .codes = yes_no }, { .name = NULL }
	};
	static const struct {
		const char *body;
		int32_t value;
		const char *code, *again;
	} cases[] = { { "{\"reasonable\":true}", 1, NULL, "{\"reasonable\":true}" },
		{ "{\"reasonable\":false}", 2, NULL, "{\"reasonable\":false}" },
		{ "{}", 0, NULL, "{}" }, { "{\"reasonable\":null}", 0, NULL, "{}" },
		{ "{\"reasonable\":\"true\"}", 0, "type", "{}" },
		{ "{\"reasonable\":1}", 0, "type", "{}" } };
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct arena *a = arena_new();
		struct form_why why;
		struct faults f;
		struct buf b = { 0 };
		struct json_out o = json_to(&b);
		int32_t value = 0;
		faults_init(&f, a);
		form_read(form_parse(a, cases[i].body, strlen(cases[i].body), &why), row,
			&value, "", &f);
		assert_int_equal(value, cases[i].value);
		assert_true(text_same(f.count > 0 ? f.item[0].code : NULL, cases[i].code));
		out_object(&o, NULL);
		out_fields(&o, row, &value, 0, 0);
		out_object_end(&o);
		assert_string_equal(b.data, cases[i].again);
		buf_clear(&b);
		arena_free(a);
	}
}

/* ---- write → parse → the same ---- */

static const char *any_text(
	struct chance *c, struct arena *a, bool multiline, uint32_t min, uint32_t max)
{
	char s[200];
	size_t n = 0;
	for (uint32_t i = min + chance_below(c, max - min + 1); i > 0; i--) {
		if (multiline && chance_below(c, 5) == 0)
			s[n++] = "\r\n\t"[chance_below(c, 3)];
		else
			n += chance_character(c, s + n);
	}
	return arena_bytes(a, s, n);
}

static struct sample any_sample(struct chance *c, struct arena *a)
{
	struct sample s = { .channel = (int32_t)chance_below(c, 3),
		.workdays = 1 + (int32_t)chance_below(c, 20),
		.any = (int32_t)(uint32_t)chance_next(c),
		.confirmed = chance_below(c, 2) == 0 };
	bool few = chance_below(c, 3) == 0;
	s.applicant =
		(struct person){ (int32_t)chance_below(c, 3), any_text(c, a, false, 1, 4) };
	if (few)
		return s;
	s.on.day = 693596 + (int32_t)chance_below(c, 803169 - 693596);
	s.description = any_text(c, a, true, 0, 20);
	s.title = any_text(c, a, false, 2, 4);
	s.subject = any_text(c, a, false, 1, 8);
	s.id = uuid_ordered((int64_t)(chance_next(c) >> 12));
	s.items.count = 1 + (int)chance_below(c, 3);
	const char **items = arena_array(a, const char *, s.items.count);
	for (int i = 0; i < s.items.count; i++)
		items[i] = any_text(c, a, false, 1, 4);
	s.items.item = items;
	s.attempts.count = (int)chance_below(c, 3);
	struct attempt *attempts = arena_array(a, struct attempt, s.attempts.count);
	for (int i = 0; i < s.attempts.count; i++)
		attempts[i] = (struct attempt){ { 739362 },
			chance_below(c, 2) == 0 ? NULL : any_text(c, a, false, 1, 5),
			(int32_t)chance_below(c, 4) - 1 };
	s.attempts.item = attempts;
	return s;
}

static json_t *written(struct arena *a, const struct sample *s, unsigned mask, unsigned want,
	const char **ret_bytes)
{
	struct buf b = { 0 };
	struct json_out o = json_to(&b);
	struct form_why why = { 0 };
	out_object(&o, NULL);
	out_fields(&o, rows, s, mask, want);
	out_object_end(&o);
	json_t *json = form_parse(a, b.data, b.used, &why);
	if (json == NULL)
		fail_msg("%s: %s", b.data, why.en);
	*ret_bytes = arena_bytes(a, b.data, b.used);
	buf_clear(&b);
	return json;
}

static void what_was_written_is_read_and_loaded_the_same(void **state)
{
	(void)state;
	struct chance c = { 6901 };
	for (int round = 0; round < 5000; round++) {
		struct arena *a = arena_new();
		struct faults f;
		struct sample s = any_sample(&c, a), read = { 0 }, loaded = { 0 },
			      parts = { 0 };
		const char *bytes, *again;
		json_t *json = written(a, &s, 0, 0, &bytes);
		faults_init(&f, a);
		if (!form_read(json, rows, &read, "", &f))
			fail_msg("%s: %s %s", bytes, f.item[0].pointer, f.item[0].code);
		assert_true(fields_same(rows, &s, &read));
		form_load(json, rows, &loaded, a);
		assert_true(fields_same(rows, &s, &loaded));
		written(a, &loaded, 0, 0, &again);
		assert_string_equal(bytes, again); /* canonical */
		/* in two parts, as events keep personal data apart */
		form_load(written(a, &s, FIELD_PERSONAL, 0, &bytes), rows, &parts, a);
		form_load_more(written(a, &s, FIELD_PERSONAL, FIELD_PERSONAL, &again), rows,
			&parts, a);
		assert_true(fields_same(rows, &s, &parts));
		arena_free(a);
	}
}

static void stored_json_is_loaded_without_complaint(void **state)
{
	(void)state;
	struct arena *a = arena_new();
	struct form_why why;
	static const char old[] =
		"{\"channel\":\"pigeon\",\"on\":5,\"workdays\":99,\"gone\":[1],\"title\":\"longer than the limit\","
		"\"items\":[\"a\",7,\"\"],\"attempts\":[{\"how\":\"x\"}],\"id\":\"x\",\"applicant\":7}";
	struct sample s = { 0 }, empty = { 0 };
	form_load(form_parse(a, old, sizeof old - 1, &why), rows, &s, a);
	assert_int_equal(s.channel, -1);
	assert_int_equal(s.on.day, 0);
	assert_int_equal(s.workdays, 99);
	assert_string_equal(s.title, "longer than the limit");
	assert_int_equal(s.items.count, 2);
	assert_int_equal(s.attempts.count, 1);
	assert_int_equal(((const struct attempt *)s.attempts.item)->channel, -1);
	assert_true(uuid_none(&s.id));
	assert_int_equal(s.applicant.kind, -1);
	form_load(NULL, rows, &empty, a);
	assert_int_equal(empty.channel, -1);
	form_load_more(form_parse(a, "{\"attempts\":[{}]}", 17, &why), rows, &s, a);
	assert_int_equal(s.workdays, 99);
	assert_int_equal(((const struct attempt *)s.attempts.item)->channel, -1);
	arena_free(a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(crooked_bodies_are_refused),
		cmocka_unit_test(depth_and_values_are_bounded),
		cmocka_unit_test(a_full_body_is_read),
		cmocka_unit_test(what_is_not_given_is_absent),
		cmocka_unit_test(each_fault_is_named),
		cmocka_unit_test(all_faults_are_found_at_once),
		cmocka_unit_test(a_flood_of_faults_is_counted_not_kept),
		cmocka_unit_test(a_list_may_name_its_absent_value),
		cmocka_unit_test(a_list_of_true_and_false_is_a_boolean),
		cmocka_unit_test(what_was_written_is_read_and_loaded_the_same),
		cmocka_unit_test(stored_json_is_loaded_without_complaint),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
