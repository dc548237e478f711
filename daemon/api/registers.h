/* SPDX-License-Identifier: MulanPSL-2.0 */
/* api/registers: what the routes of the small registers share with the drill-down of the forms
 * and the report. */
#ifndef OGID_API_REGISTERS_H
#define OGID_API_REGISTERS_H

#include "api/app.h"
#include "store/register.h"

/* The register of the path (arg[0]); 404. */
const struct problem *register_of_path(
	struct exchange *x, const struct ogi_register **ret_register);
const struct problem *register_none(struct exchange *x); /* 404: no such entry */
/* Members of an entry, flat; the object stays open to the caller. */
void register_members(struct exchange *x, struct json_out *o, const struct register_row *row);
/* The type of a field as answers name it: string, integer, number, boolean, date, code. */
const char *register_type(const struct field *row);

/* One entry of the scope with all its versions: asked for on x->reads, then the whole answer,
 * also of every write to it. */
struct register_show {
	const struct ogi_register *reg;
	struct uuid id;
	const struct rows *versions;
};
void register_show_ask(struct exchange *x, struct register_show *s);
const struct problem *register_show_reply(
	struct exchange *x, const struct register_show *s, int status);

/* Checks an entry beyond its rows and fills what follows from it: its day, its year. Faults are
 * added at `f`. */
void register_complete(struct ogi_entry *e, const struct ogi_register *reg,
	struct ogi_date today, struct faults *f);

#endif
