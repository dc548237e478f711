/* SPDX-License-Identifier: MulanPSL-2.0 */
/*
 * base/form: reads JSON into a struct by its field rows (base/text), collecting every fault
 * with a JSON pointer. jansson checks UTF-8 and syntax.
 */
#ifndef OGID_BASE_FORM_H
#define OGID_BASE_FORM_H

#include "base/arena.h"
#include "base/text.h"

#include <jansson.h>

struct fault {
	const char *pointer; /* "/applicant/name" */
	/* "required", "unknown_field", "type", "too_short", "too_long" (characters), "too_few",
	 * "too_many" (items), "range", "unknown_code", "date", "utf8", "control_character",
	 * "decimals", "uuid", … */
	const char *code;
	const char *detail_zh, *detail_en; /* says what to do */
};

/* Collects faults; more than 100 are counted, not kept. The texts given to faults_add are
 * borrowed. */
struct faults {
	struct arena *arena;
	struct fault *item;
	int count, kept;
};
void faults_init(struct faults *f, struct arena *a);
void faults_add(struct faults *f, const char *pointer, const char *code, const char *zh,
	const char *en);

/* Why a body cannot be read: one sentence in both languages, in the arena. */
struct form_why {
	const char *zh, *en;
	bool encoding; /* it is not UTF-8 */
};

/* Parses a body: duplicate members, trailing bytes, NUL in strings, bad UTF-8, numbers too
 * large are refused, and so are depth over 32 and more than 65536 values (a small body must not
 * become a large tree). Returns a reference hung on the arena, or NULL and one sentence in
 * *ret_why. */
json_t *form_parse(struct arena *a, const char *bytes, size_t n, struct form_why *ret_why);

/*
 * Reads `object` into the zeroed struct at `base`; FIELD_CODE fields not given become
 * code_absent(), others stay zero. Unknown members are faults "unknown_field". Texts are
 * borrowed from the json_t. A member that is null counts as not given. Returns true when no
 * fault was added. `prefix` is the pointer of the object ("" at the top).
 */
bool form_read(const json_t *object, const struct field *fields, void *base, const char *prefix,
	struct faults *f);

/* The same for stored JSON written by out_fields: unknown members and values of another type
 * are skipped, limits not checked. `object` may be NULL: nothing is given. */
void form_load(const json_t *object, const struct field *fields, void *base, struct arena *a);

/* Loads the second part of a struct that was written in two (FIELD_PERSONAL apart): like
 * form_load, but what is not given stays as it is. Lists that are given replace. */
void form_load_more(
	const json_t *object, const struct field *fields, void *base, struct arena *a);

#endif
