/* SPDX-License-Identifier: MulanPSL-2.0 */
/*
 * domain/judge: what the files behind domain/case.h share: one judgement under way, the facts
 * of a request and the clock of a case. Not for anybody outside domain/.
 */
#ifndef OGID_DOMAIN_JUDGE_H
#define OGID_DOMAIN_JUDGE_H

#include "domain/case.h"
#include "domain/lifecycle.h"

enum judge_fault {
	FAULT_REQUIRED,
	FAULT_FUTURE_DATE,
	FAULT_OUT_OF_ORDER,
	FAULT_CONTRADICTION,
	FAULT_RECEIPT_DATE,
	FAULT_BEFORE_REGULATIONS,
	FAULT_UNKNOWN_CODE,
	FAULT_UNKNOWN_PERSON,
	FAULT_CHECKSUM,
	FAULT_RANGE,
	FAULT_OUTCOME_NOT_VALID,
	FAULT_SET_BY_EVENT,
	FAULT_VARIANT,
	FAULT_UNKNOWN_EVENT,
	FAULT_NOT_A_LETTER,
	FAULT_NOT_RETRACTABLE,
	FAULT_UNKNOWN_FIELD,
	FAULT_DOES_NOT_FIT,
	FAULT_AMOUNT,
	FAULT_NO_SUCH_CASE,
	FAULT_NO_SUCH_ORG,
	FAULT_VOID_CASE,
	FAULT_NOT_SAME_REQUEST,
	JUDGE_FAULTS,
};
extern const struct ogi_warning_text judge_faults[]; /* index = enum */

struct judging {
	const struct ogi_case *c;
	const struct ogi_history *h;
	const struct ogi_event *e;
	const struct ogi_rules *r;
	const struct ogi_asking *who; /* NULL: the ledger itself */
	const struct ogi_transition_row *row;
	struct ogi_verdict *v;
	struct ogi_rejudged *rejudged; /* room for what a change undoes, or NULL */
	int rejudgings, rejudgings_most;
};

void judge_fault(struct judging *j, const char *pointer, enum judge_fault fault);
/* The first refusal stands. */
void judge_refuse(struct judging *j, enum ogi_refusal refusal);
/* Fault FAULT_FUTURE_DATE when `date` lies after today. */
void judge_not_future(struct judging *j, const char *pointer, struct ogi_date date);
/* Who is named must hold ogi_head. */
void judge_approver(struct judging *j, const char *approved_by);
/* A date that is given and lies before another. */
bool lies_before(struct ogi_date date, struct ogi_date bound);

/*
 * case_guard: what the state of the case alone says of a kind on a day: the refusal, the last
 * day (`until`) and the most (`most`) it allows. OGI_NOT_IN_THIS_STATE: it does not belong to
 * this stage at all.
 */
enum ogi_refusal guard(const struct ogi_case *c, const struct ogi_rules *r,
	enum ogi_event_kind kind, struct ogi_date on, struct ogi_possible *ret_possible);

/* judge_clock: what stops, restarts or lengthens the clock. */
void judge_correction_requested(struct judging *j);
void judge_consultation_opened(struct judging *j);
void judge_consultation_closed(struct judging *j);
void judge_extended(struct judging *j);
void judge_reasons_received(struct judging *j);
void judge_fee_noticed(struct judging *j);
void judge_fee_paid(struct judging *j);

/* case_request: the facts of arrived, registered, receipt_confirmed. */
void judge_request(struct judging *j);
/* case_change: amended, retracted. */
void judge_change(struct judging *j);

/* document: document_issued. */
void judge_document(struct judging *j);

/* The facts after a confirmation; `e` of kind receipt_confirmed. */
void request_confirm(struct ogi_request *facts, const struct ogi_event *e);
/* Codes not given become 0, signed_on its default. */
void request_settle(struct ogi_request *facts);
/* The day the request counts as received: as given, else derived (art. 31); no date while it is
 * not known. */
struct ogi_date request_receipt(const struct ogi_request *facts);
/* Warnings that follow from the facts alone and are derived again at every fold. */
uint32_t request_warnings(
	const struct ogi_request *facts, int regime, const struct ogi_rules *r);
/* The regime of a case received on that day; `ended`: the day it was closed, or no date
 * (setting transition). */
int regime_of(struct ogi_date receipt, struct ogi_date ended, const struct ogi_rules *r);

/* case_change: event `i` as the fold sees it: NULL when retracted, *buf when amended. `extra`
 * may be one change more. */
const struct ogi_event *history_event(const struct ogi_history *h,
	const struct ogi_event *extra, int i, struct ogi_event *buf);
bool history_is_changed(const struct ogi_history *h);
/* The event with that seq, or NULL; *ret_index may be NULL. */
const struct ogi_event *history_find(const struct ogi_history *h, int32_t seq, int *ret_index);
bool history_retracted(const struct ogi_history *h, int32_t seq);

typedef void evolve_fn(
	struct ogi_case *c, const struct ogi_event *e, const struct ogi_rules *r);
/* case_evolve: the case is closed on that day with the outcome it holds. */
void close_case(struct ogi_case *c, const struct ogi_rules *r, struct ogi_date on);
/* Sets an outcome that an event brings with it, with the labels of the catalogue. */
void set_outcome(struct ogi_case *c, int outcome, int variant);
/* evolve_clock */
evolve_fn on_correction_requested, on_correction_received, on_correction_lapsed;
evolve_fn on_consultation_opened, on_consultation_closed, on_extended;
evolve_fn on_reasons_requested, on_reasons_received, on_fee_noticed, on_fee_paid, on_fee_lapsed;
/* Letters of these events that reached somebody start windows and periods. */
evolve_fn on_delivered;
/* document */
evolve_fn on_document_issued;

/* case_clock: windows, excluded intervals, due dates of a case after a change of its facts. */
void clock_recompute(struct ogi_case *c, const struct ogi_rules *r);
enum ogi_clock_state clock_state(const struct ogi_case *c, const struct ogi_rules *r);
/* The merged excluded intervals with open windows used in full; what has no end stays open. */
int clock_intervals(const struct ogi_case *c, const struct ogi_rules *r,
	struct ogi_interval x[OGI_INTERVALS]);
/* The days of the current run that consultation or correction `i` excludes; false when it
 * excludes none. */
bool clock_consultation(const struct ogi_case *c, const struct ogi_rules *r, int i,
	struct ogi_interval *ret_days);
bool clock_pause(const struct ogi_case *c, int i, struct ogi_interval *ret_days);
/* The due date of the current run without its extension; no date when none runs. */
struct ogi_date clock_base_due(const struct ogi_case *c, const struct ogi_rules *r);
/* True while a consultation that excludes time is open. */
bool clock_consulting(const struct ogi_case *c);

/* The 7th working day after receipt: a later correction notice does not restart the clock (art.
 * 30). */
struct ogi_date correction_limit(const struct ogi_case *c, const struct ogi_rules *r);
/* The number of the only open consultation, assistance or remedy; 0 when there is none, -1 when
 * there are several. */
int only_open_consultation(const struct ogi_case *c);
int only_open_assist(const struct ogi_case *c);
int only_open_remedy(const struct ogi_case *c);

/* identity: check digits of GB 11643 (resident_id) and GB 32100 (credit_code); true for kinds
 * without one. */
bool identity_fits(int32_t id_kind, const char *number);

#endif
