/* SPDX-License-Identifier: MulanPSL-2.0 */
/*
 * commands: what the operator does on the machine itself: organisations, people, calendar. Each
 * writes through the same statements as the API, with an audit entry by "system". 0 done (also
 * when it was done before), 1 refused or failed, with a sentence on stderr, 2 misused (the
 * caller prints the usage). argv begins after the command's name.
 */
#ifndef OGID_COMMANDS_H
#define OGID_COMMANDS_H

#include "base/mac.h"
#include "config.h"

/* add CODE NAME [--parent CODE] [--number-format F] | list */
int command_org(const struct config *config, struct keys *keys, int argc, char **argv);
/* add LOGIN --name NAME --org CODE --role R[,R…] --password-stdin | list | password LOGIN
 * --password-stdin | unlock LOGIN */
int command_user(const struct config *config, struct keys *keys, int argc, char **argv);
/* import FILE [--org CODE] [--dry-run] | load FILE | show YEAR */
int command_calendar(const struct config *config, struct keys *keys, int argc, char **argv);

#endif
