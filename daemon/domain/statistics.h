/* SPDX-License-Identifier: MulanPSL-2.0 */
/*
 * domain/statistics: the official forms as tables (D:statistics). A row says what it counts and
 * by which date; identities say what must agree. The forms are chosen by report year: f14
 * 2014..2018 (国办发〔2014〕32号), f19 2019 and 2020 (国办公开办函〔2019〕60号), f21 from 2021
 * (国办公开办函〔2021〕30号).
 */
#ifndef OGID_DOMAIN_STATISTICS_H
#define OGID_DOMAIN_STATISTICS_H

#include "domain/case.h"

/* The columns 申请人情况; a cell that is not counted by applicant stands under the total. */
enum ogi_column {
	OGI_COLUMN_NATURAL,
	OGI_COLUMN_BUSINESS,
	OGI_COLUMN_RESEARCH,
	OGI_COLUMN_PUBLIC_INTEREST,
	OGI_COLUMN_LEGAL_SERVICE,
	OGI_COLUMN_OTHER_ORG,
	OGI_COLUMN_TOTAL,
	OGI_COLUMNS,
};
extern const struct code ogi_columns[]; /* index = enum */

/* Where a cell comes from and what `match` chooses there (NULL: all). */
enum ogi_form_source {
	/* headings */
	OGI_FROM_NOTHING,
	/* entries of a small register: the key of the row; domain/register says which */
	OGI_FROM_REGISTER,
	/* items by first publication in the period; "normative" = that flag, else channels */
	OGI_FROM_DISCLOSURES,
	/* rules and normative documents among the items: "rules" or "normative", then "made",
	   "repealed", "published" in the period, "valid" or "public" at its end */
	OGI_FROM_DOCUMENTS,
	/* cases by receipt date in the period; channel */
	OGI_FROM_RECEIVED,
	/* cases received before the period and not closed before it */
	OGI_FROM_CARRIED_IN,
	/* cases received by the end of the period and not closed by then */
	OGI_FROM_CARRIED_OUT,
	/* cases by first closing in the period; "on_time", "extended", "late", "unanswered" */
	OGI_FROM_CLOSED,
	/* cases by first closing in the period that are an answer; key of the 2014 form, or
	   what such keys begin with ("a.refuse.") */
	OGI_FROM_ANSWERED,
	/* cases by first closing in the period; code of the outcome, or what codes begin with
	   ("other.") */
	OGI_FROM_RESULTS,
	/* kinds:results, no result = all: concluded in the period, or "pending" at its end */
	OGI_FROM_REMEDIES,
	/* kinds: accepted in the period */
	OGI_FROM_COMPLAINTS,
	/* fees paid in the period */
	OGI_FROM_FEES,
	/* sum of the rows whose key begins with it */
	OGI_FROM_SUM,
};
struct ogi_form_row {
	int number;      /* printed row number, 0 for a heading and for what is not printed */
	const char *key; /* without the form prefix, "a.received"; NULL for a heading */
	const char *mark, *zh, *en,
		*unit; /* official mark ("（一）"), label and unit, letter by letter */
	enum ogi_form_source source;
	const char *match; /* several channels, kinds or results are separated by spaces */
	bool by_applicant; /* seven columns; else one */
};

/* What must agree. The sides are sums of the keys named, separated by spaces. Identities with
 * the same id hold together. */
enum ogi_relation {
	OGI_EQUAL,          /* left = right */
	OGI_AT_MOST,        /* left <= right */
	OGI_AT_LEAST,       /* left >= right */
	OGI_COLUMNS_ADD_UP, /* in every row by applicant: the total = sum of the six columns */
	OGI_NOT_NEGATIVE,   /* every cell */
	OGI_CARRIES_OVER,   /* left = right of the period before */
};
struct ogi_identity {
	const char *id, *left, *right;
	enum ogi_relation relation;
	bool warning_only;
};

enum { OGI_FORM_ROWS = 96, OGI_CHECKS = 128 };
struct ogi_form {
	const char *code; /* "f14" */
	int first_year, last_year;
	const struct ogi_form_row *row; /* ends with a row whose zh is NULL */
	int rows;
	const struct ogi_identity *identity; /* ends with id NULL */
};
extern const struct ogi_form ogi_form_2014, ogi_form_2019, ogi_form_2021;

/* The form of a report year, NULL before 2014. */
const struct ogi_form *ogi_form_of_year(int year);
/* Index in form->row of a key, or -1. */
int ogi_form_find(const struct ogi_form *form, const char *key);
/* True for a row of 万元: its cells count yuan. */
bool ogi_row_is_money(const struct ogi_form_row *row);

/* A part of a year: first day, and the day after the last. */
struct ogi_span {
	struct ogi_date from, to;
};
struct ogi_span ogi_span_of_year(int year);
/* A part of a year: "2025Q1" .. "2025Q4", "2025M01" .. "2025M12" (D:seed §2 no. 26: quarterly,
 * monthly returns). False when it is none of that year. */
bool ogi_span_of_period(const char *period, int year, struct ogi_span *ret_span);

/* cell[i][c]: row i of the form, column c. */
struct ogi_cells {
	int64_t cell[OGI_FORM_ROWS][OGI_COLUMNS];
};

/* What one case gives the form of a period (first closing counts, D:statistics §1.2). */
struct ogi_case_fact {
	bool received, carried_in, closed, carried_out;
	bool extended, late;      /* closed after the base date, after the extended date */
	int32_t channel, kind;    /* 0 not said */
	int32_t outcome, variant; /* of the first closing, when it lies in the period */
	int32_t form; /* outcome of the other generation that the office chose, 0: the default
		       */
};
/* The fact of a case; false when it counts nowhere in the period: not registered, void, other
 * years. */
bool ogi_case_fact_of(
	const struct ogi_case *c, struct ogi_span span, struct ogi_case_fact *ret_fact);
/* Outcome of the catalogue from 2019 on that a closing counts as; old codes by what the office
 * chose, else by the default of D:outcomes §3.1. OGI_NO_OUTCOME: the reason would have to
 * choose; it counts as OGI_OTHER_OTHER. */
int ogi_fact_result(const struct ogi_case_fact *fact);
/* Key of the 2014 form, NULL: closed without an answer. */
const char *ogi_fact_answer(const struct ogi_case_fact *fact);

/* One remedy as the period sees it. */
struct ogi_remedy_fact {
	int32_t kind, result;     /* result 0: pending at the end of the period */
	bool accepted, concluded; /* in the period */
};
bool ogi_remedy_fact_of(
	const struct ogi_remedy *m, struct ogi_span span, struct ogi_remedy_fact *ret_fact);

/* True when the case or the remedy counts in the row, whatever the column. */
bool ogi_row_counts(const struct ogi_form_row *row, const struct ogi_case_fact *fact);
bool ogi_row_counts_remedy(const struct ogi_form_row *row, const struct ogi_remedy_fact *fact);
/* True when the case counts in that column of the row. */
bool ogi_cell_counts(
	const struct ogi_form_row *row, int column, const struct ogi_case_fact *fact);
/* Adds n such cases, n such remedies. */
void ogi_cells_add(const struct ogi_form *form, const struct ogi_case_fact *fact, int64_t n,
	struct ogi_cells *cells);
void ogi_cells_add_remedy(const struct ogi_form *form, const struct ogi_remedy_fact *fact,
	int64_t n, struct ogi_cells *cells);
/* Fills the rows that are sums of others, once everything was added. */
void ogi_cells_sum(const struct ogi_form *form, struct ogi_cells *cells);

/* One identity in one column. */
struct ogi_check {
	const struct ogi_identity *identity;
	int row; /* OGI_COLUMNS_ADD_UP: the row; else -1 */
	int column;
	bool holds;
	int64_t left, right;
};
/* All checks of a form; `before` is the carry of the period before by column, NULL: not known,
 * then OGI_CARRIES_OVER is left out. Returns their number. */
int ogi_form_checks(const struct ogi_form *form, const struct ogi_cells *cells,
	const int64_t *before, struct ogi_check ret_checks[OGI_CHECKS]);
/* True when the fact weighs differently on the two sides of the check: such cases break it. */
bool ogi_check_broken_by(const struct ogi_form *form, const struct ogi_check *check,
	const struct ogi_case_fact *fact);

#endif
