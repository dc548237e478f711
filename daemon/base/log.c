/* SPDX-License-Identifier: MulanPSL-2.0 */
/* base/log: a line is made in a buffer and leaves whole, so lines never mix. */
#include "base/log.h"

#include <errno.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum {
	LINE_MOST = 2048,
	LINE_BUFFER = LINE_MOST + 8, /* and the dots and the end of one that was cut */
};

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

/* The whole line with its end in a buffer of LINE_BUFFER; 0 when the level is not written. */
__attribute__((format(printf, 4, 0))) static size_t make_line(
	char *line, enum log_level level, const char *what, const char *format, va_list args)
{
	if ((int)level > atomic_load(&threshold))
		return 0;
	int head = snprintf(line, LINE_MOST, "<%d>%.64s ", (int)level, what);
	int body = vsnprintf(line + head, (size_t)(LINE_MOST - head), format, args);
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
	return n;
}

/* What cannot be written has nowhere else to go. */
static void send_out(const char *text, size_t n)
{
	ssize_t sent;
	do
		sent = write(STDERR_FILENO, text, n);
	while (sent < 0 && errno == EINTR);
}

void log_line(enum log_level level, const char *what, const char *format, ...)
{
	char line[LINE_BUFFER];
	va_list args;
	va_start(args, format);
	size_t n = make_line(line, level, what, format, args);
	va_end(args);
	if (n > 0)
		send_out(line, n);
}

void log_hold(
	struct log_held *h, enum log_level level, const char *what, const char *format, ...)
{
	if (h->size + LINE_BUFFER > sizeof h->text)
		log_release(h);
	va_list args;
	va_start(args, format);
	h->size += make_line(h->text + h->size, level, what, format, args);
	va_end(args);
}

void log_release(struct log_held *h)
{
	if (h->size > 0)
		send_out(h->text, h->size);
	h->size = 0;
}
