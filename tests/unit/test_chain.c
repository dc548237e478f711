/* SPDX-License-Identifier: MulanPSL-2.0 */
/* Tickets: what this process believes about counters and chain heads, and how it learns that it
 * was wrong. */
#include "db/batch_parts.h"
#include "store/chain.h"

// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
// clang-format on
#include <string.h>

static const struct mac zero;

static struct mac mac_of(unsigned char byte)
{
	struct mac m;
	memset(m.byte, byte, sizeof m.byte);
	return m;
}

static struct rows nothing(void)
{
	return (struct rows){ PQmakeEmptyPGresult(NULL, PGRES_TUPLES_OK) };
}

/* The answer to the question for a chain's head. */
static struct rows head(unsigned char seq, unsigned char hash)
{
	char seq_name[] = "seq", hash_name[] = "hash";
	char number[8] = { 0, 0, 0, 0, 0, 0, 0, (char)seq };
	struct mac m = mac_of(hash);
	PGresAttDesc columns[] = {
		{ .name = seq_name, .typid = 20, .format = 1 },
		{ .name = hash_name, .typid = 17, .format = 1 },
	};
	PGresult *r = PQmakeEmptyPGresult(NULL, PGRES_TUPLES_OK);
	assert_int_equal(PQsetResultAttrs(r, 2, columns), 1);
	assert_int_equal(PQsetvalue(r, 0, 0, number, 8), 1);
	assert_int_equal(PQsetvalue(r, 0, 1, (char *)m.byte, sizeof m.byte), 1);
	return (struct rows){ r };
}

static void learn(
	struct tickets *t, enum ticket_kind kind, int32_t org, int32_t year, struct rows r)
{
	tickets_learn(t, kind, org, year, &r);
	PQclear(r.result);
}

static void an_empty_register_begins_with_one(void **state)
{
	(void)state;
	struct tickets *t = tickets_new();
	assert_false(tickets_known(t, TICKET_NUMBER, 7, 2025));
	learn(t, TICKET_NUMBER, 7, 2025, nothing());
	assert_true(tickets_known(t, TICKET_NUMBER, 7, 2025));
	assert_false(tickets_known(t, TICKET_NUMBER, 7, 2026));
	assert_int_equal(tickets_take(t, TICKET_NUMBER, 7, 2025).seq, 1);
	assert_int_equal(tickets_take(t, TICKET_NUMBER, 7, 2025).seq, 2);
	tickets_free(t);
}

static void each_entry_stands_on_the_one_before(void **state)
{
	(void)state;
	struct tickets *t = tickets_new();
	struct mac first = mac_of(1);
	learn(t, TICKET_AUDIT, 3, 0, nothing());
	struct ticket a = tickets_take(t, TICKET_AUDIT, 3, 0);
	assert_true(mac_same(&a.prev, &zero));
	tickets_put(t, &a, &first);
	struct ticket b = tickets_take(t, TICKET_AUDIT, 3, 0);
	assert_int_equal(b.seq, 2);
	assert_true(mac_same(&b.prev, &first));
	tickets_free(t);
}

static void what_was_learned_first_stays(void **state)
{
	(void)state;
	struct tickets *t = tickets_new();
	learn(t, TICKET_REVIEW, 1, 0, head(4, 9));
	struct ticket a = tickets_take(t, TICKET_REVIEW, 1, 0);
	assert_int_equal(a.seq, 5);
	/* the slower of two that asked: his answer is older than what was taken meanwhile */
	learn(t, TICKET_REVIEW, 1, 0, head(4, 9));
	assert_int_equal(tickets_take(t, TICKET_REVIEW, 1, 0).seq, 6);
	tickets_free(t);
}

static void only_the_first_loser_forgets_the_head(void **state)
{
	(void)state;
	struct tickets *t = tickets_new();
	learn(t, TICKET_AUDIT, 1, 0, head(4, 9));
	struct ticket a = tickets_take(t, TICKET_AUDIT, 1, 0);
	struct ticket b = tickets_take(t, TICKET_AUDIT, 1, 0);
	tickets_stale(t, &a);
	assert_false(tickets_known(t, TICKET_AUDIT, 1, 0));
	learn(t, TICKET_AUDIT, 1, 0, head(8, 2));
	tickets_stale(t, &b);
	assert_true(tickets_known(t, TICKET_AUDIT, 1, 0));
	assert_int_equal(tickets_take(t, TICKET_AUDIT, 1, 0).seq, 9);
	tickets_free(t);
}

static void a_forgotten_head_gives_a_ticket_that_no_write_accepts(void **state)
{
	(void)state;
	struct tickets *t = tickets_new();
	struct mac hash = mac_of(5);
	struct ticket a = tickets_take(t, TICKET_DISCLOSURE, 1, 0);
	assert_int_equal(a.seq, 0);
	tickets_put(t, &a, &hash);
	tickets_stale(t, &a);
	learn(t, TICKET_DISCLOSURE, 1, 0, head(1, 7));
	struct ticket b = tickets_take(t, TICKET_DISCLOSURE, 1, 0);
	hash = mac_of(7);
	assert_int_equal(b.seq, 2);
	assert_true(mac_same(&b.prev, &hash));
	tickets_free(t);
}

static void a_thousand_registers_are_kept_apart(void **state)
{
	(void)state;
	struct tickets *t = tickets_new();
	for (int32_t org = 1; org <= 1000; org++) {
		learn(t, TICKET_NUMBER, org, 2025, nothing());
		for (int32_t n = 0; n < org % 5; n++)
			tickets_take(t, TICKET_NUMBER, org, 2025);
	}
	for (int32_t org = 1; org <= 1000; org++) {
		assert_false(tickets_known(t, TICKET_AUDIT, org, 0));
		assert_int_equal(tickets_take(t, TICKET_NUMBER, org, 2025).seq, org % 5 + 1);
	}
	tickets_free(t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_empty_register_begins_with_one),
		cmocka_unit_test(each_entry_stands_on_the_one_before),
		cmocka_unit_test(what_was_learned_first_stays),
		cmocka_unit_test(only_the_first_loser_forgets_the_head),
		cmocka_unit_test(a_forgotten_head_gives_a_ticket_that_no_write_accepts),
		cmocka_unit_test(a_thousand_registers_are_kept_apart),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
