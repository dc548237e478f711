/* SPDX-License-Identifier: MulanPSL-2.0 */
/* store/report: counts from request_case, disclosure_item, publication; table report_section.
 */
#include "store/report.h"
#include "store/statistics_sql.h"

const struct stmt report_categories = { "report_categories",
	"SELECT t.category_local AS code, count(*) AS n FROM disclosure_item t"
	" WHERE t.org_id = ANY($1) AND t.published_on >= $2 AND t.published_on < $3"
	" AND NOT " REPLACED("t") " GROUP BY 1",
	3 };
const struct stmt report_channels = { "report_channels",
	"SELECT p.channel AS code, count(*) AS n FROM publication p"
	" WHERE p.org_id = ANY($1) AND p.published_on >= $2 AND p.published_on < $3"
	" AND NOT " OF_REPLACED " GROUP BY 1",
	3 };
const struct stmt report_received = { "report_received",
	"SELECT coalesce(c.channel, '') AS channel, coalesce(c.subject, '') AS subject, count(*) AS n" OF_CASES
	" AND coalesce(c.receipt_date, 'infinity'::date) >= $2"
	" AND coalesce(c.receipt_date, 'infinity'::date) < $3 GROUP BY 1, 2",
	3 };
/* The basis is that of the decision the first closing came of. */
const struct stmt report_answers = { "report_answers",
	"SELECT t.outcome, t.variant, t.form, t.label, t.subject, t.basis, count(*) AS n FROM ("
	"SELECT coalesce(c.first_outcome, '') AS outcome, coalesce(c.first_variant, '') AS variant,"
	" CASE WHEN c.outcome = c.first_outcome THEN coalesce(c.outcome_form, '') ELSE '' END AS form,"
	" CASE WHEN c.outcome = c.first_outcome THEN coalesce(c.outcome_label, '') ELSE '' END AS label,"
	" coalesce(c.subject, '') AS subject,"
	" coalesce((SELECT (e.canonical::json -> 'data' -> 'basis')::text FROM case_event e"
	" WHERE e.org_id = c.org_id AND e.case_id = c.id AND e.kind = 'decided'"
	" AND e.on_date <= c.first_closed_on ORDER BY e.seq DESC LIMIT 1), '') AS basis" OF_CASES
	" AND c.first_closed_on >= $2 AND c.first_closed_on < $3) t"
	" GROUP BY 1, 2, 3, 4, 5, 6 ORDER BY 7 DESC, 1, 2, 3, 4, 5, 6 LIMIT 500",
	3 };
const struct stmt report_texts = { "report_texts",
	"SELECT DISTINCT ON (year, section) org_id, year, section, version, coalesce(set_by, 0) AS set_by, text, set_at"
	" FROM report_section WHERE org_id = $1 AND year BETWEEN $2::integer - 1 AND $2::integer"
	" ORDER BY year, section, version DESC",
	2 };
const struct stmt report_text_add = { "report_text_add",
	"INSERT INTO report_section (org_id, year, section, version, text, set_by, set_at)"
	" SELECT $1::integer, $4::integer, $5::integer, $6::integer, $7, NULLIF($8::integer, 0), $9::timestamptz"
	" WHERE" AUDIT_GATE,
	9 };
_Static_assert(REPORT_ANSWERS == 500, "stands in report_answers");

static struct bind *bind_span(struct batch *b, const struct statistics_asked *asked)
{
	struct bind *v = batch_bind(b);
	bind_ints(v, asked->scope, asked->scopes);
	bind_date(v, asked->span.from);
	bind_date(v, asked->span.to);
	return v;
}

void report_ask(
	struct batch *b, const struct statistics_asked *asked, struct report_questions *q)
{
	q->categories = batch_ask(b, &report_categories, bind_span(b, asked));
	q->channels = batch_ask(b, &report_channels, bind_span(b, asked));
	q->received = batch_ask(b, &report_received, bind_span(b, asked));
	q->answers = batch_ask(b, &report_answers, bind_span(b, asked));
}

const struct rows *report_ask_texts(struct batch *b, int32_t org, int32_t year)
{
	struct bind *v = batch_bind(b);
	bind_int(v, org);
	bind_int(v, year);
	return batch_ask(b, &report_texts, v);
}

void report_text_read(const struct rows *r, int row, struct report_text *t)
{
	*t = (struct report_text){
		.org = rows_int(r, row, 0),
		.year = rows_int(r, row, 1),
		.section = rows_int(r, row, 2),
		.version = rows_int(r, row, 3),
		.by = rows_int(r, row, 4),
		.text = rows_text(r, row, 5),
		.at = rows_instant(r, row, 6),
	};
}

static bool find(
	const struct rows *r, int32_t year, int32_t section, struct report_text *ret_text)
{
	for (int i = 0; i < rows_count(r); i++) {
		report_text_read(r, i, ret_text);
		if (ret_text->year == year && ret_text->section == section)
			return true;
	}
	return false;
}

bool report_text_of(
	const struct rows *r, int32_t year, int32_t section, struct report_text *ret_text)
{
	return find(r, year, section, ret_text) && ret_text->text[0] != '\0';
}

int32_t report_text_version(const struct rows *r, int32_t year, int32_t section)
{
	struct report_text t;
	return find(r, year, section, &t) ? t.version : 0;
}

void report_ask_add(
	struct batch *writes, const struct audit_mark *gate, const struct report_text *text)
{
	struct bind *v = batch_bind(writes);
	audit_gate(v, gate);
	bind_int(v, text->year);
	bind_int(v, text->section);
	bind_int(v, text->version);
	bind_text(v, text->text);
	bind_int(v, text->by);
	bind_instant(v, text->at);
	batch_ask(writes, &report_text_add, v);
}
