/* SPDX-License-Identifier: MulanPSL-2.0 */
/* base/merkle against the known roots of the Certificate Transparency reference. */
#include "base/merkle.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

/* clang-format off */
static const struct {
	const char *bytes;
	size_t n;
	const char *root; /* of this leaf and those before it */
} known[] = {
	{ "", 0, "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d" },
	{ "\0", 1, "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125" },
	{ "\x10", 1, "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77" },
	{ "\x20\x21", 2, "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7" },
	{ "\x30\x31", 2, "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4" },
	{ "\x40\x41\x42\x43", 4, "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef" },
	{ "\x50\x51\x52\x53\x54\x55\x56\x57", 8, "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c" },
	{ "\x60\x61\x62\x63\x64\x65\x66\x67\x68\x69\x6a\x6b\x6c\x6d\x6e\x6f", 16, "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328" },
};
/* clang-format on */

static void assert_root(const struct merkle *m, const char *hex)
{
	char is[2 * MAC_BYTES + 1];
	struct mac root = merkle_root(m);
	mac_print(&root, is);
	assert_string_equal(is, hex);
}

static void roots_are_those_of_the_reference(void **state)
{
	(void)state;
	struct merkle m = { 0 };
	assert_root(&m, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
	for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
		merkle_add(&m, known[i].bytes, known[i].n);
		assert_int_equal(m.leaves, i + 1);
		assert_root(&m, known[i].root);
	}
}

static void the_order_of_leaves_matters(void **state)
{
	(void)state;
	struct merkle one = { 0 }, two = { 0 };
	merkle_add(&one, "a", 1);
	merkle_add(&one, "b", 1);
	merkle_add(&two, "b", 1);
	merkle_add(&two, "a", 1);
	struct mac x = merkle_root(&one), y = merkle_root(&two);
	assert_false(mac_same(&x, &y));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(roots_are_those_of_the_reference),
		cmocka_unit_test(the_order_of_leaves_matters),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
