/* SPDX-License-Identifier: MulanPSL-2.0 */
/* store/project: from a history to the rows of the projection. */
#include "store/project.h"

#include <string.h>

struct mac query_code_hash(const struct keys *k, const struct uuid *id)
{
	char code[11];
	mac_query_code(k, id->byte, code);
	return mac_hash(code, strlen(code));
}

void project(const struct keys *k, struct arena *a, int32_t org, const struct uuid *id,
	const struct ogi_history *h, const struct ogi_rules *rules, struct case_row *ret_case)
{
	memset(ret_case, 0, sizeof *ret_case);
	ogi_case_fold(h, rules, &ret_case->c);
	ret_case->org = org;
	ret_case->id = *id;
	ret_case->calendar_version = rules->calendar->version;
	ret_case->query_code = query_code_hash(k, id);
	if (h->count > 0) {
		ret_case->created_at = h->event[0].recorded_at;
		ret_case->updated_at = h->event[h->count - 1].recorded_at;
	}
	const char *sealed = ret_case->c.request.applicant.id_number;
	const char *plain = sealed != NULL ? unseal_text(k, a, id->byte, sealed) : NULL;
	if (plain != NULL)
		ret_case->id_blind = mac_blind(k, plain);
}
