/* SPDX-License-Identifier: MulanPSL-2.0 */
/*
 * domain/settings: the rules that no text of the law decides (tagged [M] or [P] in the sources
 * of doc/regulation.md): one row each, with what holds when nobody sets it. A case is counted
 * by the settings in force on its receipt date.
 */
#ifndef OGID_DOMAIN_SETTINGS_H
#define OGID_DOMAIN_SETTINGS_H

#include "domain/date.h"

enum ogi_setting {
	OGI_SET_TRANSITION,
	OGI_SET_EXCLUSION,
	OGI_SET_R2008_CORRECTION,
	OGI_SET_CORRECTION_DAYS,
	OGI_SET_PAYMENT_DAYS,
	OGI_SET_SIGN_OFF, /* by the day of the decision, not of receipt */
	/* facts of the agency that letters name, by the day of the letter; no rule of a clock
	 */
	OGI_SET_AGENCY_NAME,
	OGI_SET_AGENCY_ADDRESS,
	OGI_SET_AGENCY_POSTCODE,
	OGI_SET_AGENCY_PHONE,
	OGI_SET_AGENCY_CONTACT,
	OGI_SET_RECONSIDERATION,
	OGI_SET_COURT,
	OGI_SET_DOCUMENT_WORD,
	OGI_SETTINGS,
};
enum ogi_setting_type {
	OGI_SETTING_CODE,
	OGI_SETTING_NUMBER,
	OGI_SETTING_FLAG,
	OGI_SETTING_TEXT /* has no value but its text; no preset */
};
struct ogi_setting_row {
	const char *name;
	enum ogi_setting_type type;
	const struct code
		*codes;   /* of a code, and "off", "on" of a flag; the value is the index */
	int32_t min, max; /* of a number; of a text in characters */
	int32_t preset;
	const char *zh, *en; /* what it decides */
	const char *source;
};
extern const struct ogi_setting_row ogi_setting_rows[]; /* index = enum, NULL name at the end */
enum ogi_exclusion { OGI_HALF_OPEN, OGI_INCLUSIVE };
enum ogi_r2008_correction { OGI_R2008_PAUSE, OGI_R2008_SUSPEND_INCLUSIVE, OGI_R2008_RESTART };

int ogi_setting_find(const char *name); /* -1 when there is none */
/* The value that a stored text stands for ("inclusive", "20", "on"); false when it fits the row
 * of no setting. */
bool ogi_setting_parse(int setting, const char *text, int32_t *ret_value);

/* What holds for cases received from a day on, until the next period. */
struct ogi_period {
	struct ogi_date from; /* no date: from the beginning */
	int32_t value[OGI_SETTINGS];
};
/* The period of a day in a list that is sorted by `from` and begins without one. */
const struct ogi_period *ogi_period_on(
	const struct ogi_period *period, int periods, struct ogi_date day);

#endif
