/* SPDX-License-Identifier: MulanPSL-2.0 */
/*
 * jobs/run: work beside the server: programs that ask the database and wait, on the same pool
 * and the same statements. A job is an exchange nobody waits for.
 */
#ifndef OGID_JOBS_RUN_H
#define OGID_JOBS_RUN_H

#include "db/pool.h"
#include "jobs/courier.h"
#include "store/directory.h"

#include <stdio.h>

struct event_base;

/* What jobs need of the settings file; texts are borrowed, "" is not set. */
struct job_settings {
	const char *seal_folder;
	int verify_nights; /* each case is verified within so many */
	struct courier_settings courier;
};

struct job {
	struct event_base *base;
	struct pool *pool;
	struct keys *keys;
	struct directory *directory; /* loaded by job_open */
	FILE *out, *err;
	const struct job_settings *settings; /* given by main */
};

/* Connects and loads the directory; false with one sentence on err. conninfo is of the
 * application role. */
bool job_open(struct job *j, const char *conninfo, struct keys *keys, FILE *out, FILE *err);
void job_close(struct job *j);
/* Asks and waits; true when answered, else one line on err. */
bool job_read(struct job *j, struct batch *b);
/* One write of its own; DB_DONE when durable. */
enum db_result job_write(struct job *j, struct batch *b, int32_t org);

#endif
