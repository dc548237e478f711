/* SPDX-License-Identifier: MulanPSL-2.0 */
/* What server.c shares with the exchanges, the answers and the password threads. Private to
 * web/. */
#ifndef OGID_WEB_SERVER_PARTS_H
#define OGID_WEB_SERVER_PARTS_H

#include "base/log.h"
#include "web/router.h"
#include "web/server.h"

#include <sys/queue.h>

struct running;
struct passwords;
TAILQ_HEAD(running_queue, running);

struct server {
	struct event_base *base;
	struct pool *pool;
	struct router *router;
	const struct session_lookup *lookup;
	const struct code *roles;
	const char *const *proxies;
	const struct files *files;
	void (*problem_page)(struct exchange *x, const struct problem *p);
	void *app;
	struct sessions *sessions;
	struct passwords *passwords;
	struct peers *peers;
	struct running_queue running;
	struct running_queue ready; /* exchanges that wait for the database to be there again */
	bool ready_asked;
	struct running_queue line; /* who writes again, and who waits for that */
	uint64_t numbers;
	struct server_counts counts;
	struct buf head; /* scratch: the head of an answer */
	char date[40];
	int64_t date_at;
	struct log_held lines; /* of the exchanges that ended in this turn */
	struct event *turn_end;
};

#endif
