/* SPDX-License-Identifier: MulanPSL-2.0 */
/* base/text: bounded text, code lists and field rows; nothing but libc. */
#include "base/text.h"

#include <string.h>

enum {
	YEAR_FIRST = 1900,
	YEAR_LAST = 2199,
	/* Days from 0000-03-01, where the count of years is simplest, to 0000-12-31. */
	MARCH_TO_DECEMBER = 305,
	DAYS_OF_400_YEARS = 146097,
	DAY_LAST = 3652059, /* 9999-12-31 */
	UUID_BYTES = 16,
};

/* ---- UTF-8 ---- */

static bool continues(unsigned char byte)
{
	return (byte & 0xC0) == 0x80;
}

/* Bytes of the well-formed sequence at s, 0 when there is none (Unicode table 3-7). */
static size_t sequence(const unsigned char *s, size_t left)
{
	unsigned char low = 0x80, high = 0xBF;
	size_t n;
	if (s[0] < 0x80)
		return 1;
	if (s[0] >= 0xC2 && s[0] <= 0xDF) {
		n = 2;
	} else if ((s[0] & 0xF0) == 0xE0) {
		n = 3;
		low = s[0] == 0xE0 ? 0xA0 : 0x80;
		high = s[0] == 0xED ? 0x9F : 0xBF;
	} else if (s[0] >= 0xF0 && s[0] <= 0xF4) {
		n = 4;
		low = s[0] == 0xF0 ? 0x90 : 0x80;
		high = s[0] == 0xF4 ? 0x8F : 0xBF;
	} else {
		return 0;
	}
	if (left < n || s[1] < low || s[1] > high)
		return 0;
	for (size_t i = 2; i < n; i++)
		if (!continues(s[i]))
			return 0;
	return n;
}

/* Length of the run of ASCII at s, a word at a time. */
static size_t ascii(const unsigned char *s, size_t left)
{
	size_t n = 0;
	uint64_t word;
	while (left - n >= sizeof word) {
		memcpy(&word, s + n, sizeof word);
		if ((word & UINT64_C(0x8080808080808080)) != 0)
			break;
		n += sizeof word;
	}
	while (n < left && s[n] < 0x80)
		n++;
	return n;
}

long text_characters(const char *s, size_t bytes)
{
	const unsigned char *at = (const unsigned char *)s;
	long count = 0;
	while (bytes > 0) {
		size_t run = ascii(at, bytes), n = 0;
		count += (long)run;
		at += run;
		bytes -= run;
		if (bytes > 0 && (n = sequence(at, bytes)) == 0)
			return -1;
		count += n > 0;
		at += n;
		bytes -= n;
	}
	return count;
}

static bool has_control(const char *s, size_t bytes, bool multiline)
{
	for (size_t i = 0; i < bytes; i++) {
		unsigned char c = (unsigned char)s[i];
		if (c < 0x20 && !(multiline && (c == '\n' || c == '\r' || c == '\t')))
			return true;
		if (c == 0x7F)
			return true;
		if (c == 0xC2 && i + 1 < bytes && (unsigned char)s[i + 1] < 0xA0)
			return true;
	}
	return false;
}

const char *text_fault(const char *s, size_t bytes, int32_t min, int32_t max, unsigned flags)
{
	long characters = text_characters(s, bytes);
	if (characters < 0)
		return "utf8";
	if (has_control(s, bytes, (flags & FIELD_MULTILINE) != 0))
		return "control_character";
	if (characters < min)
		return "too_short";
	if (max > 0 && characters > max)
		return "too_long";
	return NULL;
}

/* ---- dates and numbers ---- */

static bool leap(int year)
{
	return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

/* `count` decimal digits at s, or -1. */
static int digits(const char *s, int count)
{
	int value = 0;
	for (int i = 0; i < count; i++) {
		if (s[i] < '0' || s[i] > '9')
			return -1;
		value = value * 10 + (s[i] - '0');
	}
	return value;
}

bool text_to_date(const char *s, struct ogi_date *ret_date)
{
	static const int before[13] = { 0, 0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304,
		334 };
	static const int length[13] = { 0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	if (s == NULL || strnlen(s, 11) != 10 || s[4] != '-' || s[7] != '-')
		return false;
	int year = digits(s, 4), month = digits(s + 5, 2), day = digits(s + 8, 2);
	if (year < YEAR_FIRST || year > YEAR_LAST || month < 1 || month > 12 || day < 1)
		return false;
	if (day > length[month] + (month == 2 && leap(year)))
		return false;
	int past = year - 1;
	ret_date->day = past * 365 + past / 4 - past / 100 + past / 400 + before[month] +
			(month > 2 && leap(year)) + day;
	return true;
}

static void put_digits(char *out, int32_t value, int count)
{
	while (count-- > 0) {
		out[count] = (char)('0' + value % 10);
		value /= 10;
	}
}

void text_from_date(struct ogi_date date, char out[11])
{
	out[0] = '\0';
	if (date.day < 1 || date.day > DAY_LAST)
		return;
	/* Years that begin in March: the leap day is the last day, months have a linear rhythm.
	 */
	int32_t days = date.day + MARCH_TO_DECEMBER;
	int32_t era = days / DAYS_OF_400_YEARS, of_era = days % DAYS_OF_400_YEARS;
	int32_t year = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
	int32_t of_year = of_era - (365 * year + year / 4 - year / 100);
	int32_t month = (5 * of_year + 2) / 153;
	int32_t day = of_year - (153 * month + 2) / 5 + 1;
	month = month < 10 ? month + 3 : month - 9;
	put_digits(out, year + era * 400 + (month <= 2), 4);
	out[4] = '-';
	put_digits(out + 5, month, 2);
	out[7] = '-';
	put_digits(out + 8, day, 2);
	out[10] = '\0';
}

bool text_to_int(const char *s, int64_t *ret_value)
{
	if (s == NULL)
		return false;
	bool negative = *s == '-';
	const char *at = s + negative;
	int64_t value = 0;
	if (*at == '\0')
		return false;
	for (; *at != '\0'; at++) {
		if (*at < '0' || *at > '9')
			return false;
		/* Downwards: INT64_MIN has no positive twin. */
		if (__builtin_mul_overflow(value, (int64_t)10, &value) ||
			__builtin_sub_overflow(value, (int64_t)(*at - '0'), &value))
			return false;
	}
	if (!negative && __builtin_sub_overflow((int64_t)0, value, &value))
		return false;
	*ret_value = value;
	return true;
}

bool text_is_mail_address(const char *s)
{
	static const char host[] =
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-";
	static const char person[] =
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._%+";
	size_t n = strspn(s, person);
	if (n == 0 || n > 64 || s[n] != '@' || strlen(s) > 254)
		return false;
	do {
		s += n + 1;
		n = strspn(s, host);
	} while (n > 0 && s[n] == '.');
	return n > 0 && s[n] == '\0';
}

bool text_same(const char *a, const char *b)
{
	if (a == NULL || b == NULL)
		return a == b;
	return strcmp(a, b) == 0;
}

/* ---- code lists ---- */

int code_find(const struct code *list, const char *code)
{
	if (code == NULL)
		return -1;
	for (int i = 0; list[i].code != NULL; i++)
		if (strcmp(list[i].code, code) == 0)
			return i;
	return -1;
}

int32_t code_absent(const struct code *list)
{
	return list[0].code != NULL && list[0].code[0] == '\0' ? 0 : -1;
}

int code_count(const struct code *list)
{
	int n = 0;
	while (list[n].code != NULL)
		n++;
	return n;
}

/* ---- field rows ---- */

const struct field *field_find(const struct field *fields, const char *name, size_t *ret_at)
{
	size_t base = 0;
	while (fields != NULL && name != NULL) {
		size_t n = strcspn(name, ".");
		const struct field *row = fields;
		while (row->name != NULL &&
			(strlen(row->name) != n || memcmp(row->name, name, n) != 0))
			row++;
		if (row->name == NULL)
			return NULL;
		base += row->at;
		if (name[n] == '\0') {
			if (ret_at != NULL)
				*ret_at = base;
			return row;
		}
		fields = row->type == FIELD_OBJECT ? row->fields : NULL;
		name += n + 1;
	}
	return NULL;
}

static bool set_code(const struct field *row, void *field, const char *text)
{
	int32_t value = text == NULL ? code_absent(row->codes) : code_find(row->codes, text);
	if (text != NULL && value < 0)
		return false;
	memcpy(field, &value, sizeof value);
	return true;
}

enum { SECRET_GROWTH = 8 };

static bool set_text(const struct field *row, void *field, const char *text)
{
	/* A secret may be set in its encrypted form, which is longer. */
	int32_t max = (row->flags & FIELD_SECRET) != 0 ? row->max * SECRET_GROWTH : row->max;
	if (text != NULL && text_fault(text, strlen(text), row->min, max, row->flags) != NULL)
		return false;
	memcpy(field, &text, sizeof text);
	return true;
}

static bool set_date(void *field, const char *text)
{
	struct ogi_date value = { 0 };
	if (text != NULL && !text_to_date(text, &value))
		return false;
	memcpy(field, &value, sizeof value);
	return true;
}

static bool set_int(const struct field *row, void *field, const char *text)
{
	int64_t value;
	if (!text_to_int(text, &value) || value < INT32_MIN || value > INT32_MAX)
		return false;
	if ((row->min != 0 || row->max != 0) && (value < row->min || value > row->max))
		return false;
	int32_t narrow = (int32_t)value;
	memcpy(field, &narrow, sizeof narrow);
	return true;
}

static bool set_bool(void *field, const char *text)
{
	bool value = text_same(text, "true");
	if (!value && !text_same(text, "false"))
		return false;
	memcpy(field, &value, sizeof value);
	return true;
}

bool field_set(const struct field *row, size_t at, void *base, const char *text)
{
	void *field = (char *)base + at;
	if (text != NULL && *text == '\0')
		text = NULL;
	if (text == NULL && (row->flags & FIELD_REQUIRED) != 0)
		return false;
	switch (row->type) {
	case FIELD_TEXT:
		return set_text(row, field, text);
	case FIELD_DATE:
		return set_date(field, text);
	case FIELD_INT:
		return set_int(row, field, text);
	case FIELD_BOOL:
		return set_bool(field, text);
	case FIELD_CODE:
		return (row->flags & FIELD_LOOSE) != 0 ? set_text(row, field, text)
						       : set_code(row, field, text);
	case FIELD_DECIMAL: /* nothing that is amended has one */
	case FIELD_UUID:
	case FIELD_TEXTS:
	case FIELD_OBJECT:
	case FIELD_OBJECTS:
	case FIELD_RAW:
		break;
	}
	return false;
}

static bool texts_same(const struct texts *a, const struct texts *b)
{
	if (a->count != b->count)
		return false;
	for (int i = 0; i < a->count; i++)
		if (!text_same(a->item[i], b->item[i]))
			return false;
	return true;
}

static bool objects_same(
	const struct field *row, const struct objects *a, const struct objects *b)
{
	if (a->count != b->count)
		return false;
	for (int i = 0; i < a->count; i++) {
		size_t at = row->item * (size_t)i;
		if (!fields_same(row->fields, (const char *)a->item + at,
			    (const char *)b->item + at))
			return false;
	}
	return true;
}

static bool field_same(const struct field *row, const void *a, const void *b)
{
	switch (row->type) {
	case FIELD_TEXT:
		return text_same(*(const char *const *)a, *(const char *const *)b);
	case FIELD_DATE:
		return ((const struct ogi_date *)a)->day == ((const struct ogi_date *)b)->day;
	case FIELD_INT:
		return *(const int32_t *)a == *(const int32_t *)b;
	case FIELD_BOOL:
		return *(const bool *)a == *(const bool *)b;
	case FIELD_DECIMAL:
		return *(const int64_t *)a == *(const int64_t *)b;
	case FIELD_CODE:
		if ((row->flags & FIELD_LOOSE) != 0)
			return text_same(*(const char *const *)a, *(const char *const *)b);
		return *(const int32_t *)a == *(const int32_t *)b;
	case FIELD_UUID:
		return memcmp(a, b, UUID_BYTES) == 0;
	case FIELD_TEXTS:
		return texts_same(a, b);
	case FIELD_OBJECT:
		return fields_same(row->fields, a, b);
	case FIELD_OBJECTS:
		return objects_same(row, a, b);
	case FIELD_RAW:
		return memcmp(a, b, sizeof(void *)) == 0;
	}
	return false;
}

bool fields_same(const struct field *fields, const void *a, const void *b)
{
	for (const struct field *row = fields; row->name != NULL; row++)
		if (!field_same(row, (const char *)a + row->at, (const char *)b + row->at))
			return false;
	return true;
}
