/* SPDX-License-Identifier: MulanPSL-2.0 */
/*
 * store/register: table register_entry: entries of the small registers, every version of them,
 * and what they count (domain/register says which and how).
 */
#ifndef OGID_STORE_REGISTER_H
#define OGID_STORE_REGISTER_H

#include "domain/register.h"
#include "store/chain.h"
#include "store/idempotency.h"
#include "store/statistics.h"

/* The next version of an entry, on top of the ticket's head. One row when it was stored; none
 * when somebody was faster, the key was used, version - 1 is not the last one or is retracted,
 * or another entry counts the same days (register_ask_twice). */
struct register_new {
	const struct ogi_register *reg;
	const struct ogi_entry *entry;
	struct uuid id;
	int32_t version, actor;
	bool retracted;
	const char *reason, *login;
	int64_t now;
};
const struct rows *register_ask_add(struct arena *a, struct batch *writes,
	const struct register_new *entry, const struct ticket *ticket, const struct keys *keys,
	const struct remembered *key, struct mac *ret_hash);

/* An entry that counts days of this one in other parts, a whole year and one of its quarters:
 * its first and last day, at most one row. `id` is that of the entry itself, zero: a new one.
 */
const struct rows *register_ask_twice(struct batch *b, int32_t org, const struct uuid *id,
	const struct ogi_register *reg, const struct ogi_entry *entry);

struct register_row {
	struct uuid id;
	int32_t org, actor, version;
	int64_t recorded_at;
	bool retracted;
	struct ogi_span days; /* first and last it counts for */
	const struct ogi_register *reg;
	struct ogi_entry entry;
	const char *reason; /* why it was changed or taken back, or NULL */
};
/* All versions of an entry of the scope, the last one first. */
const struct rows *register_ask(struct batch *b, const int32_t *scope, int scopes,
	const struct ogi_register *reg, const struct uuid *id);
void register_read(
	const struct rows *r, int row, struct arena *a, struct register_row *ret_row);

struct register_filter {
	const struct ogi_register *reg;
	const int32_t *scope;
	int scopes;
	struct ogi_span span; /* counts on a day of it; no dates: all */
	bool retracted;       /* these too */
	bool after;           /* keyset: first day and id of the last one seen */
	struct ogi_date after_on;
	struct uuid after_id;
	int limit; /* one more is asked for */
};
/* The newest day first. */
const struct rows *register_ask_list(struct batch *b, const struct register_filter *filter);

/* What the registers give each row of the form: org_id (0: not told apart), row, n. */
const struct rows *register_ask_counts(struct batch *b, const struct statistics_asked *asked);
/* The entries behind a row that `feed` feeds, in order of organisation and id, behind the
 * page's place. `frozen`: as they stood then, or when their own organisation froze the year. */
const struct rows *register_ask_behind(struct batch *b, const struct statistics_asked *asked,
	const struct ogi_feed *feed, const struct statistics_page *page, int64_t frozen);
/* Versions recorded after an instant, of entries that count or counted somewhere in the period
 * and feed rows of the form; newest first. */
enum { REGISTER_SINCE = 200 };
const struct rows *register_ask_since(
	struct batch *b, const struct statistics_asked *asked, int64_t after);
/* How many entries of a register count on a day of the period: n. */
const struct rows *register_ask_number(
	struct batch *b, const struct statistics_asked *asked, const char *reg);
/* Text blocks of the year by section and order: section, text. */
const struct rows *register_ask_texts(struct batch *b, int32_t org, int year);

extern const struct stmt register_add, register_twice, register_get, register_list,
	register_counts, register_behind, register_since, register_number, register_texts;

#endif
