/* SPDX-License-Identifier: MulanPSL-2.0 */
/* store/purge: four deletions. */
#include "store/purge.h"

const struct stmt purge_stmt_sessions = { "purge_sessions",
	"DELETE FROM session WHERE expires_at < $1", 1 };
const struct stmt purge_stmt_failures = { "purge_failures",
	"DELETE FROM login_failure WHERE at < $1", 1 };
const struct stmt purge_stmt_keys = { "purge_keys",
	"DELETE FROM idempotency_key WHERE created_at < $1", 1 };

/* The chunks go with it; what became an attachment is kept by its key. */
const struct stmt purge_stmt_uploads = { "purge_uploads",
	"DELETE FROM attachment_upload u WHERE u.started_at < $1 AND NOT EXISTS"
	" (SELECT 1 FROM attachment a WHERE a.org_id = u.org_id AND a.upload_id = u.id)",
	1 };

static const struct rows *purge(struct batch *b, const struct stmt *s, int64_t before)
{
	struct bind *v = batch_bind(b);
	bind_instant(v, before);
	return batch_ask(b, s, v);
}

const struct rows *purge_sessions(struct batch *b, int64_t before)
{
	return purge(b, &purge_stmt_sessions, before);
}

const struct rows *purge_failures(struct batch *b, int64_t before)
{
	return purge(b, &purge_stmt_failures, before);
}

const struct rows *purge_keys(struct batch *b, int64_t before)
{
	return purge(b, &purge_stmt_keys, before);
}

const struct rows *purge_uploads(struct batch *b, int64_t before)
{
	return purge(b, &purge_stmt_uploads, before);
}
