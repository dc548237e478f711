/* SPDX-License-Identifier: MulanPSL-2.0 */
/* api/disclosures: what the routes of the disclosure register share with its importer. */
#ifndef OGID_API_DISCLOSURES_H
#define OGID_API_DISCLOSURES_H

#include "api/app.h"
#include "store/disclosure.h"

/*
 * Checks an item beyond its rows and fills what follows from it: published_on = first
 * publication, publications without a day = that of the item or today, due_on = 20 working days
 * after created_on (art. 26). Faults are added at `f`.
 */
void disclosure_complete(struct disclosure *d, const struct ogi_calendar *cal,
	struct ogi_date today, struct arena *a, struct faults *f);

/* One item of the scope with its reviews: asked for on x->reads, then the whole answer, also of
 * every write to it. */
struct disclosure_show {
	struct uuid id;
	const struct rows *item, *reviews, *history;
	struct disclosure_row row;
};
void disclosure_show_ask(struct exchange *x, struct disclosure_show *s);
/* Fills s->row; false when there is no such item. */
bool disclosure_show_read(struct exchange *x, struct disclosure_show *s);
const struct problem *disclosure_show_reply(
	struct exchange *x, struct disclosure_show *s, int status);
const struct problem *disclosure_none(struct exchange *x); /* 404 */
/* 403 when the register is that of another organisation. */
const struct problem *disclosure_own_only(struct exchange *x, int32_t org);
/* A fault when the date lies behind today. */
void disclosure_not_later(
	struct ogi_date date, struct ogi_date today, const char *pointer, struct faults *f);

#endif
