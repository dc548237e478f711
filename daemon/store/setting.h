/* SPDX-License-Identifier: MulanPSL-2.0 */
/*
 * store/setting: what an organisation has set of the rules the law leaves open, with effective
 * dates; inherited from the organisation above where it has set nothing. Only added to: a case
 * stays with the settings that were known when its last event was recorded, until a
 * `recomputed` event brings it newer ones.
 */
#ifndef OGID_STORE_SETTING_H
#define OGID_STORE_SETTING_H

#include "store/audit.h"
#include "store/directory.h"

/* Number of the newest entry, 0 when nothing was ever set. */
int32_t setting_newest(const struct directory *d);
/* The entry in force for `name` on a day, of those up to number `newest`: of the organisation
 * itself, else of the nearest above. NULL: nobody set it. */
const struct directory_setting *setting_in_force(const struct directory *d, int32_t org,
	const char *name, struct ogi_date day, int32_t newest);
/* The periods of the settings up to number `newest` for the rules, in the arena. Whether a
 * decision needs sign-off is taken from all entries. */
void setting_rules(const struct directory *d, int32_t org, int32_t newest, struct arena *a,
	struct ogi_rules *rules);

/* One entry, gated by its audit entry; tells ogid_reference. value "": not set from then on. */
struct setting_new {
	int32_t org, by;
	const char *name, *value;
	struct ogi_date valid_from;
	int64_t now;
};
void setting_ask_add(
	struct batch *writes, const struct audit_mark *gate, const struct setting_new *setting);

extern const struct stmt setting_add;

#endif
