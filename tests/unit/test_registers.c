/* SPDX-License-Identifier: MulanPSL-2.0 */
/* What is checked before anything reaches the reference tables and the disclosure register. */
#include "api/disclosures.h"
#include "store/calendar.h"
#include "store/org.h"
#include "store/user.h"

// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
// clang-format on
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define HEADER "date,kind,name,notice\n"

/* Parses the text; `said` gets what was written to err. */
static bool parse(
	struct arena *a, const char *text, struct calendar_file *ret_file, char said[4096])
{
	FILE *file = fmemopen((void *)(uintptr_t)text, strlen(text), "r");
	memset(said, 0, 4096);
	FILE *err = fmemopen(said, 4095, "w");
	assert_non_null(file);
	assert_non_null(err);
	bool sound = calendar_parse(a, file, "f.csv", err, ret_file);
	fclose(file);
	fclose(err);
	return sound;
}

static void the_delivered_calendar_is_sound(void **state)
{
	(void)state;
	struct arena *a = arena_new();
	struct calendar_file f;
	FILE *file =
		fopen(arena_print(a, "%s/data/cn-workdays.csv", getenv("OGID_SOURCE")), "re");
	assert_non_null(file);
	assert_true(calendar_parse(a, file, "cn-workdays.csv", stderr, &f));
	fclose(file);
	assert_int_equal(f.days, 642);
	assert_int_equal(f.first_year, 2008);
	assert_int_equal(f.last_year, 2026);
	arena_free(a);
}

static void each_fault_of_a_calendar_is_named_by_its_line(void **state)
{
	static const struct {
		const char *text, *said;
	} cases[] = {
		{ "date;kind\n", "f.csv:1: the first line" },
		{ HEADER, "f.csv:1: holds no day" },
		{ HEADER "2025-02-30,holiday,a,b\n", "f.csv:2: no such date: 2025-02-30" },
		{ HEADER "2025-01-01,feast,a,b\n", "f.csv:2: kind" },
		{ HEADER "2025-01-01,workday,a,b\n",
			"f.csv:2: a workday row is for a Saturday" },
		{ HEADER "2025-01-01,holiday,a\n", "f.csv:2: a line has four cells" },
		{ HEADER "2025-01-01,holiday,a,b,c\n", "f.csv:2: a line has four cells" },
		{ HEADER "2025-01-01,holiday,,b\n", "f.csv:2: name and notice" },
		{ HEADER "2025-01-01,holiday,a,b\n2025-01-01,holiday,a,b\n",
			"f.csv:3: the date stands here twice" },
		{ HEADER "2025-01-02,holiday,a,b\n2025-01-01,holiday,a,b\n",
			"f.csv:3: the dates are not in order" },
		{ HEADER "2023-01-01,holiday,a,b\n2025-01-01,holiday,a,b\n",
			"f.csv:3: a year without any day" },
		{ HEADER "2025-02-30,holiday,a,b\n2025-01-01,x,a,b\n", "f.csv:3: kind" },
	};
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct arena *a = arena_new();
		struct calendar_file f;
		char said[4096];
		assert_false(parse(a, cases[i].text, &f, said));
		if (strstr(said, cases[i].said) == NULL)
			fail_msg("case %zu said: %s", i, said);
		arena_free(a);
	}
}

static void windows_line_ends_and_a_missing_last_one_are_taken(void **state)
{
	(void)state;
	struct arena *a = arena_new();
	struct calendar_file f;
	char said[4096];
	assert_true(parse(a,
		"date,kind,name,notice\r\n2025-01-01,holiday,元旦,号\r\n2025-01-26,workday,春节,号",
		&f, said));
	assert_int_equal(f.days, 2);
	assert_string_equal(f.day[1].notice, "号");
	arena_free(a);
}

static void logins_codes_and_formats_have_their_rules(void **state)
{
	(void)state;
	static const char *const good[] = { "a", "7", "li.si", "a_b-c", NULL };
	static const char *const bad[] = { "", ".a", "-a", "A", "a b", "ü", NULL };
	char longest[66];
	memset(longest, 'a', sizeof longest);
	longest[65] = '\0';
	for (int i = 0; good[i] != NULL; i++)
		assert_true(user_login_valid(good[i]));
	for (int i = 0; bad[i] != NULL; i++)
		assert_false(user_login_valid(bad[i]));
	assert_false(user_login_valid(longest));
	longest[64] = '\0';
	assert_true(user_login_valid(longest));
	assert_false(org_code_valid(longest));
	longest[32] = '\0';
	assert_true(org_code_valid(longest));
	assert_false(org_code_valid("a.b"));
	assert_false(org_code_valid("-a"));
	assert_true(org_format_valid("朱村依申〔{year}〕{serial}号"));
	assert_false(org_format_valid("{year}"));
}

/* Pointer of the first fault, "" when there is none. */
static const char *first_fault(struct arena *a, struct disclosure *d, const char *today)
{
	static const struct ogi_calendar none; /* weekdays only */
	struct ogi_date day;
	struct faults f;
	faults_init(&f, a);
	assert_true(text_to_date(today, &day));
	disclosure_complete(d, &none, day, a, &f);
	return f.count > 0 ? f.item[0].pointer : "";
}

static struct ogi_date date(const char *text)
{
	struct ogi_date d;
	assert_true(text_to_date(text, &d));
	return d;
}

static void an_item_is_due_twenty_working_days_after_it_was_made(void **state)
{
	(void)state;
	struct arena *a = arena_new();
	char due[11];
	struct disclosure d = { .created_on = date("2025-11-03") };
	assert_string_equal(first_fault(a, &d, "2025-11-03"), "");
	text_from_date(d.due_on, due);
	assert_string_equal(due, "2025-12-01");
	arena_free(a);
}

static void the_first_publication_is_the_earliest(void **state)
{
	(void)state;
	struct arena *a = arena_new();
	struct publication two[] = { { 1, date("2025-11-02"), NULL }, { 2, { 0 }, NULL } };
	struct disclosure d = { .created_on = date("2025-11-01"), .publications = { two, 2 } };
	assert_string_equal(first_fault(a, &d, "2025-11-03"), "");
	assert_int_equal(d.published_on.day, date("2025-11-02").day);
	const struct publication *p = d.publications.item;
	assert_int_equal(p[1].published_on.day, date("2025-11-03").day);
	arena_free(a);
}

static void what_cannot_be_is_refused_where_it_stands(void **state)
{
	(void)state;
	struct arena *a = arena_new();
	struct publication same[] = { { 1, { 0 }, NULL }, { 1, { 0 }, NULL } };
	struct publication early[] = { { 1, date("2025-10-01"), NULL } };
	struct disclosure later = { .created_on = date("2025-11-04") };
	struct disclosure twice = { .publications = { same, 2 } };
	struct disclosure before = { .created_on = date("2025-11-01"),
		.publications = { early, 1 } };
	struct disclosure other = { .published_on = date("2025-10-02"),
		.publications = { early, 1 } };
	struct disclosure nowhere = { .published_on = date("2025-10-02") };
	assert_string_equal(first_fault(a, &later, "2025-11-03"), "/created_on");
	assert_string_equal(first_fault(a, &twice, "2025-11-03"), "/publications/1/channel");
	assert_string_equal(first_fault(a, &before, "2025-11-03"), "/published_on");
	assert_string_equal(first_fault(a, &other, "2025-11-03"), "/published_on");
	assert_string_equal(first_fault(a, &nowhere, "2025-11-03"), "/publications");
	nowhere.historic = true;
	assert_string_equal(first_fault(a, &nowhere, "2025-11-03"), "");
	arena_free(a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_delivered_calendar_is_sound),
		cmocka_unit_test(each_fault_of_a_calendar_is_named_by_its_line),
		cmocka_unit_test(windows_line_ends_and_a_missing_last_one_are_taken),
		cmocka_unit_test(logins_codes_and_formats_have_their_rules),
		cmocka_unit_test(an_item_is_due_twenty_working_days_after_it_was_made),
		cmocka_unit_test(the_first_publication_is_the_earliest),
		cmocka_unit_test(what_cannot_be_is_refused_where_it_stands),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
