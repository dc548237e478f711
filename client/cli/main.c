/* SPDX-License-Identifier: MulanPSL-2.0 */
/* ogi: the command-line client of ogid. main.c finds the command, reads its arguments and runs
 * it. */
#include "cli/command.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static bool wants_help(int count, char **words)
{
	for (int i = 0; i < count && strcmp(words[i], "--") != 0; i++)
		if (strcmp(words[i], "--help") == 0 || strcmp(words[i], "-h") == 0)
			return true;
	return false;
}

/* Arguments become JSON, and JSON is UTF-8. */
static enum ending check_bytes(struct client *c, int count, char **words)
{
	for (int i = 0; i < count; i++)
		if (!text_is_utf8(words[i], strlen(words[i])))
			return client_misused(c,
				pick(c->screen.language, "argument %d is not UTF-8: %s",
					"第 %d 个参数不是 UTF-8：%s"),
				i + 1, words[i]);
	return DONE;
}

static enum ending help(struct client *c, int count, char **words)
{
	const struct command *about = count > 0 ? command_find(words[0]) : NULL;
	if (count > 0 && about == NULL)
		return client_misused(c,
			pick(c->screen.language, "%s: no such command", "%s：没有这个命令"),
			words[0]);
	command_help(&c->screen, about);
	return DONE;
}

static enum ending run(struct client *c, int count, char **words)
{
	struct args args = { 0 };

	if (check_bytes(c, count, words) != DONE)
		return MISUSED;
	if (count <= 0) {
		complain("%s", pick(c->screen.language, "which command? see: ogi help",
				       "请输入命令，见：ogi help"));
		return MISUSED;
	}
	if (strcmp(words[0], "--version") == 0) {
		printf("ogi %s\n", OGID_VERSION);
		return DONE;
	}
	if (strcmp(words[0], "help") == 0)
		return help(c, count - 1, words + 1);
	if (strcmp(words[0], "--help") == 0 || strcmp(words[0], "-h") == 0)
		return help(c, 0, NULL);
	const struct command *command = command_find(words[0]);
	if (command == NULL)
		return help(c, 1, words);
	if (wants_help(count - 1, words + 1))
		return help(c, 1, words);
	c->command = command;
	enum ending ending = args_read(c, count - 1, words + 1, &args);
	if (ending == DONE)
		ending = command->run(c, &args);
	args_clear(&args);
	return ending;
}

int main(int argc, char **argv)
{
	struct client c;

	client_open(&c);
	enum ending ending = run(&c, argc - 1, argv + 1);
	client_close(&c);
	if (fflush(stdout) != 0 || ferror(stdout)) {
		complain("stdout: %s", strerror(errno));
		if (ending == DONE)
			ending = REFUSED;
	}
	return (int)ending;
}
