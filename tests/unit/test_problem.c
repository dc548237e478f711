/* SPDX-License-Identifier: MulanPSL-2.0 */
/* web/problem: every row is whole, and the object is RFC 9457. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "web/exchange.h"
#include "web/guard.h"

static void every_row_says_what_it_is_in_both_languages(void **state)
{
	(void)state;
	for (int k = PROBLEM_NONE + 1; k < PROBLEM_KINDS; k++) {
		const struct problem_row *row = &problem_rows[k];
		assert_in_range(row->status, 400, 599);
		assert_non_null(row->code);
		assert_non_null(row->title_zh);
		assert_non_null(row->title_en);
		assert_int_equal(
			strspn(row->code, "abcdefghijklmnopqrstuvwxyz_"), strlen(row->code));
		/* contract §2: both come with Retry-After */
		assert_int_equal(
			row->retry_after > 0, row->status == 429 || row->status == 503);
		for (int j = k + 1; j < PROBLEM_KINDS; j++)
			assert_string_not_equal(row->code, problem_rows[j].code);
	}
}

static void every_fault_of_the_guard_has_a_problem(void **state)
{
	(void)state;
	for (int f = GUARD_MORE + 1; f < GUARD_FAULTS; f++) {
		assert_true(guard_rows[f].kind > PROBLEM_NONE &&
			    guard_rows[f].kind < PROBLEM_KINDS);
		assert_non_null(guard_rows[f].zh);
		assert_non_null(guard_rows[f].en);
	}
}

static void the_object_holds_what_was_given(void **state)
{
	(void)state;
	struct exchange x = { .arena = arena_new() };
	struct buf out = { 0 };
	struct problem *p = problem(&x, PROBLEM_REFUSED, "第 %d 天", "day %d", 20);
	p->code = "too_late";
	p->article = "Art. 33";
	p->extra = "\"allowed\":[]";
	problem_write(p, true, "/v1/cases/\"1\"", &out);
	assert_string_equal(out.data,
		"{\"type\":\"urn:ogid:problem:too_late\",\"title\":\"This is not possible in the present "
		"state\",\"status\":409,\"code\":\"too_late\",\"detail\":\"day 20\",\"instance\":"
		"\"/v1/cases/\\\"1\\\"\",\"article\":\"Art. 33\",\"allowed\":[]}");
	out.used = 0;
	problem_write(p, false, NULL, &out);
	assert_non_null(strstr(out.data, "\"detail\":\"第 20 天\""));
	assert_null(strstr(out.data, "instance"));
	buf_clear(&out);
	arena_free(x.arena);
}

static void faults_are_listed_with_pointers(void **state)
{
	(void)state;
	struct exchange x = { .arena = arena_new() };
	struct faults f;
	struct buf out = { 0 };
	faults_init(&f, x.arena);
	for (int i = 0; i < 150; i++)
		faults_add(&f, "/applicant/name", "required", "请填写姓名。", "Give the name.");
	problem_write(problem_faults(&x, &f), true, NULL, &out);
	assert_non_null(strstr(out.data, "\"status\":422"));
	assert_non_null(strstr(out.data,
		"\"errors\":[{\"pointer\":\"/applicant/name\",\"code\":\"required\",\"detail\":\"Give the name.\"},"));
	assert_non_null(strstr(out.data, "\"errors_left_out\":50"));
	buf_clear(&out);
	arena_free(x.arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_row_says_what_it_is_in_both_languages),
		cmocka_unit_test(every_fault_of_the_guard_has_a_problem),
		cmocka_unit_test(the_object_holds_what_was_given),
		cmocka_unit_test(faults_are_listed_with_pointers),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
