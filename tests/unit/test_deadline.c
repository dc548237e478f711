/* SPDX-License-Identifier: MulanPSL-2.0 */
/* domain/clock: the worked examples, and the period against a loop that looks at every day. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "chance.h"
#include "domain/clock.h"
#include "domain/receipt.h"
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

/* ---- examples ---- */

static void the_table_of_deadlines_holds(void **state)
{
	struct table t;
	int rows = 0;
	table_open(&t, "tests/unit/deadlines.csv", ',');
	for (; table_next(&t); rows++) {
		struct ogi_interval x = { { 0 }, { 0 } };
		int count = 0, n = (int)strtol(t.column[2], NULL, 10);
		struct ogi_date from = day(t.column[1]), expected = day(t.column[4]);
		if (*t.column[3] != '\0') {
			t.column[3][10] = '\0'; /* the first of the two points between */
			x = (struct ogi_interval){ day(t.column[3]), day(t.column[3] + 12) };
			count = 1;
		}
		bool provisional = false;
		struct ogi_date due =
			ogi_due(calendar(state), from, n, &x, count, &provisional);
		if (due.day != expected.day)
			fail_msg("%s %s %s: day %d", t.column[0], t.column[1], t.column[2],
				due.day);
		assert_false(provisional);
		assert_int_equal(ogi_counted(calendar(state), from, due, &x, count, NULL), n);
	}
	assert_int_equal(rows, 44);
}

static void the_numbered_examples_hold(void **state)
{
	const struct ogi_calendar *cal = calendar(state);
	struct table t;
	table_open(&t, "tests/unit/examples.csv", ',');
	while (table_next(&t)) {
		char *unit;
		int n = (int)strtol(t.column[2], &unit, 10);
		struct ogi_date from = day(t.column[1]), due = { 0 };
		if (strcmp(unit, "wd") == 0)
			due = ogi_due(cal, from, n, NULL, 0, NULL);
		else if (strcmp(unit, "d") == 0)
			due = ogi_roll_forward(cal, ogi_date_add(from, n), NULL);
		else if (strcmp(unit, "m") == 0)
			due = ogi_roll_forward(cal, ogi_date_add_months(from, n), NULL);
		if (due.day != day(t.column[3]).day)
			fail_msg("example %s: day %d", t.column[0], due.day);
	}
}

static void overlapping_consultations_are_counted_once(void **state)
{
	/* examples 19 to 22 */
	struct ogi_interval x[] = {
		{ day("2025-04-26"), day("2025-05-22") },
		{ day("2025-04-28"), day("2025-05-12") },
	};
	assert_int_equal(ogi_merge_intervals(x, 2), 1);
	assert_int_equal(ogi_due(calendar(state), day("2025-04-21"), 20, x, 1, NULL).day,
		day("2025-06-16").day);
	assert_int_equal(
		ogi_counted(calendar(state), day("2025-04-21"), day("2025-04-25"), x, 1, NULL),
		4);
}

static void working_days_late_are_counted_after_the_due_date(void **state)
{
	static const struct {
		const char *due, *replied;
		int late;
	} rows[] = {
		{ "2021-12-22", "2021-12-28", 4 }, /* example 27 */
		{ "2025-10-23", "2025-11-03", 7 }, /* 28 */
		{ "2025-10-23", "2025-10-23", 0 }, /* 29 */
		{ "2025-10-23", "2025-10-24", 1 }, /* 30 */
		{ "2024-01-18", "2024-01-17", 0 }, /* 25 */
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		assert_int_equal(ogi_working_between(calendar(state), day(rows[i].due),
					 day(rows[i].replied), NULL),
			rows[i].late);
}

static void a_new_notice_moves_the_due_date(void **state)
{
	(void)state;
	static struct workdays w; /* 2020 as it was before the Spring Festival was lengthened */
	workdays_read(&w);
	workdays_drop(&w, "2020-01-31");
	workdays_drop(&w, "2020-02-01");
	workdays_drop(&w, "2020-02-02");
	w.row[w.rows++] = (struct ogi_calendar_row){ day("2020-02-01"), false };
	workdays_build(&w);
	static const struct {
		const char *from;
		int n;
		const char *due;
	} rows[] = {
		{ "2020-01-13", 20, "2020-02-13" }, /* example 10; in force: 02-17 */
		{ "2020-01-20", 7, "2020-02-04" },  /* example 11; in force: 02-06 */
		{ "2020-01-20", 20, "2020-02-21" }, /* in force: 02-25 */
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		assert_int_equal(
			ogi_due(&w.cal, day(rows[i].from), rows[i].n, NULL, 0, NULL).day,
			day(rows[i].due).day);
	workdays_free(&w);
}

static void new_years_eve_of_2024_was_worked(void **state)
{
	(void)state;
	static struct workdays w; /* example 13: wrongly treated as off */
	workdays_read(&w);
	w.row[w.rows++] = (struct ogi_calendar_row){ day("2024-02-09"), true };
	workdays_build(&w);
	assert_int_equal(ogi_due(&w.cal, day("2024-01-31"), 20, NULL, 0, NULL).day,
		day("2024-03-05").day);
	workdays_free(&w);
}

static void a_due_date_in_the_unknown_is_provisional(void **state)
{
	const struct ogi_calendar *cal = calendar(state);
	bool provisional = false;
	ogi_due(cal, day("2026-12-01"), 20, NULL, 0, &provisional);
	assert_false(provisional);
	ogi_due(cal, day("2026-12-10"), 20, NULL, 0, &provisional);
	assert_true(provisional);
	/* a probe behind the due date does not make it provisional */
	struct ogi_interval later = { day("2027-06-01"), day("2027-06-02") };
	provisional = false;
	ogi_due(cal, day("2026-11-02"), 20, &later, 1, &provisional);
	assert_false(provisional);
	ogi_counted(cal, day("2026-11-02"), day("2026-11-20"), &later, 1, &provisional);
	assert_false(provisional);
}

static void an_open_interval_leaves_no_due_date(void **state)
{
	const struct ogi_calendar *cal = calendar(state);
	struct ogi_interval open = { day("2025-04-26"), { 0 } };
	assert_int_equal(ogi_due(cal, day("2025-04-21"), 20, &open, 1, NULL).day, 0);
	assert_int_equal(
		ogi_counted(cal, day("2025-04-21"), day("2026-04-21"), &open, 1, NULL), 4);
	/* opened behind the due date it excludes nothing */
	open.from = day("2025-05-22");
	assert_int_equal(
		ogi_due(cal, day("2025-04-21"), 20, &open, 1, NULL).day, day("2025-05-21").day);
}

static void questions_without_a_start_have_an_empty_answer(void **state)
{
	const struct ogi_calendar *cal = calendar(state);
	struct ogi_interval x = { day("2025-04-26"), day("2025-05-22") };
	struct ogi_date none = { 0 };
	assert_int_equal(ogi_due(cal, none, 20, &x, 1, NULL).day, 0);
	assert_int_equal(ogi_due(cal, day("2025-04-21"), 0, &x, 1, NULL).day, 0);
	assert_int_equal(ogi_counted(cal, none, day("2025-06-01"), &x, 1, NULL), 0);
}

static void each_regime_has_its_periods(void **state)
{
	(void)state;
	assert_int_equal(ogi_base_period(OGI_R2008), 15);
	assert_int_equal(ogi_base_period(OGI_R2019), 20);
	assert_int_equal(ogi_base_period(OGI_REGIME_NONE), 0);
	assert_int_equal(ogi_most_extension(OGI_R2008), 15);
	assert_int_equal(ogi_most_extension(OGI_R2019), 20);
	assert_int_equal(ogi_most_extension(OGI_REGIME_NONE), 0);
}

/* ---- properties ---- */

enum { MOST = 6 };

static bool is_excluded(const struct ogi_interval *x, int count, int d)
{
	for (int i = 0; i < count; i++)
		if (x[i].from.day <= d && (!ogi_is_date(x[i].to) || d <= x[i].to.day))
			return true;
	return false;
}

/* The definition of D:deadlines §4, word by word. */
static struct ogi_date slow_due(const struct ogi_calendar *cal, struct ogi_date from, int n,
	const struct ogi_interval *x, int count, bool *provisional)
{
	while (n > 0) {
		from.day++;
		if (!is_excluded(x, count, from.day))
			n -= ogi_is_working(cal, from, provisional);
	}
	return from;
}

/* Before, around and behind the period; some empty, some within each other. */
static int random_intervals(struct chance *c, struct ogi_date start, struct ogi_interval *x)
{
	int count = (int)chance_below(c, MOST + 1);
	for (int i = 0; i < count; i++) {
		x[i].from.day = start.day - 20 + (int)chance_below(c, 90);
		x[i].to.day = x[i].from.day - 3 + (int)chance_below(c, 40);
	}
	return count;
}

static void the_period_agrees_with_a_loop_over_days(void **state)
{
	const struct ogi_calendar *cal = calendar(state);
	struct chance c = { 20190515 };
	for (int d = day("2007-12-01").day; d <= day("2026-12-31").day; d++) {
		for (int round = 0; round < 6; round++) {
			struct ogi_interval raw[MOST], x[MOST];
			struct ogi_date start = { d };
			int drawn = random_intervals(&c, start, raw);
			int n = 1 + (int)chance_below(&c, 60);
			memcpy(x, raw, sizeof raw);
			int count = ogi_merge_intervals(x, drawn);
			bool slow_provisional = false, provisional = false,
			     counted_provisional = false;
			struct ogi_date slow =
				slow_due(cal, start, n, raw, drawn, &slow_provisional);
			struct ogi_date due = ogi_due(cal, start, n, x, count, &provisional);
			assert_int_equal(due.day, slow.day);
			assert_int_equal(provisional, slow_provisional);
			assert_true(ogi_is_working(cal, due, NULL));
			assert_int_equal(
				ogi_counted(cal, start, due, x, count, &counted_provisional),
				n);
			assert_int_equal(counted_provisional, slow_provisional);
			assert_int_equal(
				ogi_counted(cal, start, ogi_date_add(due, -1), x, count, NULL),
				n - 1);
		}
	}
}

static void later_receipt_longer_period_and_exclusions_never_shorten(void **state)
{
	const struct ogi_calendar *cal = calendar(state);
	struct chance c = { 711 };
	for (int d = day("2008-05-01").day; d <= day("2026-12-31").day; d++) {
		struct ogi_interval x[MOST];
		struct ogi_date start = { d };
		int count = ogi_merge_intervals(x, random_intervals(&c, start, x));
		int n = 1 + (int)chance_below(&c, 40);
		int due = ogi_due(cal, start, n, x, count, NULL).day;
		assert_true(due <= ogi_due(cal, ogi_date_add(start, 1), n, x, count, NULL).day);
		assert_true(due < ogi_due(cal, start, n + 1, x, count, NULL).day);
		assert_true(due >= ogi_due(cal, start, n, NULL, 0, NULL).day);
	}
}

static void counting_under_an_open_interval_agrees_with_a_loop(void **state)
{
	const struct ogi_calendar *cal = calendar(state);
	struct chance c = { 33 };
	for (int round = 0; round < 5000; round++) {
		struct ogi_interval x[MOST + 1], raw[MOST + 1];
		struct ogi_date start = { day("2008-05-01").day + (int)chance_below(&c, 6000) };
		int count = random_intervals(&c, start, raw);
		raw[count].from.day = start.day + (int)chance_below(&c, 60);
		raw[count++].to.day = 0;
		memcpy(x, raw, sizeof raw);
		int merged = ogi_merge_intervals(x, count);
		assert_int_equal(x[merged - 1].to.day, 0);
		struct ogi_date as_of = { start.day - 5 + (int)chance_below(&c, 90) };
		int expected = 0;
		for (int d = start.day + 1; d <= as_of.day; d++)
			if (!is_excluded(raw, count, d))
				expected += ogi_is_working(cal, (struct ogi_date){ d }, NULL);
		assert_int_equal(ogi_counted(cal, start, as_of, x, merged, NULL), expected);
	}
}

static void merging_keeps_the_days_and_merges_once(void **state)
{
	(void)state;
	struct chance c = { 34 };
	for (int round = 0; round < 20000; round++) {
		struct ogi_date start = { 735000 };
		struct ogi_interval raw[MOST], x[MOST], again[MOST];
		int drawn = random_intervals(&c, start, raw);
		memcpy(x, raw, sizeof raw);
		int count = ogi_merge_intervals(x, drawn);
		for (int d = start.day - 40; d < start.day + 120; d++)
			assert_int_equal(is_excluded(x, count, d), is_excluded(raw, drawn, d));
		for (int i = 0; i < count; i++) {
			assert_true(x[i].from.day <= x[i].to.day);
			assert_true(i == 0 || x[i].from.day > x[i - 1].to.day + 1);
		}
		memcpy(again, x, sizeof x);
		assert_int_equal(ogi_merge_intervals(again, count), count);
		assert_memory_equal(again, x, (size_t)count * sizeof x[0]);
	}
}

static void adjacent_and_open_intervals_merge(void **state)
{
	(void)state;
	struct ogi_interval x[] = {
		{ { 300 }, { 0 } },
		{ { 110 }, { 120 } },
		{ { 100 }, { 109 } },
		{ { 200 }, { 199 } }, /* empty */
		{ { 310 }, { 320 } }, /* inside the open one */
		{ { 0 }, { 50 } },    /* no first day */
		{ { 130 }, { 130 } },
		{ { 305 }, { 0 } },
	};
	assert_int_equal(ogi_merge_intervals(x, 8), 3);
	assert_true(x[0].from.day == 100 && x[0].to.day == 120);
	assert_true(x[1].from.day == 130 && x[1].to.day == 130);
	assert_true(x[2].from.day == 300 && x[2].to.day == 0);
	assert_int_equal(ogi_merge_intervals(x, 0), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_table_of_deadlines_holds),
		cmocka_unit_test(the_numbered_examples_hold),
		cmocka_unit_test(overlapping_consultations_are_counted_once),
		cmocka_unit_test(working_days_late_are_counted_after_the_due_date),
		cmocka_unit_test(a_new_notice_moves_the_due_date),
		cmocka_unit_test(new_years_eve_of_2024_was_worked),
		cmocka_unit_test(a_due_date_in_the_unknown_is_provisional),
		cmocka_unit_test(an_open_interval_leaves_no_due_date),
		cmocka_unit_test(questions_without_a_start_have_an_empty_answer),
		cmocka_unit_test(each_regime_has_its_periods),
		cmocka_unit_test(the_period_agrees_with_a_loop_over_days),
		cmocka_unit_test(later_receipt_longer_period_and_exclusions_never_shorten),
		cmocka_unit_test(counting_under_an_open_interval_agrees_with_a_loop),
		cmocka_unit_test(merging_keeps_the_days_and_merges_once),
		cmocka_unit_test(adjacent_and_open_intervals_merge),
	};
	return cmocka_run_group_tests(tests, load, unload);
}
