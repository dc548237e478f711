/* SPDX-License-Identifier: MulanPSL-2.0 */
/* domain/vocabulary: the code lists of events and cases with their labels. */
#include "domain/case.h"

/* clang-format off */
#define CODE(code, zh, en) { code, zh, en, { 0 }, { 0 } }
#define NOT_GIVEN CODE("", "", "")
#define END { NULL, NULL, NULL, { 0 }, { 0 } }

const struct code ogi_event_kinds[] = {
	[OGI_NO_EVENT] = NOT_GIVEN,
	[OGI_ARRIVED] = CODE("arrived", "到件", "arrived"),
	[OGI_REGISTERED] = CODE("registered", "登记", "registered"),
	[OGI_RECEIPT_CONFIRMED] = CODE("receipt_confirmed", "确认收到", "receipt confirmed"),
	[OGI_ASSIGNED] = CODE("assigned", "分办", "assigned"),
	[OGI_CORRECTION_REQUESTED] = CODE("correction_requested", "告知补正", "correction requested"),
	[OGI_CORRECTION_RECEIVED] = CODE("correction_received", "收到补正", "correction received"),
	[OGI_CORRECTION_LAPSED] = CODE("correction_lapsed", "逾期未补正", "correction lapsed"),
	[OGI_CONSULTATION_OPENED] = CODE("consultation_opened", "征求意见", "consultation opened"),
	[OGI_CONSULTATION_CLOSED] = CODE("consultation_closed", "征求意见结束", "consultation closed"),
	[OGI_ASSIST_REQUESTED] = CODE("assist_requested", "请求协办", "assistance requested"),
	[OGI_ASSIST_ANSWERED] = CODE("assist_answered", "协办回复", "assistance answered"),
	[OGI_EXTENDED] = CODE("extended", "延期", "extension"),
	[OGI_REASONS_REQUESTED] = CODE("reasons_requested", "要求说明理由", "reasons requested"),
	[OGI_REASONS_RECEIVED] = CODE("reasons_received", "收到理由说明", "reasons received"),
	[OGI_FEE_NOTICED] = CODE("fee_noticed", "收费通知", "fee notice"),
	[OGI_FEE_PAID] = CODE("fee_paid", "已缴费", "fee paid"),
	[OGI_FEE_LAPSED] = CODE("fee_lapsed", "逾期未缴费", "fee lapsed"),
	[OGI_REVIEWED] = CODE("reviewed", "保密审查", "secrecy review"),
	[OGI_PROPOSED] = CODE("proposed", "拟办", "proposed"),
	[OGI_RETURNED_TO_HANDLER] = CODE("returned_to_handler", "退回承办人", "returned to handler"),
	[OGI_APPROVED] = CODE("approved", "审签", "approved"),
	[OGI_DECIDED] = CODE("decided", "作出决定", "decided"),
	[OGI_SERVED] = CODE("served", "送达答复", "reply served"),
	[OGI_DELIVERED] = CODE("delivered", "文书妥投", "letter delivered"),
	[OGI_RETURNED] = CODE("returned", "文书退回", "letter returned"),
	[OGI_WITHDRAWN] = CODE("withdrawn", "申请人撤回", "withdrawn"),
	[OGI_SPLIT] = CODE("split", "拆分", "split"),
	[OGI_MERGED] = CODE("merged", "并入重复件", "merged"),
	[OGI_REMEDY_FILED] = CODE("remedy_filed", "提起救济", "remedy filed"),
	[OGI_REMEDY_CONCLUDED] = CODE("remedy_concluded", "救济审结", "remedy concluded"),
	[OGI_REOPENED] = CODE("reopened", "重新办理", "reopened"),
	[OGI_HANDED_OVER] = CODE("handed_over", "移交承继机关", "handed over"),
	[OGI_ARCHIVED] = CODE("archived", "归档", "archived"),
	[OGI_AMENDED] = CODE("amended", "更正记录", "record amended"),
	[OGI_RETRACTED] = CODE("retracted", "撤销记录", "record retracted"),
	[OGI_DOCUMENT_ISSUED] = CODE("document_issued", "签发文书", "document issued"),
	[OGI_REMINDED] = CODE("reminded", "督办", "reminder"),
	[OGI_NOTED] = CODE("noted", "备注", "note"),
	[OGI_RECOMPUTED] = CODE("recomputed", "重新计算期限", "recomputed"),
	[OGI_EVENT_KINDS] = END,
};

const struct code ogi_statuses[] = {
	[OGI_NO_CASE] = NOT_GIVEN,
	[OGI_ST_ARRIVED] = CODE("arrived", "已到件待确认", "arrived"),
	[OGI_ST_IN_PROCESS] = CODE("in_process", "办理中", "in process"),
	[OGI_ST_CORRECTION_REQUESTED] = CODE("correction_requested", "待补正", "correction requested"),
	[OGI_ST_REASONS_REQUESTED] = CODE("reasons_requested", "待说明理由", "reasons requested"),
	[OGI_ST_FEE_NOTICED] = CODE("fee_noticed", "待缴费", "fee noticed"),
	[OGI_ST_DECIDED] = CODE("decided", "已决定待送达", "decided"),
	[OGI_ST_CLOSED] = CODE("closed", "办结", "closed"),
	[OGI_ST_ARCHIVED] = CODE("archived", "已归档", "archived"),
	[OGI_ST_VOID_SPLIT] = CODE("void_split", "已拆分", "split"),
	[OGI_ST_VOID_MERGED] = CODE("void_merged", "已并入其他案件", "merged"),
	[OGI_ST_VOID_WITHDRAWN] = CODE("void_withdrawn", "登记前撤回", "withdrawn before registration"),
	[OGI_STATUSES] = END,
};
const struct code ogi_clock_states[] = {
	[OGI_CLOCK_NOT_STARTED] = CODE("not_started", "未起算", "not started"),
	[OGI_CLOCK_RUNNING] = CODE("running", "计时中", "running"),
	[OGI_CLOCK_SUSPENDED] = CODE("suspended", "暂停计算", "suspended"),
	[OGI_CLOCK_STOPPED] = CODE("stopped", "已停止", "stopped"),
	END,
};
const struct code ogi_lights[] = {
	[OGI_LIGHT_NONE] = CODE("none", "无", "none"),
	[OGI_LIGHT_GREEN] = CODE("green", "正常", "in time"),
	[OGI_LIGHT_AMBER] = CODE("amber", "临期", "due soon"),
	[OGI_LIGHT_RED] = CODE("red", "今日到期", "due today"),
	[OGI_LIGHT_OVERDUE] = CODE("overdue", "逾期", "overdue"),
	END,
};
const struct code ogi_flags[] = {
	CODE("consulting", "征求意见中", "consulting"),
	CODE("extended", "已延期", "extended"),
	CODE("delayed", "延迟答复", "delayed"),
	CODE("late_correction", "逾期补正告知", "late correction notice"),
	CODE("in_reconsideration", "行政复议中", "in reconsideration"),
	CODE("in_litigation", "行政诉讼中", "in litigation"),
	CODE("reopened", "重新办理", "reopened"),
	CODE("historic", "历史补录", "historic"),
	END,
};

const struct code ogi_yes_no[] = { NOT_GIVEN, CODE("true", "是", "yes"), CODE("false", "否", "no"), END };
const struct code ogi_applicant_kinds[] = {
	[OGI_APPLICANT_NONE] = NOT_GIVEN,
	[OGI_NATURAL] = CODE("natural", "自然人", "natural person"),
	[OGI_BUSINESS] = CODE("business", "商业企业", "business"),
	[OGI_RESEARCH] = CODE("research", "科研机构", "research institution"),
	[OGI_PUBLIC_INTEREST] = CODE("public_interest", "社会公益组织", "public-interest organisation"),
	[OGI_LEGAL_SERVICE] = CODE("legal_service", "法律服务机构", "legal service"),
	[OGI_OTHER_ORG] = CODE("other_org", "其他", "other organisation"),
	[OGI_APPLICANT_UNKNOWN] = { "unknown", "未区分", "not recorded", { 0 }, { 737059 } }, /* received until 2018-12-31 */
	END,
};
const struct code ogi_id_kinds[] = {
	[OGI_ID_NONE] = NOT_GIVEN,
	[OGI_RESIDENT_ID] = CODE("resident_id", "居民身份证", "resident identity card"),
	[OGI_PASSPORT] = CODE("passport", "护照", "passport"),
	[OGI_HK_MACAO_PERMIT] = CODE("hk_macao_permit", "港澳居民来往内地通行证", "permit for Hong Kong and Macao residents"),
	[OGI_TAIWAN_PERMIT] = CODE("taiwan_permit", "台湾居民来往大陆通行证", "permit for Taiwan residents"),
	[OGI_FOREIGN_PERMIT] = CODE("foreign_permit", "外国人永久居留身份证", "foreigner's permanent residence card"),
	[OGI_CREDIT_CODE] = CODE("credit_code", "统一社会信用代码", "unified social credit code"),
	[OGI_ID_OTHER] = CODE("other", "其他证件", "other"),
	END,
};
const struct code ogi_media[] = {
	NOT_GIVEN, CODE("paper", "纸面", "paper"), CODE("email", "电子邮件", "e-mail"),
	CODE("disc", "光盘", "disc"), CODE("disk", "磁盘", "disk"), END,
};
const struct code ogi_deliveries[] = {
	NOT_GIVEN, CODE("post", "邮寄", "post"), CODE("online", "网络获取", "online"), CODE("fax", "传真", "fax"),
	CODE("pickup", "当面领取", "pick-up"), CODE("view", "现场查阅、抄录", "viewing on site"), END,
};
const struct code ogi_subjects[] = {
	NOT_GIVEN,
	CODE("land_use", "土地使用情况", "land use"), CODE("schooling", "就学", "schooling"), CODE("housing", "住房", "housing"),
	CODE("demolition", "征收拆迁", "demolition"), CODE("budget", "财政预决算", "budget"), CODE("environment", "环境保护", "environment"),
	CODE("social_security", "社会保障", "social security"), CODE("construction", "工程建设", "construction"),
	CODE("policing", "治安管理", "policing"), CODE("village_affairs", "村务", "village affairs"), CODE("other", "其他", "other"),
	END,
};
const struct code ogi_decisions[] = {
	[OGI_REVIEW_NONE] = NOT_GIVEN,
	[OGI_PASSED] = CODE("passed", "可以公开", "passed"),
	[OGI_REFUSED] = CODE("refused", "不得公开", "refused"),
	[OGI_REFERRED] = CODE("referred", "报送确定", "referred"),
	END,
};
const struct code ogi_served_by[] = {
	NOT_GIVEN, CODE("signature", "直接送达签收", "signature"), CODE("post", "邮政寄送", "post"),
	CODE("electronic", "电子送达", "electronic"), CODE("on_the_spot", "当场答复", "on the spot"), END,
};
const struct code ogi_parties[] = {
	[OGI_PARTY_NONE] = NOT_GIVEN,
	[OGI_THIRD_PARTY] = CODE("third_party", "第三方", "third party"),
	[OGI_JOINT_AGENCY] = CODE("joint_agency", "共同制作机关", "joint author agency"),
	[OGI_OTHER_AGENCY] = CODE("other_agency", "其他机关", "other agency"),
	END,
};
const struct code ogi_opinions[] = {
	[OGI_OPINION_OPEN] = NOT_GIVEN,
	[OGI_AGREE] = CODE("agree", "同意公开", "agrees"),
	[OGI_OBJECT] = CODE("object", "不同意公开", "objects"),
	[OGI_OPINION_NONE] = CODE("none", "逾期未答复", "no opinion"),
	END,
};
const struct code ogi_fee_bases[] = {
	[OGI_FEE_NONE] = NOT_GIVEN,
	[OGI_FEE_ITEMS] = CODE("items", "按件计收", "per item"),
	[OGI_FEE_PAGES] = CODE("pages", "按量计收", "per page"),
	END,
};
const struct code ogi_remedy_kinds[] = {
	[OGI_REMEDY_NONE] = NOT_GIVEN,
	[OGI_RECONSIDERATION] = CODE("reconsideration", "行政复议", "reconsideration"),
	[OGI_SUIT_DIRECT] = CODE("suit_direct", "未经复议直接起诉", "suit without reconsideration"),
	[OGI_SUIT_AFTER] = CODE("suit_after", "复议后起诉", "suit after reconsideration"),
	[OGI_COMPLAINT] = CODE("complaint", "举报投诉", "complaint"),
	END,
};
const struct code ogi_remedy_results[] = {
	NOT_GIVEN, CODE("upheld", "结果维持", "upheld"), CODE("corrected", "结果纠正", "corrected"),
	CODE("other", "其他结果", "other"), END,
};
const struct code ogi_procedures[] = {
	[OGI_PROCEDURE_NONE] = NOT_GIVEN,
	[OGI_ORDINARY] = CODE("ordinary", "普通程序", "ordinary"),
	[OGI_SIMPLIFIED] = CODE("simplified", "简易程序", "simplified"),
	END,
};
const struct code ogi_recompute_causes[] = {
	NOT_GIVEN, CODE("calendar", "工作日安排变更", "calendar"), CODE("rules", "计算规则修正", "rules"),
	CODE("setting", "设置变更", "setting"), END,
};
/* clang-format on */
