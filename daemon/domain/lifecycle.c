/* SPDX-License-Identifier: MulanPSL-2.0 */
/* domain/lifecycle: the table of contract-cases §6, a row for each group of states a kind may
 * follow in. */
#include "domain/lifecycle.h"

/* clang-format off */
#define ARRIVED OGI_IN(OGI_ST_ARRIVED)
#define IN_PROCESS OGI_IN(OGI_ST_IN_PROCESS)
#define CORRECTING OGI_IN(OGI_ST_CORRECTION_REQUESTED)
#define REASONING OGI_IN(OGI_ST_REASONS_REQUESTED)
#define PAYING OGI_IN(OGI_ST_FEE_NOTICED)
#define DECIDED OGI_IN(OGI_ST_DECIDED)
#define CLOSED OGI_IN(OGI_ST_CLOSED)
#define ARCHIVED OGI_IN(OGI_ST_ARCHIVED)
#define VOIDED (OGI_IN(OGI_ST_VOID_SPLIT) | OGI_IN(OGI_ST_VOID_MERGED) | OGI_IN(OGI_ST_VOID_WITHDRAWN))
#define HANDLING (IN_PROCESS | CORRECTING | REASONING | PAYING | DECIDED)
#define OPEN (ARRIVED | HANDLING)
#define KEPT (HANDLING | CLOSED | ARCHIVED)
#define ANY (OPEN | CLOSED | ARCHIVED | VOIDED)

#define F OGI_FRONT_DESK
#define H OGI_HANDLER
#define O OGI_HEAD
#define R OGI_REVIEWER
#define L OGI_LEADER
#define S OGI_SUPERVISOR
#define A OGI_ARCHIVIST

const struct ogi_transition_row ogi_lifecycle[] = {
	{ OGI_ARRIVED, OGI_IN(OGI_NO_CASE), OGI_ST_ARRIVED, F | H, 0, false, "art. 31" },
	{ OGI_REGISTERED, OGI_IN(OGI_NO_CASE), OGI_ST_IN_PROCESS, F | H, 0, true, "art. 29, 31, 45" },
	{ OGI_RECEIPT_CONFIRMED, ARRIVED, OGI_ST_IN_PROCESS, F | H, 0, false, "art. 31" },
	{ OGI_ASSIGNED, OPEN, OGI_NO_CASE, F | H | O | S, S, false, "art. 45" },
	{ OGI_CORRECTION_REQUESTED, IN_PROCESS, OGI_ST_CORRECTION_REQUESTED, H | O, 0, true, "art. 30" },
	{ OGI_CORRECTION_RECEIVED, CORRECTING, OGI_ST_IN_PROCESS, F | H, 0, true, "art. 30" },
	{ OGI_CORRECTION_LAPSED, CORRECTING, OGI_ST_CLOSED, H | O, 0, true, "art. 30" },
	{ OGI_CONSULTATION_OPENED, IN_PROCESS, OGI_NO_CASE, H | O, 0, true, "art. 32, 33 para. 3, 34" },
	{ OGI_CONSULTATION_CLOSED, HANDLING, OGI_NO_CASE, H | O, 0, true, "art. 32, 33 para. 3, 34" },
	{ OGI_ASSIST_REQUESTED, OPEN, OGI_NO_CASE, H | O, 0, false, "art. 11" },
	{ OGI_ASSIST_ANSWERED, OPEN, OGI_NO_CASE, H | O, 0, false, "art. 11" },
	{ OGI_EXTENDED, IN_PROCESS | REASONING | CORRECTING, OGI_NO_CASE, H | O, 0, true, "art. 33 para. 2" },
	{ OGI_REASONS_REQUESTED, IN_PROCESS, OGI_ST_REASONS_REQUESTED, H | O, 0, true, "art. 35" },
	{ OGI_REASONS_RECEIVED, REASONING, OGI_ST_IN_PROCESS, H | O, 0, true, "art. 35" },
	{ OGI_FEE_NOTICED, IN_PROCESS, OGI_ST_FEE_NOTICED, H | O, 0, true, "art. 42; 国办函〔2020〕109号" },
	{ OGI_FEE_PAID, PAYING, OGI_ST_IN_PROCESS, F | H, 0, true, "国办函〔2020〕109号" },
	{ OGI_FEE_LAPSED, PAYING, OGI_ST_CLOSED, H | O, 0, true, "国办函〔2020〕109号" },
	{ OGI_REVIEWED, IN_PROCESS, OGI_NO_CASE, R, 0, false, "art. 17" },
	{ OGI_PROPOSED, IN_PROCESS, OGI_NO_CASE, H, 0, false, "art. 17" },
	{ OGI_RETURNED_TO_HANDLER, IN_PROCESS, OGI_NO_CASE, O | L, 0, false, "art. 17" },
	{ OGI_APPROVED, IN_PROCESS, OGI_NO_CASE, O | L, 0, false, "art. 17" },
	{ OGI_DECIDED, IN_PROCESS, OGI_ST_DECIDED, H | O | L, 0, true, "art. 36" },
	{ OGI_SERVED, DECIDED | CLOSED, OGI_ST_CLOSED, F | H | O, 0, true, "art. 33, 40; 国办公开办函〔2016〕235号" },
	{ OGI_DELIVERED, ANY, OGI_NO_CASE, F | H, 0, false, "art. 32, 34" },
	{ OGI_RETURNED, ANY, OGI_NO_CASE, F | H, 0, false, "国办公开办函〔2016〕235号" },
	{ OGI_WITHDRAWN, HANDLING, OGI_ST_CLOSED, F | H, 0, true, "国办公开办函〔2021〕30号" },
	{ OGI_WITHDRAWN, ARRIVED, OGI_ST_VOID_WITHDRAWN, F | H, 0, true, "art. 31" },
	{ OGI_SPLIT, IN_PROCESS, OGI_ST_VOID_SPLIT, H | O, 0, true, "art. 29" },
	{ OGI_MERGED, ARRIVED | IN_PROCESS, OGI_ST_VOID_MERGED, H | S, 0, true, "art. 45" },
	{ OGI_HANDED_OVER, OPEN, OGI_ST_VOID_MERGED, O, 0, true, "国办公开办函〔2019〕14号" },
	{ OGI_REMEDY_FILED, KEPT, OGI_NO_CASE, H | O, 0, false, "art. 51" },
	{ OGI_REMEDY_CONCLUDED, KEPT, OGI_NO_CASE, H | O, 0, false, "art. 51" },
	{ OGI_REOPENED, CLOSED, OGI_ST_IN_PROCESS, H | O, 0, true, "art. 51" },
	{ OGI_ARCHIVED, CLOSED, OGI_ST_ARCHIVED, A, 0, false, "art. 45" },
	{ OGI_AMENDED, ANY, OGI_NO_CASE, O | S, 0, false, "art. 45" },
	{ OGI_RETRACTED, ANY, OGI_NO_CASE, O | S, 0, false, "art. 45" },
	{ OGI_DOCUMENT_ISSUED, ANY, OGI_NO_CASE, F | H | O, 0, false, "art. 30, 32, 33, 36" },
	{ OGI_REMINDED, OPEN, OGI_NO_CASE, S | O, S, false, "art. 46" },
	{ OGI_NOTED, ANY, OGI_NO_CASE, F | H | O | R | L | S | A, 0, false, "art. 45" },
	{ OGI_RECOMPUTED, ANY, OGI_NO_CASE, 0, 0, false, "art. 33" },
	{ OGI_NO_EVENT, 0, OGI_NO_CASE, 0, 0, false, NULL },
};
/* clang-format on */

const struct ogi_transition_row *ogi_lifecycle_row(enum ogi_event_kind kind, int from_status)
{
	for (const struct ogi_transition_row *row = ogi_lifecycle; row->kind != OGI_NO_EVENT;
		row++)
		if (row->kind == kind && (row->from & OGI_IN(from_status)) != 0)
			return row;
	return NULL;
}

unsigned ogi_event_roles(enum ogi_event_kind kind)
{
	unsigned roles = 0;
	for (const struct ogi_transition_row *row = ogi_lifecycle; row->kind != OGI_NO_EVENT;
		row++)
		if (row->kind == kind)
			roles |= row->roles;
	return roles;
}

bool ogi_event_makes_cases(int kind)
{
	return kind == OGI_SPLIT || kind == OGI_HANDED_OVER;
}
