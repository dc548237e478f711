/* SPDX-License-Identifier: MulanPSL-2.0 */
/*
 * api/linking: events that lead to another case (contract-cases §6): a letter split into cases
 * of its parts, a case merged into the one that holds the same letter, a case handed over to
 * the organisation that goes on with it. All that one of them writes stands or falls together.
 */
#ifndef OGID_API_LINKING_H
#define OGID_API_LINKING_H

#include "api/recording.h"

/* Zeroed is nothing of the kind. */
struct linking {
	const struct rows *found, *head; /* the case named; the counter, when not known */
	struct case_row target;
	const struct directory_org *to;
	struct ticket first;    /* of the serials given */
	int32_t serials;        /* how many */
	struct recording *part; /* the cases that are made */
	int parts;
};

/* True for split, merged and handed_over. */
bool linking_concerns(const struct ogi_event *e);
/* Beside the question for the case itself: asks for the one that the event names. */
void linking_load(struct exchange *x, struct linking *l, const struct ogi_event *e);
/* Between recording_prepare and recording_judge: what the event names, as found. */
void linking_look(struct exchange *x, struct linking *l, struct recording *r);
/* After the judgement: asks for the counter that numbers are taken from. */
void linking_decide(struct exchange *x, struct linking *l, const struct recording *r);
/* Folds and queues everything on x->writes. No row back: somebody was faster; then
 * linking_stale and again. A dry run folds only. */
const struct rows *linking_write(
	struct exchange *x, struct linking *l, struct recording *r, bool dry_run);
void linking_stale(struct exchange *x, const struct linking *l);

#endif
