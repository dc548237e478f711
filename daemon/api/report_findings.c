/* SPDX-License-Identifier: MulanPSL-2.0 */
/*
 * api/report_findings: what in a report agrees and what does not: figures in its prose against
 * the figures of the year, sums, sections without a word, fees nobody explains. PASS: it
 * agrees; FAIL: it does not; UNCERTAIN: a person has to look.
 */
#include "api/reports.h"

#include <string.h>

enum result { PASS, FAIL, UNCERTAIN, RESULTS };

struct findings {
	struct json_out *o;
	int of[RESULTS];
};

struct finding {
	enum result result;
	const char *code, *zh, *en;
	int section;     /* 0: of the whole report */
	const char *key; /* of the figure, or NULL */
	bool compared;   /* found and expected are there */
	int64_t found, expected;
	const char *text; /* the place in words, or NULL */
	long character;   /* where it begins in the narrative, from 0; -1 */
};

static void finding_write(struct exchange *x, struct findings *f, const struct finding *one)
{
	static const char *const results[] = { "PASS", "FAIL", "UNCERTAIN" };
	struct json_out *o = f->o;
	f->of[one->result]++;
	out_object(o, NULL);
	out_text(o, "result", results[one->result]);
	out_text(o, "code", one->code);
	if (one->section > 0)
		out_number(o, "section", one->section);
	else
		out_null(o, "section");
	out_text(o, "text", one->text);
	if (one->text != NULL)
		out_number(o, "character", one->character);
	else
		out_null(o, "character");
	out_text(o, "key", one->key);
	if (one->compared) {
		out_number(o, "found", one->found);
		out_number(o, "expected", one->expected);
	} else {
		out_null(o, "found");
		out_null(o, "expected");
	}
	out_text(o, "detail", x->english ? one->en : one->zh);
	out_object_end(o);
}

/* ---- prose ---- */

static void figure_check(struct exchange *x, struct findings *f, const struct report *r,
	int section, const char *text, const struct ogi_prose_figure *p)
{
	bool old = r->figures.q.year < ogi_form_2019.first_year;
	const char *key = ogi_prose_key(text, p, old);
	struct finding one = { .code = "figure",
		.section = section,
		.found = p->value,
		.key = key,
		.text = arena_bytes(x->arena, text + p->from, p->at + p->bytes - p->from),
		.character = text_characters(text, p->from) };
	one.compared = key != NULL && report_figure(r, key, &one.expected);
	if (!one.compared) {
		one.result = UNCERTAIN;
		one.zh = "无法判断此数字所指，请人工核对。";
		one.en = "What this figure counts cannot be told; have a look.";
	} else if (one.found == one.expected) {
		one.result = PASS;
		one.zh = "与统计数一致。";
		one.en = "It is the figure of the year.";
	} else {
		one.result = FAIL;
		one.zh = arena_print(x->arena, "正文为 %lld，统计数为 %lld，请改正其一。",
			(long long)one.found, (long long)one.expected);
		one.en = arena_print(x->arena,
			"The text says %lld, the figures of the year say %lld; correct one of them.",
			(long long)one.found, (long long)one.expected);
	}
	finding_write(x, f, &one);
}

static void prose_check(struct exchange *x, struct findings *f, const struct report *r)
{
	struct report_text t;
	struct ogi_prose_figure p;
	for (int i = 1; i <= OGI_REPORT_SECTIONS; i++) {
		int at = 0;
		const char *text = report_text_of(r->texts, r->figures.q.year, i, &t)
					   ? t.text
					   : report_block(r, i, &at);
		for (; text != NULL; text = report_block(r, i, &at))
			for (size_t from = 0; ogi_prose_next(text, from, &p);
				from = p.at + p.bytes)
				figure_check(x, f, r, i, text, &p);
	}
}

/* ---- sums ---- */

static int64_t sum_of(const struct report *r, const char *prefix)
{
	const char *key;
	json_t *value;
	int64_t sum = 0;
	json_object_foreach(r->keys, key, value)
	{
		if (strncmp(key, prefix, strlen(prefix)) == 0)
			sum += json_integer_value(value);
	}
	return sum;
}

static void sum_check(struct exchange *x, struct findings *f, struct finding one, bool at_least)
{
	bool holds = at_least ? one.found >= one.expected : one.found == one.expected;
	one.code = "sum";
	one.compared = true;
	one.result = holds ? PASS : FAIL;
	one.zh = holds ? "各项之和与总数相符。" : "各项之和与总数不符。";
	one.en = holds ? "The parts agree with the total."
		       : "The parts do not agree with the total.";
	finding_write(x, f, &one);
}

static void sums_check(struct exchange *x, struct findings *f, const struct report *r)
{
	bool old = r->figures.q.form == &ogi_form_2014;
	int64_t items = 0, received = 0;
	report_figure(r, "p.total", &items);
	report_figure(r, old ? "a.received" : "t3.new", &received);
	sum_check(x, f,
		(struct finding){ .section = old ? 2 : 1,
			.key = "p.cat",
			.found = sum_of(r, "p.cat."),
			.expected = items },
		false);
	sum_check(x, f,
		(struct finding){ .section = old ? 2 : 1,
			.key = "p.by",
			.found = sum_of(r, "p.by."),
			.expected = items },
		true);
	sum_check(x, f,
		(struct finding){ .section = old ? 3 : 1,
			.key = "a.ch",
			.found = sum_of(r, "a.ch."),
			.expected = received },
		false);
	sum_check(x, f,
		(struct finding){ .section = old ? 3 : 1,
			.key = "a.subject",
			.found = sum_of(r, "a.subject."),
			.expected = received },
		false);
}

static void identities_check(struct exchange *x, struct findings *f, const struct report *r)
{
	const struct form_answer *a = &r->figures.a;
	for (int i = 0; i < a->checks; i++) {
		const struct ogi_check *c = &a->check[i];
		const struct ogi_identity *id = c->identity;
		if (c->holds)
			continue;
		finding_write(x, f,
			&(struct finding){ .code = "identity",
				.result = id->warning_only ? UNCERTAIN : FAIL,
				.key = id->left,
				.compared = true,
				.found = c->left,
				.expected = c->right,
				.zh = arena_print(
					x->arena, "统计表勾稽关系 %s 不成立。", id->id),
				.en = arena_print(x->arena,
					"Identity %s of the form does not hold.", id->id) });
	}
}

/* ---- what should have been said ---- */

/* Something was written: the text of the section, or a block of it. */
static bool is_written(const struct report *r, int section)
{
	struct report_text t;
	int at = 0;
	return report_text_of(r->texts, r->figures.q.year, section, &t) ||
	       report_block(r, section, &at) != NULL;
}

static void texts_check(struct exchange *x, struct findings *f, const struct report *r)
{
	struct report_text t;
	int year = r->figures.q.year;
	for (int i = 0; i < OGI_REPORT_SECTIONS; i++) {
		const struct ogi_report_section *s = &r->section[i];
		bool there = is_written(r, s->number);
		if (s->narrative)
			finding_write(x, f,
				&(struct finding){ .code = "section_text",
					.section = s->number,
					.result = there ? PASS : FAIL,
					.zh = there ? "本部分已有正文。"
						    : "本部分没有正文，请撰写。",
					.en = there ? "The section has its text."
						    : "The section has no text; write it." });
		if ((s->parts & OGI_REPORT_PROBLEMS) != 0 &&
			report_text_of(r->texts, year - 1, ogi_report_problems(year - 1), &t))
			finding_write(x, f,
				&(struct finding){ .code = "problems_of_last_year",
					.section = s->number,
					.result = there ? UNCERTAIN : FAIL,
					.zh = "上年度报告写明的问题，本年应当说明改进情况，请核对。",
					.en = "Last year's report named problems; say what became of them." });
	}
}

static void fees_check(struct exchange *x, struct findings *f, const struct report *r)
{
	int64_t amount = 0;
	int section = 0;
	for (int i = 0; i < OGI_REPORT_SECTIONS; i++)
		if ((r->section[i].parts & OGI_REPORT_FEES) != 0)
			section = r->section[i].number;
	report_figure(r, "fee.amount", &amount);
	bool explained = is_written(r, section);
	if (amount == 0)
		return;
	finding_write(x, f,
		&(struct finding){ .code = "fees_explained",
			.section = section,
			.key = "fee.amount",
			.result = explained ? PASS : FAIL,
			.zh = explained ? "收费已有说明。" : "有收费但没有说明依据和减免情况。",
			.en = explained ? "The fees are explained."
					: "Fees were collected and nothing explains them." });
}

static void year_check(struct exchange *x, struct findings *f, const struct report *r)
{
	bool over = !ogi_before(x->today, r->figures.q.span.to);
	bool frozen = r->figures.a.frozen != NULL;
	if (!over)
		finding_write(x, f,
			&(struct finding){ .code = "year_over",
				.result = UNCERTAIN,
				.zh = "统计期限尚未届满，数字还会变化。",
				.en = "The year is not over; its figures still move." });
	else if (r->figures.q.year >= ogi_form_2014.first_year)
		finding_write(x, f,
			&(struct finding){ .code = "frozen",
				.result = frozen ? PASS : UNCERTAIN,
				.zh = frozen ? "数字取自定稿的统计表。"
					     : "统计表尚未定稿，数字取自现有数据。",
				.en = frozen ? "The figures are those of the frozen form."
					     : "The form is not frozen; the figures are live." });
}

void report_findings_write(struct exchange *x, struct json_out *o, struct report *r)
{
	struct findings f = { .o = o };
	const struct directory_org *org =
		directory_org(app_directory(x), r->figures.q.scope.org);
	out_object(o, NULL);
	out_number(o, "year", r->figures.q.year);
	out_text(o, "org", org != NULL ? org->code : NULL);
	out_array(o, "findings");
	prose_check(x, &f, r);
	sums_check(x, &f, r);
	identities_check(x, &f, r);
	texts_check(x, &f, r);
	fees_check(x, &f, r);
	year_check(x, &f, r);
	out_array_end(o);
	out_number(o, "pass", f.of[PASS]);
	out_number(o, "fail", f.of[FAIL]);
	out_number(o, "uncertain", f.of[UNCERTAIN]);
	out_object_end(o);
}
