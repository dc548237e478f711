/* SPDX-License-Identifier: MulanPSL-2.0 */
/* store/stage: what a case page needs beside the columns (column `stage`): correction,
 * consultations, reasons, fee, runs, remedies. */
#ifndef OGID_STORE_STAGE_H
#define OGID_STORE_STAGE_H

#include "base/arena.h"
#include "domain/case.h"

/* JSON in the arena, or NULL when there is nothing of it. */
const char *stage_write(struct arena *a, const struct ogi_case *c);
/* Into a case; NULL json is nothing. Texts are in the arena. */
void stage_read(const char *json, struct arena *a, struct ogi_case *c);
/* True when both cases say the same of it. */
bool stage_same(const struct ogi_case *x, const struct ogi_case *y);

#endif
