/* SPDX-License-Identifier: MulanPSL-2.0 */
/* ogi why: how the due date of a case comes about, day by day. */
#include "cli/command.h"
#include "cli/field.h"
#include "cli/why_view.h"

#include <stdlib.h>

/* clang-format off */
static const struct flag flags[] = {
	{ "as-of", FLAG_TEXT, NULL, false, "judged on this day", "按该日期判断" },
	{ "known-at", FLAG_TEXT, NULL, false, "as it was known at this instant", "按该时刻已知情况" },
	{ "json", FLAG_SWITCH, NULL, false, "print the answer as JSON", "输出 JSON" },
	{ 0 },
};
/* clang-format on */

static void set(json_t *query, const char *name, const char *value)
{
	if (value != NULL)
		json_object_set_new(query, name, json_string(value));
}

static void print_date(struct client *c, const json_t *why, const char *field)
{
	enum language l = c->screen.language;
	print_pair(&c->screen, l == LANGUAGE_ZH ? 14 : 22, field_label(l, field),
		field_text(why, field));
}

static enum ending run(struct client *c, struct args *args)
{
	struct answer answer;
	char *path = client_case_path(args->operands[0], "/why");
	json_t *query = must(json_object());
	set(query, "as_of", args_text(args, "as-of"));
	set(query, "known_at", args_text(args, "known-at"));
	enum ending ending = client_get(c, path, query, &answer);

	if (ending == DONE && args_switch(args, "json")) {
		print_json(&c->screen, answer.text);
	} else if (ending == DONE) {
		print_date(c, answer.json, "receipt_date");
		print_date(c, answer.json, "due_on");
		print_date(c, answer.json, "latest_due_on");
		why_view(c, answer.json);
	}
	answer_clear(&answer);
	json_decref(query);
	free(path);
	return ending;
}

const struct command cmd_why = {
	.name = "why",
	.operands = "NUMBER",
	.en = "explain the due date of a case",
	.zh = "逐日说明答复期限",
	.flags = flags,
	.least = 1,
	.most = 1,
	.run = run,
};
