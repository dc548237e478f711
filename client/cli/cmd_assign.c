/* SPDX-License-Identifier: MulanPSL-2.0 */
/* ogi assign: gives a case to a handler. */
#include "cli/event.h"

/* clang-format off */
static const struct flag flags[] = {
	{ "to", FLAG_TEXT, "to", true, NULL, NULL },
	{ 0 },
};
/* clang-format on */

const struct command cmd_assign = {
	.name = "assign",
	.operands = "NUMBER",
	.en = "give the case to a handler",
	.zh = "交办",
	.flags = flags,
	.also = event_flags,
	.least = 1,
	.most = 1,
	.event = "assigned",
	.run = event_run,
};
