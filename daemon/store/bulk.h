/* SPDX-License-Identifier: MulanPSL-2.0 */
/*
 * store/bulk: many cases of one organisation in one write, each with all its events. The write
 * stands or falls as a whole: it hangs on a key that is stored only when the counters of its
 * years stand where they were read.
 */
#ifndef OGID_STORE_BULK_H
#define OGID_STORE_BULK_H

#include "store/case.h"
#include "store/event.h"

extern const struct stmt bulk_known, bulk_counters, bulk_years, bulk_open, bulk_case,
	bulk_events, bulk_texts, bulk_documents;

enum bulk_known { BULK_REF = 1, BULK_ID, BULK_NUMBER };

/*
 * What of this the organisation has already: external references, ids (of any organisation of
 * the scope), numbers. Rows: what (enum bulk_known), index in that list.
 */
const struct rows *bulk_ask_known(struct batch *b, int32_t org, const int32_t *scope,
	int scopes, const char *const *ref, int refs, const struct uuid *id, int ids,
	const int32_t *year, const int32_t *serial, int numbers);
/* The counters of these years: year, last; none for a year without. */
const struct rows *bulk_ask_counters(
	struct batch *b, int32_t org, const int32_t *year, int years);

/* A year of the group: its counter before and after, and the numbers passed over. */
struct bulk_year {
	int32_t year, before, after;
};
struct bulk_gap {
	int32_t year, first, last;
};
struct bulk {
	int32_t org, actor;
	struct uuid key; /* of this write */
	struct mac body; /* hash of what it stands for */
	int64_t now;
	const struct bulk_year *year;
	int years;
	const struct bulk_gap *gap;
	int gaps;
};

/* Opens the write. No row back: somebody was faster with a number; nothing of the write is
 * stored then. 23505 when a reference or an id came in between. */
const struct rows *bulk_ask_open(struct batch *writes, const struct bulk *w);
/* One case of it: the projection. */
void bulk_ask_case(struct batch *writes, const struct bulk *w, const struct case_row *row);

/* An event of one of its cases; `actor`: the user's id, 0 for the system and for a name that is
 * nobody's login. */
struct bulk_event {
	struct uuid id;
	const struct ogi_event *event;
	struct event_bytes bytes;
	int32_t actor;
};
/* All events of the group, with their texts and the papers issued. */
void bulk_ask_events(
	struct batch *writes, const struct bulk *w, const struct bulk_event *event, int count);

#endif
