/* SPDX-License-Identifier: MulanPSL-2.0 */
/* domain/date against a calendar that counts up one day at a time. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "domain/date.h"
#include "domain/receipt.h"
#include "workdays.h"

static bool leap(int year)
{
	return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static int month_length(int year, int month)
{
	if (month == 2)
		return leap(year) ? 29 : 28;
	return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
}

static void every_day_of_three_centuries_is_counted_once(void **state)
{
	(void)state;
	int expected = 693596; /* 1900-01-01, a Monday */
	for (int y = 1900; y <= 2199; y++)
		for (int m = 1; m <= 12; m++)
			for (int d = 1; d <= month_length(y, m); d++, expected++) {
				struct ogi_date date = ogi_date_of(y, m, d);
				int year, month, dom;
				assert_int_equal(date.day, expected);
				ogi_date_split(date, &year, &month, &dom);
				assert_true(year == y && month == m && dom == d);
				assert_int_equal(ogi_date_year(date), y);
				assert_int_equal(
					ogi_weekday(date), (expected - 693596) % 7 + 1);
			}
}

static void text_and_number_agree(void **state)
{
	(void)state;
	for (int n = ogi_date_of(1900, 1, 1).day; n <= ogi_date_of(2199, 12, 31).day; n++) {
		char text[11];
		struct ogi_date back;
		text_from_date((struct ogi_date){ n }, text);
		assert_true(text_to_date(text, &back));
		assert_int_equal(back.day, n);
	}
	assert_int_equal(
		ogi_date_of(1, 1, 1).day, 0); /* outside 1900..2199, though day 1 is that */
	assert_int_equal(ogi_date_year((struct ogi_date){ 1 }), 1);
}

static void days_that_do_not_exist_are_no_dates(void **state)
{
	(void)state;
	static const int none[][3] = { { 2025, 2, 29 }, { 2100, 2, 29 }, { 2025, 4, 31 },
		{ 2025, 13, 1 }, { 2025, 0, 1 }, { 2025, 1, 0 }, { 2025, 1, 32 },
		{ 1899, 12, 31 }, { 2200, 1, 1 }, { -1, 1, 1 }, { INT32_MAX, 1, 1 },
		{ INT32_MIN, INT32_MIN, 0 } };
	for (size_t i = 0; i < sizeof none / sizeof none[0]; i++)
		assert_int_equal(ogi_date_of(none[i][0], none[i][1], none[i][2]).day, 0);
	assert_true(ogi_is_date(ogi_date_of(2000, 2, 29)));
	assert_true(ogi_is_date(ogi_date_of(2024, 2, 29)));
}

static void far_days_split_without_harm(void **state)
{
	(void)state;
	static const int days[] = { INT32_MIN + 1, -306, -305, -1, 0, 1, INT32_MAX };
	for (size_t i = 0; i < sizeof days / sizeof days[0]; i++) {
		int year, month, dom;
		ogi_date_split((struct ogi_date){ days[i] }, &year, &month, &dom);
		assert_in_range(month, 1, 12);
		assert_in_range(dom, 1, 31);
		assert_in_range(ogi_weekday((struct ogi_date){ days[i] }), 1, 7);
	}
}

static void adding_months_stops_at_the_end_of_a_short_month(void **state)
{
	(void)state;
	static const struct {
		const char *from;
		int months;
		const char *to;
	} rows[] = {
		{ "2024-08-31", 6, "2025-02-28" },
		{ "2023-08-31", 6, "2024-02-29" },
		{ "2024-04-01", 6, "2024-10-01" },
		{ "2024-12-31", 12, "2025-12-31" },
		{ "2024-02-29", 12, "2025-02-28" },
		{ "2024-11-30", 3, "2025-02-28" },
		{ "2024-01-15", 0, "2024-01-15" },
		{ "2025-03-31", -1, "2025-02-28" },
		{ "2025-01-31", -2, "2024-11-30" },
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		assert_int_equal(ogi_date_add_months(day(rows[i].from), rows[i].months).day,
			day(rows[i].to).day);
}

static void no_date_stays_no_date(void **state)
{
	(void)state;
	struct ogi_date none = { 0 };
	assert_false(ogi_is_date(none));
	assert_int_equal(ogi_date_add(none, 20).day, 0);
	assert_int_equal(ogi_date_add_months(none, 6).day, 0);
	assert_int_equal(ogi_date_add_months(day("2199-12-31"), 1).day, 0);
	assert_int_equal(ogi_date_add_months(day("1900-01-31"), -1).day, 0);
}

static void the_regimes_begin_on_their_days(void **state)
{
	(void)state;
	assert_int_equal(OGI_R2008_FIRST_DAY, ogi_date_of(2008, 5, 1).day);
	assert_int_equal(OGI_R2019_FIRST_DAY, ogi_date_of(2019, 5, 15).day);
}

static void earlier_and_later_choose(void **state)
{
	(void)state;
	struct ogi_date a = day("2025-01-01"), b = day("2025-01-02");
	assert_int_equal(ogi_earlier(a, b).day, a.day);
	assert_int_equal(ogi_later(a, b).day, b.day);
	assert_true(ogi_before(a, b));
	assert_false(ogi_before(a, a));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_day_of_three_centuries_is_counted_once),
		cmocka_unit_test(text_and_number_agree),
		cmocka_unit_test(days_that_do_not_exist_are_no_dates),
		cmocka_unit_test(far_days_split_without_harm),
		cmocka_unit_test(adding_months_stops_at_the_end_of_a_short_month),
		cmocka_unit_test(no_date_stays_no_date),
		cmocka_unit_test(the_regimes_begin_on_their_days),
		cmocka_unit_test(earlier_and_later_choose),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
