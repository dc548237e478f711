/* SPDX-License-Identifier: MulanPSL-2.0 */
/* store/case_list: the order of places, the keys of cases and the last amber day; what needs a
 * database is in tests/api. */
#include "store/case_list.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "workdays.h"

static struct workdays w;

static int load(void **state)
{
	(void)state;
	workdays_read(&w);
	workdays_build(&w);
	return 0;
}

static int unload(void **state)
{
	(void)state;
	free(w.memory);
	return 0;
}

/* The law decides the light; the list only needs to know where amber ends. */
static void amber_ends_where_the_light_says(void **state)
{
	(void)state;
	struct ogi_rules rules = { .calendar = &w.cal };
	struct ogi_case c = { .status = OGI_ST_IN_PROCESS };
	struct ogi_standing s;
	for (struct ogi_date today = day("2024-01-01"); today.day <= day("2027-03-01").day;
		today.day++) {
		struct ogi_date last = case_amber_to(&w.cal, today);
		assert_true(last.day >= today.day + 3);
		for (c.due_on.day = today.day - 2; c.due_on.day <= today.day + 20;
			c.due_on.day++) {
			ogi_case_standing(&c, &rules, today, &s);
			bool amber = c.due_on.day > today.day && c.due_on.day <= last.day;
			assert_int_equal(s.light == OGI_LIGHT_AMBER, amber);
		}
	}
}

static struct case_place place(int64_t key, unsigned char id)
{
	struct case_place p = { .key = key };
	p.id.byte[15] = id;
	return p;
}

static void what_has_no_key_comes_last_in_both_directions(void **state)
{
	(void)state;
	struct case_place a = place(5, 9), b = place(6, 1), none = place(CASE_LAST, 0);
	struct case_order up = { .sort = CASE_BY_DUE_ON }, down = { .descending = true };
	assert_true(case_place_compare(&up, &a, &b) < 0);
	assert_true(case_place_compare(&down, &a, &b) > 0);
	assert_true(case_place_compare(&up, &b, &none) < 0);
	assert_true(case_place_compare(&down, &b, &none) < 0);
	assert_true(case_place_compare(&down, &none, &a) > 0);
}

static void cases_of_one_key_stand_by_id(void **state)
{
	(void)state;
	struct case_place a = place(5, 1), b = place(5, 2), none = place(CASE_LAST, 1),
			  last = place(CASE_LAST, 2);
	struct case_order up = { .sort = CASE_BY_DUE_ON }, down = { .descending = true };
	assert_true(case_place_compare(&up, &a, &b) < 0);
	assert_true(case_place_compare(&down, &a, &b) > 0);
	assert_true(case_place_compare(&up, &none, &last) < 0);
	assert_true(case_place_compare(&down, &none, &last) > 0);
	assert_int_equal(case_place_compare(&up, &a, &a), 0);
}

static void the_order_is_total(void **state)
{
	(void)state;
	static const int64_t keys[] = { 1, 2, 3, CASE_LAST };
	struct case_place all[12];
	for (int i = 0; i < 12; i++)
		all[i] = place(keys[i / 3], (unsigned char)(i % 3));
	for (int down = 0; down < 2; down++) {
		struct case_order o = { .descending = down != 0 };
		for (int i = 0; i < 12; i++)
			for (int j = 0; j < 12; j++) {
				int ij = case_place_compare(&o, &all[i], &all[j]);
				int ji = case_place_compare(&o, &all[j], &all[i]);
				assert_true((ij < 0) == (ji > 0) && (ij == 0) == (i == j));
				for (int k = 0; k < 12; k++)
					if (ij < 0 &&
						case_place_compare(&o, &all[j], &all[k]) < 0)
						assert_true(case_place_compare(
								    &o, &all[i], &all[k]) < 0);
			}
	}
}

static void a_key_is_that_of_the_case(void **state)
{
	(void)state;
	struct case_row row = { .updated_at = 77 };
	for (int sort = 0; sort < CASE_BY_UPDATED_AT; sort++)
		assert_true(case_key((enum case_sort)sort, &row) == CASE_LAST);
	row.c.due_on = day("2026-06-01");
	row.c.request.receipt_date = day("2026-05-01");
	row.c.request.year = 2026;
	row.c.request.serial = 17;
	assert_int_equal(case_key(CASE_BY_DUE_ON, &row), day("2026-06-01").day);
	assert_int_equal(case_key(CASE_BY_RECEIPT_DATE, &row), day("2026-05-01").day);
	assert_int_equal(case_key(CASE_BY_NUMBER, &row), INT64_C(2026000000017));
	assert_int_equal(case_key(CASE_BY_UPDATED_AT, &row), 77);
}

static void a_key_that_no_case_has_is_not_valid(void **state)
{
	(void)state;
	static const int64_t never[] = { INT64_MIN, -1, 0 };
	for (int sort = 0; sort < CASE_SORTS; sort++) {
		for (int i = 0; i < 3; i++)
			assert_false(case_key_valid((enum case_sort)sort, never[i]));
		assert_true(case_key_valid((enum case_sort)sort, 1));
		assert_int_equal(case_key_valid((enum case_sort)sort, CASE_LAST),
			sort != CASE_BY_UPDATED_AT);
	}
	assert_true(case_key_valid(CASE_BY_DUE_ON, 3652059));
	assert_false(case_key_valid(CASE_BY_DUE_ON, 3652060));
	assert_false(case_key_valid(CASE_BY_RECEIPT_DATE, CASE_LAST - 1));
	assert_true(case_key_valid(CASE_BY_NUMBER, CASE_LAST - 1));
	assert_true(case_key_valid(CASE_BY_UPDATED_AT, INT64_C(7258118399999999)));
	assert_false(case_key_valid(CASE_BY_UPDATED_AT, INT64_C(7258118400000000)));
}

/* A cursor is bound as it is; whatever passes case_key_valid must have a text in PostgreSQL's
 * formats. */
static void every_valid_key_can_be_asked_for(void **state)
{
	(void)state;
	static const int64_t keys[] = { 1, 2, 738000, 3652059, INT64_C(7258118399999999),
		CASE_LAST - 1, CASE_LAST };
	int32_t org = 1;
	struct case_filter f = {
		.org = &org, .orgs = 1, .day = day("2026-06-01"), .amber_to = day("2026-06-04")
	};
	struct arena *a = arena_new();
	struct batch *b = batch_new(a);
	for (int sort = 0; sort < CASE_SORTS; sort++)
		for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
			for (int down = 0; down < 2; down++) {
				struct case_order o = { (enum case_sort)sort, down != 0, true,
					{ keys[i], { { 1 } } } };
				if (!case_key_valid(o.sort, keys[i]))
					continue;
				bool keyed = case_list_ask(b, &f, &o, CASE_KEYED, 51) != NULL;
				bool unkeyed =
					case_list_ask(b, &f, &o, CASE_UNKEYED, 51) != NULL;
				assert_int_equal(keyed, !down || keys[i] != CASE_LAST);
				assert_int_equal(unkeyed, down && sort != CASE_BY_UPDATED_AT);
			}
	assert_false(batch_empty(b));
	arena_free(a);
}

static void only_open_cases_are_known_to_be_asked_for(void **state)
{
	(void)state;
	struct case_filter f = { 0 };
	assert_false(case_filter_open(&f));
	f.statuses = case_open_statuses;
	assert_true(case_filter_open(&f));
	f.statuses |= UINT64_C(1) << OGI_ST_CLOSED;
	assert_false(case_filter_open(&f));
	f.lights = UINT64_C(1) << OGI_LIGHT_RED;
	assert_true(case_filter_open(&f));
	f.lights |= UINT64_C(1) << OGI_LIGHT_NONE;
	assert_false(case_filter_open(&f));
	f.waiting.login = "handler";
	assert_true(case_filter_open(&f));
	for (int status = OGI_ST_ARRIVED; status < OGI_STATUSES; status++) {
		struct ogi_case c = { .status = status };
		assert_int_equal((case_open_statuses >> status) & 1, !ogi_case_ended(&c));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(amber_ends_where_the_light_says),
		cmocka_unit_test(what_has_no_key_comes_last_in_both_directions),
		cmocka_unit_test(cases_of_one_key_stand_by_id),
		cmocka_unit_test(the_order_is_total),
		cmocka_unit_test(a_key_is_that_of_the_case),
		cmocka_unit_test(a_key_that_no_case_has_is_not_valid),
		cmocka_unit_test(every_valid_key_can_be_asked_for),
		cmocka_unit_test(only_open_cases_are_known_to_be_asked_for),
	};
	return cmocka_run_group_tests(tests, load, unload);
}
