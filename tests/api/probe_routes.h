/* SPDX-License-Identifier: MulanPSL-2.0 */
/* tests/api: routes that show what the web layer does, without a database. */
#ifndef OGID_TEST_PROBE_ROUTES_H
#define OGID_TEST_PROBE_ROUTES_H

#include "web/server.h"

extern const struct route probe_routes[];
extern const struct session_lookup probe_lookup; /* tokens "clerk", "head", "expired" */
extern const struct code probe_roles[];          /* bits 0 clerk, 1 head */

#endif
