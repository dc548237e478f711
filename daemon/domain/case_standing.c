/* SPDX-License-Identifier: MulanPSL-2.0 */
/* domain/case_standing: a case looked at on a day: light, counted days, what to watch, what may
 * be done. */
#include "domain/judge.h"

#include <string.h>

enum { AMBER_DAYS = 3 }; /* working days to the due date, D:deadlines §9 */

static void watch(struct ogi_standing *s, const char *kind, struct ogi_date on, int32_t number)
{
	if (ogi_is_date(on) && s->watches < OGI_WATCHES)
		s->watch[s->watches++] = (struct ogi_watch){ kind, on, number };
}

static void watches(struct ogi_standing *s, const struct ogi_case *c, const struct ogi_rules *r)
{
	if (c->status == OGI_ST_ARRIVED)
		watch(s, "confirmation",
			ogi_working_after(r->calendar, c->request.arrived_on, 1, NULL), 0);
	if (c->status == OGI_ST_CORRECTION_REQUESTED)
		watch(s, "correction", c->correction_due_on, 0);
	if (c->status == OGI_ST_FEE_NOTICED)
		watch(s, "payment", c->fee_due_on, 0);
	for (int i = 0; i < c->consultations && !ogi_case_ended(c); i++)
		if (!ogi_is_date(c->consultation[i].closed_on))
			watch(s, "consultation", c->consultation[i].window_end, i + 1);
	bool elsewhere = c->status >= OGI_ST_VOID_SPLIT;
	for (int i = 0; i < c->remedies && !elsewhere; i++)
		if (!ogi_is_date(c->remedy[i].concluded_on))
			watch(s, "remedy_answer", c->remedy[i].answer_due_on, i + 1);
}

static enum ogi_light light(
	const struct ogi_case *c, const struct ogi_rules *r, struct ogi_date as_of)
{
	if (!ogi_is_date(c->due_on) || ogi_case_ended(c))
		return OGI_LIGHT_NONE;
	if (ogi_before(c->due_on, as_of))
		return OGI_LIGHT_OVERDUE;
	if (c->due_on.day == as_of.day)
		return OGI_LIGHT_RED;
	int left = ogi_working_between(r->calendar, as_of, c->due_on, NULL);
	return left <= AMBER_DAYS ? OGI_LIGHT_AMBER : OGI_LIGHT_GREEN;
}

/* The last day that counts: of a stopped clock the day it stopped. */
static struct ogi_date counted_to(const struct ogi_case *c, struct ogi_date as_of)
{
	if (ogi_is_date(c->closed_on))
		return ogi_earlier(c->closed_on, as_of);
	if (c->status >= OGI_ST_VOID_SPLIT)
		return ogi_earlier(c->last_clock_on, as_of);
	if (c->status == OGI_ST_FEE_NOTICED)
		return ogi_earlier(c->fee_noticed_on, as_of);
	return as_of;
}

static void count(struct ogi_standing *s, const struct ogi_case *c, const struct ogi_rules *r,
	struct ogi_date as_of)
{
	struct ogi_interval x[OGI_INTERVALS];
	s->remaining = -1;
	if (s->clock_state == OGI_CLOCK_NOT_STARTED || !ogi_is_date(c->run_start))
		return;
	int n = clock_intervals(c, r, x);
	struct ogi_date to = counted_to(c, as_of);
	s->counted = ogi_counted(r->calendar, c->run_start, to, x, n, NULL);
	s->remaining = c->period + c->extension - s->counted;
	if (ogi_is_date(c->delay_until))
		s->remaining = ogi_working_between(r->calendar, to, c->delay_until, NULL);
	if (s->remaining < 0)
		s->remaining = 0;
	if (ogi_is_date(c->due_on))
		s->overdue_workdays = ogi_working_between(r->calendar, c->due_on, to, NULL);
}

void ogi_case_standing(const struct ogi_case *c, const struct ogi_rules *r,
	struct ogi_date as_of, struct ogi_standing *ret_standing)
{
	struct ogi_standing *s = ret_standing;
	struct ogi_rules own;
	r = ogi_rules_for(r, c->request.receipt_date, &own);
	memset(s, 0, sizeof *s);
	s->clock_state = (int32_t)clock_state(c, r);
	s->light = (int32_t)light(c, r, as_of);
	count(s, c, r, as_of);
	watches(s, c, r);
}

struct ogi_date ogi_case_known_on(const struct ogi_case *c)
{
	return c->served_by == OGI_BY_POST ? c->reply_received_on : c->effective_reply_date;
}

/* ---- what may be done ---- */

int ogi_case_possible(const struct ogi_case *c, const struct ogi_rules *r,
	const struct ogi_asking *who, struct ogi_possible ret[OGI_EVENT_KINDS])
{
	int count = 0;
	struct ogi_rules own;
	r = ogi_rules_for(r, c->request.receipt_date, &own);
	for (int kind = OGI_NO_EVENT + 1; kind < OGI_EVENT_KINDS; kind++) {
		const struct ogi_transition_row *row =
			ogi_lifecycle_row((enum ogi_event_kind)kind, c->status);
		if (row == NULL || ((who->own_organisation ? row->roles : row->subtree_roles) &
					   who->roles) == 0)
			continue;
		struct ogi_possible *p = &ret[count];
		*p = (struct ogi_possible){ .kind = kind };
		p->refusal = guard(c, r, (enum ogi_event_kind)kind, r->today, p);
		count += p->refusal != OGI_NOT_IN_THIS_STATE;
	}
	return count;
}
