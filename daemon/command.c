/* SPDX-License-Identifier: MulanPSL-2.0 */
/* command: words, options, errands. */
#include "command.h"

#include <stdio.h>
#include <string.h>

bool command_args(int argc, char **argv, const struct command_option *options, int words,
	const char **word)
{
	int n = 0;
	for (int i = 0; i < argc; i++) {
		if (strncmp(argv[i], "--", 2) != 0) {
			if (n == words)
				return false;
			word[n++] = argv[i];
			continue;
		}
		const struct command_option *o = options;
		while (o->name != NULL && strcmp(o->name, argv[i] + 2) != 0)
			o++;
		if (o->name == NULL || *o->value != NULL || (!o->flag && i + 1 == argc))
			return false;
		*o->value = o->flag ? o->name : argv[++i];
	}
	return n == words;
}

int command_refuse(const char *what, const char *which)
{
	fprintf(stderr, "ogid: %s: %s\n", what, which);
	return FAILED;
}

int command_run(const struct command_deed *deeds, const struct config *config,
	struct keys *keys, int argc, char **argv)
{
	if (argc == 0)
		return MISUSED;
	while (deeds->name != NULL && strcmp(deeds->name, argv[0]) != 0)
		deeds++;
	if (deeds->name == NULL)
		return MISUSED;
	struct errand e;
	int status =
		errand_open(&e, config, keys) ? deeds->run(&e, argc - 1, argv + 1) : FAILED;
	errand_close(&e);
	return status;
}
