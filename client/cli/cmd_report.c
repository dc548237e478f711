/* SPDX-License-Identifier: MulanPSL-2.0 */
/* ogi report: the annual report as the text or the page the server makes of it, and what in it
 * does not agree. */
#include "cli/command.h"
#include "cli/field.h"
#include "cli/table.h"

#include <stdlib.h>
#include <string.h>

/* clang-format off */
static const struct flag flags[] = {
	{ "org", FLAG_TEXT, "org", false, NULL, NULL },
	{ "rollup", FLAG_SWITCH, "rollup", false, "with the organisations below it", "含下级机关" },
	{ "live", FLAG_SWITCH, "live", false, "as it is now, even of a frozen year", "按现有数据（不取定稿）" },
	{ "findings", FLAG_SWITCH, NULL, false, "what in it does not agree, instead of the report", "只列出核对结果" },
	{ "output", FLAG_TEXT, NULL, false, "write FILE.html or FILE.md", "写入 .html 或 .md 文件" },
	{ "json", FLAG_SWITCH, NULL, false, "print the answer as JSON", "输出 JSON" },
	{ 0 },
};
/* clang-format on */

static void cell(struct table *t, const json_t *row, const char *name)
{
	const json_t *value = json_object_get(row, name);
	char *text = NULL;
	if (json_is_integer(value))
		text = text_format("%lld", (long long)json_integer_value(value));
	else if (json_is_string(value))
		text = must(strdup(json_string_value(value)));
	table_cell(t, text, COLOUR_NONE);
	free(text);
}

static void print_findings(const struct client *c, const json_t *answer)
{
	static const struct {
		const char *name, *en, *zh;
	} columns[] = { { "result", "result", "结论" }, { "section", "section", "部分" },
		{ "code", "check", "核对项" }, { "text", "place", "所在" },
		{ "detail", "detail", "说明" } };
	enum { COLUMNS = sizeof columns / sizeof *columns };
	const json_t *findings = json_object_get(answer, "findings");
	struct table *t = table_new(&c->screen);

	for (size_t i = 0; i < COLUMNS; i++)
		table_column(t, (struct column){ .head = pick(c->screen.language, columns[i].en,
							 columns[i].zh) });
	for (size_t i = 0; i < json_array_size(findings); i++) {
		table_line(t);
		for (size_t k = 0; k < COLUMNS; k++)
			cell(t, json_array_get(findings, i), columns[k].name);
	}
	table_print(t);
	table_free(t);
}

static enum ending show(struct client *c, const char *path, json_t *query, bool json)
{
	struct answer answer = { 0 };
	enum ending ending = client_get(c, path, query, &answer);
	if (ending == DONE && json)
		print_json(&c->screen, answer.text);
	else if (ending == DONE)
		print_findings(c, answer.json);
	answer_clear(&answer);
	return ending;
}

static enum ending run(struct client *c, struct args *args)
{
	const char *output = args_text(args, "output");
	bool json = args_switch(args, "json"), findings = args_switch(args, "findings");
	static const char *const suffixes[] = { ".html", ".md", NULL };
	const char *suffix = output != NULL ? text_suffix(output, suffixes) : json ? "" : ".md";
	if (suffix == NULL)
		return client_misused(c,
			pick(c->screen.language, "%s: the name must end with .html or .md",
				"%s：文件名须以 .html 或 .md 结尾"),
			output);
	char *year = transport_escape(args->operands[0]);
	char *path = text_format(
		"/v1/reports/%s%s", year, findings && output == NULL ? "/findings" : suffix);
	json_t *query = args_query(args);
	enum ending ending;

	if (output != NULL)
		ending = client_save(c, path, query, output);
	else if (json || findings)
		ending = show(c, path, query, json);
	else
		ending = client_show(c, path, query);
	json_decref(query);
	free(path);
	free(year);
	return ending;
}

const struct command cmd_report = {
	.name = "report",
	.operands = "YEAR",
	.en = "the annual report",
	.zh = "年度报告",
	.flags = flags,
	.least = 1,
	.most = 1,
	.run = run,
};
