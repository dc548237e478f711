/* SPDX-License-Identifier: MulanPSL-2.0 */
/* store/export: pages of the ledger. */
#include "store/export.h"

const struct stmt export_cases = { "export_cases",
	"SELECT c.org_id, c.id, c.year, c.serial, (SELECT json_agg(json_build_object('n', a.n, 'name', a.name,"
	" 'content_type', a.content_type, 'size', a.size, 'sha256', encode(a.sha256, 'hex')) ORDER BY a.n)"
	" FROM attachment a WHERE a.org_id = c.org_id AND a.case_id = c.id)"
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
