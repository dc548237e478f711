/* SPDX-License-Identifier: MulanPSL-2.0 */
/* jobs/verify: reading the ledger whole and saying what does not hold. */
#include "jobs/verify.h"

#include "base/clock.h"
#include "base/form.h"
#include "domain/numbering.h"
#include "jobs/verify_parts.h"
#include "jobs/walk.h"
#include "store/check.h"
#include "store/event.h"
#include "store/project.h"
#include "store/setting.h"

#include <stdarg.h>
#include <string.h>

void finding(struct verifying *v, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	vfprintf(v->j->out, format, args);
	va_end(args);
	fputc('\n', v->j->out);
	v->findings++;
}

/* "zhucun:2017-1 (0192…)", or the id alone before registration. */
static const char *name_of(struct verifying *v, struct arena *a, const struct case_row *row)
{
	const struct directory_org *org = directory_org(v->j->directory, row->org);
	char id[37], number[24];
	uuid_print(&row->id, id);
	if (row->c.request.serial == 0)
		return arena_print(a, "%s:%s", org != NULL ? org->code : "?", id);
	ogi_number_print(row->c.request.year, row->c.request.serial, number);
	return arena_print(a, "%s:%s (%s)", org != NULL ? org->code : "?", number, id);
}

/* ---- one event ---- */

static void verify_commitment(
	struct verifying *v, struct arena *a, const char *name, const struct event_row *e)
{
	struct form_why why;
	const json_t *c = form_parse(a, e->canonical, strlen(e->canonical), &why);
	const char *hex = json_string_value(json_object_get(c, "text"));
	struct mac promised;
	if (hex == NULL) {
		if (e->salt != NULL)
			finding(v, "%s event %d: text that the chain does not know", name,
				e->event.seq);
		return;
	}
	if (e->salt == NULL) {
		finding(v, "%s event %d: its text is missing", name, e->event.seq);
	} else if (e->body != NULL) {
		struct mac is = mac_commit(v->j->keys, e->salt, e->body, strlen(e->body));
		if (!mac_parse(hex, &promised) || !mac_same(&is, &promised))
			finding(v, "%s event %d: its text was changed", name, e->event.seq);
	}
}

bool actor_agrees(
	const struct verifying *v, int32_t actor, const char *login, int64_t recorded_at)
{
	const struct directory_user *u = directory_user_by_id(v->j->directory, actor);
	if (u != NULL)
		return text_same(u->login, login);
	/* the programs ("system"), the applicants ("portal") and imported actors are nobody of
	 * the directory */
	if (login == NULL || strcmp(login, "system") == 0 ||
		(actor == 0 && strcmp(login, "portal") == 0))
		return true;
	u = directory_user(v->j->directory, login);
	return u == NULL || u->created_at > recorded_at;
}

/* The columns beside the canonical bytes must say the same. */
static bool columns_agree(struct verifying *v, const struct rows *r, int row,
	const struct event_row *e, struct arena *a)
{
	enum { AT_KIND = 8, AT_ON, AT_RECORDED, AT_SEQ, AT_ACTOR };
	struct form_why why;
	char id[37];
	uuid_print(&e->id, id);
	const json_t *c = form_parse(a, e->canonical, strlen(e->canonical), &why);
	return rows_int(r, row, AT_SEQ) == e->event.seq &&
	       text_same(rows_text(r, row, AT_KIND), ogi_event_kinds[e->event.kind].code) &&
	       rows_date(r, row, AT_ON).day == e->event.on.day &&
	       rows_instant(r, row, AT_RECORDED) == e->event.recorded_at &&
	       actor_agrees(
		       v, rows_int(r, row, AT_ACTOR), e->event.actor, e->event.recorded_at) &&
	       json_integer_value(json_object_get(c, "org")) == e->org &&
	       text_same(json_string_value(json_object_get(c, "case")), id);
}

/* The frozen text of a paper is the one whose hash was recorded. */
static void verify_paper(struct verifying *v, const char *name, const struct ogi_event *e)
{
	char hex[2 * MAC_BYTES + 1];
	if (e->kind != OGI_DOCUMENT_ISSUED || e->u.document.text == NULL)
		return;
	struct mac is = mac_hash(e->u.document.text, strlen(e->u.document.text));
	mac_print(&is, hex);
	if (!text_same(hex, e->u.document.sha256))
		finding(v, "%s event %d: the paper is not the one that was issued", name,
			e->seq);
}

static void verify_event(struct verifying *v, struct arena *a, const char *name,
	const struct rows *r, int row, const struct event_row *e, const struct mac *prev)
{
	struct mac link = mac_link(v->j->keys, prev, e->canonical, strlen(e->canonical));
	if (!mac_same(prev, &e->prev))
		finding(v, "%s event %d: an event before it is missing or was added", name,
			e->event.seq);
	if (!mac_same(&link, &e->hash))
		finding(v, "%s event %d: the event was changed", name, e->event.seq);
	if (!columns_agree(v, r, row, e, a))
		finding(v, "%s event %d: its columns differ from what was recorded", name,
			e->event.seq);
	verify_commitment(v, a, name, e);
	verify_paper(v, name, &e->event);
}

/* ---- one case ---- */

/* A walk_fn. */
static bool verify_case(void *arg, struct arena *a, const struct case_row *stored,
	const struct rows *r, int first, int n)
{
	struct verifying *v = arg;
	const char *name = name_of(v, a, stored);
	struct ogi_event *events = arena_array(a, struct ogi_event, n > 0 ? n : 1);
	struct mac prev = { 0 };
	struct ogi_date destroyed = { 0 };
	v->cases++;
	for (int i = 0; i < n; i++) {
		struct event_row e;
		v->events++;
		if (!event_read(r, first + i, a, &e)) {
			finding(v, "%s event %d of %d: cannot be read", name, i + 1, n);
			return true;
		}
		if (e.event.seq != i + 1)
			finding(v, "%s: event %d is missing", name, i + 1);
		verify_event(v, a, name, r, first + i, &e, &prev);
		destroyed = ogi_later(destroyed, e.destroyed_on);
		prev = e.hash;
		events[i] = e.event;
	}
	v->destroyed += ogi_is_date(destroyed);
	v->destroyed_on = ogi_later(v->destroyed_on, destroyed);
	if (n == 0) {
		finding(v, "%s: the case has no events", name);
		return true;
	}
	struct ogi_history h = { events, n };
	struct ogi_rules rules;
	struct case_row *folded = arena_make(a, struct case_row);
	directory_rules(v->j->directory, stored->org, v->today, &rules);
	setting_rules(v->j->directory, stored->org, events[n - 1].settings, a, &rules);
	project(v->j->keys, a, stored->org, &stored->id, &h, &rules, folded);
	const char *column = case_difference(folded, stored, ogi_is_date(destroyed));
	if (column == NULL && stored->calendar_version != events[n - 1].calendar_version)
		column = "calendar_version";
	if (column != NULL)
		finding(v, "%s: the projection differs from its events in %s", name, column);
	return true;
}

/* ---- numbers ---- */

static bool verify_numbers(struct verifying *v)
{
	struct arena *a = arena_new();
	struct batch *b = batch_new(a);
	const struct rows *numbers = check_ask_numbers(b), *gaps = check_ask_gaps(b),
			  *texts = check_ask_texts(b);
	bool there = job_read(v->j, b);
	for (int i = 0; there && i < rows_count(numbers); i++) {
		const struct directory_org *org =
			directory_org(v->j->directory, rows_int(numbers, i, 0));
		if (rows_int(numbers, i, 2) != rows_int(numbers, i, 3))
			finding(v, "%s %d: the highest number is %d, the counter stands at %d",
				org != NULL ? org->code : "?", rows_int(numbers, i, 1),
				rows_int(numbers, i, 2), rows_int(numbers, i, 3));
	}
	for (int i = 0; there && i < rows_count(gaps); i++) {
		const struct directory_org *org =
			directory_org(v->j->directory, rows_int(gaps, i, 0));
		finding(v, "%s %d: numbers %d to %d are missing and not declared",
			org != NULL ? org->code : "?", rows_int(gaps, i, 1),
			rows_int(gaps, i, 2), rows_int(gaps, i, 3));
	}
	for (int i = 0; there && i < rows_count(texts); i++) {
		struct uuid id = rows_uuid(texts, i, 1);
		char text[37];
		uuid_print(&id, text);
		finding(v, "%s event %d: text without its event", text, rows_int(texts, i, 2));
	}
	arena_free(a);
	return there;
}

/* ---- papers ---- */

static bool verify_papers(struct verifying *v)
{
	struct arena *a = arena_new();
	struct batch *b = batch_new(a);
	const struct rows *numbers = check_ask_documents(b), *issued = check_ask_issued(b);
	bool there = job_read(v->j, b);
	for (int i = 0; there && i < rows_count(numbers); i++) {
		const struct directory_org *org =
			directory_org(v->j->directory, rows_int(numbers, i, 0));
		finding(v,
			"%s %s %d: %d papers, the highest number is %d, the counter stands at %d",
			org != NULL ? org->code : "?", rows_text(numbers, i, 1),
			rows_int(numbers, i, 2), rows_int(numbers, i, 3),
			rows_int(numbers, i, 4), rows_int(numbers, i, 5));
	}
	for (int i = 0; there && i < rows_count(issued); i++) {
		struct uuid id = rows_uuid(issued, i, 1);
		char text[37];
		uuid_print(&id, text);
		finding(v, "%s event %d: paper and event do not agree", text,
			rows_int(issued, i, 2));
	}
	arena_free(a);
	return there;
}

int verify_share(struct job *j, struct walk_place *place, int64_t most, struct verify_turn turn,
	struct verify_counts *ret_counts)
{
	struct verifying v = { .j = j, .today = clock_china_date(clock_now()), .turn = turn };
	const struct walk_place from = *place;
	if (!walk_on(j, place, most, verify_case, &v) || !verify_numbers(&v) ||
		!verify_papers(&v) || !verify_registers(&v) ||
		!verify_attachments(&v, &from, place) || !verify_seals(&v))
		return 3;
	if (v.destroyed > 0) {
		char day[11];
		text_from_date(v.destroyed_on, day);
		fprintf(j->out,
			"verify: personal data of %lld cases destroyed on %s or before\n",
			(long long)v.destroyed, day);
	}
	fprintf(j->out, "verify: %lld cases, %lld entries, %lld findings\n", (long long)v.cases,
		(long long)v.events, (long long)v.findings);
	*ret_counts = (struct verify_counts){ v.cases, v.events, v.findings };
	return v.findings > 0 ? 1 : 0;
}

int verify_run(struct job *j)
{
	struct walk_place place = { .more = true };
	struct verify_counts counts;
	return verify_share(j, &place, INT64_MAX, (struct verify_turn){ 1, 0 }, &counts);
}
