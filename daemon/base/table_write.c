/* SPDX-License-Identifier: MulanPSL-2.0 */
/* base/table_write: one table, two formats. */
#include "base/table_write.h"

#include <assert.h>

static void begin_sheet(struct table_out *t)
{
	char name[128];
	t->sheets++;
	if (t->sheets == 1)
		snprintf(name, sizeof name, "%s", t->name);
	else
		snprintf(name, sizeof name, "%s (%d)", t->name, t->sheets);
	xlsx_sheet(t->xlsx, name);
	xlsx_page(t->xlsx, true);
	xlsx_heads(t->xlsx, 1);
	for (int i = 0; i < t->columns; i++)
		xlsx_width(t->xlsx, i, i, t->column[i].width);
	for (int i = 0; i < t->columns; i++)
		xlsx_text(t->xlsx, 0, i, t->column[i].head, XLSX_HEAD);
	t->row = 1;
}

struct table_out table_to_csv(struct buf *to, const struct table_column *column, int columns)
{
	struct table_out t = { .csv = csv_to(to), .column = column, .columns = columns };
	for (int i = 0; i < columns; i++)
		csv_text(&t.csv, column[i].head);
	csv_row_end(&t.csv);
	return t;
}

bool table_to_xlsx(
	struct table_out *t, const char *name, const struct table_column *column, int columns)
{
	*t = (struct table_out){ .name = name, .column = column, .columns = columns };
	t->xlsx = xlsx_new(XLSX_LONG);
	if (t->xlsx == NULL)
		return false;
	begin_sheet(t);
	return true;
}

void table_text(struct table_out *t, const char *text)
{
	if (t->xlsx == NULL)
		csv_text(&t->csv, text);
	else if (text != NULL && text[0] != '\0')
		xlsx_text(t->xlsx, t->row, t->cell, text, XLSX_PLAIN);
	t->cell++;
}

void table_number(struct table_out *t, int64_t value)
{
	if (t->xlsx == NULL)
		csv_number(&t->csv, value);
	else
		xlsx_number(t->xlsx, t->row, t->cell, value, XLSX_PLAIN);
	t->cell++;
}

void table_date(struct table_out *t, struct ogi_date value)
{
	if (t->xlsx == NULL)
		csv_date(&t->csv, value);
	else if (value.day != 0)
		xlsx_date(t->xlsx, t->row, t->cell, value, XLSX_DATE);
	t->cell++;
}

void table_row_end(struct table_out *t)
{
	assert(t->cell == t->columns);
	t->cell = 0;
	if (t->xlsx == NULL)
		csv_row_end(&t->csv);
	else if (++t->row == XLSX_ROWS_MOST)
		begin_sheet(t);
}
