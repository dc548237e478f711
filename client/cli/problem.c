/* SPDX-License-Identifier: MulanPSL-2.0 */
/* cli/problem: what went wrong between the server and us, said on standard error. */
#include "cli/problem.h"

#include "cli/command.h"
#include "cli/field.h"
#include "cli/vocabulary.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

/* "/applicant/others/0/name" → "applicant.others.0.name", with ~1 and ~0 as in RFC 6901. */
static char *dotted_of(const char *pointer)
{
	char *dotted = must(strdup(pointer));
	char *to = dotted;

	for (const char *from = pointer + (*pointer == '/'); *from != '\0'; from++) {
		if (*from == '/')
			*to++ = '.';
		else if (*from == '~' && (from[1] == '0' || from[1] == '1'))
			*to++ = *++from == '0' ? '~' : '/';
		else
			*to++ = *from;
	}
	*to = '\0';
	return dotted;
}

/* The flag of the running command for a pointer; free() it. A place in a list is named by the
 * list. */
static char *flag_of(const struct client *c, const char *pointer)
{
	char *dotted = dotted_of(pointer);
	char *base = must(strdup(dotted));
	for (char *dot = strrchr(base, '.'); dot != NULL && isdigit((unsigned char)dot[1]);
		dot = strrchr(base, '.'))
		*dot = '\0';
	const struct flag *flag =
		c->command == NULL ? NULL : command_flag_of_field(c->command, base);
	char *text;
	if (flag != NULL)
		text = text_format("--%s", flag->name);
	else if (c->command != NULL && command_flag(c->command, "field") != NULL)
		text = text_format("--field %s", dotted);
	else
		text = must(strdup(dotted));
	free(base);
	free(dotted);
	return text;
}

static void print_faults(struct client *c, const json_t *problem)
{
	const json_t *errors = json_object_get(problem, "errors");
	long long left_out = json_integer_value(json_object_get(problem, "errors_left_out"));

	for (size_t i = 0; i < json_array_size(errors); i++) {
		const json_t *row = json_array_get(errors, i);
		const char *pointer = field_text(row, "pointer");
		const char *detail = field_text(row, "detail");
		const char *code = field_text(row, "code");
		char *flag = flag_of(c, pointer == NULL ? "" : pointer);
		if (detail == NULL || *detail == '\0')
			print_text(stderr, "  %s: %s\n", flag, code == NULL ? "?" : code);
		else
			print_text(stderr, "  %s: %s (%s)\n", flag, detail,
				code == NULL ? "?" : code);
		free(flag);
	}
	if (left_out > 0)
		print_text(stderr,
			pick(c->screen.language, "  and %lld more\n", "  另有 %lld 处\n"),
			left_out);
}

/* `head` and the labels of a list of codes, or of objects with a `kind`, on one line. */
static void print_codes(
	struct client *c, const char *head, const json_t *codes, const char *list)
{
	if (json_array_size(codes) == 0)
		return;
	const char *separator = "";
	print_text(stderr, "  %s", head);
	for (size_t i = 0; i < json_array_size(codes); i++) {
		const json_t *row = json_array_get(codes, i);
		const char *code =
			json_is_string(row) ? json_string_value(row) : field_text(row, "kind");
		if (code == NULL)
			continue;
		const char *label = vocabulary_label(c, list, code);
		print_text(stderr, "%s%s", separator, code);
		separator = pick(c->screen.language, ", ", "、");
		if (strcmp(label, code) != 0)
			print_text(stderr, pick(c->screen.language, " (%s)", "（%s）"), label);
	}
	fputc('\n', stderr);
}

static void print_unsure(struct client *c, const struct answer *a)
{
	if (a->unsure)
		complain("%s",
			pick(c->screen.language,
				"it is not known whether this was recorded: look before you repeat it",
				"无法确定是否已经记录，请先查看再重试"));
}

/* "title: detail (code, article)", as far as the answer says. */
static void print_said(struct client *c, const struct answer *a)
{
	const char *title = field_text(a->json, "title");
	const char *detail = field_text(a->json, "detail");
	const char *code = field_text(a->json, "code");
	const char *article = field_text(a->json, "article");
	char *status = text_format(
		pick(c->screen.language, "the server answered %ld", "服务器返回 %ld"),
		a->status);

	if (title == NULL)
		title = status;
	bool told = detail != NULL && *detail != '\0' && strcmp(detail, title) != 0;
	bool cited = code != NULL && article != NULL;
	complain("%s%s%s%s%s%s%s%s", title, told ? ": " : "", told ? detail : "",
		code == NULL ? "" : " (", code == NULL ? "" : code, cited ? ", " : "",
		cited ? article : "", code == NULL ? "" : ")");
	free(status);
}

void problem_print(struct client *c, enum ending ending, const struct answer *a)
{
	enum language l = c->screen.language;

	if (ending == UNREACHABLE) {
		complain(pick(l, "cannot reach %s: %s", "无法连接 %s：%s"), c->session.server,
			a->fault);
		print_unsure(c, a);
		return;
	}
	if (a->fault != NULL) {
		complain("%s: %s", c->session.server, a->fault);
		return;
	}
	print_said(c, a);
	print_unsure(c, a);
	print_faults(c, a->json);
	print_codes(c, pick(l, "possible now: ", "当前可以办理："),
		json_object_get(a->json, "allowed"), "event");
	print_codes(c, pick(l, "roles that may: ", "有权限的角色："),
		json_object_get(a->json, "roles"), "role");
	if (a->retry_after != NULL)
		complain(
			pick(l, "try again in %s seconds", "请在 %s 秒后重试"), a->retry_after);
	if (a->status == 401 && c->command != &cmd_login)
		complain("%s", pick(l, "log in with: ogi login", "请先登录：ogi login"));
}

void problem_print_warnings(struct client *c, const json_t *ogi_case)
{
	const json_t *warnings = json_object_get(ogi_case, "warnings");
	for (size_t i = 0; i < json_array_size(warnings); i++) {
		const json_t *row = json_array_get(warnings, i);
		const char *code =
			json_is_string(row) ? json_string_value(row) : field_text(row, "code");
		const char *detail = field_text(row, "detail");
		code = code == NULL ? "?" : code;
		const char *head = pick(c->screen.language, "warning", "提醒");
		if (detail != NULL && *detail != '\0')
			complain("%s: %s (%s)", head, detail, code);
		else
			complain("%s: %s", head, code);
	}
}
