/* SPDX-License-Identifier: MulanPSL-2.0 */
/* ogi withdraw: records that the applicant withdrew the request. */
#include "cli/event.h"

const struct command cmd_withdraw = {
	.name = "withdraw",
	.operands = "NUMBER",
	.en = "record that the applicant withdrew",
	.zh = "登记申请人撤回",
	.also = event_flags,
	.least = 1,
	.most = 1,
	.event = "withdrawn",
	.run = event_run,
};
