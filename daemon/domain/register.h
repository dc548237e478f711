/* SPDX-License-Identifier: MulanPSL-2.0 */
/*
 * domain/register: the small registers behind forms and report (D:annual-report §4, §6) as one
 * table: what is entered in each, by which day it counts, which rows of the forms it feeds.
 */
#ifndef OGID_DOMAIN_REGISTER_H
#define OGID_DOMAIN_REGISTER_H

#include "domain/statistics.h"

/* All fields of all registers; a register has those of its rows. 0, NULL, no date: not given.
 */
struct ogi_entry {
	const char *org, *period; /* code; "2025Q1": of that part of the year only */
	int32_t year, section, order, number, staff_full, staff_part, participants, decisions,
		items, items_prev, items_delta, disclosed, received, answered;
	int64_t amount; /* yuan, given in 万元 */
	struct ogi_date on, from, to, valid_until, repealed_on, concluded_on, remedy_on,
		submitted_on;
	int32_t form, type, document; /* codes */
	bool with_head;
	const char *office, *head, *deputies, *members, *title, *organiser, *topic, *subject,
		*result, *place, *purpose, *unit, *finding, *text, *author, *doc_no,
		*submitted_to, *locator, *note;
};

/* When an entry counts. */
enum ogi_entry_basis {
	OGI_ENTRY_DAY,   /* on its day, `on` */
	OGI_ENTRY_YEAR,  /* in its year, or the part of it that `period` names, when all of it
			    lies in what is asked for */
	OGI_ENTRY_STANDS /* from `from` (documents: `on`) to `to`: at the end of what is asked
			  * for
			  */
};
struct ogi_register {
	const char *code, *zh, *en;
	const char *source; /* where the law or the form asks for it */
	enum ogi_entry_basis basis;
	const struct field *rows; /* of struct ogi_entry */
};
extern const struct ogi_register ogi_registers[]; /* ends with code NULL */
extern const struct code ogi_response_forms[], ogi_meeting_types[], ogi_document_types[];

/* The register of that code, NULL: none. */
const struct ogi_register *ogi_register_find(const char *code);
/* What a field is called; the unit in brackets. NULL: no register has it. */
const struct code *ogi_register_label(const char *field);

/* How entries make a cell. */
enum ogi_feed_how {
	OGI_FEED_COUNT,   /* entries */
	OGI_FEED_SUM,     /* of `field` */
	OGI_FEED_DISTINCT /* different values of `field` in an organisation */
};
/* By which day, when not by the register's basis. */
enum ogi_feed_day { OGI_FEED_BASIS, OGI_FEED_ON, OGI_FEED_REPEALED };
struct ogi_feed {
	const char *key, *reg; /* row of a form, without the form; the register */
	enum ogi_feed_how how;
	const char *field;
	const char *only, *but; /* members an entry must have, must not have, as JSON; NULL */
	enum ogi_feed_day day;
};
extern const struct ogi_feed ogi_feeds[]; /* ends with key NULL */
/* What feeds the row with that key beside its own source; NULL: nothing. */
const struct ogi_feed *ogi_feed_of(const char *key);

/* True when the field is held in ten-thousandths. */
bool ogi_feed_is_decimal(const struct ogi_feed *feed);

/* First and last day an entry counts for; no `to`: it still stands. The period must be one. */
struct ogi_span ogi_entry_days(const struct ogi_register *reg, const struct ogi_entry *entry);

#endif
