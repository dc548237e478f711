/* SPDX-License-Identifier: MulanPSL-2.0 */
/*
 * domain/case_clock: where the facts of a case meet the arithmetic of domain/clock: windows,
 * excluded intervals, the due date and the state of the clock (contract-cases §4, §5).
 */
#include "domain/judge.h"

enum { CONSULTATION_WINDOW = 15 }; /* working days after the party's receipt, art. 32, 34 */

int regime_of(struct ogi_date receipt, struct ogi_date ended, const struct ogi_rules *r)
{
	if (r->regime != OGI_REGIME_NONE)
		return r->regime;
	enum ogi_regime regime = ogi_regime_on(receipt);
	if (regime == OGI_REGIME_NONE)
		return OGI_R2008; /* recorded, so counted: evolve never refuses */
	bool ended_before = ogi_is_date(ended) && ogi_regime_on(ended) != OGI_R2019;
	if (regime == OGI_R2008 && r->transition == OGI_BY_REPLY && !ended_before)
		return OGI_R2019;
	return (int)regime;
}

/* Under R2008 only third parties stop the clock (art. 24 para. 3 R2008). */
static bool excludes(const struct ogi_case *c, const struct ogi_consultation *x)
{
	return !x->idle && (c->regime == OGI_R2019 || x->party == OGI_THIRD_PARTY);
}

bool clock_consulting(const struct ogi_case *c)
{
	for (int i = 0; i < c->consultations; i++)
		if (!ogi_is_date(c->consultation[i].closed_on) &&
			excludes(c, &c->consultation[i]))
			return true;
	return false;
}

enum ogi_clock_state clock_state(const struct ogi_case *c, const struct ogi_rules *r)
{
	(void)r;
	switch ((enum ogi_status)c->status) {
	case OGI_NO_CASE:
	case OGI_ST_ARRIVED:
		return OGI_CLOCK_NOT_STARTED;
	case OGI_ST_CORRECTION_REQUESTED:
		if (c->regime == OGI_R2008)
			return OGI_CLOCK_SUSPENDED;
		if ((c->flags & OGI_LATE_CORRECTION) == 0)
			return OGI_CLOCK_NOT_STARTED;
		break;
	case OGI_ST_FEE_NOTICED:
		return OGI_CLOCK_SUSPENDED;
	case OGI_ST_IN_PROCESS:
	case OGI_ST_REASONS_REQUESTED:
	case OGI_ST_DECIDED:
		break;
	case OGI_ST_CLOSED:
	case OGI_ST_ARCHIVED:
	case OGI_ST_VOID_SPLIT:
	case OGI_ST_VOID_MERGED:
	case OGI_ST_VOID_WITHDRAWN:
	case OGI_STATUSES:
		return OGI_CLOCK_STOPPED;
	}
	return clock_consulting(c) ? OGI_CLOCK_SUSPENDED : OGI_CLOCK_RUNNING;
}

/* What to take as the last day of an interval that is still open. */
enum open_until { OPEN_STAYS, OPEN_TO_WINDOW };

static struct ogi_date last_day(
	const struct ogi_case *c, const struct ogi_consultation *x, enum open_until until)
{
	struct ogi_date end = ogi_is_date(x->closed_on) ? x->closed_on : c->closed_on;
	if (!ogi_is_date(x->window_end))
		return end;
	if (ogi_is_date(end))
		return ogi_earlier(end, x->window_end);
	return until == OPEN_TO_WINDOW ? x->window_end : end;
}

/* Keeps what lies in the current run: excluded days before a restart vanish. */
static int keep(const struct ogi_case *c, struct ogi_date from, struct ogi_date to,
	struct ogi_interval *x, int count)
{
	struct ogi_date first = ogi_date_add(c->run_start, 1);
	if (count == OGI_INTERVALS || (ogi_is_date(to) && ogi_before(to, first)))
		return count;
	x[count] = (struct ogi_interval){ ogi_later(from, first), to };
	return count + 1;
}

static int keep_consultation(const struct ogi_case *c, const struct ogi_rules *r, int i,
	enum open_until until, struct ogi_interval *x, int count)
{
	const struct ogi_consultation *k = &c->consultation[i];
	if (!excludes(c, k))
		return count;
	struct ogi_date from = ogi_date_add(k->opened_on, r->exclusion_inclusive ? 0 : 1);
	return keep(c, from, last_day(c, k, until), x, count);
}

static int keep_pause(const struct ogi_case *c, int i, struct ogi_interval *x, int count)
{
	struct ogi_date to = c->paused[i].to;
	if (!ogi_is_date(to))
		to = c->closed_on;
	return keep(c, c->paused[i].from, to, x, count);
}

static int intervals(const struct ogi_case *c, const struct ogi_rules *r, enum open_until until,
	struct ogi_interval *x)
{
	int count = 0;
	for (int i = 0; i < c->consultations; i++)
		count = keep_consultation(c, r, i, until, x, count);
	for (int i = 0; i < c->pauses; i++)
		count = keep_pause(c, i, x, count);
	return count == 0 ? 0 : ogi_merge_intervals(x, count);
}

bool clock_consultation(const struct ogi_case *c, const struct ogi_rules *r, int i,
	struct ogi_interval *ret_days)
{
	return keep_consultation(c, r, i, OPEN_TO_WINDOW, ret_days, 0) == 1;
}

bool clock_pause(const struct ogi_case *c, int i, struct ogi_interval *ret_days)
{
	return keep_pause(c, i, ret_days, 0) == 1;
}

int clock_intervals(const struct ogi_case *c, const struct ogi_rules *r,
	struct ogi_interval x[OGI_INTERVALS])
{
	return intervals(c, r, OPEN_TO_WINDOW, x);
}

static bool all_closed(const struct ogi_interval *x, int count)
{
	return count == 0 || ogi_is_date(x[count - 1].to);
}

/* Where one that ends beyond the calendar matters, the due date lies beyond it too. */
static void windows(struct ogi_case *c, const struct ogi_rules *r)
{
	for (int i = 0; i < c->consultations; i++) {
		struct ogi_consultation *k = &c->consultation[i];
		bool windowed = c->regime == OGI_R2019 && k->party != OGI_OTHER_AGENCY &&
				ogi_is_date(k->received_on);
		k->window_end = windowed ? ogi_working_after(r->calendar, k->received_on,
						   CONSULTATION_WINDOW, NULL)
					 : (struct ogi_date){ 0 };
	}
}

static struct ogi_date due_after(const struct ogi_case *c, const struct ogi_rules *r, int days,
	const struct ogi_interval *x, int count, bool *provisional)
{
	if (ogi_is_date(c->delay_until)) /* art. 35 replaces the computed date */
		return c->delay_until;
	return ogi_due(r->calendar, c->run_start, days, x, count, provisional);
}

void clock_recompute(struct ogi_case *c, const struct ogi_rules *r)
{
	c->regime = regime_of(c->request.receipt_date, c->closed_on, r);
	c->period = ogi_base_period(c->regime);
	c->provisional = false;
	c->due_on = c->latest_due_on = (struct ogi_date){ 0 };
	windows(c, r);
	c->excluded_count = intervals(c, r, OPEN_STAYS, c->excluded);
	enum ogi_clock_state state = clock_state(c, r);
	/* until it is paid or corrected there is no date, whoever else is asked */
	if (c->status == OGI_ST_FEE_NOTICED ||
		(c->status == OGI_ST_CORRECTION_REQUESTED && c->regime == OGI_R2008))
		return;
	if (state == OGI_CLOCK_RUNNING ||
		(state == OGI_CLOCK_SUSPENDED && ogi_is_date(c->closed_on) &&
			clock_consulting(c))) {
		c->due_on = due_after(c, r, c->period + c->extension, c->excluded,
			c->excluded_count, &c->provisional);
		return;
	}
	if (state != OGI_CLOCK_SUSPENDED || !clock_consulting(c))
		return;
	struct ogi_interval full[OGI_INTERVALS];
	int count = clock_intervals(c, r, full);
	if (all_closed(full, count))
		c->latest_due_on =
			due_after(c, r, c->period + c->extension, full, count, &c->provisional);
}

struct ogi_date clock_base_due(const struct ogi_case *c, const struct ogi_rules *r)
{
	bool provisional = false;
	if (!ogi_is_date(c->due_on) || c->extension == 0)
		return c->due_on;
	return due_after(c, r, c->period, c->excluded, c->excluded_count, &provisional);
}
