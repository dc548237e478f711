/* SPDX-License-Identifier: MulanPSL-2.0 */
/* tests/unit/workdays: the calendar of data/cn-workdays.csv, as it stands or as it was
 * forecast. */
#ifndef OGID_TEST_WORKDAYS_H
#define OGID_TEST_WORKDAYS_H

#include "domain/calendar.h"
#include "table.h"

enum { WORKDAYS_ROWS = 1024, WORKDAYS_FIRST = 2008, WORKDAYS_LAST = 2026 };

struct workdays {
	struct ogi_calendar cal;
	void *memory;
	struct ogi_calendar_row row[WORKDAYS_ROWS];
	int rows;
};

static inline struct ogi_date day(const char *text)
{
	struct ogi_date d = { 0 };
	if (*text != '\0' && !text_to_date(text, &d)) {
		fprintf(stderr, "no date: %s\n", text);
		abort();
	}
	return d;
}

static inline void workdays_build(struct workdays *w)
{
	int bad;
	w->memory = malloc(ogi_calendar_bytes(WORKDAYS_FIRST, WORKDAYS_LAST));
	if (!ogi_calendar_build(&w->cal, w->memory, WORKDAYS_FIRST, WORKDAYS_LAST, w->row,
		    w->rows, 1, &bad)) {
		fprintf(stderr, "bad row %d\n", bad);
		abort();
	}
}

static inline void workdays_read(struct workdays *w)
{
	struct table t;
	w->rows = 0;
	table_open(&t, "data/cn-workdays.csv", ',');
	while (table_next(&t))
		w->row[w->rows++] = (struct ogi_calendar_row){ day(t.column[0]),
			strcmp(t.column[1], "holiday") == 0 };
}

/* The calendar in force. */
static inline void workdays_load(struct workdays *w)
{
	workdays_read(w);
	workdays_build(w);
}

/* Takes a ruled day out again, to go back before a notice. Only before workdays_build(). */
static inline void workdays_drop(struct workdays *w, const char *date)
{
	for (int i = 0; i < w->rows; i++)
		if (w->row[i].date.day == day(date).day)
			w->row[i--] = w->row[--w->rows];
}

static inline void workdays_free(struct workdays *w)
{
	free(w->memory);
}

#endif
