/* SPDX-License-Identifier: MulanPSL-2.0 */
/* ogi stats: an official form as a table, or as the file the server makes of it. */
#include "cli/command.h"
#include "cli/field.h"
#include "cli/table.h"

#include <stdlib.h>
#include <string.h>

/* clang-format off */
static const struct flag flags[] = {
	{ "org", FLAG_TEXT, "org", false, NULL, NULL },
	{ "rollup", FLAG_SWITCH, "rollup", false, "with the organisations below it", "含下级机关" },
	{ "as-of", FLAG_TEXT, "as_of", false, NULL, NULL },
	{ "live", FLAG_SWITCH, "live", false, "as it is now, even of a frozen year", "按现有数据（不取定稿）" },
	{ "period", FLAG_TEXT, "period", false, "a part of the year: 2025Q1", "时段，如 2025Q1" },
	{ "output", FLAG_TEXT, NULL, false, "write FILE.csv, FILE.xlsx or FILE.html", "写入 .csv、.xlsx 或 .html 文件" },
	{ "json", FLAG_SWITCH, NULL, false, "print the answer as JSON", "输出 JSON" },
	{ 0 },
};

/* Heads short enough for 80 columns. */
static const struct head {
	const char *code, *en, *zh;
} heads[] = {
	{ "natural", "natural", "自然人" },
	{ "business", "business", "企业" },
	{ "research", "research", "科研" },
	{ "public_interest", "public", "公益" },
	{ "legal_service", "legal", "法律" },
	{ "other_org", "other", "其他" },
	{ "total", "total", "总计" },
	{ "value", "value", "数值" },
};
/* clang-format on */

enum { HEADS = sizeof heads / sizeof *heads };

/* The label of a key: the form's rows are in the answer as {"number", "key", "mark", "zh",
 * "en", "unit"}; what stands before an official label in print belongs to it. Owned. */
static char *label_of(const struct client *c, const json_t *form, const char *key)
{
	const json_t *rows = json_object_get(form, "rows");
	for (size_t i = 0; i < json_array_size(rows); i++) {
		const json_t *row = json_array_get(rows, i);
		const char *is = field_text(row, "key");
		if (is == NULL || strcmp(is, key) != 0)
			continue;
		bool english = *pick(c->screen.language, "en", "zh") == 'e';
		const char *mark = english ? NULL : field_text(row, "mark");
		const char *text = field_text(row, english ? "en" : "zh");
		return text_format("%s%s", mark == NULL ? "" : mark, text == NULL ? "" : text);
	}
	return text_format("%s", "");
}

static void add_value(struct table *t, const json_t *value)
{
	char *text = NULL;
	if (json_is_integer(value))
		text = text_format("%lld", (long long)json_integer_value(value));
	else if (json_is_real(value))
		text = text_format("%.10g", json_real_value(value));
	else if (json_is_string(value))
		text = must(strdup(json_string_value(value)));
	table_cell(t, text, COLOUR_NONE);
	free(text);
}

/* The rows whose columns are these: forms mix rows by applicant with single values. */
static void print_block(const struct client *c, const json_t *form, bool single)
{
	const char *key;
	json_t *row;
	bool roomy = single || c->screen.width == 0 || c->screen.width >= 110;
	bool labelled = roomy && json_array_size(json_object_get(form, "rows")) > 0;
	size_t first = single ? HEADS - 1 : 0;
	size_t end = single ? HEADS : HEADS - 1;
	struct table *t = table_new(&c->screen);

	table_column(t, (struct column){ .head = pick(c->screen.language, "key", "指标") });
	if (labelled)
		table_column(
			t, (struct column){ .head = pick(c->screen.language, "label", "名称"),
				   .least = 8 });
	for (size_t i = first; i < end; i++)
		table_column(t, (struct column){ .head = pick(c->screen.language, heads[i].en,
							 heads[i].zh),
					.right = true });
	json_object_foreach(json_object_get(form, "cells"), key, row)
	{
		if ((json_object_get(row, "value") != NULL) != single)
			continue;
		table_line(t);
		table_cell(t, key, COLOUR_NONE);
		char *label = labelled ? label_of(c, form, key) : NULL;
		if (labelled)
			table_cell(t, label, COLOUR_NONE);
		free(label);
		for (size_t i = first; i < end; i++)
			add_value(t, json_object_get(row, heads[i].code));
	}
	table_print(t);
	table_free(t);
}

/* What does not add up is said; that the rest does, in one line. */
static void print_identities(const struct client *c, const json_t *identities)
{
	enum language l = c->screen.language;
	size_t held = 0;

	for (size_t i = 0; i < json_array_size(identities); i++) {
		const json_t *row = json_array_get(identities, i);
		if (json_is_true(json_object_get(row, "holds"))) {
			held++;
			continue;
		}
		const char *id = field_text(row, "id");
		const char *column = field_text(row, "column");
		complain(pick(l, "%s (%s) does not hold: %lld, %lld",
				 "勾稽关系 %s（%s）不成立：%lld，%lld"),
			id == NULL ? "?" : id, column == NULL ? "?" : column,
			(long long)json_integer_value(json_object_get(row, "left")),
			(long long)json_integer_value(json_object_get(row, "right")));
	}
	if (json_array_size(identities) > 0)
		print_text(stdout,
			pick(l, "identities: %zu of %zu hold\n", "勾稽关系：%zu / %zu 成立\n"),
			held, json_array_size(identities));
}

static void print_form(struct client *c, const json_t *form)
{
	enum language l = c->screen.language;
	const char *org = field_text(form, "org");
	const char *as_of = field_text(form, "as_of");
	const json_t *warnings = json_object_get(form, "warnings");

	print_text(stdout, "%s %lld  %s%s%s%s\n",
		field_text(form, "form") == NULL ? "" : field_text(form, "form"),
		(long long)json_integer_value(json_object_get(form, "year")),
		org == NULL ? "" : org,
		json_is_true(json_object_get(form, "rollup")) ? pick(l, " and below", " 及下级")
							      : "",
		as_of == NULL ? "" : "  ", as_of == NULL ? "" : as_of);
	if (json_is_true(json_object_get(form, "frozen")))
		print_text(stdout, "%s\n", pick(l, "frozen", "已定稿"));
	print_block(c, form, false);
	print_block(c, form, true);
	print_identities(c, json_object_get(form, "identities"));
	for (size_t i = 0; i < json_array_size(warnings); i++) {
		const json_t *row = json_array_get(warnings, i);
		const char *text = json_is_string(row) ? json_string_value(row)
						       : field_text(row, "detail");
		if (text != NULL)
			complain("%s: %s", pick(l, "warning", "提醒"), text);
	}
}

static enum ending run(struct client *c, struct args *args)
{
	const char *output = args_text(args, "output");
	static const char *const suffixes[] = { ".csv", ".xlsx", ".html", NULL };
	const char *suffix = output == NULL ? "" : text_suffix(output, suffixes);
	if (suffix == NULL)
		return client_misused(c,
			pick(c->screen.language,
				"%s: the name must end with .csv, .xlsx or .html",
				"%s：文件名须以 .csv、.xlsx 或 .html 结尾"),
			output);
	char *form = transport_escape(args->operands[0]);
	char *year = transport_escape(args->operands[1]);
	char *path = text_format("/v1/statistics/%s/%s%s", form, year, suffix);
	json_t *query = args_query(args);
	struct answer answer = { 0 };
	enum ending ending;

	if (output != NULL) {
		ending = client_save(c, path, query, output);
	} else {
		ending = client_get(c, path, query, &answer);
		if (ending == DONE && args_switch(args, "json"))
			print_json(&c->screen, answer.text);
		else if (ending == DONE)
			print_form(c, answer.json);
	}
	answer_clear(&answer);
	json_decref(query);
	free(path);
	free(year);
	free(form);
	return ending;
}

const struct command cmd_stats = {
	.name = "stats",
	.operands = "FORM YEAR",
	.en = "an official statistics form",
	.zh = "统计表",
	.flags = flags,
	.least = 2,
	.most = 2,
	.run = run,
};
