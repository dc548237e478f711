/* SPDX-License-Identifier: MulanPSL-2.0 */
/*
 * api/import_line: one line of an import (contract §4): the body of POST /v1/cases with number,
 * external_ref, historic and events, replayed through the same rules as live work.
 */
#ifndef OGID_API_IMPORT_LINE_H
#define OGID_API_IMPORT_LINE_H

#include "api/importing.h"
#include "domain/case.h"

struct imported {
	int64_t line;
	int32_t org;
	struct uuid id;
	bool own_id;             /* the line brought it: an export */
	const char *ref;         /* external_ref, or NULL */
	int32_t year, serial;    /* the number: as asked for, 0 none; later as given */
	int numbering;           /* the event that gives the number, -1 none */
	struct ogi_event *event; /* completed and judged, not yet sealed nor numbered */
	int count;
};

/*
 * Judges a line. Everything in `a`; json is the line. False with every fault in `f`, pointers
 * from the line's object. `scratch` is memory for one fold.
 */
bool import_line_judge(struct exchange *x, struct arena *a, const json_t *json,
	struct ogi_case *scratch, struct imported *ret_line, struct faults *f);

#endif
