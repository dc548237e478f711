/* SPDX-License-Identifier: MulanPSL-2.0 */
/* base/uuid: text and back, order by time. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/uuid.h"
#include "chance.h"

static void text_comes_back_in_lower_case(void **state)
{
	(void)state;
	struct uuid id;
	char s[37];
	assert_true(uuid_parse_text("0192F3A4-1b2C-7d3e-8F40-0123456789aB", &id));
	uuid_print(&id, s);
	assert_string_equal(s, "0192f3a4-1b2c-7d3e-8f40-0123456789ab");
	struct chance c = { 9562 };
	for (int i = 0; i < 10000; i++) {
		struct uuid any, back;
		for (int k = 0; k < 16; k++)
			any.byte[k] = (unsigned char)chance_below(&c, 256);
		uuid_print(&any, s);
		assert_int_equal(strlen(s), 36);
		assert_true(uuid_parse_text(s, &back));
		assert_true(uuid_same(&any, &back));
	}
}

static void what_is_no_uuid_is_refused(void **state)
{
	static const char *const no[] = { "", "x", "0192f3a4-1b2c-7d3e-8f40-0123456789a",
		"0192f3a4-1b2c-7d3e-8f40-0123456789abc", "0192f3a4-1b2c-7d3e-8f40-0123456789ag",
		"0192f3a41b2c7d3e8f400123456789ab", "0192f3a4_1b2c_7d3e_8f40_0123456789ab",
		"{192f3a4-1b2c-7d3e-8f40-0123456789ab", " 192f3a4-1b2c-7d3e-8f40-0123456789ab",
		"0192f3a4-1b2c-7d3e-8f40-01234567 9ab", "0192f3a4-1b2c-7d3e-8f40-0x23456789ab",
		"0192f3a4-1b2c-7d3e-8f40-+12345678901",
		"-192f3a4-1b2c-7d3e-8f40-0123456789ab" };
	(void)state;
	struct uuid id, before;
	memset(&id, 0x55, sizeof id);
	before = id;
	for (size_t i = 0; i < sizeof no / sizeof *no; i++) {
		if (uuid_parse_text(no[i], &id))
			fail_msg("\"%s\" was taken", no[i]);
		assert_true(uuid_same(&id, &before));
	}
	assert_false(uuid_parse_text(NULL, &id));
}

static void none_is_all_zero(void **state)
{
	(void)state;
	struct uuid id = { { 0 } };
	assert_true(uuid_none(&id));
	id.byte[15] = 1;
	assert_false(uuid_none(&id));
}

static void the_layout_is_version_7(void **state)
{
	(void)state;
	struct uuid id = uuid_ordered(INT64_C(
		1645557742000500)); /* the instant of RFC 9562 A.6, half a millisecond later */
	char s[37];
	uuid_print(&id, s);
	assert_memory_equal(s, "017f22e2-79b0-7800-", 19);
	assert_int_equal(id.byte[8] & 0xC0, 0x80);
	struct uuid before_1970 = uuid_ordered(-5);
	assert_memory_equal(before_1970.byte, "\0\0\0\0\0\0\x70\0", 8);
}

static void later_ids_sort_later(void **state)
{
	(void)state;
	struct chance c = { 7 };
	int64_t now = INT64_C(1745197323004005);
	struct uuid last = uuid_ordered(now);
	for (int i = 0; i < 20000; i++) {
		now += 1 + chance_below(&c,
				   i % 2 == 0 ? 3 : 5000000); /* also within one millisecond */
		struct uuid id = uuid_ordered(now);
		assert_true(memcmp(last.byte, id.byte, 16) < 0);
		last = id;
	}
	struct uuid one = uuid_ordered(now), other = uuid_ordered(now);
	assert_false(uuid_same(&one, &other));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(text_comes_back_in_lower_case),
		cmocka_unit_test(what_is_no_uuid_is_refused),
		cmocka_unit_test(none_is_all_zero),
		cmocka_unit_test(the_layout_is_version_7),
		cmocka_unit_test(later_ids_sort_later),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
