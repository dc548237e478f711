/* SPDX-License-Identifier: MulanPSL-2.0 */
/* cli/table: aligned tables on standard output, through libsmartcols. */
#include "cli/table.h"

#include <assert.h>
#include <libsmartcols/libsmartcols.h>
#include <stdlib.h>
#include <string.h>

enum {
	COLUMNS = 16,
};

struct cell {
	char *text;
	enum colour colour;
};

struct table {
	const struct screen *screen;
	struct column columns[COLUMNS];
	int widths[COLUMNS]; /* of the widest cell or the head */
	size_t count;        /* of columns */
	struct cell *cells;  /* line by line */
	size_t used, room;
};

struct table *table_new(const struct screen *screen)
{
	struct table *t = must(calloc(1, sizeof *t));
	t->screen = screen;
	return t;
}

void table_free(struct table *t)
{
	if (t == NULL)
		return;
	for (size_t i = 0; i < t->used; i++)
		free(t->cells[i].text);
	free(t->cells);
	free(t);
}

void table_column(struct table *t, struct column column)
{
	assert(t->count < COLUMNS);
	t->widths[t->count] = print_width(column.head);
	t->columns[t->count++] = column;
}

void table_line(struct table *t)
{
	assert(t->count > 0);
	while (t->used % t->count != 0) /* cells left out of the line before */
		table_cell(t, NULL, COLOUR_NONE);
}

void table_cell(struct table *t, const char *text, enum colour colour)
{
	if (t->used == t->room) {
		t->room = t->room == 0 ? 256 : t->room * 2;
		t->cells = must(realloc(t->cells, t->room * sizeof *t->cells));
	}
	char *safe = print_safe(text == NULL ? "" : text, false);
	size_t column = t->used % t->count;
	int width = print_width(safe);
	if (width > t->widths[column])
		t->widths[column] = width;
	t->cells[t->used++] = (struct cell){ .text = safe, .colour = colour };
}

void table_number(struct table *t, long long number)
{
	char *text = text_format("%lld", number);
	table_cell(t, text, COLOUR_NONE);
	free(text);
}

/* Takes from the columns that may give way what does not fit. */
static void fit(struct table *t)
{
	int excess = (int)t->count - 1 - t->screen->width;
	for (size_t i = 0; i < t->count; i++)
		excess += t->widths[i];
	for (size_t i = t->count; i > 0 && excess > 0 && t->screen->width > 0; i--) {
		int least = t->columns[i - 1].least;
		int give =
			least == 0 || t->widths[i - 1] <= least ? 0 : t->widths[i - 1] - least;
		give = give > excess ? excess : give;
		t->widths[i - 1] -= give;
		excess -= give;
	}
}

/* The part of `text` that fits in `width` columns; free() it. */
static char *cut(const char *text, int width)
{
	char *copy = must(strdup(text));
	int used = 0;

	for (const char *cursor = copy; *cursor != '\0';) {
		const char *start = cursor;
		text_next(&cursor);
		char *one = must(strndup(start, (size_t)(cursor - start)));
		used += print_width(one);
		free(one);
		if (used > width) {
			copy[start - copy] = '\0';
			break;
		}
	}
	return copy;
}

static void add_line(
	const struct table *t, struct libscols_table *scols, const struct cell *cells)
{
	static const char *const names[] = {
		[COLOUR_NONE] = NULL,
		[COLOUR_GREEN] = "green",
		[COLOUR_AMBER] = "yellow",
		[COLOUR_RED] = "red",
	};
	struct libscols_line *line = must(scols_table_new_line(scols, NULL));

	for (size_t i = 0; i < t->count; i++) {
		char *text = cut(cells[i].text, t->widths[i]);
		if (scols_line_set_data(line, i, text) != 0)
			must(NULL);
		if (names[cells[i].colour] != NULL)
			scols_cell_set_color(
				scols_line_get_cell(line, i), names[cells[i].colour]);
		free(text);
	}
}

void table_print(struct table *t)
{
	if (t->used == 0)
		return;
	struct libscols_table *scols = must(scols_new_table());
	scols_table_enable_colors(scols, t->screen->colour);
	scols_table_set_termforce(scols, SCOLS_TERMFORCE_NEVER); /* it fits already */
	table_line(t);
	fit(t);
	for (size_t i = 0; i < t->count; i++) {
		char *head = cut(t->columns[i].head, t->widths[i]);
		must(scols_table_new_column(
			scols, head, 0, t->columns[i].right ? SCOLS_FL_RIGHT : 0));
		free(head);
	}
	for (size_t i = 0; i < t->used; i += t->count)
		add_line(t, scols, &t->cells[i]);
	scols_print_table(scols);
	scols_unref_table(scols);
}
