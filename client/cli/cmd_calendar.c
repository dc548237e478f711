/* SPDX-License-Identifier: MulanPSL-2.0 */
/* ogi calendar: the working days of a year, and a notice put into force from a file. */
#include "cli/command.h"
#include "cli/field.h"
#include "cli/table.h"
#include "cli/vocabulary.h"

#include <stdlib.h>
#include <string.h>

enum {
	FILE_LIMIT = 1 << 20, /* the largest body the API takes */
};

/* clang-format off */
static const struct flag flags[] = {
	{ "org", FLAG_TEXT, NULL, false, "an organisation: its days, local days for import", "机关：按其日历；导入时为其本地安排" },
	{ "dry-run", FLAG_SWITCH, NULL, false, "show what a notice would move, store nothing", "只预览影响，不保存" },
	{ "json", FLAG_SWITCH, NULL, false, "print the answer as JSON", "输出 JSON" },
	{ 0 },
};
/* clang-format on */

/* ---- a year ---- */

/* The days that a notice rules on; the others follow their weekday. */
static void print_year(struct client *c, const json_t *year)
{
	enum language l = c->screen.language;
	const json_t *days = json_object_get(year, "days");
	struct table *t = table_new(&c->screen);

	table_column(t, (struct column){ .head = pick(l, "date", "日期") });
	table_column(t, (struct column){ .head = pick(l, "kind", "类别") });
	table_column(t, (struct column){ .head = pick(l, "name", "名称"), .least = 8 });
	table_column(t, (struct column){ .head = pick(l, "notice", "通知"), .least = 8 });
	for (size_t i = 0; i < json_array_size(days); i++) {
		const json_t *day = json_array_get(days, i);
		if (field_text(day, "notice") == NULL)
			continue;
		table_line(t);
		table_cell(t, field_text(day, "date"), COLOUR_NONE);
		table_cell(t, vocabulary_label(c, "day_kind", field_text(day, "kind")),
			COLOUR_NONE);
		table_cell(t, field_text(day, "name"), COLOUR_NONE);
		table_cell(t, field_text(day, "notice"), COLOUR_NONE);
	}
	table_print(t);
	table_free(t);
	print_text(stdout, pick(l, "%lld: %lld working days\n", "%lld 年：%lld 个工作日\n"),
		(long long)json_integer_value(json_object_get(year, "year")),
		(long long)json_integer_value(json_object_get(year, "working_days")));
}

static enum ending show(struct client *c, struct args *args)
{
	char *year = transport_escape(args->operands[0]);
	char *path = text_format("/v1/calendar/%s", year);
	const char *org = args_text(args, "org");
	json_t *query = must(json_object());
	struct answer answer = { 0 };

	if (org != NULL)
		json_object_set_new(query, "org", must(json_string(org)));
	enum ending ending = client_get(c, path, query, &answer);
	if (ending == DONE && args_switch(args, "json"))
		print_json(&c->screen, answer.text);
	else if (ending == DONE)
		print_year(c, answer.json);
	answer_clear(&answer);
	json_decref(query);
	free(path);
	free(year);
	return ending;
}

/* ---- a file ---- */

static enum ending faulty(
	struct client *c, const char *path, int line, const char *en, const char *zh)
{
	return client_misused(c, "%s:%d: %s", path, line, pick(c->screen.language, en, zh));
}

/* One line of four cells, cut in place, into the body. */
static enum ending read_line(
	struct client *c, const char *path, int number, char *line, json_t *body)
{
	char *cell[4], *rest = line;
	int cells = 0;
	while (rest != NULL && cells < 4)
		cell[cells++] = strsep(&rest, ",");
	if (cells < 4 || rest != NULL)
		return faulty(c, path, number, "four cells: date,kind,name,notice",
			"每行四格：date,kind,name,notice");
	const char *notice = json_string_value(json_object_get(body, "notice"));
	if (notice != NULL && strcmp(notice, cell[3]) != 0)
		return faulty(c, path, number,
			"one notice a file; import the others by themselves",
			"一个文件只含一份通知，其余请分别导入");
	if (notice == NULL)
		json_object_set_new(body, "notice", must(json_string(cell[3])));
	json_array_append_new(json_object_get(body, "days"),
		must(json_pack(
			"{s:s, s:s, s:s}", "date", cell[0], "kind", cell[1], "name", cell[2])));
	return DONE;
}

static enum ending read_csv(struct client *c, const char *path, char *text, json_t *body)
{
	enum ending ending = DONE;
	int number = 0;
	json_object_set_new(body, "days", must(json_array()));
	for (char *line; ending == DONE && (line = strsep(&text, "\n")) != NULL;) {
		size_t n = strlen(line);
		number++;
		if (n > 0 && line[n - 1] == '\r')
			line[n - 1] = '\0';
		if (number == 1 && strcmp(line, "date,kind,name,notice") != 0)
			ending = faulty(c, path, 1,
				"the first line must be date,kind,name,notice",
				"首行应为 date,kind,name,notice");
		else if (number > 1 && line[0] != '\0')
			ending = read_line(c, path, number, line, body);
	}
	return ending;
}

/* A JSON body as the API takes it, or a list date,kind,name,notice. */
static enum ending read_notice(struct client *c, const char *path, json_t **ret_body)
{
	char *fault = NULL, *text = text_read(c->screen.language, path, FILE_LIMIT, &fault);
	if (text == NULL) {
		client_misused(c, "%s", fault);
		free(fault);
		return MISUSED;
	}
	enum ending ending = DONE;
	json_t *body = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
	if (!json_is_object(body)) {
		json_decref(body);
		body = must(json_object());
		ending = read_csv(c, path, text, body);
	}
	free(text);
	*ret_body = body;
	return ending;
}

static void print_moves(struct client *c, const json_t *moves, const char *head)
{
	struct table *t = table_new(&c->screen);
	enum language l = c->screen.language;

	table_column(t, (struct column){ .head = head });
	table_column(t, (struct column){ .head = pick(l, "org", "机关") });
	table_column(t, (struct column){ .head = pick(l, "due before", "原期限") });
	table_column(t, (struct column){ .head = pick(l, "due after", "新期限") });
	for (size_t i = 0; i < json_array_size(moves); i++) {
		const json_t *move = json_array_get(moves, i);
		const char *number = field_text(move, "number");
		table_line(t);
		table_cell(t, number != NULL ? number : field_text(move, "case"), COLOUR_NONE);
		table_cell(t, field_text(move, "org"), COLOUR_NONE);
		table_cell(t, field_text(move, "due_before"), COLOUR_NONE);
		table_cell(t, field_text(move, "due_after"), COLOUR_NONE);
	}
	table_print(t);
	table_free(t);
}

static long long counted(const json_t *answer, const char *what)
{
	return json_integer_value(json_object_get(json_object_get(answer, "counts"), what));
}

static void print_effect(struct client *c, const json_t *answer, bool dry_run)
{
	enum language l = c->screen.language;
	const json_t *warnings = json_object_get(answer, "warnings");
	for (size_t i = 0; i < json_array_size(warnings); i++)
		complain("%s", field_text(json_array_get(warnings, i), "detail"));
	if (json_object_get(answer, "counts") == NULL) {
		print_text(stdout,
			pick(l, "in force; many cases move, job %s goes on\n",
				"已生效；涉及案件较多，后台任务 %s 继续进行\n"),
			field_text(answer, "job"));
		return;
	}
	print_moves(c, json_object_get(answer, "moved"), pick(l, "open case", "在办案件"));
	print_moves(c, json_object_get(answer, "closed"), pick(l, "closed case", "已办结案件"));
	print_text(stdout,
		pick(l, "%lld moved, %lld newly overdue, %lld no longer overdue, %lld letters with an old date, %lld closed%s\n",
			"期限变动 %lld 件，新逾期 %lld 件，不再逾期 %lld 件，已发文书载有旧期限 %lld 份，已办结 %lld 件%s\n"),
		counted(answer, "moved"), counted(answer, "newly_overdue"),
		counted(answer, "no_longer_overdue"), counted(answer, "letters"),
		counted(answer, "closed"),
		dry_run ? pick(l, " (preview, nothing stored)", "（预览，未保存）") : "");
}

static enum ending import(struct client *c, struct args *args)
{
	bool dry_run = args_switch(args, "dry-run");
	const char *org = args_text(args, "org");
	json_t *body = NULL, *query = must(json_object());
	struct answer answer = { 0 };
	enum ending ending = read_notice(c, args->operands[1], &body);

	if (org != NULL)
		json_object_set_new(body, "org", must(json_string(org)));
	if (dry_run)
		json_object_set_new(query, "dry_run", must(json_string("true")));
	if (ending == DONE) {
		struct request request = { .method = "POST",
			.path = "/v1/calendar/notices",
			.query = query,
			.body = body,
			.keyed = !dry_run };
		ending = client_ask(c, &request, &answer);
	}
	if (ending == DONE && args_switch(args, "json"))
		print_json(&c->screen, answer.text);
	else if (ending == DONE)
		print_effect(c, answer.json, dry_run);
	answer_clear(&answer);
	json_decref(query);
	json_decref(body);
	return ending;
}

static enum ending run(struct client *c, struct args *args)
{
	bool imports = strcmp(args->operands[0], "import") == 0;
	if (imports && args->count == 2)
		return import(c, args);
	if (!imports && args->count == 1 && !args_switch(args, "dry-run"))
		return show(c, args);
	return client_misused(c, "%s",
		pick(c->screen.language, "calendar YEAR, or calendar import FILE",
			"请用 calendar YEAR 或 calendar import FILE"));
}

const struct command cmd_calendar = {
	.name = "calendar",
	.operands = "YEAR | import FILE",
	.en = "the working days of a year; put a notice into force",
	.zh = "一年的工作日；载入放假调休通知",
	.flags = flags,
	.least = 1,
	.most = 2,
	.run = run,
};
