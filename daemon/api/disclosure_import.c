/* SPDX-License-Identifier: MulanPSL-2.0 */
/*
 * api/disclosure_import: POST /v1/disclosures/import: items as JSON Lines (contract §4), judged
 * line by line, written a group at a time; each group has its own arena. A file loaded twice
 * stores nothing twice (external_ref).
 */
#include "api/disclosures.h"
#include "api/importing.h"
#include "api/steps.h"

#include "domain/case.h"

#include <assert.h>
#include <string.h>

enum { GROUP_LINES = 200 };
/* Places in the list of steps. */
enum { STEP_TAKE = 1, STEP_PARSE = 2, STEP_WRITE = 3, STEP_AUDIT = 5 };

struct group {
	struct arena *arena; /* NULL: no group */
	int32_t org;
	struct disclosure *item;
	struct uuid *id;
	const char **ref;
	const struct rows **added;
	struct ticket *ticket;
	const struct rows *known, *head;
	int count, writes;
};

struct import {
	struct importing run; /* first */
	struct group group;
};

static void drop_group(struct group *g)
{
	arena_free(g->arena);
	*g = (struct group){ 0 };
}

static void on_end(void *arg)
{
	struct import *im = arg;
	drop_group(&im->group);
}

/* ---- lines ---- */

static void judge(struct exchange *x, struct import *im, struct disclosure *d, struct arena *a,
	struct faults *f, int32_t *ret_org)
{
	*ret_org = importing_org(x, d->org);
	disclosure_complete(
		d, directory_calendar_of(im->run.directory, *ret_org), x->today, a, f);
	if (d->external_ref == NULL)
		faults_add(f, "/external_ref", "required", "导入的每一行都要有 external_ref。",
			"Every imported line needs an external_ref.");
	if (!d->historic && d->publications.count > 0)
		faults_add(f, "/publications", ogi_refusals[OGI_REVIEW_MISSING].code,
			"公开前须经保密审查；此前已公开的信息请注明 historic。",
			"A secrecy review comes first; what was published before this system is historic.");
	if (*ret_org == 0)
		faults_add(f, "/org", "no_such_org", "不能导入到这个机构。",
			"Nothing can be imported for this organisation.");
}

static void open_group(struct group *g, int32_t org)
{
	if (g->arena == NULL)
		g->arena = arena_new();
	g->org = org;
	g->item = arena_array(g->arena, struct disclosure, GROUP_LINES);
	g->id = arena_array(g->arena, struct uuid, GROUP_LINES);
	g->ref = arena_array(g->arena, const char *, GROUP_LINES);
	g->added = arena_array(g->arena, const struct rows *, GROUP_LINES);
	g->ticket = arena_array(g->arena, struct ticket, GROUP_LINES);
}

static bool in_group(const struct group *g, const char *ref)
{
	for (int i = 0; i < g->count; i++)
		if (strcmp(g->ref[i], ref) == 0)
			return true;
	return false;
}

/* False when the line belongs to the next group. */
static bool take_line(struct exchange *x, struct import *im, const char *line, size_t n)
{
	struct group *g = &im->group;
	struct form_why why;
	struct faults f;
	struct disclosure d = { 0 };
	int32_t org = 0;
	if (g->arena == NULL)
		g->arena = arena_new();
	faults_init(&f, g->arena);
	json_t *json = form_parse(g->arena, line, n, &why);
	if (json == NULL || !json_is_object(json))
		faults_add(&f, "", "bad_json",
			json == NULL ? why.zh : "每行应为一个 JSON 对象。",
			json == NULL ? why.en : "Each line is a JSON object.");
	else if (form_read(json, disclosure_import_rows, &d, "", &f))
		judge(x, im, &d, g->arena, &f, &org);
	if (f.count == 0 && g->count > 0 && g->org != org)
		return false;
	if (f.count > 0) {
		importing_reject(x, &f);
		return true;
	}
	assert(d.external_ref != NULL); /* judged */
	if (in_group(g, d.external_ref)) {
		im->run.skipped++;
		return true;
	}
	if (g->count == 0)
		open_group(g, org);
	g->item[g->count] = d;
	g->id[g->count] = uuid_ordered(x->now);
	g->ref[g->count++] = d.external_ref;
	return true;
}

/* Lines into the group until it is full, one belongs elsewhere, or the text is used up. */
static void gather(struct exchange *x, struct import *im, bool end)
{
	char *line;
	size_t n;
	while (im->group.count < GROUP_LINES && importing_line(x, end, &line, &n) &&
		take_line(x, im, line, n))
		importing_next(&im->run);
	importing_drop(&im->run);
}

/* ---- the steps ---- */

static const struct problem *begin(struct exchange *x)
{
	static const char *const names[] = { NULL };
	struct import *im = exchange_state(x, sizeof *im);
	const struct problem *p = importing_begin(x, &im->run, names);
	if (p != NULL)
		return p;
	if (!importing_is(x, "application/x-ndjson"))
		return problem(x, PROBLEM_MEDIA_TYPE, "请以 application/x-ndjson 发送。",
			"Send it as application/x-ndjson.");
	im->run.action = "disclosure.import";
	im->run.audit_step = STEP_AUDIT;
	arena_at_end(x->arena, on_end, im);
	upload_next(x, IMPORT_PIECE);
	return NULL;
}

static void ask_group(struct exchange *x, struct group *g)
{
	struct batch *b = batch_new(g->arena);
	g->known = disclosure_ask_refs(b, g->org, g->ref, g->count);
	g->head = NULL;
	if (!tickets_known(app_of(x)->tickets, TICKET_DISCLOSURE, g->org, 0))
		g->head = tickets_ask(b, TICKET_DISCLOSURE, g->org, 0);
	importing_read(x, b);
}

static const struct problem *parse(struct exchange *x)
{
	struct import *im = x->state;
	bool end = upload_state(x) != UPLOAD_MORE;
	gather(x, im, end);
	if (im->group.count > 0) {
		ask_group(x, &im->group);
		return NULL;
	}
	drop_group(&im->group);
	if (!end) {
		exchange_step(x, STEP_TAKE);
		upload_next(x, IMPORT_PIECE);
	} else if (im->run.text.used == 0) {
		exchange_step(x, STEP_AUDIT);
	} else {
		exchange_step(x, STEP_PARSE);
	}
	return NULL;
}

/* Takes out what the register has already. */
static void skip_known(struct import *im)
{
	struct group *g = &im->group;
	int column = rows_col(g->known, "external_ref");
	for (int k = 0; k < rows_count(g->known); k++) {
		const char *ref = rows_text(g->known, k, column);
		int i = 0;
		while (i < g->count && strcmp(g->ref[i], ref) != 0)
			i++;
		if (i == g->count)
			continue;
		im->run.skipped++;
		g->count--;
		/* the order of the file is kept */
		for (; i < g->count; i++) {
			g->item[i] = g->item[i + 1];
			g->id[i] = g->id[i + 1];
			g->ref[i] = g->ref[i + 1];
		}
	}
}

static const struct problem *write_group(struct exchange *x)
{
	struct import *im = x->state;
	struct group *g = &im->group;
	struct app *app = app_of(x);
	const struct problem *p = importing_answered(x);
	if (p != NULL)
		return p;
	if (g->head != NULL)
		tickets_learn(app->tickets, TICKET_DISCLOSURE, g->org, 0, g->head);
	skip_known(im);
	if (g->count == 0 || im->run.dry_run) {
		im->run.stored += g->count;
		drop_group(g);
		exchange_step(x, STEP_PARSE);
		return NULL;
	}
	struct batch *b = batch_new(g->arena);
	for (int i = 0; i < g->count; i++) {
		struct mac hash;
		struct disclosure_new item = {
			.item = &g->item[i],
			.id = g->id[i],
			.actor = x->who->user,
			.login = x->who->login,
			.now = x->now / 1000 * 1000,
		};
		g->ticket[i] = tickets_take(app->tickets, TICKET_DISCLOSURE, g->org, 0);
		g->added[i] = disclosure_ask_add(
			g->arena, b, &item, &g->ticket[i], app->keys, NULL, &hash);
		tickets_put(app->tickets, &g->ticket[i], &hash);
	}
	g->writes++;
	importing_write(x, b, g->org);
	return NULL;
}

/* An item that was not stored, and all behind it, stood on a head that had moved: ask again
 * which are missing. */
static const struct problem *check_group(struct exchange *x)
{
	struct import *im = x->state;
	struct group *g = &im->group;
	const struct problem *p = importing_answered(x);
	if (p != NULL)
		return p;
	int stored = 0;
	while (stored < g->count && rows_count(g->added[stored]) > 0)
		stored++;
	im->run.stored += stored;
	if (stored == g->count) {
		drop_group(g);
		exchange_step(x, STEP_PARSE);
		return NULL;
	}
	tickets_stale(app_of(x)->tickets, &g->ticket[stored]);
	if (g->writes == IMPORT_WRITES) {
		im->run.result = DB_FULL;
		return importing_answered(x);
	}
	g->count -= stored;
	for (int i = 0; i < g->count; i++) {
		g->item[i] = g->item[i + stored];
		g->id[i] = g->id[i + stored];
		g->ref[i] = g->ref[i + stored];
	}
	exchange_step(x, STEP_WRITE);
	ask_group(x, g);
	return NULL;
}

static const struct problem *answer(struct exchange *x)
{
	const struct importing *im = x->state;
	struct json_out o = importing_answer(x);
	out_bool(&o, "dry_run", im->dry_run);
	out_object_end(&o);
	return NULL;
}

step_fn *const disclosure_import_steps[] = { begin, importing_take, parse, write_group,
	check_group, importing_audit_ask, importing_audit_put, importing_audited, answer,
	NULL };
