/* SPDX-License-Identifier: MulanPSL-2.0 */
/*
 * base/arena: the memory of one exchange. Everything is freed at once; when memory is out the
 * process aborts, so nobody checks.
 */
#ifndef OGID_BASE_ARENA_H
#define OGID_BASE_ARENA_H

#include <stdarg.h>
#include <stddef.h>

struct arena;

struct arena *arena_new(void);
/* Runs the hooks, last first, then frees all memory. NULL is nothing. */
void arena_free(struct arena *a);

/* Zeroed memory, aligned for any type. */
void *arena_alloc(struct arena *a, size_t bytes);
#define arena_make(a, type) ((type *)arena_alloc((a), sizeof(type)))
/* n * bytes of it; aborts when the product does not fit. */
void *arena_many(struct arena *a, size_t n, size_t bytes);
#define arena_array(a, type, n) ((type *)arena_many((a), (size_t)(n), sizeof(type)))

char *arena_text(struct arena *a, const char *s);                /* NULL gives NULL */
char *arena_bytes(struct arena *a, const void *bytes, size_t n); /* copy with a terminator */
char *arena_print(struct arena *a, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
char *arena_vprint(struct arena *a, const char *format, va_list args)
	__attribute__((format(printf, 2, 0)));

/* `end(what)` is called by arena_free: for what is not memory (a PGresult, a json_t). */
void arena_at_end(struct arena *a, void (*end)(void *), void *what);

/* Bytes handed out so far. */
size_t arena_used(const struct arena *a);

#endif
