/* SPDX-License-Identifier: MulanPSL-2.0 */
/* What a connection stands on: the order of hosts, pauses, the set of prepared statements. */
#include "db/handshake.h"
#include "db/hosts.h"
#include "db/prepared.h"

// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
// clang-format on
#include <stdlib.h>

static void each_attempt_begins_with_the_next_host(void **state)
{
	(void)state;
	struct hosts h = hosts_rotated("host=a,b,c port=1,2,3 hostaddr=::1,,::3", 0);
	assert_string_equal(h.host, "a,b,c");
	hosts_clear(&h);
	h = hosts_rotated("host=a,b,c port=1,2,3 hostaddr=::1,,::3", 4);
	assert_string_equal(h.host, "b,c,a");
	assert_string_equal(h.port, "2,3,1");
	assert_string_equal(h.hostaddr, ",::3,::1");
	hosts_clear(&h);
	h = hosts_rotated("postgresql://u@one:5,two:6/db", 1);
	assert_string_equal(h.host, "two,one");
	assert_string_equal(h.port, "6,5");
	hosts_clear(&h);
}

static void a_single_host_is_left_alone(void **state)
{
	(void)state;
	struct hosts h = hosts_rotated("host=a port=5", 1);
	assert_null(h.host);
	assert_null(h.port);
	h = hosts_rotated("not a = connection = string", 1);
	assert_null(h.host);
	h = hosts_rotated("host=a,b port=5", 1); /* the one port is for all */
	assert_string_equal(h.host, "b,a");
	assert_null(h.port);
	hosts_clear(&h);
}

static void pauses_grow_up_to_two_seconds(void **state)
{
	(void)state;
	for (int attempt = 0; attempt < 40; attempt++) {
		struct handshake h = { .attempt = attempt };
		for (int i = 0; i < 100; i++) {
			struct timeval pause = handshake_pause(&h);
			long ms = pause.tv_sec * 1000 + pause.tv_usec / 1000;
			long most = attempt < 2   ? 50
				    : attempt < 7 ? 50L << (attempt - 1)
						  : 2000;
			assert_in_range(ms, most / 2, most);
		}
	}
}

static void a_prepared_statement_is_remembered(void **state)
{
	(void)state;
	enum { MANY = 1000 };
	struct stmt *all = calloc(MANY, sizeof *all);
	struct prepared set = { 0 };
	for (int i = 0; i < MANY; i++) {
		bool *there = prepared_flag(&set, &all[i]);
		assert_false(*there);
		*there = i % 3 == 0;
	}
	for (int i = 0; i < MANY; i++)
		assert_int_equal(*prepared_flag(&set, &all[i]), i % 3 == 0);
	prepared_clear(&set);
	assert_false(*prepared_flag(&set, &all[0]));
	prepared_clear(&set);
	free(all);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_attempt_begins_with_the_next_host),
		cmocka_unit_test(a_single_host_is_left_alone),
		cmocka_unit_test(pauses_grow_up_to_two_seconds),
		cmocka_unit_test(a_prepared_statement_is_remembered),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
