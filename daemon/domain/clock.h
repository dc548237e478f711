/* SPDX-License-Identifier: MulanPSL-2.0 */
/*
 * domain/clock: the arithmetic of the reply period (art. 33; D:deadlines §4). The deadline is
 * computed here and nowhere else:
 *
 *   D(R, N, X) = the smallest D with #{ d : R < d <= D, d working, d not in X } = N
 */
#ifndef OGID_DOMAIN_CLOCK_H
#define OGID_DOMAIN_CLOCK_H

#include "domain/calendar.h"

enum { OGI_INTERVALS = 72 }; /* 64 consultations, corrections under R2008 */

/* Days from..to inclusive; `to` no date: still open. */
struct ogi_interval {
	struct ogi_date from, to;
};

/* Sorts and merges overlapping and adjacent intervals in place, drops empty ones (to < from);
 * returns the new count. */
int ogi_merge_intervals(struct ogi_interval *x, int count);

/* `x` merged. N >= 1. No date when there is no start, or when an open interval begins before N
 * days are counted. *provisional (may be NULL) is set when the date hangs on a day beyond the
 * calendar, never cleared. */
struct ogi_date ogi_due(const struct ogi_calendar *cal, struct ogi_date start, int n,
	const struct ogi_interval *x, int count, bool *provisional);
/* #{ d : start < d <= as_of, working, not in X }; an open interval excludes everything from its
 * first day. `x` merged. 0 when there is no start. */
int ogi_counted(const struct ogi_calendar *cal, struct ogi_date start, struct ogi_date as_of,
	const struct ogi_interval *x, int count, bool *provisional);

/* Base period: 15 / 20; most extension: 15 / 20 (art. 24 R2008, art. 33 R2019). */
int ogi_base_period(int regime);
int ogi_most_extension(int regime);

#endif
