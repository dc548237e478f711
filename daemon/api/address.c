/* SPDX-License-Identifier: MulanPSL-2.0 */
/* api/address: reading {id} of a case. */
#include "api/address.h"

#include "domain/numbering.h"
#include "store/case.h"
#include "store/event.h"

#include <string.h>

const struct problem *no_such_case(struct exchange *x, const char *text)
{
	return problem(x, PROBLEM_NO_SUCH_CASE,
		"没有案件 %s，或者它不在您的机构范围内；请核对编号。",
		"There is no case %s, or it is outside your organisations; check the number.",
		text);
}

const struct problem *address_read(
	struct exchange *x, const char *text, struct address *ret_address)
{
	const struct directory *d = app_directory(x);
	*ret_address = (struct address){ .org = x->who->org };
	if (uuid_parse_text(text, &ret_address->id))
		return NULL;
	ret_address->by_number = true;
	const char *colon = strchr(text, ':');
	if (colon != NULL) {
		const char *code = arena_bytes(x->arena, text, (size_t)(colon - text));
		const struct directory_org *org = directory_org_by_code(d, code);
		if (org == NULL || !directory_within(d, org->id, x->who->org))
			return no_such_case(x, text);
		ret_address->org = org->id;
	}
	if (!ogi_number_parse(
		    colon != NULL ? colon + 1 : text, &ret_address->year, &ret_address->serial))
		return no_such_case(x, text);
	return NULL;
}

const struct rows *address_ask_case(struct exchange *x, const struct address *a)
{
	if (a->by_number)
		return case_ask_by_number(x->reads, a->org, a->year, a->serial);
	return case_ask(x->reads, x->who->scope, x->who->scopes, &a->id);
}

const struct rows *address_ask_events(struct exchange *x, const struct address *a)
{
	if (a->by_number)
		return event_ask_by_number(x->reads, a->org, a->year, a->serial);
	return event_ask_all(x->reads, x->who->scope, x->who->scopes, &a->id);
}
