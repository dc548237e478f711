/* SPDX-License-Identifier: MulanPSL-2.0 */
/* ogi deadline: asks the calculator; a scenario from a file, standard input or flags. Nothing
 * is stored. */
#include "cli/case_view.h"
#include "cli/command.h"
#include "cli/field.h"
#include "cli/table.h"
#include "cli/vocabulary.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
	SCENARIO_LIMIT = 1 << 20, /* the largest body the API takes */
};

/* clang-format off */
static const struct flag flags[] = {
	{ "channel", FLAG_TEXT, "channel", false, NULL, NULL },
	{ "via", FLAG_TEXT, "via", false, NULL, NULL },
	{ "arrived-on", FLAG_TEXT, "arrived_on", false, NULL, NULL },
	{ "signed-on", FLAG_TEXT, "signed_on", false, NULL, NULL },
	{ "confirmed-on", FLAG_TEXT, "confirmed_on", false, NULL, NULL },
	{ "receipt-date", FLAG_TEXT, "receipt_date", false, NULL, NULL },
	{ "regime", FLAG_TEXT, "regime", false, NULL, NULL },
	{ "as-of", FLAG_TEXT, "as_of", false, NULL, NULL },
	{ "explain", FLAG_SWITCH, "explain", false, "every day with its reason", "逐日说明" },
	{ "field", FLAG_FIELD, NULL, false, "any field of the scenario", "情形的任意字段" },
	{ "json", FLAG_SWITCH, NULL, false, "print the answer as JSON", "输出 JSON" },
	{ 0 },
};
/* clang-format on */

/* The flags go over what the file says. */
static enum ending read_scenario(struct client *c, const char *path, json_t *body)
{
	enum language l = c->screen.language;
	char *fault = NULL;
	json_error_t error;
	char *text = text_read(l, path, SCENARIO_LIMIT, &fault);

	if (text == NULL) {
		client_misused(c, "%s", fault);
		free(fault);
		return MISUSED;
	}
	json_t *scenario = json_loads(text, JSON_REJECT_DUPLICATES, &error);
	free(text);
	if (!json_is_object(scenario)) {
		json_decref(scenario);
		return client_misused(c,
			pick(l, "%s:%d: not a JSON object: %s", "%s:%d：不是 JSON 对象：%s"),
			path, scenario == NULL ? error.line : 1,
			scenario == NULL ? error.text : "");
	}
	json_object_update_missing(body, scenario);
	json_decref(scenario);
	return DONE;
}

/* A kind of day, or what the clock did on it. */
static const char *reason_label(struct client *c, const char *reason)
{
	const char *label = vocabulary_label(c, "day_kind", reason);
	return label == reason ? field_label(c->screen.language, reason) : label;
}

static void print_days(struct client *c, const json_t *days)
{
	enum language l = c->screen.language;
	struct table *t = table_new(&c->screen);

	table_column(t, (struct column){ .head = pick(l, "date", "日期") });
	table_column(t, (struct column){ .head = pick(l, "n", "第几日"), .right = true });
	table_column(t, (struct column){ .head = pick(l, "reason", "原因") });
	table_column(t, (struct column){ .head = pick(l, "detail", "说明"), .least = 8 });
	for (size_t i = 0; i < json_array_size(days); i++) {
		const json_t *day = json_array_get(days, i);
		const char *reason = field_text(day, "reason");
		table_line(t);
		table_cell(t, field_text(day, "date"), COLOUR_NONE);
		if (json_is_true(json_object_get(day, "counted")))
			table_number(t, json_integer_value(json_object_get(day, "n")));
		else
			table_cell(t, NULL, COLOUR_NONE);
		table_cell(t, reason == NULL ? NULL : reason_label(c, reason), COLOUR_NONE);
		table_cell(t, field_text(day, "detail"), COLOUR_NONE);
	}
	table_print(t);
	table_free(t);
}

static enum ending run(struct client *c, struct args *args)
{
	enum ending ending = DONE;
	struct answer answer = { 0 };
	bool flags_only = json_object_size(args->body) > 0;

	if (args->count > 0)
		ending = read_scenario(c, args->operands[0], args->body);
	else if (!flags_only && isatty(STDIN_FILENO) != 1)
		ending = read_scenario(c, "-", args->body);
	else if (!flags_only)
		ending = client_misused(c, "%s",
			pick(c->screen.language, "a scenario is needed: a file, - or flags",
				"请给出情形：文件、- 或参数"));
	if (ending == DONE) {
		struct request request = {
			.method = "POST", .path = "/v1/deadline", .body = args->body
		};
		ending = client_ask(c, &request, &answer);
	}
	if (ending == DONE && args_switch(args, "json")) {
		print_json(&c->screen, answer.text);
	} else if (ending == DONE) {
		case_view_dates(c, answer.json);
		print_days(c, field_get(answer.json, "why.days"));
	}
	answer_clear(&answer);
	return ending;
}

const struct command cmd_deadline = {
	.name = "deadline",
	.operands = "[SCENARIO.json|-]",
	.en = "work out a due date, storing nothing",
	.zh = "推算答复期限（不保存）",
	.flags = flags,
	.most = 1,
	.run = run,
};
