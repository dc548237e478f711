/* SPDX-License-Identifier: MulanPSL-2.0 */
/* store/calendar: tables calendar_day, calendar_local_day, calendar_year, calendar_load. */
#include "store/calendar.h"
#include "store/statements.h"
#include "store/user.h"

#include <stdlib.h>
#include <string.h>

enum { LINE_BYTES = 1024, DAYS_MOST = 20000 };

const struct stmt calendar_clear = { "calendar_clear",
	"DELETE FROM calendar_day WHERE date >= $4 AND date <= $5 AND" AUDIT_GATE, 5 };
const struct stmt calendar_fill = { "calendar_fill",
	"INSERT INTO calendar_day (date, kind, name, notice)"
	" SELECT d.date, d.kind, d.name, d.notice"
	" FROM unnest($4::date[], $5::text[], $6::text[], $7::text[]) d (date, kind, name, notice)"
	" WHERE" AUDIT_GATE,
	7 };
const struct stmt calendar_years = { "calendar_years",
	"INSERT INTO calendar_year (year) SELECT y FROM generate_series($4::integer, $5::integer) y"
	" WHERE" AUDIT_GATE " ON CONFLICT DO NOTHING",
	5 };
const struct stmt calendar_version = { "calendar_version",
	"INSERT INTO calendar_load (loaded_at, source, rows, org_id) SELECT $4::timestamptz, $5,"
	" $6::integer, NULLIF($7::integer, 0) WHERE" AUDIT_GATE " RETURNING version",
	7 };
const struct stmt calendar_unrule = { "calendar_unrule",
	"DELETE FROM calendar_day WHERE date = ANY($4::date[]) AND" AUDIT_GATE, 4 };
const struct stmt calendar_open = { "calendar_open",
	"INSERT INTO calendar_year (year) SELECT DISTINCT extract(year FROM d)::integer"
	" FROM unnest($4::date[]) d WHERE" AUDIT_GATE " ON CONFLICT DO NOTHING",
	4 };
const struct stmt calendar_local_unrule = { "calendar_local_unrule",
	"DELETE FROM calendar_local_day WHERE org_id = $4 AND date = ANY($5::date[]) AND" AUDIT_GATE,
	5 };
const struct stmt calendar_local_fill = { "calendar_local_fill",
	"INSERT INTO calendar_local_day (org_id, date, kind, name, notice)"
	" SELECT $8::integer, d.date, d.kind, d.name, d.notice"
	" FROM unnest($4::date[], $5::text[], $6::text[], $7::text[]) d (date, kind, name, notice)"
	" WHERE" AUDIT_GATE,
	8 };

struct reading {
	struct arena *arena;
	const char *name;
	FILE *err;
	int line, faults;
	struct directory_day *day;
	int days, room;
};

static void fault(struct reading *r, const char *what, const char *value)
{
	fprintf(r->err, "%s:%d: %s%s%s\n", r->name, r->line, what, value != NULL ? ": " : "",
		value != NULL ? value : "");
	r->faults++;
}

/* Cuts the line into exactly four cells in place. */
static bool cut(char *line, char *cell[4])
{
	for (int i = 0; i < 4; i++) {
		cell[i] = line;
		char *comma = strchr(line, ',');
		if ((comma == NULL) != (i == 3))
			return false;
		if (comma == NULL)
			return true;
		*comma = '\0';
		line = comma + 1;
	}
	return false;
}

static void take_day(struct reading *r, char *cell[4])
{
	struct directory_day day = { 0 };
	if (!text_to_date(cell[0], &day.date)) {
		fault(r, "no such date", cell[0]);
		return;
	}
	if (strcmp(cell[1], "holiday") != 0 && strcmp(cell[1], "workday") != 0) {
		fault(r, "kind is neither holiday nor workday", cell[1]);
		return;
	}
	day.holiday = cell[1][0] == 'h';
	if (!day.holiday && ogi_weekday(day.date) <= 5)
		fault(r, "a workday row is for a Saturday or Sunday", cell[0]);
	if (text_fault(cell[2], strlen(cell[2]), 1, 100, 0) != NULL ||
		text_fault(cell[3], strlen(cell[3]), 1, 100, 0) != NULL)
		fault(r, "name and notice are texts of 1 to 100 characters", cell[0]);
	if (r->days > 0 && r->day[r->days - 1].date.day >= day.date.day)
		fault(r,
			r->day[r->days - 1].date.day == day.date.day
				? "the date stands here twice"
				: "the dates are not in order",
			cell[0]);
	else if (r->days > 0 &&
		 ogi_date_year(day.date) > ogi_date_year(r->day[r->days - 1].date) + 1)
		fault(r, "a year without any day lies before", cell[0]);
	day.name = arena_text(r->arena, cell[2]);
	day.notice = arena_text(r->arena, cell[3]);
	if (r->days == r->room) {
		fault(r, "too many days", NULL);
		return;
	}
	r->day[r->days++] = day;
}

bool calendar_parse(struct arena *a, FILE *file, const char *name, FILE *err,
	struct calendar_file *ret_file)
{
	char line[LINE_BYTES];
	struct reading r = { .arena = a, .name = name, .err = err, .room = DAYS_MOST };
	r.day = arena_array(a, struct directory_day, r.room);
	while (fgets(line, sizeof line, file) != NULL) {
		char *cell[4];
		r.line++;
		size_t n = strlen(line);
		if (n == sizeof line - 1 && line[n - 1] != '\n') {
			fault(&r, "the line is too long", NULL);
			break;
		}
		while (n > 0 && (line[n - 1] == '\n' || line[n - 1] == '\r'))
			line[--n] = '\0';
		if (r.line == 1 && strcmp(line, "date,kind,name,notice") != 0)
			fault(&r, "the first line must be date,kind,name,notice", NULL);
		else if (r.line > 1 && !cut(line, cell))
			fault(&r, "a line has four cells: date,kind,name,notice", NULL);
		else if (r.line > 1)
			take_day(&r, cell);
	}
	if (ferror(file))
		fault(&r, "cannot be read", NULL);
	else if (r.days == 0 && r.faults == 0)
		fault(&r, "holds no day", NULL);
	if (r.faults > 0)
		return false;
	*ret_file = (struct calendar_file){ r.day, r.days, ogi_date_year(r.day[0].date),
		ogi_date_year(r.day[r.days - 1].date) };
	return true;
}

bool calendar_same(const struct directory *d, const struct calendar_file *file)
{
	int at = 0;
	for (int year = file->first_year; year <= file->last_year; year++)
		if (!directory_year_loaded(d, year))
			return false;
	struct ogi_date end = ogi_date_of(file->last_year, 12, 31);
	for (struct ogi_date day = ogi_date_of(file->first_year, 1, 1); day.day <= end.day;
		day.day++) {
		const struct directory_day *now = directory_day(d, 0, day);
		const struct directory_day *new =
			at < file->days && file->day[at].date.day == day.day ? &file->day[at++]
									     : NULL;
		if (now == NULL || new == NULL) {
			if (now != new)
				return false;
		} else if (now->holiday != new->holiday || strcmp(now->name, new->name) != 0 ||
			   strcmp(now->notice, new->notice) != 0) {
			return false;
		}
	}
	return true;
}

/* Days of a notice or a file as four lists; $4..$7 of the statements that fill. */
struct day_lists {
	struct ogi_date *date;
	const char **kind, **name, **notice;
	int count;
};

static struct day_lists make_lists(struct arena *a, int most)
{
	return (struct day_lists){
		.date = arena_array(a, struct ogi_date, most + 1),
		.kind = arena_array(a, const char *, most + 1),
		.name = arena_array(a, const char *, most + 1),
		.notice = arena_array(a, const char *, most + 1),
	};
}

static void list_day(struct day_lists *l, struct ogi_date date, bool holiday, const char *name,
	const char *notice)
{
	l->date[l->count] = date;
	l->kind[l->count] = holiday ? "holiday" : "workday";
	l->name[l->count] = name;
	l->notice[l->count++] = notice;
}

static void bind_lists(struct bind *v, const struct day_lists *l)
{
	bind_dates(v, l->date, l->count);
	bind_texts(v, l->kind, l->count);
	bind_texts(v, l->name, l->count);
	bind_texts(v, l->notice, l->count);
}

static const struct rows *ask_version(struct batch *writes, const struct audit_mark *gate,
	const char *source, int days, int32_t org, int64_t now)
{
	struct bind *v = batch_bind(writes);
	audit_gate(v, gate);
	bind_instant(v, now);
	bind_text(v, source);
	bind_int(v, days);
	bind_int(v, org);
	const struct rows *loaded = batch_ask(writes, &calendar_version, v);
	reference_ask_notify(writes);
	return loaded;
}

const struct rows *calendar_ask_load(struct arena *a, struct batch *writes,
	const struct audit_mark *gate, const struct calendar_file *file, const char *source,
	int64_t now)
{
	struct bind *clear = batch_bind(writes);
	audit_gate(clear, gate);
	bind_date(clear, ogi_date_of(file->first_year, 1, 1));
	bind_date(clear, ogi_date_of(file->last_year, 12, 31));
	batch_ask(writes, &calendar_clear, clear);

	struct day_lists l = make_lists(a, file->days);
	for (int i = 0; i < file->days; i++)
		list_day(&l, file->day[i].date, file->day[i].holiday, file->day[i].name,
			file->day[i].notice);
	struct bind *fill = batch_bind(writes);
	audit_gate(fill, gate);
	bind_lists(fill, &l);
	batch_ask(writes, &calendar_fill, fill);

	struct bind *years = batch_bind(writes);
	audit_gate(years, gate);
	bind_int(years, file->first_year);
	bind_int(years, file->last_year);
	batch_ask(writes, &calendar_years, years);
	return ask_version(writes, gate, source, file->days, 0, now);
}

/* ---- a notice, by date ---- */

static void ask_national(
	struct batch *writes, const struct audit_mark *gate, const struct day_lists *ruled)
{
	struct bind *fill = batch_bind(writes);
	audit_gate(fill, gate);
	bind_lists(fill, ruled);
	batch_ask(writes, &calendar_fill, fill);
	struct bind *open = batch_bind(writes);
	audit_gate(open, gate);
	bind_dates(open, ruled->date, ruled->count);
	batch_ask(writes, &calendar_open, open);
}

static void ask_local(struct batch *writes, const struct audit_mark *gate,
	const struct day_lists *ruled, int32_t org)
{
	struct bind *fill = batch_bind(writes);
	audit_gate(fill, gate);
	bind_lists(fill, ruled);
	bind_int(fill, org);
	batch_ask(writes, &calendar_local_fill, fill);
}

const struct rows *calendar_ask_notice(struct arena *a, struct batch *writes,
	const struct audit_mark *gate, const struct ogi_notice *notice, const char *title,
	int32_t org, int64_t now)
{
	struct day_lists all = make_lists(a, notice->days), ruled = make_lists(a, notice->days);
	for (int i = 0; i < notice->days; i++) {
		const struct ogi_notice_day *day = &notice->day[i];
		bool holiday = day->kind == OGI_RULING_HOLIDAY;
		list_day(&all, day->date, holiday, day->name, day->notice);
		if (day->kind != OGI_RULING_ORDINARY)
			list_day(&ruled, day->date, holiday, day->name, day->notice);
	}
	struct bind *unrule = batch_bind(writes);
	audit_gate(unrule, gate);
	if (org != 0)
		bind_int(unrule, org);
	bind_dates(unrule, all.date, all.count);
	batch_ask(writes, org != 0 ? &calendar_local_unrule : &calendar_unrule, unrule);
	if (org != 0)
		ask_local(writes, gate, &ruled, org);
	else
		ask_national(writes, gate, &ruled);
	return ask_version(writes, gate, title, notice->days, org, now);
}
