/* SPDX-License-Identifier: MulanPSL-2.0 */
/* api/file_kind: signatures, and names in and out of headers. */
#include "api/file_kind.h"

#include "base/json_write.h"

#include <stdint.h>
#include <string.h>
#include <strings.h>

/* ---- types ---- */

#define OFFICE "application/vnd.openxmlformats-officedocument."
static const char pdf[] = "application/pdf", plain[] = "text/plain; charset=utf-8",
		  gb18030[] = "text/plain; charset=gb18030", zip[] = "application/zip",
		  unknown[] = "application/octet-stream", ole[] = "application/x-ole-storage",
		  png[] = "image/png", jpeg[] = "image/jpeg", gif[] = "image/gif";

/* clang-format off */
static const struct {
	const char *bytes;
	size_t n;
	const char *type;
} signatures[] = {
	{ "%PDF-", 5, pdf },
	{ "\x89PNG\r\n\x1a\n", 8, png },
	{ "\xff\xd8\xff", 3, jpeg },
	{ "GIF87a", 6, gif },
	{ "GIF89a", 6, gif },
	{ "II*\0", 4, "image/tiff" },
	{ "MM\0*", 4, "image/tiff" },
	{ "PK\3\4", 4, zip },
	{ "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 8, ole },
};
/* A member that stands near the beginning of the archive. */
static const struct {
	const char *member, *type;
} archives[] = {
	{ "mimetypeapplication/vnd.oasis.opendocument.text", "application/vnd.oasis.opendocument.text" },
	{ "mimetypeapplication/vnd.oasis.opendocument.spreadsheet", "application/vnd.oasis.opendocument.spreadsheet" },
	{ "mimetypeapplication/vnd.oasis.opendocument.presentation", "application/vnd.oasis.opendocument.presentation" },
	{ "OFD.xml", "application/ofd" },
	{ "word/", OFFICE "wordprocessingml.document" },
	{ "xl/", OFFICE "spreadsheetml.sheet" },
	{ "ppt/", OFFICE "presentationml.presentation" },
};
static const struct {
	const char *extension, *type;
} containers[] = {
	{ ".doc", "application/msword" },
	{ ".dot", "application/msword" },
	{ ".xls", "application/vnd.ms-excel" },
	{ ".et", "application/vnd.ms-excel" },
	{ ".ppt", "application/vnd.ms-powerpoint" },
	{ ".dps", "application/vnd.ms-powerpoint" },
	{ ".wps", "application/vnd.ms-works" },
	{ ".msg", "application/vnd.ms-outlook" },
};
/* clang-format on */

static const char *archive_type(const char *bytes, size_t n)
{
	for (size_t i = 0; i < sizeof archives / sizeof *archives; i++)
		if (memmem(bytes, n, archives[i].member, strlen(archives[i].member)) != NULL)
			return archives[i].type;
	return zip;
}

static const char *container_type(const char *name)
{
	const char *dot = name != NULL ? strrchr(name, '.') : NULL;
	for (size_t i = 0; dot != NULL && i < sizeof containers / sizeof *containers; i++)
		if (strcasecmp(dot, containers[i].extension) == 0)
			return containers[i].type;
	return ole;
}

static bool has_controls(const unsigned char *s, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if ((s[i] < 0x20 && memchr("\t\n\f\r", s[i], 4) == NULL) || s[i] == 0x7f)
			return true;
	return false;
}

/* The end may fall inside a character when more bytes follow. */
static bool is_utf8(const char *s, size_t n, bool whole)
{
	for (size_t cut = 0; cut <= (whole ? 0u : 3u) && cut <= n; cut++)
		if (text_characters(s, n - cut) >= 0)
			return true;
	return false;
}

/* Characters of one, two or four bytes; a cut one at the end is forgiven. */
static bool is_gb18030(const unsigned char *s, size_t n)
{
	size_t i = 0;
	while (i < n) {
		if (s[i] < 0x80) {
			i++;
			continue;
		}
		if (s[i] == 0x80 || s[i] == 0xff)
			return false;
		if (i + 1 >= n)
			return true;
		if (s[i + 1] >= 0x40 && s[i + 1] != 0x7f && s[i + 1] != 0xff) {
			i += 2;
		} else if (s[i + 1] >= '0' && s[i + 1] <= '9') {
			if (i + 3 >= n)
				return true;
			if (s[i + 2] < 0x81 || s[i + 2] == 0xff || s[i + 3] < '0' ||
				s[i + 3] > '9')
				return false;
			i += 4;
		} else {
			return false;
		}
	}
	return true;
}

const char *file_content_type(const void *bytes, size_t n, bool whole, const char *name)
{
	for (size_t i = 0; i < sizeof signatures / sizeof *signatures; i++) {
		if (n < signatures[i].n ||
			memcmp(bytes, signatures[i].bytes, signatures[i].n) != 0)
			continue;
		const char *type = signatures[i].type;
		return type == zip   ? archive_type(bytes, n)
		       : type == ole ? container_type(name)
				     : type;
	}
	if (n == 0 || has_controls(bytes, n))
		return unknown;
	if (is_utf8(bytes, n, whole))
		return plain;
	return is_gb18030(bytes, n) ? gb18030 : unknown;
}

bool file_is_shown(const char *content_type)
{
	static const char *const shown[] = { pdf, png, jpeg, gif, plain, gb18030 };
	for (size_t i = 0; i < sizeof shown / sizeof *shown; i++)
		if (strcmp(shown[i], content_type) == 0)
			return true;
	return false;
}

/* ---- names ---- */

static int hex_of(char c)
{
	static const char digits[] = "0123456789abcdefABCDEF";
	const char *at = c != '\0' ? strchr(digits, c) : NULL;
	if (at == NULL)
		return -1;
	return (int)(at - digits) - (at - digits > 15 ? 6 : 0);
}

/* The value of an ext-value: UTF-8'language'percent-encoded; NULL when it is none. */
static const char *extended(struct arena *a, const char *s, size_t n)
{
	const char *end = s + n;
	if (n < 6 || strncasecmp(s, "UTF-8'", 6) != 0)
		return NULL;
	s = memchr(s + 6, '\'', n - 6);
	if (s == NULL)
		return NULL;
	char *out = arena_alloc(a, n + 1);
	size_t used = 0;
	for (s++; s < end; s++) {
		char c = *s;
		if (c == '%') {
			int high = end - s > 2 ? hex_of(s[1]) : -1;
			int low = high >= 0 ? hex_of(s[2]) : -1;
			if (low < 0)
				return NULL;
			c = (char)(high * 16 + low);
			s += 2;
		}
		if (c == '\0')
			return NULL;
		out[used++] = c;
	}
	return out;
}

/* One parameter: its name, and its value without quotes. Returns what is behind it. */
static const char *parameter(struct arena *a, const char *s, const char **ret_name,
	size_t *ret_name_size, char **ret_value, size_t *ret_size)
{
	*ret_name = s;
	*ret_name_size = strcspn(s, "=; \t");
	s += *ret_name_size;
	s += strspn(s, " \t");
	*ret_value = NULL;
	*ret_size = 0;
	if (*s != '=')
		return s + strcspn(s, ";");
	s++;
	s += strspn(s, " \t");
	char *value = *ret_value = arena_alloc(a, strlen(s) + 1);
	if (*s != '"') {
		*ret_size = strcspn(s, "; \t");
		memcpy(value, s, *ret_size);
		return s + strcspn(s, ";");
	}
	for (s++; *s != '\0' && *s != '"'; s++) {
		/* Only quotes are escaped by anybody; \ else is a folder of Windows. */
		if (*s == '\\' && (s[1] == '"' || s[1] == '\\'))
			s++;
		value[(*ret_size)++] = *s;
	}
	return s + strcspn(s, ";");
}

const char *file_name_sent(struct arena *a, const char *disposition)
{
	const char *found = NULL;
	const char *s = strchr(disposition, ';');
	while (s != NULL && *s == ';') {
		const char *name;
		char *value;
		size_t name_size, size;
		s += 1 + strspn(s + 1, " \t");
		s = parameter(a, s, &name, &name_size, &value, &size);
		if (value == NULL)
			continue;
		if (name_size == 9 && strncasecmp(name, "filename*", 9) == 0) {
			const char *text = extended(a, value, size);
			if (text != NULL)
				return text;
		} else if (name_size == 8 && strncasecmp(name, "filename", 8) == 0) {
			found = value;
		}
	}
	return found;
}

/* Bytes of the character at s, which is well-formed. */
static size_t character(const unsigned char *s)
{
	return *s < 0x80 ? 1 : *s < 0xe0 ? 2 : *s < 0xf0 ? 3 : 4;
}

/* Control characters; marks and overrides of direction; the byte order mark. */
static bool is_unwanted(const unsigned char *s, size_t n)
{
	if (n == 1)
		return *s < 0x20 || *s == 0x7f;
	if (n == 2)
		return s[0] == 0xc2 && s[1] < 0xa0;
	if (n == 3 && s[0] == 0xe2 && s[1] == 0x80)
		return (s[2] >= 0x8b && s[2] <= 0x8f) || (s[2] >= 0xa8 && s[2] <= 0xae);
	if (n == 3 && s[0] == 0xe2 && s[1] == 0x81)
		return s[2] >= 0xa0 && s[2] <= 0xaf;
	return n == 3 && s[0] == 0xef && s[1] == 0xbb && s[2] == 0xbf;
}

static const char *shortened(struct arena *a, const char *name)
{
	long characters = text_characters(name, strlen(name));
	const char *dot = strrchr(name, '.');
	long kept = dot != NULL ? text_characters(dot, strlen(dot)) : 0;
	if (characters <= FILE_NAME_MOST)
		return name;
	if (kept > 16) {
		dot = NULL;
		kept = 0;
	}
	const char *at = name;
	for (long i = 0; i < FILE_NAME_MOST - kept; i++)
		at += character((const unsigned char *)at);
	return arena_print(a, "%.*s%s", (int)(at - name), name, dot != NULL ? dot : "");
}

const char *file_name_clean(struct arena *a, const char *name)
{
	size_t n = strlen(name);
	if (text_characters(name, n) < 0)
		return NULL;
	for (const char *s = name; *s != '\0'; s++)
		if (*s == '/' || *s == '\\')
			name = s + 1;
	char *out = arena_alloc(a, n + 1);
	size_t used = 0;
	for (const unsigned char *s = (const unsigned char *)name; *s != '\0';) {
		size_t size = character(s);
		if (!is_unwanted(s, size)) {
			memcpy(out + used, s, size);
			used += size;
		}
		s += size;
	}
	while (used > 0 && (out[used - 1] == ' ' || out[used - 1] == '.'))
		used--;
	out[used] = '\0';
	return shortened(a, out + strspn(out, " "));
}

const char *file_disposition(struct arena *a, const char *name, bool shown)
{
	static const char plain_too[] = "!#$&+-.^_`|~";
	struct buf text = { 0 };
	buf_print(&text, "%s; filename=\"", shown ? "inline" : "attachment");
	for (const unsigned char *s = (const unsigned char *)name; *s != '\0';
		s += character(s))
		buf_print(&text, "%c",
			*s >= 0x20 && *s < 0x7f && *s != '"' && *s != '\\' && *s != '%' ? *s
											: '_');
	buf_text(&text, "\"; filename*=UTF-8''");
	for (const unsigned char *s = (const unsigned char *)name; *s != '\0'; s++) {
		bool letter = (*s >= 'a' && *s <= 'z') || (*s >= 'A' && *s <= 'Z') ||
			      (*s >= '0' && *s <= '9');
		if (letter || strchr(plain_too, *s) != NULL)
			buf_add(&text, s, 1);
		else
			buf_print(&text, "%%%02X", *s);
	}
	const char *copy = arena_bytes(a, text.data, text.used);
	buf_clear(&text);
	return copy;
}
