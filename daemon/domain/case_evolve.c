/* SPDX-License-Identifier: MulanPSL-2.0 */
/* domain/case_evolve: takes recorded events into the case. Never refuses: what was recorded
 * stays recorded. */
#include "domain/judge.h"

#include <string.h>

static void begin_run(struct ogi_case *c, struct ogi_date start)
{
	c->run_start = c->last_clock_on = start;
	c->extension = 0;
	c->flags &= ~(unsigned)OGI_EXTENDED_FLAG;
	if (c->runs < OGI_RUNS)
		c->run[c->runs++] = (struct ogi_run){ .started_on = start };
}

static void close_case(struct ogi_case *c, const struct ogi_rules *r, struct ogi_date on)
{
	c->closed_on = c->last_clock_on = on;
	clock_recompute(c, r);
	struct ogi_run *run = &c->run[c->runs > 0 ? c->runs - 1 : 0];
	run->due_on = c->due_on;
	run->closed_on = on;
	run->outcome = c->outcome;
	run->variant = c->variant;
	if (!ogi_is_date(c->first_closed_on)) {
		c->first_closed_on = on;
		c->first_outcome = c->outcome;
		c->first_variant = c->variant;
		c->first_due_on = c->due_on;
		c->first_base_due_on = clock_base_due(c, r);
	}
	if (ogi_is_date(c->due_on) && ogi_is_date(c->effective_reply_date) &&
		ogi_before(c->due_on, c->effective_reply_date))
		c->warnings |= OGI_WARN_REPLIED_LATE;
	c->flags &= ~(unsigned)OGI_CONSULTING;
	c->status = OGI_ST_CLOSED;
}

static void register_case(
	struct ogi_case *c, const struct ogi_event *e, const struct ogi_rules *r)
{
	struct ogi_date receipt = request_receipt(&c->request);
	c->request.receipt_date = ogi_is_date(receipt) ? receipt : e->on;
	c->status = OGI_ST_IN_PROCESS;
	begin_run(c, c->request.receipt_date);
	clock_recompute(c, r);
	c->warnings |= request_warnings(&c->request, c->regime, r);
}

static void on_arrived(struct ogi_case *c, const struct ogi_event *e, const struct ogi_rules *r)
{
	(void)r;
	c->request = e->u.request;
	request_settle(&c->request);
	c->status = OGI_ST_ARRIVED;
}

static void on_registered(
	struct ogi_case *c, const struct ogi_event *e, const struct ogi_rules *r)
{
	on_arrived(c, e, r);
	register_case(c, e, r);
}

static void on_receipt_confirmed(
	struct ogi_case *c, const struct ogi_event *e, const struct ogi_rules *r)
{
	request_confirm(&c->request, e);
	register_case(c, e, r);
}

static void on_assigned(
	struct ogi_case *c, const struct ogi_event *e, const struct ogi_rules *r)
{
	(void)r;
	c->request.assignee = e->u.assigned.to;
}

static void on_extended(
	struct ogi_case *c, const struct ogi_event *e, const struct ogi_rules *r)
{
	c->extension += e->u.extended.workdays;
	c->extensions++;
	c->flags |= OGI_EXTENDED_FLAG;
	c->last_clock_on = e->on;
	clock_recompute(c, r);
}

static void on_reviewed(
	struct ogi_case *c, const struct ogi_event *e, const struct ogi_rules *r)
{
	(void)r;
	c->review = e->u.reviewed.decision;
	c->review_on = e->on;
}

static void on_decided(struct ogi_case *c, const struct ogi_event *e, const struct ogi_rules *r)
{
	(void)r;
	const struct ogi_decision *d = &e->u.decided;
	c->outcome = ogi_given(d->outcome) ? d->outcome : OGI_NO_OUTCOME;
	c->variant = ogi_given(d->variant) ? d->variant : OGI_NO_VARIANT;
	c->outcome_form = d->outcome_form != NULL ? d->outcome_form
						  : ogi_outcome_form(c->outcome, c->variant);
	c->outcome_label = d->label != NULL ? d->label : ogi_outcome_codes[c->outcome].zh;
	c->outcome_reason = d->reason;
	c->basis = d->basis;
	c->document_no = e->document_no;
	c->decided_on = c->last_clock_on = e->on;
	c->status = OGI_ST_DECIDED;
}

static void on_served(struct ogi_case *c, const struct ogi_event *e, const struct ogi_rules *r)
{
	if (c->status != OGI_ST_DECIDED) /* its decision was retracted: nothing was served */
		return;
	c->effective_reply_date = e->on;
	c->served_by = e->u.served.by;
	c->served_seq = e->seq;
	close_case(c, r, e->on);
}

static void on_delivered(
	struct ogi_case *c, const struct ogi_event *e, const struct ogi_rules *r)
{
	for (int i = 0; i < c->consultations; i++)
		if (c->consultation[i].seq == e->u.letter.of)
			c->consultation[i].received_on = e->on;
	if (!ogi_case_ended(c) && c->status != OGI_ST_ARRIVED)
		clock_recompute(c, r);
}

static void on_withdrawn(
	struct ogi_case *c, const struct ogi_event *e, const struct ogi_rules *r)
{
	c->withdrawn_on = e->on;
	if (c->status == OGI_ST_ARRIVED) {
		c->status = OGI_ST_VOID_WITHDRAWN;
		c->last_clock_on = e->on;
		return;
	}
	if (ogi_case_ended(c))
		return;
	c->outcome = OGI_OTHER_OTHER;
	c->variant = OGI_OTHER_WITHDRAWN;
	c->outcome_form = NULL;
	c->outcome_label = ogi_outcome_codes[OGI_OTHER_OTHER].zh;
	c->outcome_reason = NULL;
	c->basis = (struct texts){ 0 };
	close_case(c, r, e->on);
}

static void on_nothing(struct ogi_case *c, const struct ogi_event *e, const struct ogi_rules *r)
{
	(void)c;
	(void)e;
	(void)r;
}

typedef void evolve_fn(
	struct ogi_case *c, const struct ogi_event *e, const struct ogi_rules *r);

static evolve_fn *const arms[OGI_EVENT_KINDS] = {
	[OGI_ARRIVED] = on_arrived,
	[OGI_REGISTERED] = on_registered,
	[OGI_RECEIPT_CONFIRMED] = on_receipt_confirmed,
	[OGI_ASSIGNED] = on_assigned,
	[OGI_EXTENDED] = on_extended,
	[OGI_REVIEWED] = on_reviewed,
	[OGI_DECIDED] = on_decided,
	[OGI_SERVED] = on_served,
	[OGI_DELIVERED] = on_delivered,
	[OGI_WITHDRAWN] = on_withdrawn,
	[OGI_AMENDED] = on_nothing, /* the fold has patched its event */
	[OGI_RETRACTED] = on_nothing,
	[OGI_NOTED] = on_nothing,
	[OGI_RECOMPUTED] = on_nothing, /* every fold computes anew */
};

void ogi_case_evolve(struct ogi_case *c, const struct ogi_event *e, const struct ogi_rules *r)
{
	/* these follow from the facts and are derived by the arms */
	const uint32_t derived =
		OGI_WARN_LATE_CONFIRMATION | OGI_WARN_IDENTITY_MISSING | OGI_WARN_REPLIED_LATE;
	c->version = e->seq;
	c->warnings |= e->warnings & ~derived;
	if (e->historic)
		c->flags |= OGI_HISTORIC;
	if (e->kind > OGI_NO_EVENT && e->kind < OGI_EVENT_KINDS && arms[e->kind] != NULL)
		arms[e->kind](c, e, r);
}

void ogi_case_fold(
	const struct ogi_history *h, const struct ogi_rules *r, struct ogi_case *ret_case)
{
	struct ogi_event buf;
	bool changed = history_is_changed(h);
	memset(ret_case, 0, sizeof *ret_case);
	for (int i = 0; i < h->count; i++) {
		const struct ogi_event *e = &h->event[i];
		if (changed)
			e = history_event(h, NULL, i, &buf);
		if (e != NULL)
			ogi_case_evolve(ret_case, e, r);
		ret_case->version = h->event[i].seq;
	}
}

bool ogi_case_ended(const struct ogi_case *c)
{
	return c->status >= OGI_ST_CLOSED && c->status <= OGI_ST_VOID_WITHDRAWN;
}
