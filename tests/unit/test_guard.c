/* SPDX-License-Identifier: MulanPSL-2.0 */
/* web/guard: the facts of a sound head; crooked ones have their own stories in
 * tests/api/test_http_guards.py. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "chance.h"
#include "web/guard.h"

static enum guard_fault look(const char *s, struct head *h)
{
	size_t scanned = 0;
	return guard_head(s, strlen(s), &scanned, 8192, h);
}

static void a_sound_head_gives_its_facts(void **state)
{
	(void)state;
	struct head h;
	const char *s =
		"POST /v1/cases?limit=5 HTTP/1.1\r\nhOST: a:8710\r\nContent-Length:  012 \t\r\n"
		"Expect: 100-Continue\r\nX-Empty:\r\nX-Text: caf\xc3\xa9 \t x\r\n\r\n{...";
	assert_int_equal(look(s, &h), GUARD_OK);
	assert_int_equal(h.verb, VERB_POST);
	assert_int_equal(h.size, strlen(s) - 4);
	assert_memory_equal(s + h.target, "/v1/cases?limit=5 ", 18);
	assert_int_equal(h.target_size, 17);
	assert_int_equal(h.path_size, 9);
	assert_memory_equal(s + h.query, "limit=5 ", 8);
	assert_int_equal(h.length, 12);
	assert_memory_equal(s + h.length_at, "012", h.length_size);
	assert_true(h.expects && h.keep);
	assert_int_equal(h.minor, 1);
}

static void absolute_targets_begin_at_their_path(void **state)
{
	(void)state;
	struct head h;
	const char *s = "GET http://A:1/b?c HTTP/1.1\r\nHost: a:1\r\n\r\n";
	assert_int_equal(look(s, &h), GUARD_OK);
	assert_memory_equal(s + h.target, "/b?c ", 5);
	assert_int_equal(
		look("GET http://a:1 HTTP/1.1\r\nHost: a:1\r\n\r\n", &h), GUARD_TARGET);
	assert_int_equal(look("GET http:///b HTTP/1.1\r\nHost: a\r\n\r\n", &h), GUARD_HOST);
	assert_int_equal(look("GET ftp://a/b HTTP/1.1\r\nHost: a\r\n\r\n", &h), GUARD_TARGET);
}

static void the_connection_is_kept_by_the_words_of_all_its_lines(void **state)
{
	(void)state;
	static const struct {
		const char *version, *lines;
		bool keep;
	} rows[] = { { "1.1", "", true }, { "1.0", "", false },
		{ "1.1", "Connection: close\r\n", false },
		{ "1.0", "Connection: Keep-Alive\r\n", true },
		{ "1.1", "Connection: a,close ,b\r\n", false },
		{ "1.1", "Connection: closed\r\n", true },
		{ "1.1", "Connection: a\r\nConnection: close\r\n", false },
		{ "1.0", "Connection: keep-alive\r\nConnection: close\r\n", false },
		{ "1.1", "Connection: ,,\r\n", true } };
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		char s[256];
		struct head h;
		snprintf(s, sizeof s, "GET / HTTP/%s\r\nHost: a\r\n%s\r\n", rows[i].version,
			rows[i].lines);
		assert_int_equal(look(s, &h), GUARD_OK);
		assert_int_equal(h.keep, rows[i].keep);
	}
}

/* However the bytes come, the verdict is that of the whole; and before the end it is "more" or
 * the same fault. */
static void cuts_change_nothing(void **state)
{
	(void)state;
	static const char *const heads[] = { "GET / HTTP/1.1\r\nHost: a\r\nX: b\r\n\r\n",
		"GET / HTTP/1.1\r\nHost : a\r\n\r\n", "GET / HTTP/1.1\nHost: a\n\n", "\r\n",
		"GET / HTTP/1.1\r\n\r\n" };
	for (size_t i = 0; i < sizeof heads / sizeof *heads; i++) {
		struct head whole = { 0 }, cut = { 0 };
		enum guard_fault verdict = look(heads[i], &whole);
		size_t scanned = 0, n = strlen(heads[i]);
		enum guard_fault so_far = GUARD_MORE;
		for (size_t k = 1; k <= n && so_far == GUARD_MORE; k++) {
			char *exact = malloc(k); /* AddressSanitizer sees a byte too far */
			memcpy(exact, heads[i], k);
			so_far = guard_head(exact, k, &scanned, 8192, &cut);
			free(exact);
		}
		assert_int_equal(so_far, verdict);
		assert_memory_equal(&whole, &cut, sizeof whole);
	}
}

static void the_limit_is_that_of_the_whole_head(void **state)
{
	(void)state;
	char s[300] = "GET / HTTP/1.1\r\nHost: a\r\nX: ";
	size_t n = strlen(s);
	memset(s + n, 'a', 100);
	memcpy(s + n + 100, "\r\n\r\n", 5);
	struct head h;
	for (size_t most = 10; most < 200; most++) {
		size_t scanned = 0;
		enum guard_fault fault = guard_head(s, strlen(s), &scanned, most, &h);
		assert_int_equal(fault, most < strlen(s) ? GUARD_LARGE : GUARD_OK);
	}
}

static enum guard_fault path(const char *raw, char *out)
{
	return guard_path(raw, strlen(raw), out);
}

static void paths_are_decoded_or_refused(void **state)
{
	(void)state;
	char out[100];
	assert_int_equal(path("/v1/%e6%9c%b1/a+b%20%25", out), GUARD_OK);
	assert_string_equal(out, "/v1/朱/a+b %");
	assert_int_equal(path("/", out), GUARD_OK);
	assert_int_equal(path("/a/", out), GUARD_OK);
	assert_int_equal(path("/...", out), GUARD_OK);
	assert_int_equal(path("/.a", out), GUARD_OK);
	assert_int_equal(path("/a%3fb%23", out), GUARD_OK);
	static const char *const bad[] = { "/%00", "/%", "/%1", "/%1g", "/%2f", "/%2F", "/%5c",
		"/.", "/..", "/a/./b", "/%2e", "/a//b", "//", "/%7f", "/%0a", "/%c2%85" };
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		if (path(bad[i], out) != GUARD_ESCAPE)
			fail_msg("%s was taken", bad[i]);
	assert_int_equal(path("/%ff", out), GUARD_ENCODING);
	assert_int_equal(path("/%ed%a0%80", out), GUARD_ENCODING);
	assert_int_equal(path("a", out), GUARD_TARGET);
	assert_int_equal(path("", out), GUARD_TARGET);
}

static void escaped_text_comes_back(void **state)
{
	(void)state;
	struct chance c = { 3986 };
	for (int i = 0; i < 20000; i++) {
		char text[64], raw[256], out[256];
		size_t n = 0, r = 0;
		for (uint32_t k = chance_below(&c, 10); k > 0; k--)
			n += chance_character(&c, text + n);
		text[n] = '\0';
		for (size_t k = 0; k < n; k++)
			r += (size_t)snprintf(raw + r, sizeof raw - r,
				chance_below(&c, 2) ? "%%%02x" : "%%%02X",
				(unsigned)(unsigned char)text[k]);
		raw[r] = '\0';
		if (guard_query_text(raw, r, out) == GUARD_OK)
			assert_string_equal(out, text);
		else
			assert_true(
				strpbrk(text, "\x7f") != NULL || strstr(text, "\xc2") != NULL);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_sound_head_gives_its_facts),
		cmocka_unit_test(absolute_targets_begin_at_their_path),
		cmocka_unit_test(the_connection_is_kept_by_the_words_of_all_its_lines),
		cmocka_unit_test(cuts_change_nothing),
		cmocka_unit_test(the_limit_is_that_of_the_whole_head),
		cmocka_unit_test(paths_are_decoded_or_refused),
		cmocka_unit_test(escaped_text_comes_back),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
