/* SPDX-License-Identifier: MulanPSL-2.0 */
/*
 * domain/explain: walks the events as the fold does and notes where the period began anew and
 * what lengthened it; every date then comes from domain/clock with the intervals of the case.
 */
#include "domain/explain.h"

#include "domain/judge.h"

#include <string.h>

struct walk {
	const struct ogi_rules *r; /* after the walk those of the receipt date */
	struct ogi_case c;
	struct ogi_why *w;
	int32_t granted[OGI_EXTENSIONS]; /* extensions of the current run */
	int32_t grants;
	int32_t ended_from; /* status that the end met, or OGI_NO_CASE */
};

static void step(struct ogi_why *w, enum ogi_clock_rule rule, int32_t number,
	struct ogi_date from, struct ogi_date to)
{
	if (w->steps < OGI_WHY_STEPS)
		w->step[w->steps++] = (struct ogi_why_step){ (int32_t)rule, number, from, to };
}

/* ---- the walk over the events ---- */

/* What of the case an event may change. */
struct before {
	int32_t status, extension;
	struct ogi_date run_start, closed_on;
};

static void note_restart(struct walk *k, const struct before *b, const struct ogi_event *e)
{
	const struct ogi_case *c = &k->c;
	if (!ogi_is_date(b->run_start))
		step(k->w, OGI_RULE_RECEIPT, 0, c->request.arrived_on, c->run_start);
	else if (e->kind == OGI_CORRECTION_RECEIVED)
		step(k->w, OGI_RULE_CORRECTION, 0, c->correction_on, e->on);
	else if (e->kind == OGI_FEE_PAID)
		step(k->w, OGI_RULE_PAYMENT, 0, c->fee_noticed_on, e->on);
	else
		step(k->w, OGI_RULE_REOPENED, 0, b->closed_on, e->on);
}

static void note(struct walk *k, const struct before *b, const struct ogi_event *e)
{
	const struct ogi_case *c = &k->c;
	if (c->run_start.day != b->run_start.day)
		note_restart(k, b, e);
	if (c->extension == 0)
		k->grants = 0;
	else if (c->extension > b->extension && k->grants < OGI_EXTENSIONS)
		k->granted[k->grants++] = c->extension - b->extension;
	bool ended = ogi_case_ended(c);
	if (ended && !(b->status >= OGI_ST_CLOSED && b->status <= OGI_ST_VOID_WITHDRAWN))
		k->ended_from = b->status;
	else if (!ended)
		k->ended_from = OGI_NO_CASE;
}

static void walk(struct walk *k, const struct ogi_history *h)
{
	struct ogi_event buf;
	for (int i = 0; i < h->count; i++) {
		const struct ogi_event *e = history_event(h, NULL, i, &buf);
		if (e == NULL)
			continue;
		struct before b = { k->c.status, k->c.extension, k->c.run_start,
			k->c.closed_on };
		ogi_case_evolve(&k->c, e, k->r);
		note(k, &b, e);
	}
}

/* ---- what does not count ---- */

static void exclude(struct ogi_why *w, struct ogi_date from, struct ogi_date to)
{
	if (w->excluded_count <= OGI_INTERVALS)
		w->excluded[w->excluded_count++] = (struct ogi_interval){ from, to };
}

static enum ogi_clock_rule rule_of(int32_t party)
{
	switch ((enum ogi_party)party) {
	case OGI_THIRD_PARTY:
		return OGI_RULE_THIRD_PARTY;
	case OGI_JOINT_AGENCY:
		return OGI_RULE_JOINT_AGENCY;
	case OGI_OTHER_AGENCY:
	case OGI_PARTY_NONE:
		break;
	}
	return OGI_RULE_OTHER_AGENCY;
}

/* The state in which no period runs, also when the case ended in it. */
static int32_t waiting(const struct walk *k)
{
	const struct ogi_case *c = &k->c;
	int32_t status = k->ended_from != OGI_NO_CASE ? k->ended_from : c->status;
	if (status == OGI_ST_CORRECTION_REQUESTED && c->regime == OGI_R2019 &&
		(c->flags & OGI_LATE_CORRECTION) == 0)
		return status;
	return status == OGI_ST_FEE_NOTICED ? status : OGI_NO_CASE;
}

static void note_exclusions(struct walk *k)
{
	const struct ogi_case *c = &k->c;
	struct ogi_why *w = k->w;
	struct ogi_interval x;
	w->excluded_count = clock_intervals(c, k->r, w->excluded);
	for (int i = 0; i < c->consultations; i++)
		if (clock_consultation(c, k->r, i, &x))
			step(w, rule_of(c->consultation[i].party), i + 1, x.from, x.to);
	for (int i = 0; i < c->pauses; i++)
		if (clock_pause(c, i, &x))
			step(w, OGI_RULE_CORRECTION_PAUSE, 0, x.from, x.to);
	int32_t waits = waiting(k);
	if (waits == OGI_ST_CORRECTION_REQUESTED) {
		step(w, OGI_RULE_AWAITS_CORRECTION, 0, c->correction_on, c->closed_on);
		exclude(w, ogi_date_add(c->run_start, 1), (struct ogi_date){ 0 });
	} else if (waits == OGI_ST_FEE_NOTICED) {
		struct ogi_date from = ogi_date_add(c->fee_noticed_on, 1);
		step(w, OGI_RULE_AWAITS_PAYMENT, 0, from, c->closed_on);
		exclude(w, from, (struct ogi_date){ 0 });
	}
	w->excluded_count = ogi_merge_intervals(w->excluded, w->excluded_count);
}

/* ---- what lengthens ---- */

static struct ogi_date due_with(const struct ogi_why *w, int32_t extension)
{
	return ogi_due(w->calendar, w->run_start, w->period + extension, w->excluded,
		w->excluded_count, NULL);
}

static void note_extensions(struct walk *k)
{
	struct ogi_why *w = k->w;
	int32_t sum = 0;
	for (int i = 0; i < k->grants; i++) {
		struct ogi_date from = due_with(w, sum);
		sum += k->granted[i];
		step(w, OGI_RULE_EXTENSION, k->granted[i], from, due_with(w, sum));
	}
	struct ogi_date set = k->c.delay_until;
	if (!ogi_is_date(set))
		return;
	if ((k->c.flags & OGI_DELAYED) != 0)
		step(w, OGI_RULE_DELAY, 0, due_with(w, w->extension), set);
	else
		step(w, OGI_RULE_REDO, 0, w->run_start, set);
}

/* ---- other readings ---- */

/* The due date of a case, or what stands for it. */
static struct ogi_date end_of(const struct ogi_case *c)
{
	if (ogi_is_date(c->due_on))
		return c->due_on;
	if (c->status == OGI_ST_ARCHIVED && c->runs > 0)
		return c->run[c->runs - 1].due_on;
	return c->latest_due_on;
}

static void read_as(struct ogi_why *w, enum ogi_reading reading, const struct ogi_history *h,
	const struct ogi_rules *r)
{
	struct ogi_case c;
	ogi_case_fold(h, r, &c);
	w->alternative[w->alternatives++] =
		(struct ogi_why_alternative){ (int32_t)reading, end_of(&c) };
}

/* The receipt date is fixed by what arrived, not by the book (art. 31); whoever counts from the
 * registration gets this. */
static void read_registration(
	struct ogi_why *w, const struct ogi_history *h, const struct walk *k)
{
	struct ogi_event buf;
	struct ogi_case c = { 0 };
	for (int i = 0; i < h->count; i++) {
		const struct ogi_event *e = history_event(h, NULL, i, &buf);
		if (e == NULL)
			continue;
		if (e != &buf)
			buf = *e;
		if (buf.kind == OGI_REGISTERED || buf.kind == OGI_RECEIPT_CONFIRMED)
			buf.u.request.receipt_date = k->c.request.registered_on;
		ogi_case_evolve(&c, &buf, k->r);
	}
	w->alternative[w->alternatives++] =
		(struct ogi_why_alternative){ OGI_READ_REGISTRATION_DATE, end_of(&c) };
}

static bool has_consultation(const struct ogi_why *w)
{
	for (int i = 0; i < w->steps; i++)
		if (w->step[i].rule >= OGI_RULE_THIRD_PARTY &&
			w->step[i].rule <= OGI_RULE_OTHER_AGENCY)
			return true;
	return false;
}

/* Received under R2008 and still within its period when R2019 came into force. */
static bool lies_across(const struct ogi_case *c, const struct ogi_rules *r)
{
	if (r->regime != OGI_REGIME_NONE || ogi_regime_on(c->request.receipt_date) == OGI_R2019)
		return false;
	bool ended = ogi_is_date(c->closed_on) && ogi_regime_on(c->closed_on) != OGI_R2019;
	return !ended && ogi_regime_on(end_of(c)) == OGI_R2019;
}

static void note_readings(const struct walk *k, const struct ogi_history *h)
{
	const struct ogi_case *c = &k->c;
	struct ogi_why *w = k->w;
	struct ogi_rules r = *k->r;
	if (has_consultation(w)) {
		r.exclusion_inclusive = !k->r->exclusion_inclusive;
		read_as(w, r.exclusion_inclusive ? OGI_READ_INCLUSIVE : OGI_READ_HALF_OPEN, h,
			&r);
		r = *k->r;
	}
	if (ogi_is_date(c->request.registered_on) && c->run_start.day == w->receipt_date.day &&
		c->request.registered_on.day != w->receipt_date.day)
		read_registration(w, h, k);
	if (lies_across(c, k->r)) {
		bool by_receipt = k->r->transition == OGI_BY_RECEIPT;
		r.transition = by_receipt ? OGI_BY_REPLY : OGI_BY_RECEIPT;
		read_as(w, by_receipt ? OGI_READ_BY_REPLY : OGI_READ_BY_RECEIPT, h, &r);
		r = *k->r;
	}
	for (int way = 0; way < 3 && c->regime == OGI_R2008 && c->corrections > 0; way++) {
		if (way == k->r->r2008_correction)
			continue;
		r.r2008_correction = way;
		read_as(w, (enum ogi_reading)(OGI_READ_PAUSE + way), h, &r);
	}
}

/* ---- the whole ---- */

static void note_span(const struct walk *k, struct ogi_date as_of)
{
	const struct ogi_case *c = &k->c;
	struct ogi_why *w = k->w;
	struct ogi_date last = end_of(c);
	if (!ogi_is_date(last) && ogi_is_date(c->closed_on))
		last = c->closed_on;
	if (!ogi_is_date(last))
		last = ogi_case_ended(c) ? c->last_clock_on
					 : ogi_later(as_of, c->last_clock_on);
	w->last = ogi_later(last, w->receipt_date);
	w->first = ogi_later(w->receipt_date, ogi_date_add(w->last, 1 - OGI_WHY_DAYS));
}

void ogi_why(const struct ogi_history *h, const struct ogi_rules *r, struct ogi_date as_of,
	struct ogi_why *ret_why)
{
	struct ogi_why *w = ret_why;
	struct ogi_rules own;
	struct walk k = { .r = r, .w = w };
	const struct ogi_case *c = &k.c;
	memset(w, 0, sizeof *w);
	w->calendar = r->calendar;
	walk(&k, h);
	w->regime = c->regime;
	if (!ogi_is_date(c->run_start))
		return; /* nothing was received yet */
	own = *ogi_rules_for(r, c->request.receipt_date, &own);
	own.periods = 0;
	k.r = &own;
	w->receipt_date = c->request.receipt_date;
	w->latest_due_on = c->latest_due_on;
	if (!ogi_is_date(c->latest_due_on))
		w->due_on = end_of(c);
	w->provisional = c->provisional;
	w->run_start = c->run_start;
	if (end_of(c).day == c->delay_until.day)
		w->set_end = c->delay_until;
	w->period = c->period;
	w->extension = c->extension;
	bool by_order = ogi_is_date(c->delay_until) && (c->flags & OGI_DELAYED) == 0;
	if (!by_order && waiting(&k) != OGI_ST_CORRECTION_REQUESTED)
		step(w, OGI_RULE_PERIOD, 0, w->run_start,
			ogi_due(w->calendar, w->run_start, w->period, NULL, 0, NULL));
	note_exclusions(&k);
	note_extensions(&k);
	note_span(&k, as_of);
	note_readings(&k, h);
}

/* ---- one day ---- */

static bool is_restart(const struct ogi_why_step *s)
{
	return s->rule >= OGI_RULE_RECEIPT && s->rule <= OGI_RULE_REOPENED;
}

static bool covers(const struct ogi_why_step *s, struct ogi_date date)
{
	bool excludes = s->rule >= OGI_RULE_THIRD_PARTY && s->rule <= OGI_RULE_AWAITS_PAYMENT;
	bool all_before = s->rule == OGI_RULE_AWAITS_CORRECTION;
	return excludes && (all_before || !ogi_before(date, s->from)) &&
	       (!ogi_is_date(s->to) || !ogi_before(s->to, date));
}

/* The beginning that falls on the day; or, of a day that does not count, what takes it out:
 * the restart that follows, or the first interval over it. */
static const struct ogi_why_step *step_of(
	const struct ogi_why *w, struct ogi_date date, bool begins)
{
	for (int i = 0; i < w->steps; i++) {
		const struct ogi_why_step *s = &w->step[i];
		bool fits = is_restart(s)
				    ? (begins ? s->to.day == date.day : ogi_before(date, s->to))
				    : !begins && covers(s, date);
		if (fits)
			return s;
	}
	return NULL;
}

static bool is_excluded(const struct ogi_why *w, struct ogi_date date)
{
	if (ogi_before(date, w->run_start))
		return true;
	for (int i = 0; i < w->excluded_count; i++)
		if (!ogi_before(date, w->excluded[i].from) &&
			(!ogi_is_date(w->excluded[i].to) ||
				!ogi_before(w->excluded[i].to, date)))
			return true;
	return false;
}

static enum ogi_day_reason reason_of(const struct ogi_why *w, const struct ogi_why_day *d)
{
	if (d->kind == OGI_DAY_UNKNOWN)
		return OGI_WHY_PROVISIONAL;
	if (d->kind == OGI_DAY_WEEKEND)
		return OGI_WHY_WEEKEND;
	if (d->kind == OGI_DAY_HOLIDAY)
		return OGI_WHY_HOLIDAY;
	if (d->n > w->period && d->n <= w->period + w->extension)
		return OGI_WHY_EXTENSION;
	return d->kind == OGI_DAY_MAKEUP ? OGI_WHY_MAKEUP : OGI_WHY_WORKDAY;
}

void ogi_why_day(const struct ogi_why *w, struct ogi_date date, struct ogi_why_day *ret_day)
{
	struct ogi_date eve = ogi_date_add(date, -1);
	int before = ogi_counted(
		w->calendar, w->run_start, eve, w->excluded, w->excluded_count, NULL);
	int n = ogi_counted(
		w->calendar, w->run_start, date, w->excluded, w->excluded_count, NULL);
	/* a day that was set ends the period whatever day it is */
	if (n == before && date.day == w->set_end.day)
		n++;
	struct ogi_why_day *d = ret_day;
	*d = (struct ogi_why_day){ .date = date, .counted = n > before, .n = n };
	d->kind = ogi_day_kind(w->calendar, date);
	d->step = d->counted ? NULL : step_of(w, date, true);
	if (d->step != NULL) {
		d->reason = OGI_WHY_RECEIPT_DAY;
		return;
	}
	bool excluded = !d->counted && is_excluded(w, date);
	d->step = excluded ? step_of(w, date, false) : NULL;
	d->reason = (int32_t)(excluded ? OGI_WHY_EXCLUDED : reason_of(w, d));
}
