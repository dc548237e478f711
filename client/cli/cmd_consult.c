/* SPDX-License-Identifier: MulanPSL-2.0 */
/* ogi consult: asks a third party or another agency (Art. 32, 34). */
#include "cli/event.h"

/* clang-format off */
static const struct flag flags[] = {
	{ "party", FLAG_TEXT, "party", true, NULL, NULL },
	{ "name", FLAG_TEXT, "name", true, NULL, NULL },
	{ "received-on", FLAG_TEXT, "received_on", false, NULL, NULL },
	{ "consultation", FLAG_WHOLE, "consultation", false, NULL, NULL },
	{ 0 },
};
/* clang-format on */

const struct command cmd_consult = {
	.name = "consult",
	.operands = "NUMBER",
	.en = "ask a third party or another agency",
	.zh = "征求第三方或其他机关意见",
	.flags = flags,
	.also = event_flags,
	.least = 1,
	.most = 1,
	.event = "consultation_opened",
	.run = event_run,
};
