/* SPDX-License-Identifier: MulanPSL-2.0 */
/* domain/explain_words: what the parts of an explanation are called, and the article each one
 * stands on. */
#include "domain/explain.h"

#define CODE(code, zh, en)                                                                     \
	{                                                                                      \
		code, zh, en, { 0 },                                                           \
		{                                                                              \
			0                                                                      \
		}                                                                              \
	}
#define END CODE(NULL, NULL, NULL)

/* clang-format off */
const struct code ogi_day_reasons[] = {
	[OGI_WHY_RECEIPT_DAY] = CODE("receipt_day", "收到之日不计", "day of receipt, not counted"),
	[OGI_WHY_WORKDAY] = CODE("workday", "工作日", "working day"),
	[OGI_WHY_MAKEUP] = CODE("makeup_workday", "调休上班", "make-up working day"),
	[OGI_WHY_WEEKEND] = CODE("weekend", "周末", "weekend"),
	[OGI_WHY_HOLIDAY] = CODE("holiday", "节假日", "holiday"),
	[OGI_WHY_EXCLUDED] = CODE("excluded", "不计入期限", "excluded"),
	[OGI_WHY_EXTENSION] = CODE("extension", "延长期限", "extension"),
	[OGI_WHY_PROVISIONAL] = CODE("provisional", "工作日安排未公布", "calendar not published"),
	END,
};

const struct code ogi_clock_rules[] = {
	[OGI_RULE_RECEIPT] = CODE("receipt", "收到申请", "receipt"),
	[OGI_RULE_CORRECTION] = CODE("restart_correction", "收到补正，重新起算", "corrected: counted anew"),
	[OGI_RULE_PAYMENT] = CODE("restart_payment", "完成缴费，重新起算", "fee paid: counted anew"),
	[OGI_RULE_REOPENED] = CODE("reopened", "重新办理", "reopened"),
	[OGI_RULE_PERIOD] = CODE("base_period", "答复期限", "period"),
	[OGI_RULE_THIRD_PARTY] = CODE("third_party", "第三方意见征询", "third party consulted"),
	[OGI_RULE_JOINT_AGENCY] = CODE("joint_agency", "共同制作机关意见征询", "joint author agency consulted"),
	[OGI_RULE_OTHER_AGENCY] = CODE("other_agency", "其他机关意见征询", "other agency consulted"),
	[OGI_RULE_CORRECTION_PAUSE] = CODE("correction_pause", "补正期间", "being corrected"),
	[OGI_RULE_AWAITS_CORRECTION] = CODE("awaits_correction", "等待补正", "awaiting correction"),
	[OGI_RULE_AWAITS_PAYMENT] = CODE("awaits_payment", "等待缴费", "awaiting payment"),
	[OGI_RULE_EXTENSION] = CODE("extension", "延长答复期限", "extension"),
	[OGI_RULE_DELAY] = CODE("delay", "延迟答复", "delayed reply"),
	[OGI_RULE_REDO] = CODE("redo", "责令重新办理的期限", "period of the order to redo"),
	[OGI_CLOCK_RULES] = END,
};

const struct code ogi_readings[] = {
	[OGI_READ_INCLUSIVE] = CODE("inclusive", "征询发出当日也不计入", "the day of the consultation letter is excluded too"),
	[OGI_READ_HALF_OPEN] = CODE("half_open", "征询发出次日起不计入", "the day of the consultation letter counts"),
	[OGI_READ_REGISTRATION_DATE] = CODE("registration_date", "自登记之日起算", "counted from the registration"),
	[OGI_READ_BY_REPLY] = CODE("by_reply", "按答复时条例（2019）", "Regulations of 2019, in force at the reply"),
	[OGI_READ_BY_RECEIPT] = CODE("by_receipt", "按收到时条例（2008）", "Regulations of 2008, in force at the receipt"),
	[OGI_READ_PAUSE] = CODE("pause", "补正期间（告知次日起）不计入", "the correction pauses the period"),
	[OGI_READ_SUSPEND_INCLUSIVE] = CODE("suspend_inclusive", "补正期间（含告知当日）不计入", "the correction pauses the period, the day of the notice included"),
	[OGI_READ_RESTART] = CODE("restart", "补正后重新起算", "the period begins anew when corrected"),
	[OGI_READINGS] = END,
};

#define BOTH(zh, en) { { zh, en }, { zh, en } }
#define FEES BOTH("国办函〔2020〕109号", "国办函〔2020〕109号")
#define OTHERS BOTH("条例第三十三条第三款", "art. 33 para. 3")

/* [0] under R2008, [1] under R2019 */
static const struct ogi_source sources[OGI_CLOCK_RULES][2] = {
	[OGI_RULE_RECEIPT] = { { "国办公开办函〔2015〕207号", "国办公开办函〔2015〕207号" }, { "条例第三十一条", "art. 31" } },
	[OGI_RULE_CORRECTION] = { { "条例（2008）第二十一条", "R2008 art. 21" }, { "条例第三十条", "art. 30" } },
	[OGI_RULE_PAYMENT] = FEES,
	[OGI_RULE_REOPENED] = BOTH("条例第五十一条", "art. 51"),
	[OGI_RULE_PERIOD] = { { "条例（2008）第二十四条第二款", "R2008 art. 24 para. 2" }, { "条例第三十三条第二款", "art. 33 para. 2" } },
	[OGI_RULE_THIRD_PARTY] = { { "条例（2008）第二十四条第三款", "R2008 art. 24 para. 3" }, { "条例第三十二条、第三十三条第三款", "art. 32, 33 para. 3" } },
	[OGI_RULE_JOINT_AGENCY] = BOTH("条例第三十三条第三款、第三十四条", "art. 33 para. 3, 34"),
	[OGI_RULE_OTHER_AGENCY] = OTHERS,
	[OGI_RULE_CORRECTION_PAUSE] = BOTH("条例（2008）第二十一条", "R2008 art. 21"),
	[OGI_RULE_AWAITS_CORRECTION] = BOTH("条例第三十条", "art. 30"),
	[OGI_RULE_AWAITS_PAYMENT] = FEES,
	[OGI_RULE_EXTENSION] = { { "条例（2008）第二十四条第二款", "R2008 art. 24 para. 2" }, { "条例第三十三条第二款", "art. 33 para. 2" } },
	[OGI_RULE_DELAY] = BOTH("条例第三十五条", "art. 35"),
	[OGI_RULE_REDO] = BOTH("条例第五十一条", "art. 51"),
};

static const struct ogi_source civil = { "民事诉讼法第八十五条", "Civil Procedure Law art. 85" };
static const struct ogi_source week = { "国务院关于职工工作时间的规定第七条", "State Council on working hours, art. 7" };
static const struct ogi_source feasts = { "全国年节及纪念日放假办法", "Measures on public holidays" };
/* clang-format on */

struct ogi_source ogi_rule_source(enum ogi_clock_rule rule, int32_t regime)
{
	return sources[rule][regime == OGI_R2008 ? 0 : 1];
}

struct ogi_source ogi_day_source(const struct ogi_why *w, const struct ogi_why_day *day)
{
	switch ((enum ogi_day_reason)day->reason) {
	case OGI_WHY_RECEIPT_DAY:
		return civil;
	case OGI_WHY_WEEKEND:
		return week;
	case OGI_WHY_HOLIDAY:
	case OGI_WHY_PROVISIONAL:
		return feasts;
	case OGI_WHY_EXCLUDED:
		if (day->step != NULL)
			return ogi_rule_source((enum ogi_clock_rule)day->step->rule, w->regime);
		break;
	case OGI_WHY_EXTENSION:
		return ogi_rule_source(OGI_RULE_EXTENSION, w->regime);
	case OGI_WHY_WORKDAY:
	case OGI_WHY_MAKEUP:
		break;
	}
	return ogi_rule_source(OGI_RULE_PERIOD, w->regime);
}
