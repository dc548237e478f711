/* SPDX-License-Identifier: MulanPSL-2.0 */
/*
 * api/import_group: judged lines of one organisation that are written together: what of them is
 * there already, the numbers they get, and the write.
 */
#ifndef OGID_API_IMPORT_GROUP_H
#define OGID_API_IMPORT_GROUP_H

#include "api/import_line.h"
#include "store/bulk.h"

enum { IMPORT_GROUP = 100 };

/* References, ids and numbers of a whole file, for those that are judged before they are
 * stored. */
struct import_seen;
struct import_seen *import_seen_new(void);
void import_seen_free(struct import_seen *s); /* NULL is nothing */

struct import_group {
	struct arena *arena; /* NULL: no group */
	int32_t org;
	struct imported *item;
	int count, writes;
	struct case_row *scratch; /* one case at a time */
	const struct rows *known, *counters, *opened;
	/* the lists behind the question: which item each entry stands for */
	int *ref_of, *id_of, *number_of;
};

void import_group_open(struct import_group *g);
void import_group_drop(struct import_group *g);
/* Takes a line in, unless the group (or `seen`, may be NULL) has its reference or id: then it
 * is skipped; or its number: then it is rejected. */
void import_group_add(struct exchange *x, struct import_group *g, struct import_seen *seen,
	const struct imported *line);
/* Asks what the ledger has of it. */
void import_group_ask(struct exchange *x, struct import_group *g);
/* Takes out what is stored already (skipped) and whose number is taken (rejected). */
void import_group_sift(struct exchange *x, struct import_group *g);
/* Numbers, seals, folds and writes all of it; g->opened has a row when it was stored. */
void import_group_write(struct exchange *x, struct import_group *g);

#endif
