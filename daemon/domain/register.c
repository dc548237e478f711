/* SPDX-License-Identifier: MulanPSL-2.0 */
/* domain/register: the tables. */
#include "domain/register.h"

#include <string.h>

/* clang-format off */
#define CODE(code, zh, en) { code, zh, en, { 0 }, { 0 } }
#define NOT_GIVEN CODE("", "", "")
#define END { NULL, NULL, NULL, { 0 }, { 0 } }

/* The lines of the form of 2014, part two. */
const struct code ogi_response_forms[] = {
	NOT_GIVEN,
	CODE("press_conference", "新闻发布会", "press conference"),
	CODE("interview", "政府网站在线访谈", "online interview"),
	CODE("explanation", "政策解读稿件", "policy explanation"),
	CODE("social_media", "微博微信回应", "microblog or WeChat"),
	CODE("other", "其他方式", "other"),
	END,
};
const struct code ogi_meeting_types[] = {
	NOT_GIVEN,
	CODE("work", "工作会议", "work meeting"),
	CODE("special", "专题会议", "meeting on one subject"),
	CODE("other", "其他会议", "other"),
	END,
};
const struct code ogi_document_types[] = {
	NOT_GIVEN,
	CODE("normative", "规范性文件", "normative document"),
	CODE("rule", "规章", "government rule"),
	END,
};

/* The labels; a name means the same in every register. */
static const struct code labels[] = {
	CODE("org", "机关", "organisation"),
	CODE("year", "年度", "year"),
	CODE("period", "季度或月份（如 2025Q1、2025M03）", "quarter or month (2025Q1, 2025M03)"),
	CODE("on", "日期", "day"),
	CODE("from", "起始日期", "from"),
	CODE("to", "截止日期", "to"),
	CODE("office", "工作机构", "OGI office"),
	CODE("head", "领导小组组长", "head of the leading group"),
	CODE("deputies", "副组长", "deputies"),
	CODE("members", "成员", "members"),
	CODE("staff_full", "专职人员数（人）", "full-time staff"),
	CODE("staff_part", "兼职人员数（人）", "part-time staff"),
	CODE("title", "名称", "title"),
	CODE("type", "类型", "kind"),
	CODE("organiser", "主办单位", "organiser"),
	CODE("participants", "参加人数（人次）", "attendances"),
	CODE("topic", "回应事项", "topic"),
	CODE("form", "回应方式", "form"),
	CODE("with_head", "主要负责同志参加", "with the head of the agency"),
	CODE("subject", "事由", "subject"),
	CODE("result", "处理结果", "result"),
	CODE("concluded_on", "办结日期", "concluded on"),
	CODE("place", "地点", "place"),
	CODE("number", "个数（个）", "number"),
	CODE("amount", "金额（万元）", "amount (10,000 yuan)"),
	CODE("purpose", "用途", "purpose"),
	CODE("unit", "单位", "unit"),
	CODE("finding", "发现问题", "finding"),
	CODE("remedy_on", "整改日期", "to be remedied by"),
	CODE("section", "报告部分", "section of the report"),
	CODE("order", "次序", "order"),
	CODE("text", "正文", "text"),
	CODE("author", "撰稿人", "author"),
	CODE("doc_no", "文号", "document number"),
	CODE("valid_until", "有效期至", "valid until"),
	CODE("repealed_on", "废止日期", "repealed on"),
	CODE("decisions", "处理决定数量（件）", "decisions"),
	CODE("items", "项目数量（项）", "items"),
	CODE("items_prev", "上一年项目数量（项）", "items of the year before"),
	CODE("items_delta", "本年增/减（项）", "change of items"),
	CODE("submitted_on", "报送日期", "submitted on"),
	CODE("submitted_to", "报送机关", "submitted to"),
	CODE("disclosed", "主动公开数（条）", "items published"),
	CODE("received", "收到申请数（件）", "requests received"),
	CODE("answered", "申请答复数（件）", "requests answered"),
	CODE("locator", "网址或期号", "address or issue"),
	CODE("note", "备注", "note"),
	END,
};

#define AT(f) offsetof(struct ogi_entry, f)
#define MUST FIELD_REQUIRED
#define LINE(name, flags, most) { #name, FIELD_TEXT, AT(name), flags, 0, most, NULL, NULL, 0, 0 }
#define LINES(name, flags, most) { #name, FIELD_TEXT, AT(name), (flags) | FIELD_MULTILINE, 0, most, NULL, NULL, 0, 0 }
#define DAY(name, flags) { #name, FIELD_DATE, AT(name), flags, 0, 0, NULL, NULL, 0, 0 }
#define WHOLE(name, flags, least, most) { #name, FIELD_INT, AT(name), flags, least, most, NULL, NULL, 0, 0 }
#define COUNT(name) WHOLE(name, 0, 0, 100000000)
#define MONEY(name, flags) { #name, FIELD_DECIMAL, AT(name), flags, 0, 100000000, NULL, NULL, 0, 0 }
#define FLAG(name) { #name, FIELD_BOOL, AT(name), 0, 0, 0, NULL, NULL, 0, 0 }
#define PICK(name, at, flags, codes) { name, FIELD_CODE, AT(at), flags, 0, 0, codes, NULL, 0, 0 }
#define OWN LINE(org, 0, 32)
#define OF_YEAR(flags) WHOLE(year, flags, 1990, 2199)
#define LAST LINES(note, 0, 2000), { NULL, FIELD_TEXT, 0, 0, 0, 0, NULL, NULL, 0, 0 }
#define PERIOD LINE(period, 0, 7)

static const struct field org_rows[] = {
	OWN, OF_YEAR(0), LINE(office, MUST, 200), LINE(head, 0, 200), LINE(deputies, 0, 500), LINES(members, 0, 2000),
	WHOLE(staff_full, 0, 0, 100000), WHOLE(staff_part, 0, 0, 100000), DAY(from, 0), DAY(to, 0), LAST };
static const struct field meeting_rows[] = {
	OWN, OF_YEAR(0), DAY(on, 0), LINE(title, 0, 500), PICK("type", type, 0, ogi_meeting_types), LINE(organiser, 0, 200),
	WHOLE(participants, 0, 0, 1000000), LAST };
static const struct field training_rows[] = {
	OWN, OF_YEAR(0), DAY(on, 0), LINE(title, 0, 500), LINE(organiser, 0, 200), WHOLE(participants, MUST, 0, 1000000), LAST };
static const struct field response_rows[] = {
	OWN, OF_YEAR(0), DAY(on, 0), LINE(topic, MUST, 500), PICK("form", form, MUST, ogi_response_forms), FLAG(with_head),
	LINE(locator, 0, 1000), LAST };
static const struct field complaint_rows[] = {
	OWN, OF_YEAR(0), DAY(on, 0), LINE(subject, MUST, 500), LINES(result, 0, 2000), DAY(concluded_on, 0), LAST };
static const struct field reading_point_rows[] = {
	OWN, OF_YEAR(0), LINE(place, MUST, 500), WHOLE(number, 0, 1, 100000), DAY(from, 0), DAY(to, 0), LAST };
static const struct field budget_rows[] = {
	OWN, OF_YEAR(MUST), MONEY(amount, MUST), LINE(purpose, 0, 500), LAST };
static const struct field inspection_rows[] = {
	OWN, OF_YEAR(0), DAY(on, 0), LINE(unit, MUST, 200), LINES(finding, 0, 5000), DAY(remedy_on, 0), LINES(result, 0, 2000), LAST };
static const struct field text_block_rows[] = {
	OWN, OF_YEAR(MUST), WHOLE(section, MUST, 1, 6), WHOLE(order, 0, 0, 1000), LINES(text, MUST, 20000), LINE(author, 0, 200), LAST };
static const struct field document_rows[] = {
	OWN, OF_YEAR(0), DAY(on, 0), LINE(title, MUST, 1000), LINE(doc_no, MUST, 200), PICK("type", document, 0, ogi_document_types),
	DAY(valid_until, 0), DAY(repealed_on, 0), LAST };
#define ACTS OWN, OF_YEAR(MUST), PERIOD, LINE(unit, 0, 200), COUNT(decisions), COUNT(items_prev), WHOLE(items_delta, 0, -100000000, 100000000), LAST
static const struct field acts_rows[] = { ACTS };
static const struct field charges_rows[] = {
	OWN, OF_YEAR(MUST), PERIOD, LINE(unit, 0, 200), MONEY(amount, 0), COUNT(items_prev), WHOLE(items_delta, 0, -100000000, 100000000), LAST };
static const struct field procurement_rows[] = {
	OWN, OF_YEAR(MUST), PERIOD, LINE(unit, 0, 200), COUNT(items), MONEY(amount, 0), LAST };
static const struct field return_rows[] = {
	OWN, OF_YEAR(MUST), LINE(period, MUST, 7), DAY(submitted_on, 0), LINE(submitted_to, 0, 200), COUNT(disclosed), COUNT(received),
	COUNT(answered), LAST };

const struct ogi_register ogi_registers[] = {
	{ "org", "组织机构", "organisation and staff", "f14 part 8; R2019 art. 4", OGI_ENTRY_STANDS, org_rows },
	{ "meeting", "会议", "meetings", "f14 part 9", OGI_ENTRY_DAY, meeting_rows },
	{ "training", "培训", "training", "f14 part 9", OGI_ENTRY_DAY, training_rows },
	{ "response", "回应解读", "responses and explanations", "f14 part 2", OGI_ENTRY_DAY, response_rows },
	{ "complaint", "举报投诉", "complaints that belong to no case", "f14 part 6; R2019 art. 47, 51", OGI_ENTRY_DAY, complaint_rows },
	{ "reading_point", "查阅点", "reading points", "f14 part 8; R2019 art. 25", OGI_ENTRY_STANDS, reading_point_rows },
	{ "budget", "专项经费", "budget", "f14 part 8", OGI_ENTRY_YEAR, budget_rows },
	{ "inspection", "监督检查", "inspections", "R2019 art. 46", OGI_ENTRY_DAY, inspection_rows },
	{ "text_block", "报告素材", "text blocks of the report", "R2019 art. 50", OGI_ENTRY_YEAR, text_block_rows },
	{ "normative", "规章和规范性文件", "rules and normative documents", "R2019 art. 20(1)", OGI_ENTRY_STANDS, document_rows },
	{ "license", "行政许可", "licences", "R2019 art. 20(5)", OGI_ENTRY_YEAR, acts_rows },
	{ "service", "其他对外管理服务事项", "other services", "R2019 art. 20(5)", OGI_ENTRY_YEAR, acts_rows },
	{ "penalty", "行政处罚", "penalties", "R2019 art. 20(6)", OGI_ENTRY_YEAR, acts_rows },
	{ "coercion", "行政强制", "coercive measures", "R2019 art. 20(6)", OGI_ENTRY_YEAR, acts_rows },
	{ "charges", "行政事业性收费", "administrative charges", "R2019 art. 20(8)", OGI_ENTRY_YEAR, charges_rows },
	{ "procurement", "政府集中采购", "central procurement", "R2019 art. 20(9)", OGI_ENTRY_YEAR, procurement_rows },
	{ "quarterly_return", "定期报送", "periodic returns", "R2019 art. 46", OGI_ENTRY_YEAR, return_rows },
	{ NULL, NULL, NULL, NULL, OGI_ENTRY_DAY, NULL },
};

#define HEAD_TOO(form) "{\"form\":\"" form "\",\"with_head\":true}"
#define FORM(form) "{\"form\":\"" form "\"}"
#define RULE "{\"type\":\"rule\"}"
#define SUM(key, reg, field) { key, reg, OGI_FEED_SUM, field, NULL, NULL, OGI_FEED_BASIS }
#define TALLY(key, reg, only) { key, reg, OGI_FEED_COUNT, NULL, only, NULL, OGI_FEED_BASIS }
/* What is not said to be a rule is a normative document. */
const struct ogi_feed ogi_feeds[] = {
	/* f14 */
	{ "p.normative_made", "normative", OGI_FEED_COUNT, NULL, NULL, RULE, OGI_FEED_ON },
	/* an explanation answers no event; one answered in several ways counts once */
	{ "r.hot", "response", OGI_FEED_DISTINCT, "topic", NULL, FORM("explanation"), OGI_FEED_BASIS },
	TALLY("r.press", "response", FORM("press_conference")),
	TALLY("r.press_head", "response", HEAD_TOO("press_conference")),
	TALLY("r.interview", "response", FORM("interview")),
	TALLY("r.interview_head", "response", HEAD_TOO("interview")),
	TALLY("r.explain", "response", FORM("explanation")),
	TALLY("r.social", "response", FORM("social_media")),
	TALLY("r.other", "response", FORM("other")),
	TALLY("c.total", "complaint", NULL),
	TALLY("o.units", "org", NULL),
	SUM("o.reading_points", "reading_point", "number"),
	SUM("o.staff_full", "org", "staff_full"),
	SUM("o.staff_part", "org", "staff_part"),
	SUM("o.budget", "budget", "amount"),
	TALLY("m.meetings", "meeting", NULL),
	TALLY("m.courses", "training", NULL),
	SUM("m.attendees", "training", "participants"),
	/* f19, f21 */
	{ "t2.rules.made", "normative", OGI_FEED_COUNT, NULL, RULE, NULL, OGI_FEED_ON },
	{ "t2.rules.repealed", "normative", OGI_FEED_COUNT, NULL, RULE, NULL, OGI_FEED_REPEALED },
	{ "t2.rules.valid", "normative", OGI_FEED_COUNT, NULL, RULE, NULL, OGI_FEED_BASIS },
	{ "t2.normative.made", "normative", OGI_FEED_COUNT, NULL, NULL, RULE, OGI_FEED_ON },
	{ "t2.normative.repealed", "normative", OGI_FEED_COUNT, NULL, NULL, RULE, OGI_FEED_REPEALED },
	{ "t2.normative.valid", "normative", OGI_FEED_COUNT, NULL, NULL, RULE, OGI_FEED_BASIS },
	SUM("t2.license.items_prev", "license", "items_prev"),
	SUM("t2.license.items_delta", "license", "items_delta"),
	SUM("t2.license.decisions", "license", "decisions"),
	SUM("t2.service.items_prev", "service", "items_prev"),
	SUM("t2.service.items_delta", "service", "items_delta"),
	SUM("t2.service.decisions", "service", "decisions"),
	SUM("t2.penalty.items_prev", "penalty", "items_prev"),
	SUM("t2.penalty.items_delta", "penalty", "items_delta"),
	SUM("t2.penalty.decisions", "penalty", "decisions"),
	SUM("t2.coercion.items_prev", "coercion", "items_prev"),
	SUM("t2.coercion.items_delta", "coercion", "items_delta"),
	SUM("t2.coercion.decisions", "coercion", "decisions"),
	SUM("t2.charges.items_prev", "charges", "items_prev"),
	SUM("t2.charges.items_delta", "charges", "items_delta"),
	SUM("t2.charges.amount", "charges", "amount"),
	SUM("t2.procurement.items", "procurement", "items"),
	SUM("t2.procurement.amount", "procurement", "amount"),
	{ NULL, NULL, OGI_FEED_COUNT, NULL, NULL, NULL, OGI_FEED_BASIS },
};
/* clang-format on */

const struct ogi_register *ogi_register_find(const char *code)
{
	for (const struct ogi_register *r = ogi_registers; r->code != NULL; r++)
		if (strcmp(r->code, code) == 0)
			return r;
	return NULL;
}

const struct code *ogi_register_label(const char *field)
{
	int i = code_find(labels, field);
	return i >= 0 ? &labels[i] : NULL;
}

const struct ogi_feed *ogi_feed_of(const char *key)
{
	for (const struct ogi_feed *f = ogi_feeds; key != NULL && f->key != NULL; f++)
		if (strcmp(f->key, key) == 0)
			return f;
	return NULL;
}

bool ogi_feed_is_decimal(const struct ogi_feed *feed)
{
	const struct ogi_register *reg = ogi_register_find(feed->reg);
	const struct field *row =
		feed->field != NULL ? field_find(reg->rows, feed->field, NULL) : NULL;
	return row != NULL && row->type == FIELD_DECIMAL;
}

/* A document stands from the day it was made until it was repealed or ran out. */
static struct ogi_span document_days(const struct ogi_entry *e)
{
	struct ogi_span days = { e->on, e->valid_until };
	if (!ogi_is_date(e->repealed_on))
		return days;
	struct ogi_date last = ogi_date_add(e->repealed_on, -1);
	days.to = ogi_is_date(days.to) ? ogi_earlier(days.to, last) : last;
	return days;
}

struct ogi_span ogi_entry_days(const struct ogi_register *reg, const struct ogi_entry *e)
{
	struct ogi_span days = { e->on, e->on };
	switch (reg->basis) {
	case OGI_ENTRY_DAY:
		break;
	case OGI_ENTRY_YEAR:
		days = ogi_span_of_year(e->year);
		if (e->period != NULL)
			ogi_span_of_period(e->period, e->year, &days);
		days.to = ogi_date_add(days.to, -1);
		break;
	case OGI_ENTRY_STANDS:
		if (reg->rows == document_rows)
			return document_days(e);
		return (struct ogi_span){ e->from, e->to };
	}
	return days;
}
