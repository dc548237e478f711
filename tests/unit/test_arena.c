/* SPDX-License-Identifier: MulanPSL-2.0 */
/* base/arena: zeroed, aligned, apart, ended in order. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"
#include "chance.h"

static void pieces_are_zeroed_aligned_and_apart(void **state)
{
	enum { PIECES = 3000 };
	(void)state;
	static unsigned char *piece[PIECES];
	static size_t size[PIECES];
	struct chance c = { 1 };
	struct arena *a = arena_new();
	size_t all = 0;
	for (int i = 0; i < PIECES; i++) {
		size[i] = chance_below(&c, 50) == 0 ? chance_below(&c, 100000)
						    : chance_below(&c, 200);
		piece[i] = arena_alloc(a, size[i]);
		assert_non_null(piece[i]);
		assert_int_equal((uintptr_t)piece[i] % _Alignof(max_align_t), 0);
		for (size_t k = 0; k < size[i]; k++)
			assert_int_equal(piece[i][k], 0);
		memset(piece[i], i & 0xFF, size[i]);
		all += size[i];
	}
	for (int i = 0; i < PIECES; i++)
		for (size_t k = 0; k < size[i]; k++)
			assert_int_equal(piece[i][k], i & 0xFF);
	assert_true(arena_used(a) >= all);
	arena_free(a);
	arena_free(NULL);
}

static void texts_are_copied(void **state)
{
	(void)state;
	struct arena *a = arena_new();
	char s[] = "朱村";
	char *copy = arena_text(a, s);
	s[0] = 'x';
	assert_string_equal(copy, "朱村");
	assert_null(arena_text(a, NULL));
	assert_memory_equal(arena_bytes(a, "a\0b", 3), "a\0b", 4);
	assert_string_equal(arena_bytes(a, NULL, 0), "");
	assert_string_equal(arena_print(a, "%d-%s", 2025, "17"), "2025-17");
	assert_string_equal(arena_print(a, "%s", ""), "");
	/* around the size of the small buffer */
	for (int n = 250; n < 262; n++) {
		char *wide = arena_print(a, "%*d", n, 7);
		assert_int_equal(strlen(wide), n);
		assert_int_equal(wide[n - 1], '7');
	}
	arena_free(a);
}

struct order {
	int *next;
	int seen;
	struct arena *again;
};

static void note(void *what)
{
	struct order *o = what;
	o->seen = (*o->next)++;
	if (o->again != NULL) {
		struct arena *a = o->again;
		o->again = NULL;
		arena_at_end(a, note, o);
	}
}

static void hooks_run_last_first(void **state)
{
	(void)state;
	int next = 1;
	struct arena *a = arena_new();
	struct order first = { &next, 0, NULL }, second = { &next, 0, NULL },
		     third = { &next, 0, a };
	arena_at_end(a, note, &first);
	arena_at_end(a, note, &second);
	arena_at_end(a, note, &third);
	arena_free(a);
	assert_int_equal(third.seen, 2); /* it hung itself up once more while it ran */
	assert_int_equal(second.seen, 3);
	assert_int_equal(first.seen, 4);
}

static void many_small_pieces_are_cheap(void **state)
{
	(void)state;
	struct arena *a = arena_new();
	int64_t *list = arena_array(a, int64_t, 1000);
	list[999] = 5;
	for (int i = 0; i < 100000; i++)
		*arena_make(a, int) = i;
	assert_int_equal(list[999], 5);
	assert_non_null(arena_array(a, int, 0));
	arena_free(a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pieces_are_zeroed_aligned_and_apart),
		cmocka_unit_test(texts_are_copied),
		cmocka_unit_test(hooks_run_last_first),
		cmocka_unit_test(many_small_pieces_are_cheap),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
