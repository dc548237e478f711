/* SPDX-License-Identifier: MulanPSL-2.0 */
/* store/export: pages of the ledger. */
#include "store/export.h"

const struct stmt export_cases = { "export_cases",
	"SELECT c.org_id, c.id, c.year, c.serial, (SELECT json_agg(json_build_object('n', a.n, 'name', a.name,"
	" 'content_type', a.content_type, 'size', a.size, 'sha256', encode(a.sha256, 'hex')) ORDER BY a.n)"
	" FROM (SELECT n, name, content_type, size, sha256 FROM attachment WHERE org_id = c.org_id AND case_id = c.id"
	" UNION ALL SELECT i.n, f.name, f.content_type, f.size, f.sha256 FROM attachment_inherited i"
	" JOIN attachment f ON f.org_id = i.from_org_id AND f.case_id = i.from_case_id AND f.n = i.from_n"
	" WHERE i.org_id = c.org_id AND i.case_id = c.id) a)"
	" FROM request_case c WHERE c.org_id = ANY($1) AND (c.org_id, c.id) > ($2, $3)"
	" ORDER BY c.org_id, c.id LIMIT $4",
	4 };

const struct rows *export_ask_cases(struct batch *b, const int32_t *scope, int scopes,
	int32_t org, const struct uuid *id, int most)
{
	struct bind *v = batch_bind(b);
	char *text = arena_alloc(v->arena, 37);
	uuid_print(id, text); /* all zero before the first */
	bind_ints(v, scope, scopes);
	bind_int(v, org);
	bind_text(v, text);
	bind_int(v, most);
	return batch_ask(b, &export_cases, v);
}
