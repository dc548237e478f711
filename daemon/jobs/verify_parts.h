/* SPDX-License-Identifier: MulanPSL-2.0 */
/* jobs/verify_parts: what the halves of verify share: cases in verify.c, registers in
 * verify_registers.c. */
#ifndef OGID_JOBS_VERIFY_PARTS_H
#define OGID_JOBS_VERIFY_PARTS_H

#include "jobs/verify.h"

struct verifying {
	struct job *j;
	int64_t cases, events, findings, destroyed; /* destroyed: cases without their texts */
	struct ogi_date destroyed_on;               /* the last day of that */
	struct ogi_date today;
	struct verify_turn turn;
};

/* One line on j->out, counted. */
void finding(struct verifying *v, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
/* The person of a column is the one whose login was recorded; 0 stands for nobody of the
 * directory, as it was at the instant of recording: an imported actor may become a login later.
 */
bool actor_agrees(
	const struct verifying *v, int32_t actor, const char *login, int64_t recorded_at);
/* The files of the cases behind `from`, up to and with `to` (all when that is the end): their
 * entries in the audit, their names, every byte of them. False when the database did not
 * answer.
 */
bool verify_attachments(
	struct verifying *v, const struct walk_place *from, const struct walk_place *to);
/* The daily seals: their chain and the file outside the database; of those whose turn it is,
 * their leaves and that each head they saw is there still. False when the database did not
 * answer. */
bool verify_seals(struct verifying *v);
/* The chained registers: audit, disclosures, secrecy reviews. False when the database did not
 * answer. */
bool verify_registers(struct verifying *v);

#endif
