/* SPDX-License-Identifier: MulanPSL-2.0 */
/* api/people: persons as JSON. */
#include "api/people.h"

#include "domain/permission.h"

#include <string.h>
#include <strings.h>

enum { PASSWORD_LEAST = 10 };

void roles_write(struct json_out *o, const char *name, unsigned roles)
{
	out_array(o, name);
	for (int i = 0; i < OGI_ROLES; i++)
		if ((roles >> i) & 1u)
			out_text(o, NULL, ogi_roles[i].code);
	out_array_end(o);
}

void person_open(struct json_out *o, const char *name, const char *login, const char *person,
	const char *org, unsigned roles)
{
	out_object(o, name);
	out_text(o, "login", login);
	out_text(o, "name", person);
	out_text(o, "org", org);
	roles_write(o, "roles", roles);
}

void person_write(struct json_out *o, const char *name, const char *login, const char *person,
	const char *org, unsigned roles)
{
	person_open(o, name, login, person, org, roles);
	out_object_end(o);
}

unsigned roles_read(const struct texts *codes, struct faults *f)
{
	unsigned roles = 0;
	for (int i = 0; i < codes->count; i++) {
		unsigned bit = ogi_role_find(codes->item[i]);
		if (bit == 0)
			faults_add(f, arena_print(f->arena, "/roles/%d", i), "unknown_code",
				"没有这个岗位代码，请从词表 role 中选择。",
				"There is no such role; choose from the vocabulary list role.");
		roles |= bit;
	}
	return roles;
}

void password_check(
	const char *password, const char *login, const char *pointer, struct faults *f)
{
	if (text_characters(password, strlen(password)) < PASSWORD_LEAST)
		faults_add(f, pointer, "too_short", "密码至少 10 个字符。",
			"A password has at least 10 characters.");
	else if (strcasecmp(password, login) == 0)
		faults_add(f, pointer, "password_is_login", "密码不得与账号相同。",
			"The password may not be the login.");
}
