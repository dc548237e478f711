/* SPDX-License-Identifier: MulanPSL-2.0 */
/*
 * domain/statistics: the official forms as tables (D:statistics). Form of 2014: 58 rows. A row says what it counts and by which date;
 * identities say what must agree.
 */
#ifndef OGID_DOMAIN_STATISTICS_H
#define OGID_DOMAIN_STATISTICS_H

#include "domain/outcome.h"

enum ogi_source { /* where a cell comes from */
	OGI_FROM_NOTHING,     /* registers that hold nothing yet: 0 */
	OGI_FROM_DISCLOSURES, /* published items; `match` = channel list or flag */
	OGI_FROM_RECEIVED,    /* cases by receipt date in the year; `match` = channel or NULL */
	OGI_FROM_CLOSED,      /* cases by first closing in the year; `match` = "on_time", "extended" or NULL */
	OGI_FROM_ANSWERED,    /* by first closing and outcome with OGI_ANSWER; `match` = f14 key of the outcome, NULL all */
	OGI_FROM_REMEDIES,    /* `match` = kind:result */
	OGI_FROM_FEES,
	OGI_FROM_SUM,         /* sum of the rows whose key begins with `match` */
};
struct ogi_form_row {
	int number;      /* printed row number, 0 for a heading */
	const char *key; /* without the form prefix, "a.received"; NULL for a heading */
	const char *zh, *en, *unit;
	enum ogi_source source;
	const char *match;
};
extern const struct ogi_form_row ogi_form_2014[]; /* ends with a row whose zh is NULL */

/* left = sum of keys in `left`, right likewise (space-separated); relation '=' or '<'(left <= right) or '>' (left >= right). */
struct ogi_identity {
	const char *id, *left, *right;
	char relation;
	bool warning_only;
};
extern const struct ogi_identity ogi_identities_2014[]; /* ends with id NULL */
/* "f14" for 2014..2018, "f19" for 2019..2020, "f21" from 2021, NULL before 2014. */
const char *ogi_form_of_year(int year);

#endif
