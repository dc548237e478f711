/* SPDX-License-Identifier: MulanPSL-2.0 */
/* api/recording: judging, folding and writing one event. */
#include "api/recording.h"

#include "api/changes.h"
#include "api/feed.h"
#include "api/views.h"
#include "domain/lifecycle.h"
#include "store/setting.h"

#include <string.h>

bool recording_load(struct exchange *x, const struct rows *events, struct recording *r)
{
	struct event_row *rows;
	if (rows_count(events) == 0 || !event_read_all(events, x->arena, &r->history, &rows))
		return false;
	r->org = rows[0].org;
	r->id = rows[0].id;
	r->last = rows[r->history.count - 1].hash;
	return true;
}

/* The login a field of the event names, or NULL. */
static const char *named(const struct ogi_event *e, const char *field)
{
	size_t at;
	const struct field *row =
		field_find(ogi_event_fields((enum ogi_event_kind)e->kind), field, &at);
	return row != NULL ? *(const char *const *)((const char *)e + at) : NULL;
}

void recording_people(const struct directory *d, int32_t org, const struct ogi_event *e,
	struct ogi_asking *asking)
{
	const char *approver = named(e, "approved_by");
	const char *person = named(e, "to");
	const char *field = e->kind == OGI_AMENDED ? e->u.change.field : NULL;
	if (field != NULL && strcmp(*field == '/' ? field + 1 : field, "approved_by") == 0)
		approver = person;
	if (person == NULL)
		person = named(e, "assignee");
	const struct directory_user *u = approver != NULL ? directory_user(d, approver) : NULL;
	asking->approver_unknown =
		approver != NULL && (u == NULL || u->org != org || u->disabled);
	asking->approver_is_head =
		u != NULL && !asking->approver_unknown && (u->roles & OGI_HEAD) != 0;
	u = person != NULL ? directory_user(d, person) : NULL;
	asking->person_unknown =
		person != NULL &&
		(u == NULL || u->org != org || u->disabled ||
			(e->kind != OGI_REMINDED && (u->roles & OGI_HANDLER) == 0));
}

void recording_prepare(struct exchange *x, struct recording *r)
{
	int n = r->history.count;
	r->event.settings =
		n > 0 ? r->history.event[n - 1].settings : setting_newest(app_directory(x));
	app_rules(x, r->org, r->event.settings, &r->rules);
	r->asking = (struct ogi_asking){ .login = x->who->login,
		.roles = x->who->roles,
		.own_organisation = x->who->org == r->org };
	project(app_of(x)->keys, x->arena, r->org, &r->id, &r->history, &r->rules, &r->before);
}

/* Newer settings reach a case that stands otherwise under them by a `recomputed` event only;
 * where nothing moves, they hold from the next event on. */
static void take_newest_settings(struct exchange *x, struct recording *r)
{
	int32_t newest = setting_newest(app_directory(x));
	if (r->event.settings == newest)
		return;
	struct ogi_rules rules;
	struct case_row *row = arena_make(x->arena, struct case_row);
	app_rules(x, r->org, newest, &rules);
	project(app_of(x)->keys, x->arena, r->org, &r->id, &r->history, &rules, row);
	if (case_difference(row, &r->before, false) != NULL)
		return;
	r->rules = rules;
	r->event.settings = newest;
}

static const struct problem *refusal(struct exchange *x, const struct recording *r)
{
	const struct ogi_verdict *v = &r->verdict;
	const struct ogi_refusal_text *text = &ogi_refusals[v->refusal];
	struct problem *p;
	if (v->refusal == OGI_INVALID) {
		struct faults *all = arena_make(x->arena, struct faults);
		faults_init(all, x->arena);
		for (int i = 0; i < v->faults; i++)
			faults_add(all, v->fault[i].pointer, v->fault[i].code, v->fault[i].zh,
				v->fault[i].en);
		p = problem_faults(x, all);
	} else if (v->refusal == OGI_ROLE_REQUIRED) {
		p = problem(
			x, PROBLEM_ROLE_REQUIRED, "%s", "%s", x->english ? text->en : text->zh);
		p->extra = view_roles(x, v->roles);
	} else {
		p = problem(x, PROBLEM_REFUSED, "%s", "%s", x->english ? text->en : text->zh);
		p->code = text->code;
		p->extra = view_allowed(x, &r->before, &r->rules, &r->asking);
	}
	p->article = v->article;
	return p;
}

void recording_read(
	struct exchange *x, const struct field *rows, void *form, struct recording *r)
{
	r->shape = arena_make(x->arena, struct faults);
	faults_init(r->shape, x->arena);
	form_read(x->json, rows, form, "", r->shape);
}

/* True when `pointer` is `place` or stands inside it. */
static bool within(const char *pointer, const char *place)
{
	size_t n = strlen(place);
	return strncmp(pointer, place, n) == 0 && (pointer[n] == '\0' || pointer[n] == '/');
}

static bool is_one_of(const char *text, const char *const *list)
{
	while (*list != NULL && strcmp(text, *list) != 0)
		list++;
	return *list != NULL;
}

/* A value that could not be read was taken as not given: what the law says because of that is
 * no fault of its own. */
static bool follows(const struct faults *shape, const struct ogi_fault *fault)
{
	static const char *const unread[] = { "date", "type", "unknown_code", NULL };
	static const char *const related[] = { "contradiction", "out_of_order",
		"receipt_date_contradiction", NULL };
	for (int i = 0; i < shape->kept; i++) {
		const struct fault *s = &shape->item[i];
		if (within(fault->pointer, s->pointer) || within(s->pointer, fault->pointer))
			return true;
		if (is_one_of(s->code, unread) && is_one_of(fault->code, related))
			return true;
		/* one way to reach the applicant is enough */
		if (strcmp(fault->pointer, "/applicant/phone") == 0 &&
			(strcmp(s->pointer, "/applicant/email") == 0 ||
				strcmp(s->pointer, "/applicant/address") == 0))
			return true;
	}
	return false;
}

static const struct problem *every_fault(struct exchange *x, const struct recording *r)
{
	const struct ogi_verdict *v = &r->verdict;
	bool own[sizeof v->fault / sizeof v->fault[0]];
	for (int i = 0; i < v->faults; i++)
		own[i] = !follows(r->shape, &v->fault[i]);
	for (int i = 0; i < v->faults; i++)
		if (own[i])
			faults_add(r->shape, v->fault[i].pointer, v->fault[i].code,
				v->fault[i].zh, v->fault[i].en);
	return problem_faults(x, r->shape);
}

const struct problem *recording_judge(struct exchange *x, struct recording *r)
{
	struct ogi_event *e = &r->event;
	take_newest_settings(x, r);
	e->seq = r->history.count + 1;
	e->actor = x->who->login;
	e->recorded_at = x->now / 1000 * 1000;
	ogi_event_complete(e, &r->before.c, &r->rules);
	recording_people(app_directory(x), r->org, e, &r->asking);
	ogi_case_decide(&r->before.c, &r->history, e, &r->rules, &r->asking, &r->verdict);
	if (r->shape != NULL && r->shape->count > 0 && r->verdict.refusal != OGI_ROLE_REQUIRED)
		return every_fault(x, r);
	if (r->verdict.refusal != OGI_OK)
		return refusal(x, r);
	e->warnings = r->verdict.warnings;
	return NULL;
}

bool recording_gives_number(const struct recording *r)
{
	return r->event.kind == OGI_REGISTERED || r->event.kind == OGI_RECEIPT_CONFIRMED;
}

void recording_fold(struct exchange *x, struct recording *r, bool take)
{
	struct app *app = app_of(x);
	struct ogi_event *e = &r->event;
	if (recording_gives_number(r) && take) {
		e->u.request.year = ogi_date_year(e->u.request.registered_on);
		r->number =
			tickets_take(app->tickets, TICKET_NUMBER, r->org, e->u.request.year);
		r->numbered = true;
		e->u.request.serial = (int32_t)r->number.seq;
	}
	event_seal(app->keys, x->arena, &r->id, e);
	struct ogi_event *all = arena_array(x->arena, struct ogi_event, r->history.count + 1);
	if (r->history.count > 0)
		memcpy(all, r->history.event, sizeof *all * (size_t)r->history.count);
	all[r->history.count] = *e;
	r->with = (struct ogi_history){ all, r->history.count + 1 };
	project(app->keys, x->arena, r->org, &r->id, &r->with, &r->rules, &r->after);
	e->due_before = r->before.c.due_on;
	e->due_after = r->after.c.due_on;
	e->calendar_version = r->rules.calendar->version;
	all[r->history.count] = *e;
}

struct mac key_body(const struct exchange *x)
{
	return mac_hash(x->body != NULL ? x->body : "", x->body_size);
}

const char *key_route(struct exchange *x)
{
	return arena_print(x->arena, "POST %.400s", x->path);
}

const struct problem *key_check(struct exchange *x, const struct remembered *found)
{
	struct mac body = key_body(x);
	if (mac_same(&found->body, &body) && strcmp(found->route, key_route(x)) == 0)
		return NULL;
	return problem(x, PROBLEM_KEY_REUSED,
		"这个 Idempotency-Key 已用于另一个请求；新的请求请用新的键。",
		"This Idempotency-Key was used for another request; use a new key for a new request.");
}

const struct rows *replay_ask(struct exchange *x, const struct remembered *key)
{
	struct uuid id;
	return uuid_parse_text(key->object, &id) ? event_ask_all(x->reads, &key->org, 1, &id)
						 : NULL;
}

const struct problem *replay_answer(
	struct exchange *x, const struct remembered *key, const struct rows *events)
{
	struct recording r = { 0 };
	char code[11];
	if (events == NULL || !recording_load(x, events, &r))
		return problem(x, PROBLEM_INTERNAL, "无法重现先前的答复。",
			"The earlier answer cannot be given again.");
	if (r.history.count > key->version)
		r.history.count = key->version;
	recording_prepare(x, &r);
	/* one whose commit was in doubt is no repetition to its client */
	if (x->key_given && !x->doubtful)
		exchange_header(x, "Idempotency-Replayed", "true");
	mac_query_code(app_of(x)->keys, r.id.byte, code);
	struct case_view v = { .row = &r.before,
		.rules = &r.rules,
		.asking = &r.asking,
		.as_of = x->today,
		.query_code = strcmp(key->route, "POST /v1/cases") == 0 ? code : NULL,
		.made_codes = ogi_event_makes_cases(r.history.event[r.history.count - 1].kind),
		.change = change_of(x, &r.history, &r.rules) };
	view_case_reply(x, key->status, &v);
	return NULL;
}

const struct remembered *recording_key(
	struct exchange *x, const struct recording *r, int status)
{
	char id[37];
	uuid_print(&r->id, id);
	struct remembered *key = arena_make(x->arena, struct remembered);
	*key = (struct remembered){ .org = r->org,
		.actor = x->who->user,
		.key = x->key,
		.route = key_route(x),
		.body = key_body(x),
		.status = status,
		.object = arena_text(x->arena, id),
		.version = r->event.seq };
	return key;
}

const struct rows *recording_ask(struct exchange *x, struct recording *r, int status)
{
	struct app *app = app_of(x);
	r->bytes = event_write(app->keys, x->arena, r->org, &r->id, &r->event, &r->last);
	const struct remembered *key = recording_key(x, r, status);
	struct ledger_entry entry = { .after = &r->after,
		.event = &r->event,
		.bytes = &r->bytes,
		.actor = x->who->user,
		.key = key,
		.now = r->event.recorded_at };
	const struct ticket *number = r->numbered ? &r->number : NULL;
	x->order = (struct write_order){ .org = r->org, .rank = r->numbered ? 0 : 1 };
	if (!r->numbered)
		x->order.id = r->id;
	feed_touch(app->feed);
	if (r->history.count == 0)
		return ledger_ask_register(x->writes, &entry, number);
	if (r->event.kind == OGI_DOCUMENT_ISSUED)
		return ledger_ask_issue(x->writes, &entry);
	return ledger_ask_append(x->writes, &entry, number);
}
