/* SPDX-License-Identifier: MulanPSL-2.0 */
/*
 * domain/calendar: working days by prefix sums. C(d) = working days in (first - 1, d], carried
 * on by plain weekdays before and behind the data, so every question is two look-ups and a
 * subtraction.
 */
#include "domain/calendar.h"

enum { FIRST_YEAR = 1900, LAST_YEAR = 2199 };

/* clang-format off */
const struct code ogi_day_kinds[] = {
	[OGI_DAY_UNKNOWN] = { "unknown", "未知", "unknown", { 0 }, { 0 } },
	[OGI_DAY_WORKDAY] = { "workday", "工作日", "working day", { 0 }, { 0 } },
	[OGI_DAY_MAKEUP] = { "makeup_workday", "调休上班日", "make-up working day", { 0 }, { 0 } },
	[OGI_DAY_WEEKEND] = { "weekend", "周末", "weekend", { 0 }, { 0 } },
	[OGI_DAY_HOLIDAY] = { "holiday", "节假日", "holiday", { 0 }, { 0 } },
	{ NULL, NULL, NULL, { 0 }, { 0 } },
};
/* clang-format on */

static int days_of(int first_year, int last_year)
{
	return ogi_date_of(last_year, 12, 31).day - ogi_date_of(first_year, 1, 1).day + 1;
}

size_t ogi_calendar_bytes(int first_year, int last_year)
{
	if (first_year < FIRST_YEAR || last_year > LAST_YEAR || first_year > last_year)
		return 0;
	size_t days = (size_t)days_of(first_year, last_year);
	return days * sizeof(int32_t) + (days + 1) * sizeof(int32_t) + days;
}

/* Puts the ruled days over the plain week. */
static bool rule_days(unsigned char *kind, struct ogi_date first, int days,
	const struct ogi_calendar_row *rows, int count, int *ret_bad)
{
	for (int i = 0; i < count; i++) {
		int at = rows[i].date.day - first.day;
		*ret_bad = i;
		if (!ogi_is_date(rows[i].date) || at < 0 || at >= days)
			return false;
		bool second = kind[at] == OGI_DAY_HOLIDAY || kind[at] == OGI_DAY_MAKEUP;
		if (second || (!rows[i].holiday && kind[at] == OGI_DAY_WORKDAY))
			return false;
		kind[at] = rows[i].holiday ? OGI_DAY_HOLIDAY : OGI_DAY_MAKEUP;
	}
	return true;
}

bool ogi_calendar_build(struct ogi_calendar *cal, void *memory, int first_year, int last_year,
	const struct ogi_calendar_row *rows, int count, int64_t version, int *ret_bad)
{
	*ret_bad = -1;
	if (ogi_calendar_bytes(first_year, last_year) == 0)
		return false;
	struct ogi_date first = ogi_date_of(first_year, 1, 1);
	int days = days_of(first_year, last_year);
	int32_t *working = memory;
	int32_t *nth = working + days;
	unsigned char *kind = (unsigned char *)(nth + days + 1);

	for (int i = 0; i < days; i++) {
		bool weekend = ogi_weekday(ogi_date_add(first, i)) > 5;
		kind[i] = weekend ? OGI_DAY_WEEKEND : OGI_DAY_WORKDAY;
	}
	if (!rule_days(kind, first, days, rows, count, ret_bad))
		return false;
	int32_t n = 0;
	nth[0] = first.day - 1;
	for (int i = 0; i < days; i++) {
		if (kind[i] == OGI_DAY_WORKDAY || kind[i] == OGI_DAY_MAKEUP)
			nth[++n] = first.day + i;
		working[i] = n;
	}
	*ret_bad = -1;
	*cal = (struct ogi_calendar){
		.first = first,
		.last = ogi_date_add(first, days - 1),
		.version = version,
		.kind = kind,
		.working = working,
		.nth = nth,
		.working_days = n,
	};
	return true;
}

enum ogi_day_kind ogi_day_kind(const struct ogi_calendar *cal, struct ogi_date date)
{
	if (ogi_before(date, cal->first) || ogi_before(cal->last, date))
		return OGI_DAY_UNKNOWN;
	return (enum ogi_day_kind)cal->kind[date.day - cal->first.day];
}

static void notice(bool *provisional, bool unknown)
{
	if (provisional != NULL && unknown)
		*provisional = true;
}

bool ogi_is_working(const struct ogi_calendar *cal, struct ogi_date date, bool *provisional)
{
	enum ogi_day_kind kind = ogi_day_kind(cal, date);
	if (kind != OGI_DAY_UNKNOWN)
		return kind == OGI_DAY_WORKDAY || kind == OGI_DAY_MAKEUP;
	notice(provisional, true);
	return ogi_is_date(date) && ogi_weekday(date) <= 5;
}

static int floor_div(int a, int b)
{
	return a / b - (a % b < 0);
}

/* Mondays to Fridays among the days 1..day; day 1 is a Monday. */
static int weekdays_to(int day)
{
	int weeks = floor_div(day, 7);
	int rest = day - weeks * 7;
	return weeks * 5 + (rest < 5 ? rest : 5);
}

/* The day that weekdays_to() reaches n on. */
static int nth_weekday(int n)
{
	int weeks = floor_div(n - 1, 5);
	return weeks * 7 + (n - 1 - weeks * 5) + 1;
}

/* C(day), see above. */
static int count_to(const struct ogi_calendar *cal, int day)
{
	if (day < cal->first.day)
		return weekdays_to(day) - weekdays_to(cal->first.day - 1);
	if (day > cal->last.day)
		return cal->working_days + weekdays_to(day) - weekdays_to(cal->last.day);
	return cal->working[day - cal->first.day];
}

int ogi_working_between(const struct ogi_calendar *cal, struct ogi_date from,
	struct ogi_date to, bool *provisional)
{
	if (!ogi_is_date(from) || to.day <= from.day)
		return 0;
	notice(provisional, from.day + 1 < cal->first.day || to.day > cal->last.day);
	return count_to(cal, to.day) - count_to(cal, from.day);
}

struct ogi_date ogi_working_after(
	const struct ogi_calendar *cal, struct ogi_date from, int n, bool *provisional)
{
	if (!ogi_is_date(from) || n < 1)
		return (struct ogi_date){ 0 };
	int target = count_to(cal, from.day) + n;
	struct ogi_date found;
	if (target < 1)
		found.day = nth_weekday(weekdays_to(cal->first.day - 1) + target);
	else if (target <= cal->working_days)
		found.day = cal->nth[target];
	else
		found.day =
			nth_weekday(weekdays_to(cal->last.day) + target - cal->working_days);
	notice(provisional, from.day + 1 < cal->first.day || found.day > cal->last.day);
	return found;
}

struct ogi_date ogi_roll_forward(
	const struct ogi_calendar *cal, struct ogi_date date, bool *provisional)
{
	if (!ogi_is_date(date))
		return date;
	return ogi_working_after(cal, ogi_date_add(date, -1), 1, provisional);
}
