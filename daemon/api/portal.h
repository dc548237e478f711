/* SPDX-License-Identifier: MulanPSL-2.0 */
/*
 * api/portal: the applicant's side (contract §2.1): who asks there, what an applicant may see
 * of a case, and the deeds: send a request in, look it up, correct it, withdraw it. Pages and
 * their JSON twins share these; nobody has a session, the query code stands for it.
 */
#ifndef OGID_API_PORTAL_H
#define OGID_API_PORTAL_H

#include "api/portal_limit.h"
#include "api/recording.h"

/* First in a step: the directory is there and the address may do this. */
const struct problem *portal_enter(struct exchange *x, enum portal_deed deed);
/* From here on x->who is the portal at that organisation: it receives, like a front desk, and
 * is nobody of the directory. */
void portal_act_for(struct exchange *x, int32_t org);

/* ---- what the applicant sees ---- */

/* An object in the arena: number, dates, stage, what was told to the applicant. Never who
 * handles it, what others wrote, or an outcome before it is served. `query_code`: shown once,
 * or NULL. */
json_t *portal_view(struct exchange *x, const struct case_row *row, const struct ogi_history *h,
	const struct ogi_rules *rules, const char *query_code);
/* May the applicant record an event of that kind now? */
bool portal_may(const struct ogi_case *c, const struct ogi_rules *rules, int32_t kind);
void portal_reply(struct exchange *x, int status, const json_t *view);

/* ---- a case found by organisation, number and code ---- */

struct portal_lookup {
	const char *org, *number, *code; /* as typed */
	int32_t org_id;
	struct mac hash;
	const struct rows *found;
	struct uuid id;
};
/* Asks on x->reads. */
void portal_lookup_ask(struct exchange *x, struct portal_lookup *l);
/* 404 for a wrong code and for a number there is not, in the same words and the same time; and
 * x->who stands for the organisation when it is right. */
const struct problem *portal_lookup_match(struct exchange *x, struct portal_lookup *l);

/* ---- a request sent in ---- */

struct portal_filing {
	struct ogi_event event; /* first: the rows of the body count from here */
	const char *org;
	struct recording r;
	bool replayed;
	struct remembered key;
	const struct rows *head, *found, *events, *written;
};
/* Fields of a submission: those of art. 29. */
const struct field *portal_filing_rows(struct exchange *x);
/* Reads x->json by the rows. */
const struct problem *portal_filing_load(struct exchange *x, struct portal_filing *f);
const struct problem *portal_filing_decide(struct exchange *x, struct portal_filing *f);
const struct problem *portal_filing_write(struct exchange *x, struct portal_filing *f);
/* *ret_view is what to show, with the query code. */
const struct problem *portal_filing_end(
	struct exchange *x, struct portal_filing *f, json_t **ret_view);

/* ---- a correction, a withdrawal ---- */

struct portal_act {
	struct portal_lookup lookup; /* first: the rows of the body count from here */
	const char *note;
	struct recording r;
	bool replayed;
	struct remembered key;
	const struct rows *found, *events, *written;
};
const struct problem *portal_act_load(struct exchange *x, struct portal_act *a);
/* Judges the event and queues it. */
const struct problem *portal_act_write(struct exchange *x, struct portal_act *a, int32_t kind);
const struct problem *portal_act_end(
	struct exchange *x, struct portal_act *a, json_t **ret_view);

#endif
