/* SPDX-License-Identifier: MulanPSL-2.0 */
/* ogi import: cases from a file of JSON lines or a flat CSV file. */
#include "cli/command.h"
#include "cli/field.h"
#include "cli/files.h"
#include "cli/table.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* clang-format off */
static const struct flag flags[] = {
	{ "dry-run", FLAG_SWITCH, NULL, false, "check and count only", "只检查，不保存" },
	{ "all-or-nothing", FLAG_SWITCH, NULL, false, "store all lines or none (at most 10,000)", "全部合格才保存（最多 10,000 行）" },
	{ "json", FLAG_SWITCH, NULL, false, "print the answer as JSON", "输出 JSON" },
	{ 0 },
};
/* clang-format on */

static void print_errors(struct client *c, const json_t *errors)
{
	const enum language language = c->screen.language;
	if (json_array_size(errors) == 0)
		return;
	struct table *t = table_new(&c->screen);
	table_column(t, (struct column){ pick(language, "line", "行"), true, 0 });
	table_column(t, (struct column){ pick(language, "where", "位置"), false, 8 });
	table_column(t, (struct column){ pick(language, "what", "问题"), false, 16 });
	for (size_t i = 0; i < json_array_size(errors); i++) {
		const json_t *e = json_array_get(errors, i);
		table_line(t);
		table_number(t, json_integer_value(json_object_get(e, "line")));
		table_cell(t, field_text(e, "pointer"), COLOUR_NONE);
		table_cell(t, field_text(e, "detail"), COLOUR_NONE);
	}
	table_print(t);
	table_free(t);
}

static void print_report(struct client *c, const json_t *report)
{
	static const char *const names[] = { "lines", "stored", "skipped", "rejected" };
	static const char *const zh[] = { "行", "已保存", "已有", "有误" };
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		printf("%s%s %lld", i > 0 ? "  " : "",
			pick(c->screen.language, names[i], zh[i]),
			(long long)json_integer_value(json_object_get(report, names[i])));
	putchar('\n');
	print_errors(c, json_object_get(report, "errors"));
}

static enum ending run(struct client *c, struct args *args)
{
	static const char *const flat[] = { ".csv", NULL };
	const char *name = args->operands[0];
	FILE *file = NULL;
	long long size = 0;
	enum ending ending = files_open(c, name, &file, &size);
	if (ending != DONE)
		return ending;
	json_t *query = must(json_object());
	struct answer answer;
	struct request request = { .method = "POST",
		.path = "/v1/imports",
		.query = query,
		.file = file,
		.file_size = size,
		.type = text_suffix(name, flat) != NULL ? "text/csv" : "application/x-ndjson",
		.progress = isatty(STDERR_FILENO) ? name : NULL };
	if (args_switch(args, "dry-run"))
		json_object_set_new(query, "dry_run", json_string("true"));
	if (args_switch(args, "all-or-nothing"))
		json_object_set_new(query, "all_or_nothing", json_string("true"));
	ending = client_ask(c, &request, &answer);
	if (ending == DONE) {
		if (args_switch(args, "json"))
			print_json(&c->screen, answer.text);
		else
			print_report(c, answer.json);
		if (json_integer_value(json_object_get(answer.json, "rejected")) > 0)
			ending = REFUSED;
	}
	answer_clear(&answer);
	json_decref(query);
	fclose(file);
	return ending;
}

const struct command cmd_import = {
	.name = "import",
	.operands = "FILE.jsonl|FILE.csv",
	.en = "take in cases from a file",
	.zh = "从文件导入申请",
	.flags = flags,
	.least = 1,
	.most = 1,
	.run = run,
};
