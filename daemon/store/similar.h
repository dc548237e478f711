/* SPDX-License-Identifier: MulanPSL-2.0 */
/*
 * store/similar: what the ledger knows about a request that is not registered yet: cases of the
 * same applicant, cases of others with much of the same text, published items that may answer
 * it, and the applicant's requests of a month (D:fees §2.1).
 */
#ifndef OGID_STORE_SIMILAR_H
#define OGID_STORE_SIMILAR_H

#include "store/case.h"

extern const struct stmt similar_known, similar_applicant, similar_month, similar_cases,
	similar_items;

struct similar_who {
	const char *name;        /* or NULL */
	const struct mac *blind; /* of the ID number, or NULL */
};

/* How common bigrams are: columns gram, per_mille. Those not named are rare, or nothing is
 * known yet. */
const struct rows *similar_ask_known(struct batch *b, const int32_t *gram, int grams);
/* Cases of the name or the ID number (a namesake whose number differs is somebody else), newest
 * first, at most SIMILAR_MOST; rows of CASE_SELECT. */
const struct rows *similar_ask_applicant(
	struct batch *b, const int32_t *scope, int scopes, const struct similar_who *who);
/* One number: requests of the applicant at this office, received in those days. */
const struct rows *similar_ask_month(struct batch *b, int32_t org,
	const struct similar_who *who, struct ogi_date from, struct ogi_date to);
/* Cases that share the most of these bigrams (at most SIMILAR_WORDS, rare ones), at most
 * SIMILAR_MOST, and the last ones that the index has not read; rows of CASE_SELECT. */
enum { SIMILAR_WORDS = 24, SIMILAR_MOST = 60 };
const struct rows *similar_ask_cases(
	struct batch *b, const int32_t *scope, int scopes, const int32_t *gram, int grams);
/* Items in force whose titles hold the most of the words (two characters each, folded): id,
 * org_id, title, doc_no, category_local, published_on, channel, locator. */
const struct rows *similar_ask_items(struct batch *b, const int32_t *scope, int scopes,
	const char *const *word, int words, struct ogi_date today);

#endif
