/* SPDX-License-Identifier: MulanPSL-2.0 */
/* api/documents: papers of a case: issuing, what there is, and the page itself. */
#include "api/documents.h"

#include "api/address.h"
#include "api/letter.h"
#include "api/steps.h"
#include "domain/document.h"

#include <string.h>

/* ---- issuing ---- */

static int32_t year_of(const struct ogi_event *e)
{
	return ogi_date_year(e->on);
}

void issuing_ask(struct exchange *x, const struct recording *r, struct issuing *ret_issuing)
{
	const struct ogi_event *e = &r->event;
	*ret_issuing = (struct issuing){ 0 };
	if (e->kind != OGI_DOCUMENT_ISSUED)
		return;
	ret_issuing->last =
		document_ask_last(x->reads, r->org, e->u.document.document, year_of(e));
	ret_issuing->templates = letter_ask_in_force(x->reads, app_directory(x), r->org, e->on);
}

const struct problem *issuing_take(
	struct exchange *x, struct recording *r, const struct issuing *i)
{
	struct ogi_event *e = &r->event, told;
	struct buf text = { 0 };
	char hex[2 * MAC_BYTES + 1];
	struct letter l = { .row = &r->before,
		.history = &r->history,
		.rules = &r->rules,
		.document = ogi_document_find(e->u.document.document),
		.of = e->u.document.of,
		.on = e->on,
		.serial = document_last(i->last) + 1,
		.title = e->u.document.title };
	if (ogi_document_event(&r->history, l.document, l.of, &told))
		e->u.document.of = told.seq;
	e->u.document.title = letter_title(&l);
	e->document_no = letter_number(x, &l);
	e->u.document.year = year_of(e);
	e->u.document.serial = l.serial;
	const struct problem *no = letter_fill(x, &l, i->templates, &text);
	if (no == NULL) {
		struct mac hash = mac_hash(text.data, text.used);
		mac_print(&hash, hex);
		e->u.document.text = arena_bytes(x->arena, text.data, text.used);
		e->u.document.sha256 = arena_text(x->arena, hex);
	}
	buf_clear(&text);
	return no;
}

/* ---- GET /v1/cases/{id}/documents ---- */

struct listing {
	struct address address;
	const struct rows *events;
	struct recording r;
};

static const struct problem *list_load(struct exchange *x)
{
	struct listing *l = exchange_state(x, sizeof *l);
	const struct problem *no = address_read(x, x->arg[0], &l->address);
	if (no == NULL)
		l->events = address_ask_events(x, &l->address);
	return no;
}

static const struct problem *story(
	struct exchange *x, const struct rows *events, struct recording *r)
{
	if (rows_count(events) == 0)
		return no_such_case(x, x->arg[0]);
	if (!recording_load(x, events, r))
		return problem(x, PROBLEM_INTERNAL, "案件记录无法读取。",
			"The record of the case cannot be read.");
	recording_prepare(x, r);
	return NULL;
}

static void issue_write(struct json_out *o, const struct ogi_event *e)
{
	out_object(o, NULL);
	out_number(o, "seq", e->seq);
	out_date(o, "on", e->on);
	out_instant(o, "recorded_at", e->recorded_at);
	out_text(o, "actor", e->actor);
	out_text(o, "document_no", e->document_no);
	out_text(o, "title", e->u.document.title);
	if (e->u.document.of > 0)
		out_number(o, "of", e->u.document.of);
	else
		out_null(o, "of");
	out_text(o, "sha256", e->u.document.sha256);
	out_object_end(o);
}

static void document_write(struct json_out *o, const struct recording *r, int document)
{
	const struct ogi_history *h = &r->history;
	const char *code = ogi_document_codes[document].code;
	const struct letter l = { .row = &r->before, .document = document };
	out_object(o, NULL);
	out_text(o, "document", code);
	out_text(o, "title", letter_title(&l));
	out_bool(o, "ready", ogi_document_ready(&r->before.c, h, document, 0));
	out_array(o, "issued");
	for (int i = 0; i < h->count; i++)
		if (h->event[i].kind == OGI_DOCUMENT_ISSUED &&
			text_same(h->event[i].u.document.document, code))
			issue_write(o, &h->event[i]);
	out_array_end(o);
	out_object_end(o);
}

static const struct problem *list_answer(struct exchange *x)
{
	struct listing *l = x->state;
	const struct problem *no = story(x, l->events, &l->r);
	if (no != NULL)
		return no;
	struct json_out o = app_reply(x, 200);
	out_object(&o, NULL);
	out_array(&o, "documents");
	for (int i = OGI_NO_DOCUMENT + 1; i < OGI_DOCUMENTS; i++)
		document_write(&o, &l->r, i);
	out_array_end(&o);
	out_array(&o, "missing_settings");
	for (const char *const *name = letter_missing(x, l->r.org, x->today); *name != NULL;
		name++)
		out_text(&o, NULL, *name);
	out_array_end(&o);
	out_object_end(&o);
	return NULL;
}

step_fn *const document_list_steps[] = { list_load, list_answer, NULL };

/* ---- GET /v1/cases/{id}/documents/{kind}.html ---- */

struct reading {
	struct address address;
	const struct rows *events, *templates, *head;
	struct recording r;
	struct letter letter;
	int64_t of, seq; /* asked for, 0 none */
	bool preview;
	const struct ogi_event *issue; /* NULL: a preview */
	struct audit_mark mark;
};

static const struct problem *read_load(struct exchange *x)
{
	static const char *const names[] = { "of", "preview", "seq", NULL };
	struct reading *d = exchange_state(x, sizeof *d);
	const struct problem *no = exchange_query_only(x, names);
	if (no != NULL || (no = app_query_int(x, "of", 1, INT32_MAX, &d->of)) != NULL ||
		(no = app_query_int(x, "seq", 1, INT32_MAX, &d->seq)) != NULL ||
		(no = app_query_bool(x, "preview", &d->preview)) != NULL ||
		(no = address_read(x, x->arg[0], &d->address)) != NULL)
		return no;
	d->events = address_ask_events(x, &d->address);
	return NULL;
}

/* The issue with that seq, whether or not it was retracted; NULL when there is none. */
static const struct ogi_event *issue_at(const struct ogi_history *h, int document, int64_t seq)
{
	const char *code = ogi_document_codes[document].code;
	for (int i = 0; i < h->count; i++)
		if (h->event[i].seq == seq && h->event[i].kind == OGI_DOCUMENT_ISSUED &&
			text_same(h->event[i].u.document.document, code))
			return &h->event[i];
	return NULL;
}

static const struct problem *not_ready(struct exchange *x)
{
	struct problem *p = problem(x, PROBLEM_REFUSED,
		"案件目前没有这份文书所依据的事项，请先办理该事项。",
		"The case has nothing yet that this paper tells of; record that first.");
	p->code = ogi_refusals[OGI_NOT_IN_THIS_STATE].code;
	return p;
}

static const struct problem *read_find(struct exchange *x)
{
	struct reading *d = x->state;
	const struct problem *no = story(x, d->events, &d->r);
	if (no != NULL)
		return no;
	int document = ogi_document_find(x->arg[1]);
	if (document < 0)
		return problem(x, PROBLEM_NOT_FOUND,
			"没有文书 %s，代码见 /v1/vocabulary 的 document。",
			"There is no paper %s; see \"document\" in /v1/vocabulary.", x->arg[1]);
	d->letter = (struct letter){ .row = &d->r.before,
		.history = &d->r.history,
		.rules = &d->r.rules,
		.document = document,
		.of = (int32_t)d->of,
		.on = x->today };
	if (d->seq > 0)
		d->issue = issue_at(&d->r.history, document, d->seq);
	else if (!d->preview)
		d->issue = ogi_document_issue(&d->r.history, document, (int32_t)d->of);
	if (d->seq > 0 && d->issue == NULL)
		return problem(x, PROBLEM_NOT_FOUND, "第 %lld 项记录不是签发这份文书。",
			"Event %lld issues no such paper.", (long long)d->seq);
	if (d->issue != NULL && d->issue->u.document.text == NULL)
		return problem(x, PROBLEM_NOT_FOUND, "这份文书已按保管期限销毁。",
			"This paper was destroyed at the end of its retention.");
	if (d->issue == NULL &&
		!ogi_document_ready(&d->r.before.c, &d->r.history, document, (int32_t)d->of))
		return not_ready(x);
	if (d->issue == NULL)
		d->templates =
			letter_ask_in_force(x->reads, app_directory(x), d->r.org, x->today);
	if (!tickets_known(app_of(x)->tickets, TICKET_AUDIT, d->r.org, 0))
		d->head = tickets_ask(x->reads, TICKET_AUDIT, d->r.org, 0);
	return NULL;
}

static const struct problem *read_audit(struct exchange *x)
{
	struct reading *d = x->state;
	struct app *app = app_of(x);
	char id[37];
	if (d->head != NULL)
		tickets_learn(app->tickets, TICKET_AUDIT, d->r.org, 0, d->head);
	uuid_print(&d->r.id, id);
	struct audit_fact fact = { .org = d->r.org,
		.actor = x->who->user,
		.login = x->who->login,
		.action = "document.read",
		.object = arena_text(x->arena, id),
		.detail = arena_print(x->arena, "{\"document\":\"%s\",\"seq\":%d}",
			ogi_document_codes[d->letter.document].code,
			d->issue != NULL ? d->issue->seq : 0),
		.at = x->now };
	x->order = (struct write_order){ .org = d->r.org, .rank = 2 };
	audit_ask(x->arena, x->writes, &fact, NULL, app->tickets, app->keys, &d->mark);
	return NULL;
}

static const struct problem *read_answer(struct exchange *x)
{
	struct reading *d = x->state;
	if (!audit_written(app_of(x)->tickets, &d->mark))
		return exchange_again(x);
	if (d->issue != NULL) {
		buf_text(&x->reply, d->issue->u.document.text);
	} else {
		const struct problem *no = letter_fill(x, &d->letter, d->templates, &x->reply);
		if (no != NULL)
			return no;
	}
	letter_headers(x);
	return NULL;
}

step_fn *const document_steps[] = { read_load, read_find, read_audit, read_answer, NULL };
