/* SPDX-License-Identifier: MulanPSL-2.0 */
/*
 * web/password: a queue, a few threads, and an eventfd that wakes the loop. A job owns copies
 * of what it needs, so the threads never touch an exchange; the loop copies the result back.
 */
#include "web/password.h"

#include "web/passwords.h"
#include "web/server_parts.h"

#include <assert.h>
#include <crypt.h>
#include <event2/event.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/queue.h>
#include <unistd.h>

/* What no password matches: hashing against it takes as long as against a real one. */
static const char nobody[] = "$y$j9T$mBXOa7zNsID3U51ecXfrh/$";
static const char scheme[] = "$y$"; /* yescrypt at libcrypt's default cost */

enum { HASH_SIZE = 384 };

struct job {
	TAILQ_ENTRY(job) link;
	struct exchange *x;
	struct hashing *to;
	bool compares;
	char *password;
	char stored[HASH_SIZE];
	bool same, made;
	char hash[HASH_SIZE];
};
TAILQ_HEAD(jobs, job);

struct passwords {
	pthread_mutex_t lock;
	pthread_cond_t more;
	struct jobs waiting, done;
	int length, most;
	bool ends;
	int wake; /* eventfd */
	struct event *woken;
	int threads;
	pthread_t thread[];
};

static bool same_text(const char *a, const char *b)
{
	size_t n = strlen(a);
	if (n != strlen(b))
		return false;
	unsigned char differs = 0;
	for (size_t i = 0; i < n; i++)
		differs |= (unsigned char)(a[i] ^ b[i]);
	return differs == 0;
}

static bool make_hash(const char *password, struct crypt_data *room, char out[HASH_SIZE])
{
	char salt[CRYPT_GENSALT_OUTPUT_SIZE];
	if (crypt_gensalt_rn(scheme, 0, NULL, 0, salt, sizeof salt) == NULL)
		return false;
	const char *hash = crypt_rn(password, salt, room, sizeof *room);
	if (hash == NULL || strlen(hash) >= HASH_SIZE)
		return false;
	memcpy(out, hash, strlen(hash) + 1);
	return true;
}

static void hash_one(struct job *j, struct crypt_data *room)
{
	memset(room, 0, sizeof *room);
	if (j->compares) {
		bool known = j->stored[0] != '\0';
		const char *hash =
			crypt_rn(j->password, known ? j->stored : nobody, room, sizeof *room);
		j->same = known && hash != NULL && same_text(hash, j->stored);
	} else {
		j->made = make_hash(j->password, room, j->hash);
	}
	explicit_bzero(room, sizeof *room);
}

static void *work(void *arg)
{
	struct passwords *p = arg;
	struct crypt_data *room = calloc(1, sizeof *room);
	if (room == NULL)
		abort();
	pthread_mutex_lock(&p->lock);
	for (;;) {
		while (!p->ends && TAILQ_EMPTY(&p->waiting))
			pthread_cond_wait(&p->more, &p->lock);
		if (p->ends)
			break;
		struct job *j = TAILQ_FIRST(&p->waiting);
		TAILQ_REMOVE(&p->waiting, j, link);
		p->length--;
		pthread_mutex_unlock(&p->lock);
		hash_one(j, room);
		pthread_mutex_lock(&p->lock);
		TAILQ_INSERT_TAIL(&p->done, j, link);
		const uint64_t one = 1;
		/* The counter cannot overflow: every job adds one. */
		ssize_t written = write(p->wake, &one, sizeof one);
		(void)written;
	}
	pthread_mutex_unlock(&p->lock);
	free(room);
	return NULL;
}

static void free_job(struct job *j)
{
	explicit_bzero(j->password, strlen(j->password));
	free(j->password);
	free(j);
}

static void on_done(evutil_socket_t fd, short what, void *arg)
{
	struct passwords *p = arg;
	uint64_t count;
	ssize_t got = read(fd, &count, sizeof count);
	(void)got;
	(void)what;
	struct jobs done;
	TAILQ_INIT(&done);
	pthread_mutex_lock(&p->lock);
	TAILQ_CONCAT(&done, &p->done, link);
	pthread_mutex_unlock(&p->lock);
	struct job *j;
	while ((j = TAILQ_FIRST(&done)) != NULL) {
		TAILQ_REMOVE(&done, j, link);
		j->to->same = j->same;
		memcpy(j->to->hash, j->hash, sizeof j->hash);
		struct exchange *x = j->x;
		free_job(j);
		exchange_resume(x);
	}
}

/* The password stood in the body, in its JSON and in the caller's struct: none of them needs it
 * any more. */
static void wipe(struct exchange *x, struct hashing *h)
{
	explicit_bzero((void *)(uintptr_t)h->password, strlen(h->password));
	h->password = "";
	if (x->body != NULL)
		explicit_bzero((void *)(uintptr_t)x->body, x->body_size);
}

bool password_begin(struct exchange *x, struct hashing *h)
{
	struct passwords *p = x->server->passwords;
	struct job *j = calloc(1, sizeof *j);
	if (j == NULL || (j->password = strdup(h->password)) == NULL)
		abort();
	j->x = x;
	j->to = h;
	j->compares = h->stored != NULL;
	bool fits = h->stored == NULL || strlen(h->stored) < sizeof j->stored;
	if (j->compares && fits)
		memcpy(j->stored, h->stored, strlen(h->stored) + 1);
	pthread_mutex_lock(&p->lock);
	bool room = p->length < p->most;
	if (room) {
		TAILQ_INSERT_TAIL(&p->waiting, j, link);
		p->length++;
		pthread_cond_signal(&p->more);
	}
	pthread_mutex_unlock(&p->lock);
	if (!room) {
		free_job(j);
		return false;
	}
	wipe(x, h);
	exchange_park(x);
	return true;
}

bool password_hash(const char *password, char out[384])
{
	struct crypt_data *room = calloc(1, sizeof *room);
	if (room == NULL)
		abort();
	bool made = make_hash(password, room, out);
	explicit_bzero(room, sizeof *room);
	free(room);
	return made;
}

struct passwords *passwords_new(struct event_base *base, int threads, int queue)
{
	struct passwords *p = calloc(1, sizeof *p + (size_t)threads * sizeof(pthread_t));
	if (p == NULL)
		abort();
	pthread_mutex_init(&p->lock, NULL);
	pthread_cond_init(&p->more, NULL);
	TAILQ_INIT(&p->waiting);
	TAILQ_INIT(&p->done);
	p->most = queue;
	p->wake = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
	p->woken = p->wake >= 0 ? event_new(base, p->wake, EV_READ | EV_PERSIST, on_done, p)
				: NULL;
	if (p->woken == NULL || event_add(p->woken, NULL) != 0) {
		passwords_free(p);
		return NULL;
	}
	for (; p->threads < threads; p->threads++)
		if (pthread_create(&p->thread[p->threads], NULL, work, p) != 0) {
			passwords_free(p);
			return NULL;
		}
	return p;
}

static void free_jobs(struct jobs *list)
{
	struct job *j;
	while ((j = TAILQ_FIRST(list)) != NULL) {
		TAILQ_REMOVE(list, j, link);
		free_job(j);
	}
}

void passwords_free(struct passwords *p)
{
	if (p == NULL)
		return;
	pthread_mutex_lock(&p->lock);
	p->ends = true;
	pthread_cond_broadcast(&p->more);
	pthread_mutex_unlock(&p->lock);
	for (int i = 0; i < p->threads; i++)
		pthread_join(p->thread[i], NULL);
	free_jobs(&p->waiting);
	free_jobs(&p->done);
	if (p->woken != NULL)
		event_free(p->woken);
	if (p->wake >= 0)
		close(p->wake);
	pthread_cond_destroy(&p->more);
	pthread_mutex_destroy(&p->lock);
	free(p);
}
