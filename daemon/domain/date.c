/* SPDX-License-Identifier: MulanPSL-2.0 */
/* domain/date: civil dates on day numbers, after the proleptic Gregorian calendar. */
#include "domain/date.h"

enum { FIRST_YEAR = 1900, LAST_YEAR = 2199, DAYS_IN_400_YEARS = 146097 };

static bool is_leap(int year)
{
	return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

static int days_in_month(int year, int month)
{
	static const unsigned char days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	return days[month - 1] + (month == 2 && is_leap(year));
}

/* The year is counted from March, so that the leap day is its last day. */
struct ogi_date ogi_date_of(int year, int month, int day)
{
	if (year < FIRST_YEAR || year > LAST_YEAR || month < 1 || month > 12 || day < 1 ||
		day > days_in_month(year, month))
		return (struct ogi_date){ 0 };
	int y = month > 2 ? year : year - 1;
	int m = month > 2 ? month - 3 : month + 9;
	/* 0000-03-01 is the day -305 */
	return (struct ogi_date){ y * 365 + y / 4 - y / 100 + y / 400 + (153 * m + 2) / 5 +
				  day - 306 };
}

void ogi_date_split(struct ogi_date date, int *ret_year, int *ret_month, int *ret_day)
{
	int64_t n = (int64_t)date.day + 305; /* days since 0000-03-01 */
	int64_t era = (n >= 0 ? n : n - (DAYS_IN_400_YEARS - 1)) / DAYS_IN_400_YEARS;
	int in_era = (int)(n - era * DAYS_IN_400_YEARS);
	int y = (in_era - in_era / 1460 + in_era / 36524 - in_era / 146096) / 365;
	int in_year = in_era - (365 * y + y / 4 - y / 100);
	int m = (5 * in_year + 2) / 153;
	*ret_day = in_year - (153 * m + 2) / 5 + 1;
	*ret_month = m < 10 ? m + 3 : m - 9;
	*ret_year = (int)(era * 400) + y + (*ret_month <= 2);
}

int ogi_date_year(struct ogi_date date)
{
	int year, month, day;
	ogi_date_split(date, &year, &month, &day);
	return year;
}

int ogi_weekday(struct ogi_date date)
{
	int r = (date.day - 1) % 7; /* 0001-01-01 is a Monday */
	return (r < 0 ? r + 7 : r) + 1;
}

struct ogi_date ogi_date_add(struct ogi_date date, int days)
{
	return (struct ogi_date){ ogi_is_date(date) ? date.day + days : 0 };
}

struct ogi_date ogi_date_add_months(struct ogi_date date, int months)
{
	if (!ogi_is_date(date))
		return date;
	int year, month, day;
	ogi_date_split(date, &year, &month, &day);
	int m = year * 12 + month - 1 + months;
	if (m < FIRST_YEAR * 12 || m >= (LAST_YEAR + 1) * 12)
		return (struct ogi_date){ 0 };
	year = m / 12;
	month = m % 12 + 1;
	int last = days_in_month(year, month);
	return ogi_date_of(year, month, day < last ? day : last);
}
