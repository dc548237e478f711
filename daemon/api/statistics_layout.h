/* SPDX-License-Identifier: MulanPSL-2.0 */
/*
 * api/statistics_layout: a form as it is printed: tables of cells with merged heads, row
 * numbers and notes, the same for CSV, XLSX and HTML. Three things differ: a figure (0 too), a
 * place that is left blank, and "—" where nothing can stand.
 */
#ifndef OGID_API_STATISTICS_LAYOUT_H
#define OGID_API_STATISTICS_LAYOUT_H

#include "api/statistics.h"

#define LAYOUT_NONE "—"

enum layout_kind {
	LAYOUT_HEAD,  /* of columns */
	LAYOUT_LABEL, /* of rows */
	LAYOUT_VALUE,
	LAYOUT_TEXT, /* number of the row, unit */
};
struct layout_cell {
	enum layout_kind kind;
	int row, column, rows, columns; /* place within the table, and how far it reaches */
	const char *text;
	int64_t value; /* LAYOUT_VALUE; money in yuan, printed in 万元 */
	bool money;
};
struct layout_table {
	const char *title;
	int first, cells; /* of layout.cell, row by row */
	int rows, columns;
};
enum { LAYOUT_TABLES = 3, LAYOUT_CELLS = 640 };
struct layout {
	const char *title, *org, *date; /* 政府信息公开情况统计表（2017年度） */
	struct layout_table table[LAYOUT_TABLES];
	int tables, cells;
	struct layout_cell cell[LAYOUT_CELLS];
	const char *note[8]; /* below the tables; NULL-ended */
};

void layout_make(struct exchange *x, const struct form_answer *f, struct layout *l);

#endif
