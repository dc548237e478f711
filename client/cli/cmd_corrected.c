/* SPDX-License-Identifier: MulanPSL-2.0 */
/* ogi corrected: records the applicant's correction. */
#include "cli/event.h"

const struct command cmd_corrected = {
	.name = "corrected",
	.operands = "NUMBER",
	.en = "record that the correction came",
	.zh = "登记补正材料",
	.also = event_flags,
	.least = 1,
	.most = 1,
	.event = "correction_received",
	.run = event_run,
};
