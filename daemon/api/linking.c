/* SPDX-License-Identifier: MulanPSL-2.0 */
/* api/linking: split, merged, handed_over. */
#include "api/linking.h"

#include "api/address.h"
#include "domain/numbering.h"
#include "store/attachment.h"

#include <string.h>

bool linking_concerns(const struct ogi_event *e)
{
	return e->kind == OGI_SPLIT || e->kind == OGI_MERGED || e->kind == OGI_HANDED_OVER;
}

/* ---- what the event names ---- */

void linking_load(struct exchange *x, struct linking *l, const struct ogi_event *e)
{
	struct address a;
	if (e->kind != OGI_MERGED || e->u.merged.into == NULL ||
		address_read(x, e->u.merged.into, &a) != NULL)
		return;
	/* the same letter lies in the same office: nobody merges across organisations */
	if (!a.by_number)
		l->found = case_ask(x->reads, &x->who->org, 1, &a.id);
	else if (a.org == x->who->org)
		l->found = address_ask_case(x, &a);
}

static struct ogi_link link_to(struct exchange *x, const struct case_row *row)
{
	const struct ogi_request *q = &row->c.request;
	char id[37], number[24];
	uuid_print(&row->id, id);
	if (q->serial > 0)
		ogi_number_print(q->year, q->serial, number);
	return (struct ogi_link){ .org = directory_org(app_directory(x), row->org)->code,
		.id = arena_text(x->arena, id),
		.number = q->serial > 0 ? arena_text(x->arena, number) : NULL };
}

static bool differ(const char *a, const char *b)
{
	return a != NULL && b != NULL && strcmp(a, b) != 0;
}

/* The same letter entered twice: nothing that was written down of both may differ in who asked
 * and for which document. */
static bool same_request(const struct case_row *a, const struct case_row *b)
{
	static const struct mac none;
	const struct ogi_request *q = &a->c.request, *p = &b->c.request;
	bool blind = !mac_same(&a->id_blind, &none) && !mac_same(&b->id_blind, &none);
	return !differ(q->applicant.name, p->applicant.name) &&
	       !differ(q->document_ref, p->document_ref) &&
	       (!blind || mac_same(&a->id_blind, &b->id_blind));
}

static void look_at_case(struct exchange *x, struct linking *l, struct recording *r)
{
	struct ogi_event *e = &r->event;
	r->asking.target = OGI_TARGET_UNKNOWN;
	if (l->found == NULL || rows_count(l->found) == 0 || r->org != x->who->org)
		return;
	case_read(l->found, 0, x->arena, &l->target);
	e->u.merged.target = link_to(x, &l->target);
	if (uuid_same(&l->target.id, &r->id))
		r->asking.target = OGI_TARGET_ITSELF;
	else if (l->target.c.status >= OGI_ST_VOID_SPLIT)
		r->asking.target = OGI_TARGET_VOID;
	else
		r->asking.target = same_request(&r->before, &l->target) ? OGI_TARGET_FITS
									: OGI_TARGET_ELSEWISE;
}

void linking_look(struct exchange *x, struct linking *l, struct recording *r)
{
	const struct ogi_event *e = &r->event;
	if (e->kind == OGI_MERGED)
		look_at_case(x, l, r);
	if (e->kind != OGI_HANDED_OVER || e->u.handed_over.to_org == NULL)
		return;
	l->to = directory_org_by_code(app_directory(x), e->u.handed_over.to_org);
	r->asking.target = l->to == NULL         ? OGI_TARGET_UNKNOWN
			   : l->to->id == r->org ? OGI_TARGET_ITSELF
						 : OGI_TARGET_FITS;
}

/* ---- numbers ---- */

/* Which counter, and how many serials of it; 0 for an arrival that has none yet. */
static int32_t serials_of(
	const struct linking *l, const struct recording *r, int32_t *ret_org, int32_t *ret_year)
{
	const struct ogi_event *e = &r->event;
	*ret_org = l->to != NULL ? l->to->id : r->org;
	*ret_year = l->to != NULL ? r->before.c.request.year : ogi_date_year(e->on);
	if (e->kind == OGI_SPLIT)
		return e->u.split.parts.count;
	return e->kind == OGI_HANDED_OVER && r->before.c.request.serial > 0 ? 1 : 0;
}

void linking_decide(struct exchange *x, struct linking *l, const struct recording *r)
{
	int32_t org, year;
	l->serials = serials_of(l, r, &org, &year);
	if (l->serials > 0 && !tickets_known(app_of(x)->tickets, TICKET_NUMBER, org, year))
		l->head = tickets_ask(x->reads, TICKET_NUMBER, org, year);
}

static void take_serials(struct exchange *x, struct linking *l, const struct recording *r)
{
	struct tickets *t = app_of(x)->tickets;
	int32_t org, year;
	serials_of(l, r, &org, &year);
	if (l->head != NULL)
		tickets_learn(t, TICKET_NUMBER, org, year, l->head);
	l->first = tickets_take(t, TICKET_NUMBER, org, year);
	for (int32_t i = 1; i < l->serials; i++)
		tickets_take(t, TICKET_NUMBER, org, year);
}

void linking_stale(struct exchange *x, const struct linking *l)
{
	if (l->serials > 0)
		tickets_stale(app_of(x)->tickets, &l->first);
}

/* ---- the cases that are made ---- */

static const char *plain_identity(
	struct exchange *x, const struct recording *r, const char *sealed)
{
	return sealed != NULL ? unseal_text(app_of(x)->keys, x->arena, r->id.byte, sealed)
			      : NULL;
}

/* A part is a request of its own: who asked, when it was received, and what it asks for. */
static void make_part(
	struct exchange *x, const struct linking *l, const struct recording *r, int index)
{
	struct recording *p = &l->part[index];
	const struct ogi_part *part = (const struct ogi_part *)r->event.u.split.parts.item;
	*p = (struct recording){
		.org = r->org, .id = uuid_ordered(x->now), .rules = r->rules, .event = r->event
	};
	struct ogi_event *e = &p->event;
	memset(&e->u, 0, sizeof e->u);
	e->kind = OGI_REGISTERED;
	e->seq = 1;
	e->note = e->document_no = NULL;
	e->historic = (r->before.c.flags & OGI_HISTORIC) != 0;
	struct ogi_request *q = &e->u.request;
	*q = r->before.c.request;
	q->applicant.id_number = plain_identity(x, r, q->applicant.id_number);
	q->description = part[index].description;
	if (part[index].subject != NULL)
		q->subject = part[index].subject;
	q->external_ref = NULL;
	q->confirmed = OGI_NOT_SAID;
	q->registered_on = r->event.on;
	q->split_from = link_to(x, &r->before);
	ogi_event_complete(e, &p->before.c, &p->rules);
	struct ogi_verdict v;
	ogi_case_decide(&p->before.c, &p->history, e, &p->rules, NULL, &v);
	e->warnings = v.warnings;
	q->year = l->first.year;
	q->serial = (int32_t)l->first.seq + index;
	recording_fold(x, p, false);
	p->bytes = event_write(app_of(x)->keys, x->arena, p->org, &p->id, &p->event, &p->last);
}

static struct ledger_entry entry_of(struct exchange *x, const struct recording *p)
{
	return (struct ledger_entry){ .after = &p->after,
		.event = &p->event,
		.bytes = &p->bytes,
		.actor = x->who->user,
		.now = p->event.recorded_at };
}

static void append_own(
	struct exchange *x, const struct recording *r, const struct remembered *key)
{
	struct ledger_entry entry = entry_of(x, r);
	ledger_ask_append_open(x->writes, &entry, key);
}

/* The event of the case itself, folded with what it leads to. */
static const struct remembered *fold_own(struct exchange *x, struct recording *r)
{
	recording_fold(x, r, false);
	r->bytes = event_write(app_of(x)->keys, x->arena, r->org, &r->id, &r->event, &r->last);
	return recording_key(x, r, 201);
}

static void take_files(
	struct exchange *x, const struct recording *made, const struct ledger_entry *own)
{
	const struct origin from = { own->after->org, own->after->id, own->event->seq,
		own->bytes->hash };
	attachment_ask_follow(x->writes, made->org, &made->id, &from);
}

static const struct rows *open_numbers(struct exchange *x, const struct linking *l,
	const struct recording *r, const struct remembered *key)
{
	int32_t org = l->to != NULL && l->to->id < r->org ? l->to->id : r->org;
	x->order = (struct write_order){ .org = org, .rank = 0 };
	return ledger_ask_open_numbers(x->writes, key, &r->id, r->before.c.version, &l->first,
		l->serials, r->rules.calendar->version, r->event.recorded_at);
}

static const struct rows *split(struct exchange *x, struct linking *l, struct recording *r)
{
	int n = l->parts = r->event.u.split.parts.count;
	struct ogi_link *made = arena_array(x->arena, struct ogi_link, n);
	l->part = arena_array(x->arena, struct recording, n);
	take_serials(x, l, r);
	for (int i = 0; i < n; i++) {
		make_part(x, l, r, i);
		made[i] = link_to(x, &l->part[i].after);
	}
	r->event.u.split.cases = (struct objects){ made, n };
	const struct remembered *key = fold_own(x, r);
	const struct rows *opened = open_numbers(x, l, r, key);
	append_own(x, r, key);
	struct ledger_entry own = entry_of(x, r);
	for (int i = 0; i < n; i++) {
		struct ledger_entry entry = entry_of(x, &l->part[i]);
		ledger_ask_register_behind(x->writes, &entry, &own);
		take_files(x, &l->part[i], &own);
	}
	return opened;
}

/* The other case must stay as it was looked at: two that are merged into each other at once
 * would both be gone. */
static const struct rows *merge(struct exchange *x, struct linking *l, struct recording *r)
{
	const struct remembered *key = fold_own(x, r);
	const int32_t org[2] = { r->org, r->org };
	const struct uuid id[2] = { r->id, l->target.id };
	const int32_t version[2] = { r->before.c.version, l->target.c.version };
	bool first = memcmp(&id[0], &id[1], sizeof id[0]) < 0;
	x->order =
		(struct write_order){ .org = r->org, .rank = 1, .id = first ? id[0] : id[1] };
	const struct rows *opened = ledger_ask_open(x->writes, key, org, id, version, 2,
		r->rules.calendar->version, r->event.recorded_at);
	append_own(x, r, key);
	return opened;
}

/* ---- handing over ---- */

/* An event as the new ledger keeps it: what is sealed to a case is sealed to the new one. */
static void copy_event(struct exchange *x, const struct linking *l, const struct recording *r,
	const struct ogi_event *from, struct ogi_event *to)
{
	struct recording *p = l->part;
	*to = *from;
	bool request = from->kind == OGI_ARRIVED || from->kind == OGI_REGISTERED ||
		       from->kind == OGI_RECEIPT_CONFIRMED;
	if (request) {
		struct ogi_request *q = &to->u.request;
		q->applicant.id_number = plain_identity(x, r, q->applicant.id_number);
		if (q->serial > 0)
			q->serial = (int32_t)l->first.seq;
	} else if (from->kind == OGI_AMENDED && event_amends_identity(from)) {
		to->u.change.to_text = plain_identity(x, r, from->u.change.to_text);
	}
	event_seal(app_of(x)->keys, x->arena, &p->id, to);
}

/* The whole ledger of the case, and behind it the event that says where it came from. */
static void make_successor(struct exchange *x, struct linking *l, const struct recording *r)
{
	int n = r->history.count;
	struct ogi_event *all = arena_array(x->arena, struct ogi_event, n + 1);
	struct recording *p = l->part = arena_make(x->arena, struct recording);
	l->parts = 1;
	p->org = l->to->id;
	p->id = uuid_ordered(x->now);
	app_rules(x, p->org, r->event.settings, &p->rules);
	for (int i = 0; i < n; i++)
		copy_event(x, l, r, &r->history.event[i], &all[i]);
	p->history = (struct ogi_history){ all, n };
	project(app_of(x)->keys, x->arena, p->org, &p->id, &p->history, &p->rules, &p->before);
	p->event = r->event;
	p->event.u.handed_over.from = link_to(x, &r->before);
	recording_fold(x, p, false);
}

/* Each copied event keeps its actor, its instant and its place in the chain. */
static void write_successor(
	struct exchange *x, struct recording *p, const struct ledger_entry *own)
{
	const struct directory *d = app_directory(x);
	for (int i = 0; i < p->with.count; i++) {
		const struct ogi_event *e = &p->with.event[i];
		const struct directory_user *by =
			e->actor != NULL ? directory_user(d, e->actor) : NULL;
		struct event_bytes *bytes = arena_make(x->arena, struct event_bytes);
		*bytes = event_write(app_of(x)->keys, x->arena, p->org, &p->id, e, &p->last);
		struct ledger_entry entry = { .after = &p->after,
			.event = e,
			.bytes = bytes,
			.actor = by != NULL ? by->id : 0,
			.now = e->recorded_at };
		if (i == 0)
			ledger_ask_register_behind(x->writes, &entry, own);
		else
			ledger_ask_event_behind(x->writes, &entry, own);
		p->last = bytes->hash;
	}
}

static const struct rows *hand_over(struct exchange *x, struct linking *l, struct recording *r)
{
	if (l->serials > 0)
		take_serials(x, l, r);
	make_successor(x, l, r);
	r->event.u.handed_over.to = link_to(x, &l->part->after);
	const struct remembered *key = fold_own(x, r);
	const struct rows *opened;
	if (l->serials > 0) {
		opened = open_numbers(x, l, r, key);
	} else {
		x->order = (struct write_order){ .org = r->org, .rank = 1, .id = r->id };
		opened = ledger_ask_open(x->writes, key, &r->org, &r->id, &r->before.c.version,
			1, r->rules.calendar->version, r->event.recorded_at);
	}
	append_own(x, r, key);
	struct ledger_entry own = entry_of(x, r);
	write_successor(x, l->part, &own);
	take_files(x, l->part, &own);
	return opened;
}

const struct rows *linking_write(
	struct exchange *x, struct linking *l, struct recording *r, bool dry_run)
{
	if (dry_run) {
		recording_fold(x, r, false);
		return NULL;
	}
	if (r->event.kind == OGI_SPLIT)
		return split(x, l, r);
	return r->event.kind == OGI_MERGED ? merge(x, l, r) : hand_over(x, l, r);
}
