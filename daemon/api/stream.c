/* SPDX-License-Identifier: MulanPSL-2.0 */
/*
 * api/stream: GET /v1/stream: server-sent events of the changes of the cases one may see.
 * Last-Event-ID goes on where a stream broke off: what was missed is read here, what comes is
 * told by the feed.
 */
#include "web/stream.h"
#include "api/feed.h"
#include "api/steps.h"

#include <inttypes.h>

enum { RETRY_MS = 2000 };

struct watching {
	struct watcher watcher;
	bool added;
	bool resumes; /* Last-Event-ID was given */
	bool reset;   /* and is none of ours */
	int64_t last;
	const struct rows *horizon, *missed;
};

static void on_end(void *arg)
{
	struct exchange *x = arg;
	struct watching *w = x->state;
	if (w->added)
		feed_remove(app_of(x)->feed, &w->watcher);
}

static const struct problem *load(struct exchange *x)
{
	struct watching *w = exchange_state(x, sizeof *w);
	const char *last = exchange_request_header(x, "Last-Event-ID");
	if (feed_watchers(app_of(x)->feed) >= FEED_WATCHERS)
		return problem(x, PROBLEM_BUSY, "同时查看的人太多，请稍后重试。",
			"Too many are watching; try again shortly.");
	w->horizon = change_ask_horizon(x->reads);
	w->resumes = last != NULL && *last != '\0';
	w->reset = w->resumes &&
		   (!text_to_int(last, &w->last) || w->last < 0 || w->last == INT64_MAX);
	if (w->resumes && !w->reset)
		w->missed = change_ask_since(
			x->reads, w->last + 1, x->who->scope, x->who->scopes, FEED_PAGE + 1);
	return NULL;
}

static void write_missed(struct exchange *x, struct watching *w, const struct change_horizon *h,
	struct buf *events)
{
	struct feed_page page;
	feed_page_read(&page, app_of(x), x->arena, w->missed, feed_below(w->missed, h->xact));
	feed_page_write(&page, app_of(x), &w->watcher, events);
	feed_page_clear(&page);
}

static void begin(struct exchange *x, struct watching *w, const struct change_horizon *h)
{
	struct feed *feed = app_of(x)->feed;
	struct buf events = { 0 };
	w->watcher.x = x;
	/* What was missed came before anything the feed will tell. */
	buf_print(&events, "retry: %d\n", RETRY_MS);
	if (w->reset) {
		feed_write_reset(&events, h->xact);
	} else {
		if (w->missed != NULL)
			write_missed(x, w, h, &events);
		buf_print(&events, "id: %" PRId64 "\n\n", h->xact - 1);
	}
	feed_add(feed, &w->watcher, h);
	w->added = true;
	arena_at_end(x->arena, on_end, x);
	/* It cannot be too much: nothing waits yet. */
	stream_push(x, events.data, events.used, SIZE_MAX / 2);
	buf_clear(&events);
	stream_wait(x);
}

static const struct problem *open_stream(struct exchange *x)
{
	struct watching *w = x->state;
	struct change_horizon h;
	change_read_horizon(w->horizon, &h);
	/* The feed has told others more than was read here: between the two there must be no
	 * gap. */
	if (w->missed != NULL && feed_told(app_of(x)->feed) > h.xact)
		return exchange_again(x);
	if (w->missed != NULL && (rows_count(w->missed) > FEED_PAGE || w->last >= h.next))
		w->reset = true;
	x->content_type = "text/event-stream; charset=utf-8";
	exchange_header(x, "X-Accel-Buffering", "no");
	if (stream_begin(x, -1))
		begin(x, w, &h);
	return NULL;
}

static const struct problem *over(struct exchange *x)
{
	(void)x;
	return NULL;
}

step_fn *const stream_steps[] = { load, open_stream, over, NULL };
