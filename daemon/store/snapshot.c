/* SPDX-License-Identifier: MulanPSL-2.0 */
/* store/snapshot: tables statistics_snapshot and statistics_case. */
#include "store/snapshot.h"
#include "store/chain_sql.h"

#include "base/form.h"
#include "base/json_write.h"

#include <string.h>

enum { CHUNK = 2000 }; /* entries of a list in one statement */

const struct stmt snapshot_add = { "snapshot_add",
	"WITH fresh AS (SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM idempotency_key"
	" WHERE org_id = $1 AND actor_id = $5 AND key = $6)"
	" AND NOT EXISTS (SELECT 1 FROM statistics_snapshot WHERE org_id = $1 AND year = $13 AND rollup = $14))," CHAIN_GATE(
		"statistics",
		"fresh") ","
			 " frozen AS (INSERT INTO statistics_snapshot (org_id, seq, hash, prev_hash, actor_id, form, year, rollup,"
			 " frozen_at, calendar_version, canonical)"
			 " SELECT $1, $2, $3, $4, NULLIF($5, 0), $12, $13, $14, $15, $16, $17 FROM gate),"
			 " remember AS (INSERT INTO idempotency_key (org_id, actor_id, key, route,"
			 " body_hash, status, object, version, created_at)"
			 " SELECT $1, $5, $6, $7, $8, $9, $10, $11, $15 FROM gate WHERE $6::uuid IS NOT NULL)"
			 " SELECT 1 FROM gate",
	17 };
const struct stmt snapshot_cases_add = { "snapshot_cases_add",
	"INSERT INTO statistics_case (org_id, snapshot, case_org_id, case_id, number, version, fact)"
	" SELECT $1, $2, u.org, u.id, u.number, u.version, u.fact"
	" FROM unnest($4::integer[], $5::uuid[], $6::integer[], $7::integer[], $8::text[])"
	" u (org, id, number, version, fact)"
	" WHERE EXISTS (SELECT 1 FROM statistics_snapshot WHERE org_id = $1 AND seq = $2 AND hash = $3)",
	8 };
const struct stmt snapshot_get = { "snapshot_get",
	"SELECT org_id, seq, form, year, rollup, frozen_at, coalesce(actor_id, 0) AS actor, calendar_version,"
	" canonical, hash FROM statistics_snapshot WHERE org_id = ANY($1) AND year >= $2 - 1 AND year <= $2"
	" ORDER BY org_id, year, rollup",
	2 };
const struct stmt snapshot_list = { "snapshot_list",
	"SELECT s.case_org_id, s.case_id, c.year, c.serial, s.number, s.fact, s.version FROM statistics_case s"
	" LEFT JOIN request_case c ON c.org_id = s.case_org_id AND c.id = s.case_id"
	" WHERE s.org_id = $1 AND s.snapshot = $2 AND ($3::text[] IS NULL OR s.fact = ANY($3))"
	" AND ($3::text[] IS NULL OR (s.number > 0) = $4)"
	" AND (s.case_org_id, s.case_id, s.number) > ($5, $6, $7)"
	" ORDER BY s.case_org_id, s.case_id, s.number LIMIT $8",
	8 };
const struct stmt snapshot_facts = { "snapshot_facts",
	"SELECT s.org_id, s.case_org_id, s.number > 0 AS remedy, s.fact, count(*) AS n, s.snapshot"
	" FROM unnest($1::integer[], $2::bigint[]) w (org, seq) JOIN statistics_case s"
	" ON s.org_id = w.org AND s.snapshot = w.seq GROUP BY 1, 6, 2, 3, 4 ORDER BY 1, 6, 2, 3, 4",
	2 };

/* ---- writing ---- */

/* SHA-256 of one line an entry, as `ogid verify` asks PostgreSQL for it. */
static struct mac digest_of(const struct snapshot_case *list, int n)
{
	struct buf lines = { 0 };
	for (int i = 0; i < n; i++) {
		char id[37];
		uuid_print(&list[i].id, id);
		buf_print(&lines, "%d %s %d %d %s\n", list[i].org, id, list[i].number,
			list[i].version, list[i].fact);
	}
	struct mac digest = mac_hash(lines.used > 0 ? lines.data : "", lines.used);
	buf_clear(&lines);
	return digest;
}

void snapshot_cells_write(
	struct json_out *o, const struct ogi_form *form, const struct ogi_cells *cells)
{
	out_object(o, "cells");
	for (int i = 0; i < form->rows; i++) {
		const struct ogi_form_row *row = &form->row[i];
		if (row->key == NULL)
			continue;
		out_object(o, row->key);
		for (int c = row->by_applicant ? 0 : OGI_COLUMN_TOTAL; c < OGI_COLUMNS; c++)
			out_number(o, ogi_columns[c].code, cells->cell[i][c]);
		out_object_end(o);
	}
	out_object_end(o);
}

static struct buf bytes_of(
	const struct snapshot *s, const char *login, const struct snapshot_case *list)
{
	struct buf bytes = { 0 };
	struct json_out o = json_to(&bytes);
	char hex[2 * MAC_BYTES + 1];
	struct mac digest = digest_of(list, (int)s->count);
	mac_print(&digest, hex);
	out_object(&o, NULL);
	out_number(&o, "org", s->org);
	out_number(&o, "seq", s->seq);
	out_instant(&o, "at", s->frozen_at);
	out_text(&o, "actor", login);
	out_text(&o, "form", s->form->code);
	out_number(&o, "year", s->year);
	out_bool(&o, "rollup", s->rollup);
	out_number(&o, "calendar", s->calendar_version);
	out_number(&o, "count", s->count);
	out_text(&o, "digest", hex);
	snapshot_cells_write(&o, s->form, &s->figures.cells);
	out_object(&o, "fees");
	out_number(&o, "notices", s->figures.fee_notices);
	out_number(&o, "noticed", s->figures.fee_noticed);
	out_number(&o, "received", s->figures.fee_received);
	out_object_end(&o);
	out_object_end(&o);
	return bytes;
}

static void add_list(
	struct batch *writes, const struct snapshot *s, const struct snapshot_case *list, int n)
{
	struct bind *v = batch_bind(writes);
	struct arena *a = v->arena;
	int32_t *org = arena_array(a, int32_t, n), *number = arena_array(a, int32_t, n),
		*version = arena_array(a, int32_t, n);
	const char **id = arena_array(a, const char *, n);
	const char **fact = arena_array(a, const char *, n);
	for (int i = 0; i < n; i++) {
		char *text = arena_alloc(a, 37);
		uuid_print(&list[i].id, text);
		org[i] = list[i].org;
		id[i] = text;
		number[i] = list[i].number;
		version[i] = list[i].version;
		fact[i] = list[i].fact;
	}
	bind_int(v, s->org);
	bind_int(v, s->seq);
	bind_mac(v, &s->hash);
	bind_ints(v, org, n);
	bind_texts(v, id, n);
	bind_ints(v, number, n);
	bind_ints(v, version, n);
	bind_texts(v, fact, n);
	batch_ask(writes, &snapshot_cases_add, v);
}

const struct rows *snapshot_ask_add(struct batch *writes, struct snapshot *s, const char *login,
	const struct snapshot_case *list, int n, const struct ticket *ticket,
	const struct keys *keys, const struct remembered *key)
{
	s->seq = ticket->seq;
	s->count = n;
	struct buf bytes = bytes_of(s, login, list);
	s->hash = mac_link(keys, &ticket->prev, bytes.data, bytes.used);
	struct bind *v = batch_bind(writes);
	chain_bind(v, ticket, &s->hash);
	bind_int(v, s->actor);
	remembered_bind(v, key);
	bind_text(v, s->form->code);
	bind_int(v, s->year);
	bind_bool(v, s->rollup);
	bind_instant(v, s->frozen_at);
	bind_int(v, s->calendar_version);
	bind_text(v, arena_bytes(v->arena, bytes.data, bytes.used));
	buf_clear(&bytes);
	const struct rows *added = batch_ask(writes, &snapshot_add, v);
	for (int i = 0; i < n; i += CHUNK)
		add_list(writes, s, list + i, n - i < CHUNK ? n - i : CHUNK);
	return added;
}

/* ---- reading ---- */

const struct rows *snapshot_ask(struct batch *b, const int32_t *scope, int scopes, int year)
{
	struct bind *v = batch_bind(b);
	bind_ints(v, scope, scopes);
	bind_int(v, year);
	return batch_ask(b, &snapshot_get, v);
}

static void read_cells(const json_t *cells, struct snapshot *s)
{
	for (int i = 0; i < s->form->rows; i++) {
		const char *key = s->form->row[i].key;
		const json_t *cell = key != NULL ? json_object_get(cells, key) : NULL;
		for (int c = 0; c < OGI_COLUMNS; c++)
			s->figures.cells.cell[i][c] =
				json_integer_value(json_object_get(cell, ogi_columns[c].code));
	}
}

bool snapshot_read(const struct rows *r, int row, struct arena *a, struct snapshot *s)
{
	struct form_why why;
	const char *bytes = rows_text(r, row, 8);
	*s = (struct snapshot){
		.org = rows_int(r, row, 0),
		.seq = rows_int64(r, row, 1),
		.year = rows_int(r, row, 3),
		.rollup = rows_bool(r, row, 4),
		.frozen_at = rows_instant(r, row, 5),
		.actor = rows_int(r, row, 6),
		.calendar_version = rows_int64(r, row, 7),
		.hash = rows_mac(r, row, 9),
	};
	s->form = ogi_form_of_year(s->year);
	const json_t *told = form_parse(a, bytes, strlen(bytes), &why);
	if (s->form == NULL || told == NULL || !text_same(s->form->code, rows_text(r, row, 2)))
		return false;
	const json_t *fees = json_object_get(told, "fees");
	s->count = json_integer_value(json_object_get(told, "count"));
	s->figures.fee_notices = json_integer_value(json_object_get(fees, "notices"));
	s->figures.fee_noticed = json_integer_value(json_object_get(fees, "noticed"));
	s->figures.fee_received = json_integer_value(json_object_get(fees, "received"));
	read_cells(json_object_get(told, "cells"), s);
	return true;
}

const struct rows *snapshot_ask_list(struct batch *b, const struct snapshot *s, bool remedies,
	const struct statistics_page *page)
{
	struct bind *v = batch_bind(b);
	char id[37];
	uuid_print(&page->after_id, id);
	bind_int(v, s->org);
	bind_int(v, s->seq);
	if (page->facts == NULL)
		bind_null(v);
	else
		bind_texts(v, page->facts, page->count);
	bind_bool(v, remedies);
	bind_int(v, page->after_org);
	bind_text(v, arena_text(v->arena, id)); /* the zero id too */
	bind_int(v, page->after_number);
	bind_int(v, page->limit);
	return batch_ask(b, &snapshot_list, v);
}

const struct rows *snapshot_ask_facts(
	struct batch *b, const int32_t *org, const int64_t *seq, int n)
{
	struct bind *v = batch_bind(b);
	const char **text = arena_array(v->arena, const char *, n);
	for (int i = 0; i < n; i++)
		text[i] = arena_print(v->arena, "%lld", (long long)seq[i]);
	bind_ints(v, org, n);
	bind_texts(v, text, n);
	return batch_ask(b, &snapshot_facts, v);
}
