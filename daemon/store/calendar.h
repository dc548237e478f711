/* SPDX-License-Identifier: MulanPSL-2.0 */
/*
 * store/calendar: the working-day calendar as a file (date,kind,name,notice) and as tables. A
 * file rules every year from its first to its last date; what was loaded for those years before
 * is replaced.
 */
#ifndef OGID_STORE_CALENDAR_H
#define OGID_STORE_CALENDAR_H

#include "store/audit.h"
#include "store/directory.h"

#include <stdio.h>

struct calendar_file {
	const struct directory_day *day; /* in order of date */
	int days;
	int first_year, last_year;
};
/* Reads and checks a file: header, dates that exist, in order, each once, working weekends
 * only, no year without a row. Every fault is written to err as "name:line: message"; false
 * then. Memory in the arena. */
bool calendar_parse(struct arena *a, FILE *file, const char *name, FILE *err,
	struct calendar_file *ret_file);

/* True when the directory says the same for all years of the file. */
bool calendar_same(const struct directory *d, const struct calendar_file *file);
/* Replaces the years of the file: a new version; gated by its audit entry, tells
 * ogid_reference. */
const struct rows *calendar_ask_load(struct arena *a, struct batch *writes,
	const struct audit_mark *gate, const struct calendar_file *file, const char *source,
	int64_t now);

/*
 * Puts a notice into force, day by day: what was ruled on these days at its level before is
 * replaced; a new version; gated and told likewise. Checked before (ogi_notice_check). `org` 0:
 * the whole country. `title` names it in calendar_load.
 */
const struct rows *calendar_ask_notice(struct arena *a, struct batch *writes,
	const struct audit_mark *gate, const struct ogi_notice *notice, const char *title,
	int32_t org, int64_t now);

extern const struct stmt calendar_unrule, calendar_open, calendar_local_unrule,
	calendar_local_fill;

#endif
