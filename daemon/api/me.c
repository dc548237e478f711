/* SPDX-License-Identifier: MulanPSL-2.0 */
/* api/me: who I am, and my password. A new password ends every other session of its owner. */
#include "api/people.h"
#include "api/steps.h"
#include "api/trace.h"
#include "store/session.h"
#include "store/user.h"
#include "web/password.h"

/* What the board warns of: until when dates are certain, and a notice that is overdue. */
static void write_calendar(struct exchange *x, struct json_out *o)
{
	const struct directory *d = app_directory(x);
	const struct ogi_calendar *cal = directory_calendar_of(d, x->who->org);
	out_object(o, "calendar");
	out_date(o, "last", cal->last);
	out_bool(o, "next_year_missing", directory_year_missing(d, x->today));
	out_object_end(o);
}

static const struct problem *me_answer(struct exchange *x)
{
	struct json_out o = app_reply(x, 200);
	person_open(&o, NULL, x->who->login, x->who->name, x->who->org_code, x->who->roles);
	const struct directory_org *org = directory_org(app_directory(x), x->who->org);
	out_text(&o, "org_name", org != NULL ? org->name : NULL);
	out_instant(&o, "expires_at", x->who->expires_at);
	write_calendar(x, &o);
	out_object_end(&o);
	return NULL;
}

step_fn *const me_steps[] = { me_answer, NULL };

struct change_form {
	const char *old, *new;
};
#define AT(f) offsetof(struct change_form, f)
/* clang-format off */
static const struct field change_rows[] = {
	{ .name = "old", .type = FIELD_TEXT, .at = AT(old), .flags = FIELD_REQUIRED, .min = 1, .max = 512 },
	{ .name = "new", .type = FIELD_TEXT, .at = AT(new), .flags = FIELD_REQUIRED, .min = 1, .max = 512 },
	{ .name = NULL },
};
/* clang-format on */

struct change {
	struct change_form form;
	const struct rows *secret_rows;
	struct user_secret user;
	struct hashing old, new;
	struct trace trace;
};

static const struct problem *change_load(struct exchange *x)
{
	struct change *c = exchange_state(x, sizeof *c);
	struct faults *f = app_form(x, change_rows, &c->form);
	if (c->form.new != NULL)
		password_check(c->form.new, x->who->login, "/new", f);
	if (f->count > 0)
		return problem_faults(x, f);
	c->secret_rows = user_ask_secret(x->reads, x->who->login);
	trace_ask(x, &c->trace, x->who->org);
	return NULL;
}

static const struct problem *change_compare(struct exchange *x)
{
	struct change *c = x->state;
	const struct problem *p = trace_learn(x, &c->trace);
	if (p != NULL || c->trace.replay)
		return p;
	if (!user_read_secret(c->secret_rows, x->arena, &c->user))
		return problem(x, PROBLEM_NO_SESSION, "请先登录。", "Log in first.");
	/* Copies: the threads wipe what they were given, and the steps may run again. */
	c->old.password = arena_text(x->arena, c->form.old);
	c->old.stored = c->user.hash;
	if (password_begin(x, &c->old))
		return NULL;
	return problem(x, PROBLEM_BUSY, "请稍后再试。", "Try again in a moment.");
}

static const struct problem *change_hash(struct exchange *x)
{
	struct change *c = x->state;
	if (c->trace.replay)
		return NULL;
	if (!c->old.same) {
		struct faults *f = arena_make(x->arena, struct faults);
		faults_init(f, x->arena);
		faults_add(f, "/old", "wrong_password", "原密码不正确。",
			"The present password is another one.");
		return problem_faults(x, f);
	}
	c->new.password = arena_text(x->arena, c->form.new);
	if (password_begin(x, &c->new))
		return NULL;
	return problem(x, PROBLEM_BUSY, "请稍后再试。", "Try again in a moment.");
}

static const struct problem *change_write(struct exchange *x)
{
	struct change *c = x->state;
	if (c->trace.replay)
		return NULL;
	trace_write(x, &c->trace, "user.password", x->who->login, NULL, 204);
	user_ask_password(x->writes, &c->trace.mark, c->user.id, c->new.hash, x->now);
	session_ask_close_all(x->writes, &c->trace.mark, c->user.id, &x->who->token);
	return NULL;
}

static const struct problem *change_answer(struct exchange *x)
{
	struct change *c = x->state;
	if (!c->trace.replay && !trace_written(x, &c->trace))
		return exchange_again(x);
	sessions_drop_all(server_sessions(x->server));
	x->status = 204;
	return NULL;
}

step_fn *const me_password_steps[] = { change_load, change_compare, change_hash, change_write,
	change_answer, NULL };
