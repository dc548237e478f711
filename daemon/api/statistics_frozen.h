/* SPDX-License-Identifier: MulanPSL-2.0 */
/* api/statistics_frozen: the frozen years that a question meets, and the lists of cases behind
 * figures: frozen ones, live ones, and where they differ. */
#ifndef OGID_API_STATISTICS_FROZEN_H
#define OGID_API_STATISTICS_FROZEN_H

#include "api/statistics.h"
#include "store/snapshot.h"

struct form_frozen {
	const struct rows *rows;
	const struct snapshot *all;
	int count;
	/* of the organisation asked for, alone or with those below it as asked: the year, and
	   the year before; NULL: not frozen */
	const struct snapshot *exact, *before;
};
void form_frozen_ask(struct exchange *x, const struct form_query *q, struct form_frozen *f);
void form_frozen_take(struct exchange *x, const struct form_query *q, struct form_frozen *f);
/* The snapshot of one unit for itself in the year, or NULL. */
const struct snapshot *form_frozen_unit(
	const struct form_query *q, const struct form_frozen *f, int32_t org);
/* What the year before carried out by its snapshot; NULL when there is none, or its form has no
 * such cell. */
const int64_t *form_frozen_carry(
	struct exchange *x, const struct form_query *q, const struct form_frozen *f);
/* {"rollup", "frozen_at", "by", "calendar_version", "cases", "hash"} */
const char *form_frozen_json(struct exchange *x, const struct snapshot *s);
/* The day it was frozen, in China. */
struct ogi_date form_frozen_day(const struct snapshot *s);
/* 404: the year is not frozen. */
const struct problem *form_not_frozen(struct exchange *x, const struct form_query *q);

/* A list of cases and remedies in order of organisation, id, number. */
struct form_list {
	struct snapshot_case *item;
	int count;
};
enum { FORM_LIST_MOST = 1000000 };
/* Asks for all that counts, live. */
struct form_live {
	const struct rows *cases, *remedies;
};
void form_live_ask(
	struct exchange *x, const struct statistics_asked *asked, struct form_live *l);
struct form_list form_list_live(struct exchange *x, const struct form_live *l);
struct form_list form_list_frozen(struct exchange *x, const struct rows *r);
void form_list_sort(struct form_list *list);
/* Adds what the list counts. */
void form_list_count(
	const struct ogi_form *form, const struct form_list *list, struct statistics *s);

/* An entry of one list that is not the same in the other. */
struct form_move {
	const struct snapshot_case *before, *after; /* NULL: not there */
};
/* All of them, in order; in the arena. */
int form_list_moves(struct exchange *x, const struct form_list *before,
	const struct form_list *after, struct form_move **ret_moves);
/* "org", "id", "number" of an entry. */
void form_entry_write(struct exchange *x, struct json_out *o, const struct snapshot_case *e);

#endif
