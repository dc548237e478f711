/* SPDX-License-Identifier: MulanPSL-2.0 */
/* domain/event: the field rows of each kind of event, and changes of single fields by them. */
#include "domain/event.h"

#include <string.h>

/* clang-format off */
#define EVENT(member) offsetof(struct ogi_event, u.member)
#define TEXT(name, at, flags, min, max) { name, FIELD_TEXT, at, flags, min, max, NULL, NULL, 0, 0 }
#define DATE(name, at) { name, FIELD_DATE, at, 0, 0, 0, NULL, NULL, 0, 0 }
#define DATE_REQUIRED(name, at) { name, FIELD_DATE, at, FIELD_REQUIRED, 0, 0, NULL, NULL, 0, 0 }
#define NUMBER(name, at, flags, min, max) { name, FIELD_INT, at, flags, min, max, NULL, NULL, 0, 0 }
#define BOOL(name, at) { name, FIELD_BOOL, at, 0, 0, 0, NULL, NULL, 0, 0 }
#define CODE(name, at, flags, codes) { name, FIELD_CODE, at, flags, 0, 0, codes, NULL, 0, 0 }
#define TEXTS(name, at, flags, min, max, item_max) { name, FIELD_TEXTS, at, flags, min, max, NULL, NULL, 0, item_max }
#define OBJECT(name, at, fields) { name, FIELD_OBJECT, at, 0, 0, 0, NULL, fields, 0, 0 }
#define OBJECTS(name, at, flags, min, max, fields, type) \
	{ name, FIELD_OBJECTS, at, flags, min, max, NULL, fields, sizeof(type), 0 }
#define END { NULL, FIELD_TEXT, 0, 0, 0, 0, NULL, NULL, 0, 0 }

#define REQUIRED FIELD_REQUIRED
#define PERSONAL FIELD_PERSONAL
#define LINES (FIELD_PERSONAL | FIELD_MULTILINE)

/* ---- the request (contract-cases §2) ---- */

static const struct field agent_rows[] = {
	TEXT("name", offsetof(struct ogi_agent, name), PERSONAL, 1, 200),
	TEXT("phone", offsetof(struct ogi_agent, phone), PERSONAL, 1, 50),
	TEXT("authority", offsetof(struct ogi_agent, authority), LINES, 1, 500),
	END,
};
static const struct field other_rows[] = {
	TEXT("name", offsetof(struct ogi_other_applicant, name), REQUIRED | PERSONAL, 1, 200),
	END,
};
#define APPLICANT(member) offsetof(struct ogi_applicant, member)
static const struct field applicant_rows[] = {
	CODE("kind", APPLICANT(kind), 0, ogi_applicant_kinds),
	TEXT("name", APPLICANT(name), PERSONAL, 1, 200),
	TEXT("phone", APPLICANT(phone), PERSONAL, 1, 50),
	TEXT("email", APPLICANT(email), PERSONAL, 1, 254),
	TEXT("address", APPLICANT(address), PERSONAL, 1, 500),
	TEXT("postcode", APPLICANT(postcode), PERSONAL, 1, 10),
	CODE("id_kind", APPLICANT(id_kind), 0, ogi_id_kinds),
	TEXT("id_number", APPLICANT(id_number), PERSONAL | FIELD_SECRET, 1, 50),
	TEXT("legal_representative", APPLICANT(legal_representative), PERSONAL, 1, 200),
	TEXT("contact_person", APPLICANT(contact_person), PERSONAL, 1, 200),
	OBJECT("agent", APPLICANT(agent), agent_rows),
	OBJECTS("others", APPLICANT(others), PERSONAL, 0, 200, other_rows, struct ogi_other_applicant),
	END,
};
static const struct field attempt_rows[] = {
	DATE_REQUIRED("on", offsetof(struct ogi_attempt, on)),
	TEXT("how", offsetof(struct ogi_attempt, how), PERSONAL, 1, 200),
	TEXT("result", offsetof(struct ogi_attempt, result), LINES, 1, 500),
	END,
};
#define EVIDENCE(member) offsetof(struct ogi_evidence, member)
static const struct field evidence_rows[] = {
	TEXT("tracking_no", EVIDENCE(tracking_no), PERSONAL, 1, 200),
	TEXT("signed_by", EVIDENCE(signed_by), PERSONAL, 1, 200),
	TEXT("confirmed_by", EVIDENCE(confirmed_by), PERSONAL, 1, 200),
	TEXT("confirmed_via", EVIDENCE(confirmed_via), PERSONAL, 1, 200),
	OBJECTS("attempts", EVIDENCE(attempts), PERSONAL, 0, 50, attempt_rows, struct ogi_attempt),
	END,
};

/* What a confirmation may still bring, and what a first body may hold beside the channel. */
#define REQUEST_ROWS \
	DATE("signed_on", EVENT(request.signed_on)), \
	DATE("receipt_date", EVENT(request.receipt_date)), \
	DATE("registered_on", EVENT(request.registered_on)), \
	OBJECT("applicant", EVENT(request.applicant), applicant_rows), \
	TEXT("description", EVENT(request.description), LINES, 1, 20000), \
	TEXT("document_ref", EVENT(request.document_ref), PERSONAL, 1, 500), \
	CODE("medium", EVENT(request.medium), 0, ogi_media), \
	CODE("delivery", EVENT(request.delivery), 0, ogi_deliveries), \
	{ "subject", FIELD_CODE, EVENT(request.subject), FIELD_LOOSE, 1, 64, ogi_subjects, NULL, 0, 0 }, \
	BOOL("assisted", EVENT(request.assisted)), \
	TEXT("assisted_by", EVENT(request.assisted_by), PERSONAL, 1, 200), \
	OBJECT("evidence", EVENT(request.evidence), evidence_rows), \
	TEXT("legacy_number", EVENT(request.legacy_number), 0, 1, 100), \
	TEXT("assignee", EVENT(request.assignee), 0, 1, 64), \
	END

static const struct field request_rows[] = {
	CODE("channel", EVENT(request.channel), REQUIRED, ogi_channels),
	CODE("via", EVENT(request.via), 0, ogi_vias),
	DATE("arrived_on", EVENT(request.arrived_on)),
	DATE("confirmed_on", EVENT(request.confirmed_on)),
	CODE("confirmed", EVENT(request.confirmed), 0, ogi_yes_no),
	REQUEST_ROWS,
};
static const struct field confirmation_rows[] = { REQUEST_ROWS };

#define LINK(member) offsetof(struct ogi_link, member)
const struct field ogi_link_rows[] = {
	TEXT("org", LINK(org), 0, 1, 32),
	TEXT("id", LINK(id), 0, 36, 36),
	TEXT("number", LINK(number), 0, 1, 24),
	END,
};
static const struct field ledger_rows[] = {
	NUMBER("year", EVENT(request.year), 0, 0, 0),
	NUMBER("serial", EVENT(request.serial), 0, 0, 0),
	BOOL("has_identity", EVENT(request.has_identity)),
	TEXT("external_ref", EVENT(request.external_ref), 0, 1, 200),
	OBJECT("split_from", EVENT(request.split_from), ogi_link_rows),
	END,
};
const struct field ogi_event_judged[] = {
	BOOL("historic", offsetof(struct ogi_event, historic)),
	NUMBER("warnings", offsetof(struct ogi_event, warnings), 0, 0, 0),
	DATE("due_before", offsetof(struct ogi_event, due_before)),
	DATE("due_after", offsetof(struct ogi_event, due_after)),
	END,
};
const struct field ogi_event_common[] = {
	DATE("on", offsetof(struct ogi_event, on)),
	TEXT("note", offsetof(struct ogi_event, note), LINES, 1, 5000),
	TEXT("document_no", offsetof(struct ogi_event, document_no), 0, 1, 100),
	END,
};

/* ---- what follows (contract-cases §6) ---- */

static const struct field no_rows[] = { END };
static const struct field assigned_rows[] = {
	TEXT("to", EVENT(assigned.to), REQUIRED, 1, 64),
	END,
};
static const struct field correction_rows[] = {
	TEXTS("items", EVENT(correction.items), REQUIRED | PERSONAL, 1, 50, 1000),
	TEXT("approved_by", EVENT(correction.approved_by), 0, 1, 64),
	DATE("due_on", EVENT(correction.due_on)),
	END,
};
static const struct field opened_rows[] = {
	CODE("party", EVENT(consultation.party), REQUIRED, ogi_parties),
	TEXT("name", EVENT(consultation.name), REQUIRED | PERSONAL, 1, 200),
	NUMBER("consultation", EVENT(consultation.consultation), 0, 1, 64),
	DATE("received_on", EVENT(consultation.received_on)),
	END,
};
static const struct field closed_rows[] = {
	NUMBER("consultation", EVENT(consultation.consultation), 0, 1, 64),
	CODE("opinion", EVENT(consultation.opinion), REQUIRED, ogi_opinions),
	TEXT("reason", EVENT(consultation.reason), LINES, 1, 5000),
	END,
};
static const struct field assist_requested_rows[] = {
	TEXT("unit", EVENT(assist.unit), REQUIRED, 1, 200),
	DATE("due_on", EVENT(assist.due_on)),
	NUMBER("assist", EVENT(assist.assist), 0, 1, 64),
	END,
};
static const struct field assist_answered_rows[] = {
	NUMBER("assist", EVENT(assist.assist), 0, 1, 64),
	END,
};
static const struct field extended_rows[] = {
	NUMBER("workdays", EVENT(extended.workdays), REQUIRED, 1, 20),
	TEXT("approved_by", EVENT(extended.approved_by), 0, 1, 64),
	DATE("approved_on", EVENT(extended.approved_on)),
	DATE("notified_on", EVENT(extended.notified_on)),
	END,
};
static const struct field reasons_rows[] = {
	CODE("reasonable", EVENT(reasons.reasonable), REQUIRED, ogi_yes_no),
	DATE("delay_until", EVENT(reasons.delay_until)),
	END,
};
static const struct field fee_noticed_rows[] = {
	CODE("basis", EVENT(fee.basis), REQUIRED, ogi_fee_bases),
	NUMBER("quantity", EVENT(fee.quantity), REQUIRED, 1, 1000000),
	NUMBER("amount", EVENT(fee.amount), 0, 0, 100000000),
	DATE("received_on", EVENT(fee.received_on)),
	TEXT("approved_by", EVENT(fee.approved_by), 0, 1, 64),
	END,
};
static const struct field fee_paid_rows[] = {
	NUMBER("amount", EVENT(fee.amount), REQUIRED, 0, 100000000),
	END,
};
static const struct field reviewed_rows[] = {
	CODE("decision", EVENT(reviewed.decision), REQUIRED, ogi_decisions),
	TEXTS("checks", EVENT(reviewed.checks), PERSONAL, 0, 50, 500),
	END,
};
static const struct field decided_rows[] = {
	CODE("outcome", EVENT(decided.outcome), REQUIRED, ogi_outcome_codes),
	CODE("variant", EVENT(decided.variant), 0, ogi_variant_codes),
	TEXT("label", EVENT(decided.label), 0, 1, 100),
	TEXT("reason", EVENT(decided.reason), LINES, 1, 20000),
	TEXTS("basis", EVENT(decided.basis), 0, 0, 50, 500),
	TEXT("outcome_form", EVENT(decided.outcome_form), 0, 1, 64),
	END,
};
static const struct field sent_back_rows[] = {
	TEXT("reason", EVENT(sent_back.reason), REQUIRED | LINES, 1, 5000),
	END,
};
static const struct field served_rows[] = {
	CODE("by", EVENT(served.by), REQUIRED, ogi_served_by),
	TEXT("tracking_no", EVENT(served.tracking_no), PERSONAL, 1, 200),
	END,
};
static const struct field letter_rows[] = {
	NUMBER("of", EVENT(letter.of), REQUIRED, 1, INT32_MAX),
	END,
};
static const struct field part_rows[] = {
	TEXT("description", offsetof(struct ogi_part, description), REQUIRED | LINES, 1, 20000),
	TEXT("subject", offsetof(struct ogi_part, subject), 0, 1, 64),
	END,
};
static const struct field split_rows[] = {
	OBJECTS("parts", EVENT(split.parts), REQUIRED | PERSONAL, 2, 20, part_rows, struct ogi_part),
	END,
};
static const struct field merged_rows[] = {
	TEXT("into", EVENT(merged.into), REQUIRED, 1, 64),
	END,
};
static const struct field split_ledger[] = {
	OBJECTS("cases", EVENT(split.cases), 0, 0, 20, ogi_link_rows, struct ogi_link),
	END,
};
static const struct field merged_ledger[] = {
	OBJECT("case", EVENT(merged.target), ogi_link_rows),
	END,
};
static const struct field handed_over_ledger[] = {
	OBJECT("to", EVENT(handed_over.to), ogi_link_rows),
	OBJECT("from", EVENT(handed_over.from), ogi_link_rows),
	END,
};
static const struct field remedy_filed_rows[] = {
	CODE("remedy_kind", EVENT(remedy.remedy_kind), REQUIRED, ogi_remedy_kinds),
	NUMBER("remedy", EVENT(remedy.remedy), 0, 1, 200),
	TEXT("authority", EVENT(remedy.authority), 0, 1, 200),
	TEXT("docket_no", EVENT(remedy.docket_no), 0, 1, 100),
	DATE("accepted_on", EVENT(remedy.accepted_on)),
	CODE("procedure", EVENT(remedy.procedure), 0, ogi_procedures),
	DATE("copy_received_on", EVENT(remedy.copy_received_on)),
	END,
};
static const struct field remedy_concluded_rows[] = {
	NUMBER("remedy", EVENT(remedy.remedy), 0, 1, 200),
	CODE("result", EVENT(remedy.result), REQUIRED, ogi_remedy_results),
	NUMBER("instance", EVENT(remedy.instance), 0, 1, 9),
	END,
};
static const struct field reopened_rows[] = {
	DATE_REQUIRED("redo_due_on", EVENT(reopened.redo_due_on)),
	NUMBER("remedy", EVENT(reopened.remedy), 0, 1, 200),
	END,
};
static const struct field handed_over_rows[] = {
	TEXT("to_org", EVENT(handed_over.to_org), REQUIRED, 1, 32),
	END,
};
static const struct field archived_rows[] = {
	TEXT("box_no", EVENT(archived.box_no), 0, 1, 100),
	END,
};
static const struct field amended_rows[] = {
	NUMBER("event", EVENT(change.event), REQUIRED, 1, INT32_MAX),
	TEXT("field", EVENT(change.field), REQUIRED, 1, 100),
	TEXT("to", EVENT(change.to), FIELD_MULTILINE, 0, 20000),
	TEXT("to_text", EVENT(change.to_text), LINES, 0, 20000),
	TEXT("reason", EVENT(change.reason), REQUIRED | LINES, 1, 5000),
	END,
};
static const struct field retracted_rows[] = {
	NUMBER("event", EVENT(change.event), REQUIRED, 1, INT32_MAX),
	TEXT("reason", EVENT(change.reason), REQUIRED | LINES, 1, 5000),
	END,
};
static const struct field document_rows[] = {
	TEXT("document", EVENT(document.document), REQUIRED, 1, 64),
	TEXT("title", EVENT(document.title), PERSONAL, 1, 200),
	NUMBER("of", EVENT(document.of), 0, 1, INT32_MAX),
	END,
};
static const struct field document_ledger_rows[] = {
	NUMBER("year", EVENT(document.year), 0, 0, 0),
	NUMBER("serial", EVENT(document.serial), 0, 0, 0),
	TEXT("sha256", EVENT(document.sha256), 0, 64, 64),
	TEXT("text", EVENT(document.text), LINES, 1, 0),
	END,
};
static const struct field recomputed_rows[] = {
	CODE("cause", EVENT(recomputed.cause), REQUIRED, ogi_recompute_causes),
	TEXT("notice", EVENT(recomputed.notice), 0, 1, 500),
	END,
};

static const struct field *const rows_of[OGI_EVENT_KINDS] = {
	[OGI_NO_EVENT] = no_rows,
	[OGI_ARRIVED] = request_rows,
	[OGI_REGISTERED] = request_rows,
	[OGI_RECEIPT_CONFIRMED] = confirmation_rows,
	[OGI_ASSIGNED] = assigned_rows,
	[OGI_CORRECTION_REQUESTED] = correction_rows,
	[OGI_CORRECTION_RECEIVED] = no_rows,
	[OGI_CORRECTION_LAPSED] = no_rows,
	[OGI_CONSULTATION_OPENED] = opened_rows,
	[OGI_CONSULTATION_CLOSED] = closed_rows,
	[OGI_ASSIST_REQUESTED] = assist_requested_rows,
	[OGI_ASSIST_ANSWERED] = assist_answered_rows,
	[OGI_EXTENDED] = extended_rows,
	[OGI_REASONS_REQUESTED] = no_rows,
	[OGI_REASONS_RECEIVED] = reasons_rows,
	[OGI_FEE_NOTICED] = fee_noticed_rows,
	[OGI_FEE_PAID] = fee_paid_rows,
	[OGI_FEE_LAPSED] = no_rows,
	[OGI_REVIEWED] = reviewed_rows,
	[OGI_PROPOSED] = decided_rows,
	[OGI_RETURNED_TO_HANDLER] = sent_back_rows,
	[OGI_APPROVED] = no_rows,
	[OGI_DECIDED] = decided_rows,
	[OGI_SERVED] = served_rows,
	[OGI_DELIVERED] = letter_rows,
	[OGI_RETURNED] = letter_rows,
	[OGI_WITHDRAWN] = no_rows,
	[OGI_SPLIT] = split_rows,
	[OGI_MERGED] = merged_rows,
	[OGI_REMEDY_FILED] = remedy_filed_rows,
	[OGI_REMEDY_CONCLUDED] = remedy_concluded_rows,
	[OGI_REOPENED] = reopened_rows,
	[OGI_HANDED_OVER] = handed_over_rows,
	[OGI_ARCHIVED] = archived_rows,
	[OGI_AMENDED] = amended_rows,
	[OGI_RETRACTED] = retracted_rows,
	[OGI_DOCUMENT_ISSUED] = document_rows,
	[OGI_REMINDED] = assigned_rows,
	[OGI_NOTED] = no_rows,
	[OGI_RECOMPUTED] = recomputed_rows,
};
/* clang-format on */

const struct field *ogi_event_fields(enum ogi_event_kind kind)
{
	return kind < OGI_EVENT_KINDS ? rows_of[kind] : no_rows;
}

const struct field *ogi_event_ledger(enum ogi_event_kind kind)
{
	switch ((int)kind) {
	case OGI_ARRIVED:
	case OGI_REGISTERED:
	case OGI_RECEIPT_CONFIRMED:
		return ledger_rows;
	case OGI_SPLIT:
		return split_ledger;
	case OGI_MERGED:
		return merged_ledger;
	case OGI_HANDED_OVER:
		return handed_over_ledger;
	case OGI_DOCUMENT_ISSUED:
		return document_ledger_rows;
	default:
		return NULL;
	}
}

/* ---- merging ---- */

static void merge_list(void *to, const void *from, size_t size, int count)
{
	if (count > 0)
		memcpy(to, from, size);
}

static void merge_field(const struct field *row, void *to, const void *from)
{
	switch (row->type) {
	case FIELD_TEXT:
		if (*(const char *const *)from != NULL)
			memcpy(to, from, sizeof(const char *));
		break;
	case FIELD_CODE:
		if ((row->flags & FIELD_LOOSE) != 0)
			merge_list(to, from, sizeof(const char *),
				*(const char *const *)from != NULL);
		else if (ogi_given(*(const int32_t *)from))
			memcpy(to, from, sizeof(int32_t));
		break;
	case FIELD_DATE:
	case FIELD_INT:
		merge_list(to, from, sizeof(int32_t), *(const int32_t *)from != 0);
		break;
	case FIELD_BOOL:
		if (*(const bool *)from)
			*(bool *)to = true;
		break;
	case FIELD_TEXTS:
		merge_list(to, from, sizeof(struct texts), ((const struct texts *)from)->count);
		break;
	case FIELD_OBJECTS:
		merge_list(to, from, sizeof(struct objects),
			((const struct objects *)from)->count);
		break;
	case FIELD_OBJECT:
		ogi_fields_merge(row->fields, to, from);
		break;
	case FIELD_DECIMAL: /* no event has one of these */
	case FIELD_UUID:
	case FIELD_RAW:
		break;
	}
}

void ogi_fields_merge(const struct field *fields, void *to, const void *from)
{
	for (const struct field *row = fields; row->name != NULL; row++)
		merge_field(row, (char *)to + row->at, (const char *)from + row->at);
}

/* ---- amending ---- */

/* "/applicant/name" as "applicant.name"; false when it is longer than any name, or spelt half
 * one way and half the other. */
static bool dotted(const char *name, char out[128])
{
	size_t n = strlen(name);
	if (n == 0 || n >= 128)
		return false;
	bool pointer = *name == '/';
	if (pointer && strchr(name, '.') != NULL)
		return false;
	memcpy(out, pointer ? name + 1 : name, pointer ? n : n + 1);
	for (char *s = out; pointer && *s != '\0'; s++)
		if (*s == '/')
			*s = '.';
	return true;
}

static bool is_scalar(const struct field *row)
{
	return row->type == FIELD_TEXT || row->type == FIELD_DATE || row->type == FIELD_INT ||
	       row->type == FIELD_BOOL || row->type == FIELD_CODE;
}

static enum ogi_amend amend_on(struct ogi_event *e, const char *text)
{
	struct ogi_date on;
	if (text == NULL || !text_to_date(text, &on))
		return OGI_AMEND_VALUE;
	if (e->kind == OGI_REGISTERED)
		return OGI_AMEND_FIELD;
	if (e->kind == OGI_ARRIVED)
		e->u.request.arrived_on = on;
	e->on = on;
	return OGI_AMENDED_OK;
}

enum ogi_amend ogi_event_amend(struct ogi_event *e, const char *name, const char *text)
{
	char path[128];
	if (name == NULL || !dotted(name, path))
		return OGI_AMEND_FIELD;
	if (strcmp(path, "on") == 0)
		return amend_on(e, text);
	size_t at;
	const struct field *row =
		field_find(ogi_event_fields((enum ogi_event_kind)e->kind), path, &at);
	if (row == NULL)
		row = field_find(ogi_event_common, path, &at);
	/* the ledger has tied the case to that other one */
	bool tied = e->kind == OGI_MERGED || e->kind == OGI_HANDED_OVER;
	if (row == NULL || !is_scalar(row) || (tied && at >= EVENT(merged)))
		return OGI_AMEND_FIELD;
	if (!field_set(row, at, e, text))
		return OGI_AMEND_VALUE;
	/* NULL: the text was destroyed at the end of retention, the number had been given */
	if (strcmp(path, "applicant.id_number") == 0)
		e->u.request.has_identity = text == NULL || *text != '\0';
	if (e->kind == OGI_ARRIVED)
		e->on = e->u.request.arrived_on;
	return OGI_AMENDED_OK;
}

bool ogi_field_is_personal(const char *name)
{
	char path[128];
	if (name == NULL || !dotted(name, path))
		return false;
	const struct field *row = field_find(ogi_event_common, path, NULL);
	for (int kind = 0; row == NULL && kind < OGI_EVENT_KINDS; kind++)
		row = field_find(rows_of[kind], path, NULL);
	return row != NULL && (row->flags & FIELD_PERSONAL) != 0;
}
