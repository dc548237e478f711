/* SPDX-License-Identifier: MulanPSL-2.0 */
/* store/statistics: the form of 2014 from request_case, disclosure_item and publication. */
#include "store/statistics.h"
#include "store/statements.h"

#include "domain/event.h"

#include <assert.h>
#include <string.h>

/*
 * One row for each combination that a cell may ask for. A case counts where it was received
 * (receipt_date) and where it was first closed (first_closed_on); entries that turned out not
 * to be requests of their own (void_*) count nowhere, an arrival not yet.
 */
const struct stmt statistics_cases = { "statistics_cases",
	"SELECT c.channel, c.receipt_date >= $2 AND c.receipt_date < $3 AS received,"
	" c.first_closed_on IS NOT NULL AND c.first_closed_on >= $2 AND c.first_closed_on < $3 AS closed,"
	" c.first_outcome AS outcome, c.first_variant AS variant,"
	" coalesce(c.first_closed_on > c.first_base_due_on, false) AS extended,"
	" coalesce(c.first_closed_on > c.first_due_on, false) AS late, count(*) AS n"
	" FROM request_case c WHERE c.org_id = ANY($1) AND c.serial IS NOT NULL"
	" AND c.status NOT IN ('void_split', 'void_merged', 'void_withdrawn')"
	" AND ((c.receipt_date >= $2 AND c.receipt_date < $3)"
	" OR (c.first_closed_on >= $2 AND c.first_closed_on < $3))"
	" GROUP BY 1, 2, 3, 4, 5, 6, 7",
	3 };
/* Not concluded by the end of the year: result 0. */
const struct stmt statistics_remedies = { "statistics_remedies",
	"SELECT (r ->> 'kind')::integer AS kind,"
	" CASE WHEN (r ->> 'concluded_on')::date < $3 THEN (r ->> 'result')::integer ELSE 0 END AS result,"
	" count(*) AS n FROM request_case c, json_array_elements(c.stage -> 'remedies') r"
	" WHERE c.org_id = ANY($1) AND c.stage IS NOT NULL"
	" AND (r ->> 'filed_on')::date >= $2 AND (r ->> 'filed_on')::date < $3 GROUP BY 1, 2",
	3 };
const struct stmt statistics_items = { "statistics_items",
	"SELECT count(*) AS n, count(*) FILTER (WHERE i.is_normative) AS normative FROM disclosure_item i"
	" WHERE i.org_id = ANY($1) AND i.published_on >= $2 AND i.published_on < $3",
	3 };
/* An item counts once in a group of channels, in the year of its first publication in the
 * group. The groups come as a list of channels and a list of their group numbers. */
const struct stmt statistics_publications = { "statistics_publications",
	"SELECT first.grp, count(*) AS n FROM ("
	"SELECT p.org_id, p.item_id, g.grp, min(p.published_on) AS day FROM publication p"
	" JOIN unnest($4::text[], $5::integer[]) g (channel, grp) ON g.channel = p.channel"
	" WHERE p.org_id = ANY($1) AND p.published_on < $3 GROUP BY 1, 2, 3"
	") first WHERE first.day >= $2 GROUP BY 1",
	5 };

/* True when the word stands in the space-separated list of `length` bytes. */
static bool listed(const char *list, size_t length, const char *word)
{
	size_t n = strlen(word);
	const char *end = list + length;
	while (list < end) {
		size_t item = strcspn(list, " :");
		if (item == n && memcmp(list, word, n) == 0)
			return true;
		list += item;
		list += list < end && *list == ' ';
		if (list < end && *list == ':')
			return false;
	}
	return false;
}

/* Rows of the form that count publications by channel. */
static bool by_channel(const struct ogi_form_row *row)
{
	return row->source == OGI_FROM_DISCLOSURES && row->match != NULL &&
	       strcmp(row->match, "normative") != 0;
}

static void bind_year(struct bind *v, const int32_t *scope, int scopes, int year)
{
	bind_ints(v, scope, scopes);
	bind_date(v, ogi_date_of(year, 1, 1));
	bind_date(v, ogi_date_add(ogi_date_of(year, 12, 31), 1));
}

static void bind_groups(struct bind *v)
{
	enum { MOST = 32 };
	static const char space[] = " ";
	char words[MOST][32];
	const char *channel[MOST];
	int32_t group[MOST];
	int n = 0;
	for (int i = 0; ogi_form_2014[i].zh != NULL; i++) {
		if (!by_channel(&ogi_form_2014[i]))
			continue;
		for (const char *s = ogi_form_2014[i].match; *s != '\0';
			s += strspn(s, space)) {
			size_t length = strcspn(s, space);
			assert(n < MOST && length < sizeof words[0]);
			memcpy(words[n], s, length);
			words[n][length] = '\0';
			channel[n] = words[n];
			group[n++] = i;
			s += length;
		}
	}
	bind_texts(v, channel, n);
	bind_ints(v, group, n);
}

void statistics_ask_2014(struct batch *b, const int32_t *scope, int scopes, int year,
	struct statistics_questions *ret_questions)
{
	const struct stmt *const plain[] = { &statistics_cases, &statistics_remedies,
		&statistics_items };
	const struct rows *answer[3];
	for (int i = 0; i < 3; i++) {
		struct bind *v = batch_bind(b);
		bind_year(v, scope, scopes, year);
		answer[i] = batch_ask(b, plain[i], v);
	}
	struct bind *v = batch_bind(b);
	bind_year(v, scope, scopes, year);
	bind_groups(v);
	*ret_questions = (struct statistics_questions){ answer[0], answer[1], answer[2],
		batch_ask(b, &statistics_publications, v) };
}

/* One combination of the case query. */
struct combination {
	const char *channel, *f14;
	bool received, closed, extended, late, answered;
	int64_t n;
};

static struct combination read_combination(const struct rows *r, int row)
{
	int outcome_column = rows_col(r, "outcome"), variant_column = rows_col(r, "variant");
	const char *code = rows_text(r, row, outcome_column),
		   *fine = rows_text(r, row, variant_column);
	int outcome = code != NULL ? ogi_outcome_find(code) : OGI_NO_OUTCOME;
	int variant = fine != NULL ? ogi_variant_find(fine) : OGI_NO_VARIANT;
	if (outcome < 0)
		outcome = OGI_NO_OUTCOME;
	if (variant < 0)
		variant = OGI_NO_VARIANT;
	return (struct combination){
		.channel = rows_text(r, row, rows_col(r, "channel")),
		.received = rows_bool(r, row, rows_col(r, "received")),
		.closed = rows_bool(r, row, rows_col(r, "closed")),
		.extended = rows_bool(r, row, rows_col(r, "extended")),
		.late = rows_bool(r, row, rows_col(r, "late")),
		.n = rows_int64(r, row, rows_col(r, "n")),
		.answered = (ogi_outcome_flags(outcome, variant) & OGI_ANSWER) != 0,
		.f14 = ogi_outcomes[outcome].f14,
	};
}

static bool counts(const struct ogi_form_row *row, const struct combination *c)
{
	if (row->source == OGI_FROM_RECEIVED)
		return c->received &&
		       (row->match == NULL || strcmp(row->match, c->channel) == 0);
	if (row->source == OGI_FROM_CLOSED)
		return c->closed && (row->match == NULL || (strcmp(row->match, "extended") ==
								   0) == c->extended);
	if (row->source == OGI_FROM_ANSWERED)
		return c->closed && c->answered &&
		       (row->match == NULL ||
			       (c->f14 != NULL && strcmp(row->match, c->f14) == 0));
	return false;
}

static void count_cases(const struct rows *r, struct statistics_2014 *form)
{
	for (int k = 0; k < rows_count(r); k++) {
		struct combination c = read_combination(r, k);
		for (int i = 0; i < form->rows; i++)
			if (counts(&ogi_form_2014[i], &c))
				form->cell[i] += c.n;
		if (c.closed && c.late)
			form->closed_late += c.n;
	}
}

static void count_remedies(const struct rows *r, struct statistics_2014 *form)
{
	int kinds = code_count(ogi_remedy_kinds), results = code_count(ogi_remedy_results);
	for (int k = 0; k < rows_count(r); k++) {
		int kind = rows_int(r, k, rows_col(r, "kind")),
		    result = rows_int(r, k, rows_col(r, "result"));
		if (kind <= 0 || kind >= kinds || result < 0 || result >= results)
			continue;
		const char *kind_code = ogi_remedy_kinds[kind].code;
		const char *result_code =
			result == 0 ? "pending" : ogi_remedy_results[result].code;
		for (int i = 0; i < form->rows; i++) {
			const struct ogi_form_row *row = &ogi_form_2014[i];
			if (row->source != OGI_FROM_REMEDIES)
				continue;
			const char *colon = strchr(row->match, ':');
			if (listed(row->match, (size_t)(colon - row->match), kind_code) &&
				(colon[1] == '\0' ||
					listed(colon + 1, strlen(colon + 1), result_code)))
				form->cell[i] += rows_int64(r, k, rows_col(r, "n"));
		}
	}
}

static void count_disclosures(
	const struct statistics_questions *q, struct statistics_2014 *form)
{
	for (int i = 0; i < form->rows; i++) {
		const struct ogi_form_row *row = &ogi_form_2014[i];
		if (row->source == OGI_FROM_DISCLOSURES && !by_channel(row))
			form->cell[i] = rows_int64(q->items, 0,
				rows_col(q->items, row->match == NULL ? "n" : "normative"));
	}
	for (int k = 0; k < rows_count(q->publications); k++) {
		int i = rows_int(q->publications, k, rows_col(q->publications, "grp"));
		form->cell[i] = rows_int64(q->publications, k, rows_col(q->publications, "n"));
	}
}

static void add_sums(struct statistics_2014 *form)
{
	for (int i = 0; i < form->rows; i++) {
		const struct ogi_form_row *row = &ogi_form_2014[i];
		if (row->source != OGI_FROM_SUM)
			continue;
		for (int k = 0; k < form->rows; k++) {
			const char *key = ogi_form_2014[k].key;
			if (k != i && key != NULL &&
				strncmp(key, row->match, strlen(row->match)) == 0)
				form->cell[i] += form->cell[k];
		}
	}
}

void statistics_read_2014(
	const struct statistics_questions *q, struct statistics_2014 *ret_form)
{
	*ret_form = (struct statistics_2014){ 0 };
	while (ogi_form_2014[ret_form->rows].zh != NULL)
		ret_form->rows++;
	assert(ret_form->rows <= (int)(sizeof ret_form->cell / sizeof ret_form->cell[0]));
	count_cases(q->cases, ret_form);
	count_remedies(q->remedies, ret_form);
	count_disclosures(q, ret_form);
	add_sums(ret_form);
}
