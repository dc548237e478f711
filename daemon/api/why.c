/* SPDX-License-Identifier: MulanPSL-2.0 */
/*
 * api/why: GET /v1/cases/{id}/why, and the same explanation in the calculator's answer: every
 * day from the receipt to the due date, the rules on the way, the other readings.
 */
#include "api/address.h"
#include "api/past.h"
#include "api/recording.h"
#include "api/steps.h"
#include "api/views.h"
#include "domain/explain.h"

/* A format stays a checked format. */
__attribute__((format_arg(2), format_arg(3))) static const char *say(
	const struct exchange *x, const char *zh, const char *en)
{
	return x->english ? en : zh;
}

static const char *label(const struct exchange *x, const struct code *list, int32_t index)
{
	return say(x, list[index].zh, list[index].en);
}

static const char *source(const struct exchange *x, struct ogi_source s)
{
	return say(x, s.zh, s.en);
}

/* ---- what a day is told to be ---- */

static const char *beginning(const struct exchange *x, const struct ogi_why_step *s)
{
	switch (s->rule) {
	case OGI_RULE_CORRECTION:
		return say(x, "收到补正之日不计，期限重新起算",
			"day of the correction, not counted; the period begins anew");
	case OGI_RULE_PAYMENT:
		return say(x, "缴费之日不计，期限重新起算",
			"day of the payment, not counted; the period begins anew");
	case OGI_RULE_REOPENED:
		return say(x, "重新办理之日不计", "day of the reopening, not counted");
	default:
		return say(x, "收到之日不计", "day of receipt, not counted");
	}
}

static const char *excluded(struct exchange *x, const struct ogi_why_step *s)
{
	if (s == NULL)
		return label(x, ogi_day_reasons, OGI_WHY_EXCLUDED);
	const char *rule = label(x, ogi_clock_rules, s->rule);
	char on[11];
	switch (s->rule) {
	case OGI_RULE_THIRD_PARTY:
	case OGI_RULE_JOINT_AGENCY:
	case OGI_RULE_OTHER_AGENCY:
		return arena_print(
			x->arena, say(x, "%s（第 %d 号）", "%s, no. %d"), rule, (int)s->number);
	case OGI_RULE_CORRECTION:
	case OGI_RULE_PAYMENT:
	case OGI_RULE_REOPENED:
		text_from_date(s->to, on);
		return arena_print(
			x->arena, say(x, "%s %s，此前不计", "%s %s; not before"), on, rule);
	default:
		return rule;
	}
}

static const char *counted(struct exchange *x, const struct ogi_why *w,
	const struct ogi_why_day *d, const char *feast)
{
	const char *what = label(x, ogi_day_reasons, OGI_WHY_WORKDAY);
	if (d->kind == OGI_DAY_MAKEUP)
		what = feast != NULL
			       ? arena_print(x->arena,
					 say(x, "%s调休上班", "make-up day for %s"), feast)
			       : label(x, ogi_day_reasons, OGI_WHY_MAKEUP);
	if (d->reason != OGI_WHY_EXTENSION)
		return what;
	return arena_print(x->arena, say(x, "延长期限第 %d 日（%s）", "extension, day %d (%s)"),
		(int)(d->n - w->period), what);
}

static const char *detail(
	struct exchange *x, int32_t org, const struct ogi_why *w, const struct ogi_why_day *d)
{
	const struct directory_day *ruled = directory_day(app_directory(x), org, d->date);
	const char *feast = ruled != NULL ? ruled->name : NULL;
	switch ((enum ogi_day_reason)d->reason) {
	case OGI_WHY_RECEIPT_DAY:
		return beginning(x, d->step);
	case OGI_WHY_EXCLUDED:
		return excluded(x, d->step);
	case OGI_WHY_PROVISIONAL:
		return d->counted ? say(x, "工作日安排未公布，按工作日推算",
					    "calendar not published, taken as a working day")
				  : say(x, "工作日安排未公布，按周末推算",
					    "calendar not published, taken as a weekend");
	case OGI_WHY_WEEKEND:
	case OGI_WHY_HOLIDAY:
		if (d->counted)
			return say(x, "所定期限届满之日", "the last day that was set");
		if (d->reason == OGI_WHY_HOLIDAY && feast != NULL)
			return x->english ? arena_print(x->arena, "holiday: %s", feast) : feast;
		return label(x, ogi_day_reasons, d->reason);
	case OGI_WHY_WORKDAY:
	case OGI_WHY_MAKEUP:
	case OGI_WHY_EXTENSION:
		break;
	}
	return counted(x, w, d, feast);
}

/* ---- the parts ---- */

static void view_days(
	struct exchange *x, struct json_out *o, int32_t org, const struct ogi_why *w)
{
	out_array(o, "days");
	for (struct ogi_date date = w->first; date.day <= w->last.day && ogi_is_date(date);
		date.day++) {
		struct ogi_why_day d;
		ogi_why_day(w, date, &d);
		out_object(o, NULL);
		out_date(o, "date", date);
		out_bool(o, "counted", d.counted);
		out_number(o, "n", d.n);
		out_text(o, "reason", ogi_day_reasons[d.reason].code);
		out_text(o, "detail", detail(x, org, w, &d));
		out_text(o, "article", source(x, ogi_day_source(w, &d)));
		out_object_end(o);
	}
	out_array_end(o);
}

static void view_steps(struct exchange *x, struct json_out *o, const struct ogi_why *w)
{
	out_array(o, "steps");
	for (int i = 0; i < w->steps; i++) {
		const struct ogi_why_step *s = &w->step[i];
		enum ogi_clock_rule rule = (enum ogi_clock_rule)s->rule;
		out_object(o, NULL);
		out_text(o, "rule", ogi_clock_rules[rule].code);
		if (s->number > 0)
			out_number(o, "number", s->number);
		out_text(o, "article", source(x, ogi_rule_source(rule, w->regime)));
		out_date(o, "from", s->from);
		out_date(o, "to", s->to);
		out_object_end(o);
	}
	out_array_end(o);
}

void view_why(struct exchange *x, struct json_out *o, const char *name, int32_t org,
	const struct ogi_why *w)
{
	out_object(o, name);
	out_date(o, "receipt_date", w->receipt_date);
	out_date(o, "due_on", w->due_on);
	out_date(o, "latest_due_on", w->latest_due_on);
	out_bool(o, "provisional", w->provisional);
	view_days(x, o, org, w);
	view_steps(x, o, w);
	out_array(o, "alternatives");
	for (int i = 0; i < w->alternatives; i++) {
		out_object(o, NULL);
		out_text(o, "reading", ogi_readings[w->alternative[i].reading].code);
		out_date(o, "due_on", w->alternative[i].due_on);
		out_object_end(o);
	}
	out_array_end(o);
	out_object_end(o);
}

/* ---- GET /v1/cases/{id}/why ---- */

struct asking_why {
	struct address address;
	struct past_view view;
	const struct rows *events;
};

static const struct problem *why_load(struct exchange *x)
{
	static const char *const names[] = { "as_of", "known_at", NULL };
	struct asking_why *a = exchange_state(x, sizeof *a);
	const struct problem *no = exchange_query_only(x, names);
	if (no != NULL || (no = past_view_read(x, &a->view)) != NULL ||
		(no = address_read(x, x->arg[0], &a->address)) != NULL)
		return no;
	a->events = address_ask_events(x, &a->address);
	return NULL;
}

static const struct problem *why_answer(struct exchange *x)
{
	struct asking_why *a = x->state;
	struct recording r = { 0 };
	struct ogi_why why;
	if (rows_count(a->events) == 0)
		return no_such_case(x, x->arg[0]);
	if (!recording_load(x, a->events, &r))
		return past_unreadable(x);
	if (a->view.past)
		past_view_keep(x, &a->view, &r.history);
	if (r.history.count == 0)
		return no_such_case(x, x->arg[0]);
	recording_prepare(x, &r);
	ogi_why(&r.history, &r.rules, a->view.as_of, &why);
	struct json_out o = app_reply(x, 200);
	view_why(x, &o, NULL, r.org, &why);
	return NULL;
}

step_fn *const case_why_steps[] = { why_load, why_answer, NULL };
