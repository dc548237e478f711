/* SPDX-License-Identifier: MulanPSL-2.0 */
/*
 * tests/api: a pool that answers by a script instead of a database, so that every way a
 * database can fail is met on demand. It defines the functions of db/pool.h that web/ calls.
 */
#ifndef OGID_TEST_PROBE_POOL_H
#define OGID_TEST_PROBE_POOL_H

#include "db/pool.h"

struct pool *probe_pool_new(struct event_base *base);
/*
 * The results of the next batches, separated by commas: done, away, full, timeout, lost,
 * unknown, an SQLSTATE; "later" is done after 1.5 s; "down" is unknown and away for 100 ms;
 * "dead" is unknown and away for ever.
 */
void probe_pool_script(struct pool *p, const char *results);
void probe_pool_free(struct pool *p);

#endif
