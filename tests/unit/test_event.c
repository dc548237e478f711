/* SPDX-License-Identifier: MulanPSL-2.0 */
/* domain/event: the rows of every kind, merging and amending by them; check digits of identity
 * numbers. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "domain/fee.h"
#include "domain/judge.h"
#include "workdays.h"

static void check_list(const struct code *list)
{
	for (int i = 0; list[i].code != NULL; i++) {
		assert_int_equal(code_find(list, list[i].code), i);
		if (*list[i].code != '\0')
			assert_true(*list[i].zh != '\0' && *list[i].en != '\0');
	}
}

static void every_list_has_labels_and_no_code_twice(void **state)
{
	(void)state;
	const struct code *const lists[] = { ogi_event_kinds, ogi_statuses, ogi_clock_states,
		ogi_lights, ogi_flags, ogi_yes_no, ogi_applicant_kinds, ogi_id_kinds, ogi_media,
		ogi_deliveries, ogi_subjects, ogi_decisions, ogi_served_by, ogi_parties,
		ogi_opinions, ogi_fee_bases, ogi_remedy_kinds, ogi_remedy_results,
		ogi_procedures, ogi_recompute_causes };
	for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++)
		check_list(lists[i]);
	assert_int_equal(code_count(ogi_event_kinds), OGI_EVENT_KINDS);
	assert_int_equal(code_count(ogi_statuses), OGI_STATUSES);
}

static void check_rows(const struct field *rows, size_t size)
{
	for (const struct field *row = rows; row->name != NULL; row++) {
		assert_true(row->at < size);
		if (row->type == FIELD_CODE)
			assert_non_null(row->codes);
		if (row->type == FIELD_OBJECT)
			check_rows(row->fields, size - row->at);
		if (row->type == FIELD_OBJECTS)
			check_rows(row->fields, row->item);
		if (row->type == FIELD_TEXT)
			assert_true(row->max > 0);
		for (const struct field *other = rows; other != row; other++)
			assert_string_not_equal(other->name, row->name);
	}
}

static void rows_lie_inside_the_event(void **state)
{
	(void)state;
	for (int kind = 0; kind <= OGI_EVENT_KINDS; kind++) {
		const struct field *rows = ogi_event_fields((enum ogi_event_kind)kind);
		check_rows(rows, sizeof(struct ogi_event));
		for (const struct field *row = ogi_event_common; row->name != NULL; row++)
			assert_null(field_find(rows, row->name, NULL));
	}
	check_rows(ogi_event_common, sizeof(struct ogi_event));
	check_rows(ogi_event_judged, sizeof(struct ogi_event));
	assert_non_null(ogi_event_ledger(OGI_REGISTERED));
	assert_null(ogi_event_ledger(OGI_EXTENDED));
}

/* An amendment is kept apart from the chain by the name of its field alone. */
static void a_name_is_personal_everywhere_or_nowhere(void **state)
{
	(void)state;
	for (int kind = 1; kind < OGI_EVENT_KINDS; kind++)
		for (const struct field *row = ogi_event_fields((enum ogi_event_kind)kind);
			row->name != NULL; row++)
			if (row->type != FIELD_OBJECT && row->type != FIELD_TEXTS &&
				row->type != FIELD_OBJECTS)
				assert_int_equal(ogi_field_is_personal(row->name),
					(row->flags & FIELD_PERSONAL) != 0);
	assert_true(ogi_field_is_personal("/applicant/name"));
	assert_true(ogi_field_is_personal("applicant.agent.phone"));
	assert_true(ogi_field_is_personal("note"));
	assert_false(ogi_field_is_personal("applicant.kind"));
	assert_false(ogi_field_is_personal("nothing"));
	assert_false(ogi_field_is_personal(NULL));
}

static void merging_takes_what_is_given(void **state)
{
	(void)state;
	const char *const lines[] = { "一", "二" };
	const struct ogi_other_applicant others[] = { { "甲" } };
	struct ogi_event to = { .kind = OGI_RECEIPT_CONFIRMED }, from = to;
	to.u.request.applicant.name = "张三";
	to.u.request.medium = 1;
	to.u.request.assisted = true;
	to.u.request.registered_on = day("2025-03-03");
	from.u.request.medium = -1;
	from.u.request.delivery = 2;
	from.u.request.subject = "land_use";
	from.u.request.applicant.phone = "1";
	from.u.request.applicant.others = (struct objects){ others, 1 };
	from.u.request.applicant.agent.name = "乙";
	ogi_fields_merge(ogi_event_fields(OGI_RECEIPT_CONFIRMED), &to, &from);
	assert_string_equal(to.u.request.applicant.name, "张三");
	assert_string_equal(to.u.request.applicant.phone, "1");
	assert_string_equal(to.u.request.applicant.agent.name, "乙");
	assert_string_equal(to.u.request.subject, "land_use");
	assert_int_equal(to.u.request.applicant.others.count, 1);
	assert_int_equal(to.u.request.medium, 1);
	assert_int_equal(to.u.request.delivery, 2);
	assert_true(to.u.request.assisted);
	assert_int_equal(to.u.request.registered_on.day, day("2025-03-03").day);
	struct ogi_event a = { .kind = OGI_CORRECTION_REQUESTED }, b = a;
	b.u.correction.items = (struct texts){ lines, 2 };
	ogi_fields_merge(ogi_event_fields(OGI_CORRECTION_REQUESTED), &a, &b);
	assert_int_equal(a.u.correction.items.count, 2);
}

static void amending_follows_the_row(void **state)
{
	(void)state;
	struct ogi_event e = { .kind = OGI_ARRIVED, .on = day("2025-03-03") };
	assert_int_equal(ogi_event_amend(&e, "on", "2025-03-04"), OGI_AMENDED_OK);
	assert_int_equal(e.u.request.arrived_on.day, day("2025-03-04").day);
	assert_int_equal(ogi_event_amend(&e, "/arrived_on", "2025-03-05"), OGI_AMENDED_OK);
	assert_int_equal(e.on.day, day("2025-03-05").day);
	assert_int_equal(ogi_event_amend(&e, "on", "yesterday"), OGI_AMEND_VALUE);
	assert_int_equal(ogi_event_amend(&e, "on", NULL), OGI_AMEND_VALUE);
	assert_int_equal(ogi_event_amend(&e, "", "x"), OGI_AMEND_FIELD);
	assert_int_equal(ogi_event_amend(&e, NULL, "x"), OGI_AMEND_FIELD);
	assert_int_equal(ogi_event_amend(&e, "year", "2025"), OGI_AMEND_FIELD);
	assert_int_equal(ogi_event_amend(&e, "applicant", "x"), OGI_AMEND_FIELD);
	assert_int_equal(ogi_event_amend(&e, "applicant.others", "x"), OGI_AMEND_FIELD);
	assert_int_equal(ogi_event_amend(&e, "assisted", "true"), OGI_AMENDED_OK);
	assert_true(e.u.request.assisted);
	assert_int_equal(ogi_event_amend(&e, "medium", "stone"), OGI_AMEND_VALUE);
	assert_int_equal(ogi_event_amend(&e, "note", "看过"), OGI_AMENDED_OK);
	assert_string_equal(e.note, "看过");
	char endless[300];
	memset(endless, 'a', sizeof endless - 1);
	endless[sizeof endless - 1] = '\0';
	assert_int_equal(ogi_event_amend(&e, endless, "x"), OGI_AMEND_FIELD);
}

static void an_identity_number_stays_known_when_its_text_is_destroyed(void **state)
{
	(void)state;
	struct ogi_event e = { .kind = OGI_REGISTERED };
	assert_int_equal(
		ogi_event_amend(&e, "applicant.id_number", "E12345678"), OGI_AMENDED_OK);
	assert_true(e.u.request.has_identity);
	assert_int_equal(ogi_event_amend(&e, "applicant.id_number", NULL), OGI_AMENDED_OK);
	assert_true(e.u.request.has_identity);
	assert_int_equal(ogi_event_amend(&e, "applicant.id_number", ""), OGI_AMENDED_OK);
	assert_false(e.u.request.has_identity);
}

static void check_digits_are_computed(void **state)
{
	(void)state;
	assert_true(identity_fits(OGI_RESIDENT_ID, "11010519491231002X"));
	assert_true(identity_fits(OGI_RESIDENT_ID, "11010519491231002x"));
	assert_true(identity_fits(OGI_RESIDENT_ID, "440524188001010014"));
	assert_false(identity_fits(OGI_RESIDENT_ID, "440524188001010015"));
	assert_false(identity_fits(OGI_RESIDENT_ID, "44052418800101001"));
	assert_false(identity_fits(OGI_RESIDENT_ID, "4405241880010100144"));
	assert_false(identity_fits(OGI_RESIDENT_ID, "44052418800101A014"));
	assert_true(identity_fits(OGI_CREDIT_CODE, "91350100M000100Y43"));
	assert_false(identity_fits(OGI_CREDIT_CODE, "91350100M000100Y42"));
	assert_false(identity_fits(OGI_CREDIT_CODE, "91350100I000100Y43"));
	assert_false(identity_fits(OGI_CREDIT_CODE, ""));
	assert_true(identity_fits(OGI_PASSPORT, "anything"));
	assert_true(identity_fits(OGI_RESIDENT_ID, NULL));
}

/* Any single wrong digit of a number is seen. */
static void a_wrong_digit_is_seen(void **state)
{
	(void)state;
	for (int i = 0; i < 17; i++)
		for (const char *d = "0123456789"; *d != '\0'; d++) {
			char number[] = "440524188001010014";
			bool same = number[i] == *d;
			number[i] = *d;
			assert_int_equal(identity_fits(OGI_RESIDENT_ID, number), same);
		}
}

static void fees_follow_the_tariff(void **state)
{
	(void)state;
	static const struct {
		int32_t n;
		int64_t items, pages;
	} rows[] = { { 0, 0, 0 }, { 10, 0, 0 }, { 11, 100, 0 }, { 30, 2000, 0 },
		{ 31, 2200, 10 }, { 40, 4000, 100 }, { 41, 4300, 110 }, { 50, 7000, 200 },
		{ 68, 15000, 380 }, { 100, 37000, 700 } };
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		assert_int_equal(ogi_fee_of_items(rows[i].n), rows[i].items);
		assert_int_equal(ogi_fee_of_pages(rows[i].n), rows[i].pages);
	}
	assert_int_equal(ogi_fee_of_pages(101), 720);
	assert_int_equal(ogi_fee_of_pages(200), 2700);
	assert_int_equal(ogi_fee_of_pages(201), 2740);
	assert_int_equal(ogi_fee_of_pages(500), 14700);
	int64_t sum = 0;
	for (int32_t k = 1; k <= 300; k++) {
		sum += ogi_fee_of_item(k);
		assert_int_equal(ogi_fee_of_items(k), sum);
	}
	assert_false(ogi_fee_applies(day("2020-12-31")));
	assert_true(ogi_fee_applies(day("2021-01-01")));
}

static void every_refusal_says_what_to_do(void **state)
{
	(void)state;
	for (int i = 0; i < OGI_REFUSALS; i++)
		assert_true(ogi_refusals[i].code != NULL && ogi_refusals[i].zh != NULL &&
			    ogi_refusals[i].en != NULL);
	for (int i = 0; i < JUDGE_FAULTS; i++)
		assert_true(judge_faults[i].code != NULL && judge_faults[i].zh != NULL &&
			    judge_faults[i].en != NULL);
	int warnings = 0;
	while (ogi_warnings[warnings].code != NULL)
		warnings++;
	assert_int_equal(1u << (warnings - 1), OGI_WARN_REPLIED_LATE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_list_has_labels_and_no_code_twice),
		cmocka_unit_test(rows_lie_inside_the_event),
		cmocka_unit_test(a_name_is_personal_everywhere_or_nowhere),
		cmocka_unit_test(merging_takes_what_is_given),
		cmocka_unit_test(amending_follows_the_row),
		cmocka_unit_test(an_identity_number_stays_known_when_its_text_is_destroyed),
		cmocka_unit_test(check_digits_are_computed),
		cmocka_unit_test(a_wrong_digit_is_seen),
		cmocka_unit_test(fees_follow_the_tariff),
		cmocka_unit_test(every_refusal_says_what_to_do),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
