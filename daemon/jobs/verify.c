/* SPDX-License-Identifier: MulanPSL-2.0 */
/* jobs/verify: reading the ledger whole and saying what does not hold. */
#include "jobs/verify.h"

#include "base/clock.h"
#include "base/form.h"
#include "domain/numbering.h"
#include "jobs/walk.h"
#include "store/check.h"
#include "store/event.h"
#include "store/project.h"

#include <stdarg.h>
#include <string.h>

enum { PAGE = 500 };

struct verifying {
	struct job *j;
	int64_t cases, events, findings;
	struct ogi_date today;
};

static void finding(struct verifying *v, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
static void finding(struct verifying *v, const char *format, ...)
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

/* The columns beside the canonical bytes must say the same. */
static bool columns_agree(
	const struct rows *r, int row, const struct event_row *e, struct arena *a)
{
	enum { AT_KIND = 8, AT_ON, AT_RECORDED, AT_SEQ };
	struct form_why why;
	char id[37];
	uuid_print(&e->id, id);
	const json_t *c = form_parse(a, e->canonical, strlen(e->canonical), &why);
	return rows_int(r, row, AT_SEQ) == e->event.seq &&
	       text_same(rows_text(r, row, AT_KIND), ogi_event_kinds[e->event.kind].code) &&
	       rows_date(r, row, AT_ON).day == e->event.on.day &&
	       rows_instant(r, row, AT_RECORDED) == e->event.recorded_at &&
	       json_integer_value(json_object_get(c, "org")) == e->org &&
	       text_same(json_string_value(json_object_get(c, "case")), id);
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
	if (!columns_agree(r, row, e, a))
		finding(v, "%s event %d: its columns differ from what was recorded", name,
			e->event.seq);
	verify_commitment(v, a, name, e);
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
	bool destroyed = false;
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
		destroyed = destroyed || ogi_is_date(e.destroyed_on);
		prev = e.hash;
		events[i] = e.event;
	}
	if (n == 0) {
		finding(v, "%s: the case has no events", name);
		return true;
	}
	struct ogi_history h = { events, n };
	struct ogi_rules rules;
	struct case_row *folded = arena_make(a, struct case_row);
	directory_rules(v->j->directory, stored->org, v->today, &rules);
	project(v->j->keys, a, stored->org, &stored->id, &h, &rules, folded);
	const char *column = case_difference(folded, stored, destroyed);
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

/* ---- chained registers ---- */

struct head {
	int32_t org;
	int64_t seq;
	struct mac hash;
};

static void verify_head(
	struct verifying *v, const struct rows *heads, const char *name, const struct head *is)
{
	for (int i = 0; i < rows_count(heads); i++) {
		struct mac hash = rows_mac(heads, i, 3);
		if (rows_int(heads, i, 0) != is->org ||
			strcmp(rows_text(heads, i, 1), name) != 0)
			continue;
		if (rows_int64(heads, i, 2) != is->seq || !mac_same(&hash, &is->hash))
			finding(v,
				"register %s of organisation %d: entries at its end are missing",
				name, is->org);
		return;
	}
	finding(v, "register %s of organisation %d: it has no head", name, is->org);
}

/* Entries of all organisations, oldest first; *is is the last one seen. */
static bool verify_entries(struct verifying *v, const struct stmt *chain, const char *name,
	const struct rows *heads, struct head *is, bool *ret_more)
{
	struct arena *a = arena_new();
	struct batch *b = batch_new(a);
	const struct rows *r = check_ask_chain(b, chain, is->org, is->seq, PAGE);
	bool there = job_read(v->j, b);
	for (int i = 0; there && i < rows_count(r); i++) {
		int32_t org = rows_int(r, i, 0);
		if (org != is->org) {
			if (is->seq > 0)
				verify_head(v, heads, name, is);
			*is = (struct head){ .org = org };
		}
		const char *bytes = rows_text(r, i, 2);
		struct mac prev = rows_mac(r, i, 3), hash = rows_mac(r, i, 4);
		struct mac link = mac_link(v->j->keys, &prev, bytes, strlen(bytes));
		int64_t seq = rows_int64(r, i, 1);
		if (seq != is->seq + 1 || !mac_same(&prev, &is->hash))
			finding(v,
				"register %s of organisation %d: an entry before %lld is missing or was added",
				name, org, (long long)seq);
		if (!mac_same(&link, &hash))
			finding(v, "register %s of organisation %d: entry %lld was changed",
				name, org, (long long)seq);
		is->seq = seq;
		is->hash = hash;
		v->events++;
	}
	*ret_more = there && rows_count(r) == PAGE;
	arena_free(a);
	return there;
}

static bool verify_registers(struct verifying *v)
{
	static const struct {
		const struct stmt *chain;
		const char *name;
	} registers[] = { { &check_chain_audit, "audit" },
		{ &check_chain_disclosure, "disclosure" }, { &check_chain_review, "review" } };
	struct arena *a = arena_new();
	struct batch *b = batch_new(a);
	const struct rows *heads = check_ask_heads(b);
	bool there = job_read(v->j, b);
	for (size_t i = 0; there && i < sizeof registers / sizeof registers[0]; i++) {
		struct head is = { .org = INT32_MIN };
		bool more = true;
		while (there && more)
			there = verify_entries(
				v, registers[i].chain, registers[i].name, heads, &is, &more);
		if (there && is.seq > 0)
			verify_head(v, heads, registers[i].name, &is);
	}
	arena_free(a);
	return there;
}

int verify_run(struct job *j)
{
	struct verifying v = { .j = j, .today = clock_china_date(clock_now()) };
	if (!walk_cases(j, verify_case, &v) || !verify_numbers(&v) || !verify_registers(&v))
		return 3;
	fprintf(j->out, "verify: %lld cases, %lld entries, %lld findings\n", (long long)v.cases,
		(long long)v.events, (long long)v.findings);
	return v.findings > 0 ? 1 : 0;
}
