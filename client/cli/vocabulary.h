/* SPDX-License-Identifier: MulanPSL-2.0 */
/* cli/vocabulary: labels of the API's codes, from GET /v1/vocabulary, asked for once when first
 * needed. */
#ifndef OGI_CLI_VOCABULARY_H
#define OGI_CLI_VOCABULARY_H

#include "cli/client.h"

/*
 * The label of `code` in the list of that name ("channel", "applicant_kind", "event" …), in the
 * user's language; the code itself when the server has none. Borrowed, lives as long as the
 * client and `code`.
 */
const char *vocabulary_label(struct client *c, const char *list, const char *code);

/* The list as the server gave it, [{"code","zh","en",…}]; NULL when there is none. */
const json_t *vocabulary_list(struct client *c, const char *list);

/* The list whose codes the field of this name holds ("party", "decided" …); NULL when it holds
 * no codes. */
const char *vocabulary_of_field(const char *field);

#endif
