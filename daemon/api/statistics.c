/* SPDX-License-Identifier: MulanPSL-2.0 */
/* api/statistics: GET /v1/statistics/{form}/{year}: an official form (contract §5): frozen
 * cells of a frozen year; live from the ledger; as it stood on a day. */
#include "api/statistics_figures.h"
#include "api/steps.h"
#include "web/upload.h"

void form_begin(struct exchange *x, struct form_figures *f)
{
	f->a.q = &f->q;
	if (!f->q.past) {
		form_frozen_ask(x, &f->q, &f->frozen);
		return;
	}
	struct statistics_asked asked = form_asked(&f->q, false);
	asked.whole_to = asked.span.to;
	if (ogi_before(f->q.as_of, asked.span.to))
		asked.span.to = ogi_date_add(f->q.as_of, 1);
	statistics_ask_items(x->reads, &asked, &f->questions);
	form_past_ask(x, &f->q, &f->past);
}

static const struct problem *load(struct exchange *x)
{
	static const char *const names[] = { "org", "rollup", "as_of", "live", "period", NULL };
	struct form_figures *f = exchange_state(x, sizeof *f);
	const struct problem *p = form_query_read(x, names, true, &f->q);
	if (p != NULL)
		return p;
	form_begin(x, f);
	return NULL;
}
const struct problem *form_ask(struct exchange *x)
{
	struct form_figures *f = x->state;
	bool more;
	if (f->q.past)
		return form_past_take(x, &f->q, &f->past, &f->a.figures, &more);
	form_frozen_take(x, &f->q, &f->frozen);
	bool whole = f->q.period == NULL && !f->q.live;
	struct statistics_asked asked = form_asked(&f->q, false);
	f->printed = whole && f->frozen.exact != NULL;
	statistics_ask_carry(x->reads, &asked, &f->questions);
	if (whole && f->q.rolled)
		form_units_ask(x, &f->q, &f->frozen, &f->units);
	if (f->printed) {
		f->a.figures = f->frozen.exact->figures;
		f->a.frozen = form_frozen_json(x, f->frozen.exact);
		return NULL;
	}
	/* a superior's table is the sum of its units' tables: the frozen ones as they are */
	if (whole && f->q.rolled)
		form_units_rest(x, &f->q, &f->frozen, &asked, &f->a.figures);
	if (asked.scopes > 0)
		statistics_ask(x->reads, &asked, &f->questions);
	return NULL;
}

const struct problem *form_fold(struct exchange *x)
{
	struct form_figures *f = x->state;
	bool more = false;
	const struct problem *p = NULL;
	if (f->q.past && f->past.part != NULL && f->past.asked > 0)
		p = form_past_take(x, &f->q, &f->past, &f->a.figures, &more);
	if (p == NULL && more)
		exchange_step(x, FORM_FOLD);
	return p;
}

const struct problem *form_judge(struct exchange *x)
{
	struct form_figures *f = x->state;
	statistics_read(&f->questions, f->q.form, 0, &f->a.figures);
	if (!f->printed)
		statistics_end(f->q.form, &f->a.figures);
	const int64_t *carry = f->q.past ? NULL : form_frozen_carry(x, &f->q, &f->frozen);
	if (!form_check(&f->a, carry != NULL ? carry : f->a.figures.before) &&
		f->questions.cases != NULL)
		form_name(x, f->questions.cases, &f->a);
	if (f->units.asked)
		form_units_name(x, &f->q, &f->frozen, &f->units);
	return NULL;
}

static const struct problem *answer(struct exchange *x)
{
	struct form_figures *f = x->state;
	if (f->printed)
		f->q.as_of = form_frozen_day(f->frozen.exact);
	if (f->units.asked)
		f->a.units = form_units_json(x, &f->q, &f->frozen, &f->units);
	if (f->q.output != FORM_JSON)
		return form_print(x, &f->a);
	struct json_out o = app_reply(x, 200);
	form_write(x, &o, &f->a);
	return NULL;
}

step_fn *const statistics_steps[] = { load, form_ask, form_fold, form_judge, answer, NULL };
