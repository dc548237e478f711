/* SPDX-License-Identifier: MulanPSL-2.0 */
/* store/statements: the list. */
#include "store/statements.h"
#include "store/case.h"
#include "store/case_list.h"
#include "store/check.h"
#include "store/event.h"
#include "store/idempotency.h"
#include "store/ledger.h"
#include "store/purge.h"
#include "store/setting.h"

#include <stddef.h>

#define FOUR_LISTS(i)                                                                          \
	&case_lists[(i)], &case_lists[(i) + 1], &case_lists[(i) + 2], &case_lists[(i) + 3]
_Static_assert(CASE_LISTS == 36, "all of case_lists stand below");

const struct stmt *const store_statements[] = {
	&chain_head,
	&chain_number,
	&directory_stmt_orgs,
	&directory_stmt_users,
	&directory_stmt_years,
	&directory_stmt_days,
	&directory_stmt_version,
	&directory_stmt_settings,
	&audit_add,
	&audit_list,
	&session_get,
	&session_open,
	&session_close,
	&session_close_all,
	&session_touch,
	&session_refusals,
	&session_refused,
	&session_forgive,
	&user_secret_get,
	&user_add,
	&user_password,
	&user_roles_drop,
	&user_roles_add,
	&user_disable,
	&reference_notify,
	&org_lock,
	&org_shift,
	&org_add,
	&setting_add,
	&calendar_clear,
	&calendar_fill,
	&calendar_years,
	&calendar_version,
	&disclosure_add,
	&disclosure_refs,
	&disclosure_get,
	&disclosure_reviews,
	&disclosure_list,
	&publication_add,
	&publication_first,
	&review_add,
	&statistics_cases,
	&statistics_remedies,
	&statistics_items,
	&statistics_publications,
	&health_schema,
	&event_all,
	&event_by_number,
	&event_many,
	&case_get,
	&case_get_by_number,
	&case_past,
	FOUR_LISTS(0),
	FOUR_LISTS(4),
	FOUR_LISTS(8),
	FOUR_LISTS(12),
	FOUR_LISTS(16),
	FOUR_LISTS(20),
	FOUR_LISTS(24),
	FOUR_LISTS(28),
	FOUR_LISTS(32),
	&ledger_register,
	&ledger_append,
	&ledger_confirm,
	&ledger_open,
	&ledger_append_open,
	&remembered_get,
	&remembered_add,
	&check_cases,
	&check_events,
	&check_texts,
	&check_numbers,
	&check_gaps,
	&check_chain_audit,
	&check_chain_disclosure,
	&check_chain_review,
	&check_heads,
	&purge_stmt_sessions,
	&purge_stmt_failures,
	&purge_stmt_keys,
	NULL,
};
