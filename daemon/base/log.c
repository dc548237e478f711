/* SPDX-License-Identifier: MulanPSL-2.0 */
/* base/log: a line is made in a buffer on the stack and leaves in one write, so lines never
 * mix. */
#include "base/log.h"

#include <errno.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { LINE_MOST = 2048 };

/* The one variable of the process: a log line must be possible where no struct is at hand. */
static atomic_int threshold = LOG_AT_INFO;

void log_threshold(enum log_level level)
{
	atomic_store(&threshold, (int)level);
}

/* Bytes of C0, DEL and C1 (U+0080..U+009F) become '?': nobody writes a second line or moves a
 * cursor. */
static void tame(char *s, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		unsigned char c = (unsigned char)s[i];
		bool c1 = c == 0xC2 && i + 1 < n && (unsigned char)s[i + 1] >= 0x80 &&
			  (unsigned char)s[i + 1] < 0xA0;
		if (c1)
			s[i + 1] = '?';
		if (c < 0x20 || c == 0x7F || c1)
			s[i] = '?';
	}
}

/* Length without the last character when that has several bytes: it may have been cut in two.
 */
static size_t cut(const char *line, size_t n)
{
	while (n > 0 && ((unsigned char)line[n - 1] & 0xC0) == 0x80)
		n--;
	return n > 0 && (unsigned char)line[n - 1] >= 0xC0 ? n - 1 : n;
}

void log_line(enum log_level level, const char *what, const char *format, ...)
{
	if ((int)level > atomic_load(&threshold))
		return;
	char line[LINE_MOST + 8];
	int head = snprintf(line, LINE_MOST, "<%d>%.64s ", (int)level, what);
	va_list args;
	va_start(args, format);
	int body = vsnprintf(line + head, (size_t)(LINE_MOST - head), format, args);
	va_end(args);
	size_t n = (size_t)head + (body > 0 ? (size_t)body : 0);
	bool whole = n < LINE_MOST;
	if (!whole)
		n = cut(line, LINE_MOST - 1);
	tame(line, n);
	if (!whole) {
		for (int i = 0; i < 3; i++)
			line[n++] = '.';
	}
	line[n++] = '\n';
	/* A line that cannot be written has nowhere else to go. */
	ssize_t sent;
	do
		sent = write(STDERR_FILENO, line, n);
	while (sent < 0 && errno == EINTR);
}
