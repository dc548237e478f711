/* SPDX-License-Identifier: MulanPSL-2.0 */
/* domain/numbering: what is a register number, what is none, and how an organisation shows it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "domain/numbering.h"

static void numbers_survive_print_and_parse(void **state)
{
	(void)state;
	static const int32_t years[] = { 1900, 2008, 2017, 2025, 2199 };
	static const int32_t serials[] = { 1, 9, 10, 17, 99999, 9999999 };
	for (size_t y = 0; y < sizeof years / sizeof years[0]; y++)
		for (size_t s = 0; s < sizeof serials / sizeof serials[0]; s++) {
			char text[24];
			int32_t year, serial;
			ogi_number_print(years[y], serials[s], text);
			assert_true(ogi_number_parse(text, &year, &serial));
			assert_int_equal(year, years[y]);
			assert_int_equal(serial, serials[s]);
		}
}

static void anything_else_is_no_number(void **state)
{
	(void)state;
	static const char *const none[] = { "", "-", "2025", "2025-", "-17", "2025-0",
		"2025-017", "02025-17", "1899-1", "2200-1", "2025-17 ", " 2025-17", "2025-17-1",
		"2025--17", "2025-10000000", "2025-99999999999999999999", "2025+17", "2025-+17",
		"2025-1a", "20x5-1", "0192f5c0-7b1a-7c3e-9f00-000000000000", "２０２５-１" };
	for (size_t i = 0; i < sizeof none / sizeof none[0]; i++) {
		int32_t year = -5, serial = -6;
		if (ogi_number_parse(none[i], &year, &serial))
			fail_msg("%s", none[i]);
		assert_true(year == -5 && serial == -6);
	}
}

static void the_longest_number_fits(void **state)
{
	(void)state;
	char text[24];
	ogi_number_print(INT32_MIN, INT32_MIN, text);
	assert_string_equal(text, "-2147483648--2147483648");
}

static void an_organisation_shows_it_its_own_way(void **state)
{
	(void)state;
	static const struct {
		const char *format, *shown;
	} rows[] = {
		{ "朱村依申〔{year}〕{serial}号", "朱村依申〔2025〕17号" },
		{ "{year}-{serial}", "2025-17" },
		{ "{serial}/{serial}", "17/17" },
		{ "no braces", "no braces" },
		{ "{", "{" },
		{ "{year", "{year" },
		{ "{{year}}", "{2025}" },
		{ "{month}%d%s", "{month}%d%s" },
		{ "", "" },
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		char out[64];
		assert_true(ogi_number_display(rows[i].format, 2025, 17, out, sizeof out));
		assert_string_equal(out, rows[i].shown);
		/* to the byte: one less and nothing is shown, not half a number */
		size_t exact = strlen(rows[i].shown) + 1;
		memset(out, 'x', sizeof out);
		assert_true(ogi_number_display(rows[i].format, 2025, 17, out, exact));
		assert_string_equal(out, rows[i].shown);
		assert_int_equal(out[exact], 'x');
		if (exact > 1) {
			assert_false(
				ogi_number_display(rows[i].format, 2025, 17, out, exact - 1));
			assert_string_equal(out, "");
		}
	}
	assert_false(ogi_number_display("{year}", 2025, 17, NULL, 0));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_survive_print_and_parse),
		cmocka_unit_test(anything_else_is_no_number),
		cmocka_unit_test(the_longest_number_fits),
		cmocka_unit_test(an_organisation_shows_it_its_own_way),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
