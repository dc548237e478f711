/* SPDX-License-Identifier: MulanPSL-2.0 */
/* api/attachments: what reading and writing files of a case share. */
#ifndef OGID_API_ATTACHMENTS_H
#define OGID_API_ATTACHMENTS_H

#include "api/app.h"
#include "store/attachment.h"

enum {
	ATTACHMENT_MOST = 50 * 1024 * 1024, /* bytes of one file */
	ATTACHMENT_UPLOADS = 16,            /* arriving at the same time in one process */
};

/* One file as JSON. */
void view_attachment(
	struct exchange *x, struct json_out *o, const char *name, const struct attachment *f);
const struct problem *no_such_attachment(struct exchange *x);
/* What a question of the exchange's own to the database came back with; NULL for DB_DONE. */
const struct problem *attachment_result(struct exchange *x, enum db_result result);

#endif
