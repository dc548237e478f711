/* SPDX-License-Identifier: MulanPSL-2.0 */
/* api/statistics_units: the units of a roll-up, one by one. */
#include "api/statistics_units.h"

#include <string.h>

enum { NAMED_MOST = 20 }; /* cases named of one unit */

struct form_unit {
	int32_t org;
	const struct snapshot *frozen;
	bool differs;
	struct ogi_cells printed, now; /* what is counted from cases */
	const struct rows *list;       /* of its snapshot, when it differs */
};

void form_units_rest(struct exchange *x, const struct form_query *q,
	const struct form_frozen *f, struct statistics_asked *asked, struct statistics *sum)
{
	int32_t *rest = arena_array(x->arena, int32_t, q->scope.count);
	int n = 0;
	for (int i = 0; i < q->scope.count; i++) {
		const struct snapshot *s = form_frozen_unit(q, f, q->scope.ids[i]);
		if (s == NULL) {
			rest[n++] = q->scope.ids[i];
			continue;
		}
		for (int row = 0; row < q->form->rows; row++)
			for (int c = 0; c < OGI_COLUMNS; c++)
				sum->cells.cell[row][c] += s->figures.cells.cell[row][c];
		sum->fee_notices += s->figures.fee_notices;
		sum->fee_noticed += s->figures.fee_noticed;
		sum->fee_received += s->figures.fee_received;
	}
	asked->scope = rest;
	asked->scopes = n;
}

/* ---- figures ---- */

void form_units_ask(struct exchange *x, const struct form_query *q, const struct form_frozen *f,
	struct form_units *u)
{
	int n = q->scope.count, lists = 0, scopes = 0;
	int32_t *org = arena_array(x->arena, int32_t, n + 1),
		*scope = arena_array(x->arena, int32_t, n);
	int64_t *seq = arena_array(x->arena, int64_t, n + 1);
	u->asked = true;
	u->unit = arena_array(x->arena, struct form_unit, n);
	if (f->exact != NULL) {
		org[lists] = f->exact->org;
		seq[lists++] = f->exact->seq;
	}
	for (int i = 0; i < n; i++) {
		struct form_unit *unit = &u->unit[i];
		unit->org = q->scope.ids[i];
		unit->frozen = form_frozen_unit(q, f, unit->org);
		if (unit->frozen != NULL) {
			org[lists] = unit->org;
			seq[lists++] = unit->frozen->seq;
		}
		/* what a frozen table is held against, when it is not another one */
		if ((unit->frozen == NULL) == (f->exact != NULL))
			scope[scopes++] = unit->org;
	}
	if (lists > 0)
		u->facts = snapshot_ask_facts(x->reads, org, seq, lists);
	struct statistics_asked asked = form_asked(q, true);
	asked.scope = scope;
	asked.scopes = scopes;
	if (lists > 0 && scopes > 0)
		statistics_ask(x->reads, &asked, &u->live);
}

static void add_words(const struct ogi_form *form, const char *words, bool remedy, int64_t n,
	struct ogi_cells *cells)
{
	struct ogi_case_fact fact;
	struct ogi_remedy_fact told;
	if (remedy && statistics_remedy_fact(words, &told))
		ogi_cells_add_remedy(form, &told, n, cells);
	else if (!remedy && statistics_fact(words, &fact))
		ogi_cells_add(form, &fact, n, cells);
}

static struct form_unit *unit_of(
	const struct form_query *q, const struct form_units *u, int32_t org)
{
	for (int i = 0; i < q->scope.count; i++)
		if (u->unit[i].org == org)
			return &u->unit[i];
	return NULL;
}

/* Frozen lists: the superior's tells what stands in the table, the units' what they say now;
 * without one of the superior, the units' are what stands in the table. */
static void read_frozen(
	const struct form_query *q, const struct form_frozen *f, struct form_units *u)
{
	for (int k = 0; k < rows_count(u->facts); k++) {
		bool superior = f->exact != NULL && rows_int(u->facts, k, 0) == f->exact->org &&
				rows_int64(u->facts, k, 5) == f->exact->seq;
		struct form_unit *unit = unit_of(q, u, rows_int(u->facts, k, 1));
		if (unit == NULL)
			continue;
		struct ogi_cells *to =
			superior || f->exact == NULL ? &unit->printed : &unit->now;
		add_words(q->form, rows_text(u->facts, k, 3), rows_bool(u->facts, k, 2),
			rows_int64(u->facts, k, 4), to);
	}
}

static void read_live(const struct form_query *q, struct form_units *u)
{
	const struct rows *lists[2] = { u->live.cases, u->live.remedies };
	for (int remedy = 0; remedy < 2; remedy++)
		for (int k = 0; lists[remedy] != NULL && k < rows_count(lists[remedy]); k++) {
			struct form_unit *unit = unit_of(q, u, rows_int(lists[remedy], k, 0));
			if (unit != NULL)
				add_words(q->form, rows_text(lists[remedy], k, 1), remedy == 1,
					rows_int64(lists[remedy], k, 2), &unit->now);
		}
}

bool form_cells_differ(struct exchange *x, struct json_out *o, const struct ogi_form *form,
	const struct ogi_cells *printed, const struct ogi_cells *now)
{
	bool differ = false;
	for (int i = 0; i < form->rows; i++) {
		const struct ogi_form_row *row = &form->row[i];
		for (int c = 0; row->number > 0 && c < OGI_COLUMNS; c++) {
			int64_t was = printed->cell[i][c], is = now->cell[i][c];
			if (was == is)
				continue;
			differ = true;
			if (o == NULL)
				return true;
			out_object(o, NULL);
			out_text(o, "key", row->key);
			out_text(o, "column", form_column(row, c));
			out_copy(o, "printed", form_value(x, row, was));
			out_copy(o, "now", form_value(x, row, is));
			out_object_end(o);
		}
	}
	return differ;
}

/* ---- lists ---- */

void form_units_name(struct exchange *x, const struct form_query *q,
	const struct form_frozen *f, struct form_units *u)
{
	const struct statistics_page all = { .limit = FORM_LIST_MOST };
	int32_t *scope = arena_array(x->arena, int32_t, q->scope.count);
	int scopes = 0, differ = 0;
	if (u->facts == NULL)
		return;
	read_frozen(q, f, u);
	read_live(q, u);
	for (int i = 0; i < q->scope.count; i++) {
		struct form_unit *unit = &u->unit[i];
		if (f->exact == NULL && unit->frozen == NULL)
			continue;
		unit->differs = form_cells_differ(x, NULL, q->form, &unit->printed, &unit->now);
		if (!unit->differs)
			continue;
		differ++;
		if (unit->frozen != NULL)
			unit->list = snapshot_ask_list(x->reads, unit->frozen, false, &all);
		if (unit->frozen == NULL || f->exact == NULL)
			scope[scopes++] = unit->org;
	}
	if (differ > 0 && f->exact != NULL)
		u->printed = snapshot_ask_list(x->reads, f->exact, false, &all);
	struct statistics_asked asked = form_asked(q, false);
	asked.scope = scope;
	asked.scopes = scopes;
	if (scopes > 0)
		form_live_ask(x, &asked, &u->ledger);
}

/* The part of a list that one organisation keeps. */
static struct form_list part_of(const struct form_list *list, int32_t org)
{
	struct form_list part = { list->item, 0 };
	while (part.item < list->item + list->count && part.item->org != org)
		part.item++;
	while (part.item + part.count < list->item + list->count &&
		part.item[part.count].org == org)
		part.count++;
	return part;
}

static void unit_write(struct exchange *x, struct json_out *o, const struct form_query *q,
	const struct form_unit *unit, const struct form_list *printed,
	const struct form_list *ledger)
{
	struct form_list own = { 0 }, was, is;
	struct form_move *move;
	if (unit->list != NULL)
		own = form_list_frozen(x, unit->list);
	was = printed != NULL ? part_of(printed, unit->org) : own;
	is = printed != NULL && unit->list != NULL ? own : part_of(ledger, unit->org);
	const struct directory_org *org = directory_org(app_directory(x), unit->org);
	int n = form_list_moves(x, &was, &is, &move);
	out_object(o, NULL);
	out_text(o, "unit", org != NULL ? org->code : NULL);
	out_array(o, "cells");
	form_cells_differ(x, o, q->form, &unit->printed, &unit->now);
	out_array_end(o);
	out_array(o, "cases");
	for (int i = 0; i < n && i < NAMED_MOST; i++) {
		out_object(o, NULL);
		form_entry_write(x, o, move[i].before != NULL ? move[i].before : move[i].after);
		out_object_end(o);
	}
	out_array_end(o);
	out_object_end(o);
}

static void codes_write(struct exchange *x, struct json_out *o, const char *name,
	const struct form_query *q, const struct form_units *u, bool frozen)
{
	out_array(o, name);
	for (int i = 0; i < q->scope.count; i++) {
		const struct directory_org *org =
			directory_org(app_directory(x), u->unit[i].org);
		if ((u->unit[i].frozen != NULL) == frozen && org != NULL)
			out_text(o, NULL, org->code);
	}
	out_array_end(o);
}

const char *form_units_json(struct exchange *x, const struct form_query *q,
	const struct form_frozen *f, const struct form_units *u)
{
	struct buf text = { 0 };
	struct json_out o = json_to(&text);
	struct form_list printed = { 0 }, ledger = { 0 };
	if (u->printed != NULL)
		printed = form_list_frozen(x, u->printed);
	if (u->ledger.cases != NULL)
		ledger = form_list_live(x, &u->ledger);
	out_object(&o, NULL);
	out_number(&o, "count", q->scope.count);
	codes_write(x, &o, "frozen", q, u, true);
	codes_write(x, &o, "not_frozen", q, u, false);
	out_array(&o, "differences");
	for (int i = 0; i < q->scope.count; i++)
		if (u->unit[i].differs)
			unit_write(x, &o, q, &u->unit[i], f->exact != NULL ? &printed : NULL,
				&ledger);
	out_array_end(&o);
	out_object_end(&o);
	const char *json = arena_bytes(x->arena, text.data, text.used);
	buf_clear(&text);
	return json;
}
