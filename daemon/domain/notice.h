/* SPDX-License-Identifier: MulanPSL-2.0 */
/*
 * domain/notice: what a notice about working days may say (D:deadlines §3): days off, Saturdays
 * and Sundays worked, and days whose earlier ruling falls away. By date, never by year: a
 * notice may touch the December before. Pure.
 */
#ifndef OGID_DOMAIN_NOTICE_H
#define OGID_DOMAIN_NOTICE_H

#include "domain/calendar.h"

enum ogi_ruling {
	OGI_RULING_NONE,
	OGI_RULING_HOLIDAY,
	OGI_RULING_WORKDAY,  /* 调休上班: a Saturday or Sunday */
	OGI_RULING_ORDINARY, /* the earlier ruling of this level falls away */
};
/* "", "holiday", "workday", "ordinary" */
extern const struct code ogi_rulings[];

struct ogi_notice_day {
	struct ogi_date date;
	int32_t kind; /* enum ogi_ruling, 0 when not given */
	const char *name;
	const char *notice; /* its document number */
};
struct ogi_notice {
	const struct ogi_notice_day *day; /* in any order */
	int days;
	bool local; /* of one organisation: opens no year */
};

/* One thing wrong with day `index`; `field` of it, "date" or "kind". */
struct ogi_notice_fault {
	int index;
	const char *field, *code, *zh, *en;
};
/*
 * Everything wrong with a notice whose days each have a date and a kind (others are passed
 * over): a date twice, a workday from Monday to Friday, a national day that would leave a year
 * without arrangement between it and the loaded years first_year..last_year (0: none is
 * loaded). At most `most` are written; the number of all is returned.
 */
int ogi_notice_check(const struct ogi_notice *notice, int first_year, int last_year,
	struct ogi_notice_fault *ret_faults, int most);

/* What deserves a second look though it is allowed, on the calendar with the notice in it. */
enum ogi_notice_doubt {
	OGI_DOUBT_FAR_WORKDAY = 1u << 0, /* a workday with no holiday within 14 days */
	OGI_DOUBT_LONG_REST = 1u << 1,   /* more than 11 days off in a row */
	OGI_DOUBT_YEAR = 1u << 2, /* a year of fewer than 245 or more than 255 workdays */
};
unsigned ogi_notice_doubts(const struct ogi_notice *notice, const struct ogi_calendar *with);
/* In the order of the bits; ends with a row whose code is NULL. */
extern const struct code ogi_notice_doubt_texts[];

#endif
