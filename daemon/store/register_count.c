/* SPDX-License-Identifier: MulanPSL-2.0 */
/* store/register_count: what the entries of the registers count in the forms, and which they
 * are. */
#include "store/register.h"

#include <string.h>

/* $1 organisations, $2..$3 the period, $4 the day after the last one known (as_of); f: the
 * feed, columns of unnest. Documents that stand in the proactive register under the same number
 * are counted there (statistics_documents), unless the item does not count there itself: it was
 * withdrawn. */
#define DAY "t.counted_from >= $2::date AND t.counted_from < $4::date"
#define YEAR "t.counted_from >= $2 AND coalesce(t.counted_to < $3::date, false)"
#define STANDS "t.counted_from < $4 AND coalesce(t.counted_to >= $4 - 1, true)"
#define REPEALED_ON "(t.data ->> 'repealed_on')::date"
#define REPEALED "coalesce(" REPEALED_ON " >= $2 AND " REPEALED_ON " < $4, false)"
#define ELSEWHERE                                                                              \
	"t.register = 'normative' AND EXISTS (SELECT 1 FROM disclosure_item i"                 \
	" WHERE i.org_id = t.org_id AND i.doc_no = t.data ->> 'doc_no'"                        \
	" AND (i.is_normative OR i.is_rule) AND NOT coalesce(i.withdrawn_on < $4"              \
	" AND (f.rule = 'stands' OR i.replaced_by IS NOT NULL), false))"
#define COUNTS                                                                                 \
	" t.org_id = ANY($1) AND NOT t.retracted AND CASE f.rule WHEN 'day' THEN " DAY         \
	" WHEN 'year' THEN " YEAR " WHEN 'stands' THEN " STANDS " ELSE " REPEALED " END"       \
	" AND (f.want IS NULL OR t.data @> f.want::jsonb)"                                     \
	" AND (f.bar IS NULL OR NOT t.data @> f.bar::jsonb) AND NOT (" ELSEWHERE ")"
#define VALUE                                                                                  \
	"CASE f.how WHEN 'sum' THEN coalesce((t.data ->> f.field)::numeric, 0) * f.scale ELSE 1 END"

const struct stmt register_counts = { "register_counts",
	"SELECT CASE WHEN $5 THEN t.org_id ELSE 0 END AS org_id, f.line,"
	" CASE f.how WHEN 'distinct' THEN count(DISTINCT (t.org_id, t.data ->> f.field))"
	" ELSE sum(" VALUE ")::bigint END AS n"
	" FROM unnest($6::integer[], $7::text[], $8::text[], $9::text[], $10::integer[], $11::text[], $12::text[], $13::text[])"
	" f (line, register, how, field, scale, want, bar, rule)"
	" JOIN register_entry t ON t.register = f.register WHERE" COUNTS
	" AND NOT EXISTS (SELECT 1 FROM register_entry n WHERE n.org_id = t.org_id AND n.id = t.id"
	" AND n.version > t.version) GROUP BY 1, 2, f.how",
	13 };

/* As of an instant: the version that was the last one then. */
const struct stmt register_behind = { "register_behind",
	"SELECT t.org_id, t.id, t.version, t.register, t.counted_from, t.counted_to, t.retracted, t.data,"
	" t.recorded_at, coalesce(t.actor_id, 0) AS actor, t.canonical::json ->> 'reason' AS reason,"
	" (" VALUE ")::bigint AS n"
	" FROM unnest($5::text[], $6::text[], $7::text[], $8::integer[], $9::text[], $10::text[], $11::text[])"
	" f (register, how, field, scale, want, bar, rule)"
	" JOIN register_entry t ON t.register = f.register, LATERAL (SELECT CASE WHEN $12::timestamptz IS NULL"
	" THEN 'infinity' ELSE coalesce((SELECT s.frozen_at FROM statistics_snapshot s WHERE s.org_id = t.org_id"
	" AND s.year = extract(year FROM $2::date)::integer AND NOT s.rollup AND s.frozen_at <= $12), $12) END AS at) k WHERE" COUNTS
	" AND t.recorded_at <= k.at AND NOT EXISTS (SELECT 1 FROM register_entry n WHERE n.org_id = t.org_id"
	" AND n.id = t.id AND n.version > t.version AND n.recorded_at <= k.at)"
	" AND (t.org_id, t.id) > ($13::integer, $14::uuid) ORDER BY t.org_id, t.id LIMIT $15",
	15 };
const struct stmt register_since = { "register_since",
	"SELECT t.org_id, t.id, t.version, t.register, t.counted_from, t.counted_to, t.retracted, t.data,"
	" t.recorded_at, coalesce(t.actor_id, 0) AS actor, t.canonical::json ->> 'reason' AS reason"
	" FROM register_entry t WHERE t.org_id = ANY($1) AND t.recorded_at > $4 AND t.register = ANY($5::text[])"
	" AND EXISTS (SELECT 1 FROM register_entry v WHERE v.org_id = t.org_id AND v.id = t.id"
	" AND v.counted_from < $3 AND coalesce(v.counted_to >= $2, true))"
	" ORDER BY t.recorded_at DESC, t.org_id, t.seq DESC LIMIT 200",
	5 };
_Static_assert(REGISTER_SINCE == 200, "stands in register_since");

/* The columns of the feeds of a statement. */
enum { FEEDS = OGI_FORM_ROWS };
struct feeds {
	int count;
	int32_t line[FEEDS], scale[FEEDS];
	const char *reg[FEEDS], *how[FEEDS], *field[FEEDS], *only[FEEDS], *but[FEEDS],
		*rule[FEEDS];
};

static const char *rule_of(const struct ogi_feed *feed)
{
	static const char *const rules[] = { [OGI_ENTRY_DAY] = "day",
		[OGI_ENTRY_YEAR] = "year",
		[OGI_ENTRY_STANDS] = "stands" };
	switch (feed->day) {
	case OGI_FEED_BASIS:
		break;
	case OGI_FEED_ON:
		return "day";
	case OGI_FEED_REPEALED:
		return "repealed";
	}
	return rules[ogi_register_find(feed->reg)->basis];
}

static void add(struct feeds *f, int line, const struct ogi_feed *feed)
{
	static const char *const hows[] = { [OGI_FEED_COUNT] = "count",
		[OGI_FEED_SUM] = "sum",
		[OGI_FEED_DISTINCT] = "distinct" };
	int i = f->count++;
	f->line[i] = line;
	f->scale[i] = ogi_feed_is_decimal(feed) ? 10000 : 1;
	f->reg[i] = feed->reg;
	f->how[i] = hows[feed->how];
	f->field[i] = feed->field;
	f->only[i] = feed->only;
	f->but[i] = feed->but;
	f->rule[i] = rule_of(feed);
}

static void bind_period(struct bind *v, const struct statistics_asked *asked)
{
	struct ogi_date whole = ogi_is_date(asked->whole_to) ? asked->whole_to : asked->span.to;
	bind_ints(v, asked->scope, asked->scopes);
	bind_date(v, asked->span.from);
	bind_date(v, whole);
	bind_date(v, asked->span.to);
}

static void bind_feeds(struct bind *v, const struct feeds *f)
{
	bind_texts(v, f->reg, f->count);
	bind_texts(v, f->how, f->count);
	bind_texts(v, f->field, f->count);
	bind_ints(v, f->scale, f->count);
	bind_texts(v, f->only, f->count);
	bind_texts(v, f->but, f->count);
	bind_texts(v, f->rule, f->count);
}

const struct rows *register_ask_counts(struct batch *b, const struct statistics_asked *asked)
{
	struct bind *v = batch_bind(b);
	struct feeds f = { 0 };
	for (int i = 0; i < asked->form->rows; i++) {
		const struct ogi_feed *feed = ogi_feed_of(asked->form->row[i].key);
		if (feed != NULL)
			add(&f, i, feed);
	}
	bind_period(v, asked);
	bind_bool(v, asked->by_org);
	bind_ints(v, f.line, f.count);
	bind_feeds(v, &f);
	return batch_ask(b, &register_counts, v);
}

const struct rows *register_ask_behind(struct batch *b, const struct statistics_asked *asked,
	const struct ogi_feed *feed, const struct statistics_page *page, int64_t frozen)
{
	struct bind *v = batch_bind(b);
	struct feeds f = { 0 };
	char id[37];
	add(&f, 0, feed);
	uuid_print(&page->after_id, id);
	bind_period(v, asked);
	bind_feeds(v, &f);
	bind_instant(v, frozen);
	bind_int(v, page->after_org);
	bind_text(v, arena_text(v->arena, id)); /* the zero id too */
	bind_int(v, page->limit);
	return batch_ask(b, &register_behind, v);
}

const struct rows *register_ask_since(
	struct batch *b, const struct statistics_asked *asked, int64_t after)
{
	struct bind *v = batch_bind(b);
	const char *reg[FEEDS];
	int n = 0;
	for (int i = 0; i < asked->form->rows; i++) {
		const struct ogi_feed *feed = ogi_feed_of(asked->form->row[i].key);
		if (feed != NULL)
			reg[n++] = feed->reg;
	}
	bind_ints(v, asked->scope, asked->scopes);
	bind_date(v, asked->span.from);
	bind_date(v, asked->span.to);
	bind_instant(v, after);
	bind_texts(v, reg, n);
	return batch_ask(b, &register_since, v);
}
