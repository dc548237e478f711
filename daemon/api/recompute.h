/* SPDX-License-Identifier: MulanPSL-2.0 */
/*
 * api/recompute: new rules reach the cases. Each case that may move is folded anew; where its
 * projection moves, a `recomputed` event says from which date to which and why (contract-cases
 * §1.3). Runs on the event loop, a page at a time, beside whatever else is served. Doing it
 * twice changes nothing: what has moved already is where it should be.
 */
#ifndef OGID_API_RECOMPUTE_H
#define OGID_API_RECOMPUTE_H

#include "store/case.h"
#include "store/directory.h"
#include "store/event.h"
#include "store/refold.h"

#include "db/pool.h"

struct recompute;

/* A case that moves. Borrowed until the callback returns. */
struct recompute_found {
	const struct case_row *before, *after; /* as stored; as folded anew */
	const struct ogi_history *history;
	const char *column; /* the first that differs */
};

struct recompute_plan {
	struct pool *pool;
	struct keys *keys;
	/* The snapshot in force, looked at anew for each page. */
	struct directory *const *directory;
	/* A preview: the calendars to fold by. NULL: those of the snapshot. */
	const struct calendars *calendars;
	bool write;
	/* The newest settings reach the cases too; else each stays with those it has. */
	bool settings;
	struct refold_filter filter;
	/* Moves for the same notice written since are told again (by an earlier run of the same
	 * work, which did not live to tell). 0: not. */
	int64_t since;
	const int32_t *org; /* to go through, borrowed */
	int orgs;           /* at least one */
	const char *notice; /* kept in the events, or NULL */
	/* Called for each case that moves, after its event is durable when writing. */
	void (*found)(void *arg, const struct recompute_found *found);
	/* Called after each page with what was done so far; false gives it up. */
	bool (*page)(void *arg, const struct recompute *r);
	/* Called once at the end; the recompute dies after it. DB_DONE: whole. */
	void (*done)(void *arg, const struct recompute *r, enum db_result result);
	void *arg;
};

/* Begins; nothing is called back before the next turn of the loop. */
struct recompute *recompute_begin(const struct recompute_plan *plan);

/* How far it is: cases folded, moved, left because others worked on them; organisations. */
struct recompute_counts {
	int64_t cases, moved, busy;
	int orgs_done;
};
struct recompute_counts recompute_counts(const struct recompute *r);

#endif
