/* SPDX-License-Identifier: MulanPSL-2.0 */
/* store/nightly: the record of the nights. */
#include "store/nightly.h"

#include "base/json_write.h"
#include "store/snapshot.h"

enum { LOCK = 0x6f676964 }; /* "ogid": key of the advisory lock */

const struct stmt nightly_hold = { "nightly_hold", "SELECT pg_try_advisory_lock($1) AS mine",
	1 };
const struct stmt nightly_begin = { "nightly_begin",
	"INSERT INTO nightly_run (started_at) VALUES ($1) RETURNING id", 1 };
const struct stmt nightly_step_add = { "nightly_step_add",
	"INSERT INTO nightly_step (run, step, started_at, ended_at, result, count)"
	" VALUES ($1, $2, $3, $4, $5, $6)",
	6 };
const struct stmt nightly_end = { "nightly_end",
	"UPDATE nightly_run SET ended_at = $2, failed = $3, findings = $4, verified_org = $5,"
	" verified_case = $6, undelivered = $7 WHERE id = $1",
	7 };
const struct stmt nightly_place = { "nightly_place",
	"SELECT verified_org, verified_case FROM nightly_run WHERE verified_org IS NOT NULL"
	" ORDER BY id DESC LIMIT 1",
	0 };
const struct stmt nightly_count = { "nightly_count", "SELECT count(*) AS n FROM request_case",
	0 };
const struct stmt nightly_forget = { "nightly_forget",
	"DELETE FROM nightly_run WHERE started_at < $1", 1 };
const struct stmt nightly_figures = { "nightly_figures",
	"INSERT INTO statistics_running AS r (org_id, year, month, form, taken_at, calendar_version, figures)"
	" SELECT u.org, $2, $3, $4, $5, $6, u.figures FROM unnest($1::integer[], $7::text[]) u (org, figures)"
	" WHERE NOT EXISTS (SELECT 1 FROM statistics_snapshot s WHERE s.org_id = u.org AND s.year = $2"
	" AND NOT s.rollup) ON CONFLICT (org_id, year, month) DO UPDATE SET form = excluded.form,"
	" taken_at = excluded.taken_at, calendar_version = excluded.calendar_version,"
	" figures = excluded.figures",
	7 };

const struct rows *nightly_ask_hold(struct batch *writes)
{
	struct bind *v = batch_bind(writes);
	bind_int(v, LOCK);
	return batch_ask(writes, &nightly_hold, v);
}

const struct rows *nightly_ask_begin(struct batch *writes, int64_t now)
{
	struct bind *v = batch_bind(writes);
	bind_instant(v, now);
	return batch_ask(writes, &nightly_begin, v);
}

void nightly_ask_step(struct batch *writes, const struct nightly_step *step)
{
	struct bind *v = batch_bind(writes);
	bind_int(v, step->run);
	bind_text(v, step->name);
	bind_instant(v, step->started_at);
	bind_instant(v, step->ended_at);
	bind_text(v, step->result);
	bind_int(v, step->count);
	batch_ask(writes, &nightly_step_add, v);
}

void nightly_ask_end(struct batch *writes, int64_t run, int64_t now, int failed,
	int64_t findings, int64_t undelivered, const struct nightly_reached *reached)
{
	struct bind *v = batch_bind(writes);
	bind_int(v, run);
	bind_instant(v, now);
	bind_int(v, failed);
	bind_int(v, findings);
	if (reached->known)
		bind_int(v, reached->org);
	else
		bind_null(v);
	bind_uuid(v, &reached->id);
	bind_int(v, undelivered);
	batch_ask(writes, &nightly_end, v);
}

const struct rows *nightly_ask_place(struct batch *b)
{
	return batch_ask(b, &nightly_place, NULL);
}

const struct rows *nightly_ask_count(struct batch *b)
{
	return batch_ask(b, &nightly_count, NULL);
}

const struct rows *nightly_ask_forget(struct batch *writes, int64_t before)
{
	struct bind *v = batch_bind(writes);
	bind_instant(v, before);
	return batch_ask(writes, &nightly_forget, v);
}

static const char *figures_text(
	struct arena *a, const struct ogi_form *form, const struct statistics *s)
{
	struct buf text = { 0 };
	struct json_out o = json_to(&text);
	out_object(&o, NULL);
	snapshot_cells_write(&o, form, &s->cells);
	out_object(&o, "fees");
	out_number(&o, "notices", s->fee_notices);
	out_number(&o, "noticed", s->fee_noticed);
	out_number(&o, "received", s->fee_received);
	out_object_end(&o);
	out_number(&o, "unknown", s->unknown);
	out_object_end(&o);
	const char *copy = arena_bytes(a, text.data, text.used);
	buf_clear(&text);
	return copy;
}

const struct rows *nightly_ask_figures(struct batch *writes, const struct ogi_form *form,
	int year, int month, int64_t now, int64_t calendar, const struct nightly_figures *list,
	int n)
{
	struct bind *v = batch_bind(writes);
	int32_t *org = arena_array(v->arena, int32_t, n);
	const char **text = arena_array(v->arena, const char *, n);
	for (int i = 0; i < n; i++) {
		org[i] = list[i].org;
		text[i] = figures_text(v->arena, form, list[i].figures);
	}
	bind_ints(v, org, n);
	bind_int(v, year);
	bind_int(v, month);
	bind_text(v, form->code);
	bind_instant(v, now);
	bind_int(v, calendar);
	bind_texts(v, text, n);
	return batch_ask(writes, &nightly_figures, v);
}
