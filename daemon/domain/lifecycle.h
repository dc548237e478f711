/* SPDX-License-Identifier: MulanPSL-2.0 */
/* domain/lifecycle: which event may follow in which state, by whom, on which article. Data; a
 * test walks every row. */
#ifndef OGID_DOMAIN_LIFECYCLE_H
#define OGID_DOMAIN_LIFECYCLE_H

#include "domain/case.h"

#define OGI_IN(status) (1u << (status))

struct ogi_transition_row {
	enum ogi_event_kind kind;
	unsigned from;  /* OGI_IN() bits */
	int to;         /* status after it, OGI_NO_CASE = as it was (or decided by the arm) */
	unsigned roles; /* of enum ogi_role */
	unsigned subtree_roles; /* roles that may also from above (supervisor: assigned,
				   reminded) */
	bool touches_clock;     /* later events may not lie before its date */
	const char *article;
};
extern const struct ogi_transition_row ogi_lifecycle[]; /* ends with kind OGI_NO_EVENT */
const struct ogi_transition_row *ogi_lifecycle_row(enum ogi_event_kind kind, int from_status);
/* All roles that may record the kind, whatever the state. */
unsigned ogi_event_roles(enum ogi_event_kind kind);

/* True for an event that leads to new cases: split, handed_over (D:lifecycle T20, §5). */
bool ogi_event_makes_cases(int kind);

#endif
