/* SPDX-License-Identifier: MulanPSL-2.0 */
/* Any bytes as a date, a number, an id, a text: what is taken is printed back the same. */
#include "fuzz.h"

#include "base/arena.h"
#include "base/text.h"
#include "base/uuid.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	struct arena *a = arena_new();
	const char *s = arena_bytes(a, bytes, n);
	struct ogi_date date;
	struct uuid id;
	int64_t number;
	char text[40];
	if (text_to_date(s, &date)) {
		must(date.day >= 693596 && date.day <= 803168); /* 1900-01-01, 2199-12-31 */
		text_from_date(date, text);
		must(strcmp(s, text) == 0);
	}
	if (text_to_int(s, &number)) {
		const char *digits = s + (s[0] == '-');
		digits += strspn(digits, "0");
		snprintf(text, sizeof text, "%lld", (long long)number);
		must(number == 0 ? *digits == '\0' : strcmp(text + (number < 0), digits) == 0);
	}
	if (uuid_parse_text(s, &id)) {
		uuid_print(&id, text);
		must(strcasecmp(s, text) == 0);
	}
	long characters = text_characters((const char *)bytes, n);
	must(characters >= -1 && (size_t)(characters + 1) <= n + 1);
	const char *code = text_fault((const char *)bytes, n, 3, 5, FIELD_MULTILINE);
	must((characters < 0) == (code != NULL && strcmp(code, "utf8") == 0));
	must(code != NULL || (characters >= 3 && characters <= 5));
	arena_free(a);
	return 0;
}
