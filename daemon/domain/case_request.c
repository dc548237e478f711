/* SPDX-License-Identifier: MulanPSL-2.0 */
/* domain/case_request: what must be true of a request when it arrives and when it is registered
 * (contract-cases §2, §3). */
#include "domain/judge.h"

#include <string.h>

static int32_t none_as_zero(int32_t code)
{
	return ogi_given(code) ? code : 0;
}

void request_settle(struct ogi_request *q)
{
	q->channel = none_as_zero(q->channel);
	q->via = none_as_zero(q->via);
	q->medium = none_as_zero(q->medium);
	q->delivery = none_as_zero(q->delivery);
	q->confirmed = none_as_zero(q->confirmed);
	q->applicant.kind = none_as_zero(q->applicant.kind);
	q->applicant.id_kind = none_as_zero(q->applicant.id_kind);
	if (q->channel == OGI_LETTER && q->via == OGI_MAIL_SIGNED && !ogi_is_date(q->signed_on))
		q->signed_on = q->arrived_on;
}

void request_confirm(struct ogi_request *facts, const struct ogi_event *e)
{
	struct ogi_event whole = { .kind = e->kind };
	whole.u.request = *facts;
	ogi_fields_merge(ogi_event_fields(OGI_RECEIPT_CONFIRMED), &whole, e);
	*facts = whole.u.request;
	facts->confirmed_on = e->on;
	facts->confirmed = OGI_YES;
	facts->has_identity = facts->has_identity || e->u.request.has_identity;
	if (e->u.request.serial != 0) {
		facts->year = e->u.request.year;
		facts->serial = e->u.request.serial;
	}
	request_settle(facts);
}

static struct ogi_date derived(const struct ogi_request *q)
{
	struct ogi_request s = *q;
	request_settle(&s);
	return ogi_receipt_date((enum ogi_channel)s.channel, (enum ogi_via)s.via, s.arrived_on,
		s.signed_on, s.confirmed_on);
}

struct ogi_date request_receipt(const struct ogi_request *facts)
{
	return ogi_is_date(facts->receipt_date) ? facts->receipt_date : derived(facts);
}

static bool by_confirmation(const struct ogi_request *q)
{
	return ogi_given(q->channel) &&
	       ogi_receipt_by_confirmation((enum ogi_channel)q->channel,
		       ogi_given(q->via) ? (enum ogi_via)q->via : OGI_VIA_NONE, q->arrived_on);
}

uint32_t request_warnings(const struct ogi_request *q, int regime, const struct ogi_rules *r)
{
	uint32_t warnings = 0;
	if (regime == OGI_R2019 && !q->has_identity)
		warnings |= OGI_WARN_IDENTITY_MISSING;
	if (by_confirmation(q) && ogi_is_date(q->confirmed_on) && ogi_is_date(q->arrived_on) &&
		ogi_before(ogi_working_after(r->calendar, q->arrived_on, 1, NULL),
			q->confirmed_on))
		warnings |= OGI_WARN_LATE_CONFIRMATION;
	return warnings;
}

/* ---- judging ---- */

static void judge_who(struct judging *j, const struct ogi_request *q)
{
	const struct ogi_applicant *a = &q->applicant;
	/* only a number that comes with this body is readable: a recorded one is sealed */
	if (j->who != NULL && !identity_fits(a->id_kind, j->e->u.request.applicant.id_number))
		judge_fault(j, "/applicant/id_number", FAULT_CHECKSUM);
	if (a->agent.name == NULL && (a->agent.phone != NULL || a->agent.authority != NULL))
		judge_fault(j, "/applicant/agent/name", FAULT_REQUIRED);
	if (j->who != NULL && j->who->person_unknown && q->assignee != NULL)
		judge_fault(j, "/assignee", FAULT_UNKNOWN_PERSON);
	const struct ogi_attempt *attempt = q->evidence.attempts.item;
	for (int i = 0; i < q->evidence.attempts.count; i++)
		if (ogi_before(j->r->today, attempt[i].on)) {
			judge_fault(j, "/evidence/attempts", FAULT_FUTURE_DATE);
			break;
		}
}

/* `confirmed`: where the body says when it was confirmed. */
static void judge_facts(struct judging *j, const struct ogi_request *q, const char *confirmed)
{
	if (!ogi_given(q->channel))
		judge_fault(j, "/channel", FAULT_REQUIRED);
	else if (!ogi_via_fits(
			 (enum ogi_channel)q->channel, (enum ogi_via)none_as_zero(q->via)))
		judge_fault(j, "/via", FAULT_CONTRADICTION);
	judge_not_future(j, "/arrived_on", q->arrived_on);
	judge_not_future(j, "/signed_on", q->signed_on);
	judge_not_future(j, confirmed, q->confirmed_on);
	judge_not_future(j, "/receipt_date", q->receipt_date);
	judge_not_future(j, "/registered_on", q->registered_on);
	if (ogi_is_date(q->signed_on) &&
		(q->channel != OGI_LETTER || q->via != OGI_MAIL_SIGNED ||
			ogi_before(q->signed_on, q->arrived_on)))
		judge_fault(j, "/signed_on", FAULT_CONTRADICTION);
	if (ogi_is_date(q->confirmed_on) && ogi_before(q->confirmed_on, q->arrived_on))
		judge_fault(j, confirmed, FAULT_OUT_OF_ORDER);
	judge_who(j, q);
}

/* The pointer of the fact the receipt date hangs on. */
static const char *receipt_pointer(const struct ogi_request *q, const char *confirmed)
{
	if (ogi_is_date(q->receipt_date))
		return "/receipt_date";
	if (by_confirmation(q))
		return confirmed;
	return q->via == OGI_MAIL_SIGNED && ogi_is_date(q->signed_on) ? "/signed_on"
								      : "/arrived_on";
}

static void judge_receipt(struct judging *j, const struct ogi_request *q, const char *confirmed)
{
	struct ogi_date known = derived(q), receipt = request_receipt(q);
	bool historic = j->e->historic;
	if (!ogi_is_date(known) && by_confirmation(q) && (!historic || !ogi_is_date(receipt)))
		judge_fault(j, confirmed, FAULT_REQUIRED);
	else if (!historic && ogi_is_date(q->receipt_date) && q->receipt_date.day != known.day)
		judge_fault(j, "/receipt_date", FAULT_RECEIPT_DATE);
	if (!ogi_is_date(receipt))
		return;
	if (ogi_regime_on(receipt) == OGI_REGIME_NONE)
		judge_fault(j, receipt_pointer(q, confirmed), FAULT_BEFORE_REGULATIONS);
	/* a receipt in the future has its own fault */
	if (!historic && ogi_is_date(q->registered_on) &&
		ogi_before(q->registered_on, receipt) && !ogi_before(j->r->today, receipt))
		judge_fault(j, "/registered_on", FAULT_OUT_OF_ORDER);
}

/* What an arrival may lack and a registered request may not (art. 29). */
static void judge_content(struct judging *j, const struct ogi_request *q)
{
	const struct ogi_applicant *a = &q->applicant;
	struct ogi_date receipt = request_receipt(q);
	struct ogi_date unknown_until = ogi_applicant_kinds[OGI_APPLICANT_UNKNOWN].valid_to;
	if (!ogi_given(a->kind))
		judge_fault(j, "/applicant/kind", FAULT_REQUIRED);
	else if (a->kind == OGI_APPLICANT_UNKNOWN &&
		 (!j->e->historic || ogi_before(unknown_until, receipt)))
		judge_fault(j, "/applicant/kind", FAULT_UNKNOWN_CODE);
	if (a->name == NULL)
		judge_fault(j, "/applicant/name", FAULT_REQUIRED);
	if (q->description == NULL)
		judge_fault(j, "/description", FAULT_REQUIRED);
	if (a->phone == NULL && a->email == NULL && a->address == NULL) {
		if (j->e->historic)
			j->v->warnings |= OGI_WARN_CONTACT_MISSING;
		else
			judge_fault(j, "/applicant/phone", FAULT_REQUIRED);
	}
}

void judge_request(struct judging *j)
{
	const char *confirmed = "/confirmed_on";
	struct ogi_request q = j->e->u.request;
	if (j->e->kind == OGI_RECEIPT_CONFIRMED) {
		confirmed = "/on";
		q = j->c->request;
		request_confirm(&q, j->e);
	}
	judge_facts(j, &q, confirmed);
	if (j->e->kind == OGI_ARRIVED) {
		if (q.confirmed == OGI_NO && ogi_is_date(q.confirmed_on))
			judge_fault(j, "/confirmed", FAULT_CONTRADICTION);
		if (ogi_is_date(q.receipt_date) && !j->e->historic)
			judge_fault(j, "/receipt_date", FAULT_CONTRADICTION);
		return;
	}
	judge_receipt(j, &q, confirmed);
	judge_content(j, &q);
	struct ogi_date receipt = request_receipt(&q);
	struct ogi_rules own;
	const struct ogi_rules *r = ogi_rules_for(j->r, receipt, &own);
	if (ogi_is_date(receipt) && j->v->faults == 0)
		j->v->warnings |=
			request_warnings(&q, regime_of(receipt, (struct ogi_date){ 0 }, r), r);
}
