/* SPDX-License-Identifier: MulanPSL-2.0 */
/* jobs/verify_parts: what the halves of verify share: cases in verify.c, registers in
 * verify_registers.c. */
#ifndef OGID_JOBS_VERIFY_PARTS_H
#define OGID_JOBS_VERIFY_PARTS_H

#include "jobs/run.h"

struct verifying {
	struct job *j;
	int64_t cases, events, findings;
	struct ogi_date today;
};

/* One line on j->out, counted. */
void finding(struct verifying *v, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
/* The person of a column is the one whose login was recorded; 0 stands for nobody of the
 * directory. */
bool actor_agrees(const struct verifying *v, int32_t actor, const char *login);
/* The files of the cases: their entries in the audit, their names, every byte of them. False
 * when the database did not answer. */
bool verify_attachments(struct verifying *v);
/* The chained registers: audit, disclosures, secrecy reviews. False when the database did not
 * answer. */
bool verify_registers(struct verifying *v);

#endif
