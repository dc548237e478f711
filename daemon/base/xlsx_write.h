/* SPDX-License-Identifier: MulanPSL-2.0 */
/*
 * base/xlsx_write: a spreadsheet file (libxlsxwriter) with the few styles that offices print.
 * Texts are written as texts: nothing is ever a formula or a link. Rows and columns count from
 * 0. What does not fit the format (a longer text than 32,767 characters) is a bug: asserted.
 */
#ifndef OGID_BASE_XLSX_WRITE_H
#define OGID_BASE_XLSX_WRITE_H

#include "base/json_write.h"

#define XLSX_MEDIA "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

enum { XLSX_ROWS_MOST = 1048576 }; /* of one sheet */

enum xlsx_style {
	XLSX_PLAIN,  /* text, wrapped */
	XLSX_TITLE,  /* large, centred, no border */
	XLSX_HEAD,   /* bold on grey, centred, bordered */
	XLSX_LABEL,  /* bordered text, wrapped, left */
	XLSX_CENTRE, /* bordered text, centred */
	XLSX_NUMBER, /* bordered whole number */
	XLSX_DATE,   /* 2025-07-14 */
	XLSX_NOTE,   /* small text, wrapped, no border */
	XLSX_STYLES
};

enum xlsx_size {
	XLSX_PRINTED, /* a form: cells in any order, merged ranges; all of it in memory */
	XLSX_LONG,    /* a list: rows strictly one after the other, no merging; each row leaves
			 memory with the next one (a temporary file without a name) */
};

struct xlsx;
/* NULL when there is no room for a temporary file. */
struct xlsx *xlsx_new(enum xlsx_size size);
void xlsx_free(struct xlsx *x); /* NULL is nothing */

/* A further sheet; cells go to the last one. At most 31 characters, none of []:*?/\ */
void xlsx_sheet(struct xlsx *x, const char *name);
void xlsx_text(struct xlsx *x, int row, int column, const char *text, enum xlsx_style style);
void xlsx_number(struct xlsx *x, int row, int column, int64_t value, enum xlsx_style style);
void xlsx_date(
	struct xlsx *x, int row, int column, struct ogi_date value, enum xlsx_style style);
/* An empty cell with the borders of the style. */
void xlsx_blank(struct xlsx *x, int row, int column, enum xlsx_style style);
/* One text across rows * columns cells; of one cell it is xlsx_text. */
void xlsx_merge(struct xlsx *x, int row, int column, int rows, int columns, const char *text,
	enum xlsx_style style);
/* Widths of columns in characters of Latin text (a Chinese character is two), heights of rows
 * in points; in XLSX_LONG before the row is written. */
void xlsx_width(struct xlsx *x, int first, int last, double width);
void xlsx_height(struct xlsx *x, int row, double points);
/* The first rows stay in sight and head every printed page. */
void xlsx_heads(struct xlsx *x, int rows);
/* Printed on A4, as wide as the page. */
void xlsx_page(struct xlsx *x, bool landscape);

/*
 * Packs the file and frees x. The descriptor of an open file without a name, at its beginning;
 * -1 when the disk did not take it. Packing a long list takes seconds: it touches nothing but x
 * and may run in a thread.
 */
int xlsx_finish(struct xlsx *x);
/* The same into memory, for forms. False: nothing was added. */
bool xlsx_finish_into(struct xlsx *x, struct buf *to);

#endif
