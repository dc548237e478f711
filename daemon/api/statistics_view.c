/* SPDX-License-Identifier: MulanPSL-2.0 */
/* api/statistics_view: a form as JSON (contract §5): cells, rows, identities with the cases
 * that break them, warnings. */
#include "api/statistics.h"

#include "domain/numbering.h"

#include <stdlib.h>
#include <string.h>

enum { NAMED_MOST = 20 }; /* cases named behind one failed identity */

/* ---- checks ---- */

bool form_check(struct form_answer *f, const int64_t *before)
{
	bool holds = true;
	f->checks = ogi_form_checks(f->q->form, &f->figures.cells, before, f->check);
	for (int i = 0; i < f->checks; i++)
		holds = holds && (f->check[i].holds || f->check[i].identity->warning_only);
	return holds;
}

void form_name(struct exchange *x, const struct rows *cases, struct form_answer *f)
{
	const struct statistics_asked asked = form_asked(f->q, false);
	for (int i = 0; i < f->checks; i++) {
		const struct ogi_check *check = &f->check[i];
		struct statistics_page page = { .limit = NAMED_MOST };
		if (check->holds || check->identity->relation == OGI_CARRIES_OVER)
			continue;
		const char **facts = arena_array(x->arena, const char *, rows_count(cases));
		for (int k = 0; k < rows_count(cases); k++) {
			struct ogi_case_fact fact;
			const char *words = rows_text(cases, k, 1);
			if (statistics_fact(words, &fact) &&
				ogi_check_broken_by(f->q->form, check, &fact))
				facts[page.count++] = words;
		}
		page.facts = facts;
		if (page.count > 0)
			f->named[i] = statistics_ask_cases(x->reads, &asked, &page);
	}
}

/* ---- JSON ---- */

const char *form_column(const struct ogi_form_row *row, int column)
{
	return row->by_applicant ? ogi_columns[column].code : "value";
}

const char *form_value(struct exchange *x, const struct ogi_form_row *row, int64_t value)
{
	if (!ogi_row_is_money(row))
		return arena_print(x->arena, "%lld", (long long)value);
	return arena_print(x->arena, "%s%lld.%04lld", value < 0 ? "-" : "",
		llabs(value) / 10000, llabs(value) % 10000);
}

void form_cells_write(struct exchange *x, struct json_out *o, const char *name,
	const struct ogi_form *form, const struct ogi_cells *cells)
{
	out_object(o, name);
	for (int i = 0; i < form->rows; i++) {
		const struct ogi_form_row *row = &form->row[i];
		if (row->number == 0)
			continue;
		out_object(o, row->key);
		for (int c = row->by_applicant ? 0 : OGI_COLUMN_TOTAL; c < OGI_COLUMNS; c++)
			if (ogi_row_is_money(row))
				out_copy(o, form_column(row, c),
					form_value(x, row, cells->cell[i][c]));
			else
				out_number(o, form_column(row, c), cells->cell[i][c]);
		out_object_end(o);
	}
	out_object_end(o);
}

static void rows_write(struct json_out *o, const struct ogi_form *form)
{
	out_array(o, "rows");
	for (int i = 0; i < form->rows; i++) {
		const struct ogi_form_row *row = &form->row[i];
		if (row->number == 0 && row->key != NULL)
			continue; /* not printed */
		out_object(o, NULL);
		if (row->key != NULL)
			out_number(o, "number", row->number);
		else
			out_null(o, "number");
		out_text(o, "key", row->key);
		out_text(o, "mark", row->mark);
		out_text(o, "zh", row->zh);
		out_text(o, "en", row->en);
		out_text(o, "unit", row->unit);
		out_object_end(o);
	}
	out_array_end(o);
}

void form_case_write(struct exchange *x, struct json_out *o, const struct rows *r, int row)
{
	const struct directory_org *org = directory_org(app_directory(x), rows_int(r, row, 0));
	struct uuid id = rows_uuid(r, row, 1);
	char text[37], number[24] = "";
	uuid_print(&id, text);
	if (!rows_null(r, row, 3))
		ogi_number_print(rows_int(r, row, 2), rows_int(r, row, 3), number);
	out_text(o, "org", org != NULL ? org->code : NULL);
	out_text(o, "id", text);
	out_text(o, "number", *number != '\0' ? number : NULL);
}

static const char *rule_of(struct exchange *x, const struct ogi_check *check)
{
	static const char *const signs[] = {
		[OGI_EQUAL] = "=", [OGI_AT_MOST] = "<=", [OGI_AT_LEAST] = ">="
	};
	const struct ogi_identity *id = check->identity;
	switch (id->relation) {
	case OGI_COLUMNS_ADD_UP:
		return "total = natural business research public_interest legal_service other_org";
	case OGI_NOT_NEGATIVE:
		return "cells >= 0";
	case OGI_CARRIES_OVER:
		return arena_print(
			x->arena, "%s = %s of the period before", id->left, id->right);
	case OGI_EQUAL:
	case OGI_AT_MOST:
	case OGI_AT_LEAST:
		break;
	}
	return arena_print(x->arena, "%s %s %s", id->left, signs[id->relation], id->right);
}

/* The column of a check: the applicant's; of one-column rows "value". */
static const char *column_of(const struct ogi_form *form, const struct ogi_check *check)
{
	const char *left = check->identity->left;
	char key[64] = "";
	if (check->row >= 0)
		return form_column(&form->row[check->row], check->column);
	if (left == NULL)
		return "value";
	memcpy(key, left, strcspn(left, " "));
	return form_column(&form->row[ogi_form_find(form, key)], check->column);
}

void form_check_write(
	struct exchange *x, struct json_out *o, const struct form_answer *f, int i)
{
	const struct ogi_check *check = &f->check[i];
	out_text(o, "id", check->identity->id);
	if (check->row >= 0)
		out_text(o, "key", f->q->form->row[check->row].key);
	out_text(o, "column", column_of(f->q->form, check));
	out_bool(o, "holds", check->holds);
	out_number(o, "left", check->left);
	out_number(o, "right", check->right);
	out_bool(o, "warning_only", check->identity->warning_only);
	out_text(o, "rule", rule_of(x, check));
}

static void identities_write(
	struct exchange *x, struct json_out *o, const struct form_answer *f)
{
	out_array(o, "identities");
	for (int i = 0; i < f->checks; i++) {
		const struct rows *named = f->named[i];
		out_object(o, NULL);
		form_check_write(x, o, f, i);
		if (!f->check[i].holds) {
			out_array(o, "cases");
			for (int k = 0; named != NULL && k < rows_count(named); k++) {
				out_object(o, NULL);
				form_case_write(x, o, named, k);
				out_object_end(o);
			}
			out_array_end(o);
		}
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

static void warnings_write(struct exchange *x, struct json_out *o, const struct form_answer *f)
{
	const struct statistics *s = &f->figures;
	int late = ogi_form_find(f->q->form, "x.closed_late");
	out_array(o, "warnings");
	for (int i = 0; i < f->checks; i++)
		if (!f->check[i].holds && f->check[i].identity->warning_only)
			warning_write(o, "identity",
				arena_print(x->arena,
					x->english ? "%s: %lld and %lld should normally agree"
						   : "%s：%lld 与 %lld 通常应当一致",
					f->check[i].identity->id, (long long)f->check[i].left,
					(long long)f->check[i].right));
	if (late >= 0 && s->cells.cell[late][OGI_COLUMN_TOTAL] > 0)
		warning_write(o, "closed_late",
			arena_print(x->arena,
				x->english
					? "%lld replied after the due date, counted under extended"
					: "%lld 件逾期答复，计入延期办结",
				(long long)s->cells.cell[late][OGI_COLUMN_TOTAL]));
	if (s->unmapped > 0)
		warning_write(o, "outcome_unmapped",
			arena_print(x->arena,
				x->english
					? "%lld closed with an outcome of the old form that has no row of its own (give outcome_form), counted under other"
					: "%lld 件按旧口径办结且无对应项（请补填 outcome_form），计入其他",
				(long long)s->unmapped));
	if (s->unknown > 0)
		warning_write(o, "applicant_kind_unknown",
			arena_print(x->arena,
				x->english
					? "%lld of applicants of unknown kind, counted in the total only"
					: "%lld 件申请人类别不明，只计入总计",
				(long long)s->unknown));
	out_array_end(o);
}

void form_write(struct exchange *x, struct json_out *o, const struct form_answer *f)
{
	const struct form_query *q = f->q;
	const struct directory_org *org = directory_org(app_directory(x), q->scope.org);
	out_object(o, NULL);
	out_text(o, "form", q->form->code);
	out_number(o, "year", q->year);
	out_text(o, "period", q->period);
	out_text(o, "org", org != NULL ? org->code : NULL);
	out_bool(o, "rollup", q->scope.rollup);
	out_date(o, "as_of", q->as_of);
	out_bool(o, "frozen", f->frozen != NULL);
	out_copy(o, "freeze", f->frozen);
	form_cells_write(x, o, "cells", q->form, &f->figures.cells);
	rows_write(o, q->form);
	identities_write(x, o, f);
	warnings_write(x, o, f);
	out_object(o, "fees");
	out_number(o, "notices", f->figures.fee_notices);
	out_number(o, "noticed", f->figures.fee_noticed);
	out_number(o, "received", f->figures.fee_received);
	out_object_end(o);
	if (f->units != NULL)
		out_copy(o, "units", f->units);
	out_object_end(o);
}
