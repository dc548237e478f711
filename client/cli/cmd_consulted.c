/* SPDX-License-Identifier: MulanPSL-2.0 */
/* ogi consulted: records the opinion of the one who was asked. */
#include "cli/event.h"

/* clang-format off */
static const struct flag flags[] = {
	{ "opinion", FLAG_TEXT, "opinion", true, NULL, NULL },
	{ "reason", FLAG_FILE, "reason", false, NULL, NULL },
	{ "consultation", FLAG_WHOLE, "consultation", false, NULL, NULL },
	{ 0 },
};
/* clang-format on */

const struct command cmd_consulted = {
	.name = "consulted",
	.operands = "NUMBER",
	.en = "record the opinion of the one asked",
	.zh = "登记征求意见结果",
	.flags = flags,
	.also = event_flags,
	.least = 1,
	.most = 1,
	.event = "consultation_closed",
	.run = event_run,
};
