/* SPDX-License-Identifier: MulanPSL-2.0 */
/* store/directory: the snapshot lives in one arena; look-ups are binary searches over sorted
 * arrays. */
#include "store/directory.h"
#include "store/statements.h"

#include <stdlib.h>
#include <string.h>

struct directory {
	struct arena *arena;
	int holders;
	struct directory_org *org; /* by id */
	const struct directory_org **org_by_code;
	const struct directory_org **org_by_lo;
	struct directory_user *user; /* by id */
	const struct directory_user **user_by_login;
	struct directory_setting *setting; /* by org, name, newest first */
	int orgs, users, settings;
	struct calendars *calendars;
	struct directory_night night;
};

const struct stmt directory_stmt_orgs = { "directory_orgs",
	"SELECT id, coalesce(parent_id, 0) AS parent, lo, hi, code, name, number_format"
	" FROM org ORDER BY id",
	0 };
const struct stmt directory_stmt_users = { "directory_users",
	"SELECT u.id, u.org_id, u.login, u.name, u.email, u.disabled_at IS NOT NULL AS disabled, u.created_at,"
	" array_remove(array_agg(r.role), NULL) AS roles"
	" FROM app_user u LEFT JOIN user_role r ON r.user_id = u.id AND r.org_id = u.org_id"
	" GROUP BY u.id ORDER BY u.id",
	0 };
const struct stmt directory_stmt_years = { "directory_years",
	"SELECT year FROM calendar_year ORDER BY year", 0 };
const struct stmt directory_stmt_days = { "directory_days",
	"SELECT date, kind = 'holiday' AS holiday, name, notice FROM calendar_day ORDER BY date",
	0 };
const struct stmt directory_stmt_locals = { "directory_locals",
	"SELECT org_id, date, kind = 'holiday' AS holiday, name, notice FROM calendar_local_day"
	" ORDER BY org_id, date",
	0 };
const struct stmt directory_stmt_version = { "directory_version",
	"SELECT coalesce(max(version), 0) AS version FROM calendar_load", 0 };
const struct stmt directory_stmt_settings = { "directory_settings",
	"SELECT org_id, name, valid_from, value, seq, set_at, coalesce(set_by, 0) AS set_by"
	" FROM setting ORDER BY org_id, name, valid_from DESC, seq DESC",
	0 };

const struct stmt directory_stmt_night = { "directory_night",
	"SELECT o.since, coalesce(r.id, 0) AS id, r.started_at, r.ended_at, r.failed, r.findings,"
	" r.undelivered"
	" FROM (SELECT min(created_at) AS since FROM org) o LEFT JOIN (SELECT id, started_at, ended_at,"
	" failed, findings, undelivered FROM nightly_run WHERE ended_at IS NOT NULL ORDER BY id DESC LIMIT 1) r ON true",
	0 };

void directory_ask(struct batch *b, struct directory_questions *ret_questions)
{
	/* Each is answered as of its own instant. With its version asked first, days that
	 * change meanwhile pass for the older calendar, and what is judged by them is judged
	 * again. */
	const struct rows *version = batch_ask(b, &directory_stmt_version, NULL);
	*ret_questions = (struct directory_questions){
		.version = version,
		.orgs = batch_ask(b, &directory_stmt_orgs, NULL),
		.users = batch_ask(b, &directory_stmt_users, NULL),
		.years = batch_ask(b, &directory_stmt_years, NULL),
		.days = batch_ask(b, &directory_stmt_days, NULL),
		.locals = batch_ask(b, &directory_stmt_locals, NULL),
		.settings = batch_ask(b, &directory_stmt_settings, NULL),
		.night = batch_ask(b, &directory_stmt_night, NULL),
	};
}

static int by_code(const void *a, const void *b)
{
	const struct directory_org *const *x = a, *const *y = b;
	return strcmp((*x)->code, (*y)->code);
}

static int by_lo(const void *a, const void *b)
{
	const struct directory_org *const *x = a, *const *y = b;
	return ((*x)->lo > (*y)->lo) - ((*x)->lo < (*y)->lo);
}

static int by_login(const void *a, const void *b)
{
	const struct directory_user *const *x = a, *const *y = b;
	return strcmp((*x)->login, (*y)->login);
}

static const char *copy(struct directory *d, const struct rows *r, int row, int col)
{
	return arena_text(d->arena, rows_text(r, row, col));
}

static void take_orgs(struct directory *d, const struct rows *r)
{
	int id = rows_col(r, "id"), parent = rows_col(r, "parent"), lo = rows_col(r, "lo"),
	    hi = rows_col(r, "hi"), code = rows_col(r, "code"), name = rows_col(r, "name"),
	    format = rows_col(r, "number_format");

	d->orgs = rows_count(r);
	d->org = arena_array(d->arena, struct directory_org, d->orgs);
	d->org_by_code = arena_array(d->arena, const struct directory_org *, d->orgs);
	d->org_by_lo = arena_array(d->arena, const struct directory_org *, d->orgs);
	for (int i = 0; i < d->orgs; i++) {
		d->org[i] = (struct directory_org){
			.id = rows_int(r, i, id),
			.parent = rows_int(r, i, parent),
			.lo = rows_int(r, i, lo),
			.hi = rows_int(r, i, hi),
			.code = copy(d, r, i, code),
			.name = copy(d, r, i, name),
			.number_format = copy(d, r, i, format),
		};
		d->org_by_code[i] = d->org_by_lo[i] = &d->org[i];
	}
	qsort(d->org_by_code, (size_t)d->orgs, sizeof(const struct directory_org *), by_code);
	qsort(d->org_by_lo, (size_t)d->orgs, sizeof(const struct directory_org *), by_lo);
}

static void take_users(struct directory *d, const struct rows *r)
{
	int id = rows_col(r, "id"), org = rows_col(r, "org_id"), login = rows_col(r, "login"),
	    name = rows_col(r, "name"), disabled = rows_col(r, "disabled"),
	    created = rows_col(r, "created_at"), roles = rows_col(r, "roles"),
	    email = rows_col(r, "email");

	d->users = rows_count(r);
	d->user = arena_array(d->arena, struct directory_user, d->users);
	d->user_by_login = arena_array(d->arena, const struct directory_user *, d->users);
	for (int i = 0; i < d->users; i++) {
		struct directory_user *u = &d->user[i];
		*u = (struct directory_user){
			.id = rows_int(r, i, id),
			.org = rows_int(r, i, org),
			.login = copy(d, r, i, login),
			.name = copy(d, r, i, name),
			.email = copy(d, r, i, email),
			.disabled = rows_bool(r, i, disabled),
			.created_at = rows_instant(r, i, created),
		};
		const char *const *codes;
		int n = rows_texts(r, i, roles, d->arena, &codes);
		for (int k = 0; k < n; k++)
			u->roles |= ogi_role_find(codes[k]);
		d->user_by_login[i] = u;
	}
	qsort(d->user_by_login, (size_t)d->users, sizeof(const struct directory_user *),
		by_login);
}

/* `org` is the column that says whose day it is, -1: the whole country's. */
static int read_days(struct directory *d, const struct rows *r, int org,
	const struct directory_day **ret_days)
{
	int date = rows_col(r, "date"), holiday = rows_col(r, "holiday"),
	    name = rows_col(r, "name"), notice = rows_col(r, "notice");
	struct directory_day *day = arena_array(d->arena, struct directory_day, rows_count(r));
	for (int i = 0; i < rows_count(r); i++)
		day[i] = (struct directory_day){
			.date = rows_date(r, i, date),
			.holiday = rows_bool(r, i, holiday),
			.name = copy(d, r, i, name),
			.notice = copy(d, r, i, notice),
			.org = org >= 0 ? rows_int(r, i, org) : 0,
		};
	*ret_days = day;
	return rows_count(r);
}

static void take_calendars(struct directory *d, const struct directory_questions *q)
{
	struct calendar_facts facts = {
		.years = rows_count(q->years),
		.version = rows_int64(q->version, 0, rows_col(q->version, "version")),
	};
	int *year = arena_array(d->arena, int, facts.years);
	for (int i = 0; i < facts.years; i++)
		year[i] = rows_int(q->years, i, rows_col(q->years, "year"));
	facts.year = year;
	facts.days = read_days(d, q->days, -1, &facts.day);
	facts.locals = read_days(d, q->locals, rows_col(q->locals, "org_id"), &facts.local);
	d->calendars = calendars_build(d->arena, &facts, d);
}

static void take_settings(struct directory *d, const struct rows *r)
{
	int org = rows_col(r, "org_id"), name = rows_col(r, "name"),
	    from = rows_col(r, "valid_from"), value = rows_col(r, "value"),
	    seq = rows_col(r, "seq"), at = rows_col(r, "set_at"), by = rows_col(r, "set_by");
	d->settings = rows_count(r);
	d->setting = arena_array(d->arena, struct directory_setting, d->settings);
	for (int i = 0; i < d->settings; i++)
		d->setting[i] = (struct directory_setting){
			.org = rows_int(r, i, org),
			.seq = rows_int(r, i, seq),
			.by = rows_int(r, i, by),
			.name = copy(d, r, i, name),
			.valid_from = rows_date(r, i, from),
			.value = copy(d, r, i, value),
			.at = rows_instant(r, i, at),
		};
}

struct directory *directory_build(const struct directory_questions *q)
{
	struct arena *arena = arena_new();
	struct directory *d = arena_make(arena, struct directory);
	d->arena = arena;
	d->holders = 1;
	take_orgs(d, q->orgs);
	take_users(d, q->users);
	take_settings(d, q->settings);
	take_calendars(d, q);
	d->night = (struct directory_night){
		.since = rows_instant(q->night, 0, 0),
		.id = rows_int64(q->night, 0, 1),
		.started_at = rows_instant(q->night, 0, 2),
		.ended_at = rows_instant(q->night, 0, 3),
		.failed = rows_int(q->night, 0, 4),
		.findings = rows_int64(q->night, 0, 5),
		.undelivered = rows_int64(q->night, 0, 6),
	};
	return d;
}

struct directory *directory_hold(struct directory *d)
{
	d->holders++;
	return d;
}

void directory_release(void *directory)
{
	struct directory *d = directory;
	if (d != NULL && --d->holders == 0)
		arena_free(d->arena);
}

const struct directory_night *directory_night(const struct directory *d)
{
	return &d->night;
}

bool directory_night_late(const struct directory *d, int64_t now)
{
	const int64_t patience = INT64_C(26) * 3600 * 1000000;
	int64_t last = d->night.id > 0 ? d->night.ended_at : d->night.since;
	return last > 0 && now - last > patience;
}

static int compare_org_id(const void *key, const void *item)
{
	int32_t a = *(const int32_t *)key, b = ((const struct directory_org *)item)->id;
	return (a > b) - (a < b);
}

const struct directory_org *directory_org(const struct directory *d, int32_t id)
{
	if (d->orgs == 0)
		return NULL;
	return bsearch(&id, d->org, (size_t)d->orgs, sizeof *d->org, compare_org_id);
}

static int compare_code(const void *key, const void *item)
{
	return strcmp(key, (*(const struct directory_org *const *)item)->code);
}

const struct directory_org *directory_org_by_code(const struct directory *d, const char *code)
{
	if (d->orgs == 0)
		return NULL;
	const struct directory_org *const *found = bsearch(code, d->org_by_code,
		(size_t)d->orgs, sizeof(const struct directory_org *), compare_code);
	return found != NULL ? *found : NULL;
}

static int compare_login(const void *key, const void *item)
{
	return strcmp(key, (*(const struct directory_user *const *)item)->login);
}

const struct directory_user *directory_user(const struct directory *d, const char *login)
{
	if (d->users == 0)
		return NULL;
	const struct directory_user *const *found = bsearch(login, d->user_by_login,
		(size_t)d->users, sizeof(const struct directory_user *), compare_login);
	return found != NULL ? *found : NULL;
}

static int compare_user_id(const void *key, const void *item)
{
	int32_t a = *(const int32_t *)key, b = ((const struct directory_user *)item)->id;
	return (a > b) - (a < b);
}

const struct directory_user *directory_user_by_id(const struct directory *d, int32_t id)
{
	if (d->users == 0)
		return NULL;
	return bsearch(&id, d->user, (size_t)d->users, sizeof *d->user, compare_user_id);
}

int directory_orgs(const struct directory *d, const struct directory_org *const **ret_orgs)
{
	*ret_orgs = d->org_by_code;
	return d->orgs;
}

int directory_users(const struct directory *d, const struct directory_user *const **ret_users)
{
	*ret_users = d->user_by_login;
	return d->users;
}

bool directory_within(const struct directory *d, int32_t org, int32_t ancestor)
{
	const struct directory_org *o = directory_org(d, org),
				   *above = directory_org(d, ancestor);
	return o != NULL && above != NULL && above->lo <= o->lo && o->hi <= above->hi;
}

int directory_subtree(
	const struct directory *d, int32_t org, struct arena *a, const int32_t **ret_ids)
{
	const struct directory_org *own = directory_org(d, org);
	if (own == NULL)
		return 0;
	int first = 0, n = 0;
	while (d->org_by_lo[first]->lo < own->lo)
		first++;
	for (int i = first; i < d->orgs && d->org_by_lo[i]->lo <= own->hi; i++)
		n++;
	int32_t *ids = arena_array(a, int32_t, n + 1);
	ids[0] = own->id;
	n = 1;
	for (int i = first; i < d->orgs && d->org_by_lo[i]->lo <= own->hi; i++)
		if (d->org_by_lo[i] != own)
			ids[n++] = d->org_by_lo[i]->id;
	*ret_ids = ids;
	return n;
}

const struct calendars *directory_calendars(const struct directory *d)
{
	return d->calendars;
}

const struct ogi_calendar *directory_calendar(const struct directory *d)
{
	return calendars_of(d->calendars, d, 0);
}

const struct ogi_calendar *directory_calendar_of(const struct directory *d, int32_t org)
{
	return calendars_of(d->calendars, d, org);
}

const struct directory_day *directory_day(
	const struct directory *d, int32_t org, struct ogi_date date)
{
	return calendars_day(d->calendars, d, org, date);
}

bool directory_year_loaded(const struct directory *d, int year)
{
	return calendars_year(d->calendars, year);
}

bool directory_year_missing(const struct directory *d, struct ogi_date today)
{
	int year, month, day;
	ogi_date_split(today, &year, &month, &day);
	return month == 12 && !directory_year_loaded(d, year + 1);
}

int directory_settings(const struct directory *d, const struct directory_setting **ret_settings)
{
	*ret_settings = d->setting;
	return d->settings;
}

void directory_rules(const struct directory *d, int32_t org, struct ogi_date today,
	struct ogi_rules *ret_rules)
{
	*ret_rules = (struct ogi_rules){
		.calendar = directory_calendar_of(d, org),
		.today = today,
		.transition = ogi_setting_rows[OGI_SET_TRANSITION].preset,
		.r2008_correction = ogi_setting_rows[OGI_SET_R2008_CORRECTION].preset,
		.correction_days = ogi_setting_rows[OGI_SET_CORRECTION_DAYS].preset,
		.payment_days = ogi_setting_rows[OGI_SET_PAYMENT_DAYS].preset,
	};
}
