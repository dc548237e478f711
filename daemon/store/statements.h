/* SPDX-License-Identifier: MulanPSL-2.0 */
/*
 * store/statements: every statement of store/ in one list, for the test that prepares each on a
 * fresh schema and for `ogid statements --pgbench`. Each is defined beside the function that
 * binds and reads it.
 */
#ifndef OGID_STORE_STATEMENTS_H
#define OGID_STORE_STATEMENTS_H

#include "db/rows.h"

extern const struct stmt *const store_statements[]; /* ends with NULL */

extern const struct stmt chain_head, chain_number, directory_stmt_orgs, directory_stmt_users,
	directory_stmt_years, directory_stmt_days, directory_stmt_locals,
	directory_stmt_version, directory_stmt_settings, directory_stmt_night, health_schema,
	audit_add, audit_list, session_get, session_open, session_close, session_close_all,
	session_touch, session_refusals, session_refused, session_forgive, session_alive,
	user_secret_get, user_add, user_password, user_roles_drop, user_roles_add, user_disable,
	user_email, reference_notify, org_lock, org_shift, org_add, calendar_clear,
	calendar_fill, calendar_years, calendar_version, disclosure_add, disclosure_refs,
	disclosure_get, disclosure_reviews, disclosure_list, disclosure_history,
	disclosure_validity, publication_add, publication_first, review_add;

#endif
