/* SPDX-License-Identifier: MulanPSL-2.0 */
/*
 * tests/unit/random_case: random histories in the one story `s`, event by event, of a fixed
 * seed: whatever the law allows, and tries at what it does not.
 */
#ifndef OGID_TEST_RANDOM_CASE_H
#define OGID_TEST_RANDOM_CASE_H

#include "chance.h"
#include "domain/document.h"
#include "story.h"

static struct story s;

static const char *const people[] = { "甲", "乙", "丙" };

static inline struct ogi_date later_day(struct chance *c)
{
	struct ogi_date from = ogi_later(s.c.last_clock_on, s.c.request.arrived_on);
	return ogi_date_add(from, (int)chance_below(c, chance_below(c, 4) == 0 ? 60 : 12));
}

static inline void random_request(struct chance *c, struct ogi_event *e)
{
	static const char *const firsts[] = { "2009-03-02", "2017-09-20", "2019-05-06",
		"2021-01-04", "2024-09-10", "2025-04-21" };
	story_person(e);
	struct ogi_request *q = &e->u.request;
	q->channel = (int32_t)(1 + chance_below(c, 4));
	if (q->channel == OGI_LETTER)
		q->via = (int32_t)(OGI_MAIL_SIGNED + chance_below(c, 2));
	if (q->channel == OGI_ONLINE)
		q->via = (int32_t)(OGI_PORTAL + chance_below(c, 3));
	q->arrived_on = ogi_date_add(day(firsts[chance_below(c, 6)]), (int)chance_below(c, 60));
	if (chance_below(c, 2) == 0)
		q->confirmed_on = ogi_date_add(q->arrived_on, (int)chance_below(c, 5));
}

static inline void random_outcome(struct chance *c, struct ogi_event *e)
{
	e->u.decided.outcome = (int32_t)(1 + chance_below(c, OGI_OUTCOMES - 1));
	e->u.decided.reason = "理由";
}

static inline void random_change(struct chance *c, struct ogi_event *e)
{
	static const char *const fields[] = { "on", "arrived_on", "workdays", "received_on",
		"applicant.name", "note", "outcome", "signed_on", "confirmed_on" };
	static const char *const values[] = { "2025-05-06", "2024-10-08", "7", "2017-10-09",
		"李四", "grant", "2019-05-20" };
	e->u.change.event = (int32_t)(1 + chance_below(c, (uint32_t)s.count));
	e->u.change.field = fields[chance_below(c, 9)];
	e->u.change.to = values[chance_below(c, 7)];
	e->u.change.reason = "更正";
}

static inline void random_body(struct chance *c, struct ogi_event *e)
{
	uint32_t n = chance_below(c, 20);
	if (e->kind == OGI_EXTENDED)
		e->u.extended.workdays = (int32_t)(1 + n);
	else if (e->kind == OGI_CONSULTATION_OPENED) {
		e->u.consultation.party = (int32_t)(1 + n % 3);
		e->u.consultation.name = people[n % 3];
		if (n % 2 == 0)
			e->u.consultation.received_on = ogi_date_add(e->on, (int)(n % 5));
	} else if (e->kind == OGI_CONSULTATION_CLOSED)
		e->u.consultation.opinion = (int32_t)(1 + n % 3);
	else if (e->kind == OGI_REVIEWED)
		e->u.reviewed.decision = (int32_t)(1 + n % 3);
	else if (e->kind == OGI_DECIDED || e->kind == OGI_PROPOSED)
		random_outcome(c, e);
	else if (e->kind == OGI_SERVED)
		e->u.served.by = (int32_t)(1 + n % 4);
	else if (e->kind == OGI_FEE_NOTICED) {
		e->u.fee.basis = OGI_FEE_PAGES;
		e->u.fee.quantity = (int32_t)(31 + n);
	} else if (e->kind == OGI_FEE_PAID)
		e->u.fee.amount = s.c.fee_amount;
	else if (e->kind == OGI_REASONS_RECEIVED) {
		e->u.reasons.reasonable = (int32_t)(1 + n % 2);
		if (n % 4 == 0)
			e->u.reasons.delay_until = ogi_date_add(e->on, 90);
	} else if (e->kind == OGI_DELIVERED || e->kind == OGI_RETURNED)
		e->u.letter.of = (int32_t)(1 + chance_below(c, (uint32_t)s.count));
	else if (e->kind == OGI_REMEDY_FILED)
		e->u.remedy.remedy_kind = (int32_t)(1 + n % 4);
	else if (e->kind == OGI_REMEDY_CONCLUDED)
		e->u.remedy.result = (int32_t)(1 + n % 3);
	else if (e->kind == OGI_REOPENED)
		e->u.reopened.redo_due_on = ogi_date_add(e->on, 30);
	else if (e->kind == OGI_AMENDED || e->kind == OGI_RETRACTED)
		random_change(c, e);
	else if (e->kind == OGI_ASSIGNED || e->kind == OGI_REMINDED)
		e->u.assigned.to = people[n % 3];
	else if (e->kind == OGI_DOCUMENT_ISSUED) {
		e->u.document.document = ogi_document_codes[1 + n % (OGI_DOCUMENTS - 1)].code;
		e->document_no = "依申〔2025〕1号";
	}
}

static inline bool random_event(struct chance *c, const struct ogi_event *also)
{
	struct ogi_possible possible[OGI_EVENT_KINDS];
	int n = ogi_case_possible(&s.c, &s.rules, &s.who, possible);
	if (n == 0 || s.count == STORY_EVENTS)
		return false;
	struct ogi_event e = { .kind = possible[chance_below(c, (uint32_t)n)].kind };
	bool ends = e.kind == OGI_SPLIT || e.kind == OGI_MERGED || e.kind == OGI_HANDED_OVER;
	if (ends && chance_below(c, 20) > 0)
		e.kind = OGI_NOTED;
	e.on = later_day(c);
	e.note = "备注";
	random_body(c, &e);
	if (also != NULL)
		e = *also;
	return story_tell(&s, &e) == OGI_OK;
}

static inline bool random_case(struct chance *c)
{
	story_begin(&s, "2026-06-01");
	s.rules.transition = (int)chance_below(c, 2);
	s.rules.exclusion_inclusive = chance_below(c, 4) == 0;
	s.rules.r2008_correction = (int)chance_below(c, 3);
	struct ogi_event e = { .kind = OGI_REGISTERED };
	random_request(c, &e);
	return story_tell(&s, &e) == OGI_OK;
}

#endif
