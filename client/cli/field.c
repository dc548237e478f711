/* SPDX-License-Identifier: MulanPSL-2.0 */
/* cli/field: fields of a JSON body by dotted name, and what they are called. */
#include "cli/field.h"

#include <stdlib.h>
#include <string.h>

/* clang-format off */
static const struct label {
	const char *name, *en, *zh;
} labels[] = {
	{ "accepted_on",           "accepted on",                   "受理日期" },
	{ "address",               "address",                       "地址" },
	{ "agent",                 "agent",                         "代理人" },
	{ "amount",                "amount",                        "金额" },
	{ "applicant",             "applicant",                     "申请人" },
	{ "applicant.id_kind",     "kind of identity",              "证件类型" },
	{ "applicant.id_number",   "identity number",               "证件号码" },
	{ "applicant.kind",        "kind of applicant",             "申请人类别" },
	{ "applicant.name",        "applicant",                     "申请人" },
	{ "approved_by",           "approved by",                   "批准人" },
	{ "approved_on",           "approved on",                   "批准日期" },
	{ "arrived_on",            "arrived on",                    "到件日期" },
	{ "as_of",                 "judged on",                     "截至日期" },
	{ "assignee",              "handler",                       "承办人" },
	{ "assisted",              "taken down for the applicant",  "代为填写" },
	{ "assisted_by",           "taken down by",                 "代填人" },
	{ "authority",             "authority",                     "受理机关" },
	{ "basis",                 "legal basis",                   "依据" },
	{ "box_no",                "box number",                    "盒号" },
	{ "by",                    "served by",                     "送达方式" },
	{ "cause",                 "cause",                         "原因" },
	{ "channel",               "channel",                       "申请渠道" },
	{ "checks",                "checks",                        "审查项" },
	{ "clock",                 "clock",                         "计时" },
	{ "closed_on",             "closed on",                     "办结日期" },
	{ "confirmed",             "confirmed",                     "已确认" },
	{ "confirmed_by",          "confirmed by",                  "确认人" },
	{ "confirmed_on",          "confirmed on",                  "确认日期" },
	{ "confirmed_via",         "confirmed by way of",           "确认方式" },
	{ "consultation",          "consultation",                  "征求意见序号" },
	{ "contact_person",        "contact person",                "联系人" },
	{ "copy_received_on",      "copy received on",              "收到副本日期" },
	{ "created_at",            "entered at",                    "录入时间" },
	{ "decided_on",            "decided on",                    "决定日期" },
	{ "decision",              "decision",                      "审查结论" },
	{ "delay_until",           "delayed until",                 "延迟至" },
	{ "delivery",              "way of delivery",               "获取方式" },
	{ "description",           "description",                   "所需信息" },
	{ "docket_no",             "docket number",                 "案号" },
	{ "document",              "document",                      "文书" },
	{ "document_no",           "document number",               "文号" },
	{ "document_ref",          "document asked for",            "文件名称或文号" },
	{ "due_after",             "due after",                     "新期限" },
	{ "due_before",            "due before",                    "原期限" },
	{ "due_on",                "due on",                        "答复期限" },
	{ "effective_reply_date",  "replied on",                    "答复日期" },
	{ "email",                 "e-mail",                        "电子邮箱" },
	{ "event",                 "event",                         "事件" },
	{ "evidence",              "evidence",                      "凭证" },
	{ "excluded",              "excluded",                      "扣除期间" },
	{ "extension",             "extension",                     "延长期间" },
	{ "field",                 "field",                         "字段" },
	{ "flags",                 "marks",                         "标记" },
	{ "id_kind",               "kind of identity",              "证件类型" },
	{ "id_number",             "identity number",               "证件号码" },
	{ "instance",              "instance",                      "审级" },
	{ "into",                  "into",                          "并入" },
	{ "items",                 "items",                         "补正事项" },
	{ "kind",                  "kind",                          "类别" },
	{ "label",                 "label",                         "口径名称" },
	{ "latest_due_on",         "due on at the latest",          "最迟期限" },
	{ "legacy_number",         "paper number",                  "原编号" },
	{ "legal_representative",  "legal representative",          "法定代表人" },
	{ "light",                 "light",                         "提示" },
	{ "login",                 "login",                         "登录名" },
	{ "medium",                "medium",                        "载体" },
	{ "name",                  "name",                          "名称" },
	{ "note",                  "note",                          "备注" },
	{ "notice",                "notice",                        "通知" },
	{ "notified_on",           "notified on",                   "告知日期" },
	{ "number",                "number",                        "编号" },
	{ "of",                    "of event",                      "所属事件" },
	{ "on",                    "date",                          "日期" },
	{ "opinion",               "opinion",                       "意见" },
	{ "org",                   "organisation",                  "机关" },
	{ "others",                "also applying",                 "共同申请人" },
	{ "outcome",               "outcome",                       "办理结果" },
	{ "outcome_basis",         "legal basis",                   "依据" },
	{ "outcome_form",          "code of the other form",        "对应口径" },
	{ "outcome_label",         "label",                         "口径名称" },
	{ "outcome_reason",        "reason",                        "理由" },
	{ "outcome_variant",       "variant",                       "具体情形" },
	{ "overdue_workdays",      "working days overdue",          "超期工作日" },
	{ "parts",                 "parts",                         "拆分事项" },
	{ "party",                 "party",                         "征求对象类别" },
	{ "phone",                 "telephone",                     "联系电话" },
	{ "postcode",              "postcode",                      "邮编" },
	{ "procedure",             "procedure",                     "程序" },
	{ "provisional",           "calendar not yet known",        "日历待定" },
	{ "quantity",              "quantity",                      "数量" },
	{ "query_code",            "query code",                    "查询码" },
	{ "reason",                "reason",                        "理由" },
	{ "reasonable",            "reasonable",                    "理由成立" },
	{ "receipt_date",          "receipt date",                  "收到日期" },
	{ "receipt_day",           "day of receipt",                "收到当日" },
	{ "received_on",           "received on",                   "收悉日期" },
	{ "recorded_at",           "recorded at",                   "记录时间" },
	{ "redo_due_on",           "to be redone by",               "重办期限" },
	{ "regime",                "regulations",                   "适用条例" },
	{ "registered_on",         "registered on",                 "登记日期" },
	{ "remedies",              "remedies",                      "救济" },
	{ "remedy",                "remedy",                        "救济序号" },
	{ "remedy_kind",           "kind of remedy",                "救济类型" },
	{ "result",                "result",                        "结果" },
	{ "roles",                 "roles",                         "角色" },
	{ "served_by",             "served by",                     "送达方式" },
	{ "served_on",             "served on",                     "送达日期" },
	{ "signed_by",             "signed by",                     "签收人" },
	{ "signed_on",             "signed on",                     "签收日期" },
	{ "status",                "status",                        "状态" },
	{ "subject",               "subject",                       "主题" },
	{ "title",                 "title",                         "标题" },
	{ "to",                    "to",                            "至" },
	{ "to_org",                "to the organisation",           "承继机关" },
	{ "tracking_no",           "tracking number",               "邮件号" },
	{ "unit",                  "unit",                          "单位" },
	{ "variant",               "variant",                       "具体情形" },
	{ "via",                   "way in",                        "递交方式" },
	{ "watch",                 "to watch",                      "注意" },
	{ "watch.confirmation",    "confirmation",                  "确认" },
	{ "watch.consultation",    "consultation",                  "征求意见" },
	{ "watch.correction",      "correction",                    "补正" },
	{ "watch.payment",         "payment",                       "缴费" },
	{ "watch.remedy_answer",   "answer to a remedy",            "复议诉讼答复" },
	{ "workdays",              "working days",                  "工作日" },
};
/* clang-format on */

const char *field_label(enum language language, const char *dotted)
{
	for (const char *name = dotted; name != NULL; name = strchr(name, '.')) {
		name += *name == '.';
		for (size_t i = 0; i < sizeof labels / sizeof *labels; i++)
			if (strcmp(labels[i].name, name) == 0)
				return pick(language, labels[i].en, labels[i].zh);
	}
	return dotted;
}

bool field_set(json_t *body, const char *dotted, json_t *value)
{
	const char *dot = strchr(dotted, '.');
	size_t length = dot == NULL ? strlen(dotted) : (size_t)(dot - dotted);

	if (length == 0 || !json_is_object(body)) {
		json_decref(value);
		return false;
	}
	char *name = must(strndup(dotted, length));
	bool set;
	if (dot == NULL) {
		set = json_object_set_new(body, name, value) == 0;
	} else {
		json_t *inner = json_object_get(body, name);
		if (inner == NULL) {
			inner = must(json_object());
			json_object_set_new(body, name, inner);
		}
		set = field_set(inner, dot + 1, value);
	}
	free(name);
	return set;
}

json_t *field_get(const json_t *body, const char *dotted)
{
	const char *dot = strchr(dotted, '.');
	if (dot == NULL)
		return json_object_get(body, dotted);
	char *name = must(strndup(dotted, (size_t)(dot - dotted)));
	json_t *inner = json_object_get(body, name);
	free(name);
	return inner == NULL ? NULL : field_get(inner, dot + 1);
}

const char *field_text(const json_t *body, const char *dotted)
{
	return json_string_value(field_get(body, dotted));
}

json_t *field_value(const char *text)
{
	json_t *value = json_loads(text, JSON_DECODE_ANY | JSON_REJECT_DUPLICATES, NULL);
	return value != NULL ? value : must(json_string(text));
}
