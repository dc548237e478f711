/* SPDX-License-Identifier: MulanPSL-2.0 */
/* db/alarm: a call at a later time, for those who wait between questions and do not turn the
 * event loop themselves. */
#ifndef OGID_DB_ALARM_H
#define OGID_DB_ALARM_H

struct event_base;
struct alarm;

typedef void alarm_fn(void *arg);
struct alarm *alarm_new(struct event_base *base, alarm_fn *fn, void *arg);
/* In so many milliseconds, once; takes the place of a time set before. */
void alarm_set(struct alarm *a, int ms);
void alarm_stop(struct alarm *a); /* not called until it is set again */
void alarm_free(struct alarm *a); /* NULL is nothing; never called afterwards */

#endif
