/* SPDX-License-Identifier: MulanPSL-2.0 */
/* api/notice_report: taken case by case, written as lists. */
#include "api/notice_report.h"

#include "domain/numbering.h"

#include <stdlib.h>

static void add(struct notice_report *r, enum report_list which, struct report_entry entry)
{
	r->list[which].all++;
	if (r->list[which].count == REPORT_MOST)
		return;
	if (r->list[which].count == r->list[which].room) {
		int room = r->list[which].room > 0 ? 2 * r->list[which].room : 64;
		struct report_entry *grown =
			realloc(r->list[which].entry, (size_t)room * sizeof *grown);
		if (grown == NULL)
			abort();
		r->list[which].entry = grown;
		r->list[which].room = room;
	}
	r->list[which].entry[r->list[which].count++] = entry;
}

/* ---- letters ---- */

/* The letter of event `seq` named a date that is now another. */
static void letter(struct notice_report *r, const struct recompute_found *f,
	struct report_entry entry, int32_t seq, struct ogi_date before, struct ogi_date after)
{
	const struct ogi_history *h = f->history;
	if (!ogi_is_date(before) || before.day == after.day || seq < 1 || seq > h->count)
		return;
	entry.seq = seq;
	entry.kind = ogi_event_kinds[h->event[seq - 1].kind].code;
	entry.before = before;
	entry.after = after;
	add(r, REPORT_LETTERS, entry);
}

/*
 * An extension tells the new due date (art. 33), and what is issued as a document may name the
 * date of that day; a correction (art. 30), a consultation (art. 32) and a fee notice name the
 * end of their own period.
 */
static void letters(struct notice_report *r, const struct recompute_found *f,
	const struct report_entry *entry)
{
	const struct ogi_case *old = &f->before->c, *new = &f->after->c;
	for (int i = 0; i < f->history->count; i++) {
		const struct ogi_event *e = &f->history->event[i];
		if ((e->kind == OGI_EXTENDED || e->kind == OGI_DOCUMENT_ISSUED) &&
			e->due_after.day == old->due_on.day)
			letter(r, f, *entry, e->seq, old->due_on, new->due_on);
	}
	if (new->status == OGI_ST_CORRECTION_REQUESTED)
		letter(r, f, *entry, new->correction_seq, old->correction_due_on,
			new->correction_due_on);
	if (new->status == OGI_ST_FEE_NOTICED)
		letter(r, f, *entry, new->fee_seq, old->fee_due_on, new->fee_due_on);
	for (int i = 0; i < new->consultations &&i < old->consultations; i++)
		if (!ogi_is_date(new->consultation[i].closed_on))
			letter(r, f, *entry, new->consultation[i].seq,
				old->consultation[i].window_end,
				new->consultation[i].window_end);
}

/* ---- cases ---- */

void report_take(
	struct notice_report *r, const struct recompute_found *f, struct ogi_date today)
{
	const struct ogi_case *old = &f->before->c, *new = &f->after->c;
	struct report_entry entry = { .org = f->before->org,
		.id = f->before->id,
		.year = new->request.year,
		.serial = new->request.serial,
		.before = old->due_on,
		.after = new->due_on };
	bool moves = entry.before.day != entry.after.day;
	if (ogi_case_ended(new)) {
		if (moves)
			add(r, REPORT_CLOSED, entry);
		else
			r->others++;
		return;
	}
	if (!moves && old->latest_due_on.day == new->latest_due_on.day) {
		r->others++;
		letters(r, f, &entry);
		return;
	}
	add(r, REPORT_MOVED, entry);
	if (moves && ogi_is_date(entry.after)) {
		bool was = ogi_is_date(entry.before) && ogi_before(entry.before, today);
		bool is = ogi_before(entry.after, today);
		if (is && !was)
			add(r, REPORT_NEWLY, entry);
		if (was && !is)
			add(r, REPORT_NO_LONGER, entry);
	}
	letters(r, f, &entry);
}

/* ---- writing ---- */

static void write_case(struct json_out *o, const char *name, const struct report_entry *e)
{
	char id[37];
	uuid_print(&e->id, id);
	out_text(o, name, id);
}

static void write_entry(
	struct json_out *o, const struct report_entry *e, const struct directory *d)
{
	const struct directory_org *org = directory_org(d, e->org);
	char number[24] = "";
	out_object(o, NULL);
	write_case(o, "case", e);
	if (e->serial > 0)
		ogi_number_print(e->year, e->serial, number);
	out_text(o, "number", number[0] != '\0' ? number : NULL);
	out_text(o, "org", org != NULL ? org->code : NULL);
	if (e->seq > 0) {
		out_number(o, "seq", e->seq);
		out_text(o, "kind", e->kind);
	}
	out_date(o, "due_before", e->before);
	out_date(o, "due_after", e->after);
	out_object_end(o);
}

void report_write(struct json_out *o, const struct notice_report *r, const struct directory *d)
{
	static const char *const names[REPORT_LISTS] = { "moved", "newly_overdue",
		"no_longer_overdue", "letters", "closed" };
	bool complete = true;
	for (int k = 0; k < REPORT_LISTS; k++) {
		bool short_form = k == REPORT_NEWLY || k == REPORT_NO_LONGER;
		out_array(o, names[k]);
		for (int i = 0; i < r->list[k].count; i++)
			if (short_form)
				write_case(o, NULL, &r->list[k].entry[i]);
			else
				write_entry(o, &r->list[k].entry[i], d);
		out_array_end(o);
		complete = complete && r->list[k].all == r->list[k].count;
	}
	out_object(o, "counts");
	for (int k = 0; k < REPORT_LISTS; k++)
		out_number(o, names[k], r->list[k].all);
	out_number(o, "others", r->others);
	out_object_end(o);
	out_bool(o, "complete", complete);
}

void report_clear(struct notice_report *r)
{
	for (int k = 0; k < REPORT_LISTS; k++)
		free(r->list[k].entry);
	*r = (struct notice_report){ 0 };
}
