/* SPDX-License-Identifier: MulanPSL-2.0 */
/* api/routes: the API on one screen (contract §2.1). A test compares the rows with
 * openapi.json. */
#ifndef OGID_API_ROUTES_H
#define OGID_API_ROUTES_H

#include "web/exchange.h"

extern const struct route api_routes[]; /* ends with a row whose path is NULL */

#endif
