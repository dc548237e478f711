/* SPDX-License-Identifier: MulanPSL-2.0 */
/* api/changes: one table of what can move; the law says what no longer stands. */
#include "api/changes.h"

#include <string.h>

enum { REJUDGED_MOST = 100 };

const struct case_change *change_of(
	struct exchange *x, const struct ogi_history *with, const struct ogi_rules *rules)
{
	int32_t kind = with->event[with->count - 1].kind;
	if (kind != OGI_AMENDED && kind != OGI_RETRACTED)
		return NULL;
	struct ogi_history earlier = { with->event, with->count - 1 };
	struct ogi_case *before = arena_make(x->arena, struct ogi_case);
	struct ogi_rejudged *rejudged =
		arena_array(x->arena, struct ogi_rejudged, REJUDGED_MOST);
	struct case_change *change = arena_make(x->arena, struct case_change);
	ogi_case_fold(&earlier, rules, before);
	*change = (struct case_change){ before, rejudged,
		ogi_case_rejudge(with, rules, rejudged, REJUDGED_MOST) };
	return change;
}

#define AT(f) offsetof(struct ogi_case, f)
/* clang-format off */
static const struct movable {
	const char *name;
	size_t at;
	const struct code *codes; /* NULL: a date */
} movables[] = {
	{ "status", AT(status), ogi_statuses },
	{ "regime", AT(regime), ogi_regimes },
	{ "arrived_on", AT(request.arrived_on), NULL },
	{ "receipt_date", AT(request.receipt_date), NULL },
	{ "due_on", AT(due_on), NULL },
	{ "latest_due_on", AT(latest_due_on), NULL },
	{ "correction_due_on", AT(correction_due_on), NULL },
	{ "fee_due_on", AT(fee_due_on), NULL },
	{ "outcome", AT(outcome), ogi_outcome_codes },
	{ "decided_on", AT(decided_on), NULL },
	{ "effective_reply_date", AT(effective_reply_date), NULL },
	{ "closed_on", AT(closed_on), NULL },
	{ "first_closed_on", AT(first_closed_on), NULL },
	{ "first_outcome", AT(first_outcome), ogi_outcome_codes },
};
/* clang-format on */

static void out_movable(
	struct json_out *o, const char *name, const struct movable *m, const struct ogi_case *c)
{
	const void *at = (const char *)c + m->at;
	int32_t index = m->codes != NULL ? *(const int32_t *)at : 0;
	if (m->codes == NULL)
		out_date(o, name, *(const struct ogi_date *)at);
	else
		out_text(o, name, index > 0 ? m->codes[index].code : NULL);
}

static bool same(const struct movable *m, const struct ogi_case *a, const struct ogi_case *b)
{
	return memcmp((const char *)a + m->at, (const char *)b + m->at, sizeof(int32_t)) == 0;
}

void view_change(struct exchange *x, struct json_out *o, const struct case_change *change,
	const struct ogi_case *after)
{
	out_array(o, "moved");
	for (size_t i = 0; i < sizeof movables / sizeof movables[0]; i++) {
		const struct movable *m = &movables[i];
		if (same(m, change->before, after))
			continue;
		out_object(o, NULL);
		out_text(o, "field", m->name);
		out_movable(o, "before", m, change->before);
		out_movable(o, "after", m, after);
		out_object_end(o);
	}
	out_array_end(o);
	out_array(o, "rejudged");
	for (int i = 0; i < change->rejudgings; i++) {
		const struct ogi_rejudged *r = &change->rejudged[i];
		out_object(o, NULL);
		out_number(o, "event", r->seq);
		out_text(o, "kind", ogi_event_kinds[r->kind].code);
		out_text(o, "code", r->code);
		out_text(o, "detail", x->english ? r->en : r->zh);
		out_object_end(o);
	}
	out_array_end(o);
}
