/* SPDX-License-Identifier: MulanPSL-2.0 */
/* store/seal: leaves and roots. */
#include "store/seal.h"

#include "base/json_write.h"

#include <string.h>

#define SEAL_COLUMNS "n, day, leaves, root, canonical, prev_hash, hash"
#define NO_OBJECT "'00000000-0000-0000-0000-000000000000'::uuid"

const struct stmt seal_last = { "seal_last",
	"SELECT " SEAL_COLUMNS " FROM seal ORDER BY n DESC LIMIT 1", 0 };
const struct stmt seal_list = { "seal_list",
	"SELECT " SEAL_COLUMNS " FROM seal WHERE n > $1 ORDER BY n LIMIT $2", 2 };
/* Whatever was added since, and whatever a forger left as another head. */
const struct stmt seal_gather_cases = { "seal_gather_cases",
	"INSERT INTO seal_leaf (org_id, register, object, seal, seq, hash)"
	" SELECT c.org_id, 'case', c.id, $1, e.seq, e.hash FROM request_case c"
	" JOIN case_event e ON e.org_id = c.org_id AND e.case_id = c.id AND e.seq = c.version"
	" WHERE NOT EXISTS (SELECT 1 FROM seal_leaf l WHERE l.org_id = c.org_id AND l.register = 'case'"
	" AND l.object = c.id AND l.seq = c.version) ON CONFLICT DO NOTHING",
	1 };
const struct stmt seal_gather_registers = { "seal_gather_registers",
	"INSERT INTO seal_leaf (org_id, register, object, seal, seq, hash)"
	" SELECT h.org_id, h.register, " NO_OBJECT ", $1, h.seq, h.hash FROM chain_head h"
	" WHERE NOT EXISTS (SELECT 1 FROM seal_leaf l WHERE l.org_id = h.org_id AND l.register = h.register"
	" AND l.object = " NO_OBJECT " AND l.seq = h.seq) ON CONFLICT DO NOTHING",
	1 };
const struct stmt seal_leaves = { "seal_leaves",
	"SELECT org_id, register, object, seq, hash FROM seal_leaf WHERE seal = $1"
	" AND (org_id, register, object) > ($2, $3, $4) ORDER BY org_id, register, object LIMIT $5",
	5 };
const struct stmt seal_add = { "seal_add",
	"INSERT INTO seal (" SEAL_COLUMNS ") VALUES ($1, $2, $3, $4, $5, $6, $7)", 7 };
/* Every $1-th seal, from $2: by their numbers, so that an index finds them. */
#define OF_SHARE                                                                               \
	" l.seal IN (SELECT generate_series($2::bigint,"                                       \
	" (SELECT coalesce(max(seal), 0) FROM seal_leaf), $1::bigint))"
const struct stmt seal_lost_cases = { "seal_lost_cases",
	"SELECT l.org_id, l.register, l.object, l.seal, l.seq FROM seal_leaf l LEFT JOIN case_event e"
	" ON e.org_id = l.org_id AND e.case_id = l.object AND e.seq = l.seq"
	" WHERE l.register = 'case' AND e.hash IS DISTINCT FROM l.hash AND" OF_SHARE
	" ORDER BY l.org_id, l.object, l.seal LIMIT 1000",
	2 };
#define ENTRIES(name, table)                                                                     \
	"SELECT l.org_id, l.register, l.object, l.seal, l.seq FROM seal_leaf l LEFT JOIN " table \
	" e ON e.org_id = l.org_id AND e.seq = l.seq WHERE l.register = '" name                  \
	"' AND e.hash IS DISTINCT FROM l.hash AND" OF_SHARE
const struct stmt seal_lost_entries = { "seal_lost_entries",
	ENTRIES("audit", "audit_entry") " UNION ALL " ENTRIES(
		"disclosure", "disclosure_item") " UNION ALL " ENTRIES("review",
		"secrecy_review") " UNION ALL " ENTRIES("statistics",
		"statistics_snapshot") " UNION ALL " ENTRIES("register",
		"register_entry") " ORDER BY 1, 2, 4 LIMIT 1000",
	2 };

const struct rows *seal_ask_last(struct batch *b)
{
	return batch_ask(b, &seal_last, NULL);
}

const struct rows *seal_ask_list(struct batch *b, int64_t after, int32_t most)
{
	struct bind *v = batch_bind(b);
	bind_int(v, after);
	bind_int(v, most);
	return batch_ask(b, &seal_list, v);
}

void seal_read(const struct rows *r, int row, struct seal *ret_seal)
{
	*ret_seal = (struct seal){ .n = rows_int64(r, row, 0),
		.day = rows_date(r, row, 1),
		.leaves = rows_int64(r, row, 2),
		.root = rows_mac(r, row, 3),
		.canonical = rows_text(r, row, 4),
		.prev = rows_mac(r, row, 5),
		.hash = rows_mac(r, row, 6) };
}

static const struct rows *gather(struct batch *writes, const struct stmt *s, int64_t n)
{
	struct bind *v = batch_bind(writes);
	bind_int(v, n);
	return batch_ask(writes, s, v);
}

const struct rows *seal_ask_gather_cases(struct batch *writes, int64_t n)
{
	return gather(writes, &seal_gather_cases, n);
}

const struct rows *seal_ask_gather_registers(struct batch *writes, int64_t n)
{
	return gather(writes, &seal_gather_registers, n);
}

const struct rows *seal_ask_leaves(
	struct batch *b, int64_t n, const struct seal_place *after, int32_t most)
{
	struct bind *v = batch_bind(b);
	char id[37];
	uuid_print(&after->object, id);
	bind_int(v, n);
	bind_int(v, after->org);
	bind_text(v, after->reg);
	bind_text(v, arena_text(v->arena, id)); /* the zero id too */
	bind_int(v, most);
	return batch_ask(b, &seal_leaves, v);
}

void seal_take_leaf(const struct rows *r, int row, struct merkle *tree)
{
	char leaf[MERKLE_LEAF_MOST], id[37], hex[2 * MAC_BYTES + 1];
	struct uuid object = rows_uuid(r, row, 2);
	struct mac hash = rows_mac(r, row, 4);
	uuid_print(&object, id);
	mac_print(&hash, hex);
	int n = snprintf(leaf, sizeof leaf, "%d %.64s %s %lld %s", rows_int(r, row, 0),
		rows_text(r, row, 1), id, (long long)rows_int64(r, row, 3), hex);
	merkle_add(tree, leaf, (size_t)n);
}

struct seal_place seal_place_of(const struct rows *r, int row, struct arena *a)
{
	return (struct seal_place){ .org = rows_int(r, row, 0),
		.reg = arena_text(a, rows_text(r, row, 1)),
		.object = rows_uuid(r, row, 2) };
}

void seal_make(const struct keys *keys, struct arena *a, struct seal *s)
{
	struct buf text = { 0 };
	struct json_out o = json_to(&text);
	char hex[2 * MAC_BYTES + 1];
	mac_print(&s->root, hex);
	out_object(&o, NULL);
	out_number(&o, "n", s->n);
	out_date(&o, "day", s->day);
	out_number(&o, "leaves", s->leaves);
	out_text(&o, "root", hex);
	out_object_end(&o);
	s->canonical = arena_bytes(a, text.data, text.used);
	s->hash = mac_link(keys, &s->prev, text.data, text.used);
	buf_clear(&text);
}

const struct rows *seal_ask_add(struct batch *writes, const struct seal *s)
{
	struct bind *v = batch_bind(writes);
	bind_int(v, s->n);
	bind_date(v, s->day);
	bind_int(v, s->leaves);
	bind_mac(v, &s->root);
	bind_text(v, s->canonical);
	bind_mac(v, &s->prev);
	bind_mac(v, &s->hash);
	return batch_ask(writes, &seal_add, v);
}

static const struct rows *ask_share(
	struct batch *b, const struct stmt *s, int64_t of, int64_t n)
{
	struct bind *v = batch_bind(b);
	bind_int(v, of);
	bind_int(v, n);
	return batch_ask(b, s, v);
}

const struct rows *seal_ask_lost_cases(struct batch *b, int64_t of, int64_t n)
{
	return ask_share(b, &seal_lost_cases, of, n);
}

const struct rows *seal_ask_lost_entries(struct batch *b, int64_t of, int64_t n)
{
	return ask_share(b, &seal_lost_entries, of, n);
}
