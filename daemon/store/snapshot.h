/* SPDX-License-Identifier: MulanPSL-2.0 */
/*
 * store/snapshot: report years as they were frozen (D:statistics §4): cells, the cases behind
 * them, calendar version, who, when; chained, so that `ogid verify` finds what was changed.
 */
#ifndef OGID_STORE_SNAPSHOT_H
#define OGID_STORE_SNAPSHOT_H

#include "base/json_write.h"
#include "store/chain.h"
#include "store/idempotency.h"
#include "store/statistics.h"

/* A case (number 0) or one of its remedies, and what it counted as. */
struct snapshot_case {
	int32_t org;
	struct uuid id;
	int32_t number;
	const char *fact;
	int32_t version;      /* of the case */
	int32_t year, serial; /* the case's register number, as it is now */
};

struct snapshot {
	int32_t org;
	int64_t seq;
	const struct ogi_form *form;
	int year;
	bool rollup;
	int64_t frozen_at; /* microseconds, whole milliseconds */
	int32_t actor;
	int64_t calendar_version;
	struct statistics figures; /* cells and fees */
	int64_t count;             /* entries of its list */
	struct mac hash;
};

/*
 * A new snapshot with its list (in order of organisation, id, number), on top of the ticket's
 * head; `login` and `key` (NULL: none) go with it. Sets seq, count and hash. One row when it
 * was stored; none when somebody was faster or the key was used.
 */
const struct rows *snapshot_ask_add(struct batch *writes, struct snapshot *s, const char *login,
	const struct snapshot_case *list, int n, const struct ticket *ticket,
	const struct keys *keys, const struct remembered *key);

/* Member "cells": {key: {column: value}}, every cell of the form. */
void snapshot_cells_write(
	struct json_out *o, const struct ogi_form *form, const struct ogi_cells *cells);

/* Snapshots of organisations: of the year and of the one before. */
const struct rows *snapshot_ask(struct batch *b, const int32_t *scope, int scopes, int year);
/* Row `row`; false when its form is not known or its bytes cannot be read. */
bool snapshot_read(
	const struct rows *r, int row, struct arena *a, struct snapshot *ret_snapshot);

/* Its list: org_id, id, year, serial, number, fact, version, in order; behind a place. `facts`
 * as in struct statistics_page; `remedies` chooses between cases and remedies when facts are
 * given.
 */
const struct rows *snapshot_ask_list(struct batch *b, const struct snapshot *s, bool remedies,
	const struct statistics_page *page);
/* The kinds of entries in lists: org_id of the snapshot, case_org_id, remedy, fact, n,
 * seq of the snapshot. */
const struct rows *snapshot_ask_facts(
	struct batch *b, const int32_t *org, const int64_t *seq, int n);

extern const struct stmt snapshot_add, snapshot_cases_add, snapshot_get, snapshot_list,
	snapshot_facts;

#endif
