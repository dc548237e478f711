/* SPDX-License-Identifier: MulanPSL-2.0 */
/* db/handshake: how a connection is tried: parameters, host order, pauses between attempts,
 * what the log says of them. */
#ifndef OGID_DB_HANDSHAKE_H
#define OGID_DB_HANDSHAKE_H

#include <libpq-fe.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/time.h>

/* Zeroed is ready. */
struct handshake {
	int attempt;     /* failed ones in a row; rotates the hosts */
	int64_t started; /* clock_monotonic */
};

/* PQconnectStartParams; never NULL (memory out aborts). A host name is looked up here,
 * blocking. */
PGconn *handshake_start(struct handshake *h, const char *conninfo, bool read_write);
/* True when the attempt has lasted too long: libpq does not look at connect_timeout here. */
bool handshake_late(const struct handshake *h, int64_t now);
/* Logs the first failure of a row and every 20th. */
void handshake_failed(struct handshake *h, const char *role, const char *why);
void handshake_done(struct handshake *h);
/* 50 ms, doubled with each failure up to 2 s; less up to a half of it, so that processes do not
 * come back all at once. */
struct timeval handshake_pause(const struct handshake *h);

#endif
