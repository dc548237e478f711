/* SPDX-License-Identifier: MulanPSL-2.0 */
/*
 * cli/register: what the commands of the small registers share. The client knows no register:
 * their fields and labels are what GET /v1/registers says.
 */
#ifndef OGI_CLI_REGISTER_H
#define OGI_CLI_REGISTER_H

#include "cli/client.h"

/* The register of that code among those of GET /v1/registers; NULL: none. Borrowed. */
const json_t *register_find(const json_t *registers, const char *code);

/* "/v1/registers/{code}/{id}" + tail, without the id when it is NULL; free() it. */
char *register_path(const char *code, const char *id, const char *tail);

/* A value as a reader wants it: codes by their label. NULL: nothing is said; free() it. */
char *register_value(
	const struct client *c, const json_t *reg, const char *name, const json_t *value);

/* An entry with its history. `reg` may be NULL: names stand for labels. */
void register_print(const struct client *c, const json_t *reg, const json_t *entry);

#endif
