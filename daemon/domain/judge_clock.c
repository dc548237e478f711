/* SPDX-License-Identifier: MulanPSL-2.0 */
/* domain/judge_clock: bodies of the events that stop, restart or lengthen the clock (art. 30,
 * 32 to 35, 42). */
#include "domain/fee.h"
#include "domain/judge.h"

void judge_correction_requested(struct judging *j)
{
	const struct ogi_event *e = j->e;
	if (ogi_is_date(e->u.correction.due_on) && !ogi_before(e->on, e->u.correction.due_on))
		judge_fault(j, "/due_on", FAULT_OUT_OF_ORDER);
	if (j->c->regime == OGI_R2019 && ogi_before(correction_limit(j->c, j->r), e->on))
		j->v->warnings |= OGI_WARN_LATE_CORRECTION;
	judge_approver(j, e->u.correction.approved_by);
}

void judge_consultation_opened(struct judging *j)
{
	const struct ogi_case *c = j->c;
	const struct ogi_event *e = j->e;
	int32_t number = e->u.consultation.consultation;
	struct ogi_date received_on = e->u.consultation.received_on;
	if (!ogi_given(e->u.consultation.party))
		judge_fault(j, "/party", FAULT_REQUIRED);
	if (number != 0 && number != c->consultations + 1)
		judge_fault(j, "/consultation", FAULT_RANGE);
	judge_not_future(j, "/received_on", received_on);
	if (lies_before(received_on, e->on))
		judge_fault(j, "/received_on", FAULT_OUT_OF_ORDER);
	if (c->regime == OGI_R2008 && e->u.consultation.party == OGI_JOINT_AGENCY)
		judge_refuse(j, OGI_WRONG_REGIME);
}

void judge_consultation_closed(struct judging *j)
{
	const struct ogi_case *c = j->c;
	int32_t number = j->e->u.consultation.consultation;
	if (!ogi_given(j->e->u.consultation.opinion))
		judge_fault(j, "/opinion", FAULT_REQUIRED);
	if (only_open_consultation(c) == 0) /* the guard has refused */
		return;
	if (number == 0 && only_open_consultation(c) > 0)
		number = only_open_consultation(c);
	if (number == 0) {
		judge_fault(j, "/consultation", FAULT_REQUIRED);
		return;
	}
	if (number < 0 || number > c->consultations) {
		judge_fault(j, "/consultation", FAULT_RANGE);
		return;
	}
	const struct ogi_consultation *k = &c->consultation[number - 1];
	if (ogi_is_date(k->closed_on))
		judge_refuse(j, OGI_NOT_IN_THIS_STATE);
	/* the party may still answer on the last day of its window */
	if (j->e->u.consultation.opinion == OGI_OPINION_NONE && ogi_is_date(k->window_end) &&
		!ogi_before(k->window_end, j->e->on))
		judge_refuse(j, OGI_NOT_IN_THIS_STATE);
}

void judge_extended(struct judging *j)
{
	const struct ogi_case *c = j->c;
	const struct ogi_event *e = j->e;
	struct ogi_date approved_on = e->u.extended.approved_on;
	struct ogi_date notified_on = e->u.extended.notified_on;
	struct ogi_possible p = { 0 };
	if (!ogi_is_date(notified_on))
		notified_on = e->on;
	judge_not_future(j, "/approved_on", approved_on);
	judge_not_future(j, "/notified_on", notified_on);
	if (lies_before(approved_on, c->request.receipt_date))
		judge_fault(j, "/approved_on", FAULT_OUT_OF_ORDER);
	if (lies_before(notified_on, ogi_later(approved_on, c->request.receipt_date)))
		judge_fault(j, "/notified_on", FAULT_OUT_OF_ORDER);
	enum ogi_refusal refusal =
		guard(c, j->r, OGI_EXTENDED, ogi_later(approved_on, notified_on), &p);
	if ((refusal == OGI_OK || refusal == OGI_TOO_LATE) && e->u.extended.workdays > p.most)
		refusal = OGI_ALREADY_EXTENDED_FULLY;
	if (refusal != OGI_OK)
		judge_refuse(j, refusal);
	judge_approver(j, e->u.extended.approved_by);
	/* the law wants the head's approval of an extension (art. 33 para. 2) */
	if (e->u.extended.approved_by == NULL && j->who != NULL)
		j->v->warnings |= (j->who->roles & OGI_HEAD) != 0
					  ? OGI_WARN_SAME_PERSON
					  : OGI_WARN_APPROVAL_NOT_RECORDED;
}

void judge_reasons_received(struct judging *j)
{
	struct ogi_date delay_until = j->e->u.reasons.delay_until;
	if (!ogi_given(j->e->u.reasons.reasonable))
		judge_fault(j, "/reasonable", FAULT_REQUIRED);
	if (!ogi_is_date(delay_until))
		return;
	if (j->e->u.reasons.reasonable == OGI_NO)
		judge_fault(j, "/delay_until", FAULT_CONTRADICTION);
	if (lies_before(delay_until, j->e->on) || lies_before(delay_until, j->c->due_on))
		judge_fault(j, "/delay_until", FAULT_OUT_OF_ORDER);
}

void judge_fee_noticed(struct judging *j)
{
	const struct ogi_event *e = j->e;
	int64_t amount = e->u.fee.basis == OGI_FEE_PAGES ? ogi_fee_of_pages(e->u.fee.quantity)
							 : ogi_fee_of_item(e->u.fee.quantity);
	if (!ogi_given(e->u.fee.basis))
		judge_fault(j, "/basis", FAULT_REQUIRED);
	else if (amount == 0)
		judge_fault(j, "/quantity", FAULT_RANGE);
	else if (e->u.fee.amount != 0 && e->u.fee.amount != amount)
		judge_fault(j, "/amount", FAULT_AMOUNT);
	judge_not_future(j, "/received_on", e->u.fee.received_on);
	if (lies_before(e->u.fee.received_on, e->on))
		judge_fault(j, "/received_on", FAULT_OUT_OF_ORDER);
	judge_approver(j, e->u.fee.approved_by);
}

void judge_fee_paid(struct judging *j)
{
	if (j->e->u.fee.amount != j->c->fee_amount)
		judge_fault(j, "/amount", FAULT_AMOUNT);
}
