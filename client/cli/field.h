/* SPDX-License-Identifier: MulanPSL-2.0 */
/*
 * cli/field: fields of a JSON body by dotted name ("applicant.name"), and what they are called.
 * The names are those of the API; the client knows no meaning of them but their labels.
 */
#ifndef OGI_CLI_FIELD_H
#define OGI_CLI_FIELD_H

#include "cli/text.h"

#include <jansson.h>

/*
 * Sets the field, making the objects on the way; steals `value`. False (nothing set) when a
 * part of the name is empty or a value that is no object stands in the way.
 */
bool field_set(json_t *body, const char *dotted, json_t *value);

/* The field; NULL when it or something on the way is missing. */
json_t *field_get(const json_t *body, const char *dotted);

/* The text of a field; NULL when it is missing, null or no string. */
const char *field_text(const json_t *body, const char *dotted);

/* `text` as JSON when it parses as JSON, else as a string. */
json_t *field_value(const char *text);

/*
 * What a field is called, "receipt date", "收件日期"; the last part of the name decides when
 * the whole is not known. The name itself when there is no label: never NULL.
 */
const char *field_label(enum language language, const char *dotted);

#endif
