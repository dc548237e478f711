/* SPDX-License-Identifier: MulanPSL-2.0 */
/* ogi show: one case, or with --events its story. */
#include "cli/case_view.h"
#include "cli/command.h"
#include "cli/field.h"
#include "cli/files.h"
#include "cli/problem.h"

#include <stdlib.h>

/* clang-format off */
static const struct flag flags[] = {
	{ "events", FLAG_SWITCH, NULL, false, "the story of the case", "办理经过" },
	{ "as-of", FLAG_TEXT, NULL, false, "judged on this day", "按该日期判断" },
	{ "known-at", FLAG_TEXT, NULL, false, "as it was known at this instant", "按该时刻已知情况" },
	{ "reveal", FLAG_SWITCH, NULL, false, "identity number and telephone unmasked (audited)", "显示完整证件号码和电话（留痕）" },
	{ "json", FLAG_SWITCH, NULL, false, "print the answer as JSON", "输出 JSON" },
	{ 0 },
};
/* clang-format on */

static json_t *query_of(const struct args *args)
{
	json_t *query = must(json_object());
	if (args_text(args, "as-of") != NULL)
		json_object_set_new(query, "as_of", json_string(args_text(args, "as-of")));
	if (args_text(args, "known-at") != NULL)
		json_object_set_new(
			query, "known_at", json_string(args_text(args, "known-at")));
	if (args_switch(args, "reveal") && !args_switch(args, "events"))
		json_object_set_new(query, "reveal", json_string("applicant"));
	return query;
}

static enum ending run(struct client *c, struct args *args)
{
	bool events = args_switch(args, "events");
	struct answer answer;
	char *path = client_case_path(args->operands[0], events ? "/events" : "");
	json_t *query = query_of(args);
	enum ending ending = client_get(c, path, query, &answer);

	if (ending == DONE) {
		if (args_switch(args, "json"))
			print_json(&c->screen, answer.text);
		else if (events)
			case_view_story(c, json_object_get(answer.json, "events"));
		else
			case_view_full(c, answer.json);
		/* files have no past to be looked back at */
		if (!events && !args_switch(args, "json") && args_text(args, "as-of") == NULL &&
			args_text(args, "known-at") == NULL)
			ending = files_list(c, args->operands[0]);
		problem_print_warnings(c, answer.json);
	}
	answer_clear(&answer);
	json_decref(query);
	free(path);
	return ending;
}

const struct command cmd_show = {
	.name = "show",
	.operands = "NUMBER",
	.en = "show one case",
	.zh = "查看一件申请",
	.flags = flags,
	.least = 1,
	.most = 1,
	.run = run,
};
