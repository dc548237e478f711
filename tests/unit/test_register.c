/* SPDX-License-Identifier: MulanPSL-2.0 */
/* The tables of the small registers agree with each other and with the forms
 * (D:annual-report §4, §6; D:statistics). */
#include "domain/register.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static const struct ogi_form *const forms[] = { &ogi_form_2014, &ogi_form_2019,
	&ogi_form_2021 };

static void every_row_from_a_register_is_fed(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++)
		for (const struct ogi_form_row *r = forms[i]->row; r->zh != NULL; r++)
			if (r->source == OGI_FROM_REGISTER)
				assert_non_null(ogi_feed_of(r->key));
}

static void every_feed_has_its_row_register_and_field(void **state)
{
	(void)state;
	for (const struct ogi_feed *f = ogi_feeds; f->key != NULL; f++) {
		const struct ogi_register *reg = ogi_register_find(f->reg);
		assert_non_null(reg);
		assert_ptr_equal(ogi_feed_of(f->key), f); /* one feed a row */
		assert_int_equal(f->field == NULL, f->how == OGI_FEED_COUNT);
		if (f->field != NULL)
			assert_non_null(field_find(reg->rows, f->field, NULL));
		int rows = 0;
		for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
			int row = ogi_form_find(forms[i], f->key);
			rows += row >= 0;
			if (row >= 0)
				assert_int_equal(ogi_row_is_money(&forms[i]->row[row]),
					ogi_feed_is_decimal(f));
		}
		assert_true(rows > 0);
	}
}

static void every_field_has_a_label_and_fits_an_entry(void **state)
{
	(void)state;
	for (const struct ogi_register *reg = ogi_registers; reg->code != NULL; reg++)
		for (const struct field *row = reg->rows; row->name != NULL; row++) {
			assert_non_null(ogi_register_label(row->name));
			assert_true(row->at < sizeof(struct ogi_entry));
			assert_int_equal(row->type == FIELD_CODE, row->codes != NULL);
			const struct field *found = field_find(reg->rows, row->name, NULL);
			assert_ptr_equal(found, row); /* named once */
		}
	assert_null(ogi_register_find("minutes"));
	assert_null(ogi_register_label("colour"));
	assert_null(ogi_feed_of(NULL));
}

static struct ogi_date d(int year, int month, int day)
{
	return ogi_date_of(year, month, day);
}

static void an_entry_counts_for_its_days(void **state)
{
	(void)state;
	static const struct {
		const char *reg;
		struct ogi_entry entry;
		const char *from, *to;
	} cases[] = {
		{ "license", { .year = 2024 }, "2024-01-01", "2024-12-31" },
		{ "license", { .year = 2024, .period = "2024Q1" }, "2024-01-01", "2024-03-31" },
		{ "license", { .year = 2024, .period = "2024M02" }, "2024-02-01",
			"2024-02-29" },
		{ "license", { .year = 2024, .period = "2024Q4" }, "2024-10-01", "2024-12-31" },
	};
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct ogi_span days =
			ogi_entry_days(ogi_register_find(cases[i].reg), &cases[i].entry);
		char from[11], to[11];
		text_from_date(days.from, from);
		text_from_date(days.to, to);
		assert_string_equal(from, cases[i].from);
		assert_string_equal(to, cases[i].to);
	}
	struct ogi_entry meeting = { .on = d(2024, 5, 6) };
	struct ogi_span days = ogi_entry_days(ogi_register_find("meeting"), &meeting);
	assert_int_equal(days.from.day, meeting.on.day);
	assert_int_equal(days.to.day, meeting.on.day);
	struct ogi_entry office = { .from = d(2020, 1, 1) };
	days = ogi_entry_days(ogi_register_find("org"), &office);
	assert_int_equal(days.from.day, office.from.day);
	assert_false(ogi_is_date(days.to));
}

/* A document stands until the day before its repeal, or until it runs out, whatever is first.
 */
static void a_document_stands_until_repealed_or_run_out(void **state)
{
	(void)state;
	const struct ogi_register *reg = ogi_register_find("normative");
	struct ogi_entry e = { .on = d(2020, 1, 1) };
	assert_false(ogi_is_date(ogi_entry_days(reg, &e).to));
	e.valid_until = d(2024, 12, 31);
	assert_int_equal(ogi_entry_days(reg, &e).to.day, d(2024, 12, 31).day);
	e.repealed_on = d(2023, 5, 1);
	assert_int_equal(ogi_entry_days(reg, &e).to.day, d(2023, 4, 30).day);
	e.repealed_on = d(2025, 5, 1);
	assert_int_equal(ogi_entry_days(reg, &e).to.day, d(2024, 12, 31).day);
}

static void a_period_is_a_part_of_its_year(void **state)
{
	(void)state;
	struct ogi_span span = { { 1 }, { 2 } };
	static const char *const wrong[] = { "", "2024", "2024Q0", "2024Q5", "2025Q1",
		"2024M00", "2024M13", "2024M1", "2024q1", "2024Q12", "x024Q1", "2024Q-",
		"2024M+1", "Q12024", "2024Q1 " };
	for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
		assert_false(ogi_span_of_period(wrong[i], 2024, &span));
	assert_int_equal(span.from.day, 1); /* untouched */
	assert_true(ogi_span_of_period("2024M12", 2024, &span));
	assert_int_equal(span.from.day, d(2024, 12, 1).day);
	assert_int_equal(span.to.day, d(2025, 1, 1).day);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_row_from_a_register_is_fed),
		cmocka_unit_test(every_feed_has_its_row_register_and_field),
		cmocka_unit_test(every_field_has_a_label_and_fits_an_entry),
		cmocka_unit_test(an_entry_counts_for_its_days),
		cmocka_unit_test(a_document_stands_until_repealed_or_run_out),
		cmocka_unit_test(a_period_is_a_part_of_its_year),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
