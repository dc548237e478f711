/* SPDX-License-Identifier: MulanPSL-2.0 */
/* web/files: which path is which file, and what a client says it takes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "web/files.h"

static void put(const char *folder, const char *name, const char *text)
{
	char path[256];
	snprintf(path, sizeof path, "%s/%s", folder, name);
	FILE *f = fopen(path, "we");
	assert_non_null(f);
	fputs(text, f);
	fclose(f);
}

static void drop(const char *folder, const char *name)
{
	char path[256];
	snprintf(path, sizeof path, "%s/%s", folder, name);
	remove(path);
}

static char *new_folder(char *name)
{
	char path[256];
	memcpy(name, "/tmp/ogid-files.XXXXXX", sizeof "/tmp/ogid-files.XXXXXX");
	assert_non_null(mkdtemp(name));
	snprintf(path, sizeof path, "%s/assets", name);
	assert_int_equal(mkdir(path, 0700), 0);
	return name;
}

static void end_folder(const char *folder)
{
	static const char *const names[] = { "index.html", "index.html.gz", "logo.svg",
		"odd.exe", "assets/app-1a2b.js", "assets/app-1a2b.js.gz", "assets" };
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		drop(folder, names[i]);
	rmdir(folder);
}

static void a_screen_is_the_index_and_a_file_is_itself(void **state)
{
	(void)state;
	char folder[64];
	const char *why = NULL;
	put(new_folder(folder), "index.html", "plain");
	put(folder, "index.html.gz", "packed");
	put(folder, "logo.svg", "<svg/>");
	put(folder, "odd.exe", "no");
	put(folder, "assets/app-1a2b.js", "plain");
	put(folder, "assets/app-1a2b.js.gz", "packed");
	struct files *f = files_new(folder, &why);
	assert_non_null(f);
	assert_int_equal(files_count(f), 3); /* the twins stand for the plain ones */
	assert_int_equal(files_bytes(f), 6 + 6 + 6);
	static const struct {
		const char *path, *name;
	} rows[] = {
		{ "/", "/index.html" },
		{ "/index.html", "/index.html" },
		{ "/cases/zhucun:2017-1", "/index.html" },
		{ "/v2", "/index.html" },
		{ "/logo.svg", "/logo.svg" },
		{ "/assets/app-1a2b.js", "/assets/app-1a2b.js" },
		{ "/assets/app-0000.js", NULL },
		{ "/assets/nothing", NULL },
		{ "/assets", NULL },
		{ "/favicon.ico", NULL },
		{ "/odd.exe", NULL },
		{ "/index.html.gz", NULL },
		{ "/v1", NULL },
		{ "/v1/nothing", NULL },
		{ "/portal", NULL },
		{ "/portal/", NULL },
		{ "*", NULL },
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const struct file *found = files_find(f, rows[i].path);
		if (rows[i].name == NULL)
			assert_null(found);
		else
			assert_string_equal(found->name, rows[i].name);
	}
	const struct file *app = files_find(f, "/assets/app-1a2b.js");
	assert_true(app->compressed && app->immutable && !app->page);
	assert_memory_equal(app->body, "packed", 6);
	const struct file *logo = files_find(f, "/logo.svg");
	assert_true(!logo->compressed && !logo->immutable && !logo->page);
	assert_string_equal(logo->type, "image/svg+xml");
	assert_string_not_equal(logo->etag, app->etag);
	assert_true(files_find(f, "/")->page);
	assert_null(files_find(NULL, "/"));
	files_free(f);
	end_folder(folder);
}

static void a_folder_without_an_index_is_refused(void **state)
{
	(void)state;
	char folder[64];
	const char *why = NULL;
	put(new_folder(folder), "logo.svg", "<svg/>");
	assert_null(files_new(folder, &why));
	assert_non_null(strstr(why, "index.html"));
	why = NULL;
	assert_null(files_new("/nonexistent/folder", &why));
	assert_non_null(why);
	end_folder(folder);
}

static void what_a_client_takes_is_read_from_its_list(void **state)
{
	(void)state;
	static const struct {
		const char *list;
		bool takes;
	} rows[] = {
		{ NULL, false },
		{ "", false },
		{ "gzip", true },
		{ "GZIP", true },
		{ "gzip, deflate, br", true },
		{ "br;q=1.0, gzip;q=0.8, *;q=0.1", true },
		{ "gzip;q=0", false },
		{ "gzip;q=0.000", false },
		{ "*, gzip;q=0", false },
		{ "*", true },
		{ "*;q=0", false },
		{ "identity", false },
		{ "gzipped", false },
		{ ",,, ;;;=,", false },
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		assert_int_equal(files_takes_gzip(rows[i].list), rows[i].takes);
}

static void an_etag_is_found_in_a_list(void **state)
{
	(void)state;
	assert_true(files_matches("\"a\"", "\"a\""));
	assert_true(files_matches("\"b\", W/\"a\"", "\"a\""));
	assert_true(files_matches("*", "\"a\""));
	assert_false(files_matches(NULL, "\"a\""));
	assert_false(files_matches("", "\"a\""));
	assert_false(files_matches("a", "\"a\""));
	assert_false(files_matches("\"aa\"", "\"a\""));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_screen_is_the_index_and_a_file_is_itself),
		cmocka_unit_test(a_folder_without_an_index_is_refused),
		cmocka_unit_test(what_a_client_takes_is_read_from_its_list),
		cmocka_unit_test(an_etag_is_found_in_a_list),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
