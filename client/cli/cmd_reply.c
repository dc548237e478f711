/* SPDX-License-Identifier: MulanPSL-2.0 */
/*
 * ogi reply: decides and serves. Two events, each under its own Idempotency-Key; asked a second
 * time it looks at the case and goes on where the first stopped.
 */
#include "cli/event.h"
#include "cli/field.h"
#include "cli/problem.h"

#include <stdlib.h>
#include <string.h>

/* clang-format off */
static const struct flag flags[] = {
	{ "outcome", FLAG_TEXT, "outcome", false, NULL, NULL },
	{ "variant", FLAG_TEXT, "variant", false, NULL, NULL },
	{ "label", FLAG_TEXT, "label", false, NULL, NULL },
	{ "reason", FLAG_FILE, "reason", false, NULL, NULL },
	{ "basis", FLAG_LIST, "basis", false, NULL, NULL },
	{ "outcome-form", FLAG_TEXT, "outcome_form", false, NULL, NULL },
	{ "by", FLAG_TEXT, "by", false, NULL, NULL },
	{ "tracking-no", FLAG_TEXT, "tracking_no", false, NULL, NULL },
	{ "on", FLAG_TEXT, "on", false, "date of the decision and of the service", "决定及送达日期" },
	{ "note", FLAG_TEXT, "note", false, NULL, NULL },
	{ "document-no", FLAG_TEXT, "document_no", false, NULL, NULL },
	{ "field", FLAG_FIELD, NULL, false, "any field of the decision", "决定的任意字段" },
	{ "json", FLAG_SWITCH, NULL, false, "print the answer as JSON", "输出 JSON" },
	{ 0 },
};
/* clang-format on */

/* The fields of `body` that belong to the service; taken out of `body`, but for the date, which
 * both share. */
static json_t *take_service(json_t *body)
{
	static const char *const names[] = { "by", "tracking_no" };
	json_t *service = must(json_object());

	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		json_object_set(service, names[i], json_object_get(body, names[i]));
		json_object_del(body, names[i]);
	}
	json_object_set(service, "on", json_object_get(body, "on"));
	return service;
}

/* Whether what was decided is what is asked for now: nothing asked, or the same outcome and
 * variant. */
static bool is_same(const json_t *ogi_case, const json_t *asked)
{
	const char *outcome = field_text(asked, "outcome");
	const char *variant = field_text(asked, "variant");
	const char *has = field_text(ogi_case, "outcome");
	const char *has_variant = field_text(ogi_case, "outcome_variant");

	if (outcome != NULL && (has == NULL || strcmp(outcome, has) != 0) &&
		(has_variant == NULL || strcmp(outcome, has_variant) != 0))
		return false;
	return variant == NULL || (has_variant != NULL && strcmp(variant, has_variant) == 0);
}

static bool status_is(const struct answer *a, const char *status)
{
	const char *has = field_text(a->json, "status");
	return has != NULL && strcmp(has, status) == 0;
}

static enum ending decide(struct client *c, const char *number, json_t *body, struct answer *a)
{
	if (json_object_get(body, "outcome") == NULL)
		return client_misused(
			c, pick(c->screen.language, "--%s is missing", "缺少 --%s"), "outcome");
	answer_clear(a);
	enum ending ending = event_post(c, number, "decided", body, false, a);
	if (ending == DONE)
		problem_print_warnings(c, a->json);
	return ending;
}

static enum ending serve(struct client *c, const char *number, json_t *body, struct answer *a)
{
	enum language l = c->screen.language;

	answer_clear(a);
	enum ending ending = event_post(c, number, "served", body, false, a);
	if (ending != DONE && ending != UNREACHABLE)
		complain("%s", pick(l, "decided, not yet served: ask again to serve it",
				       "决定已记录，尚未送达；再次执行本命令可继续"));
	return ending;
}

/* `a` is the case as it is. */
static enum ending go_on(struct client *c, struct args *args, json_t *service, struct answer *a)
{
	enum language l = c->screen.language;
	const char *number = args->operands[0];
	bool closed = status_is(a, "closed") || status_is(a, "archived");
	bool decided = status_is(a, "decided");

	if ((closed || decided) && !is_same(a->json, args->body)) {
		complain(pick(l, "already decided with another outcome: %s",
				 "已作出不同的决定：%s"),
			field_text(a->json, "outcome") == NULL
				? "?"
				: field_text(a->json, "outcome"));
		return CONFLICT;
	}
	if (closed) {
		complain("%s", pick(l, "already replied", "已经答复"));
		return DONE;
	}
	if (json_object_get(service, "by") == NULL)
		return client_misused(c, pick(l, "--%s is missing", "缺少 --%s"), "by");
	if (decided) {
		complain("%s", pick(l, "already decided: serving", "决定已记录，继续送达"));
	} else {
		enum ending ending = decide(c, number, args->body, a);
		if (ending != DONE)
			return ending;
	}
	return serve(c, number, service, a);
}

static enum ending run(struct client *c, struct args *args)
{
	struct answer answer = { 0 };
	json_t *service = take_service(args->body);
	char *path = client_case_path(args->operands[0], "");
	enum ending ending = client_get(c, path, NULL, &answer);

	if (ending == DONE)
		ending = go_on(c, args, service, &answer);
	if (ending == DONE)
		event_report(c, args, &answer);
	answer_clear(&answer);
	json_decref(service);
	free(path);
	return ending;
}

const struct command cmd_reply = {
	.name = "reply",
	.operands = "NUMBER",
	.en = "decide and serve in one go",
	.zh = "答复（决定并送达）",
	.flags = flags,
	.least = 1,
	.most = 1,
	.run = run,
};
