/* SPDX-License-Identifier: MulanPSL-2.0 */
/*
 * cli/ask: questions on the terminal (libedit). Asked on standard error, answered on standard
 * input: standard output stays the answer of the command.
 */
#ifndef OGI_CLI_ASK_H
#define OGI_CLI_ASK_H

#include "cli/text.h"

/* Whether somebody is there to ask: standard input and standard error are terminals. */
bool ask_possible(void);

/* The line typed, without spaces around it; NULL at the end of input or when it is not UTF-8.
 * free() it. */
char *ask_line(const char *prompt);

/* The same without showing what is typed. Terminal and signals are as before when it returns.
 */
char *ask_hidden(const char *prompt);

#endif
