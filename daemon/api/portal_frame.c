/* SPDX-License-Identifier: MulanPSL-2.0 */
/* api/portal_frame: what is around every page of the portal: look, language, agencies. */
#include "api/portal_page.h"

#include "domain/settings.h"
#include "store/setting.h"
#include "web/header.h"

#include <string.h>

enum { AGENCIES_LISTED = 60, YEAR_S = 31536000, SIZES = 3 };
static const char cookie_name[] = "ogid_look";

struct look {
	bool english, elder, contrast;
	int size; /* 0 to SIZES - 1 */
};

static void unref(void *json)
{
	json_decref(json);
}

/* "e0c1s2lz", as it was set; anything else is no choice. */
static void read_cookie(const struct exchange *x, struct look *l)
{
	size_t n = 0;
	const char *all = exchange_request_header(x, "Cookie");
	const char *c = all != NULL ? header_cookie(all, cookie_name, &n) : NULL;
	if (c == NULL || n != 8 || c[0] != 'e' || c[2] != 'c' || c[4] != 's' || c[6] != 'l')
		return;
	l->elder = c[1] == '1';
	l->contrast = c[3] == '1';
	l->size = c[5] >= '0' && c[5] < '0' + SIZES ? c[5] - '0' : 0;
	l->english = c[7] == 'e';
}

/* True when the query changes it. */
static bool read_query(const struct exchange *x, struct look *l)
{
	const char *mode = exchange_query(x, "mode"), *contrast = exchange_query(x, "contrast"),
		   *size = exchange_query(x, "size"), *language = exchange_query(x, "lang");
	if (mode != NULL)
		l->elder = strcmp(mode, "elder") == 0;
	if (contrast != NULL)
		l->contrast = strcmp(contrast, "high") == 0;
	if (size != NULL)
		l->size = size[0] >= '0' && size[0] < '0' + SIZES && size[1] == '\0'
				  ? size[0] - '0'
				  : 0;
	if (language != NULL)
		l->english = strcmp(language, "en") == 0;
	return mode != NULL || contrast != NULL || size != NULL || language != NULL;
}

static struct look look_of(struct exchange *x)
{
	struct look l = { .english = x->english };
	read_cookie(x, &l);
	read_query(x, &l);
	return l;
}

const struct problem *portal_look(struct exchange *x)
{
	static const char *const names[] = { "org", "mode", "contrast", "size", "lang", NULL };
	const struct problem *no = exchange_query_only(x, names);
	struct look l = { .english = x->english };
	read_cookie(x, &l);
	bool chosen = read_query(x, &l);
	x->english = l.english;
	if (no == NULL && chosen)
		exchange_header(x, "Set-Cookie",
			arena_print(x->arena,
				"%s=e%dc%ds%dl%c; Path=/portal/; Max-Age=%d; HttpOnly; SameSite=Lax%s",
				cookie_name, l.elder, l.contrast, l.size, l.english ? 'e' : 'z',
				YEAR_S, app_of(x)->settings.tls ? "; Secure" : ""));
	return no;
}

/* ---- agencies ---- */

static void set_fact(struct exchange *x, json_t *o, const char *name, int32_t org, int setting)
{
	const struct directory_setting *s = setting_in_force(
		app_directory(x), org, ogi_setting_rows[setting].name, x->today, INT32_MAX);
	if (s != NULL && *s->value != '\0')
		json_object_set_new(o, name, json_string(s->value));
}

static json_t *agency(struct exchange *x, const struct directory_org *org)
{
	json_t *o = json_pack("{s:s, s:s}", "code", org->code, "name", org->name);
	set_fact(x, o, "name", org->id, OGI_SET_AGENCY_NAME);
	set_fact(x, o, "address", org->id, OGI_SET_AGENCY_ADDRESS);
	set_fact(x, o, "postcode", org->id, OGI_SET_AGENCY_POSTCODE);
	set_fact(x, o, "phone", org->id, OGI_SET_AGENCY_PHONE);
	bool ways = json_object_size(o) > 2;
	json_object_set_new(o, "ways", json_boolean(ways));
	return o;
}

/* All of them while they fit on a page; of many the one that was chosen, with those right below
 * it and its way up. */
static json_t *agencies(struct exchange *x, const struct directory_org *chosen)
{
	const struct directory_org *const *all;
	int n = directory_orgs(app_directory(x), &all);
	json_t *list = json_array();
	for (int i = 0; i < n && json_array_size(list) < AGENCIES_LISTED; i++) {
		const struct directory_org *o = all[i];
		bool near = chosen == NULL ? o->parent == 0
					   : o->id == chosen->id || o->parent == chosen->id ||
						     o->id == chosen->parent;
		if (n > AGENCIES_LISTED && !near)
			continue;
		json_array_append_new(
			list, json_pack("{s:s, s:s, s:b}", "code", o->code, "name", o->name,
				      "selected", chosen != NULL && o->id == chosen->id));
	}
	return list;
}

json_t *portal_frame(struct exchange *x, const char *tab, const char *code)
{
	struct look l = look_of(x);
	const struct directory *d = app_directory(x);
	const struct directory_org *org =
		d != NULL && code != NULL ? directory_org_by_code(d, code) : NULL;
	const struct directory_org *const *all;
	/* where there is one agency nobody chooses */
	if (org == NULL && d != NULL && directory_orgs(d, &all) == 1)
		org = all[0];
	json_t *o = json_pack("{s:b, s:b, s:b, s:b, s:b, s:b}", "en", x->english, "zh",
		!x->english, "elder", l.elder, "contrast", l.contrast, "size_1", l.size == 1,
		"size_2", l.size == 2);
	arena_at_end(x->arena, unref, o);
	json_object_set_new(o, tab, json_true());
	json_object_set_new(o, "self",
		json_string(arena_print(x->arena, "/portal/%s?%s%s%s",
			strcmp(tab, "home") == 0 ? "" : tab, org != NULL ? "org=" : "",
			org != NULL ? org->code : "", org != NULL ? "&" : "")));
	json_object_set_new(o, "smaller", json_integer(l.size > 0 ? l.size - 1 : 0));
	json_object_set_new(
		o, "larger", json_integer(l.size < SIZES - 1 ? l.size + 1 : SIZES - 1));
	if (d == NULL)
		return o;
	if (org != NULL)
		json_object_set_new(o, "org", agency(x, org));
	json_object_set_new(o, "orgs", agencies(x, org));
	return o;
}
