/* SPDX-License-Identifier: MulanPSL-2.0 */
/*
 * jobs/courier: carries mails to a mail server (SMTP, libcurl) or into a folder. Asks nothing
 * of the database.
 */
#ifndef OGID_JOBS_COURIER_H
#define OGID_JOBS_COURIER_H

#include "base/json_write.h"

/* Borrowed; "" is not set. With smtp_url the server is asked, else files are written. */
struct courier_settings {
	const char *smtp_url, *smtp_from, *smtp_user, *smtp_password_file, *outbox_folder;
};
bool courier_is_set(const struct courier_settings *s);

struct courier; /* opaque; one connection is kept for all mails */

/* NULL and one sentence in *ret_why when the password file cannot be read. */
struct courier *courier_new(const struct courier_settings *s, const char **ret_why);
void courier_free(struct courier *c); /* NULL is nothing */
/*
 * NULL when the server took the mail, or when it is on disk as `name` (with .eml) in the
 * folder, whole or not at all. Otherwise why not, valid until the next call; it names no
 * person. A server that cannot be reached or is too slow is not asked again: the answer stays
 * the same.
 */
const char *courier_carry(
	struct courier *c, const char *name, const char *to, const struct buf *mail);

#endif
