/* SPDX-License-Identifier: MulanPSL-2.0 */
/* cli/case_view: a case, and the story of its events, as lines a clerk reads. */
#ifndef OGI_CLI_CASE_VIEW_H
#define OGI_CLI_CASE_VIEW_H

#include "cli/client.h"

/* What one wants to know after a change: number, state, dates, outcome; the query code when it
 * is there. */
void case_view_summary(struct client *c, const json_t *ogi_case);

/* What the calculator says: receipt, due date, clock, light. */
void case_view_dates(struct client *c, const json_t *dates);

/* Everything that is set, and what may be done now. */
void case_view_full(struct client *c, const json_t *ogi_case);

/* The events, oldest first: number, date, kind, actor; below it the fields and how the due date
 * moved. */
void case_view_story(struct client *c, const json_t *events);

/* How a case is addressed: its number, "org:number" when `org` (NULL: any) is another one, or
 * its id. free() it. */
char *case_view_number(const json_t *ogi_case, const char *org);

/* The value of a field in words: labels for codes, lists joined; NULL for null and empty lists.
 * free() it. */
char *case_view_value(struct client *c, const char *field, json_t *value);

#endif
