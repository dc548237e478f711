/* SPDX-License-Identifier: MulanPSL-2.0 */
/*
 * api/similar: GET /v1/cases/similar: before a request is saved, what is there already. Scores
 * go from 0 to 100: how much of the text is shared, rare pairs of characters counting for more.
 */
#include "store/similar.h"
#include "api/app.h"
#include "api/steps.h"
#include "base/gram.h"
#include "domain/fee.h"
#include "domain/numbering.h"
#include "store/disclosure.h"

#include <stdlib.h>
#include <string.h>

enum {
	SHOWN_MOST = 10,
	LIKE_LEAST = 20, /* score from which a case is like this one */
	ITEM_LEAST = 35, /* and an item may answer it */
	WORDS_MOST = 48, /* looked for in titles */
	EXCERPT = 200,   /* characters of a description */
	DESCRIPTION_MOST = 20000,
	RARE = 6, /* weight of a pair of characters that is in no list of common ones */
};

/* The pairs of characters of the text that is asked about. */
struct draft {
	const char *text; /* folded, or NULL */
	const int32_t *gram;
	int *weight;
	int grams, whole; /* whole: sum of the weights */
};

struct asked {
	struct app_scope scope;
	struct similar_who who;
	struct mac blind;
	struct draft draft;
	const struct rows *known, *same, *month, *cases, *items;
};

/* ---- how alike ---- */

/* 6 for a rare pair, down to 1 for one that every second text has. */
static int weight_of(int per_mille)
{
	int weight = 1;
	while (per_mille > 0 && per_mille < 500 && weight < RARE - 1) {
		per_mille *= 2;
		weight++;
	}
	return per_mille > 0 ? weight : RARE;
}

static void weigh(struct draft *d, const struct rows *known)
{
	for (int i = 0; i < d->grams; i++)
		d->weight[i] = RARE;
	for (int i = 0; i < rows_count(known); i++) {
		int32_t gram = rows_int(known, i, 0);
		for (int k = 0; k < d->grams; k++)
			if (d->gram[k] == gram)
				d->weight[k] = weight_of(rows_int(known, i, 1));
	}
	d->whole = 0;
	for (int i = 0; i < d->grams; i++)
		d->whole += d->weight[i];
}

/* Half of it: how much of the draft is in the text, by weight. The other half: how much of both
 * (of a title: of the title) is shared. */
static int score_of(struct exchange *x, const struct draft *d, const char *text, bool title)
{
	const int32_t *gram;
	int shared = 0, weight = 0;
	if (text == NULL || d->grams == 0)
		return 0;
	int n = grams_of(x->arena, &text, 1, &gram);
	for (int i = 0; i < d->grams; i++) {
		if (!gram_in(gram, n, d->gram[i]))
			continue;
		shared++;
		weight += d->weight[i];
	}
	if (n == 0 || shared == 0)
		return 0;
	int covered = 100 * weight / d->whole;
	int both = title ? 100 * shared / n : 200 * shared / (n + d->grams);
	return (covered + both) / 2;
}

struct scored {
	int row, score;
	bool by_number; /* the ID number is the same */
};

static int better_first(const void *a, const void *b)
{
	const struct scored *x = a, *y = b;
	return x->score != y->score ? y->score - x->score : x->row - y->row;
}

/* ---- the question ---- */

static const struct problem *read_text(
	struct exchange *x, const char *name, int32_t most, const char **ret_text)
{
	const char *text = exchange_query(x, name);
	if (text == NULL || text[0] == '\0')
		return NULL;
	if (text_fault(text, strlen(text), 1, most, FIELD_MULTILINE) != NULL)
		return problem(x, PROBLEM_BAD_QUERY, "%s 应为 1 至 %d 个字。",
			"%s must have 1 to %d characters.", name, (int)most);
	*ret_text = text;
	return NULL;
}

static const struct problem *read_query(struct exchange *x, struct asked *q)
{
	static const char *const names[] = { "applicant", "id_number", "description", "org",
		NULL };
	const char *number = NULL;
	const struct problem *no;
	if ((no = exchange_query_only(x, names)) != NULL ||
		(no = read_text(x, "applicant", 200, &q->who.name)) != NULL ||
		(no = read_text(x, "id_number", 100, &number)) != NULL ||
		(no = read_text(x, "description", DESCRIPTION_MOST, &q->draft.text)) != NULL ||
		(no = app_scope(x, &q->scope)) != NULL)
		return no;
	if (number != NULL) {
		q->blind = mac_blind(app_of(x)->keys, number);
		q->who.blind = &q->blind;
	}
	if (q->who.name == NULL && number == NULL && q->draft.text == NULL)
		return problem(x, PROBLEM_BAD_QUERY,
			"请给出 applicant、id_number 或 description。",
			"Give applicant, id_number or description.");
	return NULL;
}

static struct ogi_date month_begin(struct ogi_date day)
{
	int year, month, number;
	ogi_date_split(day, &year, &month, &number);
	return ogi_date_of(year, month, 1);
}

static const struct problem *similar_load(struct exchange *x)
{
	struct asked *q = exchange_state(x, sizeof *q);
	struct draft *d = &q->draft;
	const struct problem *no = read_query(x, q);
	if (no != NULL)
		return no;
	if (q->who.name != NULL || q->who.blind != NULL) {
		q->same =
			similar_ask_applicant(x->reads, q->scope.ids, q->scope.count, &q->who);
		q->month = similar_ask_month(
			x->reads, q->scope.org, &q->who, month_begin(x->today), x->today);
	}
	d->grams = grams_of(x->arena, &d->text, 1, &d->gram);
	d->weight = arena_array(x->arena, int, d->grams);
	if (d->grams > 0)
		q->known = similar_ask_known(x->reads, d->gram, d->grams);
	return NULL;
}

/* ---- what to look for ---- */

struct word {
	int32_t gram;
	int weight;
	const char *text;
};

static int heavier_first(const void *a, const void *b)
{
	const struct word *x = a, *y = b;
	return x->weight != y->weight ? y->weight - x->weight
				      : (x->gram > y->gram) - (x->gram < y->gram);
}

static size_t bytes_of_first(const char *s)
{
	size_t n = 1;
	while (((unsigned char)s[n] & 0xC0) == 0x80)
		n++;
	return n;
}

/* Each pair of characters of the draft once, the rarest first. */
static struct word *words_of(struct exchange *x, const struct draft *d)
{
	struct word *word = arena_array(x->arena, struct word, d->grams);
	for (int i = 0; i < d->grams; i++)
		word[i] = (struct word){ d->gram[i], d->weight[i], NULL };
	const char *folded = gram_fold(x->arena, d->text);
	for (const char *s = folded; *s != '\0'; s += bytes_of_first(s)) {
		size_t first = bytes_of_first(s);
		const int32_t *gram;
		if (s[first] == '\0')
			break;
		const char *pair = arena_bytes(x->arena, s, first + bytes_of_first(s + first));
		if (grams_of(x->arena, &pair, 1, &gram) != 1)
			continue;
		const int32_t *at = d->gram;
		while (*at != gram[0])
			at++;
		word[at - d->gram].text = pair;
	}
	qsort(word, (size_t)d->grams, sizeof *word, heavier_first);
	return word;
}

static const struct problem *similar_choose(struct exchange *x)
{
	struct asked *q = x->state;
	struct draft *d = &q->draft;
	int32_t gram[SIMILAR_WORDS];
	const char *text[WORDS_MOST];
	if (d->grams == 0)
		return NULL;
	weigh(d, q->known);
	const struct word *word = words_of(x, d);
	int grams = d->grams < SIMILAR_WORDS ? d->grams : SIMILAR_WORDS;
	int texts = d->grams < WORDS_MOST ? d->grams : WORDS_MOST;
	for (int i = 0; i < grams; i++)
		gram[i] = word[i].gram;
	for (int i = 0; i < texts; i++)
		text[i] = word[i].text;
	q->cases = similar_ask_cases(x->reads, q->scope.ids, q->scope.count, gram, grams);
	q->items = similar_ask_items(
		x->reads, q->scope.ids, q->scope.count, text, texts, x->today);
	return NULL;
}

/* ---- the answer ---- */

/* The beginning of a long text, as a list shows it. */
static const char *excerpt(struct exchange *x, const char *text)
{
	const char *s = text;
	for (int i = 0; s != NULL && *s != '\0' && i < EXCERPT; i++)
		s += bytes_of_first(s);
	return s == NULL || *s == '\0' ? text
				       : arena_print(x->arena, "%.*s…", (int)(s - text), text);
}

static void out_org(struct exchange *x, struct json_out *o, int32_t id)
{
	const struct directory_org *org = directory_org(app_directory(x), id);
	out_text(o, "org", org != NULL ? org->code : NULL);
}

static void out_case(struct exchange *x, struct json_out *o, const struct case_row *row,
	const struct scored *s, bool same)
{
	const struct ogi_case *c = &row->c;
	const struct ogi_request *r = &c->request;
	char id[37], number[24] = "";
	uuid_print(&row->id, id);
	if (r->serial > 0)
		ogi_number_print(r->year, r->serial, number);
	out_object(o, NULL);
	out_text(o, "id", id);
	out_text(o, "number", r->serial > 0 ? number : NULL);
	out_org(x, o, row->org);
	out_text(o, "applicant_name", r->applicant.name);
	out_text(o, "applicant_kind",
		r->applicant.kind > 0 ? ogi_applicant_kinds[r->applicant.kind].code : NULL);
	out_text(o, "description", excerpt(x, r->description));
	out_text(o, "subject", r->subject);
	out_text(o, "status", ogi_statuses[c->status].code);
	out_date(o, "arrived_on", r->arrived_on);
	out_date(o, "receipt_date", r->receipt_date);
	out_date(o, "due_on", c->due_on);
	out_text(o, "outcome", c->outcome > 0 ? ogi_outcome_codes[c->outcome].code : NULL);
	out_date(o, "closed_on", c->closed_on);
	if (same)
		out_text(o, "match", s->by_number ? "id_number" : "name");
	out_number(o, "score", s->score);
	out_object_end(o);
}

static bool is_applicant(const struct asked *q, const struct case_row *row, bool *ret_by_number)
{
	static const struct mac none;
	bool has_number = !mac_same(&row->id_blind, &none);
	*ret_by_number = q->who.blind != NULL && mac_same(&row->id_blind, q->who.blind);
	if (*ret_by_number)
		return true;
	if (q->who.blind != NULL && has_number)
		return false;
	return q->who.name != NULL && text_same(row->c.request.applicant.name, q->who.name);
}

/* The best of the rows; `same`: of this applicant, however little is shared; else of others. */
static void out_cases(struct exchange *x, struct json_out *o, const char *name,
	const struct rows *r, bool same)
{
	struct asked *q = x->state;
	int n = r != NULL ? rows_count(r) : 0, kept = 0;
	struct case_row *row = arena_array(x->arena, struct case_row, n > 0);
	struct scored *s = arena_array(x->arena, struct scored, n);
	for (int i = 0; i < n; i++) {
		bool by_number;
		case_read(r, i, x->arena, row);
		if (is_applicant(q, row, &by_number) != same)
			continue;
		int score = score_of(x, &q->draft, row->c.request.description, false);
		if (same || score >= LIKE_LEAST)
			s[kept++] = (struct scored){ i, score, by_number };
	}
	qsort(s, (size_t)kept, sizeof *s, better_first);
	out_array(o, name);
	for (int i = 0; i < kept && i < SHOWN_MOST; i++) {
		case_read(r, s[i].row, x->arena, row);
		out_case(x, o, row, &s[i], same);
	}
	out_array_end(o);
}

static void out_item(
	struct exchange *x, struct json_out *o, const struct rows *r, const struct scored *s)
{
	enum { ID, ORG, TITLE, DOC_NO, CATEGORY, PUBLISHED, CHANNEL, LOCATOR };
	char id[37];
	struct uuid item = rows_uuid(r, s->row, ID);
	uuid_print(&item, id);
	out_object(o, NULL);
	out_text(o, "id", id);
	out_org(x, o, rows_int(r, s->row, ORG));
	out_text(o, "title", rows_text(r, s->row, TITLE));
	out_text(o, "doc_no", rows_text(r, s->row, DOC_NO));
	out_text(o, "category", rows_text(r, s->row, CATEGORY));
	out_date(o, "published_on", rows_date(r, s->row, PUBLISHED));
	out_text(o, "channel", rows_text(r, s->row, CHANNEL));
	out_text(o, "locator", rows_text(r, s->row, LOCATOR));
	out_number(o, "score", s->score);
	out_object_end(o);
}

static void out_items(struct exchange *x, struct json_out *o, const struct rows *r)
{
	struct asked *q = x->state;
	int n = r != NULL ? rows_count(r) : 0, kept = 0;
	struct scored *s = arena_array(x->arena, struct scored, n);
	for (int i = 0; i < n; i++) {
		int score = score_of(x, &q->draft, rows_text(r, i, 2), true);
		if (score >= ITEM_LEAST)
			s[kept++] = (struct scored){ i, score, false };
	}
	qsort(s, (size_t)kept, sizeof *s, better_first);
	out_array(o, "published");
	for (int i = 0; i < kept && i < SHOWN_MOST; i++)
		out_item(x, o, r, &s[i]);
	out_array_end(o);
}

static const struct problem *similar_answer(struct exchange *x)
{
	struct asked *q = x->state;
	struct json_out o = app_reply(x, 200);
	int64_t count = q->month != NULL ? rows_int64(q->month, 0, 0) : 0;
	out_object(&o, NULL);
	out_cases(x, &o, "same_applicant", q->same, true);
	out_cases(x, &o, "similar", q->cases, false);
	out_items(x, &o, q->items);
	out_object(&o, "month");
	out_number(&o, "count", count);
	out_number(
		&o, "fee", ogi_fee_applies(x->today) ? ogi_fee_of_item((int32_t)count + 1) : 0);
	out_object_end(&o);
	out_object_end(&o);
	return NULL;
}

step_fn *const similar_steps[] = { similar_load, similar_choose, similar_answer, NULL };
