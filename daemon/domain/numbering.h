/* SPDX-License-Identifier: MulanPSL-2.0 */
/*
 * domain/numbering: register numbers `<year>-<serial>`, gap-free per organisation and year
 * (D:lifecycle §2.3).
 */
#ifndef OGID_DOMAIN_NUMBERING_H
#define OGID_DOMAIN_NUMBERING_H

#include "base/text.h"

/* "2025-17": no leading zeros, year 1900..2199, serial 1..9999999. */
bool ogi_number_parse(const char *text, int32_t *ret_year, int32_t *ret_serial);
void ogi_number_print(int32_t year, int32_t serial, char out[24]);
/* Fills {year} and {serial} in an organisation's format, e.g. "朱村依申〔{year}〕{serial}号";
 * everything else is copied. False and "" when it does not fit into `size` bytes. */
bool ogi_number_display(
	const char *format, int32_t year, int32_t serial, char *out, size_t size);

#endif
