/* SPDX-License-Identifier: MulanPSL-2.0 */
/* db/alarm: one timer of the event loop. */
#include "db/alarm.h"

#include <event2/event.h>
#include <stdlib.h>

struct alarm {
	struct event *timer;
	alarm_fn *fn;
	void *arg;
};

static void on_time(evutil_socket_t fd, short what, void *arg)
{
	struct alarm *a = arg;
	(void)fd;
	(void)what;
	a->fn(a->arg);
}

struct alarm *alarm_new(struct event_base *base, alarm_fn *fn, void *arg)
{
	struct alarm *a = calloc(1, sizeof *a);
	if (a == NULL)
		abort();
	*a = (struct alarm){ event_new(base, -1, 0, on_time, a), fn, arg };
	return a;
}

void alarm_set(struct alarm *a, int ms)
{
	const struct timeval wait = { .tv_sec = ms / 1000,
		.tv_usec = (suseconds_t)(ms % 1000) * 1000 };
	event_add(a->timer, &wait);
}

void alarm_stop(struct alarm *a)
{
	event_del(a->timer);
}

void alarm_free(struct alarm *a)
{
	if (a == NULL)
		return;
	event_free(a->timer);
	free(a);
}
