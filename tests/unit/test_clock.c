/* SPDX-License-Identifier: MulanPSL-2.0 */
/* base/clock: instants as text, the date in China, the test clock. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/clock.h"
#include "chance.h"

static void instants_are_read(void **state)
{
	static const struct {
		const char *text;
		int64_t micros;
	} yes[] = {
		{ "1970-01-01T00:00:00Z", 0 },
		{ "1970-01-01T08:00:00+08:00", 0 },
		{ "1969-12-31T23:59:59.999999Z", -1 },
		{ "2025-04-21T01:02:03.004Z", INT64_C(1745197323004000) },
		{ "2025-04-21t09:02:03.004+08:00", INT64_C(1745197323004000) },
		{ "2025-04-20T20:02:03.004-05:00", INT64_C(1745197323004000) },
		{ "2025-04-21T01:02:03.0040009999999z", INT64_C(1745197323004000) },
		{ "2025-04-21T01:02:03.1Z", INT64_C(1745197323100000) },
		{ "2025-04-21T01:02:03-00:00", INT64_C(1745197323000000) },
	};
	static const char *const no[] = { "", "2025-04-21", "2025-04-21T01:02:03",
		"2025-04-21T01:02Z", "2025-04-21 01:02:03Z", "2025-04-21T24:00:00Z",
		"2025-04-21T01:60:00Z", "2025-04-21T01:02:60Z", "2025-02-29T01:02:03Z",
		"2025-04-21T01:02:03.Z", "2025-04-21T01:02:03Zx", "2025-04-21T01:02:03+0800",
		"2025-04-21T01:02:03+08:00x", "2025-04-21T01:02:03+24:00",
		"2025-04-21T01:02:03+08:60", "2025-04-21T01:02:03+8:00",
		"2025-04-21T01:02:03,5Z", "1899-12-31T00:00:00Z", "2025-04-21T 1:02:03Z",
		"2025-04-21T01:02:03+08:0" };
	(void)state;
	int64_t micros = 42;
	for (size_t i = 0; i < sizeof no / sizeof *no; i++) {
		if (clock_parse(no[i], &micros))
			fail_msg("\"%s\" was taken", no[i]);
		assert_true(micros == 42);
	}
	assert_false(clock_parse(NULL, &micros));
	for (size_t i = 0; i < sizeof yes / sizeof *yes; i++) {
		assert_true(clock_parse(yes[i].text, &micros));
		assert_true(micros == yes[i].micros);
	}
}

static void instants_come_back(void **state)
{
	(void)state;
	struct chance c = { 3339 };
	char s[32];
	clock_print(INT64_C(1745197323004000), s);
	assert_string_equal(s, "2025-04-21T01:02:03.004Z");
	clock_print(-1, s);
	assert_string_equal(s, "1969-12-31T23:59:59.999Z");
	clock_print(INT64_MAX, s);
	assert_string_equal(s, "");
	clock_print(INT64_MIN, s);
	assert_string_equal(s, "");
	for (int i = 0; i < 200000; i++) {
		/* 1900 .. 2199, whole milliseconds */
		int64_t micros = ((int64_t)(chance_next(&c) % UINT64_C(9460800000000)) -
					 INT64_C(2208988800000)) *
				 1000,
			back;
		clock_print(micros, s);
		assert_int_equal(strlen(s), 24);
		assert_true(clock_parse(s, &back));
		assert_true(back == micros);
	}
}

static const char *china(const char *instant, char out[11])
{
	int64_t micros;
	assert_true(clock_parse(instant, &micros));
	text_from_date(clock_china_date(micros), out);
	return out;
}

static void the_day_in_china_changes_at_16_utc(void **state)
{
	(void)state;
	char s[11];
	assert_string_equal(china("2025-04-20T15:59:59.999999Z", s), "2025-04-20");
	assert_string_equal(china("2025-04-20T16:00:00Z", s), "2025-04-21");
	assert_string_equal(china("2025-12-31T16:00:00Z", s), "2026-01-01");
	assert_string_equal(china("1986-07-01T15:30:00Z", s),
		"1986-07-01"); /* summer time of 1986 to 1991 is not applied */
	assert_string_equal(china("1969-12-31T15:59:59.999999Z", s), "1969-12-31");
	assert_int_equal(clock_china_date(INT64_MAX).day, 0);
}

static void durations_never_run_backwards(void **state)
{
	(void)state;
	int64_t last = clock_monotonic();
	for (int i = 0; i < 1000; i++) {
		int64_t now = clock_monotonic();
		assert_true(now >= last);
		last = now;
	}
}

#ifdef OGID_TEST_CLOCK
static void the_test_clock_is_told(void **state)
{
	(void)state;
	char path[] = "/tmp/ogid-clock-XXXXXX", told[64];
	assert_true(clock_is_test());
	assert_int_equal(setenv("OGID_NOW", "2025-04-21T01:02:03.004Z", 1), 0);
	assert_true(clock_now() == INT64_C(1745197323004000));
	int fd = mkstemp(path);
	assert_true(fd >= 0);
	snprintf(told, sizeof told, "@%s", path);
	assert_int_equal(setenv("OGID_NOW", told, 1), 0);
	assert_int_equal(write(fd, "1970-01-01T00:00:01Z\n", 21), 21);
	assert_true(clock_now() == 1000000);
	assert_int_equal(pwrite(fd, "1970-01-01T00:00:02Z\n", 21, 0), 21);
	assert_true(clock_now() == 2000000);
	close(fd);
	unlink(path);
	assert_int_equal(unsetenv("OGID_NOW"), 0);
	assert_true(clock_now() > INT64_C(1700000000000000));
}
#else
static void the_test_clock_is_told(void **state)
{
	(void)state;
	assert_false(clock_is_test());
	assert_int_equal(setenv("OGID_NOW", "1970-01-01T00:00:01Z", 1), 0);
	assert_true(
		clock_now() > INT64_C(1700000000000000)); /* a build for use does not listen */
}
#endif

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(instants_are_read),
		cmocka_unit_test(instants_come_back),
		cmocka_unit_test(the_day_in_china_changes_at_16_utc),
		cmocka_unit_test(durations_never_run_backwards),
		cmocka_unit_test(the_test_clock_is_told),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
