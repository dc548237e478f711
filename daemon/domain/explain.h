/* SPDX-License-Identifier: MulanPSL-2.0 */
/*
 * domain/explain: why a due date is what it is: what led from the receipt to it, what each day
 * on the way counted, and where another reading of the law would lead. Everything is asked of
 * the fold and of domain/clock; nothing is counted a second time.
 */
#ifndef OGID_DOMAIN_EXPLAIN_H
#define OGID_DOMAIN_EXPLAIN_H

#include "domain/case.h"

/* What a day was, in the order of the contract. Where several are true: a beginning, then what
 * is excluded, then what is not known, then the rest. */
enum ogi_day_reason {
	OGI_WHY_RECEIPT_DAY, /* a period begins: not counted itself (民事诉讼法 art. 85) */
	OGI_WHY_WORKDAY,     /* counted */
	OGI_WHY_MAKEUP,      /* counted */
	OGI_WHY_WEEKEND,
	OGI_WHY_HOLIDAY,
	OGI_WHY_EXCLUDED,    /* in an interval that does not count, or before a restart */
	OGI_WHY_EXTENSION,   /* counted, after the base period */
	OGI_WHY_PROVISIONAL, /* beyond the calendar: counted or not by its weekday */
};
extern const struct code ogi_day_reasons[];

enum ogi_clock_rule {
	OGI_RULE_RECEIPT,          /* arrival .. receipt */
	OGI_RULE_CORRECTION,       /* notice .. corrected application: the period begins anew */
	OGI_RULE_PAYMENT,          /* notice .. payment: likewise */
	OGI_RULE_REOPENED,         /* closed .. reopened: a new handling run */
	OGI_RULE_PERIOD,           /* receipt or restart .. end of the base period alone */
	OGI_RULE_THIRD_PARTY,      /* days not counted */
	OGI_RULE_JOINT_AGENCY,     /* likewise */
	OGI_RULE_OTHER_AGENCY,     /* likewise */
	OGI_RULE_CORRECTION_PAUSE, /* likewise, under R2008 */
	OGI_RULE_AWAITS_CORRECTION, /* notice .. open: no period runs */
	OGI_RULE_AWAITS_PAYMENT,    /* day after the notice .. open: no period runs */
	OGI_RULE_EXTENSION,         /* due before .. due after */
	OGI_RULE_DELAY,             /* due before .. day set under art. 35 */
	OGI_RULE_REDO,              /* reopened .. day set by the order */
	OGI_CLOCK_RULES,
};
extern const struct code ogi_clock_rules[];

struct ogi_why_step {
	int32_t rule;
	int32_t number; /* of the consultation; working days of an extension; else 0 */
	struct ogi_date from, to; /* `to` no date: still open */
};

/* Other readings: the names are those of the settings, where there is one. */
enum ogi_reading {
	OGI_READ_INCLUSIVE,         /* the day a consultation is opened does not count either */
	OGI_READ_HALF_OPEN,         /* it does */
	OGI_READ_REGISTRATION_DATE, /* counted from the registration instead of the receipt */
	OGI_READ_BY_REPLY,          /* R2019 for what is answered under it (art. 56) */
	OGI_READ_BY_RECEIPT,        /* R2008 for what was received under it */
	OGI_READ_PAUSE,             /* what a correction does to the clock under R2008 */
	OGI_READ_SUSPEND_INCLUSIVE,
	OGI_READ_RESTART,
	OGI_READINGS,
};
extern const struct code ogi_readings[];

struct ogi_why_alternative {
	int32_t reading;
	struct ogi_date due_on; /* no date where that reading has none now */
};

struct ogi_why_day {
	struct ogi_date date;
	bool counted;
	int32_t n;                       /* days counted up to this one, itself included */
	int32_t reason;                  /* enum ogi_day_reason */
	enum ogi_day_kind kind;          /* of the calendar, whatever the reason */
	const struct ogi_why_step *step; /* what excludes or restarts, or NULL */
};

enum { OGI_WHY_STEPS = 256, OGI_WHY_DAYS = 3660 };

struct ogi_why {
	int32_t regime;
	struct ogi_date receipt_date, due_on, latest_due_on;
	bool provisional;
	/* Days to explain, none when `last` is no date: from the receipt to the due date, while
	 * none is known to the latest one, else to the day looked at. Of more than OGI_WHY_DAYS
	 * the last. */
	struct ogi_date first, last;
	struct ogi_why_step step[OGI_WHY_STEPS]; /* the first ones, were there more */
	int32_t steps;
	struct ogi_why_alternative alternative[OGI_READINGS];
	int32_t alternatives;
	/* inside: */
	const struct ogi_calendar *calendar;
	struct ogi_date run_start, set_end;
	int32_t period, extension;
	struct ogi_interval excluded[OGI_INTERVALS + 1];
	int32_t excluded_count;
};

/* Folds the history and explains where it leads. An archived case is explained by the due date
 * of its last handling run. Borrows the calendar. */
void ogi_why(const struct ogi_history *h, const struct ogi_rules *r, struct ogi_date as_of,
	struct ogi_why *ret_why);
/* One day; any from `first` to `last`. */
void ogi_why_day(const struct ogi_why *w, struct ogi_date date, struct ogi_why_day *ret_day);

/* The source of a rule and of a reason, in both languages; never NULL. */
struct ogi_source {
	const char *zh, *en;
};
struct ogi_source ogi_rule_source(enum ogi_clock_rule rule, int32_t regime);
struct ogi_source ogi_day_source(const struct ogi_why *w, const struct ogi_why_day *day);

#endif
