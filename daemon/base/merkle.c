/* SPDX-License-Identifier: MulanPSL-2.0 */
/* base/merkle: the peaks of the tree; two of the same height become one. */
#include "base/merkle.h"

#include <assert.h>
#include <string.h>

static struct mac node(const struct mac *left, const struct mac *right)
{
	char bytes[1 + 2 * MAC_BYTES] = { 1 };
	memcpy(bytes + 1, left->byte, MAC_BYTES);
	memcpy(bytes + 1 + MAC_BYTES, right->byte, MAC_BYTES);
	return mac_hash(bytes, sizeof bytes);
}

void merkle_add(struct merkle *m, const void *leaf, size_t n)
{
	char bytes[1 + MERKLE_LEAF_MOST] = { 0 };
	assert(n <= MERKLE_LEAF_MOST);
	if (n > 0)
		memcpy(bytes + 1, leaf, n);
	struct mac top = mac_hash(bytes, n + 1);
	int height = 0;
	for (; (m->leaves >> height) & 1u; height++)
		top = node(&m->peak[height], &top);
	m->peak[height] = top;
	m->leaves++;
}

struct mac merkle_root(const struct merkle *m)
{
	struct mac root = mac_hash("", 0);
	bool begun = false;
	for (int i = 0; i < 64; i++) {
		if (((m->leaves >> i) & 1u) == 0)
			continue;
		root = begun ? node(&m->peak[i], &root) : m->peak[i];
		begun = true;
	}
	return root;
}
