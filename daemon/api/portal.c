/* SPDX-License-Identifier: MulanPSL-2.0 */
/* api/portal: who asks, the look-up, and an act of the applicant on a case. */
#include "api/portal.h"

#include "domain/numbering.h"
#include "store/case.h"

#include <string.h>

const struct problem *portal_enter(struct exchange *x, enum portal_deed deed)
{
	struct app *app = app_of(x);
	if (app_directory(x) == NULL)
		return problem(x, PROBLEM_DATABASE_AWAY, "没有保存任何内容，请稍后重试。",
			"Nothing was stored; try again shortly.");
	if (x->tries > 0)
		return NULL; /* the same deed once more */
	int left =
		portal_limit_left(app->limits, app->keys, PORTAL_REFUSALS, x->address, x->now);
	if (left == 0 || deed == PORTAL_REQUESTS)
		left = portal_limit_take(app->limits, app->keys, deed, x->address, x->now);
	if (left == 0)
		return NULL;
	struct problem *p = problem(x, PROBLEM_THROTTLED,
		"这个网络地址的请求过多，请稍后再试，或到窗口办理。",
		"There were too many requests from this address; try again later, or come to the desk.");
	p->retry_after = left;
	return p;
}

void portal_act_for(struct exchange *x, int32_t org)
{
	const struct directory_org *o = directory_org(app_directory(x), org);
	struct actor *who = arena_make(x->arena, struct actor);
	int32_t *scope = arena_make(x->arena, int32_t);
	*scope = org;
	*who = (struct actor){ .org = org,
		.login = "portal",
		.name = "申请人",
		.org_code = o != NULL ? o->code : "",
		.roles = OGI_FRONT_DESK,
		.scope = scope,
		.scopes = 1 };
	x->who = who;
}

/* ---- the look-up ---- */

/* As it is read out and typed: without blanks and hyphens, capital, and with the letters that
 * look like digits as these. */
static struct mac code_hash(const char *typed)
{
	char code[64];
	size_t n = 0;
	for (const char *s = typed; *s != '\0' && n < sizeof code; s++) {
		char c = *s;
		if (c == ' ' || c == '-')
			continue;
		if (c >= 'a' && c <= 'z')
			c = (char)(c - 'a' + 'A');
		code[n++] = (char)(c == 'O' ? '0' : c == 'I' || c == 'L' ? '1' : c);
	}
	return mac_hash(code, n);
}

void portal_lookup_ask(struct exchange *x, struct portal_lookup *l)
{
	const struct directory_org *org = directory_org_by_code(app_directory(x), l->org);
	int32_t year = 0, serial = 0;
	if (!ogi_number_parse(l->number, &year, &serial))
		year = serial = 0;
	l->org_id = org != NULL ? org->id : 0;
	l->hash = code_hash(l->code);
	l->found = case_ask_code(x->reads, l->org_id, year, serial);
}

const struct problem *portal_lookup_match(struct exchange *x, struct portal_lookup *l)
{
	struct app *app = app_of(x);
	if (!case_read_code(l->found, &l->hash, &l->id)) {
		portal_limit_take(app->limits, app->keys, PORTAL_REFUSALS, x->address, x->now);
		return problem(x, PROBLEM_NO_SUCH_CASE,
			"编号或查询码不对；请核对受理机关、编号和查询码。",
			"Number and query code do not belong together; check the agency, the number and the code.");
	}
	portal_act_for(x, l->org_id);
	return NULL;
}

/* ---- an act ---- */

const struct problem *portal_act_load(struct exchange *x, struct portal_act *a)
{
	const struct problem *no = portal_lookup_match(x, &a->lookup);
	if (no != NULL)
		return no;
	a->events = event_ask_all(x->reads, x->who->scope, x->who->scopes, &a->lookup.id);
	if (x->key_given || x->tries > 0)
		a->found = remembered_ask(
			x->reads, x->who->scope, x->who->scopes, x->who->user, &x->key);
	return NULL;
}

/* What the applicant may do stands where staff see what they may. */
static const struct problem *refused(
	struct exchange *x, const struct recording *r, const struct problem *no)
{
	struct problem *mine = arena_make(x->arena, struct problem);
	*mine = *no;
	mine->extra = NULL;
	if (no->kind != PROBLEM_REFUSED)
		return mine;
	const char *list = "";
	static const int32_t kinds[] = { OGI_CORRECTION_RECEIVED, OGI_WITHDRAWN };
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		if (portal_may(&r->before.c, &r->rules, kinds[i]))
			list = arena_print(x->arena,
				"%s%s{\"kind\":\"%s\",\"fields\":{},\"until\":null}", list,
				*list != '\0' ? "," : "", ogi_event_kinds[kinds[i]].code);
	mine->extra = arena_print(x->arena, "\"allowed\":[%s]", list);
	return mine;
}

const struct problem *portal_act_write(struct exchange *x, struct portal_act *a, int32_t kind)
{
	struct recording *r = &a->r;
	a->replayed = a->found != NULL && remembered_read(a->found, &a->key);
	if (a->replayed) {
		const struct problem *no = key_check(x, &a->key);
		if (no != NULL)
			return no;
	}
	if (!recording_load(x, a->events, r))
		return problem(x, PROBLEM_INTERNAL, "案件记录无法读取。",
			"The record of the case cannot be read.");
	if (a->replayed && r->history.count > a->key.version)
		r->history.count = a->key.version;
	recording_prepare(x, r);
	if (a->replayed)
		return NULL;
	r->event = (struct ogi_event){
		.kind = kind, .note = a->note, .settings = r->event.settings
	};
	const struct problem *no = recording_judge(x, r);
	if (no != NULL)
		return refused(x, r, no);
	recording_fold(x, r, true);
	a->written = recording_ask(x, r, 201);
	return NULL;
}

const struct problem *portal_act_end(
	struct exchange *x, struct portal_act *a, json_t **ret_view)
{
	if (!a->replayed && rows_count(a->written) == 0)
		return app_outrun(x);
	if (a->replayed && x->key_given && !x->doubtful)
		exchange_header(x, "Idempotency-Replayed", "true");
	*ret_view = portal_view(x, a->replayed ? &a->r.before : &a->r.after,
		a->replayed ? &a->r.history : &a->r.with, &a->r.rules, NULL);
	return NULL;
}
