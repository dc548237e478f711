/* SPDX-License-Identifier: MulanPSL-2.0 */
/* domain/statistics: 政府信息公开情况统计表 (国办发〔2014〕32号), row by row, and the
 * identities that bind its cells. */
#include "domain/statistics.h"

#include <assert.h>
#include <string.h>

/* clang-format off */
/* number, key, label, gloss, unit, source, match */
const struct ogi_form_row ogi_form_2014[] = {
	{ 0, NULL, "一、主动公开情况", "I. Proactive disclosure", "", OGI_FROM_NOTHING, NULL },
	{ 1, "p.total", "（一）主动公开政府信息数（不同渠道和方式公开相同信息计1条）", "items published", "条", OGI_FROM_DISCLOSURES, NULL },
	{ 2, "p.normative", "其中：主动公开规范性文件数", "of which normative documents", "条", OGI_FROM_DISCLOSURES, "normative" },
	{ 3, "p.normative_made", "制发规范性文件总数", "normative documents issued", "件", OGI_FROM_NOTHING, NULL },
	{ 0, NULL, "（二）通过不同渠道和方式公开政府信息的情况", "(2) Published by channel", "", OGI_FROM_NOTHING, NULL },
	{ 4, "p.ch.gazette", "1.政府公报公开政府信息数", "gazette", "条", OGI_FROM_DISCLOSURES, "gazette" },
	{ 5, "p.ch.website", "2.政府网站公开政府信息数", "website", "条", OGI_FROM_DISCLOSURES, "website" },
	{ 6, "p.ch.weibo", "3.政务微博公开政府信息数", "microblog", "条", OGI_FROM_DISCLOSURES, "weibo" },
	{ 7, "p.ch.wechat", "4.政务微信公开政府信息数", "WeChat", "条", OGI_FROM_DISCLOSURES, "wechat" },
	{ 8, "p.ch.other", "5.其他方式公开政府信息数", "other (news media, notice boards, reading rooms)", "条", OGI_FROM_DISCLOSURES, "media press board reading_room other" },
	{ 0, NULL, "二、回应解读情况", "II. Responses and explanations", "", OGI_FROM_NOTHING, NULL },
	{ 9, "r.hot", "（一）回应公众关注热点或重大舆情数（不同方式回应同一热点或舆情计1次）", "hot topics answered", "次", OGI_FROM_NOTHING, NULL },
	{ 0, NULL, "（二）通过不同渠道和方式回应解读的情况", "(2) Responses by channel", "", OGI_FROM_NOTHING, NULL },
	{ 10, "r.press", "1.参加或举办新闻发布会总次数", "press conferences", "次", OGI_FROM_NOTHING, NULL },
	{ 11, "r.press_head", "其中：主要负责同志参加新闻发布会次数", "of which with the head of the agency", "次", OGI_FROM_NOTHING, NULL },
	{ 12, "r.interview", "2.政府网站在线访谈次数", "online interviews", "次", OGI_FROM_NOTHING, NULL },
	{ 13, "r.interview_head", "其中：主要负责同志参加政府网站在线访谈次数", "of which with the head of the agency", "次", OGI_FROM_NOTHING, NULL },
	{ 14, "r.explain", "3.政策解读稿件发布数", "policy explanations", "篇", OGI_FROM_NOTHING, NULL },
	{ 15, "r.social", "4.微博微信回应事件数", "by microblog or WeChat", "次", OGI_FROM_NOTHING, NULL },
	{ 16, "r.other", "5.其他方式回应事件数", "other", "次", OGI_FROM_NOTHING, NULL },
	{ 0, NULL, "三、依申请公开情况", "III. Disclosure on request", "", OGI_FROM_NOTHING, NULL },
	{ 17, "a.received", "（一）收到申请数", "received", "件", OGI_FROM_RECEIVED, NULL },
	{ 18, "a.ch.in_person", "1.当面申请数", "in person", "件", OGI_FROM_RECEIVED, "in_person" },
	{ 19, "a.ch.fax", "2.传真申请数", "fax", "件", OGI_FROM_RECEIVED, "fax" },
	{ 20, "a.ch.online", "3.网络申请数", "online, incl. e-mail", "件", OGI_FROM_RECEIVED, "online" },
	{ 21, "a.ch.letter", "4.信函申请数", "letter (both mail kinds)", "件", OGI_FROM_RECEIVED, "letter" },
	{ 22, "a.closed", "（二）申请办结数", "closed", "件", OGI_FROM_CLOSED, NULL },
	{ 23, "a.closed_on_time", "1.按时办结数", "within the base period", "件", OGI_FROM_CLOSED, "on_time" },
	{ 24, "a.closed_extended", "2.延期办结数", "within an approved extension", "件", OGI_FROM_CLOSED, "extended" },
	{ 25, "a.answered", "（三）申请答复数", "answered", "件", OGI_FROM_ANSWERED, NULL },
	{ 26, "a.already_public", "1.属于已主动公开范围数", "already proactively public", "件", OGI_FROM_ANSWERED, "a.already_public" },
	{ 27, "a.grant", "2.同意公开答复数", "granted", "件", OGI_FROM_ANSWERED, "a.grant" },
	{ 28, "a.grant_partial", "3.同意部分公开答复数", "partly granted", "件", OGI_FROM_ANSWERED, "a.grant_partial" },
	{ 29, "a.refuse", "4.不同意公开答复数", "refused", "件", OGI_FROM_SUM, "a.refuse." },
	{ 30, "a.refuse.state_secret", "其中：涉及国家秘密", "of which state secret", "件", OGI_FROM_ANSWERED, "a.refuse.state_secret" },
	{ 31, "a.refuse.trade_secret", "涉及商业秘密", "trade secret", "件", OGI_FROM_ANSWERED, "a.refuse.trade_secret" },
	{ 32, "a.refuse.privacy", "涉及个人隐私", "privacy", "件", OGI_FROM_ANSWERED, "a.refuse.privacy" },
	{ 33, "a.refuse.security_stability", "危及国家安全、公共安全、经济安全和社会稳定", "security and stability", "件", OGI_FROM_ANSWERED, "a.refuse.security_stability" },
	{ 34, "a.refuse.not_gov_info", "不是《条例》所指政府信息", "not government information under the Regulations", "件", OGI_FROM_ANSWERED, "a.refuse.not_gov_info" },
	{ 35, "a.refuse.other_law", "法律法规规定的其他情形", "other cases under law", "件", OGI_FROM_ANSWERED, "a.refuse.other_law" },
	{ 36, "a.not_this_agency", "5.不属于本行政机关公开数", "not this agency's to disclose", "件", OGI_FROM_ANSWERED, "a.not_this_agency" },
	{ 37, "a.not_exist", "6.申请信息不存在数", "does not exist", "件", OGI_FROM_ANSWERED, "a.not_exist" },
	{ 38, "a.amend", "7.告知作出更改补充数", "told to amend or supplement", "件", OGI_FROM_ANSWERED, "a.amend" },
	{ 39, "a.other_way", "8.告知通过其他途径办理数", "told to use another procedure", "件", OGI_FROM_ANSWERED, "a.other_way" },
	{ 40, "v.total", "四、行政复议数量", "reconsideration", "件", OGI_FROM_REMEDIES, "reconsideration:" },
	{ 41, "v.upheld", "（一）维持具体行政行为数", "upheld", "件", OGI_FROM_REMEDIES, "reconsideration:upheld" },
	{ 42, "v.corrected", "（二）被依法纠错数", "corrected", "件", OGI_FROM_REMEDIES, "reconsideration:corrected" },
	{ 43, "v.other", "（三）其他情形数", "other, incl. pending", "件", OGI_FROM_REMEDIES, "reconsideration:other pending" },
	{ 44, "s.total", "五、行政诉讼数量", "suits", "件", OGI_FROM_REMEDIES, "suit_direct suit_after:" },
	{ 45, "s.upheld", "（一）维持具体行政行为或者驳回原告诉讼请求数", "upheld or claim rejected", "件", OGI_FROM_REMEDIES, "suit_direct suit_after:upheld" },
	{ 46, "s.corrected", "（二）被依法纠错数", "corrected", "件", OGI_FROM_REMEDIES, "suit_direct suit_after:corrected" },
	{ 47, "s.other", "（三）其他情形数", "other, incl. pending", "件", OGI_FROM_REMEDIES, "suit_direct suit_after:other pending" },
	{ 48, "c.total", "六、举报投诉数量", "complaints", "件", OGI_FROM_REMEDIES, "complaint:" },
	{ 49, "fee.amount", "七、依申请公开信息收取的费用", "fees", "万元", OGI_FROM_FEES, NULL },
	{ 0, NULL, "八、机构建设和保障经费情况", "VIII. Organisation and funds", "", OGI_FROM_NOTHING, NULL },
	{ 50, "o.units", "（一）政府信息公开工作专门机构数", "OGI units", "个", OGI_FROM_NOTHING, NULL },
	{ 51, "o.reading_points", "（二）设置政府信息公开查阅点数", "reading points", "个", OGI_FROM_NOTHING, NULL },
	{ 52, "o.staff", "（三）从事政府信息公开工作人员数", "staff", "人", OGI_FROM_SUM, "o.staff_" },
	{ 53, "o.staff_full", "1.专职人员数（不包括政府公报及政府网站工作人员数）", "full time", "人", OGI_FROM_NOTHING, NULL },
	{ 54, "o.staff_part", "2.兼职人员数", "part time", "人", OGI_FROM_NOTHING, NULL },
	{ 55, "o.budget", "（四）政府信息公开专项经费（不包括用于政府公报编辑管理及政府网站建设维护等方面的经费）", "budget", "万元", OGI_FROM_NOTHING, NULL },
	{ 0, NULL, "九、政府信息公开会议和培训情况", "IX. Meetings and training", "", OGI_FROM_NOTHING, NULL },
	{ 56, "m.meetings", "（一）召开政府信息公开工作会议或专题会议数", "meetings", "次", OGI_FROM_NOTHING, NULL },
	{ 57, "m.courses", "（二）举办各类培训班数", "courses", "次", OGI_FROM_NOTHING, NULL },
	{ 58, "m.attendees", "（三）接受培训人员数", "attendances", "人次", OGI_FROM_NOTHING, NULL },
	{ 0, NULL, NULL, NULL, NULL, OGI_FROM_NOTHING, NULL },
};

const struct ogi_identity ogi_identities_2014[] = {
	{ "J1", "a.received", "a.ch.in_person a.ch.fax a.ch.online a.ch.letter", '=', false },
	{ "J2", "a.closed", "a.closed_on_time a.closed_extended", '=', false },
	{ "J3", "a.answered", "a.already_public a.grant a.grant_partial a.refuse a.not_this_agency a.not_exist a.amend a.other_way", '=', false },
	{ "J4", "a.refuse", "a.refuse.state_secret a.refuse.trade_secret a.refuse.privacy a.refuse.security_stability a.refuse.not_gov_info a.refuse.other_law", '=', false },
	{ "J5", "v.total", "v.upheld v.corrected v.other", '=', false },
	{ "J5", "s.total", "s.upheld s.corrected s.other", '=', false },
	{ "J6", "o.staff", "o.staff_full o.staff_part", '=', false },
	{ "J7", "p.normative", "p.total", '<', false },
	{ "J7", "p.ch.gazette", "p.total", '<', false },
	{ "J7", "p.ch.website", "p.total", '<', false },
	{ "J7", "p.ch.weibo", "p.total", '<', false },
	{ "J7", "p.ch.wechat", "p.total", '<', false },
	{ "J7", "p.ch.other", "p.total", '<', false },
	{ "J7", "p.ch.gazette p.ch.website p.ch.weibo p.ch.wechat p.ch.other", "p.total", '>', false },
	{ "J8", "r.press_head", "r.press", '<', false },
	{ "J8", "r.interview_head", "r.interview", '<', false },
	/* closed without an answer (withdrawn) makes them differ, so it only warns */
	{ "J9", "a.answered", "a.closed", '>', true },
	{ NULL, NULL, NULL, '\0', false },
};
/* clang-format on */

static int find_key(const char *key, size_t length)
{
	for (int i = 0; ogi_form_2014[i].zh != NULL; i++) {
		const char *k = ogi_form_2014[i].key;
		if (k != NULL && strncmp(k, key, length) == 0 && k[length] == '\0')
			return i;
	}
	return -1;
}

int ogi_form_2014_find(const char *key)
{
	return find_key(key, strlen(key));
}

static int64_t sum_of(const char *keys, const int64_t *cell)
{
	int64_t sum = 0;
	while (*keys != '\0') {
		size_t length = strcspn(keys, " ");
		int i = find_key(keys, length);
		assert(i >= 0); /* the tables of this file must agree */
		sum += cell[i];
		keys += length + strspn(keys + length, " ");
	}
	return sum;
}

bool ogi_identity_2014_holds(const struct ogi_identity *identity, const int64_t *cell,
	int64_t *ret_left, int64_t *ret_right)
{
	*ret_left = sum_of(identity->left, cell);
	*ret_right = sum_of(identity->right, cell);
	switch (identity->relation) {
	case '<':
		return *ret_left <= *ret_right;
	case '>':
		return *ret_left >= *ret_right;
	default:
		return *ret_left == *ret_right;
	}
}

const char *ogi_form_of_year(int year)
{
	if (year < 2014)
		return NULL;
	return year < 2019 ? "f14" : year < 2021 ? "f19" : "f21";
}
