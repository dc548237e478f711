/* SPDX-License-Identifier: MulanPSL-2.0 */
/*
 * api/deadline: the pure calculator (contract §2.1): the same law as the cases, nothing stored.
 * Events are judged like recorded ones; a given receipt date is taken as it is.
 */
#include "api/app.h"
#include "api/steps.h"
#include "api/views.h"
#include "domain/lifecycle.h"

#include <string.h>

enum { SCENARIO_EVENTS = 200 };

struct scenario {
	int32_t channel, via, regime;
	struct ogi_date arrived_on, signed_on, confirmed_on, receipt_date, as_of;
	bool explain;
	json_t *events;
};

#define AT(f) offsetof(struct scenario, f)
/* clang-format off */
static const struct field scenario_rows[] = {
	{ .name = "channel", .type = FIELD_CODE, .at = AT(channel), .codes = ogi_channels },
	{ .name = "via", .type = FIELD_CODE, .at = AT(via), .codes = ogi_vias },
	{ .name = "arrived_on", .type = FIELD_DATE, .at = AT(arrived_on) },
	{ .name = "signed_on", .type = FIELD_DATE, .at = AT(signed_on) },
	{ .name = "confirmed_on", .type = FIELD_DATE, .at = AT(confirmed_on) },
	{ .name = "receipt_date", .type = FIELD_DATE, .at = AT(receipt_date) },
	{ .name = "regime", .type = FIELD_CODE, .at = AT(regime), .codes = ogi_regimes },
	{ .name = "events", .type = FIELD_RAW, .at = AT(events) },
	{ .name = "as_of", .type = FIELD_DATE, .at = AT(as_of) },
	{ .name = "explain", .type = FIELD_BOOL, .at = AT(explain) },
	{ .name = NULL },
};
/* clang-format on */

struct calculation {
	struct scenario s;
	struct ogi_rules rules;
	struct ogi_event *event;
	int events;
	struct case_row row;
};

static void contradiction(struct faults *f, const char *pointer, const char *zh, const char *en)
{
	faults_add(f, pointer, "contradiction", zh, en);
}

/* The receipt of the scenario as the first event; faults when it cannot be known what came
 * when. */
static void first_event(struct exchange *x, struct calculation *c, struct faults *f)
{
	struct scenario *s = &c->s;
	struct ogi_event *e = &c->event[0];
	struct ogi_request *q = &e->u.request;
	if (s->channel == OGI_CHANNEL_NONE && !ogi_is_date(s->receipt_date))
		faults_add(f, "/channel", "required",
			"请给出渠道（channel），或直接给出收到之日（receipt_date）。",
			"Give the channel, or the receipt_date itself.");
	if (s->via > 0 && !ogi_via_fits((enum ogi_channel)s->channel, (enum ogi_via)s->via))
		contradiction(f, "/via", "这种方式不属于所给渠道。",
			"This way of arrival does not belong to the channel.");
	if (ogi_is_date(s->receipt_date) && s->regime == OGI_REGIME_NONE &&
		ogi_regime_on(s->receipt_date) == OGI_REGIME_NONE)
		faults_add(f, "/receipt_date", "before_regulations",
			"《条例》自 2008-05-01 起施行，收到之日不能更早。",
			"The Regulations are in force from 2008-05-01; the receipt date cannot lie before.");
	*q = (struct ogi_request){ .channel = s->channel > 0 ? s->channel : OGI_IN_PERSON,
		.via = s->via,
		.arrived_on = s->arrived_on,
		.signed_on = s->signed_on,
		.confirmed_on = s->confirmed_on,
		.receipt_date = s->receipt_date };
	if (!ogi_is_date(q->arrived_on))
		q->arrived_on = ogi_is_date(s->receipt_date) ? s->receipt_date
				: ogi_is_date(s->signed_on)  ? s->signed_on
							     : x->today;
	e->kind = OGI_REGISTERED;
	e->seq = 1;
	e->historic = true; /* a given receipt date is taken as it is */
	ogi_event_complete(e, &c->row.c, &c->rules);
}

static void json_drop(void *json)
{
	json_decref(json);
}

/* Shape and type of event `i` of the list. */
static void event_form(struct exchange *x, struct calculation *c, int i, struct faults *f)
{
	const char *prefix = arena_print(x->arena, "/events/%d", i);
	json_t *item = json_array_get(c->s.events, (size_t)i);
	struct ogi_event *e = &c->event[i + 1];
	int kind = code_find(ogi_event_kinds, json_string_value(json_object_get(item, "kind")));
	bool counts = kind > OGI_REGISTERED && kind != OGI_RECOMPUTED && kind != OGI_AMENDED &&
		      kind != OGI_RETRACTED && ogi_event_roles((enum ogi_event_kind)kind) != 0;
	if (!counts) {
		faults_add(f, arena_print(x->arena, "%s/kind", prefix), "unknown_code",
			"计算器不认识这种事项；代码见 /v1/vocabulary 的 event。",
			"The calculator knows no such kind of event; see \"event\" in /v1/vocabulary.");
		return;
	}
	json_t *body = json_copy(item);
	arena_at_end(x->arena, json_drop, body);
	json_object_del(body, "kind");
	form_read(body, event_rows(x->arena, (enum ogi_event_kind)kind, false), e, prefix, f);
	e->kind = kind;
	e->seq = i + 2;
	e->actor = x->who->login;
}

static const struct problem *calculation_form(struct exchange *x, struct calculation *c)
{
	struct faults *f = app_form(x, scenario_rows, &c->s);
	int n = (int)json_array_size(c->s.events);
	if (c->s.events != NULL && !json_is_array(c->s.events) && !json_is_null(c->s.events))
		faults_add(f, "/events", "type", "events 应为列表。", "events must be a list.");
	if (n > SCENARIO_EVENTS) {
		faults_add(f, "/events", "too_many", "最多 200 项。", "At most 200 events.");
		n = 0;
	}
	c->events = n + 1;
	c->event = arena_array(x->arena, struct ogi_event, c->events);
	first_event(x, c, f);
	for (int i = 0; i < n; i++)
		event_form(x, c, i, f);
	return f->count > 0 ? problem_faults(x, f) : NULL;
}

static const struct problem *not_possible(
	struct exchange *x, const struct ogi_verdict *v, int index)
{
	const struct ogi_refusal_text *text = &ogi_refusals[v->refusal];
	struct problem *p;
	if (v->refusal == OGI_INVALID) {
		struct faults *f = arena_make(x->arena, struct faults);
		faults_init(f, x->arena);
		for (int i = 0; i < v->faults; i++)
			faults_add(f,
				arena_print(
					x->arena, "/events/%d%s", index, v->fault[i].pointer),
				v->fault[i].code, v->fault[i].zh, v->fault[i].en);
		p = problem_faults(x, f);
	} else {
		p = problem(x, PROBLEM_REFUSED, "%s", "%s", x->english ? text->en : text->zh);
		p->code = text->code;
	}
	p->article = v->article;
	p->extra = arena_print(x->arena, "\"index\":%d", index);
	return p;
}

/* Each event is judged against what came before it, then taken in. The scenario may lie in the
 * future. */
static const struct problem *calculation_run(struct exchange *x, struct calculation *c)
{
	struct ogi_rules judging = c->rules;
	struct ogi_verdict v;
	judging.today = ogi_date_of(2199, 12, 31);
	ogi_case_evolve(&c->row.c, &c->event[0], &c->rules);
	for (int i = 1; i < c->events; i++) {
		struct ogi_history h = { c->event, i };
		struct ogi_event *e = &c->event[i];
		ogi_event_complete(e, &c->row.c, &c->rules);
		ogi_case_decide(&c->row.c, &h, e, &judging, NULL, &v);
		if (v.refusal != OGI_OK)
			return not_possible(x, &v, i - 1);
		ogi_case_evolve(&c->row.c, e, &c->rules);
	}
	return NULL;
}

static const struct problem *deadline_answer(struct exchange *x)
{
	struct calculation *c = exchange_state(x, sizeof *c);
	app_rules(x, x->who->org, INT32_MAX, &c->rules);
	const struct problem *no = calculation_form(x, c);
	if (no != NULL)
		return no;
	c->rules.regime = c->s.regime > 0 ? c->s.regime : OGI_REGIME_NONE;
	if ((no = calculation_run(x, c)) != NULL)
		return no;
	struct ogi_date as_of = ogi_is_date(c->s.as_of) ? c->s.as_of : x->today;
	struct json_out o = json_to(&x->reply);
	out_object(&o, NULL);
	view_deadline(&o, &c->row.c, &c->rules, as_of);
	if (c->s.explain) {
		struct ogi_why why;
		const struct ogi_history h = { c->event, c->events };
		ogi_why(&h, &c->rules, as_of, &why);
		view_why(x, &o, "why", x->who->org, &why);
	}
	out_object_end(&o);
	return NULL;
}

step_fn *const deadline_steps[] = { deadline_answer, NULL };
