/* SPDX-License-Identifier: MulanPSL-2.0 */
/*
 * api/case_export: GET /v1/cases.csv and .xlsx: the list as a file, everything that is filtered
 * and not a page of it. The table is written page by page into a file without a name, and sent
 * from there: only a page and a piece of it are in memory. Identity numbers and telephones are
 * not in it; that somebody exported is audited before the first byte leaves.
 */
#include "api/case_query.h"
#include "api/steps.h"
#include "base/table_write.h"
#include "domain/numbering.h"
#include "store/audit.h"
#include "store/case_search.h"
#include "web/stream.h"
#include "web/upload.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PAGE_MOST = 200, PIECE = 64 * 1024 };
enum { STEP_PAGE = 3, STEP_PIECE = 5, STEP_END = 6 }; /* indexes of the steps below */

struct exporting {
	struct case_query q;
	bool xlsx;
	const struct rows *head,
		*count; /* of the audit; of cases that the search index names */
	struct audit_mark mark;
	bool named;
	enum case_part part;
	struct arena *arena; /* of the page under way, or NULL */
	const struct rows *page;
	enum db_result result;
	struct table_out table;
	struct buf csv;
	int file; /* without a name, 0: none */
	bool failed;
	int64_t left;
};

/* clang-format off */
static const struct table_column zh[] = {
	{ "编号", 12 }, { "原编号", 12 }, { "机构", 12 }, { "收到渠道", 10 }, { "申请人类别", 12 }, { "申请人", 16 },
	{ "所需信息的描述", 60 }, { "主题", 14 }, { "来件日", 12 }, { "收到日", 12 }, { "登记日", 12 }, { "状态", 12 },
	{ "到期日", 12 }, { "灯", 8 }, { "超期工作日", 10 }, { "承办人", 14 }, { "处理结果", 24 }, { "办结日", 12 },
};
static const struct table_column en[] = {
	{ "number", 12 }, { "legacy number", 12 }, { "organisation", 12 }, { "channel", 10 }, { "applicant kind", 12 }, { "applicant", 16 },
	{ "description", 60 }, { "subject", 14 }, { "arrived on", 12 }, { "receipt date", 12 }, { "registered on", 12 }, { "status", 12 },
	{ "due on", 12 }, { "light", 8 }, { "overdue workdays", 10 }, { "assignee", 14 }, { "outcome", 24 }, { "closed on", 12 },
};
/* clang-format on */
enum { COLUMNS = sizeof zh / sizeof *zh };
_Static_assert(sizeof zh == sizeof en, "one head each");

static void give_up(void *arg)
{
	struct exporting *e = arg;
	arena_free(e->arena);
	xlsx_free(e->table.xlsx);
	buf_clear(&e->csv);
	if (e->file > 0)
		close(e->file);
}

/* ---- the question, and its trace ---- */

static const struct problem *export_load(struct exchange *x)
{
	struct exporting *e = exchange_state(x, sizeof *e);
	struct tickets *tickets = app_of(x)->tickets;
	size_t n = strlen(x->path);
	const struct problem *no = case_query_read(x, &e->q);
	if (no != NULL)
		return no;
	if (e->q.past)
		return problem(x, PROBLEM_BAD_QUERY,
			"只能导出台账的现状，不能用 as_of 或 known_at。",
			"Only the present ledger is exported, without as_of and known_at.");
	e->xlsx = n > 5 && strcmp(x->path + n - 5, ".xlsx") == 0;
	e->q.order.begun = false; /* all of it, whatever page was looked at */
	e->q.limit = PAGE_MOST;
	if (!tickets_known(tickets, TICKET_AUDIT, x->who->org, 0))
		e->head = tickets_ask(x->reads, TICKET_AUDIT, x->who->org, 0);
	if (case_search_can(&e->q.filter))
		e->count = case_search_ask_count(x->reads, &e->q.filter);
	return NULL;
}

static const struct problem *export_audit(struct exchange *x)
{
	struct exporting *e = x->state;
	struct tickets *tickets = app_of(x)->tickets;
	if (e->head != NULL)
		tickets_learn(tickets, TICKET_AUDIT, x->who->org, 0, e->head);
	e->named = e->count != NULL && rows_int64(e->count, 0, 0) <= CASE_SEARCH_MOST;
	struct audit_fact fact = { .org = x->who->org,
		.actor = x->who->user,
		.login = x->who->login,
		.action = "case.export",
		.detail = e->xlsx ? "{\"format\":\"xlsx\"}" : "{\"format\":\"csv\"}",
		.at = x->now };
	x->order = (struct write_order){ .org = x->who->org, .rank = 2 };
	audit_ask(x->arena, x->writes, &fact, NULL, tickets, app_of(x)->keys, &e->mark);
	return NULL;
}

/* ---- the table ---- */

static const struct problem *no_room(struct exchange *x)
{
	return problem(x, PROBLEM_INTERNAL, "临时文件写不下。",
		"There is no room for a temporary file.");
}

static bool begin(struct exchange *x, struct exporting *e)
{
	char name[] = "/tmp/ogid-XXXXXX";
	const struct table_column *columns = x->english ? en : zh;
	arena_at_end(x->arena, give_up, e);
	if (e->xlsx)
		return table_to_xlsx(&e->table, x->english ? "requests" : "依申请公开台账",
			columns, COLUMNS);
	e->table = table_to_csv(&e->csv, columns, COLUMNS);
	e->file = mkstemp(name);
	if (e->file > 0)
		unlink(name);
	return e->file > 0;
}

/* What is written so far goes into the file. */
static void flush_csv(struct exporting *e)
{
	for (size_t at = 0; at < e->csv.used && !e->failed;) {
		ssize_t n = write(e->file, e->csv.data + at, e->csv.used - at);
		e->failed = n <= 0;
		at += n > 0 ? (size_t)n : 0;
	}
	e->csv.used = 0;
}

static const char *label(struct exchange *x, const struct code *list, int32_t index)
{
	return index <= 0 ? NULL : x->english ? list[index].en : list[index].zh;
}

static void write_row(struct exchange *x, struct table_out *t, const struct case_row *row)
{
	const struct ogi_case *c = &row->c;
	const struct ogi_request *q = &c->request;
	const struct directory_org *org = directory_org(app_directory(x), row->org);
	char number[24] = "";
	struct ogi_rules rules;
	struct ogi_standing s;
	app_rules(x, row->org, c->settings, &rules);
	ogi_case_standing(c, &rules, x->today, &s);
	if (q->serial > 0)
		ogi_number_print(q->year, q->serial, number);
	table_text(t, number);
	table_text(t, q->legacy_number);
	table_text(t, org != NULL ? org->code : NULL);
	table_text(t, label(x, ogi_channels, q->channel));
	table_text(t, label(x, ogi_applicant_kinds, q->applicant.kind));
	table_text(t, q->applicant.name);
	table_text(t, q->description);
	table_text(t, q->subject);
	table_date(t, q->arrived_on);
	table_date(t, q->receipt_date);
	table_date(t, q->registered_on);
	table_text(t, label(x, ogi_statuses, c->status));
	table_date(t, c->due_on);
	table_text(t, x->english ? ogi_lights[s.light].en : ogi_lights[s.light].zh);
	table_number(t, s.overdue_workdays);
	table_text(t, q->assignee);
	table_text(t, label(x, ogi_outcome_codes, c->outcome));
	table_date(t, c->closed_on);
	table_row_end(t);
}

static void on_page(void *arg, enum db_result result)
{
	struct exchange *x = arg;
	((struct exporting *)x->state)->result = result;
	exchange_resume(x);
}

/* Each page in an arena of its own. False when there is none. */
static bool ask_page(struct exchange *x, struct exporting *e)
{
	const struct case_query *q = &e->q;
	arena_free(e->arena);
	e->arena = arena_new();
	struct batch *b = batch_new(e->arena);
	e->page = e->named ? case_search_ask(b, &q->filter, &q->order, e->part, PAGE_MOST)
			   : case_list_ask(b, &q->filter, &q->order, e->part, PAGE_MOST);
	if (e->page == NULL)
		return false;
	exchange_park(x);
	pool_read_slow(app_of(x)->pool, b, on_page, x);
	return true;
}

/* Writes the page; true when there is another one. */
static bool take_page(struct exchange *x, struct exporting *e)
{
	int n = rows_count(e->page);
	struct case_order *o = &e->q.order;
	struct case_row *row = arena_make(e->arena, struct case_row);
	for (int i = 0; i < n; i++) {
		case_read(e->page, i, e->arena, row);
		write_row(x, &e->table, row);
		o->after = (struct case_place){ case_key(o->sort, row), row->id };
	}
	if (!e->xlsx)
		flush_csv(e);
	o->begun = o->begun || n > 0;
	if (n == PAGE_MOST)
		return true;
	/* what has no key comes last: a range of its own when the order is descending */
	if (!o->descending || e->part == CASE_UNKEYED)
		return false;
	e->part = CASE_UNKEYED;
	o->begun = false;
	return true;
}

static const struct problem *export_begin(struct exchange *x)
{
	struct exporting *e = x->state;
	if (!audit_written(app_of(x)->tickets, &e->mark))
		return exchange_again(x);
	if (!begin(x, e))
		return no_room(x);
	if (!ask_page(x, e))
		exchange_step(x, STEP_PAGE + 1);
	return NULL;
}

static const struct problem *export_page(struct exchange *x)
{
	struct exporting *e = x->state;
	if (e->result != DB_DONE)
		return problem(x, PROBLEM_DATABASE_AWAY, "导出中断，请稍后重试。",
			"The export was cut off; try again shortly.");
	if (take_page(x, e) && ask_page(x, e))
		exchange_step(x, STEP_PAGE);
	return NULL;
}

/* ---- the file ---- */

static const struct problem *export_send(struct exchange *x)
{
	struct exporting *e = x->state;
	struct stat file;
	char day[11];
	if (e->xlsx) {
		e->file = xlsx_finish(e->table.xlsx);
		e->table.xlsx = NULL;
	}
	if (e->failed || e->file <= 0 || fstat(e->file, &file) != 0 ||
		lseek(e->file, 0, SEEK_SET) != 0)
		return no_room(x);
	text_from_date(x->today, day);
	e->left = file.st_size;
	x->content_type = e->xlsx ? XLSX_MEDIA : CSV_MEDIA;
	exchange_header(x, "Content-Disposition",
		arena_print(x->arena, "attachment; filename=\"cases-%s.%s\"", day,
			e->xlsx ? "xlsx" : "csv"));
	if (!stream_begin(x, e->left))
		exchange_step(x, STEP_END);
	return NULL;
}

static const struct problem *export_piece(struct exchange *x)
{
	struct exporting *e = x->state;
	struct buf piece = { 0 };
	char bytes[PIECE];
	if (!stream_open(x) || e->left == 0)
		return NULL;
	ssize_t n = read(e->file, bytes, sizeof bytes);
	if (n <= 0)
		return no_room(x);
	buf_add(&piece, bytes, (size_t)n);
	e->left -= n;
	exchange_step(x, STEP_PIECE);
	stream_put(x, &piece);
	buf_clear(&piece);
	return NULL;
}

step_fn *const case_export_steps[] = { export_load, export_audit, export_begin, export_page,
	export_send, export_piece, NULL };
