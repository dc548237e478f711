/* SPDX-License-Identifier: MulanPSL-2.0 */
/* web/session: what is kept, for how long, and for whom. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"
#include "web/session.h"

static struct mac token_of(int n)
{
	char s[32];
	snprintf(s, sizeof s, "token %d", n);
	return mac_hash(s, strlen(s));
}

static void keep(struct sessions *s, int n, int64_t now, int64_t expires_at)
{
	char login[32];
	snprintf(login, sizeof login, "user %d", n);
	const int32_t scope[] = { n, n + 1, n + 2 };
	const struct actor who = { .user = n,
		.org = n,
		.login = login,
		.name = login,
		.org_code = "town",
		.roles = 5,
		.scope = scope,
		.scopes = 3,
		.token = token_of(n),
		.expires_at = expires_at };
	sessions_keep(s, &who, now);
	memset(login, 'x', sizeof login - 1);
}

static const struct actor *find(struct sessions *s, struct arena *a, int n, int64_t now)
{
	struct mac token = token_of(n);
	return sessions_find(s, a, &token, now);
}

static void what_was_kept_is_found_whole(void **state)
{
	(void)state;
	struct sessions *s = sessions_new(10, 1000);
	struct arena *a = arena_new();
	keep(s, 1, 0, INT64_MAX);
	const struct actor *who = find(s, a, 1, 1);
	assert_non_null(who);
	assert_int_equal(who->user, 1);
	assert_string_equal(who->login, "user 1");
	assert_string_equal(who->org_code, "town");
	assert_int_equal(who->scopes, 3);
	assert_int_equal(who->scope[2], 3);
	assert_null(find(s, a, 2, 1));
	arena_free(a);
	sessions_free(s);
}

static void the_lifetime_and_the_session_end_it(void **state)
{
	(void)state;
	struct sessions *s = sessions_new(10, 1000);
	struct arena *a = arena_new();
	keep(s, 1, 0, INT64_MAX);
	assert_non_null(find(s, a, 1, 999999));
	assert_null(find(s, a, 1, 1000000));
	assert_null(find(s, a, 1, 1)); /* it was dropped */
	keep(s, 2, 0, 500);
	assert_non_null(find(s, a, 2, 499));
	assert_null(find(s, a, 2, 500));
	arena_free(a);
	sessions_free(s);
}

static void the_least_lately_used_makes_room(void **state)
{
	(void)state;
	struct sessions *s = sessions_new(3, 1000);
	struct arena *a = arena_new();
	for (int n = 1; n <= 3; n++)
		keep(s, n, 0, INT64_MAX);
	assert_non_null(find(s, a, 1, 1));
	keep(s, 4, 1, INT64_MAX);
	assert_null(find(s, a, 2, 2));
	assert_non_null(find(s, a, 1, 2));
	assert_non_null(find(s, a, 3, 2));
	assert_non_null(find(s, a, 4, 2));
	arena_free(a);
	sessions_free(s);
}

static void who_uses_an_entry_keeps_it(void **state)
{
	(void)state;
	struct sessions *s = sessions_new(3, 1000);
	struct arena *a = arena_new();
	keep(s, 1, 0, INT64_MAX);
	const struct actor *who = find(s, a, 1, 1);
	struct mac token = token_of(1);
	sessions_drop(s, &token);
	sessions_drop(s, &token);
	assert_null(find(s, a, 1, 2));
	keep(s, 1, 0, INT64_MAX);
	sessions_drop_all(s);
	sessions_free(s);
	assert_string_equal(who->login, "user 1"); /* AddressSanitizer watches */
	arena_free(a);
}

static void the_newest_of_a_token_counts(void **state)
{
	(void)state;
	struct sessions *s = sessions_new(3, 1000);
	struct arena *a = arena_new();
	keep(s, 1, 0, INT64_MAX);
	struct actor other = *find(s, a, 1, 1);
	other.roles = 9;
	sessions_keep(s, &other, 1);
	assert_int_equal(find(s, a, 1, 2)->roles, 9);
	arena_free(a);
	sessions_free(s);
}

static void many_are_told_apart(void **state)
{
	(void)state;
	struct sessions *s = sessions_new(1000, 1000);
	struct arena *a = arena_new();
	for (int n = 0; n < 3000; n++)
		keep(s, n, 0, INT64_MAX);
	for (int n = 0; n < 3000; n++) {
		const struct actor *who = find(s, a, n, 1);
		assert_int_equal(who != NULL ? who->user : -1, n < 2000 ? -1 : n);
	}
	arena_free(a);
	sessions_free(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_was_kept_is_found_whole),
		cmocka_unit_test(the_lifetime_and_the_session_end_it),
		cmocka_unit_test(the_least_lately_used_makes_room),
		cmocka_unit_test(who_uses_an_entry_keeps_it),
		cmocka_unit_test(the_newest_of_a_token_counts),
		cmocka_unit_test(many_are_told_apart),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
