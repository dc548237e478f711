/* SPDX-License-Identifier: MulanPSL-2.0 */
/* api/import_group: gap-free numbers for a group of cases, and its write. */
#include "api/import_group.h"

#include "store/project.h"

#include <search.h>
#include <stdlib.h>
#include <string.h>

/* ---- what a whole file has named so far ---- */

struct import_seen {
	void *tree; /* of tsearch: texts */
};

struct import_seen *import_seen_new(void)
{
	struct import_seen *s = calloc(1, sizeof *s);
	if (s == NULL)
		abort();
	return s;
}

void import_seen_free(struct import_seen *s)
{
	if (s == NULL)
		return;
	tdestroy(s->tree, free);
	free(s);
}

static int by_text(const void *a, const void *b)
{
	return strcmp(a, b);
}

/* False when it was named before. */
static bool see(struct import_seen *s, const char *name)
{
	char *mine = strdup(name);
	if (mine == NULL)
		abort();
	char *const *at = tsearch(mine, &s->tree, by_text);
	if (at == NULL)
		abort();
	if (*at == mine)
		return true;
	free(mine);
	return false;
}

/* ---- lines ---- */

void import_group_open(struct import_group *g)
{
	if (g->arena != NULL)
		return;
	g->arena = arena_new();
	g->item = arena_array(g->arena, struct imported, IMPORT_GROUP);
	g->scratch = arena_make(g->arena, struct case_row);
}

void import_group_drop(struct import_group *g)
{
	arena_free(g->arena);
	*g = (struct import_group){ 0 };
}

static bool same_case(const struct imported *a, const struct imported *b)
{
	return (a->ref != NULL && b->ref != NULL && strcmp(a->ref, b->ref) == 0) ||
	       uuid_same(&a->id, &b->id);
}

static bool same_number(const struct imported *a, const struct imported *b)
{
	return a->serial != 0 && a->serial == b->serial && a->year == b->year;
}

static void number_taken(struct exchange *x, const struct imported *l)
{
	struct importing *im = x->state;
	const struct ogi_refusal_text *t = &ogi_refusals[OGI_NUMBER_TAKEN];
	im->rejected++;
	im->line = l->line;
	importing_fault(x, "/number", t->code, t->zh, t->en);
}

static bool new_in_file(
	struct exchange *x, struct arena *a, struct import_seen *seen, const struct imported *l)
{
	struct importing *im = x->state;
	if (l->ref != NULL && !see(seen, arena_print(a, "ref %d %s", l->org, l->ref))) {
		im->skipped++;
		return false;
	}
	if (l->serial != 0 &&
		!see(seen, arena_print(a, "number %d %d-%d", l->org, l->year, l->serial))) {
		number_taken(x, l);
		return false;
	}
	return true;
}

void import_group_add(struct exchange *x, struct import_group *g, struct import_seen *seen,
	const struct imported *line)
{
	struct importing *im = x->state;
	for (int i = 0; i < g->count; i++) {
		if (same_case(&g->item[i], line)) {
			im->skipped++;
			return;
		}
		if (same_number(&g->item[i], line)) {
			number_taken(x, line);
			return;
		}
	}
	if (seen != NULL && !new_in_file(x, g->arena, seen, line))
		return;
	g->org = line->org;
	g->item[g->count++] = *line;
}

/* ---- what is there already ---- */

/* The years in which the group gives numbers, each once. */
static int years_of(const struct import_group *g, int32_t *year)
{
	int n = 0;
	for (int i = 0; i < g->count; i++) {
		const struct imported *l = &g->item[i];
		if (l->numbering < 0)
			continue;
		int32_t its =
			l->serial != 0
				? l->year
				: ogi_date_year(l->event[l->numbering].u.request.registered_on);
		int k = 0;
		while (k < n && year[k] != its)
			k++;
		if (k == n)
			year[n++] = its;
	}
	return n;
}

void import_group_ask(struct exchange *x, struct import_group *g)
{
	struct arena *a = g->arena;
	struct batch *b = batch_new(a);
	const char **ref = arena_array(a, const char *, IMPORT_GROUP);
	struct uuid *id = arena_array(a, struct uuid, IMPORT_GROUP);
	int32_t *year = arena_array(a, int32_t, IMPORT_GROUP);
	int32_t *serial = arena_array(a, int32_t, IMPORT_GROUP);
	int refs = 0, ids = 0, numbers = 0;
	g->ref_of = arena_array(a, int, IMPORT_GROUP);
	g->id_of = arena_array(a, int, IMPORT_GROUP);
	g->number_of = arena_array(a, int, IMPORT_GROUP);
	for (int i = 0; i < g->count; i++) {
		const struct imported *l = &g->item[i];
		if (l->ref != NULL) {
			g->ref_of[refs] = i;
			ref[refs++] = l->ref;
		}
		if (l->own_id) {
			g->id_of[ids] = i;
			id[ids++] = l->id;
		}
		if (l->serial != 0) {
			g->number_of[numbers] = i;
			year[numbers] = l->year;
			serial[numbers++] = l->serial;
		}
	}
	g->known = bulk_ask_known(b, g->org, x->who->scope, x->who->scopes, ref, refs, id, ids,
		year, serial, numbers);
	int32_t *years = arena_array(a, int32_t, IMPORT_GROUP);
	int n = years_of(g, years);
	g->counters = bulk_ask_counters(b, g->org, years, n);
	importing_read(x, b);
}

void import_group_sift(struct exchange *x, struct import_group *g)
{
	struct importing *im = x->state;
	bool stored[IMPORT_GROUP] = { false }, taken[IMPORT_GROUP] = { false };
	for (int k = 0; k < rows_count(g->known); k++) {
		int n = rows_int(g->known, k, 1) - 1;
		switch (rows_int(g->known, k, 0)) {
		case BULK_REF:
			stored[g->ref_of[n]] = true;
			break;
		case BULK_ID:
			stored[g->id_of[n]] = true;
			break;
		default:
			taken[g->number_of[n]] = true;
		}
	}
	int kept = 0;
	for (int i = 0; i < g->count; i++) {
		if (stored[i])
			im->skipped++;
		else if (taken[i])
			number_taken(x, &g->item[i]);
		else
			g->item[kept++] = g->item[i];
	}
	g->count = kept;
}

/* ---- numbers ---- */

struct numbered {
	int32_t year, serial;
	int item;
};

static int by_number(const void *a, const void *b)
{
	const struct numbered *x = a, *y = b;
	if (x->year != y->year)
		return x->year < y->year ? -1 : 1;
	return (x->serial > y->serial) - (x->serial < y->serial);
}

static struct bulk_year *year_in(struct bulk *w, struct bulk_year *all, int32_t year)
{
	for (int i = 0; i < w->years; i++)
		if (all[i].year == year)
			return &all[i];
	all[w->years] = (struct bulk_year){ .year = year };
	return &all[w->years++];
}

static void read_counters(struct import_group *g, struct bulk *w, struct bulk_year *all)
{
	for (int k = 0; k < rows_count(g->counters); k++) {
		struct bulk_year *y = year_in(w, all, rows_int(g->counters, k, 0));
		y->before = y->after = rows_int(g->counters, k, 1);
	}
}

/* First the numbers that were asked for, in order: what they pass over is declared. Then the
 * others, in the order of the file. */
static void give_numbers(struct import_group *g, struct bulk *w, int32_t *serial)
{
	struct bulk_year *year = arena_array(g->arena, struct bulk_year, 2 * IMPORT_GROUP);
	struct bulk_gap *gap = arena_array(g->arena, struct bulk_gap, IMPORT_GROUP);
	struct numbered asked[IMPORT_GROUP];
	int n = 0;
	read_counters(g, w, year);
	for (int i = 0; i < g->count; i++)
		if (g->item[i].serial != 0)
			asked[n++] = (struct numbered){ g->item[i].year, g->item[i].serial, i };
	qsort(asked, (size_t)n, sizeof *asked, by_number);
	for (int i = 0; i < n; i++) {
		struct bulk_year *y = year_in(w, year, asked[i].year);
		serial[asked[i].item] = asked[i].serial;
		if (asked[i].serial > y->after + 1)
			gap[w->gaps++] =
				(struct bulk_gap){ y->year, y->after + 1, asked[i].serial - 1 };
		if (asked[i].serial > y->after)
			y->after = asked[i].serial;
	}
	for (int i = 0; i < g->count; i++) {
		const struct imported *l = &g->item[i];
		if (l->numbering < 0 || l->serial != 0)
			continue;
		const struct ogi_request *q = &l->event[l->numbering].u.request;
		serial[i] = ++year_in(w, year, ogi_date_year(q->registered_on))->after;
	}
	w->year = year;
	w->gap = gap;
}

/* ---- the write ---- */

/* One case: its events sealed, numbered and linked, its projection. Returns how many events. */
static int write_case(struct exchange *x, struct import_group *g, const struct bulk *w,
	const struct imported *l, int32_t serial, struct batch *b, struct bulk_event *events)
{
	struct app *app = app_of(x);
	struct ogi_rules rules;
	struct mac last = { 0 };
	/* the judged ones stay as they are: the write may have to be made anew */
	struct ogi_event *e = arena_array(g->arena, struct ogi_event, l->count);
	memcpy(e, l->event, sizeof *e * (size_t)l->count);
	for (int i = 0; i < l->count; i++) {
		if (i == l->numbering) {
			struct ogi_request *q = &e[i].u.request;
			q->year = l->serial != 0 ? l->year : ogi_date_year(q->registered_on);
			q->serial = serial;
		}
		event_seal(app->keys, g->arena, &l->id, &e[i]);
		const struct directory_user *u = directory_user(app_directory(x), e[i].actor);
		events[i] = (struct bulk_event){ .id = l->id,
			.event = &e[i],
			.bytes = event_write(app->keys, g->arena, l->org, &l->id, &e[i], &last),
			.actor = u != NULL ? u->id : 0 };
		last = events[i].bytes.hash;
	}
	app_rules(x, l->org, e[0].settings, &rules);
	project(app->keys, g->arena, l->org, &l->id, &(struct ogi_history){ e, l->count },
		&rules, g->scratch);
	bulk_ask_case(b, w, g->scratch);
	return l->count;
}

void import_group_write(struct exchange *x, struct import_group *g)
{
	int32_t serial[IMPORT_GROUP] = { 0 };
	struct bulk w = { .org = g->org,
		.actor = x->who->user,
		.key = uuid_ordered(x->now),
		.now = x->now / 1000 * 1000 };
	struct batch *b = batch_new(g->arena);
	int total = 0, written = 0;
	for (int i = 0; i < g->count; i++)
		total += g->item[i].count;
	struct bulk_event *events = arena_array(g->arena, struct bulk_event, total);
	w.body = mac_hash((const char *)w.key.byte, sizeof w.key.byte);
	give_numbers(g, &w, serial);
	g->opened = bulk_ask_open(b, &w);
	for (int i = 0; i < g->count; i++)
		written += write_case(x, g, &w, &g->item[i], serial[i], b, events + written);
	bulk_ask_events(b, &w, events, written);
	importing_write(x, b, g->org);
}
