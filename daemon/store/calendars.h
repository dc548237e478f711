/* SPDX-License-Identifier: MulanPSL-2.0 */
/*
 * store/calendars: the calendars in memory: the national one, and one for each organisation
 * that has local days; what is ruled closest to a case counts. Immutable; part of the snapshot
 * (store/directory), or of a preview with a notice put in.
 */
#ifndef OGID_STORE_CALENDARS_H
#define OGID_STORE_CALENDARS_H

#include "base/arena.h"
#include "domain/notice.h"

struct directory;

struct directory_day { /* ruled by a notice */
	struct ogi_date date;
	bool holiday; /* else a Saturday or Sunday worked */
	const char *name, *notice;
	int32_t org; /* whose local day; 0: the whole country */
};

/* What the tables hold; borrowed. */
struct calendar_facts {
	const struct directory_day *day; /* national, in order of date */
	int days;
	const struct directory_day *local; /* in order of organisation, then date */
	int locals;
	const int *year; /* loaded ones, in order */
	int years;
	int64_t version;
};

struct calendars;
/* Never fails: years with a gap before the newest run of years are left out. The tree is the
 * directory's, whose organisations must be there already. */
struct calendars *calendars_build(
	struct arena *a, const struct calendar_facts *facts, const struct directory *d);
/* The same with a notice put in, of the organisation or (0) the whole country, as its import
 * would. */
struct calendars *calendars_with(struct arena *a, const struct calendars *now,
	const struct ogi_notice *notice, int32_t org, const struct directory *d);

/* The calendar of an organisation; 0: the national one. */
const struct ogi_calendar *calendars_of(
	const struct calendars *c, const struct directory *d, int32_t org);
/* What rules on the day there, or NULL: its weekday does. */
const struct directory_day *calendars_day(const struct calendars *c, const struct directory *d,
	int32_t org, struct ogi_date date);
bool calendars_year(const struct calendars *c, int year);
/* First and last year of the run that is counted on; 0 when none is loaded. */
void calendars_years(const struct calendars *c, int *ret_first, int *ret_last);

/* The span of days on which two sets differ for any organisation, or that one of them does not
 * know; no dates when they are the same. */
void calendars_differ(const struct calendars *x, const struct calendars *y,
	struct ogi_date *ret_first, struct ogi_date *ret_last);

#endif
