/* SPDX-License-Identifier: MulanPSL-2.0 */
/* jobs/retention: pages of cases whose time is over; one write, one entry of the audit each. */
#include "jobs/retention.h"

#include "base/clock.h"
#include "domain/date.h"
#include "jobs/indexer.h"
#include "store/retention.h"

enum { PAGE = 200, WRITES_MOST = 8 };

struct purging {
	struct job *j;
	struct tickets *tickets;
	struct ogi_date today, before;
	int64_t now, cases, texts, files;
	int years;
	bool dry_run;
};

static bool learn(struct purging *p, struct arena *a, int32_t org)
{
	if (tickets_known(p->tickets, TICKET_AUDIT, org, 0))
		return true;
	struct batch *b = batch_new(a);
	const struct rows *head = tickets_ask(b, TICKET_AUDIT, org, 0);
	if (!job_read(p->j, b))
		return false;
	tickets_learn(p->tickets, TICKET_AUDIT, org, 0, head);
	return true;
}

static bool destroy(struct purging *p, struct arena *a, int32_t org, const struct uuid *id)
{
	char object[37];
	uuid_print(id, object);
	const struct audit_fact fact = { .org = org,
		.login = "system",
		.action = "case.purge",
		.object = arena_text(a, object),
		.detail = arena_print(a, "{\"years\":%d}", p->years),
		.at = p->now };
	for (int i = 0; i < WRITES_MOST; i++) {
		struct audit_mark mark;
		if (!learn(p, a, org))
			return false;
		struct batch *b = batch_new(a);
		audit_ask(a, b, &fact, NULL, p->tickets, p->j->keys, &mark);
		retention_ask_destroy(b, &mark, id, p->today);
		if (job_write(p->j, b, org) != DB_DONE)
			return false;
		if (audit_written(p->tickets, &mark))
			return true;
	}
	return false;
}

/* One page behind (*org, *id), which move on; *ret_more: there may be another. */
static bool take_page(struct purging *p, int32_t *org, struct uuid *id, bool *ret_more)
{
	struct arena *a = arena_new();
	struct batch *b = batch_new(a);
	const struct rows *r = retention_ask_cases(b, p->before, *org, id, PAGE);
	bool there = job_read(p->j, b);
	int n = there ? rows_count(r) : 0;
	for (int i = 0; there && i < n; i++) {
		*org = rows_int(r, i, 0);
		*id = rows_uuid(r, i, 1);
		there = p->dry_run || destroy(p, a, *org, id);
		p->cases += there;
		p->texts += there ? rows_int64(r, i, 2) : 0;
		p->files += there ? rows_int64(r, i, 3) : 0;
	}
	*ret_more = n == PAGE;
	arena_free(a);
	return there;
}

int retention_run(struct job *j, int years, bool dry_run)
{
	struct purging p = { .j = j, .now = clock_now(), .years = years, .dry_run = dry_run };
	int32_t org = 0;
	struct uuid id = { 0 };
	char before[11];
	bool done = true;
	p.tickets = tickets_new();
	p.today = clock_china_date(p.now);
	p.before = ogi_date_add_months(p.today, -12 * years);
	for (bool more = true; done && more;)
		done = take_page(&p, &org, &id, &more);
	text_from_date(p.before, before);
	fprintf(j->out,
		"purge-personal: archived on %s or before: %lld cases, %lld texts, %lld files %s\n",
		before, (long long)p.cases, (long long)p.texts, (long long)p.files,
		dry_run ? "would be destroyed (dry run, nothing written)" : "destroyed");
	bool indexed = !done || dry_run || indexer_nightly(j) == 0;
	if (!done)
		fprintf(j->err,
			"purge-personal: broke off, the database did not take it; run it again\n");
	if (!indexed)
		fprintf(j->err,
			"purge-personal: the search index may still hold words of what was destroyed; run it again\n");
	tickets_free(p.tickets);
	return done && indexed ? 0 : 1;
}
