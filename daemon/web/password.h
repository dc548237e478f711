/* SPDX-License-Identifier: MulanPSL-2.0 */
/* web/password: yescrypt through crypt(3) on a few threads with a short queue; the loop never
 * waits. */
#ifndef OGID_WEB_PASSWORD_H
#define OGID_WEB_PASSWORD_H

#include "web/exchange.h"

struct hashing {
	const char *password; /* in; wiped when done */
	const char *stored;   /* in: compare with this hash; NULL: make a new hash; "" compares
				 with a fixed one and fails (same time) */
	bool same;            /* out */
	char hash[384];       /* out, of a new one */
};
/* Parks the exchange until done. False when the queue is full (answer 503). */
bool password_begin(struct exchange *x, struct hashing *h);
/* For programs without a loop: `ogid user add`. */
bool password_hash(const char *password, char out[384]);

#endif
