/* SPDX-License-Identifier: MulanPSL-2.0 */
/* jobs/figures: the nightly figures, by the questions of the official forms, many organisations
 * in one pass. */
#include "jobs/night.h"

#include "domain/date.h"

enum {
	TOGETHER = 50,   /* organisations in one pass */
	REPORT_MONTH = 3 /* until its end the year before may still be frozen (art. 49) */
};

static bool take(struct night *n, const struct ogi_form *form, int year, int month,
	const int32_t *org, int orgs)
{
	struct arena *a = arena_new();
	struct batch *reads = batch_new(a), *writes = batch_new(a);
	struct statistics_questions q = { 0 };
	struct nightly_figures *list = arena_array(a, struct nightly_figures, orgs);
	const struct statistics_asked asked = { .form = form,
		.span = ogi_span_of_year(year),
		.scope = org,
		.scopes = orgs,
		.by_org = true };
	statistics_ask_carry(reads, &asked, &q);
	statistics_ask(reads, &asked, &q);
	bool done = job_read(n->j, reads);
	for (int i = 0; done && i < orgs; i++) {
		struct statistics *s = arena_make(a, struct statistics);
		statistics_read(&q, form, org[i], s);
		statistics_end(form, s);
		list[i] = (struct nightly_figures){ org[i], s };
	}
	if (done) {
		nightly_ask_figures(writes, form, year, month, n->now,
			directory_calendar(n->j->directory)->version, list, orgs);
		done = job_write(n->j, writes, 0) == DB_DONE;
	}
	arena_free(a);
	return done;
}

static bool take_year(struct night *n, int year, int month)
{
	const struct ogi_form *form = ogi_form_of_year(year);
	const struct directory_org *const *org;
	int orgs = directory_orgs(n->j->directory, &org);
	bool done = true;
	for (int i = 0; form != NULL && done && i < orgs; i += TOGETHER) {
		int32_t id[TOGETHER];
		int count = 0;
		while (count < TOGETHER && i + count < orgs) {
			id[count] = org[i + count]->id;
			count++;
		}
		done = take(n, form, year, month, id, count);
	}
	return done;
}

bool night_figures(struct night *n, int64_t *ret_count)
{
	const struct directory_org *const *org;
	int year, month, day;
	ogi_date_split(n->today, &year, &month, &day);
	*ret_count = directory_orgs(n->j->directory, &org);
	return take_year(n, year, month) &&
	       (month > REPORT_MONTH || take_year(n, year - 1, 12));
}
