/* SPDX-License-Identifier: MulanPSL-2.0 */
/* ogi similar: what is there already, before a request is registered. */
#include "cli/case_view.h"
#include "cli/command.h"
#include "cli/table.h"
#include "cli/vocabulary.h"

#include <stdlib.h>

/* clang-format off */
static const struct flag flags[] = {
	{ "applicant-name", FLAG_TEXT, NULL, false, "name of the applicant", "申请人姓名或名称" },
	{ "id-number", FLAG_TEXT, NULL, false, "number of the identity document", "证件号码" },
	{ "description", FLAG_TEXT, NULL, false, "what is asked for, or @FILE", "所需信息的描述，或 @文件" },
	{ "org", FLAG_TEXT, NULL, false, "organisation", "机构" },
	{ "json", FLAG_SWITCH, NULL, false, "print the answer as JSON", "输出 JSON" },
	{ 0 },
};
/* clang-format on */

enum { DESCRIPTION_LIMIT = 60000 }; /* bytes: 20,000 characters */

/* The value of --description: itself, or what a file holds. free() it. NULL when the file
 * cannot be read; that was said. */
static char *description_of(struct client *c, const char *given)
{
	char *fault;
	if (given[0] != '@')
		return text_format("%s", given);
	char *text = text_read(c->screen.language, given + 1, DESCRIPTION_LIMIT, &fault);
	if (text == NULL) {
		client_misused(c, "%s", fault);
		free(fault);
	}
	return text;
}

/* NULL when the description cannot be read. */
static json_t *query_of(struct client *c, const struct args *args)
{
	static const char *const names[][2] = {
		{ "applicant-name", "applicant" },
		{ "id-number", "id_number" },
		{ "org", "org" },
	};
	json_t *query = must(json_object());
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (args_text(args, names[i][0]) != NULL)
			json_object_set_new(
				query, names[i][1], json_string(args_text(args, names[i][0])));
	if (args_text(args, "description") == NULL)
		return query;
	char *text = description_of(c, args_text(args, "description"));
	if (text != NULL)
		json_object_set_new(query, "description", json_string(text));
	free(text);
	if (text == NULL) {
		json_decref(query);
		return NULL;
	}
	return query;
}

static const char *member(const json_t *object, const char *name)
{
	return json_string_value(json_object_get(object, name));
}

static void print_cases(struct client *c, const char *title, const json_t *cases)
{
	enum language l = c->screen.language;
	json_t *one;
	size_t i;
	if (json_array_size(cases) == 0)
		return;
	struct table *t = table_new(&c->screen);
	print_text(stdout, "%s\n", title);
	table_column(t, (struct column){ pick(l, "number", "编号"), false, 0 });
	table_column(t, (struct column){ pick(l, "received", "收到"), false, 0 });
	table_column(t, (struct column){ pick(l, "applicant", "申请人"), false, 8 });
	table_column(t, (struct column){ pick(l, "description", "描述"), false, 12 });
	table_column(t, (struct column){ pick(l, "status", "状态"), false, 0 });
	table_column(t, (struct column){ pick(l, "alike", "相似"), true, 0 });
	json_array_foreach(cases, i, one)
	{
		char *number = case_view_number(one, NULL);
		const char *day = member(one, "receipt_date");
		table_line(t);
		table_cell(t, number, COLOUR_NONE);
		table_cell(t, day != NULL ? day : member(one, "arrived_on"), COLOUR_NONE);
		table_cell(t, member(one, "applicant_name"), COLOUR_NONE);
		table_cell(t, member(one, "description"), COLOUR_NONE);
		table_cell(
			t, vocabulary_label(c, "status", member(one, "status")), COLOUR_NONE);
		table_number(t, json_integer_value(json_object_get(one, "score")));
		free(number);
	}
	table_print(t);
	table_free(t);
}

static void print_items(struct client *c, const json_t *items)
{
	enum language l = c->screen.language;
	struct table *t = table_new(&c->screen);
	json_t *one;
	size_t i;
	if (json_array_size(items) > 0)
		print_text(stdout, "%s\n", pick(l, "published already", "已主动公开"));
	table_column(t, (struct column){ pick(l, "published", "公开日期"), false, 0 });
	table_column(t, (struct column){ pick(l, "title", "标题"), false, 12 });
	table_column(t, (struct column){ pick(l, "where", "地址"), false, 12 });
	table_column(t, (struct column){ pick(l, "alike", "相似"), true, 0 });
	json_array_foreach(items, i, one)
	{
		table_line(t);
		table_cell(t, member(one, "published_on"), COLOUR_NONE);
		table_cell(t, member(one, "title"), COLOUR_NONE);
		table_cell(t, member(one, "locator"), COLOUR_NONE);
		table_number(t, json_integer_value(json_object_get(one, "score")));
	}
	table_print(t);
	table_free(t);
}

static void print_found(struct client *c, const json_t *found)
{
	enum language l = c->screen.language;
	const json_t *month = json_object_get(found, "month");
	print_cases(c, pick(l, "of this applicant", "该申请人的申请"),
		json_object_get(found, "same_applicant"));
	print_cases(
		c, pick(l, "like this one", "相似的申请"), json_object_get(found, "similar"));
	print_items(c, json_object_get(found, "published"));
	print_text(stdout,
		pick(l, "this month: %lld requests of this applicant; fee of one more: %lld yuan\n",
			"本月该申请人已申请 %lld 件，再申请一件的信息处理费为 %lld 元\n"),
		(long long)json_integer_value(json_object_get(month, "count")),
		(long long)json_integer_value(json_object_get(month, "fee")));
}

static enum ending run(struct client *c, struct args *args)
{
	struct answer answer;
	json_t *query = query_of(c, args);
	if (query == NULL)
		return MISUSED;
	if (json_object_size(query) == 0) {
		json_decref(query);
		return client_misused(c, "%s",
			pick(c->screen.language,
				"--applicant-name, --id-number or --description is needed",
				"请给出 --applicant-name、--id-number 或 --description"));
	}
	enum ending ending = client_get(c, "/v1/cases/similar", query, &answer);
	if (ending == DONE && args_switch(args, "json"))
		print_json(&c->screen, answer.text);
	else if (ending == DONE)
		print_found(c, answer.json);
	answer_clear(&answer);
	json_decref(query);
	return ending;
}

const struct command cmd_similar = {
	.name = "similar",
	.operands = "",
	.en = "what is there already, before registering",
	.zh = "登记前查重",
	.flags = flags,
	.run = run,
};
