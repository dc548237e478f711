/* SPDX-License-Identifier: MulanPSL-2.0 */
/* ogi record: an entry of a small register: made, changed field by field, taken back. */
#include "cli/command.h"
#include "cli/field.h"
#include "cli/register.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* clang-format off */
static const struct flag flags[] = {
	{ "id", FLAG_TEXT, NULL, false, "change this entry: what is not named stays; NAME=null takes it away", "修改该登记：未列出的字段不变，NAME=null 为删除" },
	{ "retract", FLAG_TEXT, NULL, false, "take the entry --id back, for this reason", "撤销 --id 所指登记，并说明理由" },
	{ "json", FLAG_SWITCH, NULL, false, "print the answer as JSON", "输出 JSON" },
	{ 0 },
};
/* clang-format on */

/* What GET /v1/registers says of the register; json_decref it. NULL: not there or none. */
static json_t *describe(struct client *c, const char *code, enum ending *ret_ending)
{
	struct answer all = { 0 };
	json_t *reg = NULL;
	*ret_ending = client_get(c, "/v1/registers", NULL, &all);
	if (*ret_ending == DONE)
		reg = json_incref((json_t *)(uintptr_t)register_find(
			json_object_get(all.json, "registers"), code));
	answer_clear(&all);
	return reg;
}

/* The fields of the entry as they stand, with those of the body over them; its version. */
static enum ending merge(struct client *c, const json_t *reg, const char *path, json_t *body,
	long long *ret_version)
{
	struct answer answer = { 0 };
	enum ending ending = client_get(c, path, NULL, &answer);
	const json_t *field;
	size_t i;
	json_array_foreach(json_object_get(reg, "fields"), i, field)
	{
		const char *name = field_text(field, "name");
		json_t *was = json_object_get(answer.json, name);
		if (was != NULL && !json_is_null(was) && json_object_get(body, name) == NULL)
			json_object_set(body, name, was);
	}
	/* the year follows from the day: a day that is moved takes it along */
	const char *basis = field_text(reg, "counts_by");
	if (basis != NULL && strcmp(basis, "year") != 0)
		json_object_del(body, "year");
	*ret_version = json_integer_value(json_object_get(answer.json, "version"));
	answer_clear(&answer);
	return ending;
}

static enum ending ask(struct client *c, const struct args *args, const json_t *reg)
{
	const char *id = args_text(args, "id"), *reason = args_text(args, "retract");
	char *path = register_path(args->operands[0], id, reason != NULL ? "/retract" : "");
	struct request request = {
		.method = "POST", .path = path, .body = args->body, .keyed = true
	};
	struct answer answer = { 0 };
	enum ending ending = DONE;

	if (reason != NULL) {
		json_object_set_new(args->body, "reason", must(json_string(reason)));
	} else if (id != NULL) {
		request.method = "PUT";
		ending = merge(c, reg, path, args->body, &request.if_match);
	}
	if (ending == DONE)
		ending = client_ask(c, &request, &answer);
	if (ending == DONE && args_switch(args, "json"))
		print_json(&c->screen, answer.text);
	else if (ending == DONE)
		register_print(c, reg, answer.json);
	answer_clear(&answer);
	free(path);
	return ending;
}

static enum ending run(struct client *c, struct args *args)
{
	bool retract = args_text(args, "retract") != NULL;
	enum ending ending = DONE;

	if (retract && (args_text(args, "id") == NULL || args->count > 1))
		return client_misused(c, "%s",
			pick(c->screen.language, "--retract takes --id and no fields",
				"--retract 需与 --id 同用，且不带字段"));
	for (size_t i = 1; i < args->count && ending == DONE; i++)
		ending = args_assign(c, args->operands[i], args->body);
	if (ending != DONE)
		return ending;
	json_t *reg = describe(c, args->operands[0], &ending);
	if (ending == DONE)
		ending = ask(c, args, reg);
	json_decref(reg);
	return ending;
}

const struct command cmd_record = {
	.name = "record",
	.operands = "REGISTER [FIELD=VALUE …]",
	.en = "make, change or take back an entry of a register",
	.zh = "登记、修改或撤销登记簿条目",
	.flags = flags,
	.least = 1,
	.most = SIZE_MAX,
	.run = run,
};
