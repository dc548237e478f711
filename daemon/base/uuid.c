/* SPDX-License-Identifier: MulanPSL-2.0 */
/* base/uuid: libuuid reads, prints and draws; the time-ordered layout is ours (Debian's 2.38
 * has none). */
#include "base/uuid.h"

#include <string.h>
#include <uuid/uuid.h>

bool uuid_parse_text(const char *s, struct uuid *ret_id)
{
	uuid_t id;
	if (s == NULL || uuid_parse(s, id) != 0)
		return false;
	memcpy(ret_id->byte, id, sizeof id);
	return true;
}

void uuid_print(const struct uuid *id, char out[37])
{
	uuid_unparse_lower(id->byte, out);
}

bool uuid_none(const struct uuid *id)
{
	static const struct uuid none;
	return uuid_same(id, &none);
}

bool uuid_same(const struct uuid *a, const struct uuid *b)
{
	return memcmp(a->byte, b->byte, sizeof a->byte) == 0;
}

/*
 * RFC 9562 §5.7: 48 bits of milliseconds, version, 12 bits of the millisecond's fraction (§6.2
 * method 3, so that ids of one millisecond keep their order), variant, 62 random bits.
 */
struct uuid uuid_ordered(int64_t micros)
{
	struct uuid id;
	uuid_t random;
	uuid_generate_random(random);
	memcpy(id.byte, random, sizeof random);

	uint64_t instant = micros > 0 ? (uint64_t)micros : 0;
	uint64_t ms = instant / 1000, fraction = instant % 1000 * 4096 / 1000;
	for (int i = 0; i < 6; i++)
		id.byte[i] = (unsigned char)(ms >> (40 - 8 * i) & 0xFF);
	id.byte[6] = (unsigned char)(0x70 | (fraction >> 8));
	id.byte[7] = (unsigned char)(fraction & 0xFF);
	id.byte[8] = (unsigned char)(0x80 | (id.byte[8] & 0x3F));
	return id;
}
