/* SPDX-License-Identifier: MulanPSL-2.0 */
/* ogi extend: extends the time limit (Art. 33). */
#include "cli/event.h"

/* clang-format off */
static const struct flag flags[] = {
	{ "workdays", FLAG_WHOLE, "workdays", true, NULL, NULL },
	{ "approved-by", FLAG_TEXT, "approved_by", false, NULL, NULL },
	{ "approved-on", FLAG_TEXT, "approved_on", false, NULL, NULL },
	{ "notified-on", FLAG_TEXT, "notified_on", false, NULL, NULL },
	{ 0 },
};
/* clang-format on */

const struct command cmd_extend = {
	.name = "extend",
	.operands = "NUMBER",
	.en = "extend the time limit",
	.zh = "延长答复期限",
	.flags = flags,
	.also = event_flags,
	.least = 1,
	.most = 1,
	.event = "extended",
	.run = event_run,
};
