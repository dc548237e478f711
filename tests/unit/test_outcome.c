/* SPDX-License-Identifier: MulanPSL-2.0 */
/* domain/outcome: the catalogue against tests/unit/outcomes.tsv, and what its columns must
 * agree with. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "domain/outcome.h"
#include "domain/statistics.h"
#include "workdays.h"

static bool has(int outcome, unsigned flag)
{
	return (ogi_outcomes[outcome].flags & flag) != 0;
}

static void the_catalogue_is_that_of_the_forms(void **state)
{
	(void)state;
	struct table t;
	int index = OGI_GRANT, current = 0;
	table_open(&t, "tests/unit/outcomes.tsv", '\t');
	for (; table_next(&t); index++) {
		const struct code *c = &ogi_outcome_codes[index];
		const char *other = ogi_outcomes[index].other;
		assert_string_equal(c->code, t.column[0]);
		assert_string_equal(c->zh, t.column[1]);
		assert_int_equal(c->valid_from.day, day(t.column[3]).day);
		assert_int_equal(c->valid_to.day, day(t.column[4]).day);
		assert_true(*c->en != '\0' && *ogi_outcomes[index].article != '\0');
		assert_int_equal(ogi_outcome_find(t.column[0]), index);
		if (has(index, OGI_LEGACY))
			assert_string_equal(other != NULL ? other : "", t.column[2]);
		current += !has(index, OGI_LEGACY);
	}
	assert_int_equal(index, OGI_OUTCOMES);
	assert_int_equal(ogi_outcome_count(), OGI_OUTCOMES);
	assert_int_equal(code_count(ogi_outcome_codes), OGI_OUTCOMES);
	assert_int_equal(current, 21);
	assert_int_equal(OGI_OUTCOMES - 1 - current, 13);
}

static void the_group_is_the_text_before_the_dot(void **state)
{
	(void)state;
	for (int i = OGI_GRANT; i < OGI_OUTCOMES; i++) {
		const char *code = ogi_outcome_codes[i].code, *group = ogi_outcomes[i].group;
		assert_int_equal(strlen(group), strcspn(code, "."));
		assert_memory_equal(group, code, strlen(group));
		assert_int_equal(strcmp(group, "legacy") == 0, has(i, OGI_LEGACY));
	}
}

static void each_generation_names_codes_of_the_other(void **state)
{
	(void)state;
	for (int i = OGI_GRANT; i < OGI_OUTCOMES; i++) {
		const char *other = ogi_outcome_form(i, OGI_NO_VARIANT);
		if (other == NULL)
			continue;
		int k = ogi_outcome_find(other);
		assert_true(k > 0);
		assert_int_not_equal(has(i, OGI_LEGACY), has(k, OGI_LEGACY));
	}
	for (int v = OGI_GRANT_PUBLIC; v < OGI_VARIANTS; v++) {
		const char *other = ogi_outcome_form(ogi_variants[v].outcome, v);
		if (other != NULL)
			assert_true(has(ogi_outcome_find(other), OGI_LEGACY));
	}
	assert_string_equal(
		ogi_outcome_form(OGI_GRANT, OGI_GRANT_PUBLIC), "legacy.already_public");
	assert_string_equal(ogi_outcome_form(OGI_UNABLE_NOT_HELD, OGI_UNABLE_NOT_EXIST),
		"legacy.not_exist");
	assert_null(ogi_outcome_form(OGI_UNABLE_NOT_HELD, OGI_NO_VARIANT));
	assert_null(ogi_outcome_form(OGI_OTHER_OTHER, OGI_OTHER_WITHDRAWN));
	assert_null(ogi_outcome_form(OGI_NO_OUTCOME, OGI_NO_VARIANT));
}

static void old_answers_have_a_row_of_the_old_form_with_their_label(void **state)
{
	(void)state;
	for (int i = OGI_GRANT; i < OGI_OUTCOMES; i++) {
		const char *key = ogi_outcomes[i].f14;
		assert_int_equal(key != NULL, has(i, OGI_LEGACY));
		assert_int_equal(has(i, OGI_ANSWER), has(i, OGI_LEGACY));
		if (key == NULL)
			continue;
		int row = ogi_form_find(&ogi_form_2014, key);
		assert_true(row >= 0);
		assert_int_equal(ogi_form_2014.row[row].source, OGI_FROM_ANSWERED);
		assert_string_equal(ogi_form_2014.row[row].match, key);
		const char *label = strstr(ogi_form_2014.row[row].zh, ogi_outcome_codes[i].zh);
		assert_non_null(label);
		assert_string_equal(label, ogi_outcome_codes[i].zh);
	}
}

static void the_generation_changes_with_2019(void **state)
{
	(void)state;
	for (int i = OGI_GRANT; i < OGI_OUTCOMES; i++) {
		assert_int_equal(ogi_outcome_valid(i, day("2018-12-31")), has(i, OGI_LEGACY));
		assert_int_equal(ogi_outcome_valid(i, day("2008-05-01")), has(i, OGI_LEGACY));
		assert_int_equal(ogi_outcome_valid(i, day("2019-01-01")), !has(i, OGI_LEGACY));
		assert_int_equal(ogi_outcome_valid(i, day("2199-12-31")), !has(i, OGI_LEGACY));
		assert_false(ogi_outcome_valid(i, day("2008-04-30")));
		assert_false(ogi_outcome_valid(i, (struct ogi_date){ 0 }));
	}
	assert_false(ogi_outcome_valid(OGI_NO_OUTCOME, day("2025-01-01")));
	assert_false(ogi_outcome_valid(-1, day("2025-01-01")));
	assert_false(ogi_outcome_valid(OGI_OUTCOMES, day("2025-01-01")));
}

/* Outcomes that carry a flag, all others do not. */
static void assert_exactly(unsigned flag, const int *outcomes, size_t count)
{
	for (int i = OGI_GRANT; i < OGI_OUTCOMES; i++) {
		bool expected = false;
		for (size_t k = 0; k < count; k++)
			expected = expected || outcomes[k] == i;
		if (has(i, flag) != expected)
			fail_msg("%s", ogi_outcome_codes[i].code);
	}
}
#define EXACTLY(flag, ...)                                                                     \
	assert_exactly((flag), (const int[]){ __VA_ARGS__ },                                   \
		sizeof((const int[]){ __VA_ARGS__ }) / sizeof(int))

static void flags_follow_the_articles(void **state)
{
	(void)state;
	EXACTLY(OGI_DISCLOSES, OGI_GRANT, OGI_GRANT_PARTIAL, OGI_LEGACY_GRANT,
		OGI_LEGACY_GRANT_PARTIAL);
	EXACTLY(OGI_NOT_WHILE_CONSULTING, OGI_GRANT, OGI_GRANT_PARTIAL, OGI_REFUSE_THIRD_PARTY,
		OGI_LEGACY_GRANT, OGI_LEGACY_GRANT_PARTIAL, OGI_LEGACY_REFUSE_TRADE_SECRET,
		OGI_LEGACY_REFUSE_PRIVACY);
	EXACTLY(OGI_BY_SYSTEM, OGI_OTHER_NO_CORRECTION, OGI_OTHER_FEE_UNPAID);
	EXACTLY(OGI_NEEDS_REASON, OGI_GRANT_PARTIAL, OGI_REFUSE_STATE_SECRET,
		OGI_REFUSE_LAW_FORBIDS, OGI_REFUSE_SECURITY_STABILITY, OGI_REFUSE_THIRD_PARTY,
		OGI_REFUSE_INTERNAL_AFFAIRS, OGI_REFUSE_PROCESS, OGI_REFUSE_ENFORCEMENT_FILE,
		OGI_DECLINE_EXCESSIVE, OGI_LEGACY_GRANT_PARTIAL, OGI_LEGACY_REFUSE_STATE_SECRET,
		OGI_LEGACY_REFUSE_TRADE_SECRET, OGI_LEGACY_REFUSE_PRIVACY,
		OGI_LEGACY_REFUSE_SECURITY_STABILITY, OGI_LEGACY_REFUSE_NOT_GOV_INFO,
		OGI_LEGACY_REFUSE_OTHER_LAW);
}

static void a_variant_speaks_for_its_outcome(void **state)
{
	(void)state;
	for (int v = OGI_GRANT_PUBLIC; v < OGI_VARIANTS; v++) {
		const char *code = ogi_variant_codes[v].code;
		const char *group = ogi_outcomes[ogi_variants[v].outcome].group;
		assert_int_equal(ogi_variant_find(code), v);
		assert_int_equal(strlen(group), strcspn(code, "."));
		assert_memory_equal(code, group, strlen(group));
		assert_true(
			*ogi_variant_codes[v].zh != '\0' && *ogi_variants[v].article != '\0');
	}
	assert_int_equal(code_count(ogi_variant_codes), OGI_VARIANTS);
	/* told where it was published: nothing new to review */
	assert_false(ogi_outcome_flags(OGI_GRANT, OGI_GRANT_PUBLIC) & OGI_DISCLOSES);
	assert_true(ogi_outcome_flags(OGI_GRANT, OGI_GRANT_PROVIDED) & OGI_DISCLOSES);
	assert_true(ogi_outcome_flags(OGI_GRANT, OGI_NO_VARIANT) & OGI_DISCLOSES);
	/* art. 36(5) gives reasons, art. 36(4) need not */
	assert_true(ogi_outcome_flags(OGI_UNABLE_NOT_HELD, OGI_UNABLE_NOT_THIS_AGENCY) &
		    OGI_NEEDS_REASON);
	assert_false(ogi_outcome_flags(OGI_UNABLE_NOT_HELD, OGI_UNABLE_NOT_EXIST) &
		     OGI_NEEDS_REASON);
	assert_true(ogi_outcome_flags(OGI_OTHER_OTHER, OGI_OTHER_WITHDRAWN) & OGI_BY_SYSTEM);
	/* a variant of another outcome says nothing */
	assert_int_equal(ogi_outcome_flags(OGI_GRANT_PARTIAL, OGI_GRANT_PUBLIC),
		ogi_outcomes[OGI_GRANT_PARTIAL].flags);
	assert_int_equal(ogi_outcome_flags(OGI_OUTCOMES, OGI_VARIANTS), 0);
	assert_int_equal(ogi_outcome_flags(-1, -1), 0);
}

static void unknown_codes_are_not_found(void **state)
{
	(void)state;
	static const char *const none[] = { "", "refuse", "legacy", "grant.public", "GRANT",
		"grant ", "refuse.", "unable.not_exist" };
	for (size_t i = 0; i < sizeof none / sizeof none[0]; i++)
		assert_int_equal(ogi_outcome_find(none[i]), -1);
	assert_int_equal(ogi_variant_find(""), -1);
	assert_int_equal(ogi_variant_find("grant"), -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_catalogue_is_that_of_the_forms),
		cmocka_unit_test(the_group_is_the_text_before_the_dot),
		cmocka_unit_test(each_generation_names_codes_of_the_other),
		cmocka_unit_test(old_answers_have_a_row_of_the_old_form_with_their_label),
		cmocka_unit_test(the_generation_changes_with_2019),
		cmocka_unit_test(flags_follow_the_articles),
		cmocka_unit_test(a_variant_speaks_for_its_outcome),
		cmocka_unit_test(unknown_codes_are_not_found),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
