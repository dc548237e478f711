/* SPDX-License-Identifier: MulanPSL-2.0 */
/* cli/case_view: a case, and the story of its events, as lines a clerk reads. */
#include "cli/case_view.h"

#include "cli/field.h"
#include "cli/vocabulary.h"

#include <stdlib.h>
#include <string.h>

static const char *const summary_fields[] = { "status", "receipt_date", "due_on",
	"latest_due_on", "assignee", "outcome", "outcome_variant", "closed_on", "query_code",
	NULL };

static const char *const date_fields[] = { "status", "receipt_date", "due_on", "latest_due_on",
	"light", "overdue_workdays", "watch", "clock", "regime", NULL };

static const char *const full_fields[] = { "legacy_number", "id", "org", "status", "flags",
	"receipt_date", "due_on", "latest_due_on", "light", "overdue_workdays", "watch",
	"clock", "assignee", "channel", "via", "regime", "arrived_on", "signed_on",
	"confirmed_on", "registered_on", "applicant.kind", "applicant.name",
	"applicant.id_kind", "applicant.id_number", "applicant.phone", "applicant.email",
	"applicant.address", "description", "subject", "medium", "delivery", "evidence",
	"outcome", "outcome_variant", "outcome_label", "outcome_reason", "outcome_basis",
	"effective_reply_date", "closed_on", "remedies", NULL };

static int column_of(const struct client *c)
{
	return c->screen.language == LANGUAGE_ZH ? 14 : 22;
}

static char *list_text(struct client *c, const char *field, const json_t *list)
{
	char *text;
	size_t size;
	FILE *out = must(open_memstream(&text, &size));
	const char *separator = "";

	for (size_t i = 0; i < json_array_size(list); i++) {
		char *item = case_view_value(c, field, json_array_get(list, i));
		if (item != NULL) {
			fprintf(out, "%s%s", separator, item);
			separator = pick(c->screen.language, ", ", "、");
		}
		free(item);
	}
	fclose(out);
	return must(text);
}

/* Fields of a field are named by both: "applicant.kind". Those of an event's data stand alone.
 */
static char *object_text(struct client *c, const char *field, json_t *object)
{
	char *text;
	size_t size;
	FILE *out = must(open_memstream(&text, &size));
	const char *separator = "";
	const char *key;
	json_t *value;

	json_object_foreach(object, key, value)
	{
		char *name =
			*field == '\0' ? must(strdup(key)) : text_format("%s.%s", field, key);
		char *item = case_view_value(c, name, value);
		if (item != NULL && json_is_object(value)) {
			fprintf(out, "%s%s", separator, item);
			separator = " · ";
		} else if (item != NULL) {
			fprintf(out, "%s%s%s%s", separator,
				field_label(c->screen.language, name),
				pick(c->screen.language, ": ", "："), item);
			separator = " · ";
		}
		free(item);
		free(name);
	}
	fclose(out);
	return must(text);
}

static char *filled(char *text)
{
	if (*text != '\0')
		return text;
	free(text);
	return NULL;
}

char *case_view_value(struct client *c, const char *field, json_t *value)
{
	const char *list = vocabulary_of_field(field);

	switch (json_typeof(value)) {
	case JSON_STRING:
		if (list != NULL)
			return must(
				strdup(vocabulary_label(c, list, json_string_value(value))));
		return filled(must(strdup(json_string_value(value))));
	case JSON_INTEGER:
		return text_format("%lld", (long long)json_integer_value(value));
	case JSON_REAL:
		return text_format("%g", json_real_value(value));
	case JSON_TRUE:
		return must(strdup(pick(c->screen.language, "yes", "是")));
	case JSON_FALSE:
		return must(strdup(pick(c->screen.language, "no", "否")));
	case JSON_ARRAY:
		return filled(list_text(c, field, value));
	case JSON_OBJECT:
		return filled(object_text(c, field, value));
	case JSON_NULL:
		return NULL;
	}
	abort();
}

char *case_view_number(const json_t *ogi_case, const char *org)
{
	const char *number = field_text(ogi_case, "number");
	const char *id = field_text(ogi_case, "id");
	const char *of = field_text(ogi_case, "org");

	if (number == NULL)
		return must(strdup(id == NULL ? "?" : id));
	if (org != NULL && of != NULL && strcmp(org, of) != 0)
		return text_format("%s:%s", of, number);
	return must(strdup(number));
}

static void print_excluded(FILE *out, enum language l, const json_t *intervals)
{
	for (size_t i = 0; i < json_array_size(intervals); i++) {
		const json_t *interval = json_array_get(intervals, i);
		const char *from = json_string_value(json_array_get(interval, 0));
		const char *to = json_string_value(json_array_get(interval, 1));
		fputs(i == 0 ? pick(l, "; excluded ", "；扣除 ") : ", ", out);
		fprintf(out, "%s – %s", from == NULL ? "?" : from, to == NULL ? "…" : to);
	}
}

/* {"state","period","extension","counted","remaining","excluded"} as a sentence. */
static char *clock_text(struct client *c, const json_t *clock)
{
	enum language l = c->screen.language;
	const char *state = field_text(clock, "state");
	long long period = json_integer_value(json_object_get(clock, "period"));
	long long extension = json_integer_value(json_object_get(clock, "extension"));
	char *text;
	size_t size;
	FILE *out = must(open_memstream(&text, &size));

	fputs(state == NULL ? "?" : vocabulary_label(c, "clock_state", state), out);
	if (json_is_integer(json_object_get(clock, "counted")) && period > 0) {
		fprintf(out, pick(l, ": %lld of %lld", "：已计 %lld / %lld"),
			(long long)json_integer_value(json_object_get(clock, "counted")),
			period);
		if (extension > 0)
			fprintf(out, " + %lld", extension);
		fputs(pick(l, " working days", " 个工作日"), out);
		if (json_is_integer(json_object_get(clock, "remaining")))
			fprintf(out, pick(l, ", %lld left", "，剩余 %lld"),
				(long long)json_integer_value(
					json_object_get(clock, "remaining")));
	}
	print_excluded(out, l, json_object_get(clock, "excluded"));
	fclose(out);
	return must(text);
}

/* [{"kind","on","number"}] as "consultation 1: 2025-05-22, correction: …". */
static char *watch_text(const struct client *c, const json_t *watches)
{
	enum language l = c->screen.language;
	char *text;
	size_t size;
	FILE *out = must(open_memstream(&text, &size));

	for (size_t i = 0; i < json_array_size(watches); i++) {
		const json_t *row = json_array_get(watches, i);
		const char *kind = field_text(row, "kind");
		const char *on = field_text(row, "on");
		char *name = text_format("watch.%s", kind == NULL ? "?" : kind);
		const char *label = field_label(l, name);
		fprintf(out, "%s%s", i == 0 ? "" : pick(l, ", ", "、"),
			label == name ? name + 6 : label);
		if (json_is_integer(json_object_get(row, "number")))
			fprintf(out, " %lld",
				(long long)json_integer_value(json_object_get(row, "number")));
		fprintf(out, pick(l, ": %s", "：%s"), on == NULL ? "?" : on);
		free(name);
	}
	fclose(out);
	return must(text);
}

/* Free text for a field that is more than a value. */
static char *field_words(struct client *c, const char *field, json_t *value)
{
	if (strcmp(field, "clock") == 0)
		return clock_text(c, value);
	if (strcmp(field, "watch") == 0)
		return watch_text(c, value);
	return case_view_value(c, field, value);
}

/* No light and no days late are no news. */
static bool says_nothing(const char *field, const json_t *value)
{
	if (strcmp(field, "light") == 0)
		return json_is_string(value) && strcmp(json_string_value(value), "none") == 0;
	return strcmp(field, "overdue_workdays") == 0 && json_integer_value(value) == 0;
}

static void print_fields(struct client *c, const json_t *ogi_case, const char *const *fields)
{
	for (; *fields != NULL; fields++) {
		json_t *value = field_get(ogi_case, *fields);
		if (value == NULL)
			continue;
		if (says_nothing(*fields, value))
			continue;
		char *text = field_words(c, *fields, value);
		print_pair(&c->screen, column_of(c), field_label(c->screen.language, *fields),
			text);
		free(text);
	}
}

static void print_number(struct client *c, const json_t *ogi_case)
{
	char *number = case_view_number(ogi_case, NULL);
	const char *display = field_text(ogi_case, "display_number");
	const char *label = field_label(c->screen.language, "number");
	bool same = display == NULL || strcmp(display, number) == 0;
	char *both = same ? must(strdup(number)) : text_format("%s  %s", number, display);

	print_pair(&c->screen, column_of(c), label, both);
	free(both);
	free(number);
}

void case_view_summary(struct client *c, const json_t *ogi_case)
{
	print_number(c, ogi_case);
	print_fields(c, ogi_case, summary_fields);
}

void case_view_dates(struct client *c, const json_t *dates)
{
	print_fields(c, dates, date_fields);
}

/* "extended (until 2025-10-23), decided": codes, because they are what one types next. */
static void print_allowed(struct client *c, const json_t *allowed)
{
	enum language l = c->screen.language;
	char *text;
	size_t size;
	FILE *out = must(open_memstream(&text, &size));

	for (size_t i = 0; i < json_array_size(allowed); i++) {
		const json_t *row = json_array_get(allowed, i);
		const char *kind =
			json_is_string(row) ? json_string_value(row) : field_text(row, "kind");
		const char *until = field_text(row, "until");
		if (kind == NULL)
			continue;
		fprintf(out, "%s%s", i == 0 ? "" : ", ", kind);
		if (until != NULL)
			fprintf(out, pick(l, " (until %s)", "（至 %s）"), until);
	}
	fclose(out);
	print_pair(&c->screen, column_of(c), pick(l, "possible now", "可办理"), must(text));
	free(text);
}

void case_view_full(struct client *c, const json_t *ogi_case)
{
	print_number(c, ogi_case);
	print_fields(c, ogi_case, full_fields);
	print_allowed(c, json_object_get(ogi_case, "allowed"));
}

static const char *actor_of(const json_t *event)
{
	const json_t *actor = json_object_get(event, "actor");
	if (json_is_string(actor))
		return json_string_value(actor);
	const char *login = field_text(actor, "login");
	const char *name = field_text(actor, "name");
	return login != NULL ? login : name != NULL ? name : "";
}

static void print_due(struct client *c, const json_t *event, int indent)
{
	enum language l = c->screen.language;
	const char *before = field_text(event, "due_before");
	const char *after = field_text(event, "due_after");

	if (before == NULL && after == NULL)
		return;
	if (before != NULL && after != NULL && strcmp(before, after) == 0)
		return;
	const char *none = pick(l, "none", "无");
	char *text = before == NULL ? text_format(pick(l, "due %s", "期限 %s"), after)
				    : text_format(pick(l, "due %s → %s", "期限 %s → %s"),
					      before, after == NULL ? none : after);
	printf("%*s", indent, "");
	print_wrapped(stdout, text, indent, c->screen.width);
	free(text);
}

/* The fields of an event, without what the ledger itself added. */
static char *data_text(struct client *c, json_t *data)
{
	static const char *const ledger[] = { "year", "serial", "has_identity" };
	json_t *told = must(json_copy(data));

	for (size_t i = 0; i < sizeof ledger / sizeof *ledger; i++)
		json_object_del(told, ledger[i]);
	char *text = case_view_value(c, "", told);
	json_decref(told);
	return text;
}

void case_view_story(struct client *c, const json_t *events)
{
	enum { INDENT = 6 };
	for (size_t i = 0; i < json_array_size(events); i++) {
		const json_t *event = json_array_get(events, i);
		const char *kind = field_text(event, "kind");
		const char *on = field_text(event, "on");
		const char *actor = actor_of(event);
		char *line = text_format("%s  %s%s%s", on == NULL ? "?" : on,
			kind == NULL ? "?" : vocabulary_label(c, "event", kind),
			*actor == '\0' ? "" : " · ", actor);
		printf("%4lld  ", (long long)json_integer_value(json_object_get(event, "seq")));
		print_wrapped(stdout, line, INDENT, c->screen.width);
		free(line);
		json_t *data = json_object_get(event, "data");
		char *fields = json_is_object(data) ? data_text(c, data) : NULL;
		if (fields != NULL) {
			printf("%*s", INDENT, "");
			print_wrapped(stdout, fields, INDENT, c->screen.width);
		}
		free(fields);
		print_due(c, event, INDENT);
	}
}
