/* SPDX-License-Identifier: MulanPSL-2.0 */
/*
 * domain/permission: roles and who may do what (contract §2 "Who sees what", contract-cases §6)
 */
#ifndef OGID_DOMAIN_PERMISSION_H
#define OGID_DOMAIN_PERMISSION_H

#include "base/text.h"

enum ogi_role {
	OGI_FRONT_DESK = 1u << 0,
	OGI_HANDLER = 1u << 1,
	OGI_HEAD = 1u << 2, /* ogi_head */
	OGI_REVIEWER = 1u << 3,
	OGI_LEADER = 1u << 4,
	OGI_SUPERVISOR = 1u << 5,
	OGI_STATISTICIAN = 1u << 6,
	OGI_ARCHIVIST = 1u << 7,
	OGI_ADMIN = 1u << 8,
};
enum { OGI_ROLES = 9 };
extern const struct code ogi_roles[]; /* in the order of the bits */

unsigned ogi_role_find(const char *code); /* 0 when there is none */

/* Roles by right, for tables that need constants; ogi_right_roles says the same by name. */
enum ogi_right_mask {
	OGI_ANY_ROLE = (1u << OGI_ROLES) - 1,
	OGI_REGISTERS = OGI_FRONT_DESK | OGI_HANDLER,
	OGI_ASSIGNS = OGI_FRONT_DESK | OGI_HANDLER | OGI_HEAD | OGI_SUPERVISOR,
	OGI_REVEALS = OGI_FRONT_DESK | OGI_HANDLER | OGI_HEAD | OGI_REVIEWER | OGI_LEADER,
	OGI_COUNTS = OGI_STATISTICIAN | OGI_SUPERVISOR | OGI_HEAD | OGI_ADMIN,
	OGI_HANDLES = OGI_REVEALS,
	/* files show what is masked elsewhere */
	OGI_READS_FILES = OGI_REVEALS | OGI_SUPERVISOR | OGI_ARCHIVIST,
	OGI_FREEZES = OGI_STATISTICIAN,
	OGI_REPORTS = OGI_STATISTICIAN | OGI_HEAD, /* writes the annual report */
	OGI_PUBLISHES = OGI_FRONT_DESK | OGI_HANDLER | OGI_HEAD,
	OGI_KEEPS = OGI_PUBLISHES | OGI_STATISTICIAN, /* the small registers */
	OGI_IMPORTS = OGI_ADMIN,
	OGI_ADMINISTERS = OGI_ADMIN,
	OGI_AUDITS = OGI_ADMIN | OGI_SUPERVISOR | OGI_HEAD,
};

/* Everything but events of a case (those are a column of the life-cycle table). */
enum ogi_right {
	OGI_MAY_READ,       /* every role */
	OGI_MAY_REGISTER,   /* F H; own organisation */
	OGI_MAY_ASSIGN,     /* F H O own; S in the subtree */
	OGI_MAY_REVEAL,     /* F H O R L */
	OGI_MAY_STATISTICS, /* statistician, supervisor, ogi_head, admin */
	OGI_MAY_PUBLISH,    /* disclosures: F H O */
	OGI_MAY_IMPORT,     /* admin; disclosures also F H O of the own organisation */
	OGI_MAY_ADMINISTER, /* admin */
	OGI_MAY_AUDIT,      /* admin, supervisor, ogi_head */
	OGI_RIGHTS,
};
/* The roles that hold a right. */
unsigned ogi_right_roles(enum ogi_right right);

#endif
