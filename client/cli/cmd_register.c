/* SPDX-License-Identifier: MulanPSL-2.0 */
/* ogi register: registers a request; asks for what is missing when somebody sits at the
 * terminal. */
#include "cli/ask.h"
#include "cli/event.h"
#include "cli/field.h"
#include "cli/vocabulary.h"

#include <stdlib.h>
#include <string.h>

/* clang-format off */
static const struct flag flags[] = {
	{ "channel", FLAG_TEXT, "channel", true, NULL, NULL },
	{ "via", FLAG_TEXT, "via", false, NULL, NULL },
	{ "arrived-on", FLAG_TEXT, "arrived_on", false, NULL, NULL },
	{ "signed-on", FLAG_TEXT, "signed_on", false, NULL, NULL },
	{ "confirmed-on", FLAG_TEXT, "confirmed_on", false, NULL, NULL },
	{ "receipt-date", FLAG_TEXT, "receipt_date", false, NULL, NULL },
	{ "registered-on", FLAG_TEXT, "registered_on", false, NULL, NULL },
	{ "applicant-kind", FLAG_TEXT, "applicant.kind", false, NULL, NULL },
	{ "applicant-name", FLAG_TEXT, "applicant.name", false, NULL, NULL },
	{ "phone", FLAG_TEXT, "applicant.phone", false, NULL, NULL },
	{ "email", FLAG_TEXT, "applicant.email", false, NULL, NULL },
	{ "address", FLAG_TEXT, "applicant.address", false, NULL, NULL },
	{ "id-kind", FLAG_TEXT, "applicant.id_kind", false, NULL, NULL },
	{ "id-number", FLAG_TEXT, "applicant.id_number", false, NULL, NULL },
	{ "description", FLAG_FILE, "description", false, NULL, NULL },
	{ "subject", FLAG_TEXT, "subject", false, NULL, NULL },
	{ "medium", FLAG_TEXT, "medium", false, NULL, NULL },
	{ "delivery", FLAG_TEXT, "delivery", false, NULL, NULL },
	{ "legacy-number", FLAG_TEXT, "legacy_number", false, NULL, NULL },
	{ "assignee", FLAG_TEXT, "assignee", false, NULL, NULL },
	{ "org", FLAG_TEXT, "org", false, NULL, NULL },
	{ "field", FLAG_FIELD, NULL, false, "any field of the request", "申请的任意字段" },
	{ "json", FLAG_SWITCH, NULL, false, "print the answer as JSON", "输出 JSON" },
	{ 0 },
};

/* What is asked, in this order. */
static const struct question {
	const char *field;
	const char *list;    /* vocabulary of its codes; NULL: free text */
	const char *channels; /* only for these; NULL: for all */
	enum { ALWAYS, TO_THE_END, OPTIONAL } need; /* TO_THE_END: until one of the contacts is given */
	const char *en, *zh; /* what an empty answer means */
} questions[] = {
	{ "channel", "channel", NULL, ALWAYS, NULL, NULL },
	{ "via", "via", "letter online", OPTIONAL, "the usual one", "默认方式" },
	{ "arrived_on", NULL, NULL, OPTIONAL, "today", "今天" },
	{ "signed_on", NULL, "letter", OPTIONAL, "the day of arrival, unless ordinary mail", "到件当日（平信除外）" },
	{ "confirmed_on", NULL, "letter online fax", OPTIONAL, "not confirmed, or not needed", "未确认或无需确认" },
	{ "applicant.kind", "applicant_kind", NULL, ALWAYS, NULL, NULL },
	{ "applicant.name", NULL, NULL, ALWAYS, NULL, NULL },
	{ "applicant.id_kind", "id_kind", NULL, OPTIONAL, "none shown", "未出示" },
	{ "applicant.id_number", NULL, NULL, OPTIONAL, "none shown", "未出示" },
	{ "applicant.phone", NULL, NULL, TO_THE_END, "none", "无" },
	{ "applicant.email", NULL, NULL, TO_THE_END, "none", "无" },
	{ "applicant.address", NULL, NULL, TO_THE_END, "none", "无" },
	{ "description", NULL, NULL, ALWAYS, NULL, NULL },
	{ "subject", "subject", NULL, OPTIONAL, "none", "无" },
};
/* clang-format on */

static bool has_contact(const json_t *body)
{
	return field_get(body, "applicant.phone") != NULL ||
	       field_get(body, "applicant.email") != NULL ||
	       field_get(body, "applicant.address") != NULL;
}

static bool is_whole(const json_t *body)
{
	if (json_is_false(json_object_get(body, "confirmed")))
		return json_object_get(body, "channel") != NULL;
	for (size_t i = 0; i < sizeof questions / sizeof *questions; i++)
		if (questions[i].need == ALWAYS && field_get(body, questions[i].field) == NULL)
			return false;
	return has_contact(body);
}

static bool is_due(const struct question *q, const json_t *body, bool from_scratch)
{
	const char *channel = field_text(body, "channel");

	if (field_get(body, q->field) != NULL)
		return false;
	if (q->channels != NULL && (channel == NULL || strstr(q->channels, channel) == NULL))
		return false;
	if (q->need == TO_THE_END)
		return !has_contact(body);
	return q->need == ALWAYS || from_scratch;
}

/* Of the ways in, those of the other channel are not offered. */
static bool is_offered(const struct question *q, const json_t *body, const char *code)
{
	const char *channel = field_text(body, "channel");
	if (strcmp(q->field, "via") != 0 || channel == NULL)
		return true;
	return (strcmp(channel, "letter") == 0) == (strncmp(code, "mail_", 5) == 0);
}

/* Prints the codes one may choose; `choices` (borrowed codes) gets them in that order. */
static size_t offer(
	struct client *c, const struct question *q, const json_t *body, const char **choices)
{
	const json_t *rows = q->list == NULL ? NULL : vocabulary_list(c, q->list);
	size_t count = 0;

	for (size_t i = 0; i < json_array_size(rows); i++) {
		const char *code = field_text(json_array_get(rows, i), "code");
		if (code == NULL || !is_offered(q, body, code))
			continue;
		choices[count++] = code;
		print_text(stderr, "  %zu  %s  %s\n", count, code,
			vocabulary_label(c, q->list, code));
	}
	return count;
}

/* One answer: "" for none, a code where a number of the list was typed; NULL when the input
 * ended. */
static char *answer_to(struct client *c, const struct question *q, const json_t *body)
{
	enum language l = c->screen.language;
	const json_t *rows = q->list == NULL ? NULL : vocabulary_list(c, q->list);
	const char **choices = must(calloc(json_array_size(rows) + 1, sizeof *choices));
	size_t count = offer(c, q, body, choices);
	const char *label = field_label(l, q->field);
	char *prompt = q->en == NULL
			       ? text_format(pick(l, "%s: ", "%s："), label)
			       : text_format(pick(l, "%s (empty: %s): ", "%s（留空：%s）："),
					 label, pick(l, q->en, q->zh));
	long long number;

	char *answer = ask_line(prompt);
	if (answer != NULL && text_whole(answer, &number) && number >= 1 &&
		(size_t)number <= count) {
		char *code = must(strdup(choices[number - 1]));
		free(answer);
		answer = code;
	}
	free(prompt);
	free(choices);
	return answer;
}

static enum ending ask_missing(struct client *c, json_t *body)
{
	bool from_scratch = json_object_get(body, "channel") == NULL;
	struct answer answer;

	/* better to hear now that the session has ended than after all the typing */
	enum ending ending = client_get(c, "/v1/me", NULL, &answer);
	answer_clear(&answer);
	for (size_t i = 0; ending == DONE && i < sizeof questions / sizeof *questions; i++) {
		const struct question *q = &questions[i];
		while (is_due(q, body, from_scratch)) {
			char *text = answer_to(c, q, body);
			if (text == NULL)
				ending = client_misused(c, "%s",
					pick(c->screen.language,
						"the input ended: nothing was registered",
						"输入中断，未登记"));
			else if (*text != '\0')
				field_set(body, q->field, must(json_string(text)));
			bool again = text != NULL && *text == '\0' && q->need == ALWAYS;
			free(text);
			if (!again)
				break;
		}
	}
	return ending;
}

static enum ending run(struct client *c, struct args *args)
{
	enum ending ending = DONE;
	struct answer answer = { 0 };

	if (!is_whole(args->body) && ask_possible())
		ending = ask_missing(c, args->body);
	if (ending == DONE)
		ending = args_complete(c, args);
	if (ending == DONE) {
		struct request request = {
			.method = "POST", .path = "/v1/cases", .body = args->body, .keyed = true
		};
		ending = client_ask(c, &request, &answer);
	}
	if (ending == DONE)
		event_report(c, args, &answer);
	answer_clear(&answer);
	return ending;
}

const struct command cmd_register = {
	.name = "register",
	.operands = "",
	.en = "register a request",
	.zh = "登记申请",
	.flags = flags,
	.run = run,
};
