/* SPDX-License-Identifier: MulanPSL-2.0 */
/* domain/remedy: the periods as they stand in the laws, one constant each. */
#include "domain/remedy.h"

#include "domain/outcome.h"

enum {
	RECONSIDER_DAYS = 60,
	SUE_MONTHS = 6,
	SUE_MONTHS_BEFORE_2015 = 3,
	SUE_AFTER_DAYS = 15,
	ANSWER_DAYS = 10, /* working days */
	ANSWER_DAYS_SIMPLIFIED = 5,
	DECISION_DAYS = 60,
	DECISION_DAYS_SIMPLIFIED = 30,
	JUDGMENT_MONTHS = 6,
	JUDGMENT_DAYS_SIMPLIFIED = 45,
	LITIGATION_LAW_2015 = 735719,      /* 2015-05-01 */
	RECONSIDERATION_LAW_2023 = 738886, /* 2024-01-01 */
};

static struct ogi_date days(const struct ogi_calendar *cal, struct ogi_date from, int n)
{
	struct ogi_date last = ogi_date_add(from, n);
	return ogi_is_date(last) ? ogi_roll_forward(cal, last, NULL) : last;
}

static struct ogi_date months(const struct ogi_calendar *cal, struct ogi_date from, int n)
{
	struct ogi_date last = ogi_is_date(from) ? ogi_date_add_months(from, n) : from;
	return ogi_is_date(last) ? ogi_roll_forward(cal, last, NULL) : last;
}

struct ogi_date ogi_reconsider_by(const struct ogi_calendar *cal, struct ogi_date knew)
{
	return days(cal, knew, RECONSIDER_DAYS);
}

struct ogi_date ogi_sue_by(
	const struct ogi_calendar *cal, struct ogi_date acted, struct ogi_date knew)
{
	bool old = ogi_is_date(acted) && acted.day < LITIGATION_LAW_2015;
	return months(cal, knew, old ? SUE_MONTHS_BEFORE_2015 : SUE_MONTHS);
}

struct ogi_date ogi_sue_after_by(const struct ogi_calendar *cal, struct ogi_date received)
{
	return days(cal, received, SUE_AFTER_DAYS);
}

struct ogi_date ogi_sue_inaction_by(const struct ogi_calendar *cal, struct ogi_date due)
{
	return months(cal, due, SUE_MONTHS);
}

struct ogi_date ogi_answer_by(
	const struct ogi_calendar *cal, struct ogi_date copy_received, bool simplified)
{
	return ogi_working_after(
		cal, copy_received, simplified ? ANSWER_DAYS_SIMPLIFIED : ANSWER_DAYS, NULL);
}

struct ogi_date ogi_reconsidered_by(
	const struct ogi_calendar *cal, struct ogi_date accepted, bool simplified)
{
	return days(cal, accepted, simplified ? DECISION_DAYS_SIMPLIFIED : DECISION_DAYS);
}

struct ogi_date ogi_judged_by(
	const struct ogi_calendar *cal, struct ogi_date accepted, bool simplified)
{
	return simplified ? days(cal, accepted, JUDGMENT_DAYS_SIMPLIFIED)
			  : months(cal, accepted, JUDGMENT_MONTHS);
}

bool ogi_reconsider_first(int outcome, struct ogi_date decided_on)
{
	bool refused =
		outcome >= OGI_REFUSE_STATE_SECRET && outcome <= OGI_REFUSE_ENFORCEMENT_FILE;
	return (refused || outcome == OGI_GRANT_PARTIAL) && ogi_is_date(decided_on) &&
	       decided_on.day >= RECONSIDERATION_LAW_2023;
}
