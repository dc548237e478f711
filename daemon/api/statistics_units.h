/* SPDX-License-Identifier: MulanPSL-2.0 */
/*
 * api/statistics_units: a roll-up with its proof (国办发〔2014〕32号: the superior's table is
 * the sum of its units, column by column): which units are frozen, which are not yet, and where
 * what stands in the table for a unit is not what the unit says now: cells and cases.
 */
#ifndef OGID_API_STATISTICS_UNITS_H
#define OGID_API_STATISTICS_UNITS_H

#include "api/statistics_frozen.h"

struct form_unit;
struct form_units {
	bool asked;
	const struct rows *facts; /* of the frozen lists */
	struct statistics_questions live;
	struct form_unit *unit;
	const struct rows *printed; /* the superior's list, once it is needed */
	struct form_live ledger;    /* of the units that differ and are not frozen */
};
/* Adds the cells of the frozen units and leaves in *asked the scope of the others. */
void form_units_rest(struct exchange *x, const struct form_query *q,
	const struct form_frozen *f, struct statistics_asked *asked, struct statistics *sum);
/* The three steps of the proof: asks for the figures of each unit; compares and asks for the
 * lists of those that differ; the JSON. */
void form_units_ask(struct exchange *x, const struct form_query *q, const struct form_frozen *f,
	struct form_units *u);
void form_units_name(struct exchange *x, const struct form_query *q,
	const struct form_frozen *f, struct form_units *u);
const char *form_units_json(struct exchange *x, const struct form_query *q,
	const struct form_frozen *f, const struct form_units *u);

/* {"key", "column", "printed", "now"} of every cell that differs; true when one does. `o` NULL:
 * only looks. */
bool form_cells_differ(struct exchange *x, struct json_out *o, const struct ogi_form *form,
	const struct ogi_cells *printed, const struct ogi_cells *now);

#endif
