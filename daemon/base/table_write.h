/* SPDX-License-Identifier: MulanPSL-2.0 */
/*
 * base/table_write: a long flat table as CSV or as XLSX through one set of calls: heads first,
 * then cell after cell, row after row, in memory that does not grow with the table. CSV comes
 * out as it is written; XLSX is whole only when it is finished.
 */
#ifndef OGID_BASE_TABLE_WRITE_H
#define OGID_BASE_TABLE_WRITE_H

#include "base/csv_write.h"
#include "base/xlsx_write.h"

struct table_column {
	const char *head;
	double width; /* characters of Latin text; XLSX only */
};

struct table_out {
	struct csv_out csv; /* csv.to is NULL: XLSX */
	struct xlsx *xlsx;
	const char *name; /* of the sheet */
	const struct table_column *column;
	int columns, row, cell, sheets;
};

/* Both write the heads. name and columns are borrowed until the end. A table longer than a
 * sheet goes on on a further one. table_to_xlsx: false when there is no room for a temporary
 * file. */
struct table_out table_to_csv(struct buf *to, const struct table_column *column, int columns);
bool table_to_xlsx(
	struct table_out *t, const char *name, const struct table_column *column, int columns);

void table_text(struct table_out *t, const char *text); /* NULL: empty */
void table_number(struct table_out *t, int64_t value);
void table_date(struct table_out *t, struct ogi_date value); /* no date: empty */
/* Asserts that the row has all its cells. */
void table_row_end(struct table_out *t);

#endif
