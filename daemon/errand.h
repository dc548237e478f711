/* SPDX-License-Identifier: MulanPSL-2.0 */
/* errand: a command's short stay at the database: one pool, one loop, driven until each
 * question is answered. */
#ifndef OGID_ERRAND_H
#define OGID_ERRAND_H

#include "config.h"
#include "store/audit.h"
#include "store/directory.h"

struct event_base;

struct errand {
	const struct config *config; /* borrowed */
	struct event_base *base;
	struct pool *pool;
	struct arena *arena; /* of everything asked */
	struct tickets *tickets;
	struct keys *keys; /* borrowed */
	struct directory *directory;
	int64_t now;
	bool answered;
	enum db_result result;
};

/* Checks the schema and loads the directory; false with a sentence on stderr. Close it in any
 * case. */
bool errand_open(struct errand *e, const struct config *config, struct keys *keys);
void errand_close(struct errand *e);
/* Sends the reads and waits; false with a sentence on stderr. */
bool errand_read(struct errand *e, struct batch *reads);
/* An audited write by "system": `queue` adds what hangs on the mark. False with a sentence on
 * stderr. */
typedef void errand_queue_fn(
	struct errand *e, struct batch *writes, const struct audit_mark *mark, void *arg);
bool errand_write(struct errand *e, int32_t org, const char *action, const char *object,
	errand_queue_fn *queue, void *arg);

#endif
