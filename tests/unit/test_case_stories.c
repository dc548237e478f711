/* SPDX-License-Identifier: MulanPSL-2.0 */
/* Stories of whole cases, told in case-stories.txt: what happens, and what must be true after
 * it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "story.h"

struct telling {
	struct story s;
	char *text;
	int line;
	struct ogi_standing look;
	int wrong;
};

static void wrong(struct telling *t, const char *key, const char *wanted, const char *got)
{
	fprintf(stderr, "case-stories.txt:%d: %s: wanted %s, got %s\n", t->line, key, wanted,
		got);
	t->wrong++;
}

static void expect_text(struct telling *t, const char *key, const char *wanted, const char *got)
{
	if (strcmp(wanted, got != NULL ? got : "none") != 0)
		wrong(t, key, wanted, got != NULL ? got : "none");
}

static void expect_date(
	struct telling *t, const char *key, const char *wanted, struct ogi_date got)
{
	char s[11];
	text_from_date(got, s);
	expect_text(t, key, wanted, *s != '\0' ? s : "none");
}

static void expect_number(struct telling *t, const char *key, const char *wanted, int got)
{
	char s[16];
	snprintf(s, sizeof s, "%d", got);
	expect_text(t, key, wanted, s);
}

/* The codes of the bits set, or "none" when the one wanted is not among them. */
static void expect_bit(struct telling *t, const char *key, const char *wanted, uint32_t bits,
	const char *(*code)(int))
{
	bool nothing = strcmp(wanted, "none") == 0;
	if (nothing && bits == 0)
		return;
	for (int i = 0; !nothing && code(i) != NULL; i++)
		if (strcmp(code(i), wanted) == 0 && (bits & 1u << i) != 0)
			return;
	char got[16];
	snprintf(got, sizeof got, "0x%x", bits);
	wrong(t, key, wanted, got);
}

static const char *flag_code(int i)
{
	return ogi_flags[i].code;
}

static const char *warning_code(int i)
{
	return ogi_warnings[i].code;
}

static void expect_fault(struct telling *t, const char *wanted)
{
	char got[512] = "";
	for (int i = 0; i < t->s.v.faults; i++) {
		const struct ogi_fault *f = &t->s.v.fault[i];
		char one[128];
		snprintf(one, sizeof one, "%s:%s", f->pointer, f->code);
		if (strcmp(one, wanted) == 0)
			return;
		snprintf(got + strlen(got), sizeof got - strlen(got), "%s ", one);
	}
	wrong(t, "fault", wanted, got);
}

static void expect_watch(struct telling *t, const char *wanted)
{
	char got[512] = "";
	for (int i = 0; i < t->look.watches; i++) {
		const struct ogi_watch *w = &t->look.watch[i];
		char on[11], one[64];
		text_from_date(w->on, on);
		snprintf(one, sizeof one, "%s:%s", w->kind, on);
		if (strcmp(one, wanted) == 0)
			return;
		snprintf(got + strlen(got), sizeof got - strlen(got), "%s ", one);
	}
	wrong(t, "watch", wanted, got);
}

static void expect_excluded(struct telling *t, const char *wanted)
{
	char got[256] = "none";
	int n = 0;
	for (int i = 0; i < t->s.c.excluded_count; i++) {
		char from[11], to[11];
		text_from_date(t->s.c.excluded[i].from, from);
		text_from_date(t->s.c.excluded[i].to, to);
		n += snprintf(got + n, sizeof got - (size_t)n, "%s%s..%s", i > 0 ? "," : "",
			from, to);
	}
	expect_text(t, "excluded", wanted, got);
}

static bool expect_case_date(struct telling *t, const char *key, const char *wanted)
{
	const struct ogi_case *c = &t->s.c;
	const struct {
		const char *key;
		struct ogi_date date;
	} dates[] = {
		{ "due_on", c->due_on },
		{ "latest_due_on", c->latest_due_on },
		{ "receipt_date", c->request.receipt_date },
		{ "registered_on", c->request.registered_on },
		{ "closed_on", c->closed_on },
		{ "effective_reply_date", c->effective_reply_date },
		{ "first_closed_on", c->first_closed_on },
		{ "first_due_on", c->first_due_on },
		{ "first_base_due_on", c->first_base_due_on },
		{ "withdrawn_on", c->withdrawn_on },
		{ "known_on", ogi_case_known_on(c) },
		{ "correction_due_on", c->correction_due_on },
		{ "fee_due_on", c->fee_due_on },
	};
	for (size_t i = 0; i < sizeof dates / sizeof dates[0]; i++)
		if (strcmp(dates[i].key, key) == 0) {
			expect_date(t, key, wanted, dates[i].date);
			return true;
		}
	return false;
}

static bool expect_case_text(struct telling *t, const char *key, const char *wanted)
{
	const struct ogi_case *c = &t->s.c;
	const struct {
		const char *key, *text;
	} texts[] = {
		{ "status", ogi_statuses[c->status].code },
		{ "regime", ogi_regimes[c->regime].code },
		{ "outcome", ogi_outcome_codes[c->outcome].code },
		{ "variant", ogi_variant_codes[c->variant].code },
		{ "first_outcome", ogi_outcome_codes[c->first_outcome].code },
		{ "outcome_form", c->outcome_form },
		{ "label", c->outcome_label },
		{ "assignee", c->request.assignee },
		{ "name", c->request.applicant.name },
		{ "refused", ogi_refusals[t->s.v.refusal].code },
		{ "article", t->s.v.article },
		{ "light", ogi_lights[t->look.light].code },
		{ "clock", ogi_clock_states[t->look.clock_state].code },
	};
	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
		if (strcmp(texts[i].key, key) == 0) {
			const char *got = texts[i].text;
			expect_text(t, key, wanted, got != NULL && *got != '\0' ? got : NULL);
			return true;
		}
	return false;
}

static bool expect_case_number(struct telling *t, const char *key, const char *wanted)
{
	const struct ogi_case *c = &t->s.c;
	const struct {
		const char *key;
		int number;
	} numbers[] = {
		{ "version", c->version },
		{ "faults", t->s.v.faults },
		{ "extension", c->extension },
		{ "period", c->period },
		{ "runs", c->runs },
		{ "provisional", c->provisional },
		{ "fee_amount", c->fee_amount },
		{ "assists_open", c->assists_open },
		{ "counted", t->look.counted },
		{ "remaining", t->look.remaining },
		{ "overdue_workdays", t->look.overdue_workdays },
		{ "watches", t->look.watches },
	};
	for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
		if (strcmp(numbers[i].key, key) == 0) {
			expect_number(t, key, wanted, numbers[i].number);
			return true;
		}
	return false;
}

static void expect(struct telling *t, const char *key, const char *wanted)
{
	if (expect_case_date(t, key, wanted) || expect_case_text(t, key, wanted) ||
		expect_case_number(t, key, wanted))
		return;
	if (strcmp(key, "fault") == 0)
		expect_fault(t, wanted);
	else if (strcmp(key, "warning") == 0)
		expect_bit(t, key, wanted, t->s.v.warnings, warning_code);
	else if (strcmp(key, "warned") == 0)
		expect_bit(t, key, wanted, t->s.c.warnings, warning_code);
	else if (strcmp(key, "flag") == 0)
		expect_bit(t, key, wanted, t->s.c.flags, flag_code);
	else if (strcmp(key, "watch") == 0)
		expect_watch(t, wanted);
	else if (strcmp(key, "excluded") == 0)
		expect_excluded(t, wanted);
	else
		wrong(t, key, "a key that is known", "none");
}

static void set(struct telling *t, const char *key, const char *value)
{
	struct ogi_rules *r = &t->s.rules;
	if (strcmp(key, "today") == 0)
		r->today = day(value);
	else if (strcmp(key, "by_reply") == 0)
		r->transition = OGI_BY_REPLY;
	else if (strcmp(key, "inclusive") == 0)
		r->exclusion_inclusive = true;
	else if (strcmp(key, "sign_off") == 0)
		r->sign_off = true;
	else if (strcmp(key, "r2008_correction") == 0)
		r->r2008_correction = (int)strtol(value, NULL, 10);
	else if (strcmp(key, "roles") == 0)
		t->s.who.roles = ogi_role_find(value);
	else if (strcmp(key, "login") == 0)
		t->s.who.login = value;
	else if (strcmp(key, "above") == 0)
		t->s.who.own_organisation = false;
	else if (strcmp(key, "approver") == 0) {
		t->s.who.approver_unknown = strcmp(value, "unknown") == 0;
		t->s.who.approver_is_head = strcmp(value, "head") == 0;
	} else if (strcmp(key, "person") == 0)
		t->s.who.person_unknown = strcmp(value, "unknown") == 0;
	else
		wrong(t, key, "a setting that is known", value);
}

/* "name=value" cut in two; a word without '=' has the value "". */
static char *cut(char *word)
{
	char *value = strchr(word, '=');
	if (value == NULL)
		return word + strlen(word);
	*value = '\0';
	return value + 1;
}

/* Words before '|' make the event; the first names its kind. */
static void tell(struct telling *t, char **words, int count)
{
	int kind = code_find(ogi_event_kinds, words[0]);
	if (kind <= 0) {
		wrong(t, "kind", "one that is known", words[0]);
		return;
	}
	struct ogi_event e = { .kind = kind };
	bool bare = false;
	for (int i = 1; i < count; i++)
		bare = bare || strcmp(words[i], "bare") == 0;
	if (kind == OGI_REGISTERED && !bare)
		story_person(&e);
	for (int i = 1; i < count; i++) {
		if (strcmp(words[i], "bare") == 0)
			continue;
		char *value = cut(words[i]);
		if (strcmp(words[i], "historic") == 0)
			e.historic = true;
		else
			story_field(&e, words[i], value);
	}
	story_tell(&t->s, &e);
	ogi_case_standing(&t->s.c, &t->s.rules, t->s.rules.today, &t->look);
}

static void line(struct telling *t, char *text)
{
	char *words[64] = { NULL }, *rest = text;
	int count = 0, told = -1;
	for (char *word; count < 64 && (word = strsep(&rest, " ")) != NULL;) {
		if (*word == '\0')
			continue;
		if (strcmp(word, "|") == 0)
			told = count;
		else
			words[count++] = word;
	}
	if (count == 0 || words[0][0] == '#')
		return;
	if (told < 0)
		told = count;
	if (strcmp(words[0], "story") == 0)
		story_begin(&t->s, "2026-06-01");
	else if (strcmp(words[0], "set") == 0)
		for (int i = 1; i < told; i++)
			set(t, words[i], cut(words[i]));
	else if (strcmp(words[0], "look") == 0)
		ogi_case_standing(&t->s.c, &t->s.rules, day(words[1]), &t->look);
	else
		tell(t, words, told);
	bool refusal_said = false;
	for (int i = told; i < count; i++) {
		char *value = cut(words[i]);
		refusal_said = refusal_said || strcmp(words[i], "refused") == 0 ||
			       strcmp(words[i], "fault") == 0;
		expect(t, words[i], value);
	}
	bool tells = code_find(ogi_event_kinds, words[0]) > 0;
	if (tells && !refusal_said && t->s.v.refusal != OGI_OK)
		wrong(t, "refused", "none", ogi_refusals[t->s.v.refusal].code);
	if (tells && refusal_said && t->s.v.refusal == OGI_OK)
		wrong(t, "refused", "a refusal", "none");
}

static char *read_stories(void)
{
	char path[4096];
	const char *source = getenv("OGID_SOURCE");
	snprintf(path, sizeof path, "%s/tests/unit/case-stories.txt",
		source != NULL ? source : ".");
	FILE *file = fopen(path, "r");
	assert_non_null(file);
	char *text = malloc(1 << 20);
	assert_non_null(text);
	size_t n = fread(text, 1, (1 << 20) - 1, file);
	text[n] = '\0';
	fclose(file);
	return text;
}

static void every_story_ends_as_told(void **state)
{
	(void)state;
	static struct telling t;
	workdays_load(&t.s.days);
	t.text = read_stories();
	char *rest = t.text;
	for (char *s; (s = strsep(&rest, "\n")) != NULL;) {
		t.line++;
		line(&t, s);
	}
	assert_true(t.line > 100);
	assert_int_equal(t.wrong, 0);
	free(t.text);
	workdays_free(&t.s.days);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_story_ends_as_told),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
