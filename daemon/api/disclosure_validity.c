/* SPDX-License-Identifier: MulanPSL-2.0 */
/*
 * api/disclosure_validity: PUT /v1/disclosures/{id}/validity: how long an item is valid, and
 * what became of it: repealed, withdrawn, replaced (D:annual-report §4). Its words are never
 * changed: a wrong item is withdrawn and another one takes its place, with a review of its own.
 */
#include "api/disclosures.h"
#include "api/steps.h"
#include "api/trace.h"

struct changing {
	struct disclosure_validity validity;
	struct disclosure_show showing;
	const struct rows *other; /* that replaces it */
	struct trace trace;
};
#define AT(f) offsetof(struct disclosure_validity, f)
/* clang-format off */
static const struct field validity_rows[] = {
	{ .name = "valid_until", .type = FIELD_DATE, .at = AT(valid_until) },
	{ .name = "repealed_on", .type = FIELD_DATE, .at = AT(repealed_on) },
	{ .name = "withdrawn_on", .type = FIELD_DATE, .at = AT(withdrawn_on) },
	{ .name = "replaced_by", .type = FIELD_UUID, .at = AT(replaced_by) },
	{ .name = "reason", .type = FIELD_TEXT, .at = AT(reason), .flags = FIELD_REQUIRED | FIELD_MULTILINE, .min = 1, .max = 2000 },
	{ .name = NULL },
};
/* clang-format on */

static const struct problem *change_load(struct exchange *x)
{
	struct changing *c = exchange_state(x, sizeof *c);
	struct disclosure_validity *v = &c->validity;
	struct faults *f = app_form(x, validity_rows, v);
	disclosure_not_later(v->repealed_on, x->today, "/repealed_on", f);
	disclosure_not_later(v->withdrawn_on, x->today, "/withdrawn_on", f);
	if (!uuid_none(&v->replaced_by) && !ogi_is_date(v->withdrawn_on) &&
		!ogi_is_date(v->repealed_on))
		faults_add(f, "/replaced_by", "contradiction", "被替代的信息应已废止或撤下。",
			"What is replaced is repealed or withdrawn.");
	if (f->count > 0)
		return problem_faults(x, f);
	if (!uuid_parse_text(x->arg[0], &c->showing.id))
		return disclosure_none(x);
	disclosure_show_ask(x, &c->showing);
	if (!uuid_none(&v->replaced_by))
		c->other = disclosure_ask(x->reads, &x->who->org, 1, &v->replaced_by);
	trace_ask(x, &c->trace, x->who->org);
	return NULL;
}

static const struct problem *may_change(struct exchange *x, const struct changing *c)
{
	static const struct {
		const char *pointer;
		size_t at;
	} days[] = { { "/valid_until", AT(valid_until) }, { "/repealed_on", AT(repealed_on) },
		{ "/withdrawn_on", AT(withdrawn_on) } };
	struct ogi_date made = c->showing.row.item.created_on;
	struct faults *f = arena_make(x->arena, struct faults);
	faults_init(f, x->arena);
	for (size_t i = 0; i < sizeof days / sizeof days[0]; i++) {
		const char *at = (const char *)&c->validity + days[i].at;
		struct ogi_date day = *(const struct ogi_date *)(const void *)at;
		if (ogi_is_date(day) && ogi_is_date(made) && ogi_before(day, made))
			faults_add(f, days[i].pointer, "contradiction",
				"日期不得早于生成日期。", "It was not made before that day.");
	}
	if (c->other != NULL && (rows_count(c->other) == 0 ||
					uuid_same(&c->validity.replaced_by, &c->showing.id)))
		faults_add(f, "/replaced_by", "no_such_item", "请填本机关的另一条公开信息。",
			"Name another item of your register.");
	return f->count > 0 ? problem_faults(x, f) : NULL;
}

static const struct problem *change_write(struct exchange *x)
{
	struct changing *c = x->state;
	const struct problem *p = trace_learn(x, &c->trace);
	if (p != NULL || c->trace.replay)
		return p;
	if (!disclosure_show_read(x, &c->showing))
		return disclosure_none(x);
	if ((p = disclosure_own_only(x, c->showing.row.org)) != NULL ||
		(p = may_change(x, c)) != NULL)
		return p;
	char id[37];
	struct buf detail = { 0 };
	struct json_out o = json_to(&detail);
	uuid_print(&c->showing.id, id);
	out_object(&o, NULL);
	out_fields(&o, validity_rows, &c->validity, 0, 0);
	out_object_end(&o);
	trace_write(x, &c->trace, "disclosure.validity", arena_text(x->arena, id),
		arena_bytes(x->arena, detail.data, detail.used), 200);
	buf_clear(&detail);
	disclosure_ask_validity(x->writes, &c->trace.mark, &c->showing.id, &c->validity);
	return NULL;
}

static const struct problem *change_show(struct exchange *x)
{
	struct changing *c = x->state;
	if (!c->trace.replay && !trace_written(x, &c->trace))
		return exchange_again(x);
	disclosure_show_ask(x, &c->showing);
	return NULL;
}

static const struct problem *change_answer(struct exchange *x)
{
	struct changing *c = x->state;
	return disclosure_show_reply(x, &c->showing, 200);
}

step_fn *const disclosure_validity_steps[] = { change_load, change_write, change_show,
	change_answer, NULL };
