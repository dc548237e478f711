/* SPDX-License-Identifier: MulanPSL-2.0 */
/*
 * domain/case: a case is the fold of its events. `decide` judges an event once, when it is
 * recorded; `evolve` never refuses; `standing` looks at a case on a day. Pure: no clock, no
 * allocation, no I/O.
 */
#ifndef OGID_DOMAIN_CASE_H
#define OGID_DOMAIN_CASE_H

#include "domain/event.h"
#include "domain/permission.h"
#include "domain/settings.h"

enum ogi_status {
	OGI_NO_CASE,
	OGI_ST_ARRIVED,
	OGI_ST_IN_PROCESS,
	OGI_ST_CORRECTION_REQUESTED,
	OGI_ST_REASONS_REQUESTED,
	OGI_ST_FEE_NOTICED,
	OGI_ST_DECIDED,
	OGI_ST_CLOSED,
	OGI_ST_ARCHIVED,
	OGI_ST_VOID_SPLIT,
	OGI_ST_VOID_MERGED,
	OGI_ST_VOID_WITHDRAWN,
	OGI_STATUSES,
};
enum ogi_clock_state {
	OGI_CLOCK_NOT_STARTED,
	OGI_CLOCK_RUNNING,
	OGI_CLOCK_SUSPENDED,
	OGI_CLOCK_STOPPED
};
enum ogi_light {
	OGI_LIGHT_NONE,
	OGI_LIGHT_GREEN,
	OGI_LIGHT_AMBER,
	OGI_LIGHT_RED,
	OGI_LIGHT_OVERDUE
};
extern const struct code ogi_statuses[], ogi_clock_states[], ogi_lights[];

enum ogi_flag {
	OGI_CONSULTING = 1u << 0,
	OGI_EXTENDED_FLAG = 1u << 1,
	OGI_DELAYED = 1u << 2,
	OGI_LATE_CORRECTION = 1u << 3,
	OGI_IN_RECONSIDERATION = 1u << 4,
	OGI_IN_LITIGATION = 1u << 5,
	OGI_REOPENED_FLAG = 1u << 6,
	OGI_HISTORIC = 1u << 7,
};
extern const struct code ogi_flags[]; /* in the order of the bits */

enum ogi_warning {
	OGI_WARN_LATE_CONFIRMATION = 1u << 0,
	OGI_WARN_IDENTITY_MISSING = 1u << 1,
	OGI_WARN_SAME_PERSON = 1u << 2,
	OGI_WARN_APPROVAL_NOT_RECORDED = 1u << 3,
	OGI_WARN_REVIEW_MISSING = 1u << 4,  /* historic only, else refused */
	OGI_WARN_CONTACT_MISSING = 1u << 5, /* historic only */
	OGI_WARN_REASON_MISSING = 1u << 6,  /* historic only */
	OGI_WARN_DATES_REJUDGED =
		1u << 7, /* an amendment or retraction moved dates of later events */
	OGI_WARN_LATE_CORRECTION = 1u << 8,
	OGI_WARN_LABEL_REASON =
		1u << 9, /* label and reason belong to different rows (D:outcomes §3.3) */
	OGI_WARN_REPLIED_LATE = 1u << 10,
};
struct ogi_warning_text {
	const char *code, *zh, *en;
};
extern const struct ogi_warning_text
	ogi_warnings[]; /* in the order of the bits, NULL row at the end */

enum {
	OGI_CONSULTATIONS = 64,
	OGI_EXTENSIONS = 64,
	OGI_REMEDIES = 200,
	OGI_RUNS = 16,
	OGI_WATCHES = 72,
	OGI_ASSISTS = 64,
	OGI_PAUSES = 8
};

struct ogi_consultation {
	int32_t party, opinion;
	int32_t seq; /* of the event that opened it: its letter */
	bool idle;   /* opened after the due date: excludes nothing */
	struct ogi_date opened_on, received_on, window_end, closed_on;
};
struct ogi_remedy {
	int32_t kind, procedure, result, instance;
	struct ogi_date filed_on, accepted_on, copy_received_on, answer_due_on, decision_due_on,
		concluded_on;
	const char *authority, *docket_no;
};
struct ogi_run { /* one handling of the case; the first counts for statistics */
	struct ogi_date started_on, due_on, closed_on;
	int32_t outcome, variant;
	const char *form; /* code of the other generation, where the office chose another than
			     the default; NULL */
};

/* What the ledger says about a case. Texts are borrowed from the events (NULL once destroyed).
 */
struct ogi_case {
	int32_t version;  /* seq of the last event */
	int32_t settings; /* of the last event: those it is counted by */
	int32_t status;
	uint32_t flags, warnings;
	struct ogi_request request; /* the facts of registration, as amended; receipt_date is
				       the derived one */
	int32_t regime;
	/* the clock */
	struct ogi_date
		run_start; /* day from which the current run counts (not counted itself) */
	int32_t period, extension;                   /* working days */
	struct ogi_date delay_until;                 /* art. 35: replaces the computed date */
	struct ogi_interval excluded[OGI_INTERVALS]; /* merged; at most the last one open */
	int32_t excluded_count;
	struct ogi_date due_on, latest_due_on;
	bool provisional;
	struct ogi_date last_clock_on; /* `on` of the last event that touched the clock */
	/* correction (art. 30); under R2008 each one excludes an interval, by setting */
	struct ogi_interval paused[OGI_PAUSES];
	int32_t pauses, corrections, correction_seq;
	bool correction_due_given; /* the letter names the last day; else it follows from the
				      delivery */
	struct ogi_date correction_on, correction_served_on, correction_due_on, corrected_on;
	/* reasons (art. 35), fee (国办函〔2020〕109号) */
	struct ogi_date reasons_on, fee_noticed_on, fee_received_on, fee_due_on, fee_paid_on;
	int32_t fee_basis, fee_quantity, fee_amount, fee_paid, fee_seq;
	/* review (art. 17), sign-off */
	int32_t review; /* enum ogi_review_decision */
	struct ogi_date review_on;
	bool proposed, approved;
	/* decision and service */
	int32_t outcome, variant;
	const char *outcome_form, *outcome_label, *outcome_reason;
	struct texts basis;
	const char *document_no;
	struct ogi_date decided_on, effective_reply_date, closed_on, first_closed_on,
		withdrawn_on, archived_on;
	int32_t served_by, served_seq;
	struct ogi_date reply_received_on; /* as `delivered` said of a reply by post */
	bool returned;                     /* the reply came back and may be served again */
	int32_t first_outcome, first_variant;
	struct ogi_date first_due_on,
		first_base_due_on; /* at the first closing: with and without extension (form
				      2014 rows 23, 24) */
	/* lists */
	struct ogi_consultation consultation[OGI_CONSULTATIONS];
	struct ogi_remedy remedy[OGI_REMEDIES];
	struct ogi_run run[OGI_RUNS];
	int32_t consultations, remedies, runs, extensions, assists, assists_open;
	uint64_t assist_mask; /* open ones */
	const char *box_no;
	struct objects split_into; /* struct ogi_link */
	struct ogi_link merged_into, handed_to, handed_from;
};

/* What the law needs beside the facts. All borrowed. */
struct ogi_rules {
	const struct ogi_calendar *calendar;
	struct ogi_date today;
	int transition; /* enum ogi_transition */
	int regime;     /* of a calculation that fixes it, whatever the receipt date; 0 in the
			   ledger */
	bool exclusion_inclusive; /* exclusion_convention: inclusive */
	int r2008_correction;     /* enum ogi_r2008_correction */
	int correction_days;      /* applicant's period, working days; 15 */
	int payment_days;         /* to pay a fee, working days; 0 is the preset, 20 */
	bool sign_off;
	/* When given, the settings above are taken from the period of the receipt date
	 * (sign_off: of the day of the decision); sorted, the first without a date. */
	const struct ogi_period *period;
	int periods;
};
/* The rules for a case received on that day: `r` itself when it has no periods, else *buf. With
 * no receipt date yet, for one received today. */
const struct ogi_rules *ogi_rules_for(
	const struct ogi_rules *r, struct ogi_date receipt, struct ogi_rules *buf);

/* The other case or organisation that an event names, as the ledger found it. */
enum ogi_target {
	OGI_TARGET_FITS,
	OGI_TARGET_UNKNOWN, /* no such case in the organisation; no such organisation */
	OGI_TARGET_ITSELF,
	OGI_TARGET_VOID,     /* split, merged or withdrawn: nothing goes on there */
	OGI_TARGET_ELSEWISE, /* of another applicant, or another document */
};

/* Who asks, and what the directory says about the people an event names. */
struct ogi_asking {
	const char *login;
	unsigned roles;         /* of enum ogi_role; the roles held in the case's organisation,
				   supervisors also from above */
	bool own_organisation;  /* false: only what a supervisor may do in the subtree */
	bool approver_unknown;  /* approved_by names nobody of the organisation */
	bool approver_is_head;  /* approved_by holds ogi_head */
	bool person_unknown;    /* assigned.to / request.assignee names no handler of the
				   organisation */
	enum ogi_target target; /* of merged.into, handed_over.to_org */
};

enum ogi_refusal {
	OGI_OK,
	OGI_INVALID, /* 422: see faults */
	/* 409, in the words of contract-cases §7: */
	OGI_NOT_IN_THIS_STATE,
	OGI_ALREADY_EXTENDED_FULLY,
	OGI_TOO_LATE,
	OGI_SECOND_CORRECTION,
	OGI_CONSULTATION_OPEN,
	OGI_REVIEW_MISSING,
	OGI_SIGN_OFF_MISSING,
	OGI_WRONG_REGIME,
	OGI_TOO_MANY,
	OGI_NUMBER_TAKEN,
	OGI_FROZEN_YEAR,
	OGI_NOT_APPROVED,
	/* 403: */
	OGI_ROLE_REQUIRED,
	OGI_REFUSALS,
};
struct ogi_refusal_text {
	const char *code, *zh, *en; /* zh and en: one sentence, says what to do */
};
extern const struct ogi_refusal_text ogi_refusals[]; /* index = enum */

/* A fault of a 422 that needs the law to be seen (shape and type were checked by the form
 * reader). */
struct ogi_fault {
	const char *pointer, *code, *zh, *en;
};
struct ogi_verdict {
	enum ogi_refusal refusal;
	uint32_t warnings; /* bits to store in the event */
	struct ogi_fault fault[32];
	int faults;          /* all of them at once */
	const char *article; /* of the row that refused, or NULL */
	unsigned roles;      /* for OGI_ROLE_REQUIRED: the roles that may */
};

/* A later event that would no longer be accepted after a change of an earlier one. */
struct ogi_rejudged {
	int32_t seq, kind;
	const char *code, *zh, *en; /* of the refusal, or of its first fault */
};

struct ogi_history {
	const struct ogi_event *event; /* recorded order */
	int count;
};

/*
 * Fills what a body may leave out, before judging and storing: on, arrived_on, signed_on, via,
 * registered_on, consultation and remedy numbers, notified_on, accepted_on, default correction
 * due date, outcome_form … For kinds arrived and registered it also chooses the kind
 * (registered when the receipt date is known and `confirmed` is not false).
 */
void ogi_event_complete(
	struct ogi_event *e, const struct ogi_case *c, const struct ogi_rules *r);

/*
 * Judges one event against the case. `c` is the fold of `h` (zeroed and empty for a new one).
 * `who` NULL: the ledger itself (roles and approvals are not looked at). Role first (403), then
 * what is wrong whatever the state (422), then the state, the case's own faults (422) and the
 * guards (409).
 */
void ogi_case_decide(const struct ogi_case *c, const struct ogi_history *h,
	const struct ogi_event *e, const struct ogi_rules *r, const struct ogi_asking *who,
	struct ogi_verdict *ret_verdict);
/*
 * What the amendment or retraction that `h` ends with does to the events it has come after:
 * those that would now be refused, in recorded order; the count is returned, at most `most`.
 */
int ogi_case_rejudge(const struct ogi_history *h, const struct ogi_rules *r,
	struct ogi_rejudged *ret, int most);
/* Takes one event into the case; total. Amendments and retractions need the history: use fold
 * for those. */
void ogi_case_evolve(struct ogi_case *c, const struct ogi_event *e, const struct ogi_rules *r);
/* The case after all events: retracted ones left out, amended ones with their new facts.
 * `ret_case` is zeroed first. */
void ogi_case_fold(
	const struct ogi_history *h, const struct ogi_rules *r, struct ogi_case *ret_case);

/* Event `i` as the fold sees it, with its new facts when it was amended. False when it was
 * retracted. */
bool ogi_history_event(const struct ogi_history *h, int i, struct ogi_event *ret_event);

/* A case looked at on a day (contract-cases §4). */
struct ogi_watch {
	const char *kind; /* "confirmation", "correction", "consultation", "payment",
			     "remedy_answer", … */
	struct ogi_date on;
	int32_t number; /* of the consultation or remedy, 0 none */
};
struct ogi_standing {
	int32_t clock_state, light;
	int32_t counted,
		remaining; /* working days, as-of day included; remaining -1 when not started */
	int32_t overdue_workdays;
	struct ogi_watch watch[OGI_WATCHES];
	int32_t watches;
};
void ogi_case_standing(const struct ogi_case *c, const struct ogi_rules *r,
	struct ogi_date as_of, struct ogi_standing *ret_standing);

/* What the asking user may do now. */
struct ogi_possible {
	int32_t kind;             /* enum ogi_event_kind */
	enum ogi_refusal refusal; /* OGI_OK: allowed */
	struct ogi_date until;    /* last day it may be done, or no date */
	int32_t most; /* upper bound of its number field (extension days, remaining), 0 none */
};
/* Kinds of the case's stage, allowed and refused, that `who` holds a role for; returns the
 * count. */
int ogi_case_possible(const struct ogi_case *c, const struct ogi_rules *r,
	const struct ogi_asking *who, struct ogi_possible ret[OGI_EVENT_KINDS]);

/* The code of the other generation where the office chose another than the default of the
 * outcome; else NULL. */
const char *ogi_chosen_form(const struct ogi_case *c);

/* The day the applicant knew of the reply: that of a reply by post is told by `delivered`, any
 * other is there when it is served. No date while it is not known. */
struct ogi_date ogi_case_known_on(const struct ogi_case *c);
/* True when nothing about the case is open any more (closed, archived, void). */
bool ogi_case_ended(const struct ogi_case *c);

#endif
