/* SPDX-License-Identifier: MulanPSL-2.0 */
/* store/outbox: table outbox, the messages of the night to people of the office. A person gets
 * one of a kind a day, however often the night is run. */
#ifndef OGID_STORE_OUTBOX_H
#define OGID_STORE_OUTBOX_H

#include "db/batch.h"

extern const struct stmt outbox_add, outbox_waiting, outbox_delivered, outbox_failed,
	outbox_forget;

/* Texts are borrowed. */
struct outbox_message {
	int32_t org;
	struct ogi_date day;
	const char *recipient, *kind; /* login; "digest" */
	const char *subject, *body;
	int64_t created_at;
	const char
		*email; /* read only; NULL: the person has none, or may not log in any more */
};
/* A write; rows_affected is 0 when the person has it already. */
const struct rows *outbox_ask_add(struct batch *writes, const struct outbox_message *m);
/* At most OUTBOX_PAGE that wait, of days since `since`, behind `after` (NULL: the first). */
enum { OUTBOX_PAGE = 100 };
const struct rows *outbox_ask_waiting(
	struct batch *b, struct ogi_date since, const struct outbox_message *after);
void outbox_read(const struct rows *r, int row, struct outbox_message *ret_message);
/* An attempt: delivered at an instant, or failed for a reason. */
void outbox_ask_delivered(struct batch *writes, const struct outbox_message *m, int64_t now);
void outbox_ask_failed(struct batch *writes, const struct outbox_message *m, const char *why);
/* What was written before the instant goes. */
const struct rows *outbox_ask_forget(struct batch *writes, int64_t before);

#endif
