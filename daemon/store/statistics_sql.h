/* SPDX-License-Identifier: MulanPSL-2.0 */
/*
 * store/statistics_sql: which cases count in a period and the words of their facts, for the
 * statements of store/ only. The parameters of all of them begin alike: $1 organisations,
 * $2 first day, $3 the day after the last. The conditions are those of the indexes of
 * migrations/0007_statistics.sql, word for word.
 */
#ifndef OGID_STORE_STATISTICS_SQL_H
#define OGID_STORE_STATISTICS_SQL_H

/* Registered, and not an entry that turned out to be no request of its own (void_*). */
#define COUNTED                                                                                   \
	" c.status IN ('in_process', 'correction_requested', 'reasons_requested', 'fee_noticed'," \
	" 'decided', 'closed', 'archived')"
#define OF_CASES " FROM request_case c WHERE c.org_id = ANY($1) AND" COUNTED

/* Closed in the period, or open at its end: one range of request_case_figures, never the
 * cases themselves. Two kinds of case are looked up: those whose outcome is of the old
 * catalogue (its codes are parameter `old`), for the form that the office chose, and those
 * that were closed before they were received. `shape` says what of them: SINGLE or ALIKE. */
#define CASES_2019(shape, old)                                                                               \
	"(" shape("NULL::text",                                                                              \
		" AND c.first_closed_on >= $2"                                                               \
		" AND (c.first_closed_on >= $3 OR coalesce(c.first_outcome, '') <> ALL(" old                 \
		"))"                                                                                         \
		" AND (c.first_closed_on < $3 OR c.receipt_date < $3)") " UNION ALL " shape("NULL::text",    \
		" AND c.first_closed_on IS NULL AND c.receipt_date < $3") " UNION ALL " shape(FORM_OF_FIRST, \
		" AND c.first_closed_on >= $2 AND c.first_closed_on < $3"                                    \
		" AND c.first_outcome = ANY(" old ")") " UNION ALL " shape("NULL::text",                     \
		" AND c.first_closed_on < c.receipt_date"                                                    \
		" AND c.first_closed_on < $2 AND c.receipt_date >= $2 AND c.receipt_date < $3") ") t"
#define FORM_OF_FIRST                                                                          \
	"CASE WHEN c.stage -> 'runs' IS NULL THEN c.outcome_form ELSE (SELECT r ->> 'form'"    \
	" FROM json_array_elements(c.stage -> 'runs') WITH ORDINALITY AS t (r, i)"             \
	" WHERE r ->> 'closed_on' IS NOT NULL ORDER BY i LIMIT 1) END"
/* Each case with its days. */
#define SINGLE(form, where)                                                                    \
	"SELECT c.org_id, c.id, c.receipt_date, c.first_closed_on, c.first_outcome, " form     \
	" AS form, c.applicant_kind" OF_CASES where
/* Cases that count alike, with their number: a day stands for all days on its side of the
 * period, so that millions of cases are a few rows before words are made of them. */
#define ALIKE(form, where)                                                                     \
	"SELECT c.org_id, " SIDE_OF("c.receipt_date") " AS receipt_date, " SIDE_OF(            \
		"c.first_closed_on") " AS first_closed_on, c.first_outcome, " form             \
				     " AS form, c.applicant_kind, count(*) AS n" OF_CASES      \
					     where " GROUP BY 1, 2, 3, 4, 5, 6"
#define SIDE_OF(day)                                                                           \
	"CASE WHEN " day " < $2 THEN $2 - 1 WHEN " day " < $3 THEN $2 WHEN " day               \
	" >= $3 THEN $3 END"
#define WORDS_2019                                                                             \
	SIDES ", CASE WHEN " CLOSED                                                            \
	      " THEN t.first_outcome END AS outcome, NULL::text AS variant,"                   \
	      " t.form, t.applicant_kind AS kind, NULL::text AS channel,"                      \
	      " CASE WHEN " CLOSED " THEN 'closed' END AS ended"

/* The form of 2014 has no cases carried over: received or closed in the period. */
#define WHOLE                                                                                  \
	"SELECT c.org_id, c.id, c.receipt_date, c.first_closed_on, c.first_outcome,"           \
	" c.first_variant, c.applicant_kind, c.channel, c.first_base_due_on, c.first_due_on" OF_CASES
#define RECEIPT "coalesce(c.receipt_date, 'infinity'::date)"
#define CASES_2014                                                                             \
	"(" WHOLE " AND c.first_closed_on >= $2 AND c.first_closed_on < $3"                    \
	" UNION ALL " WHOLE " AND " RECEIPT " >= $2 AND " RECEIPT " < $3"                      \
	" AND (c.first_closed_on IS NULL OR c.first_closed_on < $2 OR c.first_closed_on >= $3)) t"
#define WORDS_2014                                                                             \
	SIDES ", CASE WHEN " CLOSED " THEN t.first_outcome END AS outcome,"                    \
	      " CASE WHEN " CLOSED " THEN t.first_variant END AS variant, NULL::text AS form," \
	      " t.applicant_kind AS kind, t.channel, CASE WHEN NOT " CLOSED " THEN NULL"       \
	      " WHEN t.first_closed_on > t.first_due_on THEN 'late'"                           \
	      " WHEN t.first_closed_on > t.first_base_due_on THEN 'extended' ELSE 'on_time' END AS ended"

#define CLOSED "coalesce(t.first_closed_on >= $2 AND t.first_closed_on < $3, false)"
#define SIDES                                                                                     \
	"t.receipt_date >= $2 AND t.receipt_date < $3 AS received,"                               \
	" t.receipt_date < $2 AND coalesce(t.first_closed_on >= $2, true) AS carried_in, " CLOSED \
	" AS closed,"                                                                             \
	" t.receipt_date < $3 AND coalesce(t.first_closed_on >= $3, true) AS carried_out"
/* Of a row with the columns of WORDS. */
#define FACT                                                                                               \
	"concat(CASE WHEN f.received THEN 'n' ELSE '-' END, CASE WHEN f.carried_in THEN 'i' ELSE '-' END," \
	" CASE WHEN f.closed THEN 'r' ELSE '-' END, CASE WHEN f.carried_out THEN 'o' ELSE '-' END,"        \
	" ' ', coalesce(f.outcome, '-'), ' ', coalesce(f.variant, '-'), ' ', coalesce(f.form, '-'),"       \
	" ' ', coalesce(f.kind, '-'), ' ', coalesce(f.channel, '-'), ' ', coalesce(f.ended, '-'))"

/* Accepted by the end of the period and of some weight in it; "ac 1 2": accepted, concluded in
 * it, kind, result (0 pending at its end). */
#define REMEDIES                                                                                        \
	"SELECT c.org_id, c.id, c.year, c.serial, c.version, m.number::integer AS number,"              \
	" concat(CASE WHEN m.accepted >= $2 THEN 'a' ELSE '-' END,"                                     \
	" CASE WHEN m.concluded >= $2 AND m.concluded < $3 THEN 'c' ELSE '-' END, ' ', m.kind, ' ',"    \
	" CASE WHEN m.concluded < $3 THEN coalesce(m.result, '0') ELSE '0' END) AS fact"                \
	" FROM request_case c, LATERAL (SELECT number, r ->> 'kind' AS kind, r ->> 'result' AS result," \
	" coalesce(r ->> 'accepted_on', r ->> 'filed_on')::date AS accepted,"                           \
	" (r ->> 'concluded_on')::date AS concluded"                                                    \
	" FROM json_array_elements(c.stage -> 'remedies') WITH ORDINALITY AS a (r, number)) m"          \
	" WHERE c.org_id = ANY($1) AND (c.stage -> 'remedies') IS NOT NULL AND" COUNTED                 \
	" AND m.accepted < $3 AND (m.accepted >= $2 OR coalesce(m.concluded >= $2, true))"

/* An item that was taken back because another one took its place by the end of the period: that
 * one counts. `t` names its row. */
#define REPLACED(t) "coalesce(" t ".replaced_by IS NOT NULL AND " t ".withdrawn_on < $3, false)"
/* A publication `p` of such an item. */
#define OF_REPLACED                                                                            \
	"EXISTS (SELECT 1 FROM disclosure_item w WHERE w.org_id = p.org_id"                    \
	" AND w.id = p.item_id AND " REPLACED("w") ")"
/* Rules and normative documents: acts, not publications (D:statistics §1.1); made when they
 * were created. */
#define ACT_DAY "coalesce(t.created_on, t.published_on)"
#define ACT_MADE                                                                               \
	"coalesce(" ACT_DAY " >= $2 AND " ACT_DAY " < $3, false) AND NOT " REPLACED("t")
#define ACT_REPEALED                                                                           \
	"coalesce(t.repealed_on >= $2 AND t.repealed_on < $3, false) AND NOT " REPLACED("t")
#define ACT_VALID                                                                              \
	"coalesce(" ACT_DAY " < $3, false) AND coalesce(t.repealed_on >= $3, true)"            \
	" AND coalesce(t.valid_until >= $3 - 1, true) AND coalesce(t.withdrawn_on >= $3, true)"
#define ACT_PUBLISHED                                                                          \
	"coalesce(t.published_on >= $2 AND t.published_on < $3, false) AND NOT " REPLACED("t")
#define ACT_PUBLIC                                                                             \
	"coalesce(t.published_on < $3, false) AND coalesce(t.repealed_on >= $3, true)"         \
	" AND coalesce(t.withdrawn_on >= $3, true)"

#endif
