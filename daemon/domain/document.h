/* SPDX-License-Identifier: MulanPSL-2.0 */
/*
 * domain/document: the papers of a case (文书, D:lifecycle §7): which there are, what each
 * tells of, when it can be issued, and what a decision must say about remedies.
 */
#ifndef OGID_DOMAIN_DOCUMENT_H
#define OGID_DOMAIN_DOCUMENT_H

#include "domain/case.h"

enum ogi_document_index {
	OGI_NO_DOCUMENT,
	OGI_DOC_APPLICATION,
	OGI_DOC_REG_SHEET,
	OGI_DOC_RECEIPT,
	OGI_DOC_CORRECTION,
	OGI_DOC_ASK_REASON,
	OGI_DOC_EXTENSION,
	OGI_DOC_CONSULT_TP,
	OGI_DOC_CONSULT_ACK,
	OGI_DOC_CONSULT_NOTE,
	OGI_DOC_TP_NOTICE,
	OGI_DOC_CONSULT_JOINT,
	OGI_DOC_ASSIST,
	OGI_DOC_FEE_NOTICE,
	OGI_DOC_REPLY,
	OGI_DOC_SERVICE,
	OGI_DOC_REVIEW_SHEET,
	OGI_DOC_HANDOVER_SHEET,
	OGI_DOCUMENTS,
};
/* Codes and titles; index = enum, 0 is "". */
extern const struct code ogi_document_codes[];

struct ogi_document {
	const char *word;       /* of its number, after the agency's own: 朱村依申 + 复 */
	enum ogi_event_kind of; /* the event it tells of; OGI_NO_EVENT: the case */
	int32_t party;          /* of the consultation it tells of, 0 any */
	bool decided;           /* tells of the decision: there must be one */
	const char *zh_2008;    /* its title under R2008, NULL the same */
};
extern const struct ogi_document ogi_documents[]; /* index = enum */

int ogi_document_find(const char *code); /* -1 when there is none; "" is none */

/*
 * The event a document tells of, with what was amended: the one with that seq, or with 0 the
 * newest; retracted ones never. False when there is none, and for documents that tell of the
 * case.
 */
bool ogi_document_event(
	const struct ogi_history *h, int document, int32_t seq, struct ogi_event *ret_event);
/* The case has what the document tells of. `c` is the fold of `h`. */
bool ogi_document_ready(
	const struct ogi_case *c, const struct ogi_history *h, int document, int32_t seq);
/* The newest issue of a document, of the event `of` (0: whatever it tells of); not retracted,
 * and of a decision: not one of an earlier handling. NULL when there is none. */
const struct ogi_event *ogi_document_issue(
	const struct ogi_history *h, int document, int32_t of);

/* What the letter says about remedies (D:outcomes §2). */
enum ogi_remedy_notice {
	OGI_NOTICE_NONE,                 /* nothing is withheld: an acknowledgement */
	OGI_NOTICE_CHOICE,               /* reconsideration or suit */
	OGI_NOTICE_RECONSIDERATION_FIRST /* 行政复议法 2023 art. 23, from 2024-01-01 */
};
enum ogi_remedy_notice ogi_remedy_notice(int outcome, int variant, struct ogi_date decided_on);
/* Months to sue: 6; 3 for what was decided before 2015-05-01 (行政诉讼法). */
int ogi_suit_months(struct ogi_date decided_on);

#endif
