/* SPDX-License-Identifier: MulanPSL-2.0 */
/* base/xlsx_write: libxlsxwriter behind the few calls that ogid needs. */
#include "base/xlsx_write.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <xlsxwriter.h>

struct xlsx {
	lxw_workbook *book;
	lxw_worksheet *sheet;
	lxw_format *style[XLSX_STYLES];
	enum xlsx_size size;
	int file; /* no name leads to it: what a killed process leaves is nothing */
};

/* ---- styles ---- */

static const struct {
	bool bold, border, wrap, centred, grey;
	double points;
	const char *number;
} looks[XLSX_STYLES] = {
	[XLSX_PLAIN] = { .points = 11 },
	[XLSX_TITLE] = { .points = 16, .bold = true, .centred = true, .wrap = true },
	[XLSX_HEAD] = { .points = 11,
		.bold = true,
		.border = true,
		.wrap = true,
		.centred = true,
		.grey = true },
	[XLSX_LABEL] = { .points = 11, .border = true, .wrap = true },
	[XLSX_CENTRE] = { .points = 11, .border = true, .wrap = true, .centred = true },
	[XLSX_NUMBER] = { .points = 11, .border = true, .number = "0" },
	[XLSX_DATE] = { .points = 11, .number = "yyyy-mm-dd" },
	[XLSX_NOTE] = { .points = 9, .wrap = true },
};

static lxw_format *make_style(lxw_workbook *book, enum xlsx_style style)
{
	lxw_format *f = workbook_add_format(book);
	if (f == NULL)
		abort();
	format_set_font_name(f, "宋体");
	format_set_font_size(f, looks[style].points);
	format_set_align(f, LXW_ALIGN_VERTICAL_CENTER);
	if (looks[style].bold)
		format_set_bold(f);
	if (looks[style].border)
		format_set_border(f, LXW_BORDER_THIN);
	if (looks[style].wrap)
		format_set_text_wrap(f);
	if (looks[style].centred)
		format_set_align(f, LXW_ALIGN_CENTER);
	if (looks[style].grey)
		format_set_bg_color(f, 0xEEF1F5);
	if (looks[style].number != NULL)
		format_set_num_format(f, looks[style].number);
	return f;
}

/* ---- life ---- */

static int nameless_file(void)
{
	const char *folder = getenv("TMPDIR");
	struct buf name = { 0 };
	buf_print(
		&name, "%s/ogid-XXXXXX", folder != NULL && folder[0] != '\0' ? folder : "/tmp");
	int file = mkstemp(name.data);
	if (file >= 0)
		unlink(name.data);
	buf_clear(&name);
	return file;
}

struct xlsx *xlsx_new(enum xlsx_size size)
{
	struct xlsx *x = calloc(1, sizeof *x);
	if (x == NULL)
		abort();
	x->size = size;
	x->file = nameless_file();
	if (x->file < 0) {
		free(x);
		return NULL;
	}
	char name[40];
	snprintf(name, sizeof name, "/proc/self/fd/%d", x->file);
	lxw_workbook_options options = { .constant_memory = size == XLSX_LONG,
		.tmpdir = getenv("TMPDIR"),
		.use_zip64 = size == XLSX_LONG };
	x->book = workbook_new_opt(name, &options);
	if (x->book == NULL)
		abort();
	for (int i = 0; i < XLSX_STYLES; i++)
		x->style[i] = make_style(x->book, (enum xlsx_style)i);
	return x;
}

void xlsx_free(struct xlsx *x)
{
	if (x == NULL)
		return;
	lxw_workbook_free(x->book);
	close(x->file);
	free(x);
}

static bool pack(struct xlsx *x)
{
	lxw_error failed = workbook_close(x->book); /* frees the book whatever happens */
	x->book = NULL;
	return failed == LXW_NO_ERROR && lseek(x->file, 0, SEEK_SET) == 0;
}

int xlsx_finish(struct xlsx *x)
{
	int file = x->file;
	bool packed = pack(x);
	free(x);
	if (packed)
		return file;
	close(file);
	return -1;
}

bool xlsx_finish_into(struct xlsx *x, struct buf *to)
{
	char part[8192];
	size_t before = to->used;
	ssize_t n;
	int file = xlsx_finish(x);
	if (file < 0)
		return false;
	while ((n = read(file, part, sizeof part)) > 0)
		buf_add(to, part, (size_t)n);
	close(file);
	if (n < 0)
		to->used = before;
	return n == 0;
}

/* ---- cells ---- */

static void must(lxw_error failed)
{
	assert(failed == LXW_NO_ERROR);
	(void)failed;
}

static lxw_row_t row_of(int row)
{
	assert(row >= 0 && row < XLSX_ROWS_MOST);
	return (lxw_row_t)row;
}

static lxw_col_t column_of(int column)
{
	assert(column >= 0 && column < 16384);
	return (lxw_col_t)column;
}

void xlsx_sheet(struct xlsx *x, const char *name)
{
	x->sheet = workbook_add_worksheet(x->book, name);
	assert(x->sheet != NULL);
}

void xlsx_blank(struct xlsx *x, int row, int column, enum xlsx_style style)
{
	must(worksheet_write_blank(x->sheet, row_of(row), column_of(column), x->style[style]));
}

void xlsx_text(struct xlsx *x, int row, int column, const char *text, enum xlsx_style style)
{
	if (text == NULL || text[0] == '\0')
		xlsx_blank(x, row, column, style);
	else
		must(worksheet_write_string(
			x->sheet, row_of(row), column_of(column), text, x->style[style]));
}

void xlsx_number(struct xlsx *x, int row, int column, int64_t value, enum xlsx_style style)
{
	must(worksheet_write_number(
		x->sheet, row_of(row), column_of(column), (double)value, x->style[style]));
}

/* The format knows no day before 1900. */
void xlsx_date(
	struct xlsx *x, int row, int column, struct ogi_date value, enum xlsx_style style)
{
	char text[11];
	lxw_datetime day = { 0 };
	text_from_date(value, text);
	if (sscanf(text, "%d-%d-%d", &day.year, &day.month, &day.day) != 3 || day.year < 1900)
		xlsx_text(x, row, column, text, style);
	else
		must(worksheet_write_datetime(
			x->sheet, row_of(row), column_of(column), &day, x->style[style]));
}

void xlsx_merge(struct xlsx *x, int row, int column, int rows, int columns, const char *text,
	enum xlsx_style style)
{
	assert(x->size == XLSX_PRINTED && rows > 0 && columns > 0);
	if (rows == 1 && columns == 1)
		xlsx_text(x, row, column, text, style);
	else
		must(worksheet_merge_range(x->sheet, row_of(row), column_of(column),
			row_of(row + rows - 1), column_of(column + columns - 1),
			text != NULL ? text : "", x->style[style]));
}

void xlsx_width(struct xlsx *x, int first, int last, double width)
{
	must(worksheet_set_column(x->sheet, column_of(first), column_of(last), width, NULL));
}

void xlsx_height(struct xlsx *x, int row, double points)
{
	must(worksheet_set_row(x->sheet, row_of(row), points, NULL));
}

void xlsx_heads(struct xlsx *x, int rows)
{
	worksheet_freeze_panes(x->sheet, row_of(rows), 0);
	must(worksheet_repeat_rows(x->sheet, 0, row_of(rows - 1)));
}

void xlsx_page(struct xlsx *x, bool landscape)
{
	enum { A4 = 9 };
	worksheet_set_paper(x->sheet, A4);
	if (landscape)
		worksheet_set_landscape(x->sheet);
	worksheet_fit_to_pages(x->sheet, 1, 0);
}
