/* SPDX-License-Identifier: MulanPSL-2.0 */
/* tests/fuzz: the shape of a fuzz target; the name is libFuzzer's. */
#ifndef OGID_TEST_FUZZ_H
#define OGID_TEST_FUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

/* Also in release builds: what must hold for every input. */
static inline void must(bool holds)
{
	if (!holds)
		abort();
}

#endif
