/* SPDX-License-Identifier: MulanPSL-2.0 */
/* domain/clock: the reply period walks from gap to gap between the excluded intervals, never
 * from day to day. */
#include "domain/clock.h"

#include "domain/receipt.h"

/* An open interval reaches to the end of time. */
static int end_of(const struct ogi_interval *x)
{
	return ogi_is_date(x->to) ? x->to.day : INT32_MAX;
}

static void sort_by_from(struct ogi_interval *x, int count)
{
	for (int i = 1; i < count; i++) {
		struct ogi_interval one = x[i];
		int at = i;
		for (; at > 0 && one.from.day < x[at - 1].from.day; at--)
			x[at] = x[at - 1];
		x[at] = one;
	}
}

int ogi_merge_intervals(struct ogi_interval *x, int count)
{
	int filled = 0;
	for (int i = 0; i < count; i++)
		if (ogi_is_date(x[i].from) && end_of(&x[i]) >= x[i].from.day)
			x[filled++] = x[i];
	sort_by_from(x, filled);
	int merged = 0;
	for (int i = 0; i < filled; i++) {
		struct ogi_interval *before = merged > 0 ? &x[merged - 1] : NULL;
		if (before == NULL || x[i].from.day - 1 > end_of(before))
			x[merged++] = x[i];
		else if (end_of(&x[i]) > end_of(before))
			before->to = x[i].to;
	}
	return merged;
}

struct ogi_date ogi_due(const struct ogi_calendar *cal, struct ogi_date start, int n,
	const struct ogi_interval *x, int count, bool *provisional)
{
	struct ogi_date from = start;
	bool beyond = false;
	if (!ogi_is_date(start) || n < 1)
		return (struct ogi_date){ 0 };
	for (int i = 0; i < count; i++) {
		if (end_of(&x[i]) <= from.day)
			continue;
		bool gap_beyond = false;
		struct ogi_date gap_end = ogi_date_add(x[i].from, -1);
		int in_gap = ogi_working_between(cal, from, gap_end, &gap_beyond);
		if (in_gap >= n)
			break;
		if (!ogi_is_date(x[i].to))
			return (struct ogi_date){ 0 };
		n -= in_gap;
		beyond |= gap_beyond;
		from = x[i].to;
	}
	struct ogi_date due = ogi_working_after(cal, from, n, &beyond);
	if (beyond && provisional != NULL)
		*provisional = true;
	return due;
}

int ogi_counted(const struct ogi_calendar *cal, struct ogi_date start, struct ogi_date as_of,
	const struct ogi_interval *x, int count, bool *provisional)
{
	struct ogi_date from = start;
	int counted = 0;
	if (!ogi_is_date(start))
		return 0;
	for (int i = 0; i < count && x[i].from.day <= as_of.day; i++) {
		if (end_of(&x[i]) <= from.day)
			continue;
		counted += ogi_working_between(
			cal, from, ogi_date_add(x[i].from, -1), provisional);
		if (!ogi_is_date(x[i].to))
			return counted;
		from = x[i].to;
	}
	return counted + ogi_working_between(cal, from, as_of, provisional);
}

int ogi_base_period(int regime)
{
	return regime == OGI_R2008 ? 15 : regime == OGI_R2019 ? 20 : 0;
}

int ogi_most_extension(int regime)
{
	return regime == OGI_R2008 ? 15 : regime == OGI_R2019 ? 20 : 0;
}
