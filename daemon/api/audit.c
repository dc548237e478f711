/* SPDX-License-Identifier: MulanPSL-2.0 */
/* api/audit: GET /v1/audit: who did what in the scope, newest first. */
#include "store/audit.h"
#include "api/steps.h"
#include "base/clock.h"

#include "api/app.h"

#include <string.h>

struct listing {
	struct audit_filter filter;
	const struct rows *found;
};

/* First instant of a day in China. */
static int64_t begin_of(struct ogi_date day)
{
	char text[11], instant[32];
	int64_t micros = 0;
	text_from_date(day, text);
	memcpy(instant, text, 10);
	memcpy(instant + 10, "T00:00:00+08:00", 16);
	clock_parse(instant, &micros);
	return micros;
}

/* "<microseconds>.<key>" */
static bool read_cursor(struct exchange *x, const char *after, struct audit_filter *f)
{
	const char *dot = strchr(after, '.');
	if (dot == NULL || dot == after || strlen(dot + 1) > 64 || dot[1] == '\0')
		return false;
	f->after_key = dot + 1;
	return text_to_int(arena_bytes(x->arena, after, (size_t)(dot - after)), &f->after_at) &&
	       f->after_at > 0;
}

static const struct problem *read_query(struct exchange *x, struct audit_filter *f)
{
	static const char *const names[] = { "org", "rollup", "from", "to", "actor", "action",
		"limit", "after", NULL };
	struct app_scope scope;
	struct ogi_date from = { 0 }, to = { 0 };
	const struct problem *p = exchange_query_only(x, names);
	if (p != NULL || (p = app_scope(x, &scope)) != NULL ||
		(p = app_query_date(x, "from", &from)) != NULL ||
		(p = app_query_date(x, "to", &to)) != NULL ||
		(p = app_query_limit(x, &f->limit)) != NULL)
		return p;
	f->scope = scope.ids;
	f->scopes = scope.count;
	f->from = ogi_is_date(from) ? begin_of(from) : 0;
	f->before = ogi_is_date(to) ? begin_of(ogi_date_add(to, 1)) : 0;
	f->action = exchange_query(x, "action");
	const char *actor = exchange_query(x, "actor"), *after = exchange_query(x, "after");
	if (after != NULL && !read_cursor(x, after, f))
		return problem(x, PROBLEM_BAD_QUERY, "after 应为上一页给出的 next。",
			"after must be the next of the page before.");
	if (actor == NULL)
		return NULL;
	const struct directory_user *user = directory_user(app_directory(x), actor);
	if (user == NULL || !directory_within(app_directory(x), user->org, x->who->org))
		return problem(x, PROBLEM_BAD_QUERY, "actor：没有账号 %s。",
			"actor: there is no login %s.", actor);
	f->actor = user->id;
	return NULL;
}

static const struct problem *load(struct exchange *x)
{
	struct listing *l = exchange_state(x, sizeof *l);
	const struct problem *p = read_query(x, &l->filter);
	if (p != NULL)
		return p;
	l->found = audit_ask_list(x->reads, &l->filter);
	return NULL;
}

static void entry_write(
	struct json_out *o, const struct directory *d, const struct audit_row *row)
{
	char hash[2 * MAC_BYTES + 1];
	const struct directory_org *org = directory_org(d, row->org);
	const struct directory_user *actor = directory_user_by_id(d, row->actor);
	mac_print(&row->hash, hash);
	out_object(o, NULL);
	out_instant(o, "at", row->at);
	out_text(o, "org", org != NULL ? org->code : NULL);
	out_text(o, "actor", actor != NULL ? actor->login : NULL);
	out_text(o, "action", row->action);
	out_text(o, "object", row->object);
	out_text(o, "hash", hash);
	out_object_end(o);
}

static const struct problem *answer(struct exchange *x)
{
	struct listing *l = x->state;
	const struct directory *d = app_directory(x);
	int n = rows_count(l->found);
	bool more = n > l->filter.limit;
	struct audit_row row = { 0 };
	struct json_out o = app_reply(x, 200);
	out_object(&o, NULL);
	out_array(&o, "entries");
	for (int i = 0; i < n && i < l->filter.limit; i++) {
		audit_read(l->found, i, &row);
		entry_write(&o, d, &row);
	}
	out_array_end(&o);
	const char *next =
		more ? arena_print(x->arena, "%lld.%s", (long long)row.at, row.key) : NULL;
	out_text(&o, "next", next);
	out_object_end(&o);
	return NULL;
}

step_fn *const audit_steps[] = { load, answer, NULL };
