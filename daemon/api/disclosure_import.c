/* SPDX-License-Identifier: MulanPSL-2.0 */
/*
 * api/disclosure_import: POST /v1/disclosures/import: items as JSON Lines (contract §4), taken
 * from the connection piece by piece, judged line by line, written a group at a time. Memory
 * does not grow with the file: each group has its own arena, and only the first errors are
 * kept. A file loaded twice stores nothing twice (external_ref).
 */
#include "api/disclosures.h"
#include "api/steps.h"
#include "store/audit.h"
#include "web/upload.h"

#include "domain/case.h"

#include <assert.h>
#include <string.h>
#include <strings.h>

enum {
	PIECE_BYTES = 256 * 1024,
	LINE_BYTES = 1024 * 1024,
	GROUP_LINES = 200,
	ERRORS_KEPT = 1000,
	WRITES_MOST = 8, /* of one group, when others write to the same register */
};
/* Places in the list of steps. */
enum { STEP_TAKE = 1, STEP_PARSE = 2, STEP_WRITE = 3, STEP_AUDIT = 5, STEP_ANSWER = 7 };

struct line_error {
	int64_t line;
	const char *pointer, *code, *detail;
};

struct group {
	struct arena *arena; /* NULL: no group */
	int32_t org;
	struct disclosure *item;
	struct uuid *id;
	const char **ref;
	const struct rows **added;
	struct ticket *ticket;
	const struct rows *known, *head;
	int count, writes;
};

struct import {
	const struct directory *directory;
	bool dry_run, skipping; /* skipping: the rest of a line that is too long */
	struct buf text;        /* what was not yet parsed, from `at` */
	size_t at;
	int64_t line, stored, skipped, rejected;
	struct line_error *error;
	int errors;
	struct group group;
	struct audit_mark mark;
	enum db_result result;
	int audits;
};

/* ---- waiting for the database with memory of one's own ---- */

static void on_answered(void *arg, enum db_result result)
{
	struct exchange *x = arg;
	struct import *im = x->state;
	im->result = result;
	exchange_resume(x);
}

static void send_reads(struct exchange *x, struct batch *b)
{
	exchange_park(x);
	pool_read(app_of(x)->pool, b, on_answered, x);
}

static void send_write(struct exchange *x, struct batch *b, int32_t org)
{
	const struct write_order order = { .org = org, .rank = 2 };
	exchange_park(x);
	pool_write(app_of(x)->pool, b, &order, on_answered, x);
}

static const struct problem *answered(struct exchange *x, const struct import *im)
{
	if (im->result == DB_DONE)
		return NULL;
	enum problem_kind kind = im->result == DB_ERROR     ? PROBLEM_INTERNAL
				 : im->result == DB_FULL    ? PROBLEM_BUSY
				 : im->result == DB_TIMEOUT ? PROBLEM_TIMEOUT
				 : im->result == DB_UNKNOWN ? PROBLEM_UNRESOLVED
							    : PROBLEM_DATABASE_AWAY;
	return problem(x, kind, "已保存 %lld 行；请重新上传同一文件，不会重复保存。",
		"%lld lines were stored; send the same file again, nothing is stored twice.",
		(long long)im->stored);
}

static void drop_group(struct group *g)
{
	arena_free(g->arena);
	*g = (struct group){ 0 };
}

static void on_end(void *arg)
{
	struct import *im = arg;
	drop_group(&im->group);
	buf_clear(&im->text);
}

/* ---- lines ---- */

static void note(struct exchange *x, struct import *im, const char *pointer, const char *code,
	const char *zh, const char *en)
{
	if (im->errors == ERRORS_KEPT)
		return;
	im->error[im->errors++] = (struct line_error){
		.line = im->line,
		.pointer = arena_text(x->arena, pointer),
		.code = arena_text(x->arena, code),
		.detail = arena_text(x->arena, x->english ? en : zh),
	};
}

/* The organisation of a line, 0 when it may not be written by the asking user. */
static int32_t org_of(
	const struct exchange *x, const struct import *im, const struct disclosure *d)
{
	if (d->org == NULL)
		return x->who->org;
	const struct directory_org *org = directory_org_by_code(im->directory, d->org);
	if (org == NULL || !directory_within(im->directory, org->id, x->who->org))
		return 0;
	return org->id == x->who->org || (x->who->roles & ogi_right_roles(OGI_MAY_IMPORT)) != 0
		       ? org->id
		       : 0;
}

static void judge(struct exchange *x, struct import *im, struct disclosure *d, struct arena *a,
	struct faults *f, int32_t *ret_org)
{
	disclosure_complete(d, directory_calendar(im->directory), x->today, a, f);
	if (d->external_ref == NULL)
		faults_add(f, "/external_ref", "required", "导入的每一行都要有 external_ref。",
			"Every imported line needs an external_ref.");
	if (!d->historic && d->publications.count > 0)
		faults_add(f, "/publications", ogi_refusals[OGI_REVIEW_MISSING].code,
			"公开前须经保密审查；此前已公开的信息请注明 historic。",
			"A secrecy review comes first; what was published before this system is historic.");
	*ret_org = org_of(x, im, d);
	if (*ret_org == 0)
		faults_add(f, "/org", "no_such_org", "不能导入到这个机构。",
			"Nothing can be imported for this organisation.");
}

static void open_group(struct group *g, int32_t org)
{
	if (g->arena == NULL)
		g->arena = arena_new();
	g->org = org;
	g->item = arena_array(g->arena, struct disclosure, GROUP_LINES);
	g->id = arena_array(g->arena, struct uuid, GROUP_LINES);
	g->ref = arena_array(g->arena, const char *, GROUP_LINES);
	g->added = arena_array(g->arena, const struct rows *, GROUP_LINES);
	g->ticket = arena_array(g->arena, struct ticket, GROUP_LINES);
}

static bool in_group(const struct group *g, const char *ref)
{
	for (int i = 0; i < g->count; i++)
		if (strcmp(g->ref[i], ref) == 0)
			return true;
	return false;
}

/* False when the line belongs to the next group. */
static bool take_line(struct exchange *x, struct import *im, const char *line, size_t n)
{
	struct group *g = &im->group;
	struct form_why why;
	struct faults f;
	struct disclosure d = { 0 };
	int32_t org = 0;
	if (g->arena == NULL)
		g->arena = arena_new();
	faults_init(&f, g->arena);
	json_t *json = form_parse(g->arena, line, n, &why);
	if (json == NULL || !json_is_object(json))
		faults_add(&f, "", "bad_json",
			json == NULL ? why.zh : "每行应为一个 JSON 对象。",
			json == NULL ? why.en : "Each line is a JSON object.");
	else if (form_read(json, disclosure_import_rows, &d, "", &f))
		judge(x, im, &d, g->arena, &f, &org);
	if (f.count == 0 && g->count > 0 && g->org != org)
		return false;
	im->line++;
	for (int i = 0; i < f.kept; i++)
		note(x, im, f.item[i].pointer, f.item[i].code, f.item[i].detail_zh,
			f.item[i].detail_en);
	if (f.count > 0) {
		im->rejected++;
		return true;
	}
	assert(d.external_ref != NULL); /* judged */
	if (in_group(g, d.external_ref)) {
		im->skipped++;
		return true;
	}
	if (g->count == 0)
		open_group(g, org);
	g->item[g->count] = d;
	g->id[g->count] = uuid_ordered(x->now);
	g->ref[g->count++] = d.external_ref;
	return true;
}

static bool blank(const char *line, size_t n)
{
	return strspn(line, " \t\r") >= n;
}

static void too_long(struct exchange *x, struct import *im)
{
	im->line++;
	im->rejected++;
	note(x, im, "", "too_long", "一行不得超过 1 MiB。", "A line has at most 1 MiB.");
}

/* Lines into the group until it is full, one belongs elsewhere, or the text is used up. */
static void gather(struct exchange *x, struct import *im, bool end)
{
	while (im->group.count < GROUP_LINES && im->at < im->text.used) {
		char *line = im->text.data + im->at;
		size_t left = im->text.used - im->at;
		char *stop = memchr(line, '\n', left);
		if (stop == NULL && !end) {
			if (left > LINE_BYTES && !im->skipping) {
				too_long(x, im);
				im->skipping = true;
			}
			if (im->skipping)
				im->at = im->text.used;
			break;
		}
		size_t n = stop != NULL ? (size_t)(stop - line) : left;
		if (im->skipping) {
			im->skipping = false;
		} else if (n > LINE_BYTES) {
			too_long(x, im);
		} else if (blank(line, n)) {
			im->line++;
		} else if (!take_line(x, im, line, n)) {
			break;
		}
		im->at += stop != NULL ? n + 1 : n;
	}
	if (im->at == 0)
		return;
	memmove(im->text.data, im->text.data + im->at, im->text.used - im->at + 1);
	im->text.used -= im->at;
	im->at = 0;
}

/* ---- the steps ---- */

static bool is_ndjson(const char *type)
{
	static const char name[] = "application/x-ndjson";
	const size_t n = sizeof name - 1;
	return type != NULL && strncasecmp(type, name, n) == 0 &&
	       strchr("; \t", type[n]) != NULL; /* or the end */
}

static const struct problem *begin(struct exchange *x)
{
	static const char *const names[] = { "dry_run", NULL };
	struct import *im = exchange_state(x, sizeof *im);
	const char *type = exchange_request_header(x, "Content-Type");
	const struct problem *p = exchange_query_only(x, names);
	if (p != NULL || (p = app_query_bool(x, "dry_run", &im->dry_run)) != NULL)
		return p;
	if (!is_ndjson(type))
		return problem(x, PROBLEM_MEDIA_TYPE, "请以 application/x-ndjson 发送。",
			"Send it as application/x-ndjson.");
	im->directory = app_directory(x);
	im->error = arena_array(x->arena, struct line_error, ERRORS_KEPT);
	arena_at_end(x->arena, on_end, im);
	upload_next(x, PIECE_BYTES);
	return NULL;
}

static const struct problem *take(struct exchange *x)
{
	struct import *im = x->state;
	size_t n;
	const char *piece = upload_piece(x, &n);
	if (upload_state(x) == UPLOAD_BROKEN)
		return problem(x, PROBLEM_BAD_REQUEST, "上传中断；已保存 %lld 行。",
			"The upload broke off; %lld lines were stored.", (long long)im->stored);
	buf_add(&im->text, piece, n);
	return NULL;
}

static void ask_group(struct exchange *x, struct group *g)
{
	struct batch *b = batch_new(g->arena);
	g->known = disclosure_ask_refs(b, g->org, g->ref, g->count);
	g->head = NULL;
	if (!tickets_known(app_of(x)->tickets, TICKET_DISCLOSURE, g->org, 0))
		g->head = tickets_ask(b, TICKET_DISCLOSURE, g->org, 0);
	send_reads(x, b);
}

static const struct problem *parse(struct exchange *x)
{
	struct import *im = x->state;
	bool end = upload_state(x) != UPLOAD_MORE;
	gather(x, im, end);
	if (im->group.count > 0) {
		ask_group(x, &im->group);
		return NULL;
	}
	drop_group(&im->group);
	if (!end) {
		exchange_step(x, STEP_TAKE);
		upload_next(x, PIECE_BYTES);
	} else if (im->text.used == 0) {
		exchange_step(x, STEP_AUDIT);
	} else {
		exchange_step(x, STEP_PARSE);
	}
	return NULL;
}

/* Takes out what the register has already. */
static void skip_known(struct import *im)
{
	struct group *g = &im->group;
	int column = rows_col(g->known, "external_ref");
	for (int k = 0; k < rows_count(g->known); k++) {
		const char *ref = rows_text(g->known, k, column);
		int i = 0;
		while (i < g->count && strcmp(g->ref[i], ref) != 0)
			i++;
		if (i == g->count)
			continue;
		im->skipped++;
		g->count--;
		/* the order of the file is kept */
		for (; i < g->count; i++) {
			g->item[i] = g->item[i + 1];
			g->id[i] = g->id[i + 1];
			g->ref[i] = g->ref[i + 1];
		}
	}
}

static const struct problem *write_group(struct exchange *x)
{
	struct import *im = x->state;
	struct group *g = &im->group;
	struct app *app = app_of(x);
	const struct problem *p = answered(x, im);
	if (p != NULL)
		return p;
	if (g->head != NULL)
		tickets_learn(app->tickets, TICKET_DISCLOSURE, g->org, 0, g->head);
	skip_known(im);
	if (g->count == 0 || im->dry_run) {
		im->stored += g->count;
		drop_group(g);
		exchange_step(x, STEP_PARSE);
		return NULL;
	}
	struct batch *b = batch_new(g->arena);
	for (int i = 0; i < g->count; i++) {
		struct mac hash;
		struct disclosure_new item = {
			.item = &g->item[i],
			.id = g->id[i],
			.actor = x->who->user,
			.login = x->who->login,
			.now = x->now / 1000 * 1000,
		};
		g->ticket[i] = tickets_take(app->tickets, TICKET_DISCLOSURE, g->org, 0);
		g->added[i] = disclosure_ask_add(
			g->arena, b, &item, &g->ticket[i], app->keys, NULL, &hash);
		tickets_put(app->tickets, &g->ticket[i], &hash);
	}
	g->writes++;
	send_write(x, b, g->org);
	return NULL;
}

/* An item that was not stored, and all behind it, stood on a head that had moved: ask again
 * which are missing. */
static const struct problem *check_group(struct exchange *x)
{
	struct import *im = x->state;
	struct group *g = &im->group;
	const struct problem *p = answered(x, im);
	if (p != NULL)
		return p;
	int stored = 0;
	while (stored < g->count && rows_count(g->added[stored]) > 0)
		stored++;
	im->stored += stored;
	if (stored == g->count) {
		drop_group(g);
		exchange_step(x, STEP_PARSE);
		return NULL;
	}
	tickets_stale(app_of(x)->tickets, &g->ticket[stored]);
	if (g->writes == WRITES_MOST) {
		im->result = DB_FULL;
		return answered(x, im);
	}
	g->count -= stored;
	for (int i = 0; i < g->count; i++) {
		g->item[i] = g->item[i + stored];
		g->id[i] = g->id[i + stored];
		g->ref[i] = g->ref[i + stored];
	}
	exchange_step(x, STEP_WRITE);
	ask_group(x, g);
	return NULL;
}

/* One entry for the whole file; its memory is one more group. */
static const struct problem *audit_head(struct exchange *x)
{
	struct import *im = x->state;
	struct group *g = &im->group;
	drop_group(g);
	if (im->stored == 0 || im->dry_run) {
		exchange_step(x, STEP_ANSWER);
		return NULL;
	}
	g->arena = arena_new();
	im->result = DB_DONE;
	if (tickets_known(app_of(x)->tickets, TICKET_AUDIT, x->who->org, 0))
		return NULL;
	struct batch *b = batch_new(g->arena);
	g->head = tickets_ask(b, TICKET_AUDIT, x->who->org, 0);
	send_reads(x, b);
	return NULL;
}

static const struct problem *audit_put(struct exchange *x)
{
	struct import *im = x->state;
	struct app *app = app_of(x);
	const struct problem *p = answered(x, im);
	if (p != NULL)
		return p;
	if (im->group.head != NULL)
		tickets_learn(app->tickets, TICKET_AUDIT, x->who->org, 0, im->group.head);
	struct batch *b = batch_new(im->group.arena);
	struct audit_fact fact = {
		.org = x->who->org,
		.actor = x->who->user,
		.login = x->who->login,
		.action = "disclosure.import",
		.detail = arena_print(im->group.arena,
			"{\"lines\":%lld,\"stored\":%lld,\"rejected\":%lld}",
			(long long)im->line, (long long)im->stored, (long long)im->rejected),
		.at = x->now,
	};
	audit_ask(im->group.arena, b, &fact, NULL, app->tickets, app->keys, &im->mark);
	send_write(x, b, x->who->org);
	return NULL;
}

static const struct problem *answer(struct exchange *x)
{
	struct import *im = x->state;
	bool audited = im->group.arena != NULL;
	const struct problem *p = audited ? answered(x, im) : NULL;
	if (p != NULL)
		return p;
	if (audited && !audit_written(app_of(x)->tickets, &im->mark) &&
		++im->audits < WRITES_MOST) {
		exchange_step(x, STEP_AUDIT);
		return NULL;
	}
	struct json_out o = app_reply(x, 200);
	out_object(&o, NULL);
	out_bool(&o, "dry_run", im->dry_run);
	out_number(&o, "lines", im->line);
	out_number(&o, "stored", im->stored);
	out_number(&o, "skipped", im->skipped);
	out_number(&o, "rejected", im->rejected);
	out_array(&o, "errors");
	for (int i = 0; i < im->errors; i++) {
		out_object(&o, NULL);
		out_number(&o, "line", im->error[i].line);
		out_text(&o, "pointer", im->error[i].pointer);
		out_text(&o, "code", im->error[i].code);
		out_text(&o, "detail", im->error[i].detail);
		out_object_end(&o);
	}
	out_array_end(&o);
	out_object_end(&o);
	return NULL;
}

step_fn *const disclosure_import_steps[] = { begin, take, parse, write_group, check_group,
	audit_head, audit_put, answer, NULL };
