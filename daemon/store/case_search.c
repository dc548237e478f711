/* SPDX-License-Identifier: MulanPSL-2.0 */
/* store/case_search: a page of the cases that the index names. */
#include "store/case_search.h"

#include "base/gram.h"
#include "store/case_list_parts.h"

#include <assert.h>
#include <string.h>

/* The bigrams of the word; inside one office with its number. */
#define NAMED(grams)                                                                                 \
	"SELECT g.org_id, g.case_id FROM case_gram g WHERE g.org_id = ANY($1) AND g.grams @> " grams \
	"::integer[]"
#define UNREAD "SELECT t.org_id, t.case_id FROM gram_todo t WHERE t.org_id = ANY($1)"

const struct stmt case_search_count = { "case_search_count",
	"SELECT count(*) FROM (SELECT f.org_id FROM (" NAMED("$2") " UNION ALL " UNREAD
								   ") f LIMIT 4001) n",
	2 };
_Static_assert(CASE_SEARCH_MOST == 4000, "the LIMIT of case_search_count");

/* $28 bigrams, $29 open ones only */
#define PAGE(key, type, than, up_to, direction)                                                                      \
	"SELECT " CASE_SELECT " FROM (SELECT c.org_id, c.id, " key " AS key FROM (" NAMED(                           \
		"$28") " UNION " UNREAD ") f"                                                                        \
		       " JOIN request_case c ON c.org_id = f.org_id AND c.id = f.case_id WHERE (" key                \
		       ", c.id) " than " ($2::" type ", $3::uuid) AND " key " " up_to                                \
		       " $4::" type " AND ($29::boolean IS NOT TRUE OR " OPEN_STATUS                                 \
		       ") AND " FILTERS " ORDER BY " key direction ", c.id" direction                                \
		       " LIMIT $5) k"                                                                                \
		       " JOIN request_case c ON c.org_id = k.org_id AND c.id = k.id"                                 \
		       " LEFT JOIN applicant p ON p.org_id = c.org_id AND p.case_id = c.id ORDER BY k.key" direction \
		       ", k.id" direction
#define BOTH(name, key, type)                                                                  \
	{ "case_search_" name, PAGE(key, type, ">", "<=", ""), PARAMS + 2 },                   \
	{                                                                                      \
		"case_search_" name "_down", PAGE(key, type, "<", ">=", " DESC"), PARAMS + 2   \
	}

const struct stmt case_searches[CASE_SEARCHES] = {
	BOTH("due", DUE_ON, "date"),
	BOTH("receipt", RECEIPT, "date"),
	BOTH("number", NUMBER, "bigint"),
	BOTH("updated", UPDATED, "timestamptz"),
};

bool case_search_can(const struct case_filter *f)
{
	return f->q != NULL && text_characters(f->q, strlen(f->q)) >= 2;
}

static void bind_grams(struct bind *v, const struct case_filter *f)
{
	const int32_t *gram;
	const char *const word[] = { f->q };
	int n = grams_of(v->arena, word, 1, &gram);
	int32_t *wanted = arena_array(v->arena, int32_t, n + 1);
	assert(n > 0);
	memcpy(wanted, gram, (size_t)n * sizeof *gram);
	wanted[n] = gram_of_org(f->org[0]);
	bind_ints(v, wanted, f->orgs == 1 ? n + 1 : n);
}

const struct rows *case_search_ask_count(struct batch *b, const struct case_filter *f)
{
	struct bind *v = batch_bind(b);
	bind_ints(v, f->org, f->orgs);
	bind_grams(v, f);
	return batch_ask(b, &case_search_count, v);
}

const struct rows *case_search_ask(struct batch *b, const struct case_filter *f,
	const struct case_order *o, enum case_part part, int most)
{
	struct bind *v = batch_bind(b);
	if (part == CASE_UNKEYED && !o->descending)
		return NULL;
	bind_ints(v, f->org, f->orgs);
	if (!case_list_bind_range(v, f, o, part))
		return NULL;
	bind_int(v, most);
	case_list_bind_filter(v, f);
	bind_grams(v, f);
	bind_bool(v, case_filter_open(f));
	return batch_ask(b, &case_searches[2 * (int)o->sort + o->descending], v);
}
