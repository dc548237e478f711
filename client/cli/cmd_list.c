/* SPDX-License-Identifier: MulanPSL-2.0 */
/* ogi list: the ledger, filtered; with --all every page of it, with --output as a file. */
#include "cli/case_view.h"
#include "cli/command.h"
#include "cli/field.h"
#include "cli/table.h"
#include "cli/vocabulary.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* clang-format off */
static const struct flag flags[] = {
	{ "overdue", FLAG_SWITCH, NULL, false, "past the due date", "已超期" },
	{ "due-within", FLAG_WHOLE, NULL, false, "open and due within N days from today", "N 日内到期的未办结件" },
	{ "status", FLAG_TEXT, "status", false, NULL, NULL },
	{ "flag", FLAG_TEXT, "flag", false, "with this mark", "带有该标记" },
	{ "channel", FLAG_TEXT, "channel", false, NULL, NULL },
	{ "outcome", FLAG_TEXT, "outcome", false, NULL, NULL },
	{ "light", FLAG_TEXT, "light", false, NULL, NULL },
	{ "applicant-kind", FLAG_TEXT, "applicant_kind", false, "kind of applicant", "申请人类别" },
	{ "subject", FLAG_TEXT, "subject", false, NULL, NULL },
	{ "assignee", FLAG_TEXT, "assignee", false, NULL, NULL },
	{ "waiting-for", FLAG_TEXT, "waiting_for", false, "me: what waits for me", "me：待我办理" },
	{ "received-from", FLAG_TEXT, "received_from", false, "received on this day or later", "收到日期不早于" },
	{ "received-to", FLAG_TEXT, "received_to", false, "received on this day or before", "收到日期不晚于" },
	{ "due-from", FLAG_TEXT, "due_from", false, "due on this day or later", "期限不早于" },
	{ "due-to", FLAG_TEXT, "due_to", false, "due on this day or before", "期限不晚于" },
	{ "closed-from", FLAG_TEXT, "closed_from", false, "closed on this day or later", "办结日期不早于" },
	{ "closed-to", FLAG_TEXT, "closed_to", false, "closed on this day or before", "办结日期不晚于" },
	{ "search", FLAG_TEXT, "q", false, "in number, applicant and description", "搜索编号、申请人、内容" },
	{ "org", FLAG_TEXT, "org", false, NULL, NULL },
	{ "rollup", FLAG_SWITCH, "rollup", false, "with the organisations below it", "含下级机关" },
	{ "as-of", FLAG_TEXT, "as_of", false, NULL, NULL },
	{ "known-at", FLAG_TEXT, "known_at", false, "as it was known at this instant", "按该时刻已知情况" },
	{ "sort", FLAG_TEXT, "sort", false, "due_on, receipt_date, number, updated_at; - before it: descending", "排序字段，前加 - 为降序" },
	{ "limit", FLAG_WHOLE, "limit", false, "lines of a page, at most 200", "每页行数，最多 200" },
	{ "after", FLAG_TEXT, "after", false, "the page behind this cursor", "从该游标之后" },
	{ "all", FLAG_SWITCH, NULL, false, "all pages", "全部页" },
	{ "output", FLAG_TEXT, NULL, false, "write all that is filtered to FILE.csv or FILE.xlsx", "把筛选结果全部写入 .csv 或 .xlsx 文件" },
	{ "json", FLAG_SWITCH, NULL, false, "print the answer as JSON", "输出 JSON" },
	{ 0 },
};
/* clang-format on */

/* The pages while they come. */
struct ledger {
	struct client *c;
	struct table *table; /* NULL with --json */
	const char
		*org; /* numbers of this one stand alone; points into a page or the session */
	char *first_org; /* when the session names none: that of the first case */
	bool all;
	long long count;
	FILE *arrivals;  /* writes `addresses` */
	char *addresses; /* on a narrow screen: the ids of cases without a number, told below
			    the table */
	size_t size, marks;
};

/* Days since 1970-01-01 to a date of the Gregorian calendar. */
static char *date_of_days(long long days)
{
	long long z = days + 719468; /* from 0000-03-01, so that the leap day ends a year */
	long long era = z / 146097;
	long long doe = z % 146097;
	long long yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	long long doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
	long long mp = (5 * doy + 2) / 153;
	long long month = mp < 10 ? mp + 3 : mp - 9;
	return text_format("%04lld-%02lld-%02lld", yoe + era * 400 + (month <= 2), month,
		doy - (153 * mp + 2) / 5 + 1);
}

/* The other way; false when it is not YYYY-MM-DD. */
static bool days_of_date(const char *date, long long *ret_days)
{
	static const char form[] = "dddd-dd-dd";
	long long number = 0; /* 20250421 */

	for (size_t i = 0; i < sizeof form; i++) {
		bool digit = date[i] >= '0' && date[i] <= '9';
		if (form[i] == 'd' ? !digit : date[i] != form[i])
			return false;
		number = digit ? number * 10 + (date[i] - '0') : number;
	}
	long long year = number / 10000;
	long long month = number / 100 % 100;
	long long day = number % 100;
	if (year < 1 || month < 1 || month > 12 || day < 1 || day > 31)
		return false;
	long long y = month <= 2 ? year - 1 : year;
	long long mp = month > 2 ? month - 3 : month + 9;
	long long yoe = y % 400;
	*ret_days = y / 400 * 146097 + yoe * 365 + yoe / 4 - yoe / 100 + (153 * mp + 2) / 5 +
		    day - 1 - 719468;
	return true;
}

/* Today in China, by the server's clock: the client has none. */
static enum ending today(struct client *c, long long *ret_days)
{
	struct answer answer;
	enum ending ending = client_get(c, "/v1/me", NULL, &answer);

	if (ending == DONE && answer.date <= 0) {
		complain("%s", pick(c->screen.language,
				       "the server does not say what day it is: give --as-of",
				       "服务器未给出日期，请使用 --as-of"));
		ending = REFUSED;
	}
	*ret_days = (answer.date + 8LL * 3600) / 86400;
	answer_clear(&answer);
	return ending;
}

static void set_date(json_t *query, const char *name, long long days)
{
	char *date = date_of_days(days);
	json_object_set_new(query, name, must(json_string(date)));
	free(date);
}

static enum ending add_due_within(struct client *c, const struct args *args, json_t *query)
{
	enum language l = c->screen.language;
	long long within = json_integer_value(json_object_get(args->switches, "due-within"));
	const char *as_of = field_text(query, "as_of");
	long long days = 0;

	if (within < 0 || within > 3660)
		return client_misused(c, "%s",
			pick(l, "--due-within takes 0 to 3660 days",
				"--due-within 取值 0 至 3660 日"));
	if (as_of != NULL) {
		if (!days_of_date(as_of, &days))
			return client_misused(
				c, pick(l, "%s is no date", "%s 不是日期"), as_of);
	} else {
		enum ending ending = today(c, &days);
		if (ending != DONE)
			return ending;
	}
	/* with --overdue the two add up: what is late and what will be */
	if (!args_switch(args, "overdue"))
		set_date(query, "due_from", days);
	set_date(query, "due_to", days + within);
	if (field_get(query, "status") == NULL)
		json_object_set_new(query, "status", json_string("open"));
	return DONE;
}

/* The body the flags filled is the query: every value as text. */
static enum ending query_of(struct client *c, const struct args *args, json_t **ret)
{
	json_t *query = *ret = must(json_object());
	const char *name;
	json_t *value;

	json_object_foreach(args->body, name, value)
	{
		if (json_is_integer(value)) {
			char *text = text_format("%lld", (long long)json_integer_value(value));
			json_object_set_new(query, name, must(json_string(text)));
			free(text);
		} else if (json_is_true(value)) {
			json_object_set_new(query, name, json_string("true"));
		} else {
			json_object_set(query, name, value);
		}
	}
	if (args_switch(args, "all") && field_get(query, "limit") == NULL)
		json_object_set_new(query, "limit", json_string("200"));
	if (args_switch(args, "due-within"))
		return add_due_within(c, args, query);
	if (args_switch(args, "overdue"))
		json_object_set_new(query, "light", json_string("overdue"));
	return DONE;
}

/* Where there is room, the receipt date too. */
static bool is_roomy(const struct client *c)
{
	return c->screen.width == 0 || c->screen.width >= 100;
}

static struct table *new_table(const struct client *c)
{
	enum language l = c->screen.language;
	struct table *t = table_new(&c->screen);

	table_column(t, (struct column){ .head = pick(l, "number", "编号") });
	if (is_roomy(c))
		table_column(t, (struct column){ .head = pick(l, "received", "收到日期") });
	table_column(t, (struct column){ .head = pick(l, "due", "答复期限") });
	table_column(t, (struct column){ .head = pick(l, "light", "提示") });
	table_column(t, (struct column){ .head = pick(l, "status", "状态"), .least = 8 });
	table_column(t, (struct column){ .head = pick(l, "handler", "承办人"), .least = 8 });
	table_column(t, (struct column){ .head = pick(l, "applicant", "申请人"), .least = 12 });
	table_column(
		t, (struct column){ .head = pick(l, "description", "所需信息"), .least = 12 });
	return t;
}

/* Its number; an id of 36 columns leaves no room on a narrow screen, so a mark stands for it.
 */
static void add_number(struct ledger *g, const json_t *row)
{
	char *number = case_view_number(row, g->org);

	if (field_text(row, "number") == NULL && !is_roomy(g->c)) {
		fprintf(g->arrivals, "*%zu  %s\n", ++g->marks, number);
		free(number);
		number = text_format("*%zu", g->marks);
	}
	table_cell(g->table, number, COLOUR_NONE);
	free(number);
}

static void add_case(struct ledger *g, const json_t *row)
{
	struct client *c = g->c;
	const char *light = field_text(row, "light");
	const char *status = field_text(row, "status");
	const char *due = field_text(row, "due_on");
	const char *latest = field_text(row, "latest_due_on");
	char *until = due == NULL && latest != NULL ? text_format("<=%s", latest) : NULL;
	bool lit = light != NULL && strcmp(light, "none") != 0;

	table_line(g->table);
	add_number(g, row);
	if (is_roomy(c))
		table_cell(g->table, field_text(row, "receipt_date"), COLOUR_NONE);
	table_cell(g->table, until != NULL ? until : due, print_light(light));
	table_cell(
		g->table, lit ? vocabulary_label(c, "light", light) : NULL, print_light(light));
	table_cell(g->table, status == NULL ? NULL : vocabulary_label(c, "status", status),
		COLOUR_NONE);
	table_cell(g->table, field_text(row, "assignee"), COLOUR_NONE);
	table_cell(g->table, field_text(row, "applicant.name"), COLOUR_NONE);
	table_cell(g->table, field_text(row, "description"), COLOUR_NONE);
	free(until);
}

/* One page; as JSON either as it came, or, of all pages, its cases behind those before. */
static void add_page(struct ledger *g, const struct answer *a)
{
	const json_t *cases = json_object_get(a->json, "cases");

	if (g->table == NULL && !g->all)
		print_json(&g->c->screen, a->text);
	for (size_t i = 0; i < json_array_size(cases); i++) {
		const json_t *row = json_array_get(cases, i);
		if (g->table == NULL && g->all) {
			char *text = must(json_dumps(row, JSON_COMPACT | JSON_ENCODE_ANY));
			printf("%s\n", g->count == 0 ? "{\"cases\": [" : ",");
			print_json(&g->c->screen, text);
			free(text);
		} else if (g->table != NULL) {
			if (g->org == NULL && field_text(row, "org") != NULL)
				g->org = g->first_org = must(strdup(field_text(row, "org")));
			add_case(g, row);
		}
		g->count++;
	}
}

static void finish(struct ledger *g, const char *next)
{
	enum language l = g->c->screen.language;

	if (g->table == NULL && g->all)
		printf("%s], \"next\": null}\n", g->count == 0 ? "{\"cases\": [" : "");
	if (g->table == NULL)
		return;
	table_print(g->table);
	fflush(g->arrivals);
	print_text(stdout, "%s", g->addresses);
	if (g->count == 0)
		complain("%s", pick(l, "no cases", "没有符合条件的申请"));
	if (next != NULL)
		complain(pick(l, "there are more: --all, or --after %s",
				 "还有更多：--all 或 --after %s"),
			next);
}

static enum ending read_pages(struct ledger *g, json_t *query)
{
	bool progress = g->all && isatty(STDERR_FILENO) == 1;
	enum ending ending;
	char *next = NULL;

	do {
		struct answer answer;
		if (next != NULL)
			json_object_set_new(query, "after", must(json_string(next)));
		free(next);
		next = NULL;
		ending = client_get(g->c, "/v1/cases", query, &answer);
		if (ending == DONE) {
			add_page(g, &answer);
			if (field_text(answer.json, "next") != NULL)
				next = must(strdup(field_text(answer.json, "next")));
		}
		if (progress && next != NULL)
			fprintf(stderr, "\r%lld …", g->count);
		answer_clear(&answer);
	} while (ending == DONE && g->all && next != NULL);
	if (progress)
		fputs("\r\033[K", stderr);
	if (ending == DONE)
		finish(g, next);
	free(next);
	return ending;
}

/* The file the server makes of what is filtered: no pages. */
static enum ending save(
	struct client *c, const struct args *args, json_t *query, const char *output)
{
	static const char *const suffixes[] = { ".csv", ".xlsx", NULL };
	static const char *const pages[] = { "limit", "after" };
	const char *suffix = text_suffix(output, suffixes);

	if (suffix == NULL)
		return client_misused(c,
			pick(c->screen.language, "%s: the name must end with .csv or .xlsx",
				"%s：文件名须以 .csv 或 .xlsx 结尾"),
			output);
	for (size_t i = 0; i < sizeof pages / sizeof *pages; i++)
		if (args_text(args, pages[i]) != NULL ||
			json_object_get(args->body, pages[i]) != NULL)
			return client_misused(c,
				pick(c->screen.language,
					"--output has no pages: leave out --%s",
					"--output 不分页，请去掉 --%s"),
				pages[i]);
	json_object_del(query, "limit"); /* of --all */
	char *path = text_format("/v1/cases%s", suffix);
	enum ending ending = client_save(c, path, query, output);
	free(path);
	return ending;
}

static enum ending run(struct client *c, struct args *args)
{
	struct ledger g = { .c = c, .org = c->session.org, .all = args_switch(args, "all") };
	json_t *query = NULL;
	enum ending ending = query_of(c, args, &query);
	const char *output = args_text(args, "output");
	g.arrivals = must(open_memstream(&g.addresses, &g.size));

	if (ending == DONE && output != NULL) {
		ending = save(c, args, query, output);
	} else if (ending == DONE) {
		if (!args_switch(args, "json"))
			g.table = new_table(c);
		ending = read_pages(&g, query);
	}
	table_free(g.table);
	fclose(g.arrivals);
	free(g.addresses);
	free(g.first_org);
	json_decref(query);
	return ending;
}

const struct command cmd_list = {
	.name = "list",
	.operands = "",
	.en = "list cases",
	.zh = "台账",
	.flags = flags,
	.run = run,
};
