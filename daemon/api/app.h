/* SPDX-License-Identifier: MulanPSL-2.0 */
/*
 * api/app: what every resource shares: the pool, the keys, the tickets and the current snapshot
 * of the reference tables. One per process, made by main, given to the server as `app`; all its
 * fields are set before the first exchange.
 */
#ifndef OGID_API_APP_H
#define OGID_API_APP_H

#include "store/chain.h"
#include "store/directory.h"
#include "web/server.h"

struct event_base;
struct feed;
struct jobs;
struct portal_limits;
struct portal_open;
struct portal_pages;

struct app_settings {
	int session_hours, session_idle_hours;
	int login_failures,
		login_window_s; /* so many refusals of one address and login in a window: 429 */
	int heartbeat_s;        /* of GET /v1/stream */
	int portal_requests;    /* one address may send in so many an hour */
	int portal_refusals;    /* and give so many wrong query codes in 15 minutes */
	bool tls;               /* the cookie says Secure */
};

struct app {
	struct event_base *base;
	struct pool *pool;
	struct keys *keys;
	struct tickets *tickets;
	struct directory *directory; /* NULL until first loaded: use app_directory() */
	struct server *server;       /* set by main after server_new */
	struct jobs *jobs;
	struct app_settings settings;
	struct buf vocabulary; /* the answer of GET /v1/vocabulary, rendered once */
	struct buf fields[OGI_EVENT_KINDS]; /* what each kind of event takes, likewise; see
					       views.c */
	bool reloading, reload_again;
	int uploads;                  /* files of cases that are arriving */
	struct feed *feed;            /* of changes, for GET /v1/stream */
	struct portal_limits *limits; /* of addresses at the portal */
	struct portal_pages *pages;   /* of the portal */
	struct portal_open *forms;    /* multipart forms of the portal that are arriving */
};

/* Borrows all of them. Listens to ogid_reference and ogid_session and loads the directory as
 * soon as the pool is ready; call before the first turn of the loop. */
struct app *app_new(struct event_base *base, struct pool *pool, struct keys *keys,
	const struct app_settings *settings);
void app_free(struct app *app);
/* Reads the directory anew, in the background; fits pool_on_ready. */
void app_reload(void *app);

static inline struct app *app_of(const struct exchange *x)
{
	return (struct app *)x->app;
}

/*
 * The current snapshot, held until the exchange ends. Never NULL on a route with a session (the
 * look-up of the session loads it when nobody has); on open routes NULL means
 * PROBLEM_DATABASE_AWAY.
 */
const struct directory *app_directory(struct exchange *x);
/* What the law needs for a case of the organisation that was counted by settings up to number
 * `settings` (of its last event; INT32_MAX: for a new one), on x->today. */
void app_rules(struct exchange *x, int32_t org, int32_t settings, struct ogi_rules *ret_rules);
/* For an answer whose write to the ledger did not happen: the steps run again. Somebody was
 * faster, or a newer calendar is in force than this process knows: it is asked for. */
const struct problem *app_outrun(struct exchange *x);

/* For a step after a write to reference tables: ask on x->reads, take over in the next step, so
 * that whoever wrote reads his own write here; other processes hear NOTIFY. */
void app_refresh_ask(struct exchange *x, struct directory_questions *ret_questions);
void app_refresh_take(struct exchange *x, const struct directory_questions *q);

/* Look-up of sessions for server_new. */
extern const struct session_lookup app_session_lookup;

/* Which organisations a list covers (contract §2): org=CODE one, with rollup=true its subtree,
 * neither: one's own subtree. */
struct app_scope {
	int32_t org; /* the one named, or one's own */
	bool rollup;
	const int32_t *ids;
	int count;
};
/* 400 for a bad parameter, 404 for an organisation outside one's subtree. */
const struct problem *app_scope(struct exchange *x, struct app_scope *ret_scope);
/* Organisation for a write: `code`, or one's own when NULL. 404 outside one's subtree. */
const struct problem *app_org(
	struct exchange *x, const char *code, const struct directory_org **ret_org);

/* Reads the body by its rows like exchange_form, but leaves the faults open for those that the
 * rows cannot see: problem_faults(x, f) when f->count > 0. Fields that are wrong are absent in
 * the form. */
struct faults *app_form(struct exchange *x, const struct field *rows, void *form);

/* Query parameters that many lists share. Each: absent leaves *ret as it is; a bad one is a 400
 * that names it. */
const struct problem *app_query_int(
	struct exchange *x, const char *name, int64_t min, int64_t max, int64_t *ret_value);
const struct problem *app_query_date(
	struct exchange *x, const char *name, struct ogi_date *ret_date);
const struct problem *app_query_bool(struct exchange *x, const char *name, bool *ret_value);
/* Comma-separated codes of a list as texts bound with bind_texts; an unknown one is a 400. */
const struct problem *app_query_codes(
	struct exchange *x, const char *name, const struct code *list, struct texts *ret_codes);
/* limit: 50, at most 200 (400 beyond). */
const struct problem *app_query_limit(struct exchange *x, int *ret_limit);

/* Status and writer of the JSON answer. */
struct json_out app_reply(struct exchange *x, int status);

#endif
