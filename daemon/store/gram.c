/* SPDX-License-Identifier: MulanPSL-2.0 */
/* store/gram: reading texts, putting bigrams. */
#include "store/gram.h"

#include "base/gram.h"
#include "domain/numbering.h"

#include <string.h>

const struct stmt gram_pending = { "gram_pending",
	"SELECT c.org_id, c.id, c.version, c.year, c.serial, c.legacy_number, p.name, p.description"
	" FROM (SELECT DISTINCT t.org_id, t.case_id FROM (SELECT org_id, case_id FROM gram_todo"
	" ORDER BY org_id, case_id LIMIT $1) t) k"
	" JOIN request_case c ON c.org_id = k.org_id AND c.id = k.case_id"
	" LEFT JOIN applicant p ON p.org_id = c.org_id AND p.case_id = c.id ORDER BY c.org_id, c.id",
	1 };

const struct stmt gram_put = { "gram_put",
	"WITH put AS (INSERT INTO case_gram (org_id, case_id, version, personal, grams)"
	" VALUES ($1, $2, $3, $4, $5) ON CONFLICT (org_id, case_id) DO UPDATE"
	" SET version = excluded.version, personal = excluded.personal, grams = excluded.grams"
	" WHERE case_gram.version <= excluded.version)"
	" DELETE FROM gram_todo WHERE org_id = $1 AND case_id = $2 AND version <= $3",
	5 };

const struct stmt gram_rebuild = { "gram_rebuild",
	"INSERT INTO gram_todo (org_id, case_id, version) SELECT c.org_id, c.id, c.version"
	" FROM request_case c ON CONFLICT DO NOTHING",
	0 };

const struct stmt gram_destroyed = { "gram_destroyed",
	"INSERT INTO gram_todo (org_id, case_id, version) SELECT c.org_id, c.id, c.version"
	" FROM case_gram g JOIN request_case c ON c.org_id = g.org_id AND c.id = g.case_id"
	" JOIN applicant p ON p.org_id = g.org_id AND p.case_id = g.case_id"
	" WHERE g.personal AND p.name IS NULL AND p.description IS NULL ON CONFLICT DO NOTHING",
	0 };

const struct rows *gram_ask_pending(struct batch *b, int most)
{
	struct bind *v = batch_bind(b);
	bind_int(v, most);
	return batch_ask(b, &gram_pending, v);
}

int gram_ask_put(struct batch *writes, const struct rows *pending)
{
	enum { ORG, ID, VERSION, YEAR, SERIAL, LEGACY, NAME, DESCRIPTION };
	int n = rows_count(pending);
	for (int i = 0; i < n; i++) {
		struct bind *v = batch_bind(writes);
		struct uuid id = rows_uuid(pending, i, ID);
		int32_t org = rows_int(pending, i, ORG);
		char number[24] = "";
		if (!rows_null(pending, i, SERIAL))
			ogi_number_print(rows_int(pending, i, YEAR),
				rows_int(pending, i, SERIAL), number);
		const char *name = rows_text(pending, i, NAME);
		const char *description = rows_text(pending, i, DESCRIPTION);
		const char *const text[] = { number, rows_text(pending, i, LEGACY), name,
			description };
		const int32_t *gram;
		int grams = grams_of(v->arena, text, sizeof text / sizeof *text, &gram);
		int32_t *with_org = arena_array(v->arena, int32_t, grams + 1);
		with_org[0] = gram_of_org(org);
		if (grams > 0)
			memcpy(with_org + 1, gram, (size_t)grams * sizeof *gram);
		bind_int(v, org);
		bind_uuid(v, &id);
		bind_int(v, rows_int(pending, i, VERSION));
		bind_bool(v, name != NULL || description != NULL);
		bind_ints(v, with_org, grams + 1);
		batch_ask(writes, &gram_put, v);
	}
	return n;
}

const struct rows *gram_ask_rebuild(struct batch *writes)
{
	return batch_ask(writes, &gram_rebuild, batch_bind(writes));
}

const struct rows *gram_ask_destroyed(struct batch *writes)
{
	return batch_ask(writes, &gram_destroyed, batch_bind(writes));
}
