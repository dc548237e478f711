/* SPDX-License-Identifier: MulanPSL-2.0 */
/*
 * cli/table: aligned tables on standard output, through libsmartcols. Decides which columns
 * give way when the screen is too narrow: the last one that may first, each down to its least
 * width.
 */
#ifndef OGI_CLI_TABLE_H
#define OGI_CLI_TABLE_H

#include "cli/print.h"

struct column {
	const char *head; /* borrowed until table_print */
	bool right;       /* numbers */
	int least; /* columns of the screen it keeps when it must give way; 0: it never does */
};

struct table;

struct table *table_new(const struct screen *screen);
void table_free(struct table *t);

/* All columns before the first line. */
void table_column(struct table *t, struct column column);
void table_line(struct table *t);
/* The next cell of the last line; NULL is empty. The text is copied and made harmless. */
void table_cell(struct table *t, const char *text, enum colour colour);
void table_number(struct table *t, long long number);

/* Prints head and lines; nothing at all when there are no lines. */
void table_print(struct table *t);

#endif
