/* SPDX-License-Identifier: MulanPSL-2.0 */
/* domain/annual_report: sections, days, shares, and figures found in prose. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "domain/annual_report.h"

static void the_sections_are_those_of_the_year(void **state)
{
	(void)state;
	assert_null(ogi_report_sections(2007));
	for (int year = 2008; year <= 2030; year++) {
		const struct ogi_report_section *s = ogi_report_sections(year);
		for (int i = 0; i < OGI_REPORT_SECTIONS; i++)
			assert_int_equal(s[i].number, i + 1);
		assert_string_equal(s[0].zh, year < 2019 ? "概述" : "总体情况");
		assert_int_equal(ogi_report_problems(year), year < 2019 ? 6 : 5);
		assert_string_equal(ogi_report_form(year)->code, year < 2019   ? "f14"
								 : year < 2021 ? "f19"
									       : "f21");
	}
}

/* R2008 art. 31: 31 March; R2019 art. 49: 31 January; neither moves for a rest day. */
static void the_day_to_publish_follows_the_regulations(void **state)
{
	(void)state;
	static const struct {
		int year, month;
	} rows[] = { { 2008, 3 }, { 2017, 3 }, { 2018, 3 }, { 2019, 1 }, { 2025, 1 } };
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		assert_int_equal(ogi_report_due(rows[i].year).day,
			ogi_date_of(rows[i].year + 1, rows[i].month, 31).day);
}

static void shares_are_rounded_half_up(void **state)
{
	(void)state;
	static const struct {
		int64_t part, whole;
		int percent;
		bool exact;
	} rows[] = { { 1, 2, 50, true }, { 0, 2, 0, true }, { 0, 0, 0, true },
		{ 1, 3, 33, false }, { 2, 3, 67, false }, { 1, 8, 13, false },
		{ 1, 200, 1, false }, { 1, 201, 0, false }, { 5, 5, 100, true },
		{ 999999999999, 1000000000000, 100, false } };
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		bool exact;
		assert_int_equal(ogi_report_percent(rows[i].part, rows[i].whole, &exact),
			rows[i].percent);
		assert_int_equal(exact, rows[i].exact);
	}
}

static void figures_are_found_with_what_they_count(void **state)
{
	(void)state;
	static const struct {
		const char *text, *key; /* key of 2017; "": no figure; NULL: cannot be told */
		int64_t value;
	} rows[] = {
		{ "收到申请2件", "a.received", 2 },
		{ "收到申请２０件", "a.received", 20 },
		{ "主动公开1,644 条", "p.total", 1644 },
		{ "同意部分公开3件", "a.grant_partial", 3 },
		{ "收取费用1.25万元", "fee.amount", 12500 },
		{ "收到来信，共3件", NULL, 3 },
		{ "检查4次", NULL, 4 },
		{ "2017年3月1日", "", 0 },
		{ "依据第21条", "", 0 },
		{ "第21条规定，答复2件", "a.answered", 2 },
		{ "国办发〔2010〕5号", "", 0 },
		{ "收到123456789012345678901234567890件", "", 0 },
		{ "", "", 0 },
		{ "收到，件", "", 0 },
		{ "收到1.件", "", 0 },
		{ "\xef\xbc", "", 0 },
		{ "1,", "", 0 },
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct ogi_prose_figure f = { 0 };
		bool found = ogi_prose_next(rows[i].text, 0, &f);
		if (rows[i].key != NULL && rows[i].key[0] == '\0') {
			if (found)
				fail_msg("%s", rows[i].text);
			continue;
		}
		assert_true(found);
		assert_int_equal(f.value, rows[i].value);
		const char *key = ogi_prose_key(rows[i].text, &f, true);
		assert_true((key == NULL) == (rows[i].key == NULL));
		if (key != NULL)
			assert_string_equal(key, rows[i].key);
		assert_false(ogi_prose_next(rows[i].text, f.at + f.bytes, &f));
	}
}

static void since_2019_the_same_words_mean_the_new_rows(void **state)
{
	(void)state;
	const char *text = "新收申请2件，上年结转1件";
	struct ogi_prose_figure f;
	assert_true(ogi_prose_next(text, 0, &f));
	assert_string_equal(ogi_prose_key(text, &f, false), "t3.new");
	assert_true(ogi_prose_next(text, f.at + f.bytes, &f));
	assert_string_equal(ogi_prose_key(text, &f, false), "t3.carried_in");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_sections_are_those_of_the_year),
		cmocka_unit_test(the_day_to_publish_follows_the_regulations),
		cmocka_unit_test(shares_are_rounded_half_up),
		cmocka_unit_test(figures_are_found_with_what_they_count),
		cmocka_unit_test(since_2019_the_same_words_mean_the_new_rows),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
