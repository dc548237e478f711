/* SPDX-License-Identifier: MulanPSL-2.0 */
/*
 * api/statistics_corrections: GET /v1/statistics/{form}/{year}/corrections: what was printed,
 * what is so now, which cases moved and what happened to them since (D:statistics §4); and what
 * was written in the registers since.
 */
#include "api/registers.h"
#include "api/statistics_frozen.h"
#include "api/statistics_units.h"
#include "api/steps.h"
#include "api/views.h"

#include <string.h>

enum { SHOWN_MOST = 200 };

struct correcting {
	struct form_query q;
	struct form_frozen frozen;
	struct statistics_questions questions;
	struct form_live live;
	const struct rows *printed, *events, *entries;
	struct statistics now;
	struct form_move *move;
	int moves;
};

static const struct problem *load(struct exchange *x)
{
	static const char *const names[] = { "org", "rollup", NULL };
	struct correcting *c = exchange_state(x, sizeof *c);
	const struct problem *p = form_query_read(x, names, false, &c->q);
	if (p == NULL)
		form_frozen_ask(x, &c->q, &c->frozen);
	return p;
}

static const struct problem *ask(struct exchange *x)
{
	struct correcting *c = x->state;
	const struct statistics_page all = { .limit = FORM_LIST_MOST };
	const struct statistics_asked asked = form_asked(&c->q, false);
	form_frozen_take(x, &c->q, &c->frozen);
	if (c->frozen.exact == NULL)
		return form_not_frozen(x, &c->q);
	statistics_ask(x->reads, &asked, &c->questions);
	form_live_ask(x, &asked, &c->live);
	c->entries = register_ask_since(x->reads, &asked, c->frozen.exact->frozen_at);
	c->printed = snapshot_ask_list(x->reads, c->frozen.exact, false, &all);
	return NULL;
}

static const struct snapshot_case *entry_of(const struct form_move *m)
{
	return m->before != NULL ? m->before : m->after;
}

static const struct problem *compare(struct exchange *x)
{
	struct correcting *c = x->state;
	struct form_list before = form_list_frozen(x, c->printed),
			 after = form_list_live(x, &c->live);
	struct statistics_questions items = c->questions;
	items.cases = items.remedies = NULL;
	form_list_count(c->q.form, &after, &c->now);
	statistics_read(&items, c->q.form, 0, &c->now);
	statistics_end(c->q.form, &c->now);
	c->moves = form_list_moves(x, &before, &after, &c->move);
	int32_t org[SHOWN_MOST];
	struct uuid id[SHOWN_MOST];
	int n = 0;
	for (int i = 0; i < c->moves && n < SHOWN_MOST; i++) {
		const struct snapshot_case *e = entry_of(&c->move[i]);
		if (n > 0 && org[n - 1] == e->org && uuid_same(&id[n - 1], &e->id))
			continue; /* a case and its remedies */
		org[n] = e->org;
		id[n++] = e->id;
	}
	if (n > 0)
		c->events = event_ask_many(x->reads, org, id, n, x->today, 0);
	return NULL;
}

/* {"keys": […], "column": …}, or null for what did not count. */
static void counted_write(struct json_out *o, const char *name, const struct ogi_form *form,
	const struct snapshot_case *e)
{
	struct ogi_case_fact fact = { 0 };
	struct ogi_remedy_fact remedy = { 0 };
	if (e == NULL) {
		out_null(o, name);
		return;
	}
	if (e->number == 0)
		statistics_fact(e->fact, &fact);
	else
		statistics_remedy_fact(e->fact, &remedy);
	out_object(o, name);
	out_array(o, "keys");
	for (int i = 0; i < form->rows; i++) {
		const struct ogi_form_row *row = &form->row[i];
		if (row->number > 0 && (e->number == 0 ? ogi_row_counts(row, &fact)
						       : ogi_row_counts_remedy(row, &remedy)))
			out_text(o, NULL, row->key);
	}
	out_array_end(o);
	out_text(o, "applicant_kind",
		e->number == 0 && fact.kind > 0 ? ogi_applicant_kinds[fact.kind].code : NULL);
	out_object_end(o);
}

/* What was recorded of the case since the year was frozen. */
static void events_write(struct exchange *x, struct json_out *o, const struct correcting *c,
	const struct form_move *m)
{
	const struct snapshot_case *e = entry_of(m);
	int seen = m->before != NULL ? m->before->version : 0;
	int n = 0;
	out_array(o, "events");
	for (int i = 0; c->events != NULL && i < rows_count(c->events); i += n) {
		struct ogi_history history;
		struct event_row *rows;
		n = event_read_case(c->events, i, x->arena, &history, &rows);
		if (n == 0)
			break;
		if (rows[0].org != e->org || !uuid_same(&rows[0].id, &e->id))
			continue;
		for (int k = 0; k < n; k++)
			if (rows[k].event.seq > seen)
				view_event(x, o, &rows[k], false);
		break;
	}
	out_array_end(o);
}

static void moves_write(struct exchange *x, struct json_out *o, const struct correcting *c)
{
	const struct snapshot_case *last = NULL;
	int shown = 0;
	out_array(o, "cases");
	for (int i = 0; i < c->moves; i++) {
		const struct snapshot_case *e = entry_of(&c->move[i]);
		bool same = last != NULL && last->org == e->org && uuid_same(&last->id, &e->id);
		if (!same && ++shown > SHOWN_MOST)
			break;
		last = e;
		out_object(o, NULL);
		form_entry_write(x, o, e);
		if (e->number > 0)
			out_number(o, "remedy", e->number);
		counted_write(o, "printed", c->q.form, c->move[i].before);
		counted_write(o, "now", c->q.form, c->move[i].after);
		events_write(x, o, c, &c->move[i]);
		out_object_end(o);
	}
	out_array_end(o);
}

static const struct problem *answer(struct exchange *x)
{
	const struct correcting *c = x->state;
	const struct directory_org *org = directory_org(app_directory(x), c->q.scope.org);
	struct json_out o = app_reply(x, 200);
	out_object(&o, NULL);
	out_text(&o, "form", c->q.form->code);
	out_number(&o, "year", c->q.year);
	out_text(&o, "org", org != NULL ? org->code : NULL);
	out_bool(&o, "rollup", c->q.scope.rollup);
	out_copy(&o, "freeze", form_frozen_json(x, c->frozen.exact));
	out_array(&o, "cells");
	form_cells_differ(x, &o, c->q.form, &c->frozen.exact->figures.cells, &c->now.cells);
	out_array_end(&o);
	out_number(&o, "moved", c->moves);
	moves_write(x, &o, c);
	out_array(&o, "entries"); /* of registers: each version recorded since */
	for (int i = 0; i < rows_count(c->entries); i++) {
		struct register_row row;
		register_read(c->entries, i, x->arena, &row);
		out_object(&o, NULL);
		register_members(x, &o, &row);
		out_object_end(&o);
	}
	out_array_end(&o);
	out_object_end(&o);
	return NULL;
}

step_fn *const statistics_corrections_steps[] = { load, ask, compare, answer, NULL };
