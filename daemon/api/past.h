/* SPDX-License-Identifier: MulanPSL-2.0 */
/* api/past: the ledger as it stood: which cases matched then, found by folding their events up
 * to that day. */
#ifndef OGID_API_PAST_H
#define OGID_API_PAST_H

#include "api/case_query.h"

/* How a case is looked at: as_of and known_at of the query (contract-cases §1.4). */
struct past_view {
	struct ogi_date as_of; /* today when not given */
	int64_t known_at;      /* 0: everything */
	bool past;             /* one of them was given */
};
/* 400 for one that cannot be read. */
const struct problem *past_view_read(struct exchange *x, struct past_view *ret_view);
/* Facts later than the day looked at, or entered later than the instant, are left out. */
void past_view_keep(struct exchange *x, const struct past_view *v, struct ogi_history *history);

/* A case that matched, and its place in the list. */
struct past_match {
	int32_t org;
	struct case_place place;
};

/* Zeroed is empty. */
struct past {
	const int32_t *org; /* candidates */
	const struct uuid *id;
	int candidates, taken;
	const struct rows *part; /* events of the candidates from `taken` on */
	int asked;               /* how many of them */
	struct past_match *match;
	int matches;
	int32_t rules_org, rules_settings; /* whose rules these are; 0 nobody's */
	struct ogi_rules rules;
};

/* Candidates from the rows of case_list_ask_past; 400 when there are too many to look at. */
const struct problem *past_begin(
	struct exchange *x, struct past *p, const struct rows *candidates);
/* Asks for the next part of the events; false when all were looked at. */
bool past_ask(struct exchange *x, struct past *p, const struct case_query *q);
/* Folds the part that was asked for and keeps what matches. */
const struct problem *past_take(struct exchange *x, struct past *p, const struct case_query *q);
/* The places of the page, one more than asked for when there is a next one; the matches are
 * sorted for it. */
int past_page(struct past *p, const struct case_query *q, const struct past_match **ret_first);
/* 500: the stored events of a case cannot be read. */
const struct problem *past_unreadable(struct exchange *x);
/* The rules of the organisation under its settings up to a number, kept from the last call when
 * they are the same. */
const struct ogi_rules *past_rules(
	struct exchange *x, struct past *p, int32_t org, int32_t settings);

#endif
