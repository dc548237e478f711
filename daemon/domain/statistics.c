/* SPDX-License-Identifier: MulanPSL-2.0 */
/* domain/statistics: what a case or a remedy counts as in a period, and which identities hold.
 * The tables of the forms are in statistics_2014.c, _2019.c and _2021.c. */
#include "domain/statistics.h"

#include <assert.h>
#include <string.h>

/* clang-format off */
const struct code ogi_columns[OGI_COLUMNS + 1] = {
	[OGI_COLUMN_NATURAL] = { "natural", "自然人", "natural persons", { 0 }, { 0 } },
	[OGI_COLUMN_BUSINESS] = { "business", "商业企业", "businesses", { 0 }, { 0 } },
	[OGI_COLUMN_RESEARCH] = { "research", "科研机构", "research bodies", { 0 }, { 0 } },
	[OGI_COLUMN_PUBLIC_INTEREST] = { "public_interest", "社会公益组织", "public interest", { 0 }, { 0 } },
	[OGI_COLUMN_LEGAL_SERVICE] = { "legal_service", "法律服务机构", "legal services", { 0 }, { 0 } },
	[OGI_COLUMN_OTHER_ORG] = { "other_org", "其他", "other organisations", { 0 }, { 0 } },
	[OGI_COLUMN_TOTAL] = { "total", "总计", "total", { 0 }, { 0 } },
	[OGI_COLUMNS] = { NULL, NULL, NULL, { 0 }, { 0 } },
};
/* clang-format on */
_Static_assert((int)OGI_NATURAL == OGI_COLUMN_NATURAL + 1, "columns follow applicant kinds");
_Static_assert(
	(int)OGI_OTHER_ORG == OGI_COLUMN_OTHER_ORG + 1, "columns follow applicant kinds");

/* ---- forms ---- */

const struct ogi_form *ogi_form_of_year(int year)
{
	static const struct ogi_form *const forms[] = { &ogi_form_2014, &ogi_form_2019,
		&ogi_form_2021 };
	for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++)
		if (year >= forms[i]->first_year && year <= forms[i]->last_year)
			return forms[i];
	return NULL;
}

static int find_key(const struct ogi_form *form, const char *key, size_t length)
{
	for (int i = 0; i < form->rows; i++) {
		const char *k = form->row[i].key;
		if (k != NULL && strncmp(k, key, length) == 0 && k[length] == '\0')
			return i;
	}
	return -1;
}

int ogi_form_find(const struct ogi_form *form, const char *key)
{
	return find_key(form, key, strlen(key));
}

bool ogi_row_is_money(const struct ogi_form_row *row)
{
	return strcmp(row->unit, "万元") == 0;
}

struct ogi_span ogi_span_of_year(int year)
{
	return (struct ogi_span){ ogi_date_of(year, 1, 1),
		ogi_date_add(ogi_date_of(year, 12, 31), 1) };
}

bool ogi_span_of_period(const char *s, int year, struct ogi_span *ret_span)
{
	struct ogi_date first;
	char day[11] = "yyyy-01-01";
	int64_t n = 0;
	bool quarter = strlen(s) == 6 && s[4] == 'Q', month = strlen(s) == 7 && s[4] == 'M';
	memcpy(day, s, quarter || month ? 4 : 0);
	if (!text_to_date(day, &first) || ogi_date_year(first) != year ||
		!text_to_int(s + 5, &n) || n < 1 || n > (quarter ? 4 : 12))
		return false;
	int months = quarter ? 3 : 1;
	ret_span->from = ogi_date_of(year, ((int)n - 1) * months + 1, 1);
	ret_span->to = ogi_date_add_months(ret_span->from, months);
	return true;
}

/* ---- facts ---- */

static bool in_span(struct ogi_date day, struct ogi_span span)
{
	return ogi_is_date(day) && !ogi_before(day, span.from) && ogi_before(day, span.to);
}

/* Not closed before `day`. */
static bool open_at(const struct ogi_case *c, struct ogi_date day)
{
	return !ogi_is_date(c->first_closed_on) || !ogi_before(c->first_closed_on, day);
}

static int code_of(const struct code *list, const char *code)
{
	int i = code != NULL ? code_find(list, code) : 0;
	return i > 0 ? i : 0;
}

/* The form chosen at the first closing. */
static int first_form(const struct ogi_case *c)
{
	for (int i = 0; i < c->runs; i++)
		if (ogi_is_date(c->run[i].closed_on))
			return code_of(ogi_outcome_codes, c->run[i].form);
	return OGI_NO_OUTCOME;
}

bool ogi_case_fact_of(
	const struct ogi_case *c, struct ogi_span span, struct ogi_case_fact *ret_fact)
{
	struct ogi_date receipt = c->request.receipt_date, end = c->first_closed_on;
	*ret_fact = (struct ogi_case_fact){
		.channel = c->request.channel,
		.kind = c->request.applicant.kind,
	};
	struct ogi_case_fact *f = ret_fact;
	if (!ogi_is_date(receipt) || c->status < OGI_ST_IN_PROCESS ||
		c->status > OGI_ST_ARCHIVED)
		return false;
	f->received = in_span(receipt, span);
	f->carried_in = ogi_before(receipt, span.from) && open_at(c, span.from);
	f->carried_out = ogi_before(receipt, span.to) && open_at(c, span.to);
	f->closed = in_span(end, span);
	if (f->closed) {
		f->outcome = c->first_outcome;
		f->variant = c->first_variant;
		f->form = first_form(c);
		f->extended = ogi_is_date(c->first_base_due_on) &&
			      ogi_before(c->first_base_due_on, end);
		f->late = ogi_is_date(c->first_due_on) && ogi_before(c->first_due_on, end);
	}
	return f->received || f->carried_in || f->carried_out || f->closed;
}

static bool is_current(int outcome)
{
	return outcome > OGI_NO_OUTCOME && outcome < OGI_LEGACY_ALREADY_PUBLIC;
}

/* The outcome of the other generation: the chosen one, else the default. */
static int other_form(const struct ogi_case_fact *f)
{
	if (f->form != OGI_NO_OUTCOME)
		return f->form;
	return code_of(ogi_outcome_codes, ogi_outcome_form(f->outcome, f->variant));
}

int ogi_fact_result(const struct ogi_case_fact *f)
{
	if (is_current(f->outcome))
		return f->outcome;
	int other = other_form(f);
	return is_current(other) ? other : OGI_NO_OUTCOME;
}

const char *ogi_fact_answer(const struct ogi_case_fact *f)
{
	if (ogi_outcomes[f->outcome].f14 != NULL)
		return ogi_outcomes[f->outcome].f14;
	return ogi_outcomes[other_form(f)].f14;
}

bool ogi_remedy_fact_of(
	const struct ogi_remedy *m, struct ogi_span span, struct ogi_remedy_fact *ret_fact)
{
	struct ogi_date accepted = ogi_is_date(m->accepted_on) ? m->accepted_on : m->filed_on;
	bool ended = ogi_is_date(m->concluded_on) && ogi_before(m->concluded_on, span.to);
	*ret_fact = (struct ogi_remedy_fact){
		.kind = m->kind,
		.result = ended ? m->result : 0,
		.accepted = in_span(accepted, span),
		.concluded = in_span(m->concluded_on, span),
	};
	return ogi_before(accepted, span.to) &&
	       (ret_fact->accepted || ret_fact->concluded || !ended);
}

/* ---- rows ---- */

/* True when the word stands in the space-separated list of `length` bytes. */
static bool listed(const char *list, size_t length, const char *word)
{
	size_t n = strlen(word);
	for (size_t at = 0; at < length;) {
		size_t item = 0;
		while (at + item < length && list[at + item] != ' ')
			item++;
		if (item == n && memcmp(list + at, word, n) == 0)
			return true;
		at += item + 1;
	}
	return false;
}

/* A code, or what codes begin with when it ends with a dot. */
static bool matches(const char *match, const char *code)
{
	size_t n = strlen(match);
	if (n > 0 && match[n - 1] == '.')
		return strncmp(code, match, n) == 0;
	return strcmp(code, match) == 0;
}

static bool counts_closed(const char *match, const struct ogi_case_fact *f)
{
	if (match == NULL)
		return true;
	if (strcmp(match, "late") == 0)
		return f->late;
	if (strcmp(match, "unanswered") == 0)
		return ogi_fact_answer(f) == NULL;
	return (strcmp(match, "extended") == 0) == f->extended;
}

static bool counts_answer(const char *match, const struct ogi_case_fact *f)
{
	const char *key = ogi_fact_answer(f);
	return key != NULL && (match == NULL || matches(match, key));
}

static bool counts_result(const char *match, const struct ogi_case_fact *f)
{
	int result = ogi_fact_result(f);
	if (f->outcome == OGI_NO_OUTCOME)
		return false; /* closed without a result on record: I2 shows it */
	return matches(match,
		ogi_outcome_codes[result != OGI_NO_OUTCOME ? result : OGI_OTHER_OTHER].code);
}

bool ogi_row_counts(const struct ogi_form_row *row, const struct ogi_case_fact *f)
{
	switch (row->source) {
	case OGI_FROM_RECEIVED:
		return f->received &&
		       (row->match == NULL ||
			       strcmp(row->match, ogi_channels[f->channel].code) == 0);
	case OGI_FROM_CARRIED_IN:
		return f->carried_in;
	case OGI_FROM_CARRIED_OUT:
		return f->carried_out;
	case OGI_FROM_CLOSED:
		return f->closed && counts_closed(row->match, f);
	case OGI_FROM_ANSWERED:
		return f->closed && counts_answer(row->match, f);
	case OGI_FROM_RESULTS:
		return f->closed && counts_result(row->match, f);
	case OGI_FROM_NOTHING:
	case OGI_FROM_REGISTER:
	case OGI_FROM_DISCLOSURES:
	case OGI_FROM_DOCUMENTS:
	case OGI_FROM_REMEDIES:
	case OGI_FROM_COMPLAINTS:
	case OGI_FROM_FEES:
	case OGI_FROM_SUM:
		break;
	}
	return false;
}

bool ogi_row_counts_remedy(const struct ogi_form_row *row, const struct ogi_remedy_fact *f)
{
	if (f->kind <= OGI_REMEDY_NONE || f->kind > OGI_COMPLAINT)
		return false;
	const char *kind = ogi_remedy_kinds[f->kind].code;
	if (row->source == OGI_FROM_COMPLAINTS)
		return f->accepted && strcmp(row->match, kind) == 0;
	if (row->source != OGI_FROM_REMEDIES || (!f->concluded && f->result != 0))
		return false;
	const char *colon = strchr(row->match, ':');
	const char *result = f->result == 0 ? "pending" : ogi_remedy_results[f->result].code;
	return listed(row->match, (size_t)(colon - row->match), kind) &&
	       (colon[1] == '\0' || listed(colon + 1, strlen(colon + 1), result));
}

bool ogi_cell_counts(
	const struct ogi_form_row *row, int column, const struct ogi_case_fact *fact)
{
	if (column != OGI_COLUMN_TOTAL && (!row->by_applicant || fact->kind != column + 1))
		return false;
	return ogi_row_counts(row, fact);
}

void ogi_cells_add(const struct ogi_form *form, const struct ogi_case_fact *fact, int64_t n,
	struct ogi_cells *cells)
{
	for (int i = 0; i < form->rows; i++) {
		if (!ogi_row_counts(&form->row[i], fact))
			continue;
		cells->cell[i][OGI_COLUMN_TOTAL] += n;
		if (form->row[i].by_applicant && fact->kind >= OGI_NATURAL &&
			fact->kind <= OGI_OTHER_ORG)
			cells->cell[i][fact->kind - 1] += n;
	}
}

void ogi_cells_add_remedy(const struct ogi_form *form, const struct ogi_remedy_fact *fact,
	int64_t n, struct ogi_cells *cells)
{
	for (int i = 0; i < form->rows; i++)
		if (ogi_row_counts_remedy(&form->row[i], fact))
			cells->cell[i][OGI_COLUMN_TOTAL] += n;
}

void ogi_cells_sum(const struct ogi_form *form, struct ogi_cells *cells)
{
	for (int i = 0; i < form->rows; i++) {
		const struct ogi_form_row *row = &form->row[i];
		if (row->source != OGI_FROM_SUM)
			continue;
		cells->cell[i][OGI_COLUMN_TOTAL] = 0;
		for (int k = 0; k < form->rows; k++) {
			const char *key = form->row[k].key;
			if (key != NULL && strncmp(key, row->match, strlen(row->match)) == 0)
				cells->cell[i][OGI_COLUMN_TOTAL] +=
					cells->cell[k][OGI_COLUMN_TOTAL];
		}
	}
}

/* ---- identities ---- */

static int64_t sum_of(const struct ogi_form *form, const char *keys,
	const struct ogi_cells *cells, int column)
{
	int64_t sum = 0;
	while (*keys != '\0') {
		size_t length = strcspn(keys, " ");
		int i = find_key(form, keys, length);
		assert(i >= 0); /* the tables of a form must agree */
		sum += cells->cell[i][column];
		keys += length + strspn(keys + length, " ");
	}
	return sum;
}

static bool by_applicant(const struct ogi_form *form, const struct ogi_identity *identity)
{
	return identity->left != NULL &&
	       form->row[find_key(form, identity->left, strcspn(identity->left, " "))]
		       .by_applicant;
}

static void check_negative(
	const struct ogi_form *form, const struct ogi_cells *cells, struct ogi_check *check)
{
	for (int i = 0; i < form->rows; i++) {
		const char *key = form->row[i].key;
		/* how the number of items changed may be less than nothing (D:statistics §2.1)
		 */
		if (key == NULL || strstr(key, "_delta") != NULL)
			continue;
		for (int c = 0; c < OGI_COLUMNS; c++)
			if (cells->cell[i][c] < check->left)
				check->left = cells->cell[i][c];
	}
	check->holds = check->left >= 0;
}

static void check_columns(const struct ogi_cells *cells, struct ogi_check *check)
{
	check->left = cells->cell[check->row][OGI_COLUMN_TOTAL];
	for (int c = 0; c < OGI_COLUMN_TOTAL; c++)
		check->right += cells->cell[check->row][c];
	check->holds = check->left == check->right;
}

/* Fills in sides and verdict of a check whose identity, row and column are set. */
static void check_one(const struct ogi_form *form, const struct ogi_cells *cells,
	const int64_t *before, struct ogi_check *check)
{
	const struct ogi_identity *identity = check->identity;
	check->left = check->right = 0;
	switch (identity->relation) {
	case OGI_NOT_NEGATIVE:
		check_negative(form, cells, check);
		return;
	case OGI_COLUMNS_ADD_UP:
		check_columns(cells, check);
		return;
	case OGI_CARRIES_OVER:
		check->left = sum_of(form, identity->left, cells, check->column);
		check->right = before != NULL ? before[check->column] : 0;
		check->holds = check->left == check->right;
		return;
	case OGI_EQUAL:
	case OGI_AT_MOST:
	case OGI_AT_LEAST:
		break;
	}
	check->left = sum_of(form, identity->left, cells, check->column);
	check->right = sum_of(form, identity->right, cells, check->column);
	check->holds = identity->relation == OGI_AT_MOST    ? check->left <= check->right
		       : identity->relation == OGI_AT_LEAST ? check->left >= check->right
							    : check->left == check->right;
}

int ogi_form_checks(const struct ogi_form *form, const struct ogi_cells *cells,
	const int64_t *before, struct ogi_check ret_checks[OGI_CHECKS])
{
	int n = 0;
	for (const struct ogi_identity *id = form->identity; id->id != NULL; id++) {
		bool rows = id->relation == OGI_COLUMNS_ADD_UP;
		int first = by_applicant(form, id) ? 0 : OGI_COLUMN_TOTAL;
		if (id->relation == OGI_CARRIES_OVER && before == NULL)
			continue;
		for (int i = rows ? 0 : -1; i < (rows ? form->rows : 0); i++) {
			if (rows && !form->row[i].by_applicant)
				continue;
			for (int c = first; c < OGI_COLUMNS; c++) {
				struct ogi_check *check = &ret_checks[n++];
				assert(n <= OGI_CHECKS);
				*check = (struct ogi_check){
					.identity = id, .row = i, .column = c
				};
				check_one(form, cells, before, check);
			}
		}
	}
	return n;
}

bool ogi_check_broken_by(const struct ogi_form *form, const struct ogi_check *check,
	const struct ogi_case_fact *fact)
{
	struct ogi_cells cells = { 0 };
	struct ogi_check one = *check;
	ogi_cells_add(form, fact, 1, &cells);
	check_one(form, &cells, NULL, &one);
	return one.left != one.right;
}
