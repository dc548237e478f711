/* SPDX-License-Identifier: MulanPSL-2.0 */
/* tests/unit/table: rows of a delimited data file under $OGID_SOURCE; no quoting, first line is
 * the head. */
#ifndef OGID_TEST_TABLE_H
#define OGID_TEST_TABLE_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TABLE_COLUMNS = 8 };

struct table {
	FILE *file;
	char mark; /* between columns */
	char line[1024];
	char *column[TABLE_COLUMNS]; /* "" where the line is shorter */
};

/* Next row; false at the end, the file is closed then. */
static inline bool table_next(struct table *t)
{
	if (fgets(t->line, sizeof t->line, t->file) == NULL) {
		fclose(t->file);
		return false;
	}
	t->line[strcspn(t->line, "\r\n")] = '\0';
	char *s = t->line, *end = t->line + strlen(t->line);
	for (int i = 0; i < TABLE_COLUMNS; i++) {
		t->column[i] = s;
		char *stop = strchr(s, t->mark);
		if (stop != NULL)
			*stop = '\0';
		s = stop != NULL ? stop + 1 : end;
	}
	return true;
}

static inline void table_open(struct table *t, const char *path, char mark)
{
	char name[4096];
	const char *source = getenv("OGID_SOURCE");
	snprintf(name, sizeof name, "%s/%s", source != NULL ? source : ".", path);
	t->file = fopen(name, "r");
	t->mark = mark;
	if (t->file == NULL || !table_next(t)) {
		fprintf(stderr, "cannot read %s\n", name);
		abort();
	}
}

#endif
