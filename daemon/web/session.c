/* SPDX-License-Identifier: MulanPSL-2.0 */
/* web/session: a table of the actors found lately. An entry lives on while an exchange uses it.
 */
#include "web/session.h"

#include "base/arena.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>

struct entry {
	struct actor who;
	int64_t until;      /* microseconds; then it is looked up again */
	int users;          /* exchanges that hold it, and the table */
	struct entry *same; /* of the bucket */
	TAILQ_ENTRY(entry) age;
	char text[]; /* what `who` points to */
};
TAILQ_HEAD(ages, entry);

struct sessions {
	struct entry **bucket;
	size_t buckets;   /* a power of two */
	struct ages ages; /* least lately used first */
	int count, most;
	int64_t lifetime_us;
};

struct sessions *sessions_new(int most, int64_t lifetime_ms)
{
	assert(most > 0);
	struct sessions *s = calloc(1, sizeof *s);
	if (s == NULL)
		abort();
	for (s->buckets = 64; s->buckets < (size_t)most; s->buckets *= 2)
		;
	s->bucket = calloc(s->buckets, sizeof(struct entry *));
	if (s->bucket == NULL)
		abort();
	s->most = most;
	s->lifetime_us = lifetime_ms * 1000;
	TAILQ_INIT(&s->ages);
	return s;
}

/* Tokens are hashed already: their first bytes are as good as any hash. */
static struct entry **bucket_of(const struct sessions *s, const struct mac *token)
{
	uint64_t h;
	memcpy(&h, token->byte, sizeof h);
	return &s->bucket[h & (s->buckets - 1)];
}

static void release(void *arg)
{
	struct entry *e = arg;
	if (--e->users == 0)
		free(e);
}

static void drop(struct sessions *s, struct entry *e)
{
	struct entry **at = bucket_of(s, &e->who.token);
	while (*at != e)
		at = &(*at)->same;
	*at = e->same;
	TAILQ_REMOVE(&s->ages, e, age);
	s->count--;
	release(e);
}

static struct entry *find(const struct sessions *s, const struct mac *token)
{
	struct entry *e = *bucket_of(s, token);
	while (e != NULL && !mac_same(&e->who.token, token))
		e = e->same;
	return e;
}

const struct actor *sessions_find(
	struct sessions *s, struct arena *a, const struct mac *token, int64_t now)
{
	struct entry *e = find(s, token);
	if (e == NULL)
		return NULL;
	if (now >= e->until || now >= e->who.expires_at) {
		drop(s, e);
		return NULL;
	}
	TAILQ_REMOVE(&s->ages, e, age);
	TAILQ_INSERT_TAIL(&s->ages, e, age);
	e->users++;
	arena_at_end(a, release, e);
	return &e->who;
}

static const char *copy(char **at, const char *s)
{
	if (s == NULL)
		return NULL;
	char *to = *at;
	size_t n = strlen(s) + 1;
	memcpy(to, s, n);
	*at += n;
	return to;
}

static size_t size_of(const char *s)
{
	return s != NULL ? strlen(s) + 1 : 0;
}

void sessions_keep(struct sessions *s, const struct actor *who, int64_t now)
{
	struct entry *old = find(s, &who->token);
	if (old != NULL)
		drop(s, old);
	size_t scope = (size_t)who->scopes * sizeof *who->scope;
	size_t text = size_of(who->login) + size_of(who->name) + size_of(who->org_code);
	struct entry *e = calloc(1, sizeof *e + scope + text);
	if (e == NULL)
		abort();
	e->who = *who;
	char *at = e->text;
	/* The flexible member begins aligned for int32_t: it follows pointers. */
	if (scope > 0)
		memcpy(at, who->scope, scope);
	e->who.scope = (const int32_t *)(const void *)at;
	at += scope;
	e->who.login = copy(&at, who->login);
	e->who.name = copy(&at, who->name);
	e->who.org_code = copy(&at, who->org_code);
	e->until = now + s->lifetime_us;
	e->users = 1;
	struct entry **bucket = bucket_of(s, &who->token);
	e->same = *bucket;
	*bucket = e;
	TAILQ_INSERT_TAIL(&s->ages, e, age);
	if (++s->count > s->most)
		drop(s, TAILQ_FIRST(&s->ages));
}

void sessions_drop(struct sessions *s, const struct mac *token)
{
	struct entry *e = find(s, token);
	if (e != NULL)
		drop(s, e);
}

void sessions_drop_all(struct sessions *s)
{
	for (struct entry *e = TAILQ_FIRST(&s->ages), *next; e != NULL; e = next) {
		next = TAILQ_NEXT(e, age);
		drop(s, e);
	}
}

void sessions_free(struct sessions *s)
{
	if (s == NULL)
		return;
	sessions_drop_all(s);
	free(s->bucket);
	free(s);
}
