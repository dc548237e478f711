/* SPDX-License-Identifier: MulanPSL-2.0 */
/* ogi correct: asks the applicant for a correction (Art. 30). */
#include "cli/event.h"

/* clang-format off */
static const struct flag flags[] = {
	{ "item", FLAG_LIST, "items", true, NULL, NULL },
	{ "approved-by", FLAG_TEXT, "approved_by", false, NULL, NULL },
	{ "due-on", FLAG_TEXT, "due_on", false, NULL, NULL },
	{ 0 },
};
/* clang-format on */

const struct command cmd_correct = {
	.name = "correct",
	.operands = "NUMBER",
	.en = "ask the applicant for a correction",
	.zh = "告知申请人补正",
	.flags = flags,
	.also = event_flags,
	.least = 1,
	.most = 1,
	.event = "correction_requested",
	.run = event_run,
};
