/* SPDX-License-Identifier: MulanPSL-2.0 */
/* ogi registers: which small registers there are; the entries of one; one entry with its
 * history. Labels and fields are the server's. */
#include "cli/command.h"
#include "cli/field.h"
#include "cli/register.h"
#include "cli/table.h"

#include <stdlib.h>
#include <string.h>

/* clang-format off */
static const struct flag flags[] = {
	{ "year", FLAG_TEXT, "year", false, "that count in this year", "计入该年度的" },
	{ "period", FLAG_TEXT, "period", false, "a quarter or month of it: 2025Q1, 2025M03", "其中的季度或月份：2025Q1、2025M03" },
	{ "org", FLAG_TEXT, "org", false, NULL, NULL },
	{ "rollup", FLAG_SWITCH, "rollup", false, "with the organisations below it", "含下级机关" },
	{ "retracted", FLAG_SWITCH, "retracted", false, "with those taken back", "含已撤销的" },
	{ "limit", FLAG_TEXT, "limit", false, "lines of a page, at most 200", "每页行数，最多 200" },
	{ "after", FLAG_TEXT, "after", false, "the page behind this cursor", "从该游标之后" },
	{ "json", FLAG_SWITCH, NULL, false, "print the answer as JSON", "输出 JSON" },
	{ 0 },
};
/* clang-format on */

static const char *label(const struct client *c, const json_t *coded)
{
	return field_text(coded, c->screen.language == LANGUAGE_ZH ? "zh" : "en");
}

static void print_registers(const struct client *c, const json_t *all)
{
	enum language l = c->screen.language;
	struct table *t = table_new(&c->screen);
	const json_t *one;
	size_t i;

	table_column(t, (struct column){ .head = pick(l, "register", "登记簿") });
	table_column(t, (struct column){ .head = pick(l, "what", "名称") });
	table_column(t, (struct column){ .head = pick(l, "fields", "字段"), .least = 20 });
	json_array_foreach(all, i, one)
	{
		char *names = must(strdup(""));
		const json_t *field;
		size_t k;
		json_array_foreach(json_object_get(one, "fields"), k, field)
		{
			bool needed = json_is_true(json_object_get(field, "required"));
			char *more = text_format("%s%s%s%s", names, k > 0 ? " " : "",
				field_text(field, "name"), needed ? "*" : "");
			free(names);
			names = more;
		}
		table_line(t);
		table_cell(t, field_text(one, "code"), COLOUR_NONE);
		table_cell(t, label(c, one), COLOUR_NONE);
		table_cell(t, names, COLOUR_NONE);
		free(names);
	}
	table_print(t);
	table_free(t);
}

static bool is_told(const char *name)
{
	static const char *const told[] = { "org", "year", "period", "on", "from", "to" };
	for (size_t i = 0; i < sizeof told / sizeof *told; i++)
		if (strcmp(told[i], name) == 0)
			return true;
	return false;
}

/* True when the field says something in one of the entries. */
static bool is_said(const json_t *entries, const char *name)
{
	const json_t *one;
	size_t i;
	json_array_foreach(entries, i, one)
	{
		const json_t *value = json_object_get(one, name);
		if (json_is_string(value) || json_is_true(value) ||
			(json_is_number(value) && json_number_value(value) != 0))
			return true;
	}
	return false;
}

static void add_days(struct table *t, const json_t *entry)
{
	const char *from = field_text(entry, "counted_from"),
		   *to = field_text(entry, "counted_to");
	bool day = from != NULL && to != NULL && strcmp(from, to) == 0;
	char *days =
		day ? text_format("%s", from)
		    : text_format("%s..%s", from != NULL ? from : "", to != NULL ? to : "");
	table_cell(t, days, COLOUR_NONE);
	free(days);
}

/* Columns: what the register has and some entry says, but what the days tell already. */
static void print_entries(const struct client *c, const json_t *reg, const json_t *page)
{
	enum { COLUMNS = 32 };
	enum language l = c->screen.language;
	const json_t *entries = json_object_get(page, "entries"), *one, *field;
	const char *columns[COLUMNS];
	struct table *t = table_new(&c->screen);
	size_t i, n = 0;

	table_column(t, (struct column){ .head = pick(l, "id", "标识") });
	table_column(t, (struct column){ .head = pick(l, "counts", "计入日期") });
	json_array_foreach(json_object_get(reg, "fields"), i, field)
	{
		const char *name = field_text(field, "name");
		if (is_told(name) || n == COLUMNS || !is_said(entries, name))
			continue;
		columns[n++] = name;
		table_column(t, (struct column){ .head = label(c, field), .least = 8 });
	}
	json_array_foreach(entries, i, one)
	{
		table_line(t);
		table_cell(t, field_text(one, "id"), COLOUR_NONE);
		add_days(t, one);
		for (size_t k = 0; k < n; k++) {
			char *text = register_value(
				c, reg, columns[k], json_object_get(one, columns[k]));
			table_cell(t, text, COLOUR_NONE);
			free(text);
		}
	}
	table_print(t);
	table_free(t);
	if (json_array_size(entries) == 0)
		complain("%s", pick(l, "no entries", "没有登记"));
	if (field_text(page, "next") != NULL)
		complain(pick(l, "there are more: --after %s", "还有更多：--after %s"),
			field_text(page, "next"));
}

static enum ending show(struct client *c, const struct args *args, const json_t *registers)
{
	const json_t *reg = register_find(registers, args->operands[0]);
	json_t *query = args_query(args);
	struct answer answer = { 0 };
	const char *id = args->count > 1 ? args->operands[1] : NULL;
	long long year;
	if (id != NULL && strlen(id) == 4 && text_whole(id, &year)) {
		json_object_set_new(query, "year", must(json_string(id)));
		id = NULL;
	}
	char *path = register_path(args->operands[0], id, "");
	enum ending ending = client_get(c, path, query, &answer);

	if (ending == DONE && args_switch(args, "json"))
		print_json(&c->screen, answer.text);
	else if (ending == DONE && id != NULL)
		register_print(c, reg, answer.json);
	else if (ending == DONE)
		print_entries(c, reg, answer.json);
	answer_clear(&answer);
	json_decref(query);
	free(path);
	return ending;
}

static enum ending run(struct client *c, struct args *args)
{
	struct answer all = { 0 };
	enum ending ending = client_get(c, "/v1/registers", NULL, &all);

	if (ending == DONE && args->count > 0)
		ending = show(c, args, json_object_get(all.json, "registers"));
	else if (ending == DONE && args_switch(args, "json"))
		print_json(&c->screen, all.text);
	else if (ending == DONE)
		print_registers(c, json_object_get(all.json, "registers"));
	answer_clear(&all);
	return ending;
}

const struct command cmd_registers = {
	.name = "registers",
	.operands = "[REGISTER [YEAR | ID]]",
	.en = "the small registers behind forms and report",
	.zh = "各类登记簿",
	.flags = flags,
	.most = 2,
	.run = run,
};
