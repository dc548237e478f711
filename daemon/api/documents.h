/* SPDX-License-Identifier: MulanPSL-2.0 */
/*
 * api/documents: papers of a case: issuing one is the event document_issued, whose number, text
 * and hash are made here, between its judgement and its fold.
 */
#ifndef OGID_API_DOCUMENTS_H
#define OGID_API_DOCUMENTS_H

#include "api/recording.h"

struct issuing {
	const struct rows *last, *templates; /* NULL: the event is none of these */
};

/* After the judgement: asks for the counter and the templates when the event issues a paper. */
void issuing_ask(struct exchange *x, const struct recording *r, struct issuing *ret_issuing);
/* Completes the event: number, title, text and its hash. Before recording_fold; not in a dry
 * run, which gives no number. */
const struct problem *issuing_take(
	struct exchange *x, struct recording *r, const struct issuing *i);

#endif
