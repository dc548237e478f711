/* SPDX-License-Identifier: MulanPSL-2.0 */
/* api/views: cases and events as JSON. Masking of personal numbers happens here and nowhere
 * else. */
#include "api/views.h"

#include "api/changes.h"

#include "base/form.h"
#include "domain/lifecycle.h"
#include "domain/numbering.h"
#include "domain/remedy.h"

#include <string.h>

/* ---- masking ---- */

/* Keeps `head` and `tail` characters, the rest becomes '*'; short texts are masked whole. */
static const char *mask(struct arena *a, const char *s, long head, long tail)
{
	if (s == NULL)
		return NULL;
	long n = text_characters(s, strlen(s)), at = 0;
	if (n <= head + tail)
		head = tail = 0;
	char *out = arena_array(a, char, strlen(s) + 1);
	size_t used = 0;
	for (const char *p = s; *p != '\0'; at++) {
		size_t bytes = 1;
		while (((unsigned char)p[bytes] & 0xC0) == 0x80)
			bytes++;
		if (at < head || at >= n - tail) {
			memcpy(out + used, p, bytes);
			used += bytes;
		} else {
			out[used++] = '*';
		}
		p += bytes;
	}
	return out;
}

static const char *shown_identity(
	struct exchange *x, const struct uuid *id, const char *sealed, bool reveal)
{
	const char *plain = sealed != NULL
				    ? unseal_text(app_of(x)->keys, x->arena, id->byte, sealed)
				    : NULL;
	return reveal ? plain : mask(x->arena, plain, 4, 4);
}

static const char *shown_phone(struct exchange *x, const char *phone, bool reveal)
{
	return reveal ? phone : mask(x->arena, phone, 3, 4);
}

/* ---- parts of a case ---- */

static void out_code(
	struct json_out *o, const char *name, const struct code *list, int32_t index)
{
	out_text(o, name, index > 0 ? list[index].code : NULL);
}

/* The texts of a part that has no member written by hand; rows not given are left out. */
static const struct field *rows_of(const char *part)
{
	return field_find(ogi_event_fields(OGI_REGISTERED), part, NULL)->fields;
}

static void view_applicant(struct exchange *x, struct json_out *o, const struct case_view *v)
{
	const struct ogi_applicant *who = &v->row->c.request.applicant;
	const struct field *rows = rows_of("applicant");
	out_object(o, "applicant");
	out_code(o, "kind", ogi_applicant_kinds, who->kind);
	out_text(o, "name", who->name);
	out_code(o, "id_kind", ogi_id_kinds, who->id_kind);
	out_text(o, "id_number", shown_identity(x, &v->row->id, who->id_number, v->reveal));
	out_text(o, "phone", shown_phone(x, who->phone, v->reveal));
	out_text(o, "email", who->email);
	out_text(o, "address", who->address);
	out_text(o, "postcode", who->postcode);
	out_text(o, "legal_representative", who->legal_representative);
	out_text(o, "contact_person", who->contact_person);
	if (who->agent.name != NULL) {
		struct ogi_agent agent = who->agent;
		agent.phone = shown_phone(x, agent.phone, v->reveal);
		out_object(o, "agent");
		out_fields(o, field_find(rows, "agent", NULL)->fields, &agent, 0, 0);
		out_object_end(o);
	} else {
		out_null(o, "agent");
	}
	out_array(o, "others");
	for (int i = 0; i < who->others.count; i++) {
		out_object(o, NULL);
		out_text(o, "name",
			((const struct ogi_other_applicant *)who->others.item)[i].name);
		out_object_end(o);
	}
	out_array_end(o);
	out_object_end(o);
}

static void view_number(struct exchange *x, struct json_out *o, const struct case_row *row)
{
	const struct ogi_request *q = &row->c.request;
	const struct directory_org *org = directory_org(app_directory(x), row->org);
	char number[24], display[256];
	if (q->serial > 0) {
		ogi_number_print(q->year, q->serial, number);
		out_text(o, "number", number);
		bool fits = org != NULL && ogi_number_display(org->number_format, q->year,
						   q->serial, display, sizeof display);
		out_text(o, "display_number", fits ? display : number);
	} else {
		out_null(o, "number");
		out_null(o, "display_number");
	}
	out_text(o, "legacy_number", q->legacy_number);
	out_text(o, "external_ref", q->external_ref);
	out_text(o, "org", org != NULL ? org->code : NULL);
}

static void view_request(struct exchange *x, struct json_out *o, const struct case_view *v)
{
	const struct ogi_case *c = &v->row->c;
	const struct ogi_request *q = &c->request;
	out_code(o, "channel", ogi_channels, q->channel);
	out_code(o, "via", ogi_vias, q->via);
	out_code(o, "regime", ogi_regimes, c->regime);
	view_applicant(x, o, v);
	out_text(o, "description", q->description);
	out_text(o, "document_ref", q->document_ref);
	out_text(o, "subject", q->subject);
	out_code(o, "medium", ogi_media, q->medium);
	out_code(o, "delivery", ogi_deliveries, q->delivery);
	out_bool(o, "assisted", q->assisted);
	out_text(o, "assisted_by", q->assisted_by);
	out_object(o, "evidence");
	out_fields(o, rows_of("evidence"), &q->evidence, 0, 0);
	out_object_end(o);
	out_date(o, "arrived_on", q->arrived_on);
	out_date(o, "signed_on", q->signed_on);
	out_date(o, "confirmed_on", q->confirmed_on);
	out_date(o, "receipt_date", q->receipt_date);
	out_date(o, "registered_on", q->registered_on);
}

static void view_clock(
	struct json_out *o, const struct ogi_case *c, const struct ogi_standing *s)
{
	out_date(o, "due_on", c->due_on);
	out_date(o, "latest_due_on", c->latest_due_on);
	out_bool(o, "provisional", c->provisional);
	out_object(o, "clock");
	out_text(o, "state", ogi_clock_states[s->clock_state].code);
	out_number(o, "period", c->period);
	out_number(o, "extension", c->extension);
	out_number(o, "counted", s->counted);
	if (s->remaining >= 0 || s->clock_state != OGI_CLOCK_NOT_STARTED)
		out_number(o, "remaining", s->remaining);
	else
		out_null(o, "remaining");
	out_array(o, "excluded");
	for (int i = 0; i < c->excluded_count; i++) {
		out_array(o, NULL);
		out_date(o, NULL, c->excluded[i].from);
		out_date(o, NULL, c->excluded[i].to);
		out_array_end(o);
	}
	out_array_end(o);
	out_object_end(o);
	out_text(o, "light", ogi_lights[s->light].code);
	out_number(o, "overdue_workdays", s->overdue_workdays);
	out_array(o, "watch");
	for (int i = 0; i < s->watches; i++) {
		out_object(o, NULL);
		out_text(o, "kind", s->watch[i].kind);
		out_date(o, "on", s->watch[i].on);
		if (s->watch[i].number > 0)
			out_number(o, "number", s->watch[i].number);
		out_object_end(o);
	}
	out_array_end(o);
}

static void view_outcome(struct json_out *o, const struct ogi_case *c)
{
	out_code(o, "review", ogi_decisions, c->review);
	out_date(o, "review_on", c->review_on);
	out_code(o, "outcome", ogi_outcome_codes, c->outcome);
	out_code(o, "outcome_variant", ogi_variant_codes, c->variant);
	out_text(o, "outcome_form", c->outcome_form);
	out_text(o, "outcome_label", c->outcome_label);
	out_text(o, "outcome_reason", c->outcome_reason);
	out_array(o, "outcome_basis");
	for (int i = 0; i < c->basis.count; i++)
		out_text(o, NULL, c->basis.item[i]);
	out_array_end(o);
	out_text(o, "document_no", c->document_no);
	out_code(o, "served_by", ogi_served_by, c->served_by);
	out_date(o, "decided_on", c->decided_on);
	out_date(o, "effective_reply_date", c->effective_reply_date);
	out_date(o, "closed_on", c->closed_on);
	out_date(o, "withdrawn_on", c->withdrawn_on);
	out_date(o, "archived_on", c->archived_on);
	out_date(o, "first_closed_on", c->first_closed_on);
	out_code(o, "first_outcome", ogi_outcome_codes, c->first_outcome);
}

static void view_runs(struct json_out *o, const struct case_view *v)
{
	const struct ogi_case *c = &v->row->c;
	out_array(o, "runs");
	bool first_open = c->runs == 1 && !ogi_is_date(c->run[0].closed_on);
	for (int i = first_open ? 1 : 0; i < c->runs; i++) {
		const struct ogi_run *run = &c->run[i];
		out_object(o, NULL);
		out_date(o, "started_on", run->started_on);
		out_date(o, "due_on", run->due_on);
		out_date(o, "closed_on", run->closed_on);
		out_code(o, "outcome", ogi_outcome_codes, run->outcome);
		out_code(o, "outcome_variant", ogi_variant_codes, run->variant);
		out_object_end(o);
	}
	out_array_end(o);
	out_array(o, "consultations");
	for (int i = 0; i < c->consultations; i++) {
		const struct ogi_consultation *k = &c->consultation[i];
		out_object(o, NULL);
		out_number(o, "consultation", i + 1);
		out_code(o, "party", ogi_parties, k->party);
		out_date(o, "opened_on", k->opened_on);
		out_date(o, "received_on", k->received_on);
		out_date(o, "window_end", k->window_end);
		out_date(o, "closed_on", k->closed_on);
		out_code(o, "opinion", ogi_opinions, k->opinion);
		out_object_end(o);
	}
	out_array_end(o);
	out_array(o, "remedies");
	for (int i = 0; i < c->remedies; i++) {
		const struct ogi_remedy *m = &c->remedy[i];
		out_object(o, NULL);
		out_number(o, "remedy", i + 1);
		out_code(o, "remedy_kind", ogi_remedy_kinds, m->kind);
		out_code(o, "procedure", ogi_procedures, m->procedure);
		out_text(o, "authority", m->authority);
		out_text(o, "docket_no", m->docket_no);
		out_date(o, "filed_on", m->filed_on);
		out_date(o, "accepted_on", m->accepted_on);
		out_date(o, "copy_received_on", m->copy_received_on);
		out_date(o, "answer_due_on", m->answer_due_on);
		out_date(o, "decision_due_on", m->decision_due_on);
		out_date(o, "suit_by",
			m->kind == OGI_RECONSIDERATION
				? ogi_sue_after_by(v->rules->calendar, m->concluded_on)
				: (struct ogi_date){ 0 });
		out_date(o, "concluded_on", m->concluded_on);
		out_code(o, "result", ogi_remedy_results, m->result);
		out_object_end(o);
	}
	out_array_end(o);
}

static void view_link(struct exchange *x, struct json_out *o, const char *name,
	const struct ogi_link *link, bool code)
{
	struct uuid id;
	char text[11];
	if (link->id == NULL) {
		out_null(o, name);
		return;
	}
	out_object(o, name);
	out_text(o, "org", link->org);
	out_text(o, "id", link->id);
	out_text(o, "number", link->number);
	if (code && uuid_parse_text(link->id, &id)) {
		mac_query_code(app_of(x)->keys, id.byte, text);
		out_text(o, "query_code", text);
	}
	out_object_end(o);
}

static void view_links(struct exchange *x, struct json_out *o, const struct case_view *v)
{
	const struct ogi_case *c = &v->row->c;
	const struct ogi_link *part = c->split_into.item;
	view_link(x, o, "split_from", &c->request.split_from, false);
	out_array(o, "split_into");
	for (int i = 0; i < c->split_into.count; i++)
		view_link(x, o, NULL, &part[i], v->made_codes);
	out_array_end(o);
	view_link(x, o, "merged_into", &c->merged_into, false);
	view_link(x, o, "handed_over_to", &c->handed_to, v->made_codes);
	view_link(x, o, "handed_over_from", &c->handed_from, false);
}

/* Until when the applicant may turn to whom, once the reply is served. */
static void view_remedy_periods(struct json_out *o, const struct case_view *v)
{
	const struct ogi_case *c = &v->row->c;
	const struct ogi_calendar *cal = v->rules->calendar;
	struct ogi_date known = ogi_case_known_on(c);
	if (!ogi_is_date(c->effective_reply_date)) {
		out_null(o, "remedy_periods");
		return;
	}
	out_object(o, "remedy_periods");
	out_date(o, "known_on", known);
	out_date(o, "reconsideration_by", ogi_reconsider_by(cal, known));
	out_date(o, "suit_by", ogi_sue_by(cal, c->decided_on, known));
	out_bool(o, "reconsideration_first", ogi_reconsider_first(c->outcome, c->decided_on));
	out_object_end(o);
}

static void view_warnings(struct exchange *x, struct json_out *o, uint32_t bits)
{
	out_array(o, "warnings");
	for (int i = 0; ogi_warnings[i].code != NULL; i++) {
		if ((bits & (1u << i)) == 0)
			continue;
		out_object(o, NULL);
		out_text(o, "code", ogi_warnings[i].code);
		out_text(o, "detail", x->english ? ogi_warnings[i].en : ogi_warnings[i].zh);
		out_object_end(o);
	}
	out_array_end(o);
}

/* ---- what is possible now ---- */

static const char *type_of(const struct field *row)
{
	switch (row->type) {
	case FIELD_TEXT:
	case FIELD_UUID:
		return "string";
	case FIELD_DATE:
		return "date";
	case FIELD_INT:
		return "integer";
	case FIELD_DECIMAL:
		return "number";
	case FIELD_BOOL:
		return "boolean";
	case FIELD_CODE:
		return (row->flags & FIELD_LOOSE) == 0 &&
				       strcmp(row->codes[1].code, "true") == 0
			       ? "boolean"
			       : "code";
	case FIELD_TEXTS:
	case FIELD_OBJECTS:
		return "array";
	case FIELD_OBJECT:
	case FIELD_RAW:
		break;
	}
	return "object";
}

enum { CODES_LISTED = 12 }; /* longer lists are in the vocabulary */

static void view_field(struct json_out *o, const struct field *row, int32_t most)
{
	const char *type = type_of(row);
	out_object(o, row->name);
	out_text(o, "type", type);
	if ((row->flags & FIELD_REQUIRED) != 0)
		out_bool(o, "required", true);
	if (row->type == FIELD_INT && row->max > row->min) {
		out_number(o, "min", row->min);
		out_number(o, "max", most > 0 && most < row->max ? most : row->max);
	} else if (row->type == FIELD_TEXT && row->max > 0) {
		out_number(o, "max", row->max);
	} else if (strcmp(type, "code") == 0 && code_count(row->codes) <= CODES_LISTED) {
		out_array(o, "codes");
		for (const struct code *k = row->codes; k->code != NULL; k++)
			if (k->code[0] != '\0')
				out_text(o, NULL, k->code);
		out_array_end(o);
	}
	out_object_end(o);
}

static void view_fields(
	struct json_out *o, const char *name, enum ogi_event_kind kind, int32_t most)
{
	out_object(o, name);
	for (const struct field *row = ogi_event_fields(kind); row->name != NULL; row++)
		if (strcmp(row->name, "to_text") != 0)
			view_field(o, row, most);
	out_object_end(o);
}

/* What a kind takes is the same for every case, but for a bound that the case sets: rendered
 * once. */
static const char *fields_of(struct exchange *x, enum ogi_event_kind kind)
{
	struct buf *ready = &app_of(x)->fields[kind];
	if (ready->used == 0) {
		struct json_out o = json_to(ready);
		view_fields(&o, NULL, kind, 0);
	}
	return ready->data;
}

static void view_possible(struct exchange *x, struct json_out *o, const struct ogi_possible *p,
	int n, bool allowed)
{
	for (int i = 0; i < n; i++) {
		if ((p[i].refusal == OGI_OK) != allowed)
			continue;
		out_object(o, NULL);
		out_text(o, "kind", ogi_event_kinds[p[i].kind].code);
		if (allowed) {
			enum ogi_event_kind kind = (enum ogi_event_kind)p[i].kind;
			if (p[i].most > 0)
				view_fields(o, "fields", kind, p[i].most);
			else
				out_copy(o, "fields", fields_of(x, kind));
			out_date(o, "until", p[i].until);
		} else {
			const struct ogi_refusal_text *why = &ogi_refusals[p[i].refusal];
			out_text(o, "code", why->code);
			out_text(o, "detail", x->english ? why->en : why->zh);
		}
		out_object_end(o);
	}
}

static void view_allowed_and_refused(
	struct exchange *x, struct json_out *o, const struct case_view *v, bool refused)
{
	struct ogi_possible possible[OGI_EVENT_KINDS];
	int n = ogi_case_possible(&v->row->c, v->rules, v->asking, possible);
	out_array(o, "allowed");
	view_possible(x, o, possible, n, true);
	out_array_end(o);
	if (!refused)
		return;
	out_array(o, "refused");
	view_possible(x, o, possible, n, false);
	out_array_end(o);
}

const char *view_allowed(struct exchange *x, const struct case_row *row,
	const struct ogi_rules *rules, const struct ogi_asking *asking)
{
	struct buf text = { 0 };
	struct json_out o = json_to(&text);
	struct case_view v = { .row = row, .rules = rules, .asking = asking };
	out_object(&o, NULL);
	view_allowed_and_refused(x, &o, &v, false);
	out_object_end(&o);
	/* the members alone, without the braces */
	const char *members = arena_bytes(x->arena, text.data + 1, text.used - 2);
	buf_clear(&text);
	return members;
}

const char *view_roles(struct exchange *x, unsigned roles)
{
	struct buf text = { 0 };
	buf_text(&text, "\"roles\":");
	struct json_out o = json_to(&text);
	out_array(&o, NULL);
	for (int i = 0; i < OGI_ROLES; i++)
		if ((roles & (1u << i)) != 0)
			out_text(&o, NULL, ogi_roles[i].code);
	out_array_end(&o);
	const char *members = arena_bytes(x->arena, text.data, text.used);
	buf_clear(&text);
	return members;
}

/* ---- the whole ---- */

void view_deadline(struct json_out *o, const struct ogi_case *c, const struct ogi_rules *rules,
	struct ogi_date as_of)
{
	struct ogi_standing standing;
	ogi_case_standing(c, rules, as_of, &standing);
	out_date(o, "receipt_date", c->request.receipt_date);
	out_code(o, "regime", ogi_regimes, c->regime);
	out_text(o, "status", c->status > 0 ? ogi_statuses[c->status].code : NULL);
	view_clock(o, c, &standing);
}

void view_case(
	struct exchange *x, struct json_out *o, const char *name, const struct case_view *v)
{
	const struct ogi_case *c = &v->row->c;
	struct ogi_standing standing;
	char id[37];
	uuid_print(&v->row->id, id);
	ogi_case_standing(c, v->rules, v->as_of, &standing);
	out_object(o, name);
	out_text(o, "id", id);
	view_number(x, o, v->row);
	view_request(x, o, v);
	out_text(o, "status", c->status > 0 ? ogi_statuses[c->status].code : NULL);
	out_array(o, "flags");
	for (int i = 0; ogi_flags[i].code != NULL; i++)
		if ((c->flags & (1u << i)) != 0)
			out_text(o, NULL, ogi_flags[i].code);
	out_array_end(o);
	view_clock(o, c, &standing);
	view_outcome(o, c);
	view_runs(o, v);
	view_remedy_periods(o, v);
	view_links(x, o, v);
	out_text(o, "assignee", c->request.assignee);
	if (v->asking != NULL)
		view_allowed_and_refused(x, o, v, true);
	view_warnings(x, o, c->warnings);
	if (v->change != NULL)
		view_change(x, o, v->change, c);
	out_number(o, "version", c->version);
	out_instant(o, "created_at", v->row->created_at);
	out_instant(o, "updated_at", v->row->updated_at);
	if (v->query_code != NULL)
		out_text(o, "query_code", v->query_code);
	out_object_end(o);
}

void view_case_reply(struct exchange *x, int status, const struct case_view *v)
{
	struct json_out o = json_to(&x->reply);
	x->status = status;
	exchange_header(x, "ETag", arena_print(x->arena, "\"%d\"", v->row->c.version));
	view_case(x, &o, NULL, v);
}

static bool amends_phone(const struct ogi_event *e)
{
	static const char *const names[] = { "applicant.phone", "/applicant/phone",
		"applicant.agent.phone", "/applicant/agent/phone" };
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (strcmp(e->u.change.field, names[i]) == 0)
			return true;
	return false;
}

void view_event(
	struct exchange *x, struct json_out *o, const struct event_row *row, bool reveal)
{
	struct ogi_event e = row->event;
	char hash[2 * MAC_BYTES + 1], prev[2 * MAC_BYTES + 1];
	mac_print(&row->hash, hash);
	mac_print(&row->prev, prev);
	if (e.kind == OGI_ARRIVED || e.kind == OGI_REGISTERED ||
		e.kind == OGI_RECEIPT_CONFIRMED) {
		struct ogi_applicant *who = &e.u.request.applicant;
		who->id_number = shown_identity(x, &row->id, who->id_number, reveal);
		who->phone = shown_phone(x, who->phone, reveal);
		who->agent.phone = shown_phone(x, who->agent.phone, reveal);
	} else if (e.kind == OGI_AMENDED && event_amends_identity(&e)) {
		e.u.change.to_text = shown_identity(x, &row->id, e.u.change.to_text, reveal);
	} else if (e.kind == OGI_AMENDED && amends_phone(&e)) {
		e.u.change.to_text = shown_phone(x, e.u.change.to_text, reveal);
	}
	out_object(o, NULL);
	out_number(o, "seq", e.seq);
	out_text(o, "kind", ogi_event_kinds[e.kind].code);
	out_date(o, "on", e.on);
	out_instant(o, "recorded_at", e.recorded_at);
	out_text(o, "actor", e.actor);
	out_object(o, "data");
	for (const struct field *f = event_rows(x->arena, (enum ogi_event_kind)e.kind, true);
		f->name != NULL; f++)
		if (strcmp(f->name, "on") != 0 && strcmp(f->name, "to_text") != 0 &&
			(e.kind != OGI_DOCUMENT_ISSUED || strcmp(f->name, "text") != 0)) {
			struct field one[2] = { *f, { .name = NULL } };
			out_fields(o, one, &e, 0, 0);
		}
	if (e.kind == OGI_AMENDED && e.u.change.to_text != NULL)
		out_text(o, "to", e.u.change.to_text);
	out_object_end(o);
	out_date(o, "due_before", e.due_before);
	out_date(o, "due_after", e.due_after);
	out_date(o, "text_destroyed_on", row->destroyed_on);
	out_text(o, "hash", hash);
	out_text(o, "prev_hash", prev);
	out_object_end(o);
}
