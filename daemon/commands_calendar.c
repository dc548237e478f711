/* SPDX-License-Identifier: MulanPSL-2.0 */
/* commands_calendar: the working-day calendar from the command line: whole years, notices by
 * date, a year shown. */
#include "api/jobs.h"
#include "command.h"
#include "commands.h"
#include "domain/numbering.h"
#include "jobs/run.h"
#include "store/calendar.h"

#include <errno.h>
#include <event2/event.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

/* ---- files ---- */

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');
	return slash != NULL ? slash + 1 : path;
}

static bool read_file(struct errand *e, const char *path, struct calendar_file *ret_file)
{
	FILE *file = fopen(path, "re");
	if (file == NULL) {
		command_refuse(path, strerror(errno));
		return false;
	}
	bool sound = calendar_parse(e->arena, file, path, stderr, ret_file);
	fclose(file);
	return sound;
}

/* ---- load ---- */

struct load {
	struct calendar_file file;
	const char *source;
};

static void queue_calendar(
	struct errand *e, struct batch *writes, const struct audit_mark *mark, void *arg)
{
	const struct load *l = arg;
	calendar_ask_load(e->arena, writes, mark, &l->file, l->source, e->now);
}

static int calendar_load(struct errand *e, int argc, char **argv)
{
	struct load l;
	if (argc != 1)
		return MISUSED;
	l.source = base_name(argv[0]);
	if (!read_file(e, argv[0], &l.file))
		return FAILED;
	if (calendar_same(e->directory, &l.file)) {
		printf("calendar %d to %d unchanged\n", l.file.first_year, l.file.last_year);
		return DONE;
	}
	if (!errand_write(e, 0, "calendar.load", l.source, queue_calendar, &l))
		return FAILED;
	printf("calendar %d to %d loaded, %d days\n", l.file.first_year, l.file.last_year,
		l.file.days);
	return DONE;
}

/* ---- show ---- */

static int calendar_show(struct errand *e, int argc, char **argv)
{
	int64_t year;
	if (argc != 1 || !text_to_int(argv[0], &year))
		return MISUSED;
	if (year < 1900 || year > 2199 || !directory_year_loaded(e->directory, (int)year))
		return command_refuse("the year is not loaded", argv[0]);
	struct ogi_date day = ogi_date_of((int)year, 1, 1),
			last = ogi_date_of((int)year, 12, 31);
	int working = ogi_working_between(
		directory_calendar(e->directory), ogi_date_add(day, -1), last, NULL);
	for (; day.day <= last.day; day.day++) {
		const struct directory_day *ruled = directory_day(e->directory, 0, day);
		char text[11];
		if (ruled == NULL)
			continue;
		text_from_date(day, text);
		printf("%s\t%s\t%s\t%s\n", text, ruled->holiday ? "holiday" : "workday",
			ruled->name, ruled->notice);
	}
	printf("%lld: %d working days\n", (long long)year, working);
	return DONE;
}

/* ---- import ---- */

struct import {
	const struct directory_org *org; /* NULL: the whole country */
	struct ogi_notice notice;
	const char *title;
	struct job_row job;
	struct uuid runner;
	/* while the job runs */
	struct job *place;
	bool over;
	enum db_result result;
	int64_t moved, closed;
};

/* The days that are not ruled so already; in the order of the file. */
static void take_days(struct errand *e, const struct calendar_file *file, struct import *m)
{
	struct ogi_notice_day *day =
		arena_array(e->arena, struct ogi_notice_day, file->days + 1);
	int n = 0, org = m->org != NULL ? m->org->id : 0;
	for (int i = 0; i < file->days; i++) {
		const struct directory_day *new = &file->day[i];
		const struct directory_day *now = directory_day(e->directory, org, new->date);
		if (now != NULL && now->org == org &&
			now->holiday == new->holiday &&strcmp(now->name, new->name) == 0 &&
			strcmp(now->notice, new->notice) == 0)
			continue;
		day[n++] = (struct ogi_notice_day){ .date = new->date,
			.kind = new->holiday ? OGI_RULING_HOLIDAY : OGI_RULING_WORKDAY,
			.name = new->name,
			.notice = new->notice };
	}
	m->notice = (struct ogi_notice){ day, n, m->org != NULL };
	for (int i = 1; i < n; i++)
		if (strcmp(day[i].notice, day[0].notice) != 0)
			return; /* several: the file names them */
	if (n > 0)
		m->title = day[0].notice;
}

static bool sound(struct errand *e, const char *path, const struct import *m)
{
	struct ogi_notice_fault fault[100];
	int first, last;
	calendars_years(directory_calendars(e->directory), &first, &last);
	int n = ogi_notice_check(&m->notice, first, last, fault, 100);
	for (int i = 0; i < n && i < 100; i++) {
		char date[11];
		text_from_date(m->notice.day[fault[i].index].date, date);
		fprintf(stderr, "%s: %s: %s\n", path, date, fault[i].en);
	}
	return n == 0;
}

static void tell(
	const struct directory *d, const struct case_row *before, const struct case_row *after)
{
	const struct directory_org *org = directory_org(d, before->org);
	char number[24] = "-", old[11], new[11];
	if (after->c.request.serial > 0)
		ogi_number_print(after->c.request.year, after->c.request.serial, number);
	text_from_date(before->c.due_on, old);
	text_from_date(after->c.due_on, new);
	printf("%s:%s %s -> %s\n", org != NULL ? org->code : "?", number, old, new);
}

static void on_found(void *arg, const struct recompute_found *found)
{
	struct import *m = arg;
	if (found->before->c.due_on.day == found->after->c.due_on.day)
		return;
	m->moved += !ogi_case_ended(&found->after->c);
	m->closed += ogi_case_ended(&found->after->c);
	tell(m->place->directory, found->before, found->after);
}

static void on_previewed(void *arg, const struct recompute *r, enum db_result result)
{
	struct import *m = arg;
	(void)r;
	m->over = true;
	m->result = result;
}

/* Of a job_watch. */
static void on_job(void *arg, const struct job_row *row, enum db_result result)
{
	(void)row;
	on_previewed(arg, NULL, result);
}

static bool turn(struct import *m)
{
	while (!m->over && event_base_loop(m->place->base, EVLOOP_ONCE) == 0)
		;
	if (m->over && m->result == DB_DONE)
		return true;
	fprintf(stderr, "ogid: the database does not answer; run it again\n");
	return false;
}

/* What would move, line by line. */
static bool preview(struct import *m, struct arena *a, const struct calendars *with)
{
	const struct directory *d = m->place->directory;
	const struct directory_org *const *org;
	int n = directory_orgs(d, &org);
	int32_t *ids = arena_array(a, int32_t, n + 1);
	struct recompute_plan plan = { .pool = m->place->pool,
		.keys = m->place->keys,
		.directory = &m->place->directory,
		.calendars = with,
		.filter = { .first = m->job.first, .last = m->job.last },
		.org = ids,
		.found = on_found,
		.done = on_previewed,
		.arg = m };
	for (int i = 0; i < n; i++)
		if (m->org == NULL || directory_within(d, org[i]->id, m->org->id))
			ids[plan.orgs++] = org[i]->id;
	if (plan.orgs == 0)
		return true;
	m->over = false;
	recompute_begin(&plan);
	return turn(m);
}

static void queue_notice(
	struct errand *e, struct batch *writes, const struct audit_mark *mark, void *arg)
{
	struct import *m = arg;
	int32_t org = m->org != NULL ? m->org->id : 0;
	calendar_ask_notice(e->arena, writes, mark, &m->notice, m->title, org, e->now);
	job_ask_add(writes, mark, &m->job, &m->runner);
}

/* The job, told case by case. */
static bool carry(struct import *m)
{
	struct jobs *jobs = jobs_new(m->place->base, m->place->pool, m->place->keys,
		&m->place->directory, &m->runner);
	const struct job_watch watch = {
		.told = on_job, .patient = true, .found = on_found, .arg = m
	};
	m->over = false;
	jobs_begin(jobs, &m->job, &watch);
	bool done = turn(m);
	jobs_free(jobs);
	return done;
}

static void on_time(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	(void)arg;
}

/* Takes over what another process left, when its lease has run out; *ret_left is false when
 * there is nothing left. */
static bool take_over(struct import *m, struct arena *a, bool *ret_left)
{
	const struct timeval moment = { .tv_usec = 200000 };
	struct batch *b = batch_new(a);
	const struct rows *waiting = job_ask_waiting(b);
	if (!job_read(m->place, b))
		return false;
	*ret_left = rows_count(waiting) > 0;
	if (*ret_left && !job_free(waiting)) {
		event_base_once(m->place->base, -1, EV_TIMEOUT, on_time, NULL, &moment);
		event_base_loop(m->place->base, EVLOOP_ONCE);
	}
	if (!job_free(waiting))
		return true;
	b = batch_new(a);
	const struct rows *taken = job_ask_take(b, &m->runner);
	return job_write(m->place, b, 0) == DB_DONE &&
	       (!job_row_read(taken, 0, &m->job) || carry(m));
}

/* An import that was broken off is in force already: its cases are carried on with, here or by
 * whoever has them. */
static int carry_on(struct errand *e, struct import *m)
{
	struct job place;
	bool left = true,
	     there = job_open(&place, e->config->database, e->keys, stdout, stderr);
	if (!there)
		return FAILED;
	m->place = &place;
	m->runner = uuid_ordered(e->now);
	while (left && there)
		there = take_over(m, e->arena, &left);
	job_close(&place);
	if (!there)
		return FAILED;
	printf("%s: unchanged", m->title);
	if (m->moved + m->closed > 0)
		printf("; an earlier import was carried on with: %lld moved, %lld closed cases moved",
			(long long)m->moved, (long long)m->closed);
	printf("\n");
	return DONE;
}

static int import_days(struct errand *e, struct import *m, bool dry_run)
{
	const struct directory *d = e->directory;
	const struct ogi_date never = ogi_date_of(2199, 12, 31);
	int32_t org = m->org != NULL ? m->org->id : 0;
	const struct calendars *with =
		calendars_with(e->arena, directory_calendars(d), &m->notice, org, d);
	m->job = (struct job_row){ .org = org,
		.id = uuid_ordered(e->now),
		.title = m->title,
		.scope = org,
		.first = never,
		.last = never,
		.created_at = e->now / 1000 * 1000 };
	m->runner = m->job.id;
	struct ogi_date first, last;
	calendars_differ(directory_calendars(d), with, &first, &last);
	if (ogi_is_date(first)) {
		m->job.first = first;
		m->job.last = last;
	}
	unsigned doubts = ogi_notice_doubts(&m->notice, calendars_of(with, d, org));
	for (int i = 0; ogi_notice_doubt_texts[i].code != NULL; i++)
		if ((doubts >> i & 1u) != 0)
			fprintf(stderr, "ogid: %s\n", ogi_notice_doubt_texts[i].en);
	if (!dry_run && !errand_write(e, org, "calendar.notice", m->title, queue_notice, m))
		return FAILED;
	struct job place;
	if (!job_open(&place, e->config->database, e->keys, stdout, stderr))
		return FAILED;
	m->place = &place;
	bool done = dry_run ? preview(m, e->arena, with) : carry(m);
	job_close(&place);
	if (!done)
		return FAILED;
	printf("%s: %d days, %lld moved, %lld closed cases moved%s\n", m->title, m->notice.days,
		(long long)m->moved, (long long)m->closed,
		dry_run ? " (dry run, nothing written)" : "");
	return DONE;
}

static int calendar_import(struct errand *e, int argc, char **argv)
{
	const char *path, *code = NULL, *dry_run = NULL;
	const struct command_option options[] = {
		{ "org", false, &code },
		{ "dry-run", true, &dry_run },
		{ NULL, false, NULL },
	};
	struct calendar_file file;
	struct import m = { 0 };
	if (!command_args(argc, argv, options, 1, &path))
		return MISUSED;
	m.org = code != NULL ? directory_org_by_code(e->directory, code) : NULL;
	if (code != NULL && m.org == NULL)
		return command_refuse("there is no such organisation", code);
	m.title = base_name(path);
	if (!read_file(e, path, &file))
		return FAILED;
	take_days(e, &file, &m);
	if (!sound(e, path, &m))
		return FAILED;
	if (m.notice.days > 0)
		return import_days(e, &m, dry_run != NULL);
	return carry_on(e, &m);
}

int command_calendar(const struct config *config, struct keys *keys, int argc, char **argv)
{
	static const struct command_deed deeds[] = { { "import", calendar_import },
		{ "load", calendar_load }, { "show", calendar_show }, { NULL, NULL } };
	return command_run(deeds, config, keys, argc, argv);
}
