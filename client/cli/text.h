/* SPDX-License-Identifier: MulanPSL-2.0 */
/*
 * cli/text: bytes and memory. Strings are UTF-8 everywhere in the client; what comes from
 * outside (arguments, files, prompts) is checked here once. Out of memory ends the program.
 */
#ifndef OGI_CLI_TEXT_H
#define OGI_CLI_TEXT_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

enum language { LANGUAGE_EN, LANGUAGE_ZH };

/* The sentence in the user's language; a format stays a checked format. */
__attribute__((format_arg(2), format_arg(3))) const char *pick(
	enum language language, const char *en, const char *zh);

/* `p` again; NULL (memory is out) ends the program with status 1. */
void *must(void *p);

/* A new string; free() it. */
__attribute__((format(printf, 1, 2))) char *text_format(const char *format, ...);

__attribute__((format(printf, 1, 0))) char *text_vformat(const char *format, va_list arguments);

/* Whether `size` bytes are UTF-8 without NUL, surrogates and overlong forms. */
bool text_is_utf8(const char *bytes, size_t size);

/*
 * Reads one code point of a string that ends with NUL and steps over it. Bytes that are no
 * UTF-8 give U+FFFD, one byte each. Do not call at the end.
 */
unsigned int text_next(const char **cursor);

/*
 * The text of a file ("-": standard input), at most `limit` bytes, without byte order mark and
 * without one newline at the end. NULL and a new sentence in *ret_fault when it cannot be read,
 * is longer or is not UTF-8. free() both.
 */
char *text_read(enum language language, const char *path, size_t limit, char **ret_fault);

/* The first of the suffixes (NULL-ended) that the name ends with, whatever its case; NULL:
 * none. */
const char *text_suffix(const char *name, const char *const *suffixes);

/* The whole number in `text`, sign allowed; false when it is something else or does not fit. */
bool text_whole(const char *text, long long *ret_number);

#endif
