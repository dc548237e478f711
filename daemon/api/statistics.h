/* SPDX-License-Identifier: MulanPSL-2.0 */
/*
 * api/statistics: what the routes of the official forms share: the question, the figures
 * (live, as they stood on a day, or printed), and how they are written (contract §2.1, §5).
 */
#ifndef OGID_API_STATISTICS_H
#define OGID_API_STATISTICS_H

#include "api/app.h"
#include "store/statistics.h"

enum form_output { FORM_JSON, FORM_CSV, FORM_XLSX, FORM_HTML };

/* Which form, of when, of whom. */
struct form_query {
	const struct ogi_form *form;
	int year;
	struct ogi_span span;
	const char *period; /* "2025Q1", NULL: the year */
	enum form_output output;
	struct app_scope scope;
	bool rolled; /* more than one organisation */
	struct ogi_date as_of;
	bool past; /* only facts up to as_of */
	bool live; /* not the frozen cells */
};
/* From the path (arg[0] the form, arg[1] the year, with a suffix where `suffix` says so) and
 * those query parameters that are in `names`. 404 where the year has another form, 400 for a
 * bad parameter. */
const struct problem *form_query_read(struct exchange *x, const char *const *names, bool suffix,
	struct form_query *ret_query);
struct statistics_asked form_asked(const struct form_query *q, bool by_org);

/* As it stood: the events of every case of the scope up to as_of, folded part by part. */
struct form_past {
	const struct rows *found, *part;
	int taken, asked;
};
void form_past_ask(struct exchange *x, const struct form_query *q, struct form_past *p);
/* After each answer: folds what came and asks for the next part; *ret_more: come again. */
const struct problem *form_past_take(struct exchange *x, const struct form_query *q,
	struct form_past *p, struct statistics *figures, bool *ret_more);

/* A form ready to be written. */
struct form_answer {
	const struct form_query *q;
	struct statistics figures;
	struct ogi_check check[OGI_CHECKS];
	const struct rows *named[OGI_CHECKS]; /* cases that break a check, or NULL */
	int checks;
	const char *frozen; /* ready JSON of who froze it, when; NULL: live */
	const char *units;  /* ready JSON of the roll-up's units, or NULL */
};
/* Checks the figures; `before` may be NULL. True when all identities that are not warnings
 * hold. */
bool form_check(struct form_answer *f, const int64_t *before);
/* Asks for the cases behind failed checks: those of the kinds found in `cases` (the answer of
 * the counting question). */
void form_name(struct exchange *x, const struct rows *cases, struct form_answer *f);
/* Members of one check, without its cases. */
void form_check_write(
	struct exchange *x, struct json_out *o, const struct form_answer *f, int check);
/* The members of contract §5. */
void form_write(struct exchange *x, struct json_out *o, const struct form_answer *f);
/* Only "cells": {…}. */
void form_cells_write(struct exchange *x, struct json_out *o, const char *name,
	const struct ogi_form *form, const struct ogi_cells *cells);
/* One cell's value as JSON text: 万元 with four decimals. */
const char *form_value(struct exchange *x, const struct ogi_form_row *row, int64_t value);
/* {"org", "id", "number"}: of columns org_id, id, year, serial; members only. */
void form_case_write(struct exchange *x, struct json_out *o, const struct rows *r, int row);
/* The code a column has in answers: the applicant's, or "value". */
const char *form_column(const struct ogi_form_row *row, int column);

/* The printed form: CSV, XLSX, HTML. */
const struct problem *form_print(struct exchange *x, const struct form_answer *f);

#endif
