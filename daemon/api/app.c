/* SPDX-License-Identifier: MulanPSL-2.0 */
/* api/app: the shared context: the snapshot of the reference tables and its renewal, sessions,
 * scope, query parameters. */
#include "api/app.h"

#include "api/feed.h"
#include "api/jobs.h"
#include "api/portal_limit.h"
#include "api/portal_page.h"
#include "base/log.h"
#include "store/session.h"
#include "store/setting.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* ---- the directory ---- */

enum { OUTRUN_OFTEN = 4 }; /* so many in a row are hardly others who were faster */

static void replace(struct app *app, struct directory *read)
{
	struct directory *old = app->directory;
	app->directory = read;
	directory_release(old);
	/* Cached sessions hold roles and scope of before. */
	if (app->server != NULL)
		sessions_drop_all(server_sessions(app->server));
}

/* A reload that no exchange waits for. */
struct reload {
	struct app *app;
	struct arena *arena;
	struct directory_questions questions;
};

static void reload(struct app *app);

static void on_reloaded(void *arg, enum db_result result)
{
	struct reload *r = arg;
	struct app *app = r->app;
	struct arena *arena = r->arena;
	bool again = app->reload_again;
	app->reloading = app->reload_again = false;
	if (result == DB_DONE) {
		replace(app, directory_build(&r->questions));
	} else {
		log_line(LOG_AT_WARNING, "directory", "reload=failed result=%d", (int)result);
		again = false;
		/* A refusal would be the same again. */
		if (result != DB_ERROR)
			pool_on_ready(app->pool, app_reload, app);
	}
	arena_free(arena);
	if (again)
		reload(app);
}

static void reload(struct app *app)
{
	if (app->reloading) {
		/* What is under way may have been read before the change. */
		app->reload_again = true;
		return;
	}
	app->reloading = true;
	struct arena *arena = arena_new();
	struct reload *r = arena_make(arena, struct reload);
	r->app = app;
	r->arena = arena;
	struct batch *b = batch_new(arena);
	directory_ask(b, &r->questions);
	pool_read(app->pool, b, on_reloaded, r);
}

void app_reload(void *app)
{
	reload(app);
}

static void on_reference(void *arg, const char *channel, const char *payload)
{
	(void)channel;
	(void)payload;
	reload(arg);
}

static void on_session(void *arg, const char *channel, const char *payload)
{
	struct app *app = arg;
	struct mac token;
	if (app->server == NULL)
		return;
	bool one = channel != NULL && payload != NULL && mac_parse(payload, &token);
	feed_session(app->feed, one ? &token : NULL);
	if (one)
		sessions_drop(server_sessions(app->server), &token);
	else
		sessions_drop_all(server_sessions(app->server));
}

struct app *app_new(struct event_base *base, struct pool *pool, struct keys *keys,
	const struct app_settings *settings)
{
	struct app *app = calloc(1, sizeof *app);
	if (app == NULL)
		abort();
	app->base = base;
	app->pool = pool;
	app->keys = keys;
	app->tickets = tickets_new();
	app->settings = *settings;
	app->jobs = jobs_new(base, pool, keys, &app->directory, NULL);
	pool_listen(pool, "ogid_reference", on_reference, app);
	pool_listen(pool, "ogid_session", on_session, app);
	app->feed = feed_new(app);
	enum { HOUR_S = 3600, QUARTER_S = 900, LOOKUPS = 120 };
	const struct portal_rule rules[PORTAL_DEEDS] = {
		[PORTAL_REQUESTS] = { settings->portal_requests, HOUR_S },
		[PORTAL_LOOKUPS] = { LOOKUPS, QUARTER_S },
		[PORTAL_REFUSALS] = { settings->portal_refusals, QUARTER_S },
	};
	app->limits = portal_limits_new(rules);
	app->pages = portal_pages_new();
	pool_on_ready(pool, app_reload, app);
	return app;
}

void app_free(struct app *app)
{
	if (app == NULL)
		return;
	portal_pages_free(app->pages);
	portal_limits_free(app->limits);
	feed_free(app->feed);
	jobs_free(app->jobs);
	directory_release(app->directory);
	tickets_free(app->tickets);
	buf_clear(&app->vocabulary);
	for (int i = 0; i < OGI_EVENT_KINDS; i++)
		buf_clear(&app->fields[i]);
	free(app);
}

const struct directory *app_directory(struct exchange *x)
{
	struct app *app = app_of(x);
	if (x->snapshot == NULL && app->directory != NULL) {
		x->snapshot = directory_hold(app->directory);
		arena_at_end(x->arena, directory_release, x->snapshot);
	}
	return x->snapshot;
}

void app_rules(struct exchange *x, int32_t org, int32_t settings, struct ogi_rules *ret_rules)
{
	directory_rules(app_directory(x), org, x->today, ret_rules);
	setting_rules(app_directory(x), org, settings, x->arena, ret_rules);
}

const struct problem *app_outrun(struct exchange *x)
{
	x->snapshot = NULL; /* the one in force may be newer */
	if (x->tries % OUTRUN_OFTEN == OUTRUN_OFTEN - 1)
		app_reload(app_of(x));
	return exchange_again(x);
}

void app_refresh_ask(struct exchange *x, struct directory_questions *ret_questions)
{
	directory_ask(x->reads, ret_questions);
}

void app_refresh_take(struct exchange *x, const struct directory_questions *q)
{
	struct directory *read = directory_build(q), *now = app_of(x)->directory;
	/* answers of two connections cross: a newer calendar was read after this */
	if (now == NULL ||
		directory_calendar(read)->version >= directory_calendar(now)->version)
		replace(app_of(x), read);
	else
		directory_release(read);
	x->snapshot = NULL; /* what is asked from now on sees the write */
}

/* ---- sessions ---- */

struct lookup {
	struct mac token;
	const struct rows *session;
	bool loads; /* nobody has loaded the directory yet */
	struct directory_questions questions;
};

static void ask_session(struct exchange *x, const struct mac *token, void **state)
{
	struct lookup *l = arena_make(x->arena, struct lookup);
	l->token = *token;
	l->session = session_ask(x->reads, token);
	l->loads = app_of(x)->directory == NULL;
	if (l->loads)
		directory_ask(x->reads, &l->questions);
	*state = l;
}

/* Part of the exchange, so that the next one, in whatever process, sees how long the session
 * was idle. */
static void touch(struct exchange *x, const struct mac *token)
{
	x->order = (struct write_order){ .org = 0, .rank = 2 };
	memcpy(x->order.id.byte, token->byte, sizeof x->order.id.byte);
	session_ask_touch(x->writes, token, x->now);
}

static const struct actor *answer_session(struct exchange *x, void *state, bool *ret_expired)
{
	enum { MINUTE_US = 60 * 1000000 };
	struct lookup *l = state;
	struct app *app = app_of(x);
	struct session_row s;
	if (l->loads && app->directory == NULL)
		replace(app, directory_build(&l->questions));
	if (!session_read(l->session, x->arena, &s))
		return NULL;
	int64_t idle = (int64_t)app->settings.session_idle_hours * 60 * MINUTE_US;
	if (s.disabled || x->now >= s.expires_at || x->now >= s.last_seen_at + idle) {
		*ret_expired = true;
		return NULL;
	}
	if (x->now - s.last_seen_at >= MINUTE_US)
		touch(x, &l->token);
	struct actor *who = arena_make(x->arena, struct actor);
	*who = (struct actor){
		.user = s.user,
		.org = s.org,
		.login = s.login,
		.name = s.name,
		.org_code = s.org_code,
		.roles = s.roles,
		.scope = s.scope,
		.scopes = s.scopes,
		.token = l->token,
		.expires_at = s.expires_at,
	};
	return who;
}

const struct session_lookup app_session_lookup = { ask_session, answer_session };

/* ---- scope ---- */

static const struct problem *no_such_org(struct exchange *x, const char *code)
{
	return problem(x, PROBLEM_NO_SUCH_ORG, "所辖范围内没有机构 %s。",
		"There is no organisation %s in your scope.", code);
}

const struct problem *app_org(
	struct exchange *x, const char *code, const struct directory_org **ret_org)
{
	const struct directory *d = app_directory(x);
	const struct directory_org *org =
		code != NULL ? directory_org_by_code(d, code) : directory_org(d, x->who->org);
	if (org == NULL || !directory_within(d, org->id, x->who->org))
		return no_such_org(x, code != NULL ? code : x->who->org_code);
	*ret_org = org;
	return NULL;
}

const struct problem *app_scope(struct exchange *x, struct app_scope *ret_scope)
{
	const char *code = exchange_query(x, "org");
	bool rollup = code == NULL;
	const struct problem *p = app_query_bool(x, "rollup", &rollup);
	const struct directory_org *org = NULL;
	if (p == NULL)
		p = app_org(x, code, &org);
	if (p != NULL)
		return p;
	assert(org != NULL);
	ret_scope->org = org->id;
	ret_scope->rollup = rollup;
	if (rollup) {
		ret_scope->count =
			directory_subtree(app_directory(x), org->id, x->arena, &ret_scope->ids);
		return NULL;
	}
	int32_t *one = arena_make(x->arena, int32_t);
	*one = org->id;
	ret_scope->ids = one;
	ret_scope->count = 1;
	return NULL;
}

/* ---- bodies and query parameters ---- */

struct faults *app_form(struct exchange *x, const struct field *rows, void *form)
{
	struct faults *f = arena_make(x->arena, struct faults);
	faults_init(f, x->arena);
	form_read(x->json, rows, form, "", f);
	return f;
}

const struct problem *app_query_int(
	struct exchange *x, const char *name, int64_t min, int64_t max, int64_t *ret_value)
{
	const char *text = exchange_query(x, name);
	int64_t value;
	if (text == NULL)
		return NULL;
	if (!text_to_int(text, &value) || value < min || value > max)
		return problem(x, PROBLEM_BAD_QUERY, "%s 应为 %lld 至 %lld 的整数。",
			"%s must be a whole number from %lld to %lld.", name, (long long)min,
			(long long)max);
	*ret_value = value;
	return NULL;
}

const struct problem *app_query_date(
	struct exchange *x, const char *name, struct ogi_date *ret_date)
{
	const char *text = exchange_query(x, name);
	if (text == NULL || text_to_date(text, ret_date))
		return NULL;
	return problem(x, PROBLEM_BAD_QUERY, "%s 应为日期，格式 2025-04-21。",
		"%s must be a date such as 2025-04-21.", name);
}

const struct problem *app_query_bool(struct exchange *x, const char *name, bool *ret_value)
{
	const char *text = exchange_query(x, name);
	if (text == NULL)
		return NULL;
	if (strcmp(text, "true") != 0 && strcmp(text, "false") != 0)
		return problem(x, PROBLEM_BAD_QUERY, "%s 只能是 true 或 false。",
			"%s must be true or false.", name);
	*ret_value = text[0] == 't';
	return NULL;
}

const struct problem *app_query_codes(
	struct exchange *x, const char *name, const struct code *list, struct texts *ret_codes)
{
	const char *text = exchange_query(x, name);
	if (text == NULL)
		return NULL;
	int most = 1;
	for (const char *s = text; *s != '\0'; s++)
		most += *s == ',';
	const char **item = arena_array(x->arena, const char *, most);
	int n = 0;
	for (const char *s = text;; s++) {
		size_t length = strcspn(s, ",");
		const char *code = arena_bytes(x->arena, s, length);
		if (length == 0 || code_find(list, code) < 0)
			return problem(x, PROBLEM_BAD_QUERY, "%s 中没有代码“%s”。",
				"%s has no code \"%s\".", name, code);
		item[n++] = code;
		s += length;
		if (*s == '\0')
			break;
	}
	*ret_codes = (struct texts){ item, n };
	return NULL;
}

const struct problem *app_query_limit(struct exchange *x, int *ret_limit)
{
	int64_t limit = 50;
	const struct problem *p = app_query_int(x, "limit", 1, 200, &limit);
	if (p == NULL)
		*ret_limit = (int)limit;
	return p;
}

struct json_out app_reply(struct exchange *x, int status)
{
	x->status = status;
	return json_to(&x->reply);
}
