/* SPDX-License-Identifier: MulanPSL-2.0 */
/*
 * api/reports: the annual report (D:annual-report): the figures of the official form and the
 * counts beside it, told section by section with what the office wrote between them; as JSON,
 * as a page to print and as Markdown; and what in it does not agree.
 */
#ifndef OGID_API_REPORTS_H
#define OGID_API_REPORTS_H

#include "api/statistics_figures.h"
#include "base/template.h"
#include "domain/annual_report.h"
#include "store/report.h"

/* The program's own templates, report_html and report_md; read from data/templates/report when
 * it was built. */
extern const struct template_source report_templates[];
extern const int report_templates_count;

enum report_output { REPORT_JSON, REPORT_HTML, REPORT_MD };

struct report {
	struct form_figures figures; /* first */
	enum report_output output;
	const struct ogi_report_section *section; /* OGI_REPORT_SECTIONS */
	struct report_questions counts;
	const struct rows *texts;
	/* of the small registers: text blocks; figures, by rows of the form of 2014, which asks
	   for most; how many inspections */
	const struct rows *blocks, *registers, *inspections;
	json_t *keys; /* key of every figure to its number; see report_data */
};

/*
 * The whole report as it is shown and as templates fill it in, in the arena:
 * {"year", "org", "rollup", "regime", "form", "frozen", "freeze", "as_of", "title", "agency",
 * "contact", "phone", "address", "publish_by", "sections": [{"number", "mark", "heading", "en",
 * "source", "groups", "tables", "narrative", "paragraphs", "last_year", "version", "set_by",
 * "set_at"}], "attachment", "figures"}. Fills r->keys, which is its "figures".
 */
json_t *report_data(struct exchange *x, struct report *r);
/* Number of a figure by its key; false when the report has none. */
bool report_figure(const struct report *r, const char *key, int64_t *ret_value);

/* The text of the next block of a section, from row *at on; NULL: no more. */
const char *report_block(const struct report *r, int section, int *at);

/* Tables of the form, `count` from `first` on, as templates fill them in: [{"caption",
 * "rows": [{"cells": […]}]}], and for Markdown "lines". */
json_t *report_tables(struct exchange *x, struct report *r, int first, int count);

/* Everything that can be checked; data is report_data's. {"findings": […], "pass", "fail",
 * "uncertain"} */
void report_findings_write(struct exchange *x, struct json_out *o, struct report *r);

#endif
