/* SPDX-License-Identifier: MulanPSL-2.0 */
/* api/importing: lines of a stream, their faults, and the answer. */
#include "api/importing.h"

#include "domain/permission.h"

#include <string.h>
#include <strings.h>

static void on_end(void *arg)
{
	struct importing *im = arg;
	buf_clear(&im->text);
	arena_free(im->audit_arena);
}

const struct problem *importing_begin(
	struct exchange *x, struct importing *im, const char *const *names)
{
	int n = 0;
	while (names[n] != NULL)
		n++;
	const char **all = arena_array(x->arena, const char *, n + 2);
	memcpy(all, names, sizeof *all * (size_t)n);
	all[n] = "dry_run";
	const struct problem *p = exchange_query_only(x, all);
	if (p != NULL || (p = app_query_bool(x, "dry_run", &im->dry_run)) != NULL)
		return p;
	im->directory = app_directory(x);
	im->error = arena_array(x->arena, struct line_error, IMPORT_ERRORS);
	arena_at_end(x->arena, on_end, im);
	return NULL;
}

bool importing_is(const struct exchange *x, const char *name)
{
	const char *type = exchange_request_header(x, "Content-Type");
	size_t n = strlen(name);
	return type != NULL && strncasecmp(type, name, n) == 0 &&
	       strchr("; \t", type[n]) != NULL; /* or the end */
}

const struct problem *importing_take(struct exchange *x)
{
	struct importing *im = x->state;
	size_t n;
	const char *piece = upload_piece(x, &n);
	if (upload_state(x) == UPLOAD_BROKEN)
		return problem(x, PROBLEM_BAD_REQUEST, "上传中断；已保存 %lld 行。",
			"The upload broke off; %lld lines were stored.", (long long)im->stored);
	buf_add(&im->text, piece, n);
	return NULL;
}

/* ---- lines ---- */

/* The end of the line that begins at `s`, or NULL when it is not there yet. */
static char *line_end(const struct importing *im, char *s, size_t left)
{
	if (!im->records || im->skipping)
		return memchr(s, '\n', left);
	bool quoted = false;
	for (char *p = s; p < s + left; p++) {
		if (*p == '"')
			quoted = !quoted;
		else if (*p == '\n' && !quoted)
			return p;
	}
	return NULL;
}

static int64_t breaks(const char *s, size_t n)
{
	int64_t count = 0;
	for (const char *p = s; (p = memchr(p, '\n', n - (size_t)(p - s))) != NULL; p++)
		count++;
	return count;
}

static void too_long(struct exchange *x, struct importing *im)
{
	im->line = im->through + 1;
	im->lines++;
	im->rejected++;
	importing_fault(x, "", "too_long", "一行不得超过 1 MiB。", "A line has at most 1 MiB.");
}

/* Goes behind the next `n` bytes. */
static void use_up(struct importing *im, size_t n)
{
	im->through += breaks(im->text.data + im->at, n);
	im->at += n;
}

/* A line is not there whole: one that cannot become one any more is passed over. */
static void wait_for_more(struct exchange *x, struct importing *im, size_t left)
{
	if (left > IMPORT_LINE && !im->skipping) {
		too_long(x, im);
		im->skipping = true;
	}
	if (im->skipping)
		use_up(im, left);
}

bool importing_line(struct exchange *x, bool end, char **ret_line, size_t *ret_bytes)
{
	struct importing *im = x->state;
	while (im->at < im->text.used) {
		char *line = im->text.data + im->at;
		size_t left = im->text.used - im->at;
		char *stop = line_end(im, line, left);
		if (stop == NULL && !end) {
			wait_for_more(x, im, left);
			return false;
		}
		size_t n = stop != NULL ? (size_t)(stop - line) : left;
		size_t whole = stop != NULL ? n + 1 : n;
		if (!im->skipping && n > IMPORT_LINE) {
			too_long(x, im);
		} else if (!im->skipping && strspn(line, " \t\r") < n) {
			*ret_line = line;
			*ret_bytes = line[n - 1] == '\r' ? n - 1 : n;
			im->line = im->through + 1;
			return true;
		} else if (!im->skipping && !im->records) {
			im->lines++; /* a blank one */
		}
		im->skipping = false;
		use_up(im, whole);
	}
	return false;
}

void importing_next(struct importing *im)
{
	char *line = im->text.data + im->at;
	size_t left = im->text.used - im->at;
	char *stop = line_end(im, line, left);
	im->lines++;
	use_up(im, stop != NULL ? (size_t)(stop - line) + 1 : left);
}

void importing_drop(struct importing *im)
{
	if (im->at == 0)
		return;
	memmove(im->text.data, im->text.data + im->at, im->text.used - im->at + 1);
	im->text.used -= im->at;
	im->at = 0;
}

/* ---- faults ---- */

void importing_fault(struct exchange *x, const char *pointer, const char *code, const char *zh,
	const char *en)
{
	struct importing *im = x->state;
	if (im->errors == IMPORT_ERRORS)
		return;
	im->error[im->errors++] = (struct line_error){
		.line = im->line,
		.pointer = arena_text(x->arena, pointer),
		.code = arena_text(x->arena, code),
		.detail = arena_text(x->arena, x->english ? en : zh),
	};
}

void importing_reject(struct exchange *x, const struct faults *f)
{
	struct importing *im = x->state;
	im->rejected++;
	for (int i = 0; i < f->kept; i++)
		importing_fault(x, f->item[i].pointer, f->item[i].code, f->item[i].detail_zh,
			f->item[i].detail_en);
}

/* ---- waiting for the database ---- */

static void on_answered(void *arg, enum db_result result)
{
	struct exchange *x = arg;
	struct importing *im = x->state;
	im->result = result;
	exchange_resume(x);
}

void importing_read(struct exchange *x, struct batch *b)
{
	struct importing *im = x->state;
	im->sent = b;
	exchange_park(x);
	pool_read(app_of(x)->pool, b, on_answered, x);
}

void importing_write(struct exchange *x, struct batch *b, int32_t org)
{
	struct importing *im = x->state;
	const struct write_order order = { .org = org, .rank = 2 };
	im->sent = b;
	exchange_park(x);
	pool_write(app_of(x)->pool, b, &order, on_answered, x);
}

const struct problem *importing_answered(struct exchange *x)
{
	const struct importing *im = x->state;
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

/* ---- the audit ---- */

const struct problem *importing_audit_ask(struct exchange *x)
{
	struct importing *im = x->state;
	if (im->stored == 0 || im->dry_run)
		return NULL;
	arena_free(im->audit_arena);
	im->audit_arena = arena_new();
	im->audit_head = NULL;
	im->result = DB_DONE;
	if (tickets_known(app_of(x)->tickets, TICKET_AUDIT, x->who->org, 0))
		return NULL;
	struct batch *b = batch_new(im->audit_arena);
	im->audit_head = tickets_ask(b, TICKET_AUDIT, x->who->org, 0);
	importing_read(x, b);
	return NULL;
}

const struct problem *importing_audit_put(struct exchange *x)
{
	struct importing *im = x->state;
	struct app *app = app_of(x);
	if (im->audit_arena == NULL)
		return NULL;
	const struct problem *p = importing_answered(x);
	if (p != NULL)
		return p;
	if (im->audit_head != NULL)
		tickets_learn(app->tickets, TICKET_AUDIT, x->who->org, 0, im->audit_head);
	struct batch *b = batch_new(im->audit_arena);
	struct audit_fact fact = {
		.org = x->who->org,
		.actor = x->who->user,
		.login = x->who->login,
		.action = im->action,
		.detail = arena_print(im->audit_arena,
			"{\"lines\":%lld,\"stored\":%lld,\"rejected\":%lld}",
			(long long)im->lines, (long long)im->stored, (long long)im->rejected),
		.at = x->now,
	};
	audit_ask(im->audit_arena, b, &fact, NULL, app->tickets, app->keys, &im->audit_mark);
	importing_write(x, b, x->who->org);
	return NULL;
}

const struct problem *importing_audited(struct exchange *x)
{
	struct importing *im = x->state;
	if (im->audit_arena == NULL)
		return NULL;
	const struct problem *p = importing_answered(x);
	if (p == NULL && !audit_written(app_of(x)->tickets, &im->audit_mark) &&
		++im->audits < IMPORT_WRITES)
		exchange_step(x, im->audit_step);
	return p;
}

/* ---- the answer ---- */

struct json_out importing_answer(struct exchange *x)
{
	const struct importing *im = x->state;
	struct json_out o = app_reply(x, 200);
	out_object(&o, NULL);
	out_number(&o, "lines", im->lines);
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
	return o;
}

int32_t importing_org(const struct exchange *x, const char *code)
{
	const struct importing *im = x->state;
	if (code == NULL)
		return x->who->org;
	const struct directory_org *org = directory_org_by_code(im->directory, code);
	if (org == NULL || !directory_within(im->directory, org->id, x->who->org))
		return 0;
	return org->id == x->who->org || (x->who->roles & ogi_right_roles(OGI_MAY_IMPORT)) != 0
		       ? org->id
		       : 0;
}
