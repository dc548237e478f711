/* SPDX-License-Identifier: MulanPSL-2.0 */
/*
 * jobs/seal: the daily seal and the file outside the database that it goes to:
 * seals.txt in the folder of the setting seal_folder, one line a seal, "N DAY LEAVES ROOT
 * HASH", added to and never rewritten.
 */
#ifndef OGID_JOBS_SEAL_H
#define OGID_JOBS_SEAL_H

#include "jobs/run.h"
#include "store/seal.h"

/* The tree over the leaves of seal n; false when the database did not answer. */
bool seal_tree(struct job *j, int64_t n, struct merkle *ret_tree);
/* The line of a seal, without its end, in the arena. */
const char *seal_line(struct arena *a, const struct seal *s);
/* The file, "" when no folder is set. */
const char *seal_path(struct arena *a, const struct job *j);

#endif
