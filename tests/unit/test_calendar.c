/* SPDX-License-Identifier: MulanPSL-2.0 */
/* domain/calendar: the years 2008 to 2026, their edges, and prefix sums against a count from
 * day to day. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "chance.h"
#include "workdays.h"

static int load(void **state)
{
	static struct workdays w;
	workdays_load(&w);
	*state = &w;
	return 0;
}

static int unload(void **state)
{
	workdays_free(*state);
	return 0;
}

static const struct ogi_calendar *calendar(void **state)
{
	return &((struct workdays *)*state)->cal;
}

static void every_year_has_its_working_days(void **state)
{
	const struct ogi_calendar *cal = calendar(state);
	struct table t;
	int years = 0;
	table_open(&t, "tests/unit/working-days.csv", ',');
	for (; table_next(&t); years++) {
		int year = (int)strtol(t.column[0], NULL, 10);
		bool provisional = false;
		struct ogi_date before = ogi_date_add(ogi_date_of(year, 1, 1), -1);
		int n = ogi_working_between(
			cal, before, ogi_date_of(year, 12, 31), &provisional);
		assert_int_equal(n, strtol(t.column[1], NULL, 10));
		assert_false(provisional);
	}
	assert_int_equal(years, WORKDAYS_LAST - WORKDAYS_FIRST + 1);
}

static void every_day_has_its_kind(void **state)
{
	static const struct {
		const char *date;
		enum ogi_day_kind kind;
	} rows[] = {
		{ "2015-09-03", OGI_DAY_HOLIDAY }, /* one-off, with 4 September */
		{ "2015-09-04", OGI_DAY_HOLIDAY },
		{ "2015-09-06", OGI_DAY_MAKEUP },
		{ "2025-09-03", OGI_DAY_WORKDAY },
		{ "2017-09-30", OGI_DAY_MAKEUP },
		{ "2018-12-29", OGI_DAY_MAKEUP }, /* by the notice for 2019 */
		{ "2018-12-31", OGI_DAY_HOLIDAY },
		{ "2022-12-31", OGI_DAY_HOLIDAY }, /* by the notice for 2023 */
		{ "2019-05-02", OGI_DAY_HOLIDAY }, /* second notice of 2019 */
		{ "2019-04-28", OGI_DAY_MAKEUP },
		{ "2020-01-31", OGI_DAY_HOLIDAY }, /* the lengthened Spring Festival */
		{ "2020-02-01", OGI_DAY_HOLIDAY },
		{ "2024-02-09", OGI_DAY_WORKDAY }, /* leave was only encouraged */
		{ "2024-02-18", OGI_DAY_MAKEUP },
		{ "2025-01-04", OGI_DAY_WEEKEND },
		{ "2008-01-01", OGI_DAY_HOLIDAY },
		{ "2026-12-31", OGI_DAY_WORKDAY },
		{ "2007-12-31", OGI_DAY_UNKNOWN },
		{ "2027-01-01", OGI_DAY_UNKNOWN },
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		enum ogi_day_kind kind = ogi_day_kind(calendar(state), day(rows[i].date));
		bool provisional = false;
		bool working = ogi_is_working(calendar(state), day(rows[i].date), &provisional);
		assert_int_equal(kind, rows[i].kind);
		assert_int_equal(provisional, kind == OGI_DAY_UNKNOWN);
		if (kind != OGI_DAY_UNKNOWN)
			assert_int_equal(
				working, kind == OGI_DAY_WORKDAY || kind == OGI_DAY_MAKEUP);
	}
	assert_string_equal(ogi_day_kinds[OGI_DAY_MAKEUP].code, "makeup_workday");
	assert_int_equal(code_count(ogi_day_kinds), OGI_DAY_HOLIDAY + 1);
}

static void beyond_the_notices_weekdays_count_and_are_provisional(void **state)
{
	const struct ogi_calendar *cal = calendar(state);
	bool provisional = false;
	assert_true(ogi_is_working(cal, day("2027-01-01"), &provisional)); /* a Friday */
	assert_true(provisional);
	assert_false(ogi_is_working(cal, day("2027-01-02"), NULL));

	provisional = false;
	assert_int_equal(
		ogi_working_between(cal, day("2026-12-30"), day("2026-12-31"), &provisional),
		1);
	assert_false(provisional);
	assert_int_equal(
		ogi_working_between(cal, day("2026-12-30"), day("2027-01-01"), &provisional),
		2);
	assert_true(provisional);

	provisional =
		false; /* counting starts after the day before the first one: all is known */
	assert_int_equal(
		ogi_working_between(cal, day("2007-12-31"), day("2008-01-02"), &provisional),
		1);
	assert_int_equal(ogi_working_after(cal, day("2007-12-31"), 1, &provisional).day,
		day("2008-01-02").day);
	assert_false(provisional);
	assert_int_equal(ogi_working_after(cal, day("2007-12-30"), 1, &provisional).day,
		day("2007-12-31").day);
	assert_true(provisional);
}

/* The n-th working day after a day by looking at each day. */
static struct ogi_date slow_after(
	const struct ogi_calendar *cal, struct ogi_date from, int n, bool *provisional)
{
	while (n > 0) {
		from.day++;
		n -= ogi_is_working(cal, from, provisional);
	}
	return from;
}

static void prefix_sums_agree_with_counting_from_day_to_day(void **state)
{
	const struct ogi_calendar *cal = calendar(state);
	struct chance c = { 20080501 };
	int first = day("2005-01-01").day, span = day("2029-12-31").day - first;
	for (int round = 0; round < 20000; round++) {
		struct ogi_date from = { first + (int)chance_below(&c, (uint32_t)span) };
		int n = 1 + (int)chance_below(&c, 60);
		bool slow_provisional = false, provisional = false, between_provisional = false;
		struct ogi_date slow = slow_after(cal, from, n, &slow_provisional);
		struct ogi_date fast = ogi_working_after(cal, from, n, &provisional);
		assert_int_equal(fast.day, slow.day);
		assert_int_equal(provisional, slow_provisional);
		assert_int_equal(ogi_working_between(cal, from, slow, &between_provisional), n);
		assert_int_equal(between_provisional, slow_provisional);
		assert_true(ogi_is_working(cal, fast, NULL));
	}
}

static void very_far_days_are_still_counted_by_weekday(void **state)
{
	const struct ogi_calendar *cal = calendar(state);
	bool provisional = false;
	struct ogi_date friday = { 5 }, monday = { 8 };
	assert_int_equal(ogi_working_after(cal, friday, 1, &provisional).day, monday.day);
	assert_int_equal(ogi_working_between(cal, friday, monday, &provisional), 1);
	assert_int_equal(ogi_working_between(cal, (struct ogi_date){ -6 }, monday, NULL), 10);
	assert_true(provisional);
}

static void natural_periods_roll_forward(void **state)
{
	const struct ogi_calendar *cal = calendar(state);
	assert_int_equal(
		ogi_roll_forward(cal, day("2025-02-01"), NULL).day, day("2025-02-05").day);
	assert_int_equal(ogi_roll_forward(cal, day("2023-10-06"), NULL).day,
		day("2023-10-07").day); /* a make-up Saturday */
	assert_int_equal(
		ogi_roll_forward(cal, day("2025-03-07"), NULL).day, day("2025-03-07").day);
	bool provisional = false;
	assert_int_equal(ogi_roll_forward(cal, day("2026-12-31"), &provisional).day,
		day("2026-12-31").day);
	assert_false(provisional);
	assert_int_equal(ogi_roll_forward(cal, day("2027-01-02"), &provisional).day,
		day("2027-01-04").day);
	assert_true(provisional);
}

static void questions_without_a_date_have_an_empty_answer(void **state)
{
	const struct ogi_calendar *cal = calendar(state);
	struct ogi_date none = { 0 }, some = day("2025-03-07");
	assert_int_equal(ogi_working_between(cal, none, some, NULL), 0);
	assert_int_equal(ogi_working_between(cal, some, none, NULL), 0);
	assert_int_equal(ogi_working_between(cal, some, some, NULL), 0);
	assert_int_equal(ogi_working_after(cal, none, 1, NULL).day, 0);
	assert_int_equal(ogi_roll_forward(cal, none, NULL).day, 0);
	assert_int_equal(ogi_day_kind(cal, none), OGI_DAY_UNKNOWN);
	assert_false(ogi_is_working(cal, none, NULL));
}

static void bad_rows_are_named(void **state)
{
	(void)state;
	static const struct {
		const char *date[3];
		bool holiday[3];
		int bad;
	} rows[] = {
		{ { "2025-01-01", "2025-01-26", "2025-01-27" }, { true, false, true }, -1 },
		{ { "2025-01-27", "2025-01-26", "2025-01-01" }, { true, false, true }, -1 },
		{ { "2025-01-01", "2024-12-31", "2025-01-27" }, { true, true, true }, 1 },
		{ { "2025-01-01", "2025-01-26", "2026-01-01" }, { true, false, true }, 2 },
		{ { "2025-01-01", "2025-01-26", "2025-01-01" }, { true, false, true }, 2 },
		{ { "2025-01-01", "2025-01-26", "2025-01-26" }, { true, false, true }, 2 },
		{ { "2025-01-02", "2025-01-26", "2025-01-27" }, { false, false, true }, 0 },
		{ { "2025-01-01", "2025-01-26", "" }, { true, false, true }, 2 },
	};
	void *memory = malloc(ogi_calendar_bytes(2025, 2025));
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct ogi_calendar_row in[3];
		struct ogi_calendar cal = { .version = 7 };
		int bad = 99;
		for (int k = 0; k < 3; k++)
			in[k] = (struct ogi_calendar_row){ day(rows[i].date[k]),
				rows[i].holiday[k] };
		bool built = ogi_calendar_build(&cal, memory, 2025, 2025, in, 3, 8, &bad);
		assert_int_equal(built, rows[i].bad == -1);
		assert_int_equal(bad, rows[i].bad);
		assert_int_equal(cal.version, built ? 8 : 7);
	}
	free(memory);
}

static void senseless_years_are_refused(void **state)
{
	(void)state;
	struct ogi_calendar cal;
	int bad;
	assert_int_equal(ogi_calendar_bytes(2025, 2024), 0);
	assert_int_equal(ogi_calendar_bytes(1899, 2024), 0);
	assert_int_equal(ogi_calendar_bytes(2025, 2200), 0);
	assert_int_equal(ogi_calendar_bytes(INT32_MIN, INT32_MAX), 0);
	assert_true(ogi_calendar_bytes(1900, 2199) > 0);
	assert_false(ogi_calendar_build(&cal, NULL, 2025, 2024, NULL, 0, 1, &bad));
	assert_int_equal(bad, -1);
}

static void a_year_without_rows_is_a_plain_week(void **state)
{
	(void)state;
	struct ogi_calendar cal;
	int bad;
	void *memory = malloc(ogi_calendar_bytes(2025, 2025));
	assert_true(ogi_calendar_build(&cal, memory, 2025, 2025, NULL, 0, 1, &bad));
	assert_int_equal(cal.working_days, 261);
	/* weekends only would give 2025-10-17 where the notice gives 2025-10-23 */
	assert_int_equal(ogi_working_after(&cal, day("2025-09-19"), 20, NULL).day,
		day("2025-10-17").day);
	free(memory);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_year_has_its_working_days),
		cmocka_unit_test(every_day_has_its_kind),
		cmocka_unit_test(beyond_the_notices_weekdays_count_and_are_provisional),
		cmocka_unit_test(prefix_sums_agree_with_counting_from_day_to_day),
		cmocka_unit_test(very_far_days_are_still_counted_by_weekday),
		cmocka_unit_test(natural_periods_roll_forward),
		cmocka_unit_test(questions_without_a_date_have_an_empty_answer),
		cmocka_unit_test(bad_rows_are_named),
		cmocka_unit_test(senseless_years_are_refused),
		cmocka_unit_test(a_year_without_rows_is_a_plain_week),
	};
	return cmocka_run_group_tests(tests, load, unload);
}
