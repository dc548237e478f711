/* SPDX-License-Identifier: MulanPSL-2.0 */
/* api/portal_view: a case as its applicant sees it. */
#include "api/portal.h"

#include "domain/numbering.h"

#include <stdlib.h>
#include <string.h>

static void unref(void *json)
{
	json_decref(json);
}

/* What the applicant is told of as it happens; everything else is the office's own. */
static const int32_t told[] = { OGI_REGISTERED, OGI_RECEIPT_CONFIRMED, OGI_CORRECTION_REQUESTED,
	OGI_CORRECTION_RECEIVED, OGI_CORRECTION_LAPSED, OGI_CONSULTATION_OPENED,
	OGI_CONSULTATION_CLOSED, OGI_EXTENDED, OGI_REASONS_REQUESTED, OGI_REASONS_RECEIVED,
	OGI_FEE_NOTICED, OGI_FEE_PAID, OGI_FEE_LAPSED, OGI_SERVED, OGI_WITHDRAWN, OGI_SPLIT,
	OGI_REOPENED };

bool portal_may(const struct ogi_case *c, const struct ogi_rules *rules, int32_t kind)
{
	struct ogi_asking asking = {
		.login = "portal", .roles = OGI_FRONT_DESK, .own_organisation = true
	};
	struct ogi_possible possible[OGI_EVENT_KINDS];
	int n = ogi_case_possible(c, rules, &asking, possible);
	for (int i = 0; i < n; i++)
		if (possible[i].kind == kind)
			return possible[i].refusal == OGI_OK;
	return false;
}

/* Decided is not yet answered, and archived is the office's own business. */
static int32_t shown_status(const struct ogi_case *c)
{
	return c->status == OGI_ST_DECIDED    ? OGI_ST_IN_PROCESS
	       : c->status == OGI_ST_ARCHIVED ? OGI_ST_CLOSED
					      : c->status;
}

static const char *code_of(const struct code *list, int32_t index)
{
	return index > 0 ? list[index].code : NULL;
}

static const char *label(const struct exchange *x, const struct code *k)
{
	return x->english ? k->en : k->zh;
}

static void view_number(struct exchange *x, struct json_out *o, const struct case_row *row)
{
	const struct ogi_request *q = &row->c.request;
	const struct directory_org *org = directory_org(app_directory(x), row->org);
	char number[24], display[256];
	ogi_number_print(q->year, q->serial, number);
	bool fits = org != NULL && ogi_number_display(org->number_format, q->year, q->serial,
					   display, sizeof display);
	out_text(o, "org", org != NULL ? org->code : NULL);
	out_text(o, "org_name", org != NULL ? org->name : NULL);
	out_text(o, "number", number);
	out_text(o, "display_number", fits ? display : number);
}

static void view_correction(
	struct json_out *o, const struct ogi_case *c, const struct ogi_history *h)
{
	struct ogi_event e;
	if (c->status != OGI_ST_CORRECTION_REQUESTED || c->correction_seq < 1 ||
		c->correction_seq > h->count ||
		!ogi_history_event(h, c->correction_seq - 1, &e)) {
		out_null(o, "correction");
		return;
	}
	out_object(o, "correction");
	out_date(o, "requested_on", e.on);
	out_date(o, "due_on", c->correction_due_on);
	out_array(o, "items");
	for (int i = 0; i < e.u.correction.items.count; i++)
		out_text(o, NULL, e.u.correction.items.item[i]);
	out_array_end(o);
	out_object_end(o);
}

static void view_fee(struct json_out *o, const struct ogi_case *c)
{
	if (c->status != OGI_ST_FEE_NOTICED) {
		out_null(o, "fee");
		return;
	}
	out_object(o, "fee");
	out_number(o, "amount", c->fee_amount);
	out_date(o, "due_on", c->fee_due_on);
	out_object_end(o);
}

static void view_outcome(const struct exchange *x, struct json_out *o, const struct ogi_case *c)
{
	bool served = shown_status(c) == OGI_ST_CLOSED && ogi_given(c->outcome);
	const struct code *k = served ? &ogi_outcome_codes[c->outcome] : NULL;
	out_date(o, "closed_on", c->closed_on);
	out_text(o, "outcome", k != NULL ? k->code : NULL);
	out_text(o, "outcome_label",
		k == NULL                                 ? NULL
		: c->outcome_label != NULL && !x->english ? c->outcome_label
							  : label(x, k));
}

static void view_history(
	const struct exchange *x, struct json_out *o, const struct ogi_history *h)
{
	out_array(o, "history");
	for (int i = h->count - 1; i >= 0; i--) {
		struct ogi_event e;
		bool is_told = false;
		if (!ogi_history_event(h, i, &e))
			continue;
		for (size_t k = 0; k < sizeof told / sizeof *told; k++)
			is_told = is_told || told[k] == e.kind;
		if (!is_told)
			continue;
		out_object(o, NULL);
		out_text(o, "kind", ogi_event_kinds[e.kind].code);
		out_text(o, "label", label(x, &ogi_event_kinds[e.kind]));
		out_date(o, "on", e.on);
		out_object_end(o);
	}
	out_array_end(o);
}

static void view_allowed(
	struct json_out *o, const struct ogi_case *c, const struct ogi_rules *rules)
{
	static const int32_t kinds[] = { OGI_CORRECTION_RECEIVED, OGI_WITHDRAWN };
	out_array(o, "allowed");
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		if (portal_may(c, rules, kinds[i])) {
			out_object(o, NULL);
			out_text(o, "kind", ogi_event_kinds[kinds[i]].code);
			out_object_end(o);
		}
	out_array_end(o);
}

json_t *portal_view(struct exchange *x, const struct case_row *row, const struct ogi_history *h,
	const struct ogi_rules *rules, const char *query_code)
{
	const struct ogi_case *c = &row->c;
	const struct code *status = &ogi_statuses[shown_status(c)];
	bool closed = ogi_case_ended(c);
	struct buf text = { 0 };
	struct json_out o = json_to(&text);
	out_object(&o, NULL);
	view_number(x, &o, row);
	out_text(&o, "channel", code_of(ogi_channels, c->request.channel));
	out_text(&o, "via", code_of(ogi_vias, c->request.via));
	out_text(&o, "status", status->code);
	out_text(&o, "status_label", label(x, status));
	out_date(&o, "receipt_date", c->request.receipt_date);
	out_date(&o, "registered_on", c->request.registered_on);
	out_date(&o, "due_on", closed ? (struct ogi_date){ 0 } : c->due_on);
	out_date(&o, "latest_due_on", closed ? (struct ogi_date){ 0 } : c->latest_due_on);
	out_bool(&o, "provisional", c->provisional);
	out_bool(&o, "extended", (c->flags & OGI_EXTENDED_FLAG) != 0);
	out_bool(&o, "consulting", (c->flags & OGI_CONSULTING) != 0);
	view_correction(&o, c, h);
	view_fee(&o, c);
	view_outcome(x, &o, c);
	view_history(x, &o, h);
	view_allowed(&o, c, rules);
	if (query_code != NULL)
		out_text(&o, "query_code", query_code);
	out_object_end(&o);
	json_t *view = json_loadb(text.data, text.used, 0, NULL);
	buf_clear(&text);
	if (view == NULL)
		abort(); /* our own writer's */
	arena_at_end(x->arena, unref, view);
	return view;
}

void portal_reply(struct exchange *x, int status, const json_t *view)
{
	struct json_out o = app_reply(x, status);
	out_value(&o, NULL, view);
}
