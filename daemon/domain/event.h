/* SPDX-License-Identifier: MulanPSL-2.0 */
/*
 * domain/event: what can happen to a case (contract-cases §6). One struct, one arm per kind,
 * one table of field rows per kind; the rows serve the request body, the stored bytes,
 * `allowed` and amendments. Texts are borrowed. Fields marked FIELD_PERSONAL are kept in
 * case_text, not in the chain.
 */
#ifndef OGID_DOMAIN_EVENT_H
#define OGID_DOMAIN_EVENT_H

#include "domain/clock.h"
#include "domain/outcome.h"
#include "domain/receipt.h"

enum ogi_event_kind {
	OGI_NO_EVENT,
	OGI_ARRIVED,    /* POST /v1/cases, receipt date not yet known */
	OGI_REGISTERED, /* POST /v1/cases */
	OGI_RECEIPT_CONFIRMED,
	OGI_ASSIGNED,
	OGI_CORRECTION_REQUESTED,
	OGI_CORRECTION_RECEIVED,
	OGI_CORRECTION_LAPSED,
	OGI_CONSULTATION_OPENED,
	OGI_CONSULTATION_CLOSED,
	OGI_ASSIST_REQUESTED,
	OGI_ASSIST_ANSWERED,
	OGI_EXTENDED,
	OGI_REASONS_REQUESTED,
	OGI_REASONS_RECEIVED,
	OGI_FEE_NOTICED,
	OGI_FEE_PAID,
	OGI_FEE_LAPSED,
	OGI_REVIEWED,
	OGI_PROPOSED,
	OGI_RETURNED_TO_HANDLER,
	OGI_APPROVED,
	OGI_DECIDED,
	OGI_SERVED,
	OGI_DELIVERED,
	OGI_RETURNED,
	OGI_WITHDRAWN,
	OGI_SPLIT,
	OGI_MERGED,
	OGI_REMEDY_FILED,
	OGI_REMEDY_CONCLUDED,
	OGI_REOPENED,
	OGI_HANDED_OVER,
	OGI_ARCHIVED,
	OGI_AMENDED,
	OGI_RETRACTED,
	OGI_DOCUMENT_ISSUED,
	OGI_REMINDED,
	OGI_NOTED,
	OGI_RECOMPUTED,
	OGI_EVENT_KINDS,
};
extern const struct code
	ogi_event_kinds[]; /* code "extended", labels 延期 / extension …; index = enum */

/* Index 0 of each list is "" = not given. */
extern const struct code ogi_applicant_kinds[], ogi_id_kinds[], ogi_media[], ogi_deliveries[],
	ogi_decisions[], ogi_served_by[], ogi_parties[], ogi_opinions[], ogi_fee_bases[],
	ogi_remedy_kinds[], ogi_remedy_results[], ogi_procedures[], ogi_recompute_causes[],
	ogi_subjects[];

enum ogi_review_decision { OGI_REVIEW_NONE, OGI_PASSED, OGI_REFUSED, OGI_REFERRED };
enum ogi_yes_no { OGI_NOT_SAID, OGI_YES, OGI_NO };
enum ogi_applicant_kind {
	OGI_APPLICANT_NONE,
	OGI_NATURAL,
	OGI_BUSINESS,
	OGI_RESEARCH,
	OGI_PUBLIC_INTEREST,
	OGI_LEGAL_SERVICE,
	OGI_OTHER_ORG,
	OGI_APPLICANT_UNKNOWN, /* imports received before 2019 only */
};
enum ogi_id_kind {
	OGI_ID_NONE,
	OGI_RESIDENT_ID,
	OGI_PASSPORT,
	OGI_HK_MACAO_PERMIT,
	OGI_TAIWAN_PERMIT,
	OGI_FOREIGN_PERMIT,
	OGI_CREDIT_CODE,
	OGI_ID_OTHER,
};
enum ogi_service {
	OGI_BY_NONE,
	OGI_BY_SIGNATURE,
	OGI_BY_POST,
	OGI_BY_ELECTRONIC,
	OGI_ON_THE_SPOT
};
enum ogi_party { OGI_PARTY_NONE, OGI_THIRD_PARTY, OGI_JOINT_AGENCY, OGI_OTHER_AGENCY };
enum ogi_opinion { OGI_OPINION_OPEN, OGI_AGREE, OGI_OBJECT, OGI_OPINION_NONE };
enum ogi_fee_basis { OGI_FEE_NONE, OGI_FEE_ITEMS, OGI_FEE_PAGES };
enum ogi_remedy_kind {
	OGI_REMEDY_NONE,
	OGI_RECONSIDERATION,
	OGI_SUIT_DIRECT,
	OGI_SUIT_AFTER,
	OGI_COMPLAINT,
};
enum ogi_procedure { OGI_PROCEDURE_NONE, OGI_ORDINARY, OGI_SIMPLIFIED };

struct ogi_agent {
	const char *name, *phone, *authority;
};
struct ogi_other_applicant {
	const char *name;
};
struct ogi_applicant {
	int32_t kind, id_kind;
	const char *name, *phone, *email, *address, *postcode, *id_number;
	const char *legal_representative, *contact_person;
	struct ogi_agent agent;
	struct objects others; /* struct ogi_other_applicant */
};
struct ogi_attempt {
	struct ogi_date on;
	const char *how, *result;
};
struct ogi_evidence {
	const char *tracking_no, *signed_by, *confirmed_by, *confirmed_via;
	struct objects attempts; /* struct ogi_attempt */
};

/* Another case that an event ties this one to; kept by the ledger, never given by a body. */
struct ogi_link {
	const char *org, *id, *number; /* number NULL before registration */
};

/* The request as it came (contract-cases §2): arm of arrived, registered and receipt_confirmed.
 */
struct ogi_request {
	int32_t channel, via, medium, delivery;
	struct ogi_date arrived_on, signed_on, confirmed_on, receipt_date, registered_on;
	int32_t confirmed; /* 0 not given, 1 true, 2 false (list ogi_yes_no) */
	struct ogi_applicant applicant;
	const char *description, *document_ref, *subject, *assisted_by, *legacy_number,
		*assignee, *external_ref;
	bool assisted;
	struct ogi_evidence evidence;
	int32_t year,
		serial; /* the number, given at registration by the ledger, never by a body */
	bool has_identity; /* an ID number was given (fact kept when the text is destroyed) */
	struct ogi_link split_from; /* the letter it was a part of */
};
extern const struct code ogi_yes_no[];

struct ogi_decision {             /* decided, proposed */
	int32_t outcome, variant; /* indices into the catalogues, 0 none */
	const char *label, *reason, *outcome_form;
	struct texts basis;
};

struct ogi_event {
	int32_t kind;
	int32_t seq;         /* 1.. within the case */
	struct ogi_date on;  /* legal date */
	int64_t recorded_at; /* microseconds */
	const char *actor;   /* login, or text in imports */
	const char *note, *document_no;
	bool historic;     /* imported: guards about evidence are warnings */
	uint32_t warnings; /* bits of enum ogi_warning, as judged when recorded */
	struct ogi_date due_before, due_after;
	int64_t calendar_version;
	int32_t settings; /* number of the newest setting it was judged by */
	union {
		struct ogi_request request;
		struct {
			const char *to;
		} assigned, reminded;
		struct {
			struct texts items;
			const char *approved_by;
			struct ogi_date due_on;
		} correction;
		struct {
			int32_t party, consultation, opinion;
			const char *name, *reason;
			struct ogi_date received_on;
		} consultation; /* opened and closed */
		struct {
			const char *unit;
			struct ogi_date due_on;
			int32_t assist;
		} assist;
		struct {
			int32_t workdays;
			const char *approved_by;
			struct ogi_date approved_on, notified_on;
		} extended;
		struct {
			int32_t reasonable; /* ogi_yes_no */
			struct ogi_date delay_until;
		} reasons;
		struct {
			int32_t basis, quantity, amount; /* amount in yuan */
			struct ogi_date received_on;
			const char *approved_by;
		} fee; /* noticed and paid */
		struct {
			int32_t decision;
			struct texts checks;
		} reviewed;
		struct ogi_decision decided;
		struct {
			const char *reason;
		} sent_back;
		struct {
			int32_t by;
			const char *tracking_no;
		} served;
		struct {
			int32_t of;
		} letter; /* delivered, returned */
		struct {
			struct objects parts; /* struct ogi_part */
			struct objects cases; /* struct ogi_link, one a part */
		} split;
		struct {
			const char *into;
			struct ogi_link target;
		} merged;
		struct {
			int32_t remedy_kind, remedy, procedure, result, instance;
			const char *authority, *docket_no;
			struct ogi_date accepted_on, copy_received_on;
		} remedy; /* filed and concluded */
		struct {
			struct ogi_date redo_due_on;
			int32_t remedy;
		} reopened;
		struct {
			const char *to_org;
			struct ogi_link to, from; /* `to` in the case handed over, `from` in
						     the one that continues it */
		} handed_over;
		struct {
			const char *box_no;
		} archived;
		struct {
			int32_t event;     /* seq */
			const char *field; /* dotted, "applicant.name" */
			const char *to;    /* its text; a JSON scalar in the body; "" makes the
					      field absent */
			const char *to_text; /* the same for a field that is kept in case_text;
						moved there by ogi_event_complete */
			const char *reason;
		} change; /* amended, retracted */
		struct {
			const char *document, *title;
			int32_t of; /* seq of the event it tells of, 0 none */
			/* given by the ledger, never by a body: number, and the frozen text
			   with its SHA-256 */
			int32_t year, serial;
			const char *text, *sha256;
		} document;
		struct {
			int32_t cause;
			const char *notice;
		} recomputed;
	} u;
};
struct ogi_part {
	const char *description, *subject;
};

/* Rows of the arm of a kind: offsets from the start of struct ogi_event. Empty list for kinds
 * without fields. */
const struct field *ogi_event_fields(enum ogi_event_kind kind);
/* kind-independent rows: on, note, document_no (offsets likewise). */
extern const struct field ogi_event_common[];
extern const struct field ogi_link_rows[]; /* offsets in struct ogi_link */
/*
 * Rows the ledger adds and no body may carry: of a request (arrived, registered,
 * receipt_confirmed) year, serial, has_identity, external_ref, split_from; of split, merged and
 * handed_over the cases they lead to; of document_issued year, serial, text and sha256. NULL
 * for every other kind.
 */
const struct field *ogi_event_ledger(enum ogi_event_kind kind);
/* What was judged when the event was recorded, whatever its kind: historic, warnings,
 * due_before, due_after. */
extern const struct field ogi_event_judged[];

/* An absent code is -1 in a struct that was read from JSON and 0 in one that was zeroed; both
 * mean "not given". */
static inline bool ogi_given(int32_t code)
{
	return code > 0;
}
/* Copies every field that is given in `from` over `to` (FIELD_BOOL: when true); both are
 * structs of the rows. */
void ogi_fields_merge(const struct field *fields, void *to, const void *from);

/*
 * Gives one field of an event a new text, as an amendment does. `name` is dotted
 * ("applicant.name") or a JSON pointer ("/applicant/name"); text NULL or "" makes it absent.
 * The legal date of an arrival and of a confirmation follows. OGI_AMEND_FIELD: no such field,
 * or a list, or the date of a registration (amend the fact it hangs on).
 */
enum ogi_amend { OGI_AMENDED_OK, OGI_AMEND_FIELD, OGI_AMEND_VALUE };
enum ogi_amend ogi_event_amend(struct ogi_event *e, const char *name, const char *text);
/* True when a field of that name is personal data or free text (kept in case_text). */
bool ogi_field_is_personal(const char *name);

#endif
