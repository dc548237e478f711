/* SPDX-License-Identifier: MulanPSL-2.0 */
/* cli/text: bytes and memory. */
#include "cli/text.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

const char *pick(enum language language, const char *en, const char *zh)
{
	return language == LANGUAGE_ZH ? zh : en;
}

void *must(void *p)
{
	if (p == NULL) {
		fputs("ogi: out of memory\n", stderr);
		exit(1);
	}
	return p;
}

char *text_vformat(const char *format, va_list arguments)
{
	char *text = NULL;
	int length = vasprintf(&text, format, arguments);
	return must(length < 0 ? NULL : text);
}

char *text_format(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	char *text = text_vformat(format, arguments);
	va_end(arguments);
	return text;
}

/* Length of the well-formed sequence at `s`, 0 when there is none; *ret_point is its code
 * point. */
static size_t sequence(const unsigned char *s, size_t size, unsigned int *ret_point)
{
	static const unsigned int smallest[] = { 0, 0, 0x80, 0x800, 0x10000 };
	size_t length = s[0] < 0x80 ? 1 : s[0] >= 0xf0 ? 4 : s[0] >= 0xe0 ? 3 : 2;
	if (length == 1) {
		*ret_point = s[0];
		return 1;
	}
	if (s[0] < 0xc2 || s[0] > 0xf4 || length > size)
		return 0;
	unsigned int point = s[0] & (0xffU >> (length + 1));
	for (size_t i = 1; i < length; i++) {
		if ((s[i] & 0xc0) != 0x80)
			return 0;
		point = point << 6 | (s[i] & 0x3fU);
	}
	if (point < smallest[length] || point > 0x10ffff ||
		(point >= 0xd800 && point <= 0xdfff))
		return 0;
	*ret_point = point;
	return length;
}

bool text_is_utf8(const char *bytes, size_t size)
{
	const unsigned char *s = (const unsigned char *)bytes;
	unsigned int point;

	while (size > 0) {
		size_t length = *s == '\0' ? 0 : sequence(s, size, &point);
		if (length == 0)
			return false;
		s += length;
		size -= length;
	}
	return true;
}

unsigned int text_next(const char **cursor)
{
	const unsigned char *s = (const unsigned char *)*cursor;
	unsigned int point = 0xfffd;

	/* NUL is no continuation byte, so a cut sequence never reads past the end. */
	size_t length = sequence(s, 4, &point);
	*cursor += length > 0 ? length : 1;
	return length > 0 ? point : 0xfffd;
}

/* Reads until the end or until more than `limit` bytes are there. */
static char *read_all(FILE *in, size_t limit, size_t *ret_size)
{
	size_t room = 4096;
	size_t size = 0;
	char *bytes = must(malloc(room + 1));

	while (size <= limit) {
		size_t got = fread(bytes + size, 1, room - size, in);
		size += got;
		if (got == 0)
			break;
		if (size == room) {
			room *= 2;
			bytes = must(realloc(bytes, room + 1));
		}
	}
	bytes[size] = '\0';
	*ret_size = size;
	return bytes;
}

char *text_read(enum language language, const char *path, size_t limit, char **ret_fault)
{
	bool standard = strcmp(path, "-") == 0;
	FILE *in = standard ? stdin : fopen(path, "re");
	if (in == NULL) {
		*ret_fault = text_format("%s: %s", path, strerror(errno));
		return NULL;
	}
	size_t size;
	char *bytes = read_all(in, limit, &size);
	const char *why = NULL;
	if (ferror(in))
		why = strerror(errno);
	else if (size > limit)
		why = pick(language, "the file is too long", "文件过大");
	else if (!text_is_utf8(bytes, size))
		why = pick(language, "the file is not UTF-8 text", "文件不是 UTF-8 文本");
	if (!standard)
		fclose(in);
	if (why != NULL) {
		*ret_fault = text_format("%s: %s", path, why);
		free(bytes);
		return NULL;
	}
	if (size >= 3 && memcmp(bytes, "\xef\xbb\xbf", 3) == 0)
		memmove(bytes, bytes + 3, size -= 3);
	if (size > 0 && bytes[size - 1] == '\n')
		size--;
	if (size > 0 && bytes[size - 1] == '\r')
		size--;
	bytes[size] = '\0';
	return bytes;
}

const char *text_suffix(const char *name, const char *const *suffixes)
{
	size_t length = strlen(name);
	for (; *suffixes != NULL; suffixes++) {
		size_t n = strlen(*suffixes);
		if (length > n && strcasecmp(name + length - n, *suffixes) == 0)
			return *suffixes;
	}
	return NULL;
}

bool text_whole(const char *text, long long *ret_number)
{
	char *end;

	if (text[strspn(text, "+-0123456789")] != '\0')
		return false;
	errno = 0;
	long long number = strtoll(text, &end, 10);
	if (errno != 0 || end == text || *end != '\0')
		return false;
	*ret_number = number;
	return true;
}
