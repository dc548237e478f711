/* SPDX-License-Identifier: MulanPSL-2.0 */
/* domain/statistics: the forms against tests/unit/form-*.tsv, what cases and remedies count as,
 * and identities that can break. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "domain/receipt.h"
#include "domain/statistics.h"
#include "table.h"

static const struct {
	const struct ogi_form *form;
	const char *path;
	int keys;
} forms[] = {
	{ &ogi_form_2014, "tests/unit/form-2014.tsv", 58 },
	{ &ogi_form_2019, "tests/unit/form-2019.tsv", 22 + 23 + 15 },
	{ &ogi_form_2021, "tests/unit/form-2021.tsv", 10 + 25 + 15 },
};
enum { FORMS = sizeof forms / sizeof forms[0] };

static void one_form_is_printed(const struct ogi_form *form, const char *path, int keys)
{
	struct table t;
	int i = 0, found = 0;
	table_open(&t, path, '\t');
	for (; table_next(&t); i++) {
		assert_true(i < form->rows);
		const struct ogi_form_row *row = &form->row[i];
		assert_int_equal(row->number, strtol(t.column[0], NULL, 10));
		assert_string_equal(row->key != NULL ? row->key : "", t.column[1]);
		assert_string_equal(row->mark, t.column[2]);
		assert_string_equal(row->zh, t.column[3]);
		assert_string_equal(row->unit, t.column[4]);
		assert_true(*row->en != '\0');
		assert_int_equal(row->number != 0, row->key != NULL);
		if (row->key == NULL)
			continue;
		found++;
		assert_int_equal(ogi_form_find(form, row->key), i); /* so keys are unique */
	}
	for (; i < form->rows; i++) /* what is not printed */
		assert_true(
			form->row[i].number == 0 && strncmp(form->row[i].key, "x.", 2) == 0);
	assert_true(form->rows <= OGI_FORM_ROWS);
	assert_null(form->row[form->rows].zh);
	assert_int_equal(found, keys);
}

static void the_forms_are_printed_row_by_row(void **state)
{
	(void)state;
	for (int f = 0; f < FORMS; f++)
		one_form_is_printed(forms[f].form, forms[f].path, forms[f].keys);
	assert_int_equal(ogi_form_find(&ogi_form_2014, "a"), -1);
	assert_int_equal(ogi_form_find(&ogi_form_2014, ""), -1);
	assert_int_equal(ogi_form_find(&ogi_form_2014, "a.receive"), -1);
	assert_int_equal(ogi_form_find(&ogi_form_2014, "a.received."), -1);
}

static int summands(const struct ogi_form *form, const struct ogi_form_row *row)
{
	int n = 0;
	for (int i = 0; i < form->rows; i++)
		n += form->row[i].key != NULL &&
		     strncmp(form->row[i].key, row->match, strlen(row->match)) == 0;
	return n;
}

static void the_row_can_be_counted(const struct ogi_form *form, const struct ogi_form_row *row)
{
	switch (row->source) {
	case OGI_FROM_RECEIVED:
		if (row->match != NULL)
			assert_true(code_find(ogi_channels, row->match) > 0);
		break;
	case OGI_FROM_ANSWERED:
	case OGI_FROM_REGISTER:
		if (row->match != NULL)
			assert_memory_equal(row->match, row->key, strlen(row->key));
		break;
	case OGI_FROM_RESULTS:
		assert_memory_equal(row->match, row->key + 3, strlen(row->key) - 3);
		break;
	case OGI_FROM_REMEDIES:
		assert_non_null(strchr(row->match, ':'));
		break;
	case OGI_FROM_SUM:
		assert_true(summands(form, row) >= 2);
		assert_int_not_equal(strncmp(row->key, row->match, strlen(row->match)), 0);
		break;
	case OGI_FROM_NOTHING:
		assert_null(row->key);
		break;
	case OGI_FROM_CARRIED_IN:
	case OGI_FROM_CARRIED_OUT:
	case OGI_FROM_CLOSED:
	case OGI_FROM_COMPLAINTS:
	case OGI_FROM_DISCLOSURES:
	case OGI_FROM_DOCUMENTS:
	case OGI_FROM_FEES:
		break;
	}
}

static void every_row_can_be_counted(void **state)
{
	(void)state;
	for (int f = 0; f < FORMS; f++)
		for (int i = 0; i < forms[f].form->rows; i++)
			the_row_can_be_counted(forms[f].form, &forms[f].form->row[i]);
}

/* Whatever the result, the case is one more in exactly one row of the results and in their
 * total. */
static void every_result_has_one_row_of_the_forms_since_2019(void **state)
{
	(void)state;
	for (int f = 1; f < FORMS; f++)
		for (int o = OGI_GRANT; o < OGI_OUTCOMES; o++) {
			const struct ogi_case_fact fact = {
				.closed = true, .outcome = o, .kind = OGI_NATURAL
			};
			int rows = 0, totals = 0;
			for (int i = 0; i < forms[f].form->rows; i++) {
				const struct ogi_form_row *row = &forms[f].form->row[i];
				bool counts = ogi_row_counts(row, &fact);
				rows += counts && row->source == OGI_FROM_RESULTS;
				totals += counts && row->source == OGI_FROM_CLOSED;
			}
			assert_int_equal(rows, 1);
			assert_int_equal(totals, 1);
		}
}

/* Every outcome of an answer is counted in exactly one row, and in the refusals' sum or not. */
static void every_answer_has_one_row(void **state)
{
	(void)state;
	for (int o = OGI_GRANT; o < OGI_OUTCOMES; o++) {
		int rows = 0;
		for (int i = 0; i < ogi_form_2014.rows; i++) {
			const struct ogi_form_row *r = &ogi_form_2014.row[i];
			rows += ogi_outcomes[o].f14 != NULL && r->source == OGI_FROM_ANSWERED &&
				r->match != NULL && strcmp(r->match, ogi_outcomes[o].f14) == 0;
		}
		assert_int_equal(rows, (ogi_outcomes[o].flags & OGI_ANSWER) != 0);
	}
}

/* D:outcomes §3.1, and the lapse of a correction under the old regulations: the letter that
 * told to amend was the answer. */
static const struct {
	int outcome, variant, form, result;
	const char *answer;
} generations[] = {
	{ OGI_LEGACY_GRANT, 0, 0, OGI_GRANT, "a.grant" },
	{ OGI_LEGACY_ALREADY_PUBLIC, 0, 0, OGI_GRANT, "a.already_public" },
	{ OGI_LEGACY_REFUSE_PRIVACY, 0, 0, OGI_REFUSE_THIRD_PARTY, "a.refuse.privacy" },
	{ OGI_LEGACY_NOT_EXIST, 0, 0, OGI_UNABLE_NOT_HELD, "a.not_exist" },
	{ OGI_LEGACY_REFUSE_NOT_GOV_INFO, 0, 0, OGI_NO_OUTCOME, "a.refuse.not_gov_info" },
	{ OGI_LEGACY_REFUSE_NOT_GOV_INFO, 0, OGI_REFUSE_PROCESS, OGI_REFUSE_PROCESS,
		"a.refuse.not_gov_info" },
	{ OGI_LEGACY_REFUSE_OTHER_LAW, 0, OGI_REFUSE_ENFORCEMENT_FILE,
		OGI_REFUSE_ENFORCEMENT_FILE, "a.refuse.other_law" },
	{ OGI_OTHER_NO_CORRECTION, 0, 0, OGI_OTHER_NO_CORRECTION, "a.amend" },
	{ OGI_OTHER_OTHER, OGI_OTHER_WITHDRAWN, 0, OGI_OTHER_OTHER, NULL },
	{ OGI_OTHER_FEE_UNPAID, 0, 0, OGI_OTHER_FEE_UNPAID, NULL },
};

static void each_generation_is_read_on_the_form_of_the_other(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof generations / sizeof generations[0]; i++) {
		const struct ogi_case_fact fact = { .closed = true,
			.outcome = generations[i].outcome,
			.variant = generations[i].variant,
			.form = generations[i].form };
		const char *answer = ogi_fact_answer(&fact);
		assert_int_equal(ogi_fact_result(&fact), generations[i].result);
		assert_int_equal(answer != NULL, generations[i].answer != NULL);
		if (answer != NULL)
			assert_string_equal(answer, generations[i].answer);
	}
}

static void set(struct ogi_cells *cells, const char *key, int64_t value)
{
	cells->cell[ogi_form_find(&ogi_form_2014, key)][OGI_COLUMN_TOTAL] = value;
}

/* 朱村街道 2017 (D:seed §1), with numbers where the report is silent so that every identity is
 * at work. */
static void seed(struct ogi_cells *cells)
{
	memset(cells, 0, sizeof *cells);
	set(cells, "p.total", 644);
	set(cells, "p.normative", 644);
	set(cells, "p.ch.website", 316);
	set(cells, "p.ch.other", 328);
	set(cells, "r.press", 1);
	set(cells, "r.press_head", 1);
	set(cells, "r.interview", 1);
	set(cells, "r.interview_head", 1);
	set(cells, "a.received", 2);
	set(cells, "a.ch.in_person", 1);
	set(cells, "a.ch.online", 1);
	set(cells, "a.closed", 2);
	set(cells, "a.closed_on_time", 2);
	set(cells, "a.answered", 2);
	set(cells, "a.grant", 1);
	set(cells, "a.not_this_agency", 1);
	set(cells, "o.staff", 2);
	set(cells, "o.staff_full", 2);
}

/* Bit n = some identity with the number n fails. */
static unsigned broken(
	const struct ogi_form *form, const struct ogi_cells *cells, const int64_t *before)
{
	struct ogi_check check[OGI_CHECKS];
	unsigned bits = 0;
	int n = ogi_form_checks(form, cells, before, check);
	for (int i = 0; i < n; i++)
		if (!check[i].holds)
			bits |= 1u << (check[i].identity->id[1] - '0');
	return bits;
}

static void the_identities_hold_for_the_seed(void **state)
{
	(void)state;
	struct ogi_cells cells;
	struct ogi_check check[OGI_CHECKS];
	seed(&cells);
	assert_int_equal(broken(&ogi_form_2014, &cells, NULL), 0);
	ogi_form_checks(&ogi_form_2014, &cells, NULL, check);
	assert_true(check[0].left == 2 && check[0].right == 2);
	memset(&cells, 0, sizeof cells);
	assert_int_equal(broken(&ogi_form_2014, &cells, NULL), 0); /* an empty year */
}

static const struct {
	const char *key;
	int by;
	int identity;
} wrong_cells[] = {
	{ "a.received", 1, 1 },
	{ "a.ch.in_person", 1, 1 },
	{ "a.ch.fax", 1, 1 },
	{ "a.ch.online", -1, 1 },
	{ "a.ch.letter", 1, 1 },
	{ "a.closed", -1, 2 },
	{ "a.closed_on_time", 1, 2 },
	{ "a.closed_extended", 1, 2 },
	{ "a.answered", 1, 3 },
	{ "a.already_public", 1, 3 },
	{ "a.grant", 1, 3 },
	{ "a.grant_partial", 1, 3 },
	{ "a.refuse", 1, 3 },
	{ "a.not_this_agency", -1, 3 },
	{ "a.not_exist", 1, 3 },
	{ "a.amend", 1, 3 },
	{ "a.other_way", 1, 3 },
	{ "a.refuse", 1, 4 },
	{ "a.refuse.state_secret", 1, 4 },
	{ "a.refuse.trade_secret", 1, 4 },
	{ "a.refuse.privacy", 1, 4 },
	{ "a.refuse.security_stability", 1, 4 },
	{ "a.refuse.not_gov_info", 1, 4 },
	{ "a.refuse.other_law", 1, 4 },
	{ "v.total", 1, 5 },
	{ "v.upheld", 1, 5 },
	{ "v.corrected", 1, 5 },
	{ "v.other", 1, 5 },
	{ "s.total", 1, 5 },
	{ "s.upheld", 1, 5 },
	{ "s.corrected", 1, 5 },
	{ "s.other", 1, 5 },
	{ "o.staff", 1, 6 },
	{ "o.staff_full", 1, 6 },
	{ "o.staff_part", 1, 6 },
	{ "p.normative", 1, 7 },
	{ "p.ch.website", -1, 7 },
	{ "p.ch.other", -1, 7 },
	{ "p.ch.gazette", 645, 7 },
	{ "p.ch.weibo", 645, 7 },
	{ "p.ch.wechat", 645, 7 },
	{ "p.ch.website", 645, 7 },
	{ "p.ch.other", 645, 7 },
	{ "p.total", 1, 7 },
	{ "r.press_head", 1, 8 },
	{ "r.interview_head", 1, 8 },
	{ "a.answered", -1, 9 },
};

static void each_wrong_cell_breaks_its_identity(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof wrong_cells / sizeof wrong_cells[0]; i++) {
		struct ogi_cells cells;
		seed(&cells);
		cells.cell[ogi_form_find(&ogi_form_2014, wrong_cells[i].key)]
			  [OGI_COLUMN_TOTAL] += wrong_cells[i].by;
		if ((broken(&ogi_form_2014, &cells, NULL) & 1u << wrong_cells[i].identity) == 0)
			fail_msg("%s %+d does not break J%d", wrong_cells[i].key,
				wrong_cells[i].by, wrong_cells[i].identity);
	}
}

/* A year since 2019: two of each result and applicant, three carried in, one carried out. */
static void balanced(const struct ogi_form *form, struct ogi_cells *cells, int64_t *before)
{
	memset(cells, 0, sizeof *cells);
	memset(before, 0, OGI_COLUMNS * sizeof *before);
	for (int kind = OGI_NATURAL; kind <= OGI_OTHER_ORG; kind++) {
		struct ogi_case_fact fact = { .kind = kind, .received = true, .closed = true };
		for (int o = OGI_GRANT; o < OGI_LEGACY_ALREADY_PUBLIC; o++) {
			fact.outcome = o;
			ogi_cells_add(form, &fact, 2, cells);
		}
		fact.received = false;
		fact.carried_in = true;
		ogi_cells_add(form, &fact, 3, cells);
		before[kind - 1] = 3;
		before[OGI_COLUMN_TOTAL] += 3;
		fact = (struct ogi_case_fact){
			.kind = kind, .received = true, .carried_out = true
		};
		ogi_cells_add(form, &fact, 1, cells);
	}
	for (int kind = OGI_RECONSIDERATION; kind <= OGI_COMPLAINT; kind++)
		for (int result = 0; result < code_count(ogi_remedy_results); result++) {
			const struct ogi_remedy_fact fact = { .kind = kind,
				.result = result,
				.accepted = true,
				.concluded = result != 0 };
			ogi_cells_add_remedy(form, &fact, kind + result, cells);
		}
}

static void any_wrong_cell_of_the_forms_since_2019_is_found(void **state)
{
	(void)state;
	for (int f = 1; f < FORMS; f++) {
		const struct ogi_form *form = forms[f].form;
		struct ogi_cells cells;
		int64_t before[OGI_COLUMNS];
		balanced(form, &cells, before);
		assert_int_equal(broken(form, &cells, before), 0);
		for (int i = 0; i < form->rows; i++) {
			const struct ogi_form_row *row = &form->row[i];
			if (row->number == 0 || strncmp(row->key, "t2.", 3) == 0)
				continue;
			for (int c = row->by_applicant ? 0 : OGI_COLUMN_TOTAL; c < OGI_COLUMNS;
				c++) {
				cells.cell[i][c]++;
				if (broken(form, &cells, before) == 0)
					fail_msg("%s %s of %s may be wrong", row->key,
						ogi_columns[c].code, form->code);
				cells.cell[i][c]--;
			}
		}
		before[OGI_COLUMN_RESEARCH]--;
		assert_int_equal(broken(form, &cells, before), 1u << 4);
		cells.cell[ogi_form_find(form, "t2.rules.made")][OGI_COLUMN_TOTAL] = -1;
		assert_int_equal(broken(form, &cells, before), 1u << 4 | 1u << 5);
	}
}

static void a_check_knows_the_cases_that_break_it(void **state)
{
	(void)state;
	const struct ogi_form *form = &ogi_form_2021;
	struct ogi_check check[OGI_CHECKS];
	struct ogi_cells cells = { 0 };
	/* closed before it was received; and of a kind nobody knows */
	const struct ogi_case_fact reversed = { .kind = OGI_BUSINESS, .received = true };
	const struct ogi_case_fact unknown = {
		.kind = OGI_APPLICANT_UNKNOWN, .received = true, .carried_out = true
	};
	const struct ogi_case_fact good = {
		.kind = OGI_BUSINESS, .received = true, .carried_out = true
	};
	ogi_cells_add(form, &reversed, 1, &cells);
	ogi_cells_add(form, &unknown, 1, &cells);
	ogi_cells_add(form, &good, 1, &cells);
	int n = ogi_form_checks(form, &cells, NULL, check), failed = 0;
	for (int i = 0; i < n; i++) {
		if (check[i].holds)
			continue;
		failed++;
		bool first = strcmp(check[i].identity->id, "I1") == 0;
		assert_int_equal(ogi_check_broken_by(form, &check[i], &reversed), first);
		assert_int_equal(ogi_check_broken_by(form, &check[i], &unknown), !first);
		assert_false(ogi_check_broken_by(form, &check[i], &good));
	}
	assert_int_equal(failed, 2 + 2); /* I1 business, total; I3 new, carried_out */
}

static void only_the_ninth_identity_is_a_warning(void **state)
{
	(void)state;
	for (int f = 0; f < FORMS; f++)
		for (const struct ogi_identity *id = forms[f].form->identity; id->id != NULL;
			id++)
			assert_int_equal(id->warning_only, strcmp(id->id, "J9") == 0);
}

static void the_form_is_chosen_by_the_year(void **state)
{
	(void)state;
	assert_null(ogi_form_of_year(2013));
	assert_string_equal(ogi_form_of_year(2014)->code, "f14");
	assert_string_equal(ogi_form_of_year(2018)->code, "f14");
	assert_string_equal(ogi_form_of_year(2019)->code, "f19");
	assert_string_equal(ogi_form_of_year(2020)->code, "f19");
	assert_string_equal(ogi_form_of_year(2021)->code, "f21");
}

/* The year ends with 31 December, whenever it is looked at. */
static void a_case_belongs_to_the_years_of_its_dates(void **state)
{
	(void)state;
	static struct ogi_case c;
	struct ogi_case_fact fact;
	struct ogi_span y2024 = ogi_span_of_year(2024), y2025 = ogi_span_of_year(2025),
			y2026 = ogi_span_of_year(2026);
	c.status = OGI_ST_CLOSED;
	c.request.receipt_date = ogi_date_of(2024, 12, 31);
	c.first_closed_on = ogi_date_of(2025, 12, 31);
	c.first_outcome = OGI_GRANT;
	assert_true(ogi_case_fact_of(&c, y2024, &fact));
	assert_true(fact.received && fact.carried_out && !fact.closed && !fact.carried_in);
	assert_true(ogi_case_fact_of(&c, y2025, &fact));
	assert_true(!fact.received && !fact.carried_out && fact.closed && fact.carried_in);
	assert_false(ogi_case_fact_of(&c, y2026, &fact));
	c.first_closed_on = ogi_date_of(2026, 1, 1); /* carried twice */
	assert_true(ogi_case_fact_of(&c, y2025, &fact));
	assert_true(fact.carried_in && fact.carried_out && !fact.closed);
	c.status = OGI_ST_VOID_MERGED;
	assert_false(ogi_case_fact_of(&c, y2025, &fact));
	c = (struct ogi_case){ .status = OGI_ST_ARRIVED };
	assert_false(ogi_case_fact_of(&c, y2025, &fact));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_forms_are_printed_row_by_row),
		cmocka_unit_test(every_row_can_be_counted),
		cmocka_unit_test(every_result_has_one_row_of_the_forms_since_2019),
		cmocka_unit_test(every_answer_has_one_row),
		cmocka_unit_test(each_generation_is_read_on_the_form_of_the_other),
		cmocka_unit_test(the_identities_hold_for_the_seed),
		cmocka_unit_test(each_wrong_cell_breaks_its_identity),
		cmocka_unit_test(any_wrong_cell_of_the_forms_since_2019_is_found),
		cmocka_unit_test(a_check_knows_the_cases_that_break_it),
		cmocka_unit_test(only_the_ninth_identity_is_a_warning),
		cmocka_unit_test(the_form_is_chosen_by_the_year),
		cmocka_unit_test(a_case_belongs_to_the_years_of_its_dates),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
