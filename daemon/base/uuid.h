/* SPDX-License-Identifier: MulanPSL-2.0 */
/* base/uuid: 16-byte ids; v7 layout (RFC 9562) over libuuid's random part. */
#ifndef OGID_BASE_UUID_H
#define OGID_BASE_UUID_H

#include <stdbool.h>
#include <stdint.h>

struct uuid {
	unsigned char byte[16];
};

bool uuid_parse_text(const char *s, struct uuid *ret_id); /* 36 characters, any case */
void uuid_print(const struct uuid *id, char out[37]);     /* lower case */
bool uuid_none(const struct uuid *id);                    /* all zero */
bool uuid_same(const struct uuid *a, const struct uuid *b);
struct uuid uuid_ordered(int64_t micros); /* v7 of that instant */

#endif
