/* SPDX-License-Identifier: MulanPSL-2.0 */
/* The days of an explanation lead to the date of the fold, whatever happened to the case. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "domain/explain.h"
#include "random_case.h"

enum { CASES = 1500, TRIES = 30 };

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

static void explain(struct ogi_why *w, const char *as_of)
{
	struct ogi_history h = story_history(&s);
	ogi_why(&h, &s.rules, day(as_of), w);
}

/* ---- what holds of every explanation ---- */

static bool counts_by_itself(enum ogi_day_kind kind, struct ogi_date date)
{
	return kind == OGI_DAY_UNKNOWN ? ogi_weekday(date) <= 5
				       : kind == OGI_DAY_WORKDAY || kind == OGI_DAY_MAKEUP;
}

static void check_day(const struct ogi_why *w, const struct ogi_why_day *d, bool last)
{
	bool counts = d->reason == OGI_WHY_WORKDAY || d->reason == OGI_WHY_MAKEUP ||
		      d->reason == OGI_WHY_EXTENSION;
	if (d->reason == OGI_WHY_PROVISIONAL)
		counts = counts_by_itself(d->kind, d->date);
	if (last && ogi_is_date(w->set_end)) /* counts whatever day it is */
		return;
	assert_int_equal(d->counted, counts);
	if (d->counted)
		assert_true(counts_by_itself(d->kind, d->date));
	if (d->reason == OGI_WHY_EXCLUDED || d->reason == OGI_WHY_RECEIPT_DAY)
		assert_non_null(d->step);
	struct ogi_source source = ogi_day_source(w, d);
	assert_true(*source.zh != '\0' && *source.en != '\0');
}

/* Counts the days one by one; returns how many counted. */
static int walk_days(const struct ogi_why *w, struct ogi_date end)
{
	struct ogi_date last_counted = { 0 };
	struct ogi_why_day d;
	int n = 0;
	assert_true(w->first.day <= w->last.day);
	if (w->first.day != w->receipt_date.day) { /* a very long way is told from its end */
		assert_int_equal(w->last.day - w->first.day + 1, OGI_WHY_DAYS);
		ogi_why_day(w, ogi_date_add(w->first, -1), &d);
		n = d.n;
	}
	for (struct ogi_date date = w->first; date.day <= w->last.day; date.day++) {
		ogi_why_day(w, date, &d);
		check_day(w, &d, date.day == w->last.day);
		n += d.counted;
		assert_int_equal(d.n, n);
		if (d.counted)
			last_counted = date;
	}
	if (ogi_is_date(end)) {
		assert_int_equal(w->last.day, end.day);
		assert_int_equal(last_counted.day, end.day);
	}
	return n;
}

static int suspended, restarted, delayed, provisional, closed, r2008, pending;

/* Of a date that was set before anything was received (an amendment may do that) there is
 * nothing to count. */
static bool is_odd(const struct ogi_case *c)
{
	return ogi_is_date(c->delay_until) && !ogi_before(c->run_start, c->delay_until);
}

static void check(void)
{
	const struct ogi_case *c = &s.c;
	struct ogi_why w;
	if (!ogi_is_date(c->run_start) || is_odd(c) ||
		ogi_before(c->run_start, c->request.receipt_date))
		return;
	explain(&w, "2026-06-01");
	struct ogi_date due = c->due_on, end;
	if (c->status == OGI_ST_ARCHIVED)
		due = c->run[c->runs - 1].due_on;
	assert_int_equal(w.due_on.day, due.day);
	assert_int_equal(w.latest_due_on.day, c->latest_due_on.day);
	end = ogi_is_date(due) ? due : c->latest_due_on;
	int n = walk_days(&w, end);
	if (ogi_is_date(end) && !ogi_is_date(c->delay_until))
		assert_int_equal(n, c->period + c->extension);
	suspended += ogi_is_date(c->latest_due_on);
	restarted += c->run_start.day != c->request.receipt_date.day;
	delayed += ogi_is_date(c->delay_until);
	provisional += c->provisional;
	closed += ogi_case_ended(c);
	r2008 += c->regime == OGI_R2008;
	pending += !ogi_is_date(end);
}

static void the_last_day_counted_is_the_due_date(void **state)
{
	(void)state;
	struct chance c = { 20251123 };
	for (int i = 0; i < CASES; i++) {
		if (!random_case(&c))
			continue;
		check();
		for (int k = 0; k < TRIES; k++)
			if (random_event(&c, NULL))
				check();
	}
	assert_true(suspended > CASES / 10 && restarted > CASES / 10 && delayed > CASES / 20);
	assert_true(closed > CASES / 4 && r2008 > CASES / 4 && pending > CASES / 20);
}

/* Received at the end of the calendar: the days run out of it. */
static void days_beyond_the_calendar_lead_there_too(void **state)
{
	(void)state;
	for (int i = 0; i < 40; i++) {
		char on[11];
		text_from_date(ogi_date_add(day("2026-11-20"), i), on);
		story_begin(&s, "2027-12-31");
		assert_int_equal(story_receive(&s, on), OGI_OK);
		check();
	}
	assert_true(provisional > 20);
}

/* ---- particular cases ---- */

static void tell(enum ogi_event_kind kind, const char *on, const char *field, const char *value)
{
	struct ogi_event e = story_event(kind, on);
	if (field != NULL)
		story_field(&e, field, value);
	if (kind == OGI_CONSULTATION_OPENED)
		story_field(&e, "name", "某公司");
	if (kind == OGI_EXTENDED)
		story_field(&e, "approved_by", "head");
	assert_int_equal(story_tell(&s, &e), OGI_OK);
}

static const struct ogi_why_alternative *reading(const struct ogi_why *w, enum ogi_reading r)
{
	for (int i = 0; i < w->alternatives; i++)
		if (w->alternative[i].reading == (int32_t)r)
			return &w->alternative[i];
	return NULL;
}

static void assert_step(const struct ogi_why *w, int i, enum ogi_clock_rule rule,
	const char *from, const char *to)
{
	assert_true(i < w->steps);
	assert_int_equal(w->step[i].rule, rule);
	assert_int_equal(w->step[i].from.day, day(from).day);
	assert_int_equal(w->step[i].to.day, day(to).day);
}

/* Each extension of the run is a step from the date before it to the date after it. */
static void extensions_are_steps_from_date_to_date(void **state)
{
	(void)state;
	struct ogi_why w;
	story_begin(&s, "2026-06-01");
	assert_int_equal(story_receive(&s, "2025-09-19"), OGI_OK);
	tell(OGI_EXTENDED, "2025-09-30", "workdays", "10");
	tell(OGI_EXTENDED, "2025-10-30", "workdays", "10");
	explain(&w, "2026-06-01");
	assert_step(&w, 1, OGI_RULE_PERIOD, "2025-09-19", "2025-10-23");
	assert_step(&w, 2, OGI_RULE_EXTENSION, "2025-10-23", "2025-11-06");
	assert_step(&w, 3, OGI_RULE_EXTENSION, "2025-11-06", "2025-11-20");
	assert_int_equal(w.steps, 4);
}

/* An extension before a restart is gone (art. 30), and a retracted one too. */
static void what_vanished_is_not_explained(void **state)
{
	(void)state;
	struct ogi_why w;
	story_begin(&s, "2026-06-01");
	assert_int_equal(story_receive(&s, "2025-03-03"), OGI_OK);
	tell(OGI_EXTENDED, "2025-03-10", "workdays", "5");
	tell(OGI_CORRECTION_REQUESTED, "2025-03-12", NULL, NULL);
	tell(OGI_CORRECTION_RECEIVED, "2025-03-20", NULL, NULL);
	tell(OGI_EXTENDED, "2025-04-10", "workdays", "5");
	struct ogi_event back = { .kind = OGI_RETRACTED };
	back.u.change.event = s.count;
	back.u.change.reason = "误录";
	assert_int_equal(story_tell(&s, &back), OGI_OK);
	explain(&w, "2026-06-01");
	assert_step(&w, 0, OGI_RULE_RECEIPT, "2025-03-03", "2025-03-03");
	assert_step(&w, 1, OGI_RULE_CORRECTION, "2025-03-12", "2025-03-20");
	assert_step(&w, 2, OGI_RULE_PERIOD, "2025-03-20", "2025-04-18");
	assert_int_equal(w.steps, 3);
	assert_int_equal(w.due_on.day, day("2025-04-18").day);
}

/* D:deadlines §12 no. 19: inclusive gives one day more, and the other way round. */
static void the_convention_of_consultations_has_two_readings(void **state)
{
	(void)state;
	struct ogi_why w;
	story_begin(&s, "2026-06-01");
	assert_int_equal(story_receive(&s, "2025-04-21"), OGI_OK);
	tell(OGI_CONSULTATION_OPENED, "2025-04-25", "party", "third_party");
	tell(OGI_DELIVERED, "2025-04-28", "of", "2");
	explain(&w, "2025-05-06");
	assert_false(ogi_is_date(w.due_on));
	assert_int_equal(w.last.day, day("2025-06-16").day);
	assert_int_equal(reading(&w, OGI_READ_INCLUSIVE)->due_on.day, day("2025-06-17").day);
	s.rules.exclusion_inclusive = true;
	explain(&w, "2025-05-06");
	assert_int_equal(w.last.day, day("2025-06-17").day);
	assert_int_equal(reading(&w, OGI_READ_HALF_OPEN)->due_on.day, day("2025-06-16").day);
}

/* A fee that was never paid leaves no due date behind, not even with a consultation open. */
static void a_lapsed_fee_leaves_no_due_date(void **state)
{
	(void)state;
	struct ogi_why w;
	story_begin(&s, "2026-06-01");
	assert_int_equal(story_receive(&s, "2025-03-03"), OGI_OK);
	tell(OGI_CONSULTATION_OPENED, "2025-03-05", "party", "other_agency");
	struct ogi_event fee = story_event(OGI_FEE_NOTICED, "2025-03-10");
	story_field(&fee, "basis", "pages");
	story_field(&fee, "quantity", "40");
	assert_int_equal(story_tell(&s, &fee), OGI_OK);
	tell(OGI_FEE_LAPSED, "2025-05-06", NULL, NULL);
	assert_false(ogi_is_date(s.c.due_on));
	explain(&w, "2026-06-01");
	assert_false(ogi_is_date(w.due_on));
	assert_int_equal(w.last.day, day("2025-05-06").day);
	assert_int_equal(walk_days(&w, (struct ogi_date){ 0 }), 2);
}

static void every_word_is_there(void **state)
{
	(void)state;
	assert_int_equal(code_count(ogi_clock_rules), OGI_CLOCK_RULES);
	assert_int_equal(code_count(ogi_readings), OGI_READINGS);
	assert_int_equal(code_count(ogi_day_reasons), OGI_WHY_PROVISIONAL + 1);
	for (int i = 0; i < OGI_CLOCK_RULES; i++)
		for (int regime = OGI_R2008; regime <= OGI_R2019; regime++) {
			struct ogi_source source =
				ogi_rule_source((enum ogi_clock_rule)i, regime);
			assert_true(*source.zh != '\0' && *source.en != '\0');
		}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_last_day_counted_is_the_due_date),
		cmocka_unit_test(days_beyond_the_calendar_lead_there_too),
		cmocka_unit_test(extensions_are_steps_from_date_to_date),
		cmocka_unit_test(what_vanished_is_not_explained),
		cmocka_unit_test(the_convention_of_consultations_has_two_readings),
		cmocka_unit_test(a_lapsed_fee_leaves_no_due_date),
		cmocka_unit_test(every_word_is_there),
	};
	return cmocka_run_group_tests(tests, load, unload);
}
