/* SPDX-License-Identifier: MulanPSL-2.0 */
/*
 * api/importing: what imports share (contract §4): the lines of a body that comes piece by
 * piece (web/upload), the faults found in them, the counts of the answer, and waiting for the
 * database with memory of a group's own, so that memory does not grow with the file.
 */
#ifndef OGID_API_IMPORTING_H
#define OGID_API_IMPORTING_H

#include "api/app.h"
#include "store/audit.h"
#include "web/upload.h"

enum {
	IMPORT_PIECE = 256 * 1024,
	IMPORT_LINE = 1024 * 1024,
	IMPORT_ERRORS = 1000,
	IMPORT_WRITES = 8, /* of one group, and of the audit's entry, when others are faster */
};

struct line_error {
	int64_t line;
	const char *pointer, *code, *detail;
};

/* First in the state of an exchange that imports. */
struct importing {
	const struct directory *directory;
	bool dry_run;
	bool records; /* CSV: a line break inside quotes does not end a line */
	/* the text that was not yet taken, from `at` */
	struct buf text;
	size_t at;
	bool skipping;   /* the rest of a line that is too long */
	int64_t line;    /* number of the one taken last, from 1 */
	int64_t through; /* lines used up: a record may hold several */
	int64_t lines, stored, skipped, rejected;
	struct line_error *error; /* the first IMPORT_ERRORS */
	int errors;
	enum db_result result; /* of the last question or write */
	const struct batch *sent;
	/* the entry of the audit, one for the whole file */
	const char *action;        /* "case.import" */
	int audit_step;            /* where importing_audit_ask stands in the list of steps */
	struct arena *audit_arena; /* NULL: nothing to tell */
	const struct rows *audit_head;
	struct audit_mark audit_mark;
	int audits;
};

/* Query parameters that every import knows, and the memory; NULL-ended `names` are those
 * allowed beside dry_run. */
const struct problem *importing_begin(
	struct exchange *x, struct importing *im, const char *const *names);
/* True when the request's media type is `name` (with or without parameters). */
bool importing_is(const struct exchange *x, const char *name);
/* The piece that came, behind the text; a problem when the upload broke off. */
const struct problem *importing_take(struct exchange *x);

/* The next line that is not blank, without its end: false when there is none whole (with `end`
 * the last one needs no line break). Lines longer than IMPORT_LINE are faults of their own. The
 * line stays where it is, until the next importing_drop. */
bool importing_line(struct exchange *x, bool end, char **ret_line, size_t *ret_bytes);
/* The line was taken in: goes behind it. Else importing_line gives it again. */
void importing_next(struct importing *im);
/* Forgets the text of the lines taken. */
void importing_drop(struct importing *im);

/* A fault of the line; the texts are copied. */
void importing_fault(struct exchange *x, const char *pointer, const char *code, const char *zh,
	const char *en);
/* All of them, and the line is rejected. */
void importing_reject(struct exchange *x, const struct faults *f);

/* Sends the batch and goes on with the next step when it is answered. */
void importing_read(struct exchange *x, struct batch *b);
void importing_write(struct exchange *x, struct batch *b, int32_t org);
/* NULL when the last batch was answered well. */
const struct problem *importing_answered(struct exchange *x);

/*
 * Steps that tell the audit, one behind the other: ask for the head, put the entry, and see
 * that it stands (else from the first again). Nothing is told of a dry run and of a file that
 * stored nothing.
 */
step_fn importing_audit_ask, importing_audit_put, importing_audited;

/* 200 {"lines","stored","skipped","rejected","errors"}; left open for more members. */
struct json_out importing_answer(struct exchange *x);

/* The organisation of a line, NULL code = one's own; 0 when the asking user may not import
 * there. */
int32_t importing_org(const struct exchange *x, const char *code);

#endif
