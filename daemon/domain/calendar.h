/* SPDX-License-Identifier: MulanPSL-2.0 */
/*
 * domain/calendar: working days of mainland China (D:deadlines §3). A day outside the loaded
 * years is unknown, never an ordinary day: counting goes on by weekdays there and says
 * `provisional`. Pure: the memory is the caller's.
 */
#ifndef OGID_DOMAIN_CALENDAR_H
#define OGID_DOMAIN_CALENDAR_H

#include "domain/date.h"

enum ogi_day_kind {
	OGI_DAY_UNKNOWN = 0,
	OGI_DAY_WORKDAY, /* Monday to Friday, no holiday */
	OGI_DAY_MAKEUP,  /* Saturday or Sunday worked by notice */
	OGI_DAY_WEEKEND,
	OGI_DAY_HOLIDAY, /* off by notice, weekday or weekend */
};
/* "unknown", "workday", "makeup_workday", "weekend", "holiday" */
extern const struct code ogi_day_kinds[];

/* One ruled day, as in cn-workdays.csv. */
struct ogi_calendar_row {
	struct ogi_date date;
	bool holiday; /* else a weekend day worked */
};

struct ogi_calendar {
	/* 1 January of the first loaded year .. 31 December of the last */
	struct ogi_date first, last;
	int64_t version; /* of the data, kept with each event */
	/* inside, one entry a day from `first`: */
	const unsigned char *kind;
	const int32_t *working; /* working days in (first - 1, day] */
	const int32_t *nth;     /* day number of the n-th working day (n from 1) */
	int32_t working_days;
};

/* Bytes that ogi_calendar_build needs for the years; 0 when the years are senseless. */
size_t ogi_calendar_bytes(int first_year, int last_year);
/*
 * Builds the calendar in `memory` (malloc-aligned, of ogi_calendar_bytes). Rows in any order;
 * rows outside the years, a second row for a date, a make-up row on a weekday: false, *ret_bad
 * is the index of the row (-1: the years are senseless). Every year from first to last must be
 * covered by notices: the caller says which are loaded.
 */
bool ogi_calendar_build(struct ogi_calendar *cal, void *memory, int first_year, int last_year,
	const struct ogi_calendar_row *rows, int count, int64_t version, int *ret_bad);

enum ogi_day_kind ogi_day_kind(const struct ogi_calendar *cal, struct ogi_date date);
/* Working day; beyond the data by weekday, then *provisional is set (never cleared; may be
 * NULL). */
bool ogi_is_working(const struct ogi_calendar *cal, struct ogi_date date, bool *provisional);
/* Working days d with from < d <= to; 0 when to <= from or there is no `from`. O(1). */
int ogi_working_between(const struct ogi_calendar *cal, struct ogi_date from,
	struct ogi_date to, bool *provisional);
/* The n-th working day after `from` (n >= 1), O(1); no date when there is no `from`. */
struct ogi_date ogi_working_after(
	const struct ogi_calendar *cal, struct ogi_date from, int n, bool *provisional);
/* First working day >= date: natural-day periods roll forward (D:deadlines §11). */
struct ogi_date ogi_roll_forward(
	const struct ogi_calendar *cal, struct ogi_date date, bool *provisional);

#endif
