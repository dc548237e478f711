/* SPDX-License-Identifier: MulanPSL-2.0 */
/* api/statistics: GET /v1/statistics/{form}/{year}: an official form, live from the ledger
 * (contract §5). */
#include "store/statistics.h"
#include "api/app.h"
#include "api/steps.h"

#include <string.h>

struct form {
	struct app_scope scope;
	int year;
	struct statistics_questions questions;
};

static const struct problem *read_form(struct exchange *x, struct form *f)
{
	int64_t year;
	bool digits = strlen(x->arg[1]) == 4 && text_to_int(x->arg[1], &year) && year >= 1990;
	const char *form = digits ? ogi_form_of_year((int)year) : NULL;
	if (form == NULL || strcmp(form, x->arg[0]) != 0)
		return problem(x, PROBLEM_NOT_FOUND, "%s 年不使用报表 %s。",
			"The year %s is not reported on the form %s.", x->arg[1], x->arg[0]);
	if (strcmp(form, "f14") != 0)
		return problem(x, PROBLEM_NOT_FOUND, "此版本只提供 2014 年式样的报表（f14）。",
			"This version offers the form of 2014 (f14) only.");
	f->year = (int)year;
	return NULL;
}

static const struct problem *load(struct exchange *x)
{
	static const char *const names[] = { "org", "rollup", NULL };
	struct form *f = exchange_state(x, sizeof *f);
	const struct problem *p = exchange_query_only(x, names);
	if (p != NULL || (p = read_form(x, f)) != NULL || (p = app_scope(x, &f->scope)) != NULL)
		return p;
	statistics_ask_2014(x->reads, f->scope.ids, f->scope.count, f->year, &f->questions);
	return NULL;
}

/* 万元 with four decimals, as a JSON number */
static void ten_thousand(struct exchange *x, struct json_out *o, int64_t yuan)
{
	out_copy(o, "value",
		arena_print(x->arena, "%lld.%04lld", (long long)(yuan / 10000),
			(long long)(yuan % 10000)));
}

static void cells_write(
	struct exchange *x, struct json_out *o, const struct statistics_2014 *form)
{
	out_object(o, "cells");
	for (int i = 0; i < form->rows; i++) {
		const struct ogi_form_row *row = &ogi_form_2014[i];
		if (row->key == NULL)
			continue;
		out_object(o, row->key);
		if (strcmp(row->unit, "万元") == 0)
			ten_thousand(x, o, form->cell[i]);
		else
			out_number(o, "value", form->cell[i]);
		out_object_end(o);
	}
	out_object_end(o);
}

static void rows_write(struct json_out *o)
{
	out_array(o, "rows");
	for (const struct ogi_form_row *row = ogi_form_2014; row->zh != NULL; row++) {
		out_object(o, NULL);
		if (row->key != NULL)
			out_number(o, "number", row->number);
		else
			out_null(o, "number");
		out_text(o, "key", row->key);
		out_text(o, "zh", row->zh);
		out_text(o, "en", row->en);
		out_text(o, "unit", row->unit);
		out_object_end(o);
	}
	out_array_end(o);
}

static void warning_write(struct json_out *o, const char *code, const char *detail)
{
	out_object(o, NULL);
	out_text(o, "code", code);
	out_text(o, "detail", detail);
	out_object_end(o);
}

static void identities_write(
	struct exchange *x, struct json_out *o, const struct statistics_2014 *form)
{
	out_array(o, "identities");
	for (const struct ogi_identity *i = ogi_identities_2014; i->id != NULL; i++) {
		int64_t left, right;
		bool holds = ogi_identity_2014_holds(i, form->cell, &left, &right);
		out_object(o, NULL);
		out_text(o, "id", i->id);
		out_text(o, "column", "value");
		out_bool(o, "holds", holds);
		out_number(o, "left", left);
		out_number(o, "right", right);
		out_bool(o, "warning_only", i->warning_only);
		out_text(o, "rule",
			arena_print(x->arena, "%s %s %s", i->left,
				i->relation == '<'   ? "<="
				: i->relation == '>' ? ">="
						     : "=",
				i->right));
		out_object_end(o);
	}
	out_array_end(o);
	out_array(o, "warnings");
	for (const struct ogi_identity *i = ogi_identities_2014; i->id != NULL; i++) {
		int64_t left, right;
		if (i->warning_only && !ogi_identity_2014_holds(i, form->cell, &left, &right))
			warning_write(o, "identity",
				arena_print(x->arena,
					x->english ? "%s: %lld and %lld should normally agree"
						   : "%s：%lld 与 %lld 通常应当一致",
					i->id, (long long)left, (long long)right));
	}
	if (form->closed_late > 0)
		warning_write(o, "closed_late",
			arena_print(x->arena,
				x->english
					? "%lld replied after the due date, counted under extended"
					: "%lld 件逾期答复，计入延期办结",
				(long long)form->closed_late));
	out_array_end(o);
}

static const struct problem *answer(struct exchange *x)
{
	struct form *f = x->state;
	struct statistics_2014 *form = arena_make(x->arena, struct statistics_2014);
	const struct directory_org *org = directory_org(app_directory(x), f->scope.org);
	statistics_read_2014(&f->questions, form);
	struct json_out o = app_reply(x, 200);
	out_object(&o, NULL);
	out_text(&o, "form", x->arg[0]);
	out_number(&o, "year", f->year);
	out_text(&o, "org", org != NULL ? org->code : NULL);
	out_bool(&o, "rollup", f->scope.rollup);
	out_date(&o, "as_of", x->today);
	out_bool(&o, "frozen", false);
	cells_write(x, &o, form);
	rows_write(&o);
	identities_write(x, &o, form);
	out_object_end(&o);
	return NULL;
}

step_fn *const statistics_steps[] = { load, answer, NULL };
