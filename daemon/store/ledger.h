/* SPDX-License-Identifier: MulanPSL-2.0 */
/*
 * store/ledger: the two writes of a case: its first event with the number, and one more event
 * on top of a version. Each is one statement that stands or falls as a whole: event, text,
 * projection and idempotency key together. What was judged by a calendar that is not the newest
 * is not written: no row comes back, as when somebody was faster.
 */
#ifndef OGID_STORE_LEDGER_H
#define OGID_STORE_LEDGER_H

#include "store/case.h"
#include "store/chain.h"
#include "store/event.h"
#include "store/idempotency.h"

extern const struct stmt ledger_register, ledger_append, ledger_confirm, ledger_issue,
	ledger_open, ledger_open_numbers, ledger_append_open, ledger_register_behind,
	ledger_event_behind;

struct ledger_entry {
	const struct case_row *after; /* projection with the event taken in */
	const struct ogi_event *event;
	const struct event_bytes *bytes;
	int32_t actor;                /* user id, 0 for the system */
	const struct remembered *key; /* NULL: nothing to remember */
	int64_t now;
};

/*
 * A new case. `number` is the ticket of its serial (NULL for an arrival): the row is written
 * only when the counter stands at serial - 1. No row back: the key was used before, or somebody
 * was faster with the number.
 */
const struct rows *ledger_ask_register(
	struct batch *writes, const struct ledger_entry *entry, const struct ticket *number);
/* One more event, on top of version `after->c.version - 1`; `number` when the event gives the
 * number (receipt_confirmed). No row back: somebody was faster, or the key was used before. */
const struct rows *ledger_ask_append(
	struct batch *writes, const struct ledger_entry *entry, const struct ticket *number);

/*
 * A paper is issued: `entry->event` is document_issued with number, text and hash. The row is
 * written only when the counter of its kind and year stands at serial - 1. No row back:
 * somebody was faster with the case or the number, or the key was used before.
 */
const struct rows *ledger_ask_issue(struct batch *writes, const struct ledger_entry *entry);

/*
 * Several events that stand or fall together, one a case, in one write. First the opening: it
 * locks the cases, and stores the key only when each still has its version (`version[i]`:
 * before the event) and `calendar` is the newest. No row back: somebody was faster, or the key
 * was used before; nothing of the write is stored then. Behind it ledger_ask_append_open for
 * each, with the same key; their entries have none.
 */
const struct rows *ledger_ask_open(struct batch *writes, const struct remembered *key,
	const int32_t *org, const struct uuid *id, const int32_t *version, int cases,
	int64_t calendar, int64_t now);
void ledger_ask_append_open(
	struct batch *writes, const struct ledger_entry *entry, const struct remembered *key);

/*
 * The same with numbers: one case that must still have its version, and `count` serials in a
 * row from that of the ticket, in whatever organisation. Behind it ledger_ask_append_open.
 */
const struct rows *ledger_ask_open_numbers(struct batch *writes, const struct remembered *key,
	const struct uuid *id, int32_t version, const struct ticket *first, int32_t count,
	int64_t calendar, int64_t now);
/*
 * What is made in the same write beside the event `own` that ledger_ask_append_open stores, and
 * only with it: a new case with its first event (`after` may hold more than that), and further
 * events of that case.
 */
void ledger_ask_register_behind(
	struct batch *writes, const struct ledger_entry *entry, const struct ledger_entry *own);
void ledger_ask_event_behind(
	struct batch *writes, const struct ledger_entry *entry, const struct ledger_entry *own);

#endif
