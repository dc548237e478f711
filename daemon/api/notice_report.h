/* SPDX-License-Identifier: MulanPSL-2.0 */
/*
 * api/notice_report: what a notice about working days does to the cases: which dates move, who
 * is overdue by it or no longer, and which letters have named an old date. Lists are kept up to
 * REPORT_MOST entries each; the counts go on.
 */
#ifndef OGID_API_NOTICE_REPORT_H
#define OGID_API_NOTICE_REPORT_H

#include "api/recompute.h"
#include "base/json_write.h"

enum { REPORT_MOST = 10000 };

enum report_list {
	REPORT_MOVED, /* open cases: the due date, or while suspended the latest one */
	REPORT_NEWLY, /* of these: overdue now */
	REPORT_NO_LONGER,
	REPORT_LETTERS,
	REPORT_CLOSED, /* closed cases whose last due date is another (D:deadlines §3) */
	REPORT_LISTS,
};
struct report_entry {
	int32_t org;
	struct uuid id;
	int32_t year, serial; /* 0: no number yet */
	int32_t seq;          /* of the letter's event, or 0 */
	const char *kind;     /* of the letter's event */
	struct ogi_date before, after;
};
struct notice_report {
	struct {
		struct report_entry *entry; /* malloc */
		int count, room;
		int64_t all; /* also those not kept */
	} list[REPORT_LISTS];
	int64_t others; /* cases in which only windows or marks move */
};

/* `today` judges what is overdue. */
void report_take(
	struct notice_report *r, const struct recompute_found *found, struct ogi_date today);
/* moved, newly_overdue, no_longer_overdue, letters, closed, counts, complete: members of the
 * open object; codes of organisations from `d`. */
void report_write(struct json_out *o, const struct notice_report *r, const struct directory *d);
void report_clear(struct notice_report *r);

#endif
