/* SPDX-License-Identifier: MulanPSL-2.0 */
/* cli/problem: what went wrong between the server and us, said on standard error. */
#ifndef OGI_CLI_PROBLEM_H
#define OGI_CLI_PROBLEM_H

#include "cli/client.h"

/*
 * Prints an answer that is not DONE: title, detail and code of the problem, each fault of a
 * body with the flag that sets it, what is possible now (409), who may (403), and what to do
 * next.
 */
void problem_print(struct client *c, enum ending ending, const struct answer *a);

/* Prints the warnings a case carries. */
void problem_print_warnings(struct client *c, const json_t *ogi_case);

#endif
