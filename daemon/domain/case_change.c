/* SPDX-License-Identifier: MulanPSL-2.0 */
/*
 * domain/case_change: amendments and retractions. A change never edits an event; it makes the
 * fold see another one. Recording one replays the case and says whether later events still
 * stand (contract-cases §6).
 */
#include "domain/judge.h"

#include <assert.h>
#include <string.h>

const struct ogi_event *history_find(const struct ogi_history *h, int32_t seq, int *ret_index)
{
	for (int i = 0; i < h->count; i++) {
		if (h->event[i].seq != seq)
			continue;
		if (ret_index != NULL)
			*ret_index = i;
		return &h->event[i];
	}
	return NULL;
}

bool history_is_changed(const struct ogi_history *h)
{
	for (int i = 0; i < h->count; i++)
		if (h->event[i].kind == OGI_AMENDED || h->event[i].kind == OGI_RETRACTED)
			return true;
	return false;
}

static bool retracts(const struct ogi_event *e, int32_t seq)
{
	return e != NULL && e->kind == OGI_RETRACTED && e->u.change.event == seq;
}

bool history_retracted(const struct ogi_history *h, int32_t seq)
{
	for (int i = 0; i < h->count; i++)
		if (retracts(&h->event[i], seq))
			return true;
	return false;
}

static void patch(struct ogi_event *e, const struct ogi_event *change)
{
	const char *to =
		change->u.change.to != NULL ? change->u.change.to : change->u.change.to_text;
	ogi_event_amend(e, change->u.change.field, to);
	if (e->kind == OGI_REGISTERED) {
		struct ogi_date receipt = request_receipt(&e->u.request);
		if (ogi_is_date(receipt))
			e->on = receipt;
	}
}

const struct ogi_event *history_event(const struct ogi_history *h,
	const struct ogi_event *extra, int i, struct ogi_event *buf)
{
	const struct ogi_event *e = &h->event[i];
	int32_t seq = e->seq;
	if (history_retracted(h, seq) || retracts(extra, seq))
		return NULL;
	for (int k = 0; k <= h->count; k++) {
		const struct ogi_event *change = k < h->count ? &h->event[k] : extra;
		if (change == NULL || change->kind != OGI_AMENDED ||
			change->u.change.event != seq || history_retracted(h, change->seq) ||
			retracts(extra, change->seq))
			continue;
		if (e != buf) {
			*buf = *e;
			e = buf;
		}
		patch(buf, change);
	}
	return e;
}

bool ogi_history_event(const struct ogi_history *h, int i, struct ogi_event *ret_event)
{
	struct ogi_event buf;
	const struct ogi_event *e = history_event(h, NULL, i, &buf);
	if (e != NULL)
		*ret_event = *e;
	return e != NULL;
}

/* ---- judging a change ---- */

static void judge_alone(const struct judging *j, const struct ogi_case *c,
	const struct ogi_event *e, struct ogi_verdict *v)
{
	ogi_case_decide(c, j->h, e, j->r, NULL, v);
}

static bool has_fault(const struct ogi_verdict *v, const struct ogi_fault *f)
{
	for (int i = 0; i < v->faults; i++)
		if (text_same(v->fault[i].pointer, f->pointer) &&
			text_same(v->fault[i].code, f->code))
			return true;
	return false;
}

/* Faults the event did not have before are the amendment's. */
static void take_new_faults(
	struct judging *j, const struct ogi_verdict *before, const struct ogi_verdict *after)
{
	for (int i = 0; i < after->faults; i++) {
		if (has_fault(before, &after->fault[i]) || j->v->faults == 32)
			continue;
		j->v->fault[j->v->faults] = after->fault[i];
		j->v->fault[j->v->faults].pointer = "/to";
		j->v->faults++;
	}
}

static void note_rejudged(
	struct judging *j, const struct ogi_event *e, const struct ogi_verdict *v)
{
	j->v->warnings |= OGI_WARN_DATES_REJUDGED;
	if (j->rejudged == NULL || j->rejudgings == j->rejudgings_most)
		return;
	const struct ogi_refusal_text *text = &ogi_refusals[v->refusal];
	struct ogi_rejudged *r = &j->rejudged[j->rejudgings++];
	*r = (struct ogi_rejudged){ e->seq, e->kind, text->code, text->zh, text->en };
	if (v->faults > 0)
		*r = (struct ogi_rejudged){ e->seq, e->kind, v->fault[0].code, v->fault[0].zh,
			v->fault[0].en };
}

/* The amended event against the case it met: its own faults are the amendment's, its guards
 * only warn. */
static void judge_target(struct judging *j, const struct ogi_case *c, int i)
{
	struct ogi_event was_buf, is_buf;
	struct ogi_verdict was, is;
	const struct ogi_event *before = history_event(j->h, NULL, i, &was_buf);
	const struct ogi_event *after = history_event(j->h, j->e, i, &is_buf);
	if (before == NULL || after == NULL)
		return;
	judge_alone(j, c, before, &was);
	judge_alone(j, c, after, &is);
	take_new_faults(j, &was, &is);
	if (was.refusal == OGI_OK && is.refusal != OGI_OK)
		note_rejudged(j, after, &is);
}

/* Folds the case again as the change makes it; a later event that would now be refused is a
 * warning. */
static void replay(struct judging *j, int target)
{
	struct ogi_case c;
	struct ogi_event buf;
	memset(&c, 0, sizeof c);
	for (int i = 0; i < j->h->count; i++) {
		int32_t kind = j->h->event[i].kind;
		if (i == target)
			judge_target(j, &c, i);
		const struct ogi_event *e = history_event(j->h, j->e, i, &buf);
		if (e == NULL)
			continue;
		if (i > target && kind != OGI_AMENDED && kind != OGI_RETRACTED) {
			struct ogi_verdict v;
			judge_alone(j, &c, e, &v);
			if (v.refusal != OGI_OK)
				note_rejudged(j, e, &v);
		}
		ogi_case_evolve(&c, e, j->r);
	}
}

static bool is_retractable(int32_t kind)
{
	return kind != OGI_ARRIVED && kind != OGI_REGISTERED && kind != OGI_RECEIPT_CONFIRMED &&
	       kind != OGI_RETRACTED && kind != OGI_RECOMPUTED && kind != OGI_SPLIT &&
	       kind != OGI_HANDED_OVER;
}

static bool is_field(const char *field, const char *name)
{
	return field != NULL && strcmp(*field == '/' ? field + 1 : field, name) == 0;
}

/* Fields that hold the login of a handler. */
static bool names_person(const struct ogi_event *e, const char *field)
{
	return is_field(
		field, e->kind == OGI_ASSIGNED || e->kind == OGI_REMINDED ? "to" : "assignee");
}

/* Who asks was looked up by the new value. */
static void judge_named(struct judging *j, const struct ogi_event *e, const char *to)
{
	const char *field = j->e->u.change.field;
	if (j->who == NULL || *to == '\0')
		return;
	if (j->who->person_unknown && names_person(e, field))
		judge_fault(j, "/to", FAULT_UNKNOWN_PERSON);
	if (!is_field(field, "approved_by"))
		return;
	if (text_same(to, e->actor))
		j->v->warnings |= OGI_WARN_SAME_PERSON;
	if (j->who->approver_unknown)
		judge_fault(j, "/to", FAULT_UNKNOWN_PERSON);
	else if (!j->who->approver_is_head && !e->historic)
		judge_refuse(j, OGI_NOT_APPROVED);
}

static bool holds_request(const struct ogi_event *e)
{
	return e->kind == OGI_ARRIVED || e->kind == OGI_REGISTERED ||
	       e->kind == OGI_RECEIPT_CONFIRMED;
}

static bool judge_amendment(struct judging *j, int target)
{
	struct ogi_event buf;
	const char *to = j->e->u.change.to != NULL ? j->e->u.change.to : j->e->u.change.to_text;
	if (to == NULL) {
		judge_fault(j, "/to", FAULT_REQUIRED);
		return false;
	}
	const struct ogi_event *e = history_event(j->h, NULL, target, &buf);
	assert(e != NULL); /* judge_change has refused retracted ones */
	if (e != &buf)
		buf = *e;
	judge_named(j, e, to);
	enum ogi_amend result = ogi_event_amend(&buf, j->e->u.change.field, to);
	if (result == OGI_AMEND_FIELD)
		judge_fault(j, "/field", FAULT_UNKNOWN_FIELD);
	else if (result == OGI_AMEND_VALUE)
		judge_fault(j, "/to", FAULT_DOES_NOT_FIT);
	else if (holds_request(&buf) &&
		 buf.u.request.applicant.id_number ==
			 to && /* it is the number that was amended */
		 !identity_fits(buf.u.request.applicant.id_kind, to))
		judge_fault(j, "/to", FAULT_CHECKSUM);
	return result == OGI_AMENDED_OK;
}

void judge_change(struct judging *j)
{
	int target = -1;
	int32_t seq = j->e->u.change.event;
	const struct ogi_event *e = history_find(j->h, seq, &target);
	bool amends = j->e->kind == OGI_AMENDED;
	if (j->e->u.change.reason == NULL && j->who != NULL)
		judge_fault(j, "/reason", FAULT_REQUIRED);
	if (e == NULL || history_retracted(j->h, seq)) {
		judge_fault(j, "/event", FAULT_UNKNOWN_EVENT);
		return;
	}
	if (amends && (e->kind == OGI_AMENDED || e->kind == OGI_RETRACTED)) {
		judge_fault(j, "/event", FAULT_UNKNOWN_EVENT);
		return;
	}
	if (!amends && !is_retractable(e->kind)) {
		judge_fault(j, "/event", FAULT_NOT_RETRACTABLE);
		return;
	}
	if (amends && !judge_amendment(j, target))
		return;
	/* a retracted amendment changes the event it had amended */
	if (e->kind == OGI_AMENDED)
		history_find(j->h, e->u.change.event, &target);
	replay(j, target);
}

int ogi_case_rejudge(const struct ogi_history *h, const struct ogi_rules *r,
	struct ogi_rejudged *ret, int most)
{
	const struct ogi_event *change = &h->event[h->count - 1];
	struct ogi_history before = { h->event, h->count - 1 };
	struct ogi_verdict v = { 0 };
	int target;
	const struct ogi_event *e = history_find(&before, change->u.change.event, &target);
	if (e != NULL && e->kind == OGI_AMENDED)
		e = history_find(&before, e->u.change.event, &target);
	if (e == NULL)
		return 0;
	struct judging j = { .h = &before,
		.e = change,
		.r = r,
		.v = &v,
		.rejudged = ret,
		.rejudgings_most = most };
	replay(&j, target);
	return j.rejudgings;
}
