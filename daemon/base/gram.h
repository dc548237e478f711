/* SPDX-License-Identifier: MulanPSL-2.0 */
/*
 * base/gram: bigrams of text, what Chinese is searched by: every two neighbouring characters
 * are one number, small and capital Latin letters alike. A text holds a word of two characters
 * or more only if it has all its bigrams; the converse is checked against the text itself.
 * No I/O, no locale.
 */
#ifndef OGID_BASE_GRAM_H
#define OGID_BASE_GRAM_H

#include "base/arena.h"

#include <stdbool.h>
#include <stdint.h>

/*
 * The bigrams of the texts (well-formed UTF-8, NULL is none), ascending, each once; *ret_gram
 * is in the arena. Returns how many. No bigram reaches from one text into the next.
 *   gram = first character in the upper half, second in the lower one. Characters beyond the
 *   first plane fall together with others of it, so a bigram may be found where the characters
 *   are not.
 */
int grams_of(struct arena *a, const char *const *text, int texts, const int32_t **ret_gram);
/* A number that is no bigram and stands for an organisation: with it in the index, an office is
 * searched without looking at the others. Distinct for ids below 2^27. */
int32_t gram_of_org(int32_t org);

/* How many numbers two ascending lists share. */
int grams_shared(const int32_t *a, int as, const int32_t *b, int bs);
bool gram_in(const int32_t *gram, int grams, int32_t one);

/* A copy with small Latin letters (ASCII), as bigrams and gram_holds compare. */
char *gram_fold(struct arena *a, const char *text);
/* True when the text holds the folded word, Latin letters alike; a NULL text holds nothing. */
bool gram_holds(const char *text, const char *folded);

#endif
