/* SPDX-License-Identifier: MulanPSL-2.0 */
/* cli/vocabulary: labels of the API's codes. */
#include "cli/vocabulary.h"

#include "cli/field.h"

#include <string.h>

/* clang-format off */
static const struct holder {
	const char *field, *list;
} holders[] = {
	{ "by", "served_by" },
	{ "cause", "recompute_cause" },
	{ "channel", "channel" },
	{ "decision", "decision" },
	{ "delivery", "delivery" },
	{ "flags", "flag" },
	{ "id_kind", "id_kind" },
	{ "kind", "applicant_kind" },
	{ "light", "light" },
	{ "medium", "medium" },
	{ "opinion", "opinion" },
	{ "outcome", "outcome" },
	{ "outcome_form", "outcome" },
	{ "outcome_variant", "outcome_variant" },
	{ "party", "party" },
	{ "procedure", "procedure" },
	{ "regime", "regime" },
	{ "remedy_kind", "remedy_kind" },
	{ "result", "remedy_result" },
	{ "roles", "role" },
	{ "status", "status" },
	{ "subject", "subject" },
	{ "variant", "outcome_variant" },
	{ "via", "via" },
};
/* clang-format on */

const char *vocabulary_of_field(const char *field)
{
	const char *dot = strrchr(field, '.');
	const char *last = dot == NULL ? field : dot + 1;
	for (size_t i = 0; i < sizeof holders / sizeof *holders; i++)
		if (strcmp(holders[i].field, last) == 0)
			return holders[i].list;
	return NULL;
}

const json_t *vocabulary_list(struct client *c, const char *list)
{
	if (c->vocabulary == NULL) {
		struct request request = { .method = "GET", .path = "/v1/vocabulary" };
		struct answer answer;
		/* without it codes are shown: no reason to stop, and nothing to tell */
		if (transport_send(c->transport, &c->session, &request, &answer) == DONE)
			c->vocabulary = json_incref(answer.json);
		answer_clear(&answer);
		if (!json_is_object(c->vocabulary)) {
			json_decref(c->vocabulary);
			c->vocabulary = must(json_object());
		}
	}
	json_t *found = json_object_get(c->vocabulary, list);
	return json_is_array(found) ? found : NULL;
}

const char *vocabulary_label(struct client *c, const char *list, const char *code)
{
	const json_t *rows = vocabulary_list(c, list);
	const char *language = pick(c->screen.language, "en", "zh");

	for (size_t i = 0; i < json_array_size(rows); i++) {
		const json_t *row = json_array_get(rows, i);
		const char *has = field_text(row, "code");
		const char *label = field_text(row, language);
		if (has != NULL && label != NULL && *label != '\0' && strcmp(has, code) == 0)
			return label;
	}
	return code;
}
