/* SPDX-License-Identifier: MulanPSL-2.0 */
/*
 * api/import_csv: the flat form of an import (contract §4): one case a record, always historic;
 * UTF-8 with or without BOM, or GB18030. A record becomes the JSON of a line, so that both
 * forms are judged by the same code; faults come back under the names of the columns.
 */
#ifndef OGID_API_IMPORT_CSV_H
#define OGID_API_IMPORT_CSV_H

#include "base/form.h"

struct csv;

/* `media_type` may name a charset: "text/csv; charset=gb18030". free with csv_free. */
struct csv *csv_new(const char *media_type);
void csv_free(struct csv *c); /* NULL is nothing */

/* Looks at the first bytes of the file, unless that was done: UTF-8 when they are, else
 * GB18030; false when they are neither. */
bool csv_encoding(struct csv *c, const char *bytes, size_t n);
/* Reads the heading; a fault for each column that is not known or named twice. */
void csv_open(struct csv *c, struct arena *a, const char *line, size_t n, struct faults *f);
bool csv_is_open(const struct csv *c);
void csv_close(struct csv *c); /* the file is read anew */
/* A record as a line (contract §4), hung on the arena; NULL with a fault. */
const json_t *csv_line(
	struct csv *c, struct arena *a, const char *line, size_t n, struct faults *f);
/* Turns the pointers of faults in the last line into "/column". */
void csv_point(const struct csv *c, struct arena *a, struct faults *f);

#endif
