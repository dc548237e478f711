/* SPDX-License-Identifier: MulanPSL-2.0 */
/* api/statistics_frozen: frozen years, lists of cases, and how two lists differ. */
#include "api/statistics_frozen.h"

#include "base/clock.h"
#include "domain/numbering.h"

#include <stdlib.h>
#include <string.h>

/* ---- frozen years ---- */

void form_frozen_ask(struct exchange *x, const struct form_query *q, struct form_frozen *f)
{
	f->rows = snapshot_ask(x->reads, q->scope.ids, q->scope.count, q->year);
}

void form_frozen_take(struct exchange *x, const struct form_query *q, struct form_frozen *f)
{
	int n = rows_count(f->rows);
	struct snapshot *all = arena_array(x->arena, struct snapshot, n);
	f->all = all;
	for (int i = 0; i < n; i++) {
		struct snapshot *s = &all[f->count];
		if (!snapshot_read(f->rows, i, x->arena, s))
			continue;
		f->count++;
		if (s->org != q->scope.org || s->rollup != q->rolled)
			continue;
		if (s->year == q->year)
			f->exact = s;
		else
			f->before = s;
	}
}

const struct snapshot *form_frozen_unit(
	const struct form_query *q, const struct form_frozen *f, int32_t org)
{
	for (int i = 0; i < f->count; i++)
		if (f->all[i].org == org && f->all[i].year == q->year && !f->all[i].rollup)
			return &f->all[i];
	return NULL;
}

const int64_t *form_frozen_carry(
	struct exchange *x, const struct form_query *q, const struct form_frozen *f)
{
	if (f->before == NULL || q->span.from.day != ogi_span_of_year(q->year).from.day)
		return NULL;
	int row = ogi_form_find(f->before->form, "t3.carried_out");
	if (row < 0)
		return NULL;
	int64_t *carry = arena_array(x->arena, int64_t, OGI_COLUMNS);
	memcpy(carry, f->before->figures.cells.cell[row], OGI_COLUMNS * sizeof *carry);
	return carry;
}

const char *form_frozen_json(struct exchange *x, const struct snapshot *s)
{
	const struct directory_user *by = directory_user_by_id(app_directory(x), s->actor);
	struct buf text = { 0 };
	struct json_out o = json_to(&text);
	char hex[2 * MAC_BYTES + 1];
	mac_print(&s->hash, hex);
	out_object(&o, NULL);
	out_bool(&o, "rollup", s->rollup);
	out_instant(&o, "frozen_at", s->frozen_at);
	out_text(&o, "by", by != NULL ? by->login : NULL);
	out_number(&o, "calendar_version", s->calendar_version);
	out_number(&o, "cases", s->count);
	out_text(&o, "hash", hex);
	out_object_end(&o);
	const char *json = arena_bytes(x->arena, text.data, text.used);
	buf_clear(&text);
	return json;
}

struct ogi_date form_frozen_day(const struct snapshot *s)
{
	return clock_china_date(s->frozen_at);
}

const struct problem *form_not_frozen(struct exchange *x, const struct form_query *q)
{
	return problem(x, PROBLEM_NOT_FOUND, "%d 年度的报表尚未定稿。",
		"The year %d is not frozen.", q->year);
}

/* ---- lists ---- */

void form_live_ask(
	struct exchange *x, const struct statistics_asked *asked, struct form_live *l)
{
	const struct statistics_page all = { .limit = FORM_LIST_MOST };
	l->cases = statistics_ask_cases(x->reads, asked, &all);
	l->remedies = statistics_ask_remedies(x->reads, asked, &all);
}

static int compare(const struct snapshot_case *a, const struct snapshot_case *b)
{
	if (a->org != b->org)
		return a->org < b->org ? -1 : 1;
	int ids = memcmp(a->id.byte, b->id.byte, sizeof a->id.byte);
	if (ids != 0)
		return ids;
	return (a->number > b->number) - (a->number < b->number);
}

static int compare_items(const void *a, const void *b)
{
	return compare(a, b);
}

void form_list_sort(struct form_list *list)
{
	if (list->count > 1)
		qsort(list->item, (size_t)list->count, sizeof *list->item, compare_items);
}

/* Columns org_id, id, year, serial, then (not of cases alone) number, then fact. */
static void take(struct form_list *list, const struct rows *r, bool numbered)
{
	for (int i = 0; i < rows_count(r); i++)
		list->item[list->count++] = (struct snapshot_case){
			.org = rows_int(r, i, 0),
			.id = rows_uuid(r, i, 1),
			.year = rows_int(r, i, 2),
			.serial = rows_int(r, i, 3),
			.number = numbered ? rows_int(r, i, 4) : 0,
			.fact = rows_text(r, i, numbered ? 5 : 4),
			.version = rows_int(r, i, numbered ? 6 : 10),
		};
}

struct form_list form_list_live(struct exchange *x, const struct form_live *l)
{
	struct form_list list = { arena_array(x->arena, struct snapshot_case,
					  rows_count(l->cases) + rows_count(l->remedies)),
		0 };
	take(&list, l->cases, false);
	take(&list, l->remedies, true);
	form_list_sort(&list);
	return list;
}

struct form_list form_list_frozen(struct exchange *x, const struct rows *r)
{
	struct form_list list = { arena_array(x->arena, struct snapshot_case, rows_count(r)),
		0 };
	take(&list, r, true);
	return list;
}

void form_list_count(
	const struct ogi_form *form, const struct form_list *list, struct statistics *s)
{
	for (int i = 0; i < list->count; i++) {
		struct ogi_case_fact fact;
		struct ogi_remedy_fact remedy;
		const struct snapshot_case *e = &list->item[i];
		if (e->number == 0 && statistics_fact(e->fact, &fact))
			statistics_add(form, &fact, 1, s);
		else if (e->number > 0 && statistics_remedy_fact(e->fact, &remedy))
			ogi_cells_add_remedy(form, &remedy, 1, &s->cells);
	}
}

int form_list_moves(struct exchange *x, const struct form_list *before,
	const struct form_list *after, struct form_move **ret_moves)
{
	struct form_move *move =
		arena_array(x->arena, struct form_move, before->count + after->count);
	int n = 0;
	for (int i = 0, k = 0; i < before->count || k < after->count;) {
		const struct snapshot_case *b = i < before->count ? &before->item[i] : NULL;
		const struct snapshot_case *a = k < after->count ? &after->item[k] : NULL;
		int order = b == NULL ? 1 : a == NULL ? -1 : compare(b, a);
		if (order != 0 || strcmp(b->fact, a->fact) != 0)
			move[n++] = (struct form_move){ order <= 0 ? b : NULL,
				order >= 0 ? a : NULL };
		i += order <= 0;
		k += order >= 0;
	}
	*ret_moves = move;
	return n;
}

void form_entry_write(struct exchange *x, struct json_out *o, const struct snapshot_case *e)
{
	const struct directory_org *org = directory_org(app_directory(x), e->org);
	char text[37], number[24] = "";
	uuid_print(&e->id, text);
	if (e->serial != 0)
		ogi_number_print(e->year, e->serial, number);
	out_text(o, "org", org != NULL ? org->code : NULL);
	out_text(o, "id", text);
	out_text(o, "number", *number != '\0' ? number : NULL);
}
