/* SPDX-License-Identifier: MulanPSL-2.0 */
/* ogi attach: sends files to a case, one after the other; each is stored whole or not at all.
 */
#include "cli/command.h"
#include "cli/files.h"
#include "cli/table.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* clang-format off */
static const struct flag flags[] = {
	{ "json", FLAG_SWITCH, NULL, false, "print the answers as JSON", "输出 JSON" },
	{ 0 },
};
/* clang-format on */

static enum ending send_one(struct client *c, const char *number, const char *name, FILE *file,
	long long size, struct answer *ret)
{
	const char *slash = strrchr(name, '/');
	char *path = client_case_path(number, "/attachments");
	json_t *query = must(json_object());
	json_object_set_new(query, "name", must(json_string(slash != NULL ? slash + 1 : name)));
	struct request r = { .method = "POST",
		.path = path,
		.query = query,
		.keyed = true,
		.file = file,
		.file_size = size,
		.progress = isatty(STDERR_FILENO) ? name : NULL };
	enum ending ending = client_ask(c, &r, ret);
	json_decref(query);
	free(path);
	return ending;
}

static enum ending send_all(
	struct client *c, struct args *args, FILE **files, const long long *sizes)
{
	bool as_json = args_switch(args, "json");
	struct table *t = files_table(c);
	enum ending ending = DONE;
	for (size_t i = 1; i < args->count && ending == DONE; i++) {
		struct answer answer;
		ending = send_one(
			c, args->operands[0], args->operands[i], files[i], sizes[i], &answer);
		if (ending == DONE && as_json)
			print_json(&c->screen, answer.text);
		else if (ending == DONE)
			files_line(t, answer.json);
		answer_clear(&answer);
	}
	table_print(t);
	table_free(t);
	return ending;
}

static enum ending run(struct client *c, struct args *args)
{
	FILE **files = must(calloc(args->count, sizeof(FILE *)));
	long long *sizes = must(calloc(args->count, sizeof *sizes));
	enum ending ending = DONE;
	/* all of them are there before the first is sent */
	for (size_t i = 1; i < args->count && ending == DONE; i++)
		ending = files_open(c, args->operands[i], &files[i], &sizes[i]);
	if (ending == DONE)
		ending = send_all(c, args, files, sizes);
	for (size_t i = 1; i < args->count; i++)
		if (files[i] != NULL)
			fclose(files[i]);
	free(files);
	free(sizes);
	return ending;
}

const struct command cmd_attach = {
	.name = "attach",
	.operands = "NUMBER FILE ...",
	.en = "attach files to the case",
	.zh = "添加附件",
	.flags = flags,
	.least = 2,
	.most = 100,
	.run = run,
};
