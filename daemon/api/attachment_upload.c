/* SPDX-License-Identifier: MulanPSL-2.0 */
/*
 * api/attachment_upload: POST /v1/cases/{id}/attachments: the file is the body. It is stored
 * chunk by chunk under an upload that nobody sees, with constant memory, and becomes a file of
 * the case in the one write that also puts it into the audit. Whatever goes wrong before leaves
 * nothing. Under a key that was answered already the bytes are only compared.
 */
#include "api/attachments.h"

#include "api/address.h"
#include "api/file_kind.h"
#include "api/steps.h"
#include "store/case.h"
#include "web/upload.h"

#include <string.h>
#include <strings.h>

enum { TRIES_MOST = 32 };
/* Places in the list of steps. */
enum { STEP_TAKE = 2, STEP_COUNT = 4, STEP_DROP = 9, STEP_END = 11 };

struct sending {
	struct address address;
	const struct rows *found, *earlier; /* the case; what the key stands for */
	struct attachment file;
	const char *object; /* of the key: "case/n" */
	struct digest *digest;
	struct uuid own; /* the upload of this exchange */
	int32_t chunks;
	bool counted;   /* among the uploads of the process */
	bool begun;     /* the upload row was sent */
	bool replaying; /* the key was answered: nothing is stored */
	bool doubtful;  /* the last write was sent and not answered */
	int tries;
	struct remembered key;
	struct audit_mark mark;
	const struct problem *fault; /* what to answer when everything is dropped */
	/* of the present question to the database */
	struct arena *arena;
	struct batch *batch;
	const struct rows *last, *head, *known;
	enum db_result result;
	const struct rows *stored; /* the row to show */
};

/* ---- questions with memory of their own ---- */

static void on_answered(void *arg, enum db_result result)
{
	struct exchange *x = arg;
	((struct sending *)x->state)->result = result;
	exchange_resume(x);
}

static struct batch *fresh(struct sending *s)
{
	arena_free(s->arena);
	s->arena = arena_new();
	s->batch = batch_new(s->arena);
	return s->batch;
}

static void send_write(struct exchange *x, struct sending *s, int32_t rank)
{
	struct write_order order = { .org = s->file.org, .rank = rank };
	exchange_park(x);
	pool_write(app_of(x)->pool, s->batch, &order, on_answered, x);
}

static void on_end(void *arg)
{
	struct exchange *x = arg;
	struct sending *s = x->state;
	arena_free(s->arena);
	app_of(x)->uploads -= s->counted;
}

/* Answers the problem after what was stored is removed. */
static const struct problem *give_up(struct exchange *x, const struct problem *fault)
{
	struct sending *s = x->state;
	s->fault = fault;
	exchange_step(x, STEP_DROP);
	return NULL;
}

static const struct problem *broken(struct exchange *x)
{
	return give_up(x, problem(x, PROBLEM_BAD_REQUEST, "上传中断，没有保存任何内容。",
				  "The upload broke off; nothing was stored."));
}

/* ---- what may be sent ---- */

static const struct problem *one_fault(
	struct exchange *x, const char *code, const char *zh, const char *en)
{
	struct faults *f = arena_make(x->arena, struct faults);
	faults_init(f, x->arena);
	faults_add(f, "", code, zh, en);
	return problem_faults(x, f);
}

static const struct problem *read_name(struct exchange *x, struct sending *s)
{
	const char *sent = exchange_query(x, "name");
	const char *header = exchange_request_header(x, "Content-Disposition");
	if (sent == NULL && header != NULL)
		sent = file_name_sent(x->arena, header);
	const char *name = file_name_clean(x->arena, sent != NULL ? sent : "");
	if (name == NULL)
		return problem(x, PROBLEM_BAD_HEADER, "文件名应为 UTF-8。",
			"The file name must be UTF-8.");
	s->file.name = *name != '\0' ? name : x->english ? "attachment" : "附件";
	return NULL;
}

static const struct problem *read_size(struct exchange *x)
{
	const char *type = exchange_request_header(x, "Content-Type");
	if (type != NULL && strncasecmp(type, "multipart/", 10) == 0)
		return problem(x, PROBLEM_MEDIA_TYPE, "请把文件本身作为请求体发送。",
			"Send the file itself as the body.");
	if (upload_declared(x) == 0)
		return one_fault(x, "empty", "文件是空的。", "The file is empty.");
	if (upload_declared(x) > ATTACHMENT_MOST)
		return problem(x, PROBLEM_TOO_LARGE, "单个附件不得超过 50 MiB。",
			"A file has at most 50 MiB.");
	return NULL;
}

static const struct problem *load(struct exchange *x)
{
	static const char *const names[] = { "name", NULL };
	struct sending *s = exchange_state(x, sizeof *s);
	struct app *app = app_of(x);
	const struct problem *no = exchange_query_only(x, names);
	if (no != NULL || (no = address_read(x, x->arg[0], &s->address)) != NULL ||
		(no = read_size(x)) != NULL || (no = read_name(x, s)) != NULL)
		return no;
	if (app->uploads >= ATTACHMENT_UPLOADS)
		return problem(x, PROBLEM_BUSY, "正在接收的附件太多，请稍后重试。",
			"Too many files are arriving; try again shortly.");
	app->uploads++;
	s->counted = true;
	arena_at_end(x->arena, on_end, x);
	s->found = address_ask_case(x, &s->address);
	if (x->key_given)
		s->earlier = remembered_ask(
			x->reads, x->who->scope, x->who->scopes, x->who->user, &x->key);
	return NULL;
}

static const struct problem *key_reused(struct exchange *x)
{
	return problem(x, PROBLEM_KEY_REUSED,
		"这个 Idempotency-Key 已用于另一个请求；新的请求请用新的键。",
		"This Idempotency-Key was used for another request; use a new key for a new request.");
}

static const char *route_of(struct exchange *x)
{
	return arena_print(x->arena, "POST %.400s", x->path);
}

static const struct problem *begin(struct exchange *x)
{
	struct sending *s = x->state;
	if (rows_count(s->found) == 0)
		return no_such_case(x, x->arg[0]);
	s->file.org = rows_int(s->found, 0, rows_col(s->found, "org_id"));
	s->file.case_id = rows_uuid(s->found, 0, rows_col(s->found, "id"));
	if (s->file.org != x->who->org)
		return problem(x, PROBLEM_FORBIDDEN, "只能给本机关的案件添加附件。",
			"Files are added to cases of one's own organisation.");
	s->replaying = s->earlier != NULL && remembered_read(s->earlier, &s->key);
	if (s->replaying && strcmp(s->key.route, route_of(x)) != 0)
		return key_reused(x);
	s->file.upload = s->own = uuid_ordered(x->now);
	mac_random(s->file.salt, sizeof s->file.salt);
	s->file.actor = x->who->user;
	s->digest = digest_new(x->arena);
	upload_next(x, ATTACHMENT_CHUNK);
	return NULL;
}

/* ---- the bytes ---- */

static const struct problem *take(struct exchange *x)
{
	struct sending *s = x->state;
	size_t n;
	const char *piece = upload_piece(x, &n);
	if (upload_state(x) == UPLOAD_BROKEN)
		return broken(x);
	digest_add(s->digest, piece, n);
	if (s->chunks == 0)
		s->file.content_type = file_content_type(
			piece, n, upload_state(x) == UPLOAD_END, s->file.name);
	s->file.size += (int64_t)n;
	s->result = DB_DONE;
	if (s->replaying)
		return NULL;
	struct batch *b = fresh(s);
	if (s->chunks == 0)
		attachment_ask_begin(b, s->file.org, &s->file.upload, &s->file.case_id, x->now);
	s->begun = true;
	attachment_ask_chunk(b, s->file.org, &s->file.upload, s->chunks, piece, n);
	s->chunks++;
	send_write(x, s, 2);
	return NULL;
}

static const struct problem *taken(struct exchange *x)
{
	struct sending *s = x->state;
	const struct problem *no = attachment_result(x, s->result);
	if (no != NULL)
		return give_up(x, no);
	switch (upload_state(x)) {
	case UPLOAD_MORE:
		exchange_step(x, STEP_TAKE);
		upload_next(x, ATTACHMENT_CHUNK);
		return NULL;
	case UPLOAD_BROKEN:
		return broken(x);
	case UPLOAD_END:
		break;
	}
	s->file.hash = digest_end(s->digest);
	return NULL;
}

/* ---- becoming a file of the case ---- */

static const struct problem *count(struct exchange *x)
{
	struct sending *s = x->state;
	if (s->replaying)
		return NULL;
	struct batch *b = fresh(s);
	s->last = attachment_ask_last(b, s->file.org, &s->file.case_id);
	s->head = s->known = NULL;
	if (!tickets_known(app_of(x)->tickets, TICKET_AUDIT, s->file.org, 0))
		s->head = tickets_ask(b, TICKET_AUDIT, s->file.org, 0);
	if (x->key_given || s->tries > 0)
		s->known = remembered_ask(b, &s->file.org, 1, x->who->user, &x->key);
	exchange_park(x);
	pool_read(app_of(x)->pool, b, on_answered, x);
	return NULL;
}

static void add(struct exchange *x, struct sending *s)
{
	struct app *app = app_of(x);
	char id[37];
	uuid_print(&s->file.case_id, id);
	s->file.recorded_at = x->now / 1000 * 1000;
	struct audit_fact fact = { .org = s->file.org,
		.actor = x->who->user,
		.login = x->who->login,
		.action = "case.attach",
		.object = arena_text(x->arena, id),
		.detail = attachment_detail(app->keys, x->arena, &s->file),
		.at = x->now };
	s->key = (struct remembered){ .org = s->file.org,
		.actor = x->who->user,
		.key = x->key,
		.route = route_of(x),
		.body = s->file.hash,
		.status = 201,
		.object = arena_print(x->arena, "%s/%d", id, (int)s->file.n) };
	struct batch *b = fresh(s);
	audit_ask(s->arena, b, &fact, &s->key, app->tickets, app->keys, &s->mark);
	attachment_ask_add(b, &s->mark, &s->file);
	send_write(x, s, 2);
}

static const struct problem *finish(struct exchange *x)
{
	struct sending *s = x->state;
	if (!s->replaying) {
		const struct problem *no =
			s->doubtful && s->result != DB_DONE
				? problem(x, PROBLEM_UNRESOLVED,
					  "请用同一幂等键重试，不会重复保存。",
					  "Repeat it with the same Idempotency-Key; nothing is stored twice.")
				: attachment_result(x, s->result);
		if (no != NULL)
			return give_up(x, no);
		if (s->head != NULL)
			tickets_learn(
				app_of(x)->tickets, TICKET_AUDIT, s->file.org, 0, s->head);
		s->file.n = attachment_read_last(s->last) + 1;
		/* Somebody sent the same under this key, or this very exchange did and its
		 * answer was lost. */
		struct remembered known;
		if (s->known != NULL && remembered_read(s->known, &known)) {
			s->key = known;
			s->key.object = arena_text(x->arena, known.object);
			s->key.route = arena_text(x->arena, known.route);
			s->replaying = true;
		}
	}
	if (!s->replaying) {
		add(x, s);
		return NULL;
	}
	if (!mac_same(&s->key.body, &s->file.hash) || strcmp(s->key.route, route_of(x)) != 0)
		return give_up(x, key_reused(x));
	return NULL;
}

/* False in a race for the number or the head of the audit: then again from the count. */
static const struct problem *check(struct exchange *x)
{
	struct sending *s = x->state;
	struct app *app = app_of(x);
	if (s->replaying)
		return NULL;
	if (s->result == DB_DONE && audit_written(app->tickets, &s->mark))
		return NULL;
	if (s->result == DB_ERROR && strcmp(batch_sqlstate(s->batch), "23505") != 0)
		return give_up(x, attachment_result(x, s->result));
	if (s->result != DB_DONE)
		tickets_stale(app->tickets, &s->mark.ticket);
	s->doubtful = s->doubtful || s->result == DB_UNKNOWN;
	if (++s->tries > TRIES_MOST ||
		(s->result != DB_DONE && s->result != DB_ERROR && s->result != DB_UNKNOWN))
		return give_up(x, s->result == DB_DONE || s->result == DB_ERROR
					  ? problem(x, PROBLEM_BUSY, NULL, NULL)
					  : attachment_result(x, s->result));
	exchange_step(x, STEP_COUNT);
	return NULL;
}

/* ---- the answer ---- */

static const struct problem *render(struct exchange *x)
{
	struct sending *s = x->state;
	const char *slash = s->replaying ? strchr(s->key.object, '/') : NULL;
	int64_t n = 0;
	if (slash != NULL && text_to_int(slash + 1, &n))
		s->file.n = (int32_t)n;
	if (s->replaying)
		s->stored =
			attachment_ask(x->reads, &s->file.org, 1, &s->file.case_id, s->file.n);
	return NULL;
}

static const struct problem *answer(struct exchange *x)
{
	struct sending *s = x->state;
	char id[37];
	if (s->replaying) {
		if (rows_count(s->stored) == 0)
			return problem(x, PROBLEM_INTERNAL, "无法重现先前的答复。",
				"The earlier answer cannot be given again.");
		attachment_read(s->stored, 0, &s->file);
		if (x->key_given && s->tries == 0)
			exchange_header(x, "Idempotency-Replayed", "true");
	}
	uuid_print(&s->file.case_id, id);
	exchange_header(x, "Location",
		arena_print(x->arena, "/v1/cases/%s/attachments/%d", id, (int)s->file.n));
	struct json_out o = app_reply(x, 201);
	view_attachment(x, &o, NULL, &s->file);
	/* What arrived a second time is not kept. */
	bool twice = s->begun && !uuid_same(&s->own, &s->file.upload);
	exchange_step(x, twice ? STEP_DROP : STEP_END);
	return NULL;
}

/* ---- nothing is left ---- */

static const struct problem *drop(struct exchange *x)
{
	struct sending *s = x->state;
	/* Without a database the night does it; and what may have become a file stays. */
	if (!s->begun || !pool_ready(app_of(x)->pool) || (s->doubtful && !s->replaying))
		return NULL;
	attachment_ask_drop(fresh(s), s->file.org, &s->own);
	send_write(x, s, 2);
	return NULL;
}

static const struct problem *dropped(struct exchange *x)
{
	return ((struct sending *)x->state)->fault;
}

step_fn *const attachment_add_steps[] = { load, begin, take, taken, count, finish, check,
	render, answer, drop, dropped, NULL };
