/* SPDX-License-Identifier: MulanPSL-2.0 */
/* db/prepared: open addressing, at most half full. */
#include "db/prepared.h"

#include <stdlib.h>

enum { FIRST_SIZE = 64 };

struct prepared_entry {
	const struct stmt *stmt;
	bool there;
};

static struct prepared_entry *place(struct prepared *p, const struct stmt *s)
{
	/* Rows of statements lie next to each other: their low bits say little. */
	size_t at = (size_t)((uintptr_t)s >> 4) * 2654435761u;
	for (;; at++) {
		struct prepared_entry *e = &p->entry[at & (p->size - 1)];
		if (e->stmt == s || e->stmt == NULL)
			return e;
	}
}

static void grow(struct prepared *p)
{
	struct prepared old = *p;
	p->size = old.size > 0 ? 2 * old.size : FIRST_SIZE;
	p->entry = calloc(p->size, sizeof *p->entry);
	if (p->entry == NULL)
		abort();
	for (size_t i = 0; i < old.size; i++) {
		if (old.entry[i].stmt != NULL)
			*place(p, old.entry[i].stmt) = old.entry[i];
	}
	free(old.entry);
}

bool *prepared_flag(struct prepared *p, const struct stmt *s)
{
	if (2 * p->used >= p->size)
		grow(p);
	struct prepared_entry *e = place(p, s);
	if (e->stmt == NULL) {
		e->stmt = s;
		p->used++;
	}
	return &e->there;
}

void prepared_clear(struct prepared *p)
{
	free(p->entry);
	*p = (struct prepared){ 0 };
}
