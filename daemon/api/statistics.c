/* SPDX-License-Identifier: MulanPSL-2.0 */
/* api/statistics: GET /v1/statistics/{form}/{year}: an official form (contract §5). */
#include "api/statistics.h"
#include "api/steps.h"
#include "web/upload.h"

struct form {
	struct form_query q;
	struct form_answer a;
	struct form_past past;
	struct statistics_questions questions;
};

static const struct problem *load(struct exchange *x)
{
	static const char *const names[] = { "org", "rollup", "as_of", "live", "period", NULL };
	struct form *f = exchange_state(x, sizeof *f);
	const struct problem *p = form_query_read(x, names, true, &f->q);
	if (p != NULL)
		return p;
	f->a.q = &f->q;
	struct statistics_asked asked = form_asked(&f->q, false);
	if (!f->q.past) {
		statistics_ask(x->reads, &asked, &f->questions);
		return NULL;
	}
	if (ogi_before(f->q.as_of, asked.span.to))
		asked.span.to = ogi_date_add(f->q.as_of, 1);
	statistics_ask_items(x->reads, &asked, &f->questions);
	form_past_ask(x, &f->q, &f->past);
	return NULL;
}

enum { FOLD = 1 }; /* index of this step: it comes again until every part was folded */
static const struct problem *fold(struct exchange *x)
{
	struct form *f = x->state;
	bool more = false;
	const struct problem *p =
		f->q.past ? form_past_take(x, &f->q, &f->past, &f->a.figures, &more) : NULL;
	if (p == NULL && more)
		exchange_step(x, FOLD);
	return p;
}

static const struct problem *judge(struct exchange *x)
{
	struct form *f = x->state;
	statistics_read(&f->questions, f->q.form, 0, &f->a.figures);
	statistics_end(f->q.form, &f->a.figures);
	if (!form_check(&f->a, f->a.figures.before) && f->questions.cases != NULL)
		form_name(x, f->questions.cases, &f->a);
	return NULL;
}

static const struct problem *answer(struct exchange *x)
{
	struct form *f = x->state;
	if (f->q.output != FORM_JSON)
		return form_print(x, &f->a);
	struct json_out o = app_reply(x, 200);
	form_write(x, &o, &f->a);
	return NULL;
}

step_fn *const statistics_steps[] = { load, fold, judge, answer, NULL };
