/* SPDX-License-Identifier: MulanPSL-2.0 */
/*
 * api/imports: POST /v1/imports (contract §4): cases as JSON Lines or CSV, judged line by line,
 * written a group at a time; each group has its own arena. A file loaded twice stores nothing
 * twice (external_ref; the id of an export). With all_or_nothing the whole file is judged
 * before the first line is stored.
 */
#include "api/import_csv.h"
#include "api/import_group.h"
#include "api/steps.h"
#include "base/form.h"

#include <string.h>

enum {
	WHOLE_LINES = 10000,
	WHOLE_BYTES = 32 * 1024 * 1024,
};
/* Places in the list of steps. */
enum { STEP_TAKE = 1, STEP_PARSE = 2, STEP_WRITE = 3, STEP_AUDIT = 5 };

struct imports {
	struct importing run; /* first */
	bool whole;           /* all_or_nothing */
	bool judging;         /* the first pass over a whole file: nothing is stored */
	bool asked_dry_run;
	struct csv *csv; /* NULL: JSON Lines */
	struct import_seen *seen;
	struct import_group group;
};

static void on_end(void *arg)
{
	struct imports *im = arg;
	import_group_drop(&im->group);
	import_seen_free(im->seen);
	csv_free(im->csv);
}

static const struct problem *begin(struct exchange *x)
{
	static const char *const names[] = { "all_or_nothing", NULL };
	struct imports *im = exchange_state(x, sizeof *im);
	const struct problem *p = importing_begin(x, &im->run, names);
	if (p != NULL || (p = app_query_bool(x, "all_or_nothing", &im->whole)) != NULL)
		return p;
	arena_at_end(x->arena, on_end, im);
	if (importing_is(x, "text/csv"))
		im->csv = csv_new(exchange_request_header(x, "Content-Type"));
	else if (!importing_is(x, "application/x-ndjson"))
		return problem(x, PROBLEM_MEDIA_TYPE,
			"请以 application/x-ndjson 或 text/csv 发送。",
			"Send it as application/x-ndjson or text/csv.");
	im->run.action = "case.import";
	im->run.audit_step = STEP_AUDIT;
	im->run.records = im->csv != NULL;
	im->judging = im->whole;
	im->asked_dry_run = im->run.dry_run;
	if (im->whole)
		im->seen = import_seen_new();
	if (im->whole && upload_declared(x) > WHOLE_BYTES)
		return problem(x, PROBLEM_TOO_LARGE, "all_or_nothing 时文件不得超过 32 MiB。",
			"With all_or_nothing a file has at most 32 MiB.");
	upload_next(x, IMPORT_PIECE);
	return NULL;
}

/* ---- lines into a group ---- */

/* The JSON of a line, or NULL with a fault. */
static const json_t *line_json(
	struct exchange *x, struct arena *a, const char *line, size_t n, struct faults *f)
{
	struct imports *im = x->state;
	struct form_why why;
	if (im->csv != NULL)
		return csv_line(im->csv, a, line, n, f);
	const json_t *json = form_parse(a, line, n, &why);
	if (json != NULL && json_is_object(json))
		return json;
	faults_add(f, "", "bad_json", json == NULL ? why.zh : "每行应为一个 JSON 对象。",
		json == NULL ? why.en : "Each line is a JSON object.");
	return NULL;
}

/* False when the line belongs to the next group. */
static bool take_line(struct exchange *x, const char *line, size_t n)
{
	struct imports *im = x->state;
	struct import_group *g = &im->group;
	struct imported one;
	struct faults f;
	import_group_open(g);
	faults_init(&f, g->arena);
	const json_t *json = line_json(x, g->arena, line, n, &f);
	bool good =
		json != NULL && import_line_judge(x, g->arena, json, &g->scratch->c, &one, &f);
	if (good && g->count > 0 && g->org != one.org)
		return false;
	if (!good) {
		if (im->csv != NULL)
			csv_point(im->csv, g->arena, &f);
		importing_reject(x, &f);
		return true;
	}
	one.line = im->run.line;
	import_group_add(x, g, im->seen, &one);
	return true;
}

/* The first record of a CSV file names its columns. */
static const struct problem *take_header(struct exchange *x, bool end)
{
	struct imports *im = x->state;
	char *line;
	size_t n;
	if (im->csv == NULL || csv_is_open(im->csv) || im->run.text.used == 0)
		return NULL;
	if (!csv_encoding(im->csv, im->run.text.data, im->run.text.used))
		return problem(x, PROBLEM_BAD_REQUEST, "文件编码应为 UTF-8 或 GB18030。",
			"The file must be UTF-8 or GB18030.");
	if (!importing_line(x, end, &line, &n))
		return NULL;
	struct faults *f = arena_make(x->arena, struct faults);
	faults_init(f, x->arena);
	csv_open(im->csv, x->arena, line, n, f);
	importing_next(&im->run);
	im->run.lines--; /* a heading is no case */
	return f->count > 0 ? problem_faults(x, f) : NULL;
}

static void gather(struct exchange *x, bool end)
{
	struct imports *im = x->state;
	char *line;
	size_t n;
	while (im->group.count < IMPORT_GROUP && importing_line(x, end, &line, &n) &&
		take_line(x, line, n))
		importing_next(&im->run);
	if (!im->judging)
		importing_drop(&im->run);
}

/* After the first pass over a whole file: the second one, or the answer. */
static void judged_whole(struct exchange *x)
{
	struct imports *im = x->state;
	struct importing *run = &im->run;
	im->judging = false;
	if (run->rejected > 0 || im->asked_dry_run) {
		run->stored = run->rejected > 0 ? 0 : run->stored;
		run->dry_run = true; /* nothing to tell the audit */
		exchange_step(x, STEP_AUDIT);
		return;
	}
	import_seen_free(im->seen);
	im->seen = NULL;
	run->at = 0;
	run->line = run->through = run->lines = run->stored = run->skipped = 0;
	if (im->csv != NULL)
		csv_close(im->csv);
	exchange_step(x, STEP_PARSE);
}

static const struct problem *too_many(struct exchange *x)
{
	return problem(x, PROBLEM_TOO_LARGE, "all_or_nothing 时最多 10,000 行、32 MiB。",
		"With all_or_nothing a file has at most 10,000 lines and 32 MiB.");
}

static const struct problem *parse(struct exchange *x)
{
	struct imports *im = x->state;
	bool end = upload_state(x) != UPLOAD_MORE;
	if (im->whole && im->run.text.used > WHOLE_BYTES)
		return too_many(x);
	if (im->whole && !end) {
		exchange_step(x, STEP_TAKE);
		upload_next(x, IMPORT_PIECE);
		return NULL;
	}
	const struct problem *p = take_header(x, end);
	if (p != NULL)
		return p;
	if (im->csv == NULL || csv_is_open(im->csv))
		gather(x, end);
	if (im->whole && im->run.lines > WHOLE_LINES)
		return too_many(x);
	if (im->group.count > 0) {
		import_group_ask(x, &im->group);
		return NULL;
	}
	import_group_drop(&im->group);
	if (!end) {
		exchange_step(x, STEP_TAKE);
		upload_next(x, IMPORT_PIECE);
	} else if (im->run.at < im->run.text.used) {
		exchange_step(x, STEP_PARSE);
	} else if (im->judging) {
		judged_whole(x);
	} else {
		exchange_step(x, STEP_AUDIT);
	}
	return NULL;
}

static const struct problem *write_group(struct exchange *x)
{
	struct imports *im = x->state;
	struct import_group *g = &im->group;
	const struct problem *p = importing_answered(x);
	if (p != NULL)
		return p;
	import_group_sift(x, g);
	if (g->count == 0 || im->judging || im->run.dry_run) {
		im->run.stored += g->count;
		import_group_drop(g);
		exchange_step(x, STEP_PARSE);
		return NULL;
	}
	import_group_write(x, g);
	return NULL;
}

/* Somebody registered at the same office meanwhile, or stored the same reference: ask again. */
static bool lost_a_race(struct imports *im)
{
	if (im->run.result == DB_DONE)
		return rows_count(im->group.opened) == 0;
	return im->run.result == DB_ERROR && strcmp(batch_sqlstate(im->run.sent), "23505") == 0;
}

static const struct problem *check_group(struct exchange *x)
{
	struct imports *im = x->state;
	struct import_group *g = &im->group;
	if (lost_a_race(im)) {
		if (++g->writes == IMPORT_WRITES) {
			im->run.result = DB_FULL;
			return importing_answered(x);
		}
		exchange_step(x, STEP_WRITE);
		import_group_ask(x, g);
		return NULL;
	}
	const struct problem *p = importing_answered(x);
	if (p != NULL)
		return p;
	im->run.stored += g->count;
	import_group_drop(g);
	exchange_step(x, STEP_PARSE);
	return NULL;
}

static const struct problem *answer(struct exchange *x)
{
	struct json_out o = importing_answer(x);
	out_object_end(&o);
	return NULL;
}

step_fn *const import_steps[] = { begin, importing_take, parse, write_group, check_group,
	importing_audit_ask, importing_audit_put, importing_audited, answer, NULL };
