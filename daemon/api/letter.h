/* SPDX-License-Identifier: MulanPSL-2.0 */
/*
 * api/letter: a paper of a case made from its template (D:lifecycle §7): which template, what
 * it may fill in, and the filled-in page. A letter never computes: every date and label is one
 * of the fold, as the API shows it.
 */
#ifndef OGID_API_LETTER_H
#define OGID_API_LETTER_H

#include "api/app.h"
#include "base/template.h"
#include "domain/document.h"
#include "store/case.h"
#include "store/document.h"

/* The program's own templates, by name; read from data/templates/letters when it was built. */
extern const struct template_source letter_defaults[];
extern const int letter_defaults_count;

enum { LETTER_BYTES = 512 * 1024 }; /* of a page at most */

struct letter {
	const struct case_row *row;
	const struct ogi_history *history;
	const struct ogi_rules *rules;
	int document;       /* enum ogi_document_index */
	int32_t of;         /* seq of the event it tells of, 0 the newest */
	struct ogi_date on; /* its date */
	int32_t serial;     /* of its number; 0: not issued, a preview */
	const char *title;  /* NULL: that of the document under the case's regime */
};

/* "朱村依申复〔2025〕27号"; without a serial a blank stands in its place. */
const char *letter_number(struct exchange *x, const struct letter *l);
const char *letter_title(const struct letter *l);
/* Name of the template: that of the document, for replies also of outcome and regime. */
const char *letter_name(struct exchange *x, const struct letter *l);
/* What templates may fill in, as GET /v1/templates/{name} lists it; an object, in the arena. */
json_t *letter_data(struct exchange *x, const struct letter *l);
/* The same for a made-up case in which everything there can be is something: what a template is
 * checked against. */
json_t *letter_example(struct exchange *x);
/* What the letter names and the organisation has not set: "reconsideration_authority", "court".
 * NULL-ended, in the arena. */
const char *const *letter_missing(struct exchange *x, int32_t org, struct ogi_date on);

/* All sources that hold for an organisation: the program's, with those of `in_force`
 * (letter_ask_in_force) in their place. In the arena; letter_defaults_count of them. */
const struct template_source *letter_sources(
	struct exchange *x, int32_t org, const struct rows *in_force);
/* The page, or a 500 when a template cannot be read or the page is too long. */
const struct problem *letter_fill(struct exchange *x, const struct letter *l,
	const struct rows *in_force, struct buf *out);
/* The same with another text in place of the template of the letter, which has been checked. */
const struct problem *letter_fill_with(struct exchange *x, const struct letter *l,
	const struct template_source *source, const struct rows *in_force, struct buf *out);

/* The headers of a page that is shown and printed: HTML, without scripts, pictures or requests.
 */
void letter_headers(struct exchange *x);

#endif
