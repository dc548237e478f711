/* SPDX-License-Identifier: MulanPSL-2.0 */
/* api/views: a case and an event as JSON (contract §2.2). */
#ifndef OGID_API_VIEWS_H
#define OGID_API_VIEWS_H

#include "api/app.h"
#include "domain/explain.h"
#include "store/case.h"
#include "store/event.h"

/* What an amendment or a retraction did to the case. */
struct case_change {
	const struct ogi_case *before;
	const struct ogi_rejudged *rejudged;
	int rejudgings;
};
struct case_view {
	const struct case_row *row;
	const struct ogi_rules *rules;
	const struct ogi_asking *asking; /* NULL: without allowed and refused (lists) */
	struct ogi_date as_of;
	bool reveal;                      /* ID number and phone unmasked */
	bool made_codes;                  /* the cases it led to, with their query codes */
	const char *query_code;           /* shown once, or NULL */
	const struct case_change *change; /* told in the answer that made it, or NULL */
};
/* One object; `name` as in out_object. */
void view_case(
	struct exchange *x, struct json_out *o, const char *name, const struct case_view *v);
/* Status, ETag and the case as the whole answer. */
void view_case_reply(struct exchange *x, int status, const struct case_view *v);

/* Members of the calculator's answer: receipt_date, regime, status, due_on, …, clock, light,
 * watch. */
void view_deadline(struct json_out *o, const struct ogi_case *c, const struct ogi_rules *rules,
	struct ogi_date as_of);

/* Why the due date is what it is in an organisation, as one object (why.c). */
void view_why(struct exchange *x, struct json_out *o, const char *name, int32_t org,
	const struct ogi_why *w);

/* One event; texts as they are, ID number and phone masked unless `reveal`. */
void view_event(struct exchange *x, struct json_out *o, const struct event_row *e, bool reveal);

/* Ready JSON members for problems: "\"roles\":[…]" and "\"allowed\":[…]". */
const char *view_roles(struct exchange *x, unsigned roles);
const char *view_allowed(struct exchange *x, const struct case_row *row,
	const struct ogi_rules *rules, const struct ogi_asking *asking);

#endif
