/* SPDX-License-Identifier: MulanPSL-2.0 */
/* api/events: everything that happens to a case (contract-cases §6), its history, and bulk
 * assignment. */
#include "api/address.h"
#include "api/changes.h"
#include "api/documents.h"
#include "api/linking.h"
#include "api/steps.h"
#include "api/views.h"
#include "domain/lifecycle.h"

#include <string.h>

/* ---- POST /v1/cases/{id}/events ---- */

struct happening {
	struct ogi_event event; /* first: the rows of the body count from here */
	const char *kind;
	struct recording r;
	struct linking linking;
	struct issuing issuing;
	struct address address;
	bool dry_run, replayed;
	struct remembered key;
	const struct rows *events, *found, *head, *earlier, *written;
};

static const struct field kind_row = { .name = "kind",
	.type = FIELD_TEXT,
	.at = offsetof(struct happening, kind),
	.flags = FIELD_REQUIRED,
	.min = 1,
	.max = 64 };

/* Kinds that a body may name: those with a row in the life cycle, but for the ones other routes
 * write. */
static int recordable(const char *kind)
{
	int found = code_find(ogi_event_kinds, kind);
	bool elsewhere =
		found == OGI_ARRIVED || found == OGI_REGISTERED || found == OGI_RECOMPUTED;
	return found <= OGI_NO_EVENT || elsewhere ||
			       ogi_event_roles((enum ogi_event_kind)found) == 0
		       ? -1
		       : found;
}

static const struct problem *kind_fault(struct exchange *x, const json_t *kind)
{
	struct faults *all = arena_make(x->arena, struct faults);
	faults_init(all, x->arena);
	if (kind == NULL || json_is_null(kind))
		faults_add(all, "/kind", "required", "请说明发生了什么（kind）。",
			"Say what happened (kind).");
	else if (!json_is_string(kind))
		faults_add(all, "/kind", "type", "kind 应为文本。", "kind must be a string.");
	else
		faults_add(all, "/kind", "unknown_code",
			"没有这种事项；代码见 /v1/vocabulary 的 event。",
			"There is no such kind of event; see \"event\" in /v1/vocabulary.");
	return problem_faults(x, all);
}

/* The new value of an amendment may be any JSON scalar; the law takes its text. */
static void scalar_to_text(struct exchange *x)
{
	const json_t *to = json_object_get(x->json, "to");
	if (json_is_integer(to))
		json_object_set_new(x->json, "to",
			json_string(arena_print(
				x->arena, "%" JSON_INTEGER_FORMAT, json_integer_value(to))));
	else if (json_is_boolean(to))
		json_object_set_new(
			x->json, "to", json_string(json_is_true(to) ? "true" : "false"));
	else if (json_is_null(to))
		json_object_set_new(x->json, "to", json_string(""));
}

/* Rows that a body may carry: those of the kind, but `to_text`, which the ledger fills; and
 * `kind` itself. */
static const struct field *body_rows(struct exchange *x, int kind)
{
	const struct field *rows = event_rows(x->arena, (enum ogi_event_kind)kind, false);
	int n = 0, kept = 0;
	while (rows[n].name != NULL)
		n++;
	struct field *all = arena_array(x->arena, struct field, n + 2);
	for (int i = 0; i < n; i++)
		if (strcmp(rows[i].name, "to_text") != 0)
			all[kept++] = rows[i];
	all[kept] = kind_row;
	return all;
}

static const struct problem *happening_form(struct exchange *x, struct happening *h)
{
	static const char *const names[] = { "dry_run", NULL };
	const struct problem *no = exchange_query_only(x, names);
	if (no != NULL || (no = app_query_bool(x, "dry_run", &h->dry_run)) != NULL)
		return no;
	const json_t *kind = json_object_get(x->json, "kind");
	int found = recordable(json_string_value(kind));
	if (found < 0)
		return kind_fault(x, kind);
	if (found == OGI_AMENDED)
		scalar_to_text(x);
	recording_read(x, body_rows(x, found), h, &h->r);
	h->r.event = h->event;
	h->r.event.kind = found;
	return NULL;
}

static const struct problem *happening_load(struct exchange *x)
{
	struct happening *h = exchange_state(x, sizeof *h);
	const struct problem *no = address_read(x, x->arg[0], &h->address);
	if (no != NULL || (no = happening_form(x, h)) != NULL)
		return no;
	h->events = address_ask_events(x, &h->address);
	linking_load(x, &h->linking, &h->r.event);
	if (x->key_given || x->tries > 0)
		h->found = remembered_ask(
			x->reads, x->who->scope, x->who->scopes, x->who->user, &x->key);
	return NULL;
}

static const struct problem *happening_decide(struct exchange *x)
{
	struct happening *h = x->state;
	if (rows_count(h->events) == 0)
		return no_such_case(x, x->arg[0]);
	if (h->found != NULL && !h->dry_run && remembered_read(h->found, &h->key)) {
		h->replayed = true;
		h->earlier = replay_ask(x, &h->key);
		return key_check(x, &h->key);
	}
	if (!recording_load(x, h->events, &h->r))
		return problem(x, PROBLEM_INTERNAL, "案件记录无法读取。",
			"The record of the case cannot be read.");
	if (x->if_match >= 0 && x->if_match != h->r.history.count)
		return problem(x, PROBLEM_PRECONDITION,
			"案件已是第 %d 版；请重新打开后再办理。",
			"The case is at version %d; open it again before you go on.",
			h->r.history.count);
	recording_prepare(x, &h->r);
	linking_look(x, &h->linking, &h->r);
	const struct problem *no = recording_judge(x, &h->r);
	if (no == NULL && !h->dry_run)
		linking_decide(x, &h->linking, &h->r);
	int year = ogi_date_year(h->r.event.u.request.registered_on);
	if (no == NULL && !h->dry_run && recording_gives_number(&h->r) &&
		!tickets_known(app_of(x)->tickets, TICKET_NUMBER, h->r.org, year))
		h->head = tickets_ask(x->reads, TICKET_NUMBER, h->r.org, year);
	if (no == NULL && !h->dry_run)
		issuing_ask(x, &h->r, &h->issuing);
	return no;
}

static const struct problem *happening_write(struct exchange *x)
{
	struct happening *h = x->state;
	if (h->replayed)
		return NULL;
	if (h->head != NULL)
		tickets_learn(app_of(x)->tickets, TICKET_NUMBER, h->r.org,
			ogi_date_year(h->r.event.u.request.registered_on), h->head);
	if (linking_concerns(&h->r.event)) {
		h->written = linking_write(x, &h->linking, &h->r, h->dry_run);
		return NULL;
	}
	const struct problem *no =
		h->issuing.last != NULL ? issuing_take(x, &h->r, &h->issuing) : NULL;
	if (no != NULL)
		return no;
	recording_fold(x, &h->r, !h->dry_run);
	if (!h->dry_run)
		h->written = recording_ask(x, &h->r, 201);
	return NULL;
}

static const struct problem *happening_answer(struct exchange *x)
{
	struct happening *h = x->state;
	if (h->replayed)
		return replay_answer(x, &h->key, h->earlier);
	if (h->written != NULL && rows_count(h->written) == 0) {
		if (h->r.numbered)
			tickets_stale(app_of(x)->tickets, &h->r.number);
		linking_stale(x, &h->linking);
		return app_outrun(x);
	}
	char id[37];
	uuid_print(&h->r.id, id);
	if (h->written != NULL)
		exchange_header(x, "Location", arena_print(x->arena, "/v1/cases/%s", id));
	struct case_view v = { .row = &h->r.after,
		.rules = &h->r.rules,
		.asking = &h->r.asking,
		.as_of = x->today,
		.made_codes = ogi_event_makes_cases(h->r.event.kind),
		.change = change_of(x, &h->r.with, &h->r.rules) };
	view_case_reply(x, h->dry_run ? 200 : 201, &v);
	return NULL;
}

step_fn *const event_add_steps[] = { happening_load, happening_decide, happening_write,
	happening_answer, NULL };

/* ---- GET /v1/cases/{id}/events ---- */

struct story {
	struct address address;
	const struct rows *events;
};

static const struct problem *story_load(struct exchange *x)
{
	struct story *s = exchange_state(x, sizeof *s);
	const struct problem *no = address_read(x, x->arg[0], &s->address);
	if (no == NULL)
		s->events = address_ask_events(x, &s->address);
	return no;
}

static const struct problem *story_answer(struct exchange *x)
{
	struct story *s = x->state;
	if (rows_count(s->events) == 0)
		return no_such_case(x, x->arg[0]);
	struct json_out o = json_to(&x->reply);
	out_object(&o, NULL);
	out_array(&o, "events");
	for (int i = 0; i < rows_count(s->events); i++) {
		struct event_row e;
		if (!event_read(s->events, i, x->arena, &e))
			return problem(x, PROBLEM_INTERNAL, "第 %d 项记录无法读取。",
				"Event %d cannot be read.", i + 1);
		view_event(x, &o, &e, false);
	}
	out_array_end(&o);
	out_object_end(&o);
	return NULL;
}

step_fn *const event_list_steps[] = { story_load, story_answer, NULL };
