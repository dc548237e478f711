/* SPDX-License-Identifier: MulanPSL-2.0 */
/*
 * api/recording: one event judged and taken into a case: the middle of every write to the
 * ledger (register, event, bulk assignment, calculator). load (history) -> recording_judge ->
 * recording_ask -> answer.
 */
#ifndef OGID_API_RECORDING_H
#define OGID_API_RECORDING_H

#include "api/app.h"
#include "store/ledger.h"
#include "store/project.h"

struct recording {
	int32_t org;
	struct uuid id;
	struct ogi_history history; /* before; empty for a new case */
	struct mac last;            /* hash of the last event; zero for a new case */
	struct ogi_rules rules;
	struct ogi_asking asking;
	struct ogi_event event; /* in: as the body gave it; out: completed, sealed, numbered */
	struct faults *shape;   /* what the body's shape lacks, or NULL; said together with what
				   the law says of the rest */
	struct case_row before, after;
	struct ogi_verdict verdict;
	struct ogi_history with; /* history and the event */
	struct ticket number;    /* taken when the event gives a number */
	bool numbered;
	struct event_bytes bytes;
};

/* Reads the body by the rows; its faults are kept in r->shape for the judgement. */
void recording_read(
	struct exchange *x, const struct field *rows, void *form, struct recording *r);
/* History from the rows of address_ask_events; false when there is no such case. */
bool recording_load(
	struct exchange *x, const struct rows *events, struct recording *ret_recording);
/* Rules and asking for the case's organisation. */
void recording_prepare(struct exchange *x, struct recording *r);
/* What the directory says of the people the event names, into `asking`. */
void recording_people(const struct directory *d, int32_t org, const struct ogi_event *e,
	struct ogi_asking *asking);
/* Completes and judges; NULL when allowed, else the problem with every fault, `allowed` and
 * article. */
const struct problem *recording_judge(struct exchange *x, struct recording *r);
/* True when the event gives the case its number (the ticket's head must be known then:
 * tickets_ask in the step before). */
bool recording_gives_number(const struct recording *r);
/* Seals, numbers and folds: `after` is the case with the event. `take` false for a dry run: no
 * number is taken. */
void recording_fold(struct exchange *x, struct recording *r, bool take);
/* What to remember this exchange by once the event is stored. */
const struct remembered *recording_key(
	struct exchange *x, const struct recording *r, int status);
/* Queues the write on x->writes (bytes, projection, key). status: the answer to remember. */
const struct rows *recording_ask(struct exchange *x, struct recording *r, int status);

/* The key of this exchange: the row that was found under it. NULL when the body and route are
 * the same (replay), else 422 key_reused. */
const struct problem *key_check(struct exchange *x, const struct remembered *found);
struct mac key_body(const struct exchange *x);
/* The answer under a key, given again: ask for the events of the case, then render it as it was
 * after the version of the key. */
const struct rows *replay_ask(struct exchange *x, const struct remembered *key);
const struct problem *replay_answer(
	struct exchange *x, const struct remembered *key, const struct rows *events);
const char *key_route(struct exchange *x);

#endif
