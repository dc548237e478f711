/* SPDX-License-Identifier: MulanPSL-2.0 */
/* domain/outcome: the catalogue of results, both generations, with effective dates (D:outcomes)
 */
#ifndef OGID_DOMAIN_OUTCOME_H
#define OGID_DOMAIN_OUTCOME_H

#include "domain/date.h"

/* The leaf rows of both forms. The value is what a struct holds in memory; codes are stored. */
enum ogi_outcome_index {
	OGI_NO_OUTCOME,
	OGI_GRANT,
	OGI_GRANT_PARTIAL,
	OGI_REFUSE_STATE_SECRET,
	OGI_REFUSE_LAW_FORBIDS,
	OGI_REFUSE_SECURITY_STABILITY,
	OGI_REFUSE_THIRD_PARTY,
	OGI_REFUSE_INTERNAL_AFFAIRS,
	OGI_REFUSE_PROCESS,
	OGI_REFUSE_ENFORCEMENT_FILE,
	OGI_REFUSE_SPECIAL_INQUIRY,
	OGI_UNABLE_NOT_HELD,
	OGI_UNABLE_NEEDS_CREATION,
	OGI_UNABLE_STILL_UNCLEAR,
	OGI_DECLINE_PETITION,
	OGI_DECLINE_REPEAT,
	OGI_DECLINE_PUBLICATION,
	OGI_DECLINE_EXCESSIVE,
	OGI_DECLINE_RECONFIRM,
	OGI_OTHER_NO_CORRECTION,
	OGI_OTHER_FEE_UNPAID,
	OGI_OTHER_OTHER,
	OGI_LEGACY_ALREADY_PUBLIC,
	OGI_LEGACY_GRANT,
	OGI_LEGACY_GRANT_PARTIAL,
	OGI_LEGACY_REFUSE_STATE_SECRET,
	OGI_LEGACY_REFUSE_TRADE_SECRET,
	OGI_LEGACY_REFUSE_PRIVACY,
	OGI_LEGACY_REFUSE_SECURITY_STABILITY,
	OGI_LEGACY_REFUSE_NOT_GOV_INFO,
	OGI_LEGACY_REFUSE_OTHER_LAW,
	OGI_LEGACY_NOT_THIS_AGENCY,
	OGI_LEGACY_NOT_EXIST,
	OGI_LEGACY_AMEND,
	OGI_LEGACY_OTHER_WAY,
	OGI_OUTCOMES,
};

enum ogi_outcome_flag {
	/* needs a passed secrecy review (art. 17) */
	OGI_DISCLOSES = 1u << 0,
	/* D:outcomes §2 "reasons mandatory: yes"; R2008 art. 21(2), 22 */
	OGI_NEEDS_REASON = 1u << 1,
	/* grant, grant_partial, refuse.third_party and what they were called before */
	OGI_NOT_WHILE_CONSULTING = 1u << 2,
	OGI_LEGACY = 1u << 3,
	/* other.no_correction, other.fee_unpaid, other.withdrawn: by their events, not by
	   `decided` */
	OGI_BY_SYSTEM = 1u << 4,
	/* counts as an answer in the 2014 form */
	OGI_ANSWER = 1u << 5,
};

/* Codes, official labels, first and last day of decision; index = enum, 0 is "" = none yet. */
extern const struct code ogi_outcome_codes[];

/* What the law says about a code; index = enum. */
struct ogi_outcome {
	const char *group;   /* before the first dot */
	const char *article; /* of R2008 for legacy.*, of R2019 else */
	unsigned flags;
	const char *other; /* default code of the other generation, NULL = the reason chooses */
	const char *f14;   /* key in the 2014 form without prefix, NULL = none */
};
extern const struct ogi_outcome ogi_outcomes[];
int ogi_outcome_find(const char *code); /* -1 when there is none; "" is none */
int ogi_outcome_count(void);            /* index 0 included */
/* May be decided on that day: legacy.* before 2019-01-01, the current ones from then on
 * (contract-cases §6). */
bool ogi_outcome_valid(int outcome, struct ogi_date decided_on);

enum ogi_variant_index {
	OGI_NO_VARIANT,
	OGI_GRANT_PUBLIC,
	OGI_GRANT_PROVIDED,
	OGI_UNABLE_NOT_EXIST,
	OGI_UNABLE_NOT_THIS_AGENCY,
	OGI_OTHER_WITHDRAWN,
	OGI_VARIANTS,
};
/* Variants ("grant.public", "unable.not_exist", …); index = enum, index 0 is "" = none. */
extern const struct code ogi_variant_codes[];
struct ogi_variant {
	int outcome; /* enum ogi_outcome_index it belongs to */
	const char *article;
	unsigned flags;    /* in place of the outcome's, not beside them */
	const char *other; /* default code of the other generation, NULL = none */
};
extern const struct ogi_variant ogi_variants[];
int ogi_variant_find(const char *code); /* -1 when there is none; "" is none */

/* Flags that hold for an outcome given with a variant (OGI_NO_VARIANT: without). */
unsigned ogi_outcome_flags(int outcome, int variant);
/* Default code of the other generation for both, or NULL when the reason must choose. */
const char *ogi_outcome_form(int outcome, int variant);

#endif
