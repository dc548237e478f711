/* SPDX-License-Identifier: MulanPSL-2.0 */
/* domain/settings: the catalogue of what an organisation may set, as a table. */
#include "domain/case.h"

#include <string.h>

/* clang-format off */
#define CODE(code, zh, en) { code, zh, en, { 0 }, { 0 } }
#define END { NULL, NULL, NULL, { 0 }, { 0 } }

static const struct code transitions[] = {
	[OGI_BY_RECEIPT] = CODE("by_receipt", "按收到申请之日", "by receipt"),
	[OGI_BY_REPLY] = CODE("by_reply", "按答复之日", "by reply"),
	END,
};
static const struct code exclusions[] = {
	[OGI_HALF_OPEN] = CODE("half_open", "自发函次日起扣除", "from the day after the letter"),
	[OGI_INCLUSIVE] = CODE("inclusive", "自发函当日起扣除", "from the day of the letter"),
	END,
};
static const struct code r2008_corrections[] = {
	[OGI_R2008_PAUSE] = CODE("pause", "次日起暂停", "pauses from the next day"),
	[OGI_R2008_SUSPEND_INCLUSIVE] = CODE("suspend_inclusive", "当日起暂停", "suspends from the day itself"),
	[OGI_R2008_RESTART] = CODE("restart", "重新计算", "counts afresh"),
	END,
};
static const struct code switches[] = {
	CODE("off", "关", "off"),
	CODE("on", "开", "on"),
	END,
};

const struct ogi_setting_row ogi_setting_rows[OGI_SETTINGS + 1] = {
	[OGI_SET_TRANSITION] = { "transition", OGI_SETTING_CODE, transitions, 0, 0, OGI_BY_RECEIPT,
		"2019年5月15日前收到的申请适用哪部条例", "which Regulations govern requests received before 2019-05-15", "R2019 art. 56" },
	[OGI_SET_EXCLUSION] = { "exclusion_convention", OGI_SETTING_CODE, exclusions, 0, 0, OGI_HALF_OPEN,
		"征求意见发函当日是否扣除", "whether the day of a consultation letter is excluded", "R2019 art. 33 ¶3" },
	[OGI_SET_R2008_CORRECTION] = { "r2008_correction", OGI_SETTING_CODE, r2008_corrections, 0, 0, OGI_R2008_PAUSE,
		"2008年条例下补正如何影响期限", "what a correction does to the period under R2008", "R2008 art. 21(4)" },
	[OGI_SET_CORRECTION_DAYS] = { "correction_days", OGI_SETTING_NUMBER, NULL, 1, 100, 15,
		"申请人的补正期限（工作日）", "working days the applicant has to correct", "R2019 art. 30" },
	[OGI_SET_PAYMENT_DAYS] = { "payment_days", OGI_SETTING_NUMBER, NULL, 1, 100, 20,
		"申请人的缴费期限（工作日）", "working days the applicant has to pay", "国办函〔2020〕109号" },
	[OGI_SET_SIGN_OFF] = { "sign_off", OGI_SETTING_FLAG, switches, 0, 0, 0,
		"作出决定前须经负责人审签", "a decision needs sign-off first", "R2019 art. 17" },
	[OGI_SET_AGENCY_NAME] = { "agency_name", OGI_SETTING_TEXT, NULL, 1, 100, 0,
		"文书署名的机关全称（未设时为机构名称）", "full name of the agency on letters (else that of the organisation)", "R2019 art. 36" },
	[OGI_SET_AGENCY_ADDRESS] = { "agency_address", OGI_SETTING_TEXT, NULL, 1, 200, 0,
		"文书载明的地址", "address on letters", "R2019 art. 12" },
	[OGI_SET_AGENCY_POSTCODE] = { "agency_postcode", OGI_SETTING_TEXT, NULL, 1, 10, 0,
		"文书载明的邮政编码", "postcode on letters", "R2019 art. 12" },
	[OGI_SET_AGENCY_PHONE] = { "agency_phone", OGI_SETTING_TEXT, NULL, 1, 50, 0,
		"文书载明的联系电话", "telephone on letters", "R2019 art. 12" },
	[OGI_SET_AGENCY_CONTACT] = { "agency_contact", OGI_SETTING_TEXT, NULL, 1, 50, 0,
		"文书载明的联系人", "person to ask, on letters", "R2019 art. 12" },
	[OGI_SET_RECONSIDERATION] = { "reconsideration_authority", OGI_SETTING_TEXT, NULL, 1, 100, 0,
		"文书载明的行政复议机关", "reconsideration authority named on letters", "行政复议法 2023 art. 24; R2019 art. 51" },
	[OGI_SET_COURT] = { "court", OGI_SETTING_TEXT, NULL, 1, 100, 0,
		"文书载明的有管辖权的人民法院", "court named on letters", "行政诉讼法 2017 art. 18; R2019 art. 51" },
	[OGI_SET_DOCUMENT_WORD] = { "document_word", OGI_SETTING_TEXT, NULL, 1, 30, 0,
		"文书发文字号的机关代字（未设时取登记编号格式）", "the agency's word in numbers of letters (else from the form of register numbers)", "D:lifecycle §2.3" },
	[OGI_SETTINGS] = { NULL, OGI_SETTING_FLAG, NULL, 0, 0, 0, NULL, NULL, NULL },
};
/* clang-format on */

int ogi_setting_find(const char *name)
{
	for (int i = 0; i < OGI_SETTINGS; i++)
		if (name != NULL && strcmp(ogi_setting_rows[i].name, name) == 0)
			return i;
	return -1;
}

bool ogi_setting_parse(int setting, const char *text, int32_t *ret_value)
{
	const struct ogi_setting_row *row = &ogi_setting_rows[setting];
	if (row->codes != NULL) {
		int found = code_find(row->codes, text);
		if (found >= 0)
			*ret_value = found;
		return found >= 0;
	}
	if (row->type == OGI_SETTING_TEXT) {
		bool fits = text != NULL &&
			    text_fault(text, strlen(text), row->min, row->max, 0) == NULL;
		if (fits)
			*ret_value = 0;
		return fits;
	}
	int64_t number;
	if (text == NULL || !text_to_int(text, &number) || number < row->min ||
		number > row->max)
		return false;
	*ret_value = (int32_t)number;
	return true;
}

const struct ogi_period *ogi_period_on(
	const struct ogi_period *period, int periods, struct ogi_date day)
{
	int i = periods - 1;
	while (i > 0 && ogi_before(day, period[i].from))
		i--;
	return &period[i];
}

const struct ogi_rules *ogi_rules_for(
	const struct ogi_rules *r, struct ogi_date receipt, struct ogi_rules *buf)
{
	if (r->periods == 0)
		return r;
	struct ogi_date day = ogi_is_date(receipt) ? receipt : r->today;
	const int32_t *value = ogi_period_on(r->period, r->periods, day)->value;
	*buf = *r;
	buf->transition = value[OGI_SET_TRANSITION];
	buf->exclusion_inclusive = value[OGI_SET_EXCLUSION] == OGI_INCLUSIVE;
	buf->r2008_correction = value[OGI_SET_R2008_CORRECTION];
	buf->correction_days = value[OGI_SET_CORRECTION_DAYS];
	buf->payment_days = value[OGI_SET_PAYMENT_DAYS];
	return buf;
}
