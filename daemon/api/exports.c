/* SPDX-License-Identifier: MulanPSL-2.0 */
/*
 * api/exports: GET /v1/exports (contract §4): the ledger as JSON Lines in the form that
 * POST /v1/imports takes, attachments by hash. Sent page by page as the client takes it, each
 * page in an arena of its own; that somebody exported is audited before the first byte leaves.
 */
#include "api/app.h"
#include "api/steps.h"
#include "domain/date.h"
#include "domain/numbering.h"
#include "store/audit.h"
#include "store/event.h"
#include "store/export.h"
#include "web/stream.h"

#include <string.h>

enum { PAGE = 100 };
enum { STEP_PAGE = 3, STEP_END = 6 }; /* indexes of the steps below */

struct exports {
	struct app_scope scope;
	const struct rows *head;
	struct audit_mark mark;
	struct arena *arena; /* of the page under way, or NULL */
	const struct rows *page, *events;
	enum db_result result;
	int32_t org; /* the case sent last */
	struct uuid id;
};

static void give_up(void *arg)
{
	struct exports *e = arg;
	arena_free(e->arena);
}

static const struct problem *begin(struct exchange *x)
{
	static const char *const names[] = { "format", "org", "rollup", NULL };
	struct exports *e = exchange_state(x, sizeof *e);
	const struct problem *no = exchange_query_only(x, names);
	if (no != NULL || (no = app_scope(x, &e->scope)) != NULL)
		return no;
	const char *format = exchange_query(x, "format");
	if (format != NULL && strcmp(format, "ndjson") != 0)
		return problem(x, PROBLEM_BAD_QUERY, "format 只能是 ndjson。",
			"format can only be ndjson.");
	if (!tickets_known(app_of(x)->tickets, TICKET_AUDIT, x->who->org, 0))
		e->head = tickets_ask(x->reads, TICKET_AUDIT, x->who->org, 0);
	return NULL;
}

static const struct problem *trace(struct exchange *x)
{
	struct exports *e = x->state;
	struct tickets *tickets = app_of(x)->tickets;
	if (e->head != NULL)
		tickets_learn(tickets, TICKET_AUDIT, x->who->org, 0, e->head);
	struct audit_fact fact = { .org = x->who->org,
		.actor = x->who->user,
		.login = x->who->login,
		.action = "ledger.export",
		.detail = "{\"format\":\"ndjson\"}",
		.at = x->now };
	x->order = (struct write_order){ .org = x->who->org, .rank = 2 };
	audit_ask(x->arena, x->writes, &fact, NULL, tickets, app_of(x)->keys, &e->mark);
	return NULL;
}

static void on_answered(void *arg, enum db_result result)
{
	struct exchange *x = arg;
	((struct exports *)x->state)->result = result;
	exchange_resume(x);
}

static void send_slow(struct exchange *x, struct batch *b)
{
	exchange_park(x);
	pool_read_slow(app_of(x)->pool, b, on_answered, x);
}

static void ask_page(struct exchange *x, struct exports *e)
{
	arena_free(e->arena);
	e->arena = arena_new();
	struct batch *b = batch_new(e->arena);
	e->page = export_ask_cases(b, e->scope.ids, e->scope.count, e->org, &e->id, PAGE);
	send_slow(x, b);
}

static const struct problem *open_body(struct exchange *x)
{
	struct exports *e = x->state;
	if (!audit_written(app_of(x)->tickets, &e->mark))
		return exchange_again(x);
	arena_at_end(x->arena, give_up, e);
	x->content_type = "application/x-ndjson";
	exchange_header(x, "Content-Disposition", "attachment; filename=\"cases.jsonl\"");
	if (!stream_begin(x, -1)) {
		exchange_step(x, STEP_END);
		return NULL;
	}
	ask_page(x, e);
	return NULL;
}

/* Once the body has begun, a problem breaks it off: who reads it sees that the end is missing.
 */
static const struct problem *cut_off(struct exchange *x)
{
	return problem(x, PROBLEM_DATABASE_AWAY, "导出中断，请稍后重试。",
		"The export was cut off; try again shortly.");
}

static const struct problem *page_events(struct exchange *x)
{
	const struct ogi_date ever = ogi_date_of(2199, 12, 31);
	struct exports *e = x->state;
	if (e->result != DB_DONE)
		return cut_off(x);
	int n = rows_count(e->page);
	if (n == 0 || !stream_open(x)) {
		exchange_step(x, STEP_END);
		return NULL;
	}
	int32_t *org = arena_array(e->arena, int32_t, n);
	struct uuid *id = arena_array(e->arena, struct uuid, n);
	for (int i = 0; i < n; i++) {
		org[i] = rows_int(e->page, i, 0);
		id[i] = rows_uuid(e->page, i, 1);
	}
	struct batch *b = batch_new(e->arena);
	e->events = event_ask_many(b, org, id, n, ever, 0);
	e->org = org[n - 1];
	e->id = id[n - 1];
	send_slow(x, b);
	return NULL;
}

/* ---- a line ---- */

/* The rows of the event without the numbers that were not given: zero is no value of theirs. */
static const struct field *given_rows(struct arena *a, const struct ogi_event *v)
{
	const struct field *rows = event_rows(a, (enum ogi_event_kind)v->kind, true);
	int n = 0, kept = 0;
	while (rows[n].name != NULL)
		n++;
	struct field *all = arena_array(a, struct field, n + 1);
	for (int i = 0; i < n; i++) {
		int32_t number = 1;
		if (rows[i].type == FIELD_INT)
			memcpy(&number, (const char *)v + rows[i].at, sizeof number);
		if (number != 0 || rows[i].min <= 0)
			all[kept++] = rows[i];
	}
	return all;
}

/* The event's own fields and, of what the ledger wrote itself, the dates. */
static void write_event(struct exchange *x, struct exports *e, struct json_out *o,
	const struct uuid *id, struct ogi_event *v)
{
	struct keys *keys = app_of(x)->keys;
	bool request = v->kind == OGI_ARRIVED || v->kind == OGI_REGISTERED ||
		       v->kind == OGI_RECEIPT_CONFIRMED;
	const char **secret = request ? &v->u.request.applicant.id_number
			      : v->kind == OGI_AMENDED && event_amends_identity(v)
				      ? &v->u.change.to_text
				      : NULL;
	if (secret != NULL && *secret != NULL)
		*secret = unseal_text(keys, e->arena, id->byte, *secret);
	/* the importer takes the text of an amendment as `to`, wherever it is kept */
	if (v->kind == OGI_AMENDED && v->u.change.to == NULL) {
		v->u.change.to = v->u.change.to_text != NULL ? v->u.change.to_text : "";
		v->u.change.to_text = NULL;
	}
	out_fields(o, given_rows(e->arena, v), v, 0, 0);
	if (v->kind == OGI_RECOMPUTED) {
		out_date(o, "due_before", v->due_before);
		out_date(o, "due_after", v->due_after);
	}
	if (v->actor != NULL)
		out_text(o, "actor", v->actor);
	out_instant(o, "recorded_at", v->recorded_at);
}

static void write_line(struct exchange *x, struct exports *e, int row, struct event_row *events,
	int n, struct buf *to)
{
	struct json_out o = json_to(to);
	const struct directory_org *org =
		directory_org(app_directory(x), rows_int(e->page, row, 0));
	struct uuid id = rows_uuid(e->page, row, 1);
	char text[37], number[24];
	uuid_print(&id, text);
	out_object(&o, NULL);
	out_text(&o, "id", text);
	out_text(&o, "org", org != NULL ? org->code : NULL);
	if (!rows_null(e->page, row, 3)) {
		ogi_number_print(rows_int(e->page, row, 2), rows_int(e->page, row, 3), number);
		out_text(&o, "number", number);
	}
	struct ogi_event *first = &events[0].event;
	if (first->historic)
		out_bool(&o, "historic", true);
	if (first->kind == OGI_ARRIVED)
		first->u.request.confirmed = OGI_NO;
	write_event(x, e, &o, &id, first);
	out_array(&o, "events");
	for (int i = 1; i < n; i++) {
		struct ogi_event *v = &events[i].event;
		out_object(&o, NULL);
		out_text(&o, "kind", ogi_event_kinds[v->kind].code);
		write_event(x, e, &o, &id, v);
		out_object_end(&o);
	}
	out_array_end(&o);
	if (!rows_null(e->page, row, 4))
		out_copy(&o, "attachments", rows_text(e->page, row, 4));
	out_object_end(&o);
	buf_text(to, "\n");
}

static const struct problem *page_lines(struct exchange *x)
{
	struct exports *e = x->state;
	if (e->result != DB_DONE)
		return cut_off(x);
	struct buf piece = { 0 };
	int at = 0, pages = rows_count(e->page);
	for (int i = 0; i < pages; i++) {
		struct ogi_history h;
		struct event_row *events;
		int n = at < rows_count(e->events)
				? event_read_case(e->events, at, e->arena, &h, &events)
				: 0;
		if (n == 0) {
			buf_clear(&piece);
			return cut_off(x);
		}
		write_line(x, e, i, events, n, &piece);
		at += n;
	}
	stream_put(x, &piece);
	buf_clear(&piece);
	return NULL;
}

static const struct problem *next_page(struct exchange *x)
{
	struct exports *e = x->state;
	if (!stream_open(x) || rows_count(e->page) < PAGE)
		return NULL;
	exchange_step(x, STEP_PAGE);
	ask_page(x, e);
	return NULL;
}

step_fn *const export_steps[] = { begin, trace, open_body, page_events, page_lines, next_page,
	NULL };
