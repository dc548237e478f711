/* SPDX-License-Identifier: MulanPSL-2.0 */
/* tests/unit/chance: a small generator with a fixed seed (splitmix64), so that a property test
 * that fails fails again. */
#ifndef OGID_TEST_CHANCE_H
#define OGID_TEST_CHANCE_H

#include <stddef.h>
#include <stdint.h>

struct chance {
	uint64_t state;
};

static inline uint64_t chance_next(struct chance *c)
{
	uint64_t z = (c->state += UINT64_C(0x9E3779B97F4A7C15));
	z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
	return z ^ (z >> 31);
}

/* 0 .. n - 1 */
static inline uint32_t chance_below(struct chance *c, uint32_t n)
{
	return (uint32_t)((chance_next(c) >> 32) * n >> 32);
}

/* Appends one character to s (room for 4 bytes): ASCII, Latin, Chinese, beyond the BMP; returns
 * its bytes. */
static inline size_t chance_character(struct chance *c, char *s)
{
	static const uint32_t first[] = { 0x20, 0xA0, 0x800, 0x4E00, 0xE000, 0x10000 };
	static const uint32_t span[] = { 0x5F, 0x760, 0x3000, 0x5200, 0x2000, 0x100000 };
	uint32_t kind = chance_below(c, 6), u = first[kind] + chance_below(c, span[kind]);
	unsigned char *out = (unsigned char *)s;
	if (u < 0x80) {
		out[0] = (unsigned char)u;
		return 1;
	}
	if (u < 0x800) {
		out[0] = (unsigned char)(0xC0 | u >> 6);
		out[1] = (unsigned char)(0x80 | (u & 0x3F));
		return 2;
	}
	if (u < 0x10000) {
		out[0] = (unsigned char)(0xE0 | u >> 12);
		out[1] = (unsigned char)(0x80 | (u >> 6 & 0x3F));
		out[2] = (unsigned char)(0x80 | (u & 0x3F));
		return 3;
	}
	out[0] = (unsigned char)(0xF0 | u >> 18);
	out[1] = (unsigned char)(0x80 | (u >> 12 & 0x3F));
	out[2] = (unsigned char)(0x80 | (u >> 6 & 0x3F));
	out[3] = (unsigned char)(0x80 | (u & 0x3F));
	return 4;
}

#endif
