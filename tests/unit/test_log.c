/* SPDX-License-Identifier: MulanPSL-2.0 */
/* base/log: one line per fact, tame, below the threshold. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/log.h"
#include "base/text.h"

struct capture {
	int saved, file;
	char text[8192];
};

static void begin(struct capture *c)
{
	char path[] = "/tmp/ogid-log-XXXXXX";
	fflush(stderr);
	c->saved = dup(STDERR_FILENO);
	c->file = mkstemp(path);
	assert_true(c->saved >= 0 && c->file >= 0);
	unlink(path);
	dup2(c->file, STDERR_FILENO);
}

static const char *end(struct capture *c)
{
	dup2(c->saved, STDERR_FILENO);
	close(c->saved);
	ssize_t n = pread(c->file, c->text, sizeof c->text - 1, 0);
	close(c->file);
	assert_true(n >= 0);
	c->text[n] = '\0';
	return c->text;
}

static void a_line_has_priority_and_pairs(void **state)
{
	(void)state;
	struct capture c;
	begin(&c);
	log_line(LOG_AT_INFO, "exchange", "status=%d ms=%d", 201, 7);
	log_line(LOG_AT_ERROR, "database", "away=%s", "朱村");
	assert_string_equal(end(&c), "<6>exchange status=201 ms=7\n<3>database away=朱村\n");
}

static void lines_above_the_threshold_are_not_written(void **state)
{
	(void)state;
	struct capture c;
	begin(&c);
	log_line(LOG_AT_DEBUG, "a", "x=1");
	log_threshold(LOG_AT_DEBUG);
	log_line(LOG_AT_DEBUG, "b", "x=1");
	log_threshold(LOG_AT_WARNING);
	log_line(LOG_AT_NOTICE, "c", "x=1");
	log_line(LOG_AT_WARNING, "d", "x=1");
	log_threshold(LOG_AT_INFO);
	assert_string_equal(end(&c), "<7>b x=1\n<4>d x=1\n");
}

static void control_characters_are_tamed(void **state)
{
	(void)state;
	struct capture c;
	begin(&c);
	log_line(LOG_AT_INFO, "a\nb", "x=%s", "1\n<3>forged\x1b[2J\x7f\xc2\x85\xc2\xa0\t");
	assert_string_equal(end(&c), "<6>a?b x=1?<3>forged?[2J???\xc2\xa0?\n");
}

static void long_lines_are_cut_between_characters(void **state)
{
	(void)state;
	char text[4001];
	for (size_t shift = 0; shift < 6; shift++) {
		struct capture c;
		memset(text, 'a', shift);
		for (size_t i = shift; i + 3 < sizeof text; i += 3)
			memcpy(text + i, "朱", 4);
		begin(&c);
		log_line(LOG_AT_INFO, "long", "x=%s", text);
		const char *line = end(&c);
		size_t n = strlen(line);
		assert_in_range(n, 2040, 2056);
		assert_string_equal(line + n - 4, "...\n");
		assert_true(text_characters(line, n) > 0);
	}
}

static void held_lines_leave_together_and_none_is_lost(void **state)
{
	(void)state;
	struct capture c;
	struct log_held held = { 0 };
	begin(&c);
	log_hold(&held, LOG_AT_INFO, "a", "x=1");
	log_line(LOG_AT_ERROR, "b", "x=2");
	log_hold(&held, LOG_AT_DEBUG, "c", "x=3");
	log_hold(&held, LOG_AT_INFO, "d", "x=4");
	log_release(&held);
	log_release(&held);
	assert_string_equal(end(&c), "<3>b x=2\n<6>a x=1\n<6>d x=4\n");
	begin(&c);
	for (int i = 0; i < 700; i++)
		log_hold(&held, LOG_AT_INFO, "n", "i=%03d", i);
	log_release(&held);
	assert_string_equal(end(&c) + 699 * 11 + 5, "i=699\n");
	assert_int_equal(held.size, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_line_has_priority_and_pairs),
		cmocka_unit_test(lines_above_the_threshold_are_not_written),
		cmocka_unit_test(control_characters_are_tamed),
		cmocka_unit_test(long_lines_are_cut_between_characters),
		cmocka_unit_test(held_lines_leave_together_and_none_is_lost),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
