/* SPDX-License-Identifier: MulanPSL-2.0 */
/*
 * jobs/digest: what each supervisor is told in the morning of a working day: what of the
 * subtree is overdue, what falls due within three working days, whose period to correct or to
 * pay has run out, and from 1 December on that the arrangement of the next year is missing.
 * Lists, lights and days are those of the screens; nothing here names an applicant. It
 * proposes; the event is recorded by a person (art. 30; 国办函〔2020〕109号).
 */
#include "base/json_write.h"
#include "domain/numbering.h"
#include "jobs/night.h"
#include "store/case_list.h"
#include "store/outbox.h"
#include "store/setting.h"
#include "store/workload.h"

#include <string.h>

enum { PAGE = 200, SHOWN = 100 }; /* cases read together; lines of one part */

struct line {
	const char *org, *number, *assignee;
	struct ogi_date day; /* due, or end of the period */
	int32_t workdays;    /* overdue by */
	int32_t kind;        /* of the proposed event */
};
struct part {
	struct line line[SHOWN];
	int lines;
	int64_t count; /* of all, shown or not */
};
enum which { OVERDUE, SOON, LAPSED, PARTS };
struct digest {
	struct night *night;
	struct arena *arena;
	const struct directory_user *who;
	const int32_t *scope;
	int scopes;
	struct ogi_date amber_to;
	bool alarm;
	struct part part[PARTS];
};

/* ---- gathering ---- */

static void rules_of(const struct digest *d, struct arena *a, const struct case_row *row,
	struct ogi_rules *ret_rules)
{
	const struct directory *all = d->night->j->directory;
	directory_rules(all, row->org, d->night->today, ret_rules);
	setting_rules(all, row->org, row->c.settings, a, ret_rules);
}

static void keep(
	struct digest *d, enum which which, const struct case_row *row, struct line line)
{
	const struct ogi_request *q = &row->c.request;
	const struct directory_org *org = directory_org(d->night->j->directory, row->org);
	struct part *p = &d->part[which];
	char number[24];
	if (p->lines == SHOWN)
		return;
	ogi_number_print(q->year, q->serial, number);
	line.org = org != NULL ? org->name : "?";
	line.number = arena_text(d->arena, q->serial > 0 ? number : "?");
	line.assignee = arena_text(d->arena, q->assignee);
	p->line[p->lines++] = line;
}

typedef void take_fn(struct digest *d, struct arena *a, const struct case_row *row);

static void take_dated(struct digest *d, struct arena *a, const struct case_row *row)
{
	struct ogi_standing s;
	struct ogi_rules rules;
	rules_of(d, a, row, &rules);
	ogi_case_standing(&row->c, &rules, d->night->today, &s);
	keep(d, s.light == OGI_LIGHT_OVERDUE ? OVERDUE : SOON, row,
		(struct line){ .day = row->c.due_on, .workdays = s.overdue_workdays });
}

/* Proposed when whoever handles the case could record it today. */
static void take_lapsed(struct digest *d, struct arena *a, const struct case_row *row)
{
	static const struct ogi_asking handler = { .roles = OGI_HANDLER,
		.own_organisation = true };
	struct ogi_possible *p = arena_array(a, struct ogi_possible, OGI_EVENT_KINDS);
	struct ogi_rules rules;
	rules_of(d, a, row, &rules);
	int n = ogi_case_possible(&row->c, &rules, &handler, p);
	for (int i = 0; i < n; i++) {
		bool fee = p[i].kind == OGI_FEE_LAPSED;
		struct ogi_date end = fee ? row->c.fee_due_on : row->c.correction_due_on;
		if ((!fee && p[i].kind != OGI_CORRECTION_LAPSED) || p[i].refusal != OGI_OK ||
			!ogi_is_date(end))
			continue;
		d->part[LAPSED].count++;
		keep(d, LAPSED, row, (struct line){ .day = end, .kind = p[i].kind });
	}
}

/* Every case of the filter, or the first page of it, in order of the day due. */
static bool each(struct digest *d, struct case_filter *f, bool all, take_fn *take)
{
	struct case_order order = { .sort = CASE_BY_DUE_ON };
	f->org = d->scope;
	f->orgs = d->scopes;
	f->day = d->night->today;
	f->amber_to = d->amber_to;
	bool there = true;
	for (int n = PAGE; there && n == PAGE && (all || !order.begun);) {
		struct arena *a = arena_new();
		struct batch *b = batch_new(a);
		const struct rows *r = case_list_ask(b, f, &order, CASE_KEYED, PAGE);
		there = job_read(d->night->j, b);
		n = there ? rows_count(r) : 0;
		struct case_row *row = arena_make(a, struct case_row);
		for (int i = 0; i < n; i++) {
			case_read(r, i, a, row);
			take(d, a, row);
		}
		if (n > 0) {
			order.begun = true;
			order.after = (struct case_place){ case_key(order.sort, row), row->id };
		}
		arena_free(a);
	}
	return there;
}

static bool count(struct digest *d)
{
	struct batch *b = batch_new(d->arena);
	const struct rows *r =
		workload_ask_people(b, d->scope, d->scopes, d->night->today, d->amber_to);
	if (!job_read(d->night->j, b))
		return false;
	int overdue = rows_col(r, "overdue"), red = rows_col(r, "red"),
	    amber = rows_col(r, "amber");
	for (int i = 0; i < rows_count(r); i++) {
		d->part[OVERDUE].count += rows_int64(r, i, overdue);
		d->part[SOON].count += rows_int64(r, i, red) + rows_int64(r, i, amber);
	}
	return true;
}

static bool gather(struct digest *d)
{
	const struct directory *all = d->night->j->directory;
	struct case_filter overdue = { .lights = UINT64_C(1) << OGI_LIGHT_OVERDUE };
	struct case_filter soon = { .lights = UINT64_C(1) << OGI_LIGHT_RED |
					      UINT64_C(1) << OGI_LIGHT_AMBER };
	struct case_filter asked = {
		.statuses = UINT64_C(1) << OGI_ST_CORRECTION_REQUESTED |
			    UINT64_C(1) << OGI_ST_FEE_NOTICED,
	};
	d->scopes = directory_subtree(all, d->who->org, d->arena, &d->scope);
	d->amber_to = case_amber_to(directory_calendar_of(all, d->who->org), d->night->today);
	d->alarm = directory_year_missing(all, d->night->today);
	return d->scopes > 0 && count(d) && each(d, &overdue, false, take_dated) &&
	       each(d, &soon, false, take_dated) && each(d, &asked, true, take_lapsed);
}

/* ---- telling ---- */

enum language { ZH, EN, LANGUAGES };
/* What stands before a value, and behind it. */
struct around {
	const char *before, *after;
};
/* clang-format off */
static const struct words {
	struct around head, alarm, part[PARTS], due, overdue, end, proposal, assignee, more;
	const char *nobody;
} words[LANGUAGES] = {
	[ZH] = {
		.head = { "依申请公开办理提示 ", "及所属机关" },
		.alarm = { "【日历】", " 年放假安排尚未导入，该年的到期日均为暂定。请管理员导入国务院办公厅的通知。" },
		.part = { [OVERDUE] = { "【已逾期】", " 件" }, [SOON] = { "【三个工作日内到期】", " 件" },
			[LAPSED] = { "【期限已过，待确认】", " 件" } },
		.due = { "到期 ", "" }, .overdue = { "，逾期 ", " 个工作日" },
		.end = { "期限 ", "" }, .proposal = { "，可登记“", "”" },
		.assignee = { "；承办 ", "" }, .nobody = "；未分派",
		.more = { "……另有 ", " 件，请登录系统查看。" },
	},
	[EN] = {
		.head = { "Requests for disclosure, ", " and below" },
		.alarm = { "CALENDAR: the arrangement of days off for ", " is not loaded; every due date of that year is provisional." },
		.part = { [OVERDUE] = { "OVERDUE: ", "" }, [SOON] = { "DUE WITHIN THREE WORKING DAYS: ", "" },
			[LAPSED] = { "PERIOD RUN OUT, TO BE CONFIRMED: ", "" } },
		.due = { "due ", "" }, .overdue = { ", working days overdue: ", "" },
		.end = { "period ended ", "" }, .proposal = { ", may be recorded as: ", "" },
		.assignee = { "; in charge: ", "" }, .nobody = "; nobody in charge",
		.more = { "... and ", " more: see the list of cases." },
	},
};
/* clang-format on */

static void put(struct buf *to, const struct around *w, const char *value)
{
	buf_text(to, w->before);
	buf_text(to, value);
	buf_text(to, w->after);
}

static void put_number(struct buf *to, const struct around *w, int64_t value)
{
	buf_print(to, "%s%lld%s", w->before, (long long)value, w->after);
}

static void tell_line(struct buf *to, const struct line *l, enum language language)
{
	const struct words *w = &words[language];
	const struct code *kind = &ogi_event_kinds[l->kind];
	char day[11];
	text_from_date(l->day, day);
	buf_print(to, "  %s %s  ", l->org, l->number);
	put(to, l->kind != 0 ? &w->end : &w->due, day);
	if (l->workdays > 0)
		put_number(to, &w->overdue, l->workdays);
	if (l->kind != 0)
		put(to, &w->proposal, language == ZH ? kind->zh : kind->en);
	if (l->assignee != NULL)
		put(to, &w->assignee, l->assignee);
	else
		buf_text(to, w->nobody);
	buf_text(to, "\n");
}

static void tell_part(
	struct buf *to, const struct digest *d, enum which which, enum language language)
{
	const struct words *w = &words[language];
	const struct part *p = &d->part[which];
	if (p->count == 0)
		return;
	buf_text(to, "\n");
	put_number(to, &w->part[which], p->count);
	buf_text(to, "\n");
	for (int i = 0; i < p->lines; i++)
		tell_line(to, &p->line[i], language);
	if (p->count > p->lines) {
		put_number(to, &w->more, p->count - p->lines);
		buf_text(to, "\n");
	}
}

static void tell(struct buf *to, const struct digest *d, enum language language)
{
	const struct words *w = &words[language];
	const struct directory_org *org = directory_org(d->night->j->directory, d->who->org);
	char day[11];
	text_from_date(d->night->today, day);
	buf_print(to, "%s%s %s%s\n", w->head.before, day, org->name, w->head.after);
	if (d->alarm) {
		buf_text(to, "\n");
		put_number(to, &w->alarm, ogi_date_year(d->night->today) + 1);
		buf_text(to, "\n");
	}
	for (int i = 0; i < PARTS; i++)
		tell_part(to, d, (enum which)i, language);
}

static bool write_down(struct digest *d, int64_t *ret_count)
{
	const struct part *p = d->part;
	struct outbox_message m = { .org = d->who->org,
		.day = d->night->today,
		.recipient = d->who->login,
		.kind = "digest",
		.created_at = d->night->now };
	char day[11];
	struct buf body = { 0 };
	text_from_date(m.day, day);
	tell(&body, d, ZH);
	buf_text(&body, "\n----\n\n");
	tell(&body, d, EN);
	m.body = body.data;
	m.subject = arena_print(d->arena,
		"依申请公开 %s：逾期 %lld 件，即将到期 %lld 件，待确认 %lld 件%s", day,
		(long long)p[OVERDUE].count, (long long)p[SOON].count,
		(long long)p[LAPSED].count, d->alarm ? "，日历未导入" : "");
	struct batch *b = batch_new(d->arena);
	const struct rows *added = outbox_ask_add(b, &m);
	bool done = job_write(d->night->j, b, m.org) == DB_DONE;
	if (done)
		*ret_count += rows_affected(added);
	buf_clear(&body);
	return done;
}

/* Nothing to tell: no message. */
static bool digest(struct night *n, const struct directory_user *who, int64_t *ret_count)
{
	struct arena *a = arena_new();
	struct digest *d = arena_make(a, struct digest);
	d->night = n;
	d->arena = a;
	d->who = who;
	bool done = gather(d);
	if (done && (d->alarm || d->part[OVERDUE].count > 0 || d->part[SOON].count > 0 ||
			    d->part[LAPSED].count > 0))
		done = write_down(d, ret_count);
	arena_free(a);
	return done;
}

bool night_digest(struct night *n, int64_t *ret_count)
{
	const struct directory *all = n->j->directory;
	const struct directory_user *const *user;
	int users = directory_users(all, &user);
	bool done = true;
	for (int i = 0; done && i < users; i++)
		if ((user[i]->roles & OGI_SUPERVISOR) != 0 && !user[i]->disabled &&
			ogi_is_working(
				directory_calendar_of(all, user[i]->org), n->today, NULL))
			done = digest(n, user[i], ret_count);
	return done;
}
