/* SPDX-License-Identifier: MulanPSL-2.0 */
/* api/calendar: GET /v1/calendar/{year}: every day of a loaded year, with reason and notice, as
 * it counts in an organisation. */
#include "api/app.h"
#include "api/steps.h"

/* The organisation whose local day it is, NULL when it rests on the country's notice. */
static const char *local_of(const struct directory *d, const struct directory_day *day)
{
	const struct directory_org *org = day->org != 0 ? directory_org(d, day->org) : NULL;
	return org != NULL ? org->code : NULL;
}

static const struct problem *answer(struct exchange *x)
{
	static const char *const names[] = { "org", NULL };
	const struct directory *d = app_directory(x);
	const struct directory_org *org = NULL;
	int64_t year;
	const struct problem *p = exchange_query_only(x, names);
	if (p == NULL)
		p = app_org(x, exchange_query(x, "org"), &org);
	if (p != NULL)
		return p;
	const struct ogi_calendar *cal = directory_calendar_of(d, org->id);
	if (!text_to_int(x->arg[0], &year) || year < 1 || year > 9999 ||
		!directory_year_loaded(d, (int)year))
		return problem(x, PROBLEM_NOT_FOUND, "尚未载入 %s 年的工作日安排。",
			"The arrangement of the year %s is not loaded.", x->arg[0]);
	struct ogi_date first = ogi_date_of((int)year, 1, 1),
			last = ogi_date_of((int)year, 12, 31);
	struct json_out o = app_reply(x, 200);
	out_object(&o, NULL);
	out_number(&o, "year", year);
	out_text(&o, "org", org->code);
	out_number(&o, "working_days",
		ogi_working_between(cal, ogi_date_add(first, -1), last, NULL));
	out_array(&o, "days");
	for (struct ogi_date day = first; day.day <= last.day; day.day++) {
		const struct directory_day *ruled = directory_day(d, org->id, day);
		out_object(&o, NULL);
		out_date(&o, "date", day);
		out_text(&o, "kind", ogi_day_kinds[ogi_day_kind(cal, day)].code);
		out_text(&o, "name", ruled != NULL ? ruled->name : NULL);
		out_text(&o, "notice", ruled != NULL ? ruled->notice : NULL);
		out_text(&o, "local", ruled != NULL ? local_of(d, ruled) : NULL);
		out_object_end(&o);
	}
	out_array_end(&o);
	out_object_end(&o);
	return NULL;
}

step_fn *const calendar_steps[] = { answer, NULL };
