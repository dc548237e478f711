/* SPDX-License-Identifier: MulanPSL-2.0 */
/* ogi deadline: asks the calculator; a scenario from a file, standard input or flags. Nothing
 * is stored. */
#include "cli/case_view.h"
#include "cli/command.h"
#include "cli/why_view.h"

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
		why_view(c, json_object_get(answer.json, "why"));
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
