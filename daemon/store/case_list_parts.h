/* SPDX-License-Identifier: MulanPSL-2.0 */
/* The pieces that case_list.c (walks along an index) and case_search.c (cases that a text index
 * named) put their statements together from; nobody else includes it. */
#ifndef OGID_STORE_CASE_LIST_PARTS_H
#define OGID_STORE_CASE_LIST_PARTS_H

#include "store/case_list.h"

/* As in migrations/0004_lists.sql, word for word. */
#define DUE_ON "coalesce(c.due_on, 'infinity'::date)"
#define RECEIPT "coalesce(c.receipt_date, 'infinity'::date)"
#define NUMBER "coalesce(c.year::bigint * 1000000000 + c.serial, 9223372036854775807)"
#define UPDATED "c.updated_at"
#define OPEN_STATUS                                                                            \
	"c.status IN ('arrived', 'in_process', 'correction_requested', 'reasons_requested',"   \
	" 'fee_noticed', 'decided')"
/* Latin letters small, like gram_fold: under "C" no others are touched. */
#define SMALL(text) "lower(" text " COLLATE \"C\")"
#define SEARCHED(q)                                                                            \
	"(" q "::text IS NULL OR strpos(c.year || '-' || c.serial, " q                         \
	") > 0 OR strpos(" SMALL("c.legacy_number") ", " q ") > 0 OR (SELECT strpos(" SMALL(   \
		"p.name") ", " q                                                               \
			  ") > 0 OR strpos(" SMALL(                                            \
				  "p.description") ", " q ") > 0 FROM applicant p"             \
						   " WHERE p.org_id = c.org_id AND p.case_id = c.id))"
/*
 * Everything optional. None of it can use an index, and none should: a page is a range of
 * (organisation, key, id), and these are looked at row by row until it is full.
 */
#define FILTERS                                                                                                 \
	"($6::text[] IS NULL OR c.status = ANY($6)) AND ($7::integer IS NULL OR c.flags & $7 <> 0)"             \
	" AND ($8::text[] IS NULL OR c.channel = ANY($8)) AND ($9::text[] IS NULL OR c.outcome = ANY($9))"      \
	" AND ($10::text[] IS NULL OR c.applicant_kind = ANY($10))"                                             \
	" AND ($11::text[] IS NULL OR c.subject = ANY($11)) AND ($12::text[] IS NULL OR c.assignee = ANY($12))" \
	" AND ($13::date IS NULL OR c.receipt_date >= $13) AND ($14::date IS NULL OR c.receipt_date <= $14)"    \
	" AND ($15::date IS NULL OR c.due_on >= $15) AND ($16::date IS NULL OR c.due_on <= $16)"                \
	" AND ($17::date IS NULL OR c.closed_on >= $17) AND ($18::date IS NULL OR c.closed_on <= $18)"          \
	" AND ($19::text[] IS NULL OR CASE WHEN c.due_on IS NULL OR NOT " OPEN_STATUS                           \
	" THEN 'none'"                                                                                          \
	" WHEN c.due_on < $20::date THEN 'overdue' WHEN c.due_on = $20 THEN 'red'"                              \
	" WHEN c.due_on <= $21::date THEN 'amber' ELSE 'green' END = ANY($19))"                                 \
	" AND ($22::text IS NULL OR " OPEN_STATUS                                                               \
	" AND (c.assignee = $22 OR c.org_id = $23::integer"                                                     \
	" AND (c.status = ANY($24::text[]) OR $25::boolean AND c.status = 'in_process'"                         \
	" AND c.review IS DISTINCT FROM 'passed' OR $26::boolean AND c.assignee IS NULL)))"                     \
	" AND " SEARCHED("$27")
#define PARAMS 27

/* $2 and $3, where the list goes on, and $4, the key where it ends. False when the part cannot
 * have any case. */
bool case_list_bind_range(struct bind *v, const struct case_filter *f,
	const struct case_order *o, enum case_part part);
/* $6 .. $27 of FILTERS */
void case_list_bind_filter(struct bind *v, const struct case_filter *f);

#endif
