/* SPDX-License-Identifier: MulanPSL-2.0 */
/*
 * domain/case_guard: what the case alone says of a kind of event on a day, before anybody looks
 * at the body. The judgement and the list of what is possible ask the same functions.
 */
#include "domain/fee.h"
#include "domain/judge.h"

enum { CORRECTION_NOTICE_DAYS = 7 }; /* working days after receipt, art. 30 */

struct ogi_date correction_limit(const struct ogi_case *c, const struct ogi_rules *r)
{
	return ogi_working_after(
		r->calendar, c->request.receipt_date, CORRECTION_NOTICE_DAYS, NULL);
}

int only_open_consultation(const struct ogi_case *c)
{
	int found = 0;
	for (int i = 0; i < c->consultations; i++)
		if (!ogi_is_date(c->consultation[i].closed_on))
			found = found == 0 ? i + 1 : -1;
	return found;
}

int only_open_assist(const struct ogi_case *c)
{
	int found = 0;
	for (int i = 0; i < c->assists; i++)
		if ((c->assist_mask & UINT64_C(1) << i) != 0)
			found = found == 0 ? i + 1 : -1;
	return found;
}

int only_open_remedy(const struct ogi_case *c)
{
	int found = 0;
	for (int i = 0; i < c->remedies; i++)
		if (!ogi_is_date(c->remedy[i].concluded_on))
			found = found == 0 ? i + 1 : -1;
	return found;
}

typedef enum ogi_refusal guard_fn(const struct ogi_case *c, const struct ogi_rules *r,
	struct ogi_date on, struct ogi_possible *p);

static enum ogi_refusal extended(const struct ogi_case *c, const struct ogi_rules *r,
	struct ogi_date on, struct ogi_possible *p)
{
	(void)r;
	p->until = ogi_is_date(c->due_on) ? c->due_on : c->latest_due_on;
	p->most = ogi_most_extension(c->regime) - c->extension;
	if (!ogi_is_date(c->due_on) &&
		(!clock_consulting(c) || c->status == OGI_ST_CORRECTION_REQUESTED))
		return OGI_NOT_IN_THIS_STATE;
	if (c->extensions >= OGI_EXTENSIONS)
		return OGI_TOO_MANY;
	if (p->most <= 0)
		return OGI_ALREADY_EXTENDED_FULLY;
	return lies_before(p->until, on) ? OGI_TOO_LATE : OGI_OK;
}

static enum ogi_refusal correction_requested(const struct ogi_case *c,
	const struct ogi_rules *r, struct ogi_date on, struct ogi_possible *p)
{
	(void)r;
	(void)on;
	(void)p;
	if (c->regime == OGI_R2019 && c->corrections > 0)
		return OGI_SECOND_CORRECTION;
	return c->pauses >= OGI_PAUSES ? OGI_TOO_MANY : OGI_OK;
}

static enum ogi_refusal correction_lapsed(const struct ogi_case *c, const struct ogi_rules *r,
	struct ogi_date on, struct ogi_possible *p)
{
	(void)r;
	(void)p;
	return ogi_before(c->correction_due_on, on) ? OGI_OK : OGI_NOT_IN_THIS_STATE;
}

static enum ogi_refusal consultation_opened(const struct ogi_case *c, const struct ogi_rules *r,
	struct ogi_date on, struct ogi_possible *p)
{
	(void)r;
	(void)on;
	(void)p;
	return c->consultations >= OGI_CONSULTATIONS ? OGI_TOO_MANY : OGI_OK;
}

static enum ogi_refusal consultation_closed(const struct ogi_case *c, const struct ogi_rules *r,
	struct ogi_date on, struct ogi_possible *p)
{
	(void)r;
	(void)on;
	(void)p;
	return only_open_consultation(c) == 0 ? OGI_NOT_IN_THIS_STATE : OGI_OK;
}

static enum ogi_refusal assist_requested(const struct ogi_case *c, const struct ogi_rules *r,
	struct ogi_date on, struct ogi_possible *p)
{
	(void)r;
	(void)on;
	(void)p;
	return c->assists >= OGI_ASSISTS ? OGI_TOO_MANY : OGI_OK;
}

static enum ogi_refusal assist_answered(const struct ogi_case *c, const struct ogi_rules *r,
	struct ogi_date on, struct ogi_possible *p)
{
	(void)r;
	(void)on;
	(void)p;
	return c->assists_open == 0 ? OGI_NOT_IN_THIS_STATE : OGI_OK;
}

static enum ogi_refusal reasons_requested(const struct ogi_case *c, const struct ogi_rules *r,
	struct ogi_date on, struct ogi_possible *p)
{
	(void)r;
	(void)on;
	(void)p;
	return c->regime == OGI_R2019 ? OGI_OK : OGI_WRONG_REGIME;
}

static enum ogi_refusal fee_noticed(const struct ogi_case *c, const struct ogi_rules *r,
	struct ogi_date on, struct ogi_possible *p)
{
	(void)r;
	p->until = ogi_is_date(c->due_on) ? c->due_on : c->latest_due_on;
	if (!ogi_fee_applies(c->request.receipt_date))
		return OGI_WRONG_REGIME;
	return lies_before(p->until, on) ? OGI_TOO_LATE : OGI_OK;
}

static enum ogi_refusal fee_lapsed(const struct ogi_case *c, const struct ogi_rules *r,
	struct ogi_date on, struct ogi_possible *p)
{
	(void)r;
	(void)p;
	return ogi_before(c->fee_due_on, on) ? OGI_OK : OGI_NOT_IN_THIS_STATE;
}

/* Returning and approving answer a proposal. */
static enum ogi_refusal proposal_answered(const struct ogi_case *c, const struct ogi_rules *r,
	struct ogi_date on, struct ogi_possible *p)
{
	(void)r;
	(void)on;
	(void)p;
	return c->proposed ? OGI_OK : OGI_NOT_IN_THIS_STATE;
}

static enum ogi_refusal served(const struct ogi_case *c, const struct ogi_rules *r,
	struct ogi_date on, struct ogi_possible *p)
{
	(void)r;
	(void)on;
	(void)p;
	return c->status == OGI_ST_DECIDED || c->returned ? OGI_OK : OGI_NOT_IN_THIS_STATE;
}

static enum ogi_refusal remedy_filed(const struct ogi_case *c, const struct ogi_rules *r,
	struct ogi_date on, struct ogi_possible *p)
{
	(void)r;
	(void)on;
	(void)p;
	return c->remedies >= OGI_REMEDIES ? OGI_TOO_MANY : OGI_OK;
}

static enum ogi_refusal remedy_concluded(const struct ogi_case *c, const struct ogi_rules *r,
	struct ogi_date on, struct ogi_possible *p)
{
	(void)r;
	(void)on;
	(void)p;
	return only_open_remedy(c) == 0 ? OGI_NOT_IN_THIS_STATE : OGI_OK;
}

static enum ogi_refusal reopened(const struct ogi_case *c, const struct ogi_rules *r,
	struct ogi_date on, struct ogi_possible *p)
{
	(void)r;
	(void)on;
	(void)p;
	return c->runs >= OGI_RUNS ? OGI_TOO_MANY : OGI_OK;
}

/* At once after registration: nothing has been done that the parts could not carry on. */
static enum ogi_refusal split(const struct ogi_case *c, const struct ogi_rules *r,
	struct ogi_date on, struct ogi_possible *p)
{
	(void)r;
	(void)on;
	(void)p;
	bool handled = c->runs > 1 || c->corrections > 0 || c->consultations > 0 ||
		       c->extensions > 0 || c->assists > 0 || ogi_is_date(c->reasons_on) ||
		       ogi_is_date(c->fee_noticed_on);
	return handled ? OGI_NOT_IN_THIS_STATE : OGI_OK;
}

static guard_fn *const guards[OGI_EVENT_KINDS] = {
	[OGI_CORRECTION_REQUESTED] = correction_requested,
	[OGI_CORRECTION_LAPSED] = correction_lapsed,
	[OGI_CONSULTATION_OPENED] = consultation_opened,
	[OGI_CONSULTATION_CLOSED] = consultation_closed,
	[OGI_ASSIST_REQUESTED] = assist_requested,
	[OGI_ASSIST_ANSWERED] = assist_answered,
	[OGI_EXTENDED] = extended,
	[OGI_REASONS_REQUESTED] = reasons_requested,
	[OGI_FEE_NOTICED] = fee_noticed,
	[OGI_FEE_LAPSED] = fee_lapsed,
	[OGI_RETURNED_TO_HANDLER] = proposal_answered,
	[OGI_APPROVED] = proposal_answered,
	[OGI_SERVED] = served,
	[OGI_SPLIT] = split,
	[OGI_REMEDY_FILED] = remedy_filed,
	[OGI_REMEDY_CONCLUDED] = remedy_concluded,
	[OGI_REOPENED] = reopened,
};

enum ogi_refusal guard(const struct ogi_case *c, const struct ogi_rules *r,
	enum ogi_event_kind kind, struct ogi_date on, struct ogi_possible *ret_possible)
{
	return guards[kind] != NULL ? guards[kind](c, r, on, ret_possible) : OGI_OK;
}
