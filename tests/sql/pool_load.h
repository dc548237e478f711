/* SPDX-License-Identifier: MulanPSL-2.0 */
/* tests/sql/pool_load: many clients at once, each asking anew as soon as it is answered. */
#ifndef OGID_TESTS_POOL_LOAD_H
#define OGID_TESTS_POOL_LOAD_H

#include "db/pool.h"

/*
 * Words: operations clients kind, kind one of
 *   get      reads one item of org 1, ids 1..1000, and checks it
 *   create   takes a number, writes an item (a new id) and checks both
 *   mixed    both, a twentieth of them bound to fail
 * Prints "load done=… refused=… wrong=… micros=… cpu_micros=…" when all are answered. wrong
 * counts answers that are not what was asked for.
 */
void load_start(struct pool *pool, char **word, int words);

#endif
