/* SPDX-License-Identifier: MulanPSL-2.0 */
/* cli/print: what reaches the terminal. */
#include "cli/print.h"

#include <langinfo.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <wchar.h>

static enum language language_of_environment(void)
{
	static const char *const names[] = { "LC_ALL", "LC_MESSAGES", "LANG" };
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		const char *value = getenv(names[i]);
		if (value != NULL && *value != '\0')
			return strncmp(value, "zh", 2) == 0 ? LANGUAGE_ZH : LANGUAGE_EN;
	}
	return LANGUAGE_EN;
}

static int width_of_output(bool terminal)
{
	const char *columns = getenv("COLUMNS");
	struct winsize size;
	long long number;

	if (columns != NULL && text_whole(columns, &number) && number >= 20 && number <= 10000)
		return (int)number;
	if (!terminal)
		return 0;
	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col >= 20)
		return size.ws_col;
	return 80;
}

void screen_open(struct screen *ret)
{
	if (setlocale(LC_ALL, "") == NULL || strcmp(nl_langinfo(CODESET), "UTF-8") != 0)
		setlocale(LC_CTYPE, "C.UTF-8");
	setlocale(LC_NUMERIC, "C"); /* JSON has a point, whatever the country */
	const char *no_color = getenv("NO_COLOR");
	const char *term = getenv("TERM");
	ret->language = language_of_environment();
	ret->terminal = isatty(STDOUT_FILENO) == 1;
	ret->colour = ret->terminal && (no_color == NULL || *no_color == '\0') &&
		      term != NULL && strcmp(term, "dumb") != 0;
	ret->width = width_of_output(ret->terminal);
}

static bool is_override(unsigned int point)
{
	return point == 0x61c || point == 0x200e || point == 0x200f ||
	       (point >= 0x2028 && point <= 0x202e) || (point >= 0x2066 && point <= 0x2069) ||
	       point == 0xfeff || (point >= 0xe0000 && point <= 0xe007f);
}

char *print_safe(const char *text, bool lines)
{
	char *safe;
	size_t size;
	FILE *out = must(open_memstream(&safe, &size));

	while (*text != '\0') {
		const char *start = text;
		unsigned int point = text_next(&text);
		if (point == '\n' && lines)
			fputc('\n', out);
		else if (point == '\n' || point == '\t' || (point == '\r' && *text == '\n'))
			fputc(' ', out);
		else if (point == 0xfffd)
			fputs("\xef\xbf\xbd", out);
		else if (wcwidth((wchar_t)point) < 0 || is_override(point))
			fprintf(out, "<U+%04X>", point);
		else
			fwrite(start, 1, (size_t)(text - start), out);
	}
	fclose(out);
	return must(safe);
}

/* Columns of one code point of a harmless text. */
static int width_of(unsigned int point)
{
	int width = wcwidth((wchar_t)point);
	return width < 0 ? 1 : width;
}

int print_width(const char *text)
{
	char *safe = print_safe(text, false);
	int width = 0;

	for (const char *cursor = safe; *cursor != '\0';)
		width += width_of(text_next(&cursor));
	free(safe);
	return width;
}

void print_text(FILE *out, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	char *text = text_vformat(format, arguments);
	va_end(arguments);
	char *safe = print_safe(text, true);
	fputs(safe, out);
	free(safe);
	free(text);
}

void complain(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	char *text = text_vformat(format, arguments);
	va_end(arguments);
	print_text(stderr, "ogi: %s\n", text);
	free(text);
}

/* Chinese typesetting: these never begin a line. */
static bool clings(unsigned int point)
{
	return wcschr(L"，。、；：？！）》」』】〕”’…,.;:?!)", (wchar_t)point) != NULL;
}

/*
 * Where the line that starts at `line` ends (not printed past it) and, in *ret_next, where the
 * next one starts: at a newline, behind a space, or before a full-width character that may
 * begin a line.
 */
static const char *line_end(const char *line, int room, const char **ret_next)
{
	const char *end = NULL;
	int used = 0;
	unsigned int before = 0;
	const char *cursor = line;

	while (*cursor != '\0' && *cursor != '\n') {
		const char *start = cursor;
		unsigned int point = text_next(&cursor);
		bool wide = width_of(point) == 2 || (before != 0 && width_of(before) == 2);
		if (start > line && point != ' ' && ((wide && !clings(point)) || before == ' '))
			end = start;
		used += width_of(point);
		if (used > room && point != ' ') {
			*ret_next = end != NULL ? end : start > line ? start : cursor;
			for (end = *ret_next; end > line && end[-1] == ' ';)
				end--;
			return end;
		}
		before = point;
	}
	*ret_next = *cursor == '\n' ? cursor + 1 : cursor;
	return cursor;
}

void print_wrapped(FILE *out, const char *text, int indent, int width)
{
	char *safe = print_safe(text, true);
	int room = width == 0 ? 1 << 30 : width - indent < 10 ? 10 : width - indent;
	const char *next = safe;

	for (const char *line = safe;; line = next) {
		const char *end = line_end(line, room, &next);
		fwrite(line, 1, (size_t)(end - line), out);
		fputc('\n', out);
		if (*next == '\0')
			break;
		if (*next != '\n')
			fprintf(out, "%*s", indent, "");
	}
	free(safe);
}

void print_pair(const struct screen *s, int column, const char *label, const char *value)
{
	if (value == NULL || *value == '\0')
		return;
	char *safe = print_safe(label, false);
	int gap = column - print_width(label);
	fprintf(stdout, "%s%*s", safe, gap > 0 ? gap : 1, "");
	free(safe);
	print_wrapped(stdout, value, column, s->width);
}

void print_json(const struct screen *s, const char *json)
{
	size_t size = strlen(json);
	bool open_line = size > 0 && json[size - 1] != '\n';

	if (!s->terminal) {
		fwrite(json, 1, size, stdout);
	} else {
		while (*json != '\0') {
			const char *start = json;
			unsigned int point = text_next(&json);
			if ((point >= 0x7f && point <= 0x9f) ||
				(is_override(point) && point < 0x10000))
				printf("\\u%04x", point);
			else
				fwrite(start, 1, (size_t)(json - start), stdout);
		}
	}
	if (open_line)
		fputc('\n', stdout);
}

enum colour print_light(const char *light)
{
	if (light == NULL)
		return COLOUR_NONE;
	if (strcmp(light, "green") == 0)
		return COLOUR_GREEN;
	if (strcmp(light, "amber") == 0)
		return COLOUR_AMBER;
	if (strcmp(light, "red") == 0 || strcmp(light, "overdue") == 0)
		return COLOUR_RED;
	return COLOUR_NONE;
}
