/* SPDX-License-Identifier: MulanPSL-2.0 */
/*
 * store/directory: organisations, people, calendar and settings in memory: an immutable
 * snapshot, replaced as a whole when NOTIFY ogid_reference says so. Everything it returns lives
 * as long as the snapshot is held.
 */
#ifndef OGID_STORE_DIRECTORY_H
#define OGID_STORE_DIRECTORY_H

#include "db/batch.h"
#include "domain/case.h"
#include "store/calendars.h"

struct directory_org {
	int32_t id, parent, lo, hi; /* parent 0 at the root */
	const char *code, *name, *number_format;
};
struct directory_user {
	int32_t id, org;
	const char *login, *name, *email; /* email NULL: none */
	unsigned roles;                   /* enum ogi_role, held in the own organisation */
	bool disabled;
	int64_t created_at;
};

struct directory_setting {
	int32_t org, seq, by; /* seq: order of entry; by: user id, 0 the programs */
	const char *name, *value;
	struct ogi_date valid_from;
	int64_t at; /* instant of entry */
};

/* The last run of `ogid nightly` that came to its end; id 0: there was none. */
struct directory_night {
	int64_t id, started_at, ended_at, findings, undelivered;
	int32_t failed;
	int64_t since; /* since when there are organisations; 0: none yet */
};

struct directory; /* counted */

/* The questions that fill one; all on one batch. */
struct directory_questions {
	const struct rows *orgs, *users, *years, *days, *locals, *version, *settings, *night;
};
void directory_ask(struct batch *b, struct directory_questions *ret_questions);
/* From the answers; held once. Never fails: calendar years with a gap before the newest run of
 * years are left out, with no year loaded every day beyond is provisional. */
struct directory *directory_build(const struct directory_questions *q);
struct directory *directory_hold(struct directory *d);
void directory_release(void *directory); /* NULL is nothing; fits arena_at_end */

/* NULL when there is none. */
const struct directory_org *directory_org(const struct directory *d, int32_t id);
const struct directory_org *directory_org_by_code(const struct directory *d, const char *code);
const struct directory_user *directory_user(const struct directory *d, const char *login);
const struct directory_user *directory_user_by_id(const struct directory *d, int32_t id);
/* All, in order of code and of login; the count is returned. */
int directory_orgs(const struct directory *d, const struct directory_org *const **ret_orgs);
int directory_users(const struct directory *d, const struct directory_user *const **ret_users);

/* True when `org` is `ancestor` or below it. */
bool directory_within(const struct directory *d, int32_t org, int32_t ancestor);
/* Ids of the subtree, own first, in the arena; 0 when there is no such organisation. */
int directory_subtree(
	const struct directory *d, int32_t org, struct arena *a, const int32_t **ret_ids);

/* The calendars in force, all of one version. */
const struct calendars *directory_calendars(const struct directory *d);
/* The national one; that of an organisation, with the local days of itself and of those above
 * it. `working_days` is 0 when no year is loaded. */
const struct ogi_calendar *directory_calendar(const struct directory *d);
const struct ogi_calendar *directory_calendar_of(const struct directory *d, int32_t org);
/* What rules on a day in an organisation (0: nationally), or NULL. */
const struct directory_day *directory_day(
	const struct directory *d, int32_t org, struct ogi_date date);
bool directory_year_loaded(const struct directory *d, int year);
/* True from 1 December on while the arrangement of the next year is not loaded: the notice
 * appears in October to December. */
bool directory_year_missing(const struct directory *d, struct ogi_date today);

/* The record of the nights; `late`: nothing came to its end for 26 hours, although there was
 * something to do. */
const struct directory_night *directory_night(const struct directory *d);
bool directory_night_late(const struct directory *d, int64_t now);

/* What was set, by organisation, name, day (newest first) and order of entry (newest first);
 * store/setting says what holds. Returns the count. */
int directory_settings(
	const struct directory *d, const struct directory_setting **ret_settings);
/* What the law needs: the calendar and today, with the settings at their presets
 * (setting_rules adds those of the organisation). Borrowed from the snapshot. */
void directory_rules(const struct directory *d, int32_t org, struct ogi_date today,
	struct ogi_rules *ret_rules);

#endif
