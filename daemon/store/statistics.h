/* SPDX-License-Identifier: MulanPSL-2.0 */
/*
 * store/statistics: the figures of a period from ledger and registers, live. The law about what
 * counts where is domain/statistics: the statements here tell each case, or each kind of case
 * with its number, as a fact in words, "n-r- grant - - natural in_person on_time": received,
 * carried in, closed, carried out; outcome, variant, chosen form; applicant; channel; in time.
 */
#ifndef OGID_STORE_STATISTICS_H
#define OGID_STORE_STATISTICS_H

#include "db/batch.h"
#include "domain/statistics.h"

/* What is counted: a form, a period, organisations. */
struct statistics_asked {
	const struct ogi_form *form;
	struct ogi_span span;
	const int32_t *scope;
	int scopes;
	bool by_org; /* each organisation apart */
	/* end of the period when span stops short of it, because it is asked how things stood
	   on a day; else none */
	struct ogi_date whole_to;
};

/* The questions of a form but the carry; all on one batch, one pass over the cases. */
struct statistics_questions {
	const struct rows *cases, *remedies, *items, *publications, *documents, *fees, *carry,
		*registers;
};
void statistics_ask(struct batch *b, const struct statistics_asked *asked,
	struct statistics_questions *ret_questions);
/* The disclosures and the registers alone: for figures whose cases are counted elsewhere. Zero
 * the questions first. */
void statistics_ask_items(struct batch *b, const struct statistics_asked *asked,
	struct statistics_questions *ret_questions);

/* Open when the period begins: what the one before carried out. Read with the rest. */
void statistics_ask_carry(struct batch *b, const struct statistics_asked *asked,
	struct statistics_questions *ret_questions);

/* What the form says of one organisation, or (org 0) of all of them, when they were not counted
 * apart. */
struct statistics {
	struct ogi_cells cells;
	int64_t before[OGI_COLUMNS]; /* carried out of the period before, by the ledger */
	int64_t unmapped;            /* closings whose old outcome has no row of its own */
	int64_t unknown;             /* counted by applicant, but of nobody knows what kind */
	/* information processing fees (国办函〔2020〕109号): how many, in yuan */
	int64_t fee_notices, fee_noticed, fee_received;
};
/* Adds up what was answered; cases may be counted elsewhere (q->cases NULL). Zero it first;
 * statistics_end once after the last. */
void statistics_read(const struct statistics_questions *q, const struct ogi_form *form,
	int32_t org, struct statistics *form_out);
void statistics_add(const struct ogi_form *form, const struct ogi_case_fact *fact, int64_t n,
	struct statistics *form_out);
void statistics_end(const struct ogi_form *form, struct statistics *form_out);

/* The fact told by its words; false when they are none. */
bool statistics_fact(const char *words, struct ogi_case_fact *ret_fact);
bool statistics_remedy_fact(const char *words, struct ogi_remedy_fact *ret_fact);

/* Cases one by one: those with one of the facts (NULL: all that count), in order of
 * organisation and id, behind a place. Columns: org_id, id, year, serial, fact, receipt_date,
 * first_closed_on, first_outcome, applicant_kind, channel, version; remedies: org_id, id, year,
 * serial, number (from 1 within the case), fact, version. */
struct statistics_page {
	const char *const *facts;
	int count;
	int32_t after_org;
	struct uuid after_id;
	int32_t after_number;
	int limit;
};
const struct rows *statistics_ask_cases(struct batch *b, const struct statistics_asked *asked,
	const struct statistics_page *page);
const struct rows *statistics_ask_remedies(struct batch *b,
	const struct statistics_asked *asked, const struct statistics_page *page);
/* Items behind a row from disclosures or documents. Columns: org_id, id, seq, title,
 * published_on. */
const struct rows *statistics_ask_disclosures(struct batch *b,
	const struct statistics_asked *asked, const struct ogi_form_row *row,
	const struct statistics_page *page);

/* For statements of store/: binds the old outcomes; true for the form that has its own words.
 */
void statistics_old_codes(struct bind *v);
bool statistics_is_old(const struct ogi_form *form);

extern const struct stmt statistics_cases_2014, statistics_cases_2019, statistics_remedies,
	statistics_items, statistics_publications, statistics_documents, statistics_fees,
	statistics_carry, statistics_list_2014, statistics_list_2019, statistics_list_remedies,
	statistics_list_items, statistics_list_documents;

#endif
