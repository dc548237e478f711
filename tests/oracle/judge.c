/* SPDX-License-Identifier: MulanPSL-2.0 */
/*
 * tests/oracle/judge: the law of the daemon for the oracle: scenarios as lines on standard
 * input, what it says of each event on standard output. Dates are day numbers (1 is
 * 0001-01-01), "-" or 0 is none; the words are the codes of the API.
 *
 *   in:  today as_of transition inclusive r2008_correction channel via arrived signed confirmed
 *        {kind on a b c}
 *   out: per event "code" when it is refused, else "ok status clock due latest provisional
 *        light counted overdue flags extension closed outcome correction_due fee_due
 *        windows answers", separated by ";"
 */
#include "../unit/workdays.h"
#include "domain/case.h"

#include <stdint.h>

enum { LINE_MOST = 1 << 16, EVENTS_MOST = 64, ALL_ROLES = (1 << OGI_ROLES) - 1 };

struct court {
	struct ogi_rules rules;
	struct ogi_asking who;
	struct ogi_date as_of;
	struct ogi_event event[EVENTS_MOST];
	int count;
	struct ogi_case c;
};

/* ---- reading ---- */

static void wrong(const char *what)
{
	fprintf(stderr, "judge: %s\n", what);
	exit(2);
}

static const char *word(char **rest)
{
	const char *w = strsep(rest, " \n");
	if (w == NULL || *w == '\0')
		wrong("a word is missing");
	return w;
}

static int32_t number_of(const char *w)
{
	int64_t n = 0;
	if (strcmp(w, "-") != 0 && !text_to_int(w, &n))
		wrong(w);
	return (int32_t)n;
}

static struct ogi_date date_of(const char *w)
{
	return (struct ogi_date){ number_of(w) };
}

static int32_t code_of(const struct code *list, const char *w)
{
	int found = strcmp(w, "-") == 0 ? 0 : code_find(list, w);
	if (found < 0)
		wrong(w);
	return found;
}

/* The fields that a, b and c are, by kind. */
static const struct slots {
	enum ogi_event_kind kind;
	const char *name[3];
} slots[] = {
	{ OGI_CORRECTION_REQUESTED, { "due_on" } },
	{ OGI_CONSULTATION_OPENED, { "party", "received_on" } },
	{ OGI_CONSULTATION_CLOSED, { "opinion", "consultation" } },
	{ OGI_EXTENDED, { "workdays", "approved_on", "notified_on" } },
	{ OGI_REASONS_RECEIVED, { "reasonable", "delay_until" } },
	{ OGI_FEE_NOTICED, { "basis", "quantity", "received_on" } },
	{ OGI_FEE_PAID, { "amount" } },
	{ OGI_REVIEWED, { "decision" } },
	{ OGI_DECIDED, { "outcome" } },
	{ OGI_SERVED, { "by" } },
	{ OGI_DELIVERED, { "of" } },
	{ OGI_RETURNED, { "of" } },
	{ OGI_REMEDY_FILED, { "remedy_kind", "procedure", "copy_received_on" } },
	{ OGI_REMEDY_CONCLUDED, { "result", "remedy" } },
	{ OGI_REOPENED, { "redo_due_on" } },
};

static void fill(struct ogi_event *e, const char *name, const char *w)
{
	size_t at;
	const struct field *row =
		field_find(ogi_event_fields((enum ogi_event_kind)e->kind), name, &at);
	char *to = (char *)e + at;
	if (row == NULL)
		wrong(name);
	else if (row->type == FIELD_DATE)
		*(struct ogi_date *)(void *)to = date_of(w);
	else if (row->type == FIELD_CODE)
		*(int32_t *)(void *)to = code_of(row->codes, w);
	else
		*(int32_t *)(void *)to = number_of(w);
}

static struct ogi_event happening(char **rest)
{
	struct ogi_event e = { .kind = code_of(ogi_event_kinds, word(rest)) };
	e.on = date_of(word(rest));
	const struct slots *s = NULL;
	for (size_t i = 0; i < sizeof slots / sizeof *slots; i++)
		if ((int32_t)slots[i].kind == e.kind)
			s = &slots[i];
	for (int i = 0; i < 3; i++) {
		const char *w = word(rest);
		if (s != NULL && s->name[i] != NULL)
			fill(&e, s->name[i], w);
	}
	if (e.kind == OGI_CONSULTATION_OPENED)
		e.u.consultation.name = "甲";
	else if (e.kind == OGI_EXTENDED)
		e.u.extended.approved_by = "head";
	else if (e.kind == OGI_DECIDED)
		e.u.decided.reason = "理由";
	return e;
}

/* The request, complete but for what it says of its arrival. */
static struct ogi_event request(char **rest)
{
	struct ogi_event e = { .kind = OGI_REGISTERED };
	struct ogi_request *q = &e.u.request;
	q->channel = code_of(ogi_channels, word(rest));
	q->via = code_of(ogi_vias, word(rest));
	q->arrived_on = date_of(word(rest));
	q->signed_on = date_of(word(rest));
	q->confirmed_on = date_of(word(rest));
	q->applicant.kind = OGI_NATURAL;
	q->applicant.name = "张三";
	q->applicant.phone = "13800000026";
	q->applicant.id_kind = OGI_PASSPORT;
	q->applicant.id_number = "E12345678";
	q->description = "征地补偿方案";
	return e;
}

/* ---- answering ---- */

static bool has_fault(const struct ogi_verdict *v, const char *code)
{
	for (int i = 0; i < v->faults; i++)
		if (text_same(v->fault[i].code, code))
			return true;
	return false;
}

static const char *refusal(const struct ogi_verdict *v)
{
	if (v->refusal != OGI_INVALID)
		return ogi_refusals[v->refusal].code;
	if (has_fault(v, "future_date"))
		return "future_date";
	return has_fault(v, "out_of_order") ? "out_of_order" : "invalid";
}

static void print_dates(const struct court *t)
{
	const char *separator = "";
	const struct ogi_case *c = &t->c;
	printf("%d %d ",
		c->status == OGI_ST_CORRECTION_REQUESTED ? c->correction_due_on.day : 0,
		c->status == OGI_ST_FEE_NOTICED ? c->fee_due_on.day : 0);
	for (int i = 0; i < c->consultations; i++) {
		printf("%s%d", separator, c->consultation[i].window_end.day);
		separator = "/";
	}
	printf("%s ", c->consultations == 0 ? "-" : "");
	separator = "";
	for (int i = 0; i < c->remedies; i++) {
		printf("%s%d", separator, c->remedy[i].answer_due_on.day);
		separator = "/";
	}
	printf("%s;", c->remedies == 0 ? "-" : "");
}

static void print_state(const struct court *t)
{
	const struct ogi_case *c = &t->c;
	struct ogi_standing s;
	bool known = ogi_is_date(c->due_on) || ogi_is_date(c->latest_due_on);
	ogi_case_standing(c, &t->rules, t->as_of, &s);
	printf("ok %s %s %d %d %d %s %d %d %u %d %d %s ", ogi_statuses[c->status].code,
		ogi_clock_states[s.clock_state].code, c->due_on.day, c->latest_due_on.day,
		known && c->provisional, ogi_lights[s.light].code, known ? s.counted : -1,
		known ? s.overdue_workdays : -1, (unsigned)c->flags, c->extension,
		c->closed_on.day, c->outcome > 0 ? ogi_outcome_codes[c->outcome].code : "-");
	print_dates(t);
}

static void judge(struct court *t, struct ogi_event *e)
{
	struct ogi_verdict v;
	const struct ogi_history h = { t->event, t->count };
	ogi_event_complete(e, &t->c, &t->rules);
	ogi_case_decide(&t->c, &h, e, &t->rules, &t->who, &v);
	if (v.refusal != OGI_OK) {
		printf("%s;", refusal(&v));
		return;
	}
	if (t->count == EVENTS_MOST)
		wrong("too many events");
	e->seq = t->count + 1;
	t->event[t->count++] = *e;
	ogi_case_evolve(&t->c, e, &t->rules);
	print_state(t);
}

static void hear(struct court *t, char *line)
{
	char *rest = line;
	memset(&t->c, 0, sizeof t->c);
	t->count = 0;
	t->rules.today = date_of(word(&rest));
	t->as_of = date_of(word(&rest));
	t->rules.transition = number_of(word(&rest));
	t->rules.exclusion_inclusive = number_of(word(&rest)) != 0;
	t->rules.r2008_correction = number_of(word(&rest));
	struct ogi_event e = request(&rest);
	judge(t, &e);
	while (rest != NULL && *rest != '\0' && *rest != '\n') {
		e = happening(&rest);
		judge(t, &e);
	}
	putchar('\n');
}

int main(void)
{
	static struct workdays days;
	static struct court t;
	static char line[LINE_MOST];
	workdays_load(&days);
	t.rules = (struct ogi_rules){ .calendar = &days.cal, .correction_days = 15 };
	t.who = (struct ogi_asking){ .login = "duo",
		.roles = ALL_ROLES,
		.own_organisation = true,
		.approver_is_head = true };
	while (fgets(line, sizeof line, stdin) != NULL)
		hear(&t, line);
	workdays_free(&days);
	return 0;
}
