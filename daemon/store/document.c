/* SPDX-License-Identifier: MulanPSL-2.0 */
/* store/document: templates of letters, and the counters of papers. */
#include "store/document.h"

#include <string.h>

enum { TREE_MOST = 64 }; /* organisations above each other */

#define TEMPLATE_COLUMNS                                                                       \
	"SELECT org_id, version, coalesce(set_by, 0), name, text, valid_from, set_at"          \
	" FROM letter_template WHERE org_id = ANY($1)"

const struct stmt letter_all = { "letter_all",
	TEMPLATE_COLUMNS " AND valid_from <= $2 ORDER BY valid_from DESC, version DESC", 2 };
const struct stmt letter_versions = { "letter_versions",
	TEMPLATE_COLUMNS " AND name = $2 ORDER BY valid_from DESC, version DESC", 2 };
const struct stmt letter_last = { "letter_last",
	"SELECT coalesce(max(version), 0) FROM letter_template WHERE org_id = $1 AND name = $2",
	2 };
const struct stmt letter_add = { "letter_add",
	"INSERT INTO letter_template (org_id, name, version, valid_from, text, set_by, set_at)"
	" SELECT $1::integer, $4, $5::integer, $6::date, $7, NULLIF($8::integer, 0), $9::timestamptz"
	" WHERE" AUDIT_GATE,
	9 };
const struct stmt document_last_get = { "document_last",
	"SELECT last FROM document_counter WHERE org_id = $1 AND document = $2 AND year = $3",
	3 };

/* The organisation and those above it, nearest first. */
static int chain_of(const struct directory *d, int32_t org, int32_t chain[TREE_MOST])
{
	int n = 0;
	for (const struct directory_org *o = directory_org(d, org); o != NULL && n < TREE_MOST;
		o = directory_org(d, o->parent))
		chain[n++] = o->id;
	return n;
}

void letter_template_read(const struct rows *r, int row, struct letter_template *t)
{
	*t = (struct letter_template){
		.org = rows_int(r, row, 0),
		.version = rows_int(r, row, 1),
		.by = rows_int(r, row, 2),
		.name = rows_text(r, row, 3),
		.text = rows_text(r, row, 4),
		.valid_from = rows_date(r, row, 5),
		.at = rows_instant(r, row, 6),
	};
}

const struct rows *letter_ask_in_force(
	struct batch *b, const struct directory *d, int32_t org, struct ogi_date day)
{
	int32_t chain[TREE_MOST];
	struct bind *v = batch_bind(b);
	bind_ints(v, chain, chain_of(d, org, chain));
	bind_date(v, day);
	return batch_ask(b, &letter_all, v);
}

const struct letter_template *letter_in_force(const struct directory *d, const struct rows *r,
	int32_t org, const char *name, struct letter_template *buf)
{
	int32_t chain[TREE_MOST];
	int n = chain_of(d, org, chain);
	for (int k = 0; k < n; k++)
		for (int i = 0; i < rows_count(r); i++) {
			letter_template_read(r, i, buf);
			if (buf->org != chain[k] || strcmp(buf->name, name) != 0)
				continue;
			if (buf->text[0] != '\0')
				return buf;
			break; /* taken back: the next organisation above */
		}
	return NULL;
}

const struct rows *letter_ask_versions(
	struct batch *b, const struct directory *d, int32_t org, const char *name)
{
	int32_t chain[TREE_MOST];
	struct bind *v = batch_bind(b);
	bind_ints(v, chain, chain_of(d, org, chain));
	bind_text(v, name);
	return batch_ask(b, &letter_versions, v);
}

const struct rows *letter_ask_last(struct batch *b, int32_t org, const char *name)
{
	struct bind *v = batch_bind(b);
	bind_int(v, org);
	bind_text(v, name);
	return batch_ask(b, &letter_last, v);
}

void letter_ask_add(struct batch *writes, const struct audit_mark *gate,
	const struct letter_template *template)
{
	struct bind *v = batch_bind(writes);
	audit_gate(v, gate);
	bind_text(v, template->name);
	bind_int(v, template->version);
	bind_date(v, template->valid_from);
	bind_text(v, template->text);
	bind_int(v, template->by);
	bind_instant(v, template->at);
	batch_ask(writes, &letter_add, v);
}

const struct rows *document_ask_last(
	struct batch *b, int32_t org, const char *document, int32_t year)
{
	struct bind *v = batch_bind(b);
	bind_int(v, org);
	bind_text(v, document);
	bind_int(v, year);
	return batch_ask(b, &document_last_get, v);
}

int32_t document_last(const struct rows *r)
{
	return rows_count(r) > 0 ? rows_int(r, 0, 0) : 0;
}
