/* SPDX-License-Identifier: MulanPSL-2.0 */
/* store/bulk: one statement opens the write, the others hang on its key. */
#include "store/bulk.h"

const struct stmt bulk_known = { "bulk_known",
	"SELECT 1, w.n::integer FROM unnest($3::text[]) WITH ORDINALITY AS w(ref, n)"
	" JOIN request_case c ON c.org_id = $1 AND c.external_ref = w.ref"
	" UNION ALL SELECT 2, w.n::integer FROM unnest($4::uuid[]) WITH ORDINALITY AS w(id, n)"
	" JOIN request_case c ON c.org_id = ANY($2) AND c.id = w.id"
	" UNION ALL SELECT 3, w.n::integer FROM unnest($5::integer[], $6::integer[]) WITH ORDINALITY"
	" AS w(year, serial, n) JOIN request_case c ON c.org_id = $1 AND c.year = w.year AND c.serial = w.serial",
	6 };
const struct stmt bulk_counters = { "bulk_counters",
	"SELECT year, last FROM reg_counter WHERE org_id = $1 AND year = ANY($2)", 2 };
/* So that there is a row to lock; it says nothing by itself. */
const struct stmt bulk_years = { "bulk_years",
	"INSERT INTO reg_counter (org_id, year, last) SELECT $1, y, 0 FROM unnest($2::integer[]) y"
	" ON CONFLICT DO NOTHING",
	2 };
const struct stmt bulk_open = { "bulk_open",
	"WITH judged AS (SELECT 1 FROM unnest($6::integer[], $7::integer[]) AS w(year, before)"
	" JOIN reg_counter k ON k.org_id = $1 AND k.year = w.year AND k.last = w.before"
	" ORDER BY k.year FOR UPDATE OF k),"
	" opened AS (INSERT INTO idempotency_key (org_id, actor_id, key, route, body_hash, status, created_at)"
	" SELECT $1, $2, $3, 'POST /v1/imports', $4, 200, $5"
	" WHERE (SELECT count(*) FROM judged) = cardinality($6::integer[]) ON CONFLICT DO NOTHING RETURNING 1),"
	" moved AS (UPDATE reg_counter k SET last = w.after"
	" FROM unnest($6::integer[], $8::integer[]) AS w(year, after), opened"
	" WHERE k.org_id = $1 AND k.year = w.year),"
	" gaps AS (INSERT INTO number_gap (org_id, year, first, last, reason, declared_at)"
	" SELECT $1, g.year, g.first, g.last, 'import', $5"
	" FROM unnest($9::integer[], $10::integer[], $11::integer[]) AS g(year, first, last), opened)"
	" SELECT 1 FROM opened",
	11 };
/* $1 org, $2 case, $3 user, $4.. the columns of request_case, then of applicant. */
#define OPENED(key, body)                                                                      \
	"opened AS (SELECT 1 FROM idempotency_key WHERE org_id = $1 AND actor_id = $3"         \
	" AND key = " key " AND body_hash = " body ")"
const struct stmt bulk_case = { "bulk_case",
	"WITH " OPENED("$75",
		"$76") ", anew AS (INSERT INTO gram_todo (org_id, case_id, version)"
		       " SELECT $1, $2, $4 FROM opened), made AS (INSERT INTO request_case (org_id, id, " CASE_COLUMNS_OF(
			       "") ") SELECT $1, $2, " CASE_VALUES " FROM opened)"
				   " INSERT INTO applicant (org_id, case_id, " APPLICANT_COLUMNS_OF(
					   "") ") SELECT $1, $2, " APPLICANT_VALUES
					       " FROM opened",
	76 };
const struct stmt bulk_events = { "bulk_events",
	"WITH " OPENED("$2",
		"$4") " INSERT INTO case_event (org_id, case_id, seq, kind, on_date, recorded_at, actor_id,"
		      " canonical, prev_hash, hash)"
		      " SELECT $1, w.id, w.seq, w.kind, w.on_date, $5, NULLIF(w.actor, 0), w.canonical,"
		      " w.prev, w.hash"
		      " FROM opened, unnest($6::uuid[], $7::integer[], $8::text[], $9::date[], $10::text[],"
		      " $11::bytea[], $12::bytea[], $13::integer[]) AS w(id, seq, kind, on_date, canonical, prev, hash, actor)",
	13 };
const struct stmt bulk_texts = { "bulk_texts",
	"WITH " OPENED("$2",
		"$4") " INSERT INTO case_text (org_id, case_id, seq, salt, body)"
		      " SELECT $1, w.id, w.seq, w.salt, w.body"
		      " FROM opened, unnest($5::uuid[], $6::integer[], $7::bytea[], $8::text[])"
		      " AS w(id, seq, salt, body)",
	8 };

/* Papers keep the numbers they were issued under; 23505 when another has one of them. */
const struct stmt bulk_documents = { "bulk_documents",
	"WITH " OPENED("$2",
		"$4") ", papers AS (SELECT * FROM opened,"
		      " unnest($5::uuid[], $6::integer[], $7::text[], $8::integer[], $9::integer[], $10::text[])"
		      " AS w(id, seq, document, year, serial, sha256)),"
		      " counted AS (INSERT INTO document_counter (org_id, document, year, last)"
		      " SELECT $1, document, year, max(serial) FROM papers GROUP BY document, year"
		      " ORDER BY document, year ON CONFLICT (org_id, document, year)"
		      " DO UPDATE SET last = greatest(document_counter.last, excluded.last))"
		      " INSERT INTO issued_document (org_id, document, year, serial, case_id, seq, sha256)"
		      " SELECT $1, document, year, serial, id, seq, decode(sha256, 'hex') FROM papers",
	10 };

static void bind_uuids(struct bind *v, const struct uuid *id, int n)
{
	const char **text = arena_array(v->arena, const char *, n);
	for (int i = 0; i < n; i++) {
		char *one = arena_alloc(v->arena, 37);
		uuid_print(&id[i], one);
		text[i] = one;
	}
	bind_texts(v, text, n);
}

const struct rows *bulk_ask_known(struct batch *b, int32_t org, const int32_t *scope,
	int scopes, const char *const *ref, int refs, const struct uuid *id, int ids,
	const int32_t *year, const int32_t *serial, int numbers)
{
	struct bind *v = batch_bind(b);
	bind_int(v, org);
	bind_ints(v, scope, scopes);
	bind_texts(v, ref, refs);
	bind_uuids(v, id, ids);
	bind_ints(v, year, numbers);
	bind_ints(v, serial, numbers);
	return batch_ask(b, &bulk_known, v);
}

const struct rows *bulk_ask_counters(
	struct batch *b, int32_t org, const int32_t *year, int years)
{
	struct bind *v = batch_bind(b);
	bind_int(v, org);
	bind_ints(v, year, years);
	return batch_ask(b, &bulk_counters, v);
}

static void ask_years(struct batch *writes, const struct bulk *w, const int32_t *year)
{
	struct bind *v = batch_bind(writes);
	bind_int(v, w->org);
	bind_ints(v, year, w->years);
	batch_ask(writes, &bulk_years, v);
}

static void bind_gaps(struct bind *v, const struct bulk *w)
{
	int32_t *year = arena_array(v->arena, int32_t, w->gaps + 1);
	int32_t *first = arena_array(v->arena, int32_t, w->gaps + 1);
	int32_t *last = arena_array(v->arena, int32_t, w->gaps + 1);
	for (int i = 0; i < w->gaps; i++) {
		year[i] = w->gap[i].year;
		first[i] = w->gap[i].first;
		last[i] = w->gap[i].last;
	}
	bind_ints(v, year, w->gaps);
	bind_ints(v, first, w->gaps);
	bind_ints(v, last, w->gaps);
}

const struct rows *bulk_ask_open(struct batch *writes, const struct bulk *w)
{
	struct bind *v = batch_bind(writes);
	int32_t *year = arena_array(v->arena, int32_t, w->years + 1);
	int32_t *before = arena_array(v->arena, int32_t, w->years + 1);
	int32_t *after = arena_array(v->arena, int32_t, w->years + 1);
	for (int i = 0; i < w->years; i++) {
		year[i] = w->year[i].year;
		before[i] = w->year[i].before;
		after[i] = w->year[i].after;
	}
	ask_years(writes, w, year);
	bind_int(v, w->org);
	bind_int(v, w->actor);
	bind_uuid(v, &w->key);
	bind_mac(v, &w->body);
	bind_instant(v, w->now);
	bind_ints(v, year, w->years);
	bind_ints(v, before, w->years);
	bind_ints(v, after, w->years);
	bind_gaps(v, w);
	return batch_ask(writes, &bulk_open, v);
}

void bulk_ask_case(struct batch *writes, const struct bulk *w, const struct case_row *row)
{
	struct bind *v = batch_bind(writes);
	bind_int(v, row->org);
	bind_uuid(v, &row->id);
	bind_int(v, w->actor);
	case_bind(v, row);
	bind_uuid(v, &w->key);
	bind_mac(v, &w->body);
	batch_ask(writes, &bulk_case, v);
}

/* ---- events ---- */

typedef bool chosen_fn(const struct bulk_event *e);

static bool is_any(const struct bulk_event *e)
{
	(void)e;
	return true;
}

static bool has_text(const struct bulk_event *e)
{
	return e->bytes.body != NULL;
}

static bool is_paper(const struct bulk_event *e)
{
	return e->event->kind == OGI_DOCUMENT_ISSUED;
}

/* Those of the events, in an array that ends with NULL. */
static const struct bulk_event **chosen(
	struct arena *a, chosen_fn *fn, const struct bulk_event *e, int count, int *ret_count)
{
	const struct bulk_event **all = arena_array(a, const struct bulk_event *, count + 1);
	*ret_count = 0;
	for (int i = 0; i < count; i++)
		if (fn(&e[i]))
			all[(*ret_count)++] = &e[i];
	return all;
}

/* $1 org, $2 key, $3 user, $4 body */
static struct bind *bind_opened(struct batch *writes, const struct bulk *w)
{
	struct bind *v = batch_bind(writes);
	bind_int(v, w->org);
	bind_uuid(v, &w->key);
	bind_int(v, w->actor);
	bind_mac(v, &w->body);
	return v;
}

/* Their cases and places in them. */
static void bind_places(struct bind *v, const struct bulk_event *const *e, int n)
{
	struct uuid *id = arena_array(v->arena, struct uuid, n);
	int32_t *seq = arena_array(v->arena, int32_t, n);
	for (int i = 0; i < n; i++) {
		id[i] = e[i]->id;
		seq[i] = e[i]->event->seq;
	}
	bind_uuids(v, id, n);
	bind_ints(v, seq, n);
}

static void ask_events(
	struct batch *writes, const struct bulk *w, const struct bulk_event *const *e, int n)
{
	struct bind *v = bind_opened(writes, w);
	struct arena *a = v->arena;
	const char **kind = arena_array(a, const char *, n);
	const char **canonical = arena_array(a, const char *, n);
	const unsigned char **prev = arena_array(a, const unsigned char *, n);
	const unsigned char **hash = arena_array(a, const unsigned char *, n);
	struct ogi_date *on = arena_array(a, struct ogi_date, n);
	int32_t *actor = arena_array(a, int32_t, n);
	for (int i = 0; i < n; i++) {
		kind[i] = ogi_event_kinds[e[i]->event->kind].code;
		on[i] = e[i]->event->on;
		canonical[i] = e[i]->bytes.canonical;
		prev[i] = e[i]->bytes.prev.byte;
		hash[i] = e[i]->bytes.hash.byte;
		actor[i] = e[i]->actor;
	}
	bind_instant(v, w->now);
	bind_places(v, e, n);
	bind_texts(v, kind, n);
	bind_dates(v, on, n);
	bind_texts(v, canonical, n);
	bind_bytes_list(v, prev, MAC_BYTES, n);
	bind_bytes_list(v, hash, MAC_BYTES, n);
	bind_ints(v, actor, n);
	batch_ask(writes, &bulk_events, v);
}

static void ask_texts(
	struct batch *writes, const struct bulk *w, const struct bulk_event *const *e, int n)
{
	struct bind *v = bind_opened(writes, w);
	const unsigned char **salt = arena_array(v->arena, const unsigned char *, n);
	const char **body = arena_array(v->arena, const char *, n);
	for (int i = 0; i < n; i++) {
		salt[i] = e[i]->bytes.salt;
		body[i] = e[i]->bytes.body;
	}
	bind_places(v, e, n);
	bind_bytes_list(v, salt, sizeof e[0]->bytes.salt, n);
	bind_texts(v, body, n);
	batch_ask(writes, &bulk_texts, v);
}

static void ask_papers(
	struct batch *writes, const struct bulk *w, const struct bulk_event *const *e, int n)
{
	struct bind *v = bind_opened(writes, w);
	const char **document = arena_array(v->arena, const char *, n);
	const char **sha256 = arena_array(v->arena, const char *, n);
	int32_t *year = arena_array(v->arena, int32_t, n);
	int32_t *serial = arena_array(v->arena, int32_t, n);
	for (int i = 0; i < n; i++) {
		document[i] = e[i]->event->u.document.document;
		year[i] = e[i]->event->u.document.year;
		serial[i] = e[i]->event->u.document.serial;
		sha256[i] = e[i]->event->u.document.sha256;
	}
	bind_places(v, e, n);
	bind_texts(v, document, n);
	bind_ints(v, year, n);
	bind_ints(v, serial, n);
	bind_texts(v, sha256, n);
	batch_ask(writes, &bulk_documents, v);
}

void bulk_ask_events(
	struct batch *writes, const struct bulk *w, const struct bulk_event *event, int count)
{
	static const struct {
		chosen_fn *chosen;
		void (*ask)(struct batch *writes, const struct bulk *w,
			const struct bulk_event *const *e, int n);
	} parts[] = { { is_any, ask_events }, { has_text, ask_texts },
		{ is_paper, ask_papers } };
	struct arena *a = batch_bind(writes)->arena;
	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
		int n;
		const struct bulk_event **e = chosen(a, parts[i].chosen, event, count, &n);
		if (n > 0)
			parts[i].ask(writes, w, e, n);
	}
}
