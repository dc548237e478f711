/* SPDX-License-Identifier: MulanPSL-2.0 */
/* web/router: which row a path means. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "web/router.h"

// clang-format off
static const struct route table[] = {
	{ METHOD_GET,  "/",                                  0, NULL, 0, "root" },
	{ METHOD_GET,  "/v1/cases",                          0, NULL, 0, "list" },
	{ METHOD_POST, "/v1/cases",                          0, NULL, 0, "add" },
	{ METHOD_GET,  "/v1/cases.csv",                      0, NULL, 0, "csv" },
	{ METHOD_GET,  "/v1/cases/{id}",                     0, NULL, 0, "case" },
	{ METHOD_GET,  "/v1/cases/similar",                  0, NULL, 0, "similar" },
	{ METHOD_POST, "/v1/cases/assign",                   0, NULL, 0, "assign" },
	{ METHOD_GET,  "/v1/cases/{id}/events",              0, NULL, 0, "events" },
	{ METHOD_GET,  "/v1/statistics/{form}/{year}",       0, NULL, 0, "statistics" },
	{ METHOD_GET,  "/v1/statistics/{form}/{year}.csv",   0, NULL, 0, "statistics csv" },
	{ METHOD_GET,  "/v1/statistics/{form}/{year}/cells/{key}/{column}", 0, NULL, 0, "cell" },
	{ METHOD_GET,  "/v1/statistics/f14/corrections",     0, NULL, 0, "f14" },
	{ METHOD_GET,  "/portal/",                           0, NULL, 0, "portal" },
	{ METHOD_PUT,  "/v1/reports/{year}/sections/{n}",    0, NULL, 0, "section" },
	{ 0 },
};
// clang-format on

struct routing {
	struct router *r;
};

static int begin(void **state)
{
	static struct routing t;
	t.r = router_new(table);
	*state = &t;
	return 0;
}

static int end(void **state)
{
	router_free(((struct routing *)*state)->r);
	return 0;
}

/* "row arg arg" of a GET (or the method given), "" for no such path, "-" for no such method. */
static void expect(void **state, enum method method, const char *path, const char *wanted)
{
	struct routed found;
	char told[256] = "";
	if (router_find(((struct routing *)*state)->r, path, strlen(path), &found)) {
		const struct route *row = found.of[method];
		snprintf(told, sizeof told, "%s", row != NULL ? row->answers : "-");
		for (int i = 0; row != NULL && i < found.args; i++) {
			size_t n = strlen(told);
			snprintf(told + n, sizeof told - n, " %.*s", (int)found.arg_size[i],
				found.arg[i]);
		}
	}
	assert_string_equal(told, wanted);
}

static void literals_win_over_parameters(void **state)
{
	expect(state, METHOD_GET, "/v1/cases/similar", "similar");
	expect(state, METHOD_GET, "/v1/cases/2017-1", "case 2017-1");
	expect(state, METHOD_GET, "/v1/cases/similars", "case similars");
	expect(state, METHOD_GET, "/v1/cases.csv", "csv");
	/* the literal's path decides, not another row's method */
	expect(state, METHOD_GET, "/v1/cases/assign", "-");
	expect(state, METHOD_POST, "/v1/cases/assign", "assign");
	expect(state, METHOD_POST, "/v1/cases/2017-1", "-");
}

static void a_literal_that_leads_nowhere_gives_way(void **state)
{
	expect(state, METHOD_GET, "/v1/statistics/f14/corrections", "f14");
	expect(state, METHOD_GET, "/v1/statistics/f14/2015", "statistics f14 2015");
	expect(state, METHOD_GET, "/v1/cases/similar/events", "events similar");
}

static void a_suffix_wins_over_a_bare_parameter(void **state)
{
	expect(state, METHOD_GET, "/v1/statistics/f21/2025.csv", "statistics csv f21 2025");
	expect(state, METHOD_GET, "/v1/statistics/f21/2025.html", "statistics f21 2025.html");
	expect(state, METHOD_GET, "/v1/statistics/f21/.csv", "statistics f21 .csv");
}

static void four_parameters_keep_their_order(void **state)
{
	expect(state, METHOD_GET, "/v1/statistics/f21/2025/cells/t3.new/natural",
		"cell f21 2025 t3.new natural");
	expect(state, METHOD_PUT, "/v1/reports/2025/sections/2", "section 2025 2");
}

static void slashes_matter(void **state)
{
	expect(state, METHOD_GET, "/", "root");
	expect(state, METHOD_GET, "/portal/", "portal");
	expect(state, METHOD_GET, "/portal", "");
	expect(state, METHOD_GET, "/v1/cases/", "");
	expect(state, METHOD_GET, "/v1/cases//events", "");
	expect(state, METHOD_GET, "//v1/cases", "");
	expect(state, METHOD_GET, "/v1", "");
	expect(state, METHOD_GET, "/v1/cases/a/events/b", "");
	expect(state, METHOD_GET, "", "");
	expect(state, METHOD_GET, "v1/cases", "");
}

static void every_row_is_found_by_its_own_path(void **state)
{
	for (const struct route *row = table; row->path != NULL; row++) {
		char path[128];
		size_t n = 0;
		/* a parameter stands for its own name, which is no literal of the table */
		for (const char *s = row->path; *s != '\0'; s++)
			if (*s != '{' && *s != '}')
				path[n++] = *s;
		path[n] = '\0';
		struct routed found;
		assert_true(router_find(((struct routing *)*state)->r, path, n, &found));
		assert_ptr_equal(found.of[row->method], row);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(literals_win_over_parameters, begin, end),
		cmocka_unit_test_setup_teardown(
			a_literal_that_leads_nowhere_gives_way, begin, end),
		cmocka_unit_test_setup_teardown(
			a_suffix_wins_over_a_bare_parameter, begin, end),
		cmocka_unit_test_setup_teardown(four_parameters_keep_their_order, begin, end),
		cmocka_unit_test_setup_teardown(slashes_matter, begin, end),
		cmocka_unit_test_setup_teardown(every_row_is_found_by_its_own_path, begin, end),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
