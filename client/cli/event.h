/* SPDX-License-Identifier: MulanPSL-2.0 */
/* cli/event: recording an event on a case, which most commands do and nothing else. */
#ifndef OGI_CLI_EVENT_H
#define OGI_CLI_EVENT_H

#include "cli/command.h"

/*
 * POST /v1/cases/{number}/events with the fields of `body` (borrowed, may be NULL) and the
 * kind, under an Idempotency-Key of its own. *ret is the case after it; answer_clear() it
 * always.
 */
enum ending event_post(struct client *c, const char *number, const char *kind, json_t *body,
	bool dry_run, struct answer *ret);

/* Prints the case after a command that changed it: as it came with --json, else its summary and
 * warnings. */
void event_report(struct client *c, const struct args *args, const struct answer *a);

/* The whole of a command whose `event` is set: the first operand names the case, flags are the
 * fields. */
enum ending event_run(struct client *c, struct args *args);

#endif
