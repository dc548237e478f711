/* SPDX-License-Identifier: MulanPSL-2.0 */
/* store/calendars: local days laid over the national ones, from the top of the tree down. */
#include "store/calendars.h"

#include "store/directory.h"

#include <stdlib.h>
#include <string.h>

struct overlay {
	int32_t org;
	struct ogi_calendar calendar;
};

struct calendars {
	struct calendar_facts facts;
	int first, last; /* the newest run of years; 0: none */
	struct ogi_calendar national;
	struct overlay *overlay; /* of organisations with local days, by id */
	int overlays;
};

/* ---- building ---- */

static int compare_dates(const void *a, const void *b)
{
	const struct ogi_calendar_row *x = a, *y = b;
	return (x->date.day > y->date.day) - (x->date.day < y->date.day);
}

/* Puts a day over the rows that stand there; returns the new count. */
static int lay(struct ogi_calendar_row *row, int rows, const struct directory_day *day)
{
	for (int i = 0; i < rows; i++)
		if (row[i].date.day == day->date.day) {
			row[i].holiday = day->holiday;
			return rows;
		}
	row[rows] = (struct ogi_calendar_row){ day->date, day->holiday };
	return rows + 1;
}

static int lay_locals(const struct calendars *c, int32_t org, struct ogi_calendar_row *row,
	int rows, const struct directory *d)
{
	const struct directory_org *o = directory_org(d, org);
	if (o == NULL)
		return rows;
	if (o->parent != 0)
		rows = lay_locals(c, o->parent, row, rows, d);
	for (int i = 0; i < c->facts.locals; i++)
		if (c->facts.local[i].org == org)
			rows = lay(row, rows, &c->facts.local[i]);
	return rows;
}

/* The calendar of an organisation, 0: the national one. */
static struct ogi_calendar build_one(
	struct arena *a, const struct calendars *c, int32_t org, const struct directory *d)
{
	struct ogi_calendar made = { .version = c->facts.version };
	if (c->first == 0)
		return made;
	int room = c->facts.days + c->facts.locals, rows = 0;
	struct ogi_calendar_row *row = arena_array(a, struct ogi_calendar_row, room + 1);
	for (int i = 0; i < c->facts.days; i++)
		row[rows++] = (struct ogi_calendar_row){ c->facts.day[i].date,
			c->facts.day[i].holiday };
	if (org != 0)
		rows = lay_locals(c, org, row, rows, d);
	int kept = 0, bad;
	for (int i = 0; i < rows; i++) {
		int year = ogi_date_year(row[i].date);
		if (year >= c->first && year <= c->last)
			row[kept++] = row[i];
	}
	qsort(row, (size_t)kept, sizeof *row, compare_dates);
	void *memory = arena_alloc(a, ogi_calendar_bytes(c->first, c->last));
	if (!ogi_calendar_build(
		    &made, memory, c->first, c->last, row, kept, c->facts.version, &bad))
		made = (struct ogi_calendar){ .version = c->facts.version };
	return made;
}

struct calendars *calendars_build(
	struct arena *a, const struct calendar_facts *facts, const struct directory *d)
{
	struct calendars *c = arena_make(a, struct calendars);
	c->facts = *facts;
	if (facts->years > 0)
		c->first = c->last = facts->year[facts->years - 1];
	for (int i = facts->years - 1; i > 0 && facts->year[i - 1] == c->first - 1; i--)
		c->first--;
	c->national = build_one(a, c, 0, d);
	c->overlay = arena_array(a, struct overlay, facts->locals + 1);
	for (int i = 0; i < facts->locals; i++) {
		int32_t org = facts->local[i].org;
		if (i > 0 && facts->local[i - 1].org == org)
			continue;
		c->overlay[c->overlays++] = (struct overlay){ org, build_one(a, c, org, d) };
	}
	return c;
}

/* ---- with a notice ---- */

static int compare_days(const void *a, const void *b)
{
	const struct directory_day *x = a, *y = b;
	if (x->org != y->org)
		return x->org < y->org ? -1 : 1;
	return (x->date.day > y->date.day) - (x->date.day < y->date.day);
}

/* `list` without what the notice rules on at this level, and with its days. */
static int overrule(struct arena *a, const struct directory_day *list, int count,
	const struct ogi_notice *notice, int32_t org, const struct directory_day **ret_list)
{
	struct directory_day *made =
		arena_array(a, struct directory_day, count + notice->days + 1);
	int n = 0;
	for (int i = 0; i < count; i++) {
		bool ruled = false;
		for (int k = 0; k < notice->days && list[i].org == org; k++)
			ruled = ruled || notice->day[k].date.day == list[i].date.day;
		if (!ruled)
			made[n++] = list[i];
	}
	for (int k = 0; k < notice->days; k++) {
		const struct ogi_notice_day *day = &notice->day[k];
		if (day->kind != OGI_RULING_ORDINARY)
			made[n++] = (struct directory_day){ day->date,
				day->kind == OGI_RULING_HOLIDAY, day->name, day->notice, org };
	}
	qsort(made, (size_t)n, sizeof *made, compare_days);
	*ret_list = made;
	return n;
}

static void open_years(
	struct arena *a, struct calendar_facts *facts, const struct ogi_notice *notice)
{
	int *year = arena_array(a, int, facts->years + notice->days + 1), n = 0;
	for (int y = 1900; y < 2200; y++) {
		bool loaded = false;
		for (int i = 0; i < facts->years; i++)
			loaded = loaded || facts->year[i] == y;
		for (int k = 0; k < notice->days && !loaded; k++)
			loaded = notice->day[k].kind != OGI_RULING_ORDINARY &&
				 ogi_date_year(notice->day[k].date) == y;
		if (loaded)
			year[n++] = y;
	}
	facts->year = year;
	facts->years = n;
}

struct calendars *calendars_with(struct arena *a, const struct calendars *now,
	const struct ogi_notice *notice, int32_t org, const struct directory *d)
{
	struct calendar_facts facts = now->facts;
	if (org == 0) {
		facts.days =
			overrule(a, now->facts.day, now->facts.days, notice, 0, &facts.day);
		open_years(a, &facts, notice);
	} else {
		facts.locals = overrule(
			a, now->facts.local, now->facts.locals, notice, org, &facts.local);
	}
	return calendars_build(a, &facts, d);
}

/* ---- asking ---- */

static const struct overlay *overlay_of(const struct calendars *c, int32_t org)
{
	for (int i = 0; i < c->overlays; i++)
		if (c->overlay[i].org == org)
			return &c->overlay[i];
	return NULL;
}

const struct ogi_calendar *calendars_of(
	const struct calendars *c, const struct directory *d, int32_t org)
{
	if (c->overlays == 0)
		return &c->national;
	for (const struct directory_org *o = directory_org(d, org); o != NULL;
		o = directory_org(d, o->parent)) {
		const struct overlay *found = overlay_of(c, o->id);
		if (found != NULL)
			return &found->calendar;
	}
	return &c->national;
}

static const struct directory_day *find(
	const struct directory_day *list, int count, int32_t org, struct ogi_date date)
{
	const struct directory_day key = { .date = date, .org = org };
	return count > 0 ? bsearch(&key, list, (size_t)count, sizeof *list, compare_days)
			 : NULL;
}

const struct directory_day *calendars_day(
	const struct calendars *c, const struct directory *d, int32_t org, struct ogi_date date)
{
	const struct directory_org *o = c->overlays > 0 ? directory_org(d, org) : NULL;
	for (; o != NULL; o = directory_org(d, o->parent)) {
		const struct directory_day *day =
			find(c->facts.local, c->facts.locals, o->id, date);
		if (day != NULL)
			return day;
	}
	return find(c->facts.day, c->facts.days, 0, date);
}

bool calendars_year(const struct calendars *c, int year)
{
	for (int i = 0; i < c->facts.years; i++)
		if (c->facts.year[i] == year)
			return true;
	return false;
}

void calendars_years(const struct calendars *c, int *ret_first, int *ret_last)
{
	*ret_first = c->first;
	*ret_last = c->last;
}

static void span(const struct ogi_calendar *x, const struct ogi_calendar *y,
	struct ogi_date *first, struct ogi_date *last)
{
	int from = x->first.day, to = x->last.day;
	if (from == 0 || (y->first.day != 0 && y->first.day < from))
		from = y->first.day;
	if (y->last.day > to)
		to = y->last.day;
	for (int day = from; day != 0 && day <= to; day++) {
		struct ogi_date date = { day };
		if (ogi_day_kind(x, date) == ogi_day_kind(y, date))
			continue;
		if (!ogi_is_date(*first) || day < first->day)
			first->day = day;
		if (day > last->day)
			last->day = day;
	}
}

void calendars_differ(const struct calendars *x, const struct calendars *y,
	struct ogi_date *ret_first, struct ogi_date *ret_last)
{
	*ret_first = *ret_last = (struct ogi_date){ 0 };
	span(&x->national, &y->national, ret_first, ret_last);
	for (int i = 0; i < x->overlays; i++) {
		const struct overlay *other = overlay_of(y, x->overlay[i].org);
		span(&x->overlay[i].calendar, other != NULL ? &other->calendar : &y->national,
			ret_first, ret_last);
	}
	for (int i = 0; i < y->overlays; i++)
		if (overlay_of(x, y->overlay[i].org) == NULL)
			span(&x->national, &y->overlay[i].calendar, ret_first, ret_last);
}
