/* SPDX-License-Identifier: MulanPSL-2.0 */
/* store/check: the ledger read whole. */
#include "store/check.h"

const struct stmt check_cases = { "check_cases",
	"SELECT " CASE_SELECT CASE_FROM
	"WHERE (c.org_id, c.id) > ($1, $2) ORDER BY c.org_id, c.id LIMIT $3",
	3 };
const struct stmt check_events = { "check_events",
	"SELECT e.canonical, e.prev_hash, e.hash, t.salt, t.body, t.destroyed_on, e.org_id, e.case_id, e.kind,"
	" e.on_date, e.recorded_at, e.seq, coalesce(e.actor_id, 0) FROM case_event e"
	" LEFT JOIN case_text t ON t.org_id = e.org_id AND t.case_id = e.case_id AND t.seq = e.seq"
	" WHERE (e.org_id, e.case_id) >= ($1, $2) AND (e.org_id, e.case_id) <= ($3, $4)"
	" ORDER BY e.org_id, e.case_id, e.seq",
	4 };
const struct stmt check_texts = { "check_texts",
	"SELECT t.org_id, t.case_id, t.seq FROM case_text t LEFT JOIN case_event e"
	" ON e.org_id = t.org_id AND e.case_id = t.case_id AND e.seq = t.seq WHERE e.seq IS NULL LIMIT 1000",
	0 };
const struct stmt check_numbers = { "check_numbers",
	"SELECT coalesce(n.org_id, k.org_id), coalesce(n.year, k.year), coalesce(n.last, 0), coalesce(k.last, 0)"
	" FROM (SELECT org_id, year, max(serial) AS last FROM request_case WHERE year IS NOT NULL"
	" GROUP BY org_id, year) n FULL JOIN reg_counter k ON k.org_id = n.org_id AND k.year = n.year"
	" ORDER BY 1, 2",
	0 };
const struct stmt check_gaps = { "check_gaps",
	"SELECT org_id, year, before + 1, serial - 1 FROM (SELECT org_id, year, serial,"
	" lag(serial, 1, 0) OVER (PARTITION BY org_id, year ORDER BY serial) AS before FROM request_case"
	" WHERE year IS NOT NULL) s WHERE serial > before + 1 AND NOT EXISTS (SELECT 1 FROM number_gap g"
	" WHERE g.org_id = s.org_id AND g.year = s.year AND g.first <= s.before + 1 AND g.last >= s.serial - 1)"
	" ORDER BY org_id, year, serial LIMIT 1000",
	0 };
const struct stmt check_attachments = { "check_attachments",
	"SELECT f.org_id, f.case_id, f.n, f.upload_id, f.name, f.salt, f.content_type, f.size, f.sha256,"
	" f.recorded_at, f.actor_id, a.canonical, (SELECT coalesce(max(i.n), 0) FROM attachment_inherited i"
	" WHERE i.org_id = f.org_id AND i.case_id = f.case_id), f.destroyed_on FROM attachment f"
	" LEFT JOIN audit_entry a ON a.org_id = f.org_id AND a.seq = f.audit_seq"
	" WHERE (f.org_id, f.case_id, f.n) > ($1, $2, $3) ORDER BY f.org_id, f.case_id, f.n LIMIT $4",
	4 };
const struct stmt check_attachments_lost = { "check_attachments_lost",
	"SELECT a.org_id, a.seq, a.object FROM audit_entry a WHERE a.action = 'case.attach' AND NOT EXISTS"
	" (SELECT 1 FROM attachment f WHERE f.org_id = a.org_id AND f.audit_seq = a.seq)"
	" ORDER BY a.org_id, a.seq LIMIT 1000",
	0 };
const struct stmt check_attachments_astray = { "check_attachments_astray",
	"SELECT i.case_id::text, i.n FROM (SELECT *, row_number() OVER (PARTITION BY org_id, case_id ORDER BY n) AS place"
	" FROM attachment_inherited) i WHERE i.n <> i.place OR NOT EXISTS (SELECT 1 FROM attachment f"
	" WHERE f.org_id = i.from_org_id AND f.case_id = i.from_case_id AND f.n = i.from_n)"
	" ORDER BY i.org_id, i.case_id, i.n LIMIT 1000",
	0 };
#define INSTANT(at) "to_char(" at " AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.MS\"Z\"')"
#define CHAIN(columns)                                                                         \
	"SELECT t.org_id, t.seq, t.canonical, t.prev_hash, t.hash, coalesce(t.actor_id, 0)," columns
#define AFTER " WHERE (t.org_id, t.seq) > ($1, $2) ORDER BY t.org_id, t.seq LIMIT $3"
/* `said`: what the columns say, with the names of the canonical bytes. */
const struct stmt check_chain_audit = { "check_chain_audit",
	CHAIN(" json_build_object('org', t.org_id, 'seq', t.seq, 'at', " INSTANT(
		"t.at") ", 'action', t.action, 'object', t.object) AS said"
			" FROM audit_entry t") AFTER,
	3 };
/* The publications of an item as they stand, and the entries of the audit that tell of those
 * added to it, and the last that tells how long it is valid. */
const struct stmt check_chain_disclosure = { "check_chain_disclosure",
	CHAIN(" json_build_object('org', t.org_id, 'id', t.id, 'seq', t.seq, 'recorded_at', " INSTANT(
		"t.recorded_at") ", 'due_on', t.due_on, 'first', t.published_on, 'item', json_build_object("
				 "'external_ref', t.external_ref, 'title', t.title, 'doc_no', t.doc_no, 'index_no', t.index_no,"
				 " 'summary', t.summary, 'category', t.category_local, 'category_art20', t.category_art20,"
				 " 'is_normative', t.is_normative, 'is_rule', t.is_rule, 'created_on', t.created_on,"
				 " 'valid_until', t.valid_until, 'repealed_on', t.repealed_on, 'source_case', t.source_case_id,"
				 " 'owner', t.owner, 'demo', t.demo, 'historic', t.historic, 'withdrawn_on', t.withdrawn_on,"
				 " 'replaced_by', t.replaced_by)) AS said,"
				 " (SELECT json_agg(json_build_object('channel', p.channel, 'published_on', p.published_on,"
				 " 'locator', p.locator)) FROM publication p WHERE p.org_id = t.org_id AND p.item_id = t.id) AS published,"
				 " a.promised, w.validity FROM disclosure_item t"
				 " LEFT JOIN (SELECT org_id, object, json_agg(canonical) AS promised FROM audit_entry"
				 " WHERE action = 'disclosure.publish' GROUP BY org_id, object) a"
				 " ON a.org_id = t.org_id AND a.object = t.id::text"
				 " LEFT JOIN (SELECT DISTINCT ON (org_id, object) org_id, object, canonical AS validity"
				 " FROM audit_entry WHERE action = 'disclosure.validity' ORDER BY org_id, object, seq DESC) w"
				 " ON w.org_id = t.org_id AND w.object = t.id::text") AFTER,
	3 };
const struct stmt check_chain_review = { "check_chain_review",
	CHAIN(" json_build_object('org', t.org_id, 'item', t.item_id, 'seq', t.seq, 'recorded_at', " INSTANT(
		"t.recorded_at") ", 'decision', t.decision, 'on', t.on_date) AS said"
				 " FROM secrecy_review t") AFTER,
	3 };
/* The list behind a frozen year is under the digest that its bytes hold. */
const struct stmt check_chain_statistics = { "check_chain_statistics",
	CHAIN(" json_build_object('org', t.org_id, 'seq', t.seq, 'at', " INSTANT(
		"t.frozen_at") ", 'form', t.form, 'year', t.year, 'rollup', t.rollup, 'calendar', t.calendar_version,"
			       " 'count', d.n, 'digest', d.digest) AS said FROM statistics_snapshot t,"
			       " LATERAL (SELECT count(*) AS n, encode(sha256(convert_to(coalesce(string_agg("
			       "concat(c.case_org_id, ' ', c.case_id, ' ', c.number, ' ', c.version, ' ', c.fact, chr(10)), ''"
			       " ORDER BY c.case_org_id, c.case_id, c.number), ''), 'UTF8')), 'hex') AS digest"
			       " FROM statistics_case c WHERE c.org_id = t.org_id AND c.snapshot = t.seq) d")
		AFTER,
	3 };
/* What was recorded is the entry's own members, so they are compared whole. */
const struct stmt check_chain_register = { "check_chain_register",
	CHAIN(" json_build_object('org', t.org_id, 'id', t.id, 'seq', t.seq, 'version', t.version, 'register', t.register,"
	      " 'recorded_at', " INSTANT(
		      "t.recorded_at") ", 'from', t.counted_from, 'to', t.counted_to,"
				       " 'retracted', t.retracted, 'entry', t.data) AS said FROM register_entry t")
		AFTER,
	3 };
const struct stmt check_heads = { "check_heads",
	"SELECT org_id, register, seq, hash FROM chain_head ORDER BY 1, 2", 0 };

const struct stmt check_documents = { "check_documents",
	"SELECT coalesce(n.org_id, k.org_id), coalesce(n.document, k.document), coalesce(n.year, k.year),"
	" coalesce(n.papers, 0), coalesce(n.highest, 0), coalesce(k.last, 0)"
	" FROM (SELECT org_id, document, year, count(*)::integer AS papers, max(serial) AS highest"
	" FROM issued_document GROUP BY org_id, document, year) n FULL JOIN document_counter k"
	" ON k.org_id = n.org_id AND k.document = n.document AND k.year = n.year"
	" WHERE n.papers IS DISTINCT FROM n.highest OR n.highest IS DISTINCT FROM k.last"
	" ORDER BY 1, 2, 3 LIMIT 1000",
	0 };
/* Event and paper are held to each other: the numbers stand in the canonical bytes. */
const struct stmt check_issued = { "check_issued",
	"SELECT coalesce(i.org_id, e.org_id), coalesce(i.case_id, e.case_id), coalesce(i.seq, e.seq)"
	" FROM issued_document i FULL JOIN (SELECT org_id, case_id, seq, canonical::json->'data' AS data"
	" FROM case_event WHERE kind = 'document_issued') e"
	" ON e.org_id = i.org_id AND e.case_id = i.case_id AND e.seq = i.seq"
	" WHERE i.org_id IS NULL OR e.org_id IS NULL OR e.data->>'document' IS DISTINCT FROM i.document"
	" OR (e.data->>'year')::integer IS DISTINCT FROM i.year"
	" OR (e.data->>'serial')::integer IS DISTINCT FROM i.serial"
	" OR e.data->>'sha256' IS DISTINCT FROM encode(i.sha256, 'hex') ORDER BY 1, 2, 3 LIMIT 1000",
	0 };

const struct rows *check_ask_cases(
	struct batch *b, int32_t org, const struct uuid *after, int32_t most)
{
	struct bind *v = batch_bind(b);
	char id[37];
	uuid_print(after, id);
	bind_int(v, org);
	bind_text(v,
		arena_text(v->arena, id)); /* the zero id too, which bind_uuid takes for none */
	bind_int(v, most);
	return batch_ask(b, &check_cases, v);
}

const struct rows *check_ask_events(struct batch *b, int32_t org, const struct uuid *from,
	int32_t org2, const struct uuid *to)
{
	struct bind *v = batch_bind(b);
	bind_int(v, org);
	bind_uuid(v, from);
	bind_int(v, org2);
	bind_uuid(v, to);
	return batch_ask(b, &check_events, v);
}

const struct rows *check_ask_texts(struct batch *b)
{
	return batch_ask(b, &check_texts, batch_bind(b));
}

const struct rows *check_ask_numbers(struct batch *b)
{
	return batch_ask(b, &check_numbers, batch_bind(b));
}

const struct rows *check_ask_gaps(struct batch *b)
{
	return batch_ask(b, &check_gaps, batch_bind(b));
}

const struct rows *check_ask_chain(
	struct batch *b, const struct stmt *chain, int32_t org, int64_t after, int32_t most)
{
	struct bind *v = batch_bind(b);
	bind_int(v, org);
	bind_int(v, after);
	bind_int(v, most);
	return batch_ask(b, chain, v);
}

const struct rows *check_ask_heads(struct batch *b)
{
	return batch_ask(b, &check_heads, batch_bind(b));
}

const struct rows *check_ask_attachments(
	struct batch *b, int32_t org, const struct uuid *id, int32_t n, int32_t most)
{
	char text[37];
	struct bind *v = batch_bind(b);
	/* before the first case stands the id that is none */
	uuid_print(id, text);
	bind_int(v, org);
	bind_text(v, arena_text(v->arena, text));
	bind_int(v, n);
	bind_int(v, most);
	return batch_ask(b, &check_attachments, v);
}

const struct rows *check_ask_attachments_lost(struct batch *b)
{
	return batch_ask(b, &check_attachments_lost, NULL);
}

const struct rows *check_ask_attachments_astray(struct batch *b)
{
	return batch_ask(b, &check_attachments_astray, NULL);
}

const struct rows *check_ask_documents(struct batch *b)
{
	return batch_ask(b, &check_documents, batch_bind(b));
}

const struct rows *check_ask_issued(struct batch *b)
{
	return batch_ask(b, &check_issued, batch_bind(b));
}
