/* SPDX-License-Identifier: MulanPSL-2.0 */
/*
 * store/seal: tables seal and seal_leaf. A seal covers, as leaves, the heads that moved since
 * they were last a leaf, and, by its hash, the seal before: so each covers all that was ever a
 * leaf. Leaves are gathered under the number of the next seal. What a run gathered and did not
 * seal is sealed by the next run as it was gathered; where the head moved on meanwhile, the
 * seal after that one has it.
 */
#ifndef OGID_STORE_SEAL_H
#define OGID_STORE_SEAL_H

#include "base/mac.h"
#include "base/merkle.h"
#include "db/batch.h"

extern const struct stmt seal_last, seal_gather_cases, seal_gather_registers, seal_leaves,
	seal_add, seal_list, seal_lost_cases, seal_lost_entries;

struct seal {
	int64_t n;
	struct ogi_date day;
	int64_t leaves;
	struct mac root, prev, hash;
	const char *canonical; /* borrowed */
};

/* The newest one, or no row. */
const struct rows *seal_ask_last(struct batch *b);
/* Seals behind number `after`, in order; at most `most`. */
const struct rows *seal_ask_list(struct batch *b, int64_t after, int32_t most);
void seal_read(const struct rows *r, int row, struct seal *ret_seal);

/* Heads that moved since they were last a leaf become leaves of seal n; rows_affected. */
const struct rows *seal_ask_gather_cases(struct batch *writes, int64_t n);
const struct rows *seal_ask_gather_registers(struct batch *writes, int64_t n);

/* Where a reading of the leaves of a seal stands; zeroed with register "" at the start. */
struct seal_place {
	int32_t org;
	const char *reg;
	struct uuid object;
};
/* Leaves behind a place, in order: org_id, register, object, seq, hash; at most `most`. */
const struct rows *seal_ask_leaves(
	struct batch *b, int64_t n, const struct seal_place *after, int32_t most);
/* Adds one to the tree, as the seal has it. */
void seal_take_leaf(const struct rows *r, int row, struct merkle *tree);
/* The place of a row; the register's name in the arena. */
struct seal_place seal_place_of(const struct rows *r, int row, struct arena *a);

/* Fills canonical (in the arena) and hash from n, day, leaves, root and prev. */
void seal_make(const struct keys *keys, struct arena *a, struct seal *s);
const struct rows *seal_ask_add(struct batch *writes, const struct seal *s);

/* Leaves whose event or entry is not there any more or has another hash: org_id, register,
 * object, seal, seq; at most 1,000 each. Of the seals whose number modulo `of` is n. */
const struct rows *seal_ask_lost_cases(struct batch *b, int64_t of, int64_t n);
const struct rows *seal_ask_lost_entries(struct batch *b, int64_t of, int64_t n);

#endif
