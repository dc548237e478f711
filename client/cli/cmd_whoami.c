/* SPDX-License-Identifier: MulanPSL-2.0 */
/* ogi whoami: who is logged in, where, as what. */
#include "cli/case_view.h"
#include "cli/command.h"
#include "cli/field.h"

#include <stdlib.h>

/* clang-format off */
static const struct flag flags[] = {
	{ "json", FLAG_SWITCH, NULL, false, "print the answer as JSON", "输出 JSON" },
	{ 0 },
};
/* clang-format on */

static enum ending run(struct client *c, struct args *args)
{
	static const char *const fields[] = { "login", "name", "org", "roles" };
	struct answer answer;
	enum ending ending = client_get(c, "/v1/me", NULL, &answer);

	if (ending == DONE && args_switch(args, "json")) {
		print_json(&c->screen, answer.text);
	} else if (ending == DONE) {
		const json_t *user = json_object_get(answer.json, "user");
		user = user != NULL ? user : answer.json;
		int column = c->screen.language == LANGUAGE_ZH ? 10 : 14;
		for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
			json_t *value = json_object_get(user, fields[i]);
			char *text =
				value == NULL ? NULL : case_view_value(c, fields[i], value);
			print_pair(&c->screen, column,
				field_label(c->screen.language, fields[i]), text);
			free(text);
		}
		print_pair(&c->screen, column, pick(c->screen.language, "server", "服务器"),
			c->session.server);
	}
	answer_clear(&answer);
	return ending;
}

const struct command cmd_whoami = {
	.name = "whoami",
	.operands = "",
	.en = "show who is logged in",
	.zh = "查看当前登录人",
	.flags = flags,
	.run = run,
};
