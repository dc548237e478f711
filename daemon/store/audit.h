/* SPDX-License-Identifier: MulanPSL-2.0 */
/*
 * store/audit: who did what beside the events of cases (which are their own record): logins,
 * accounts, reveals, exports, disclosures. Chained; an entry is the first statement of the
 * write it stands for, and everything else in that write hangs on it (AUDIT_GATE), so that
 * nothing is done without a trace and no trace is left of what was not done.
 */
#ifndef OGID_STORE_AUDIT_H
#define OGID_STORE_AUDIT_H

#include "store/chain.h"
#include "store/idempotency.h"

struct audit_fact {
	int32_t org;        /* concerned; 0 = the installation */
	int32_t actor;      /* user id, 0 for the system */
	const char *login;  /* of the actor, "system" for the programs */
	const char *action; /* code: case.reveal, user.add, session.open */
	const char
		*object; /* what it was done to, or NULL; never personal data of applicants */
	const char *detail; /* ready JSON, or NULL; likewise */
	int64_t at;         /* microseconds; kept to the millisecond */
};

struct audit_mark {
	struct ticket ticket;
	struct mac hash;
	const struct rows *written;
};

/*
 * Queues the entry, first in the write; TICKET_AUDIT of the organisation must be known
 * (tickets_known). With `key` its row is written too, in the same statement. The fact is not
 * used afterwards.
 */
void audit_ask(struct arena *a, struct batch *writes, const struct audit_fact *fact,
	const struct remembered *key, struct tickets *tickets, const struct keys *keys,
	struct audit_mark *ret_mark);
/* After the write: true when the entry, and with it all of the write, is stored. False when
 * somebody was faster (the head is forgotten) or the key was used: run the steps again. */
bool audit_written(struct tickets *tickets, const struct audit_mark *mark);

/* Condition of a statement that belongs to an audited write. Its parameters begin with those of
 * audit_gate. */
#define AUDIT_GATE                                                                             \
	" EXISTS (SELECT 1 FROM audit_entry WHERE org_id = $1 AND seq = $2 AND hash = $3)"
/* Binds $1..$3. */
void audit_gate(struct bind *v, const struct audit_mark *mark);

/* Newest first: entries of the audit and events of cases of the scope. */
struct audit_filter {
	const int32_t *scope;
	int scopes;
	int64_t from, before; /* instants; 0 = open; `before` is exclusive */
	int32_t actor;        /* user id, 0 all */
	const char *action;   /* code, or NULL; events of cases are "case." and their kind */
	int64_t after_at;     /* keyset: the last one seen, 0 = from the newest */
	const char *after_key;
	int limit; /* rows wanted; one more is asked for */
};
const struct rows *audit_ask_list(struct batch *b, const struct audit_filter *filter);
struct audit_row {
	int32_t org, actor; /* actor 0: the system */
	int64_t at;
	const char *action, *object, *key;
	const char *canonical; /* of an audit entry, NULL for an event */
	struct mac hash;
};
void audit_read(const struct rows *r, int row, struct audit_row *ret_row);

#endif
