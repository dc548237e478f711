/* SPDX-License-Identifier: MulanPSL-2.0 */
/* domain/outcome: two generations of results. Labels are those of the official forms, letter by
 * letter. */
#include "domain/outcome.h"

/* 2008-05-01, 2018-12-31 and 2019-01-01: the report of 2019 is the first on the new form. */
#define OLD_FORM                                                                               \
	{ 733163 },                                                                            \
	{                                                                                      \
		737059                                                                         \
	}
#define NEW_FORM                                                                               \
	{ 737060 },                                                                            \
	{                                                                                      \
		0                                                                              \
	}

/* clang-format off */
const struct code ogi_outcome_codes[OGI_OUTCOMES + 1] = {
	[OGI_NO_OUTCOME] = { "", "", "", { 0 }, { 0 } },

	[OGI_GRANT] = { "grant", "予以公开", "granted", NEW_FORM },
	[OGI_GRANT_PARTIAL] = { "grant_partial", "部分公开", "partly granted", NEW_FORM },
	[OGI_REFUSE_STATE_SECRET] = { "refuse.state_secret", "属于国家秘密", "state secret", NEW_FORM },
	[OGI_REFUSE_LAW_FORBIDS] = { "refuse.law_forbids", "其他法律行政法规禁止公开", "forbidden by another statute or regulation", NEW_FORM },
	[OGI_REFUSE_SECURITY_STABILITY] = { "refuse.security_stability", "危及“三安全一稳定”", "endangers security or stability", NEW_FORM },
	[OGI_REFUSE_THIRD_PARTY] = { "refuse.third_party", "保护第三方合法权益", "protects a third party", NEW_FORM },
	[OGI_REFUSE_INTERNAL_AFFAIRS] = { "refuse.internal_affairs", "属于三类内部事务信息", "internal affairs", NEW_FORM },
	[OGI_REFUSE_PROCESS] = { "refuse.process", "属于四类过程性信息", "process information", NEW_FORM },
	[OGI_REFUSE_ENFORCEMENT_FILE] = { "refuse.enforcement_file", "属于行政执法案卷", "enforcement file", NEW_FORM },
	[OGI_REFUSE_SPECIAL_INQUIRY] = { "refuse.special_inquiry", "属于行政查询事项", "matter of a special inquiry", NEW_FORM },
	[OGI_UNABLE_NOT_HELD] = { "unable.not_held", "本机关不掌握相关政府信息", "not held", NEW_FORM },
	[OGI_UNABLE_NEEDS_CREATION] = { "unable.needs_creation", "没有现成信息需要另行制作", "would have to be created", NEW_FORM },
	[OGI_UNABLE_STILL_UNCLEAR] = { "unable.still_unclear", "补正后申请内容仍不明确", "still unclear after correction", NEW_FORM },
	[OGI_DECLINE_PETITION] = { "decline.petition", "信访举报投诉类申请", "petition, report or complaint", NEW_FORM },
	[OGI_DECLINE_REPEAT] = { "decline.repeat", "重复申请", "repeated request", NEW_FORM },
	[OGI_DECLINE_PUBLICATION] = { "decline.publication", "要求提供公开出版物", "asks for a publication", NEW_FORM },
	[OGI_DECLINE_EXCESSIVE] = { "decline.excessive", "无正当理由大量反复申请", "excessive without good reason", NEW_FORM },
	[OGI_DECLINE_RECONFIRM] = { "decline.reconfirm", "要求行政机关确认或重新出具已获取信息", "asks to confirm or issue again", NEW_FORM },
	[OGI_OTHER_NO_CORRECTION] = { "other.no_correction", "申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请", "not corrected in time", NEW_FORM },
	[OGI_OTHER_FEE_UNPAID] = { "other.fee_unpaid", "申请人逾期未按收费通知要求缴纳费用、行政机关不再处理其政府信息公开申请", "fee not paid in time", NEW_FORM },
	[OGI_OTHER_OTHER] = { "other.other", "其他", "other", NEW_FORM },

	[OGI_LEGACY_ALREADY_PUBLIC] = { "legacy.already_public", "属于已主动公开范围数", "already public", OLD_FORM },
	[OGI_LEGACY_GRANT] = { "legacy.grant", "同意公开答复数", "granted", OLD_FORM },
	[OGI_LEGACY_GRANT_PARTIAL] = { "legacy.grant_partial", "同意部分公开答复数", "partly granted", OLD_FORM },
	[OGI_LEGACY_REFUSE_STATE_SECRET] = { "legacy.refuse.state_secret", "涉及国家秘密", "state secret", OLD_FORM },
	[OGI_LEGACY_REFUSE_TRADE_SECRET] = { "legacy.refuse.trade_secret", "涉及商业秘密", "trade secret", OLD_FORM },
	[OGI_LEGACY_REFUSE_PRIVACY] = { "legacy.refuse.privacy", "涉及个人隐私", "personal privacy", OLD_FORM },
	[OGI_LEGACY_REFUSE_SECURITY_STABILITY] = { "legacy.refuse.security_stability", "危及国家安全、公共安全、经济安全和社会稳定", "endangers security or stability", OLD_FORM },
	[OGI_LEGACY_REFUSE_NOT_GOV_INFO] = { "legacy.refuse.not_gov_info", "不是《条例》所指政府信息", "not government information", OLD_FORM },
	[OGI_LEGACY_REFUSE_OTHER_LAW] = { "legacy.refuse.other_law", "法律法规规定的其他情形", "other cases under law", OLD_FORM },
	[OGI_LEGACY_NOT_THIS_AGENCY] = { "legacy.not_this_agency", "不属于本行政机关公开数", "not this agency's", OLD_FORM },
	[OGI_LEGACY_NOT_EXIST] = { "legacy.not_exist", "申请信息不存在数", "does not exist", OLD_FORM },
	[OGI_LEGACY_AMEND] = { "legacy.amend", "告知作出更改补充数", "told to amend or supplement", OLD_FORM },
	[OGI_LEGACY_OTHER_WAY] = { "legacy.other_way", "告知通过其他途径办理数", "told to use another procedure", OLD_FORM },
	[OGI_OUTCOMES] = { NULL, NULL, NULL, { 0 }, { 0 } },
};

#define GIVES (OGI_DISCLOSES | OGI_NOT_WHILE_CONSULTING)
#define OLD (OGI_LEGACY | OGI_ANSWER)

/* group, article, flags, code of the other generation, row of the 2014 form */
const struct ogi_outcome ogi_outcomes[OGI_OUTCOMES] = {
	[OGI_NO_OUTCOME] = { "", "", 0, NULL, NULL },

	[OGI_GRANT] = { "grant", "art. 36(1), 36(2), 13", GIVES, "legacy.grant", NULL },
	[OGI_GRANT_PARTIAL] = { "grant_partial", "art. 37", GIVES | OGI_NEEDS_REASON, "legacy.grant_partial", NULL },
	[OGI_REFUSE_STATE_SECRET] = { "refuse", "art. 14", OGI_NEEDS_REASON, "legacy.refuse.state_secret", NULL },
	[OGI_REFUSE_LAW_FORBIDS] = { "refuse", "art. 14", OGI_NEEDS_REASON, "legacy.refuse.other_law", NULL },
	[OGI_REFUSE_SECURITY_STABILITY] = { "refuse", "art. 14", OGI_NEEDS_REASON, "legacy.refuse.security_stability", NULL },
	/* trade secret or privacy: two rows of the old form */
	[OGI_REFUSE_THIRD_PARTY] = { "refuse", "art. 15, 32", OGI_NEEDS_REASON | OGI_NOT_WHILE_CONSULTING, NULL, NULL },
	[OGI_REFUSE_INTERNAL_AFFAIRS] = { "refuse", "art. 16 para. 1", OGI_NEEDS_REASON, "legacy.refuse.not_gov_info", NULL },
	[OGI_REFUSE_PROCESS] = { "refuse", "art. 16 para. 2", OGI_NEEDS_REASON, "legacy.refuse.not_gov_info", NULL },
	[OGI_REFUSE_ENFORCEMENT_FILE] = { "refuse", "art. 16 para. 2", OGI_NEEDS_REASON, "legacy.refuse.other_law", NULL },
	[OGI_REFUSE_SPECIAL_INQUIRY] = { "refuse", "art. 36(7)", 0, "legacy.other_way", NULL },
	[OGI_UNABLE_NOT_HELD] = { "unable", "art. 36(4), 36(5), 10", 0, NULL, NULL },
	[OGI_UNABLE_NEEDS_CREATION] = { "unable", "art. 38", 0, "legacy.refuse.not_gov_info", NULL },
	[OGI_UNABLE_STILL_UNCLEAR] = { "unable", "art. 30", 0, "legacy.amend", NULL },
	[OGI_DECLINE_PETITION] = { "decline", "art. 39 para. 1", 0, "legacy.other_way", NULL },
	[OGI_DECLINE_REPEAT] = { "decline", "art. 36(6)", 0, "legacy.other_way", NULL },
	[OGI_DECLINE_PUBLICATION] = { "decline", "art. 39 para. 2", 0, "legacy.other_way", NULL },
	[OGI_DECLINE_EXCESSIVE] = { "decline", "art. 35", OGI_NEEDS_REASON, NULL, NULL },
	[OGI_DECLINE_RECONFIRM] = { "decline", "国办公开办函〔2021〕30号", 0, NULL, NULL },
	[OGI_OTHER_NO_CORRECTION] = { "other", "art. 30", OGI_BY_SYSTEM, "legacy.amend", NULL },
	[OGI_OTHER_FEE_UNPAID] = { "other", "国办函〔2020〕109号", OGI_BY_SYSTEM, NULL, NULL },
	[OGI_OTHER_OTHER] = { "other", "国办公开办函〔2021〕30号", 0, NULL, NULL },

	/* nothing new leaves the house, so no review */
	[OGI_LEGACY_ALREADY_PUBLIC] = { "legacy", "art. 21(1)", OLD, "grant", "a.already_public" },
	[OGI_LEGACY_GRANT] = { "legacy", "art. 21(1)", OLD | GIVES, "grant", "a.grant" },
	[OGI_LEGACY_GRANT_PARTIAL] = { "legacy", "art. 22", OLD | GIVES | OGI_NEEDS_REASON, "grant_partial", "a.grant_partial" },
	[OGI_LEGACY_REFUSE_STATE_SECRET] = { "legacy", "art. 14 para. 4, 21(2)", OLD | OGI_NEEDS_REASON, "refuse.state_secret", "a.refuse.state_secret" },
	[OGI_LEGACY_REFUSE_TRADE_SECRET] = { "legacy", "art. 14 para. 4, 23", OLD | OGI_NEEDS_REASON | OGI_NOT_WHILE_CONSULTING, "refuse.third_party", "a.refuse.trade_secret" },
	[OGI_LEGACY_REFUSE_PRIVACY] = { "legacy", "art. 14 para. 4, 23", OLD | OGI_NEEDS_REASON | OGI_NOT_WHILE_CONSULTING, "refuse.third_party", "a.refuse.privacy" },
	[OGI_LEGACY_REFUSE_SECURITY_STABILITY] = { "legacy", "art. 8", OLD | OGI_NEEDS_REASON, "refuse.security_stability", "a.refuse.security_stability" },
	/* internal affairs, process or no government information at all: the reason chooses */
	[OGI_LEGACY_REFUSE_NOT_GOV_INFO] = { "legacy", "art. 2; 国办发〔2010〕5号 §2", OLD | OGI_NEEDS_REASON, NULL, "a.refuse.not_gov_info" },
	[OGI_LEGACY_REFUSE_OTHER_LAW] = { "legacy", "art. 21(2)", OLD | OGI_NEEDS_REASON, "refuse.law_forbids", "a.refuse.other_law" },
	[OGI_LEGACY_NOT_THIS_AGENCY] = { "legacy", "art. 21(3)", OLD, "unable.not_held", "a.not_this_agency" },
	[OGI_LEGACY_NOT_EXIST] = { "legacy", "art. 21(3)", OLD, "unable.not_held", "a.not_exist" },
	/* never corrected or still unclear; inquiry, petition or publication: the reason chooses */
	[OGI_LEGACY_AMEND] = { "legacy", "art. 21(4)", OLD, NULL, "a.amend" },
	[OGI_LEGACY_OTHER_WAY] = { "legacy", "国办发〔2014〕32号", OLD, NULL, "a.other_way" },
};

const struct code ogi_variant_codes[OGI_VARIANTS + 1] = {
	[OGI_NO_VARIANT] = { "", "", "", { 0 }, { 0 } },
	[OGI_GRANT_PUBLIC] = { "grant.public", "已主动公开", "already public, told where", NEW_FORM },
	[OGI_GRANT_PROVIDED] = { "grant.provided", "提供信息", "provided", NEW_FORM },
	[OGI_UNABLE_NOT_EXIST] = { "unable.not_exist", "信息不存在", "does not exist", NEW_FORM },
	[OGI_UNABLE_NOT_THIS_AGENCY] = { "unable.not_this_agency", "不属于本机关负责公开", "not this agency's", NEW_FORM },
	[OGI_OTHER_WITHDRAWN] = { "other.withdrawn", "申请人撤回申请", "withdrawn by the applicant", NEW_FORM },
	[OGI_VARIANTS] = { NULL, NULL, NULL, { 0 }, { 0 } },
};

const struct ogi_variant ogi_variants[OGI_VARIANTS] = {
	[OGI_NO_VARIANT] = { OGI_NO_OUTCOME, "", 0, NULL },
	[OGI_GRANT_PUBLIC] = { OGI_GRANT, "art. 36(1)", OGI_NOT_WHILE_CONSULTING, "legacy.already_public" },
	[OGI_GRANT_PROVIDED] = { OGI_GRANT, "art. 36(2)", GIVES, "legacy.grant" },
	[OGI_UNABLE_NOT_EXIST] = { OGI_UNABLE_NOT_HELD, "art. 36(4)", 0, "legacy.not_exist" },
	[OGI_UNABLE_NOT_THIS_AGENCY] = { OGI_UNABLE_NOT_HELD, "art. 36(5)", OGI_NEEDS_REASON, "legacy.not_this_agency" },
	[OGI_OTHER_WITHDRAWN] = { OGI_OTHER_OTHER, "国办公开办函〔2021〕30号", OGI_BY_SYSTEM, NULL },
};
/* clang-format on */

static bool is_outcome(int outcome)
{
	return outcome > OGI_NO_OUTCOME && outcome < OGI_OUTCOMES;
}

static bool is_variant(int variant)
{
	return variant > OGI_NO_VARIANT && variant < OGI_VARIANTS;
}

int ogi_outcome_find(const char *code)
{
	int i = code_find(ogi_outcome_codes, code);
	return i == OGI_NO_OUTCOME ? -1 : i;
}

int ogi_outcome_count(void)
{
	return OGI_OUTCOMES;
}

bool ogi_outcome_valid(int outcome, struct ogi_date decided_on)
{
	if (!is_outcome(outcome) || !ogi_is_date(decided_on))
		return false;
	const struct code *c = &ogi_outcome_codes[outcome];
	return !ogi_before(decided_on, c->valid_from) &&
	       (!ogi_is_date(c->valid_to) || !ogi_before(c->valid_to, decided_on));
}

int ogi_variant_find(const char *code)
{
	int i = code_find(ogi_variant_codes, code);
	return i == OGI_NO_VARIANT ? -1 : i;
}

unsigned ogi_outcome_flags(int outcome, int variant)
{
	if (is_variant(variant) && ogi_variants[variant].outcome == outcome)
		return ogi_variants[variant].flags;
	return is_outcome(outcome) ? ogi_outcomes[outcome].flags : 0;
}

const char *ogi_outcome_form(int outcome, int variant)
{
	if (is_variant(variant) && ogi_variants[variant].outcome == outcome)
		return ogi_variants[variant].other;
	return is_outcome(outcome) ? ogi_outcomes[outcome].other : NULL;
}
