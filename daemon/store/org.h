/* SPDX-License-Identifier: MulanPSL-2.0 */
/* store/org: the tree of organisations. Ids are stable; the intervals lo..hi are shifted in the
 * write that adds one. */
#ifndef OGID_STORE_ORG_H
#define OGID_STORE_ORG_H

#include "store/audit.h"

/* [a-z0-9][a-z0-9-]{0,31} */
bool org_code_valid(const char *code);
/* {year} and {serial} are in it, and it fits a number. */
bool org_format_valid(const char *format);

struct org_new {
	const char *code, *name, *number_format; /* format NULL: "{year}-{serial}" */
	int32_t parent;                          /* 0: a root */
	int64_t now;
};
/* Gated by its audit entry; tells ogid_reference. The rows hold the new `id`; 23505 when the
 * code is taken. */
const struct rows *org_ask_add(
	struct batch *writes, const struct audit_mark *gate, const struct org_new *org);

#endif
