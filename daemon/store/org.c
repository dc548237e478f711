/* SPDX-License-Identifier: MulanPSL-2.0 */
/* store/org: table org. */
#include "store/org.h"
#include "store/statements.h"
#include "store/user.h"

#include "domain/numbering.h"

#include <string.h>

/* Two that are added at once would both shift from the same interval. */
const struct stmt org_lock = { "org_lock", "SELECT pg_advisory_xact_lock(7104)", 0 };
/* Makes room behind the last child of the parent: everything from its end moves on by two. */
const struct stmt org_shift = { "org_shift",
	"UPDATE org SET lo = CASE WHEN org.lo > p.hi THEN org.lo + 2 ELSE org.lo END, hi = org.hi + 2"
	" FROM org p WHERE p.id = $4 AND org.hi >= p.hi AND" AUDIT_GATE,
	4 };
const struct stmt org_add = { "org_add",
	"INSERT INTO org (code, name, number_format, parent_id, lo, hi, created_at)"
	" SELECT $5, $6, coalesce($7, '{year}-{serial}'), p.id, coalesce(p.hi - 2, m.last + 1),"
	" coalesce(p.hi - 1, m.last + 2), $8::timestamptz"
	" FROM (SELECT coalesce(max(hi), 0) AS last FROM org) m LEFT JOIN org p ON p.id = $4::integer"
	" WHERE" AUDIT_GATE " RETURNING id",
	8 };

bool org_code_valid(const char *code)
{
	static const char more[] = "abcdefghijklmnopqrstuvwxyz0123456789-";
	size_t n = strlen(code);
	return n >= 1 && n <= 32 && code[0] != '-' && strspn(code, more) == n;
}

bool org_format_valid(const char *format)
{
	char shown[200];
	return strstr(format, "{year}") != NULL && strstr(format, "{serial}") != NULL &&
	       ogi_number_display(format, 2025, 9999999, shown, sizeof shown);
}

const struct rows *org_ask_add(
	struct batch *writes, const struct audit_mark *gate, const struct org_new *org)
{
	batch_ask(writes, &org_lock, NULL);
	struct bind *shift = batch_bind(writes);
	audit_gate(shift, gate);
	bind_int(shift, org->parent);
	batch_ask(writes, &org_shift, shift);

	struct bind *v = batch_bind(writes);
	audit_gate(v, gate);
	bind_int(v, org->parent);
	bind_text(v, org->code);
	bind_text(v, org->name);
	bind_text(v, org->number_format);
	bind_instant(v, org->now);
	const struct rows *added = batch_ask(writes, &org_add, v);
	reference_ask_notify(writes);
	return added;
}
