/* SPDX-License-Identifier: MulanPSL-2.0 */
/* domain/outcome: the catalogue of results with effective dates, both generations (D:outcomes). */
#ifndef OGID_DOMAIN_OUTCOME_H
#define OGID_DOMAIN_OUTCOME_H

#include "domain/date.h"

enum ogi_outcome_flag {
	OGI_DISCLOSES = 1u << 0,       /* needs a passed secrecy review (art. 17) */
	OGI_NEEDS_REASON = 1u << 1,    /* D:outcomes §2 "reasons mandatory: yes" */
	OGI_NOT_WHILE_CONSULTING = 1u << 2, /* grant, grant_partial, refuse.third_party */
	OGI_LEGACY = 1u << 3,
	OGI_BY_SYSTEM = 1u << 4,       /* other.no_correction, other.fee_unpaid, other.withdrawn: set by their events, not by `decided` */
	OGI_ANSWER = 1u << 5,          /* counts as an answer in the 2014 form */
};

/* Rows are the leaf rows of the forms; index 0 is "no outcome". The index is what a struct holds in memory; codes are stored. */
struct ogi_outcome {
	struct code code;      /* code, labels, first and last day of decision */
	const char *group;     /* before the first dot */
	const char *article;
	unsigned flags;
	const char *other;     /* default code of the other generation, NULL = choose by reason */
	const char *f14;       /* key in the 2014 form, NULL = none */
};
extern const struct ogi_outcome ogi_outcomes[];
int ogi_outcome_find(const char *code);    /* -1 when there is none */
int ogi_outcome_count(void);
/* May be decided on that day: legacy.* before 2019-01-01, the current ones from then on (contract-cases §6). */
bool ogi_outcome_valid(int outcome, struct ogi_date decided_on);

/* Variants ("grant.public", "unable.not_exist", …); index 0 is none. */
struct ogi_variant {
	struct code code;
	const char *outcome; /* leaf it belongs to */
	unsigned flags;
};
extern const struct ogi_variant ogi_variants[];
int ogi_variant_find(const char *code);

#endif
