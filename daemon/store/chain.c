/* SPDX-License-Identifier: MulanPSL-2.0 */
/* store/chain: the heads this process knows, in a hash table by kind, organisation and year. */
#include "store/chain.h"
#include "store/statements.h"

#include <assert.h>
#include <stdlib.h>

struct head {
	enum ticket_kind kind;
	int32_t org, year;
	bool used, known;
	uint32_t generation; /* raised when the head is forgotten: only the first of several
				losers forgets it */
	int64_t seq;
	struct mac hash;
};

struct tickets {
	struct head *head;
	size_t size, used; /* size is a power of two */
};

const struct stmt chain_head = { "chain_head",
	"SELECT seq, hash FROM chain_head WHERE org_id = $1 AND register = $2", 2 };
const struct stmt chain_number = { "chain_number",
	"SELECT last FROM reg_counter WHERE org_id = $1 AND year = $2", 2 };

static const char *const registers[] = {
	[TICKET_AUDIT] = "audit",
	[TICKET_DISCLOSURE] = "disclosure",
	[TICKET_REVIEW] = "review",
	[TICKET_STATISTICS] = "statistics",
	[TICKET_REGISTER] = "register",
};

struct tickets *tickets_new(void)
{
	struct tickets *t = calloc(1, sizeof *t);
	if (t == NULL)
		abort();
	t->size = 64;
	t->head = calloc(t->size, sizeof *t->head);
	if (t->head == NULL)
		abort();
	return t;
}

void tickets_free(struct tickets *t)
{
	if (t == NULL)
		return;
	free(t->head);
	free(t);
}

static size_t place(enum ticket_kind kind, int32_t org, int32_t year, size_t size)
{
	uint64_t h = ((uint64_t)(uint32_t)org << 32) | ((uint64_t)(uint32_t)year << 3) |
		     (uint64_t)kind;
	h *= UINT64_C(0x9e3779b97f4a7c15);
	return (size_t)(h >> 32) & (size - 1);
}

static struct head *slot(
	struct head *table, size_t size, enum ticket_kind kind, int32_t org, int32_t year)
{
	size_t i = place(kind, org, year, size);
	while (table[i].used &&
		(table[i].kind != kind || table[i].org != org || table[i].year != year))
		i = (i + 1) & (size - 1);
	return &table[i];
}

static void grow(struct tickets *t)
{
	size_t size = t->size * 2;
	struct head *table = calloc(size, sizeof *table);
	if (table == NULL)
		abort();
	for (size_t i = 0; i < t->size; i++) {
		const struct head *h = &t->head[i];
		if (h->used)
			*slot(table, size, h->kind, h->org, h->year) = *h;
	}
	free(t->head);
	t->head = table;
	t->size = size;
}

/* The head, made unknown when it is new. */
static struct head *head_of(struct tickets *t, enum ticket_kind kind, int32_t org, int32_t year)
{
	assert((year == 0) == (kind != TICKET_NUMBER));
	if (t->used * 2 >= t->size)
		grow(t);
	struct head *h = slot(t->head, t->size, kind, org, year);
	if (!h->used) {
		h->used = true;
		h->kind = kind;
		h->org = org;
		h->year = year;
		t->used++;
	}
	return h;
}

bool tickets_known(const struct tickets *t, enum ticket_kind kind, int32_t org, int32_t year)
{
	const struct head *h = slot(t->head, t->size, kind, org, year);
	return h->used && h->known;
}

const struct rows *tickets_ask(
	struct batch *b, enum ticket_kind kind, int32_t org, int32_t year)
{
	struct bind *v = batch_bind(b);
	bind_int(v, org);
	if (kind == TICKET_NUMBER)
		bind_int(v, year);
	else
		bind_text(v, registers[kind]);
	return batch_ask(b, kind == TICKET_NUMBER ? &chain_number : &chain_head, v);
}

void tickets_learn(struct tickets *t, enum ticket_kind kind, int32_t org, int32_t year,
	const struct rows *answer)
{
	struct head *h = head_of(t, kind, org, year);
	/* Somebody asked too, learned first and may have taken already: his knowledge is newer.
	 */
	if (h->known)
		return;
	h->known = true;
	h->seq = 0;
	h->hash = (struct mac){ 0 };
	if (rows_count(answer) == 0)
		return;
	if (kind == TICKET_NUMBER) {
		h->seq = rows_int64(answer, 0, rows_col(answer, "last"));
	} else {
		h->seq = rows_int64(answer, 0, rows_col(answer, "seq"));
		h->hash = rows_mac(answer, 0, rows_col(answer, "hash"));
	}
}

/* A head that was forgotten since it was asked for gives a ticket that no write accepts (seq
 * 0): the steps run again and ask anew. */
struct ticket tickets_take(struct tickets *t, enum ticket_kind kind, int32_t org, int32_t year)
{
	struct head *h = head_of(t, kind, org, year);
	struct ticket taken = {
		.kind = kind,
		.org = org,
		.year = year,
		.generation = h->generation,
	};
	if (h->known) {
		taken.seq = ++h->seq;
		taken.prev = h->hash;
	}
	return taken;
}

void tickets_put(struct tickets *t, const struct ticket *taken, const struct mac *hash)
{
	struct head *h = head_of(t, taken->kind, taken->org, taken->year);
	if (h->known && h->seq == taken->seq)
		h->hash = *hash;
}

void tickets_stale(struct tickets *t, const struct ticket *taken)
{
	struct head *h = head_of(t, taken->kind, taken->org, taken->year);
	if (h->generation != taken->generation)
		return;
	h->known = false;
	h->generation++;
}
