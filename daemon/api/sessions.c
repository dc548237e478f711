/* SPDX-License-Identifier: MulanPSL-2.0 */
/* api/sessions: logging in and out (contract §2.1). A wrong login and a wrong password are one
 * answer, in the same time. */
#include "api/people.h"
#include "api/steps.h"
#include "api/trace.h"
#include "store/session.h"
#include "store/user.h"
#include "web/password.h"
#include "web/upload.h"

#include <string.h>

struct login_form {
	const char *login, *password;
	bool cookie;
};
#define AT(f) offsetof(struct login_form, f)
/* clang-format off */
static const struct field login_rows[] = {
	{ .name = "login", .type = FIELD_TEXT, .at = AT(login), .flags = FIELD_REQUIRED, .min = 1, .max = 64 },
	{ .name = "password", .type = FIELD_TEXT, .at = AT(password), .flags = FIELD_REQUIRED, .min = 1, .max = 512 },
	{ .name = "cookie", .type = FIELD_BOOL, .at = AT(cookie) },
	{ .name = NULL },
};
/* clang-format on */

struct login {
	struct login_form form;
	char login[65]; /* lower case */
	const struct rows *secret_rows, *refusals, *head, *opened;
	struct user_secret user;
	struct hashing hashing;
	struct audit_mark mark;
	const char *token;
	int64_t expires_at;
	int writes; /* how often the session was written */
	bool known, refused;
};

enum { LOGIN_HEAD = 2, LOGIN_WRITES_MOST = 8 };

static const struct problem *login_load(struct exchange *x)
{
	struct login *l = exchange_state(x, sizeof *l);
	const struct app *app = app_of(x);
	const struct problem *p = exchange_form(x, login_rows, &l->form);
	if (p != NULL)
		return p;
	size_t n = strlen(l->form.login); /* up to 64 characters of up to 4 bytes */
	if (n >= sizeof l->login)
		n = sizeof l->login - 1;
	static const char lower[] = "abcdefghijklmnopqrstuvwxyz";
	for (size_t i = 0; i < n; i++) {
		char c = l->form.login[i];
		if (c >= 'A' && c <= 'Z')
			c = lower[c - 'A'];
		l->login[i] = c;
	}
	while (n > 0 && text_characters(l->login, n) < 0)
		n--; /* cut between characters */
	l->login[n] = '\0';
	int64_t since = x->now - (int64_t)app->settings.login_window_s * 1000000;
	l->secret_rows = user_ask_secret(x->reads, l->login);
	l->refusals = session_ask_refusals(
		x->reads, l->login, x->address, since, app->settings.login_failures);
	return NULL;
}

static const struct problem *busy(struct exchange *x)
{
	return problem(x, PROBLEM_BUSY, "登录人数过多，请稍后再试。",
		"Too many people are logging in; try again in a moment.");
}

static const struct problem *login_compare(struct exchange *x)
{
	struct login *l = x->state;
	const struct app *app = app_of(x);
	int64_t oldest = session_read_refusals(l->refusals, app->settings.login_failures);
	if (oldest != 0) {
		int64_t left =
			oldest + (int64_t)app->settings.login_window_s * 1000000 - x->now;
		struct problem *p = problem(x, PROBLEM_THROTTLED,
			"登录失败次数过多，请稍后再试，或请管理员解除。",
			"Too many failed logins; wait, or ask an administrator to clear it.");
		p->retry_after = (int)((left + 999999) / 1000000);
		return p;
	}
	l->known = user_read_secret(l->secret_rows, x->arena, &l->user);
	l->hashing.password = l->form.password;
	l->hashing.stored = l->known ? l->user.hash : "";
	return password_begin(x, &l->hashing) ? NULL : busy(x);
}

/* Wrong: noted. Right: the head of the audit is asked for when it is not known; this step is
 * taken again when somebody was faster, so that the password need not be compared twice. */
static const struct problem *login_head(struct exchange *x)
{
	struct login *l = x->state;
	const struct app *app = app_of(x);
	l->refused = !l->known || l->user.disabled || !l->hashing.same;
	if (l->refused) {
		int64_t since = x->now - (int64_t)app->settings.login_window_s * 1000000;
		x->order = (struct write_order){ .org = 0, .rank = 2 };
		session_ask_refused(x->writes, l->login, x->address, x->now, since);
		return NULL;
	}
	l->head = NULL;
	if (!tickets_known(app->tickets, TICKET_AUDIT, l->user.org, 0))
		l->head = tickets_ask(x->reads, TICKET_AUDIT, l->user.org, 0);
	return NULL;
}

static const struct problem *login_open(struct exchange *x)
{
	struct login *l = x->state;
	const struct app *app = app_of(x);
	if (l->refused)
		return problem(x, PROBLEM_BAD_CREDENTIALS, "请核对账号和密码。",
			"Check login and password.");
	if (l->head != NULL)
		tickets_learn(app->tickets, TICKET_AUDIT, l->user.org, 0, l->head);
	struct audit_fact fact = {
		.org = l->user.org,
		.actor = l->user.id,
		.login = l->user.login,
		.action = "session.open",
		.object = l->user.login,
		.at = x->now,
	};
	l->token = mac_token(x->arena);
	struct mac hash = mac_hash(l->token, strlen(l->token));
	l->expires_at = x->now + (int64_t)app->settings.session_hours * 3600 * 1000000;
	x->order = (struct write_order){ .org = l->user.org, .rank = 2 };
	audit_ask(x->arena, x->writes, &fact, NULL, app->tickets, app->keys, &l->mark);
	l->opened = session_ask_open(
		x->writes, &l->mark, &hash, l->user.id, l->user.hash, x->now, l->expires_at);
	session_ask_forgive(x->writes, &l->mark, l->login, x->address);
	return NULL;
}

static const struct problem *login_answer(struct exchange *x)
{
	struct login *l = x->state;
	const struct app *app = app_of(x);
	if (!audit_written(app->tickets, &l->mark)) {
		if (++l->writes >= LOGIN_WRITES_MOST)
			return busy(x);
		exchange_step(x, LOGIN_HEAD);
		return NULL;
	}
	if (rows_count(l->opened) == 0)
		return problem(x, PROBLEM_BAD_CREDENTIALS, "密码刚刚更改，请重新登录。",
			"The password has just been changed; log in again.");
	struct json_out o = app_reply(x, 201);
	out_object(&o, NULL);
	if (l->form.cookie)
		exchange_header(x, "Set-Cookie",
			arena_print(x->arena,
				"ogid_session=%s; Path=/; Max-Age=%d; HttpOnly; SameSite=Strict%s",
				l->token, app->settings.session_hours * 3600,
				app->settings.tls ? "; Secure" : ""));
	else
		out_text(&o, "token", l->token);
	out_instant(&o, "expires_at", l->expires_at);
	person_write(&o, "user", l->user.login, l->user.name, l->user.org_code, l->user.roles);
	out_object_end(&o);
	return NULL;
}

step_fn *const session_open_steps[] = { login_load, login_compare, login_head, login_open,
	login_answer, NULL };

/* DELETE /v1/sessions/current */

static const struct problem *logout_load(struct exchange *x)
{
	trace_ask(x, exchange_state(x, sizeof(struct trace)), x->who->org);
	return NULL;
}

static const struct problem *logout_close(struct exchange *x)
{
	struct trace *t = x->state;
	const struct problem *p = trace_learn(x, t);
	if (p != NULL || t->replay)
		return p;
	trace_write(x, t, "session.close", x->who->login, NULL, 204);
	session_ask_close(x->writes, &t->mark, &x->who->token);
	return NULL;
}

static const struct problem *logout_answer(struct exchange *x)
{
	struct trace *t = x->state;
	if (!t->replay && !trace_written(x, t))
		return exchange_again(x);
	sessions_drop(server_sessions(x->server), &x->who->token);
	exchange_header(
		x, "Set-Cookie", "ogid_session=; Path=/; Max-Age=0; HttpOnly; SameSite=Strict");
	x->status = 204;
	return NULL;
}

step_fn *const session_close_steps[] = { logout_load, logout_close, logout_answer, NULL };
