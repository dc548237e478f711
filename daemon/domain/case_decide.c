/* SPDX-License-Identifier: MulanPSL-2.0 */
/* domain/case_decide: the guards of contract-cases §1 to §6, judged once, when an event is
 * recorded. */
#include "domain/judge.h"

#include <string.h>

void judge_fault(struct judging *j, const char *pointer, enum judge_fault fault)
{
	struct ogi_verdict *v = j->v;
	if (v->faults == (int)(sizeof v->fault / sizeof v->fault[0]))
		return;
	const struct ogi_warning_text *t = &judge_faults[fault];
	v->fault[v->faults++] = (struct ogi_fault){ pointer, t->code, t->zh, t->en };
}

void judge_refuse(struct judging *j, enum ogi_refusal refusal)
{
	if (j->v->refusal == OGI_OK)
		j->v->refusal = refusal;
}

void judge_not_future(struct judging *j, const char *pointer, struct ogi_date date)
{
	if (ogi_before(j->r->today, date))
		judge_fault(j, pointer, FAULT_FUTURE_DATE);
}

bool lies_before(struct ogi_date date, struct ogi_date bound)
{
	return ogi_is_date(date) && ogi_before(date, bound);
}

void judge_approver(struct judging *j, const char *approved_by)
{
	const struct ogi_asking *who = j->who;
	if (who == NULL || approved_by == NULL)
		return;
	if (text_same(approved_by, who->login))
		j->v->warnings |= OGI_WARN_SAME_PERSON;
	if (!who->approver_unknown && who->approver_is_head)
		return;
	if (j->e->historic)
		j->v->warnings |= OGI_WARN_APPROVAL_NOT_RECORDED;
	else if (who->approver_unknown)
		judge_fault(j, "/approved_by", FAULT_UNKNOWN_PERSON);
	else
		judge_refuse(j, OGI_NOT_APPROVED);
}

/* ---- arms ---- */

static void judge_assigned(struct judging *j)
{
	if (j->who != NULL && j->who->person_unknown)
		judge_fault(j, "/to", FAULT_UNKNOWN_PERSON);
}

static void judge_assist_requested(struct judging *j)
{
	int32_t number = j->e->u.assist.assist;
	if (number != 0 && number != j->c->assists + 1)
		judge_fault(j, "/assist", FAULT_RANGE);
	if (lies_before(j->e->u.assist.due_on, j->e->on))
		judge_fault(j, "/due_on", FAULT_OUT_OF_ORDER);
}

/* The number of something open: not given it must be the only one; false when there is a fault.
 */
static bool judge_open_number(
	struct judging *j, const char *pointer, int32_t number, int only, int32_t count)
{
	if (number == 0 && only < 0)
		judge_fault(j, pointer, FAULT_REQUIRED);
	else if (number > count)
		judge_fault(j, pointer, FAULT_RANGE);
	else
		return true;
	return false;
}

static void judge_assist_answered(struct judging *j)
{
	int32_t number = j->e->u.assist.assist;
	if (judge_open_number(j, "/assist", number, only_open_assist(j->c), j->c->assists) &&
		number != 0 && (j->c->assist_mask & UINT64_C(1) << (number - 1)) == 0)
		judge_refuse(j, OGI_NOT_IN_THIS_STATE);
}

static bool mentions(const struct ogi_decision *d, const char *what)
{
	if (d->reason != NULL && strstr(d->reason, what) != NULL)
		return true;
	for (int i = 0; i < d->basis.count; i++)
		if (strstr(d->basis.item[i], what) != NULL)
			return true;
	return false;
}

/* Label and reason of different rows are allowed, but said (D:outcomes §3.3). */
static void warn_of_reason(struct judging *j, const struct ogi_decision *d)
{
	const char *form = ogi_outcome_form(d->outcome, d->variant);
	if (form != NULL && d->outcome_form != NULL && !text_same(form, d->outcome_form))
		j->v->warnings |= OGI_WARN_LABEL_REASON;
	/* 国办发〔2010〕5号 §2: internal or process information, not another agency's */
	if ((d->outcome == OGI_LEGACY_NOT_THIS_AGENCY ||
		    d->variant == OGI_UNABLE_NOT_THIS_AGENCY) &&
		mentions(d, "〔2010〕5号"))
		j->v->warnings |= OGI_WARN_LABEL_REASON;
}

static void judge_outcome(struct judging *j, const struct ogi_decision *d)
{
	unsigned flags = ogi_outcome_flags(d->outcome, d->variant);
	if (!ogi_given(d->outcome)) {
		judge_fault(j, "/outcome", FAULT_REQUIRED);
		return;
	}
	if (!ogi_outcome_valid(d->outcome, j->e->on))
		judge_fault(j, "/outcome", FAULT_OUTCOME_NOT_VALID);
	if (ogi_given(d->variant) && ogi_variants[d->variant].outcome != d->outcome)
		judge_fault(j, "/variant", FAULT_VARIANT);
	if ((flags & OGI_BY_SYSTEM) != 0)
		judge_fault(
			j, ogi_given(d->variant) ? "/variant" : "/outcome", FAULT_SET_BY_EVENT);
	if (d->outcome_form != NULL) {
		int form = ogi_outcome_find(d->outcome_form);
		if (form < 0)
			judge_fault(j, "/outcome_form", FAULT_UNKNOWN_CODE);
		else if (((ogi_outcomes[form].flags ^ ogi_outcomes[d->outcome].flags) &
				 OGI_LEGACY) == 0)
			judge_fault(j, "/outcome_form", FAULT_CONTRADICTION);
	}
	if ((flags & OGI_NEEDS_REASON) != 0 && d->reason == NULL) {
		if (j->e->historic)
			j->v->warnings |= OGI_WARN_REASON_MISSING;
		else if (j->who != NULL) /* judged again later the text may be destroyed */
			judge_fault(j, "/reason", FAULT_REQUIRED);
	}
	warn_of_reason(j, d);
}

static void judge_proposed(struct judging *j)
{
	judge_outcome(j, &j->e->u.decided);
}

static bool needs_sign_off(const struct judging *j)
{
	const struct ogi_rules *r = j->r;
	if (r->periods == 0)
		return r->sign_off;
	return ogi_period_on(r->period, r->periods, j->e->on)->value[OGI_SET_SIGN_OFF] != 0;
}

static void judge_decided(struct judging *j)
{
	const struct ogi_decision *d = &j->e->u.decided;
	bool historic = j->e->historic;
	unsigned flags = ogi_outcome_flags(d->outcome, d->variant);
	judge_outcome(j, d);
	if ((flags & OGI_NOT_WHILE_CONSULTING) != 0 && (j->c->flags & OGI_CONSULTING) != 0)
		judge_refuse(j, OGI_CONSULTATION_OPEN);
	if ((flags & OGI_DISCLOSES) != 0 && j->c->review != OGI_PASSED) {
		if (historic)
			j->v->warnings |= OGI_WARN_REVIEW_MISSING;
		else
			judge_refuse(j, OGI_REVIEW_MISSING);
	}
	if (needs_sign_off(j) && !j->c->approved && j->who != NULL) {
		if (historic)
			j->v->warnings |= OGI_WARN_APPROVAL_NOT_RECORDED;
		else
			judge_refuse(j, OGI_SIGN_OFF_MISSING);
	}
}

static void judge_served(struct judging *j)
{
	if (!ogi_given(j->e->u.served.by))
		judge_fault(j, "/by", FAULT_REQUIRED);
	if (lies_before(j->c->due_on, j->e->on))
		j->v->warnings |= OGI_WARN_REPLIED_LATE;
}

static bool is_letter(int32_t kind)
{
	return kind == OGI_CORRECTION_REQUESTED || kind == OGI_CONSULTATION_OPENED ||
	       kind == OGI_ASSIST_REQUESTED || kind == OGI_EXTENDED ||
	       kind == OGI_REASONS_REQUESTED || kind == OGI_FEE_NOTICED || kind == OGI_SERVED ||
	       kind == OGI_DOCUMENT_ISSUED;
}

static void judge_letter(struct judging *j)
{
	const struct ogi_event *letter = history_find(j->h, j->e->u.letter.of, NULL);
	if (!ogi_is_date(j->e->on))
		judge_fault(j, "/on", FAULT_REQUIRED);
	if (letter == NULL || history_retracted(j->h, letter->seq))
		judge_fault(j, "/of", FAULT_UNKNOWN_EVENT);
	else if (!is_letter(letter->kind))
		judge_fault(j, "/of", FAULT_NOT_A_LETTER);
	else if (lies_before(j->e->on, letter->on))
		judge_fault(j, "/on", FAULT_OUT_OF_ORDER);
}

static void judge_noted(struct judging *j)
{
	if (j->e->note == NULL && j->who != NULL)
		judge_fault(j, "/note", FAULT_REQUIRED);
}

static void judge_remedy_filed(struct judging *j)
{
	const struct ogi_event *e = j->e;
	struct ogi_date accepted_on = e->u.remedy.accepted_on;
	struct ogi_date copy_received_on = e->u.remedy.copy_received_on;
	if (!ogi_given(e->u.remedy.remedy_kind))
		judge_fault(j, "/remedy_kind", FAULT_REQUIRED);
	if (e->u.remedy.remedy != 0 && e->u.remedy.remedy != j->c->remedies + 1)
		judge_fault(j, "/remedy", FAULT_RANGE);
	judge_not_future(j, "/accepted_on", accepted_on);
	judge_not_future(j, "/copy_received_on", copy_received_on);
	if (lies_before(accepted_on, e->on))
		judge_fault(j, "/accepted_on", FAULT_OUT_OF_ORDER);
	if (lies_before(copy_received_on, e->on))
		judge_fault(j, "/copy_received_on", FAULT_OUT_OF_ORDER);
}

static void judge_remedy_concluded(struct judging *j)
{
	int32_t number = j->e->u.remedy.remedy;
	if (!ogi_given(j->e->u.remedy.result))
		judge_fault(j, "/result", FAULT_REQUIRED);
	if (!judge_open_number(j, "/remedy", number, only_open_remedy(j->c), j->c->remedies))
		return;
	if (number == 0)
		number = only_open_remedy(j->c);
	if (number == 0)
		return;
	if (ogi_is_date(j->c->remedy[number - 1].concluded_on))
		judge_refuse(j, OGI_NOT_IN_THIS_STATE);
	if (ogi_before(j->e->on, j->c->remedy[number - 1].filed_on))
		judge_fault(j, "/on", FAULT_OUT_OF_ORDER);
}

static void judge_target(struct judging *j, const char *pointer, enum judge_fault unknown)
{
	if (j->who == NULL) /* judged when it was recorded */
		return;
	switch (j->who->target) {
	case OGI_TARGET_FITS:
		return;
	case OGI_TARGET_UNKNOWN:
		judge_fault(j, pointer, unknown);
		return;
	case OGI_TARGET_ITSELF:
		judge_fault(j, pointer, FAULT_CONTRADICTION);
		return;
	case OGI_TARGET_VOID:
		judge_fault(j, pointer, FAULT_VOID_CASE);
		return;
	case OGI_TARGET_ELSEWISE:
		judge_fault(j, pointer, FAULT_NOT_SAME_REQUEST);
		return;
	}
}

static void judge_merged(struct judging *j)
{
	judge_target(j, "/into", FAULT_NO_SUCH_CASE);
}

static void judge_handed_over(struct judging *j)
{
	judge_target(j, "/to_org", FAULT_NO_SUCH_ORG);
}

static void judge_reopened(struct judging *j)
{
	if (ogi_before(j->e->u.reopened.redo_due_on, j->e->on))
		judge_fault(j, "/redo_due_on", FAULT_OUT_OF_ORDER);
	if (j->e->u.reopened.remedy > j->c->remedies)
		judge_fault(j, "/remedy", FAULT_RANGE);
}

typedef void judge_fn(struct judging *j);

/* Kinds without an arm have no guard of their own. */
static judge_fn *const arms[OGI_EVENT_KINDS] = {
	[OGI_ARRIVED] = judge_request,
	[OGI_REGISTERED] = judge_request,
	[OGI_RECEIPT_CONFIRMED] = judge_request,
	[OGI_ASSIGNED] = judge_assigned,
	[OGI_CORRECTION_REQUESTED] = judge_correction_requested,
	[OGI_CONSULTATION_OPENED] = judge_consultation_opened,
	[OGI_CONSULTATION_CLOSED] = judge_consultation_closed,
	[OGI_ASSIST_REQUESTED] = judge_assist_requested,
	[OGI_ASSIST_ANSWERED] = judge_assist_answered,
	[OGI_EXTENDED] = judge_extended,
	[OGI_REASONS_RECEIVED] = judge_reasons_received,
	[OGI_FEE_NOTICED] = judge_fee_noticed,
	[OGI_FEE_PAID] = judge_fee_paid,
	[OGI_PROPOSED] = judge_proposed,
	[OGI_DECIDED] = judge_decided,
	[OGI_SERVED] = judge_served,
	[OGI_DELIVERED] = judge_letter,
	[OGI_RETURNED] = judge_letter,
	[OGI_MERGED] = judge_merged,
	[OGI_HANDED_OVER] = judge_handed_over,
	[OGI_REMEDY_FILED] = judge_remedy_filed,
	[OGI_REMEDY_CONCLUDED] = judge_remedy_concluded,
	[OGI_REOPENED] = judge_reopened,
	[OGI_AMENDED] = judge_change,
	[OGI_RETRACTED] = judge_change,
	[OGI_DOCUMENT_ISSUED] = judge_document,
	[OGI_REMINDED] = judge_assigned,
	[OGI_NOTED] = judge_noted,
};

/* ---- one judgement ---- */

static bool may(struct judging *j, enum ogi_event_kind kind)
{
	if (j->who == NULL)
		return true;
	unsigned roles = j->row != NULL ? j->row->roles : ogi_event_roles(kind);
	if (!j->who->own_organisation)
		roles = j->row != NULL ? j->row->subtree_roles : 0;
	j->v->roles = roles;
	return (roles & j->who->roles) != 0;
}

/* `on` against the case's own dates (contract-cases §1.2); of a request the facts are judged
 * instead. */
static void judge_order(struct judging *j)
{
	const struct ogi_case *c = j->c;
	struct ogi_date on = j->e->on;
	if (j->e->kind == OGI_ARRIVED || j->e->kind == OGI_REGISTERED ||
		j->e->kind == OGI_RECEIPT_CONFIRMED)
		return;
	struct ogi_date first = c->request.receipt_date;
	if (!ogi_is_date(first))
		first = c->request.arrived_on;
	if (lies_before(on, first) ||
		(j->row->touches_clock && lies_before(on, c->last_clock_on)))
		judge_fault(j, "/on", FAULT_OUT_OF_ORDER);
}

void ogi_case_decide(const struct ogi_case *c, const struct ogi_history *h,
	const struct ogi_event *e, const struct ogi_rules *r, const struct ogi_asking *who,
	struct ogi_verdict *ret_verdict)
{
	memset(ret_verdict, 0, sizeof *ret_verdict);
	enum ogi_event_kind kind = (enum ogi_event_kind)e->kind;
	const struct ogi_transition_row *row = ogi_lifecycle_row(kind, c->status);
	struct ogi_rules own;
	r = ogi_rules_for(r, c->request.receipt_date, &own);
	struct judging j = {
		.c = c, .h = h, .e = e, .r = r, .who = who, .row = row, .v = ret_verdict
	};
	ret_verdict->article = row != NULL ? row->article : NULL;
	if (!may(&j, kind)) {
		ret_verdict->refusal = OGI_ROLE_REQUIRED;
		return;
	}
	ret_verdict->roles = 0;
	bool by_facts =
		kind == OGI_ARRIVED || kind == OGI_REGISTERED || kind == OGI_RECEIPT_CONFIRMED;
	if (!by_facts || row == NULL)
		judge_not_future(&j, "/on", e->on);
	if (row == NULL) {
		ret_verdict->refusal =
			ret_verdict->faults > 0 ? OGI_INVALID : OGI_NOT_IN_THIS_STATE;
		return;
	}
	judge_order(&j);
	struct ogi_possible possible = { 0 };
	enum ogi_refusal refusal = kind == OGI_EXTENDED /* judged by the day of its notice */
					   ? OGI_OK
					   : guard(c, r, kind, e->on, &possible);
	judge_refuse(&j, refusal);
	if (arms[kind] != NULL)
		arms[kind](&j);
	if (ret_verdict->faults > 0)
		ret_verdict->refusal = OGI_INVALID;
	if (ret_verdict->refusal != OGI_OK)
		ret_verdict->warnings = 0;
}
