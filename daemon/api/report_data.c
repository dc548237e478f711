/* SPDX-License-Identifier: MulanPSL-2.0 */
/* api/report_data: the report as data: what each section counts, in sentences and numbers. */
#include "api/reports.h"

#include "store/disclosure.h"
#include "store/setting.h"

#include <string.h>

/* ---- small tools ---- */

static void set(json_t *o, const char *name, const char *text)
{
	json_object_set_new(o, name, text != NULL ? json_string(text) : json_null());
}

static const char *day_words(struct arena *a, struct ogi_date date)
{
	int year, month, day;
	ogi_date_split(date, &year, &month, &day);
	return arena_print(a, "%d年%d月%d日", year, month, day);
}

static void set_date(json_t *o, const char *name, struct ogi_date date)
{
	char text[11];
	text_from_date(date, text);
	set(o, name, text);
}

bool report_figure(const struct report *r, const char *key, int64_t *ret_value)
{
	const json_t *value = json_object_get(r->keys, key);
	*ret_value = json_integer_value(value);
	return value != NULL;
}

static int64_t figure(const struct report *r, const char *key)
{
	int64_t value;
	return report_figure(r, key, &value) ? value : 0;
}

static void keep(struct report *r, const char *key, int64_t value)
{
	json_object_set_new(r->keys, key, json_integer(figure(r, key) + value));
}

static const char *label_of(const struct code *list, const char *code)
{
	int i = code_find(list, code);
	return i > 0 ? list[i].zh : code;
}

/* ---- all figures by key ---- */

static void keep_cells(struct report *r)
{
	const struct ogi_form *form = r->figures.q.form;
	for (int i = 0; i < form->rows; i++)
		if (form->row[i].key != NULL)
			keep(r, form->row[i].key,
				r->figures.a.figures.cells.cell[i][OGI_COLUMN_TOTAL]);
}

static void keep_list(struct exchange *x, struct report *r, const struct rows *rows,
	const struct code *list, const char *prefix)
{
	for (int i = 1; list[i].code != NULL; i++)
		keep(r, arena_print(x->arena, "%s%s", prefix, list[i].code), 0);
	for (int i = 0; i < rows_count(rows); i++)
		keep(r, arena_print(x->arena, "%s%s", prefix, rows_text(rows, i, 0)),
			rows_int64(rows, i, 1));
}

static void keep_received(struct exchange *x, struct report *r)
{
	const struct rows *rows = r->counts.received;
	bool old = r->figures.q.form == &ogi_form_2014;
	for (int i = 1; ogi_channels[i].code != NULL && !old; i++)
		keep(r, arena_print(x->arena, "a.ch.%s", ogi_channels[i].code), 0);
	for (int i = 0; i < rows_count(rows); i++) {
		const char *channel = rows_text(rows, i, 0), *subject = rows_text(rows, i, 1);
		if (!old && channel[0] != '\0')
			keep(r, arena_print(x->arena, "a.ch.%s", channel),
				rows_int64(rows, i, 2));
		keep(r,
			arena_print(x->arena, "a.subject.%s",
				subject[0] != '\0' ? subject : "none"),
			rows_int64(rows, i, 2));
	}
}

/* The forms since 2019 have no row for items, fees and remedies as a whole. */
static void keep_sums(struct report *r)
{
	if (r->figures.q.form == &ogi_form_2014)
		return;
	int64_t items = 0;
	for (int i = 0; i < rows_count(r->counts.categories); i++)
		items += rows_int64(r->counts.categories, i, 1);
	keep(r, "p.total", items);
	keep(r, "fee.amount", r->figures.a.figures.fee_received);
	keep(r, "v.total", figure(r, "t4.review.total"));
	keep(r, "s.total",
		figure(r, "t4.suit_direct.total") + figure(r, "t4.suit_after.total"));
}

/* What the forms since 2019 ask no longer; the form of 2014 has it among its cells. */
static void keep_registers(struct report *r)
{
	keep(r, "i.inspections", rows_int64(r->inspections, 0, 0));
	for (int i = 0; i < rows_count(r->registers); i++) {
		const struct ogi_form_row *row =
			&ogi_form_2014.row[rows_int(r->registers, i, 1)];
		if (r->figures.q.form != &ogi_form_2014 && row->source == OGI_FROM_REGISTER)
			keep(r, row->key, rows_int64(r->registers, i, 2));
	}
}

static void keep_all(struct exchange *x, struct report *r)
{
	r->keys = json_object();
	keep_cells(r);
	keep_list(x, r, r->counts.categories, disclosure_categories, "p.cat.");
	keep_list(x, r, r->counts.channels, publication_channels, "p.by.");
	keep_received(x, r);
	keep_sums(r);
	keep_registers(r);
}

/* ---- groups: a sentence, and a line for each figure under it ---- */

static json_t *group_add(json_t *groups, const char *lead)
{
	json_t *group = json_object();
	set(group, "lead", lead);
	json_object_set_new(group, "listed", json_false());
	json_object_set_new(group, "lines", json_array());
	json_array_append_new(groups, group);
	return group;
}

/* whole < 0: without a share. `detail` may be NULL. */
struct line {
	const char *key, *label, *unit, *detail;
	int64_t count, whole;
};
static void line_add(struct exchange *x, json_t *group, const struct line *l)
{
	json_t *line = json_object();
	bool exact;
	int percent = ogi_report_percent(l->count, l->whole, &exact);
	const char *share =
		l->whole < 0 ? ""
			     : arena_print(x->arena, "，占%s%d%%", exact ? "" : "约", percent);
	set(line, "key", l->key);
	set(line, "label", l->label);
	json_object_set_new(line, "count", json_integer(l->count));
	set(line, "unit", l->unit);
	json_object_set_new(
		line, "percent", l->whole < 0 ? json_null() : json_integer(percent));
	json_object_set_new(line, "rounded", json_boolean(!exact));
	set(line, "detail", l->detail);
	set(line, "text",
		arena_print(x->arena, "%s%lld%s%s%s%s", l->label, (long long)l->count, l->unit,
			share, l->detail != NULL ? "；" : "",
			l->detail != NULL ? l->detail : ""));
	json_array_append_new(json_object_get(group, "lines"), line);
	json_object_set_new(group, "listed", json_true());
}

static void disclosed(struct exchange *x, struct report *r, json_t *groups)
{
	int year = r->figures.q.year;
	json_t *group = group_add(groups,
		arena_print(x->arena,
			"%d年，本机关主动公开政府信息%lld条（不同渠道和方式公开相同信息计1条）。按类别：",
			year, (long long)figure(r, "p.total")));
	for (int i = 1; disclosure_categories[i].code != NULL; i++) {
		const char *key =
			arena_print(x->arena, "p.cat.%s", disclosure_categories[i].code);
		line_add(x, group,
			&(struct line){ .key = key,
				.label = disclosure_categories[i].zh,
				.unit = "条",
				.count = figure(r, key),
				.whole = -1 });
	}
	group = group_add(groups, "按公开渠道（一条信息可通过多个渠道公开）：");
	for (int i = 1; publication_channels[i].code != NULL; i++) {
		const char *key =
			arena_print(x->arena, "p.by.%s", publication_channels[i].code);
		line_add(x, group,
			&(struct line){ .key = key,
				.label = publication_channels[i].zh,
				.unit = "条",
				.count = figure(r, key),
				.whole = -1 });
	}
}

static void subjects(struct exchange *x, struct report *r, json_t *groups, int64_t received)
{
	json_t *group = NULL;
	for (int i = 0; ogi_subjects[i].code != NULL; i++) {
		const char *code = i > 0 ? ogi_subjects[i].code : "none";
		const char *key = arena_print(x->arena, "a.subject.%s", code);
		if (figure(r, key) == 0)
			continue;
		if (group == NULL)
			group = group_add(groups, "按申请内容：");
		line_add(x, group,
			&(struct line){ .key = key,
				.label = i == 0 ? "未分类"
						: arena_print(
							  x->arena, "%s类", ogi_subjects[i].zh),
				.unit = "件",
				.count = figure(r, key),
				.whole = received });
	}
}

/* "《…意见》；…" of a JSON list. */
static const char *basis_words(struct exchange *x, const char *json)
{
	struct form_why why;
	json_t *list = form_parse(x->arena, json, strlen(json), &why), *one;
	const char *words = NULL;
	size_t i;
	json_array_foreach(list, i, one)
	{
		if (!json_is_string(one))
			continue;
		words = words == NULL ? json_string_value(one)
				      : arena_print(x->arena, "%s、%s", words,
						json_string_value(one));
	}
	return words;
}

/* The key of the old form that an answer counts under; NULL: closed without one. */
static const char *answer_key(const struct rows *rows, int i)
{
	struct ogi_case_fact fact = { .closed = true,
		.outcome = code_find(ogi_outcome_codes, rows_text(rows, i, 0)) };
	if (rows_text(rows, i, 1)[0] != '\0')
		fact.variant = code_find(ogi_variant_codes, rows_text(rows, i, 1));
	if (rows_text(rows, i, 2)[0] != '\0')
		fact.form = code_find(ogi_outcome_codes, rows_text(rows, i, 2));
	return fact.outcome > 0 ? ogi_fact_answer(&fact) : NULL;
}

static void answers(struct exchange *x, struct report *r, json_t *groups)
{
	const struct rows *rows = r->counts.answers;
	int64_t answered = figure(r, "a.answered");
	json_t *group = group_add(
		groups, arena_print(x->arena, "%d年，本机关答复政府信息公开申请%lld件%s",
				r->figures.q.year, (long long)answered,
				answered > 0 ? "。其中：" : "。"));
	for (int i = 0; i < rows_count(rows); i++) {
		const char *key = answer_key(rows, i), *label = rows_text(rows, i, 3);
		const char *subject = rows_text(rows, i, 4),
			   *basis = basis_words(x, rows_text(rows, i, 5));
		if (key == NULL)
			continue;
		if (label[0] == '\0')
			label = label_of(ogi_outcome_codes, rows_text(rows, i, 0));
		const char *detail = subject[0] != '\0'
					     ? arena_print(x->arena, "主要内容：%s类",
						       label_of(ogi_subjects, subject))
					     : NULL;
		if (basis != NULL)
			detail = arena_print(x->arena, "%s%s依据：%s",
				detail != NULL ? detail : "", detail != NULL ? "；" : "",
				basis);
		line_add(x, group,
			&(struct line){ .key = key,
				.label = label,
				.unit = "件",
				.detail = detail,
				.count = rows_int64(rows, i, 6),
				.whole = answered });
	}
}

static void requests(struct exchange *x, struct report *r, json_t *groups)
{
	bool old = r->figures.q.form == &ogi_form_2014;
	int64_t received = figure(r, old ? "a.received" : "t3.new");
	json_t *group = group_add(groups,
		old ? arena_print(x->arena,
			      "%d年，本机关收到政府信息公开申请%lld件。按申请渠道：",
			      r->figures.q.year, (long long)received)
		    : arena_print(x->arena,
			      "%d年，本机关新收政府信息公开申请%lld件，上年结转%lld件；办理完毕%lld件，结转下年度继续办理%lld件。按申请渠道：",
			      r->figures.q.year, (long long)received,
			      (long long)figure(r, "t3.carried_in"),
			      (long long)figure(r, "t3.results_total"),
			      (long long)figure(r, "t3.carried_out")));
	for (int i = 1; ogi_channels[i].code != NULL; i++) {
		const char *key = arena_print(x->arena, "a.ch.%s", ogi_channels[i].code);
		line_add(x, group,
			&(struct line){ .key = key,
				.label = arena_print(x->arena, "%s申请", ogi_channels[i].zh),
				.unit = "宗",
				.count = figure(r, key),
				.whole = received });
	}
	subjects(x, r, groups, received);
	if (old)
		answers(x, r, groups);
}

static void fees(struct exchange *x, struct report *r, json_t *groups)
{
	const struct statistics *s = &r->figures.a.figures;
	int64_t amount = figure(r, "fee.amount");
	const char *lead;
	if (r->figures.q.form == &ogi_form_2014)
		lead = arena_print(x->arena,
			"本年度依申请公开政府信息收取费用%lld元（检索费、复制费等）。",
			(long long)amount);
	else if (s->fee_notices == 0 && amount == 0)
		lead = "本年度发出收费通知0件，收取信息处理费0元。";
	else
		lead = arena_print(x->arena,
			"本年度发出收费通知%lld件，总金额%lld元，实际收取信息处理费%lld元。",
			(long long)s->fee_notices, (long long)s->fee_noticed,
			(long long)amount);
	group_add(groups, lead);
}

static void remedies(struct exchange *x, struct report *r, json_t *groups)
{
	static const struct {
		const char *total, *words, *key[3];
	} kinds[] = {
		{ "v.total", "本年度因政府信息公开申请行政复议",
			{ "v.upheld", "v.corrected", "v.other" } },
		{ "s.total", "本年度因政府信息公开提起行政诉讼",
			{ "s.upheld", "s.corrected", "s.other" } },
		{ "c.total", "本年度收到有关政府信息公开的举报投诉", { NULL } },
	};
	static const char *const results[] = { "维持（驳回）", "依法纠错", "其他情形" };
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		int64_t total = figure(r, kinds[i].total);
		bool split = total > 0 && kinds[i].key[0] != NULL;
		json_t *group =
			group_add(groups, arena_print(x->arena, "%s%lld件%s", kinds[i].words,
						  (long long)total, split ? "：" : "。"));
		for (int k = 0; k < 3 && split; k++)
			line_add(x, group,
				&(struct line){ .key = kinds[i].key[k],
					.label = results[k],
					.unit = "件",
					.count = figure(r, kinds[i].key[k]),
					.whole = -1 });
	}
}

/* Of the registers; nothing is said of what nobody entered. */
static void organisation(struct exchange *x, struct report *r, json_t *groups)
{
	long long full = figure(r, "o.staff_full"), part = figure(r, "o.staff_part");
	long long units = figure(r, "o.units"), points = figure(r, "o.reading_points");
	long long meetings = figure(r, "m.meetings"), courses = figure(r, "m.courses");
	long long press = figure(r, "r.press"), interview = figure(r, "r.interview"),
		  explain = figure(r, "r.explain"), social = figure(r, "r.social"),
		  other = figure(r, "r.other"), inspections = figure(r, "i.inspections");
	if (units + points + full + part > 0)
		group_add(groups,
			arena_print(x->arena,
				"设有政府信息公开工作专门机构%lld个、查阅点%lld个；从事政府信息公开工作人员%lld人，其中专职%lld人，兼职%lld人。",
				units, points, full + part, full, part));
	if (meetings + courses > 0)
		group_add(groups,
			arena_print(x->arena,
				"全年召开政府信息公开工作会议或专题会议%lld次，举办各类培训班%lld次，接受培训%lld人次。",
				meetings, courses, (long long)figure(r, "m.attendees")));
	if (press + interview + explain + social + other > 0)
		group_add(groups,
			arena_print(x->arena,
				"全年回应公众关注热点或重大舆情%lld次；参加或举办新闻发布会%lld次，政府网站在线访谈%lld次，发布政策解读稿件%lld篇，微博微信回应%lld次，其他方式回应%lld次。",
				(long long)figure(r, "r.hot"), press, interview, explain,
				social, other));
	if (inspections > 0)
		group_add(groups, arena_print(x->arena, "全年开展政府信息公开监督检查%lld次。",
					  inspections));
}

/* ---- texts ---- */

const char *report_block(const struct report *r, int section, int *at)
{
	while (*at < rows_count(r->blocks)) {
		int row = (*at)++;
		if (rows_int(r->blocks, row, 0) == section)
			return rows_text(r->blocks, row, 1);
	}
	return NULL;
}

/* Its lines without what is blank. */
static json_t *paragraphs(struct exchange *x, const char *text)
{
	json_t *all = json_array();
	while (*text != '\0') {
		size_t n = strcspn(text, "\n");
		const char *line = arena_bytes(x->arena, text, n);
		if (strspn(line, " \t\r") < n)
			json_array_append_new(all, json_string(line));
		text += n + (text[n] == '\n');
	}
	return all;
}

static void instant(json_t *o, const char *name, int64_t at)
{
	struct buf b = { 0 };
	struct json_out out = json_to(&b);
	out_instant(&out, NULL, at);
	json_object_set_new(o, name, json_loads(b.data, JSON_DECODE_ANY, NULL));
	buf_clear(&b);
}

static void narrate(struct exchange *x, struct report *r, int number, json_t *section)
{
	struct report_text t;
	int year = r->figures.q.year;
	bool there = report_text_of(r->texts, year, number, &t);
	const struct directory_user *by =
		there ? directory_user_by_id(app_directory(x), t.by) : NULL;
	json_t *said = there ? paragraphs(x, t.text) : json_array();
	const char *block;
	for (int at = 0; (block = report_block(r, number, &at)) != NULL;) {
		json_t *more = paragraphs(x, block);
		json_array_extend(said, more);
		json_decref(more);
	}
	set(section, "narrative", there ? t.text : NULL);
	json_object_set_new(section, "paragraphs", said);
	json_object_set_new(
		section, "version", json_integer(report_text_version(r->texts, year, number)));
	set(section, "set_by", by != NULL ? by->login : NULL);
	instant(section, "set_at", there ? t.at : 0);
	bool before = number == ogi_report_problems(year) &&
		      report_text_of(r->texts, year - 1, ogi_report_problems(year - 1), &t);
	json_object_set_new(section, "last_year",
		before ? json_pack("{s:i, s:o}", "year", year - 1, "paragraphs",
				 paragraphs(x, t.text))
		       : json_null());
}

/* ---- the report ---- */

static json_t *section_make(
	struct exchange *x, struct report *r, const struct ogi_report_section *s)
{
	json_t *section = json_object(), *groups = json_array(), *tables = json_array();
	json_object_set_new(section, "number", json_integer(s->number));
	set(section, "mark", s->mark);
	set(section, "heading", s->zh);
	set(section, "en", s->en);
	set(section, "source", s->source);
	if ((s->parts & OGI_REPORT_ORGANISATION) != 0)
		organisation(x, r, groups);
	if ((s->parts & OGI_REPORT_DISCLOSED) != 0)
		disclosed(x, r, groups);
	if ((s->parts & OGI_REPORT_REQUESTS) != 0)
		requests(x, r, groups);
	if ((s->parts & OGI_REPORT_FEES) != 0)
		fees(x, r, groups);
	if ((s->parts & OGI_REPORT_REMEDIES) != 0)
		remedies(x, r, groups);
	for (int i = 0; i < 3; i++) {
		if ((s->parts & ((unsigned)OGI_REPORT_TABLE_2 << i)) == 0)
			continue;
		json_t *one = report_tables(x, r, i, 1);
		json_array_extend(tables, one);
		json_decref(one);
	}
	json_object_set_new(section, "groups", groups);
	json_object_set_new(section, "tables", tables);
	narrate(x, r, s->number, section);
	json_object_set_new(section, "missing",
		json_boolean(s->narrative &&
			     json_array_size(json_object_get(section, "paragraphs")) == 0));
	return section;
}

static const char *setting(struct exchange *x, const struct report *r, const char *name)
{
	struct ogi_date day = ogi_date_add(r->figures.q.span.to, -1);
	const struct directory_setting *s = setting_in_force(
		app_directory(x), r->figures.q.scope.org, name, day, INT32_MAX);
	return s != NULL ? s->value : NULL;
}

static void head(struct exchange *x, struct report *r, json_t *o)
{
	const struct form_query *q = &r->figures.q;
	const struct directory_org *org = directory_org(app_directory(x), q->scope.org);
	const char *agency = setting(x, r, "agency_name");
	bool old = q->year < ogi_form_2019.first_year;
	struct ogi_date due = ogi_report_due(q->year);
	if (agency == NULL)
		agency = org != NULL ? org->name : "";
	json_object_set_new(o, "year", json_integer(q->year));
	set(o, "org", org != NULL ? org->code : NULL);
	json_object_set_new(o, "rollup", json_boolean(q->scope.rollup));
	set(o, "regime", old ? "R2008" : "R2019");
	set(o, "form", q->form->code);
	json_object_set_new(o, "frozen", json_boolean(r->figures.a.frozen != NULL));
	json_object_set_new(o, "freeze",
		r->figures.a.frozen != NULL ? json_loads(r->figures.a.frozen, 0, NULL)
					    : json_null());
	set_date(o, "as_of", q->as_of);
	set(o, "title",
		arena_print(x->arena, "%d年%s政府信息公开工作年度报告", q->year, agency));
	set(o, "agency", agency);
	set(o, "contact", setting(x, r, "agency_contact"));
	set(o, "phone", setting(x, r, "agency_phone"));
	set(o, "address", setting(x, r, "agency_address"));
	set_date(o, "publish_by", due);
	set(o, "preamble",
		arena_print(x->arena,
			"本报告由%s根据《中华人民共和国政府信息公开条例》%s的要求编制。"
			"统计期限为%d年1月1日至12月31日。依照《条例》，本报告应当于%s前公布。",
			agency,
			old ? "（国务院令第492号）第三十一条、第三十二条"
			    : "（国务院令第711号）第四十九条、第五十条",
			q->year, day_words(x->arena, due)));
}

static void drop(void *value)
{
	json_decref(value);
}

json_t *report_data(struct exchange *x, struct report *r)
{
	json_t *o = json_object(), *sections = json_array();
	arena_at_end(x->arena, drop, o);
	keep_all(x, r);
	head(x, r, o);
	for (int i = 0; i < OGI_REPORT_SECTIONS; i++)
		json_array_append_new(sections, section_make(x, r, &r->section[i]));
	json_object_set_new(o, "sections", sections);
	json_object_set_new(o, "attachment",
		r->figures.q.form == &ogi_form_2014 &&
				r->figures.q.year >= ogi_form_2014.first_year
			? report_tables(x, r, 0, 1)
			: json_array());
	json_object_set_new(o, "figures", r->keys);
	return o;
}
