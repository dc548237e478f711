/* SPDX-License-Identifier: MulanPSL-2.0 */
/* api/register_writes: entries of the small registers made, replaced and taken back. Nothing is
 * overwritten: each write is one more version. */
#include "api/registers.h"
#include "api/steps.h"
#include "api/trace.h"

#include "domain/case.h"

/* ---- what follows from an entry ---- */

static void not_later(
	struct ogi_date date, struct ogi_date today, const char *pointer, struct faults *f)
{
	if (date.day > today.day)
		faults_add(f, pointer, "future_date", "日期不得晚于今天。",
			"The date may not lie in the future.");
}

static void not_earlier(
	struct ogi_date date, struct ogi_date first, const char *pointer, struct faults *f)
{
	if (ogi_is_date(date) && ogi_is_date(first) && ogi_before(date, first))
		faults_add(f, pointer, "contradiction", "日期不得早于起始日期。",
			"The date may not lie before the first day.");
}

static bool has(const struct ogi_register *reg, const char *field)
{
	return field_find(reg->rows, field, NULL) != NULL;
}

/* Its day: today when it is not given, but never in another year than the one that is. */
static void complete_day(struct ogi_entry *e, struct ogi_date *day, const char *pointer,
	struct ogi_date today, struct faults *f)
{
	if (!ogi_is_date(*day) && e->year > 0 && e->year != ogi_date_year(today)) {
		faults_add(f, pointer, "required", "请填写日期。", "Give the day.");
		return;
	}
	if (!ogi_is_date(*day))
		*day = today;
	not_later(*day, today, pointer, f);
	if (e->year > 0 && e->year != ogi_date_year(*day))
		faults_add(f, "/year", "contradiction", "年度与日期不一致。",
			"The year is not that of the day.");
	e->year = ogi_date_year(*day);
}

static void complete_year(const struct ogi_entry *e, const struct ogi_register *reg,
	struct ogi_date today, struct faults *f)
{
	struct ogi_span span;
	if (e->year > ogi_date_year(today))
		faults_add(f, "/year", "future_date", "年度不得晚于今年。",
			"The year may not lie in the future.");
	if (e->period == NULL)
		return;
	if (e->year > 0 && !ogi_span_of_period(e->period, e->year, &span))
		faults_add(f, "/period", "period",
			"应为该年度的季度或月份，如 2025Q1、2025M03。",
			"Must be a quarter or a month of the year, such as 2025Q1 or 2025M03.");
	if (has(reg, "items_prev") && (e->items_prev != 0 || e->items_delta != 0))
		faults_add(f, "/period", "contradiction",
			"项目数量按全年登记，不分季度、月份。",
			"Numbers of items belong to the whole year.");
}

void register_complete(struct ogi_entry *e, const struct ogi_register *reg,
	struct ogi_date today, struct faults *f)
{
	bool wrong = f->count > 0; /* what could not be read is not missed a second time */
	if (reg->basis == OGI_ENTRY_YEAR)
		complete_year(e, reg, today, f);
	else if (has(reg, "on") && !(wrong && !ogi_is_date(e->on)))
		complete_day(e, &e->on, "/on", today, f);
	else if (has(reg, "from") && !(wrong && !ogi_is_date(e->from)))
		complete_day(e, &e->from, "/from", today, f);
	if (has(reg, "number") && e->number == 0)
		e->number = 1;
	not_earlier(e->to, e->from, "/to", f);
	not_earlier(e->valid_until, e->on, "/valid_until", f);
	not_earlier(e->repealed_on, e->on, "/repealed_on", f);
	not_earlier(e->concluded_on, e->on, "/concluded_on", f);
	not_later(e->repealed_on, today, "/repealed_on", f);
	not_later(e->concluded_on, today, "/concluded_on", f);
	not_later(e->submitted_on, today, "/submitted_on", f);
}

/* ---- a new entry, the next version of one, its retraction ---- */

struct retraction {
	const char *reason;
};
/* clang-format off */
static const struct field retraction_rows[] = {
	{ .name = "reason", .type = FIELD_TEXT, .at = offsetof(struct retraction, reason), .flags = FIELD_REQUIRED | FIELD_MULTILINE, .min = 1, .max = 2000 },
	{ .name = NULL },
};
/* clang-format on */

struct writing {
	struct register_show showing;
	struct ogi_entry entry;
	struct retraction retraction;
	bool fresh, retract;
	const struct rows *head, *twice, *added;
	struct ticket ticket;
	struct trace trace; /* only its key */
};

static const struct problem *own_only(struct exchange *x, int32_t org)
{
	if (org == x->who->org)
		return NULL;
	return problem(x, PROBLEM_FORBIDDEN, "只能登记本机关的事项。",
		"Only the own organisation's registers can be written.");
}

static const struct problem *read_entry(struct exchange *x, struct writing *w)
{
	const struct directory_org *org;
	struct faults *f = app_form(x, w->showing.reg->rows, &w->entry);
	register_complete(&w->entry, w->showing.reg, x->today, f);
	if (f->count > 0)
		return problem_faults(x, f);
	const struct problem *p = app_org(x, w->entry.org, &org);
	if (p == NULL)
		p = own_only(x, org->id);
	w->entry.org = NULL; /* the row says it */
	return p;
}

static void ask_common(struct exchange *x, struct writing *w)
{
	w->trace.org = x->who->org;
	if (x->key_given || x->tries > 0)
		w->trace.found = remembered_ask(
			x->reads, x->who->scope, x->who->scopes, x->who->user, &x->key);
	if (!tickets_known(app_of(x)->tickets, TICKET_REGISTER, x->who->org, 0))
		w->head = tickets_ask(x->reads, TICKET_REGISTER, x->who->org, 0);
	if (!w->retract)
		w->twice = register_ask_twice(
			x->reads, x->who->org, &w->showing.id, w->showing.reg, &w->entry);
}

/* Both would be summed; which one is right only the office knows. */
static const struct problem *counts_once(struct exchange *x, const struct writing *w)
{
	if (w->twice == NULL || rows_count(w->twice) == 0)
		return NULL;
	struct faults *f = arena_make(x->arena, struct faults);
	char from[11], to[11];
	text_from_date(rows_date(w->twice, 0, 0), from);
	text_from_date(rows_date(w->twice, 0, 1), to);
	faults_init(f, x->arena);
	faults_add(f, "/period", "contradiction",
		arena_print(x->arena,
			"%s 至 %s 已有登记，数字会重复计算；请先修改或撤销该登记，或填写不同的单位。",
			from, to),
		arena_print(x->arena,
			"%s to %s is entered already and would count twice; change or retract that entry, or name another unit.",
			from, to));
	return problem_faults(x, f);
}

static const struct problem *add_load(struct exchange *x)
{
	struct writing *w = exchange_state(x, sizeof *w);
	const struct problem *p = register_of_path(x, &w->showing.reg);
	if (p != NULL || (p = read_entry(x, w)) != NULL)
		return p;
	w->fresh = true;
	ask_common(x, w);
	return NULL;
}

static const struct problem *change_load(struct exchange *x)
{
	struct writing *w = exchange_state(x, sizeof *w);
	const struct problem *p = register_of_path(x, &w->showing.reg);
	if (p != NULL)
		return p;
	if (!uuid_parse_text(x->arg[1], &w->showing.id))
		return register_none(x);
	if (x->method == METHOD_PUT) {
		if ((p = read_entry(x, w)) != NULL)
			return p;
	} else {
		w->retract = true;
		if (x->method == METHOD_POST &&
			(p = exchange_form(x, retraction_rows, &w->retraction)) != NULL)
			return p;
	}
	ask_common(x, w);
	register_show_ask(x, &w->showing);
	return NULL;
}

/* May this version be followed by another one? *ret_row: the last one. */
static const struct problem *may_change(
	struct exchange *x, const struct writing *w, struct register_row *ret_row)
{
	const struct problem *p;
	if (rows_count(w->showing.versions) == 0)
		return register_none(x);
	register_read(w->showing.versions, 0, x->arena, ret_row);
	if ((p = own_only(x, ret_row->org)) != NULL)
		return p;
	if (x->if_match >= 0 && x->if_match != ret_row->version)
		return problem(x, PROBLEM_PRECONDITION,
			"该登记已是第 %d 版；请重新打开后再修改。",
			"The entry is at version %d; open it again before you go on.",
			ret_row->version);
	if (!ret_row->retracted)
		return NULL;
	struct problem *no =
		problem(x, PROBLEM_REFUSED, "该登记已撤销。", "The entry was taken back.");
	no->code = ogi_refusals[OGI_NOT_IN_THIS_STATE].code;
	no->extra = "\"allowed\":[]";
	return no;
}

static const struct problem *write(struct exchange *x)
{
	struct writing *w = x->state;
	struct app *app = app_of(x);
	struct register_row last = { 0 };
	if (w->head != NULL)
		tickets_learn(app->tickets, TICKET_REGISTER, x->who->org, 0, w->head);
	const struct problem *p = trace_learn(x, &w->trace);
	if (p != NULL || w->trace.replay)
		return p;
	if (!w->fresh && (p = may_change(x, w, &last)) != NULL)
		return p;
	if ((p = counts_once(x, w)) != NULL)
		return p;
	if (w->fresh)
		w->showing.id = uuid_ordered(x->now);
	struct register_new entry = {
		.reg = w->showing.reg,
		.entry = w->retract ? &last.entry : &w->entry,
		.id = w->showing.id,
		.version = last.version + 1,
		.actor = x->who->user,
		.retracted = w->retract,
		.reason = w->retraction.reason,
		.login = x->who->login,
		.now = x->now / 1000 * 1000,
	};
	char id[37];
	struct mac hash;
	struct remembered key;
	uuid_print(&entry.id, id);
	trace_key(x, x->who->org, arena_text(x->arena, id), w->fresh ? 201 : 200, &key);
	w->ticket = tickets_take(app->tickets, TICKET_REGISTER, x->who->org, 0);
	x->order = (struct write_order){ .org = x->who->org, .rank = 2 };
	w->added = register_ask_add(
		x->arena, x->writes, &entry, &w->ticket, app->keys, &key, &hash);
	tickets_put(app->tickets, &w->ticket, &hash);
	return NULL;
}

static const struct problem *show(struct exchange *x)
{
	struct writing *w = x->state;
	if (w->trace.replay) {
		uuid_parse_text(w->trace.key.object, &w->showing.id);
	} else if (rows_count(w->added) == 0) {
		tickets_stale(app_of(x)->tickets, &w->ticket);
		return exchange_again(x);
	}
	register_show_ask(x, &w->showing);
	return NULL;
}

static const struct problem *answer(struct exchange *x)
{
	struct writing *w = x->state;
	char id[37];
	uuid_print(&w->showing.id, id);
	trace_replayed(x, &w->trace);
	if (!w->fresh)
		return register_show_reply(x, &w->showing, 200);
	exchange_header(x, "Location",
		arena_print(x->arena, "/v1/registers/%s/%s", w->showing.reg->code, id));
	return register_show_reply(x, &w->showing, 201);
}

step_fn *const register_add_steps[] = { add_load, write, show, answer, NULL };
step_fn *const register_change_steps[] = { change_load, write, show, answer, NULL };
