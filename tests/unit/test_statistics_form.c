/* SPDX-License-Identifier: MulanPSL-2.0 */
/* domain/statistics: the form of 2014 against tests/unit/form-2014.tsv, and identities that can
 * break. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "domain/receipt.h"
#include "domain/statistics.h"
#include "table.h"

enum { CELLS = 128 };

static void the_form_is_printed_row_by_row(void **state)
{
	(void)state;
	struct table t;
	int i = 0, number = 0;
	table_open(&t, "tests/unit/form-2014.tsv", '\t');
	for (; table_next(&t); i++) {
		const struct ogi_form_row *row = &ogi_form_2014[i];
		assert_non_null(row->zh);
		assert_int_equal(row->number, strtol(t.column[0], NULL, 10));
		assert_string_equal(row->key != NULL ? row->key : "", t.column[1]);
		assert_string_equal(row->zh, t.column[2]);
		assert_string_equal(row->unit, t.column[3]);
		assert_true(*row->en != '\0');
		assert_int_equal(row->number != 0, row->key != NULL);
		if (row->number != 0)
			assert_int_equal(row->number, ++number);
		if (row->key != NULL)
			assert_int_equal(
				ogi_form_2014_find(row->key), i); /* so keys are unique */
	}
	assert_null(ogi_form_2014[i].zh);
	assert_int_equal(number, OGI_FORM_2014_ROWS);
	assert_int_equal(ogi_form_2014_find("a"), -1);
	assert_int_equal(ogi_form_2014_find(""), -1);
	assert_int_equal(ogi_form_2014_find("a.receive"), -1);
	assert_int_equal(ogi_form_2014_find("a.received."), -1);
}

static void every_row_can_be_counted(void **state)
{
	(void)state;
	for (const struct ogi_form_row *row = ogi_form_2014; row->zh != NULL; row++) {
		switch (row->source) {
		case OGI_FROM_RECEIVED:
			if (row->match != NULL)
				assert_true(code_find(ogi_channels, row->match) > 0);
			break;
		case OGI_FROM_ANSWERED:
			if (row->match != NULL)
				assert_string_equal(row->match, row->key);
			break;
		case OGI_FROM_REMEDIES:
			assert_non_null(strchr(row->match, ':'));
			break;
		case OGI_FROM_SUM: {
			int summands = 0;
			for (const struct ogi_form_row *r = ogi_form_2014; r->zh != NULL; r++)
				if (r->key != NULL &&
					strncmp(r->key, row->match, strlen(row->match)) == 0)
					summands++;
			assert_true(summands >= 2);
			assert_int_not_equal(
				strncmp(row->key, row->match, strlen(row->match)), 0);
			break;
		}
		case OGI_FROM_CLOSED:
		case OGI_FROM_DISCLOSURES:
		case OGI_FROM_FEES:
		case OGI_FROM_NOTHING:
			break;
		}
	}
}

/* Every outcome of an answer is counted in exactly one row. */
static void every_answer_has_one_row(void **state)
{
	(void)state;
	for (int i = OGI_GRANT; i < OGI_OUTCOMES; i++) {
		int rows = 0;
		for (const struct ogi_form_row *r = ogi_form_2014; r->zh != NULL; r++)
			rows += ogi_outcomes[i].f14 != NULL && r->source == OGI_FROM_ANSWERED &&
				r->match != NULL && strcmp(r->match, ogi_outcomes[i].f14) == 0;
		assert_int_equal(rows, (ogi_outcomes[i].flags & OGI_ANSWER) != 0);
	}
}

static void set(int64_t *cell, const char *key, int64_t value)
{
	cell[ogi_form_2014_find(key)] = value;
}

/* 朱村街道 2017 (D:seed §1), with numbers where the report is silent so that every identity is
 * at work. */
static void seed(int64_t *cell)
{
	memset(cell, 0, CELLS * sizeof *cell);
	set(cell, "p.total", 644);
	set(cell, "p.normative", 644);
	set(cell, "p.ch.website", 316);
	set(cell, "p.ch.other", 328);
	set(cell, "r.press", 1);
	set(cell, "r.press_head", 1);
	set(cell, "r.interview", 1);
	set(cell, "r.interview_head", 1);
	set(cell, "a.received", 2);
	set(cell, "a.ch.in_person", 1);
	set(cell, "a.ch.online", 1);
	set(cell, "a.closed", 2);
	set(cell, "a.closed_on_time", 2);
	set(cell, "a.answered", 2);
	set(cell, "a.grant", 1);
	set(cell, "a.not_this_agency", 1);
	set(cell, "o.staff", 2);
	set(cell, "o.staff_full", 2);
}

/* Bit n = some identity J(n) fails. */
static unsigned broken(const int64_t *cell)
{
	unsigned bits = 0;
	for (const struct ogi_identity *id = ogi_identities_2014; id->id != NULL; id++) {
		int64_t left, right;
		if (!ogi_identity_2014_holds(id, cell, &left, &right))
			bits |= 1u << (id->id[1] - '0');
	}
	return bits;
}

static void the_identities_hold_for_the_seed(void **state)
{
	(void)state;
	int64_t cell[CELLS];
	seed(cell);
	assert_int_equal(broken(cell), 0);
	int64_t left, right;
	assert_true(ogi_identity_2014_holds(&ogi_identities_2014[0], cell, &left, &right));
	assert_true(left == 2 && right == 2);
	memset(cell, 0, sizeof cell);
	assert_int_equal(broken(cell), 0); /* an empty year */
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
		int64_t cell[CELLS];
		seed(cell);
		cell[ogi_form_2014_find(wrong_cells[i].key)] += wrong_cells[i].by;
		if ((broken(cell) & 1u << wrong_cells[i].identity) == 0)
			fail_msg("%s %+d does not break J%d", wrong_cells[i].key,
				wrong_cells[i].by, wrong_cells[i].identity);
	}
}

static void only_the_ninth_identity_is_a_warning(void **state)
{
	(void)state;
	for (const struct ogi_identity *id = ogi_identities_2014; id->id != NULL; id++)
		assert_int_equal(id->warning_only, strcmp(id->id, "J9") == 0);
}

static void the_form_is_chosen_by_the_year(void **state)
{
	(void)state;
	assert_null(ogi_form_of_year(2013));
	assert_string_equal(ogi_form_of_year(2014), "f14");
	assert_string_equal(ogi_form_of_year(2018), "f14");
	assert_string_equal(ogi_form_of_year(2019), "f19");
	assert_string_equal(ogi_form_of_year(2020), "f19");
	assert_string_equal(ogi_form_of_year(2021), "f21");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_form_is_printed_row_by_row),
		cmocka_unit_test(every_row_can_be_counted),
		cmocka_unit_test(every_answer_has_one_row),
		cmocka_unit_test(the_identities_hold_for_the_seed),
		cmocka_unit_test(each_wrong_cell_breaks_its_identity),
		cmocka_unit_test(only_the_ninth_identity_is_a_warning),
		cmocka_unit_test(the_form_is_chosen_by_the_year),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
