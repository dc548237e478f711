/* SPDX-License-Identifier: MulanPSL-2.0 */
/*
 * api/notices: POST /v1/calendar/notices: a notice about working days, of the country or (with
 * `org`) of one organisation and its subtree: what it would do to the cases, or put into force
 * and carried to them.
 */
#include "api/jobs.h"
#include "api/steps.h"
#include "api/trace.h"
#include "store/calendar.h"
#include "web/upload.h"

#include <string.h>

/* Places in the list of steps. */
enum { STEP_ANSWER = 4 };
enum { DAYS_MOST = 1000, FAULTS_MOST = 100 };

struct notice_form {
	const char *notice, *org;
	struct objects days; /* struct ogi_notice_day */
};
#define AT(f) offsetof(struct notice_form, f)
#define DAY(f) offsetof(struct ogi_notice_day, f)
/* clang-format off */
static const struct field day_rows[] = {
	{ .name = "date", .type = FIELD_DATE, .at = DAY(date), .flags = FIELD_REQUIRED },
	{ .name = "kind", .type = FIELD_CODE, .at = DAY(kind), .flags = FIELD_REQUIRED, .codes = ogi_rulings },
	{ .name = "name", .type = FIELD_TEXT, .at = DAY(name), .flags = FIELD_REQUIRED, .min = 1, .max = 100 },
	{ .name = NULL },
};
static const struct field notice_rows[] = {
	{ .name = "notice", .type = FIELD_TEXT, .at = AT(notice), .flags = FIELD_REQUIRED, .min = 1, .max = 100 },
	{ .name = "days", .type = FIELD_OBJECTS, .at = AT(days), .flags = FIELD_REQUIRED, .min = 1, .max = DAYS_MOST,
	  .fields = day_rows, .item = sizeof(struct ogi_notice_day) },
	{ .name = "org", .type = FIELD_TEXT, .at = AT(org), .max = 32 },
	{ .name = NULL },
};
/* clang-format on */

struct proclaiming {
	struct notice_form form;
	bool dry_run;
	const struct directory_org *org; /* NULL: the whole country */
	struct ogi_notice notice;
	const struct calendars *with; /* the calendars with the notice in them */
	struct ogi_date first, last;  /* days that change */
	unsigned doubts;
	struct notice_report report; /* of a preview */
	struct trace trace;
	struct job_row job;
	const struct rows *found; /* job of an earlier answer */
	enum db_result result;
	struct directory_questions questions;
};

/* ---- load ---- */

/* All that is wrong with the days, beside what their shape lacks. */
static void check_days(struct exchange *x, struct proclaiming *s, struct faults *f)
{
	struct ogi_notice_fault fault[FAULTS_MOST];
	int first, last;
	calendars_years(directory_calendars(app_directory(x)), &first, &last);
	int n = ogi_notice_check(&s->notice, first, last, fault, FAULTS_MOST);
	for (int i = 0; i < n && i < FAULTS_MOST; i++)
		faults_add(f,
			arena_print(x->arena, "/days/%d/%s", fault[i].index, fault[i].field),
			fault[i].code, fault[i].zh, fault[i].en);
}

/* The country's notices are for whoever administers the top of the tree. */
static const struct problem *find_place(struct exchange *x, struct proclaiming *s)
{
	const struct directory_org *own = NULL;
	if (s->form.org != NULL)
		return app_org(x, s->form.org, &s->org);
	const struct problem *p = app_org(x, NULL, &own);
	if (p != NULL || own->parent == 0)
		return p;
	return problem(x, PROBLEM_FORBIDDEN,
		"全国安排由顶级机构的管理员载入；本地放假请填写 org。",
		"National notices are loaded by the administrator of the topmost organisation; name an org for local days.");
}

static const struct problem *load(struct exchange *x)
{
	static const char *const names[] = { "dry_run", NULL };
	struct proclaiming *s = exchange_state(x, sizeof *s);
	const struct directory *d = app_directory(x);
	const struct problem *p = exchange_query_only(x, names);
	if (p != NULL || (p = app_query_bool(x, "dry_run", &s->dry_run)) != NULL)
		return p;
	struct faults *f = app_form(x, notice_rows, &s->form);
	struct ogi_notice_day *day =
		arena_array(x->arena, struct ogi_notice_day, s->form.days.count + 1);
	if (s->form.days.count > 0)
		memcpy(day, s->form.days.item, sizeof *day * (size_t)s->form.days.count);
	for (int i = 0; i < s->form.days.count; i++)
		day[i].notice = s->form.notice;
	s->notice = (struct ogi_notice){ day, s->form.days.count, s->form.org != NULL };
	check_days(x, s, f);
	if (f->count > 0)
		return problem_faults(x, f);
	if ((p = find_place(x, s)) != NULL)
		return p;
	int32_t org = s->org != NULL ? s->org->id : 0;
	s->with = calendars_with(x->arena, directory_calendars(d), &s->notice, org, d);
	calendars_differ(directory_calendars(d), s->with, &s->first, &s->last);
	s->doubts = ogi_notice_doubts(&s->notice, calendars_of(s->with, d, org));
	if (!s->dry_run)
		trace_ask(x, &s->trace, x->who->org);
	return NULL;
}

/* ---- what it would do ---- */

static void clear_report(void *report)
{
	report_clear(report);
}

static void on_found(void *arg, const struct recompute_found *found)
{
	struct exchange *x = arg;
	struct proclaiming *s = x->state;
	report_take(&s->report, found, x->today);
}

static void on_previewed(void *arg, const struct recompute *r, enum db_result result)
{
	struct exchange *x = arg;
	struct proclaiming *s = x->state;
	(void)r;
	s->result = result;
	exchange_resume(x);
}

static void preview(struct exchange *x, struct proclaiming *s)
{
	struct app *app = app_of(x);
	struct recompute_plan plan = {
		.pool = app->pool,
		.keys = app->keys,
		.directory = &app->directory,
		.calendars = s->with,
		.filter = { .first = s->first, .last = s->last },
		.found = on_found,
		.done = on_previewed,
		.arg = x,
	};
	plan.orgs = directory_subtree(app_directory(x),
		s->org != NULL ? s->org->id : x->who->org, x->arena, &plan.org);
	exchange_step(x, STEP_ANSWER);
	if (!ogi_is_date(s->first))
		return; /* it says what was known */
	arena_at_end(x->arena, clear_report, &s->report);
	exchange_park(x);
	recompute_begin(&plan);
}

/* ---- putting it into force ---- */

static const char *detail(struct exchange *x, const struct proclaiming *s)
{
	struct buf text = { 0 };
	struct json_out o = json_to(&text);
	out_object(&o, NULL);
	out_text(&o, "notice", s->form.notice);
	out_text(&o, "org", s->org != NULL ? s->org->code : NULL);
	out_array(&o, "days");
	for (int i = 0; i < s->notice.days; i++) {
		out_object(&o, NULL);
		out_date(&o, "date", s->notice.day[i].date);
		out_text(&o, "kind", ogi_rulings[s->notice.day[i].kind].code);
		out_text(&o, "name", s->notice.day[i].name);
		out_object_end(&o);
	}
	out_array_end(&o);
	out_object_end(&o);
	const char *made = arena_bytes(x->arena, text.data, text.used);
	buf_clear(&text);
	return made;
}

static const struct problem *decide(struct exchange *x)
{
	struct proclaiming *s = x->state;
	const struct ogi_date never = ogi_date_of(2199, 12, 31);
	char id[37];
	if (s->dry_run) {
		preview(x, s);
		return NULL;
	}
	const struct problem *p = trace_learn(x, &s->trace);
	if (p != NULL || s->trace.replay)
		return p;
	bool changes = ogi_is_date(s->first);
	s->job = (struct job_row){
		.org = x->who->org,
		.id = uuid_ordered(x->now),
		.title = s->form.notice,
		.actor = x->who->user,
		.scope = s->org != NULL ? s->org->id : 0,
		.first = changes ? s->first : never,
		.last = changes ? s->last : never,
		.created_at = x->now / 1000 * 1000,
	};
	uuid_print(&s->job.id, id);
	trace_write(
		x, &s->trace, "calendar.notice", arena_text(x->arena, id), detail(x, s), 201);
	calendar_ask_notice(x->arena, x->writes, &s->trace.mark, &s->notice, s->form.notice,
		s->job.scope, x->now);
	job_ask_add(x->writes, &s->trace.mark, &s->job, jobs_runner(app_of(x)->jobs));
	return NULL;
}

static const struct problem *refresh(struct exchange *x)
{
	struct proclaiming *s = x->state;
	struct uuid id;
	if (!s->trace.replay && !trace_written(x, &s->trace))
		return exchange_again(x);
	if (!s->trace.replay)
		app_refresh_ask(x, &s->questions);
	else if (uuid_parse_text(s->trace.key.object, &id))
		s->found = job_ask(x->reads, x->who->scope, x->who->scopes, &id);
	return NULL;
}

/* Of a job_watch. */
static void on_job(void *arg, const struct job_row *row, enum db_result result)
{
	struct exchange *x = arg;
	struct proclaiming *s = x->state;
	(void)result; /* what broke off goes on by itself: 202 */
	s->job.finished = row->finished;
	s->job.result = arena_text(x->arena, row->result);
	exchange_resume(x);
}

static const struct problem *carry(struct exchange *x)
{
	struct proclaiming *s = x->state;
	if (s->trace.replay) {
		if (s->found == NULL || !job_row_read(s->found, 0, &s->job))
			return problem(x, PROBLEM_INTERNAL, NULL, NULL);
		return NULL;
	}
	app_refresh_take(x, &s->questions);
	exchange_park(x);
	const struct job_watch watch = { .told = on_job, .arg = x };
	jobs_begin(app_of(x)->jobs, &s->job, &watch);
	return NULL;
}

/* ---- answer ---- */

static const struct problem *failed(struct exchange *x, enum db_result result)
{
	return problem(x,
		result == DB_TIMEOUT ? PROBLEM_TIMEOUT
		: result == DB_ERROR ? PROBLEM_INTERNAL
		: result == DB_FULL  ? PROBLEM_BUSY
				     : PROBLEM_DATABASE_AWAY,
		NULL, NULL);
}

static void write_doubts(struct exchange *x, struct json_out *o, unsigned doubts)
{
	out_array(o, "warnings");
	for (int i = 0; ogi_notice_doubt_texts[i].code != NULL; i++) {
		const struct code *text = &ogi_notice_doubt_texts[i];
		if ((doubts >> i & 1u) == 0)
			continue;
		out_object(o, NULL);
		out_text(o, "code", text->code);
		out_text(o, "detail", x->english ? text->en : text->zh);
		out_object_end(o);
	}
	out_array_end(o);
}

static const struct problem *answer(struct exchange *x)
{
	struct proclaiming *s = x->state;
	bool done = s->dry_run || s->job.finished;
	char id[37];
	if (s->dry_run && s->result != DB_DONE)
		return failed(x, s->result);
	trace_replayed(x, &s->trace);
	struct json_out o = app_reply(x, s->dry_run ? 200 : done ? 201 : 202);
	out_object(&o, NULL);
	out_text(&o, "notice", s->form.notice);
	out_text(&o, "org", s->org != NULL ? s->org->code : NULL);
	out_bool(&o, "dry_run", s->dry_run);
	if (!s->dry_run) {
		uuid_print(&s->job.id, id);
		exchange_header(x, "Location", arena_print(x->arena, "/v1/jobs/%s", id));
		out_text(&o, "job", id);
		out_text(&o, "state", done ? "done" : "running");
	}
	write_doubts(x, &o, s->doubts);
	if (s->dry_run)
		report_write(&o, &s->report, app_directory(x));
	else if (done && s->job.result != NULL)
		out_members(&o, s->job.result);
	out_object_end(&o);
	return NULL;
}

step_fn *const notice_steps[] = { load, decide, refresh, carry, answer, NULL };
