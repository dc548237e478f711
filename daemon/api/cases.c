/* SPDX-License-Identifier: MulanPSL-2.0 */
/* api/cases: register a request, show it (contract §2.1; contract-cases §2). */
#include "api/address.h"
#include "api/past.h"
#include "api/recording.h"
#include "api/steps.h"
#include "api/views.h"
#include "store/audit.h"

#include <string.h>

/* ---- POST /v1/cases ---- */

struct filing {
	struct ogi_event event; /* first: the rows of the body count from here */
	const char *org;
	struct recording r;
	bool replayed;
	struct remembered key;
	const struct rows *head, *found, *events, *written;
};

static const struct field org_row = { .name = "org",
	.type = FIELD_TEXT,
	.at = offsetof(struct filing, org),
	.min = 1,
	.max = 32 };

static void filing_form(struct exchange *x, struct filing *f)
{
	const struct field *rows = ogi_event_fields(OGI_REGISTERED);
	int n = 0;
	while (rows[n].name != NULL)
		n++;
	struct field *all = arena_array(x->arena, struct field, n + 2);
	memcpy(all, rows, sizeof *all * (size_t)n);
	all[n] = org_row;
	recording_read(x, all, f, &f->r);
}

/* The head of the counter of a year, when it is not known yet. */
static void ask_head(struct exchange *x, struct filing *f, int year)
{
	if (!tickets_known(app_of(x)->tickets, TICKET_NUMBER, f->r.org, year))
		f->head = tickets_ask(x->reads, TICKET_NUMBER, f->r.org, year);
}

static const struct problem *filing_load(struct exchange *x)
{
	struct filing *f = exchange_state(x, sizeof *f);
	const struct directory_org *org;
	filing_form(x, f);
	const struct problem *no = app_org(x, f->org, &org);
	if (no != NULL)
		return no;
	f->r.event = f->event;
	f->r.event.kind = OGI_REGISTERED;
	f->r.org = org->id;
	f->r.id = uuid_ordered(x->now);
	if (x->key_given || x->tries > 0)
		f->found = remembered_ask(
			x->reads, x->who->scope, x->who->scopes, x->who->user, &x->key);
	return NULL;
}

static const struct problem *filing_decide(struct exchange *x)
{
	struct filing *f = x->state;
	if (f->found != NULL && remembered_read(f->found, &f->key)) {
		f->replayed = true;
		f->events = replay_ask(x, &f->key);
		return key_check(x, &f->key);
	}
	recording_prepare(x, &f->r);
	const struct problem *no = recording_judge(x, &f->r);
	if (no == NULL && recording_gives_number(&f->r))
		ask_head(x, f, ogi_date_year(f->r.event.u.request.registered_on));
	return no;
}

static const struct problem *filing_write(struct exchange *x)
{
	struct filing *f = x->state;
	if (f->replayed)
		return NULL;
	if (f->head != NULL)
		tickets_learn(app_of(x)->tickets, TICKET_NUMBER, f->r.org,
			ogi_date_year(f->r.event.u.request.registered_on), f->head);
	recording_fold(x, &f->r, true);
	f->written = recording_ask(x, &f->r, 201);
	return NULL;
}

static const struct problem *filing_answer(struct exchange *x)
{
	struct filing *f = x->state;
	if (f->replayed)
		return replay_answer(x, &f->key, f->events);
	if (rows_count(f->written) == 0) {
		if (f->r.numbered)
			tickets_stale(app_of(x)->tickets, &f->r.number);
		return app_outrun(x);
	}
	char id[37], code[11];
	uuid_print(&f->r.id, id);
	mac_query_code(app_of(x)->keys, f->r.id.byte, code);
	exchange_header(x, "Location", arena_print(x->arena, "/v1/cases/%s", id));
	struct case_view v = { .row = &f->r.after,
		.rules = &f->r.rules,
		.asking = &f->r.asking,
		.as_of = x->today,
		.query_code = code };
	view_case_reply(x, 201, &v);
	return NULL;
}

step_fn *const case_register_steps[] = { filing_load, filing_decide, filing_write,
	filing_answer, NULL };

/* ---- GET /v1/cases/{id} ---- */

struct showing {
	struct address address;
	struct past_view view;
	bool reveal;
	const struct rows *found, *head;
	struct case_row row;
	struct recording r; /* of a look into the past */
	struct audit_mark mark;
};

static const struct problem *showing_query(struct exchange *x, struct showing *s)
{
	static const char *const names[] = { "reveal", "as_of", "known_at", NULL };
	const struct problem *no = exchange_query_only(x, names);
	const char *reveal = exchange_query(x, "reveal");
	if (no != NULL || (no = past_view_read(x, &s->view)) != NULL)
		return no;
	if (reveal != NULL && strcmp(reveal, "applicant") != 0)
		return problem(x, PROBLEM_BAD_QUERY, "reveal 只能是 applicant。",
			"reveal can only be applicant.");
	s->reveal = reveal != NULL;
	unsigned roles = ogi_right_roles(OGI_MAY_REVEAL);
	if (s->reveal && (x->who->roles & roles) == 0) {
		struct problem *p = problem(x, PROBLEM_ROLE_REQUIRED,
			"只有经办申请的人员可以查看完整号码。",
			"Only those who handle requests may see the full numbers.");
		p->extra = view_roles(x, roles);
		return p;
	}
	return NULL;
}

static const struct problem *showing_load(struct exchange *x)
{
	struct showing *s = exchange_state(x, sizeof *s);
	const struct problem *no = showing_query(x, s);
	if (no != NULL || (no = address_read(x, x->arg[0], &s->address)) != NULL)
		return no;
	s->found = s->view.past ? address_ask_events(x, &s->address)
				: address_ask_case(x, &s->address);
	return NULL;
}

static const struct problem *showing_reveal(struct exchange *x)
{
	struct showing *s = x->state;
	if (rows_count(s->found) == 0)
		return no_such_case(x, x->arg[0]);
	if (s->view.past) {
		if (!recording_load(x, s->found, &s->r))
			return past_unreadable(x);
		past_view_keep(x, &s->view, &s->r.history);
		if (s->r.history.count == 0)
			return no_such_case(x, x->arg[0]);
		recording_prepare(x, &s->r);
		s->row = s->r.before;
	} else {
		case_read(s->found, 0, x->arena, &s->row);
	}
	if (s->reveal && !tickets_known(app_of(x)->tickets, TICKET_AUDIT, s->row.org, 0))
		s->head = tickets_ask(x->reads, TICKET_AUDIT, s->row.org, 0);
	return NULL;
}

static const struct problem *showing_audit(struct exchange *x)
{
	struct showing *s = x->state;
	struct app *app = app_of(x);
	if (!s->reveal)
		return NULL;
	if (s->head != NULL)
		tickets_learn(app->tickets, TICKET_AUDIT, s->row.org, 0, s->head);
	char id[37];
	uuid_print(&s->row.id, id);
	struct audit_fact fact = { .org = s->row.org,
		.actor = x->who->user,
		.login = x->who->login,
		.action = "case.reveal",
		.object = arena_text(x->arena, id),
		.at = x->now };
	x->order = (struct write_order){ .org = s->row.org, .rank = 2 };
	audit_ask(x->arena, x->writes, &fact, NULL, app->tickets, app->keys, &s->mark);
	return NULL;
}

static const struct problem *showing_answer(struct exchange *x)
{
	struct showing *s = x->state;
	if (s->reveal && !audit_written(app_of(x)->tickets, &s->mark))
		return exchange_again(x);
	struct ogi_rules rules;
	app_rules(x, s->row.org, s->row.c.settings, &rules);
	struct ogi_asking asking = { .login = x->who->login,
		.roles = x->who->roles,
		.own_organisation = x->who->org == s->row.org };
	struct case_view v = { .row = &s->row,
		.rules = &rules,
		.asking = &asking,
		.as_of = s->view.as_of,
		.reveal = s->reveal };
	view_case_reply(x, 200, &v);
	return NULL;
}

step_fn *const case_steps[] = { showing_load, showing_reveal, showing_audit, showing_answer,
	NULL };
