/* SPDX-License-Identifier: MulanPSL-2.0 */
/*
 * web/router: from a method and a decoded path to a row of the route table. The table is cut
 * into segments once, into a tree; a literal segment wins over "{id}.csv", which wins over
 * "{id}".
 */
#ifndef OGID_WEB_ROUTER_H
#define OGID_WEB_ROUTER_H

#include "web/exchange.h"

enum { ROUTE_ARGS = 4 };

struct router;
/* Routes end with a row whose path is NULL; borrowed. A table that contradicts itself (two rows
 * for one method and path, over 4 parameters, a bad pattern) is a bug: asserted. */
struct router *router_new(const struct route *routes);
void router_free(struct router *r);

struct routed {
	const struct route *of[METHODS]; /* the rows of this path; NULL: no such method */
	const char
		*arg[ROUTE_ARGS]; /* where the parameters stand in the path, not terminated */
	size_t arg_size[ROUTE_ARGS];
	int args;
};
/* False when no row has this path. */
bool router_find(const struct router *r, const char *path, size_t n, struct routed *ret_routed);

#endif
