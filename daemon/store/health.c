/* SPDX-License-Identifier: MulanPSL-2.0 */
/* store/health: table schema. */
#include "store/health.h"
#include "store/statements.h"

const struct stmt health_schema = { "health_schema", "SELECT version FROM schema", 0 };

const struct rows *health_ask_schema(struct batch *b)
{
	return batch_ask(b, &health_schema, NULL);
}

int health_read_schema(const struct rows *r)
{
	return rows_count(r) == 1 ? rows_int(r, 0, rows_col(r, "version")) : 0;
}
