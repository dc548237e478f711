/* SPDX-License-Identifier: MulanPSL-2.0 */
/* base/arena: a list of blocks cut from the front; blocks double, so few are made. */
#include "base/arena.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define ARENA_ALONE 1
#endif
#endif
#if defined(__SANITIZE_ADDRESS__)
#define ARENA_ALONE 1
#endif

enum {
	ALIGNMENT = _Alignof(max_align_t),
#ifdef ARENA_ALONE
	BLOCK_FIRST =
		0, /* a block per piece, so that AddressSanitizer sees the edges of each */
	BLOCK_MOST = 0,
#else
	BLOCK_FIRST = 4096,
	BLOCK_MOST = 262144,
#endif
};

struct block {
	struct block *before;
	size_t used, size;
	_Alignas(max_align_t) char bytes[];
};

struct hook {
	struct hook *before;
	void (*end)(void *);
	void *what;
};

struct arena {
	struct block *last;
	struct hook *hook;
	size_t next, out; /* size of the next block; bytes handed out */
};

/* Out of memory: aborting is the contract of the header. */
static void *must_have(void *p)
{
	if (p == NULL)
		abort();
	return p;
}

struct arena *arena_new(void)
{
	struct arena *a = must_have(calloc(1, sizeof *a));
	a->next = BLOCK_FIRST;
	return a;
}

void arena_free(struct arena *a)
{
	if (a == NULL)
		return;
	/* A hook may hang up another one, so the list is read anew each time. */
	while (a->hook != NULL) {
		struct hook *h = a->hook;
		a->hook = h->before;
		h->end(h->what);
	}
	while (a->last != NULL) {
		struct block *b = a->last;
		a->last = b->before;
		free(b);
	}
	free(a);
}

static struct block *block_add(struct arena *a, size_t bytes)
{
	size_t size = bytes > a->next ? bytes : a->next;
	struct block *b = must_have(malloc(sizeof *b + size));
	b->used = 0;
	b->size = size;
	/* A large piece gets a block of its own behind the last one, which may still have room.
	 */
	if (a->last != NULL && bytes > a->next) {
		b->before = a->last->before;
		a->last->before = b;
		return b;
	}
	b->before = a->last;
	a->last = b;
	if (a->next != BLOCK_MOST)
		a->next *= 2;
	return b;
}

/* Room for `bytes`, not zeroed. */
static void *take(struct arena *a, size_t bytes)
{
	if (bytes > SIZE_MAX / 2)
		abort();
	size_t n = bytes;
#ifndef ARENA_ALONE
	n = (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
#endif
	struct block *b = a->last;
	if (b == NULL || b->size - b->used < n || n == 0)
		b = block_add(a, n > 0 ? n : 1);
	void *p = b->bytes + b->used;
	b->used += n;
	a->out += n;
	return p;
}

void *arena_alloc(struct arena *a, size_t bytes)
{
	void *p = take(a, bytes);
	memset(p, 0, bytes);
	return p;
}

void *arena_many(struct arena *a, size_t n, size_t bytes)
{
	size_t all;
	if (__builtin_mul_overflow(n, bytes, &all))
		abort();
	return arena_alloc(a, all);
}

char *arena_text(struct arena *a, const char *s)
{
	return s != NULL ? arena_bytes(a, s, strlen(s)) : NULL;
}

char *arena_bytes(struct arena *a, const void *bytes, size_t n)
{
	if (n == SIZE_MAX)
		abort();
	char *copy = take(a, n + 1);
	if (n > 0)
		memcpy(copy, bytes, n);
	copy[n] = '\0';
	return copy;
}

char *arena_print(struct arena *a, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	char *s = arena_vprint(a, format, args);
	va_end(args);
	return s;
}

char *arena_vprint(struct arena *a, const char *format, va_list args)
{
	char small[256];
	va_list again;
	va_copy(again, args);
	int n = vsnprintf(small, sizeof small, format, args);
	if (n < 0)
		abort();
	char *s;
	if ((size_t)n < sizeof small) {
		s = arena_bytes(a, small, (size_t)n);
	} else {
		s = take(a, (size_t)n + 1);
		if (vsnprintf(s, (size_t)n + 1, format, again) != n)
			abort();
	}
	va_end(again);
	return s;
}

void arena_at_end(struct arena *a, void (*end)(void *), void *what)
{
	struct hook *h = arena_make(a, struct hook);
	h->before = a->hook;
	h->end = end;
	h->what = what;
	a->hook = h;
}

size_t arena_used(const struct arena *a)
{
	return a->out;
}
