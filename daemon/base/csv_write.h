/* SPDX-License-Identifier: MulanPSL-2.0 */
/*
 * base/csv_write: a table as CSV for the spreadsheets of offices: UTF-8 with a byte order mark,
 * RFC 4180 (commas, CR LF, quotes doubled). A text that a spreadsheet would take for a formula
 * begins with an apostrophe, so that nothing an applicant wrote is ever computed.
 */
#ifndef OGID_BASE_CSV_WRITE_H
#define OGID_BASE_CSV_WRITE_H

#include "base/json_write.h"

#define CSV_MEDIA "text/csv; charset=utf-8"

struct csv_out {
	struct buf *to; /* borrowed */
	bool inside;    /* the row has a cell already */
};

/* Begins the file: writes the byte order mark. */
struct csv_out csv_to(struct buf *to);
/* One cell each, left to right. NULL and no date are empty cells. */
void csv_text(struct csv_out *o, const char *text);
void csv_number(struct csv_out *o, int64_t value);
void csv_date(struct csv_out *o, struct ogi_date value);
void csv_row_end(struct csv_out *o);

/* True for a text that a spreadsheet would compute: it begins with = + - @, one of their
 * full-width forms, or a tab or line break that hides one. */
bool csv_is_formula(const char *text);

#endif
