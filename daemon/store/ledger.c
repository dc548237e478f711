/* SPDX-License-Identifier: MulanPSL-2.0 */
/* store/ledger: one statement a write. */
#include "store/ledger.h"

/*
 * $1 org, $2 case, $3 user; $4.. the columns of request_case, then of applicant; $75.. event
 * and text; $84.. the key; what is a statement's own comes last. Everything written hangs on
 * `gate`, which has its one row only when the key is new, the counter stands where it should
 * and the version is the one that was judged. So a key or a number is never used up in vain.
 * Nothing is written that was judged by a calendar no longer in force: it would stand beside
 * the cases that were moved, and nobody would move it.
 */
#define CALENDAR_IN_FORCE(version)                                                             \
	" NOT EXISTS (SELECT 1 FROM calendar_load l WHERE l.version > " version ")"
#define FRESH                                                                                  \
	"fresh AS (SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM idempotency_key"                   \
	" WHERE org_id = $1 AND actor_id = $3 AND key = $84) AND" CALENDAR_IN_FORCE("$55") ")"
/* The serial after `last`; the first of a year makes the counter, unless it is there already.
 */
#define NUMBERED(from, year, serial)                                                           \
	"first AS (INSERT INTO reg_counter (org_id, year, last) SELECT $1, " year              \
	", 1 FROM " from " WHERE " serial "::integer = 1 ON CONFLICT DO NOTHING RETURNING 1)," \
	" next AS (UPDATE reg_counter SET last = " serial " FROM " from                        \
	" WHERE org_id = $1 AND year = " year " AND last = " serial                            \
	"::integer - 1 RETURNING 1),"                                                          \
	" gate AS (SELECT 1 FROM first UNION ALL SELECT 1 FROM next"
#define EVENT_TEXT                                                                                                  \
	" event AS (INSERT INTO case_event (org_id, case_id, seq, kind, on_date, recorded_at, actor_id, canonical," \
	" prev_hash, hash) SELECT $1, $2, $75, $76, $77, $79, NULLIF($3, 0), $78, $80, $81 FROM gate),"             \
	" words AS (INSERT INTO case_text (org_id, case_id, seq, salt, body)"                                       \
	" SELECT $1, $2, $75, $82, $83 FROM gate WHERE $83::text IS NOT NULL)"
/* The case is searched by other words now: store/gram reads them after the commit. */
#define SEARCHED_ANEW(when)                                                                    \
	", anew AS (INSERT INTO gram_todo (org_id, case_id, version) SELECT $1, $2, $75"       \
	" FROM gate" when ")"
#define TEXTS_MAY_CHANGE " WHERE $76::text IN ('amended', 'retracted')"
#define EVENT_TEXT_KEY                                                                                 \
	EVENT_TEXT                                                                                     \
	", remember AS (INSERT INTO idempotency_key (org_id, actor_id, key, route, body_hash, status," \
	" object, version, created_at) SELECT $1, $3, $84, $85, $86, $87, $88, $89, $79 FROM gate"     \
	" WHERE $84::uuid IS NOT NULL)"
#define WRITTEN " SELECT 1 FROM gate"
#define PROJECTION_MOVES                                                                       \
	" UPDATE request_case SET (" CASE_COLUMNS_OF("") ") = ROW (" CASE_VALUES ")"
#define APPLICANT_MOVES                                                                        \
	" who AS (UPDATE applicant SET (" APPLICANT_COLUMNS_OF(                                \
		"") ") = ROW (" APPLICANT_VALUES ")"                                           \
		    " FROM gate WHERE org_id = $1 AND case_id = $2),"

const struct stmt ledger_register = { "ledger_register",
	"WITH " FRESH ", " NUMBERED("fresh", "$90",
		"$91") " UNION ALL SELECT 1 FROM fresh WHERE $91::integer IS NULL),"
		       " made AS (INSERT INTO request_case (org_id, id, " CASE_COLUMNS_OF(
			       "") ")"
				   " SELECT $1, $2, " CASE_VALUES " FROM gate),"
				   " who AS (INSERT INTO applicant (org_id, case_id, " APPLICANT_COLUMNS_OF(
					   "") ")"
					       " SELECT $1, $2, " APPLICANT_VALUES
					       " FROM gate)," EVENT_TEXT_KEY SEARCHED_ANEW("")
						       WRITTEN,
	91 };

const struct stmt ledger_append = { "ledger_append",
	"WITH " FRESH ","
	" gate AS (" PROJECTION_MOVES
	" FROM fresh WHERE org_id = $1 AND id = $2 AND version = $90 RETURNING 1)," APPLICANT_MOVES
		EVENT_TEXT_KEY SEARCHED_ANEW(TEXTS_MAY_CHANGE) WRITTEN,
	90 };

/* The version is locked and checked before the number is taken. */
const struct stmt ledger_confirm = { "ledger_confirm",
	"WITH " FRESH ","
	" judged AS (SELECT 1 FROM request_case, fresh WHERE org_id = $1 AND id = $2 AND version = $90"
	" FOR UPDATE OF request_case), " NUMBERED("judged", "$91",
		"$92") "),"
		       " moved AS (" PROJECTION_MOVES
		       " FROM gate WHERE org_id = $1 AND id = $2)," APPLICANT_MOVES
			       EVENT_TEXT_KEY SEARCHED_ANEW("") WRITTEN,
	92 };

/* The counter of the paper's kind and year in place of the register's; and its row. */
const struct stmt ledger_issue = { "ledger_issue",
	"WITH " FRESH ","
	" judged AS (SELECT 1 FROM request_case, fresh WHERE org_id = $1 AND id = $2 AND version = $90"
	" FOR UPDATE OF request_case),"
	" first AS (INSERT INTO document_counter (org_id, document, year, last) SELECT $1, $91, $92, 1"
	" FROM judged WHERE $93::integer = 1 ON CONFLICT DO NOTHING RETURNING 1),"
	" next AS (UPDATE document_counter SET last = $93 FROM judged WHERE org_id = $1 AND document = $91"
	" AND year = $92 AND last = $93::integer - 1 AND last > 0 RETURNING 1),"
	" gate AS (SELECT 1 FROM first UNION ALL SELECT 1 FROM next),"
	" moved AS (" PROJECTION_MOVES " FROM gate WHERE org_id = $1 AND id = $2),"
	" issued AS (INSERT INTO issued_document (org_id, document, year, serial, case_id, seq, sha256)"
	" SELECT $1, $91, $92, $93, $2, $75, $94::bytea FROM gate)," APPLICANT_MOVES
		EVENT_TEXT_KEY WRITTEN,
	94 };

/*
 * Several events in one write: the key is stored by the statement before them, when every case
 * has the version that was judged, and each of them hangs on the key. The locks are taken in
 * the order in which writes are sorted.
 */
const struct stmt ledger_open = { "ledger_open",
	"WITH judged AS (SELECT 1 FROM unnest($10::integer[], $11::uuid[], $12::integer[]) AS w(org_id, id, version)"
	" JOIN request_case c ON c.org_id = w.org_id AND c.id = w.id AND c.version = w.version"
	" ORDER BY c.org_id, c.id FOR UPDATE OF c)"
	" INSERT INTO idempotency_key (org_id, actor_id, key, route, body_hash, status, object, version, created_at)"
	" SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9 WHERE (SELECT count(*) FROM judged) = cardinality($12::integer[])"
	" AND" CALENDAR_IN_FORCE("$13") " ON CONFLICT DO NOTHING RETURNING 1",
	13 };
const struct stmt ledger_append_open = { "ledger_append_open",
	"WITH opened AS (SELECT 1 FROM idempotency_key WHERE org_id = $85 AND actor_id = $3 AND key = $86"
	" AND body_hash = $87),"
	" gate AS (" PROJECTION_MOVES
	" FROM opened WHERE org_id = $1 AND id = $2 AND version = $84 RETURNING 1)," APPLICANT_MOVES
		EVENT_TEXT WRITTEN,
	87 };

/* The serials are taken with the key, so none is taken in vain. */
const struct stmt ledger_open_numbers = { "ledger_open_numbers",
	"WITH judged AS (SELECT 1 FROM request_case WHERE org_id = $1 AND id = $10 AND version = $11"
	" AND NOT EXISTS (SELECT 1 FROM idempotency_key WHERE org_id = $1 AND actor_id = $2 AND key = $3)"
	" AND" CALENDAR_IN_FORCE(
		"$16") " FOR UPDATE OF request_case),"
		       " first AS (INSERT INTO reg_counter (org_id, year, last) SELECT $12, $13, $15 FROM judged"
		       " WHERE $14::integer = 1 ON CONFLICT DO NOTHING RETURNING 1),"
		       " next AS (UPDATE reg_counter SET last = $14 + $15 - 1 FROM judged"
		       " WHERE org_id = $12 AND year = $13 AND last = $14::integer - 1 AND last > 0 RETURNING 1),"
		       " gate AS (SELECT 1 FROM first UNION ALL SELECT 1 FROM next)"
		       " INSERT INTO idempotency_key (org_id, actor_id, key, route, body_hash, status, object, version, created_at)"
		       " SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9 FROM gate RETURNING 1",
	16 };
/*
 * What is made beside an event hangs on that very event, known by its hash: the key may be that
 * of an earlier write which this one repeats.
 */
#define BEHIND(org, id, seq, hash)                                                             \
	"WITH gate AS (SELECT 1 FROM case_event WHERE org_id = " org " AND case_id = " id      \
	" AND seq = " seq " AND hash = " hash "),"
const struct stmt ledger_register_behind = { "ledger_register_behind",
	BEHIND("$84", "$85", "$86", "$87") " made AS (INSERT INTO request_case (org_id, id, " CASE_COLUMNS_OF(
		"") ") SELECT $1, $2, " CASE_VALUES " FROM gate),"
		    " who AS (INSERT INTO applicant (org_id, case_id, " APPLICANT_COLUMNS_OF(
			    "") ") SELECT $1, $2, " APPLICANT_VALUES " FROM gate)," EVENT_TEXT
				", anew AS (INSERT INTO gram_todo (org_id, case_id, version)"
				" SELECT $1, $2, $4 FROM gate)" WRITTEN,
	87 };
const struct stmt ledger_event_behind = { "ledger_event_behind",
	BEHIND("$13", "$14", "$15",
		"$16") " event AS (INSERT INTO case_event (org_id, case_id, seq, kind, on_date, recorded_at, actor_id, canonical,"
		       " prev_hash, hash) SELECT $1, $2, $4, $5, $6, $8, NULLIF($3, 0), $7, $9, $10 FROM gate),"
		       " words AS (INSERT INTO case_text (org_id, case_id, seq, salt, body)"
		       " SELECT $1, $2, $4, $11, $12 FROM gate WHERE $12::text IS NOT NULL)"
		       " SELECT 1 FROM gate",
	16 };

static void bind_event(struct bind *v, const struct ledger_entry *n)
{
	const struct ogi_event *e = n->event;
	const struct event_bytes *w = n->bytes;
	bind_int(v, e->seq);
	bind_text(v, ogi_event_kinds[e->kind].code);
	bind_date(v, e->on);
	bind_text(v, w->canonical);
	bind_instant(v, n->now);
	bind_mac(v, &w->prev);
	bind_mac(v, &w->hash);
	if (w->body != NULL)
		bind_bytes(v, w->salt, sizeof w->salt);
	else
		bind_null(v);
	bind_text(v, w->body);
}

static struct bind *bind_entry(struct batch *writes, const struct ledger_entry *n)
{
	struct bind *v = batch_bind(writes);
	bind_int(v, n->after->org);
	bind_uuid(v, &n->after->id);
	bind_int(v, n->actor);
	case_bind(v, n->after);
	bind_event(v, n);
	return v;
}

const struct rows *ledger_ask_register(
	struct batch *writes, const struct ledger_entry *entry, const struct ticket *number)
{
	struct bind *v = bind_entry(writes, entry);
	remembered_bind(v, entry->key);
	if (number != NULL) {
		bind_int(v, number->year);
		bind_int(v, number->seq);
	} else {
		bind_null(v);
		bind_null(v);
	}
	return batch_ask(writes, &ledger_register, v);
}

const struct rows *ledger_ask_append(
	struct batch *writes, const struct ledger_entry *entry, const struct ticket *number)
{
	struct bind *v = bind_entry(writes, entry);
	remembered_bind(v, entry->key);
	bind_int(v, entry->after->c.version - 1);
	if (number == NULL)
		return batch_ask(writes, &ledger_append, v);
	bind_int(v, number->year);
	bind_int(v, number->seq);
	return batch_ask(writes, &ledger_confirm, v);
}

const struct rows *ledger_ask_issue(struct batch *writes, const struct ledger_entry *entry)
{
	struct mac sha256 = { 0 };
	const struct ogi_event *e = entry->event;
	struct bind *v = bind_entry(writes, entry);
	mac_parse(e->u.document.sha256, &sha256);
	remembered_bind(v, entry->key);
	bind_int(v, entry->after->c.version - 1);
	bind_text(v, e->u.document.document);
	bind_int(v, e->u.document.year);
	bind_int(v, e->u.document.serial);
	bind_mac(v, &sha256);
	return batch_ask(writes, &ledger_issue, v);
}

const struct rows *ledger_ask_open(struct batch *writes, const struct remembered *key,
	const int32_t *org, const struct uuid *id, const int32_t *version, int cases,
	int64_t calendar, int64_t now)
{
	struct bind *v = batch_bind(writes);
	const char **ids = arena_array(v->arena, const char *, cases);
	for (int i = 0; i < cases; i++) {
		char *one = arena_alloc(v->arena, 37);
		uuid_print(&id[i], one);
		ids[i] = one;
	}
	bind_int(v, key->org);
	bind_int(v, key->actor);
	remembered_bind(v, key);
	bind_instant(v, now);
	bind_ints(v, org, cases);
	bind_texts(v, ids, cases);
	bind_ints(v, version, cases);
	bind_int(v, calendar);
	return batch_ask(writes, &ledger_open, v);
}

void ledger_ask_append_open(
	struct batch *writes, const struct ledger_entry *entry, const struct remembered *key)
{
	struct bind *v = bind_entry(writes, entry);
	bind_int(v, entry->after->c.version - 1);
	bind_int(v, key->org);
	bind_uuid(v, &key->key);
	bind_mac(v, &key->body);
	batch_ask(writes, &ledger_append_open, v);
}

const struct rows *ledger_ask_open_numbers(struct batch *writes, const struct remembered *key,
	const struct uuid *id, int32_t version, const struct ticket *first, int32_t count,
	int64_t calendar, int64_t now)
{
	struct bind *v = batch_bind(writes);
	bind_int(v, key->org);
	bind_int(v, key->actor);
	remembered_bind(v, key);
	bind_instant(v, now);
	bind_uuid(v, id);
	bind_int(v, version);
	bind_int(v, first->org);
	bind_int(v, first->year);
	bind_int(v, first->seq);
	bind_int(v, count);
	bind_int(v, calendar);
	return batch_ask(writes, &ledger_open_numbers, v);
}

static void bind_behind(struct bind *v, const struct ledger_entry *own)
{
	bind_int(v, own->after->org);
	bind_uuid(v, &own->after->id);
	bind_int(v, own->event->seq);
	bind_mac(v, &own->bytes->hash);
}

void ledger_ask_register_behind(
	struct batch *writes, const struct ledger_entry *entry, const struct ledger_entry *own)
{
	struct bind *v = bind_entry(writes, entry);
	bind_behind(v, own);
	batch_ask(writes, &ledger_register_behind, v);
}

void ledger_ask_event_behind(
	struct batch *writes, const struct ledger_entry *entry, const struct ledger_entry *own)
{
	struct bind *v = batch_bind(writes);
	bind_int(v, entry->after->org);
	bind_uuid(v, &entry->after->id);
	bind_int(v, entry->actor);
	bind_event(v, entry);
	bind_behind(v, own);
	batch_ask(writes, &ledger_event_behind, v);
}
