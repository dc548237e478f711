/* SPDX-License-Identifier: MulanPSL-2.0 */
/*
 * store/disclosure: the proactive disclosure register (D:annual-report §4, §5): items and their
 * secrecy reviews, each chained, and where an item was published.
 */
#ifndef OGID_STORE_DISCLOSURE_H
#define OGID_STORE_DISCLOSURE_H

#include "store/audit.h"

#include "domain/event.h"

/* Index 0 of each list is "" = not given. */
extern const struct code disclosure_categories[], disclosure_articles[], publication_channels[],
	disclosure_attributes[], review_steps[];

struct publication {
	int32_t channel;
	struct ogi_date published_on;
	const char *locator;
};
extern const struct field publication_rows[];

struct disclosure {
	const char *org; /* code, as a body may give it */
	const char *external_ref, *title, *doc_no, *index_no, *summary, *owner;
	int32_t category, category_art20;
	bool is_normative, is_rule, demo, historic;
	struct ogi_date created_on, published_on, due_on, valid_until, repealed_on;
	struct uuid source_case;
	struct objects publications; /* struct publication */
};
extern const struct field disclosure_rows[]; /* of a body */
extern const struct field
	disclosure_import_rows[]; /* of a line: org, demo and historic as well */

/* A new item with its publications, on top of the ticket's head. One row when it was stored;
 * none when somebody was faster, the key was used or external_ref is known. */
struct disclosure_new {
	const struct disclosure *item;
	struct uuid id;
	int32_t actor;
	const char *login;
	int64_t now;
};
const struct rows *disclosure_ask_add(struct arena *a, struct batch *writes,
	const struct disclosure_new *item, const struct ticket *ticket, const struct keys *keys,
	const struct remembered *key, struct mac *ret_hash);

/* Which of the references the organisation has. */
const struct rows *disclosure_ask_refs(
	struct batch *b, int32_t org, const char *const *refs, int count);

/* One item of the scope with its publications, and its reviews. */
struct disclosure_row {
	struct uuid id;
	int32_t org, actor;
	int64_t seq, recorded_at;
	struct disclosure item;
	const char *review; /* the last decision, or NULL */
	struct ogi_date review_on;
	struct mac hash;
	struct ogi_date withdrawn_on;
	struct uuid replaced_by; /* another item, or none */
};
const struct rows *disclosure_ask(
	struct batch *b, const int32_t *scope, int scopes, const struct uuid *id);
const struct rows *disclosure_ask_reviews(
	struct batch *b, const int32_t *scope, int scopes, const struct uuid *id);
void disclosure_read(
	const struct rows *r, int row, struct arena *a, struct disclosure_row *ret_row);
struct review_row {
	int64_t seq, recorded_at;
	struct ogi_date on;
	const char *decision, *canonical;
	int32_t actor;
	struct mac hash;
};
void review_read(const struct rows *r, int row, struct review_row *ret_review);

struct disclosure_filter {
	const int32_t *scope;
	int scopes, year; /* of first publication, 0 all */
	struct texts categories, channels;
	const char *q; /* in title or document number, NULL all */
	struct texts articles;
	const bool *overdue,
		*published; /* NULL all; overdue: not published, though it was due */
	struct ogi_date today;
	bool after; /* keyset: published_on and id of the last one seen; no date = not published
		     */
	struct ogi_date after_on;
	struct uuid after_id;
	int limit; /* one more is asked for */
};
/* Not yet published first, then the newest publication. */
const struct rows *disclosure_ask_list(struct batch *b, const struct disclosure_filter *filter);

/* Once per channel; gated by its audit entry. */
void publication_ask_add(struct batch *writes, const struct audit_mark *gate,
	const struct uuid *item, const struct publication *publication);

/* How long an item is valid, and what became of it: all four as they are from now on. Gated by
 * its audit entry, which tells them. */
struct disclosure_validity {
	struct ogi_date valid_until, repealed_on, withdrawn_on;
	struct uuid replaced_by;
	const char *reason;
};
void disclosure_ask_validity(struct batch *writes, const struct audit_mark *gate,
	const struct uuid *item, const struct disclosure_validity *validity);
/* What was done to an item since it was registered, oldest first: action, at, actor, canonical
 * of the audit. */
const struct rows *disclosure_ask_history(
	struct batch *b, const int32_t *scope, int scopes, const struct uuid *id);

/* One sheet of the review 政府信息公开审查呈批单 (D:annual-report §5): who publishes, reviews
 * and answers for it, what each step said. */
struct review_opinion {
	int32_t step; /* review_steps */
	const char *name, *opinion;
	struct ogi_date on;
};
struct review_sheet {
	int32_t decision, proposed; /* enum ogi_review_decision; disclosure_attributes */
	struct ogi_date on, referred_on, answered_on;
	struct texts checks;
	const char *reason, *publisher, *responsible, *referred_to, *answer, *note;
	struct objects opinions; /* struct review_opinion */
};
extern const struct field review_rows[];

struct review_new {
	int32_t actor;
	struct uuid item;
	const char *login;
	struct review_sheet sheet;
	int64_t now;
};
const struct rows *review_ask_add(struct arena *a, struct batch *writes,
	const struct review_new *review, const struct ticket *ticket, const struct keys *keys,
	const struct remembered *key, struct mac *ret_hash);

#endif
