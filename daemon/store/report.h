/* SPDX-License-Identifier: MulanPSL-2.0 */
/*
 * store/report: what the annual report tells beside the official forms: items by category and
 * by channel, requests by channel and subject, answers by the office's own words; and the texts
 * of its sections. What counts and when is that of store/statistics.
 */
#ifndef OGID_STORE_REPORT_H
#define OGID_STORE_REPORT_H

#include "store/audit.h"
#include "store/statistics.h"

/* Counts of a period; one batch. Columns:
 * categories, channels: code, number;
 * received: channel, subject ("" none), number;
 * answers: outcome, variant ("" none), chosen form ("" none), the office's label ("" none),
 *   subject ("" none), basis (JSON list as text, "" none), number; the most frequent first,
 *   REPORT_ANSWERS at most. */
struct report_questions {
	const struct rows *categories, *channels, *received, *answers;
};
enum { REPORT_ANSWERS = 500 };
void report_ask(struct batch *b, const struct statistics_asked *asked,
	struct report_questions *ret_questions);

/* ---- texts ---- */

struct report_text {
	int32_t org, year, section, version, by; /* by: user id, 0 none */
	const char *text;                        /* "": taken back */
	int64_t at;
};
/* The newest version of each section of the year and of the year before. */
const struct rows *report_ask_texts(struct batch *b, int32_t org, int32_t year);
void report_text_read(const struct rows *r, int row, struct report_text *ret_text);
/* The text of a section among them; false when there is none or it was taken back. */
bool report_text_of(
	const struct rows *r, int32_t year, int32_t section, struct report_text *ret_text);
/* The last version number of a section, 0 when there is none. */
int32_t report_text_version(const struct rows *r, int32_t year, int32_t section);
/* One more version, gated by its audit entry. 23505 (in the whole write) when somebody was
 * faster. */
void report_ask_add(
	struct batch *writes, const struct audit_mark *gate, const struct report_text *text);

extern const struct stmt report_categories, report_channels, report_received, report_answers,
	report_texts, report_text_add;

#endif
