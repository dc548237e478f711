/* SPDX-License-Identifier: MulanPSL-2.0 */
/*
 * store/gram: the search index of the ledger: case_gram (bigrams of each case) and gram_todo
 * (cases whose texts changed since, written in the same statement as the event). It is filled
 * after the commit, by any process, any number of times: a case is read, its bigrams are put,
 * and what was to do up to the version that was read is done.
 */
#ifndef OGID_STORE_GRAM_H
#define OGID_STORE_GRAM_H

#include "base/mac.h"
#include "db/batch.h"

extern const struct stmt gram_pending, gram_put, gram_rebuild, gram_destroyed;

/* At most `most` cases that are to be done, with their texts. */
const struct rows *gram_ask_pending(struct batch *b, int most);
/* Queues a write for each of those rows; returns how many. */
int gram_ask_put(struct batch *writes, const struct rows *pending);
/* Every case is to be done again. */
const struct rows *gram_ask_rebuild(struct batch *writes);
/* Cases whose texts were destroyed at the end of retention, and which the index still knows by
 * them, are to be done again. */
const struct rows *gram_ask_destroyed(struct batch *writes);

#endif
