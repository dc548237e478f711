/* SPDX-License-Identifier: MulanPSL-2.0 */
/* store/case: request_case and applicant, by one table of columns. */
#include "store/case.h"

#include "base/form.h"
#include "base/json_write.h"
#include "store/stage.h"

#include <string.h>

const struct stmt case_get = { "case_get",
	"SELECT " CASE_SELECT CASE_FROM "WHERE c.org_id = ANY($1) AND c.id = $2", 2 };
const struct stmt case_get_by_number = { "case_get_by_number",
	"SELECT " CASE_SELECT CASE_FROM "WHERE c.org_id = $1 AND c.year = $2 AND c.serial = $3",
	3 };
const struct stmt case_code = { "case_code",
	"SELECT c.id, c.query_code_hash FROM (VALUES (1)) one (n) LEFT JOIN request_case c"
	" ON c.org_id = $1 AND c.year = $2 AND c.serial = $3",
	3 };

enum column_type {
	COLUMN_INT,
	COLUMN_INT_OR_NULL, /* 0 is null */
	COLUMN_BOOL,
	COLUMN_DATE,
	COLUMN_TEXT,
	COLUMN_CODE, /* index 0 is null */
};
struct column {
	const char *name;
	enum column_type type;
	size_t at; /* in struct ogi_case */
	const struct code *codes;
};

#define AT(f) offsetof(struct ogi_case, f)
#define REQUEST(f) offsetof(struct ogi_case, request.f)
/* In the order of CASE_COLUMNS_OF; the last six columns there are special. A test holds both
 * together. */
/* clang-format off */
static const struct column case_columns[] = {
	{ "version", COLUMN_INT, AT(version), NULL },
	{ "year", COLUMN_INT_OR_NULL, REQUEST(year), NULL },
	{ "serial", COLUMN_INT_OR_NULL, REQUEST(serial), NULL },
	{ "legacy_number", COLUMN_TEXT, REQUEST(legacy_number), NULL },
	{ "external_ref", COLUMN_TEXT, REQUEST(external_ref), NULL },
	{ "status", COLUMN_CODE, AT(status), ogi_statuses },
	{ "flags", COLUMN_INT, AT(flags), NULL },
	{ "warnings", COLUMN_INT, AT(warnings), NULL },
	{ "channel", COLUMN_CODE, REQUEST(channel), ogi_channels },
	{ "via", COLUMN_CODE, REQUEST(via), ogi_vias },
	{ "regime", COLUMN_CODE, AT(regime), ogi_regimes },
	{ "applicant_kind", COLUMN_CODE, REQUEST(applicant.kind), ogi_applicant_kinds },
	{ "subject", COLUMN_TEXT, REQUEST(subject), NULL },
	{ "medium", COLUMN_CODE, REQUEST(medium), ogi_media },
	{ "delivery", COLUMN_CODE, REQUEST(delivery), ogi_deliveries },
	{ "assisted", COLUMN_BOOL, REQUEST(assisted), NULL },
	{ "assignee", COLUMN_TEXT, REQUEST(assignee), NULL },
	{ "arrived_on", COLUMN_DATE, REQUEST(arrived_on), NULL },
	{ "signed_on", COLUMN_DATE, REQUEST(signed_on), NULL },
	{ "confirmed_on", COLUMN_DATE, REQUEST(confirmed_on), NULL },
	{ "receipt_date", COLUMN_DATE, REQUEST(receipt_date), NULL },
	{ "registered_on", COLUMN_DATE, REQUEST(registered_on), NULL },
	{ "run_start", COLUMN_DATE, AT(run_start), NULL },
	{ "period", COLUMN_INT, AT(period), NULL },
	{ "extension", COLUMN_INT, AT(extension), NULL },
	{ "extensions", COLUMN_INT, AT(extensions), NULL },
	{ "delay_until", COLUMN_DATE, AT(delay_until), NULL },
	{ "due_on", COLUMN_DATE, AT(due_on), NULL },
	{ "latest_due_on", COLUMN_DATE, AT(latest_due_on), NULL },
	{ "provisional", COLUMN_BOOL, AT(provisional), NULL },
	{ "last_clock_on", COLUMN_DATE, AT(last_clock_on), NULL },
	{ "review", COLUMN_CODE, AT(review), ogi_decisions },
	{ "review_on", COLUMN_DATE, AT(review_on), NULL },
	{ "outcome", COLUMN_CODE, AT(outcome), ogi_outcome_codes },
	{ "outcome_variant", COLUMN_CODE, AT(variant), ogi_variant_codes },
	{ "outcome_form", COLUMN_TEXT, AT(outcome_form), NULL },
	{ "outcome_label", COLUMN_TEXT, AT(outcome_label), NULL },
	{ "served_by", COLUMN_CODE, AT(served_by), ogi_served_by },
	{ "decided_on", COLUMN_DATE, AT(decided_on), NULL },
	{ "effective_reply_date", COLUMN_DATE, AT(effective_reply_date), NULL },
	{ "closed_on", COLUMN_DATE, AT(closed_on), NULL },
	{ "withdrawn_on", COLUMN_DATE, AT(withdrawn_on), NULL },
	{ "archived_on", COLUMN_DATE, AT(archived_on), NULL },
	{ "first_closed_on", COLUMN_DATE, AT(first_closed_on), NULL },
	{ "first_outcome", COLUMN_CODE, AT(first_outcome), ogi_outcome_codes },
	{ "first_variant", COLUMN_CODE, AT(first_variant), ogi_variant_codes },
	{ "first_due_on", COLUMN_DATE, AT(first_due_on), NULL },
	{ "first_base_due_on", COLUMN_DATE, AT(first_base_due_on), NULL },
	{ "served_seq", COLUMN_INT_OR_NULL, AT(served_seq), NULL },
};
static const struct column applicant_columns[] = {
	{ "name", COLUMN_TEXT, REQUEST(applicant.name), NULL },
	{ "phone", COLUMN_TEXT, REQUEST(applicant.phone), NULL },
	{ "email", COLUMN_TEXT, REQUEST(applicant.email), NULL },
	{ "address", COLUMN_TEXT, REQUEST(applicant.address), NULL },
	{ "postcode", COLUMN_TEXT, REQUEST(applicant.postcode), NULL },
	{ "id_kind", COLUMN_CODE, REQUEST(applicant.id_kind), ogi_id_kinds },
	{ "id_number", COLUMN_TEXT, REQUEST(applicant.id_number), NULL },
	{ "description", COLUMN_TEXT, REQUEST(description), NULL },
	{ "document_ref", COLUMN_TEXT, REQUEST(document_ref), NULL },
	{ "assisted_by", COLUMN_TEXT, REQUEST(assisted_by), NULL },
	{ "outcome_reason", COLUMN_TEXT, AT(outcome_reason), NULL },
	{ "document_no", COLUMN_TEXT, AT(document_no), NULL },
};
/* clang-format on */
enum { OTHERS = 4 }; /* parts of the applicant kept as one JSON column */
enum {
	PLAIN = sizeof case_columns / sizeof case_columns[0],
	PLAIN_APPLICANT = sizeof applicant_columns / sizeof applicant_columns[0],
	/* positions in a row of CASE_SELECT */
	AT_CASE = 2,
	AT_EXCLUDED = AT_CASE + PLAIN,
	AT_STAGE,
	AT_CALENDAR,
	AT_QUERY_CODE,
	AT_CREATED,
	AT_UPDATED,
	AT_APPLICANT,
	AT_OTHERS = AT_APPLICANT + PLAIN_APPLICANT,
	AT_EVIDENCE,
	AT_BASIS,
	AT_BLIND,
};
_Static_assert(AT_APPLICANT - AT_CASE == CASE_COLUMNS, "CASE_COLUMNS");
_Static_assert(AT_BLIND + 1 - AT_APPLICANT == APPLICANT_COLUMNS, "APPLICANT_COLUMNS");

/* Rows of a part of the request; *ret_at is its place in struct ogi_request. */
static const struct field *part_rows(const char *name, size_t *ret_at)
{
	const struct field *row = field_find(ogi_event_fields(OGI_REGISTERED), name, ret_at);
	*ret_at -= offsetof(struct ogi_event, u.request);
	return row->fields;
}

/* The rows of the applicant that have no column of their own. */
static size_t others_rows(struct field rows[OTHERS + 1])
{
	static const char *const names[OTHERS] = { "legal_representative", "contact_person",
		"agent", "others" };
	size_t at;
	const struct field *applicant = part_rows("applicant", &at);
	memset(rows, 0, (OTHERS + 1) * sizeof rows[0]);
	for (int i = 0; i < OTHERS; i++)
		rows[i] = *field_find(applicant, names[i], NULL);
	return at;
}

static const char *part_write(struct arena *a, const struct field *rows, const void *base)
{
	struct buf text = { 0 };
	struct json_out o = json_to(&text);
	out_object(&o, NULL);
	out_fields(&o, rows, base, 0, 0);
	out_object_end(&o);
	const char *json = text.used > 2 ? arena_bytes(a, text.data, text.used) : NULL;
	buf_clear(&text);
	return json;
}

static void part_read(const char *json, const struct field *rows, void *base, struct arena *a)
{
	struct form_why why;
	if (json != NULL)
		form_load_more(form_parse(a, json, strlen(json), &why), rows, base, a);
}

static void column_read(
	const struct rows *r, int row, int col, const struct column *k, struct ogi_case *c)
{
	void *field = (char *)c + k->at;
	switch (k->type) {
	case COLUMN_INT:
	case COLUMN_INT_OR_NULL:
		*(int32_t *)field = rows_int(r, row, col);
		break;
	case COLUMN_BOOL:
		*(bool *)field = rows_bool(r, row, col);
		break;
	case COLUMN_DATE:
		*(struct ogi_date *)field = rows_date(r, row, col);
		break;
	case COLUMN_TEXT:
		*(const char **)field = rows_text(r, row, col);
		break;
	case COLUMN_CODE: {
		int32_t found = code_find(k->codes, rows_text(r, row, col));
		*(int32_t *)field = found < 0 ? 0 : found;
		break;
	}
	}
}

static const char *column_text(const struct column *k, const struct ogi_case *c)
{
	const void *field = (const char *)c + k->at;
	int32_t index = k->type == COLUMN_TEXT ? 0 : *(const int32_t *)field;
	if (k->type == COLUMN_TEXT)
		return *(const char *const *)field;
	if (index <= 0)
		return NULL;
	return k->codes[index].code;
}

static void column_bind(struct bind *v, const struct column *k, const struct ogi_case *c)
{
	const void *field = (const char *)c + k->at;
	switch (k->type) {
	case COLUMN_INT:
		bind_int(v, *(const int32_t *)field);
		break;
	case COLUMN_INT_OR_NULL:
		if (*(const int32_t *)field == 0)
			bind_null(v);
		else
			bind_int(v, *(const int32_t *)field);
		break;
	case COLUMN_BOOL:
		bind_bool(v, *(const bool *)field);
		break;
	case COLUMN_DATE:
		bind_date(v, *(const struct ogi_date *)field);
		break;
	case COLUMN_TEXT:
	case COLUMN_CODE:
		bind_text(v, column_text(k, c));
		break;
	}
}

/* Pairs first, last; an open interval has no last day. */
static void read_excluded(const struct rows *r, int row, struct ogi_case *c)
{
	struct ogi_date flat[2 * OGI_INTERVALS];
	int n = rows_null(r, row, AT_EXCLUDED)
			? 0
			: rows_dates(r, row, AT_EXCLUDED, flat, 2 * OGI_INTERVALS);
	c->excluded_count = n / 2;
	for (size_t i = 0; i < (size_t)c->excluded_count; i++)
		c->excluded[i] = (struct ogi_interval){ flat[2 * i], flat[2 * i + 1] };
}

static void bind_excluded(struct bind *v, const struct ogi_case *c)
{
	struct ogi_date flat[2 * OGI_INTERVALS];
	if (c->excluded_count == 0) {
		bind_null(v);
		return;
	}
	for (size_t i = 0; i < (size_t)c->excluded_count; i++) {
		flat[2 * i] = c->excluded[i].from;
		flat[2 * i + 1] = c->excluded[i].to;
	}
	bind_dates(v, flat, 2 * c->excluded_count);
}

/* The long lists at the end of a case are left as they are: their counts say that nothing is in
 * them. */
static void blank(struct case_row *row)
{
	size_t lists = offsetof(struct case_row, c.consultation);
	size_t rest = offsetof(struct case_row, c.run) + sizeof row->c.run;
	memset(row, 0, lists);
	memset((char *)row + rest, 0, sizeof *row - rest);
}

void case_read(const struct rows *r, int row, struct arena *a, struct case_row *ret_case)
{
	blank(ret_case);
	struct ogi_case *c = &ret_case->c;
	ret_case->org = rows_int(r, row, 0);
	ret_case->id = rows_uuid(r, row, 1);
	for (int i = 0; i < PLAIN; i++)
		column_read(r, row, AT_CASE + i, &case_columns[i], c);
	read_excluded(r, row, c);
	stage_read(rows_text(r, row, AT_STAGE), a, c);
	ret_case->calendar_version = rows_int64(r, row, AT_CALENDAR);
	if (!rows_null(r, row, AT_QUERY_CODE))
		ret_case->query_code = rows_mac(r, row, AT_QUERY_CODE);
	ret_case->created_at = rows_instant(r, row, AT_CREATED);
	ret_case->updated_at = rows_instant(r, row, AT_UPDATED);
	for (int i = 0; i < PLAIN_APPLICANT; i++)
		column_read(r, row, AT_APPLICANT + i, &applicant_columns[i], c);
	struct field others[OTHERS + 1];
	size_t at = 0;
	if (!rows_null(r, row, AT_OTHERS)) {
		at = others_rows(others);
		part_read(rows_text(r, row, AT_OTHERS), others, (char *)&c->request + at, a);
	}
	if (!rows_null(r, row, AT_EVIDENCE)) {
		const struct field *evidence = part_rows("evidence", &at);
		part_read(
			rows_text(r, row, AT_EVIDENCE), evidence, (char *)&c->request + at, a);
	}
	if (!rows_null(r, row, AT_BASIS))
		c->basis.count = rows_texts(r, row, AT_BASIS, a, &c->basis.item);
	if (!rows_null(r, row, AT_BLIND))
		ret_case->id_blind = rows_mac(r, row, AT_BLIND);
	c->request.has_identity = c->request.applicant.id_number != NULL;
}

static void bind_mac_or_null(struct bind *v, const struct mac *m)
{
	static const struct mac none;
	bind_mac(v, memcmp(m, &none, sizeof none) == 0 ? NULL : m);
}

void case_bind(struct bind *v, const struct case_row *row)
{
	const struct ogi_case *c = &row->c;
	for (int i = 0; i < PLAIN; i++)
		column_bind(v, &case_columns[i], c);
	bind_excluded(v, c);
	bind_text(v, stage_write(v->arena, c));
	bind_int(v, row->calendar_version);
	bind_mac_or_null(v, &row->query_code);
	bind_instant(v, row->created_at);
	bind_instant(v, row->updated_at);
	for (int i = 0; i < PLAIN_APPLICANT; i++)
		column_bind(v, &applicant_columns[i], c);
	struct field others[OTHERS + 1];
	size_t at = others_rows(others);
	bind_text(v, part_write(v->arena, others, (const char *)&c->request + at));
	const struct field *evidence = part_rows("evidence", &at);
	bind_text(v, part_write(v->arena, evidence, (const char *)&c->request + at));
	if (c->basis.count > 0)
		bind_texts(v, c->basis.item, c->basis.count);
	else
		bind_null(v);
	bind_mac_or_null(v, &row->id_blind);
}

const struct rows *case_ask(
	struct batch *b, const int32_t *scope, int scopes, const struct uuid *id)
{
	struct bind *v = batch_bind(b);
	bind_ints(v, scope, scopes);
	bind_uuid(v, id);
	return batch_ask(b, &case_get, v);
}

const struct rows *case_ask_by_number(
	struct batch *b, int32_t org, int32_t year, int32_t serial)
{
	struct bind *v = batch_bind(b);
	bind_int(v, org);
	bind_int(v, year);
	bind_int(v, serial);
	return batch_ask(b, &case_get_by_number, v);
}

const struct rows *case_ask_code(struct batch *b, int32_t org, int32_t year, int32_t serial)
{
	struct bind *v = batch_bind(b);
	bind_int(v, org);
	bind_int(v, year);
	bind_int(v, serial);
	return batch_ask(b, &case_code, v);
}

bool case_read_code(const struct rows *r, const struct mac *hash, struct uuid *ret_id)
{
	struct mac stored = { 0 };
	bool there = rows_count(r) > 0 && !rows_null(r, 0, 1);
	if (there)
		stored = rows_mac(r, 0, 1);
	/* no hash is zero: without a case the comparison is made all the same */
	bool same = mac_same(&stored, hash);
	if (there && same)
		*ret_id = rows_uuid(r, 0, 0);
	return there && same;
}

static bool column_same(
	const struct column *k, const struct ogi_case *x, const struct ogi_case *y)
{
	const void *a = (const char *)x + k->at, *b = (const char *)y + k->at;
	switch (k->type) {
	case COLUMN_TEXT:
		return text_same(*(const char *const *)a, *(const char *const *)b);
	case COLUMN_BOOL:
		return *(const bool *)a == *(const bool *)b;
	case COLUMN_INT:
	case COLUMN_INT_OR_NULL:
	case COLUMN_DATE:
	case COLUMN_CODE:
		break;
	}
	return *(const int32_t *)a == *(const int32_t *)b;
}

static const char *applicant_difference(const struct case_row *x, const struct case_row *y)
{
	for (int i = 0; i < PLAIN_APPLICANT; i++)
		if (!column_same(&applicant_columns[i], &x->c, &y->c))
			return applicant_columns[i].name;
	struct field others[OTHERS + 1];
	size_t at = others_rows(others);
	if (!fields_same(
		    others, (const char *)&x->c.request + at, (const char *)&y->c.request + at))
		return "others";
	const struct field *evidence = part_rows("evidence", &at);
	if (!fields_same(evidence, (const char *)&x->c.request + at,
		    (const char *)&y->c.request + at))
		return "evidence";
	bool basis = x->c.basis.count == y->c.basis.count;
	for (int i = 0; basis && i < x->c.basis.count; i++)
		basis = text_same(x->c.basis.item[i], y->c.basis.item[i]);
	if (!basis)
		return "outcome_basis";
	return mac_same(&x->id_blind, &y->id_blind) ? NULL : "id_blind";
}

const char *case_difference(const struct case_row *x, const struct case_row *y, bool destroyed)
{
	for (int i = 0; i < PLAIN; i++)
		if (!column_same(&case_columns[i], &x->c, &y->c))
			return case_columns[i].name;
	bool excluded = x->c.excluded_count == y->c.excluded_count;
	for (int i = 0; excluded && i < x->c.excluded_count; i++)
		excluded = x->c.excluded[i].from.day == y->c.excluded[i].from.day &&
			   x->c.excluded[i].to.day == y->c.excluded[i].to.day;
	if (!excluded)
		return "excluded";
	if (!stage_same(&x->c, &y->c))
		return "stage";
	if (x->created_at != y->created_at)
		return "created_at";
	if (x->updated_at != y->updated_at)
		return "updated_at";
	if (!mac_same(&x->query_code, &y->query_code))
		return "query_code_hash";
	return destroyed ? NULL : applicant_difference(x, y);
}
