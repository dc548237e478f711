/* SPDX-License-Identifier: MulanPSL-2.0 */
/* web/passwords: the hashing threads of one server, for server.c. Private to web/. */
#ifndef OGID_WEB_PASSWORDS_H
#define OGID_WEB_PASSWORDS_H

struct event_base;
struct passwords;

/* Starts the threads; at most `queue` jobs wait. NULL when threads cannot be had. */
struct passwords *passwords_new(struct event_base *base, int threads, int queue);
/* Waits for hashes under way; jobs not begun are dropped, nothing is resumed. NULL is nothing.
 */
void passwords_free(struct passwords *p);

#endif
