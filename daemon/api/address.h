/* SPDX-License-Identifier: MulanPSL-2.0 */
/* api/address: how a case is named in a path: uuid, number in one's own organisation (2017-1),
 * or org:number. */
#ifndef OGID_API_ADDRESS_H
#define OGID_API_ADDRESS_H

#include "api/app.h"

struct address {
	bool by_number;
	struct uuid id; /* else: */
	int32_t org, year, serial;
};

/* PROBLEM_NO_SUCH_CASE when the text names nothing in the asking user's scope. */
const struct problem *address_read(
	struct exchange *x, const char *text, struct address *ret_address);
/* The projection, or the events, of the case it names, on x->reads. */
const struct rows *address_ask_case(struct exchange *x, const struct address *a);
const struct rows *address_ask_events(struct exchange *x, const struct address *a);
const struct problem *no_such_case(struct exchange *x, const char *text);

#endif
