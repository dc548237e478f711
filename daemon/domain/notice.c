/* SPDX-License-Identifier: MulanPSL-2.0 */
/* domain/notice: faults and doubts of a notice. */
#include "domain/notice.h"

enum { NEAR_DAYS = 14, REST_DAYS = 11, FEWEST = 245, MOST = 255, YEARS = 64, EARLIEST = 1990 };

/* clang-format off */
const struct code ogi_rulings[] = {
	[OGI_RULING_NONE] = { "", "", "", { 0 }, { 0 } },
	[OGI_RULING_HOLIDAY] = { "holiday", "放假", "day off", { 0 }, { 0 } },
	[OGI_RULING_WORKDAY] = { "workday", "调休上班", "weekend day worked", { 0 }, { 0 } },
	[OGI_RULING_ORDINARY] = { "ordinary", "撤销安排", "ruling falls away", { 0 }, { 0 } },
	{ NULL, NULL, NULL, { 0 }, { 0 } },
};
const struct code ogi_notice_doubt_texts[] = {
	{ "far_workday", "有调休上班日前后 14 天内没有假期，请核对日期。",
		"A weekend day worked has no holiday within 14 days; check its date.", { 0 }, { 0 } },
	{ "long_rest", "连续休息超过 11 天，请核对日期。",
		"There are more than 11 days off in a row; check the dates.", { 0 }, { 0 } },
	{ "year_incomplete", "全年工作日不在 245 至 255 天之间，安排可能不完整。",
		"A year has fewer than 245 or more than 255 working days; its arrangement may be incomplete.", { 0 }, { 0 } },
	{ NULL, NULL, NULL, { 0 }, { 0 } },
};
/* clang-format on */

static bool usable(const struct ogi_notice_day *day)
{
	return ogi_is_date(day->date) && day->kind > OGI_RULING_NONE;
}

static bool stands_before(const struct ogi_notice *n, int index)
{
	for (int i = 0; i < index; i++)
		if (ogi_is_date(n->day[i].date) && n->day[i].date.day == n->day[index].date.day)
			return true;
	return false;
}

/* True when the notice rules on some day of the year: it brings its arrangement. */
static bool rules_on(const struct ogi_notice *n, int year)
{
	for (int i = 0; i < n->days; i++)
		if (usable(&n->day[i]) && n->day[i].kind != OGI_RULING_ORDINARY &&
			ogi_date_year(n->day[i].date) == year)
			return true;
	return false;
}

/* The years grow at their end only, and without a hole. */
static bool year_fits(const struct ogi_notice *n, int year, int first_year, int last_year)
{
	if (year < EARLIEST)
		return false;
	if (first_year == 0)
		return true;
	if (year < first_year || year - last_year > YEARS)
		return false;
	for (int y = last_year + 1; y <= year; y++)
		if (!rules_on(n, y))
			return false;
	return true;
}

int ogi_notice_check(const struct ogi_notice *notice, int first_year, int last_year,
	struct ogi_notice_fault *ret_faults, int most)
{
	int count = 0;
	for (int i = 0; i < notice->days; i++) {
		const struct ogi_notice_day *day = &notice->day[i];
		struct ogi_notice_fault fault = { .index = i };
		if (!usable(day))
			continue;
		if (stands_before(notice, i))
			fault = (struct ogi_notice_fault){ i, "date", "duplicate",
				"这一天在通知中出现了两次，只保留一次。",
				"The date stands in the notice twice; keep one." };
		else if (day->kind == OGI_RULING_WORKDAY && ogi_weekday(day->date) <= 5)
			fault = (struct ogi_notice_fault){
				i, "kind", "contradiction",
				"周一至周五本是工作日；workday 只用于调休上班的周六、周日。",
				"Monday to Friday are worked anyway; workday is for a Saturday or Sunday."
			};
		else if (!notice->local &&
			 !year_fits(notice, ogi_date_year(day->date), first_year, last_year))
			fault = (struct ogi_notice_fault){
				i, "date", "range",
				"这一年与已载入的年份不相连；请先载入其间各年的安排。",
				"The year does not join the loaded ones; load the years between first."
			};
		if (fault.code == NULL)
			continue;
		if (count < most)
			ret_faults[count] = fault;
		count++;
	}
	return count;
}

static bool holiday_near(const struct ogi_calendar *cal, struct ogi_date date)
{
	for (int i = -NEAR_DAYS; i <= NEAR_DAYS; i++)
		if (ogi_day_kind(cal, ogi_date_add(date, i)) == OGI_DAY_HOLIDAY)
			return true;
	return false;
}

static bool rests_long(const struct ogi_calendar *cal, struct ogi_date date)
{
	int days = 0;
	for (int i = -REST_DAYS; i <= REST_DAYS; i++) {
		days = ogi_is_working(cal, ogi_date_add(date, i), NULL) ? 0 : days + 1;
		if (days > REST_DAYS)
			return true;
	}
	return false;
}

static bool year_odd(const struct ogi_calendar *cal, int year)
{
	struct ogi_date last = ogi_date_of(year, 12, 31);
	if (ogi_day_kind(cal, last) == OGI_DAY_UNKNOWN)
		return false;
	int worked = ogi_working_between(cal, ogi_date_of(year - 1, 12, 31), last, NULL);
	return worked < FEWEST || worked > MOST;
}

unsigned ogi_notice_doubts(const struct ogi_notice *notice, const struct ogi_calendar *with)
{
	unsigned doubts = 0;
	for (int i = 0; i < notice->days; i++) {
		const struct ogi_notice_day *day = &notice->day[i];
		if (!usable(day))
			continue;
		if (day->kind == OGI_RULING_WORKDAY && !holiday_near(with, day->date))
			doubts |= OGI_DOUBT_FAR_WORKDAY;
		if (day->kind == OGI_RULING_HOLIDAY && rests_long(with, day->date))
			doubts |= OGI_DOUBT_LONG_REST;
		if (year_odd(with, ogi_date_year(day->date)))
			doubts |= OGI_DOUBT_YEAR;
	}
	return doubts;
}
