/* SPDX-License-Identifier: MulanPSL-2.0 */
/* jobs/check: what must hold before anybody is served. */
#include "jobs/check.h"

#include "base/clock.h"
#include "store/check.h"

#include <string.h>

struct checking {
	struct job *j;
	int failed, warned;
};

static void say(
	struct checking *c, bool holds, bool warning, const char *what, const char *detail)
{
	const char *word = holds ? "ok" : warning ? "warning" : "FAILED";
	fprintf(c->j->out, "%-8s %s: %s\n", word, what, detail);
	c->failed += !holds && !warning;
	c->warned += !holds && warning;
}

/* Known deadlines: receipt, working days, excluded interval, due. */
/* clang-format off */
static const struct known {
	const char *received;
	int days;
	const char *from, *to, *due;
} known[] = {
	{ "2011-06-01", 15, "", "", "2011-06-23" }, /* Guiding Case 26 */
	{ "2017-09-25", 15, "", "", "2017-10-20" },
	{ "2020-01-13", 20, "", "", "2020-02-17" },
	{ "2024-09-14", 20, "", "", "2024-10-18" },
	{ "2025-09-19", 20, "", "", "2025-10-23" },
	{ "2025-09-19", 40, "", "", "2025-11-20" },
	{ "2025-04-21", 20, "2025-04-26", "2025-05-22", "2025-06-16" },
};
/* clang-format on */

static struct ogi_date date(const char *s)
{
	struct ogi_date d = { 0 };
	text_to_date(s, &d);
	return d;
}

static void check_deadlines(struct checking *c)
{
	const struct ogi_calendar *cal = directory_calendar(c->j->directory);
	for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
		const struct known *k = &known[i];
		struct ogi_interval x = { date(k->from), date(k->to) };
		bool provisional = false;
		char is[11], line[96];
		int count = k->from[0] != '\0' ? 1 : 0;
		if (!directory_year_loaded(c->j->directory, ogi_date_year(date(k->received))))
			continue;
		struct ogi_date due =
			ogi_due(cal, date(k->received), k->days, &x, count, &provisional);
		text_from_date(due, is);
		snprintf(line, sizeof line, "received %s, %d working days, due %s", k->received,
			k->days, is);
		say(c, strcmp(is, k->due) == 0, false, "known deadline", line);
	}
}

/* The arrangement of this year must be loaded, the next year's from December on. */
static void check_calendar(struct checking *c)
{
	int year, month, day;
	char line[64];
	ogi_date_split(clock_china_date(clock_now()), &year, &month, &day);
	for (int y = year; y <= year + (month == 12 ? 1 : 0); y++) {
		bool loaded = directory_year_loaded(c->j->directory, y);
		snprintf(line, sizeof line, "%d %s", y,
			loaded ? "is loaded" : "is missing, dates are provisional");
		say(c, loaded, true, "working-day calendar", line);
	}
}

/* China time is fixed in code: 16:00 UTC is midnight there. */
static void check_time(struct checking *c)
{
	int64_t before, after;
	bool parsed = clock_parse("2025-09-19T15:59:59Z", &before) &&
		      clock_parse("2025-09-19T16:00:00Z", &after);
	bool holds = parsed && clock_china_date(before).day + 1 == clock_china_date(after).day;
	say(c, holds, false, "China time", "UTC+8 without exceptions");
	say(c, !clock_is_test(), true, "clock",
		clock_is_test() ? "test clock (OGID_NOW)" : "the machine's");
}

static void check_ledger(struct checking *c)
{
	struct arena *a = arena_new();
	struct batch *b = batch_new(a);
	const struct rows *gaps = check_ask_gaps(b), *texts = check_ask_texts(b);
	bool there = job_read(c->j, b);
	bool whole = there && rows_count(gaps) == 0, told = there && rows_count(texts) == 0;
	say(c, whole, false, "register numbers",
		whole ? "no gaps" : "some are missing, run ogid verify");
	say(c, told, false, "texts",
		told ? "each has its event" : "some have no event, run ogid verify");
	arena_free(a);
}

int check_run(struct job *j)
{
	struct checking c = { .j = j };
	say(&c, true, false, "database", "answers, schema known");
	check_time(&c);
	check_calendar(&c);
	check_deadlines(&c);
	check_ledger(&c);
	fprintf(j->out, "check: %d failed, %d warnings\n", c.failed, c.warned);
	return c.failed > 0 ? 1 : 0;
}
