/* SPDX-License-Identifier: MulanPSL-2.0 */
/* cli/register: entries of the small registers on the screen. */
#include "cli/register.h"
#include "cli/field.h"

#include <stdlib.h>
#include <string.h>

static const json_t *find(const json_t *list, const char *member, const char *text)
{
	const json_t *one;
	size_t i;
	json_array_foreach(list, i, one)
	{
		const char *is = field_text(one, member);
		if (is != NULL && strcmp(is, text) == 0)
			return one;
	}
	return NULL;
}

const json_t *register_find(const json_t *registers, const char *code)
{
	return find(registers, "code", code);
}

char *register_path(const char *code, const char *id, const char *tail)
{
	char *reg = transport_escape(code), *entry = transport_escape(id != NULL ? id : "");
	char *path =
		text_format("/v1/registers/%s%s%s%s", reg, id != NULL ? "/" : "", entry, tail);
	free(reg);
	free(entry);
	return path;
}

static const char *label(const struct client *c, const json_t *coded)
{
	return field_text(coded, c->screen.language == LANGUAGE_ZH ? "zh" : "en");
}

char *register_value(
	const struct client *c, const json_t *reg, const char *name, const json_t *value)
{
	const json_t *field = find(json_object_get(reg, "fields"), "name", name);
	if (json_is_string(value)) {
		const char *text = json_string_value(value);
		const json_t *code = find(json_object_get(field, "codes"), "code", text);
		return must(strdup(code != NULL ? label(c, code) : text));
	}
	if (json_is_integer(value))
		return text_format("%lld", (long long)json_integer_value(value));
	if (json_is_real(value))
		return text_format("%.4f", json_real_value(value));
	if (json_is_boolean(value))
		return must(strdup(json_is_true(value) ? pick(c->screen.language, "yes", "是")
						       : pick(c->screen.language, "no", "否")));
	return NULL;
}

enum { COLUMN = 24 };

static void print_history(const struct client *c, const json_t *versions)
{
	enum language l = c->screen.language;
	const json_t *one;
	size_t i;
	print_text(stdout, "%s\n", pick(l, "history", "历次版本"));
	json_array_foreach(versions, i, one)
	{
		const char *reason = field_text(one, "reason");
		print_text(stdout, "  %lld  %s  %s%s%s%s\n",
			(long long)json_integer_value(json_object_get(one, "version")),
			field_text(one, "recorded_at"),
			field_text(one, "recorded_by") != NULL ? field_text(one, "recorded_by")
							       : "",
			json_is_true(json_object_get(one, "retracted"))
				? pick(l, "  taken back", "  已撤销")
				: "",
			reason != NULL ? "  " : "", reason != NULL ? reason : "");
	}
}

void register_print(const struct client *c, const json_t *reg, const json_t *entry)
{
	enum language l = c->screen.language;
	const json_t *field;
	size_t i;
	print_pair(&c->screen, COLUMN, pick(l, "id", "标识"), field_text(entry, "id"));
	print_pair(
		&c->screen, COLUMN, pick(l, "organisation", "机关"), field_text(entry, "org"));
	json_array_foreach(json_object_get(reg, "fields"), i, field)
	{
		const char *name = field_text(field, "name");
		char *value;
		if (strcmp(name, "org") == 0)
			continue;
		value = register_value(c, reg, name, json_object_get(entry, name));
		print_pair(&c->screen, COLUMN, label(c, field), value);
		free(value);
	}
	print_history(c, json_object_get(entry, "versions"));
}
