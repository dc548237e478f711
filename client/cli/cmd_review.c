/* SPDX-License-Identifier: MulanPSL-2.0 */
/* ogi review: records the review for secrecy and legality. */
#include "cli/event.h"

/* clang-format off */
static const struct flag flags[] = {
	{ "decision", FLAG_TEXT, "decision", true, NULL, NULL },
	{ 0 },
};
/* clang-format on */

const struct command cmd_review = {
	.name = "review",
	.operands = "NUMBER",
	.en = "record the review before disclosure",
	.zh = "登记保密及合法性审查",
	.flags = flags,
	.also = event_flags,
	.least = 1,
	.most = 1,
	.event = "reviewed",
	.run = event_run,
};
