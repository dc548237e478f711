/* SPDX-License-Identifier: MulanPSL-2.0 */
/*
 * api/disclosure_writes: new items and publications (D:annual-report §4).
 * Nothing is published without a passed review (art. 17), but what was published before this
 * system.
 */
#include "api/disclosures.h"
#include "api/steps.h"
#include "api/trace.h"

#include "domain/case.h"

#include <string.h>

enum { PUBLISH_WORKDAYS = 20 }; /* art. 26 */

/* ---- an item ---- */

void disclosure_not_later(
	struct ogi_date date, struct ogi_date today, const char *pointer, struct faults *f)
{
	if (date.day > today.day)
		faults_add(f, pointer, "future_date", "日期不得晚于今天。",
			"The date may not lie in the future.");
}

static void complete_publications(
	struct disclosure *d, struct ogi_date today, struct arena *a, struct faults *f)
{
	int n = d->publications.count;
	const struct publication *given = d->publications.item;
	struct publication *p = arena_array(a, struct publication, n);
	struct ogi_date first = { 0 };
	for (int i = 0; i < n; i++) {
		p[i] = given[i];
		if (!ogi_is_date(p[i].published_on))
			p[i].published_on =
				ogi_is_date(d->published_on) ? d->published_on : today;
		disclosure_not_later(p[i].published_on, today,
			arena_print(a, "/publications/%d/published_on", i), f);
		for (int k = 0; k < i; k++)
			if (p[k].channel == p[i].channel)
				faults_add(f, arena_print(a, "/publications/%d/channel", i),
					"duplicate", "同一渠道只登记一次。",
					"A channel is given once.");
		first = ogi_is_date(first) ? ogi_earlier(first, p[i].published_on)
					   : p[i].published_on;
	}
	d->publications.item = p;
	if (n == 0)
		return;
	if (ogi_is_date(d->published_on) && d->published_on.day != first.day)
		faults_add(f, "/published_on", "contradiction",
			"首次公开日期应为各渠道中最早的日期。",
			"The first publication is the earliest of the publications.");
	d->published_on = first;
}

void disclosure_complete(struct disclosure *d, const struct ogi_calendar *cal,
	struct ogi_date today, struct arena *a, struct faults *f)
{
	disclosure_not_later(d->created_on, today, "/created_on", f);
	disclosure_not_later(d->published_on, today, "/published_on", f);
	complete_publications(d, today, a, f);
	if (ogi_is_date(d->created_on) && ogi_is_date(d->published_on) &&
		ogi_before(d->published_on, d->created_on))
		faults_add(f, "/published_on", "contradiction", "公开日期不得早于生成日期。",
			"It cannot be published before it was made.");
	if (!d->historic && d->publications.count == 0 && ogi_is_date(d->published_on))
		faults_add(f, "/publications", "required", "请登记公开渠道。",
			"Say where it was published.");
	if (ogi_is_date(d->created_on))
		d->due_on = ogi_working_after(cal, d->created_on, PUBLISH_WORKDAYS, NULL);
}

/* ---- POST /v1/disclosures ---- */

struct adding {
	struct disclosure item;
	const struct directory_org *org;
	struct disclosure_show showing;
	const struct rows *head, *found, *refs, *added;
	struct ticket ticket;
	struct trace trace; /* only its key */
};

static const struct problem *needs_review(struct exchange *x)
{
	struct problem *p =
		problem(x, PROBLEM_REFUSED, "公开前须经保密审查通过（条例第十七条）。",
			"A passed secrecy review comes before publication (art. 17).");
	p->code = ogi_refusals[OGI_REVIEW_MISSING].code;
	p->article = "art. 17";
	return p;
}

const struct problem *disclosure_own_only(struct exchange *x, int32_t org)
{
	if (org == x->who->org)
		return NULL;
	return problem(x, PROBLEM_FORBIDDEN, "只能登记本机关的公开信息。",
		"Only the own organisation's register can be written.");
}

static const struct problem *add_load(struct exchange *x)
{
	struct adding *a = exchange_state(x, sizeof *a);
	struct app *app = app_of(x);
	struct faults *f = app_form(x, disclosure_rows, &a->item);
	disclosure_complete(&a->item, directory_calendar_of(app_directory(x), x->who->org),
		x->today, x->arena, f);
	if (f->count > 0)
		return problem_faults(x, f);
	const struct problem *p = app_org(x, a->item.org, &a->org);
	if (p == NULL)
		p = disclosure_own_only(x, a->org->id);
	if (p != NULL)
		return p;
	a->trace.org = a->org->id;
	if (x->key_given || x->tries > 0)
		a->trace.found = remembered_ask(
			x->reads, x->who->scope, x->who->scopes, x->who->user, &x->key);
	if (!tickets_known(app->tickets, TICKET_DISCLOSURE, a->org->id, 0))
		a->head = tickets_ask(x->reads, TICKET_DISCLOSURE, a->org->id, 0);
	if (a->item.external_ref != NULL)
		a->refs = disclosure_ask_refs(x->reads, a->org->id, &a->item.external_ref, 1);
	return NULL;
}

static const struct problem *add_write(struct exchange *x)
{
	struct adding *a = x->state;
	struct app *app = app_of(x);
	if (a->head != NULL)
		tickets_learn(app->tickets, TICKET_DISCLOSURE, a->org->id, 0, a->head);
	const struct problem *p = trace_learn(x, &a->trace);
	if (p != NULL || a->trace.replay)
		return p;
	if (a->item.publications.count > 0)
		return needs_review(x);
	if (a->refs != NULL && rows_count(a->refs) > 0)
		return problem(x, PROBLEM_TAKEN, "external_ref %s 已登记过。",
			"The external_ref %s is registered already.", a->item.external_ref);
	char id[37];
	struct mac hash;
	struct remembered key;
	struct disclosure_new item = {
		.item = &a->item,
		.id = uuid_ordered(x->now),
		.actor = x->who->user,
		.login = x->who->login,
		.now = x->now / 1000 * 1000,
	};
	a->showing.id = item.id;
	uuid_print(&item.id, id);
	trace_key(x, a->org->id, arena_text(x->arena, id), 201, &key);
	a->ticket = tickets_take(app->tickets, TICKET_DISCLOSURE, a->org->id, 0);
	x->order = (struct write_order){ .org = a->org->id, .rank = 2 };
	a->added = disclosure_ask_add(
		x->arena, x->writes, &item, &a->ticket, app->keys, &key, &hash);
	tickets_put(app->tickets, &a->ticket, &hash);
	return NULL;
}

static const struct problem *add_show(struct exchange *x)
{
	struct adding *a = x->state;
	if (a->trace.replay) {
		uuid_parse_text(a->trace.key.object, &a->showing.id);
	} else if (rows_count(a->added) == 0) {
		tickets_stale(app_of(x)->tickets, &a->ticket);
		return exchange_again(x);
	}
	disclosure_show_ask(x, &a->showing);
	return NULL;
}

static const struct problem *add_answer(struct exchange *x)
{
	struct adding *a = x->state;
	char id[37];
	uuid_print(&a->showing.id, id);
	exchange_header(x, "Location", arena_print(x->arena, "/v1/disclosures/%s", id));
	trace_replayed(x, &a->trace);
	return disclosure_show_reply(x, &a->showing, 201);
}

step_fn *const disclosure_add_steps[] = { add_load, add_write, add_show, add_answer, NULL };

/* ---- POST /v1/disclosures/{id}/publications ---- */

struct publishing {
	struct publication publication;
	struct disclosure_show showing;
	struct trace trace;
};

static const struct problem *publish_load(struct exchange *x)
{
	struct publishing *b = exchange_state(x, sizeof *b);
	struct faults *f = app_form(x, publication_rows, &b->publication);
	disclosure_not_later(b->publication.published_on, x->today, "/published_on", f);
	if (f->count > 0)
		return problem_faults(x, f);
	if (!uuid_parse_text(x->arg[0], &b->showing.id))
		return disclosure_none(x);
	if (!ogi_is_date(b->publication.published_on))
		b->publication.published_on = x->today;
	disclosure_show_ask(x, &b->showing);
	/* The register of an item is that of the asking user's organisation, or he may not
	 * write. */
	trace_ask(x, &b->trace, x->who->org);
	return NULL;
}

static const struct problem *may_publish(struct exchange *x, const struct publishing *b)
{
	const struct disclosure_row *row = &b->showing.row;
	const struct publication *have = row->item.publications.item;
	struct faults *f = arena_make(x->arena, struct faults);
	faults_init(f, x->arena);
	if (ogi_is_date(row->item.created_on) &&
		ogi_before(b->publication.published_on, row->item.created_on))
		faults_add(f, "/published_on", "contradiction", "公开日期不得早于生成日期。",
			"It cannot be published before it was made.");
	if (f->count > 0)
		return problem_faults(x, f);
	if (ogi_is_date(row->withdrawn_on)) {
		struct problem *no = problem(x, PROBLEM_REFUSED, "该信息已撤下，不能再公开。",
			"The item was withdrawn; it cannot be published any more.");
		no->code = ogi_refusals[OGI_NOT_IN_THIS_STATE].code;
		return no;
	}
	if (!row->item.historic &&
		(row->review == NULL ||
			strcmp(row->review, ogi_decisions[OGI_PASSED].code) != 0))
		return needs_review(x);
	for (int i = 0; i < row->item.publications.count; i++)
		if (have[i].channel == b->publication.channel)
			return problem(x, PROBLEM_TAKEN, "该渠道已登记。",
				"The channel is registered already.");
	return NULL;
}

/* The chained entry tells the whole publication: its row is not chained itself. */
static const char *publication_detail(struct exchange *x, const struct publication *p)
{
	struct buf detail = { 0 };
	struct json_out o = json_to(&detail);
	out_object(&o, NULL);
	out_text(&o, "channel", publication_channels[p->channel].code);
	out_date(&o, "published_on", p->published_on);
	out_text(&o, "locator", p->locator);
	out_object_end(&o);
	const char *text = arena_bytes(x->arena, detail.data, detail.used);
	buf_clear(&detail);
	return text;
}

static const struct problem *publish_write(struct exchange *x)
{
	struct publishing *b = x->state;
	const struct problem *p = trace_learn(x, &b->trace);
	if (p != NULL || b->trace.replay)
		return p;
	if (!disclosure_show_read(x, &b->showing))
		return disclosure_none(x);
	if ((p = disclosure_own_only(x, b->showing.row.org)) != NULL ||
		(p = may_publish(x, b)) != NULL)
		return p;
	char id[37];
	uuid_print(&b->showing.id, id);
	const char *detail = publication_detail(x, &b->publication);
	trace_write(x, &b->trace, "disclosure.publish", arena_text(x->arena, id), detail, 201);
	publication_ask_add(x->writes, &b->trace.mark, &b->showing.id, &b->publication);
	return NULL;
}

static const struct problem *publish_show(struct exchange *x)
{
	struct publishing *b = x->state;
	if (!b->trace.replay && !trace_written(x, &b->trace))
		return exchange_again(x);
	disclosure_show_ask(x, &b->showing);
	return NULL;
}

static const struct problem *publish_answer(struct exchange *x)
{
	struct publishing *b = x->state;
	trace_replayed(x, &b->trace);
	return disclosure_show_reply(x, &b->showing, 201);
}

step_fn *const disclosure_publication_steps[] = { publish_load, publish_write, publish_show,
	publish_answer, NULL };
