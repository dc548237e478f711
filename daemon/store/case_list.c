/* SPDX-License-Identifier: MulanPSL-2.0 */
/* store/case_list: the statements of the lists, put together from the same pieces. */
#include "store/case_list_parts.h"

#include "base/gram.h"
#include "domain/numbering.h"

#include <assert.h>
#include <string.h>

enum { NUMBER_YEAR = 1000000000, AMBER_ENDS = 4 };

const struct code case_sorts[] = {
	[CASE_BY_DUE_ON] = { "due_on", "到期日", "due date", { 0 }, { 0 } },
	[CASE_BY_RECEIPT_DATE] = { "receipt_date", "收到日", "date of receipt", { 0 }, { 0 } },
	[CASE_BY_NUMBER] = { "number", "编号", "number", { 0 }, { 0 } },
	[CASE_BY_UPDATED_AT] = { "updated_at", "最近更新", "last change", { 0 }, { 0 } },
	[CASE_SORTS] = { NULL, NULL, NULL, { 0 }, { 0 } },
};

/* ---- the statements ---- */

/*
 * The planner cannot know that the filters mostly let everything through; thinking that they
 * keep nothing it would fetch all and sort. So the walk along the index is a subselect of its
 * own (OFFSET 0 keeps it one), and the filters pass over its rows, in its order, until the page
 * is full; inside a CASE they count as keeping every other row. LIMIT 201 tells the planner
 * that only the beginning is wanted, $5 how much of it is.
 */
#define WALK_FROM(key)                                                                               \
	"(SELECT c.org_id, c.id, " key                                                               \
	" AS key, c.status, c.flags, c.channel, c.outcome, c.applicant_kind,"                        \
	" c.subject, c.assignee, c.receipt_date, c.due_on, c.closed_on, c.review, c.year, c.serial," \
	" c.legacy_number FROM request_case c WHERE "
#define FILTERED(walk, where)                                                                  \
	"SELECT c.org_id, c.id, c.key FROM " walk " OFFSET 0) c WHERE " where                  \
	"CASE WHEN " FILTERS " THEN true ELSE false END LIMIT 201"
/* From a place up to a key, from a place down to a key. */
#define UP(key, type, inside, where)                                                           \
	FILTERED(WALK_FROM(key) inside "(" key ", c.id) > ($2::" type ", $3::uuid) AND " key   \
				       " <= $4::" type " ORDER BY " key ", c.id",              \
		where)
#define DOWN(key, type, inside, where)                                                         \
	FILTERED(WALK_FROM(key) inside "(" key ", c.id) < ($2::" type ", $3::uuid) AND " key   \
				       " >= $4::" type " ORDER BY " key " DESC, c.id DESC",    \
		where)
/* The cases at those places. */
#define PAGE(places, direction)                                                                       \
	"SELECT " CASE_SELECT " FROM (SELECT f.org_id, f.id, f.key FROM (" places                     \
	") f LIMIT $5) k"                                                                             \
	" JOIN request_case c ON c.org_id = k.org_id AND c.id = k.id"                                 \
	" LEFT JOIN applicant p ON p.org_id = c.org_id AND p.case_id = c.id ORDER BY k.key" direction \
	", k.id" direction
/* The first ones of each organisation, merged. */
#define MERGED(range, direction)                                                                      \
	"SELECT m.org_id, m.id, m.key FROM unnest($1::integer[]) AS o(id), LATERAL (SELECT r.org_id," \
	" r.id, r.key FROM (" range ") r LIMIT $5) m ORDER BY m.key" direction                        \
	", m.id" direction " LIMIT 201"

#define IN_ONE "c.org_id = $1 AND "
#define IN_EACH "c.org_id = o.id AND "
#define OPEN_ONLY OPEN_STATUS " AND "

/* clang-format off */
/* Eight ways to walk by a key: up or down, one organisation or each of several, all cases or the open ones. */
#define WALKS(name, key, type) \
	{ "case_list_" name, PAGE(UP(key, type, IN_ONE, ""), ""), PARAMS }, \
	{ "case_list_" name "_open", PAGE(UP(key, type, IN_ONE OPEN_ONLY, ""), ""), PARAMS }, \
	{ "case_list_" name "_each", PAGE(MERGED(UP(key, type, IN_EACH, ""), ""), ""), PARAMS }, \
	{ "case_list_" name "_each_open", PAGE(MERGED(UP(key, type, IN_EACH OPEN_ONLY, ""), ""), ""), PARAMS }, \
	{ "case_list_" name "_down", PAGE(DOWN(key, type, IN_ONE, ""), " DESC"), PARAMS }, \
	{ "case_list_" name "_down_open", PAGE(DOWN(key, type, IN_ONE OPEN_ONLY, ""), " DESC"), PARAMS }, \
	{ "case_list_" name "_down_each", PAGE(MERGED(DOWN(key, type, IN_EACH, ""), " DESC"), " DESC"), PARAMS }, \
	{ "case_list_" name "_down_each_open", PAGE(MERGED(DOWN(key, type, IN_EACH OPEN_ONLY, ""), " DESC"), " DESC"), PARAMS }
/* clang-format on */
enum {
	WALK_OPEN = 1,
	WALK_EACH = 2,
	WALK_DOWN = 4,
	WALK_KINDS = 8,
	WALK_MANY = CASE_SORTS * WALK_KINDS
};

const struct stmt case_lists[CASE_LISTS] = {
	WALKS("due", DUE_ON, "date"),
	WALKS("receipt", RECEIPT, "date"),
	WALKS("number", NUMBER, "bigint"),
	WALKS("updated", UPDATED, "timestamptz"),
	/* So many organisations that one walk over all of them passes over little. */
	{ "case_list_many", PAGE(UP(DUE_ON, "date", "", "c.org_id = ANY($1) AND "), ""),
		PARAMS },
	{ "case_list_many_open",
		PAGE(UP(DUE_ON, "date", OPEN_ONLY, "c.org_id = ANY($1) AND "), ""), PARAMS },
	{ "case_list_many_down",
		PAGE(DOWN(DUE_ON, "date", "", "c.org_id = ANY($1) AND "), " DESC"), PARAMS },
	{ "case_list_many_down_open",
		PAGE(DOWN(DUE_ON, "date", OPEN_ONLY, "c.org_id = ANY($1) AND "), " DESC"),
		PARAMS },
};

/* ---- places and ranges ---- */

int64_t case_key(enum case_sort sort, const struct case_row *row)
{
	const struct ogi_request *q = &row->c.request;
	switch (sort) {
	case CASE_BY_DUE_ON:
		return row->c.due_on.day != 0 ? row->c.due_on.day : CASE_LAST;
	case CASE_BY_RECEIPT_DATE:
		return q->receipt_date.day != 0 ? q->receipt_date.day : CASE_LAST;
	case CASE_BY_NUMBER:
		return q->serial != 0 ? (int64_t)q->year * NUMBER_YEAR + q->serial : CASE_LAST;
	case CASE_BY_UPDATED_AT:
		return row->updated_at;
	case CASE_SORTS:
		break;
	}
	return CASE_LAST;
}

bool case_key_valid(enum case_sort sort, int64_t key)
{
	static const struct ogi_date last = { 3652059 };               /* 9999-12-31 */
	static const int64_t last_instant = INT64_C(7258118399999999); /* of 2199 */
	if (key == CASE_LAST)
		return sort != CASE_BY_UPDATED_AT;
	if (sort == CASE_BY_UPDATED_AT)
		return key > 0 && key <= last_instant;
	return key > 0 && (sort == CASE_BY_NUMBER || key <= last.day);
}

int case_place_compare(
	const struct case_order *o, const struct case_place *a, const struct case_place *b)
{
	int ids = memcmp(a->id.byte, b->id.byte, sizeof a->id.byte);
	int ascending = a->key != b->key ? (a->key < b->key ? -1 : 1) : ids;
	bool last = a->key != b->key && (a->key == CASE_LAST || b->key == CASE_LAST);
	return o->descending && !last ? -ascending : ascending;
}

struct ogi_date case_amber_to(const struct ogi_calendar *cal, struct ogi_date day)
{
	return ogi_date_add(ogi_working_after(cal, day, AMBER_ENDS, NULL), -1);
}

static bool only(uint64_t set, uint64_t within)
{
	return set != 0 && (set & ~within) == 0;
}

#define BIT(i) (UINT64_C(1) << (i))
enum { OPEN_FIRST = OGI_ST_ARRIVED, OPEN_LAST = OGI_ST_DECIDED };
const uint64_t case_open_statuses = BIT(OPEN_LAST + 1) - BIT(OPEN_FIRST);
static const uint64_t dated_lights = BIT(OGI_LIGHT_GREEN) | BIT(OGI_LIGHT_AMBER) |
				     BIT(OGI_LIGHT_RED) | BIT(OGI_LIGHT_OVERDUE);

bool case_filter_open(const struct case_filter *f)
{
	return only(f->statuses, case_open_statuses) || only(f->lights, dated_lights) ||
	       f->waiting.login != NULL;
}

/* Keys that the filter leaves over; a sort by another key than its dates is not narrowed. */
struct range {
	int64_t from, to;
};

static void narrow(struct range *r, struct ogi_date from, struct ogi_date to)
{
	if (ogi_is_date(from) && from.day > r->from)
		r->from = from.day;
	if (ogi_is_date(to) && to.day < r->to)
		r->to = to.day;
}

static void narrow_by_lights(struct range *r, const struct case_filter *f)
{
	struct ogi_date before = ogi_date_add(f->day, -1), after = ogi_date_add(f->day, 1);
	struct ogi_date green = ogi_date_add(f->amber_to, 1), none = { 0 };
	const struct {
		struct ogi_date from, to;
	} light[] = {
		[OGI_LIGHT_GREEN] = { green, none },
		[OGI_LIGHT_AMBER] = { after, f->amber_to },
		[OGI_LIGHT_RED] = { f->day, f->day },
		[OGI_LIGHT_OVERDUE] = { none, before },
	};
	struct range all = { INT64_MAX, INT64_MIN };
	if (!only(f->lights, dated_lights))
		return;
	for (int i = OGI_LIGHT_GREEN; i <= OGI_LIGHT_OVERDUE; i++) {
		if ((f->lights & BIT(i)) == 0)
			continue;
		int64_t from = ogi_is_date(light[i].from) ? light[i].from.day : INT64_MIN;
		int64_t to = ogi_is_date(light[i].to) ? light[i].to.day : INT64_MAX;
		all.from = from < all.from ? from : all.from;
		all.to = to > all.to ? to : all.to;
	}
	r->from = all.from > r->from ? all.from : r->from;
	r->to = all.to < r->to ? all.to : r->to;
}

static struct range filter_range(const struct case_filter *f, enum case_sort sort)
{
	struct range r = { INT64_MIN, CASE_LAST };
	if (sort == CASE_BY_DUE_ON) {
		narrow(&r, f->due_from, f->due_to);
		narrow_by_lights(&r, f);
	} else if (sort == CASE_BY_RECEIPT_DATE) {
		narrow(&r, f->received_from, f->received_to);
	}
	return r;
}

/* ---- asking ---- */

static void bind_key(struct bind *v, enum case_sort sort, int64_t key)
{
	if (key == INT64_MIN && sort != CASE_BY_NUMBER)
		bind_text(v, "-infinity");
	else if (key == CASE_LAST && sort != CASE_BY_NUMBER)
		bind_text(v, "infinity");
	else if (sort == CASE_BY_NUMBER)
		bind_int(v, key);
	else if (sort == CASE_BY_UPDATED_AT)
		bind_instant(v, key);
	else
		bind_date(v, (struct ogi_date){ (int32_t)key });
}

/* The codes of a set; 0 binds null: no filter. */
static void bind_set(struct bind *v, const struct code *codes, uint64_t set)
{
	const char *item[64];
	int n = 0;
	for (int i = 0; i < 64 && codes[i].code != NULL; i++)
		if ((set & BIT(i)) != 0)
			item[n++] = codes[i].code;
	if (n > 0)
		bind_texts(v, item, n);
	else
		bind_null(v);
}

static void bind_list(struct bind *v, struct texts list)
{
	if (list.count > 0)
		bind_texts(v, list.item, list.count);
	else
		bind_null(v);
}

void case_list_bind_filter(struct bind *v, const struct case_filter *f)
{
	/* the statement for open cases says it already */
	bind_set(v, ogi_statuses, f->statuses == case_open_statuses ? 0 : f->statuses);
	if (f->flags != 0)
		bind_int(v, f->flags);
	else
		bind_null(v);
	bind_set(v, ogi_channels, f->channels);
	bind_set(v, ogi_outcome_codes, f->outcomes);
	bind_set(v, ogi_applicant_kinds, f->applicant_kinds);
	bind_list(v, f->subjects);
	bind_list(v, f->assignees);
	bind_date(v, f->received_from);
	bind_date(v, f->received_to);
	bind_date(v, f->due_from);
	bind_date(v, f->due_to);
	bind_date(v, f->closed_from);
	bind_date(v, f->closed_to);
	bind_set(v, ogi_lights, f->lights);
	bind_date(v, f->day);
	bind_date(v, f->amber_to);
	bind_text(v, f->waiting.login);
	bind_int(v, f->waiting.org);
	bind_set(v, ogi_statuses, f->waiting.statuses);
	bind_bool(v, f->waiting.unreviewed);
	bind_bool(v, f->waiting.unassigned);
	bind_text(v, f->q);
}

/* Up to so many organisations their lists are merged; beyond, one walk over all is shorter. */
enum { EACH_MOST = 64 };

static const struct stmt *list_stmt(const struct case_filter *f, const struct case_order *o)
{
	bool many = f->orgs > EACH_MOST && o->sort == CASE_BY_DUE_ON;
	int open = case_filter_open(f) ? WALK_OPEN : 0;
	if (many)
		return &case_lists[WALK_MANY + open + (o->descending ? 2 : 0)];
	return &case_lists[(int)o->sort * WALK_KINDS + open + (f->orgs > 1 ? WALK_EACH : 0) +
			   (o->descending ? WALK_DOWN : 0)];
}

static bool narrow_by_row(const struct case_filter *f)
{
	return (f->statuses != 0 && f->statuses != case_open_statuses) || f->channels != 0 ||
	       f->outcomes != 0 || f->applicant_kinds != 0 || f->flags != 0 ||
	       f->subjects.count > 0 || f->assignees.count > 0 || f->waiting.login != NULL ||
	       ogi_is_date(f->received_from) || ogi_is_date(f->received_to) ||
	       ogi_is_date(f->closed_from) || ogi_is_date(f->closed_to);
}

bool case_list_slow(const struct case_filter *f, const struct case_order *o)
{
	return f->q != NULL ||
	       (f->orgs > EACH_MOST && (o->sort != CASE_BY_DUE_ON || narrow_by_row(f)));
}

static const char first_id[] = "00000000-0000-0000-0000-000000000000";
static const char last_id[] = "ffffffff-ffff-ffff-ffff-ffffffffffff";

bool case_list_bind_range(struct bind *v, const struct case_filter *f,
	const struct case_order *o, enum case_part part)
{
	struct range r = filter_range(f, o->sort);
	bool begun = o->begun;
	if (o->descending && part == CASE_KEYED) {
		if (begun && o->after.key == CASE_LAST)
			return false;
		begun = begun && o->after.key <= r.to;
		bind_key(v, o->sort, begun ? o->after.key : r.to);
		/* what stands at infinity is not of this part */
		bind_text(v, r.to == CASE_LAST ? first_id : last_id);
	} else if (o->descending) {
		if (r.to != CASE_LAST || r.from != INT64_MIN || o->sort == CASE_BY_UPDATED_AT)
			return false;
		begun = begun && o->after.key == CASE_LAST;
		r.from = CASE_LAST;
		bind_key(v, o->sort, CASE_LAST);
		bind_text(v, last_id);
	} else {
		begun = begun && o->after.key >= r.from;
		bind_key(v, o->sort, begun ? o->after.key : r.from);
		bind_text(v, first_id);
	}
	if (begun) {
		v->count--;
		bind_uuid(v, &o->after.id);
	}
	bind_key(v, o->sort, o->descending ? r.from : r.to);
	return true;
}

const struct rows *case_list_ask(struct batch *b, const struct case_filter *f,
	const struct case_order *o, enum case_part part, int most)
{
	struct bind *v = batch_bind(b);
	assert(f->orgs > 0);
	if (part == CASE_UNKEYED && !o->descending)
		return NULL;
	if (f->orgs == 1)
		bind_int(v, f->org[0]);
	else
		bind_ints(v, f->org, f->orgs);
	if (!case_list_bind_range(v, f, o, part))
		return NULL;
	bind_int(v, most);
	case_list_bind_filter(v, f);
	return batch_ask(b, list_stmt(f, o), v);
}

/* ---- as of a day ---- */

/*
 * $4 channels, $5 applicant kinds, $6 subjects, $7 and $8 received, $9 q; $10 only open ones.
 * Facts are changed by an amendment or retraction and completed by a confirmation only, so
 * without one of these they were what they are now; and what ended by that day and has not been
 * touched since was not open on it.
 */
const struct stmt case_past = { "case_past",
	"SELECT c.org_id, c.id FROM request_case c JOIN case_event e ON e.org_id = c.org_id AND e.case_id = c.id AND e.seq = 1"
	" WHERE c.org_id = ANY($1) AND e.on_date <= $2 AND e.recorded_at <= coalesce($3, 'infinity'::timestamptz)"
	" AND (($4::text[] IS NULL OR c.channel = ANY($4)) AND ($5::text[] IS NULL OR c.applicant_kind = ANY($5))"
	" AND ($6::text[] IS NULL OR c.subject = ANY($6)) AND ($7::date IS NULL OR c.receipt_date >= $7)"
	" AND ($8::date IS NULL OR c.receipt_date <= $8) AND " SEARCHED(
		"$9") " AND ($10::boolean IS NOT TRUE OR c.closed_on IS NULL OR c.closed_on > $2"
		      " OR c.updated_at > coalesce($3, 'infinity'::timestamptz))"
		      " OR (SELECT count(*) FROM case_event t WHERE t.org_id = c.org_id AND t.case_id = c.id"
		      " AND t.kind IN ('amended', 'retracted', 'receipt_confirmed')) > 0)"
		      " ORDER BY c.org_id, c.id LIMIT 20001",
	10 };
_Static_assert(CASE_PAST_MOST == 20000, "the LIMIT of case_past");

const struct rows *case_list_ask_past(
	struct batch *b, const struct case_filter *f, int64_t known_at)
{
	struct bind *v = batch_bind(b);
	bind_ints(v, f->org, f->orgs);
	bind_date(v, f->day);
	bind_instant(v, known_at);
	bind_set(v, ogi_channels, f->channels);
	bind_set(v, ogi_applicant_kinds, f->applicant_kinds);
	bind_list(v, f->subjects);
	bind_date(v, f->received_from);
	bind_date(v, f->received_to);
	bind_text(v, f->q);
	bind_bool(v, case_filter_open(f));
	return batch_ask(b, &case_past, v);
}

/* ---- the filter over a fold ---- */

static bool in_set(uint64_t set, int32_t index)
{
	return set == 0 || (index >= 0 && index < 64 && (set & BIT(index)) != 0);
}

static bool in_list(struct texts list, const char *text)
{
	for (int i = 0; i < list.count; i++)
		if (text_same(list.item[i], text))
			return true;
	return list.count == 0;
}

static bool in_days(struct ogi_date day, struct ogi_date from, struct ogi_date to)
{
	if (!ogi_is_date(from) && !ogi_is_date(to))
		return true;
	return ogi_is_date(day) && !ogi_before(day, from) &&
	       (!ogi_is_date(to) || !ogi_before(to, day));
}

static bool found(const struct case_row *row, const char *q)
{
	const struct ogi_request *r = &row->c.request;
	char number[24] = "";
	if (r->serial != 0)
		ogi_number_print(r->year, r->serial, number);
	return q == NULL || gram_holds(number, q) || gram_holds(r->legacy_number, q) ||
	       gram_holds(r->applicant.name, q) || gram_holds(r->description, q);
}

static bool waits(const struct case_waiting *w, const struct case_row *row)
{
	const struct ogi_case *c = &row->c;
	if (w->login == NULL)
		return true;
	if (!in_set(case_open_statuses, c->status))
		return false;
	if (text_same(c->request.assignee, w->login))
		return true;
	if (row->org != w->org)
		return false;
	return (w->statuses != 0 && in_set(w->statuses, c->status)) ||
	       (w->unreviewed && c->status == OGI_ST_IN_PROCESS && c->review != OGI_PASSED) ||
	       (w->unassigned && c->request.assignee == NULL);
}

bool case_filter_matches(const struct case_filter *f, const struct case_row *row, int32_t light)
{
	const struct ogi_case *c = &row->c;
	const struct ogi_request *q = &c->request;
	return in_set(f->statuses, c->status) &&
	       (f->flags == 0 || (c->flags & f->flags) != 0) &&
	       in_set(f->channels, q->channel) && in_set(f->outcomes, c->outcome) &&
	       in_set(f->applicant_kinds, q->applicant.kind) &&
	       in_list(f->subjects, q->subject) && in_list(f->assignees, q->assignee) &&
	       in_days(q->receipt_date, f->received_from, f->received_to) &&
	       in_days(c->due_on, f->due_from, f->due_to) &&
	       in_days(c->closed_on, f->closed_from, f->closed_to) &&
	       in_set(f->lights, light) && waits(&f->waiting, row) && found(row, f->q);
}
