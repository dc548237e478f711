/* SPDX-License-Identifier: MulanPSL-2.0 */
/* api/orgs: organisations of the subtree, and a new one under one of them. */
#include "api/steps.h"
#include "api/trace.h"
#include "store/org.h"

#include <string.h>

static void org_write(
	struct json_out *o, const struct directory *d, const struct directory_org *org)
{
	const struct directory_org *parent = directory_org(d, org->parent);
	out_object(o, NULL);
	out_text(o, "code", org->code);
	out_text(o, "name", org->name);
	out_text(o, "parent", parent != NULL ? parent->code : NULL);
	out_text(o, "number_format", org->number_format);
	out_object_end(o);
}

static const struct problem *list_answer(struct exchange *x)
{
	const struct directory *d = app_directory(x);
	const struct directory_org *const *org;
	int n = directory_orgs(d, &org);
	struct json_out o = app_reply(x, 200);
	out_object(&o, NULL);
	out_array(&o, "orgs");
	for (int i = 0; i < n; i++)
		if (directory_within(d, org[i]->id, x->who->org))
			org_write(&o, d, org[i]);
	out_array_end(&o);
	out_object_end(&o);
	return NULL;
}

step_fn *const org_list_steps[] = { list_answer, NULL };

/* POST /v1/orgs */

struct org_form {
	const char *code, *name, *parent, *number_format;
};
#define AT(f) offsetof(struct org_form, f)
/* clang-format off */
static const struct field org_rows[] = {
	{ .name = "code", .type = FIELD_TEXT, .at = AT(code), .flags = FIELD_REQUIRED, .min = 1, .max = 32 },
	{ .name = "name", .type = FIELD_TEXT, .at = AT(name), .flags = FIELD_REQUIRED, .min = 1, .max = 200 },
	{ .name = "parent", .type = FIELD_TEXT, .at = AT(parent), .max = 32 },
	{ .name = "number_format", .type = FIELD_TEXT, .at = AT(number_format), .max = 100 },
	{ .name = NULL },
};
/* clang-format on */

struct adding {
	struct org_form form;
	const struct directory_org *parent;
	struct trace trace;
	const struct rows *added;
	struct directory_questions questions;
};

static void check(const struct org_form *form, struct faults *f)
{
	if (form->code != NULL && !org_code_valid(form->code))
		faults_add(f, "/code", "format",
			"机构代码只能用小写字母、数字和连字符，且不以连字符开头。",
			"A code has lower-case letters, digits and hyphens and does not begin with a hyphen.");
	if (form->number_format != NULL && !org_format_valid(form->number_format))
		faults_add(f, "/number_format", "format", "编号格式应含 {year} 和 {serial}。",
			"A number format holds {year} and {serial}.");
}

static const struct problem *add_load(struct exchange *x)
{
	struct adding *a = exchange_state(x, sizeof *a);
	struct faults *f = app_form(x, org_rows, &a->form);
	check(&a->form, f);
	if (f->count > 0)
		return problem_faults(x, f);
	const struct problem *p = app_org(x, a->form.parent, &a->parent);
	if (p != NULL)
		return p;
	trace_ask(x, &a->trace, a->parent->id);
	return NULL;
}

static const struct problem *add_decide(struct exchange *x)
{
	struct adding *a = x->state;
	const struct problem *p = trace_learn(x, &a->trace);
	if (p != NULL || a->trace.replay)
		return p;
	if (directory_org_by_code(app_directory(x), a->form.code) != NULL)
		return problem(x, PROBLEM_TAKEN, "机构代码 %s 已被使用，请换一个。",
			"The code %s is in use; choose another.", a->form.code);
	trace_write(x, &a->trace, "org.add", a->form.code, NULL, 201);
	struct org_new org = {
		.code = a->form.code,
		.name = a->form.name,
		.number_format = a->form.number_format,
		.parent = a->parent->id,
		.now = x->now,
	};
	a->added = org_ask_add(x->writes, &a->trace.mark, &org);
	return NULL;
}

static const struct problem *add_refresh(struct exchange *x)
{
	struct adding *a = x->state;
	if (!a->trace.replay && !trace_written(x, &a->trace))
		return exchange_again(x);
	app_refresh_ask(x, &a->questions);
	return NULL;
}

static const struct problem *add_answer(struct exchange *x)
{
	struct adding *a = x->state;
	app_refresh_take(x, &a->questions);
	const struct directory *d = app_directory(x);
	const struct directory_org *org = directory_org_by_code(d, a->form.code);
	if (org == NULL)
		return problem(x, PROBLEM_INTERNAL, NULL, NULL);
	trace_replayed(x, &a->trace);
	struct json_out o = app_reply(x, 201);
	org_write(&o, d, org);
	return NULL;
}

step_fn *const org_add_steps[] = { add_load, add_decide, add_refresh, add_answer, NULL };
