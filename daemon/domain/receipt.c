/* SPDX-License-Identifier: MulanPSL-2.0 */
/* domain/receipt: which fact fixes the day of receipt, as a table (art. 31;
 * 国办公开办函〔2015〕207号). */
#include "domain/receipt.h"

/* clang-format off */
const struct code ogi_channels[] = {
	[OGI_CHANNEL_NONE] = { "", "", "", { 0 }, { 0 } },
	[OGI_IN_PERSON] = { "in_person", "当面", "in person", { 0 }, { 0 } },
	[OGI_ONLINE] = { "online", "网络", "online", { 0 }, { 0 } },
	[OGI_LETTER] = { "letter", "信函", "letter", { 0 }, { 0 } },
	[OGI_FAX] = { "fax", "传真", "fax", { 0 }, { 0 } },
	{ NULL, NULL, NULL, { 0 }, { 0 } },
};

const struct code ogi_vias[] = {
	[OGI_VIA_NONE] = { "", "", "", { 0 }, { 0 } },
	[OGI_MAIL_SIGNED] = { "mail_signed", "邮寄（签收）", "mail, signed for", { 0 }, { 0 } },
	[OGI_MAIL_ORDINARY] = { "mail_ordinary", "平常信函", "ordinary mail", { 0 }, { 0 } },
	[OGI_PORTAL] = { "portal", "申请平台", "portal", { 0 }, { 0 } },
	[OGI_WEB_FORM] = { "form", "网页表单", "web form", { 0 }, { 0 } },
	[OGI_EMAIL] = { "email", "电子邮件", "e-mail", { 0 }, { 0 } },
	{ NULL, NULL, NULL, { 0 }, { 0 } },
};

const struct code ogi_regimes[] = {
	[OGI_REGIME_NONE] = { "", "", "", { 0 }, { 0 } },
	[OGI_R2008] = { "R2008", "政府信息公开条例（国务院令第492号）", "Regulations of 2008",
		{ OGI_R2008_FIRST_DAY }, { OGI_R2019_FIRST_DAY - 1 } },
	[OGI_R2019] = { "R2019", "政府信息公开条例（国务院令第711号）", "Regulations of 2019",
		{ OGI_R2019_FIRST_DAY }, { 0 } },
	{ NULL, NULL, NULL, { 0 }, { 0 } },
};

enum fact { NO_FACT, ARRIVED, SIGNED, CONFIRMED };

static const struct receipt_row {
	enum ogi_channel channel;
	enum ogi_via via;
	enum fact r2019, r2008;
} receipt_rows[] = {
	{ OGI_IN_PERSON, OGI_VIA_NONE,      ARRIVED,   ARRIVED },
	{ OGI_LETTER,    OGI_MAIL_SIGNED,   SIGNED,    SIGNED },
	{ OGI_LETTER,    OGI_MAIL_ORDINARY, CONFIRMED, CONFIRMED },
	{ OGI_ONLINE,    OGI_PORTAL,        ARRIVED,   ARRIVED },
	{ OGI_ONLINE,    OGI_WEB_FORM,      CONFIRMED, CONFIRMED },
	{ OGI_ONLINE,    OGI_EMAIL,         CONFIRMED, ARRIVED },
	{ OGI_FAX,       OGI_VIA_NONE,      CONFIRMED, CONFIRMED },
};
/* clang-format on */

enum { RECEIPT_ROWS = sizeof receipt_rows / sizeof receipt_rows[0] };

enum ogi_regime ogi_regime_on(struct ogi_date date)
{
	if (date.day < OGI_R2008_FIRST_DAY)
		return OGI_REGIME_NONE;
	return date.day < OGI_R2019_FIRST_DAY ? OGI_R2008 : OGI_R2019;
}

enum ogi_via ogi_default_via(enum ogi_channel channel)
{
	switch (channel) {
	case OGI_LETTER:
		return OGI_MAIL_SIGNED;
	case OGI_ONLINE:
		return OGI_WEB_FORM;
	case OGI_CHANNEL_NONE:
	case OGI_IN_PERSON:
	case OGI_FAX:
		break;
	}
	return OGI_VIA_NONE;
}

static const struct receipt_row *row_of(enum ogi_channel channel, enum ogi_via via)
{
	for (int i = 0; i < RECEIPT_ROWS; i++)
		if (receipt_rows[i].channel == channel && receipt_rows[i].via == via)
			return &receipt_rows[i];
	return NULL;
}

bool ogi_via_fits(enum ogi_channel channel, enum ogi_via via)
{
	return row_of(channel, via) != NULL;
}

/* The regime that reads the arrival: what came before 2019-05-15 came under the Regulations of
 * 2008. */
static enum fact fact_of(enum ogi_channel channel, enum ogi_via via, struct ogi_date arrived_on)
{
	const struct receipt_row *row =
		row_of(channel, via == OGI_VIA_NONE ? ogi_default_via(channel) : via);
	if (row == NULL)
		return NO_FACT;
	bool old = ogi_is_date(arrived_on) && arrived_on.day < OGI_R2019_FIRST_DAY;
	return old ? row->r2008 : row->r2019;
}

struct ogi_date ogi_receipt_date(enum ogi_channel channel, enum ogi_via via,
	struct ogi_date arrived_on, struct ogi_date signed_on, struct ogi_date confirmed_on)
{
	switch (fact_of(channel, via, arrived_on)) {
	case ARRIVED:
		return arrived_on;
	case SIGNED:
		return signed_on;
	case CONFIRMED:
		return confirmed_on;
	case NO_FACT:
		break;
	}
	return (struct ogi_date){ 0 };
}

bool ogi_receipt_by_confirmation(
	enum ogi_channel channel, enum ogi_via via, struct ogi_date arrived_on)
{
	return fact_of(channel, via, arrived_on) == CONFIRMED;
}
