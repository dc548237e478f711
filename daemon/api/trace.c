/* SPDX-License-Identifier: MulanPSL-2.0 */
/* api/trace: the audit entry and the key of a write. */
#include "api/trace.h"

#include <stdlib.h>
#include <string.h>

/* Of the parsed body: its bytes are wiped once a password was read from them. Keyed, because a
 * plain hash of a body with a password would be a quicker way to guess it than the password's
 * own. */
static struct mac body_of(struct exchange *x)
{
	char *text = x->json != NULL ? json_dumps(x->json, JSON_COMPACT) : NULL;
	struct mac body = mac_blind(app_of(x)->keys, text != NULL ? text : "");
	free(text);
	return body;
}

static const char *route_of(struct exchange *x)
{
	static const char *const names[METHODS] = { "GET", "POST", "PUT", "DELETE" };
	return arena_print(x->arena, "%s %.400s", names[x->method], x->path);
}

void trace_ask(struct exchange *x, struct trace *t, int32_t org)
{
	t->org = org;
	if (!tickets_known(app_of(x)->tickets, TICKET_AUDIT, org, 0))
		t->head = tickets_ask(x->reads, TICKET_AUDIT, org, 0);
	if (x->key_given || x->tries > 0)
		t->found = remembered_ask(
			x->reads, x->who->scope, x->who->scopes, x->who->user, &x->key);
}

const struct problem *trace_learn(struct exchange *x, struct trace *t)
{
	if (t->head != NULL)
		tickets_learn(app_of(x)->tickets, TICKET_AUDIT, t->org, 0, t->head);
	t->replay = t->found != NULL && remembered_read(t->found, &t->key);
	if (!t->replay)
		return NULL;
	struct mac body = body_of(x);
	if (mac_same(&t->key.body, &body) && strcmp(t->key.route, route_of(x)) == 0)
		return NULL;
	return problem(x, PROBLEM_KEY_REUSED,
		"这个 Idempotency-Key 已用于另一个请求；新的请求请用新的键。",
		"This Idempotency-Key was used for another request; use a new key for a new request.");
}

void trace_key(struct exchange *x, int32_t org, const char *object, int status,
	struct remembered *ret_key)
{
	*ret_key = (struct remembered){
		.org = org,
		.actor = x->who->user,
		.key = x->key,
		.route = route_of(x),
		.body = body_of(x),
		.status = status,
		.object = object,
	};
}

void trace_write(struct exchange *x, struct trace *t, const char *action, const char *object,
	const char *detail, int status)
{
	struct app *app = app_of(x);
	struct audit_fact fact = {
		.org = t->org,
		.actor = x->who->user,
		.login = x->who->login,
		.action = action,
		.object = object,
		.detail = detail,
		.at = x->now,
	};
	trace_key(x, t->org, object, status, &t->key);
	x->order = (struct write_order){ .org = t->org, .rank = 2 };
	audit_ask(x->arena, x->writes, &fact, &t->key, app->tickets, app->keys, &t->mark);
}

bool trace_written(struct exchange *x, struct trace *t)
{
	return audit_written(app_of(x)->tickets, &t->mark);
}

void trace_replayed(struct exchange *x, const struct trace *t)
{
	/* The second run of an exchange whose commit was in doubt is no repetition to its
	 * client. */
	if (t->replay && x->key_given && !x->doubtful)
		exchange_header(x, "Idempotency-Replayed", "true");
}
