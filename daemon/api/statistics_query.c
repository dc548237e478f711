/* SPDX-License-Identifier: MulanPSL-2.0 */
/* api/statistics_query: which form, of when, of whom; and the form as it stood on a day. */
#include "api/statistics.h"

#include "store/case_list.h"
#include "store/event.h"

#include <stdlib.h>
#include <string.h>

/* ---- the question ---- */

static const struct problem *no_form(struct exchange *x)
{
	return problem(x, PROBLEM_NOT_FOUND, "%s 年不使用报表 %s。",
		"The year %s is not reported on the form %s.", x->arg[1], x->arg[0]);
}

static const struct problem *read_form(struct exchange *x, bool suffix, struct form_query *q)
{
	static const char *const suffixes[] = { [FORM_JSON] = "",
		[FORM_CSV] = ".csv",
		[FORM_XLSX] = ".xlsx",
		[FORM_HTML] = ".html" };
	const char *year = x->arg[1];
	int64_t number;
	size_t output = 0;
	if (strlen(year) < 4 || !text_to_int(arena_bytes(x->arena, year, 4), &number) ||
		number < 1990)
		return no_form(x);
	while (output < sizeof suffixes / sizeof suffixes[0] &&
		strcmp(year + 4, suffixes[output]) != 0)
		output++;
	if (output == sizeof suffixes / sizeof suffixes[0] || (output != 0 && !suffix))
		return no_form(x);
	q->output = (enum form_output)output;
	q->year = (int)number;
	q->form = ogi_form_of_year(q->year);
	if (q->form == NULL || strcmp(q->form->code, x->arg[0]) != 0)
		return no_form(x);
	q->span = ogi_span_of_year(q->year);
	return NULL;
}

static const struct problem *read_period(struct exchange *x, struct form_query *q)
{
	const char *s = exchange_query(x, "period");
	if (s != NULL && !ogi_span_of_period(s, q->year, &q->span))
		return problem(x, PROBLEM_BAD_QUERY,
			"period 应为该年的季度或月份，如 %dQ1、%dM03。",
			"period must be a quarter or a month of the year, such as %dQ1 or %dM03.",
			q->year, q->year);
	q->period = s;
	return NULL;
}

const struct problem *form_query_read(
	struct exchange *x, const char *const *names, bool suffix, struct form_query *q)
{
	const struct problem *p = exchange_query_only(x, names);
	if (p != NULL || (p = read_form(x, suffix, q)) != NULL ||
		(p = read_period(x, q)) != NULL)
		return p;
	q->as_of = x->today;
	if ((p = app_query_date(x, "as_of", &q->as_of)) != NULL ||
		(p = app_query_bool(x, "live", &q->live)) != NULL ||
		(p = app_scope(x, &q->scope)) != NULL)
		return p;
	q->past = ogi_before(q->as_of, x->today);
	q->rolled = q->scope.count > 1;
	return NULL;
}

struct statistics_asked form_asked(const struct form_query *q, bool by_org)
{
	return (struct statistics_asked){
		.form = q->form,
		.span = q->span,
		.scope = q->scope.ids,
		.scopes = q->scope.count,
		.by_org = by_org,
	};
}

/* ---- as it stood ---- */

enum { PART = 200 }; /* cases folded at once */

void form_past_ask(struct exchange *x, const struct form_query *q, struct form_past *p)
{
	struct case_filter all = {
		.org = q->scope.ids, .orgs = q->scope.count, .day = q->as_of
	};
	p->found = case_list_ask_past(x->reads, &all, 0);
}

static void take_fee(const struct ogi_case *c, struct ogi_span span, struct statistics *s)
{
	struct ogi_date noticed = c->fee_noticed_on, paid = c->fee_paid_on;
	if (!ogi_before(noticed, span.from) && ogi_before(noticed, span.to)) {
		s->fee_notices++;
		s->fee_noticed += c->fee_amount;
	}
	if (!ogi_before(paid, span.from) && ogi_before(paid, span.to))
		s->fee_received += c->fee_paid;
}

/* A case as it stood, taken into the figures. */
static void take_case(
	const struct ogi_case *c, const struct form_query *q, struct statistics *s)
{
	struct ogi_case_fact fact;
	struct ogi_remedy_fact remedy;
	if (ogi_case_fact_of(c, q->span, &fact)) {
		statistics_add(q->form, &fact, 1, s);
		s->before[OGI_COLUMN_TOTAL] += fact.carried_in;
		if (fact.kind >= OGI_NATURAL && fact.kind <= OGI_OTHER_ORG)
			s->before[fact.kind - 1] += fact.carried_in;
	}
	if (c->status < OGI_ST_IN_PROCESS || c->status > OGI_ST_ARCHIVED)
		return;
	for (int i = 0; i < c->remedies; i++)
		if (ogi_remedy_fact_of(&c->remedy[i], q->span, &remedy))
			ogi_cells_add_remedy(q->form, &remedy, 1, &s->cells);
	take_fee(c, q->span, s);
}

static bool take_part(struct exchange *x, const struct form_query *q, const struct rows *part,
	struct statistics *figures)
{
	int n = 0;
	for (int i = 0; i < rows_count(part); i += n) {
		struct arena *a = arena_new();
		struct ogi_history history;
		struct event_row *rows;
		n = event_read_case(part, i, a, &history, &rows);
		if (n > 0) {
			struct ogi_case *c = arena_make(a, struct ogi_case);
			struct ogi_rules rules;
			app_rules(x, rows[0].org, history.event[n - 1].settings, &rules);
			ogi_case_fold(&history, &rules, c);
			take_case(c, q, figures);
		}
		arena_free(a);
		if (n == 0)
			return false;
	}
	return true;
}

const struct problem *form_past_take(struct exchange *x, const struct form_query *q,
	struct form_past *p, struct statistics *figures, bool *ret_more)
{
	int n = rows_count(p->found);
	if (n > CASE_PAST_MOST)
		return problem(x, PROBLEM_BAD_QUERY,
			"要回溯的案件超过 %d 件；请用 org 指定单个机关。",
			"More than %d cases would have to be looked back at; name one organisation with org.",
			CASE_PAST_MOST);
	if (p->part != NULL) {
		bool readable = take_part(x, q, p->part, figures);
		rows_drop(p->part);
		p->taken += p->asked;
		if (!readable)
			return problem(x, PROBLEM_INTERNAL, "案件记录无法读取。",
				"The record of a case cannot be read.");
	}
	p->asked = n - p->taken < PART ? n - p->taken : PART;
	*ret_more = p->asked > 0;
	if (p->asked == 0)
		return NULL;
	int32_t org[PART];
	struct uuid id[PART];
	for (int i = 0; i < p->asked; i++) {
		org[i] = rows_int(p->found, p->taken + i, 0);
		id[i] = rows_uuid(p->found, p->taken + i, 1);
	}
	p->part = event_ask_many(x->reads, org, id, p->asked, q->as_of, 0);
	return NULL;
}
