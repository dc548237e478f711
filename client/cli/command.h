/* SPDX-License-Identifier: MulanPSL-2.0 */
/*
 * cli/command: what a command is, and how its arguments are read. A command is one file
 * cmd_<verb>.c with one const struct, gathered in commands.c. Flags are rows: where their value
 * goes in the body of the request is a column, so that reading them and naming the faults of an
 * answer is one table.
 */
#ifndef OGI_CLI_COMMAND_H
#define OGI_CLI_COMMAND_H

#include "cli/client.h"

enum flag_type {
	FLAG_TEXT,   /* a string */
	FLAG_FILE,   /* a string, or @FILE: the text of a file; @@ begins a string with @ */
	FLAG_WHOLE,  /* a whole number */
	FLAG_LIST,   /* strings; each use adds one to an array */
	FLAG_SWITCH, /* no value: true */
	FLAG_FIELD,  /* NAME=VALUE sets any field; VALUE is JSON when it parses as JSON */
};

struct flag {
	const char *name; /* without dashes; NULL ends a table */
	enum flag_type type;
	const char
		*field; /* dotted name in the body; NULL: steers the client, see args_switch */
	bool required;  /* must be given, by itself or through --field */
	const char *en, *zh; /* for the help; NULL: the label of the field */
};

/* What was given. */
struct args {
	json_t *body;          /* object: what the flags with a field say */
	json_t *switches;      /* object: the other flags by name */
	const char **operands; /* borrowed from argv */
	size_t count;
};

struct command {
	const char *name;
	const char *operands;     /* as the usage line shows them: "NUMBER [TEXT]" */
	const char *en, *zh;      /* what it does */
	const struct flag *flags; /* its own; NULL: none */
	const struct flag *also;  /* shared table; NULL: none */
	size_t least, most;       /* operands */
	const char *event;        /* the kind of event it records; NULL: another command */
	enum ending (*run)(struct client *c, struct args *args);
};

/* Flags of every command that records an event. */
extern const struct flag event_flags[];

/* All commands in the order of the help; ends with NULL. */
extern const struct command *const commands[];

extern const struct command cmd_assign, cmd_attach, cmd_calendar, cmd_watch, cmd_consult,
	cmd_consulted, cmd_correct, cmd_corrected, cmd_deadline, cmd_decide, cmd_document,
	cmd_event, cmd_export, cmd_extend, cmd_import, cmd_list, cmd_login, cmd_logout,
	cmd_note, cmd_record, cmd_register, cmd_registers, cmd_reply, cmd_report, cmd_review,
	cmd_serve, cmd_show, cmd_similar, cmd_stats, cmd_whoami, cmd_why, cmd_withdraw;

/* The command of that name, NULL: none. */
const struct command *command_find(const char *name);

/* The flag of a command by its name, or by the field it sets; NULL: none. */
const struct flag *command_flag(const struct command *command, const char *name);
const struct flag *command_flag_of_field(const struct command *command, const char *dotted);

/*
 * Reads the words behind the command's name. MISUSED after saying why; DONE with *ret filled
 * (args_clear() it either way). Required flags are not looked at: see args_complete.
 */
enum ending args_read(struct client *c, int count, char **words, struct args *ret);

/* Whether every required flag has a value in the body; else says which one is missing: MISUSED.
 */
enum ending args_complete(struct client *c, const struct args *args);

/* NAME=VALUE: sets the field in the body, VALUE as JSON when it parses as JSON; MISUSED after
 * saying why. */
enum ending args_assign(struct client *c, const char *text, json_t *body);

/* A flag that steers the client: was it given, and its text (NULL: not given). */
bool args_switch(const struct args *args, const char *name);
const char *args_text(const struct args *args, const char *name);

/* The flags with a field as a query: what is true as "true". json_decref it. */
json_t *args_query(const struct args *args);

void args_clear(struct args *args);

/* Help on standard output: of one command, or of all (NULL). */
void command_help(const struct screen *screen, const struct command *command);

#endif
