/* SPDX-License-Identifier: MulanPSL-2.0 */
/*
 * api/portal_page: the pages of the portal: one frame, plain HTML that works without scripts,
 * filled in from data/portal. How a page looks (语言, 长者模式, 高对比度, 字号) is chosen by
 * links and kept in a cookie that carries nothing else and stands for no right.
 */
#ifndef OGID_API_PORTAL_PAGE_H
#define OGID_API_PORTAL_PAGE_H

#include "api/app.h"
#include "base/template.h"

extern const struct template_source portal_sources[];
extern const int portal_sources_count;

/* The parsed pages. They are the program's own: one that cannot be read ends it. */
struct portal_pages;
struct portal_pages *portal_pages_new(void);
void portal_pages_free(struct portal_pages *p);

enum portal_page_name {
	PORTAL_HOME,
	PORTAL_APPLY,
	PORTAL_DONE,
	PORTAL_STATUS,
	PORTAL_PROBLEM,
	PORTAL_PAGES,
};

/* First in every page's first step: language and look, from the query (GET) and the cookie. */
const struct problem *portal_look(struct exchange *x);
/* What the frame needs, in the arena: language, look, agencies. `org`: code of the one that is
 * asked, or NULL; `tab`: "apply", "status" or "home". */
json_t *portal_frame(struct exchange *x, const char *tab, const char *org);
/* Fills the page in as the answer. */
const struct problem *portal_page(
	struct exchange *x, int status, enum portal_page_name page, const json_t *data);
/* A problem as a page, for server_settings. */
void portal_problem(struct exchange *x, const struct problem *p);

/* Faults as a list of {id, detail} in the language, with the names of the fields that pointers
 * stand for (NULL: the pointer without its slash). */
json_t *portal_faults(struct exchange *x, const struct faults *faults,
	const char *(*name_of)(const char *pointer));

#endif
