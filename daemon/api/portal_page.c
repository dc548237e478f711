/* SPDX-License-Identifier: MulanPSL-2.0 */
/* api/portal_page: filling pages in; the pages that ask nothing. */
#include "api/portal_page.h"

#include "api/steps.h"
#include "base/log.h"

#include <stdlib.h>
#include <string.h>

enum { PAGE_BYTES = 256 * 1024 };

struct portal_pages {
	struct arena *arena;
	const struct template_tree *page[PORTAL_PAGES];
	const struct template_source *style;
	char etag[2 * MAC_BYTES + 3];
};

static const char *const page_names[PORTAL_PAGES] = {
	[PORTAL_HOME] = "home",
	[PORTAL_APPLY] = "apply",
	[PORTAL_DONE] = "done",
	[PORTAL_STATUS] = "status",
	[PORTAL_PROBLEM] = "problem",
};

static const struct template_source *source(const char *name)
{
	for (int i = 0; i < portal_sources_count; i++)
		if (strcmp(portal_sources[i].name, name) == 0)
			return &portal_sources[i];
	abort();
}

struct portal_pages *portal_pages_new(void)
{
	struct arena *a = arena_new();
	struct portal_pages *p = arena_make(a, struct portal_pages);
	p->arena = a;
	for (int i = 0; i < PORTAL_PAGES; i++) {
		struct faults f;
		faults_init(&f, a);
		p->page[i] = template_parse(a, source(page_names[i]), portal_sources,
			portal_sources_count, page_names[i], &f);
		if (p->page[i] == NULL) {
			log_line(LOG_AT_ERROR, "portal", "page=%s fault=\"%s\"", page_names[i],
				f.item[0].detail_en);
			abort();
		}
	}
	char hex[2 * MAC_BYTES + 1];
	p->style = source("style");
	struct mac hash = mac_hash(p->style->text, p->style->bytes);
	mac_print(&hash, hex);
	p->etag[0] = '"';
	memcpy(p->etag + 1, hex, (size_t)2 * MAC_BYTES);
	p->etag[2 * MAC_BYTES + 1] = '"';
	return p;
}

void portal_pages_free(struct portal_pages *p)
{
	if (p != NULL)
		arena_free(p->arena);
}

static void headers(struct exchange *x)
{
	x->content_type = "text/html; charset=utf-8";
	exchange_header(x, "Content-Security-Policy",
		"default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none';"
		" frame-ancestors 'none'");
	exchange_header(x, "X-Frame-Options", "DENY");
	exchange_header(x, "Content-Language", x->english ? "en" : "zh-CN");
	exchange_header(x, "Vary", "Accept-Language, Cookie");
}

static bool fill(struct exchange *x, enum portal_page_name page, const json_t *data)
{
	headers(x);
	return template_fill(
		app_of(x)->pages->page[page], data, TEMPLATE_HTML, PAGE_BYTES, &x->reply);
}

const struct problem *portal_page(
	struct exchange *x, int status, enum portal_page_name page, const json_t *data)
{
	x->status = status;
	if (!fill(x, page, data))
		return problem(x, PROBLEM_INTERNAL, NULL, NULL);
	return NULL;
}

void portal_problem(struct exchange *x, const struct problem *p)
{
	const struct problem_row *row = &problem_rows[p->kind];
	json_t *data = portal_frame(x, "home", NULL);
	const char *detail = x->english ? p->detail_en : p->detail_zh;
	json_object_set_new(
		data, "what", json_string(x->english ? row->title_en : row->title_zh));
	if (detail != NULL)
		json_object_set_new(data, "detail", json_string(detail));
	if (p->retry_after > 0)
		json_object_set_new(data, "minutes", json_integer((p->retry_after + 59) / 60));
	fill(x, PORTAL_PROBLEM, data);
}

json_t *portal_faults(struct exchange *x, const struct faults *faults,
	const char *(*name_of)(const char *pointer))
{
	json_t *list = json_array();
	for (int i = 0; i < faults->kept; i++) {
		const struct fault *f = &faults->item[i];
		const char *name = name_of != NULL ? name_of(f->pointer) : NULL;
		if (name == NULL)
			name = *f->pointer == '/' ? f->pointer + 1 : "main";
		json_array_append_new(list, json_pack("{s:s, s:s}", "id", name, "detail",
						    x->english ? f->detail_en : f->detail_zh));
	}
	return list;
}

/* ---- GET /portal, /portal/, /portal/portal.css ---- */

static const struct problem *door(struct exchange *x)
{
	x->status = 303;
	headers(x);
	exchange_header(x, "Location", "/portal/");
	return NULL;
}

static const struct problem *home(struct exchange *x)
{
	const struct problem *no = portal_look(x);
	if (no != NULL)
		return no;
	return portal_page(
		x, 200, PORTAL_HOME, portal_frame(x, "home", exchange_query(x, "org")));
}

static const struct problem *style(struct exchange *x)
{
	const struct portal_pages *p = app_of(x)->pages;
	const char *known = exchange_request_header(x, "If-None-Match");
	exchange_header(x, "ETag", p->etag);
	exchange_header(x, "Cache-Control", "no-cache");
	x->content_type = "text/css; charset=utf-8";
	if (known != NULL && strstr(known, p->etag) != NULL)
		x->status = 304;
	else
		buf_borrow(&x->reply, p->style->text, p->style->bytes);
	return NULL;
}

step_fn *const portal_door_steps[] = { door, NULL };
step_fn *const portal_home_steps[] = { home, NULL };
step_fn *const portal_style_steps[] = { style, NULL };
