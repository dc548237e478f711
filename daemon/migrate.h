/* SPDX-License-Identifier: MulanPSL-2.0 */
/*
 * migrate: brings the database to the schema this program knows, forward only, and refuses to
 * serve on any other. Owns the tables schema_migration (what was applied, with its checksum)
 * and schema (one row: the version, and the oldest program that can still serve on it).
 *
 * A migration is a file NNNN_name.sql, numbered from 0001 without gaps, run as one transaction
 * by the owner role. Before it runs, current_setting('ogid.application_role') names the role it
 * grants to. It may hold no BEGIN or COMMIT. One that breaks older programs says so itself:
 *   UPDATE schema SET min_program = 7;   -- programs that know only 6 may not serve any more
 * so that old processes go on serving while new ones start (expand first, contract a release
 * later).
 */
#ifndef OGID_MIGRATE_H
#define OGID_MIGRATE_H

#include "config.h"

/* The schema this program was written for: the number of the newest file in migrations/ (a test
 * compares the two). */
enum { MIGRATE_SCHEMA_VERSION = 19 };

/*
 * Applies what is missing and tells it on out, one line a file. directory: where the files are;
 * NULL = $OGID_MIGRATIONS, else the installed folder. Connects with owner_database; two that
 * run at once take turns. Returns 0, or 1 when something was refused or failed: a checksum that
 * changed (the file is named), a number missing or doubled, a database newer than the folder,
 * an error of PostgreSQL ("file:line: message"). What was applied before stays applied; the
 * file that failed leaves nothing.
 */
int migrate_run(const struct config *config, const char *directory, FILE *out);

/* True when this program may serve on the database. Otherwise one sentence on err, also when
 * the database does not answer. */
bool migrate_check(const char *conninfo, FILE *err);

#endif
