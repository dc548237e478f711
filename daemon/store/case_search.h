/* SPDX-License-Identifier: MulanPSL-2.0 */
/*
 * store/case_search: lists of cases that hold a word, from the search index (store/gram). A
 * rare word names its cases, and only these are looked at; a frequent one is on every page of a
 * walk (store/case_list), which is shorter then. What is not in the index yet is looked at too.
 */
#ifndef OGID_STORE_CASE_SEARCH_H
#define OGID_STORE_CASE_SEARCH_H

#include "store/case_list.h"

enum { CASE_SEARCH_MOST = 4000, CASE_SEARCHES = 2 * CASE_SORTS };
extern const struct stmt case_search_count, case_searches[CASE_SEARCHES];

/* True when the index can be asked for f->q: two characters or more. */
bool case_search_can(const struct case_filter *f);
/* One number: cases that may hold it; beyond CASE_SEARCH_MOST, a walk is the better way. */
const struct rows *case_search_ask_count(struct batch *b, const struct case_filter *f);
/* As case_list_ask, for a word that is rare. */
const struct rows *case_search_ask(struct batch *b, const struct case_filter *f,
	const struct case_order *o, enum case_part part, int most);

#endif
