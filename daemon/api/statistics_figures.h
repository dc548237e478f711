/* SPDX-License-Identifier: MulanPSL-2.0 */
/*
 * api/statistics_figures: the steps that find the figures of a form, frozen, live or as they
 * stood, for every route that shows them: the form itself and the annual report.
 */
#ifndef OGID_API_STATISTICS_FIGURES_H
#define OGID_API_STATISTICS_FIGURES_H

#include "api/statistics.h"
#include "api/statistics_frozen.h"
#include "api/statistics_units.h"

/* First member of the state of such an exchange. */
struct form_figures {
	struct form_query q;
	struct form_answer a;
	struct form_frozen frozen;
	struct form_units units;
	struct form_past past;
	struct statistics_questions questions;
	bool printed; /* the frozen cells are the answer */
};
/* For the first step, once q is filled; then the steps form_ask, form_fold, form_judge, in this
 * order and so that form_fold has the index FORM_FOLD: it comes again until every part was
 * folded. After them a.figures and a.check are the answer. */
enum { FORM_FOLD = 2 };
void form_begin(struct exchange *x, struct form_figures *f);
step_fn form_ask, form_fold, form_judge;

#endif
