/* SPDX-License-Identifier: MulanPSL-2.0 */
/*
 * tests/unit/story: one case told event by event: body fields as "name=value" words, completed,
 * judged, folded. Texts are borrowed from the caller.
 */
#ifndef OGID_TEST_STORY_H
#define OGID_TEST_STORY_H

#include "domain/case.h"
#include "domain/lifecycle.h"
#include "workdays.h"

enum { STORY_EVENTS = 96, STORY_ROLES = (1 << OGI_ROLES) - 1 };

struct story {
	struct workdays days;
	struct ogi_rules rules;
	struct ogi_asking who;
	struct ogi_event event[STORY_EVENTS];
	int count;
	struct ogi_case c;
	struct ogi_verdict v; /* of the last event */
};

static inline struct ogi_history story_history(const struct story *s)
{
	return (struct ogi_history){ s->event, s->count };
}

/* Back to no case; everybody may, the head approves. */
static inline void story_begin(struct story *s, const char *today)
{
	memset(&s->c, 0, sizeof s->c);
	s->count = 0;
	s->rules = (struct ogi_rules){
		.calendar = &s->days.cal, .today = day(today), .correction_days = 15
	};
	s->who = (struct ogi_asking){
		.login = "duo", .roles = STORY_ROLES, .own_organisation = true
	};
	s->who.approver_is_head = true;
}

/* One scalar field of a body; aborts on a field that is not there. */
static inline void story_field(struct ogi_event *e, const char *name, const char *value)
{
	size_t at = 0;
	const struct field *row =
		field_find(ogi_event_fields((enum ogi_event_kind)e->kind), name, &at);
	if (row == NULL)
		row = field_find(ogi_event_common, name, &at);
	if (row == NULL || !field_set(row, at, e, value)) {
		fprintf(stderr, "%s does not take %s=%s\n", ogi_event_kinds[e->kind].code, name,
			value);
		abort();
	}
}

/* A request that lacks nothing but its channel and dates. */
static inline void story_person(struct ogi_event *e)
{
	story_field(e, "applicant.kind", "natural");
	story_field(e, "applicant.name", "张三");
	story_field(e, "applicant.phone", "020-82852559");
	story_field(e, "applicant.id_kind", "resident_id");
	story_field(e, "applicant.id_number", "11010519491231002X");
	story_field(e, "description", "土地征收补偿方案");
}

/* Completes, judges and, when nothing speaks against it, records the event. */
static inline enum ogi_refusal story_tell(struct story *s, struct ogi_event *e)
{
	struct ogi_history h = story_history(s);
	ogi_event_complete(e, &s->c, &s->rules);
	ogi_case_decide(&s->c, &h, e, &s->rules, &s->who, &s->v);
	if (s->v.refusal != OGI_OK)
		return s->v.refusal;
	e->seq = s->count + 1;
	e->actor = s->who.login;
	e->warnings = s->v.warnings;
	e->due_before = s->c.due_on;
	s->event[s->count++] = *e;
	h = story_history(s);
	ogi_case_fold(&h, &s->rules, &s->c);
	s->event[s->count - 1].due_after = s->c.due_on;
	return OGI_OK;
}

static inline struct ogi_event story_event(enum ogi_event_kind kind, const char *on)
{
	return (struct ogi_event){ .kind = (int32_t)kind, .on = day(on) };
}

/* Received in person on that day. */
static inline enum ogi_refusal story_receive(struct story *s, const char *on)
{
	struct ogi_event e = story_event(OGI_REGISTERED, "");
	story_person(&e);
	e.u.request.channel = OGI_IN_PERSON;
	e.u.request.arrived_on = day(on);
	return story_tell(s, &e);
}

#endif
