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
extern const struct code disclosure_categories[], disclosure_articles[], publication_channels[];

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

struct review_new {
	int32_t actor, decision; /* enum ogi_review_decision */
	struct uuid item;
	const char *login, *note;
	struct texts checks;
	struct ogi_date on;
	int64_t now;
};
const struct rows *review_ask_add(struct arena *a, struct batch *writes,
	const struct review_new *review, const struct ticket *ticket, const struct keys *keys,
	const struct remembered *key, struct mac *ret_hash);

#endif
