/* SPDX-License-Identifier: MulanPSL-2.0 */
/* domain/complete: what a body may leave out. Facts are filled in, derived dates are not: the
 * fold derives them again. */
#include "domain/fee.h"
#include "domain/judge.h"

/* Today, or the day it was signed for or confirmed when that lies before: it cannot have come
 * later. */
static struct ogi_date arrival(const struct ogi_request *q, const struct ogi_rules *r)
{
	struct ogi_date day = r->today;
	if (ogi_is_date(q->signed_on))
		day = ogi_earlier(day, q->signed_on);
	return ogi_is_date(q->confirmed_on) ? ogi_earlier(day, q->confirmed_on) : day;
}

static void complete_request(struct ogi_event *e, const struct ogi_rules *r)
{
	struct ogi_request *q = &e->u.request;
	if (!ogi_given(q->via) && ogi_given(q->channel))
		q->via = (int32_t)ogi_default_via((enum ogi_channel)q->channel);
	if (!ogi_is_date(q->arrived_on) && ogi_given(q->channel))
		q->arrived_on = arrival(q, r);
	bool waits = ogi_given(q->channel) &&
		     ogi_receipt_by_confirmation(
			     (enum ogi_channel)q->channel, (enum ogi_via)q->via, q->arrived_on);
	/* "confirmed" without a date can only be meant of a request that came today */
	if (waits && q->confirmed == OGI_YES && !ogi_is_date(q->confirmed_on) &&
		q->arrived_on.day == r->today.day)
		q->confirmed_on = r->today;
	bool known = !waits || ogi_is_date(q->confirmed_on) || ogi_is_date(q->receipt_date) ||
		     q->confirmed == OGI_YES;
	e->kind = known && q->confirmed != OGI_NO ? OGI_REGISTERED : OGI_ARRIVED;
	q->has_identity = q->has_identity || q->applicant.id_number != NULL;
	if (e->kind == OGI_ARRIVED) {
		e->on = q->arrived_on;
		return;
	}
	struct ogi_request without = *q;
	without.receipt_date = (struct ogi_date){ 0 };
	/* a given date that says nothing new would hold the case when its facts are amended */
	if (!e->historic && request_receipt(&without).day == q->receipt_date.day)
		q->receipt_date = (struct ogi_date){ 0 };
	e->on = request_receipt(q);
	if (!ogi_is_date(e->on))
		e->on = q->arrived_on;
	if (!ogi_is_date(q->registered_on))
		q->registered_on = e->historic ? e->on : r->today;
}

static void complete_confirmation(
	struct ogi_event *e, const struct ogi_case *c, const struct ogi_rules *r)
{
	struct ogi_request *q = &e->u.request;
	q->has_identity = q->has_identity || q->applicant.id_number != NULL;
	struct ogi_request facts = c->request;
	facts.registered_on = (struct ogi_date){ 0 };
	request_confirm(&facts, e);
	if (!ogi_is_date(q->registered_on))
		q->registered_on = c->request.registered_on;
	if (!ogi_is_date(q->registered_on))
		q->registered_on = e->historic ? request_receipt(&facts) : r->today;
}

/* An amended text of a person does not belong into the chain. */
static void complete_amendment(struct ogi_event *e)
{
	bool personal = ogi_field_is_personal(e->u.change.field);
	const char *to = e->u.change.to != NULL ? e->u.change.to : e->u.change.to_text;
	e->u.change.to = personal ? NULL : to;
	e->u.change.to_text = personal ? to : NULL;
}

static void complete_fee(struct ogi_event *e)
{
	int64_t amount = e->u.fee.basis == OGI_FEE_PAGES ? ogi_fee_of_pages(e->u.fee.quantity)
							 : ogi_fee_of_item(e->u.fee.quantity);
	if (e->u.fee.amount == 0)
		e->u.fee.amount = (int32_t)amount;
}

static void next_or_only(int32_t *number, bool opens, int32_t count, int only)
{
	if (*number == 0)
		*number = opens ? count + 1 : only > 0 ? only : 0;
}

/* Numbers of consultations, assistance and remedies: the next free one, or the only one that is
 * open. */
static void complete_number(struct ogi_event *e, const struct ogi_case *c)
{
	if (e->kind == OGI_CONSULTATION_OPENED || e->kind == OGI_CONSULTATION_CLOSED)
		next_or_only(&e->u.consultation.consultation,
			e->kind == OGI_CONSULTATION_OPENED, c->consultations,
			only_open_consultation(c));
	if (e->kind == OGI_ASSIST_REQUESTED || e->kind == OGI_ASSIST_ANSWERED)
		next_or_only(&e->u.assist.assist, e->kind == OGI_ASSIST_REQUESTED, c->assists,
			only_open_assist(c));
	if (e->kind == OGI_REMEDY_FILED || e->kind == OGI_REMEDY_CONCLUDED)
		next_or_only(&e->u.remedy.remedy, e->kind == OGI_REMEDY_FILED, c->remedies,
			only_open_remedy(c));
	if (e->kind == OGI_REMEDY_FILED && !ogi_is_date(e->u.remedy.accepted_on))
		e->u.remedy.accepted_on = e->on;
}

void ogi_event_complete(
	struct ogi_event *e, const struct ogi_case *c, const struct ogi_rules *r)
{
	if (e->kind == OGI_ARRIVED || e->kind == OGI_REGISTERED) {
		complete_request(e, r);
		return;
	}
	/* when a letter came or came back is a fact that nobody can guess */
	bool told = e->kind == OGI_DELIVERED || e->kind == OGI_RETURNED;
	if (!ogi_is_date(e->on) && !told)
		e->on = r->today;
	if (e->kind == OGI_RECEIPT_CONFIRMED)
		complete_confirmation(e, c, r);
	else if (e->kind == OGI_EXTENDED && !ogi_is_date(e->u.extended.notified_on))
		e->u.extended.notified_on = e->on;
	else if (e->kind == OGI_FEE_NOTICED)
		complete_fee(e);
	else if (e->kind == OGI_AMENDED)
		complete_amendment(e);
	else
		complete_number(e, c);
}
