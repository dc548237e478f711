/* SPDX-License-Identifier: MulanPSL-2.0 */
/* api/portal_requests: the portal for programs: /portal/v1/requests and what follows of it. The
 * code travels in bodies, never in an address. */
#include "api/portal.h"
#include "api/steps.h"

#include <string.h>

/* ---- POST /portal/v1/requests ---- */

static const struct problem *send_load(struct exchange *x)
{
	struct portal_filing *f = exchange_state(x, sizeof *f);
	const struct problem *no = portal_enter(x, PORTAL_REQUESTS);
	return no != NULL ? no : portal_filing_load(x, f);
}

static const struct problem *send_decide(struct exchange *x)
{
	return portal_filing_decide(x, x->state);
}

static const struct problem *send_write(struct exchange *x)
{
	return portal_filing_write(x, x->state);
}

static const struct problem *send_answer(struct exchange *x)
{
	json_t *view = NULL;
	const struct problem *no = portal_filing_end(x, x->state, &view);
	if (no == NULL)
		portal_reply(x, 201, view);
	return no;
}

step_fn *const portal_send_steps[] = { send_load, send_decide, send_write, send_answer, NULL };

/* ---- the key to a case, and a few words ---- */

struct knock {
	struct portal_act act; /* first */
	const char *code;      /* the same as query_code, in short */
};
#define AT(member) offsetof(struct knock, member)
/* clang-format off */
static const struct field key_rows[] = {
	{ .name = "org", .type = FIELD_TEXT, .at = AT(act.lookup.org), .flags = FIELD_REQUIRED, .min = 1, .max = 32 },
	{ .name = "number", .type = FIELD_TEXT, .at = AT(act.lookup.number), .flags = FIELD_REQUIRED, .min = 1, .max = 24 },
	{ .name = "query_code", .type = FIELD_TEXT, .at = AT(act.lookup.code), .min = 1, .max = 40 },
	{ .name = "code", .type = FIELD_TEXT, .at = AT(code), .min = 1, .max = 40 },
	{ .name = NULL },
};
static const struct field correction_rows[] = {
	{ .name = "text", .type = FIELD_TEXT, .at = AT(act.note), .flags = FIELD_REQUIRED | FIELD_MULTILINE, .min = 1, .max = 5000 },
	{ .name = NULL },
};
static const struct field withdrawal_rows[] = {
	{ .name = "reason", .type = FIELD_TEXT, .at = AT(act.note), .flags = FIELD_MULTILINE, .min = 1, .max = 5000 },
	{ .name = NULL },
};
/* clang-format on */

static const struct problem *knock_load(struct exchange *x, const struct field *more)
{
	enum { ROWS = 8 };
	struct knock *k = exchange_state(x, sizeof *k);
	struct field rows[ROWS] = { { .name = NULL } };
	int n = 0;
	for (const struct field *r = key_rows; r->name != NULL; r++)
		rows[n++] = *r;
	for (; more != NULL && more->name != NULL; more++)
		rows[n++] = *more;
	const struct problem *no = portal_enter(x, PORTAL_LOOKUPS);
	if (no != NULL)
		return no;
	struct faults *f = app_form(x, rows, k);
	struct portal_lookup *l = &k->act.lookup;
	if (l->code == NULL)
		l->code = k->code;
	if (l->code == NULL && f->count == 0)
		faults_add(f, "/query_code", "required", "请填写查询码（query_code）。",
			"Give the query code (query_code).");
	if (f->count > 0)
		return problem_faults(x, f);
	portal_lookup_ask(x, l);
	return NULL;
}

/* ---- POST /portal/v1/requests/status ---- */

static const struct problem *status_load(struct exchange *x)
{
	return knock_load(x, NULL);
}

static const struct problem *status_match(struct exchange *x)
{
	struct knock *k = x->state;
	const struct problem *no = portal_lookup_match(x, &k->act.lookup);
	if (no == NULL)
		k->act.events = event_ask_all(
			x->reads, x->who->scope, x->who->scopes, &k->act.lookup.id);
	return no;
}

static const struct problem *status_answer(struct exchange *x)
{
	struct knock *k = x->state;
	struct recording *r = &k->act.r;
	if (!recording_load(x, k->act.events, r))
		return problem(x, PROBLEM_INTERNAL, "案件记录无法读取。",
			"The record of the case cannot be read.");
	recording_prepare(x, r);
	portal_reply(x, 200, portal_view(x, &r->before, &r->history, &r->rules, NULL));
	return NULL;
}

step_fn *const portal_look_steps[] = { status_load, status_match, status_answer, NULL };

/* ---- POST /portal/v1/requests/correction, …/withdrawal ---- */

static const struct problem *correction_load(struct exchange *x)
{
	return knock_load(x, correction_rows);
}

static const struct problem *withdrawal_load(struct exchange *x)
{
	return knock_load(x, withdrawal_rows);
}

static const struct problem *act_load(struct exchange *x)
{
	return portal_act_load(x, x->state);
}

static const struct problem *correction_write(struct exchange *x)
{
	return portal_act_write(x, x->state, OGI_CORRECTION_RECEIVED);
}

static const struct problem *withdrawal_write(struct exchange *x)
{
	return portal_act_write(x, x->state, OGI_WITHDRAWN);
}

static const struct problem *act_answer(struct exchange *x)
{
	json_t *view = NULL;
	const struct problem *no = portal_act_end(x, x->state, &view);
	if (no == NULL)
		portal_reply(x, 201, view);
	return no;
}

step_fn *const portal_correct_steps[] = { correction_load, act_load, correction_write,
	act_answer, NULL };
step_fn *const portal_withdraw_steps[] = { withdrawal_load, act_load, withdrawal_write,
	act_answer, NULL };
