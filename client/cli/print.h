/* SPDX-License-Identifier: MulanPSL-2.0 */
/*
 * cli/print: what reaches the terminal. Every string that goes out passes here and loses what
 * could steer a terminal (control characters, bidirectional overrides): they are shown as
 * <U+001B>. Widths are columns of the terminal, full-width characters take two.
 */
#ifndef OGI_CLI_PRINT_H
#define OGI_CLI_PRINT_H

#include "cli/text.h"

#include <stdio.h>

struct screen {
	enum language language;
	bool terminal; /* standard output is one */
	bool colour;   /* a terminal, and neither NO_COLOR nor TERM=dumb */
	int width;     /* columns of standard output; 0: not limited (a file, a pipe) */
};

/*
 * Sets the process's locale (C.UTF-8 where the user's has another character set) and reads
 * LC_ALL, LC_MESSAGES, LANG, COLUMNS, NO_COLOR and the terminal. Language: the first of the
 * three that is set.
 */
void screen_open(struct screen *ret);

/* A harmless copy; free() it. `lines`: keep newlines; else they become spaces, as tabs always
 * do. */
char *print_safe(const char *text, bool lines);

/* Columns `text` takes when printed harmless on one line. */
int print_width(const char *text);

/* Formats, makes harmless, writes. Newlines stay. */
__attribute__((format(printf, 2, 3))) void print_text(FILE *out, const char *format, ...);

/* The same on standard error behind "ogi: ", with a newline: talk, not answer. */
__attribute__((format(printf, 1, 2))) void complain(const char *format, ...);

/*
 * `text` broken into lines of at most `width` columns (0: no limit), the second and all after
 * it indented by `indent` columns; the first starts where the cursor stands, taken to be
 * `indent` too. Ends with a newline.
 */
void print_wrapped(FILE *out, const char *text, int indent, int width);

/* "label  value", the value from column `column` on, wrapped; nothing when `value` is NULL or
 * "". */
void print_pair(const struct screen *s, int column, const char *label, const char *value);

/* Writes JSON as it came; on a terminal C1 and bidirectional controls as \u escapes, which mean
 * the same. */
void print_json(const struct screen *s, const char *json);

enum colour { COLOUR_NONE, COLOUR_GREEN, COLOUR_AMBER, COLOUR_RED };

/* The colour of a light: green, amber, red and overdue (red). */
enum colour print_light(const char *light);

#endif
