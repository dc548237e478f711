/* SPDX-License-Identifier: MulanPSL-2.0 */
/*
 * db/hosts: the order in which the hosts of a connection string are tried. libpq's asynchronous
 * connect has no time-out of its own: a host that accepts and then says nothing would hide the
 * ones behind it for ever, so each attempt begins with the next one.
 */
#ifndef OGID_DB_HOSTS_H
#define OGID_DB_HOSTS_H

/* The lists of a connection string, rotated; NULL where there is nothing to rotate. Owned. */
struct hosts {
	char *host, *hostaddr, *port;
};

struct hosts hosts_rotated(const char *conninfo, int by);
void hosts_clear(struct hosts *h);

/* A comma-separated list with its first `by` items (modulo its length) moved to the end, on the
 * heap; NULL when it has fewer than two items. */
char *hosts_rotate_list(const char *list, int by);

#endif
