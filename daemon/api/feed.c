/* SPDX-License-Identifier: MulanPSL-2.0 */
/* api/feed: when the log is read, and what of it goes to whom. */
#include "api/feed.h"

#include "base/clock.h"
#include "db/alarm.h"
#include "domain/numbering.h"
#include "store/session.h"
#include "web/stream.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum {
	NOTIFY_MS = 50, /* after a write, so that many share one wake-up */
	POLL_MS = 2000, /* programs beside the service do not notify */
	SOON_MS = 50,   /* the next look while older transactions run */
	SELDOM_MS = 1000,
	PART = 32 * 1024,
};

struct feed {
	struct app *app;
	struct alarm *notify, *poll, *soon;
	int period_ms; /* of the poll */
	TAILQ_HEAD(, watcher) watchers;
	int count;
	int64_t told;  /* transactions before were told to all */
	int64_t until; /* what had begun when we were woken: look until it has ended */
	int pause_ms;
	bool reading, again, woken, lost;
	bool touched, checking, check_again;
	int64_t beat; /* instant of the next heartbeat, monotonic */
};

/* A question of the feed's own. */
struct look {
	struct feed *feed;
	struct arena *arena;
	bool woken;
	const struct rows *horizon, *changes; /* or: */
	const struct rows *alive;
	struct mac *tokens;
	int count;
};

static void look(struct feed *f);

/* ---- what is told ---- */

struct feed_event {
	int64_t xact;
	int32_t org;
	size_t at, size; /* in the text of the page */
};

static void write_change(struct app *app, const struct change *c, struct buf *out)
{
	char text[37], number[24];
	struct ogi_rules rules;
	struct ogi_standing standing;
	struct ogi_date today = clock_china_date(clock_now());
	const struct directory_org *org = directory_org(app->directory, c->org);
	directory_rules(app->directory, c->org, today, &rules);
	ogi_case_standing(&c->c, &rules, today, &standing);
	buf_text(out, "event: case\ndata: ");
	struct json_out o = json_to(out);
	uuid_print(&c->id, text);
	out_object(&o, NULL);
	out_text(&o, "id", text);
	out_text(&o, "org", org != NULL ? org->code : NULL);
	if (c->c.request.serial > 0)
		ogi_number_print(c->c.request.year, c->c.request.serial, number);
	out_text(&o, "number", c->c.request.serial > 0 ? number : NULL);
	out_number(&o, "version", c->c.version);
	out_text(&o, "status", ogi_statuses[c->c.status].code);
	out_text(&o, "light", ogi_lights[standing.light].code);
	out_date(&o, "due_on", c->c.due_on);
	out_object_end(&o);
	buf_text(out, "\n\n");
}

void feed_page_read(
	struct feed_page *p, struct app *app, struct arena *a, const struct rows *r, int count)
{
	*p = (struct feed_page){ .event = arena_array(a, struct feed_event, count),
		.count = count };
	for (int i = 0; i < count; i++) {
		struct change c;
		change_read(r, i, &c);
		p->event[i] = (struct feed_event){ c.xact, c.org, p->text.used, 0 };
		write_change(app, &c, &p->text);
		p->event[i].size = p->text.used - p->event[i].at;
	}
}

void feed_page_clear(struct feed_page *p)
{
	buf_clear(&p->text);
}

/* The next event from `n` on that the watcher sees, or the end. */
static int next_seen(
	const struct feed_page *p, const struct app *app, const struct watcher *w, int n)
{
	while (n < p->count &&
		(p->event[n].xact < w->from ||
			!directory_within(app->directory, p->event[n].org, w->x->who->org)))
		n++;
	return n;
}

void feed_page_write(
	const struct feed_page *p, struct app *app, const struct watcher *w, struct buf *out)
{
	for (int n = next_seen(p, app, w, 0); n < p->count;) {
		const struct feed_event *e = &p->event[n];
		n = next_seen(p, app, w, n + 1);
		if (n == p->count || p->event[n].xact != e->xact)
			buf_print(out, "id: %" PRId64 "\n", e->xact);
		buf_add(out, p->text.data + e->at, e->size);
	}
}

void feed_write_reset(struct buf *out, int64_t told)
{
	buf_print(out, "id: %" PRId64 "\nevent: reset\ndata: {}\n\n", told - 1);
}

void feed_push(struct watcher *w, const struct buf *events)
{
	for (size_t at = 0; at < events->used; at += PART) {
		size_t n = events->used - at < PART ? events->used - at : PART;
		if (!stream_push(w->x, events->data + at, n, FEED_PENDING)) {
			stream_end(w->x);
			return;
		}
	}
}

static void push_to_all(struct feed *f, const struct buf *events)
{
	for (struct watcher *w = TAILQ_FIRST(&f->watchers), *next; w != NULL; w = next) {
		next = TAILQ_NEXT(w, link);
		feed_push(w, events);
	}
}

static void tell_reset(struct feed *f)
{
	struct buf events = { 0 };
	feed_write_reset(&events, f->told);
	push_to_all(f, &events);
	buf_clear(&events);
}

static void tell(struct feed *f, struct arena *a, const struct rows *r, int count)
{
	struct feed_page page;
	feed_page_read(&page, f->app, a, r, count);
	for (struct watcher *w = TAILQ_FIRST(&f->watchers), *next; w != NULL; w = next) {
		struct buf events = { 0 };
		next = TAILQ_NEXT(w, link);
		feed_page_write(&page, f->app, w, &events);
		feed_push(w, &events);
		buf_clear(&events);
	}
	feed_page_clear(&page);
}

/* ---- reading the log ---- */

int feed_below(const struct rows *r, int64_t xact)
{
	int n = rows_count(r), column = rows_col(r, "xact");
	while (n > 0 && rows_int64(r, n - 1, column) >= xact)
		n--;
	return n;
}

/* Rows of transactions that are in it whole, below the horizon; *ret_told: where it ends. */
static int whole_rows(const struct rows *r, int64_t horizon, int64_t *ret_told)
{
	int n = rows_count(r);
	*ret_told = horizon;
	if (n > FEED_PAGE) {
		int64_t last = rows_int64(r, n - 1, rows_col(r, "xact"));
		*ret_told = last < horizon ? last : horizon;
	}
	return feed_below(r, *ret_told);
}

/* False when the log goes on. */
static bool take(struct feed *f, const struct look *l, const struct change_horizon *h)
{
	int64_t told;
	int n = whole_rows(l->changes, h->xact, &told);
	bool full = rows_count(l->changes) > FEED_PAGE;
	if (full && n == 0) {
		/* one transaction with too many events */
		f->told = told + 1;
		tell_reset(f);
		return false;
	}
	f->told = told;
	if (n > 0)
		tell(f, l->arena, l->changes, n);
	return !full;
}

static void look_later(struct feed *f, const struct look *l, const struct change_horizon *h)
{
	if (l->woken) {
		f->until = h->next;
		f->pause_ms = SOON_MS;
	}
	if (h->xact >= f->until)
		return;
	alarm_set(f->soon, f->pause_ms);
	f->pause_ms = f->pause_ms * 2 < SELDOM_MS ? f->pause_ms * 2 : SELDOM_MS;
}

static void on_look(void *arg, enum db_result result)
{
	struct look *l = arg;
	struct feed *f = l->feed;
	struct change_horizon h;
	bool again = f->again;
	f->reading = f->again = false;
	if (result == DB_DONE && f->count > 0 && f->app->directory != NULL) {
		change_read_horizon(l->horizon, &h);
		if (f->lost) {
			/* Another server may be another history. */
			f->lost = false;
			f->told = h.xact;
			tell_reset(f);
		} else if (h.xact > f->told && !take(f, l, &h)) {
			again = true;
		}
		look_later(f, l, &h);
	}
	arena_free(l->arena);
	if (again)
		look(f);
}

static struct look *new_look(struct feed *f)
{
	struct arena *a = arena_new();
	struct look *l = arena_make(a, struct look);
	l->feed = f;
	l->arena = a;
	return l;
}

static void look(struct feed *f)
{
	if (f->count == 0)
		return;
	if (f->reading) {
		f->again = true;
		return;
	}
	f->reading = true;
	struct look *l = new_look(f);
	l->woken = f->woken;
	f->woken = false;
	struct batch *b = batch_new(l->arena);
	l->horizon = change_ask_horizon(b);
	l->changes = change_ask_since(b, f->told, NULL, 0, FEED_PAGE + 1);
	pool_read(f->app->pool, b, on_look, l);
}

/* ---- sessions ---- */

static bool is_alive(const struct look *l, const struct mac *token)
{
	for (int i = 0; i < rows_count(l->alive); i++) {
		struct mac m = rows_mac(l->alive, i, 0);
		if (mac_same(&m, token))
			return true;
	}
	return false;
}

static bool was_asked(const struct look *l, const struct mac *token)
{
	for (int i = 0; i < l->count; i++)
		if (mac_same(&l->tokens[i], token))
			return true;
	return false;
}

static void check(struct feed *f);

static void on_checked(void *arg, enum db_result result)
{
	struct look *l = arg;
	struct feed *f = l->feed;
	bool again = f->check_again;
	f->checking = f->check_again = false;
	for (struct watcher *w = TAILQ_FIRST(&f->watchers), *next; w != NULL; w = next) {
		next = TAILQ_NEXT(w, link);
		const struct mac *token = &w->x->who->token;
		if (result == DB_DONE && was_asked(l, token) && !is_alive(l, token))
			stream_end(w->x);
	}
	arena_free(l->arena);
	if (again)
		check(f);
}

/* Whose session has ended meanwhile watches no longer; watching itself is no use of it. */
static void check(struct feed *f)
{
	if (f->checking || f->count == 0) {
		f->check_again = f->checking;
		return;
	}
	f->checking = true;
	struct look *l = new_look(f);
	l->tokens = arena_array(l->arena, struct mac, f->count);
	struct watcher *w;
	TAILQ_FOREACH(w, &f->watchers, link)
	{
		if (!was_asked(l, &w->x->who->token))
			l->tokens[l->count++] = w->x->who->token;
	}
	int64_t now = clock_now(),
		idle = now - (int64_t)f->app->settings.session_idle_hours * 3600 * 1000000;
	struct batch *b = batch_new(l->arena);
	l->alive = session_ask_alive(b, l->tokens, l->count, now, idle);
	pool_read(f->app->pool, b, on_checked, l);
}

void feed_session(struct feed *f, const struct mac *token)
{
	if (token == NULL) {
		check(f);
		return;
	}
	for (struct watcher *w = TAILQ_FIRST(&f->watchers), *next; w != NULL; w = next) {
		next = TAILQ_NEXT(w, link);
		if (mac_same(&w->x->who->token, token))
			stream_end(w->x);
	}
}

/* ---- time ---- */

static void beat(struct feed *f)
{
	struct buf events = { 0 };
	buf_print(&events, ": heartbeat\nid: %" PRId64 "\n\n", f->told - 1);
	for (struct watcher *w = TAILQ_FIRST(&f->watchers), *next; w != NULL; w = next) {
		next = TAILQ_NEXT(w, link);
		if (stream_left(w->x))
			stream_end(w->x);
		else
			feed_push(w, &events);
	}
	buf_clear(&events);
	check(f);
}

static void on_poll(void *arg)
{
	struct feed *f = arg;
	int64_t now = clock_monotonic();
	alarm_set(f->poll, f->period_ms);
	look(f);
	if (now < f->beat)
		return;
	f->beat = now + (int64_t)f->app->settings.heartbeat_s * 1000000;
	beat(f);
}

static void on_soon(void *arg)
{
	look(arg);
}

static void on_notified(void *arg, enum db_result result)
{
	/* Who was not woken polls. */
	(void)result;
	arena_free(arg);
}

static void on_notify(void *arg)
{
	struct feed *f = arg;
	f->touched = false;
	struct arena *a = arena_new();
	struct batch *b = batch_new(a);
	const struct write_order order = { .rank = 2 };
	change_ask_notify(b);
	pool_write(f->app->pool, b, &order, on_notified, a);
}

void feed_touch(struct feed *f)
{
	if (f->touched)
		return;
	f->touched = true;
	alarm_set(f->notify, NOTIFY_MS);
}

static void on_change(void *arg, const char *channel, const char *payload)
{
	struct feed *f = arg;
	(void)payload;
	f->lost = f->lost || channel == NULL;
	f->woken = true;
	look(f);
}

/* ---- life ---- */

struct feed *feed_new(struct app *app)
{
	struct feed *f = calloc(1, sizeof *f);
	if (f == NULL)
		abort();
	f->app = app;
	TAILQ_INIT(&f->watchers);
	f->notify = alarm_new(app->base, on_notify, f);
	f->soon = alarm_new(app->base, on_soon, f);
	f->poll = alarm_new(app->base, on_poll, f);
	pool_listen(app->pool, "ogid_change", on_change, f);
	return f;
}

void feed_free(struct feed *f)
{
	if (f == NULL)
		return;
	alarm_free(f->notify);
	alarm_free(f->soon);
	alarm_free(f->poll);
	free(f);
}

int feed_watchers(const struct feed *f)
{
	return f->count;
}

int64_t feed_told(const struct feed *f)
{
	return f->count > 0 ? f->told : 0;
}

void feed_add(struct feed *f, struct watcher *w, const struct change_horizon *now)
{
	const int heartbeat_ms = f->app->settings.heartbeat_s * 1000;
	f->period_ms = heartbeat_ms < POLL_MS ? heartbeat_ms : POLL_MS;
	w->from = now->xact;
	TAILQ_INSERT_TAIL(&f->watchers, w, link);
	if (f->count++ > 0)
		return;
	f->told = now->xact;
	f->lost = false;
	f->beat = clock_monotonic() + (int64_t)heartbeat_ms * 1000;
	alarm_set(f->poll, f->period_ms);
}

void feed_remove(struct feed *f, struct watcher *w)
{
	TAILQ_REMOVE(&f->watchers, w, link);
	if (--f->count > 0)
		return;
	alarm_stop(f->poll);
	alarm_stop(f->soon);
}
