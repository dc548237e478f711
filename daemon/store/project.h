/* SPDX-License-Identifier: MulanPSL-2.0 */
/* store/project: the projection of a history: the fold, and what the ledger derives beside it.
 * Everything in the two projection tables comes from here. */
#ifndef OGID_STORE_PROJECT_H
#define OGID_STORE_PROJECT_H

#include "store/case.h"

/*
 * The case after all events of the history, as it is to be stored. `id_number` texts in the
 * events are the encrypted ones. Texts are borrowed from the events; `a` holds what is made
 * new.
 */
void project(const struct keys *k, struct arena *a, int32_t org, const struct uuid *id,
	const struct ogi_history *h, const struct ogi_rules *rules, struct case_row *ret_case);

/* Hash of the query code of a case (contract-cases §2). */
struct mac query_code_hash(const struct keys *k, const struct uuid *id);

#endif
