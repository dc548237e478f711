/* SPDX-License-Identifier: MulanPSL-2.0 */
/* store/health: does the database answer, and with which schema. */
#ifndef OGID_STORE_HEALTH_H
#define OGID_STORE_HEALTH_H

#include "db/batch.h"

const struct rows *health_ask_schema(struct batch *b);
/* Version of the schema; 0 when there is none. */
int health_read_schema(const struct rows *r);

#endif
