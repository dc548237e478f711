/* SPDX-License-Identifier: MulanPSL-2.0 */
/* domain/case_evolve: takes recorded events into the case. Never refuses: what was recorded
 * stays recorded. */
#include "domain/judge.h"
#include "domain/remedy.h"

#include <string.h>

static void begin_run(struct ogi_case *c, struct ogi_date start)
{
	c->run_start = c->last_clock_on = start;
	c->extension = 0;
	c->flags &= ~(unsigned)OGI_EXTENDED_FLAG;
	if (c->runs < OGI_RUNS)
		c->run[c->runs++] = (struct ogi_run){ .started_on = start };
}

const char *ogi_chosen_form(const struct ogi_case *c)
{
	const char *usual = ogi_outcome_form(c->outcome, c->variant);
	return text_same(c->outcome_form, usual) ? NULL : c->outcome_form;
}

void close_case(struct ogi_case *c, const struct ogi_rules *r, struct ogi_date on)
{
	c->closed_on = c->last_clock_on = on;
	clock_recompute(c, r);
	struct ogi_run *run = &c->run[c->runs > 0 ? c->runs - 1 : 0];
	run->due_on = c->due_on;
	run->closed_on = on;
	run->outcome = c->outcome;
	run->variant = c->variant;
	run->form = ogi_chosen_form(c);
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

void set_outcome(struct ogi_case *c, int outcome, int variant)
{
	c->outcome = outcome;
	c->variant = variant;
	c->outcome_form = ogi_outcome_form(outcome, variant);
	c->outcome_label = ogi_outcome_codes[outcome].zh;
	c->outcome_reason = NULL;
	c->basis = (struct texts){ 0 };
}

static void register_case(
	struct ogi_case *c, const struct ogi_event *e, const struct ogi_rules *r)
{
	struct ogi_date receipt = request_receipt(&c->request);
	c->request.receipt_date = ogi_is_date(receipt) ? receipt : e->on;
	c->status = OGI_ST_IN_PROCESS;
	struct ogi_rules own;
	r = ogi_rules_for(r, c->request.receipt_date, &own);
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
	if (c->status != OGI_ST_IN_PROCESS)
		return;
	set_outcome(c, ogi_given(d->outcome) ? d->outcome : OGI_NO_OUTCOME,
		ogi_given(d->variant) ? d->variant : OGI_NO_VARIANT);
	if (d->outcome_form != NULL)
		c->outcome_form = d->outcome_form;
	if (d->label != NULL)
		c->outcome_label = d->label;
	c->outcome_reason = d->reason;
	c->basis = d->basis;
	c->document_no = e->document_no;
	c->decided_on = c->last_clock_on = e->on;
	c->status = OGI_ST_DECIDED;
}

static void on_served(struct ogi_case *c, const struct ogi_event *e, const struct ogi_rules *r)
{
	/* what came back was not served: this closing takes the place of that one */
	if (c->status == OGI_ST_CLOSED && c->returned) {
		if (c->first_closed_on.day == c->closed_on.day)
			c->first_closed_on = (struct ogi_date){ 0 };
		c->status = OGI_ST_DECIDED;
	}
	if (c->status != OGI_ST_DECIDED)
		return;
	c->returned = false;
	c->effective_reply_date = e->on;
	c->served_by = e->u.served.by;
	c->reply_received_on = (struct ogi_date){ 0 };
	c->served_seq = e->seq;
	close_case(c, r, e->on);
}

static void on_returned(
	struct ogi_case *c, const struct ogi_event *e, const struct ogi_rules *r)
{
	(void)r;
	if (c->status == OGI_ST_CLOSED && c->served_seq == e->u.letter.of)
		c->returned = true;
}

static void on_proposed(
	struct ogi_case *c, const struct ogi_event *e, const struct ogi_rules *r)
{
	(void)r;
	c->proposed = e->kind == OGI_PROPOSED;
	c->approved = false;
}

static void on_approved(
	struct ogi_case *c, const struct ogi_event *e, const struct ogi_rules *r)
{
	(void)e;
	(void)r;
	c->approved = c->proposed;
}

static void on_assist_requested(
	struct ogi_case *c, const struct ogi_event *e, const struct ogi_rules *r)
{
	(void)e;
	(void)r;
	if (c->assists == OGI_ASSISTS)
		return;
	c->assist_mask |= UINT64_C(1) << c->assists;
	c->assists++;
	c->assists_open++;
}

static void on_assist_answered(
	struct ogi_case *c, const struct ogi_event *e, const struct ogi_rules *r)
{
	(void)r;
	int number = e->u.assist.assist != 0 ? e->u.assist.assist : only_open_assist(c);
	if (number < 1 || number > c->assists)
		return;
	uint64_t bit = UINT64_C(1) << (number - 1);
	if ((c->assist_mask & bit) != 0)
		c->assists_open--;
	c->assist_mask &= ~bit;
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
	set_outcome(c, OGI_OTHER_OTHER, OGI_OTHER_WITHDRAWN);
	close_case(c, r, e->on);
}

/* What goes on elsewhere is not open here any more, and no closing either. */
static void end_void(struct ogi_case *c, const struct ogi_event *e, const struct ogi_rules *r,
	enum ogi_status status)
{
	c->status = (int32_t)status;
	c->last_clock_on = e->on;
	c->flags &= ~(unsigned)OGI_CONSULTING;
	clock_recompute(c, r);
}

static void on_split(struct ogi_case *c, const struct ogi_event *e, const struct ogi_rules *r)
{
	if (c->status != OGI_ST_IN_PROCESS)
		return;
	c->split_into = e->u.split.cases;
	end_void(c, e, r, OGI_ST_VOID_SPLIT);
}

static void on_merged(struct ogi_case *c, const struct ogi_event *e, const struct ogi_rules *r)
{
	if (c->status != OGI_ST_ARRIVED && c->status != OGI_ST_IN_PROCESS)
		return;
	c->merged_into = e->u.merged.target;
	end_void(c, e, r, OGI_ST_VOID_MERGED);
}

/* The same event stands in both ledgers: it ends the case of the old organisation, and the new
 * one goes on with what it had, to be assigned to somebody of its own. */
static void on_handed_over(
	struct ogi_case *c, const struct ogi_event *e, const struct ogi_rules *r)
{
	if (ogi_case_ended(c))
		return;
	if (e->u.handed_over.from.id != NULL) {
		c->handed_from = e->u.handed_over.from;
		c->request.assignee = NULL;
		c->last_clock_on = e->on;
		return;
	}
	c->handed_to = e->u.handed_over.to;
	end_void(c, e, r, OGI_ST_VOID_MERGED);
}

/* Which remedies are still open shows in the flags. */
static void remedy_flags(struct ogi_case *c)
{
	c->flags &= ~(unsigned)(OGI_IN_RECONSIDERATION | OGI_IN_LITIGATION);
	for (int i = 0; i < c->remedies; i++) {
		if (ogi_is_date(c->remedy[i].concluded_on))
			continue;
		if (c->remedy[i].kind == OGI_RECONSIDERATION)
			c->flags |= OGI_IN_RECONSIDERATION;
		else if (c->remedy[i].kind != OGI_COMPLAINT)
			c->flags |= OGI_IN_LITIGATION;
	}
}

static void on_remedy_filed(
	struct ogi_case *c, const struct ogi_event *e, const struct ogi_rules *r)
{
	if (c->remedies == OGI_REMEDIES)
		return;
	struct ogi_remedy *m = &c->remedy[c->remedies++];
	*m = (struct ogi_remedy){
		.kind = e->u.remedy.remedy_kind,
		.procedure = e->u.remedy.procedure,
		.filed_on = e->on,
		.accepted_on = e->u.remedy.accepted_on,
		.copy_received_on = e->u.remedy.copy_received_on,
		.authority = e->u.remedy.authority,
		.docket_no = e->u.remedy.docket_no,
	};
	bool simplified = m->procedure == OGI_SIMPLIFIED;
	if (m->kind == OGI_RECONSIDERATION) {
		m->answer_due_on = ogi_answer_by(r->calendar, m->copy_received_on, simplified);
		m->decision_due_on =
			ogi_reconsidered_by(r->calendar, m->accepted_on, simplified);
	} else if (m->kind != OGI_COMPLAINT) {
		m->decision_due_on = ogi_judged_by(r->calendar, m->accepted_on, simplified);
	}
	remedy_flags(c);
}

static void on_remedy_concluded(
	struct ogi_case *c, const struct ogi_event *e, const struct ogi_rules *r)
{
	(void)r;
	int number = e->u.remedy.remedy != 0 ? e->u.remedy.remedy : only_open_remedy(c);
	if (number < 1 || number > c->remedies)
		return;
	struct ogi_remedy *m = &c->remedy[number - 1];
	m->concluded_on = e->on;
	m->result = e->u.remedy.result;
	m->instance = e->u.remedy.instance;
	remedy_flags(c);
}

/* A new handling run: the first closing stays what the statistics count. */
static void on_reopened(
	struct ogi_case *c, const struct ogi_event *e, const struct ogi_rules *r)
{
	const struct ogi_date none = { 0 };
	if (c->status != OGI_ST_CLOSED)
		return;
	for (int i = 0; i < c->consultations; i++)
		if (!ogi_is_date(c->consultation[i].closed_on))
			c->consultation[i].closed_on = c->closed_on; /* ended with its run */
	for (int i = 0; i < c->pauses; i++)
		if (!ogi_is_date(c->paused[i].to))
			c->paused[i].to = c->closed_on;
	c->status = OGI_ST_IN_PROCESS;
	c->flags &= ~(unsigned)(OGI_DELAYED | OGI_LATE_CORRECTION);
	c->flags |= OGI_REOPENED_FLAG;
	set_outcome(c, OGI_NO_OUTCOME, OGI_NO_VARIANT);
	c->outcome_form = c->outcome_label = c->document_no = NULL;
	c->review = OGI_REVIEW_NONE;
	c->proposed = c->approved = c->returned = false;
	c->decided_on = c->effective_reply_date = c->closed_on = c->withdrawn_on = none;
	c->served_by = c->served_seq = 0;
	c->reply_received_on = none;
	begin_run(c, e->on);
	c->delay_until = e->u.reopened.redo_due_on; /* the period is set by the order */
	clock_recompute(c, r);
}

static void on_archived(
	struct ogi_case *c, const struct ogi_event *e, const struct ogi_rules *r)
{
	(void)r;
	if (c->status != OGI_ST_CLOSED)
		return;
	c->status = OGI_ST_ARCHIVED;
	c->archived_on = e->on;
	c->box_no = e->u.archived.box_no;
	c->due_on = (struct ogi_date){ 0 };
}

static evolve_fn *const arms[OGI_EVENT_KINDS] = {
	[OGI_ARRIVED] = on_arrived,
	[OGI_REGISTERED] = on_registered,
	[OGI_RECEIPT_CONFIRMED] = on_receipt_confirmed,
	[OGI_ASSIGNED] = on_assigned,
	[OGI_CORRECTION_REQUESTED] = on_correction_requested,
	[OGI_CORRECTION_RECEIVED] = on_correction_received,
	[OGI_CORRECTION_LAPSED] = on_correction_lapsed,
	[OGI_CONSULTATION_OPENED] = on_consultation_opened,
	[OGI_CONSULTATION_CLOSED] = on_consultation_closed,
	[OGI_ASSIST_REQUESTED] = on_assist_requested,
	[OGI_ASSIST_ANSWERED] = on_assist_answered,
	[OGI_EXTENDED] = on_extended,
	[OGI_REASONS_REQUESTED] = on_reasons_requested,
	[OGI_REASONS_RECEIVED] = on_reasons_received,
	[OGI_FEE_NOTICED] = on_fee_noticed,
	[OGI_FEE_PAID] = on_fee_paid,
	[OGI_FEE_LAPSED] = on_fee_lapsed,
	[OGI_REVIEWED] = on_reviewed,
	[OGI_PROPOSED] = on_proposed,
	[OGI_RETURNED_TO_HANDLER] = on_proposed,
	[OGI_APPROVED] = on_approved,
	[OGI_DECIDED] = on_decided,
	[OGI_SERVED] = on_served,
	[OGI_DELIVERED] = on_delivered,
	[OGI_RETURNED] = on_returned,
	[OGI_WITHDRAWN] = on_withdrawn,
	[OGI_SPLIT] = on_split,
	[OGI_MERGED] = on_merged,
	[OGI_HANDED_OVER] = on_handed_over,
	[OGI_REMEDY_FILED] = on_remedy_filed,
	[OGI_REMEDY_CONCLUDED] = on_remedy_concluded,
	[OGI_REOPENED] = on_reopened,
	[OGI_ARCHIVED] = on_archived,
	[OGI_DOCUMENT_ISSUED] = on_document_issued,
	/* amendments have been made by the fold, every fold computes anew, the rest is told
	   only */
};

void ogi_case_evolve(struct ogi_case *c, const struct ogi_event *e, const struct ogi_rules *r)
{
	/* these follow from the facts and are derived by the arms */
	const uint32_t derived =
		OGI_WARN_LATE_CONFIRMATION | OGI_WARN_IDENTITY_MISSING | OGI_WARN_REPLIED_LATE;
	struct ogi_rules own;
	r = ogi_rules_for(r, c->request.receipt_date, &own);
	c->version = e->seq;
	c->settings = e->settings;
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
		const struct ogi_event *recorded = &h->event[i];
		const struct ogi_event *e =
			changed ? history_event(h, NULL, i, &buf) : recorded;
		int32_t seq = recorded->seq;
		if (e != NULL)
			ogi_case_evolve(ret_case, e, r);
		ret_case->version = seq;
		ret_case->settings = recorded->settings;
	}
}

bool ogi_case_ended(const struct ogi_case *c)
{
	return c->status >= OGI_ST_CLOSED && c->status <= OGI_ST_VOID_WITHDRAWN;
}
