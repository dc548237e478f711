/* SPDX-License-Identifier: MulanPSL-2.0 */
/* cli/event: recording an event on a case. */
#include "cli/event.h"

#include "cli/case_view.h"
#include "cli/field.h"
#include "cli/problem.h"

#include <stdlib.h>

/* clang-format off */
const struct flag event_flags[] = {
	{ "on", FLAG_TEXT, "on", false, "legal date of the fact (default: today)", "事实发生的日期（默认今天）" },
	{ "note", FLAG_TEXT, "note", false, NULL, NULL },
	{ "document-no", FLAG_TEXT, "document_no", false, NULL, NULL },
	{ "field", FLAG_FIELD, NULL, false, "any field of the event", "事件的任意字段" },
	{ "dry-run", FLAG_SWITCH, NULL, false, "show the case as it would be, record nothing", "只演算，不记录" },
	{ "json", FLAG_SWITCH, NULL, false, "print the answer as JSON", "输出 JSON" },
	{ 0 },
};
/* clang-format on */

enum ending event_post(struct client *c, const char *number, const char *kind, json_t *body,
	bool dry_run, struct answer *ret)
{
	json_t *whole = must(json_pack("{s:s}", "kind", kind));
	json_t *query = dry_run ? must(json_pack("{s:s}", "dry_run", "true")) : NULL;
	char *path = client_case_path(number, "/events");

	if (body != NULL)
		json_object_update_missing(whole, body);
	struct request request = {
		.method = "POST", .path = path, .query = query, .body = whole, .keyed = true
	};
	enum ending ending = client_ask(c, &request, ret);
	free(path);
	json_decref(query);
	json_decref(whole);
	return ending;
}

void event_report(struct client *c, const struct args *args, const struct answer *a)
{
	if (args_switch(args, "json"))
		print_json(&c->screen, a->text);
	else
		case_view_summary(c, a->json);
	problem_print_warnings(c, a->json);
	if (args_switch(args, "dry-run"))
		complain("%s", pick(c->screen.language, "dry run: nothing was recorded",
				       "演算结果，未记录"));
}

enum ending event_run(struct client *c, struct args *args)
{
	struct answer answer = { 0 };
	enum ending ending = args_complete(c, args);

	if (ending == DONE)
		ending = event_post(c, args->operands[0], c->command->event, args->body,
			args_switch(args, "dry-run"), &answer);
	if (ending == DONE)
		event_report(c, args, &answer);
	answer_clear(&answer);
	return ending;
}
