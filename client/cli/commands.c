/* SPDX-License-Identifier: MulanPSL-2.0 */
/* cli/commands: the one list of all commands, in the order of the help. */
#include "cli/command.h"

const struct command *const commands[] = {
	&cmd_login,
	&cmd_logout,
	&cmd_whoami, /* who */
	&cmd_register,
	&cmd_list,
	&cmd_similar,
	&cmd_watch,
	&cmd_show,
	&cmd_why, /* the ledger */
	&cmd_assign,
	&cmd_correct,
	&cmd_corrected,
	&cmd_consult,
	&cmd_consulted,
	&cmd_extend,
	&cmd_review,
	&cmd_decide,
	&cmd_serve,
	&cmd_reply,
	&cmd_withdraw,
	&cmd_note,
	&cmd_attach,
	&cmd_document,
	&cmd_event, /* a case */
	&cmd_import,
	&cmd_export, /* many of them */
	&cmd_deadline,
	&cmd_calendar,
	&cmd_stats,
	&cmd_report, /* figures */
	&cmd_registers,
	&cmd_record, /* what figures count beside cases */
	NULL,
};
