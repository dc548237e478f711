/* SPDX-License-Identifier: MulanPSL-2.0 */
/*
 * domain/receipt: the receipt date by channel and regime (art. 31; contract-cases §3;
 * D:deadlines §2).
 */
#ifndef OGID_DOMAIN_RECEIPT_H
#define OGID_DOMAIN_RECEIPT_H

#include "domain/date.h"

/* 0 = not given, as in a zeroed struct; lists start with a row "". */
enum ogi_channel { OGI_CHANNEL_NONE, OGI_IN_PERSON, OGI_ONLINE, OGI_LETTER, OGI_FAX };
enum ogi_via {
	OGI_VIA_NONE,
	OGI_MAIL_SIGNED,
	OGI_MAIL_ORDINARY,
	OGI_PORTAL,
	OGI_WEB_FORM,
	OGI_EMAIL
};
enum ogi_regime { OGI_REGIME_NONE, OGI_R2008, OGI_R2019 };
enum ogi_transition { OGI_BY_RECEIPT, OGI_BY_REPLY };
extern const struct code ogi_channels[], ogi_vias[], ogi_regimes[];

/* Day numbers of the first days of the regimes: 2008-05-01, 2019-05-15 (art. 56). */
enum { OGI_R2008_FIRST_DAY = 733163, OGI_R2019_FIRST_DAY = 737194 };
enum ogi_regime ogi_regime_on(struct ogi_date date); /* NONE before 2008-05-01 */

/* letter -> mail_signed, online -> form, else none. */
enum ogi_via ogi_default_via(enum ogi_channel channel);
/* A via belongs to its channel. */
bool ogi_via_fits(enum ogi_channel channel, enum ogi_via via);

/*
 * The receipt date, or no date while the fact it hangs on is missing (confirmation
 * outstanding). For online/email the two regimes use different facts: R2008 arrived_on when
 * that lies before 2019-05-15. A missing via is the channel's default; one that does not fit
 * gives no date.
 */
struct ogi_date ogi_receipt_date(enum ogi_channel channel, enum ogi_via via,
	struct ogi_date arrived_on, struct ogi_date signed_on, struct ogi_date confirmed_on);
/* True when the receipt date is the confirmation day, i.e. an arrival can be outstanding. */
bool ogi_receipt_by_confirmation(
	enum ogi_channel channel, enum ogi_via via, struct ogi_date arrived_on);

#endif
