/* SPDX-License-Identifier: MulanPSL-2.0 */
/* cli/why_view: why a due date is what it is, as a calendar with what leads to it. */
#include "cli/why_view.h"

#include "cli/field.h"
#include "cli/table.h"
#include "cli/vocabulary.h"

#include <stdlib.h>
#include <string.h>

enum {
	PITCH = 11, /* columns of a day, with the gap behind it */
	WEEK = 7 * PITCH,
	KEYS = 26,
	READINGS_COLUMN = 12,
};

/* What excludes days is told once, below; a letter stands on the days. */
struct keys {
	const char *detail[KEYS];
	int count;
	bool makeup, extension, provisional, due; /* marks that were used */
};

struct sheet {
	enum language language;
	const char *due_on;
	struct keys keys;
};

static bool is(const char *a, const char *b)
{
	return a != NULL && strcmp(a, b) == 0;
}

static char key_of(struct keys *k, const char *detail)
{
	int i = 0;
	while (i < k->count && strcmp(k->detail[i], detail) != 0)
		i++;
	if (i == k->count && k->count < KEYS)
		k->detail[k->count++] = detail;
	return (char)('a' + (i < KEYS ? i : KEYS - 1));
}

/* ---- one day ---- */

/* The first of several names: 国庆节 of 国庆节、中秋节; the word for all where it is too long.
 */
static char *feast(const struct sheet *s, const char *detail)
{
	if (s->language == LANGUAGE_EN)
		return must(strdup("holiday"));
	const char *end = strstr(detail, "、");
	char *name =
		must(strndup(detail, end == NULL ? strlen(detail) : (size_t)(end - detail)));
	if (print_width(name) <= PITCH - 4)
		return name;
	free(name);
	return must(strdup("节假日"));
}

static void mark(char marks[4], bool applies, char sign, bool *used)
{
	if (!applies)
		return;
	size_t n = strlen(marks);
	marks[n] = sign;
	marks[n + 1] = '\0';
	*used = true;
}

static char *counted_text(struct sheet *s, const json_t *day, const char *reason)
{
	long long n = json_integer_value(json_object_get(day, "n"));
	struct keys *k = &s->keys;
	char marks[4] = "";
	mark(marks, is(reason, "makeup_workday"), '*', &k->makeup);
	mark(marks, is(reason, "extension"), '+', &k->extension);
	mark(marks, is(reason, "provisional"), '?', &k->provisional);
	mark(marks, s->due_on != NULL && is(field_text(day, "date"), s->due_on), '!', &k->due);
	if (n >= 100)
		return text_format("%lld%s", n, marks);
	return text_format(pick(s->language, "day %lld%s", "第%lld日%s"), n, marks);
}

static char *day_text(struct sheet *s, const json_t *day, bool first)
{
	enum language l = s->language;
	const char *reason = field_text(day, "reason");
	const char *detail = field_text(day, "detail");
	if (detail == NULL)
		detail = "";
	if (json_is_true(json_object_get(day, "counted")))
		return counted_text(s, day, reason);
	if (is(reason, "receipt_day"))
		return must(strdup(
			first ? pick(l, "receipt", "收到") : pick(l, "restart", "起算")));
	if (is(reason, "holiday"))
		return feast(s, detail);
	if (is(reason, "excluded"))
		return text_format(pick(l, "excl. %c", "不计 %c"), key_of(&s->keys, detail));
	if (is(reason, "provisional"))
		s->keys.provisional = true;
	return must(strdup(is(reason, "provisional") ? pick(l, "weekend?", "周末?")
						     : pick(l, "weekend", "周末")));
}

/* ---- the calendar ---- */

static void print_cell(int column, int *at, const char *text)
{
	char *safe = print_safe(text, false);
	printf("%*s%s", column - *at, "", safe);
	*at = column + print_width(text);
	free(safe);
}

static void print_month(const struct sheet *s, int year, int month)
{
	static const char *const en[] = { "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun" };
	static const char *const zh[] = { "周一", "周二", "周三", "周四", "周五", "周六",
		"周日" };
	int at = 0;
	if (s->language == LANGUAGE_EN)
		printf("\n%04d-%02d\n", year, month);
	else
		printf("\n%d 年 %d 月\n", year, month);
	for (int i = 0; i < 7; i++)
		print_cell(i * PITCH, &at, pick(s->language, en[i], zh[i]));
	putchar('\n');
}

/* 0 Monday .. 6 Sunday, after Sakamoto. */
static int weekday(int year, int month, int day)
{
	static const int shift[] = { 0, 3, 2, 5, 0, 3, 5, 1, 4, 6, 2, 4 };
	int y = month < 3 ? year - 1 : year;
	return (y + y / 4 - y / 100 + y / 400 + shift[month - 1] + day + 6) % 7;
}

static bool date_of(const json_t *day, int *year, int *month, int *of)
{
	const char *date = field_text(day, "date");
	return date != NULL && sscanf(date, "%4d-%2d-%2d", year, month, of) == 3 &&
	       *month >= 1 && *month <= 12;
}

static void print_calendar(struct sheet *s, const json_t *days)
{
	int last_month = 0, at = 0, year, month, of;
	for (size_t i = 0; i < json_array_size(days); i++) {
		const json_t *day = json_array_get(days, i);
		if (!date_of(day, &year, &month, &of))
			continue;
		int column = weekday(year, month, of);
		if (i > 0 && (column == 0 || month != last_month))
			putchar('\n');
		if (month != last_month)
			print_month(s, year, month);
		if (column == 0 || month != last_month)
			at = 0;
		last_month = month;
		char *text = day_text(s, day, i == 0);
		char *cell = text_format("%02d %s", of, text);
		print_cell(column * PITCH, &at, cell);
		free(cell);
		free(text);
	}
	putchar('\n');
}

/* ---- the list, for a narrow screen ---- */

static void print_list(struct client *c, const json_t *days)
{
	enum language l = c->screen.language;
	struct table *t = table_new(&c->screen);

	table_column(t, (struct column){ .head = pick(l, "date", "日期") });
	table_column(t, (struct column){ .head = pick(l, "n", "第几日"), .right = true });
	table_column(t, (struct column){ .head = pick(l, "reason", "原因"), .least = 8 });
	for (size_t i = 0; i < json_array_size(days); i++) {
		const json_t *day = json_array_get(days, i);
		table_line(t);
		table_cell(t, field_text(day, "date"), COLOUR_NONE);
		if (json_is_true(json_object_get(day, "counted")))
			table_number(t, json_integer_value(json_object_get(day, "n")));
		else
			table_cell(t, NULL, COLOUR_NONE);
		table_cell(t, field_text(day, "detail"), COLOUR_NONE);
	}
	table_print(t);
	table_free(t);
}

/* ---- what stands below ---- */

static void print_key(struct client *c, bool used, const char *sign, const char *meaning)
{
	if (used)
		print_pair(&c->screen, 4, sign, meaning);
}

static void print_keys(struct client *c, const struct keys *k)
{
	enum language l = c->screen.language;
	if (k->makeup || k->extension || k->provisional || k->due || k->count > 0)
		putchar('\n');
	for (int i = 0; i < k->count; i++) {
		char letter[2] = { (char)('a' + i), '\0' };
		print_key(c, true, letter, k->detail[i]);
	}
	print_key(c, k->makeup, "*", pick(l, "make-up working day", "调休上班"));
	print_key(c, k->extension, "+", pick(l, "extension", "延长期限"));
	print_key(c, k->provisional, "?",
		pick(l, "calendar not published yet, taken by the week",
			"工作日安排未公布，按星期推算"));
	print_key(c, k->due, "!", pick(l, "due date", "答复期限届满"));
}

static void print_rules(struct client *c, const json_t *steps)
{
	enum language l = c->screen.language;
	if (json_array_size(steps) > 0)
		putchar('\n');
	for (size_t i = 0; i < json_array_size(steps); i++) {
		const json_t *step = json_array_get(steps, i);
		const char *rule = field_text(step, "rule");
		const char *from = field_text(step, "from");
		const char *to = field_text(step, "to");
		const char *article = field_text(step, "article");
		json_t *number = json_object_get(step, "number");
		const char *name = vocabulary_label(c, "clock_rule", rule == NULL ? "?" : rule);
		char *label = !json_is_integer(number)
				      ? must(strdup(name))
				      : text_format("%s %lld", name,
						(long long)json_integer_value(number));
		char *value = text_format(pick(l, "%s – %s, %s", "%s – %s，%s"),
			from == NULL ? "…" : from, to == NULL ? "…" : to,
			article == NULL ? "" : article);
		print_pair(&c->screen, l == LANGUAGE_ZH ? 23 : 26, label, value);
		free(value);
		free(label);
	}
}

static void print_readings(struct client *c, const json_t *alternatives)
{
	enum language l = c->screen.language;
	if (json_array_size(alternatives) > 0)
		printf("\n%s\n", pick(l, "under other readings", "按其他读法"));
	for (size_t i = 0; i < json_array_size(alternatives); i++) {
		const json_t *one = json_array_get(alternatives, i);
		const char *due = field_text(one, "due_on");
		const char *reading = field_text(one, "reading");
		print_pair(&c->screen, READINGS_COLUMN, due == NULL ? "…" : due,
			vocabulary_label(c, "reading", reading == NULL ? "?" : reading));
	}
}

void why_view(struct client *c, const json_t *why)
{
	const json_t *days = json_object_get(why, "days");
	struct sheet s = { .language = c->screen.language,
		.due_on = field_text(why, "due_on") };
	if (s.due_on == NULL)
		s.due_on = field_text(why, "latest_due_on");
	if (json_array_size(days) > 0) {
		if (c->screen.width == 0 || c->screen.width >= WEEK)
			print_calendar(&s, days);
		else
			print_list(c, days);
		print_keys(c, &s.keys);
	}
	print_rules(c, json_object_get(why, "steps"));
	print_readings(c, json_object_get(why, "alternatives"));
}
