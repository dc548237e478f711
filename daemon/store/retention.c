/* SPDX-License-Identifier: MulanPSL-2.0 */
/* store/retention: what is left, and three statements that leave nothing. */
#include "store/retention.h"

/* The day from which the years count. */
#define KEPT_FROM(c)                                                                           \
	"coalesce(" c ".archived_on, CASE WHEN " c ".status LIKE 'void%' THEN " c              \
	".last_clock_on END)"

const struct stmt retention_cases = { "retention_cases",
	"SELECT * FROM (SELECT c.org_id, c.id, (SELECT count(*) FROM case_text t WHERE t.org_id = c.org_id"
	" AND t.case_id = c.id AND t.body IS NOT NULL) AS texts, (SELECT count(*) FROM attachment f"
	" WHERE f.org_id = c.org_id AND f.case_id = c.id AND f.destroyed_on IS NULL) AS files"
	" FROM request_case c WHERE " KEPT_FROM(
		"c") " <= $1 AND (c.org_id, c.id) > ($2, $3)"
		     " AND NOT EXISTS (SELECT 1 FROM attachment_inherited i JOIN request_case h ON h.org_id = i.org_id"
		     " AND h.id = i.case_id WHERE i.from_org_id = c.org_id AND i.from_case_id = c.id"
		     " AND (" KEPT_FROM("h") " <= $1) IS NOT TRUE)) c WHERE texts + files > 0"
					     " ORDER BY org_id, id LIMIT $4",
	4 };
const struct stmt retention_texts = { "retention_texts",
	"UPDATE case_text SET body = NULL, destroyed_on = $5 WHERE org_id = $1 AND case_id = $4"
	" AND body IS NOT NULL AND" AUDIT_GATE,
	5 };
/* The kind of document stays: it stands in the chain. */
const struct stmt retention_applicant = { "retention_applicant",
	"UPDATE applicant SET name = NULL, phone = NULL, email = NULL, address = NULL, postcode = NULL,"
	" id_number = NULL, id_blind = NULL, others = NULL, description = NULL, document_ref = NULL,"
	" evidence = NULL, assisted_by = NULL, outcome_reason = NULL, outcome_basis = NULL,"
	" document_no = NULL WHERE org_id = $1 AND case_id = $4 AND" AUDIT_GATE,
	4 };
/* The chunks go with the uploads: those that name the case, and those of its files, which came
 * before there was one when a request brought them. */
const struct stmt retention_files = { "retention_files",
	"WITH held AS (SELECT upload_id FROM attachment WHERE org_id = $1 AND case_id = $4"
	" AND destroyed_on IS NULL),"
	" cleared AS (UPDATE attachment SET name = NULL, upload_id = NULL, destroyed_on = $5"
	" WHERE org_id = $1 AND case_id = $4 AND destroyed_on IS NULL AND" AUDIT_GATE ")"
	" DELETE FROM attachment_upload WHERE org_id = $1 AND (case_id = $4"
	" OR id IN (SELECT upload_id FROM held)) AND" AUDIT_GATE,
	5 };

const struct rows *retention_ask_cases(struct batch *b, struct ogi_date before, int32_t org,
	const struct uuid *after, int32_t most)
{
	struct bind *v = batch_bind(b);
	char id[37];
	uuid_print(after, id);
	bind_date(v, before);
	bind_int(v, org);
	bind_text(v, arena_text(v->arena, id)); /* the zero id too */
	bind_int(v, most);
	return batch_ask(b, &retention_cases, v);
}

void retention_ask_destroy(struct batch *writes, const struct audit_mark *mark,
	const struct uuid *id, struct ogi_date today)
{
	static const struct stmt *const all[] = { &retention_texts, &retention_applicant,
		&retention_files, NULL };
	for (const struct stmt *const *s = all; *s != NULL; s++) {
		struct bind *v = batch_bind(writes);
		audit_gate(v, mark);
		bind_uuid(v, id);
		if ((*s)->params == 5)
			bind_date(v, today);
		batch_ask(writes, *s, v);
	}
}
