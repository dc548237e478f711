/* SPDX-License-Identifier: MulanPSL-2.0 */
/*
 * store/case: the projection of a case: request_case (facts, codes, dates) and applicant (who
 * asked and what was written). One table of columns drives reading, binding and the comparison
 * of `ogid verify`.
 */
#ifndef OGID_STORE_CASE_H
#define OGID_STORE_CASE_H

#include "base/mac.h"
#include "db/batch.h"
#include "domain/case.h"

/* A case and what surrounds it in the ledger. */
struct case_row {
	struct ogi_case c;
	int32_t org;
	struct uuid id;
	int64_t created_at, updated_at; /* microseconds, whole milliseconds */
	int64_t calendar_version;
	struct mac query_code; /* hash; zero when none */
	struct mac id_blind;   /* zero when no ID number */
};

extern const struct stmt case_get, case_get_by_number, case_code;

/* One case of the scope, by id or, in one organisation, by number. */
const struct rows *case_ask(
	struct batch *b, const int32_t *scope, int scopes, const struct uuid *id);
const struct rows *case_ask_by_number(
	struct batch *b, int32_t org, int32_t year, int32_t serial);

/* Id and hash of the query code of a number. One row always, of nulls when there is no such
 * case, so that both are read alike. */
const struct rows *case_ask_code(struct batch *b, int32_t org, int32_t year, int32_t serial);
/* True when `hash` is that of the case; compared in constant time. */
bool case_read_code(const struct rows *r, const struct mac *hash, struct uuid *ret_id);

/* The columns to select, qualified: request_case is `c`, applicant is `p` (LEFT JOIN).
 * case_read reads a row that begins with them. */
#define CASE_SELECT "c.org_id, c.id, " CASE_COLUMNS_OF("c.") ", " APPLICANT_COLUMNS_OF("p.")
#define CASE_FROM                                                                              \
	" FROM request_case c LEFT JOIN applicant p ON p.org_id = c.org_id AND p.case_id = c.id "

#define CASE_COLUMNS_OF(t)                                                                     \
	t "version, " t "year, " t "serial, " t "legacy_number, " t "external_ref, " t         \
	  "status, " t "flags, " t "warnings, " t "channel, " t "via, " t "regime, " t         \
	  "applicant_kind, " t "subject, " t "medium, " t "delivery, " t "assisted, " t        \
	  "assignee, " t "arrived_on, " t "signed_on, " t "confirmed_on, " t                   \
	  "receipt_date, " t "registered_on, " t "run_start, " t "period, " t "extension, " t  \
	  "extensions, " t "delay_until, " t "due_on, " t "latest_due_on, " t                  \
	  "provisional, " t "last_clock_on, " t "review, " t "review_on, " t "outcome, " t     \
	  "outcome_variant, " t "outcome_form, " t "outcome_label, " t "served_by, " t         \
	  "decided_on, " t "effective_reply_date, " t "closed_on, " t "withdrawn_on, " t       \
	  "archived_on, " t "first_closed_on, " t "first_outcome, " t "first_variant, " t      \
	  "first_due_on, " t "first_base_due_on, " t "served_seq, " t "excluded, " t           \
	  "stage, " t "calendar_version, " t "query_code_hash, " t "created_at, " t            \
	  "updated_at"
#define APPLICANT_COLUMNS_OF(t)                                                                \
	t "name, " t "phone, " t "email, " t "address, " t "postcode, " t "id_kind, " t        \
	  "id_number, " t "description, " t "document_ref, " t "assisted_by, " t               \
	  "outcome_reason, " t "document_no, " t "others, " t "evidence, " t                   \
	  "outcome_basis, " t "id_blind"
/* case_bind's values as parameters of a statement, behind three others. */
#define CASE_VALUES                                                                            \
	"$4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, "      \
	"$21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32, $33, $34, $35, $36, "     \
	"$37, $38, $39, $40, $41, $42, $43, $44, $45, $46, $47, $48, $49, $50, $51, $52, "     \
	"$53, $54, $55, $56, $57, $58"
#define APPLICANT_VALUES                                                                       \
	"$59, $60, $61, $62, $63, $64, $65, $66, $67, $68, $69, $70, $71, $72, $73, $74"
enum { CASE_COLUMNS = 55, APPLICANT_COLUMNS = 16 };

/* Row `row` as a case; *ret_case is zeroed first. Texts are borrowed from the rows, lists are
 * in the arena. */
void case_read(const struct rows *r, int row, struct arena *a, struct case_row *ret_case);
/* Binds CASE_COLUMNS_OF values, then APPLICANT_COLUMNS_OF values, in this order. */
void case_bind(struct bind *v, const struct case_row *c);

/* The name of the first column in which two projections differ, NULL when none does (`ogid
 * verify`). Personal columns are passed over when `destroyed`. */
const char *case_difference(const struct case_row *a, const struct case_row *b, bool destroyed);

#endif
