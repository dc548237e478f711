/* SPDX-License-Identifier: MulanPSL-2.0 */
/*
 * jobs/verify_attachments: every file of every case against its entry in the audit, which
 * verify_registers has found in its chain: number, size, type, hash, commitment to the name,
 * and the hash of the bytes that are there now. Reads a mebibyte at a time.
 */
#include "jobs/verify_parts.h"

#include "base/clock.h"
#include "base/form.h"
#include "store/attachment.h"
#include "store/check.h"

#include <string.h>

enum { PAGE = 200, CHUNKS = 8 };
/* Columns of check_ask_attachments. */
enum {
	AT_ORG,
	AT_CASE,
	AT_N,
	AT_UPLOAD,
	AT_NAME,
	AT_SALT,
	AT_TYPE,
	AT_SIZE,
	AT_HASH,
	AT_RECORDED,
	AT_ACTOR,
	AT_CANONICAL,
	AT_INHERITED /* the last number of those the case took over */,
	AT_DESTROYED
};

struct place {
	int32_t org, n;
	struct uuid id;
};

static void found(struct verifying *v, const struct attachment *f, const char *what)
{
	char id[37];
	uuid_print(&f->case_id, id);
	finding(v, "attachment %d of case %s: %s", (int)f->n, id, what);
}

/* The bytes as they are now; false when the database did not answer. */
static bool hash_bytes(struct verifying *v, const struct attachment *f, struct mac *ret_hash,
	int64_t *ret_size)
{
	struct arena *a = arena_new();
	struct digest *digest = digest_new(a);
	bool there = true;
	int n = CHUNKS;
	*ret_size = 0;
	for (int32_t seq = 0; there && n == CHUNKS; seq += n) {
		struct arena *page = arena_new();
		struct batch *b = batch_new(page);
		const struct rows *r =
			attachment_ask_chunks(b, f->org, &f->upload, seq, CHUNKS);
		there = job_read(v->j, b);
		n = 0;
		size_t size;
		const void *bytes;
		while (there && (bytes = attachment_read_chunk(r, n, seq + n, &size)) != NULL) {
			digest_add(digest, bytes, size);
			*ret_size += (int64_t)size;
			n++;
		}
		arena_free(page);
	}
	*ret_hash = digest_end(digest);
	arena_free(a);
	return there;
}

static bool says(const json_t *entry, const char *name, const char *value)
{
	return text_same(json_string_value(json_object_get(entry, name)), value);
}

/* True when the entry of the audit says the same as the row. */
static bool is_recorded(struct verifying *v, struct arena *a, const struct rows *r, int row,
	const struct attachment *f)
{
	struct form_why why;
	char id[37], instant[32];
	if (rows_null(r, row, AT_CANONICAL))
		return false;
	const char *text = rows_text(r, row, AT_CANONICAL);
	const json_t *entry = form_parse(a, text, strlen(text), &why);
	json_t *detail = json_object_get(entry, "detail");
	const char *is = attachment_detail(v->j->keys, a, f);
	json_t *recorded = form_parse(a, is, strlen(is), &why);
	/* of a name that was destroyed only the commitment is left */
	if (f->name == NULL)
		json_object_set(recorded, "name", json_object_get(detail, "name"));
	uuid_print(&f->case_id, id);
	clock_print(f->recorded_at, instant);
	return says(entry, "action", "case.attach") && says(entry, "object", id) &&
	       says(entry, "at", instant) && json_equal(detail, recorded) &&
	       actor_agrees(v, f->actor, json_string_value(json_object_get(entry, "actor")),
		       f->recorded_at);
}

static void read_row(const struct rows *r, int row, struct attachment *f)
{
	size_t n;
	*f = (struct attachment){ .org = rows_int(r, row, AT_ORG),
		.case_id = rows_uuid(r, row, AT_CASE),
		.n = rows_int(r, row, AT_N),
		.upload = rows_uuid(r, row, AT_UPLOAD),
		.name = rows_text(r, row, AT_NAME),
		.content_type = rows_text(r, row, AT_TYPE),
		.size = rows_int64(r, row, AT_SIZE),
		.hash = rows_mac(r, row, AT_HASH),
		.recorded_at = rows_instant(r, row, AT_RECORDED),
		.actor = rows_int(r, row, AT_ACTOR) };
	const void *salt = rows_bytes(r, row, AT_SALT, &n);
	memcpy(f->salt, salt, n < sizeof f->salt ? n : sizeof f->salt);
}

static bool verify_file(
	struct verifying *v, struct arena *a, const struct rows *r, int row, struct place *last)
{
	struct attachment f;
	struct mac hash;
	int64_t size;
	read_row(r, row, &f);
	bool same_case = last->org == f.org && uuid_same(&last->id, &f.case_id);
	if (f.n != (same_case ? last->n : rows_int(r, row, AT_INHERITED)) + 1)
		found(v, &f, "one before it is missing");
	*last = (struct place){ .org = f.org, .n = f.n, .id = f.case_id };
	if (!is_recorded(v, a, r, row, &f))
		found(v, &f, "it differs from what was recorded");
	v->events++;
	if (!rows_null(r, row, AT_DESTROYED))
		return true;
	if (!hash_bytes(v, &f, &hash, &size))
		return false;
	if (size != f.size || !mac_same(&hash, &f.hash))
		found(v, &f, "its bytes were changed");
	return true;
}

/* Entries whose file is gone, and files taken over that lead nowhere. */
static bool verify_lost(struct verifying *v)
{
	struct arena *a = arena_new();
	struct batch *b = batch_new(a);
	const struct rows *lost = check_ask_attachments_lost(b);
	const struct rows *astray = check_ask_attachments_astray(b);
	bool there = job_read(v->j, b);
	for (int i = 0; there && i < rows_count(lost); i++)
		finding(v, "case %s: the attachment of entry %lld of the audit is missing",
			rows_text(lost, i, 2), (long long)rows_int64(lost, i, 1));
	for (int i = 0; there && i < rows_count(astray); i++)
		finding(v,
			"attachment %d of case %s: the file it was taken over from is missing",
			(int)rows_int(astray, i, 1), rows_text(astray, i, 0));
	arena_free(a);
	return there;
}

static bool is_behind(const struct rows *r, int row, const struct walk_place *to)
{
	struct uuid id = rows_uuid(r, row, AT_CASE);
	int32_t org = rows_int(r, row, AT_ORG);
	return to->more &&
	       (org > to->org || (org == to->org && memcmp(&id, &to->id, sizeof id) > 0));
}

bool verify_attachments(
	struct verifying *v, const struct walk_place *from, const struct walk_place *to)
{
	/* behind every file of the case `from` */
	struct place last = { .org = from->org, .n = INT32_MAX, .id = from->id };
	bool there = true;
	for (int n = PAGE; there && n == PAGE;) {
		struct arena *a = arena_new();
		struct batch *b = batch_new(a);
		const struct rows *r =
			check_ask_attachments(b, last.org, &last.id, last.n, PAGE);
		there = job_read(v->j, b);
		n = there ? rows_count(r) : 0;
		for (int i = 0; there && i < n; i++) {
			if (is_behind(r, i, to)) {
				n = 0;
				break;
			}
			there = verify_file(v, a, r, i, &last);
		}
		arena_free(a);
	}
	return there && verify_lost(v);
}
