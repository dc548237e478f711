/* SPDX-License-Identifier: MulanPSL-2.0 */
/* base/gram: bigrams of Chinese, rare characters and Latin letters. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/gram.h"

static int grams(struct arena *a, const char *text, const int32_t **ret)
{
	const char *const one[] = { text };
	return grams_of(a, one, 1, ret);
}

/* True when every bigram of the word is one of the text. */
static bool may_hold(const char *text, const char *word)
{
	struct arena *a = arena_new();
	const int32_t *t, *w;
	int n = grams(a, text, &t), m = grams(a, word, &w);
	bool may = m > 0 && grams_shared(t, n, w, m) == m;
	arena_free(a);
	return may;
}

static void each_two_neighbours_are_one_number(void **state)
{
	struct arena *a = arena_new();
	const int32_t *g;
	(void)state;
	assert_int_equal(grams(a, "征地", &g), 1);
	assert_int_equal(g[0], 0x5F81 << 16 | 0x5730);
	assert_int_equal(grams(a, "ababab", &g), 2);
	assert_int_equal(grams(a, "征", &g), 0);
	assert_int_equal(grams(a, "", &g), 0);
	assert_int_equal(grams(a, NULL, &g), 0);
	const char *const two[] = { "ab", NULL, "bc" };
	assert_int_equal(grams_of(a, two, 3, &g), 2); /* none from b to b */
	assert_true(g[0] < g[1]);
	arena_free(a);
}

static void words_are_found_where_they_are(void **state)
{
	static const struct {
		const char *text, *word;
		bool may;
	} rows[] = {
		{ "朱村街道2025年征地补偿方案", "补偿", true },
		{ "朱村街道2025年征地补偿方案", "征地补偿方案", true },
		{ "朱村街道2025年征地补偿方案", "2025", true },
		{ "朱村街道2025年征地补偿方案", "偿补", false },
		{ "𠮷野家䶮水村", "𠮷野", true },
		{ "𠮷野家䶮水村", "䶮水", true },
		{ "吉野家", "𠮷野", false },
		{ "关于PM2.5监测", "pm2.5", true },
		{ "关于pm2.5监测", "PM2.5", true },
		{ "Ａ", "a", false },
		{ "é à", "É", false },
	};
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		assert_int_equal(may_hold(rows[i].text, rows[i].word), rows[i].may);
}

static void an_organisation_is_no_bigram(void **state)
{
	static const char *const hard[] = { "\U0001D800\U0002D801", "\U0002D801b",
		"a\U0003DFFF", "\uD7FF\uE000", "\uFFFD\uFFFD" };
	struct arena *a = arena_new();
	(void)state;
	for (size_t i = 0; i < sizeof hard / sizeof *hard; i++) {
		const int32_t *g;
		int n = grams(a, hard[i], &g);
		for (int k = 0; k < n; k++)
			assert_false(((uint32_t)g[k] >> 16) >= 0xD800 &&
				     ((uint32_t)g[k] >> 16) <= 0xDFFF);
	}
	assert_int_not_equal(gram_of_org(1), gram_of_org(0x10001));
	assert_int_not_equal(gram_of_org(1), gram_of_org(2));
	arena_free(a);
}

static void latin_letters_are_alike_and_others_are_not(void **state)
{
	struct arena *a = arena_new();
	(void)state;
	assert_string_equal(gram_fold(a, "PM2.5朱É"), "pm2.5朱É");
	assert_null(gram_fold(a, NULL));
	assert_true(gram_holds("关于Pm2.5", "pm2"));
	assert_false(gram_holds("关于Pm2.5", "pm3"));
	assert_false(gram_holds(NULL, "a"));
	assert_false(gram_holds("a", "ab"));
	assert_true(gram_holds("aab", "ab"));
	arena_free(a);
}

static void lists_are_compared(void **state)
{
	static const int32_t a[] = { -5, 1, 3, 9 }, b[] = { -5, 2, 3 };
	(void)state;
	assert_int_equal(grams_shared(a, 4, b, 3), 2);
	assert_int_equal(grams_shared(a, 0, b, 3), 0);
	assert_true(gram_in(a, 4, -5));
	assert_false(gram_in(a, 4, 2));
	assert_false(gram_in(a, 0, 1));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_two_neighbours_are_one_number),
		cmocka_unit_test(words_are_found_where_they_are),
		cmocka_unit_test(an_organisation_is_no_bigram),
		cmocka_unit_test(latin_letters_are_alike_and_others_are_not),
		cmocka_unit_test(lists_are_compared),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
