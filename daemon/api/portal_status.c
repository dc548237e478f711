/* SPDX-License-Identifier: MulanPSL-2.0 */
/* api/portal_status: a request looked up on a page, and there corrected or withdrawn. */
#include "api/portal.h"
#include "api/portal_form.h"
#include "api/portal_page.h"
#include "api/steps.h"

#include <string.h>

enum { TEXT_MOST = 5000 };

struct visit {
	struct portal_form form; /* first */
	struct portal_act act;
	int32_t kind; /* of the event that was asked for, 0: to look only */
	struct faults faults;
	int status;
	json_t *view;
};

static const struct problem *status_page(struct exchange *x, const struct visit *v)
{
	const struct portal_form *form = v != NULL ? &v->form : NULL;
	const char *org = form != NULL ? form_text(form, "org") : exchange_query(x, "org");
	json_t *data = portal_frame(x, "status", org);
	if (form != NULL && *form_text(form, "number") != '\0')
		json_object_set_new(data, "number", json_string(form_text(form, "number")));
	if (form != NULL)
		json_object_set_new(data, "code", json_string(form_text(form, "query_code")));
	if (v != NULL && v->view != NULL) {
		const json_t *one;
		size_t i;
		json_object_set(data, "view", v->view);
		json_array_foreach(json_object_get(v->view, "allowed"), i, one)
		{
			const char *kind = json_string_value(json_object_get(one, "kind"));
			json_object_set_new(data, kind, json_true());
		}
		json_object_set_new(data, "acted", json_boolean(v->status == 201));
		json_object_set_new(data, "text", json_string(form_text(form, "text")));
	}
	struct uuid key = uuid_ordered(x->now);
	char text[37];
	uuid_print(&key, text);
	json_object_set_new(data, "key", json_string(text));
	if (v != NULL && v->faults.count > 0) {
		json_object_set_new(data, "fault_count", json_integer(v->faults.count));
		json_t *list = portal_faults(x, &v->faults, NULL);
		const json_t *one;
		size_t i;
		json_array_foreach(list, i, one) json_object_set(data,
			arena_print(x->arena, "fault_%s",
				json_string_value(json_object_get(one, "id"))),
			json_object_get(one, "detail"));
		json_object_set_new(data, "faults", list);
	}
	return portal_page(x, v != NULL ? v->status : 200, PORTAL_STATUS, data);
}

/* ---- GET /portal/status ---- */

static const struct problem *status_show(struct exchange *x)
{
	const struct problem *no = portal_look(x);
	return no != NULL ? no : status_page(x, NULL);
}

step_fn *const portal_status_steps[] = { status_show, NULL };

/* ---- POST /portal/status ---- */

static const struct problem *visit_open(struct exchange *x)
{
	struct visit *v = exchange_state(x, sizeof *v);
	const struct problem *no = portal_look(x);
	if (no != NULL || (no = portal_enter(x, PORTAL_LOOKUPS)) != NULL)
		return no;
	v->form.needs_case = true;
	return form_open(x, &v->form);
}

/* To the page, with what is wrong. */
static const struct problem *show(struct exchange *x, struct visit *v, int status)
{
	v->status = status;
	return form_give_up(x, NULL);
}

static const struct problem *visit_load(struct exchange *x)
{
	static const struct {
		const char *name, *pointer, *zh, *en;
	} asked[] = {
		{ "org", "/org", "请选择受理机关。", "Choose the agency." },
		{ "number", "/number", "请填写申请编号，如 2026-44。",
			"Give the number of the request, such as 2026-44." },
		{ "query_code", "/query_code", "请填写查询码。", "Give the query code." },
	};
	struct visit *v = x->state;
	const char *deed = form_text(&v->form, "do");
	v->kind = strcmp(deed, "correct") == 0    ? OGI_CORRECTION_RECEIVED
		  : strcmp(deed, "withdraw") == 0 ? OGI_WITHDRAWN
						  : OGI_NO_EVENT;
	v->status = 200;
	faults_init(&v->faults, x->arena);
	for (size_t i = 0; i < sizeof asked / sizeof *asked; i++)
		if (!form_has(&v->form, asked[i].name))
			faults_add(&v->faults, asked[i].pointer, "required", asked[i].zh,
				asked[i].en);
	if (v->faults.count > 0) {
		/* else files could be sent for nothing */
		if (x->tries == 0 &&
			(!form_has(&v->form, "number") || !form_has(&v->form, "query_code")))
			portal_limit_take(app_of(x)->limits, app_of(x)->keys, PORTAL_REFUSALS,
				x->address, x->now);
		return show(x, v, 422);
	}
	const char *number = form_text(&v->form, "number");
	v->act.lookup = (struct portal_lookup){ .org = form_text(&v->form, "org"),
		.number = number + strspn(number, " "),
		.code = form_text(&v->form, "query_code") };
	portal_lookup_ask(x, &v->act.lookup);
	return NULL;
}

static const struct problem *visit_match(struct exchange *x)
{
	struct visit *v = x->state;
	const struct problem *no = portal_act_load(x, &v->act);
	if (no == NULL)
		return NULL;
	faults_add(&v->faults, "/number", no->code, no->detail_zh, no->detail_en);
	return show(x, v, 404);
}

/* What is asked for a second time because it binds, or cannot be done without. */
static void check_words(struct visit *v)
{
	const char *text = form_text(&v->form, "text");
	const char *fault = text_fault(text, strlen(text), 1, TEXT_MOST, FIELD_MULTILINE);
	if (v->kind == OGI_WITHDRAWN && !form_has(&v->form, "sure"))
		faults_add(&v->faults, "/sure", "required",
			"撤回后不再答复；确定撤回请勾选确认。",
			"After a withdrawal there is no reply; tick the box to confirm.");
	if (fault != NULL && (v->kind == OGI_CORRECTION_RECEIVED || *text != '\0'))
		faults_add(&v->faults, "/text", fault, "请写明补正的内容，不超过 5000 字。",
			"Write the correction, at most 5000 characters.");
	form_file_fault(&v->form, &v->faults);
	v->act.note = *text != '\0' ? text : NULL;
}

static const struct problem *visit_act(struct exchange *x)
{
	struct visit *v = x->state;
	struct recording *r = &v->act.r;
	if (v->kind != OGI_NO_EVENT)
		check_words(v);
	if (v->kind != OGI_NO_EVENT && v->faults.count == 0) {
		const struct problem *no = portal_act_write(x, &v->act, v->kind);
		if (no == NULL)
			return NULL;
		if (no->kind != PROBLEM_REFUSED && no->kind != PROBLEM_INVALID &&
			no->kind != PROBLEM_KEY_REUSED)
			return form_give_up(x, no);
		faults_add(&v->faults, "/main", no->code, no->detail_zh, no->detail_en);
		v->status = problem_rows[no->kind].status;
	} else if (v->faults.count > 0) {
		v->status = 422;
	}
	*r = (struct recording){ 0 };
	if (!recording_load(x, v->act.events, r))
		return form_give_up(x, problem(x, PROBLEM_INTERNAL, "案件记录无法读取。",
					       "The record of the case cannot be read."));
	recording_prepare(x, r);
	v->view = portal_view(x, &r->before, &r->history, &r->rules, NULL);
	return form_give_up(x, NULL);
}

static const struct problem *visit_acted(struct exchange *x)
{
	struct visit *v = x->state;
	const struct problem *no = portal_act_end(x, &v->act, &v->view);
	v->status = 201;
	if (no == NULL && v->kind == OGI_CORRECTION_RECEIVED)
		form_attach_to(&v->form, v->act.r.org, &v->act.r.id);
	return no;
}

static const struct problem *visit_answer(struct exchange *x)
{
	return status_page(x, x->state);
}

step_fn *const portal_act_steps[] = { visit_open, form_take, form_taken, visit_load,
	visit_match, visit_act, visit_acted, form_attach_ask, form_attach_write,
	form_attach_written, form_drop, form_dropped, visit_answer, NULL };
