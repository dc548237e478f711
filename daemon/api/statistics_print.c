/* SPDX-License-Identifier: MulanPSL-2.0 */
/* api/statistics_print: a form as CSV, XLSX and HTML. */
#include "api/statistics_layout.h"

#include "base/csv_write.h"
#include "base/xlsx_write.h"

#include <string.h>

/* ---- CSV: one line a row of the form, for programs ---- */

static void csv_value(
	struct exchange *x, struct csv_out *o, const struct ogi_form_row *row, int64_t value)
{
	if (ogi_row_is_money(row))
		csv_text(o, form_value(x, row, value));
	else
		csv_number(o, value);
}

static void print_csv(struct exchange *x, const struct form_answer *f)
{
	const struct ogi_form *form = f->q->form;
	bool old = form == &ogi_form_2014;
	struct csv_out o = csv_to(&x->reply);
	csv_text(&o, "行次");
	csv_text(&o, "键");
	csv_text(&o, "统计指标");
	csv_text(&o, "单位");
	for (int c = 0; !old && c < OGI_COLUMN_TOTAL; c++)
		csv_text(&o, ogi_columns[c].zh);
	csv_text(&o, old ? "统计数" : ogi_columns[OGI_COLUMN_TOTAL].zh);
	csv_row_end(&o);
	for (int i = 0; i < form->rows; i++) {
		const struct ogi_form_row *row = &form->row[i];
		bool figures = row->number > 0;
		if (!figures && row->key != NULL)
			continue;
		if (figures)
			csv_number(&o, row->number);
		else
			csv_text(&o, "");
		csv_text(&o, row->key);
		csv_text(&o, arena_print(x->arena, "%s%s", row->mark, row->zh));
		csv_text(&o, figures ? row->unit : LAYOUT_NONE);
		for (int c = old ? OGI_COLUMN_TOTAL : 0; c < OGI_COLUMNS; c++) {
			bool there = figures && (row->by_applicant || c == OGI_COLUMN_TOTAL);
			if (there)
				csv_value(x, &o, row, f->figures.cells.cell[i][c]);
			else
				csv_text(&o, LAYOUT_NONE);
		}
		csv_row_end(&o);
	}
	x->content_type = CSV_MEDIA;
}

/* ---- XLSX ---- */

static const char *cell_text(struct exchange *x, const struct layout_cell *c)
{
	static const struct ogi_form_row yuan = { .unit = "万元" }, plain = { .unit = "件" };
	return c->kind == LAYOUT_VALUE ? form_value(x, c->money ? &yuan : &plain, c->value)
				       : c->text;
}

static void xlsx_cell(
	struct exchange *x, struct xlsx *out, int top, const struct layout_cell *c)
{
	static const enum xlsx_style styles[] = { [LAYOUT_HEAD] = XLSX_HEAD,
		[LAYOUT_LABEL] = XLSX_LABEL,
		[LAYOUT_VALUE] = XLSX_NUMBER,
		[LAYOUT_TEXT] = XLSX_CENTRE };
	enum xlsx_style style = c->money ? XLSX_CENTRE : styles[c->kind];
	int row = top + c->row;
	if (c->rows * c->columns > 1) {
		xlsx_merge(out, row, c->column, c->rows, c->columns, cell_text(x, c), style);
		/* the figure itself, not its text, stays in the merged cell */
		if (c->kind == LAYOUT_VALUE && !c->money)
			xlsx_number(out, row, c->column, c->value, style);
	} else if (c->kind == LAYOUT_VALUE && !c->money) {
		xlsx_number(out, row, c->column, c->value, style);
	} else if (*cell_text(x, c) == '\0') {
		xlsx_blank(out, row, c->column, style);
	} else {
		xlsx_text(out, row, c->column, cell_text(x, c), style);
	}
}

/* Widths of the columns, in characters of Latin text: number, label, unit and figure of 2014;
 * number, three of labels and seven of figures since. */
static const double widths_2014[] = { 6, 64, 12, 12 };
static const double widths_2019[] = { 6, 20, 18, 34, 10, 10, 10, 10, 10, 10, 10 };
struct grid {
	const double *width;
	int columns;
};

/* Lines that a text takes across some columns: nothing but this gives a merged cell its height.
 */
static int lines_in(const struct grid *g, int column, int columns, const char *text)
{
	double room = -2, used = 0; /* borders take some */
	for (int i = column; i < column + columns && i < g->columns; i++)
		room += g->width[i];
	for (const unsigned char *s = (const unsigned char *)text; *s != '\0'; s++)
		if ((*s & 0xC0) != 0x80)
			used += *s < 0x80 ? 1 : 2;
	return used > room ? (int)(used / room) + 1 : 1;
}

/* Rows as high as their texts; a text over several rows has its share in each. */
static void xlsx_heights(struct exchange *x, struct xlsx *out, const struct grid *g, int top,
	const struct layout *l, const struct layout_table *t)
{
	int *lines = arena_many(x->arena, (size_t)t->rows, sizeof *lines);
	for (int i = 0; i < t->cells; i++) {
		const struct layout_cell *c = &l->cell[t->first + i];
		int all = lines_in(g, c->column, c->columns, cell_text(x, c));
		for (int r = c->row; r < c->row + c->rows; r++)
			if (lines[r] * c->rows < all)
				lines[r] = (all + c->rows - 1) / c->rows;
	}
	for (int r = 0; r < t->rows; r++)
		xlsx_height(out, top + r, 4 + 14 * (lines[r] > 0 ? lines[r] : 1));
}

static const struct problem *print_xlsx(
	struct exchange *x, const struct form_answer *f, const struct layout *l)
{
	bool old = f->q->form == &ogi_form_2014;
	struct grid g =
		old ? (struct grid){ widths_2014, 4 } : (struct grid){ widths_2019, 11 };
	int columns = g.columns, top = 2;
	struct xlsx *out = xlsx_new(XLSX_PRINTED);
	if (out == NULL)
		return problem(
			x, PROBLEM_INTERNAL, "没有临时空间。", "There is no room for a file.");
	xlsx_sheet(out, f->q->form->code);
	xlsx_page(out, !old);
	for (int i = 0; i < columns; i++)
		xlsx_width(out, i, i, g.width[i]);
	xlsx_merge(out, 0, 0, 1, columns, l->title, XLSX_TITLE);
	xlsx_height(out, 0, 28);
	xlsx_merge(out, 1, 0, 1, columns, arena_print(x->arena, "%s　　%s", l->org, l->date),
		XLSX_NOTE);
	for (int t = 0; t < l->tables; t++) {
		const struct layout_table *table = &l->table[t];
		if (table->title != NULL) {
			xlsx_merge(out, top, 0, 1, columns, table->title, XLSX_TITLE);
			xlsx_height(out, top++, 24);
		}
		for (int i = 0; i < table->cells; i++)
			xlsx_cell(x, out, top, &l->cell[table->first + i]);
		xlsx_heights(x, out, &g, top, l, table);
		top += table->rows + 1;
	}
	for (int i = 0; l->note[i] != NULL; i++) {
		xlsx_height(out, top, 2 + 12 * lines_in(&g, 0, columns, l->note[i]));
		xlsx_merge(out, top++, 0, 1, columns, l->note[i], XLSX_NOTE);
	}
	if (old)
		xlsx_heads(out, 3);
	x->content_type = XLSX_MEDIA;
	if (!xlsx_finish_into(out, &x->reply))
		return problem(
			x, PROBLEM_INTERNAL, "没有临时空间。", "There is no room for a file.");
	return NULL;
}

/* ---- HTML ---- */

static void escape(struct buf *b, const char *s)
{
	for (; *s != '\0'; s++) {
		const char *named = *s == '&'   ? "&amp;"
				    : *s == '<' ? "&lt;"
				    : *s == '>' ? "&gt;"
				    : *s == '"' ? "&quot;"
						: NULL;
		if (named != NULL)
			buf_text(b, named);
		else
			buf_add(b, s, 1);
	}
}

static void html_cell(struct exchange *x, const struct layout_cell *c)
{
	struct buf *b = &x->reply;
	const char *tag = c->kind == LAYOUT_HEAD || c->kind == LAYOUT_LABEL ? "th" : "td";
	buf_print(b, "<%s", tag);
	if (c->kind == LAYOUT_HEAD)
		buf_text(b, c->columns > 1 ? " scope=\"colgroup\"" : " scope=\"col\"");
	if (c->kind == LAYOUT_LABEL)
		buf_text(b, c->rows > 1 ? " scope=\"rowgroup\"" : " scope=\"row\"");
	if (c->kind == LAYOUT_VALUE)
		buf_text(b, " class=\"n\"");
	if (c->columns > 1)
		buf_print(b, " colspan=\"%d\"", c->columns);
	if (c->rows > 1)
		buf_print(b, " rowspan=\"%d\"", c->rows);
	buf_text(b, ">");
	escape(b, cell_text(x, c));
	buf_print(b, "</%s>", tag);
}

static void html_table(struct exchange *x, const struct layout *l, const struct layout_table *t)
{
	struct buf *b = &x->reply;
	int row = -1;
	bool body = false;
	buf_text(b, "<table><caption>");
	escape(b, t->title != NULL ? t->title : l->title);
	buf_text(b, "</caption>\n<thead>\n");
	for (int i = 0; i < t->cells; i++) {
		const struct layout_cell *c = &l->cell[t->first + i];
		if (c->row != row && row >= 0)
			buf_text(b, "</tr>\n");
		if (!body && c->kind != LAYOUT_HEAD) {
			buf_text(b, "</thead>\n<tbody>\n");
			body = true;
		}
		if (c->row != row)
			buf_text(b, "<tr>");
		row = c->row;
		html_cell(x, c);
	}
	buf_text(b, "</tr>\n</tbody></table>\n");
}

static void print_html(struct exchange *x, const struct layout *l)
{
	struct buf *b = &x->reply;
	buf_text(b, "<!DOCTYPE html>\n<html lang=\"zh-CN\"><head><meta charset=\"utf-8\">"
		    "<meta name=\"viewport\" content=\"width=device-width\"><title>");
	escape(b, l->title);
	buf_text(b,
		"</title>\n<style>body{font:16px/1.5 serif;margin:2em}h1{text-align:center}"
		"table{border-collapse:collapse;margin:1.5em auto;max-width:100%}"
		"caption{font-weight:bold;padding:.5em}th,td{border:1px solid #333;padding:.2em .5em}"
		"th{font-weight:normal}thead th{font-weight:bold}tbody th{text-align:left}"
		"td{text-align:center}td.n{text-align:right;font-variant-numeric:tabular-nums}"
		"@media print{body{margin:0;font-size:12px}}</style></head><body>\n<h1>");
	escape(b, l->title);
	buf_text(b, "</h1>\n<p>");
	escape(b, l->org);
	buf_text(b, "　　");
	escape(b, l->date);
	buf_text(b, "</p>\n");
	for (int t = 0; t < l->tables; t++)
		html_table(x, l, &l->table[t]);
	for (int i = 0; l->note[i] != NULL; i++) {
		buf_text(b, "<p>");
		escape(b, l->note[i]);
		buf_text(b, "</p>\n");
	}
	buf_text(b, "</body></html>\n");
	/* the page carries its own style and nothing else */
	exchange_header(x, "Content-Security-Policy",
		"default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'");
	x->content_type = "text/html; charset=utf-8";
}

const struct problem *form_print(struct exchange *x, const struct form_answer *f)
{
	struct layout *l = arena_make(x->arena, struct layout);
	const struct directory_org *org = directory_org(app_directory(x), f->q->scope.org);
	exchange_header(x, "Content-Disposition",
		arena_print(x->arena, "%s; filename=\"%s-%s-%s\"",
			f->q->output == FORM_HTML ? "inline" : "attachment", x->arg[0],
			org != NULL ? org->code : "", x->arg[1]));
	if (f->q->output == FORM_CSV) {
		print_csv(x, f);
		return NULL;
	}
	layout_make(x, f, l);
	if (f->q->output == FORM_XLSX)
		return print_xlsx(x, f, l);
	print_html(x, l);
	return NULL;
}
