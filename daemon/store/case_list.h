/* SPDX-License-Identifier: MulanPSL-2.0 */
/*
 * store/case_list: lists of cases (contract §2.1, GET /v1/cases): what is asked for, in which
 * order, and the range of an index that answers it. The filter is there twice, as SQL over the
 * projection and as C over a fold (lists as of a day); a test holds both together.
 */
#ifndef OGID_STORE_CASE_LIST_H
#define OGID_STORE_CASE_LIST_H

#include "store/case.h"

/* What waits for a person: what is assigned to him, and in his own organisation what his roles
 * do next. */
struct case_waiting {
	const char *login; /* NULL: not asked */
	int32_t org;
	uint64_t statuses; /* bits of enum ogi_status, in his organisation */
	bool unreviewed;   /* in process, without a passed secrecy review */
	bool unassigned;   /* open, nobody in charge */
};

/* Sets are bits, bit i for row i of the vocabulary; 0 and empty lists ask for everything. */
struct case_filter {
	const int32_t *org;
	int orgs;
	uint64_t statuses, channels, outcomes, lights, applicant_kinds;
	uint32_t flags; /* any of these flags of enum ogi_flag */
	struct texts subjects, assignees;
	struct ogi_date received_from, received_to, due_from, due_to, closed_from, closed_to;
	const char
		*q; /* in number, legacy number, applicant, description; folded (gram_fold) */
	struct case_waiting waiting;
	struct ogi_date day;      /* on which lights are judged */
	struct ogi_date amber_to; /* last day due that is amber on it: case_amber_to() */
};

enum case_sort {
	CASE_BY_DUE_ON,
	CASE_BY_RECEIPT_DATE,
	CASE_BY_NUMBER,
	CASE_BY_UPDATED_AT,
	CASE_SORTS
};
extern const struct code case_sorts[]; /* index = enum */

/* A place in a list: dates as days, numbers as year and serial, instants; what has none stands
 * at CASE_LAST. */
struct case_place {
	int64_t key;
	struct uuid id;
};
#define CASE_LAST INT64_MAX

struct case_order {
	enum case_sort sort;
	bool descending;
	bool begun; /* go on behind `after` */
	struct case_place after;
};

int64_t case_key(enum case_sort sort, const struct case_row *row);
/* < 0: a comes before b. What has no date or number comes last in both directions. */
int case_place_compare(
	const struct case_order *o, const struct case_place *a, const struct case_place *b);
/* False for a key that no case can have: nothing else may stand in order.after. */
bool case_key_valid(enum case_sort sort, int64_t key);

/* The last day on which a due date is amber seen from `day`: the day before the fourth working
 * day after it (contract-cases §4). */
struct ogi_date case_amber_to(const struct ogi_calendar *cal, struct ogi_date day);

/* Every status of a case that has not ended. */
extern const uint64_t case_open_statuses;
/* True when only open cases can match. */
bool case_filter_open(const struct case_filter *f);
/* True when the case, whose light is enum ogi_light, is asked for. The organisation is not
 * looked at. */
bool case_filter_matches(
	const struct case_filter *f, const struct case_row *row, int32_t light);
/* True when the read may look at many more rows than it returns: it belongs on the slow
 * connections. */
bool case_list_slow(const struct case_filter *f, const struct case_order *o);

/*
 * At most `most` (<= 201) cases, rows for case_read. A descending list is two ranges, for an
 * index holds what has no key last: CASE_KEYED first, then, when that gave less than asked,
 * CASE_UNKEYED. NULL when the part cannot have any.
 */
enum case_part { CASE_KEYED, CASE_UNKEYED };
const struct rows *case_list_ask(struct batch *b, const struct case_filter *f,
	const struct case_order *o, enum case_part part, int most);

/*
 * Cases that may match as they stood on f->day, as known at that instant (0: now): those begun
 * by then whose lasting facts match, or may have been others. Columns org_id, id; more than
 * CASE_PAST_MOST means too many.
 */
enum { CASE_PAST_MOST = 20000 };
const struct rows *case_list_ask_past(
	struct batch *b, const struct case_filter *f, int64_t known_at);

/* Every statement of case_list_ask. */
enum { CASE_LISTS = 36 };
extern const struct stmt case_lists[CASE_LISTS], case_past;

#endif
