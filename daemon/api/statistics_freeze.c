/* SPDX-License-Identifier: MulanPSL-2.0 */
/*
 * api/statistics_freeze: POST /v1/statistics/{form}/{year}/freeze: the year as it is published,
 * kept for ever (D:statistics §4): the organisation for itself and, where it has any, with
 * those below it. Refused before the year has ended, while an identity or the carry-over fails,
 * and while a case counted by applicant has one of unknown kind; the cases are named.
 */
#include "api/statistics_frozen.h"
#include "api/statistics_units.h"
#include "api/steps.h"
#include "api/trace.h"

#include <string.h>

enum { NAMED_MOST = 20 };

/* One table to be frozen: alone, or with those below. */
struct table {
	struct form_query q;
	struct form_frozen frozen;
	struct form_answer a;
	struct form_live live;
	struct statistics_questions items;
	const struct rows **units; /* lists of frozen units */
	int lists;
	const struct rows *carried; /* list of the year before, when the carry-over fails */
	struct form_list list;
	struct snapshot made;
	const struct rows *added;
	struct ticket ticket;
};

struct freezing {
	struct table table[2];
	int tables;
	bool failed;
	const struct rows *head;
	struct trace trace; /* only its key */
};

/* ---- load: what is frozen already ---- */

static const struct problem *own_only(struct exchange *x, const struct form_query *q)
{
	if (q->scope.org == x->who->org)
		return NULL;
	return problem(x, PROBLEM_FORBIDDEN, "只能为本机关的报表定稿。",
		"Only the own organisation's forms can be frozen.");
}

/* `org` given: that one table; else the organisation alone, and with those below it. */
static void choose_tables(struct exchange *x, struct freezing *f)
{
	struct form_query *q = &f->table[0].q;
	f->tables = 1;
	if (exchange_query(x, "org") != NULL || !q->rolled)
		return;
	f->table[1].q = *q;
	f->tables = 2;
	q->scope.count = 1; /* the own organisation comes first */
	q->rolled = q->scope.rollup = false;
}

static const struct problem *load(struct exchange *x)
{
	static const char *const names[] = { "org", "rollup", NULL };
	struct freezing *f = exchange_state(x, sizeof *f);
	struct form_query *q = &f->table[0].q;
	const struct problem *p = form_query_read(x, names, false, q);
	if (p != NULL || (p = own_only(x, q)) != NULL)
		return p;
	choose_tables(x, f);
	for (int i = 0; i < f->tables; i++) {
		f->table[i].a.q = &f->table[i].q;
		form_frozen_ask(x, &f->table[i].q, &f->table[i].frozen);
	}
	f->trace.org = x->who->org;
	if (x->key_given || x->tries > 0)
		f->trace.found = remembered_ask(
			x->reads, x->who->scope, x->who->scopes, x->who->user, &x->key);
	if (!tickets_known(app_of(x)->tickets, TICKET_STATISTICS, x->who->org, 0))
		f->head = tickets_ask(x->reads, TICKET_STATISTICS, x->who->org, 0);
	return NULL;
}

/* ---- ask: everything that counts ---- */

static const struct problem *refused(
	struct exchange *x, const char *code, const char *zh, const char *en)
{
	struct problem *p = problem_said(x, PROBLEM_REFUSED, zh, en);
	p->code = code;
	return p;
}

static void ask_table(struct exchange *x, struct table *t)
{
	const struct statistics_page all = { .limit = FORM_LIST_MOST };
	struct statistics_asked asked = form_asked(&t->q, false);
	statistics_ask_carry(x->reads, &asked, &t->items);
	if (t->q.rolled) {
		form_units_rest(x, &t->q, &t->frozen, &asked, &t->a.figures);
		t->units = arena_array(x->arena, const struct rows *, t->q.scope.count);
		for (int i = 0; i < t->q.scope.count; i++) {
			const struct snapshot *s =
				form_frozen_unit(&t->q, &t->frozen, t->q.scope.ids[i]);
			if (s != NULL)
				t->units[t->lists++] =
					snapshot_ask_list(x->reads, s, false, &all);
		}
	}
	if (asked.scopes == 0)
		return;
	statistics_ask(x->reads, &asked, &t->items);
	form_live_ask(x, &asked, &t->live);
}

static const struct problem *ask(struct exchange *x)
{
	struct freezing *f = x->state;
	const struct form_query *q = &f->table[0].q;
	if (f->head != NULL)
		tickets_learn(app_of(x)->tickets, TICKET_STATISTICS, x->who->org, 0, f->head);
	const struct problem *p = trace_learn(x, &f->trace);
	for (int i = 0; i < f->tables; i++)
		form_frozen_take(x, &f->table[i].q, &f->table[i].frozen);
	if (p != NULL || f->trace.replay)
		return p;
	if (ogi_before(x->today, q->span.to))
		return refused(x, "year_not_ended", "该年度尚未结束，不能定稿。",
			"The year has not ended yet; freeze it from 1 January on.");
	for (int i = 0; i < f->tables; i++)
		if (f->table[i].frozen.exact != NULL)
			return refused(x, "frozen_year",
				"该年度已定稿；之后的更正见 corrections。",
				"The year is frozen already; see its corrections.");
	for (int i = 0; i < f->tables; i++)
		ask_table(x, &f->table[i]);
	return NULL;
}

/* ---- judge: does it hold? ---- */

/* The table's list: the lists of its frozen units, and what is live of the others. */
static void gather(struct exchange *x, struct table *t)
{
	struct form_list live = { 0 };
	if (t->live.cases != NULL)
		live = form_list_live(x, &t->live);
	form_list_count(t->q.form, &live, &t->a.figures);
	if (t->lists == 0) {
		t->list = live;
		return;
	}
	int n = live.count, at = 0;
	for (int i = 0; i < t->lists; i++)
		n += rows_count(t->units[i]);
	t->list.item = arena_array(x->arena, struct snapshot_case, n);
	struct form_list part[2] = { live, { 0 } };
	for (int i = 0; i <= t->lists; i++) {
		if (i > 0)
			part[1] = form_list_frozen(x, t->units[i - 1]);
		const struct form_list *from = &part[i > 0];
		if (from->count > 0)
			memcpy(t->list.item + at, from->item,
				(size_t)from->count * sizeof *from->item);
		at += from->count;
	}
	t->list.count = at;
	form_list_sort(&t->list);
}

static void judge_table(struct exchange *x, struct freezing *f, struct table *t)
{
	const struct statistics_page all = { .limit = FORM_LIST_MOST };
	/* the cases were counted one by one: figures and list are of the same moment */
	struct statistics_questions items = t->items;
	const struct rows *cases = items.cases;
	items.cases = items.remedies = NULL;
	gather(x, t);
	statistics_read(&items, t->q.form, 0, &t->a.figures);
	statistics_end(t->q.form, &t->a.figures);
	const int64_t *carry = form_frozen_carry(x, &t->q, &t->frozen);
	bool holds = form_check(&t->a, carry != NULL ? carry : t->a.figures.before);
	if (holds && t->a.figures.unknown == 0)
		return;
	f->failed = true;
	if (cases != NULL)
		form_name(x, cases, &t->a);
	if (carry != NULL)
		t->carried = snapshot_ask_list(x->reads, t->frozen.before, false, &all);
}

static const struct problem *judge(struct exchange *x)
{
	struct freezing *f = x->state;
	for (int i = 0; !f->trace.replay && i < f->tables; i++)
		judge_table(x, f, &f->table[i]);
	return NULL;
}

/* ---- write ---- */

/* Cases carried out by the year before and not carried in by this one, or the other way. */
static void carry_write(struct exchange *x, struct json_out *o, struct table *t)
{
	struct form_list before,
		now = { arena_array(x->arena, struct snapshot_case, t->list.count), 0 };
	struct form_move *move;
	int kept = 0, shown = 0;
	before = form_list_frozen(x, t->carried);
	for (int i = 0; i < before.count; i++)
		if (before.item[i].number == 0 && before.item[i].fact[3] == 'o')
			before.item[kept++] = before.item[i];
	before.count = kept;
	for (int i = 0; i < t->list.count; i++)
		if (t->list.item[i].number == 0 && t->list.item[i].fact[1] == 'i')
			now.item[now.count++] = t->list.item[i];
	int n = form_list_moves(x, &before, &now, &move);
	for (int i = 0; i < n && shown < NAMED_MOST; i++) {
		if (move[i].before != NULL && move[i].after != NULL)
			continue; /* carried by both, whatever became of it since */
		out_object(o, NULL);
		form_entry_write(x, o, move[i].before != NULL ? move[i].before : move[i].after);
		out_object_end(o);
		shown++;
	}
}

static void unknown_write(struct exchange *x, struct json_out *o, const struct table *t)
{
	int shown = 0;
	for (int i = 0; i < t->list.count && shown < NAMED_MOST; i++) {
		struct ogi_case_fact fact;
		const struct snapshot_case *e = &t->list.item[i];
		if (e->number != 0 || !statistics_fact(e->fact, &fact) ||
			(fact.kind >= OGI_NATURAL && fact.kind <= OGI_OTHER_ORG))
			continue;
		out_object(o, NULL);
		form_entry_write(x, o, e);
		out_object_end(o);
		shown++;
	}
}

static void failed_write(struct exchange *x, struct json_out *o, struct table *t)
{
	for (int i = 0; i < t->a.checks; i++) {
		const struct ogi_check *check = &t->a.check[i];
		if (check->holds || check->identity->warning_only)
			continue;
		out_object(o, NULL);
		form_check_write(x, o, &t->a, i);
		out_array(o, "cases");
		if (check->identity->relation == OGI_CARRIES_OVER && t->carried != NULL)
			carry_write(x, o, t);
		for (int k = 0; t->a.named[i] != NULL && k < rows_count(t->a.named[i]); k++) {
			out_object(o, NULL);
			form_case_write(x, o, t->a.named[i], k);
			out_object_end(o);
		}
		out_array_end(o);
		out_object_end(o);
	}
}

static const struct problem *why_not(struct exchange *x, struct freezing *f)
{
	struct buf text = { 0 };
	struct json_out o = json_to(&text);
	bool unknown = false;
	out_object(&o, NULL);
	out_array(&o, "identities");
	for (int i = 0; i < f->tables; i++) {
		failed_write(x, &o, &f->table[i]);
		unknown = unknown || f->table[i].a.figures.unknown > 0;
	}
	out_array_end(&o);
	out_array(&o, "unknown");
	unknown_write(x, &o, &f->table[f->tables - 1]);
	out_array_end(&o);
	out_object_end(&o);
	struct problem *p =
		unknown ? problem(x, PROBLEM_REFUSED, "有申请人类别不明的件，请先更正再定稿。",
				  "Some cases have an applicant of unknown kind; amend them first.")
			: problem(x, PROBLEM_REFUSED, "勾稽关系不成立，请先查明所列件再定稿。",
				  "Figures do not agree; look into the cases listed first.");
	p->code = unknown ? "applicant_kind_unknown" : "identity_fails";
	/* the members of the object, without its braces */
	p->extra = arena_bytes(x->arena, text.data + 1, text.used - 2);
	buf_clear(&text);
	return p;
}

static const struct problem *write(struct exchange *x)
{
	struct freezing *f = x->state;
	struct app *app = app_of(x);
	struct remembered key;
	if (f->trace.replay)
		return NULL;
	if (f->failed)
		return why_not(x, f);
	trace_key(x, x->who->org, x->path, 201, &key);
	x->order = (struct write_order){ .org = x->who->org, .rank = 2 };
	for (int i = 0; i < f->tables; i++) {
		struct table *t = &f->table[i];
		t->made = (struct snapshot){
			.org = x->who->org,
			.form = t->q.form,
			.year = t->q.year,
			.rollup = t->q.rolled,
			.frozen_at = x->now / 1000 * 1000,
			.actor = x->who->user,
			.calendar_version = directory_calendar(app_directory(x))->version,
			.figures = t->a.figures,
		};
		t->ticket = tickets_take(app->tickets, TICKET_STATISTICS, x->who->org, 0);
		t->added = snapshot_ask_add(x->writes, &t->made, x->who->login, t->list.item,
			t->list.count, &t->ticket, app->keys, i == 0 ? &key : NULL);
		tickets_put(app->tickets, &t->ticket, &t->made.hash);
	}
	return NULL;
}

static const struct problem *answer(struct exchange *x)
{
	struct freezing *f = x->state;
	const struct form_query *q = &f->table[f->tables - 1].q;
	const struct directory_org *org = directory_org(app_directory(x), q->scope.org);
	for (int i = 0; !f->trace.replay && i < f->tables; i++)
		if (rows_count(f->table[i].added) == 0) {
			tickets_stale(app_of(x)->tickets, &f->table[i].ticket);
			return exchange_again(x);
		}
	trace_replayed(x, &f->trace);
	struct json_out o = app_reply(x, 201);
	out_object(&o, NULL);
	out_text(&o, "form", q->form->code);
	out_number(&o, "year", q->year);
	out_text(&o, "org", org != NULL ? org->code : NULL);
	out_bool(&o, "frozen", true);
	out_array(&o, "snapshots");
	for (int i = 0; i < f->tables; i++) {
		const struct table *t = &f->table[i];
		const struct snapshot *s = f->trace.replay ? t->frozen.exact : &t->made;
		if (s != NULL)
			out_copy(&o, NULL, form_frozen_json(x, s));
	}
	out_array_end(&o);
	out_array(&o, "not_frozen"); /* units whose figures may still move */
	for (int i = 0; q->rolled && i < q->scope.count; i++) {
		const struct directory_org *unit =
			directory_org(app_directory(x), q->scope.ids[i]);
		if (unit != NULL && q->scope.ids[i] != q->scope.org &&
			form_frozen_unit(q, &f->table[f->tables - 1].frozen, unit->id) == NULL)
			out_text(&o, NULL, unit->code);
	}
	out_array_end(&o);
	out_object_end(&o);
	return NULL;
}

step_fn *const statistics_freeze_steps[] = { load, ask, judge, write, answer, NULL };
