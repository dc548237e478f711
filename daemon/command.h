/* SPDX-License-Identifier: MulanPSL-2.0 */
/* command: what the commands of commands.h share: their words and options, and the errand each
 * runs in. */
#ifndef OGID_COMMAND_H
#define OGID_COMMAND_H

#include "errand.h"

enum { DONE, FAILED, MISUSED };

/* An option of a command: with a value, or a flag (set to its name). Lists end with a row whose
 * name is NULL. */
struct command_option {
	const char *name;
	bool flag;
	const char **value;
};
/* Takes options out of argv and leaves the `words` others in word[]; false when they do not
 * fit. */
bool command_args(int argc, char **argv, const struct command_option *options, int words,
	const char **word);
/* A sentence on stderr; FAILED. */
int command_refuse(const char *what, const char *which);

/* The second word of a command line. */
struct command_deed {
	const char *name;
	int (*run)(struct errand *e, int argc, char **argv);
};
/* Runs the deed argv[0] names, in an errand of its own. */
int command_run(const struct command_deed *deeds, const struct config *config,
	struct keys *keys, int argc, char **argv);

#endif
