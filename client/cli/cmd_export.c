/* SPDX-License-Identifier: MulanPSL-2.0 */
/* ogi export: the ledger as JSON lines, as import takes them. */
#include "cli/command.h"

/* clang-format off */
static const struct flag flags[] = {
	{ "output", FLAG_TEXT, NULL, false, "write FILE instead of standard output", "写入文件（缺省为标准输出）" },
	{ "org", FLAG_TEXT, NULL, false, "of this organisation", "指定机构" },
	{ "rollup", FLAG_SWITCH, NULL, false, "with the organisations below it", "含下级机关" },
	{ 0 },
};
/* clang-format on */

static enum ending run(struct client *c, struct args *args)
{
	static const char path[] = "/v1/exports";
	const char *output = args_text(args, "output"), *org = args_text(args, "org");
	json_t *query = must(json_object());
	json_object_set_new(query, "format", json_string("ndjson"));
	if (org != NULL)
		json_object_set_new(query, "org", json_string(org));
	if (args_switch(args, "rollup"))
		json_object_set_new(query, "rollup", json_string("true"));
	enum ending ending = output != NULL ? client_save(c, path, query, output)
					    : client_show(c, path, query);
	json_decref(query);
	return ending;
}

const struct command cmd_export = {
	.name = "export",
	.operands = "",
	.en = "the ledger as JSON lines",
	.zh = "导出台账",
	.flags = flags,
	.least = 0,
	.most = 0,
	.run = run,
};
