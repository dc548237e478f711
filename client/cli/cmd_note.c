/* SPDX-License-Identifier: MulanPSL-2.0 */
/* ogi note: writes a note on a case. */
#include "cli/event.h"

static enum ending run(struct client *c, struct args *args)
{
	json_object_set_new(args->body, "note", must(json_string(args->operands[1])));
	return event_run(c, args);
}

const struct command cmd_note = {
	.name = "note",
	.operands = "NUMBER TEXT",
	.en = "write a note on the case",
	.zh = "添加备注",
	.also = event_flags,
	.least = 2,
	.most = 2,
	.event = "noted",
	.run = run,
};
