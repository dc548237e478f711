/* SPDX-License-Identifier: MulanPSL-2.0 */
/* ogi login: gets a token and keeps it, with the server, in the session file. */
#include "cli/ask.h"
#include "cli/command.h"
#include "cli/field.h"

#include <stdlib.h>
#include <string.h>

enum {
	PASSWORD_LIMIT = 4096,
};

/* clang-format off */
static const struct flag flags[] = {
	{ "server", FLAG_TEXT, NULL, false, "URL of the server, remembered", "服务器地址（会记住）" },
	{ "user", FLAG_TEXT, NULL, false, "login", "登录名" },
	{ "password-stdin", FLAG_SWITCH, NULL, false, "read the password from standard input", "从标准输入读取密码" },
	{ "json", FLAG_SWITCH, NULL, false, "print who logged in as JSON", "以 JSON 输出登录人" },
	{ 0 },
};
/* clang-format on */

/* The login: given, else asked for with the last one as the default. NULL: there is none. */
static char *login_of(struct client *c, const struct args *args)
{
	enum language l = c->screen.language;
	const char *last = c->session.login;

	if (args_text(args, "user") != NULL)
		return must(strdup(args_text(args, "user")));
	if (!ask_possible() || args_switch(args, "password-stdin"))
		return last == NULL ? NULL : must(strdup(last));
	char *prompt = last == NULL
			       ? must(strdup(pick(l, "login: ", "登录名：")))
			       : text_format(pick(l, "login [%s]: ", "登录名 [%s]："), last);
	char *answer = ask_line(prompt);
	free(prompt);
	if (answer != NULL && *answer == '\0') {
		free(answer);
		answer = last == NULL ? NULL : must(strdup(last));
	}
	return answer;
}

static char *password_of(struct client *c, const struct args *args, char **ret_fault)
{
	enum language l = c->screen.language;
	if (args_switch(args, "password-stdin"))
		return text_read(l, "-", PASSWORD_LIMIT, ret_fault);
	if (!ask_possible()) {
		*ret_fault = must(strdup(
			pick(l, "no terminal to ask for the password: use --password-stdin",
				"没有终端可输入密码，请使用 --password-stdin")));
		return NULL;
	}
	char *password = ask_hidden(pick(l, "password: ", "密码："));
	if (password == NULL)
		*ret_fault = must(strdup(pick(l, "no password", "没有输入密码")));
	return password;
}

/* The token travels in the header: over plain HTTP everybody on the way can read it. */
static void warn_of_plain(struct client *c)
{
	const char *server = c->session.server;
	if (strncmp(server, "http://", 7) == 0 && strncmp(server, "http://127.", 11) != 0 &&
		strncmp(server, "http://localhost", 16) != 0 &&
		strncmp(server, "http://[::1]", 12) != 0)
		complain(pick(c->screen.language, "%s: this connection is not encrypted",
				 "%s：连接未加密"),
			server);
}

static enum ending keep(
	struct client *c, const struct args *args, const char *login, const struct answer *a)
{
	enum language l = c->screen.language;
	const json_t *user = json_object_get(a->json, "user");
	const char *token = field_text(a->json, "token");
	const char *name = field_text(user, "name");
	char *fault = NULL;

	if (token == NULL) {
		complain("%s", pick(l, "the answer holds no token", "服务器未返回令牌"));
		return REFUSED;
	}
	session_take(&c->session, token, login, field_text(user, "org"));
	if (!session_save(&c->session, &fault)) {
		complain("%s", fault);
		free(fault);
		return REFUSED;
	}
	if (args_switch(args, "json")) {
		char *text = must(json_dumps(user, JSON_ENCODE_ANY));
		print_json(&c->screen, text);
		free(text);
		return DONE;
	}
	print_text(stdout, pick(l, "logged in at %s as %s (%s)\n", "已登录 %s：%s（%s）\n"),
		c->session.server, login, name == NULL ? login : name);
	return DONE;
}

static enum ending send(
	struct client *c, const struct args *args, const char *login, const char *password)
{
	struct answer answer;
	json_t *body = must(json_pack("{s:s, s:s}", "login", login, "password", password));
	struct request request = { .method = "POST", .path = "/v1/sessions", .body = body };

	session_take(&c->session, NULL, c->session.login,
		c->session.org); /* an old token proves nothing here */
	enum ending ending = client_ask(c, &request, &answer);
	if (ending == DONE)
		ending = keep(c, args, login, &answer);
	answer_clear(&answer);
	json_decref(body);
	return ending;
}

static enum ending run(struct client *c, struct args *args)
{
	char *fault = NULL;
	char *password = NULL;
	enum ending ending = MISUSED;

	if (args_text(args, "server") != NULL)
		session_turn(&c->session, args_text(args, "server"));
	warn_of_plain(c);
	char *login = login_of(c, args);
	if (login == NULL || *login == '\0') {
		client_misused(
			c, pick(c->screen.language, "--%s is missing", "缺少 --%s"), "user");
		goto out;
	}
	password = password_of(c, args, &fault);
	if (password == NULL) {
		client_misused(c, "%s", fault);
		goto out;
	}
	ending = send(c, args, login, password);
	explicit_bzero(password, strlen(password));
out:
	free(fault);
	free(password);
	free(login);
	return ending;
}

const struct command cmd_login = {
	.name = "login",
	.operands = "",
	.en = "log in",
	.zh = "登录",
	.flags = flags,
	.run = run,
};
