/* SPDX-License-Identifier: MulanPSL-2.0 */
/*
 * base/clock: the present. The only place that asks the machine for the time. Builds with
 * -Dtest_clock=true take the instant from OGID_NOW (RFC 3339), or, when that names a file
 * ("@/path"), from its first line read anew each time, and say so; without OGID_NOW they take
 * the machine's time. An OGID_NOW that cannot be read ends the process: a wrong present spoils
 * every test.
 */
#ifndef OGID_BASE_CLOCK_H
#define OGID_BASE_CLOCK_H

#include "base/text.h"

int64_t clock_now(void);       /* microseconds since 1970-01-01T00:00:00Z */
int64_t clock_monotonic(void); /* microseconds, for durations; never the test clock */
struct ogi_date clock_china_date(int64_t micros); /* UTC+8 without exceptions */
bool clock_is_test(void);
/* With 'Z' or offset, fraction optional (cut after microseconds), years 1900..2199, no leap
 * second. */
bool clock_parse(const char *rfc3339, int64_t *ret_micros);
/* "2025-04-21T01:02:03.004Z"; "" outside the years 1..9999. */
void clock_print(int64_t micros, char out[32]);

#endif
