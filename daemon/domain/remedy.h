/* SPDX-License-Identifier: MulanPSL-2.0 */
/*
 * domain/remedy: the periods of reconsideration and suit (行政复议法 2023, 行政诉讼法;
 * D:deadlines §11). Natural days and months unless said otherwise; the first day is not
 * counted, a last day of rest rolls on to the next working day (民事诉讼法 art. 85). No date
 * gives no date.
 */
#ifndef OGID_DOMAIN_REMEDY_H
#define OGID_DOMAIN_REMEDY_H

#include "domain/calendar.h"

/* To apply for reconsideration: 60 days from knowing of the act (行政复议法 art. 20). */
struct ogi_date ogi_reconsider_by(const struct ogi_calendar *cal, struct ogi_date knew);
/* To sue directly: 6 months from knowing of the act, 3 for acts before 2015-05-01
 * (行政诉讼法 art. 46). */
struct ogi_date ogi_sue_by(
	const struct ogi_calendar *cal, struct ogi_date acted, struct ogi_date knew);
/* To sue after a reconsideration: 15 days from receiving its decision (行政诉讼法 art. 45). */
struct ogi_date ogi_sue_after_by(const struct ogi_calendar *cal, struct ogi_date received);
/* To sue for failure to reply: 6 months from the end of the reply period (法释〔2018〕1号 art.
 * 66).
 */
struct ogi_date ogi_sue_inaction_by(const struct ogi_calendar *cal, struct ogi_date due);
/* The agency's answer: 10 working days from receiving the copy, 5 in the simplified procedure
 * (行政复议法 art. 48, 54, 88). */
struct ogi_date ogi_answer_by(
	const struct ogi_calendar *cal, struct ogi_date copy_received, bool simplified);
/* The decision of the reconsideration: 60 days from acceptance, 30 simplified (art. 62). */
struct ogi_date ogi_reconsidered_by(
	const struct ogi_calendar *cal, struct ogi_date accepted, bool simplified);
/* The judgment of first instance: 6 months from acceptance, 45 days simplified (行政诉讼法
 * art. 81, 83). */
struct ogi_date ogi_judged_by(
	const struct ogi_calendar *cal, struct ogi_date accepted, bool simplified);

/*
 * Reconsideration comes before a suit (行政复议法 2023 art. 23, in force 2024-01-01): refusals
 * under art. 14 to 16 of the Regulations (法释〔2025〕8号 art. 1), and what is withheld of a
 * partial grant. Not for `refuse.special_inquiry`, which rests on art. 36(7).
 */
bool ogi_reconsider_first(int outcome, struct ogi_date decided_on);

#endif
