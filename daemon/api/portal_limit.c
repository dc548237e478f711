/* SPDX-License-Identifier: MulanPSL-2.0 */
/* api/portal_limit: sets of a few entries; in a full set the oldest window makes room. */
#include "api/portal_limit.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SETS = 1024, WAYS = 4, SECOND_US = 1000000 };

struct seen {
	struct mac who; /* deed and address, keyed */
	int64_t began;  /* of the window, microseconds; 0: no entry */
	int count;
};
struct portal_limits {
	struct portal_rule rules[PORTAL_DEEDS];
	struct seen set[SETS][WAYS];
};

struct portal_limits *portal_limits_new(const struct portal_rule rules[PORTAL_DEEDS])
{
	struct portal_limits *l = calloc(1, sizeof *l);
	if (l == NULL)
		abort();
	memcpy(l->rules, rules, sizeof l->rules);
	return l;
}

void portal_limits_free(struct portal_limits *l)
{
	free(l);
}

/* Whoever has one address of IPv6 has the 2^64 of its network. */
static struct mac name_of(const struct keys *k, enum portal_deed deed, const char *address)
{
	char text[INET6_ADDRSTRLEN], name[INET6_ADDRSTRLEN + 32];
	struct in6_addr six;
	if (inet_pton(AF_INET6, address, &six) == 1) {
		bool four = IN6_IS_ADDR_V4MAPPED(&six);
		if (!four)
			memset(six.s6_addr + 8, 0, 8);
		if (inet_ntop(four ? AF_INET : AF_INET6, four ? six.s6_addr + 12 : six.s6_addr,
			    text, sizeof text) != NULL)
			address = text;
	}
	snprintf(name, sizeof name, "portal %d %.48s", (int)deed, address);
	return mac_blind(k, name);
}

static struct seen *find(struct portal_limits *l, const struct mac *who, bool make, int64_t now)
{
	uint32_t at;
	memcpy(&at, who->byte, sizeof at);
	struct seen *set = l->set[at % SETS], *oldest = set;
	for (int i = 0; i < WAYS; i++) {
		if (set[i].began != 0 && mac_same(&set[i].who, who))
			return &set[i];
		if (set[i].began < oldest->began)
			oldest = &set[i];
	}
	if (!make)
		return NULL;
	*oldest = (struct seen){ .who = *who, .began = now };
	return oldest;
}

static int look(struct portal_limits *l, const struct keys *k, enum portal_deed deed,
	const char *address, int64_t now, bool take)
{
	const struct portal_rule *rule = &l->rules[deed];
	struct mac who = name_of(k, deed, address);
	struct seen *s = find(l, &who, take, now);
	if (s == NULL)
		return 0;
	int64_t left = s->began + (int64_t)rule->window_s * SECOND_US - now;
	if (left <= 0 || now < s->began) {
		s->began = now;
		s->count = 0;
	}
	if (s->count >= rule->most)
		return (int)((left + SECOND_US - 1) / SECOND_US);
	s->count += take;
	return 0;
}

struct mac portal_limit_who(const struct keys *k, const char *address)
{
	return name_of(k, PORTAL_DEEDS, address);
}

int portal_limit_left(struct portal_limits *l, const struct keys *k, enum portal_deed deed,
	const char *address, int64_t now)
{
	return look(l, k, deed, address, now, false);
}

int portal_limit_take(struct portal_limits *l, const struct keys *k, enum portal_deed deed,
	const char *address, int64_t now)
{
	return look(l, k, deed, address, now, true);
}
