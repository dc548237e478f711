/* SPDX-License-Identifier: MulanPSL-2.0 */
/* api/report_tables: the tables of the official form, as the printed form lays them out, as
 * data for the report's templates. */
#include "api/reports.h"
#include "api/statistics_layout.h"

#include <string.h>

static void set(json_t *o, const char *name, const char *text)
{
	json_object_set_new(o, name, json_string(text != NULL ? text : ""));
}

static json_t *cell_make(struct exchange *x, const struct layout_cell *c)
{
	static const struct ogi_form_row yuan = { .unit = "万元" }, plain = { .unit = "件" };
	json_t *cell = json_object();
	bool head = c->kind == LAYOUT_HEAD, label = c->kind == LAYOUT_LABEL;
	set(cell, "text",
		c->kind == LAYOUT_VALUE ? form_value(x, c->money ? &yuan : &plain, c->value)
					: c->text);
	if (head || label)
		set(cell, "scope",
			head          ? c->columns > 1 ? "colgroup" : "col"
			: c->rows > 1 ? "rowgroup"
				      : "row");
	json_object_set_new(cell, "figure", json_boolean(c->kind == LAYOUT_VALUE));
	json_object_set_new(cell, "columns", json_integer(c->columns));
	json_object_set_new(cell, "rows", json_integer(c->rows));
	return cell;
}

static json_t *rows_make(
	struct exchange *x, const struct layout *l, const struct layout_table *t)
{
	json_t *rows = json_array(), *cells = NULL;
	int at = -1;
	for (int i = 0; i < t->cells; i++) {
		const struct layout_cell *c = &l->cell[t->first + i];
		if (c->row != at) {
			json_t *row = json_object();
			cells = json_array();
			json_object_set_new(row, "cells", cells);
			json_array_append_new(rows, row);
			at = c->row;
		}
		json_array_append_new(cells, cell_make(x, c));
	}
	return rows;
}

/* The lines of one table without merged cells: those of the form whose keys begin with
 * `prefix`.
 */
static json_t *lines_make(struct exchange *x, const struct report *r, const char *prefix)
{
	const struct ogi_form *form = r->figures.q.form;
	json_t *lines = json_array();
	for (int i = 0; i < form->rows; i++) {
		const struct ogi_form_row *row = &form->row[i];
		if (row->key == NULL || row->number == 0 ||
			strncmp(row->key, prefix, strlen(prefix)) != 0)
			continue;
		json_t *line = json_object(), *values = json_array();
		json_object_set_new(line, "line", json_integer(row->number));
		set(line, "label", arena_print(x->arena, "%s%s", row->mark, row->zh));
		set(line, "unit", row->unit);
		for (int c = row->by_applicant ? 0 : OGI_COLUMN_TOTAL; c < OGI_COLUMNS; c++)
			json_array_append_new(
				values, json_string(form_value(x, row,
						r->figures.a.figures.cells.cell[i][c])));
		json_object_set_new(line, "values", values);
		json_array_append_new(lines, line);
	}
	return lines;
}

json_t *report_tables(struct exchange *x, struct report *r, int first, int count)
{
	static const char *const prefixes[] = { "t2.", "t3.", "t4." };
	bool old = r->figures.q.form == &ogi_form_2014;
	struct layout *l = arena_make(x->arena, struct layout);
	json_t *tables = json_array();
	layout_make(x, &r->figures.a, l);
	for (int i = first; i < first + count && i < l->tables; i++) {
		json_t *table = json_object();
		set(table, "caption", l->table[i].title != NULL ? l->table[i].title : l->title);
		json_object_set_new(table, "grid", rows_make(x, l, &l->table[i]));
		json_object_set_new(
			table, "table_lines", lines_make(x, r, old ? "" : prefixes[i]));
		/* the columns of the table in Markdown */
		json_object_set_new(table, "by_applicant", json_boolean(!old && i == 1));
		json_array_append_new(tables, table);
	}
	return tables;
}
