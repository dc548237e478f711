/* SPDX-License-Identifier: MulanPSL-2.0 */
/*
 * base/merkle: the root of a Merkle tree over leaves that come one by one (RFC 9162 §2.1:
 * SHA-256, 0x00 before a leaf, 0x01 before a node), in constant memory.
 */
#ifndef OGID_BASE_MERKLE_H
#define OGID_BASE_MERKLE_H

#include "base/mac.h"

#include <stdint.h>

enum { MERKLE_LEAF_MOST = 512 };

/* Zeroed is empty. peak[i]: the root of a whole subtree of 2^i leaves, when bit i of `leaves`
 * is set. */
struct merkle {
	uint64_t leaves;
	struct mac peak[64];
};
/* A leaf of at most MERKLE_LEAF_MOST bytes. */
void merkle_add(struct merkle *m, const void *leaf, size_t n);
/* The root of what was added so far; of nothing: the hash of no bytes. */
struct mac merkle_root(const struct merkle *m);

#endif
