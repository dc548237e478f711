/* SPDX-License-Identifier: MulanPSL-2.0 */
/*
 * api/portal_limit: how much one address may do at the portal, where nobody logs in. Counted in
 * memory, in windows, in each process by itself. What nobody authorised may make the database
 * write (a request, the files of a form) is bounded by PORTAL_REQUESTS.
 */
#ifndef OGID_API_PORTAL_LIMIT_H
#define OGID_API_PORTAL_LIMIT_H

#include "base/mac.h"

#include <stdint.h>

enum portal_deed {
	PORTAL_REQUESTS, /* requests sent in, whole or faulty; corrections with files */
	PORTAL_LOOKUPS,  /* look-ups, corrections and withdrawals */
	PORTAL_REFUSALS, /* a number and a code that do not belong together, or are not given */
	PORTAL_DEEDS,
};
struct portal_rule {
	int most, window_s; /* so many in a window of seconds */
};

struct portal_limits; /* a table of fixed size; of many addresses the oldest are forgotten */
struct portal_limits *portal_limits_new(const struct portal_rule rules[PORTAL_DEEDS]);
void portal_limits_free(struct portal_limits *l);

/*
 * Seconds until the address may do it again, 0 = now. An IPv6 address counts as its /64, one
 * that stands for an IPv4 address as that. What is kept is a keyed hash of the address. `now`:
 * microseconds.
 */
int portal_limit_left(struct portal_limits *l, const struct keys *k, enum portal_deed deed,
	const char *address, int64_t now);
/* The same, and when it is 0 the deed is counted. */
int portal_limit_take(struct portal_limits *l, const struct keys *k, enum portal_deed deed,
	const char *address, int64_t now);
/* The keyed hash by which other counts know the address. */
struct mac portal_limit_who(const struct keys *k, const char *address);

#endif
