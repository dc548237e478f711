/* SPDX-License-Identifier: MulanPSL-2.0 */
/* db/handshake: connection parameters and pauses. */
#include "db/handshake.h"

#include "base/clock.h"
#include "base/log.h"
#include "db/hosts.h"

#include <stdlib.h>

enum { PAUSE_FIRST_MS = 50, PAUSE_MOST_MS = 2000, SHAKE_MOST_MS = 2000, LOG_EVERY = 20 };

PGconn *handshake_start(struct handshake *h, const char *conninfo, bool read_write)
{
	struct hosts hosts = hosts_rotated(conninfo, h->attempt);
	const char *name[16], *value[16];
	int n = 0;
	/* Before the string of the settings: it may say otherwise. */
	name[n] = "keepalives_idle", value[n++] = "30";
	name[n] = "keepalives_interval", value[n++] = "10";
	name[n] = "keepalives_count", value[n++] = "3";
	name[n] = "fallback_application_name", value[n++] = "ogid";
	name[n] = "dbname", value[n++] = conninfo;
	/* Behind it: it may not. */
	name[n] = "client_encoding", value[n++] = "UTF8";
	if (read_write)
		name[n] = "target_session_attrs", value[n++] = "read-write";
	if (hosts.host != NULL)
		name[n] = "host", value[n++] = hosts.host;
	if (hosts.hostaddr != NULL)
		name[n] = "hostaddr", value[n++] = hosts.hostaddr;
	if (hosts.port != NULL)
		name[n] = "port", value[n++] = hosts.port;
	name[n] = value[n] = NULL;
	h->started = clock_monotonic();
	PGconn *conn = PQconnectStartParams(name, value, 1);
	hosts_clear(&hosts);
	if (conn == NULL)
		abort();
	return conn;
}

bool handshake_late(const struct handshake *h, int64_t now)
{
	return now - h->started > (int64_t)SHAKE_MOST_MS * 1000;
}

void handshake_failed(struct handshake *h, const char *role, const char *why)
{
	if (h->attempt % LOG_EVERY == 0)
		log_line(LOG_AT_WARNING, "db",
			"role=%s state=unreachable attempt=%d text=\"%s\"", role,
			h->attempt + 1, why);
	h->attempt++;
}

void handshake_done(struct handshake *h)
{
	h->attempt = 0;
}

struct timeval handshake_pause(const struct handshake *h)
{
	long most = PAUSE_FIRST_MS;
	for (int i = 1; i < h->attempt && most < PAUSE_MOST_MS; i++)
		most *= 2;
	if (most > PAUSE_MOST_MS)
		most = PAUSE_MOST_MS;
	long ms = most / 2 + arc4random_uniform((uint32_t)most / 2 + 1);
	return (struct timeval){ .tv_sec = ms / 1000, .tv_usec = (ms % 1000) * 1000 };
}
