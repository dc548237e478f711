/* SPDX-License-Identifier: MulanPSL-2.0 */
/* web/peer, all of them: birth and end, deadlines, room and the budget of buffered bytes. */
#include "web/peer_parts.h"

#include "base/clock.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

enum {
	SWEEP_US = 200000,
	GRACE_US = 2000000,     /* until a deadline that was announced is looked at again */
	SLOW_HEAD_US = 1000000, /* a head not whole after that may be turned out when there is
				   no room */
	SPARE = 2048,           /* who holds less is not turned out when the budget is spent */
};

bool peer_alive(const struct peer *p)
{
	bufferevent_event_cb ends = NULL;
	bufferevent_getcb(p->filter, NULL, NULL, &ends, NULL);
	return ends != NULL;
}

void peer_end(struct peer *p)
{
	if (peer_alive(p))
		bufferevent_trigger_event(p->filter, BEV_EVENT_EOF | BEV_EVENT_READING, 0);
}

void peer_end_soon(struct peer *p)
{
	p->doomed = true;
	peer_wake(p);
}

void peer_wake(struct peer *p)
{
	event_active(&p->wake, EV_TIMEOUT, 0);
}

void peer_look_again(struct peer *p)
{
	if (peer_alive(p))
		bufferevent_trigger(p->socket, EV_READ,
			BEV_TRIG_IGNORE_WATERMARKS | BEV_TRIG_DEFER_CALLBACKS);
}

static bool sheds(const struct peer *p)
{
	return p->held >= SPARE && !p->doomed && p->fault == GUARD_OK && peer_alive(p) &&
	       (p->phase == PHASE_HEAD || p->phase == PHASE_BODY || p->phase == PHASE_STREAM ||
		       p->phase == PHASE_WRITING);
}

/* What it held counts no longer: that it goes is certain. */
static void let_go(struct peer *p)
{
	p->all->buffered -= p->held;
	p->held = 0;
	if (p->phase == PHASE_WRITING || p->phase == PHASE_STREAM) {
		peer_end_soon(p);
		return;
	}
	p->fault = GUARD_CROWDED;
	evbuffer_drain(peer_input(p), SIZE_MAX / 2);
	peer_look_again(p);
}

/*
 * Turns out whoever has held much for longest: honest bodies are whole within milliseconds. An
 * answer larger than the budget is sent all the same when nobody else holds anything.
 */
static void relieve(struct peers *all)
{
	while (all->buffered > all->rules.budget) {
		struct peer *oldest = NULL, *p;
		int holders = 0;
		TAILQ_FOREACH(p, &all->list, link)
		{
			if (!sheds(p))
				continue;
			holders++;
			if (oldest == NULL || p->begun < oldest->begun)
				oldest = p;
		}
		bool sends = oldest != NULL &&
			     (oldest->phase == PHASE_STREAM || oldest->phase == PHASE_WRITING);
		if (oldest == NULL || (holders == 1 && sends))
			return;
		let_go(oldest);
	}
}

void peer_hold(struct peer *p, size_t bytes)
{
	struct peers *all = p->all;
	bool more = bytes > p->held;
	all->buffered = all->buffered - p->held + bytes;
	p->held = bytes;
	if (more && all->buffered > all->rules.budget)
		relieve(all);
}

static void late(struct peer *p)
{
	switch (p->phase) {
	case PHASE_RUNNING:
	case PHASE_UPLOAD:
		if (p->running != NULL) {
			p->all->calls.late(p->all->arg, p);
			return;
		}
		break;
	case PHASE_HEAD:
	case PHASE_BODY:
	case PHASE_STREAM:
	case PHASE_WRITING:
	case PHASE_LINGER:
		break;
	}
	peer_end(p);
}

static void on_sweep(evutil_socket_t fd, short what, void *arg)
{
	struct peers *all = arg;
	int64_t now = clock_monotonic();
	(void)fd;
	(void)what;
	/* Ending a peer takes it off the list later, in a turn of its own. */
	for (struct peer *p = TAILQ_FIRST(&all->list), *next; p != NULL; p = next) {
		next = TAILQ_NEXT(p, link);
		if (p->deadline <= now && peer_alive(p)) {
			p->deadline = now + GRACE_US;
			late(p);
		}
	}
}

/* The filter's end, in a turn of the loop after evhttp let go of it. */
static void on_end(void *arg)
{
	struct peer *p = arg;
	struct peers *all = p->all;
	peer_hold(p, 0);
	event_del(&p->wake);
	if (p->reads)
		event_del(&p->reader);
	/* The socket's bufferevent ends a turn later. */
	evbuffer_remove_cb_entry(peer_output(p), p->watch);
	TAILQ_REMOVE(&all->list, p, link);
	if (all->handing == p)
		all->handing = NULL;
	explicit_bzero(&p->memo, sizeof p->memo);
	free(p);
	if (--all->count > 0)
		return;
	event_del(&all->sweep);
	all->calls.empty(all->arg);
}

/* Room for one more: whoever is idle for longest goes, then whoever takes too long over a head.
 */
static bool make_room(struct peers *all)
{
	struct peer *victim = NULL, *p;
	int64_t slow = clock_monotonic() - SLOW_HEAD_US;
	TAILQ_FOREACH(p, &all->list, link)
	{
		if (p->phase != PHASE_HEAD || p->doomed || !peer_alive(p) ||
			(p->begun != 0 && p->begun > slow))
			continue;
		if (victim == NULL || p->deadline < victim->deadline)
			victim = p;
	}
	if (victim != NULL)
		peer_end_soon(victim);
	return victim != NULL;
}

struct bufferevent *peer_new(struct peers *all, struct bufferevent *socket, struct ssl_st *tls)
{
	struct peer *p = calloc(1, sizeof *p);
	if (p == NULL)
		abort();
	p->all = all;
	p->socket = socket;
	p->tls = tls;
	p->filter = bufferevent_filter_new(
		socket, peer_take, NULL, BEV_OPT_CLOSE_ON_FREE, on_end, p);
	p->watch = evbuffer_add_cb(bufferevent_get_output(socket), peer_on_output, p);
	if (p->filter == NULL || p->watch == NULL)
		abort();
	event_assign(&p->wake, all->base, -1, 0, peer_on_wake, p);
	if (tls == NULL) {
		bufferevent_disable(socket, EV_READ);
		peer_wake(p); /* evhttp sets the descriptor after this returns */
	}
	peer_begin_next(p);
	if (all->count >= all->rules.max_peers && !make_room(all)) {
		all->refused++;
		p->crowded = true;
		peer_end_soon(p);
	}
	TAILQ_INSERT_TAIL(&all->list, p, link);
	if (all->count++ == 0) {
		const struct timeval period = { 0, SWEEP_US };
		event_add(&all->sweep, &period);
	}
	return p->filter;
}

struct peers *peers_new(struct event_base *base, const struct peer_rules *rules,
	const struct peer_calls *calls, void *arg)
{
	struct peers *all = calloc(1, sizeof *all);
	if (all == NULL)
		abort();
	all->base = base;
	all->rules = *rules;
	all->calls = *calls;
	all->arg = arg;
	TAILQ_INIT(&all->list);
	event_assign(&all->sweep, base, -1, EV_PERSIST, on_sweep, all);
	return all;
}

void peers_free(struct peers *all)
{
	if (all == NULL)
		return;
	assert(TAILQ_EMPTY(&all->list));
	event_del(&all->sweep);
	free(all);
}

bool peer_has_arrived(const struct peer *p)
{
	char first;
	return recv(bufferevent_getfd(p->socket), &first, 1, MSG_PEEK | MSG_DONTWAIT) > 0;
}

void peers_drain(struct peers *all)
{
	struct peer *p;
	int64_t soon = clock_monotonic() + GRACE_US;
	all->draining = true;
	TAILQ_FOREACH(p, &all->list, link)
	{
		if (p->phase != PHASE_HEAD || p->begun != 0)
			continue;
		if (peer_has_arrived(p))
			p->deadline = soon; /* a request in the making gets its own */
		else
			peer_end_soon(p);
	}
}

int peers_count(const struct peers *all)
{
	return all->count;
}

size_t peers_buffered(const struct peers *all)
{
	return all->buffered;
}

int64_t peers_refused(const struct peers *all)
{
	return all->refused;
}

int64_t peers_bytes_in(const struct peers *all)
{
	return all->bytes_in;
}
