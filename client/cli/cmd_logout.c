/* SPDX-License-Identifier: MulanPSL-2.0 */
/* ogi logout: ends the session on the server and forgets the token. The server stays
 * remembered. */
#include "cli/command.h"
#include "cli/problem.h"

#include <stdlib.h>

static enum ending forget(struct client *c)
{
	char *fault = NULL;

	if (c->session.borrowed)
		return DONE;
	session_take(&c->session, NULL, c->session.login, NULL);
	if (session_save(&c->session, &fault))
		return DONE;
	complain("%s", fault);
	free(fault);
	return REFUSED;
}

static enum ending run(struct client *c, struct args *args)
{
	enum language l = c->screen.language;
	struct request request = { .method = "DELETE", .path = "/v1/sessions/current" };
	struct answer answer = { 0 };

	(void)args;
	if (c->session.token == NULL) {
		print_text(stdout, "%s\n", pick(l, "not logged in", "尚未登录"));
		return DONE;
	}
	enum ending ending = transport_send(c->transport, &c->session, &request, &answer);
	if (answer.status == 401)
		ending = DONE; /* it had ended by itself */
	if (ending != DONE)
		problem_print(c, ending, &answer);
	answer_clear(&answer);
	enum ending forgotten = forget(c);
	if (ending == DONE && forgotten == DONE)
		print_text(stdout, "%s\n", pick(l, "logged out", "已退出"));
	return ending == DONE ? forgotten : ending;
}

const struct command cmd_logout = {
	.name = "logout",
	.operands = "",
	.en = "log out",
	.zh = "退出登录",
	.run = run,
};
