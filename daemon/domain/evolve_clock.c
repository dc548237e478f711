/* SPDX-License-Identifier: MulanPSL-2.0 */
/* domain/evolve_clock: what corrections, consultations, extensions, reasons and fees do to the
 * clock (contract-cases §5). */
#include "domain/judge.h"

enum {
	PAYMENT_DAYS = 20
}; /* working days after the notice was received, 国办函〔2020〕109号 */

/* The period begins anew; what lengthened the old one vanishes. */
static void restart(struct ogi_case *c, struct ogi_date on)
{
	c->run_start = on;
	c->extension = 0;
	c->delay_until = (struct ogi_date){ 0 };
	c->flags &= ~(unsigned)(OGI_EXTENDED_FLAG | OGI_DELAYED);
}

/* Registered and not ended: the clock can be touched. */
static bool is_handled(const struct ogi_case *c)
{
	return c->status > OGI_ST_ARRIVED && !ogi_case_ended(c);
}

static void correction_period(struct ogi_case *c, const struct ogi_rules *r)
{
	struct ogi_date from = ogi_is_date(c->correction_served_on) ? c->correction_served_on
								    : c->correction_on;
	if (!c->correction_due_given)
		c->correction_due_on =
			ogi_working_after(r->calendar, from, r->correction_days, NULL);
}

void on_correction_requested(
	struct ogi_case *c, const struct ogi_event *e, const struct ogi_rules *r)
{
	if (c->status != OGI_ST_IN_PROCESS)
		return;
	c->corrections++;
	c->correction_on = c->last_clock_on = e->on;
	c->correction_seq = e->seq;
	c->correction_served_on = c->corrected_on = (struct ogi_date){ 0 };
	c->correction_due_on = e->u.correction.due_on;
	c->correction_due_given = ogi_is_date(e->u.correction.due_on);
	correction_period(c, r);
	c->status = OGI_ST_CORRECTION_REQUESTED;
	if (c->regime == OGI_R2019 && ogi_before(correction_limit(c, r), e->on))
		c->flags |= OGI_LATE_CORRECTION;
	if (c->regime == OGI_R2008 && c->pauses < OGI_PAUSES) {
		bool inclusive = r->r2008_correction == OGI_R2008_SUSPEND_INCLUSIVE;
		c->paused[c->pauses++].from = ogi_date_add(e->on, inclusive ? 0 : 1);
	}
	clock_recompute(c, r);
}

void on_correction_received(
	struct ogi_case *c, const struct ogi_event *e, const struct ogi_rules *r)
{
	if (c->status != OGI_ST_CORRECTION_REQUESTED)
		return;
	c->corrected_on = c->last_clock_on = e->on;
	c->status = OGI_ST_IN_PROCESS;
	if (c->pauses > 0 && !ogi_is_date(c->paused[c->pauses - 1].to))
		c->paused[c->pauses - 1].to = e->on;
	bool anew = c->regime == OGI_R2019 ? (c->flags & OGI_LATE_CORRECTION) == 0
					   : r->r2008_correction == OGI_R2008_RESTART;
	if (anew)
		restart(c, e->on);
	clock_recompute(c, r);
}

void on_correction_lapsed(
	struct ogi_case *c, const struct ogi_event *e, const struct ogi_rules *r)
{
	if (c->status != OGI_ST_CORRECTION_REQUESTED)
		return;
	/* the form of 2014 counts the notice itself as the answer */
	bool current = ogi_outcome_valid(OGI_OTHER_NO_CORRECTION, e->on);
	set_outcome(c, current ? OGI_OTHER_NO_CORRECTION : OGI_LEGACY_AMEND, OGI_NO_VARIANT);
	close_case(c, r, e->on);
}

void on_consultation_opened(
	struct ogi_case *c, const struct ogi_event *e, const struct ogi_rules *r)
{
	if (!is_handled(c) || c->consultations == OGI_CONSULTATIONS)
		return;
	c->last_clock_on = e->on;
	c->consultation[c->consultations++] = (struct ogi_consultation){
		.party = e->u.consultation.party,
		.opened_on = e->on,
		.received_on = e->u.consultation.received_on,
		.seq = e->seq,
		.idle = ogi_is_date(c->due_on) && ogi_before(c->due_on, e->on),
	};
	c->flags |= OGI_CONSULTING;
	clock_recompute(c, r);
}

void on_consultation_closed(
	struct ogi_case *c, const struct ogi_event *e, const struct ogi_rules *r)
{
	int number = e->u.consultation.consultation;
	if (number == 0)
		number = only_open_consultation(c);
	if (!is_handled(c))
		return;
	c->last_clock_on = e->on;
	if (number < 1 || number > c->consultations)
		return;
	c->consultation[number - 1].closed_on = e->on;
	c->consultation[number - 1].opinion = e->u.consultation.opinion;
	if (only_open_consultation(c) == 0)
		c->flags &= ~(unsigned)OGI_CONSULTING;
	clock_recompute(c, r);
}

void on_extended(struct ogi_case *c, const struct ogi_event *e, const struct ogi_rules *r)
{
	if (!is_handled(c))
		return;
	c->extension += e->u.extended.workdays;
	c->extensions++;
	c->flags |= OGI_EXTENDED_FLAG;
	c->last_clock_on = e->on;
	clock_recompute(c, r);
}

void on_reasons_requested(
	struct ogi_case *c, const struct ogi_event *e, const struct ogi_rules *r)
{
	if (c->status != OGI_ST_IN_PROCESS)
		return;
	c->reasons_on = c->last_clock_on = e->on;
	c->status = OGI_ST_REASONS_REQUESTED;
	clock_recompute(c, r);
}

void on_reasons_received(
	struct ogi_case *c, const struct ogi_event *e, const struct ogi_rules *r)
{
	if (c->status != OGI_ST_REASONS_REQUESTED)
		return;
	c->last_clock_on = e->on;
	c->status = OGI_ST_IN_PROCESS;
	if (ogi_is_date(e->u.reasons.delay_until)) {
		c->delay_until = e->u.reasons.delay_until;
		c->flags |= OGI_DELAYED;
	}
	clock_recompute(c, r);
}

static void payment_period(struct ogi_case *c, const struct ogi_rules *r)
{
	struct ogi_date from =
		ogi_is_date(c->fee_received_on) ? c->fee_received_on : c->fee_noticed_on;
	int days = r->payment_days > 0 ? r->payment_days : PAYMENT_DAYS;
	c->fee_due_on = ogi_working_after(r->calendar, from, days, NULL);
}

void on_fee_noticed(struct ogi_case *c, const struct ogi_event *e, const struct ogi_rules *r)
{
	if (c->status != OGI_ST_IN_PROCESS)
		return;
	c->fee_noticed_on = c->last_clock_on = e->on;
	c->fee_received_on = e->u.fee.received_on;
	c->fee_basis = e->u.fee.basis;
	c->fee_quantity = e->u.fee.quantity;
	c->fee_amount = e->u.fee.amount;
	c->fee_seq = e->seq;
	c->fee_paid = 0;
	payment_period(c, r);
	c->status = OGI_ST_FEE_NOTICED;
	clock_recompute(c, r);
}

void on_fee_paid(struct ogi_case *c, const struct ogi_event *e, const struct ogi_rules *r)
{
	if (c->status != OGI_ST_FEE_NOTICED)
		return;
	c->fee_paid_on = c->last_clock_on = e->on;
	c->fee_paid = e->u.fee.amount;
	c->status = OGI_ST_IN_PROCESS;
	restart(c, e->on);
	clock_recompute(c, r);
}

void on_fee_lapsed(struct ogi_case *c, const struct ogi_event *e, const struct ogi_rules *r)
{
	if (c->status != OGI_ST_FEE_NOTICED)
		return;
	set_outcome(c, OGI_OTHER_FEE_UNPAID, OGI_NO_VARIANT);
	close_case(c, r, e->on);
}

void on_delivered(struct ogi_case *c, const struct ogi_event *e, const struct ogi_rules *r)
{
	int32_t of = e->u.letter.of;
	for (int i = 0; i < c->consultations; i++)
		if (c->consultation[i].seq == of)
			c->consultation[i].received_on = e->on;
	if (c->correction_seq == of) {
		c->correction_served_on = e->on;
		correction_period(c, r);
	}
	if (c->served_seq == of && of > 0)
		c->reply_received_on = e->on;
	if (c->fee_seq == of) {
		c->fee_received_on = e->on;
		payment_period(c, r);
	}
	if (is_handled(c))
		clock_recompute(c, r);
}
