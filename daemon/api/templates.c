/* SPDX-License-Identifier: MulanPSL-2.0 */
/* api/templates: the templates of letters: which hold for an organisation, one with its
 * versions, and a new version (admin). GET /v1/templates, GET and PUT /v1/templates/{name}. */
#include "api/address.h"
#include "api/letter.h"
#include "api/recording.h"
#include "api/steps.h"
#include "api/trace.h"

#include <string.h>

/* ---- names ---- */

static const struct template_source *named(const char *name)
{
	for (int i = 0; i < letter_defaults_count; i++)
		if (strcmp(letter_defaults[i].name, name) == 0)
			return &letter_defaults[i];
	return NULL;
}

static bool is_part(const char *name)
{
	return strncmp(name, "part_", 5) == 0;
}

/* What a template is for, in the language of the answer. */
static const char *title(struct exchange *x, const char *name)
{
	const struct code *found = NULL;
	int i;
	if (strncmp(name, "reply.", 6) == 0) {
		if ((i = ogi_outcome_find(name + 6)) > 0)
			found = &ogi_outcome_codes[i];
		else if ((i = ogi_variant_find(name + 6)) > 0)
			found = &ogi_variant_codes[i];
	} else if ((i = ogi_document_find(name)) > 0) {
		found = &ogi_document_codes[i];
	}
	if (found != NULL)
		return x->english ? found->en : found->zh;
	if (is_part(name))
		return x->english ? "part of several" : "共用片段";
	return x->english ? "any other outcome" : "其他结果";
}

static const struct problem *no_such_template(struct exchange *x)
{
	return problem(x, PROBLEM_NOT_FOUND, "没有模板 %s，见 GET /v1/templates。",
		"There is no template %s; see GET /v1/templates.", x->arg[0]);
}

/* ---- GET /v1/templates ---- */

struct listing {
	const struct directory_org *org;
	struct ogi_date on;
	const struct rows *in_force;
};

static const struct problem *scope_read(struct exchange *x, struct listing *l)
{
	static const char *const names[] = { "org", "on", NULL };
	const struct problem *no = exchange_query_only(x, names);
	l->on = x->today;
	if (no == NULL)
		no = app_query_date(x, "on", &l->on);
	if (no == NULL)
		no = app_org(x, exchange_query(x, "org"), &l->org);
	return no;
}

static const struct problem *list_load(struct exchange *x)
{
	struct listing *l = exchange_state(x, sizeof *l);
	const struct problem *no = scope_read(x, l);
	if (no == NULL)
		l->in_force =
			letter_ask_in_force(x->reads, app_directory(x), l->org->id, l->on);
	return no;
}

/* Whose it is and since when; nobody's: the program's own. */
static void whose(
	struct exchange *x, struct json_out *o, const struct letter_template *template)
{
	const struct directory *d = app_directory(x);
	out_text(o, "org", template != NULL ? directory_org(d, template->org)->code : NULL);
	if (template != NULL) {
		out_number(o, "version", template->version);
		out_date(o, "valid_from", template->valid_from);
	} else {
		out_null(o, "version");
		out_null(o, "valid_from");
	}
}

static const struct problem *list_answer(struct exchange *x)
{
	struct listing *l = x->state;
	struct letter_template buf;
	struct json_out o = app_reply(x, 200);
	out_object(&o, NULL);
	out_text(&o, "org", l->org->code);
	out_date(&o, "on", l->on);
	out_array(&o, "templates");
	for (int i = 0; i < letter_defaults_count; i++) {
		const char *name = letter_defaults[i].name;
		out_object(&o, NULL);
		out_text(&o, "name", name);
		out_text(&o, "title", title(x, name));
		whose(x, &o,
			letter_in_force(app_directory(x), l->in_force, l->org->id, name, &buf));
		out_object_end(&o);
	}
	out_array_end(&o);
	out_object_end(&o);
	return NULL;
}

step_fn *const template_list_steps[] = { list_load, list_answer, NULL };

/* ---- GET /v1/templates/{name} ---- */

struct showing {
	struct listing scope; /* first */
	const struct rows *versions;
};

static void show_ask(struct exchange *x, struct showing *s)
{
	const struct directory *d = app_directory(x);
	s->scope.in_force = letter_ask_in_force(x->reads, d, s->scope.org->id, s->scope.on);
	s->versions = letter_ask_versions(x->reads, d, s->scope.org->id, x->arg[0]);
}

static const struct problem *show_load(struct exchange *x)
{
	struct showing *s = exchange_state(x, sizeof *s);
	const struct problem *no = scope_read(x, &s->scope);
	if (no != NULL)
		return no;
	if (named(x->arg[0]) == NULL)
		return no_such_template(x);
	show_ask(x, s);
	return NULL;
}

static void versions_write(struct exchange *x, struct json_out *o, const struct rows *r)
{
	const struct directory *d = app_directory(x);
	out_array(o, "versions");
	for (int i = 0; i < rows_count(r); i++) {
		struct letter_template t;
		letter_template_read(r, i, &t);
		const struct directory_user *by = directory_user_by_id(d, t.by);
		out_object(o, NULL);
		whose(x, o, &t);
		out_text(o, "text", t.text[0] != '\0' ? t.text : NULL);
		out_instant(o, "set_at", t.at);
		out_text(o, "set_by", by != NULL ? by->login : NULL);
		out_object_end(o);
	}
	out_array_end(o);
}

static void template_reply(struct exchange *x, const struct showing *s)
{
	struct letter_template buf;
	const struct template_source *preset = named(x->arg[0]);
	const struct letter_template *own = letter_in_force(
		app_directory(x), s->scope.in_force, s->scope.org->id, preset->name, &buf);
	struct json_out o = app_reply(x, 200);
	out_object(&o, NULL);
	out_text(&o, "name", preset->name);
	out_text(&o, "title", title(x, preset->name));
	whose(x, &o, own);
	out_text(&o, "text", own != NULL ? own->text : preset->text);
	out_text(&o, "preset", preset->text);
	versions_write(x, &o, s->versions);
	out_value(&o, "fields", letter_example(x));
	out_object_end(&o);
}

static const struct problem *show_answer(struct exchange *x)
{
	template_reply(x, x->state);
	return NULL;
}

step_fn *const template_steps[] = { show_load, show_answer, NULL };

/* ---- PUT /v1/templates/{name} ---- */

struct setting_form {
	const char *org, *text, *case_named;
	struct ogi_date valid_from;
};
#define AT(f) offsetof(struct setting_form, f)
/* clang-format off */
static const struct field setting_rows[] = {
	{ .name = "org", .type = FIELD_TEXT, .at = AT(org), .min = 1, .max = 32 },
	{ .name = "text", .type = FIELD_TEXT, .at = AT(text), .flags = FIELD_MULTILINE, .min = 1, .max = 100000 },
	{ .name = "case", .type = FIELD_TEXT, .at = AT(case_named), .min = 1, .max = 80 },
	{ .name = "valid_from", .type = FIELD_DATE, .at = AT(valid_from) },
	{ .name = NULL },
};
/* clang-format on */

struct setting_up {
	struct showing after; /* first */
	struct setting_form form;
	bool dry_run;
	struct address address;
	const struct rows *in_force, *last, *events;
	struct trace trace;
	struct letter_template fresh;
};

static const struct problem *set_form(
	struct exchange *x, struct setting_up *s, struct faults **ret_faults)
{
	static const char *const names[] = { "dry_run", NULL };
	const struct problem *no = exchange_query_only(x, names);
	if (no != NULL || (no = app_query_bool(x, "dry_run", &s->dry_run)) != NULL)
		return no;
	struct faults *f = app_form(x, setting_rows, &s->form);
	if (json_object_get(x->json, "text") == NULL ||
		(s->dry_run && json_is_null(json_object_get(x->json, "text"))))
		faults_add(f, "/text", "required",
			"请给出模板全文；null 表示恢复上级或系统的模板。",
			"Give the text; null takes the template of the organisation above or of the program again.");
	if (!ogi_is_date(s->form.valid_from))
		s->form.valid_from = x->today;
	if (ogi_before(s->form.valid_from, x->today))
		faults_add(f, "/valid_from", "past_date", "不能早于今天；已签发的文书不变。",
			"It cannot lie before today; what was issued stays as it is.");
	*ret_faults = f;
	return NULL;
}

static const struct problem *set_load(struct exchange *x)
{
	struct setting_up *s = exchange_state(x, sizeof *s);
	struct faults *f;
	const struct problem *no = set_form(x, s, &f);
	if (no != NULL)
		return no;
	if (named(x->arg[0]) == NULL)
		return no_such_template(x);
	if (f->count > 0)
		return problem_faults(x, f);
	struct listing *scope = &s->after.scope;
	if ((no = app_org(x, s->form.org, &scope->org)) != NULL)
		return no;
	scope->on = s->form.valid_from;
	s->in_force =
		letter_ask_in_force(x->reads, app_directory(x), scope->org->id, scope->on);
	s->last = letter_ask_last(x->reads, scope->org->id, x->arg[0]);
	if (s->dry_run && s->form.case_named != NULL) {
		if ((no = address_read(x, s->form.case_named, &s->address)) != NULL)
			return no;
		s->events = address_ask_events(x, &s->address);
	}
	if (!s->dry_run)
		trace_ask(x, &s->trace, scope->org->id);
	return NULL;
}

/* Every template of the organisation as it would be; what names a part is looked at with it. */
static void set_check(struct exchange *x, const struct setting_up *s, struct faults *f)
{
	const char *name = named(x->arg[0])->name;
	const struct template_source own = { name, s->form.text, strlen(s->form.text) };
	const struct template_source *sources =
		letter_sources(x, s->after.scope.org->id, s->in_force);
	struct template_source *all =
		arena_array(x->arena, struct template_source, letter_defaults_count);
	const json_t *example = letter_example(x);
	for (int i = 0; i < letter_defaults_count; i++)
		all[i] = strcmp(sources[i].name, name) == 0 ? own : sources[i];
	for (int i = 0; i < letter_defaults_count && f->count == 0; i++) {
		if (strcmp(all[i].name, name) != 0 && !is_part(name))
			continue;
		const struct template_tree *t = template_parse(
			x->arena, &all[i], all, letter_defaults_count, "/text", f);
		if (t != NULL)
			template_check(x->arena, t, example, "/text", f);
	}
}

/* The page as it would be, of a case or of the made-up one. */
static const struct problem *set_preview(struct exchange *x, struct setting_up *s)
{
	const struct template_source source = { named(x->arg[0])->name, s->form.text,
		strlen(s->form.text) };
	struct faults f;
	faults_init(&f, x->arena);
	letter_headers(x);
	if (s->events == NULL) {
		const struct template_tree *t = template_parse(x->arena, &source,
			letter_sources(x, s->after.scope.org->id, s->in_force),
			letter_defaults_count, "/text", &f);
		return t != NULL && template_fill(t, letter_example(x), TEMPLATE_HTML,
					    LETTER_BYTES, &x->reply)
			       ? NULL
			       : problem(x, PROBLEM_INTERNAL, NULL, NULL);
	}
	struct recording r = { 0 };
	if (rows_count(s->events) == 0 || !recording_load(x, s->events, &r))
		return no_such_case(x, s->form.case_named);
	recording_prepare(x, &r);
	int document = strncmp(source.name, "reply.", 6) == 0 ? OGI_DOC_REPLY
							      : ogi_document_find(source.name);
	struct letter l = { .row = &r.before,
		.history = &r.history,
		.rules = &r.rules,
		.document = document > 0 ? document : OGI_DOC_REPLY,
		.on = x->today };
	return letter_fill_with(x, &l, &source, s->in_force, &x->reply);
}

static const struct problem *set_write(struct exchange *x)
{
	struct setting_up *s = x->state;
	const struct problem *no = s->dry_run ? NULL : trace_learn(x, &s->trace);
	if (no != NULL || s->trace.replay)
		return no;
	struct faults f;
	faults_init(&f, x->arena);
	if (s->form.text != NULL)
		set_check(x, s, &f);
	if (f.count > 0) {
		struct faults *all = arena_make(x->arena, struct faults);
		*all = f;
		return problem_faults(x, all);
	}
	if (s->dry_run)
		return NULL;
	s->fresh = (struct letter_template){ .org = s->after.scope.org->id,
		.version = rows_int(s->last, 0, 0) + 1,
		.by = x->who->user,
		.name = named(x->arg[0])->name,
		.text = s->form.text != NULL ? s->form.text : "",
		.valid_from = s->form.valid_from,
		.at = x->now };
	const char *detail = arena_print(x->arena, "{\"version\":%d}", (int)s->fresh.version);
	trace_write(x, &s->trace, "template.set", s->fresh.name, detail, 200);
	letter_ask_add(x->writes, &s->trace.mark, &s->fresh);
	return NULL;
}

static const struct problem *set_reread(struct exchange *x)
{
	struct setting_up *s = x->state;
	if (s->dry_run)
		return NULL;
	if (!s->trace.replay && !trace_written(x, &s->trace))
		return exchange_again(x);
	show_ask(x, &s->after);
	return NULL;
}

static const struct problem *set_answer(struct exchange *x)
{
	struct setting_up *s = x->state;
	if (s->dry_run)
		return set_preview(x, s);
	template_reply(x, &s->after);
	return NULL;
}

step_fn *const template_set_steps[] = { set_load, set_write, set_reread, set_answer, NULL };
