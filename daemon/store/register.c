/* SPDX-License-Identifier: MulanPSL-2.0 */
/* store/register: entries written and read. */
#include "store/register.h"
#include "store/chain_sql.h"

#include "base/form.h"
#include "base/json_write.h"

#include <string.h>

/* Another entry of the register and unit that counts the same days in other parts, one whole
 * year and one of its quarters: both would be summed. Numbers of items alone belong to the year
 * and may stand beside quarters. */
#define COUNTS_ANYTHING(data)                                                                  \
	"coalesce((" data " ->> 'decisions')::numeric, 0)"                                     \
	" + coalesce((" data " ->> 'amount')::numeric, 0)"                                     \
	" + coalesce((" data " ->> 'items')::numeric, 0) > 0"
#define TWICE(id, reg, from, to, data)                                                         \
	" FROM register_entry o WHERE o.org_id = $1 AND o.register = " reg                     \
	" AND o.counted_from <= " to " AND o.counted_to >= " from " AND o.id <> " id           \
	" AND (o.counted_from, o.counted_to) <> (" from ", " to ") AND NOT o.retracted"        \
	" AND coalesce(o.data ->> 'unit', '') = coalesce(" data " ->> 'unit', '')"             \
	" AND " COUNTS_ANYTHING("o.data") " AND " COUNTS_ANYTHING(                             \
		data) " AND NOT EXISTS (SELECT 1 FROM register_entry n"                        \
		      " WHERE n.org_id = o.org_id AND n.id = o.id AND n.version > o.version)"
const struct stmt register_twice = { "register_twice",
	"SELECT o.counted_from, o.counted_to" TWICE(
		"$2::uuid", "$3", "$4::date", "$5::date", "$6::jsonb") " ORDER BY 1, 2 LIMIT 1",
	6 };
const struct stmt register_add = { "register_add",
	CHAIN_FRESH
	" AND (SELECT coalesce(max(version), 0) FROM register_entry WHERE org_id = $1 AND id = $12) = $13::integer - 1"
	" AND NOT EXISTS (SELECT 1 FROM register_entry WHERE org_id = $1 AND id = $12 AND retracted)"
	" AND ($17 OR NOT EXISTS (SELECT 1" TWICE("$12", "$14", "$15::date", "$16::date",
		"$18::jsonb") ")))," CHAIN_GATE("register",
		"fresh") ","
			 " entry AS (INSERT INTO register_entry (org_id, seq, hash, prev_hash, actor_id, id, version, register,"
			 " counted_from, counted_to, retracted, data, recorded_at, canonical)"
			 " SELECT $1, $2, $3, $4, NULLIF($5, 0), $12, $13::integer, $14, $15, $16, $17, $18::jsonb, $19, $20 FROM gate)," CHAIN_REMEMBER(
				 "$19") " SELECT 1 FROM gate",
	20 };

#define ENTRY_SELECT                                                                           \
	"SELECT t.org_id, t.id, t.version, t.register, t.counted_from, t.counted_to,"          \
	" t.retracted, t.data, t.recorded_at, coalesce(t.actor_id, 0) AS actor,"               \
	" t.canonical::json ->> 'reason' AS reason FROM register_entry t"
const struct stmt register_get = { "register_get",
	ENTRY_SELECT
	" WHERE t.org_id = ANY($1) AND t.id = $2 AND t.register = $3 ORDER BY t.version DESC",
	3 };
const struct stmt register_list = { "register_list",
	ENTRY_SELECT
	" WHERE t.org_id = ANY($1) AND t.register = $2"
	" AND NOT EXISTS (SELECT 1 FROM register_entry n WHERE n.org_id = t.org_id AND n.id = t.id"
	" AND n.version > t.version)"
	" AND ($3::date IS NULL OR coalesce(t.counted_to >= $3, true)) AND ($4::date IS NULL OR t.counted_from < $4)"
	" AND ($5 OR NOT t.retracted)"
	" AND ($6::date IS NULL OR (t.counted_from, t.id) < ($6, $7::uuid))"
	" ORDER BY t.counted_from DESC, t.id DESC LIMIT $8",
	8 };
#define IS_LAST                                                                                \
	" AND NOT t.retracted AND NOT EXISTS (SELECT 1 FROM register_entry n"                  \
	" WHERE n.org_id = t.org_id AND n.id = t.id AND n.version > t.version)"
const struct stmt register_texts = { "register_texts",
	"SELECT (t.data ->> 'section')::integer AS section, t.data ->> 'text' AS text FROM register_entry t"
	" WHERE t.org_id = $1 AND t.register = 'text_block' AND t.counted_from = $2" IS_LAST
	" ORDER BY 1, (t.data ->> 'order')::integer, t.id LIMIT 200",
	2 };
const struct stmt register_number = { "register_number",
	"SELECT count(*) AS n FROM register_entry t WHERE t.org_id = ANY($1)"
	" AND t.counted_from >= $2 AND t.counted_from < $3 AND t.register = $4" IS_LAST,
	4 };

/* ---- writing ---- */

static void write_entry(
	struct json_out *o, const struct ogi_register *reg, const struct ogi_entry *e)
{
	out_fields(o, reg->rows, e, 0, 0);
}

static const char *data_of(
	struct arena *a, const struct ogi_register *reg, const struct ogi_entry *entry)
{
	struct buf bytes = { 0 };
	struct json_out o = json_to(&bytes);
	out_object(&o, NULL);
	write_entry(&o, reg, entry);
	out_object_end(&o);
	const char *text = arena_bytes(a, bytes.data, bytes.used);
	buf_clear(&bytes);
	return text;
}

static struct buf bytes_of(
	const struct register_new *n, const struct ticket *ticket, struct ogi_span days)
{
	char id[37];
	struct buf bytes = { 0 };
	struct json_out o = json_to(&bytes);
	uuid_print(&n->id, id);
	out_object(&o, NULL);
	out_number(&o, "v", 1);
	out_number(&o, "org", ticket->org);
	out_text(&o, "id", id);
	out_number(&o, "seq", ticket->seq);
	out_number(&o, "version", n->version);
	out_text(&o, "register", n->reg->code);
	out_instant(&o, "recorded_at", n->now);
	out_text(&o, "actor", n->login);
	out_date(&o, "from", days.from);
	out_date(&o, "to", days.to);
	out_bool(&o, "retracted", n->retracted);
	out_text(&o, "reason", n->reason);
	out_object(&o, "entry");
	write_entry(&o, n->reg, n->entry);
	out_object_end(&o);
	out_object_end(&o);
	return bytes;
}

const struct rows *register_ask_add(struct arena *a, struct batch *writes,
	const struct register_new *n, const struct ticket *ticket, const struct keys *keys,
	const struct remembered *key, struct mac *ret_hash)
{
	struct ogi_span days = ogi_entry_days(n->reg, n->entry);
	struct buf bytes = bytes_of(n, ticket, days);
	*ret_hash = mac_link(keys, &ticket->prev, bytes.data, bytes.used);
	struct bind *v = batch_bind(writes);
	chain_bind(v, ticket, ret_hash);
	bind_int(v, n->actor);
	remembered_bind(v, key);
	bind_uuid(v, &n->id);
	bind_int(v, n->version);
	bind_text(v, n->reg->code);
	bind_date(v, days.from);
	bind_date(v, days.to);
	bind_bool(v, n->retracted);
	bind_text(v, data_of(a, n->reg, n->entry));
	bind_instant(v, n->now);
	bind_text(v, arena_bytes(a, bytes.data, bytes.used));
	buf_clear(&bytes);
	return batch_ask(writes, &register_add, v);
}

const struct rows *register_ask_twice(struct batch *b, int32_t org, const struct uuid *id,
	const struct ogi_register *reg, const struct ogi_entry *entry)
{
	struct ogi_span days = ogi_entry_days(reg, entry);
	struct bind *v = batch_bind(b);
	char text[37];
	uuid_print(id, text);
	bind_int(v, org);
	bind_text(v, arena_text(v->arena, text)); /* the zero id too */
	bind_text(v, reg->code);
	bind_date(v, days.from);
	bind_date(v, days.to);
	bind_text(v, data_of(v->arena, reg, entry));
	return batch_ask(b, &register_twice, v);
}

/* ---- reading ---- */

const struct rows *register_ask(struct batch *b, const int32_t *scope, int scopes,
	const struct ogi_register *reg, const struct uuid *id)
{
	struct bind *v = batch_bind(b);
	bind_ints(v, scope, scopes);
	bind_uuid(v, id);
	bind_text(v, reg->code);
	return batch_ask(b, &register_get, v);
}

void register_read(const struct rows *r, int row, struct arena *a, struct register_row *ret_row)
{
	struct form_why why;
	const char *data = rows_text(r, row, rows_col(r, "data"));
	*ret_row = (struct register_row){
		.org = rows_int(r, row, rows_col(r, "org_id")),
		.id = rows_uuid(r, row, rows_col(r, "id")),
		.version = rows_int(r, row, rows_col(r, "version")),
		.reg = ogi_register_find(rows_text(r, row, rows_col(r, "register"))),
		.days = { rows_date(r, row, rows_col(r, "counted_from")),
			rows_date(r, row, rows_col(r, "counted_to")) },
		.retracted = rows_bool(r, row, rows_col(r, "retracted")),
		.recorded_at = rows_instant(r, row, rows_col(r, "recorded_at")),
		.actor = rows_int(r, row, rows_col(r, "actor")),
		.reason = rows_text(r, row, rows_col(r, "reason")),
	};
	if (ret_row->reg != NULL)
		form_load(form_parse(a, data, strlen(data), &why), ret_row->reg->rows,
			&ret_row->entry, a);
}

const struct rows *register_ask_list(struct batch *b, const struct register_filter *f)
{
	struct bind *v = batch_bind(b);
	bind_ints(v, f->scope, f->scopes);
	bind_text(v, f->reg->code);
	bind_date(v, f->span.from);
	bind_date(v, f->span.to);
	bind_bool(v, f->retracted);
	bind_date(v, f->after ? f->after_on : (struct ogi_date){ 0 });
	bind_uuid(v, f->after ? &f->after_id : NULL);
	bind_int(v, f->limit + 1);
	return batch_ask(b, &register_list, v);
}

const struct rows *register_ask_texts(struct batch *b, int32_t org, int year)
{
	struct bind *v = batch_bind(b);
	bind_int(v, org);
	bind_date(v, ogi_span_of_year(year).from);
	return batch_ask(b, &register_texts, v);
}

const struct rows *register_ask_number(
	struct batch *b, const struct statistics_asked *asked, const char *reg)
{
	struct bind *v = batch_bind(b);
	bind_ints(v, asked->scope, asked->scopes);
	bind_date(v, asked->span.from);
	bind_date(v, asked->span.to);
	bind_text(v, reg);
	return batch_ask(b, &register_number, v);
}
