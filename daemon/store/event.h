/* SPDX-License-Identifier: MulanPSL-2.0 */
/*
 * store/event: events as the ledger keeps them. The canonical bytes are what the chain covers;
 * personal data and free text are in case_text behind a salted commitment (architecture §2.6,
 * §2.7).
 */
#ifndef OGID_STORE_EVENT_H
#define OGID_STORE_EVENT_H

#include "base/mac.h"
#include "db/batch.h"
#include "domain/case.h"

/* Payload version written; older ones are read by upcasters in event.c. */
enum { EVENT_PAYLOAD = 1 };

/* One event as written. Memory in the arena. */
struct event_bytes {
	const char *canonical;
	const char *body;       /* JSON of the text fields, NULL when there are none */
	unsigned char salt[16]; /* of the commitment, when there is a body */
	struct mac prev, hash;
};

/* Replaces the ID number in the event by its encrypted form; call after judging, before folding
 * and writing. */
void event_seal(
	const struct keys *k, struct arena *a, const struct uuid *id, struct ogi_event *e);
/* True when an amendment changes the ID number: its text is encrypted too. */
bool event_amends_identity(const struct ogi_event *e);
/* Canonical bytes, text and link of an event that stands on `prev`. */
struct event_bytes event_write(const struct keys *k, struct arena *a, int32_t org,
	const struct uuid *id, const struct ogi_event *e, const struct mac *prev);

/* An event as read. */
struct event_row {
	struct ogi_event event;
	const char *canonical, *body;
	const unsigned char *salt; /* NULL: no text */
	struct ogi_date destroyed_on;
	struct mac prev, hash;
	int32_t org;
	struct uuid id;
};

/* Events of one case of the scope, oldest first; by id, or by number in one organisation. */
const struct rows *event_ask_all(
	struct batch *b, const int32_t *scope, int scopes, const struct uuid *id);
const struct rows *event_ask_by_number(
	struct batch *b, int32_t org, int32_t year, int32_t serial);
/* Events of many cases, one case after the other in the order given, as they stood: with `on`
 * not after `by`, and recorded not after `known_at` (0: whatever is recorded). */
const struct rows *event_ask_many(struct batch *b, const int32_t *org, const struct uuid *id,
	int cases, struct ogi_date by, int64_t known_at);
/* Reads row `row` (columns of event_ask_all); false when the canonical bytes cannot be read. */
bool event_read(const struct rows *r, int row, struct arena *a, struct event_row *ret_event);
/* All of them as a history; false when one cannot be read. The rows stay reachable through
 * *ret_rows (may be NULL). */
bool event_read_all(const struct rows *r, struct arena *a, struct ogi_history *ret_history,
	struct event_row **ret_rows);
/* The same for the case whose events begin at row `first` of many: returns how many they are, 0
 * when one cannot be read. */
int event_read_case(const struct rows *r, int first, struct arena *a,
	struct ogi_history *ret_history, struct event_row **ret_rows);

/* All rows of a kind as one list, for reading a body, for `data` in answers: arm, common and
 * ledger rows. NULL-ended; offsets from the start of struct ogi_event. `ledger` adds the rows
 * that no body may carry. */
const struct field *event_rows(struct arena *a, enum ogi_event_kind kind, bool ledger);

extern const struct stmt event_all, event_by_number, event_many;

#endif
