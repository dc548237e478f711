/* SPDX-License-Identifier: MulanPSL-2.0 */
/* domain/numbering: reading and printing of register numbers and of the form an organisation
 * gives them. */
#include "domain/numbering.h"

#include <stdio.h>
#include <string.h>

/* Digits up to `end`, no leading zero; at most 7, so nothing overflows. 0 when it is no such
 * number. */
static int32_t read_digits(const char *s, const char *end)
{
	if (end - s < 1 || end - s > 7 || *s == '0')
		return 0;
	int32_t n = 0;
	for (; s < end; s++) {
		if (*s < '0' || *s > '9')
			return 0;
		n = n * 10 + (*s - '0');
	}
	return n;
}

bool ogi_number_parse(const char *text, int32_t *ret_year, int32_t *ret_serial)
{
	const char *dash = strchr(text, '-');
	if (dash == NULL)
		return false;
	int32_t year = read_digits(text, dash);
	int32_t serial = read_digits(dash + 1, text + strlen(text));
	if (year < 1900 || year > 2199 || serial == 0)
		return false;
	*ret_year = year;
	*ret_serial = serial;
	return true;
}

void ogi_number_print(int32_t year, int32_t serial, char out[24])
{
	snprintf(out, 24, "%d-%d", (int)year, (int)serial);
}

bool ogi_number_display(
	const char *format, int32_t year, int32_t serial, char *out, size_t size)
{
	static const char year_mark[] = "{year}", serial_mark[] = "{serial}";
	char number[12];
	size_t used = 0;
	while (*format != '\0') {
		const char *piece = format;
		size_t length = 1, read = 1;
		if (strncmp(format, year_mark, sizeof year_mark - 1) == 0) {
			length = (size_t)snprintf(number, sizeof number, "%d", (int)year);
			piece = number;
			read = sizeof year_mark - 1;
		} else if (strncmp(format, serial_mark, sizeof serial_mark - 1) == 0) {
			length = (size_t)snprintf(number, sizeof number, "%d", (int)serial);
			piece = number;
			read = sizeof serial_mark - 1;
		}
		if (used + length >= size) {
			used = size; /* too long: answer "" rather than half a number */
			break;
		}
		memcpy(out + used, piece, length);
		used += length;
		format += read;
	}
	bool fits = used < size;
	if (size > 0)
		out[fits ? used : 0] = '\0';
	return fits;
}
