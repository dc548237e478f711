/* SPDX-License-Identifier: MulanPSL-2.0 */
/*
 * api/attachments: the files of a case: the list, and one of them, whole or a range of it. A
 * file is read chunk by chunk, the next when the client has taken the one before; each reading
 * is in the audit before its first byte is sent.
 */
#include "api/attachments.h"

#include "api/address.h"
#include "api/file_kind.h"
#include "api/steps.h"
#include "base/log.h"
#include "store/case.h"
#include "web/stream.h"

#include <inttypes.h>
#include <string.h>

void view_attachment(
	struct exchange *x, struct json_out *o, const char *name, const struct attachment *f)
{
	char hash[2 * MAC_BYTES + 1];
	const struct directory_user *who = directory_user_by_id(app_directory(x), f->actor);
	mac_print(&f->hash, hash);
	out_object(o, name);
	out_number(o, "n", f->n);
	out_text(o, "name", f->name);
	out_text(o, "content_type", f->content_type);
	out_number(o, "size", f->size);
	out_text(o, "sha256", hash);
	out_instant(o, "recorded_at", f->recorded_at);
	out_text(o, "actor", who != NULL ? who->login : NULL);
	out_object_end(o);
}

const struct problem *no_such_attachment(struct exchange *x)
{
	return problem(x, PROBLEM_NOT_FOUND, "这个案件没有该附件。",
		"The case has no such attachment.");
}

const struct problem *attachment_result(struct exchange *x, enum db_result result)
{
	switch (result) {
	case DB_DONE:
		return NULL;
	case DB_ERROR:
		return problem(x, PROBLEM_INTERNAL, NULL, NULL);
	case DB_FULL:
		return problem(x, PROBLEM_BUSY, "请稍后重试。", "Try again shortly.");
	case DB_TIMEOUT:
		return problem(x, PROBLEM_TIMEOUT, "请稍后重试。", "Try again shortly.");
	case DB_AWAY:
	case DB_LOST:
	case DB_UNKNOWN:
		break;
	}
	return problem(x, PROBLEM_DATABASE_AWAY, "请稍后重试。", "Try again shortly.");
}

/* ---- GET /v1/cases/{id}/attachments ---- */

struct listing {
	struct address address;
	const struct rows *found, *files;
};

static const struct problem *list_load(struct exchange *x)
{
	struct listing *l = exchange_state(x, sizeof *l);
	const struct problem *no = address_read(x, x->arg[0], &l->address);
	if (no == NULL)
		l->found = address_ask_case(x, &l->address);
	return no;
}

static const struct problem *list_files(struct exchange *x)
{
	struct listing *l = x->state;
	if (rows_count(l->found) == 0)
		return no_such_case(x, x->arg[0]);
	struct uuid id = rows_uuid(l->found, 0, rows_col(l->found, "id"));
	l->files = attachment_ask_list(x->reads, x->who->scope, x->who->scopes, &id);
	return NULL;
}

static const struct problem *list_answer(struct exchange *x)
{
	struct listing *l = x->state;
	struct json_out o = app_reply(x, 200);
	out_object(&o, NULL);
	out_array(&o, "attachments");
	for (int i = 0; i < rows_count(l->files); i++) {
		struct attachment f;
		attachment_read(l->files, i, &f);
		view_attachment(x, &o, NULL, &f);
	}
	out_array_end(&o);
	out_object_end(&o);
	return NULL;
}

step_fn *const attachment_list_steps[] = { list_load, list_files, list_answer, NULL };

/* ---- GET /v1/cases/{id}/attachments/{n} ---- */

enum { STEP_PIECE = 4, STEP_END = 6 };

struct reading {
	struct address address;
	const struct rows *found, *files, *head, *chunk;
	struct attachment file;
	char tag[2 * MAC_BYTES + 3]; /* ETag */
	int64_t at, end;             /* what is still to be sent */
	bool part;
	struct audit_mark mark;
	struct digest *digest; /* of a file that is sent whole */
	struct arena *arena;   /* of the present chunk */
	enum db_result result;
};

static const struct problem *read_load(struct exchange *x)
{
	struct reading *d = exchange_state(x, sizeof *d);
	int64_t n;
	const struct problem *no = address_read(x, x->arg[0], &d->address);
	if (no != NULL)
		return no;
	if (!text_to_int(x->arg[1], &n) || n < 1 || n > INT32_MAX)
		return no_such_attachment(x);
	d->file.n = (int32_t)n;
	d->found = address_ask_case(x, &d->address);
	return NULL;
}

static const struct problem *read_find(struct exchange *x)
{
	struct reading *d = x->state;
	if (rows_count(d->found) == 0)
		return no_such_case(x, x->arg[0]);
	struct uuid id = rows_uuid(d->found, 0, rows_col(d->found, "id"));
	int32_t org = rows_int(d->found, 0, rows_col(d->found, "org_id"));
	d->files = attachment_ask(x->reads, x->who->scope, x->who->scopes, &id, d->file.n);
	if (!tickets_known(app_of(x)->tickets, TICKET_AUDIT, org, 0))
		d->head = tickets_ask(x->reads, TICKET_AUDIT, org, 0);
	return NULL;
}

/* Digits up to `stop`; -1 when there are none or too many. */
static int64_t digits(const char **s)
{
	int64_t value = -1;
	while (**s >= '0' && **s <= '9') {
		if (value > INT64_MAX / 100)
			return -1;
		value = (value < 0 ? 0 : value) * 10 + (*(*s)++ - '0');
	}
	return value;
}

/*
 * RFC 9110 §14: one range of bytes; anything else than one well-formed range is as if there
 * were none. False when no byte of the file lies in it.
 */
static bool take_range(struct reading *d, const char *range, const char *condition)
{
	d->at = 0;
	d->end = d->file.size;
	if (range == NULL || (condition != NULL && strcmp(condition, d->tag) != 0) ||
		strncmp(range, "bytes=", 6) != 0)
		return true;
	const char *s = range + 6;
	int64_t from = digits(&s);
	if (*s++ != '-')
		return true;
	int64_t to = digits(&s);
	if (*s != '\0' || (from < 0 && to < 0) || (from >= 0 && to >= 0 && to < from))
		return true;
	if (from >= d->file.size || (from < 0 && to == 0))
		return false;
	d->part = true;
	if (from < 0)
		d->at = to < d->file.size ? d->file.size - to : 0;
	else
		d->at = from;
	if (from >= 0 && to >= 0 && to < d->file.size)
		d->end = to + 1;
	return true;
}

static const struct problem *read_decide(struct exchange *x)
{
	struct reading *d = x->state;
	struct app *app = app_of(x);
	if (rows_count(d->files) == 0)
		return no_such_attachment(x);
	attachment_read(d->files, 0, &d->file);
	if (d->file.name == NULL)
		return problem(x, PROBLEM_NOT_FOUND, "这个附件已按保管期限销毁。",
			"This attachment was destroyed at the end of its retention.");
	if (d->head != NULL)
		tickets_learn(app->tickets, TICKET_AUDIT, d->file.org, 0, d->head);
	char hash[2 * MAC_BYTES + 1], id[37];
	mac_print(&d->file.hash, hash);
	snprintf(d->tag, sizeof d->tag, "\"%s\"", hash);
	if (!take_range(d, exchange_request_header(x, "Range"),
		    exchange_request_header(x, "If-Range"))) {
		struct problem *p = problem(x, PROBLEM_RANGE, "文件只有 %" PRId64 " 字节。",
			"The file has %" PRId64 " bytes.", d->file.size);
		p->range = d->file.size;
		return p;
	}
	if (stream_is_head(x))
		return NULL;
	uuid_print(&d->file.case_id, id);
	struct audit_fact fact = { .org = d->file.org,
		.actor = x->who->user,
		.login = x->who->login,
		.action = "case.download",
		.object = arena_text(x->arena, id),
		.detail = arena_print(x->arena,
			"{\"n\":%d,\"from\":%" PRId64 ",\"to\":%" PRId64 "}", (int)d->file.n,
			d->at, d->end - 1),
		.at = x->now };
	x->order = (struct write_order){ .org = d->file.org, .rank = 2 };
	audit_ask(x->arena, x->writes, &fact, NULL, app->tickets, app->keys, &d->mark);
	return NULL;
}

static void drop_chunk(void *arg)
{
	struct reading *d = arg;
	arena_free(d->arena);
	d->arena = NULL;
}

static void on_chunk(void *arg, enum db_result result)
{
	struct exchange *x = arg;
	((struct reading *)x->state)->result = result;
	exchange_resume(x);
}

static void ask_chunk(struct exchange *x, struct reading *d)
{
	drop_chunk(d);
	d->arena = arena_new();
	struct batch *b = batch_new(d->arena);
	d->chunk = attachment_ask_chunks(
		b, d->file.home, &d->file.upload, (int32_t)(d->at / ATTACHMENT_CHUNK), 1);
	exchange_park(x);
	pool_read(app_of(x)->pool, b, on_chunk, x);
}

/* A browser may show it, but nothing in it may do anything. */
static void say_what(struct exchange *x, const struct reading *d)
{
	const struct attachment *f = &d->file;
	bool shown = file_is_shown(f->content_type);
	/* A sandbox keeps browsers from showing PDF at all. */
	bool paper = strcmp(f->content_type, "application/pdf") == 0;
	x->content_type = f->content_type;
	exchange_header(x, "ETag", d->tag);
	exchange_header(x, "Accept-Ranges", "bytes");
	exchange_header(x, "Content-Disposition", file_disposition(x->arena, f->name, shown));
	exchange_header(x, "Content-Security-Policy",
		paper ? "default-src 'none'; object-src 'self'; frame-ancestors 'self'"
		      : "default-src 'none'; style-src 'unsafe-inline'; sandbox; frame-ancestors 'self'");
	if (!d->part)
		return;
	x->status = 206;
	exchange_header(x, "Content-Range",
		arena_print(x->arena, "bytes %" PRId64 "-%" PRId64 "/%" PRId64, d->at,
			d->end - 1, f->size));
}

static const struct problem *read_begin(struct exchange *x)
{
	struct reading *d = x->state;
	if (!stream_is_head(x) && !audit_written(app_of(x)->tickets, &d->mark))
		return exchange_again(x);
	say_what(x, d);
	if (!stream_begin(x, d->end - d->at)) {
		exchange_step(x, STEP_END);
		return NULL;
	}
	if (!d->part)
		d->digest = digest_new(x->arena);
	arena_at_end(x->arena, drop_chunk, d);
	ask_chunk(x, d);
	return NULL;
}

/* Sending on would give a file that is not the one that was stored. */
static const struct problem *damaged(struct exchange *x, const struct reading *d)
{
	char id[37];
	uuid_print(&d->file.case_id, id);
	log_line(LOG_AT_ERROR, "attachment", "damaged=1 case=%s n=%d", id, (int)d->file.n);
	return problem(x, PROBLEM_INTERNAL, NULL, NULL);
}

static const struct problem *read_piece(struct exchange *x)
{
	struct reading *d = x->state;
	const struct problem *no = attachment_result(x, d->result);
	if (no != NULL)
		return no;
	size_t n;
	const char *bytes =
		attachment_read_chunk(d->chunk, 0, (int32_t)(d->at / ATTACHMENT_CHUNK), &n);
	size_t from = (size_t)(d->at % ATTACHMENT_CHUNK);
	if (bytes == NULL || from >= n)
		return damaged(x, d);
	size_t left = (size_t)(d->end - d->at), size = n - from < left ? n - from : left;
	if (d->digest != NULL)
		digest_add(d->digest, bytes, n);
	if (d->digest != NULL && size == left) {
		struct mac is = digest_end(d->digest);
		if (n - from != left || !mac_same(&is, &d->file.hash))
			return damaged(x, d);
	}
	struct buf piece = { 0 };
	buf_add(&piece, bytes + from, size);
	drop_chunk(d);
	d->at += (int64_t)size;
	stream_put(x, &piece);
	buf_clear(&piece);
	return NULL;
}

static const struct problem *read_on(struct exchange *x)
{
	struct reading *d = x->state;
	if (!stream_open(x) || d->at == d->end)
		return NULL;
	exchange_step(x, STEP_PIECE);
	ask_chunk(x, d);
	return NULL;
}

step_fn *const attachment_steps[] = { read_load, read_find, read_decide, read_begin, read_piece,
	read_on, NULL };
