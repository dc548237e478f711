/* SPDX-License-Identifier: MulanPSL-2.0 */
/* ogi decide: records the decision on a request. */
#include "cli/event.h"

/* clang-format off */
static const struct flag flags[] = {
	{ "outcome", FLAG_TEXT, "outcome", true, NULL, NULL },
	{ "variant", FLAG_TEXT, "variant", false, NULL, NULL },
	{ "label", FLAG_TEXT, "label", false, NULL, NULL },
	{ "reason", FLAG_FILE, "reason", false, NULL, NULL },
	{ "basis", FLAG_LIST, "basis", false, NULL, NULL },
	{ "outcome-form", FLAG_TEXT, "outcome_form", false, NULL, NULL },
	{ 0 },
};
/* clang-format on */

const struct command cmd_decide = {
	.name = "decide",
	.operands = "NUMBER",
	.en = "decide on the request",
	.zh = "作出决定",
	.flags = flags,
	.also = event_flags,
	.least = 1,
	.most = 1,
	.event = "decided",
	.run = event_run,
};
