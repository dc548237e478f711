/* SPDX-License-Identifier: MulanPSL-2.0 */
/* ogi document: a paper of a case, issued or as a preview, as the page the server prints. */
#include "cli/command.h"

#include <stdlib.h>

/* clang-format off */
static const struct flag flags[] = {
	{ "output", FLAG_TEXT, NULL, false, "write FILE.html instead of standard output", "写入文件（缺省为标准输出）" },
	{ "of", FLAG_TEXT, "of", false, "the event it tells of, by its number", "所依据的事项序号" },
	{ "preview", FLAG_SWITCH, "preview", false, "a preview even when one was issued", "已签发时也显示预览" },
	{ 0 },
};
/* clang-format on */

static enum ending run(struct client *c, struct args *args)
{
	const char *output = args_text(args, "output");
	char *kind = transport_escape(args->operands[1]);
	char *tail = text_format("/documents/%s.html", kind);
	char *path = client_case_path(args->operands[0], tail);
	json_t *query = must(json_object());
	if (json_object_get(args->body, "of") != NULL)
		json_object_set(query, "of", json_object_get(args->body, "of"));
	if (json_is_true(json_object_get(args->body, "preview")))
		json_object_set_new(query, "preview", json_string("true"));
	enum ending ending = output != NULL ? client_save(c, path, query, output)
					    : client_show(c, path, query);
	json_decref(query);
	free(path);
	free(tail);
	free(kind);
	return ending;
}

const struct command cmd_document = {
	.name = "document",
	.operands = "NUMBER KIND",
	.en = "a paper of a case, ready to print",
	.zh = "案件文书（可打印）",
	.flags = flags,
	.least = 2,
	.most = 2,
	.run = run,
};
