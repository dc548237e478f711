/* SPDX-License-Identifier: MulanPSL-2.0 */
/*
 * store/retention: personal data whose time is over. What was written by and to people is
 * destroyed: texts of events, the applicant, names and bytes of files. Events, hashes, dates,
 * outcomes and figures stay.
 */
#ifndef OGID_STORE_RETENTION_H
#define OGID_STORE_RETENTION_H

#include "store/audit.h"

extern const struct stmt retention_cases, retention_texts, retention_applicant, retention_files;

/*
 * Cases archived (void ones: ended) on or before the day that still hold something, behind
 * (org, id); not those whose files a case reads that is still kept. Columns: org_id, id, texts,
 * files (how many are left); at most `most`.
 */
const struct rows *retention_ask_cases(struct batch *b, struct ogi_date before, int32_t org,
	const struct uuid *after, int32_t most);
/* Destroys what a case holds, in the write of the audit entry that says so. */
void retention_ask_destroy(struct batch *writes, const struct audit_mark *mark,
	const struct uuid *id, struct ogi_date today);

#endif
