/* SPDX-License-Identifier: MulanPSL-2.0 */
/* base/template: what is filled in is escaped, what is wrong is said with its line, and no
 * template or data takes more than its limits. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/template.h"

static const char data_text[] =
	"{\"name\":\"张<三> & \\\"𠮷\\\" 'x'\",\"n\":-12,\"zero\":0,\"real\":0.5,\"yes\":true,"
	"\"no\":false,\"nil\":null,\"empty\":\"\",\"none\":[],\"nothing\":{},"
	"\"applicant\":{\"name\":\"甲\",\"phone\":{\"own\":\"1\"}},"
	"\"parts\":[{\"name\":\"一\"},{\"name\":\"二\",\"n\":2},{}],"
	"\"words\":[\"a\",\"<\",3]}";

#define TEXT(s) s, sizeof s - 1
static const struct template_source parts[] = {
	{ "head", TEXT("<h1>{{name}}</h1>\n") },
	{ "twice", TEXT("{{>head}}{{>head}}") },
	{ "me", TEXT("{{>me}}") },
	{ "a", TEXT("{{>b}}") },
	{ "b", TEXT("{{>a}}") },
	{ "open", TEXT("{{#yes}}") },
};
enum { PARTS = sizeof parts / sizeof parts[0] };

static const struct template_tree *parse(
	struct arena *a, const char *text, size_t n, struct faults *f)
{
	struct template_source s = { "letter", text, n };
	faults_init(f, a);
	return template_parse(a, &s, parts, PARTS, "/text", f);
}

/* The text filled in, in the arena. */
static const char *filled(struct arena *a, const char *text, enum template_escape escape)
{
	struct faults f;
	struct form_why why;
	struct buf out = { 0 };
	const struct template_tree *t = parse(a, text, strlen(text), &f);
	assert_non_null(t);
	const json_t *data = form_parse(a, data_text, sizeof data_text - 1, &why);
	assert_non_null(data);
	assert_true(template_fill(t, data, escape, 1 << 20, &out));
	const char *result = arena_bytes(a, out.data != NULL ? out.data : "", out.used);
	buf_clear(&out);
	return result;
}

static void values_and_sections(void **state)
{
	(void)state;
	/* clang-format off */
	static const struct { const char *text, *is; } rows[] = {
		{ "", "" },
		{ "no tags }} { {x} }", "no tags }} { {x} }" },
		{ "{{name}}", "张&lt;三&gt; &amp; &quot;𠮷&quot; &#39;x&#39;" },
		{ "{{ n }},{{zero}},{{real}},{{yes}},{{no}}", "-12,0,0.5,true,false" },
		{ "[{{nil}}{{empty}}{{none}}{{nothing}}{{applicant}}{{parts}}{{unknown}}]", "[]" },
		{ "{{applicant.name}}{{applicant.phone.own}}{{applicant.unknown}}{{n.name}}", "甲1" },
		{ "{{#yes}}a{{/yes}}{{#n}}b{{/n}}{{#name}}c{{/name}}{{#real}}d{{/real}}", "abcd" },
		{ "{{#no}}a{{/no}}{{#zero}}a{{/zero}}{{#nil}}a{{/nil}}{{#empty}}a{{/empty}}"
		  "{{#none}}a{{/none}}{{#nothing}}a{{/nothing}}{{#unknown}}a{{/unknown}}", "" },
		{ "{{^no}}a{{/no}}{{^zero}}b{{/zero}}{{^nil}}c{{/nil}}{{^empty}}d{{/empty}}"
		  "{{^none}}e{{/none}}{{^nothing}}f{{/nothing}}{{^unknown}}g{{/unknown}}", "abcdefg" },
		{ "{{^yes}}a{{/yes}}{{^parts}}a{{/parts}}", "" },
		{ "{{#parts}}({{name}}{{n}}){{/parts}}", "(一-12)(二2)(张&lt;三&gt; &amp; &quot;𠮷&quot; &#39;x&#39;-12)" },
		{ "{{#words}}[{{.}}]{{/words}}", "[a][&lt;][3]" },
		{ "{{#applicant}}{{name}}{{#phone}}{{own}}{{name}}{{/phone}}{{/applicant}}", "甲1甲" },
		{ "{{#parts}}{{#words}}{{.}}{{/words}}{{/parts}}", "a&lt;3a&lt;3a&lt;3" },
		{ "a{{! words {{ < }}b", "ab" },
		{ "{{#applicant}}{{>head}}{{/applicant}}", "<h1>甲</h1>\n" },
		{ "{{#applicant}}{{>twice}}{{/applicant}}", "<h1>甲</h1>\n<h1>甲</h1>\n" },
		/* alone on a line */
		{ "a\n  {{#yes}}  \nb\n{{/yes}}\nc", "a\nb\nc" },
		{ "{{#yes}}\r\nb\r\n{{/yes}}\r\n", "b\r\n" },
		{ "{{! one }}\n{{! two }}\n", "" },
		{ "a\n {{#yes}}{{/yes}}\nb", "a\n \nb" },
		{ " {{n}} \n", " -12 \n" },
		{ "x {{#yes}}\ny{{/yes}}", "x \ny" },
	};
	/* clang-format on */
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct arena *a = arena_new();
		assert_string_equal(filled(a, rows[i].text, TEMPLATE_HTML), rows[i].is);
		arena_free(a);
	}
}

static void plain_text_is_written_as_it_is(void **state)
{
	(void)state;
	struct arena *a = arena_new();
	assert_string_equal(filled(a, "{{name}} {{#words}}{{.}}{{/words}}", TEMPLATE_PLAIN),
		"张<三> & \"𠮷\" 'x' a<3");
	arena_free(a);
}

static void faults_say_the_line(void **state)
{
	(void)state;
	/* clang-format off */
	static const struct { const char *text, *code, *line; } rows[] = {
		{ "a\nb {{", "template_tag", "line 2:" },
		{ "{{name", "template_tag", "line 1:" },
		{ "{{}}", "template_tag", "line 1:" },
		{ "{{{name}}}", "template_tag", "line 1:" },
		{ "{{&name}}", "template_tag", "line 1:" },
		{ "{{=<% %>=}}", "template_tag", "line 1:" },
		{ "{{a b}}", "template_tag", "line 1:" },
		{ "{{a..b}}", "template_tag", "line 1:" },
		{ "{{.a}}", "template_tag", "line 1:" },
		{ "{{a.}}", "template_tag", "line 1:" },
		{ "{{姓名}}", "template_tag", "line 1:" },
		{ "{{#}}", "template_tag", "line 1:" },
		{ "\n\n{{#yes}}\n", "template_section", "line 3:" },
		{ "\n{{/yes}}", "template_section", "line 2:" },
		{ "{{#a}}\n{{#b}}\n{{/a}}{{/b}}{{/a}}", "template_section", "line 3:" },
		{ "{{>open}}{{/yes}}", "template_section", "Template open, line 1:" },
		{ "\n{{>unknown}}", "template_part", "line 2:" },
		{ "{{>me}}", "template_part", "Template me, line 1:" },
		{ "{{>a}}", "template_part", "Template b, line 1:" },
		{ "a\x01", "control_character", "line 1:" },
		{ "a\xff", "utf8", "line 1:" },
	};
	/* clang-format on */
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct arena *a = arena_new();
		struct faults f;
		assert_null(parse(a, rows[i].text, strlen(rows[i].text), &f));
		assert_true(f.count > 0);
		assert_string_equal(f.item[0].pointer, "/text");
		assert_string_equal(f.item[0].code, rows[i].code);
		assert_non_null(strstr(f.item[0].detail_en, rows[i].line));
		assert_non_null(strstr(f.item[0].detail_zh, "行"));
		arena_free(a);
	}
}

static void every_fault_is_found_at_once(void **state)
{
	(void)state;
	struct arena *a = arena_new();
	struct faults f;
	const char *text = "{{#a}}{{&b}}\n{{>none}}{{/c}}";
	assert_null(parse(a, text, strlen(text), &f));
	assert_int_equal(f.count, 4);
	arena_free(a);
}

static void names_are_held_to_the_example(void **state)
{
	(void)state;
	struct arena *a = arena_new();
	struct faults f;
	struct form_why why;
	const json_t *data = form_parse(a, data_text, sizeof data_text - 1, &why);
	const char *good = "{{name}}{{#parts}}{{name}}{{n}}{{/parts}}{{^none}}{{n}}{{/none}}"
			   "{{#words}}{{.}}{{/words}}{{#applicant}}{{phone.own}}{{/applicant}}";
	const struct template_tree *t = parse(a, good, strlen(good), &f);
	assert_true(template_check(a, t, data, "/text", &f));
	const char *bad =
		"{{nme}}\n{{#applicant}}{{fon}}{{/applicant}}\n{{#lost}}{{x}}{{/lost}}"
		"{{phone}}\n{{applicant.fax}}";
	t = parse(a, bad, strlen(bad), &f);
	assert_non_null(t);
	assert_false(template_check(a, t, data, "/text", &f));
	assert_int_equal(f.count, 5);
	assert_string_equal(f.item[1].code, "unknown_field");
	assert_string_equal(
		f.item[1].detail_en, "Template letter, line 2: there is no field fon.");
	assert_string_equal(f.item[4].detail_en,
		"Template letter, line 4: there is no field applicant.fax.");
	arena_free(a);
}

/* `n` times `piece`, in the arena. */
static const char *many(struct arena *a, const char *piece, size_t n)
{
	size_t length = strlen(piece);
	char *text = arena_alloc(a, n * length + 1);
	for (size_t i = 0; i < n; i++)
		memcpy(text + i * length, piece, length);
	return text;
}

static void limits_hold(void **state)
{
	(void)state;
	struct arena *a = arena_new();
	struct faults f;
	const char *deep = many(a, "{{#yes}}", TEMPLATE_DEPTH + 1);
	assert_null(parse(a, deep, strlen(deep), &f));
	assert_string_equal(f.item[0].code, "template_depth");
	const char *long_text = many(a, "x", TEMPLATE_BYTES + 1);
	assert_null(parse(a, long_text, TEMPLATE_BYTES + 1, &f));
	assert_string_equal(f.item[0].code, "too_long");
	assert_non_null(parse(a, long_text, TEMPLATE_BYTES, &f));
	const char *nodes = many(a, "{{n}}", TEMPLATE_NODES + 1);
	assert_null(parse(a, nodes, strlen(nodes), &f));
	assert_string_equal(f.item[0].code, "template_size");
	const char *broken = many(a, "{{", TEMPLATE_BYTES / 2);
	assert_null(parse(a, broken, TEMPLATE_BYTES, &f));
	assert_true(f.count < 200);
	arena_free(a);
}

/* Nine empty parts that each name the next 40,000 times: 40,000^8 visits, were they made. */
static void parts_cannot_multiply(void **state)
{
	(void)state;
	struct arena *a = arena_new();
	struct template_source bombs[TEMPLATE_PARTS];
	struct faults f;
	for (int i = 0; i < TEMPLATE_PARTS; i++) {
		const char *tag = arena_print(a, "{{>p%d}}", i + 1);
		const char *text = i + 1 < TEMPLATE_PARTS ? many(a, tag, 30000) : "";
		bombs[i] = (struct template_source){ arena_print(a, "p%d", i), text,
			strlen(text) };
	}
	faults_init(&f, a);
	assert_null(template_parse(a, &bombs[0], bombs, TEMPLATE_PARTS, "/text", &f));
	assert_string_equal(f.item[f.kept - 1].code, "template_size");
	arena_free(a);
}

static void what_is_too_long_leaves_the_buffer_alone(void **state)
{
	(void)state;
	struct arena *a = arena_new();
	struct faults f;
	struct form_why why;
	struct buf out = { 0 };
	const json_t *data = form_parse(a, data_text, sizeof data_text - 1, &why);
	const char *text = "{{#words}}{{#words}}{{.}}{{/words}}{{/words}}";
	const struct template_tree *t = parse(a, text, strlen(text), &f);
	buf_text(&out, "before");
	assert_false(template_fill(t, data, TEMPLATE_HTML, 17, &out));
	assert_string_equal(out.data, "before");
	assert_true(template_fill(t, data, TEMPLATE_HTML, 18, &out));
	assert_string_equal(out.data, "beforea&lt;3a&lt;3a&lt;3");
	buf_clear(&out);
	arena_free(a);
}

/* Lists in lists in lists, with nothing to write: the steps are counted. */
static void steps_are_counted(void **state)
{
	(void)state;
	struct arena *a = arena_new();
	struct faults f;
	struct buf out = { 0 };
	json_t *data = json_object(), *list = json_array();
	for (int i = 0; i < 1000; i++)
		json_array_append_new(list, json_true());
	json_object_set_new(data, "l", list);
	const char *text = "{{#l}}{{#l}}{{#l}}{{#l}}{{/l}}{{/l}}{{/l}}{{/l}}";
	const struct template_tree *t = parse(a, text, strlen(text), &f);
	assert_non_null(t);
	assert_false(template_fill(t, data, TEMPLATE_HTML, 1 << 20, &out));
	assert_int_equal(out.used, 0);
	json_decref(data);
	arena_free(a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(values_and_sections),
		cmocka_unit_test(plain_text_is_written_as_it_is),
		cmocka_unit_test(faults_say_the_line),
		cmocka_unit_test(every_fault_is_found_at_once),
		cmocka_unit_test(names_are_held_to_the_example),
		cmocka_unit_test(limits_hold),
		cmocka_unit_test(parts_cannot_multiply),
		cmocka_unit_test(what_is_too_long_leaves_the_buffer_alone),
		cmocka_unit_test(steps_are_counted),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
