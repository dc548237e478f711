/* SPDX-License-Identifier: MulanPSL-2.0 */
/*
 * Any bytes as a history: settings and a request, then eight bytes an event, recorded whether
 * or not the law would have let it. The fold is total: it ends, says the same again, and what
 * is asked of the case (standing, what may be done, the verdict on one event more, why the date
 * is what it is) has an answer.
 */
#include "fuzz.h"

#include "domain/explain.h"
#include "domain/lifecycle.h"

#include <string.h>

enum {
	EVENTS = 64,
	EVENT_BYTES = 8,
	FIRST_YEAR = 2017,
	LAST_YEAR = 2021,
	DAYS_LOOKED_AT = 45,
	CALENDAR_BYTES = 1 << 15,
	TODAY = 738156, /* 2022-01-01 */
};

struct taken {
	const uint8_t *at;
	size_t left;
};

static unsigned next(struct taken *t)
{
	if (t->left == 0)
		return 0;
	t->left--;
	return *t->at++;
}

static const struct ogi_calendar *calendar(void)
{
	static _Alignas(8) unsigned char memory[CALENDAR_BYTES];
	static struct ogi_calendar cal;
	const struct ogi_calendar_row rows[] = { { ogi_date_of(2019, 10, 1), true },
		{ ogi_date_of(2019, 10, 2), true }, { ogi_date_of(2019, 10, 12), false },
		{ ogi_date_of(2020, 1, 19), false }, { ogi_date_of(2020, 1, 24), true } };
	int bad;
	if (cal.working_days == 0) {
		must(ogi_calendar_bytes(FIRST_YEAR, LAST_YEAR) <= sizeof memory);
		must(ogi_calendar_build(&cal, memory, FIRST_YEAR, LAST_YEAR, rows, 5, 1, &bad));
	}
	return &cal;
}

/* ---- events ---- */

static const char *text(unsigned n)
{
	static const char *const texts[] = { NULL, "甲", "2019-05-20", "on", "workdays",
		"applicant.name", "arrived_on", "received_on", "7", "handler", "true",
		"registered_on", "delay_until", "of", "items", "kind" };
	return texts[n % (sizeof texts / sizeof *texts)];
}

static struct ogi_date date(unsigned n, struct ogi_date from)
{
	if (n < 40)
		return (struct ogi_date){ 0 };
	if (n > 250) /* the ends of what a body can say */
		return n % 2 == 0 ? ogi_date_of(1900, 1, 1) : ogi_date_of(2199, 12, 31);
	return ogi_date_add(from, (int)n - 60);
}

static void fill(const struct field *rows, void *to, struct taken *t, struct ogi_date from)
{
	static const char *const item[] = { "一" };
	for (const struct field *f = rows; f->name != NULL; f++) {
		void *at = (char *)to + f->at;
		unsigned n = f->type == FIELD_OBJECT || f->type == FIELD_OBJECTS ? 0 : next(t);
		if (f->type == FIELD_OBJECT)
			fill(f->fields, at, t, from);
		else if (f->type == FIELD_DATE)
			*(struct ogi_date *)at = date(n, from);
		else if (f->type == FIELD_INT)
			*(int32_t *)at = (int32_t)(n % 67) - (f->min < 0 ? 1 : 0);
		else if (f->type == FIELD_BOOL)
			*(bool *)at = n % 2 == 1;
		else if (f->type == FIELD_CODE && (f->flags & FIELD_LOOSE) == 0)
			*(int32_t *)at = (int32_t)n % (code_count(f->codes) + 1) - 1;
		else if (f->type == FIELD_TEXT || f->type == FIELD_CODE)
			*(const char **)at = text(n);
		else if (f->type == FIELD_TEXTS)
			*(struct texts *)at = (struct texts){ item, n % 2 == 1 };
	}
}

static struct ogi_event event(struct taken *all, struct ogi_date from, int seq)
{
	struct taken t = { all->at, all->left < EVENT_BYTES ? all->left : EVENT_BYTES };
	all->at += t.left;
	all->left -= t.left;
	struct ogi_event e = { .seq = seq };
	e.kind = OGI_RECEIPT_CONFIRMED +
		 (int32_t)(next(&t) % (OGI_EVENT_KINDS - OGI_RECEIPT_CONFIRMED));
	e.on = ogi_date_add(from, (int)next(&t) % 40 - 3);
	fill(ogi_event_fields((enum ogi_event_kind)e.kind), &e, &t, from);
	return e;
}

static struct ogi_event request(struct taken *t)
{
	struct ogi_event e = { .kind = OGI_REGISTERED, .seq = 1 };
	struct ogi_request *q = &e.u.request;
	q->channel = OGI_IN_PERSON + (int32_t)(next(t) % 4);
	q->via = (int32_t)(next(t) % 6);
	/* from 2017 over the change of the Regulations to the last year of the calendar */
	q->arrived_on = ogi_date_add(ogi_date_of(FIRST_YEAR, 1, 2), (int)(next(t) * 7));
	q->confirmed_on = date(next(t), q->arrived_on);
	q->registered_on = date(next(t), q->arrived_on);
	q->confirmed = (int32_t)(next(t) % 3);
	return e;
}

/* ---- what must hold ---- */

static void look(const struct ogi_case *c, const struct ogi_rules *r)
{
	struct ogi_standing s;
	struct ogi_possible possible[OGI_EVENT_KINDS];
	const struct ogi_asking who = {
		.login = "duo", .roles = (1u << OGI_ROLES) - 1, .own_organisation = true
	};
	ogi_case_standing(c, r, r->today, &s);
	must(s.counted >= 0 && s.remaining >= -1 && s.overdue_workdays >= 0);
	must(s.watches >= 0 && s.watches <= OGI_WATCHES);
	int n = ogi_case_possible(c, r, &who, possible);
	must(n >= 0 && n <= OGI_EVENT_KINDS);
	for (int i = 1; i < c->excluded_count; i++)
		must(ogi_is_date(c->excluded[i - 1].to) &&
			c->excluded[i - 1].to.day < c->excluded[i].from.day);
	must(!ogi_is_date(c->due_on) || !ogi_is_date(c->latest_due_on));
	must(c->consultations <= OGI_CONSULTATIONS && c->runs <= OGI_RUNS);
}

static void explain(const struct ogi_history *h, const struct ogi_rules *r)
{
	static struct ogi_why w;
	struct ogi_why_day d;
	int n = -1;
	ogi_why(h, r, r->today, &w);
	must(w.steps <= OGI_WHY_STEPS && w.alternatives <= OGI_READINGS);
	must(w.last.day - w.first.day < OGI_WHY_DAYS);
	if (!ogi_is_date(w.last))
		return;
	struct ogi_date from = w.first;
	if (w.last.day - from.day > DAYS_LOOKED_AT)
		from = ogi_date_add(w.last, -DAYS_LOOKED_AT);
	for (; from.day <= w.last.day; from.day++) {
		ogi_why_day(&w, from, &d);
		must(n < 0 || d.n == n + d.counted);
		must(d.reason >= 0 && d.reason <= OGI_WHY_PROVISIONAL);
		n = d.n;
	}
}

static bool is_changed(const struct ogi_history *h)
{
	for (int i = 0; i < h->count; i++)
		if (h->event[i].kind == OGI_AMENDED || h->event[i].kind == OGI_RETRACTED)
			return true;
	return false;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	static struct ogi_event events[EVENTS];
	static struct ogi_case step, fold, again;
	struct ogi_verdict v;
	struct taken t = { bytes, n };
	unsigned set = next(&t);
	struct ogi_rules r = { .calendar = calendar(),
		.today = { TODAY },
		.transition = (int)(set & 1),
		.exclusion_inclusive = (set & 2) != 0,
		.r2008_correction = (int)(set >> 2) % 3,
		.correction_days = 15 };
	struct ogi_history h = { events, 1 };
	memset(&step, 0, sizeof step);
	events[0] = request(&t);
	ogi_event_complete(&events[0], &step, &r);
	ogi_case_evolve(&step, &events[0], &r);
	while (t.left > 0 && h.count < EVENTS) {
		struct ogi_date from = ogi_later(step.last_clock_on, events[0].on);
		struct ogi_event *e = &events[h.count];
		*e = event(&t, from, h.count + 1);
		ogi_event_complete(e, &step, &r);
		ogi_case_decide(&step, &h, e, &r, NULL, &v);
		must(v.faults >= 0 && v.faults <= 32 && v.refusal < OGI_REFUSALS);
		must((v.refusal == OGI_INVALID) == (v.faults > 0));
		h.count++;
		ogi_case_evolve(&step, e, &r);
	}
	ogi_case_fold(&h, &r, &fold);
	ogi_case_fold(&h, &r, &again);
	must(memcmp(&fold, &again, sizeof fold) == 0);
	must(is_changed(&h) || memcmp(&fold, &step, sizeof fold) == 0);
	look(&fold, &r);
	explain(&h, &r);
	return 0;
}
