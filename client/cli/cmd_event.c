/* SPDX-License-Identifier: MulanPSL-2.0 */
/* ogi event: records any event, its fields as NAME=VALUE. */
#include "cli/event.h"

#include "cli/field.h"

#include <stdint.h>

static enum ending run(struct client *c, struct args *args)
{
	struct answer answer = { 0 };
	enum ending ending = DONE;

	for (size_t i = 2; i < args->count && ending == DONE; i++)
		ending = args_assign(c, args->operands[i], args->body);
	if (ending == DONE)
		ending = event_post(c, args->operands[0], args->operands[1], args->body,
			args_switch(args, "dry-run"), &answer);
	if (ending == DONE)
		event_report(c, args, &answer);
	answer_clear(&answer);
	return ending;
}

const struct command cmd_event = {
	.name = "event",
	.operands = "NUMBER KIND [FIELD=VALUE …]",
	.en = "record any event",
	.zh = "记录任意事件",
	.also = event_flags,
	.least = 2,
	.most = SIZE_MAX,
	.run = run,
};
