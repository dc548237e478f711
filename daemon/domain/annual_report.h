/* SPDX-License-Identifier: MulanPSL-2.0 */
/*
 * domain/annual_report: the annual report 政府信息公开工作年度报告 as tables (D:annual-report):
 * its six sections before and since 2019, the day it must be public, how shares are rounded,
 * and how figures in prose are found and compared with the figures of the year.
 */
#ifndef OGID_DOMAIN_ANNUAL_REPORT_H
#define OGID_DOMAIN_ANNUAL_REPORT_H

#include "domain/statistics.h"

enum { OGI_REPORT_FIRST_YEAR = 2008, OGI_REPORT_SECTIONS = 6 };

/* What the generated part of a section tells of; several may stand in one section. */
enum ogi_report_part {
	OGI_REPORT_DISCLOSED = 1u << 0, /* items by category and by channel */
	OGI_REPORT_REQUESTS = 1u << 1,  /* received, subjects, answered */
	OGI_REPORT_FEES = 1u << 2,
	OGI_REPORT_REMEDIES = 1u << 3, /* reconsideration, litigation, complaints */
	OGI_REPORT_PROBLEMS = 1u << 4, /* with last year's */
	OGI_REPORT_TABLE_2 = 1u << 5,  /* the official tables stand here */
	OGI_REPORT_TABLE_3 = 1u << 6,
	OGI_REPORT_TABLE_4 = 1u << 7,
	OGI_REPORT_ORGANISATION = 1u << 8, /* organisation, meetings, training, responses */
};
struct ogi_report_section {
	int number;
	const char *mark, *zh, *en; /* "一", heading */
	unsigned parts;             /* of enum ogi_report_part */
	bool narrative;             /* without a text of the office it says nothing */
	const char *source;         /* article */
};
/* OGI_REPORT_SECTIONS of them; NULL when there was no report yet. */
const struct ogi_report_section *ogi_report_sections(int year);
/* The section that tells of problems, from 1. */
int ogi_report_problems(int year);
/* The form whose rows count the report: that of the year, before 2014 that of 2014. */
const struct ogi_form *ogi_report_form(int year);
/* The last day to publish: 31 March under R2008 (art. 31); 31 January since 2019 (R2019
 * art. 49). It does not move for a rest day. */
struct ogi_date ogi_report_due(int year);

/* A share in whole percent, half and more rounded up; 0 of 0 is 0. *ret_exact: nothing was
 * rounded. */
int ogi_report_percent(int64_t part, int64_t whole, bool *ret_exact);

/* ---- figures in prose ---- */

enum ogi_unit { OGI_UNIT_COUNT, OGI_UNIT_YUAN, OGI_UNIT_PERCENT };
/* A figure written in digits with its unit: "收到申请2件", "644 条", "３０万元". */
struct ogi_prose_figure {
	enum ogi_unit unit;
	int64_t value;    /* money in yuan, else as written */
	size_t at, bytes; /* where the figure with its unit stands */
	size_t from;      /* where its clause begins */
};
/* The next figure at or behind `from`; false when there is none. Dates, document numbers and
 * ordinals are none: what has no unit word is not counted. */
bool ogi_prose_next(const char *text, size_t from, struct ogi_prose_figure *ret_figure);

/* A word that says what the figure behind it in the same clause counts, and the key of that
 * figure. Longer words first. */
struct ogi_prose_word {
	const char *word;
	enum ogi_unit unit;
	const char *key;
};
/* Key of what the figure counts, by the word nearest before it in its clause; NULL: it cannot
 * be told. Keys are those of the forms, and "p.cat.CODE", "p.by.CHANNEL", "a.subject.CODE" of
 * the report. */
const char *ogi_prose_key(
	const char *text, const struct ogi_prose_figure *figure, bool before_2019);

#endif
