/* SPDX-License-Identifier: MulanPSL-2.0 */
/*
 * store/document: papers issued and the templates they are made from: tables letter_template,
 * document_counter and issued_document. Of several templates of one name that of the nearest
 * organisation holds, of its own the one that became valid last; without any the program's.
 */
#ifndef OGID_STORE_DOCUMENT_H
#define OGID_STORE_DOCUMENT_H

#include "store/audit.h"
#include "store/directory.h"

/* ---- templates ---- */

/* One version as stored. */
struct letter_template {
	int32_t org, version, by; /* by: user id, 0 none */
	const char *name, *text;  /* text "": what is inherited holds */
	struct ogi_date valid_from;
	int64_t at;
};
void letter_template_read(const struct rows *r, int row, struct letter_template *ret_template);

/* Those in force on a day for an organisation: its own and those of the organisations above. */
const struct rows *letter_ask_in_force(
	struct batch *b, const struct directory *d, int32_t org, struct ogi_date day);
/* The one of a name that holds for `org` among them; NULL: the program's. */
const struct letter_template *letter_in_force(const struct directory *d, const struct rows *r,
	int32_t org, const char *name, struct letter_template *buf);
/* All versions of a name in the organisation and above it, newest first. */
const struct rows *letter_ask_versions(
	struct batch *b, const struct directory *d, int32_t org, const char *name);
/* The last version number of a name of the organisation itself: one row, 0 when there is none.
 */
const struct rows *letter_ask_last(struct batch *b, int32_t org, const char *name);
/* One more version, gated by its audit entry. 23505 (in the whole write) when somebody was
 * faster. */
void letter_ask_add(struct batch *writes, const struct audit_mark *gate,
	const struct letter_template *template);

/* ---- numbers ---- */

/* The last number of a kind and year; no row: none was given. */
const struct rows *document_ask_last(
	struct batch *b, int32_t org, const char *document, int32_t year);
int32_t document_last(const struct rows *r);

extern const struct stmt letter_all, letter_versions, letter_last, letter_add,
	document_last_get;

#endif
