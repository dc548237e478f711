/* SPDX-License-Identifier: MulanPSL-2.0 */
/* api/portal_form: reading a form. */
#include "api/portal_form.h"

#include "api/attachments.h"
#include "api/file_kind.h"
#include "api/portal_limit.h"
#include "web/guard.h"
#include "web/multipart.h"
#include "web/upload.h"

#include <string.h>
#include <strings.h>

static struct portal_form *form_of(struct exchange *x)
{
	return x->state;
}

static void unref(void *json)
{
	json_decref(json);
}

/* One multipart form that is arriving. In the arena of its exchange, not in the state, which
 * may be zeroed. */
struct portal_open {
	struct app *app;
	struct mac who;
	struct portal_open *next;
};

static void on_end(void *arg)
{
	struct portal_open *open = arg, **at = &open->app->forms;
	while (*at != open)
		at = &(*at)->next;
	*at = open->next;
}

/* False when as many as may be are arriving, from this address or from all. */
static bool count_in(struct exchange *x)
{
	struct app *app = app_of(x);
	struct mac who = portal_limit_who(app->keys, x->address);
	int all = 0, same = 0;
	for (const struct portal_open *o = app->forms; o != NULL; o = o->next) {
		all++;
		same += mac_same(&o->who, &who);
	}
	if (all >= FORM_AT_ONCE || same >= FORM_OF_ADDRESS)
		return false;
	struct portal_open *open = arena_make(x->arena, struct portal_open);
	*open = (struct portal_open){ .app = app, .who = who, .next = app->forms };
	app->forms = open;
	arena_at_end(x->arena, on_end, open);
	return true;
}

/* Once for each time the form was opened. */
static void on_arena(void *arg)
{
	struct portal_form *f = arg;
	arena_free(f->arena);
	f->arena = NULL;
}

const char *form_text(const struct portal_form *f, const char *name)
{
	const char *text = json_string_value(json_object_get(f->fields, name));
	return text != NULL ? text : "";
}

bool form_has(const struct portal_form *f, const char *name)
{
	return *form_text(f, name) != '\0';
}

/* What was begun of a file is dropped like the whole ones. */
const struct problem *form_give_up(struct exchange *x, const struct problem *problem)
{
	struct portal_form *f = form_of(x);
	if (f->in_file && f->chunks > 0 && f->files < FORM_FILES)
		f->files++;
	f->in_file = false;
	f->problem = problem;
	exchange_step(x, FORM_STEP_DROP);
	return NULL;
}

/* ---- what was read outlives exchange_again ---- */

static void keep(struct exchange *x, struct portal_form *f)
{
	json_t *files = json_array();
	for (int i = 0; i < f->files; i++) {
		const struct form_file *one = &f->file[i];
		char id[37], hash[2 * MAC_BYTES + 1];
		uuid_print(&one->upload, id);
		mac_print(&one->hash, hash);
		json_array_append_new(
			files, json_pack("{s:s, s:s, s:s, s:I, s:s}", "upload", id, "name",
				       one->name, "type", one->content_type, "size",
				       (json_int_t)one->size, "hash", hash));
	}
	x->json = json_pack(
		"{s:O, s:o, s:s?}", "fields", f->fields, "files", files, "fault", f->fault);
	arena_at_end(x->arena, unref, x->json);
	/* the key stands for texts and files, however they were sent */
	json_t *said = json_copy(f->fields);
	json_object_del(said, "key");
	struct buf all = { 0 };
	struct json_out o = json_to(&all);
	out_array(&o, NULL);
	out_value(&o, NULL, said);
	for (int i = 0; i < f->files; i++)
		out_text(&o, NULL,
			json_string_value(
				json_object_get(json_array_get(files, (size_t)i), "hash")));
	out_array_end(&o);
	json_decref(said);
	x->body = arena_bytes(x->arena, all.data, all.used);
	x->body_size = all.used;
	buf_clear(&all);
	x->key_given = uuid_parse_text(form_text(f, "key"), &x->key) && !uuid_none(&x->key);
	if (!x->key_given)
		x->key = uuid_ordered(x->now);
}

static void recall(struct exchange *x, struct portal_form *f)
{
	const json_t *one;
	size_t i;
	f->fields = json_object_get(x->json, "fields");
	f->fault = json_string_value(json_object_get(x->json, "fault"));
	json_array_foreach(json_object_get(x->json, "files"), i, one)
	{
		struct form_file *file = &f->file[f->files++];
		uuid_parse_text(
			json_string_value(json_object_get(one, "upload")), &file->upload);
		mac_parse(json_string_value(json_object_get(one, "hash")), &file->hash);
		file->name = json_string_value(json_object_get(one, "name"));
		file->content_type = json_string_value(json_object_get(one, "type"));
		file->size = json_integer_value(json_object_get(one, "size"));
	}
}

/* ---- the beginning ---- */

static const struct problem *media(struct exchange *x, struct portal_form *f)
{
	static const char coded[] = "application/x-www-form-urlencoded";
	const char *type = exchange_request_header(x, "Content-Type");
	int64_t most = FORM_BODY;
	if (type != NULL && strncasecmp(type, coded, sizeof coded - 1) == 0)
		most = FORM_CODED;
	else if ((f->parts = multipart_new(x->arena, type)) == NULL)
		return problem(x, PROBLEM_MEDIA_TYPE, "请用页面上的表单提交。",
			"Send it with the form of the page.");
	if (upload_declared(x) > most)
		return problem(x, PROBLEM_TOO_LARGE,
			"内容太大：每个文件不超过 10 MB，合计不超过 24 MB。",
			"It is too large: 10 MB a file, 24 MB in all.");
	return NULL;
}

const struct problem *form_open(struct exchange *x, struct portal_form *f)
{
	arena_at_end(x->arena, on_arena, f);
	f->again = x->json != NULL;
	if (f->again) {
		recall(x, f);
		exchange_step(x, FORM_STEP_LOAD);
		return NULL;
	}
	const struct problem *no = media(x, f);
	if (no != NULL)
		return no;
	/* an urlencoded one is small and leaves nothing in the database */
	if (f->parts != NULL && !count_in(x))
		return problem(x, PROBLEM_BUSY, "提交的人较多，请稍后再试。",
			"Many are sending at once; try again in a moment.");
	f->fields = json_object();
	arena_at_end(x->arena, unref, f->fields);
	f->text = arena_alloc(x->arena, (f->parts != NULL ? FORM_TEXT : FORM_CODED) + 1);
	upload_next(x, ATTACHMENT_CHUNK);
	return NULL;
}

/* ---- texts ---- */

static const struct problem *crooked(struct exchange *x)
{
	if (form_of(x)->too_long)
		return form_give_up(
			x, problem(x, PROBLEM_TOO_LARGE, "填写的文字太多，没有保存任何内容。",
				   "There is too much text; nothing was stored."));
	return form_give_up(x,
		problem(x, PROBLEM_BAD_REQUEST,
			"表单内容不完整或格式不对，没有保存任何内容；请重新填写提交。",
			"The form came incomplete or crooked, nothing was stored; fill it in again."));
}

/* The first of a name counts; line ends are as the ledger keeps them. False: not UTF-8. */
static bool set_field(struct portal_form *f, const char *name, char *text, size_t n)
{
	size_t to = 0;
	if (text_characters(text, n) < 0 || memchr(text, '\0', n) != NULL)
		return false;
	for (size_t i = 0; i < n; i++)
		if (text[i] != '\r' || i + 1 == n || text[i + 1] != '\n')
			text[to++] = text[i];
	if (json_object_get(f->fields, name) == NULL &&
		json_object_size(f->fields) < MULTIPART_PARTS)
		json_object_set_new(f->fields, name, json_stringn(text, to));
	return true;
}

static int hex(char c)
{
	static const char digits[] = "0123456789abcdef";
	const char *at =
		c != '\0' ? strchr(digits, c >= 'A' && c <= 'F' ? c - 'A' + 'a' : c) : NULL;
	return at != NULL ? (int)(at - digits) : -1;
}

/* In place; the bytes there are then, or -1 for a bad escape. */
static long decode(char *s, size_t n)
{
	size_t to = 0;
	for (size_t i = 0; i < n; i++) {
		char c = (char)(s[i] == '+' ? ' ' : s[i]);
		if (c == '%') {
			int a = i + 2 < n ? hex(s[i + 1]) : -1,
			    b = i + 2 < n ? hex(s[i + 2]) : -1;
			if (a < 0 || b < 0)
				return -1;
			c = (char)(a * 16 + b);
			i += 2;
		}
		s[to++] = c;
	}
	return (long)to;
}

static bool read_coded(struct portal_form *f)
{
	char *s = f->text, *end = f->text + f->text_bytes;
	*end = '&'; /* there is room for one more */
	for (; s < end; s++) {
		char *stop = memchr(s, '&', (size_t)(end - s) + 1);
		char *equals = memchr(s, '=', (size_t)(stop - s));
		char *value = equals != NULL ? equals + 1 : stop;
		long name = decode(s, (size_t)((equals != NULL ? equals : stop) - s));
		long text = decode(value, (size_t)(stop - value));
		if (name < 0 || text < 0)
			return false;
		char key[MULTIPART_NAME + 1] = "";
		if (name > 0 && name <= MULTIPART_NAME &&
			memchr(s, '\0', (size_t)name) == NULL &&
			text_characters(s, (size_t)name) > 0) {
			memcpy(key, s, (size_t)name);
			if (!set_field(f, key, value, (size_t)text))
				return false;
		}
		s = stop;
	}
	return true;
}

/* ---- files ---- */

static void chunk_out(struct exchange *x, struct portal_form *f)
{
	struct form_file *file = &f->file[f->files];
	if (f->chunks == 0) {
		file->upload = uuid_ordered(x->now);
		file->content_type = file_content_type(f->chunk, f->chunk_bytes,
			f->chunk_bytes < ATTACHMENT_CHUNK, file->name);
		attachment_ask_begin(f->batch, f->org, &file->upload, NULL, x->now);
	}
	attachment_ask_chunk(
		f->batch, f->org, &file->upload, f->chunks++, f->chunk, f->chunk_bytes);
	f->chunk_bytes = 0;
}

static void file_begin(struct exchange *x, struct portal_form *f, const char *filename)
{
	const struct directory_org *org =
		directory_org_by_code(app_directory(x), form_text(f, "org"));
	f->in_file = true;
	f->org = org != NULL ? org->id : 0;
	f->lost = org == NULL; /* there is no place for it, and the form is faulty anyway */
	f->chosen = *filename != '\0';
	f->chunks = 0;
	f->chunk_bytes = 0;
	if (f->files == FORM_FILES) {
		f->lost = true;
		return;
	}
	const char *name = file_name_clean(x->arena, filename);
	f->file[f->files] =
		(struct form_file){ .name = name != NULL && *name != '\0' ? name : "附件" };
	f->digest = digest_new(x->arena);
	if (f->chunk == NULL)
		f->chunk = arena_alloc(x->arena, ATTACHMENT_CHUNK);
}

/* Nobody makes the database keep files by naming nothing. */
static void admit(struct exchange *x, struct portal_form *f)
{
	struct app *app = app_of(x);
	if (!form_has(f, "org"))
		f->fault = "org_first";
	else if (f->needs_case && (!form_has(f, "number") || !form_has(f, "query_code") ||
					  strcmp(form_text(f, "do"), "correct") != 0))
		f->fault = "case_first";
	else if (f->lost)
		return;
	else if (f->needs_case && !f->charged &&
		 portal_limit_take(
			 app->limits, app->keys, PORTAL_REQUESTS, x->address, x->now) > 0)
		f->fault = "throttled";
	else
		f->charged = true;
	f->lost = f->lost || !f->charged;
}

static void file_data(struct exchange *x, struct portal_form *f, const char *data, size_t n)
{
	if (f->files == FORM_FILES) {
		f->fault = "too_many";
		return;
	}
	struct form_file *file = &f->file[f->files];
	if (file->size == 0 && n > 0)
		admit(x, f);
	file->size += (int64_t)n;
	if (file->size > FORM_FILE) {
		f->fault = "too_large";
		f->lost = true;
	}
	if (f->lost)
		return;
	digest_add(f->digest, data, n);
	while (n > 0) {
		size_t room = ATTACHMENT_CHUNK - f->chunk_bytes, take = n < room ? n : room;
		memcpy(f->chunk + f->chunk_bytes, data, take);
		f->chunk_bytes += take;
		data += take;
		n -= take;
		if (f->chunk_bytes == ATTACHMENT_CHUNK)
			chunk_out(x, f);
	}
}

/* A browser sends an empty part for a field in which no file was chosen. What was begun and is
 * lost counts as a file too, so that it is dropped with the others. */
static void file_end(struct exchange *x, struct portal_form *f)
{
	f->in_file = false;
	if (f->files == FORM_FILES)
		return;
	struct form_file *file = &f->file[f->files];
	if (!f->lost && f->chunk_bytes > 0)
		chunk_out(x, f);
	if (f->chosen && file->size == 0 && f->fault == NULL)
		f->fault = "empty";
	if (f->chunks == 0)
		return;
	if (!f->lost)
		file->hash = digest_end(f->digest);
	f->files++;
}

void form_file_fault(const struct portal_form *f, struct faults *faults)
{
	static const struct {
		const char *code, *zh, *en;
	} said[] = {
		{ "too_many", "最多添加 5 个文件。", "At most 5 files." },
		{ "too_large", "文件不能超过 10 MB。", "A file has at most 10 MB." },
		{ "empty", "有文件是空的（0 字节），请重新选择。",
			"A file is empty (0 bytes); choose it again." },
		{ "org_first", "文件要放在受理机关之后，请用页面上的表单提交。",
			"A file comes after the agency; send it with the form of the page." },
		{ "case_first", "补正时才能添加文件；先填写编号和查询码。",
			"Files go with a correction, after the number and the code." },
		{ "throttled", "这个网络地址提交的文件过多，请稍后再试，或到窗口办理。",
			"There were too many files from this address; try again later, or come to the desk." },
	};
	for (size_t i = 0; f->fault != NULL && i < sizeof said / sizeof *said; i++)
		if (strcmp(f->fault, said[i].code) == 0)
			faults_add(faults, "/files", f->fault, said[i].zh, said[i].en);
}

/* ---- the pieces ---- */

static bool text_add(struct portal_form *f, const char *data, size_t n)
{
	f->too_long = f->texts + n > FORM_TEXT;
	if (f->too_long)
		return false;
	memcpy(f->text + f->text_bytes, data, n);
	f->text_bytes += n;
	f->texts += n;
	return true;
}

/* False when the form is crooked. */
static bool take_parts(struct exchange *x, struct portal_form *f, bool last)
{
	struct multipart_bit bit;
	for (;;) {
		switch (multipart_next(f->parts, &bit)) {
		case MULTIPART_MORE:
			return f->ended || !last;
		case MULTIPART_PART:
			f->name = bit.name;
			f->text_bytes = 0;
			if (bit.filename != NULL)
				file_begin(x, f, bit.filename);
			break;
		case MULTIPART_DATA:
			if (f->in_file)
				file_data(x, f, bit.data, bit.bytes);
			else if (!text_add(f, bit.data, bit.bytes))
				return false;
			break;
		case MULTIPART_PART_END:
			if (f->in_file)
				file_end(x, f);
			else if (!set_field(f, f->name, f->text, f->text_bytes))
				return false;
			break;
		case MULTIPART_END:
			f->ended = true;
			break;
		case MULTIPART_FAULT:
			return false;
		}
	}
}

static void on_answered(void *arg, enum db_result result)
{
	struct exchange *x = arg;
	form_of(x)->result = result;
	exchange_resume(x);
}

static void fresh(struct portal_form *f)
{
	arena_free(f->arena);
	f->arena = arena_new();
	f->batch = batch_new(f->arena);
	f->result = DB_DONE;
}

static void send(struct exchange *x, struct portal_form *f)
{
	struct write_order order = { .org = f->org, .rank = 2 };
	if (batch_empty(f->batch))
		return;
	exchange_park(x);
	pool_write(app_of(x)->pool, f->batch, &order, on_answered, x);
}

const struct problem *form_take(struct exchange *x)
{
	struct portal_form *f = form_of(x);
	size_t n;
	const char *piece = upload_piece(x, &n);
	if (upload_state(x) == UPLOAD_BROKEN)
		return crooked(x);
	bool last = upload_state(x) == UPLOAD_END, good = true;
	fresh(f);
	if (f->parts != NULL) {
		multipart_feed(f->parts, piece, n);
		good = take_parts(x, f, last);
	} else {
		memcpy(f->text + f->text_bytes, piece, n);
		f->text_bytes += n;
		good = !last || read_coded(f);
	}
	f->crooked = !good; /* what was begun is stored before it is dropped */
	send(x, f);
	return NULL;
}

const struct problem *form_taken(struct exchange *x)
{
	struct portal_form *f = form_of(x);
	const struct problem *no = attachment_result(x, f->result);
	if (no != NULL)
		return form_give_up(x, no);
	if (f->crooked)
		return crooked(x);
	switch (upload_state(x)) {
	case UPLOAD_MORE:
		exchange_step(x, FORM_STEP_TAKE);
		upload_next(x, ATTACHMENT_CHUNK);
		return NULL;
	case UPLOAD_BROKEN:
		return crooked(x);
	case UPLOAD_END:
		break;
	}
	keep(x, f);
	arena_free(f->arena); /* the state may be zeroed from here on */
	f->arena = NULL;
	return NULL;
}

/* ---- nothing is left ---- */

const struct problem *form_drop(struct exchange *x)
{
	struct portal_form *f = form_of(x);
	fresh(f);
	for (int i = 0; i < f->files; i++)
		if (!f->file[i].attached && !uuid_none(&f->file[i].upload))
			attachment_ask_drop(f->batch, f->org, &f->file[i].upload);
	/* without a database the night does it */
	if (pool_ready(app_of(x)->pool))
		send(x, f);
	return NULL;
}

const struct problem *form_dropped(struct exchange *x)
{
	return form_of(x)->problem;
}
