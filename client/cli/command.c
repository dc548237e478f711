/* SPDX-License-Identifier: MulanPSL-2.0 */
/* cli/command: how the arguments of a command are read. */
#include "cli/command.h"

#include "cli/field.h"

#include <stdlib.h>
#include <string.h>

enum {
	FILE_LIMIT = 1 << 20, /* the largest body the API takes */
};

/* One flag with its value, on its way into the arguments. */
struct given {
	const struct flag *flag;
	const char *value;
};

static const struct flag *find_flag(const struct flag *row, const char *name, size_t length)
{
	for (; row != NULL && row->name != NULL; row++)
		if (strlen(row->name) == length && strncmp(row->name, name, length) == 0)
			return row;
	return NULL;
}

const struct flag *command_flag(const struct command *command, const char *name)
{
	const struct flag *own = find_flag(command->flags, name, strlen(name));
	return own != NULL ? own : find_flag(command->also, name, strlen(name));
}

const struct flag *command_flag_of_field(const struct command *command, const char *dotted)
{
	const struct flag *const tables[] = { command->flags, command->also };
	for (size_t i = 0; i < 2; i++)
		for (const struct flag *row = tables[i]; row != NULL && row->name != NULL;
			row++)
			if (row->field != NULL && strcmp(row->field, dotted) == 0)
				return row;
	return NULL;
}

const struct command *command_find(const char *name)
{
	for (size_t i = 0; commands[i] != NULL; i++)
		if (strcmp(commands[i]->name, name) == 0)
			return commands[i];
	return NULL;
}

bool args_switch(const struct args *args, const char *name)
{
	return json_object_get(args->switches, name) != NULL;
}

const char *args_text(const struct args *args, const char *name)
{
	return json_string_value(json_object_get(args->switches, name));
}

json_t *args_query(const struct args *args)
{
	json_t *query = must(json_object());
	const char *name;
	json_t *value;

	json_object_foreach(args->body, name, value)
	{
		if (json_is_true(value))
			json_object_set_new(query, name, json_string("true"));
		else
			json_object_set(query, name, value);
	}
	return query;
}

void args_clear(struct args *args)
{
	json_decref(args->body);
	json_decref(args->switches);
	free(args->operands);
	*args = (struct args){ 0 };
}

enum ending args_assign(struct client *c, const char *text, json_t *body)
{
	enum language l = c->screen.language;
	const char *equals = strchr(text, '=');
	if (equals == NULL)
		return client_misused(
			c, pick(l, "%s: NAME=VALUE is needed", "%s：应为 NAME=VALUE"), text);
	char *name = must(strndup(text, (size_t)(equals - text)));
	bool set = field_set(body, name, field_value(equals + 1));
	enum ending ending = DONE;
	if (!set)
		ending = client_misused(
			c, pick(l, "%s: no such field can be set", "%s：无法设置该字段"), name);
	free(name);
	return ending;
}

static enum ending read_file(struct client *c, const struct given *g, json_t **ret)
{
	const char *value = g->value;
	char *fault = NULL;

	if (value[0] != '@' || value[1] == '@') {
		*ret = must(json_string(value + (value[0] == '@')));
		return DONE;
	}
	char *text = text_read(c->screen.language, value + 1, FILE_LIMIT, &fault);
	if (text == NULL) {
		client_misused(c, "--%s: %s", g->flag->name, fault);
		free(fault);
		return MISUSED;
	}
	*ret = must(json_string(text));
	free(text);
	return DONE;
}

/* The value of a flag as JSON. */
static enum ending read_value(struct client *c, const struct given *g, json_t **ret)
{
	long long number;

	switch (g->flag->type) {
	case FLAG_FILE:
		return read_file(c, g, ret);
	case FLAG_WHOLE:
		if (!text_whole(g->value, &number))
			return client_misused(c,
				pick(c->screen.language, "--%s: %s is not a whole number",
					"--%s：%s 不是整数"),
				g->flag->name, g->value);
		*ret = must(json_integer(number));
		return DONE;
	case FLAG_SWITCH:
		*ret = json_true();
		return DONE;
	case FLAG_TEXT:
	case FLAG_LIST:
	case FLAG_FIELD:
		*ret = must(json_string(g->value));
		return DONE;
	}
	abort();
}

static enum ending take_flag(struct client *c, const struct given *g, struct args *args)
{
	json_t *value = NULL;

	if (g->flag->type == FLAG_FIELD)
		return args_assign(c, g->value, args->body);
	enum ending ending = read_value(c, g, &value);
	if (ending != DONE)
		return ending;
	if (g->flag->field == NULL) {
		json_object_set_new(args->switches, g->flag->name, value);
		return DONE;
	}
	if (g->flag->type == FLAG_LIST) {
		json_t *list = field_get(args->body, g->flag->field);
		if (json_is_array(list)) {
			json_array_append_new(list, value);
			return DONE;
		}
		value = must(json_pack("[o]", value));
	}
	if (!field_set(args->body, g->flag->field, value))
		return client_misused(c,
			pick(c->screen.language, "--%s contradicts another flag",
				"--%s 与其他参数矛盾"),
			g->flag->name);
	return DONE;
}

/* "--name", "--name=value", "--name value"; steps *at over what it used. */
static enum ending read_flag(
	struct client *c, int count, char **words, int *at, struct args *args)
{
	enum language l = c->screen.language;
	const char *word = words[*at];
	const char *name = word + 2;
	const char *equals = strchr(name, '=');
	size_t length = equals == NULL ? strlen(name) : (size_t)(equals - name);
	struct given g = { .flag = find_flag(c->command->flags, name, length) };

	if (g.flag == NULL)
		g.flag = find_flag(c->command->also, name, length);
	if (word[1] != '-' || g.flag == NULL)
		return client_misused(c, pick(l, "%s: no such flag", "%s：没有这个参数"), word);
	if (g.flag->type == FLAG_SWITCH) {
		if (equals != NULL)
			return client_misused(
				c, pick(l, "--%s takes no value", "--%s 不带值"), g.flag->name);
	} else if (equals != NULL) {
		g.value = equals + 1;
	} else if (*at + 1 < count) {
		g.value = words[++*at];
	} else {
		return client_misused(
			c, pick(l, "--%s needs a value", "--%s 缺少值"), g.flag->name);
	}
	return take_flag(c, &g, args);
}

enum ending args_read(struct client *c, int count, char **words, struct args *ret)
{
	enum language l = c->screen.language;
	bool flags_end = false;

	*ret = (struct args){
		.body = must(json_object()),
		.switches = must(json_object()),
		.operands = must(calloc((size_t)count + 1, sizeof *ret->operands)),
	};
	for (int i = 0; i < count; i++) {
		if (flags_end || words[i][0] != '-' || words[i][1] == '\0') {
			ret->operands[ret->count++] = words[i];
		} else if (strcmp(words[i], "--") == 0) {
			flags_end = true;
		} else {
			enum ending ending = read_flag(c, count, words, &i, ret);
			if (ending != DONE)
				return ending;
		}
	}
	if (ret->count < c->command->least || ret->count > c->command->most)
		return client_misused(c, pick(l, "usage: ogi %s %s", "用法：ogi %s %s"),
			c->command->name, c->command->operands);
	for (size_t i = 0; i < ret->count; i++)
		if (*ret->operands[i] == '\0')
			return client_misused(
				c, "%s", pick(l, "an argument is empty", "参数不能为空"));
	return DONE;
}

enum ending args_complete(struct client *c, const struct args *args)
{
	for (const struct flag *row = c->command->flags; row != NULL && row->name != NULL;
		row++)
		if (row->required && field_get(args->body, row->field) == NULL)
			return client_misused(c,
				pick(c->screen.language, "--%s is missing", "缺少 --%s"),
				row->name);
	return DONE;
}

static void help_flags(const struct screen *s, const struct flag *row)
{
	static const char *const values[] = {
		[FLAG_TEXT] = " TEXT",
		[FLAG_FILE] = " TEXT|@FILE",
		[FLAG_WHOLE] = " N",
		[FLAG_LIST] = " TEXT …",
		[FLAG_SWITCH] = "",
		[FLAG_FIELD] = " NAME=VALUE",
	};
	for (; row != NULL && row->name != NULL; row++) {
		const char *about = row->en != NULL ? pick(s->language, row->en, row->zh)
						    : field_label(s->language, row->field);
		char *head = text_format("  --%s%s", row->name, values[row->type]);
		char *text =
			row->required
				? text_format(
					  pick(s->language, "%s (needed)", "%s（必填）"), about)
				: must(strdup(about));
		print_pair(s, 34, head, text);
		free(text);
		free(head);
	}
}

void command_help(const struct screen *s, const struct command *command)
{
	if (command != NULL) {
		print_text(stdout,
			pick(s->language, "usage: ogi %s %s%s\n%s\n",
				"用法：ogi %s %s%s\n%s\n"),
			command->name, command->operands,
			command->flags != NULL || command->also != NULL ? " [--…]" : "",
			pick(s->language, command->en, command->zh));
		help_flags(s, command->flags);
		help_flags(s, command->also);
		return;
	}
	print_text(stdout, "%s\n",
		pick(s->language,
			"usage: ogi COMMAND …   (ogi help COMMAND tells more, man ogi all)",
			"用法：ogi 命令 …   （ogi help 命令 查看说明，man ogi 查看手册）"));
	for (size_t i = 0; commands[i] != NULL; i++) {
		char *head = text_format("  %s", commands[i]->name);
		print_pair(s, 14, head, pick(s->language, commands[i]->en, commands[i]->zh));
		free(head);
	}
}
