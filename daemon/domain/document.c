/* SPDX-License-Identifier: MulanPSL-2.0 */
/* domain/document: the papers of a case as a table, and what each needs. */
#include "domain/document.h"

#include "domain/judge.h"

/* clang-format off */
#define CODE(code, zh, en) { code, zh, en, { 0 }, { 0 } }

const struct code ogi_document_codes[OGI_DOCUMENTS + 1] = {
	[OGI_NO_DOCUMENT] = CODE("", "", ""),
	[OGI_DOC_APPLICATION] = CODE("application", "政府信息公开申请表", "application form"),
	[OGI_DOC_REG_SHEET] = CODE("reg_sheet", "政府信息公开申请登记表", "registration sheet"),
	[OGI_DOC_RECEIPT] = CODE("receipt", "政府信息公开申请接收回执", "receipt"),
	[OGI_DOC_CORRECTION] = CODE("correction", "政府信息公开申请补正告知书", "notice to correct"),
	[OGI_DOC_ASK_REASON] = CODE("ask_reason", "政府信息公开申请说明理由告知书", "notice to give reasons"),
	[OGI_DOC_EXTENSION] = CODE("extension", "政府信息公开申请延期答复告知书", "notice of extension"),
	[OGI_DOC_CONSULT_TP] = CODE("consult_tp", "政府信息公开申请征求意见书", "consultation of a third party"),
	[OGI_DOC_CONSULT_ACK] = CODE("consult_ack", "政府信息公开申请征求意见确认函", "reply slip of the third party"),
	[OGI_DOC_CONSULT_NOTE] = CODE("consult_note", "政府信息公开申请征求意见告知书", "notice of a consultation"),
	[OGI_DOC_TP_NOTICE] = CODE("tp_notice", "政府信息依申请公开告知书", "notice of disclosure to a third party"),
	[OGI_DOC_CONSULT_JOINT] = CODE("consult_joint", "政府信息公开申请征求意见书（机关）", "consultation of an agency"),
	[OGI_DOC_ASSIST] = CODE("assist", "政府信息公开申请协办函", "request for assistance"),
	[OGI_DOC_FEE_NOTICE] = CODE("fee_notice", "政府信息公开申请收费通知书", "fee notice"),
	[OGI_DOC_REPLY] = CODE("reply", "政府信息公开申请答复书", "reply"),
	[OGI_DOC_SERVICE] = CODE("service", "送达回证", "proof of service"),
	[OGI_DOC_REVIEW_SHEET] = CODE("review_sheet", "政府信息公开审查呈批单", "review sheet"),
	[OGI_DOC_HANDOVER_SHEET] = CODE("handover_sheet", "主动公开政府信息移送明细表", "hand-over to proactive disclosure"),
	[OGI_DOCUMENTS] = CODE(NULL, NULL, NULL),
};

/* word, event, party, of the decision, title under R2008 */
const struct ogi_document ogi_documents[OGI_DOCUMENTS] = {
	[OGI_DOC_APPLICATION] = { "表", OGI_NO_EVENT, 0, false, NULL },
	[OGI_DOC_REG_SHEET] = { "登", OGI_NO_EVENT, 0, false, "政府信息公开申请登记表" },
	[OGI_DOC_RECEIPT] = { "收", OGI_NO_EVENT, 0, false, "政府信息公开申请登记回执" },
	[OGI_DOC_CORRECTION] = { "补", OGI_CORRECTION_REQUESTED, 0, false, "补正申请告知书" },
	[OGI_DOC_ASK_REASON] = { "理", OGI_REASONS_REQUESTED, 0, false, NULL },
	[OGI_DOC_EXTENSION] = { "延", OGI_EXTENDED, 0, false, "延期答复告知书" },
	[OGI_DOC_CONSULT_TP] = { "征", OGI_CONSULTATION_OPENED, OGI_THIRD_PARTY, false, "权利人意见征询单" },
	[OGI_DOC_CONSULT_ACK] = { "征复", OGI_CONSULTATION_OPENED, OGI_THIRD_PARTY, false, "权利人意见征询单（回执）" },
	[OGI_DOC_CONSULT_NOTE] = { "征告", OGI_CONSULTATION_OPENED, 0, false, NULL },
	[OGI_DOC_TP_NOTICE] = { "告", OGI_CONSULTATION_OPENED, OGI_THIRD_PARTY, true, "公开权利人信息告知单" },
	[OGI_DOC_CONSULT_JOINT] = { "函", OGI_CONSULTATION_OPENED, -OGI_THIRD_PARTY, false, NULL },
	[OGI_DOC_ASSIST] = { "协", OGI_ASSIST_REQUESTED, 0, false, NULL },
	[OGI_DOC_FEE_NOTICE] = { "费", OGI_FEE_NOTICED, 0, false, NULL },
	[OGI_DOC_REPLY] = { "复", OGI_NO_EVENT, 0, true, "政府信息公开申请答复书" },
	[OGI_DOC_SERVICE] = { "达", OGI_NO_EVENT, 0, true, NULL },
	[OGI_DOC_REVIEW_SHEET] = { "审", OGI_NO_EVENT, 0, false, "政府信息公开保密审查表" },
	[OGI_DOC_HANDOVER_SHEET] = { "移", OGI_NO_EVENT, 0, true, NULL },
};
/* clang-format on */

int ogi_document_find(const char *code)
{
	int i = code_find(ogi_document_codes, code);
	return i == OGI_NO_DOCUMENT ? -1 : i;
}

static bool tells_of(const struct ogi_document *d, const struct ogi_event *e)
{
	if (d->of == OGI_NO_EVENT || e->kind != (int32_t)d->of)
		return false;
	int32_t party = e->kind == OGI_CONSULTATION_OPENED ? e->u.consultation.party : 0;
	return d->party == 0 || d->party == party || (d->party < 0 && -d->party != party);
}

/* Its index, or -1. */
static int find_told(const struct ogi_history *h, int document, int32_t seq)
{
	for (int i = h->count - 1; i >= 0; i--) {
		const struct ogi_event *e = &h->event[i];
		if (tells_of(&ogi_documents[document], e) && (seq == 0 || e->seq == seq) &&
			!history_retracted(h, e->seq))
			return i;
	}
	return -1;
}

bool ogi_document_event(
	const struct ogi_history *h, int document, int32_t seq, struct ogi_event *ret_event)
{
	int i = find_told(h, document, seq);
	if (i < 0)
		return false;
	struct ogi_event buf;
	const struct ogi_event *e = history_event(h, NULL, i, &buf);
	*ret_event = *e;
	return true;
}

bool ogi_document_ready(
	const struct ogi_case *c, const struct ogi_history *h, int document, int32_t seq)
{
	const struct ogi_document *d = &ogi_documents[document];
	if (d->decided && !ogi_given(c->outcome))
		return false;
	return d->of == OGI_NO_EVENT || find_told(h, document, seq) >= 0;
}

const struct ogi_event *ogi_document_issue(
	const struct ogi_history *h, int document, int32_t of)
{
	for (int i = h->count - 1; i >= 0; i--) {
		const struct ogi_event *e = &h->event[i];
		if (ogi_documents[document].decided && e->kind == OGI_REOPENED &&
			!history_retracted(h, e->seq))
			return NULL;
		if (e->kind == OGI_DOCUMENT_ISSUED && (of == 0 || e->u.document.of == of) &&
			ogi_document_find(e->u.document.document) == document &&
			!history_retracted(h, e->seq))
			return e;
	}
	return NULL;
}

void judge_document(struct judging *j)
{
	const struct ogi_event *e = j->e;
	int document = ogi_document_find(e->u.document.document);
	if (document < 0) {
		judge_fault(j, "/document", FAULT_UNKNOWN_CODE);
		return;
	}
	int32_t of = e->u.document.of;
	int i = find_told(j->h, document, of);
	const struct ogi_event *told = i >= 0 ? &j->h->event[i] : NULL;
	if (of != 0 && told == NULL)
		judge_fault(j, "/of", FAULT_UNKNOWN_EVENT);
	else if (!ogi_document_ready(j->c, j->h, document, of))
		judge_refuse(j, OGI_NOT_IN_THIS_STATE);
	if (told != NULL && ogi_before(e->on, told->on))
		judge_fault(j, "/on", FAULT_OUT_OF_ORDER);
	if (ogi_documents[document].decided && lies_before(e->on, j->c->decided_on))
		judge_fault(j, "/on", FAULT_OUT_OF_ORDER);
}

/* The number of the reply is that of its letter. */
void on_document_issued(
	struct ogi_case *c, const struct ogi_event *e, const struct ogi_rules *r)
{
	(void)r;
	if (ogi_document_find(e->u.document.document) == OGI_DOC_REPLY &&
		ogi_given(c->outcome) && e->document_no != NULL)
		c->document_no = e->document_no;
}

/* ---- remedies ---- */

enum ogi_remedy_notice ogi_remedy_notice(int outcome, int variant, struct ogi_date decided_on)
{
	/* 法释〔2025〕8号 art. 1(2): refusals under arts 14 to 16; art. 36(7) is none of them
	 */
	bool withheld =
		outcome == OGI_GRANT_PARTIAL ||
		(outcome >= OGI_REFUSE_STATE_SECRET && outcome <= OGI_REFUSE_ENFORCEMENT_FILE);
	if (outcome == OGI_OTHER_OTHER && variant == OGI_OTHER_WITHDRAWN)
		return OGI_NOTICE_NONE;
	if (withheld && !ogi_before(decided_on, ogi_date_of(2024, 1, 1)))
		return OGI_NOTICE_RECONSIDERATION_FIRST;
	return OGI_NOTICE_CHOICE;
}

int ogi_suit_months(struct ogi_date decided_on)
{
	return lies_before(decided_on, ogi_date_of(2015, 5, 1)) ? 3 : 6;
}
