/* SPDX-License-Identifier: MulanPSL-2.0 */
/*
 * base/text: bounded text, code lists and field rows. Plain data that the law, JSON and SQL
 * share; no allocation, no I/O, no locale.
 */
#ifndef OGID_BASE_TEXT_H
#define OGID_BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * A day: days since 0000-12-31 in the proleptic Gregorian calendar, so 1 is 0001-01-01 and a
 * zeroed field means "no date". Civil dates of China Standard Time. Arithmetic is in
 * domain/date.
 */
struct ogi_date {
	int32_t day;
};

/* Characters (code points) of a UTF-8 string, or -1 when it is not well-formed UTF-8 (overlong
 * forms, surrogates, beyond U+10FFFF are not). `bytes` is the length without terminator. */
long text_characters(const char *s, size_t bytes);

/* "YYYY-MM-DD" of a date that exists, years 1900..2199, nothing before or after. False
 * otherwise; *ret_date untouched then. */
bool text_to_date(const char *s, struct ogi_date *ret_date);
/* Writes "YYYY-MM-DD" and a terminator; "" for no date and for days outside the years 1..9999.
 */
void text_from_date(struct ogi_date date, char out[11]);

/* A whole decimal number, optional '-', nothing around it, within int64. */
bool text_to_int(const char *s, int64_t *ret_value);

/* What is wrong with a text of `bytes` bytes: NULL when nothing, else "utf8",
 * "control_character" (C0, DEL, C1; \n \r \t are allowed with FIELD_MULTILINE in `flags`),
 * "too_short" or "too_long". min, max: characters; max 0 = no limit. */
const char *text_fault(const char *s, size_t bytes, int32_t min, int32_t max, unsigned flags);

/* True for a mail address that needs no quoting: letters, digits and ._%+- before the @, a name
 * or names with dots behind it, at most 254 characters. */
bool text_is_mail_address(const char *s);

/* True when both are the same, NULL equal to NULL only. */
bool text_same(const char *a, const char *b);

/* One code of a vocabulary. Lists end with a row whose code is NULL; the index in the list is
 * the value an enum field holds. valid_from and valid_to: first and last day (D:outcomes), 0 =
 * open. */
struct code {
	const char *code;
	const char *zh;
	const char *en;
	struct ogi_date valid_from, valid_to;
};

/* Index of a code in a list, or -1. */
int code_find(const struct code *list, const char *code);
/* The index that means "not given": 0 when the list begins with the code "", else -1. */
int32_t code_absent(const struct code *list);
/* Number of rows before the NULL row. */
int code_count(const struct code *list);

enum field_type {
	FIELD_TEXT, /* const char *; min..max characters */
	FIELD_DATE, /* struct ogi_date */
	FIELD_INT,  /* int32_t; min..max */
	FIELD_BOOL, /* bool */
	/* int64_t in ten-thousandths: a number with at most four decimals; min..max of its
	 * whole part, open like FIELD_INT. 万元 so held are yuan. */
	FIELD_DECIMAL,
	/* int32_t: index in `codes`; code_absent() of the list = not given. A list of "true"
	 * and "false" is a JSON boolean that may be absent. */
	FIELD_CODE,
	FIELD_UUID,    /* struct uuid (16 bytes), zero = none */
	FIELD_TEXTS,   /* struct texts; min..max items of 1..item_max characters */
	FIELD_OBJECT,  /* nested struct in place, rows in `fields` */
	FIELD_OBJECTS, /* struct objects; min..max items, rows in `fields`, size in `item` */
	FIELD_RAW,     /* json_t *, borrowed from the body; not looked into */
};

enum field_flag {
	FIELD_REQUIRED = 1u << 0,  /* missing, null or "" is a fault "required" */
	FIELD_PERSONAL = 1u << 1,  /* personal or free text: in case_text, not in the chain */
	FIELD_MULTILINE = 1u << 2, /* line breaks and tabs; other control characters never */
	FIELD_SECRET = 1u << 3,    /* encrypted at rest, masked on reading */
	FIELD_LOOSE = 1u << 4,     /* FIELD_CODE kept as text: the list is the organisation's */
};

/* A list of texts or of structs, items in the caller's arena. */
struct texts {
	const char *const *item;
	int count;
};
struct objects {
	const void *item;
	int count;
};

/* One field of a body, an event or a row. Arrays of rows end with a row whose name is NULL. */
struct field {
	const char *name;
	enum field_type type;
	size_t at; /* offset in the struct */
	unsigned flags;
	/* See the types; for lists the number of items. max 0 = no limit, for numbers
	 * when min is 0 too. */
	int32_t min, max;
	const struct code *codes;   /* FIELD_CODE */
	const struct field *fields; /* FIELD_OBJECT, FIELD_OBJECTS */
	size_t item;                /* size of an item of FIELD_OBJECTS */
	int32_t item_max;           /* characters of an item of FIELD_TEXTS, 0 = no limit */
};

/* The row named `name`, or NULL. A dotted name ("applicant.name") is followed into FIELD_OBJECT
 * rows; *ret_at (may be NULL) gets the offset from the outermost struct. */
const struct field *field_find(const struct field *fields, const char *name, size_t *ret_at);

/* Sets a scalar field (text, date, int, bool as "true" or "false", code) of the struct at
 * `base` from text, as an amendment does. NULL or "" makes an optional text, date or code
 * absent. False when the text does not fit the row (or the row is not scalar); nothing is
 * changed then. The text is borrowed. */
bool field_set(const struct field *row, size_t at, void *base, const char *text);

/* True when the fields described by the rows are equal in both structs (lists by content,
 * FIELD_RAW by pointer). */
bool fields_same(const struct field *fields, const void *a, const void *b);

#endif
