/* SPDX-License-Identifier: MulanPSL-2.0 */
/*
 * base/log: one line per fact on stderr, journal priority prefix, key=value. Never names,
 * identity numbers, bodies or query strings. Only daemon/ (not base, not domain) calls it.
 */
#ifndef OGID_BASE_LOG_H
#define OGID_BASE_LOG_H

#include <stddef.h>

enum log_level {
	LOG_AT_ERROR = 3,
	LOG_AT_WARNING = 4,
	LOG_AT_NOTICE = 5,
	LOG_AT_INFO = 6,
	LOG_AT_DEBUG = 7
};
void log_threshold(enum log_level level);
/* log_line(LOG_AT_INFO, "exchange", "status=%d ms=%d", …) prints "<6>exchange status=… ms=…".
 * Control characters in the result become '?'. */
void log_line(enum log_level level, const char *what, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* Lines that leave together in one write, for who writes one a request: the owner releases them
 * at the end of the turn. Zeroed is empty; one that is full goes out by itself. Lines of
 * log_line go past those held. */
struct log_held {
	size_t size;
	char text[8192];
};
void log_hold(struct log_held *h, enum log_level level, const char *what, const char *format,
	...) __attribute__((format(printf, 4, 5)));
void log_release(struct log_held *h);

#endif
