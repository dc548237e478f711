/* SPDX-License-Identifier: MulanPSL-2.0 */
/* db/prepared: which statements one connection has prepared: a set of pointers to const rows.
 */
#ifndef OGID_DB_PREPARED_H
#define OGID_DB_PREPARED_H

#include "db/rows.h"

struct prepared {
	struct prepared_entry *entry;
	size_t size, used;
};

/* The flag of a statement, false when it is new; valid until the next call. */
bool *prepared_flag(struct prepared *p, const struct stmt *s);
/* Forgets all; a zeroed struct is an empty set. */
void prepared_clear(struct prepared *p);

#endif
