/* SPDX-License-Identifier: MulanPSL-2.0 */
/* store/similar: five questions. */
#include "store/similar.h"

#include "base/gram.h"

#include <string.h>

/* What ANALYZE counted: the thousand most common bigrams of the index. */
const struct stmt similar_known = { "similar_known",
	"SELECT k.gram, (k.often * 1000)::integer AS per_mille FROM (SELECT"
	" unnest(s.most_common_elems::text::integer[]) AS gram, unnest(s.most_common_elem_freqs) AS often"
	" FROM pg_stats s WHERE s.tablename = 'case_gram' AND s.attname = 'grams') k"
	" WHERE k.gram = ANY($1::integer[])",
	1 };

/* $2 name, $3 blind index */
#define IS_THIS_ONE                                                                            \
	" AND (p.org_id = ANY($1) AND p.name = $2 OR p.org_id = ANY($1) AND p.id_blind = $3)"  \
	" AND ($3::bytea IS NULL OR p.id_blind IS NULL OR p.id_blind = $3)"

const struct stmt similar_applicant = { "similar_applicant",
	"SELECT " CASE_SELECT " FROM applicant p JOIN request_case c ON c.org_id = p.org_id"
	" AND c.id = p.case_id WHERE c.org_id = ANY($1)" IS_THIS_ONE
	" ORDER BY coalesce(c.receipt_date, c.arrived_on) DESC, c.id DESC LIMIT 60",
	3 };
_Static_assert(SIMILAR_MOST == 60, "the LIMITs");

/* A letter that was split counts by its parts, one entered twice once. */
const struct stmt similar_month = { "similar_month",
	"SELECT count(*) FROM applicant p JOIN request_case c ON c.org_id = p.org_id AND c.id = p.case_id"
	" WHERE c.org_id = ANY($1)" IS_THIS_ONE
	" AND c.receipt_date BETWEEN $4 AND $5 AND c.serial IS NOT NULL"
	" AND c.status NOT IN ('void_split', 'void_merged', 'void_withdrawn')",
	5 };

const struct stmt similar_cases = { "similar_cases",
	"SELECT " CASE_SELECT
	" FROM (SELECT b.org_id, b.case_id, max(b.shared) AS shared FROM ((SELECT g.org_id, g.case_id, count(*) AS shared FROM unnest($2::integer[]) AS w(gram),"
	" LATERAL (SELECT g.org_id, g.case_id FROM case_gram g WHERE g.org_id = ANY($1)"
	" AND g.grams @> (ARRAY[w.gram] || $3::integer[]) LIMIT 1000) g"
	" GROUP BY g.org_id, g.case_id ORDER BY shared DESC, g.case_id DESC LIMIT 60)"
	" UNION ALL (SELECT DISTINCT t.org_id, t.case_id, 0 FROM gram_todo t"
	" WHERE t.org_id = ANY($1) ORDER BY t.case_id DESC LIMIT 60)) b GROUP BY b.org_id, b.case_id) k"
	" JOIN request_case c ON c.org_id = k.org_id AND c.id = k.case_id"
	" JOIN applicant p ON p.org_id = c.org_id AND p.case_id = c.id ORDER BY k.shared DESC, c.id DESC",
	3 };

const struct stmt similar_items = { "similar_items",
	"SELECT i.id, i.org_id, i.title, i.doc_no, i.category_local, i.published_on, u.channel, u.locator"
	" FROM (SELECT d.id, d.org_id, d.title, d.doc_no, d.category_local, d.published_on,"
	" (SELECT count(*) FROM unnest($2::text[]) AS w(word)"
	" WHERE strpos(lower(d.title COLLATE \"C\"), w.word) > 0) AS shared FROM disclosure_item d"
	" WHERE d.org_id = ANY($1) AND d.published_on <= $3 AND d.repealed_on IS NULL AND d.withdrawn_on IS NULL"
	" AND (d.valid_until IS NULL OR d.valid_until >= $3)"
	" ORDER BY shared DESC, d.published_on DESC, d.id DESC LIMIT 60) i"
	" LEFT JOIN LATERAL (SELECT n.channel, n.locator FROM publication n WHERE n.org_id = i.org_id"
	" AND n.item_id = i.id ORDER BY n.locator IS NULL, n.published_on LIMIT 1) u ON true"
	" WHERE i.shared > 0 ORDER BY i.shared DESC, i.published_on DESC, i.id DESC",
	3 };

const struct rows *similar_ask_known(struct batch *b, const int32_t *gram, int grams)
{
	struct bind *v = batch_bind(b);
	bind_ints(v, gram, grams);
	return batch_ask(b, &similar_known, v);
}

static struct bind *bind_who(
	struct batch *b, const int32_t *scope, int scopes, const struct similar_who *who)
{
	struct bind *v = batch_bind(b);
	bind_ints(v, scope, scopes);
	bind_text(v, who->name);
	bind_mac(v, who->blind);
	return v;
}

const struct rows *similar_ask_applicant(
	struct batch *b, const int32_t *scope, int scopes, const struct similar_who *who)
{
	return batch_ask(b, &similar_applicant, bind_who(b, scope, scopes, who));
}

const struct rows *similar_ask_month(struct batch *b, int32_t org,
	const struct similar_who *who, struct ogi_date from, struct ogi_date to)
{
	struct bind *v = bind_who(b, &org, 1, who);
	bind_date(v, from);
	bind_date(v, to);
	return batch_ask(b, &similar_month, v);
}

const struct rows *similar_ask_cases(
	struct batch *b, const int32_t *scope, int scopes, const int32_t *gram, int grams)
{
	struct bind *v = batch_bind(b);
	const int32_t office = gram_of_org(scope[0]);
	bind_ints(v, scope, scopes);
	bind_ints(v, gram, grams);
	bind_ints(v, &office, scopes == 1 ? 1 : 0);
	return batch_ask(b, &similar_cases, v);
}

const struct rows *similar_ask_items(struct batch *b, const int32_t *scope, int scopes,
	const char *const *word, int words, struct ogi_date today)
{
	struct bind *v = batch_bind(b);
	bind_ints(v, scope, scopes);
	bind_texts(v, word, words);
	bind_date(v, today);
	return batch_ask(b, &similar_items, v);
}
