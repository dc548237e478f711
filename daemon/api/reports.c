/* SPDX-License-Identifier: MulanPSL-2.0 */
/* api/reports: GET /v1/reports/{year} (.html, .md), GET /v1/reports/{year}/findings,
 * PUT /v1/reports/{year}/sections/{n}. */
#include "api/reports.h"

#include "api/letter.h"
#include "api/steps.h"
#include "api/trace.h"
#include "store/register.h"

#include <string.h>

/* ---- the question ---- */

static const struct problem *no_report(struct exchange *x)
{
	return problem(x, PROBLEM_NOT_FOUND,
		"没有 %s 年的年度报告：《政府信息公开条例》2008年5月1日起施行。",
		"There is no annual report of %s: the Regulations are in force since 2008.",
		x->arg[0]);
}

/* False when the argument is no year that is reported, or the suffix is unknown. */
static bool year_read(
	const char *arg, bool suffix, int *ret_year, enum report_output *ret_output)
{
	static const char *const suffixes[] = {
		[REPORT_JSON] = "", [REPORT_HTML] = ".html", [REPORT_MD] = ".md"
	};
	size_t digits = strspn(arg, "0123456789"), output = 0;
	enum { OUTPUTS = sizeof suffixes / sizeof *suffixes };
	if (digits != 4)
		return false;
	while (output < OUTPUTS && strcmp(arg + digits, suffixes[output]) != 0)
		output++;
	*ret_year = (arg[0] - '0') * 1000 + (arg[1] - '0') * 100 + (arg[2] - '0') * 10 +
		    arg[3] - '0';
	if (output == OUTPUTS || (output > 0 && !suffix))
		return false;
	*ret_output = (enum report_output)output;
	return ogi_report_sections(*ret_year) != NULL;
}

static const struct problem *report_read(struct exchange *x, bool suffix, struct report *r)
{
	static const char *const names[] = { "org", "rollup", "live", NULL };
	struct form_query *q = &r->figures.q;
	const struct problem *no = exchange_query_only(x, names);
	if (no != NULL || (no = app_query_bool(x, "live", &q->live)) != NULL)
		return no;
	if (!year_read(x->arg[0], suffix, &q->year, &r->output))
		return no_report(x);
	if ((no = app_scope(x, &q->scope)) != NULL)
		return no;
	q->form = ogi_report_form(q->year);
	q->span = ogi_span_of_year(q->year);
	q->as_of = x->today;
	q->rolled = q->scope.count > 1;
	r->section = ogi_report_sections(q->year);
	return NULL;
}

static const struct problem *load_with(struct exchange *x, bool suffix)
{
	struct report *r = exchange_state(x, sizeof *r);
	const struct problem *no = report_read(x, suffix, r);
	if (no != NULL)
		return no;
	const struct statistics_asked asked = form_asked(&r->figures.q, false);
	form_begin(x, &r->figures);
	report_ask(x->reads, &asked, &r->counts);
	struct statistics_asked registers = asked;
	registers.form = &ogi_form_2014;
	r->registers = register_ask_counts(x->reads, &registers);
	r->inspections = register_ask_number(x->reads, &asked, "inspection");
	r->blocks = register_ask_texts(x->reads, r->figures.q.scope.org, r->figures.q.year);
	r->texts = report_ask_texts(x->reads, r->figures.q.scope.org, r->figures.q.year);
	return NULL;
}

static const struct problem *load(struct exchange *x)
{
	return load_with(x, true);
}

static const struct problem *load_findings(struct exchange *x)
{
	return load_with(x, false);
}

/* ---- GET /v1/reports/{year} ---- */

enum { REPORT_BYTES = 2 * 1024 * 1024 };

static const struct problem *print(
	struct exchange *x, const struct report *r, const json_t *data)
{
	bool html = r->output == REPORT_HTML;
	const struct directory_org *org =
		directory_org(app_directory(x), r->figures.q.scope.org);
	const struct template_source *source = NULL;
	struct faults f;
	faults_init(&f, x->arena);
	for (int i = 0; i < report_templates_count; i++)
		if (strcmp(report_templates[i].name, html ? "report_html" : "report_md") == 0)
			source = &report_templates[i];
	const struct template_tree *t =
		template_parse(x->arena, source, NULL, 0, "/template", &f);
	if (t == NULL || !template_fill(t, data, html ? TEMPLATE_HTML : TEMPLATE_PLAIN,
				 REPORT_BYTES, &x->reply))
		return problem(x, PROBLEM_INTERNAL, "报告过长，无法生成。",
			"The report would be too long.");
	exchange_header(x, "Content-Disposition",
		arena_print(x->arena, "inline; filename=\"report-%s-%s\"",
			org != NULL ? org->code : "", x->arg[0]));
	if (html)
		letter_headers(x);
	else
		x->content_type = "text/markdown; charset=utf-8";
	return NULL;
}

static const struct problem *answer(struct exchange *x)
{
	struct report *r = x->state;
	if (r->figures.printed)
		r->figures.q.as_of = form_frozen_day(r->figures.frozen.exact);
	const json_t *data = report_data(x, r);
	if (r->output != REPORT_JSON)
		return print(x, r, data);
	struct json_out o = app_reply(x, 200);
	out_value(&o, NULL, data);
	return NULL;
}

step_fn *const report_steps[] = { load, form_ask, form_fold, form_judge, answer, NULL };

/* ---- GET /v1/reports/{year}/findings ---- */

static const struct problem *findings_answer(struct exchange *x)
{
	struct report *r = x->state;
	report_data(x, r);
	struct json_out o = app_reply(x, 200);
	report_findings_write(x, &o, r);
	return NULL;
}

step_fn *const report_findings_steps[] = { load_findings, form_ask, form_fold, form_judge,
	findings_answer, NULL };

/* ---- PUT /v1/reports/{year}/sections/{n} ---- */

struct section_form {
	const char *text;
};
/* clang-format off */
static const struct field section_rows[] = {
	{ .name = "text", .type = FIELD_TEXT, .at = offsetof(struct section_form, text), .flags = FIELD_MULTILINE, .min = 1, .max = 50000 },
	{ .name = NULL },
};
/* clang-format on */

struct writing {
	struct section_form form;
	int year;
	const struct ogi_report_section *section;
	const struct rows *texts;
	struct report_text fresh;
	struct trace trace;
};

static const struct problem *set_load(struct exchange *x)
{
	struct writing *w = exchange_state(x, sizeof *w);
	enum report_output output;
	int64_t n;
	if (!year_read(x->arg[0], false, &w->year, &output))
		return no_report(x);
	if (!text_to_int(x->arg[1], &n) || n < 1 || n > OGI_REPORT_SECTIONS ||
		strlen(x->arg[1]) != 1)
		return problem(x, PROBLEM_NOT_FOUND, "年度报告没有第 %s 部分，只有 1 至 6。",
			"The report has no section %s, only 1 to 6.", x->arg[1]);
	w->section = &ogi_report_sections(w->year)[n - 1];
	struct faults *f = app_form(x, section_rows, &w->form);
	if (json_object_get(x->json, "text") == NULL)
		faults_add(f, "/text", "required", "请给出正文；null 表示撤回。",
			"Give the text; null takes it back.");
	if (f->count > 0)
		return problem_faults(x, f);
	w->texts = report_ask_texts(x->reads, x->who->org, w->year);
	trace_ask(x, &w->trace, x->who->org);
	return NULL;
}

static const struct problem *set_write(struct exchange *x)
{
	struct writing *w = x->state;
	const struct problem *no = trace_learn(x, &w->trace);
	if (no != NULL || w->trace.replay)
		return no;
	w->fresh = (struct report_text){ .org = x->who->org,
		.year = w->year,
		.section = w->section->number,
		.version = report_text_version(w->texts, w->year, w->section->number) + 1,
		.by = x->who->user,
		.text = w->form.text != NULL ? w->form.text : "",
		.at = x->now };
	const char *object = arena_print(x->arena, "%d/%d", w->year, w->section->number);
	const char *detail = arena_print(x->arena, "{\"version\":%d}", w->fresh.version);
	trace_write(x, &w->trace, "report.section", object, detail, 200);
	report_ask_add(x->writes, &w->trace.mark, &w->fresh);
	return NULL;
}

static const struct problem *set_reread(struct exchange *x)
{
	struct writing *w = x->state;
	if (!w->trace.replay && !trace_written(x, &w->trace))
		return exchange_again(x);
	w->texts = report_ask_texts(x->reads, x->who->org, w->year);
	return NULL;
}

static const struct problem *set_answer(struct exchange *x)
{
	struct writing *w = x->state;
	struct report_text t = { 0 };
	bool there = report_text_of(w->texts, w->year, w->section->number, &t);
	const struct directory_user *by = directory_user_by_id(app_directory(x), t.by);
	struct json_out o = app_reply(x, 200);
	trace_replayed(x, &w->trace);
	out_object(&o, NULL);
	out_number(&o, "year", w->year);
	out_text(&o, "org", x->who->org_code);
	out_number(&o, "number", w->section->number);
	out_text(&o, "heading", w->section->zh);
	out_text(&o, "narrative", there ? t.text : NULL);
	out_number(&o, "version", report_text_version(w->texts, w->year, w->section->number));
	out_text(&o, "set_by", there && by != NULL ? by->login : NULL);
	out_instant(&o, "set_at", there ? t.at : 0);
	out_object_end(&o);
	return NULL;
}

step_fn *const report_section_steps[] = { set_load, set_write, set_reread, set_answer, NULL };
