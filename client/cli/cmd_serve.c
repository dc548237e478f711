/* SPDX-License-Identifier: MulanPSL-2.0 */
/* ogi serve: records that the reply was served. */
#include "cli/event.h"

/* clang-format off */
static const struct flag flags[] = {
	{ "by", FLAG_TEXT, "by", true, NULL, NULL },
	{ "tracking-no", FLAG_TEXT, "tracking_no", false, NULL, NULL },
	{ 0 },
};
/* clang-format on */

const struct command cmd_serve = {
	.name = "serve",
	.operands = "NUMBER",
	.en = "record that the reply was served",
	.zh = "登记答复送达",
	.flags = flags,
	.also = event_flags,
	.least = 1,
	.most = 1,
	.event = "served",
	.run = event_run,
};
