/* SPDX-License-Identifier: MulanPSL-2.0 */
/* What a lawyer can check without reading C: tariff, periods of remedies, duties of each
 * outcome, as tables beside this file. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "domain/fee.h"
#include "domain/outcome.h"
#include "domain/remedy.h"
#include "workdays.h"

static struct workdays w;

static int load(void **state)
{
	(void)state;
	workdays_load(&w);
	return 0;
}

static int unload(void **state)
{
	(void)state;
	workdays_free(&w);
	return 0;
}

/* ---- fees.tsv: of so many requests in a month, of so many pages of one request ---- */

static void the_tariff_is_that_of_the_measures(void **state)
{
	(void)state;
	struct table t;
	int64_t before = 0, n_before = 0;
	int rows = 0;
	table_open(&t, "tests/unit/fees.tsv", '\t');
	while (table_next(&t)) {
		int32_t n = (int32_t)strtol(t.column[0], NULL, 10);
		int64_t items = strtoll(t.column[1], NULL, 10);
		assert_int_equal(ogi_fee_of_items(n), items);
		assert_int_equal(ogi_fee_of_pages(n), strtoll(t.column[2], NULL, 10));
		if (n == n_before + 1) /* one request more costs what it costs alone */
			assert_int_equal(ogi_fee_of_item(n), items - before);
		before = items;
		n_before = n;
		rows++;
	}
	assert_int_equal(rows, 16);
}

/* ---- remedies.tsv ---- */

static struct ogi_date by_clock(const char *clock, struct ogi_date from)
{
	const struct ogi_calendar *cal = &w.cal;
	bool simplified = strstr(clock, "_simplified") != NULL;
	if (strcmp(clock, "reconsider") == 0)
		return ogi_reconsider_by(cal, from);
	if (strncmp(clock, "answer", 6) == 0)
		return ogi_answer_by(cal, from, simplified);
	if (strcmp(clock, "sue") == 0)
		return ogi_sue_by(cal, from, from);
	if (strcmp(clock, "sue_after") == 0)
		return ogi_sue_after_by(cal, from);
	if (strcmp(clock, "sue_inaction") == 0)
		return ogi_sue_inaction_by(cal, from);
	if (strncmp(clock, "reconsidered", 12) == 0)
		return ogi_reconsidered_by(cal, from, simplified);
	if (strncmp(clock, "judged", 6) == 0)
		return ogi_judged_by(cal, from, simplified);
	fail_msg("no such clock: %s", clock);
	return (struct ogi_date){ 0 };
}

static void the_periods_of_remedies_hold(void **state)
{
	(void)state;
	struct table t;
	int rows = 0;
	table_open(&t, "tests/unit/remedies.tsv", '\t');
	while (table_next(&t)) {
		char got[11];
		text_from_date(by_clock(t.column[0], day(t.column[1])), got);
		if (strcmp(got, t.column[2]) != 0)
			fail_msg("%s from %s: wanted %s, got %s", t.column[0], t.column[1],
				t.column[2], got);
		rows++;
	}
	assert_true(rows >= 15);
}

static void no_day_begins_no_period(void **state)
{
	(void)state;
	static const char *const clocks[] = { "reconsider", "answer", "sue", "sue_after",
		"sue_inaction", "reconsidered", "judged", "judged_simplified" };
	for (size_t i = 0; i < sizeof clocks / sizeof clocks[0]; i++)
		assert_false(ogi_is_date(by_clock(clocks[i], (struct ogi_date){ 0 })));
}

/* ---- outcome-duties.tsv ---- */

static void the_duties_of_an_outcome_are_those_of_the_articles(void **state)
{
	(void)state;
	struct table t;
	bool seen[OGI_OUTCOMES] = { false };
	table_open(&t, "tests/unit/outcome-duties.tsv", '\t');
	while (table_next(&t)) {
		int outcome = ogi_outcome_find(t.column[0]);
		int variant =
			*t.column[1] != '\0' ? ogi_variant_find(t.column[1]) : OGI_NO_VARIANT;
		assert_true(outcome > 0 && variant >= 0);
		seen[outcome] = true;
		bool reasons = (ogi_outcome_flags(outcome, variant) & OGI_NEEDS_REASON) != 0;
		bool first = strcmp(t.column[3], "yes") == 0;
		if (reasons != (strcmp(t.column[2], "yes") == 0) ||
			ogi_reconsider_first(outcome, day("2024-01-01")) != first ||
			ogi_reconsider_first(outcome, day("2023-12-31")))
			fail_msg("%s %s", t.column[0], t.column[1]);
	}
	for (int i = OGI_GRANT; i <= OGI_OTHER_OTHER; i++)
		assert_true(seen[i]);
	assert_false(ogi_reconsider_first(OGI_GRANT_PARTIAL, (struct ogi_date){ 0 }));
	assert_false(ogi_reconsider_first(OGI_NO_OUTCOME, day("2025-01-01")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_tariff_is_that_of_the_measures),
		cmocka_unit_test(the_periods_of_remedies_hold),
		cmocka_unit_test(no_day_begins_no_period),
		cmocka_unit_test(the_duties_of_an_outcome_are_those_of_the_articles),
	};
	return cmocka_run_group_tests(tests, load, unload);
}
