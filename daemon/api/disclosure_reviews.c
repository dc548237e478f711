/* SPDX-License-Identifier: MulanPSL-2.0 */
/*
 * api/disclosure_reviews: secrecy reviews of items (D:annual-report §5, art. 17): append only;
 * 谁公开、谁审查、谁负责.
 */
#include "api/disclosures.h"
#include "api/steps.h"
#include "api/trace.h"

#include "domain/case.h"

#include <string.h>

/* ---- POST /v1/disclosures/{id}/reviews ---- */

struct reviewing {
	struct review_sheet sheet;
	struct disclosure_show showing;
	const struct rows *head, *added;
	struct ticket ticket;
	struct trace trace; /* only its key */
};

/* Who refers it says to whom and when; who keeps it back says why. */
static void complete(
	struct review_sheet *s, struct ogi_date today, struct arena *a, struct faults *f)
{
	const struct review_opinion *p = s->opinions.item;
	if (!ogi_is_date(s->on))
		s->on = today;
	if (s->decision == OGI_REFERRED && !ogi_is_date(s->referred_on))
		s->referred_on = s->on;
	disclosure_not_later(s->on, today, "/on", f);
	disclosure_not_later(s->referred_on, today, "/referred_on", f);
	disclosure_not_later(s->answered_on, today, "/answered_on", f);
	for (int i = 0; i < s->opinions.count; i++)
		disclosure_not_later(p[i].on, today, arena_print(a, "/opinions/%d/on", i), f);
	if (ogi_is_date(s->answered_on) && ogi_is_date(s->referred_on) &&
		ogi_before(s->answered_on, s->referred_on))
		faults_add(f, "/answered_on", "contradiction", "答复日期不得早于报送日期。",
			"The answer cannot be older than the referral.");
	if (strcmp(disclosure_attributes[s->proposed].code, "not_public") == 0 &&
		s->reason == NULL)
		faults_add(f, "/reason", "required", "拟不予公开的，请说明理由。",
			"Say why it is not to be disclosed.");
}

static const struct problem *review_load(struct exchange *x)
{
	struct reviewing *r = exchange_state(x, sizeof *r);
	struct faults *f = app_form(x, review_rows, &r->sheet);
	if (!uuid_parse_text(x->arg[0], &r->showing.id))
		return disclosure_none(x);
	complete(&r->sheet, x->today, x->arena, f);
	if (f->count > 0)
		return problem_faults(x, f);
	disclosure_show_ask(x, &r->showing);
	r->trace.org = x->who->org;
	if (x->key_given || x->tries > 0)
		r->trace.found = remembered_ask(
			x->reads, x->who->scope, x->who->scopes, x->who->user, &x->key);
	if (!tickets_known(app_of(x)->tickets, TICKET_REVIEW, x->who->org, 0))
		r->head = tickets_ask(x->reads, TICKET_REVIEW, x->who->org, 0);
	return NULL;
}

static const struct problem *review_put(struct exchange *x)
{
	struct reviewing *r = x->state;
	struct app *app = app_of(x);
	if (r->head != NULL)
		tickets_learn(app->tickets, TICKET_REVIEW, x->who->org, 0, r->head);
	const struct problem *p = trace_learn(x, &r->trace);
	if (p != NULL || r->trace.replay)
		return p;
	if (!disclosure_show_read(x, &r->showing))
		return disclosure_none(x);
	if ((p = disclosure_own_only(x, r->showing.row.org)) != NULL)
		return p;
	char id[37];
	struct mac hash;
	struct remembered key;
	struct review_new review = {
		.actor = x->who->user,
		.item = r->showing.id,
		.login = x->who->login,
		.sheet = r->sheet,
		.now = x->now / 1000 * 1000,
	};
	uuid_print(&r->showing.id, id);
	trace_key(x, x->who->org, arena_text(x->arena, id), 201, &key);
	r->ticket = tickets_take(app->tickets, TICKET_REVIEW, x->who->org, 0);
	x->order = (struct write_order){ .org = x->who->org, .rank = 2 };
	r->added = review_ask_add(
		x->arena, x->writes, &review, &r->ticket, app->keys, &key, &hash);
	tickets_put(app->tickets, &r->ticket, &hash);
	return NULL;
}

static const struct problem *review_show(struct exchange *x)
{
	struct reviewing *r = x->state;
	if (!r->trace.replay && rows_count(r->added) == 0) {
		tickets_stale(app_of(x)->tickets, &r->ticket);
		return exchange_again(x);
	}
	disclosure_show_ask(x, &r->showing);
	return NULL;
}

static const struct problem *review_answer(struct exchange *x)
{
	struct reviewing *r = x->state;
	trace_replayed(x, &r->trace);
	return disclosure_show_reply(x, &r->showing, 201);
}

step_fn *const disclosure_review_steps[] = { review_load, review_put, review_show,
	review_answer, NULL };
