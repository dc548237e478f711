/* SPDX-License-Identifier: MulanPSL-2.0 */
/*
 * api/changes: what an amendment or a retraction did: the dates and states that moved, and the
 * later events that would no longer be accepted (contract-cases §6).
 */
#ifndef OGID_API_CHANGES_H
#define OGID_API_CHANGES_H

#include "api/recording.h"
#include "api/views.h"

/* Of a history that ends with the change; NULL when it ends with another event. */
const struct case_change *change_of(
	struct exchange *x, const struct ogi_history *with, const struct ogi_rules *rules);
/* The members `moved` and `rejudged` of the case after it. */
void view_change(struct exchange *x, struct json_out *o, const struct case_change *change,
	const struct ogi_case *after);

#endif
