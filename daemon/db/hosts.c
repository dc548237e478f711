/* SPDX-License-Identifier: MulanPSL-2.0 */
/* db/hosts: reads the string with libpq's own parser. */
#include "db/hosts.h"

#include <libpq-fe.h>
#include <stdlib.h>
#include <string.h>

char *hosts_rotate_list(const char *list, int by)
{
	int items = 1;
	for (const char *s = list; *s != '\0'; s++)
		items += *s == ',';
	if (items < 2)
		return NULL;
	const char *cut = list;
	for (int left = by % items; left > 0; left--)
		cut = strchr(cut, ',') + 1;
	size_t all = strlen(list), head = (size_t)(cut - list);
	char *out = malloc(all + 2), *at = out;
	if (out == NULL)
		abort();
	memcpy(at, cut, all - head);
	at += all - head;
	if (head > 0) {
		*at++ = ',';
		memcpy(at, list, head - 1);
		at += head - 1;
	}
	*at = '\0';
	return out;
}

static char *rotated(const PQconninfoOption *options, const char *keyword, int by)
{
	for (const PQconninfoOption *o = options; o != NULL && o->keyword != NULL; o++) {
		if (strcmp(o->keyword, keyword) == 0 && o->val != NULL)
			return hosts_rotate_list(o->val, by);
	}
	return NULL;
}

struct hosts hosts_rotated(const char *conninfo, int by)
{
	PQconninfoOption *options = PQconninfoParse(conninfo, NULL);
	struct hosts h = {
		.host = rotated(options, "host", by),
		.hostaddr = rotated(options, "hostaddr", by),
		.port = rotated(options, "port", by),
	};
	PQconninfoFree(options);
	return h;
}

void hosts_clear(struct hosts *h)
{
	free(h->host);
	free(h->hostaddr);
	free(h->port);
	*h = (struct hosts){ 0 };
}
