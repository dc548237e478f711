/* SPDX-License-Identifier: MulanPSL-2.0 */
/*
 * domain/date: civil dates of China Standard Time. The type is in base/text: a day number,
 * 0 = no date.
 */
#ifndef OGID_DOMAIN_DATE_H
#define OGID_DOMAIN_DATE_H

#include "base/text.h"

/* No date when there is no such day (month 13, 30 February) or the year is not 1900..2199. */
struct ogi_date ogi_date_of(int year, int month, int day);
void ogi_date_split(struct ogi_date date, int *ret_year, int *ret_month, int *ret_day);
int ogi_date_year(struct ogi_date date);
int ogi_weekday(struct ogi_date date); /* 1 Monday .. 7 Sunday */
/* `days` later, negative: earlier; no date stays no date. */
struct ogi_date ogi_date_add(struct ogi_date date, int days);
/* Same day number `months` later, or the last day of that month (D:deadlines §11). No date when
 * that year is not 1900..2199. */
struct ogi_date ogi_date_add_months(struct ogi_date date, int months);

static inline bool ogi_is_date(struct ogi_date date)
{
	return date.day != 0;
}
static inline bool ogi_before(struct ogi_date a, struct ogi_date b)
{
	return a.day < b.day;
}
static inline struct ogi_date ogi_earlier(struct ogi_date a, struct ogi_date b)
{
	return a.day < b.day ? a : b;
}
static inline struct ogi_date ogi_later(struct ogi_date a, struct ogi_date b)
{
	return a.day > b.day ? a : b;
}

#endif
