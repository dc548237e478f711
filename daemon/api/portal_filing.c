/* SPDX-License-Identifier: MulanPSL-2.0 */
/* api/portal_filing: a request sent in through the portal: registered at once, received on the
 * day it was sent (art. 31; contract-cases §3, online / portal). */
#include "api/portal.h"

#include <string.h>

static const struct field org_row = { .name = "org",
	.type = FIELD_TEXT,
	.at = offsetof(struct portal_filing, org),
	.flags = FIELD_REQUIRED,
	.min = 1,
	.max = 32 };

/* What art. 29 asks of an applicant, and nothing more: the purpose must not be asked. */
static const char *const asked[] = { "channel", "via", "applicant", "description",
	"document_ref", "medium", "delivery", NULL };

const struct field *portal_filing_rows(struct exchange *x)
{
	enum { ASKED = sizeof asked / sizeof *asked };
	const struct field *rows = ogi_event_fields(OGI_REGISTERED);
	struct field *mine = arena_array(x->arena, struct field, ASKED + 1);
	int n = 0;
	for (int i = 0; asked[i] != NULL; i++) {
		mine[n] = *field_find(rows, asked[i], NULL);
		mine[n++].flags &= ~(unsigned)FIELD_REQUIRED;
	}
	mine[n] = org_row;
	return mine;
}

/* Whoever says how the request came must say what is so. */
static void check_channel(struct ogi_request *q, struct faults *f)
{
	if (ogi_given(q->channel) && q->channel != OGI_ONLINE)
		faults_add(f, "/channel", "contradiction", "网上申请的渠道只能是 online。",
			"What is sent in here comes online.");
	if (ogi_given(q->via) && q->via != OGI_PORTAL)
		faults_add(f, "/via", "contradiction", "网上申请的方式只能是 portal。",
			"What is sent in here comes by the portal.");
	q->channel = OGI_ONLINE;
	q->via = OGI_PORTAL;
}

const struct problem *portal_filing_load(struct exchange *x, struct portal_filing *f)
{
	recording_read(x, portal_filing_rows(x), f, &f->r);
	check_channel(&f->event.u.request, f->r.shape);
	const struct directory_org *org =
		f->org != NULL ? directory_org_by_code(app_directory(x), f->org) : NULL;
	if (f->org != NULL && org == NULL)
		faults_add(f->r.shape, "/org", "unknown_code", "没有这个机关；请从列表中选择。",
			"There is no such agency; choose one of the list.");
	f->r.event = f->event;
	f->r.event.kind = OGI_REGISTERED;
	f->r.org = org != NULL ? org->id : 0;
	f->r.id = uuid_ordered(x->now);
	portal_act_for(x, f->r.org);
	if (x->key_given || x->tries > 0)
		f->found = remembered_ask(
			x->reads, x->who->scope, x->who->scopes, x->who->user, &x->key);
	return NULL;
}

const struct problem *portal_filing_decide(struct exchange *x, struct portal_filing *f)
{
	if (f->found != NULL && remembered_read(f->found, &f->key)) {
		f->replayed = true;
		f->events = replay_ask(x, &f->key);
		return key_check(x, &f->key);
	}
	recording_prepare(x, &f->r);
	const struct problem *no = recording_judge(x, &f->r);
	int year = ogi_date_year(f->r.event.u.request.registered_on);
	if (no == NULL && !tickets_known(app_of(x)->tickets, TICKET_NUMBER, f->r.org, year))
		f->head = tickets_ask(x->reads, TICKET_NUMBER, f->r.org, year);
	return no;
}

const struct problem *portal_filing_write(struct exchange *x, struct portal_filing *f)
{
	if (f->replayed)
		return NULL;
	if (f->head != NULL)
		tickets_learn(app_of(x)->tickets, TICKET_NUMBER, f->r.org,
			ogi_date_year(f->r.event.u.request.registered_on), f->head);
	recording_fold(x, &f->r, true);
	f->written = recording_ask(x, &f->r, 201);
	return NULL;
}

static const struct problem *again(struct exchange *x, struct portal_filing *f)
{
	if (f->events == NULL || !recording_load(x, f->events, &f->r))
		return problem(x, PROBLEM_INTERNAL, "无法重现先前的答复。",
			"The earlier answer cannot be given again.");
	if (f->r.history.count > f->key.version)
		f->r.history.count = f->key.version;
	recording_prepare(x, &f->r);
	f->r.after = f->r.before;
	f->r.with = f->r.history;
	if (x->key_given && !x->doubtful)
		exchange_header(x, "Idempotency-Replayed", "true");
	return NULL;
}

const struct problem *portal_filing_end(
	struct exchange *x, struct portal_filing *f, json_t **ret_view)
{
	const struct problem *no = f->replayed ? again(x, f) : NULL;
	if (no != NULL)
		return no;
	if (!f->replayed && rows_count(f->written) == 0) {
		tickets_stale(app_of(x)->tickets, &f->r.number);
		return app_outrun(x);
	}
	char code[11];
	mac_query_code(app_of(x)->keys, f->r.id.byte, code);
	*ret_view = portal_view(x, &f->r.after, &f->r.with, &f->r.rules, code);
	return NULL;
}
