/* SPDX-License-Identifier: MulanPSL-2.0 */
/* Any bytes as an instant: what is taken is printed and read back to the millisecond. */
#include "fuzz.h"

#include "base/arena.h"
#include "base/clock.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	struct arena *a = arena_new();
	const char *s = arena_bytes(a, bytes, n);
	int64_t micros = 0, back = 0;
	char text[32];
	if (clock_parse(s, &micros)) {
		clock_print(micros, text);
		must(strlen(text) == 24);
		/* An offset may lead out of 1900..2199 by a day. */
		if (clock_parse(text, &back))
			must(back <= micros && micros - back < 1000);
		must(clock_china_date(micros).day > 0);
	}
	/* Any number is printed, too. */
	if (n >= sizeof micros) {
		memcpy(&micros, bytes, sizeof micros);
		clock_print(micros, text);
		must(strlen(text) == 24 || text[0] == '\0');
	}
	arena_free(a);
	return 0;
}
