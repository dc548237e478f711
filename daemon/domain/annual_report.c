/* SPDX-License-Identifier: MulanPSL-2.0 */
/* domain/annual_report: the tables, and the reader of figures in prose. */
#include "domain/annual_report.h"

#include <string.h>

/* clang-format off */
static const struct ogi_report_section before_2019[OGI_REPORT_SECTIONS] = {
	{ 1, "一", "概述", "Overview", OGI_REPORT_ORGANISATION, true, "R2008 art. 32" },
	{ 2, "二", "主动公开政府信息情况", "Proactive disclosure", OGI_REPORT_DISCLOSED, false, "R2008 art. 32(1)" },
	{ 3, "三", "依申请公开政府信息情况", "Disclosure on request", OGI_REPORT_REQUESTS, false, "R2008 art. 32(2)" },
	{ 4, "四", "政府信息公开的收费及减免情况", "Fees and waivers", OGI_REPORT_FEES, false, "R2008 art. 32(3)" },
	{ 5, "五", "因政府信息公开申请行政复议、提起行政诉讼的情况", "Reconsideration and litigation", OGI_REPORT_REMEDIES, false, "R2008 art. 32(4)" },
	{ 6, "六", "政府信息公开工作存在的主要问题及改进情况", "Problems and improvements", OGI_REPORT_PROBLEMS, true, "R2008 art. 32(5)" },
};
static const struct ogi_report_section since_2019[OGI_REPORT_SECTIONS] = {
	{ 1, "一", "总体情况", "Overview", OGI_REPORT_DISCLOSED | OGI_REPORT_REQUESTS | OGI_REPORT_ORGANISATION, true, "R2019 art. 50" },
	{ 2, "二", "主动公开政府信息情况", "Proactive disclosure", OGI_REPORT_TABLE_2, false, "R2019 art. 50(1)" },
	{ 3, "三", "收到和处理政府信息公开申请情况", "Requests received and handled", OGI_REPORT_TABLE_3, false, "R2019 art. 50(2)" },
	{ 4, "四", "政府信息公开行政复议、行政诉讼情况", "Reconsideration and litigation", OGI_REPORT_TABLE_4, false, "R2019 art. 50(3)" },
	{ 5, "五", "存在的主要问题及改进情况", "Problems and improvements", OGI_REPORT_PROBLEMS, true, "R2019 art. 50(4)" },
	{ 6, "六", "其他需要报告的事项", "Other matters", OGI_REPORT_FEES, false, "R2019 art. 50(5)" },
};
/* clang-format on */

const struct ogi_report_section *ogi_report_sections(int year)
{
	if (year < OGI_REPORT_FIRST_YEAR)
		return NULL;
	return year < ogi_form_2019.first_year ? before_2019 : since_2019;
}

int ogi_report_problems(int year)
{
	const struct ogi_report_section *s = ogi_report_sections(year);
	for (int i = 0; s != NULL && i < OGI_REPORT_SECTIONS; i++)
		if ((s[i].parts & OGI_REPORT_PROBLEMS) != 0)
			return s[i].number;
	return 0;
}

const struct ogi_form *ogi_report_form(int year)
{
	return year < ogi_form_2014.first_year ? &ogi_form_2014 : ogi_form_of_year(year);
}

struct ogi_date ogi_report_due(int year)
{
	bool old = year < ogi_form_2019.first_year;
	return ogi_date_of(year + 1, old ? 3 : 1, 31);
}

int ogi_report_percent(int64_t part, int64_t whole, bool *ret_exact)
{
	*ret_exact = true;
	if (whole <= 0 || part <= 0)
		return 0;
	*ret_exact = part * 100 % whole == 0;
	return (int)((part * 200 + whole) / (2 * whole));
}

/* ---- figures in prose ---- */

/* Value of a digit at s, also of full width; -1. */
static int digit(const char *s, size_t *ret_bytes)
{
	*ret_bytes = 1;
	if (*s >= '0' && *s <= '9')
		return *s - '0';
	if (strncmp(s, "\xef\xbc", 2) == 0 && (unsigned char)s[2] >= 0x90 &&
		(unsigned char)s[2] <= 0x99) {
		*ret_bytes = 3;
		return (unsigned char)s[2] - 0x90;
	}
	return -1;
}

static size_t starts(const char *s, const char *word)
{
	size_t n = strlen(word);
	return strncmp(s, word, n) == 0 ? n : 0;
}

/* What separates clauses. */
static size_t separator(const char *s)
{
	static const char *const marks[] = { "。", "；", "，", "、", "：", "！", "？", "（",
		"）", "(", ")", ",", ";", ":", "\n" };
	for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
		if (starts(s, marks[i]) > 0)
			return starts(s, marks[i]);
	return 0;
}

struct number {
	int64_t whole, fraction; /* fraction in ten-thousandths */
	const char *end;
	bool fits;
};

/* Digits with "," between thousands and at most four behind a point. */
static struct number number_at(const char *s)
{
	enum { DIGITS = 14 };
	struct number n = { .end = s, .fits = true };
	size_t bytes;
	int d, digits = 0, places = 0;
	while ((d = digit(n.end, &bytes)) >= 0 || *n.end == ',') {
		if (d < 0 && digit(n.end + 1, &bytes) < 0)
			break;
		if (d >= 0 && digits++ < DIGITS)
			n.whole = n.whole * 10 + d;
		n.end += d >= 0 ? bytes : 1;
	}
	if (*n.end == '.' && digit(n.end + 1, &bytes) >= 0)
		for (n.end++; (d = digit(n.end, &bytes)) >= 0; n.end += bytes)
			if (places++ < 4)
				n.fraction = n.fraction * 10 + d;
	n.fits = digits <= DIGITS && places <= 4;
	for (; places < 4; places++)
		n.fraction *= 10;
	return n;
}

/* The unit word at s: its bytes, 0 when there is none. */
static size_t unit_at(const char *s, enum ogi_unit *ret_unit, int64_t *ret_times)
{
	static const struct {
		const char *word;
		enum ogi_unit unit;
		int64_t times;
	} units[] = { { "万元", OGI_UNIT_YUAN, 10000 }, { "元", OGI_UNIT_YUAN, 1 },
		{ "%", OGI_UNIT_PERCENT, 1 }, { "％", OGI_UNIT_PERCENT, 1 },
		{ "条", OGI_UNIT_COUNT, 1 }, { "件", OGI_UNIT_COUNT, 1 },
		{ "宗", OGI_UNIT_COUNT, 1 }, { "次", OGI_UNIT_COUNT, 1 },
		{ "起", OGI_UNIT_COUNT, 1 } };
	size_t blank = strspn(s, " ");
	for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
		size_t n = starts(s + blank, units[i].word);
		if (n == 0)
			continue;
		*ret_unit = units[i].unit;
		*ret_times = units[i].times;
		return blank + n;
	}
	return 0;
}

bool ogi_prose_next(const char *text, size_t from, struct ogi_prose_figure *f)
{
	size_t clause = 0;
	for (const char *s = text; *s != '\0';) {
		size_t bytes, mark = separator(s);
		if (mark > 0) {
			s += mark;
			clause = (size_t)(s - text);
			continue;
		}
		if (digit(s, &bytes) < 0) {
			s++;
			continue;
		}
		struct number n = number_at(s);
		int64_t times = 1;
		size_t unit = n.fits ? unit_at(n.end, &f->unit, &times) : 0;
		/* an article, "第二十一条" and "第21条", counts nothing */
		bool ordinal = s - text >= 3 && strncmp(s - 3, "第", 3) == 0;
		if (unit > 0 && !ordinal && (size_t)(s - text) >= from) {
			f->value = n.whole * times + n.fraction * times / 10000;
			f->at = (size_t)(s - text);
			f->bytes = (size_t)(n.end - s) + unit;
			f->from = clause;
			return true;
		}
		s = n.end;
	}
	return false;
}

/* clang-format off */
static const struct ogi_prose_word words[] = {
	{ "主动公开", OGI_UNIT_COUNT, "p.total" },
	{ "公开政府信息", OGI_UNIT_COUNT, "p.total" },
	{ "组织机构类", OGI_UNIT_COUNT, "p.cat.org" },
	{ "部门文件类", OGI_UNIT_COUNT, "p.cat.doc" },
	{ "动态类", OGI_UNIT_COUNT, "p.cat.news" },
	{ "行政职权类", OGI_UNIT_COUNT, "p.cat.power" },
	{ "财政预决算", OGI_UNIT_COUNT, "p.cat.budget" },
	{ "其他信息", OGI_UNIT_COUNT, "p.cat.misc" },
	{ "政府网站", OGI_UNIT_COUNT, "p.by.website" },
	{ "新闻媒体", OGI_UNIT_COUNT, "p.by.media" },
	{ "政府公报", OGI_UNIT_COUNT, "p.by.gazette" },
	{ "政务微博", OGI_UNIT_COUNT, "p.by.weibo" },
	{ "政务微信", OGI_UNIT_COUNT, "p.by.wechat" },
	{ "收到", OGI_UNIT_COUNT, "a.received" },
	{ "受理", OGI_UNIT_COUNT, "a.received" },
	{ "新收", OGI_UNIT_COUNT, "a.received" },
	{ "当面", OGI_UNIT_COUNT, "a.ch.in_person" },
	{ "传真", OGI_UNIT_COUNT, "a.ch.fax" },
	{ "网上", OGI_UNIT_COUNT, "a.ch.online" },
	{ "网络", OGI_UNIT_COUNT, "a.ch.online" },
	{ "信函", OGI_UNIT_COUNT, "a.ch.letter" },
	{ "上年结转", OGI_UNIT_COUNT, "t3.carried_in" },
	{ "结转下年度", OGI_UNIT_COUNT, "t3.carried_out" },
	{ "结转下年", OGI_UNIT_COUNT, "t3.carried_out" },
	{ "办结", OGI_UNIT_COUNT, "a.closed" },
	{ "办理完毕", OGI_UNIT_COUNT, "a.closed" },
	{ "已答复", OGI_UNIT_COUNT, "a.answered" },
	{ "答复", OGI_UNIT_COUNT, "a.answered" },
	{ "部分公开", OGI_UNIT_COUNT, "a.grant_partial" },
	{ "同意公开", OGI_UNIT_COUNT, "a.grant" },
	{ "予以公开", OGI_UNIT_COUNT, "a.grant" },
	{ "同意部分公开", OGI_UNIT_COUNT, "a.grant_partial" },
	{ "非本机关政府信息", OGI_UNIT_COUNT, "a.not_this_agency" },
	{ "不属于本机关", OGI_UNIT_COUNT, "a.not_this_agency" },
	{ "信息不存在", OGI_UNIT_COUNT, "a.not_exist" },
	{ "行政复议", OGI_UNIT_COUNT, "v.total" },
	{ "行政诉讼", OGI_UNIT_COUNT, "s.total" },
	{ "举报", OGI_UNIT_COUNT, "c.total" },
	{ "投诉", OGI_UNIT_COUNT, "c.total" },
	{ "收取", OGI_UNIT_YUAN, "fee.amount" },
	{ "收费", OGI_UNIT_YUAN, "fee.amount" },
	{ "费用", OGI_UNIT_YUAN, "fee.amount" },
	{ "信息处理费", OGI_UNIT_YUAN, "fee.amount" },
};
/* What the forms since 2019 call it. */
static const struct {
	const char *old, *key;
} renamed[] = {
	{ "a.received", "t3.new" },
	{ "a.closed", "t3.results_total" },
	{ "a.answered", "t3.results_total" },
	{ "a.grant", "t3.grant" },
	{ "a.grant_partial", "t3.grant_partial" },
};
/* clang-format on */

/* Of two words that end at the same place the longer one is meant: 部分公开 ends as
 * 同意部分公开 does. */
static const struct ogi_prose_word *word_before(
	const char *text, const struct ogi_prose_figure *f)
{
	const struct ogi_prose_word *best = NULL;
	size_t best_end = 0;
	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		size_t n = strlen(words[i].word);
		if (words[i].unit != f->unit)
			continue;
		for (size_t at = f->from; at + n <= f->at; at++) {
			size_t end = at + n;
			bool nearer = best == NULL || end > best_end ||
				      (end == best_end && n > strlen(best->word));
			if (nearer && strncmp(text + at, words[i].word, n) == 0) {
				best = &words[i];
				best_end = end;
			}
		}
	}
	return best;
}

const char *ogi_prose_key(const char *text, const struct ogi_prose_figure *f, bool before)
{
	const struct ogi_prose_word *word = word_before(text, f);
	if (word == NULL)
		return NULL;
	for (size_t i = 0; !before && i < sizeof renamed / sizeof *renamed; i++)
		if (strcmp(renamed[i].old, word->key) == 0)
			return renamed[i].key;
	return word->key;
}
