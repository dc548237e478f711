/* SPDX-License-Identifier: MulanPSL-2.0 */
/* api/import_line: from the JSON of a line to judged events. */
#include "api/import_line.h"

#include "api/recording.h"
#include "base/form.h"
#include "domain/numbering.h"
#include "store/setting.h"

#include <string.h>

enum { EVENTS_MOST = 1000, POINTER = 128 };

struct line {
	struct ogi_event event; /* first: the rows of the request count from here */
	const char *org, *number, *actor, *recorded_at;
	struct uuid id;
	bool historic;
	const json_t *events, *attachments;
};

/* One event of a line; what the record says beside the event itself is read over. */
struct record {
	struct ogi_event event; /* first */
	const char *kind, *actor, *recorded_at;
	int32_t seq;
};

/* clang-format off */
static const struct field line_rows[] = {
	{ .name = "org", .type = FIELD_TEXT, .at = offsetof(struct line, org), .min = 1, .max = 32 },
	{ .name = "number", .type = FIELD_TEXT, .at = offsetof(struct line, number), .min = 1, .max = 24 },
	{ .name = "actor", .type = FIELD_TEXT, .at = offsetof(struct line, actor), .min = 1, .max = 200 },
	{ .name = "recorded_at", .type = FIELD_TEXT, .at = offsetof(struct line, recorded_at), .min = 1, .max = 40 },
	{ .name = "id", .type = FIELD_UUID, .at = offsetof(struct line, id) },
	{ .name = "historic", .type = FIELD_BOOL, .at = offsetof(struct line, historic) },
	{ .name = "events", .type = FIELD_RAW, .at = offsetof(struct line, events) },
	{ .name = "attachments", .type = FIELD_RAW, .at = offsetof(struct line, attachments) },
	{ .name = NULL },
};
static const struct field record_rows[] = {
	{ .name = "kind", .type = FIELD_TEXT, .at = offsetof(struct record, kind), .flags = FIELD_REQUIRED, .min = 1, .max = 64 },
	{ .name = "actor", .type = FIELD_TEXT, .at = offsetof(struct record, actor), .min = 1, .max = 200 },
	{ .name = "recorded_at", .type = FIELD_TEXT, .at = offsetof(struct record, recorded_at), .min = 1, .max = 40 },
	{ .name = "seq", .type = FIELD_INT, .at = offsetof(struct record, seq), .min = 1, .max = INT32_MAX },
	{ .name = NULL },
};
/* clang-format on */

struct judging_line {
	struct exchange *x;
	struct arena *arena;
	struct ogi_case *c; /* after the events so far */
	struct ogi_rules rules;
	int32_t settings;
	struct imported *line;
	struct faults *f;
	bool historic;
};

static int count_rows(const struct field *rows)
{
	int n = 0;
	while (rows[n].name != NULL)
		n++;
	return n;
}

/* The rows of a kind and others behind them. */
static const struct field *rows_with(
	struct arena *a, enum ogi_event_kind kind, const struct field *more, bool judged)
{
	const struct field *rows = event_rows(a, kind, true);
	int n = count_rows(rows), m = count_rows(more),
	    k = judged ? count_rows(ogi_event_judged) : 0;
	struct field *all = arena_array(a, struct field, n + m + k + 1);
	memcpy(all, rows, sizeof *all * (size_t)n);
	memcpy(all + n, more, sizeof *all * (size_t)m);
	memcpy(all + n + m, ogi_event_judged, sizeof *all * (size_t)k);
	return all;
}

/* ---- judging ---- */

static void take_verdict(
	struct judging_line *j, const struct ogi_verdict *v, const char *prefix)
{
	if (v->refusal != OGI_INVALID) {
		const struct ogi_refusal_text *t = &ogi_refusals[v->refusal];
		faults_add(j->f, prefix, t->code, t->zh, t->en);
		return;
	}
	for (int i = 0; i < v->faults; i++)
		faults_add(j->f, arena_print(j->arena, "%s%s", prefix, v->fault[i].pointer),
			v->fault[i].code, v->fault[i].zh, v->fault[i].en);
}

static bool changes_history(const struct ogi_event *e)
{
	return e->kind == OGI_AMENDED || e->kind == OGI_RETRACTED;
}

/* Of an import the day of registration is the day of receipt (contract-cases §2). */
static void complete(struct judging_line *j, struct ogi_event *e)
{
	struct ogi_event as_historic = *e;
	as_historic.historic = true;
	ogi_event_complete(&as_historic, j->c, &j->rules);
	if ((e->kind == OGI_REGISTERED || e->kind == OGI_RECEIPT_CONFIRMED) &&
		!ogi_is_date(e->u.request.registered_on))
		e->u.request.registered_on = as_historic.u.request.registered_on;
	ogi_event_complete(e, j->c, &j->rules);
}

/* Splitting, merging and handing over write other cases too: only a record of it is taken in.
 */
static bool lacks_its_link(const struct ogi_event *e)
{
	return (e->kind == OGI_SPLIT && e->u.split.cases.count == 0) ||
	       (e->kind == OGI_MERGED && e->u.merged.target.id == NULL) ||
	       (e->kind == OGI_HANDED_OVER && e->u.handed_over.to.id == NULL &&
		       e->u.handed_over.from.id == NULL);
}

/* A paper comes with its number and its text, as an export says them. */
static bool lacks_its_text(const struct ogi_event *e)
{
	char hex[2 * MAC_BYTES + 1];
	if (e->kind != OGI_DOCUMENT_ISSUED)
		return false;
	const char *text = e->u.document.text;
	if (text == NULL || e->u.document.sha256 == NULL || e->u.document.serial < 1)
		return true;
	struct mac hash = mac_hash(text, strlen(text));
	mac_print(&hash, hex);
	return strcmp(hex, e->u.document.sha256) != 0;
}

/* Completes, judges and takes one event in; false when it is refused. `replayed`: the record
 * names who recorded it, so the people it names were looked up then. */
static bool take_event(
	struct judging_line *j, struct ogi_event *e, bool replayed, const char *prefix)
{
	struct imported *l = j->line;
	struct ogi_verdict v = { 0 };
	struct ogi_asking asking = {
		.login = e->actor, .roles = ~0u, .own_organisation = true
	};
	const struct ogi_history h = { l->event, l->count };
	e->seq = l->count + 1;
	e->recorded_at = j->x->now / 1000 * 1000;
	e->historic = j->historic;
	e->calendar_version = j->rules.calendar->version;
	e->settings = j->settings;
	if (lacks_its_text(e)) {
		faults_add(j->f, prefix, "not_importable", "文书请在导入后签发。",
			"Issue papers after the import.");
		return false;
	}
	if (lacks_its_link(e)) {
		faults_add(j->f, prefix, "not_importable", "拆分、合并、移交请在登记后办理。",
			"Split, merge or hand over after the import.");
		return false;
	}
	if (e->kind != OGI_RECOMPUTED) {
		complete(j, e);
		asking.approver_is_head = true;
		if (!replayed)
			recording_people(app_directory(j->x), l->org, e, &asking);
		ogi_case_decide(j->c, &h, e, &j->rules, &asking, &v);
		if (v.refusal != OGI_OK) {
			take_verdict(j, &v, prefix);
			return false;
		}
		e->warnings = v.warnings;
	}
	struct ogi_date before = j->c->due_on;
	l->event[l->count++] = *e;
	if (changes_history(e))
		ogi_case_fold(&(struct ogi_history){ l->event, l->count }, &j->rules, j->c);
	else
		ogi_case_evolve(j->c, e, &j->rules);
	if (e->kind != OGI_RECOMPUTED) {
		l->event[l->count - 1].due_before = before;
		l->event[l->count - 1].due_after = j->c->due_on;
	}
	return true;
}

/* ---- reading ---- */

static void forget_numbers(struct ogi_event *e)
{
	if (e->kind == OGI_REGISTERED || e->kind == OGI_ARRIVED ||
		e->kind == OGI_RECEIPT_CONFIRMED)
		e->u.request.year = e->u.request.serial = 0;
}

static void forget_judgement(struct ogi_event *e)
{
	e->warnings = 0;
	if (e->kind != OGI_RECOMPUTED)
		e->due_before = e->due_after = (struct ogi_date){ 0 };
}

static int importable(const char *kind)
{
	int found = code_find(ogi_event_kinds, kind);
	return found <= OGI_REGISTERED ? -1 : found;
}

/* Reads one record; false when it has faults. */
static bool read_record(
	struct judging_line *j, const json_t *json, const char *prefix, struct record *ret)
{
	const char *kind = json_string_value(json_object_get(json, "kind"));
	int found = importable(kind != NULL ? kind : "");
	*ret = (struct record){ 0 };
	if (!json_is_object(json)) {
		faults_add(j->f, prefix, "type", "每个事项应为一个 JSON 对象。",
			"Each event is a JSON object.");
		return false;
	}
	if (found < 0) {
		faults_add(j->f, arena_print(j->arena, "%s/kind", prefix),
			kind == NULL ? "required" : "unknown_code",
			"请说明发生了什么（kind）；代码见 /v1/vocabulary 的 event。",
			"Say what happened (kind); see \"event\" in /v1/vocabulary.");
		return false;
	}
	const struct field *rows =
		rows_with(j->arena, (enum ogi_event_kind)found, record_rows, true);
	if (!form_read(json, rows, ret, prefix, j->f))
		return false;
	ret->event.kind = found;
	ret->event.actor = ret->actor != NULL ? ret->actor : j->x->who->login;
	forget_numbers(&ret->event);
	forget_judgement(&ret->event);
	return true;
}

static void number_at(struct imported *l)
{
	const struct ogi_event *e = &l->event[l->count - 1];
	if (e->kind == OGI_REGISTERED || e->kind == OGI_RECEIPT_CONFIRMED)
		l->numbering = l->count - 1;
}

/* The events behind the registration: the shape of all of them, then one after the other. */
static void take_events(struct judging_line *j, const json_t *events, bool registered)
{
	size_t n = json_array_size(events);
	struct record *record = arena_array(j->arena, struct record, n + 1);
	bool good = registered;
	for (size_t i = 0; i < n; i++)
		good &= read_record(j, json_array_get(events, i),
			arena_print(j->arena, "/events/%zu", i), &record[i]);
	for (size_t i = 0; good && i < n; i++) {
		good = take_event(j, &record[i].event, record[i].actor != NULL,
			arena_print(j->arena, "/events/%zu", i));
		if (good)
			number_at(j->line);
	}
}

/* The number asked for fits the event that gives it. */
static void check_number(struct judging_line *j, const struct line *l)
{
	struct imported *to = j->line;
	if (l->number == NULL)
		return;
	if (!ogi_number_parse(l->number, &to->year, &to->serial)) {
		faults_add(j->f, "/number", "number", "编号格式为“年-序号”，如 2025-17。",
			"A number is written YEAR-SERIAL, such as 2025-17.");
		return;
	}
	if (j->f->count > 0)
		return;
	if (to->numbering < 0) {
		faults_add(j->f, "/number", "contradiction", "未登记的到件没有编号。",
			"An arrival that is not registered has no number.");
		return;
	}
	int year = ogi_date_year(to->event[to->numbering].u.request.registered_on);
	if (!j->historic && year != to->year)
		faults_add(j->f, "/number", "contradiction",
			"编号的年份应与登记日期（registered_on）一致。",
			"The year of the number is the year of registered_on.");
}

static void check_lists(const struct line *l, struct faults *f)
{
	if (l->events != NULL && !json_is_array(l->events))
		faults_add(f, "/events", "type", "events 应为列表。", "events is a list.");
	else if (json_array_size(l->events) > EVENTS_MOST)
		faults_add(f, "/events", "too_many", "一件申请最多 1000 个事项。",
			"A case has at most 1,000 events.");
}

bool import_line_judge(struct exchange *x, struct arena *a, const json_t *json,
	struct ogi_case *scratch, struct imported *ret_line, struct faults *f)
{
	struct line l = { 0 };
	form_read(json, rows_with(a, OGI_REGISTERED, line_rows, false), &l, "", f);
	check_lists(&l, f);
	*ret_line = (struct imported){ .org = importing_org(x, l.org),
		.ref = l.event.u.request.external_ref,
		.id = l.id,
		.own_id = !uuid_none(&l.id),
		.numbering = -1 };
	if (ret_line->org == 0) {
		faults_add(f, "/org", "no_such_org", "不能导入到这个机构。",
			"Nothing can be imported for this organisation.");
		return false;
	}
	bool shaped = f->count == 0;
	struct judging_line j = { .x = x,
		.arena = a,
		.c = scratch,
		.line = ret_line,
		.settings = setting_newest(app_directory(x)),
		.f = f,
		.historic = l.historic };
	app_rules(x, ret_line->org, j.settings, &j.rules);
	memset(scratch, 0, sizeof *scratch);
	ret_line->event =
		arena_array(a, struct ogi_event, shaped ? json_array_size(l.events) + 1 : 1);
	l.event.kind = OGI_REGISTERED;
	l.event.actor = l.actor != NULL ? l.actor : x->who->login;
	forget_numbers(&l.event);
	bool registered = shaped && take_event(&j, &l.event, l.actor != NULL, "");
	if (registered)
		number_at(ret_line);
	if (json_is_array(l.events) && json_array_size(l.events) <= EVENTS_MOST)
		take_events(&j, l.events, registered);
	check_number(&j, &l);
	if (!ret_line->own_id)
		ret_line->id = uuid_ordered(x->now);
	return f->count == 0;
}
