/* SPDX-License-Identifier: MulanPSL-2.0 */
/* api/users: people of the subtree: list, add, roles, disable, enable, clear the throttle. */
#include "api/people.h"
#include "api/steps.h"
#include "api/trace.h"
#include "store/session.h"
#include "store/user.h"
#include "web/password.h"

#include <string.h>

static void user_write(
	struct json_out *o, const struct directory *d, const struct directory_user *u)
{
	const struct directory_org *org = directory_org(d, u->org);
	person_open(o, NULL, u->login, u->name, org != NULL ? org->code : NULL, u->roles);
	out_bool(o, "disabled", u->disabled);
	if (u->email != NULL)
		out_text(o, "email", u->email);
	out_object_end(o);
}

static const struct problem *user_reply(struct exchange *x, int status, const char *login)
{
	const struct directory *d = app_directory(x);
	const struct directory_user *u = directory_user(d, login);
	if (u == NULL)
		return problem(x, PROBLEM_INTERNAL, NULL, NULL);
	struct json_out o = app_reply(x, status);
	user_write(&o, d, u);
	return NULL;
}

/* GET /v1/users?org=&rollup= */
static const struct problem *list_answer(struct exchange *x)
{
	static const char *const names[] = { "org", "rollup", NULL };
	struct app_scope scope;
	const struct problem *p = exchange_query_only(x, names);
	if (p == NULL)
		p = app_scope(x, &scope);
	if (p != NULL)
		return p;
	const struct directory *d = app_directory(x);
	const struct directory_user *const *user;
	int n = directory_users(d, &user);
	struct json_out o = app_reply(x, 200);
	out_object(&o, NULL);
	out_array(&o, "users");
	for (int i = 0; i < n; i++)
		if (user[i]->org == scope.org ||
			(scope.rollup && directory_within(d, user[i]->org, scope.org)))
			user_write(&o, d, user[i]);
	out_array_end(&o);
	out_object_end(&o);
	return NULL;
}

step_fn *const user_list_steps[] = { list_answer, NULL };

/* POST /v1/users */

struct user_form {
	const char *login, *name, *org, *password, *email;
	struct texts roles;
};
#define AT(f) offsetof(struct user_form, f)
/* clang-format off */
static const struct field user_rows[] = {
	{ .name = "login", .type = FIELD_TEXT, .at = AT(login), .flags = FIELD_REQUIRED, .min = 1, .max = 64 },
	{ .name = "name", .type = FIELD_TEXT, .at = AT(name), .flags = FIELD_REQUIRED, .min = 1, .max = 200 },
	{ .name = "org", .type = FIELD_TEXT, .at = AT(org), .max = 32 },
	{ .name = "password", .type = FIELD_TEXT, .at = AT(password), .flags = FIELD_REQUIRED, .min = 1, .max = 512 },
	{ .name = "email", .type = FIELD_TEXT, .at = AT(email), .min = 3, .max = 254 },
	{ .name = "roles", .type = FIELD_TEXTS, .at = AT(roles), .flags = FIELD_REQUIRED, .min = 1, .max = OGI_ROLES, .item_max = 32 },
	{ .name = NULL },
};
/* clang-format on */

struct adding {
	struct user_form form;
	unsigned roles;
	const struct directory_org *org;
	struct hashing hashing;
	struct trace trace;
	struct directory_questions questions;
};

static void email_check(const char *email, struct faults *f)
{
	if (email != NULL && !text_is_mail_address(email))
		faults_add(f, "/email", "format",
			"邮箱地址的格式不正确，例如 wang@example.gov.cn。",
			"A mail address looks like wang@example.gov.cn.");
}

static void add_check(struct adding *a, struct faults *f)
{
	const char *login = a->form.login;
	if (login != NULL && !user_login_valid(login))
		faults_add(f, "/login", "format",
			"账号以小写字母或数字开头，只含小写字母、数字、点、下划线和连字符，不能是 system 或 portal。",
			"A login begins with a lower-case letter or digit and holds only these, dots, underscores and hyphens; system and portal are taken.");
	email_check(a->form.email, f);
	a->roles = roles_read(&a->form.roles, f);
	if (a->form.password != NULL)
		password_check(a->form.password, login != NULL ? login : "", "/password", f);
}

static const struct problem *add_load(struct exchange *x)
{
	struct adding *a = exchange_state(x, sizeof *a);
	struct faults *f = app_form(x, user_rows, &a->form);
	add_check(a, f);
	if (f->count > 0)
		return problem_faults(x, f);
	const struct problem *p = app_org(x, a->form.org, &a->org);
	if (p != NULL)
		return p;
	trace_ask(x, &a->trace, a->org->id);
	return NULL;
}

static const struct problem *add_hash(struct exchange *x)
{
	struct adding *a = x->state;
	const struct problem *p = trace_learn(x, &a->trace);
	if (p != NULL || a->trace.replay)
		return p;
	if (directory_user(app_directory(x), a->form.login) != NULL)
		return problem(x, PROBLEM_TAKEN, "账号 %s 已被使用，请换一个。",
			"The login %s is in use; choose another.", a->form.login);
	/* A copy: it is wiped, and the steps may run again. */
	a->hashing.password = arena_text(x->arena, a->form.password);
	if (password_begin(x, &a->hashing))
		return NULL;
	return problem(x, PROBLEM_BUSY, "请稍后再试。", "Try again in a moment.");
}

static const struct problem *add_write(struct exchange *x)
{
	struct adding *a = x->state;
	if (a->trace.replay)
		return NULL;
	trace_write(x, &a->trace, "user.add", a->form.login, NULL, 201);
	struct user_new user = {
		.login = a->form.login,
		.name = a->form.name,
		.hash = a->hashing.hash,
		.email = a->form.email,
		.org = a->org->id,
		.roles = a->roles,
		.now = x->now,
	};
	user_ask_add(x->writes, &a->trace.mark, &user);
	return NULL;
}

static const struct problem *add_refresh(struct exchange *x)
{
	struct adding *a = x->state;
	if (!a->trace.replay && !trace_written(x, &a->trace))
		return exchange_again(x);
	app_refresh_ask(x, &a->questions);
	return NULL;
}

static const struct problem *add_answer(struct exchange *x)
{
	struct adding *a = x->state;
	app_refresh_take(x, &a->questions);
	trace_replayed(x, &a->trace);
	return user_reply(x, 201, a->form.login);
}

step_fn *const user_add_steps[] = { add_load, add_hash, add_write, add_refresh, add_answer,
	NULL };

/* What is done to one person. */

struct changing {
	const struct directory_user *user;
	struct texts codes;
	unsigned roles;
	struct trace trace;
	struct directory_questions questions;
};

static const struct problem *change_load(struct exchange *x)
{
	struct changing *c = x->state;
	const struct directory *d = app_directory(x);
	c->user = directory_user(d, x->arg[0]);
	if (c->user == NULL || !directory_within(d, c->user->org, x->who->org))
		return problem(x, PROBLEM_NOT_FOUND, "所辖范围内没有账号 %s。",
			"There is no login %s in your scope.", x->arg[0]);
	trace_ask(x, &c->trace, c->user->org);
	return NULL;
}

static const struct problem *change_refresh(struct exchange *x)
{
	struct changing *c = x->state;
	if (!c->trace.replay && !trace_written(x, &c->trace))
		return exchange_again(x);
	app_refresh_ask(x, &c->questions);
	return NULL;
}

static const struct problem *change_answer(struct exchange *x)
{
	struct changing *c = x->state;
	app_refresh_take(x, &c->questions);
	trace_replayed(x, &c->trace);
	return user_reply(x, 200, c->user->login);
}

/* Nobody shuts himself out; somebody else must do it. */
static const struct problem *not_oneself(struct exchange *x, const struct changing *c)
{
	if (c->user->id != x->who->user)
		return NULL;
	return problem(x, PROBLEM_FORBIDDEN, "不能对自己的账号执行此操作，请由其他管理员办理。",
		"This cannot be done to one's own account; ask another administrator.");
}

/* POST /v1/users/{login}/unlock */
static const struct problem *unlock_load(struct exchange *x)
{
	exchange_state(x, sizeof(struct changing));
	return change_load(x);
}

static const struct problem *unlock_write(struct exchange *x)
{
	struct changing *c = x->state;
	const struct problem *p = trace_learn(x, &c->trace);
	if (p != NULL || c->trace.replay)
		return p;
	trace_write(x, &c->trace, "user.unlock", c->user->login, NULL, 200);
	session_ask_forgive(x->writes, &c->trace.mark, c->user->login, NULL);
	return NULL;
}

step_fn *const user_unlock_steps[] = { unlock_load, unlock_write, change_refresh, change_answer,
	NULL };

/* PUT /v1/users/{login}/roles */

static const struct field roles_rows[] = {
	{ .name = "roles",
		.type = FIELD_TEXTS,
		.at = offsetof(struct changing, codes),
		.flags = FIELD_REQUIRED,
		.min = 1,
		.max = OGI_ROLES,
		.item_max = 32 },
	{ .name = NULL },
};

static const struct problem *roles_load(struct exchange *x)
{
	struct changing *c = exchange_state(x, sizeof *c);
	struct faults *f = app_form(x, roles_rows, c);
	c->roles = roles_read(&c->codes, f);
	return f->count > 0 ? problem_faults(x, f) : change_load(x);
}

static const struct problem *roles_write_step(struct exchange *x)
{
	struct changing *c = x->state;
	const struct problem *p = trace_learn(x, &c->trace);
	if (p != NULL || c->trace.replay)
		return p;
	if ((c->roles & OGI_ADMIN) == 0 && (c->user->roles & OGI_ADMIN) != 0 &&
		(p = not_oneself(x, c)) != NULL)
		return p;
	struct buf detail = { 0 };
	struct json_out o = json_to(&detail);
	out_object(&o, NULL);
	roles_write(&o, "before", c->user->roles);
	roles_write(&o, "after", c->roles);
	out_object_end(&o);
	const char *text = arena_text(x->arena, detail.data);
	buf_clear(&detail);
	trace_write(x, &c->trace, "user.roles", c->user->login, text, 200);
	user_ask_roles(x->writes, &c->trace.mark, c->user->id, c->user->org, c->roles);
	return NULL;
}

step_fn *const user_roles_steps[] = { roles_load, roles_write_step, change_refresh,
	change_answer, NULL };

/* PUT /v1/users/{login}/email */

struct mailing { /* begins like the others, so that they share their steps */
	struct changing changing;
	const char *email;
};
static const struct field email_rows[] = {
	{ .name = "email",
		.type = FIELD_TEXT,
		.at = offsetof(struct mailing, email),
		.min = 3,
		.max = 254 },
	{ .name = NULL },
};

static const struct problem *email_load(struct exchange *x)
{
	struct mailing *m = exchange_state(x, sizeof *m);
	struct faults *f = app_form(x, email_rows, m);
	email_check(m->email, f);
	return f->count > 0 ? problem_faults(x, f) : change_load(x);
}

static const struct problem *email_write(struct exchange *x)
{
	struct mailing *m = x->state;
	struct changing *c = &m->changing;
	const struct problem *p = trace_learn(x, &c->trace);
	if (p != NULL || c->trace.replay)
		return p;
	trace_write(x, &c->trace, "user.email", c->user->login, NULL, 200);
	user_ask_email(x->writes, &c->trace.mark, c->user->id, m->email);
	return NULL;
}

step_fn *const user_email_steps[] = { email_load, email_write, change_refresh, change_answer,
	NULL };

/* POST /v1/users/{login}/disable and …/enable */

static const struct problem *able(struct exchange *x, bool disable)
{
	struct changing *c = x->state;
	const struct problem *p = trace_learn(x, &c->trace);
	if (p != NULL || c->trace.replay)
		return p;
	if (disable && (p = not_oneself(x, c)) != NULL)
		return p;
	trace_write(x, &c->trace, disable ? "user.disable" : "user.enable", c->user->login,
		NULL, 200);
	user_ask_disable(x->writes, &c->trace.mark, c->user->id, disable, x->now);
	if (disable)
		session_ask_close_all(x->writes, &c->trace.mark, c->user->id, NULL);
	return NULL;
}

static const struct problem *disable_write(struct exchange *x)
{
	return able(x, true);
}

static const struct problem *enable_write(struct exchange *x)
{
	return able(x, false);
}

step_fn *const user_disable_steps[] = { unlock_load, disable_write, change_refresh,
	change_answer, NULL };
step_fn *const user_enable_steps[] = { unlock_load, enable_write, change_refresh, change_answer,
	NULL };
