/* SPDX-License-Identifier: MulanPSL-2.0 */
/* commands: organisations and people from the command line. */
#include "commands.h"

#include "api/people.h"
#include "command.h"
#include "store/org.h"
#include "store/session.h"
#include "store/user.h"
#include "web/password.h"

#include <stdio.h>
#include <string.h>

/* A text as the API would take it. */
static bool fits(const char *text, int most)
{
	return text_fault(text, strlen(text), 1, most, 0) == NULL;
}

/* ---- org ---- */

static void queue_org(
	struct errand *e, struct batch *writes, const struct audit_mark *mark, void *arg)
{
	(void)e;
	org_ask_add(writes, mark, arg);
}

static int org_add(struct errand *e, int argc, char **argv)
{
	const char *word[2], *parent = NULL, *format = NULL;
	const struct command_option options[] = {
		{ "parent", false, &parent },
		{ "number-format", false, &format },
		{ NULL, false, NULL },
	};
	if (!command_args(argc, argv, options, 2, word))
		return MISUSED;
	if (directory_org_by_code(e->directory, word[0]) != NULL) {
		printf("%s exists\n", word[0]);
		return DONE;
	}
	if (!org_code_valid(word[0]))
		return command_refuse("not a code ([a-z0-9][a-z0-9-]{0,31})", word[0]);
	if (!fits(word[1], 200))
		return command_refuse("not a name of 1 to 200 characters", word[0]);
	if (format != NULL && (!fits(format, 100) || !org_format_valid(format)))
		return command_refuse("a number format holds {year} and {serial}", format);
	const struct directory_org *above =
		parent != NULL ? directory_org_by_code(e->directory, parent) : NULL;
	if (parent != NULL && above == NULL)
		return command_refuse("there is no such organisation", parent);
	struct org_new org = {
		.code = word[0],
		.name = word[1],
		.number_format = format,
		.parent = above != NULL ? above->id : 0,
		.now = e->now,
	};
	/* A root is nobody's: its entry belongs to the installation. */
	if (!errand_write(e, org.parent, "org.add", org.code, queue_org, &org))
		return FAILED;
	printf("%s added\n", org.code);
	return DONE;
}

static int org_list(struct errand *e, int argc, char **argv)
{
	(void)argv;
	if (argc != 0)
		return MISUSED;
	const struct directory_org *const *org;
	int n = directory_orgs(e->directory, &org);
	for (int i = 0; i < n; i++) {
		const struct directory_org *parent =
			directory_org(e->directory, org[i]->parent);
		printf("%s\t%s\t%s\t%s\n", org[i]->code, parent != NULL ? parent->code : "-",
			org[i]->name, org[i]->number_format);
	}
	return DONE;
}

/* ---- user ---- */

/* The first line of stdin, without its end. */
static bool read_password(char *out, size_t size)
{
	if (fgets(out, (int)size, stdin) == NULL)
		return false;
	size_t n = strcspn(out, "\r\n");
	bool whole = out[n] != '\0' || n < size - 1;
	out[n] = '\0';
	return whole && n > 0;
}

/* Reads, checks and hashes; false with a sentence on stderr. */
static bool new_password(struct arena *a, const char *login, char hash[384])
{
	char password[600];
	struct faults f;
	faults_init(&f, a);
	if (!read_password(password, sizeof password)) {
		fprintf(stderr, "ogid: no password on stdin\n");
		return false;
	}
	password_check(password, login, "", &f);
	for (int i = 0; i < f.kept; i++)
		fprintf(stderr, "ogid: %s\n", f.item[i].detail_en);
	bool made = f.count == 0 && password_hash(password, hash);
	explicit_bzero(password, sizeof password);
	return made;
}

static bool read_roles(const char *list, unsigned *ret_roles)
{
	unsigned roles = 0;
	for (const char *s = list;; s++) {
		char code[32];
		size_t n = strcspn(s, ",");
		if (n == 0 || n >= sizeof code)
			return false;
		memcpy(code, s, n);
		code[n] = '\0';
		unsigned bit = ogi_role_find(code);
		if (bit == 0)
			return false;
		roles |= bit;
		s += n;
		if (*s == '\0')
			break;
	}
	*ret_roles = roles;
	return true;
}

static void queue_user(
	struct errand *e, struct batch *writes, const struct audit_mark *mark, void *arg)
{
	(void)e;
	user_ask_add(writes, mark, arg);
}

static int user_add(struct errand *e, int argc, char **argv)
{
	const char *login, *name = NULL, *org_code = NULL, *roles = NULL, *from_stdin = NULL,
			   *email = NULL;
	const struct command_option options[] = {
		{ "name", false, &name },
		{ "org", false, &org_code },
		{ "role", false, &roles },
		{ "email", false, &email },
		{ "password-stdin", true, &from_stdin },
		{ NULL, false, NULL },
	};
	if (!command_args(argc, argv, options, 1, &login) || name == NULL || org_code == NULL ||
		roles == NULL || from_stdin == NULL)
		return MISUSED;
	if (directory_user(e->directory, login) != NULL) {
		printf("%s exists\n", login);
		return DONE;
	}
	char hash[384];
	struct user_new user = {
		.login = login, .name = name, .hash = hash, .email = email, .now = e->now
	};
	const struct directory_org *org = directory_org_by_code(e->directory, org_code);
	if (!user_login_valid(login))
		return command_refuse(
			"not a login ([a-z0-9][a-z0-9._-]{0,63}, not system or portal)", login);
	if (!fits(name, 200))
		return command_refuse("not a name of 1 to 200 characters", login);
	if (email != NULL && !text_is_mail_address(email))
		return command_refuse("not a mail address", email);
	if (org == NULL)
		return command_refuse("there is no such organisation", org_code);
	if (!read_roles(roles, &user.roles))
		return command_refuse("not a list of roles", roles);
	if (!new_password(e->arena, login, hash))
		return FAILED;
	user.org = org->id;
	if (!errand_write(e, org->id, "user.add", login, queue_user, &user))
		return FAILED;
	printf("%s added\n", login);
	return DONE;
}

static int user_list(struct errand *e, int argc, char **argv)
{
	(void)argv;
	if (argc != 0)
		return MISUSED;
	const struct directory_user *const *user;
	int n = directory_users(e->directory, &user);
	for (int i = 0; i < n; i++) {
		const struct directory_org *org = directory_org(e->directory, user[i]->org);
		const char *comma = "";
		printf("%s\t%s\t%s\t", user[i]->login, org != NULL ? org->code : "-",
			user[i]->name);
		for (int k = 0; k < OGI_ROLES; k++)
			if ((user[i]->roles >> k) & 1u) {
				printf("%s%s", comma, ogi_roles[k].code);
				comma = ",";
			}
		printf("%s\n", user[i]->disabled ? "\tdisabled" : "");
	}
	return DONE;
}

struct password_change {
	int32_t user;
	char hash[384];
};

static void queue_password(
	struct errand *e, struct batch *writes, const struct audit_mark *mark, void *arg)
{
	const struct password_change *c = arg;
	user_ask_password(writes, mark, c->user, c->hash, e->now);
	session_ask_close_all(writes, mark, c->user, NULL);
}

static int user_password(struct errand *e, int argc, char **argv)
{
	const char *login, *from_stdin = NULL;
	const struct command_option options[] = { { "password-stdin", true, &from_stdin },
		{ NULL, false, NULL } };
	if (!command_args(argc, argv, options, 1, &login) || from_stdin == NULL)
		return MISUSED;
	const struct directory_user *user = directory_user(e->directory, login);
	if (user == NULL)
		return command_refuse("there is no such login", login);
	struct password_change change = { .user = user->id };
	if (!new_password(e->arena, login, change.hash) ||
		!errand_write(e, user->org, "user.password", login, queue_password, &change))
		return FAILED;
	printf("%s has a new password\n", login);
	return DONE;
}

static void queue_unlock(
	struct errand *e, struct batch *writes, const struct audit_mark *mark, void *arg)
{
	(void)e;
	session_ask_forgive(writes, mark, arg, NULL);
}

static int user_unlock(struct errand *e, int argc, char **argv)
{
	if (argc != 1)
		return MISUSED;
	const struct directory_user *user = directory_user(e->directory, argv[0]);
	if (user == NULL)
		return command_refuse("there is no such login", argv[0]);
	if (!errand_write(e, user->org, "user.unlock", argv[0], queue_unlock, argv[0]))
		return FAILED;
	printf("%s may try again\n", argv[0]);
	return DONE;
}

/* ---- the rows ---- */

int command_org(const struct config *config, struct keys *keys, int argc, char **argv)
{
	static const struct command_deed deeds[] = { { "add", org_add }, { "list", org_list },
		{ NULL, NULL } };
	return command_run(deeds, config, keys, argc, argv);
}

int command_user(const struct config *config, struct keys *keys, int argc, char **argv)
{
	static const struct command_deed deeds[] = { { "add", user_add }, { "list", user_list },
		{ "password", user_password }, { "unlock", user_unlock }, { NULL, NULL } };
	return command_run(deeds, config, keys, argc, argv);
}
