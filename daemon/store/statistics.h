/* SPDX-License-Identifier: MulanPSL-2.0 */
/* store/statistics: the figures of a year from the ledger, live. The law about what counts
 * where is domain/statistics. */
#ifndef OGID_STORE_STATISTICS_H
#define OGID_STORE_STATISTICS_H

#include "db/batch.h"
#include "domain/statistics.h"

/* The questions of the form of 2014; all on one batch, one pass over the cases. */
struct statistics_questions {
	const struct rows *cases, *remedies, *items, *publications;
};
void statistics_ask_2014(struct batch *b, const int32_t *scope, int scopes, int year,
	struct statistics_questions *ret_questions);

/* Cells in the order of ogi_form_2014 (headings 0; 万元 rows in yuan), and what the form cannot
 * show. */
struct statistics_2014 {
	int64_t cell[OGI_FORM_2014_ROWS + 16];
	int rows;
	int64_t closed_late; /* counted under "extended" (D:statistics §3) */
};
void statistics_read_2014(
	const struct statistics_questions *q, struct statistics_2014 *ret_form);

#endif
