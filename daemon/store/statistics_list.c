/* SPDX-License-Identifier: MulanPSL-2.0 */
/* store/statistics_list: what stands behind the cells of a form, one by one. */
#include "store/statements.h"
#include "store/statistics.h"
#include "store/statistics_sql.h"

#include <string.h>

/* $4 facts, NULL all; behind $5, $6; at most $7. */
#define LISTED(words, cases)                                                                          \
	"SELECT l.org_id, l.id, c.year, c.serial, l.fact, c.receipt_date, c.first_closed_on,"         \
	" c.first_outcome, c.applicant_kind, c.channel, c.version FROM (SELECT f.org_id, f.id, " FACT \
	" AS fact FROM (SELECT t.org_id, t.id, " words " FROM " cases ") f) l"                        \
	" JOIN request_case c ON c.org_id = l.org_id AND c.id = l.id"                                 \
	" WHERE ($4::text[] IS NULL OR l.fact = ANY($4)) AND (l.org_id, l.id) > ($5, $6)"             \
	" ORDER BY l.org_id, l.id LIMIT $7"
const struct stmt statistics_list_2014 = { "statistics_list_2014",
	LISTED(WORDS_2014, CASES_2014), 7 };
const struct stmt statistics_list_2019 = { "statistics_list_2019",
	LISTED(WORDS_2019, CASES_2019(SINGLE, "$8::text[]")), 8 };
const struct stmt statistics_list_remedies = { "statistics_list_remedies",
	"SELECT t.org_id, t.id, t.year, t.serial, t.number, t.fact, t.version FROM (" REMEDIES
	") t"
	" WHERE ($4::text[] IS NULL OR t.fact = ANY($4)) AND (t.org_id, t.id, t.number) > ($5, $6, $7)"
	" ORDER BY t.org_id, t.id, t.number LIMIT $8",
	8 };
/* The channel of $4 in the period first; without channels, the item itself. */
const struct stmt statistics_list_items = { "statistics_list_items",
	"SELECT i.org_id, i.id, i.seq, i.title, i.published_on FROM disclosure_item i WHERE i.org_id = ANY($1)"
	" AND CASE WHEN $4::text[] IS NULL THEN i.published_on >= $2 AND i.published_on < $3"
	" ELSE (SELECT min(p.published_on) >= $2 AND min(p.published_on) < $3 FROM publication p"
	" WHERE p.org_id = i.org_id AND p.item_id = i.id AND p.channel = ANY($4)) END"
	" AND (NOT $5 OR i.is_normative) AND NOT " REPLACED(
		"i") " AND (i.org_id, i.id) > ($6, $7) ORDER BY i.org_id, i.id LIMIT $8",
	8 };

/* Acts by the same days as the counting statement (ACTS): $4 "rules made" and the like. */
const struct stmt statistics_list_documents = { "statistics_list_documents",
	"SELECT t.org_id, t.id, t.seq, t.title, t.published_on FROM disclosure_item t WHERE t.org_id = ANY($1)"
	" AND CASE split_part($4, ' ', 1) WHEN 'rules' THEN t.is_rule ELSE t.is_normative END"
	" AND CASE split_part($4, ' ', 2) WHEN 'made' THEN " ACT_MADE
	" WHEN 'repealed' THEN " ACT_REPEALED " WHEN 'valid' THEN " ACT_VALID
	" WHEN 'published' THEN " ACT_PUBLISHED " ELSE " ACT_PUBLIC " END"
	" AND (t.org_id, t.id) > ($5, $6) ORDER BY t.org_id, t.id LIMIT $7",
	7 };

static void bind_place(struct bind *v, const struct statistics_page *page)
{
	char id[37];
	uuid_print(&page->after_id, id);
	bind_int(v, page->after_org);
	bind_text(v, arena_text(v->arena, id)); /* the zero id too */
}

static struct bind *bind_asked(struct batch *b, const struct statistics_asked *asked)
{
	struct bind *v = batch_bind(b);
	bind_ints(v, asked->scope, asked->scopes);
	bind_date(v, asked->span.from);
	bind_date(v, asked->span.to);
	return v;
}

static void bind_facts(struct bind *v, const struct statistics_page *page)
{
	if (page->facts == NULL)
		bind_null(v);
	else
		bind_texts(v, page->facts, page->count);
}

const struct rows *statistics_ask_cases(struct batch *b, const struct statistics_asked *asked,
	const struct statistics_page *page)
{
	bool old = statistics_is_old(asked->form);
	struct bind *v = bind_asked(b, asked);
	bind_facts(v, page);
	bind_place(v, page);
	bind_int(v, page->limit);
	if (!old)
		statistics_old_codes(v);
	return batch_ask(b, old ? &statistics_list_2014 : &statistics_list_2019, v);
}

const struct rows *statistics_ask_remedies(struct batch *b,
	const struct statistics_asked *asked, const struct statistics_page *page)
{
	struct bind *v = bind_asked(b, asked);
	bind_facts(v, page);
	bind_place(v, page);
	bind_int(v, page->after_number);
	bind_int(v, page->limit);
	return batch_ask(b, &statistics_list_remedies, v);
}

const struct rows *statistics_ask_disclosures(struct batch *b,
	const struct statistics_asked *asked, const struct ogi_form_row *row,
	const struct statistics_page *page)
{
	bool normative = row->match != NULL && strcmp(row->match, "normative") == 0;
	struct bind *v = bind_asked(b, asked);
	if (row->source == OGI_FROM_DOCUMENTS) {
		bind_text(v, row->match);
		bind_place(v, page);
		bind_int(v, page->limit);
		return batch_ask(b, &statistics_list_documents, v);
	}
	if (row->match == NULL || normative) {
		bind_null(v);
	} else {
		const char *channel[32];
		int n = 0;
		for (const char *s = row->match; *s != '\0' && n < 32; s += strspn(s, " ")) {
			size_t length = strcspn(s, " ");
			channel[n++] = arena_bytes(v->arena, s, length);
			s += length;
		}
		bind_texts(v, channel, n);
	}
	bind_bool(v, normative);
	bind_place(v, page);
	bind_int(v, page->limit);
	return batch_ask(b, &statistics_list_items, v);
}
