/* SPDX-License-Identifier: MulanPSL-2.0 */
/* store/statistics: a form from request_case, disclosure_item and publication. */
#include "store/statistics.h"
#include "store/register.h"
#include "store/statements.h"
#include "store/statistics_sql.h"

#include <assert.h>
#include <string.h>

/* ---- questions ---- */

/* One row for each kind of case; $4 tells organisations apart. */
#define BY_ORG "CASE WHEN $4 THEN t.org_id ELSE 0 END AS org_id"
#define GROUPED(words, number, cases)                                                          \
	"SELECT f.org_id, " FACT " AS fact, f.n FROM (SELECT " BY_ORG ", " words ", " number   \
	" AS n FROM " cases " GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11) f"
const struct stmt statistics_cases_2014 = { "statistics_cases_2014",
	GROUPED(WORDS_2014, "count(*)", CASES_2014), 4 };
const struct stmt statistics_cases_2019 = { "statistics_cases_2019",
	GROUPED(WORDS_2019, "sum(t.n)::bigint", CASES_2019(ALIKE, "$5::text[]")), 5 };
const struct stmt statistics_remedies = { "statistics_remedies",
	"SELECT " BY_ORG ", t.fact, count(*) AS n FROM (" REMEDIES ") t GROUP BY 1, 2", 4 };
const struct stmt statistics_items = { "statistics_items",
	"SELECT " BY_ORG ", count(*) AS n, count(*) FILTER (WHERE t.is_normative) AS normative"
	" FROM disclosure_item t WHERE t.org_id = ANY($1) AND t.published_on >= $2 AND t.published_on < $3"
	" AND NOT " REPLACED("t") " GROUP BY 1",
	4 };
/* An item counts once in a group of channels, in the year of its first publication in the
 * group. The groups come as a list of channels and a list of their group numbers. */
const struct stmt statistics_publications = { "statistics_publications",
	"SELECT " BY_ORG
	", t.grp, count(*) AS n FROM (SELECT p.org_id, p.item_id, g.grp, min(p.published_on) AS day"
	" FROM publication p JOIN unnest($5::text[], $6::integer[]) g (channel, grp) ON g.channel = p.channel"
	" WHERE p.org_id = ANY($1) AND p.published_on < $3 AND NOT " OF_REPLACED
	" GROUP BY 1, 2, 3"
	") t WHERE t.day >= $2 GROUP BY 1, 2",
	6 };
#define ACTS(kind, name)                                                                       \
	" count(*) FILTER (WHERE t." kind " AND " ACT_MADE ") AS " name                        \
	"_made, count(*) FILTER (WHERE t." kind " AND " ACT_REPEALED ") AS " name              \
	"_repealed, count(*) FILTER (WHERE t." kind " AND " ACT_VALID ") AS " name             \
	"_valid, count(*) FILTER (WHERE t." kind " AND " ACT_PUBLISHED ") AS " name            \
	"_published, count(*) FILTER (WHERE t." kind " AND " ACT_PUBLIC ") AS " name "_public"
const struct stmt statistics_documents = { "statistics_documents",
	"SELECT " BY_ORG "," ACTS("is_rule", "rules") "," ACTS("is_normative",
		"normative") " FROM disclosure_item t WHERE t.org_id = ANY($1) AND (t.is_rule OR t.is_normative) GROUP BY 1",
	4 };
#define FEE_DAY(name) "(t.stage ->> '" name "')::date"
#define FEE_IN(name) FEE_DAY(name) " >= $2 AND " FEE_DAY(name) " < $3"
const struct stmt statistics_fees = { "statistics_fees",
	"SELECT " BY_ORG ", count(*) FILTER (WHERE " FEE_IN(
		"fee_noticed_on") ") AS notices,"
				  " coalesce(sum((t.stage ->> 'fee_amount')::bigint) FILTER (WHERE " FEE_IN(
					  "fee_noticed_on") "), 0)::bigint AS noticed,"
							    " coalesce(sum((t.stage ->> 'fee_paid')::bigint) FILTER (WHERE " FEE_IN(
								    "fee_paid_on") "), 0)::bigint AS received"
										   " FROM request_case t WHERE t.org_id = ANY($1)"
										   " AND (t.stage -> 'fee_noticed_on') IS NOT NULL GROUP BY 1",
	4 };
/* Open when the period begins, counted for itself: what the year before carried out. */
const struct stmt statistics_carry = { "statistics_carry",
	"SELECT CASE WHEN $3 THEN t.org_id ELSE 0 END AS org_id, t.kind, sum(t.n)::bigint AS n FROM ("
	"SELECT c.org_id, c.applicant_kind AS kind, count(*) AS n" OF_CASES
	" AND c.first_closed_on IS NULL AND c.receipt_date < $2 GROUP BY 1, 2"
	" UNION ALL SELECT c.org_id, c.applicant_kind, count(*)" OF_CASES
	" AND c.first_closed_on >= $2 AND c.receipt_date < $2 GROUP BY 1, 2) t GROUP BY 1, 2",
	3 };

static struct bind *bind_asked(struct batch *b, const struct statistics_asked *asked)
{
	struct bind *v = batch_bind(b);
	bind_ints(v, asked->scope, asked->scopes);
	bind_date(v, asked->span.from);
	bind_date(v, asked->span.to);
	bind_bool(v, asked->by_org);
	return v;
}

/* Rows of the form that count publications by channel. */
static bool by_channel(const struct ogi_form_row *row)
{
	return row->source == OGI_FROM_DISCLOSURES && row->match != NULL &&
	       strcmp(row->match, "normative") != 0;
}

static void bind_groups(struct bind *v, const struct ogi_form *form)
{
	enum { MOST = 32 };
	static const char space[] = " ";
	const char *channel[MOST];
	int32_t group[MOST];
	int n = 0;
	for (int i = 0; i < form->rows; i++) {
		if (!by_channel(&form->row[i]))
			continue;
		for (const char *s = form->row[i].match; *s != '\0'; s += strspn(s, space)) {
			size_t length = strcspn(s, space);
			assert(n < MOST);
			channel[n] = arena_bytes(v->arena, s, length);
			group[n++] = i;
			s += length;
		}
	}
	bind_texts(v, channel, n);
	bind_ints(v, group, n);
}

void statistics_old_codes(struct bind *v)
{
	const char *code[OGI_OUTCOMES];
	int n = 0;
	for (int i = OGI_LEGACY_ALREADY_PUBLIC; i < OGI_OUTCOMES; i++)
		code[n++] = ogi_outcome_codes[i].code;
	bind_texts(v, code, n);
}

bool statistics_is_old(const struct ogi_form *form)
{
	return form == &ogi_form_2014;
}

void statistics_ask_items(
	struct batch *b, const struct statistics_asked *asked, struct statistics_questions *q)
{
	if (statistics_is_old(asked->form)) {
		q->items = batch_ask(b, &statistics_items, bind_asked(b, asked));
		struct bind *v = bind_asked(b, asked);
		bind_groups(v, asked->form);
		q->publications = batch_ask(b, &statistics_publications, v);
	}
	q->documents = batch_ask(b, &statistics_documents, bind_asked(b, asked));
	q->registers = register_ask_counts(b, asked);
}

void statistics_ask(
	struct batch *b, const struct statistics_asked *asked, struct statistics_questions *q)
{
	struct bind *v = bind_asked(b, asked);
	if (statistics_is_old(asked->form)) {
		q->cases = batch_ask(b, &statistics_cases_2014, v);
	} else {
		statistics_old_codes(v);
		q->cases = batch_ask(b, &statistics_cases_2019, v);
	}
	q->remedies = batch_ask(b, &statistics_remedies, bind_asked(b, asked));
	q->fees = batch_ask(b, &statistics_fees, bind_asked(b, asked));
	statistics_ask_items(b, asked, q);
}

void statistics_ask_carry(
	struct batch *b, const struct statistics_asked *asked, struct statistics_questions *q)
{
	if (statistics_is_old(asked->form))
		return;
	struct bind *v = batch_bind(b);
	bind_ints(v, asked->scope, asked->scopes);
	bind_date(v, asked->span.from);
	bind_bool(v, asked->by_org);
	q->carry = batch_ask(b, &statistics_carry, v);
}

/* ---- facts ---- */

/* The next word of a fact in `to`; false when there is none or it is too long. */
static bool next_word(const char **at, char *to, size_t size)
{
	size_t n = strcspn(*at, " ");
	if (n == 0 || n >= size)
		return false;
	memcpy(to, *at, n);
	to[n] = '\0';
	*at += n + ((*at)[n] == ' ');
	return true;
}

/* Index of the code that is the next word; "-" is 0. */
static bool next_code(const char **at, const struct code *list, int32_t *ret_index)
{
	char word[64];
	if (!next_word(at, word, sizeof word))
		return false;
	*ret_index = strcmp(word, "-") == 0 ? 0 : code_find(list, word);
	return *ret_index >= 0;
}

bool statistics_fact(const char *words, struct ogi_case_fact *ret_fact)
{
	struct ogi_case_fact *f = ret_fact;
	char sides[8], ended[16];
	*f = (struct ogi_case_fact){ 0 };
	if (!next_word(&words, sides, sizeof sides) || strlen(sides) != 4)
		return false;
	f->received = sides[0] == 'n';
	f->carried_in = sides[1] == 'i';
	f->closed = sides[2] == 'r';
	f->carried_out = sides[3] == 'o';
	if (!next_code(&words, ogi_outcome_codes, &f->outcome) ||
		!next_code(&words, ogi_variant_codes, &f->variant) ||
		!next_code(&words, ogi_outcome_codes, &f->form) ||
		!next_code(&words, ogi_applicant_kinds, &f->kind) ||
		!next_code(&words, ogi_channels, &f->channel) ||
		!next_word(&words, ended, sizeof ended))
		return false;
	f->late = strcmp(ended, "late") == 0;
	f->extended = f->late || strcmp(ended, "extended") == 0;
	return *words == '\0';
}

bool statistics_remedy_fact(const char *words, struct ogi_remedy_fact *ret_fact)
{
	char sides[8], kind[16], result[16];
	int64_t k, r;
	if (!next_word(&words, sides, sizeof sides) || strlen(sides) != 2 ||
		!next_word(&words, kind, sizeof kind) ||
		!next_word(&words, result, sizeof result) || !text_to_int(kind, &k) ||
		!text_to_int(result, &r) || k < 0 || k >= code_count(ogi_remedy_kinds) ||
		r < 0 || r >= code_count(ogi_remedy_results))
		return false;
	*ret_fact = (struct ogi_remedy_fact){ .accepted = sides[0] == 'a',
		.concluded = sides[1] == 'c',
		.kind = (int32_t)k,
		.result = (int32_t)r };
	return true;
}

/* ---- answers ---- */

void statistics_add(const struct ogi_form *form, const struct ogi_case_fact *fact, int64_t n,
	struct statistics *s)
{
	ogi_cells_add(form, fact, n, &s->cells);
	if (statistics_is_old(form))
		return;
	if (fact->closed && fact->outcome != OGI_NO_OUTCOME &&
		ogi_fact_result(fact) == OGI_NO_OUTCOME)
		s->unmapped += n;
	if (fact->kind < OGI_NATURAL || fact->kind > OGI_OTHER_ORG)
		s->unknown += n;
}

static bool of_org(const struct rows *r, int row, int32_t org)
{
	return rows_int(r, row, 0) == org;
}

/* A fact that this program cannot read is counted by nobody: the identities would show it, but
 * there is none, since both sides are ours. */
static void read_cases(const struct statistics_questions *q, const struct ogi_form *form,
	int32_t org, struct statistics *s)
{
	for (int k = 0; q->cases != NULL && k < rows_count(q->cases); k++) {
		struct ogi_case_fact fact;
		if (of_org(q->cases, k, org) &&
			statistics_fact(rows_text(q->cases, k, 1), &fact))
			statistics_add(form, &fact, rows_int64(q->cases, k, 2), s);
	}
	for (int k = 0; q->remedies != NULL && k < rows_count(q->remedies); k++) {
		struct ogi_remedy_fact fact;
		if (of_org(q->remedies, k, org) &&
			statistics_remedy_fact(rows_text(q->remedies, k, 1), &fact))
			ogi_cells_add_remedy(
				form, &fact, rows_int64(q->remedies, k, 2), &s->cells);
	}
	for (int k = 0; q->carry != NULL && k < rows_count(q->carry); k++) {
		int kind = rows_null(q->carry, k, 1)
				   ? 0
				   : code_find(ogi_applicant_kinds, rows_text(q->carry, k, 1));
		if (!of_org(q->carry, k, org))
			continue;
		s->before[OGI_COLUMN_TOTAL] += rows_int64(q->carry, k, 2);
		if (kind >= OGI_NATURAL && kind <= OGI_OTHER_ORG)
			s->before[kind - 1] += rows_int64(q->carry, k, 2);
	}
	for (int k = 0; q->fees != NULL && k < rows_count(q->fees); k++) {
		if (!of_org(q->fees, k, org))
			continue;
		s->fee_notices += rows_int64(q->fees, k, 1);
		s->fee_noticed += rows_int64(q->fees, k, 2);
		s->fee_received += rows_int64(q->fees, k, 3);
	}
}

/* "rules made" is the column rules_made. */
static int document_column(const struct rows *r, const char *match)
{
	char name[32];
	size_t n = strlen(match);
	assert(n < sizeof name);
	for (size_t i = 0; i <= n; i++)
		name[i] = (char)(match[i] == ' ' ? '_' : match[i]);
	return rows_col(r, name);
}

static void read_items(const struct statistics_questions *q, const struct ogi_form *form,
	int32_t org, struct statistics *s)
{
	for (int i = 0; i < form->rows; i++) {
		const struct ogi_form_row *row = &form->row[i];
		int64_t *cell = &s->cells.cell[i][OGI_COLUMN_TOTAL];
		if (row->source == OGI_FROM_DISCLOSURES && !by_channel(row))
			for (int k = 0; q->items != NULL && k < rows_count(q->items); k++)
				*cell += of_org(q->items, k, org)
						 ? rows_int64(q->items, k,
							   row->match == NULL ? 1 : 2)
						 : 0;
		if (row->source == OGI_FROM_DOCUMENTS)
			for (int k = 0; q->documents != NULL && k < rows_count(q->documents);
				k++)
				*cell += of_org(q->documents, k, org)
						 ? rows_int64(q->documents, k,
							   document_column(
								   q->documents, row->match))
						 : 0;
		if (row->source == OGI_FROM_FEES)
			for (int k = 0; q->fees != NULL && k < rows_count(q->fees); k++)
				*cell +=
					of_org(q->fees, k, org) ? rows_int64(q->fees, k, 3) : 0;
	}
	for (int k = 0; q->publications != NULL && k < rows_count(q->publications); k++)
		if (of_org(q->publications, k, org))
			s->cells.cell[rows_int(q->publications, k, 1)][OGI_COLUMN_TOTAL] +=
				rows_int64(q->publications, k, 2);
}

void statistics_read(const struct statistics_questions *q, const struct ogi_form *form,
	int32_t org, struct statistics *s)
{
	read_cases(q, form, org, s);
	read_items(q, form, org, s);
	for (int k = 0; q->registers != NULL && k < rows_count(q->registers); k++)
		if (of_org(q->registers, k, org))
			s->cells.cell[rows_int(q->registers, k, 1)][OGI_COLUMN_TOTAL] +=
				rows_int64(q->registers, k, 2);
}

void statistics_end(const struct ogi_form *form, struct statistics *s)
{
	ogi_cells_sum(form, &s->cells);
}
