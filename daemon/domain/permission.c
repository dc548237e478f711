/* SPDX-License-Identifier: MulanPSL-2.0 */
/* domain/permission: roles and rights as two tables (D:lifecycle §1, contract §2 "Who sees
 * what"). */
#include "domain/permission.h"

#include <assert.h>

/* clang-format off */
const struct code ogi_roles[] = {
	{ "front_desk", "窗口人员", "front desk", { 0 }, { 0 } },
	{ "handler", "承办人", "handler", { 0 }, { 0 } },
	{ "ogi_head", "政府信息公开工作机构负责人", "head of the OGI unit", { 0 }, { 0 } },
	{ "reviewer", "保密审查人员", "reviewer", { 0 }, { 0 } },
	{ "leader", "分管领导", "leader in charge", { 0 }, { 0 } },
	{ "supervisor", "督办人员", "supervisor", { 0 }, { 0 } },
	{ "statistician", "统计人员", "statistician", { 0 }, { 0 } },
	{ "archivist", "档案管理员", "archivist", { 0 }, { 0 } },
	{ "admin", "系统管理员", "administrator", { 0 }, { 0 } },
	{ NULL, NULL, NULL, { 0 }, { 0 } },
};

static const unsigned right_roles[OGI_RIGHTS] = {
	[OGI_MAY_READ] = OGI_ANY_ROLE,
	[OGI_MAY_REGISTER] = OGI_REGISTERS,
	[OGI_MAY_ASSIGN] = OGI_ASSIGNS,
	[OGI_MAY_REVEAL] = OGI_REVEALS,
	[OGI_MAY_STATISTICS] = OGI_COUNTS,
	[OGI_MAY_PUBLISH] = OGI_PUBLISHES,
	[OGI_MAY_IMPORT] = OGI_IMPORTS, /* disclosures of the own organisation: OGI_MAY_PUBLISH as well */
	[OGI_MAY_ADMINISTER] = OGI_ADMINISTERS,
	[OGI_MAY_AUDIT] = OGI_AUDITS,
};
/* clang-format on */

unsigned ogi_role_find(const char *code)
{
	int i = code_find(ogi_roles, code);
	return i < 0 ? 0 : 1u << i;
}

unsigned ogi_right_roles(enum ogi_right right)
{
	assert(right < OGI_RIGHTS);
	return right_roles[right];
}
