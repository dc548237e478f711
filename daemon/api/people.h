/* SPDX-License-Identifier: MulanPSL-2.0 */
/* api/people: how a person is shown, and what a password must be. */
#ifndef OGID_API_PEOPLE_H
#define OGID_API_PEOPLE_H

#include "base/form.h"
#include "base/json_write.h"

/* {"login","name","org","roles"}; leaves the object open for more when `name` is given, see
 * person_write. */
void person_open(struct json_out *o, const char *name, const char *login, const char *person,
	const char *org, unsigned roles);
void person_write(struct json_out *o, const char *name, const char *login, const char *person,
	const char *org, unsigned roles);
/* Codes of the bits. */
void roles_write(struct json_out *o, const char *name, unsigned roles);
/* Bits of the codes at /roles; a fault for each unknown one. */
unsigned roles_read(const struct texts *codes, struct faults *f);
/* A fault at `pointer` when a password is too short (10 characters) or the login. */
void password_check(
	const char *password, const char *login, const char *pointer, struct faults *f);

#endif
