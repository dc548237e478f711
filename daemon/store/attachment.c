/* SPDX-License-Identifier: MulanPSL-2.0 */
/* store/attachment: tables attachment_upload, attachment_chunk, attachment,
 * attachment_inherited.
 */
#include "store/attachment.h"

#include "base/json_write.h"

#include <string.h>

const struct stmt attachment_begin = { "attachment_begin",
	"INSERT INTO attachment_upload (org_id, id, case_id, started_at) VALUES ($1, $2, $3, $4)",
	4 };
const struct stmt attachment_chunk_add = { "attachment_chunk_add",
	"INSERT INTO attachment_chunk (org_id, upload_id, seq, bytes) VALUES ($1, $2, $3, $4)",
	4 };
const struct stmt attachment_drop = { "attachment_drop",
	"DELETE FROM attachment_upload WHERE org_id = $1 AND id = $2", 2 };
const struct stmt attachment_last = { "attachment_last",
	"SELECT coalesce((SELECT max(n) FROM attachment WHERE org_id = $1 AND case_id = $2),"
	" (SELECT max(n) FROM attachment_inherited WHERE org_id = $1 AND case_id = $2), 0) AS n",
	2 };
const struct stmt attachment_add = { "attachment_add",
	"INSERT INTO attachment (org_id, audit_seq, case_id, n, upload_id, name, salt, content_type, size,"
	" sha256, recorded_at, actor_id)"
	" SELECT $1, $2, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13 WHERE" AUDIT_GATE,
	13 };
/* Own files, and those the case took over; `of`: the row that says whose. */
#define FILE_COLUMNS(of)                                                                       \
	"SELECT " of ".org_id, " of ".case_id, " of                                            \
	".n, f.org_id AS home, f.upload_id, f.name,"                                           \
	" f.content_type, f.size, f.sha256, f.recorded_at, f.actor_id FROM "
#define FILE_SELECT(which)                                                                            \
	FILE_COLUMNS("f")                                                                             \
	"attachment f WHERE f.org_id = ANY($1) AND f.case_id = $2" which                              \
	" UNION ALL " FILE_COLUMNS(                                                                   \
		"i") "attachment_inherited i JOIN attachment f"                                       \
		     " ON f.org_id = i.from_org_id AND f.case_id = i.from_case_id AND f.n = i.from_n" \
		     " WHERE i.org_id = ANY($1) AND i.case_id = $2"
const struct stmt attachment_list = { "attachment_list", FILE_SELECT("") " ORDER BY n", 2 };
const struct stmt attachment_get = { "attachment_get",
	FILE_SELECT(" AND f.n = $3") " AND i.n = $3", 3 };
const struct stmt attachment_follow = { "attachment_follow",
	"INSERT INTO attachment_inherited (org_id, case_id, n, from_org_id, from_case_id, from_n)"
	" SELECT $1::integer, $2::uuid, f.n, f.org_id, f.case_id, f.from_n FROM"
	" (SELECT n, org_id, case_id, n AS from_n FROM attachment WHERE org_id = $3 AND case_id = $4"
	" UNION ALL SELECT n, from_org_id, from_case_id, from_n FROM attachment_inherited"
	" WHERE org_id = $3 AND case_id = $4) f"
	" WHERE EXISTS (SELECT 1 FROM case_event WHERE org_id = $3 AND case_id = $4 AND seq = $5 AND hash = $6)",
	6 };
const struct stmt attachment_chunks = { "attachment_chunks",
	"SELECT seq, bytes FROM attachment_chunk WHERE org_id = $1 AND upload_id = $2 AND seq >= $3"
	" ORDER BY seq LIMIT $4",
	4 };

void attachment_ask_begin(struct batch *writes, int32_t org, const struct uuid *upload,
	const struct uuid *case_id, int64_t now)
{
	struct bind *v = batch_bind(writes);
	bind_int(v, org);
	bind_uuid(v, upload);
	bind_uuid(v, case_id);
	bind_instant(v, now);
	batch_ask(writes, &attachment_begin, v);
}

void attachment_ask_chunk(struct batch *writes, int32_t org, const struct uuid *upload,
	int32_t seq, const void *bytes, size_t n)
{
	struct bind *v = batch_bind(writes);
	bind_int(v, org);
	bind_uuid(v, upload);
	bind_int(v, seq);
	bind_bytes(v, bytes, n);
	batch_ask(writes, &attachment_chunk_add, v);
}

void attachment_ask_drop(struct batch *writes, int32_t org, const struct uuid *upload)
{
	struct bind *v = batch_bind(writes);
	bind_int(v, org);
	bind_uuid(v, upload);
	batch_ask(writes, &attachment_drop, v);
}

const struct rows *attachment_ask_last(struct batch *b, int32_t org, const struct uuid *case_id)
{
	struct bind *v = batch_bind(b);
	bind_int(v, org);
	bind_uuid(v, case_id);
	return batch_ask(b, &attachment_last, v);
}

int32_t attachment_read_last(const struct rows *r)
{
	return rows_int(r, 0, rows_col(r, "n"));
}

const char *attachment_detail(const struct keys *k, struct arena *a, const struct attachment *f)
{
	char hex[2 * MAC_BYTES + 1];
	struct buf text = { 0 };
	struct json_out o = json_to(&text);
	out_object(&o, NULL);
	out_number(&o, "n", f->n);
	if (f->name != NULL) {
		struct mac name = mac_commit(k, f->salt, f->name, strlen(f->name));
		mac_print(&name, hex);
	}
	out_text(&o, "name", f->name != NULL ? hex : NULL);
	out_text(&o, "content_type", f->content_type);
	out_number(&o, "size", f->size);
	mac_print(&f->hash, hex);
	out_text(&o, "sha256", hex);
	out_object_end(&o);
	const char *copy = arena_bytes(a, text.data, text.used);
	buf_clear(&text);
	return copy;
}

void attachment_ask_add(
	struct batch *writes, const struct audit_mark *gate, const struct attachment *f)
{
	struct bind *v = batch_bind(writes);
	audit_gate(v, gate);
	bind_uuid(v, &f->case_id);
	bind_int(v, f->n);
	bind_uuid(v, &f->upload);
	bind_text(v, f->name);
	bind_bytes(v, f->salt, sizeof f->salt);
	bind_text(v, f->content_type);
	bind_int(v, f->size);
	bind_mac(v, &f->hash);
	bind_instant(v, f->recorded_at);
	bind_int(v, f->actor);
	batch_ask(writes, &attachment_add, v);
}

void attachment_ask_follow(struct batch *writes, int32_t org, const struct uuid *case_id,
	const struct origin *from)
{
	struct bind *v = batch_bind(writes);
	bind_int(v, org);
	bind_uuid(v, case_id);
	bind_int(v, from->org);
	bind_uuid(v, &from->id);
	bind_int(v, from->seq);
	bind_mac(v, &from->hash);
	batch_ask(writes, &attachment_follow, v);
}

const struct rows *attachment_ask_list(
	struct batch *b, const int32_t *scope, int scopes, const struct uuid *case_id)
{
	struct bind *v = batch_bind(b);
	bind_ints(v, scope, scopes);
	bind_uuid(v, case_id);
	return batch_ask(b, &attachment_list, v);
}

const struct rows *attachment_ask(struct batch *b, const int32_t *scope, int scopes,
	const struct uuid *case_id, int32_t n)
{
	struct bind *v = batch_bind(b);
	bind_ints(v, scope, scopes);
	bind_uuid(v, case_id);
	bind_int(v, n);
	return batch_ask(b, &attachment_get, v);
}

void attachment_read(const struct rows *r, int row, struct attachment *ret_file)
{
	*ret_file = (struct attachment){
		.org = rows_int(r, row, rows_col(r, "org_id")),
		.case_id = rows_uuid(r, row, rows_col(r, "case_id")),
		.n = rows_int(r, row, rows_col(r, "n")),
		.home = rows_int(r, row, rows_col(r, "home")),
		.upload = rows_uuid(r, row, rows_col(r, "upload_id")),
		.name = rows_text(r, row, rows_col(r, "name")),
		.content_type = rows_text(r, row, rows_col(r, "content_type")),
		.size = rows_int64(r, row, rows_col(r, "size")),
		.hash = rows_mac(r, row, rows_col(r, "sha256")),
		.recorded_at = rows_instant(r, row, rows_col(r, "recorded_at")),
		.actor = rows_int(r, row, rows_col(r, "actor_id")),
	};
}

const struct rows *attachment_ask_chunks(
	struct batch *b, int32_t org, const struct uuid *upload, int32_t seq, int32_t most)
{
	struct bind *v = batch_bind(b);
	bind_int(v, org);
	bind_uuid(v, upload);
	bind_int(v, seq);
	bind_int(v, most);
	return batch_ask(b, &attachment_chunks, v);
}

const void *attachment_read_chunk(const struct rows *r, int row, int32_t seq, size_t *ret_bytes)
{
	*ret_bytes = 0;
	if (row >= rows_count(r) || rows_int(r, row, rows_col(r, "seq")) != seq)
		return NULL;
	return rows_bytes(r, row, rows_col(r, "bytes"), ret_bytes);
}
