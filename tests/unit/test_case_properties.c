/* SPDX-License-Identifier: MulanPSL-2.0 */
/* Random histories of a fixed seed: what must hold of every case, whatever happened to it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "random_case.h"

enum { CASES = 3000, TRIES = 40 };

static int load(void **state)
{
	(void)state;
	workdays_load(&s.days);
	return 0;
}

static int unload(void **state)
{
	(void)state;
	workdays_free(&s.days);
	return 0;
}

/* ---- what holds of it ---- */

static bool any_open(const struct ogi_case *c)
{
	for (int i = 0; i < c->consultations; i++)
		if (!ogi_is_date(c->consultation[i].closed_on))
			return true;
	return false;
}

/* Byte for byte: a fold begins with zeroes and writes the same things in the same order. */
static bool same_case(const struct ogi_case *a, const struct ogi_case *b)
{
	const unsigned char *x = (const void *)a, *y = (const void *)b;
	size_t i = 0;
	while (i < sizeof *a && x[i] == y[i])
		i++;
	return i == sizeof *a;
}

static void check_dates(void)
{
	const struct ogi_case *c = &s.c;
	if (ogi_is_date(c->due_on) && !ogi_is_date(c->delay_until))
		assert_true(ogi_is_working(&s.days.cal, c->due_on, NULL));
	assert_false(ogi_is_date(c->due_on) && ogi_is_date(c->latest_due_on));
	assert_true(c->extension >= 0);
	for (int i = 1; i < c->excluded_count; i++)
		assert_true(c->excluded[i - 1].to.day < c->excluded[i].from.day);
	bool closed = c->status == OGI_ST_CLOSED || c->status == OGI_ST_ARCHIVED;
	assert_int_equal(closed, ogi_is_date(c->closed_on));
	if (closed)
		assert_int_not_equal(c->outcome, OGI_NO_OUTCOME);
	assert_int_equal((c->flags & OGI_CONSULTING) != 0, any_open(c) && !ogi_case_ended(c));
}

static void check_standing(struct chance *c)
{
	struct ogi_standing look;
	struct ogi_date as_of = ogi_date_add(s.c.request.arrived_on, (int)chance_below(c, 200));
	ogi_case_standing(&s.c, &s.rules, as_of, &look);
	assert_true(look.counted >= 0 && look.overdue_workdays >= 0 && look.remaining >= -1);
	if (look.light == OGI_LIGHT_OVERDUE)
		assert_true(look.overdue_workdays > 0 || ogi_is_date(s.c.delay_until) ||
			    ogi_before(s.c.due_on, as_of));
	if (ogi_case_ended(&s.c))
		assert_int_equal(look.light, OGI_LIGHT_NONE);
}

/* decide-then-evolve is the fold, from any prefix. */
static void check_prefix(struct chance *c)
{
	static struct ogi_case step, fold;
	struct ogi_history h = story_history(&s);
	for (int i = 0; i < s.count; i++)
		if (s.event[i].kind == OGI_AMENDED || s.event[i].kind == OGI_RETRACTED)
			return; /* those are the fold's */
	h.count = (int)chance_below(c, (uint32_t)s.count + 1);
	ogi_case_fold(&h, &s.rules, &step);
	for (int i = h.count; i < s.count; i++)
		ogi_case_evolve(&step, &s.event[i], &s.rules);
	h.count = s.count;
	ogi_case_fold(&h, &s.rules, &fold);
	assert_true(same_case(&step, &fold));
	assert_true(same_case(&s.c, &fold));
}

static void every_history_folds_alike(void **state)
{
	(void)state;
	struct chance c = { 20190515 };
	int events = 0, closed = 0, seen[OGI_EVENT_KINDS] = { 0 };
	for (int i = 0; i < CASES; i++) {
		if (!random_case(&c))
			continue;
		for (int k = 0; k < TRIES; k++) {
			random_event(&c, NULL);
			check_dates();
		}
		check_standing(&c);
		check_prefix(&c);
		events += s.count;
		closed += ogi_is_date(s.c.first_closed_on);
		for (int k = 0; k < s.count; k++)
			seen[s.event[k].kind]++;
	}
	/* the generator reaches what it is meant to reach */
	assert_true(events > CASES * 5 && closed > CASES / 4);
	for (const struct ogi_transition_row *row = ogi_lifecycle; row->kind != OGI_NO_EVENT;
		row++)
		assert_true(row->roles == 0 || seen[row->kind] > 0);
}

static void a_retracted_extension_leaves_no_trace(void **state)
{
	(void)state;
	struct chance c = { 7 };
	int found = 0;
	for (int i = 0; i < CASES; i++) {
		if (!random_case(&c) || s.c.status != OGI_ST_IN_PROCESS)
			continue;
		struct ogi_date due = s.c.due_on;
		struct ogi_event e = { .kind = OGI_EXTENDED, .on = s.c.last_clock_on };
		e.u.extended.workdays = (int32_t)(1 + chance_below(&c, 15));
		assert_int_equal(story_tell(&s, &e), OGI_OK);
		assert_true(ogi_before(due, s.c.due_on));
		struct ogi_event back = { .kind = OGI_RETRACTED };
		back.u.change.event = s.count;
		back.u.change.reason = "误录";
		assert_int_equal(story_tell(&s, &back), OGI_OK);
		assert_int_equal(s.c.due_on.day, due.day);
		assert_int_equal(s.c.extension, 0);
		found++;
	}
	assert_true(found > CASES / 3);
}

static void amend_name(const char *to)
{
	struct ogi_event e = { .kind = OGI_AMENDED };
	e.u.change.event = 1;
	e.u.change.field = "applicant.name";
	e.u.change.to = to;
	e.u.change.reason = "更正";
	assert_int_equal(story_tell(&s, &e), OGI_OK);
}

static void the_last_amendment_counts(void **state)
{
	(void)state;
	static struct ogi_case once;
	struct chance c = { 11 };
	for (int i = 0; i < 200; i++) {
		if (!random_case(&c))
			continue;
		struct story before = s;
		amend_name("李四");
		once = s.c;
		s = before;
		amend_name("王五");
		amend_name("李四");
		once.version = s.c.version;
		assert_true(same_case(&once, &s.c));
	}
}

static void notes_may_come_in_any_order(void **state)
{
	(void)state;
	static struct ogi_case one;
	struct chance c = { 13 };
	for (int i = 0; i < 200; i++) {
		if (!random_case(&c))
			continue;
		struct ogi_event note = { .kind = OGI_NOTED, .note = "甲" };
		struct ogi_event remind = { .kind = OGI_REMINDED };
		remind.u.reminded.to = "handler";
		struct story before = s;
		story_tell(&s, &note);
		story_tell(&s, &remind);
		one = s.c;
		s = before;
		story_tell(&s, &remind);
		story_tell(&s, &note);
		assert_true(same_case(&one, &s.c));
	}
}

/* ---- the same facts, a little more of them, or in another order ---- */

static bool consult(
	const char *name, struct ogi_date opened, struct ogi_date closed, int number)
{
	struct ogi_event e = { .kind = OGI_CONSULTATION_OPENED, .on = opened };
	e.u.consultation.party = OGI_OTHER_AGENCY;
	e.u.consultation.name = name;
	if (story_tell(&s, &e) != OGI_OK)
		return false;
	e = (struct ogi_event){ .kind = OGI_CONSULTATION_CLOSED, .on = closed };
	e.u.consultation.opinion = OGI_AGREE;
	e.u.consultation.consultation = number;
	return story_tell(&s, &e) == OGI_OK;
}

static void a_consultation_more_never_brings_the_date_forward(void **state)
{
	(void)state;
	struct chance c = { 17 };
	int compared = 0, moved = 0;
	for (int i = 0; i < CASES; i++) {
		if (!random_case(&c) || s.c.status != OGI_ST_IN_PROCESS)
			continue;
		for (int n = 1; n <= 3; n++) {
			struct ogi_date due = s.c.due_on;
			struct ogi_date from =
				ogi_date_add(s.c.last_clock_on, (int)chance_below(&c, 4));
			if (!consult("某局", from, ogi_date_add(from, (int)chance_below(&c, 9)),
				    n))
				break;
			assert_false(ogi_before(s.c.due_on, due));
			moved += ogi_before(due, s.c.due_on);
			compared++;
		}
	}
	assert_true(compared > CASES && moved > CASES / 4);
}

static void record(enum ogi_event_kind kind, struct ogi_date on, int32_t number)
{
	struct ogi_event e = { .kind = (int32_t)kind, .on = on };
	e.u.consultation.party = number == 1 ? OGI_OTHER_AGENCY : OGI_JOINT_AGENCY;
	e.u.consultation.name = "某局";
	if (kind == OGI_CONSULTATION_CLOSED) {
		e.u.consultation.opinion = OGI_AGREE;
		e.u.consultation.consultation = number;
	}
	assert_int_equal(story_tell(&s, &e), OGI_OK);
}

/* What happened on one day has no order: neither consultations that end together nor a review,
 * an assignment or help from another unit change the dates. */
static void events_that_do_not_meet_may_change_places(void **state)
{
	(void)state;
	struct chance c = { 19 };
	int compared = 0;
	for (int i = 0; i < CASES / 4; i++) {
		if (!random_case(&c) || s.c.status != OGI_ST_IN_PROCESS ||
			s.c.regime != OGI_R2019)
			continue;
		struct ogi_date on = ogi_date_add(s.c.last_clock_on, 1);
		struct ogi_date end = ogi_date_add(on, (int)chance_below(&c, 12));
		static struct story before;
		before = s;
		struct ogi_date due[2], excluded[2];
		for (int way = 0; way < 2; way++) {
			s = before;
			record(OGI_CONSULTATION_OPENED, on, 1);
			record(OGI_CONSULTATION_OPENED, on, 2);
			struct ogi_event note = { .kind = OGI_NOTED, .on = on, .note = "甲" };
			struct ogi_event help = { .kind = OGI_ASSIST_REQUESTED, .on = on };
			help.u.assist.unit = "财政所";
			story_tell(&s, way == 0 ? &note : &help);
			story_tell(&s, way == 0 ? &help : &note);
			record(OGI_CONSULTATION_CLOSED, end, way == 0 ? 1 : 2);
			record(OGI_CONSULTATION_CLOSED, end, way == 0 ? 2 : 1);
			due[way] = s.c.due_on;
			excluded[way] = s.c.excluded_count > 0 ? s.c.excluded[0].to
							       : (struct ogi_date){ 0 };
		}
		assert_int_equal(due[0].day, due[1].day);
		assert_int_equal(excluded[0].day, excluded[1].day);
		compared++;
	}
	assert_true(compared > 100);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_history_folds_alike),
		cmocka_unit_test(a_retracted_extension_leaves_no_trace),
		cmocka_unit_test(the_last_amendment_counts),
		cmocka_unit_test(notes_may_come_in_any_order),
		cmocka_unit_test(a_consultation_more_never_brings_the_date_forward),
		cmocka_unit_test(events_that_do_not_meet_may_change_places),
	};
	return cmocka_run_group_tests(tests, load, unload);
}
