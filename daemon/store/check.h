/* SPDX-License-Identifier: MulanPSL-2.0 */
/* store/check: the questions of `ogid verify`, `refold` and `check`: whole cases page by page,
 * numbers, chains. */
#ifndef OGID_STORE_CHECK_H
#define OGID_STORE_CHECK_H

#include "store/case.h"

extern const struct stmt check_cases, check_events, check_texts, check_numbers, check_gaps,
	check_chain_audit, check_chain_disclosure, check_chain_review, check_chain_statistics,
	check_chain_register, check_heads, check_attachments, check_attachments_lost,
	check_attachments_astray, check_documents, check_issued;

/* Cases after (org, id) in that order, with their columns as case_read wants them; at most
 * `most`. */
const struct rows *check_ask_cases(
	struct batch *b, int32_t org, const struct uuid *after, int32_t most);
/* Events of the cases from (org, id) to (org2, id2), in order of case and seq (columns of
 * event_read, then kind, on, recorded, seq, actor). */
const struct rows *check_ask_events(struct batch *b, int32_t org, const struct uuid *from,
	int32_t org2, const struct uuid *to);
/* Texts without their event. */
const struct rows *check_ask_texts(struct batch *b);
/* Per organisation and year: org, year, highest serial, last of the counter. */
const struct rows *check_ask_numbers(struct batch *b);
/* Missing serials that are not declared: org, year, first, last; at most 1,000. */
const struct rows *check_ask_gaps(struct batch *b);
/* Chained registers after (org, seq): org, seq, canonical, prev_hash, hash, actor, what the
 * columns say as JSON; of items also their publications and the audit entries that promise
 * them. */
const struct rows *check_ask_chain(
	struct batch *b, const struct stmt *chain, int32_t org, int64_t after, int32_t most);
/* Papers per organisation, kind and year, where they do not add up: org, document, year, how
 * many there are, highest serial, last of the counter; at most 1,000. */
const struct rows *check_ask_documents(struct batch *b);
/* Papers that no event tells of: org, case, seq, document, year, serial; at most 1,000. */
const struct rows *check_ask_issued(struct batch *b);
/* Heads: org, register, seq, hash. */
const struct rows *check_ask_heads(struct batch *b);

/* Attachments after (org, case, n): org, case, n, upload, name, salt, type, size, hash,
 * recorded, actor, and the canonical bytes of their entry in the audit (null: there is none).
 */
const struct rows *check_ask_attachments(
	struct batch *b, int32_t org, const struct uuid *id, int32_t n, int32_t most);
/* Entries of the audit whose attachment is missing: org, seq, case; at most 1,000. */
const struct rows *check_ask_attachments_lost(struct batch *b);
/* Files taken over from another case that are not there, or out of their order: case id, n. */
const struct rows *check_ask_attachments_astray(struct batch *b);

#endif
