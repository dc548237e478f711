/* SPDX-License-Identifier: MulanPSL-2.0 */
/* domain/permission: the roles at their bits, the rights as the contract grants them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "domain/permission.h"

static void roles_stand_at_their_bits(void **state)
{
	(void)state;
	static const struct {
		const char *code;
		enum ogi_role role;
	} rows[] = {
		{ "front_desk", OGI_FRONT_DESK },
		{ "handler", OGI_HANDLER },
		{ "ogi_head", OGI_HEAD },
		{ "reviewer", OGI_REVIEWER },
		{ "leader", OGI_LEADER },
		{ "supervisor", OGI_SUPERVISOR },
		{ "statistician", OGI_STATISTICIAN },
		{ "archivist", OGI_ARCHIVIST },
		{ "admin", OGI_ADMIN },
	};
	assert_int_equal(sizeof rows / sizeof rows[0], OGI_ROLES);
	assert_int_equal(code_count(ogi_roles), OGI_ROLES);
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		assert_int_equal(ogi_role_find(rows[i].code), rows[i].role);
	assert_int_equal(ogi_role_find(""), 0);
	assert_int_equal(ogi_role_find("root"), 0);
}

static void rights_are_held_by_the_roles_of_the_contract(void **state)
{
	(void)state;
	/* in the order of the bits: F H O R L S statistician archivist admin */
	static const char *const held[OGI_RIGHTS] = {
		[OGI_MAY_READ] = "FHORLSTVA",
		[OGI_MAY_REGISTER] = "FH.......",
		[OGI_MAY_ASSIGN] = "FHO..S...",
		[OGI_MAY_REVEAL] = "FHORL....",
		[OGI_MAY_STATISTICS] = "..O..ST.A",
		[OGI_MAY_PUBLISH] = "FHO......",
		[OGI_MAY_IMPORT] = "........A",
		[OGI_MAY_ADMINISTER] = "........A",
		[OGI_MAY_AUDIT] = "..O..S..A",
	};
	for (int right = 0; right < OGI_RIGHTS; right++) {
		unsigned roles = ogi_right_roles((enum ogi_right)right);
		for (int bit = 0; bit < OGI_ROLES; bit++)
			assert_int_equal((roles >> bit) & 1, held[right][bit] != '.');
		assert_int_equal(roles >> OGI_ROLES, 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(roles_stand_at_their_bits),
		cmocka_unit_test(rights_are_held_by_the_roles_of_the_contract),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
