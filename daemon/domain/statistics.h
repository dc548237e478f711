/* SPDX-License-Identifier: MulanPSL-2.0 */
/*
 * domain/statistics: the official forms as tables (D:statistics). Form of 2014: 58 rows. A row
 * says what it counts and by which date; identities say what must agree.
 */
#ifndef OGID_DOMAIN_STATISTICS_H
#define OGID_DOMAIN_STATISTICS_H

#include "domain/outcome.h"

/* Where a cell comes from and what `match` chooses there (NULL: all). */
enum ogi_source {
	/* headings, and registers that hold nothing yet: 0 */
	OGI_FROM_NOTHING,
	/* items by first publication in the year; "normative" = that flag, else channels */
	OGI_FROM_DISCLOSURES,
	/* cases by receipt date in the year; channel */
	OGI_FROM_RECEIVED,
	/* cases by first closing in the year; "on_time" or "extended" */
	OGI_FROM_CLOSED,
	/* cases by first closing in the year that are an OGI_ANSWER; f14 key of the outcome */
	OGI_FROM_ANSWERED,
	/* kinds:results, no result = all; "pending" = not concluded by the end of the year */
	OGI_FROM_REMEDIES,
	/* fees paid in the year */
	OGI_FROM_FEES,
	/* sum of the rows whose key begins with it */
	OGI_FROM_SUM,
};
struct ogi_form_row {
	int number;      /* printed row number, 0 for a heading */
	const char *key; /* without the form prefix, "a.received"; NULL for a heading */
	const char *zh, *en, *unit; /* official label and unit, letter by letter */
	enum ogi_source source;
	const char *match; /* several channels, kinds or results are separated by spaces */
};
enum { OGI_FORM_2014_ROWS = 58 };
extern const struct ogi_form_row ogi_form_2014[]; /* ends with a row whose zh is NULL */

/* Index in ogi_form_2014 of a key, or -1. */
int ogi_form_2014_find(const char *key);

/*
 * Both sides are sums of the keys named, separated by spaces; relation '=', '<' (left <= right)
 * or '>' (left >= right). Identities with the same id hold together.
 */
struct ogi_identity {
	const char *id, *left, *right;
	char relation;
	bool warning_only;
};
extern const struct ogi_identity ogi_identities_2014[]; /* ends with id NULL */

/* Sums of both sides over the cells; cell[i] belongs to ogi_form_2014[i], 万元 rows count in
 * yuan (four decimals). True when the identity holds. */
bool ogi_identity_2014_holds(const struct ogi_identity *identity, const int64_t *cell,
	int64_t *ret_left, int64_t *ret_right);

/* "f14" for 2014..2018, "f19" for 2019..2020, "f21" from 2021, NULL before 2014. */
const char *ogi_form_of_year(int year);

#endif
