/* SPDX-License-Identifier: MulanPSL-2.0 */
/* api/assign: POST /v1/cases/assign (contract §2.1): many cases to one handler, all of them or
 * none. */
#include "api/address.h"
#include "api/feed.h"
#include "api/recording.h"
#include "api/steps.h"
#include "api/views.h"
#include "domain/numbering.h"

#include <string.h>

enum { CASES_MOST = 200, NAME_MOST = 80 };

struct assigning {
	struct ogi_event event; /* first: the rows of the body count from here */
	struct texts names;     /* of the cases, as given */
	struct address *address;
	const struct rows **events;
	struct recording *r; /* of each case */
	const struct rows *found, *opened;
	struct remembered key;
	bool replayed;
	/* what speaks against it */
	struct faults faults;
	enum ogi_refusal refusal; /* the first of a state */
	unsigned roles;           /* that may, when a role is missing */
	bool role_missing, invalid;
};

static const struct field names_row = { .name = "cases",
	.type = FIELD_TEXTS,
	.at = offsetof(struct assigning, names),
	.flags = FIELD_REQUIRED,
	.min = 1,
	.max = CASES_MOST,
	.item_max = NAME_MOST };

static const struct problem *assigning_form(struct exchange *x, struct assigning *s)
{
	static const char *const taken[] = { "to", "note" };
	const struct field *rows = event_rows(x->arena, OGI_ASSIGNED, false);
	struct field *all = arena_array(x->arena, struct field, 4);
	all[0] = names_row;
	for (int i = 0; i < 2; i++)
		all[i + 1] = *field_find(rows, taken[i], NULL);
	return exchange_form(x, all, s);
}

static const char *pointer_of(struct exchange *x, int index)
{
	return arena_print(x->arena, "/cases/%d", index);
}

static void no_case(struct exchange *x, struct assigning *s, int index)
{
	const struct problem *p = no_such_case(x, s->names.item[index]);
	s->invalid = true;
	faults_add(&s->faults, pointer_of(x, index), p->code, p->detail_zh, p->detail_en);
}

static const struct problem *assigning_load(struct exchange *x)
{
	struct assigning *s = exchange_state(x, sizeof *s);
	const struct problem *no = assigning_form(x, s);
	if (no != NULL)
		return no;
	int n = s->names.count;
	faults_init(&s->faults, x->arena);
	s->address = arena_array(x->arena, struct address, n);
	s->events = arena_array(x->arena, const struct rows *, n);
	s->r = arena_array(x->arena, struct recording, n);
	for (int i = 0; i < n; i++)
		if (address_read(x, s->names.item[i], &s->address[i]) == NULL)
			s->events[i] = address_ask_events(x, &s->address[i]);
	if (x->key_given || x->tries > 0)
		s->found = remembered_ask(
			x->reads, x->who->scope, x->who->scopes, x->who->user, &x->key);
	return NULL;
}

/* What the law says against one case, as faults of that case. */
static void take_verdict(
	struct exchange *x, struct assigning *s, int index, const struct ogi_verdict *v)
{
	const char *pointer = pointer_of(x, index);
	if (v->refusal == OGI_INVALID) {
		s->invalid = true;
		for (int i = 0; i < v->faults; i++)
			faults_add(&s->faults, pointer, v->fault[i].code, v->fault[i].zh,
				v->fault[i].en);
		return;
	}
	const struct ogi_refusal_text *text = &ogi_refusals[v->refusal];
	faults_add(&s->faults, pointer, text->code, text->zh, text->en);
	if (v->refusal == OGI_ROLE_REQUIRED) {
		s->role_missing = true;
		s->roles |= v->roles;
	} else if (s->refusal == OGI_OK) {
		s->refusal = v->refusal;
	}
}

static bool named_before(const struct assigning *s, int index)
{
	for (int i = 0; i < index; i++)
		if (memcmp(&s->r[i].id, &s->r[index].id, sizeof s->r[i].id) == 0)
			return true;
	return false;
}

static const struct problem *judge_one(struct exchange *x, struct assigning *s, int index)
{
	struct recording *r = &s->r[index];
	if (s->events[index] == NULL || rows_count(s->events[index]) == 0) {
		no_case(x, s, index);
		return NULL;
	}
	if (!recording_load(x, s->events[index], r))
		return problem(x, PROBLEM_INTERNAL, "案件记录无法读取。",
			"The record of the case cannot be read.");
	if (named_before(s, index)) {
		s->invalid = true;
		faults_add(&s->faults, pointer_of(x, index), "duplicate",
			"同一案件出现了两次，请去掉一个。",
			"The case is named twice; leave one out.");
		return NULL;
	}
	r->event = s->event;
	r->event.kind = OGI_ASSIGNED;
	recording_prepare(x, r);
	if (recording_judge(x, r) != NULL)
		take_verdict(x, s, index, &r->verdict);
	return NULL;
}

/* One answer for all: a role that is missing, else what is wrong whatever the state, else the
 * state. */
static const struct problem *objection(struct exchange *x, struct assigning *s)
{
	struct problem *p;
	if (s->role_missing) {
		const struct ogi_refusal_text *text = &ogi_refusals[OGI_ROLE_REQUIRED];
		p = problem(
			x, PROBLEM_ROLE_REQUIRED, "%s", "%s", x->english ? text->en : text->zh);
		p->extra = view_roles(x, s->roles);
	} else if (s->invalid) {
		p = problem_faults(x, &s->faults);
	} else {
		p = problem(x, PROBLEM_REFUSED, "没有分办任何案件；不能分办的见 errors。",
			"Nothing was assigned; errors says which cases cannot be.");
		p->code = ogi_refusals[s->refusal].code;
	}
	p->faults = &s->faults;
	return p;
}

/* The whole answer, kept with the key to be given again: {"cases":[{"id","number","version"}]}.
 */
static const char *answer_text(struct exchange *x, const struct assigning *s)
{
	struct buf text = { 0 };
	struct json_out o = json_to(&text);
	out_object(&o, NULL);
	out_array(&o, "cases");
	for (int i = 0; i < s->names.count; i++) {
		const struct case_row *row = &s->r[i].after;
		char id[37], number[24];
		uuid_print(&row->id, id);
		out_object(&o, NULL);
		out_text(&o, "id", id);
		if (row->c.request.serial != 0)
			ogi_number_print(row->c.request.year, row->c.request.serial, number);
		out_text(&o, "number", row->c.request.serial != 0 ? number : NULL);
		out_number(&o, "version", row->c.version);
		out_object_end(&o);
	}
	out_array_end(&o);
	out_object_end(&o);
	const char *all = arena_bytes(x->arena, text.data, text.used);
	buf_clear(&text);
	return all;
}

/* All in one write that stands or falls as a whole; it is sorted among others by its first
 * case. */
static void write_all(struct exchange *x, struct assigning *s)
{
	struct app *app = app_of(x);
	int n = s->names.count;
	int32_t *org = arena_array(x->arena, int32_t, n),
		*version = arena_array(x->arena, int32_t, n);
	struct uuid *id = arena_array(x->arena, struct uuid, n);
	x->order = (struct write_order){ .org = s->r[0].org, .rank = 1, .id = s->r[0].id };
	for (int i = 0; i < n; i++) {
		struct recording *r = &s->r[i];
		org[i] = r->org;
		id[i] = r->id;
		version[i] = r->before.c.version;
		recording_fold(x, r, true);
		int later = r->org != x->order.org
				    ? (r->org > x->order.org) - (r->org < x->order.org)
				    : memcmp(&r->id, &x->order.id, sizeof r->id);
		if (later < 0)
			x->order =
				(struct write_order){ .org = r->org, .rank = 1, .id = r->id };
	}
	s->key = (struct remembered){ .org = s->r[0].org,
		.actor = x->who->user,
		.key = x->key,
		.route = key_route(x),
		.body = key_body(x),
		.status = 200,
		.object = answer_text(x, s),
		.version = 0 };
	s->opened = ledger_ask_open(x->writes, &s->key, org, id, version, n,
		s->r[0].rules.calendar->version, s->r[0].event.recorded_at);
	for (int i = 0; i < n; i++) {
		struct recording *r = &s->r[i];
		r->bytes =
			event_write(app->keys, x->arena, r->org, &r->id, &r->event, &r->last);
		struct ledger_entry entry = { .after = &r->after,
			.event = &r->event,
			.bytes = &r->bytes,
			.actor = x->who->user,
			.now = r->event.recorded_at };
		ledger_ask_append_open(x->writes, &entry, &s->key);
	}
	feed_touch(app->feed);
}

static const struct problem *assigning_write(struct exchange *x)
{
	struct assigning *s = x->state;
	if (s->found != NULL && remembered_read(s->found, &s->key)) {
		s->replayed = true;
		return key_check(x, &s->key);
	}
	for (int i = 0; i < s->names.count; i++) {
		const struct problem *no = judge_one(x, s, i);
		if (no != NULL)
			return no;
	}
	if (s->faults.count > 0)
		return objection(x, s);
	write_all(x, s);
	return NULL;
}

static const struct problem *assigning_answer(struct exchange *x)
{
	struct assigning *s = x->state;
	if (!s->replayed && rows_count(s->opened) == 0)
		return app_outrun(x); /* with one of them: nothing was stored */
	if (s->replayed && x->key_given && !x->doubtful)
		exchange_header(x, "Idempotency-Replayed", "true");
	x->status = 200;
	buf_text(&x->reply, s->key.object);
	return NULL;
}

step_fn *const case_assign_steps[] = { assigning_load, assigning_write, assigning_answer,
	NULL };
