/* SPDX-License-Identifier: MulanPSL-2.0 */
/* commands: organisations, people and the calendar from the command line. */
#include "commands.h"

#include "api/people.h"
#include "errand.h"
#include "store/calendar.h"
#include "store/org.h"
#include "store/session.h"
#include "store/user.h"
#include "web/password.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

enum { DONE, FAILED, MISUSED };

/* An option of a command: with a value, or a flag (set to its name). */
struct option_row {
	const char *name;
	bool flag;
	const char **value;
};

/* Takes options out of argv and leaves the `words` others in word[]; false when they do not
 * fit. */
static bool read_args(
	int argc, char **argv, const struct option_row *options, int words, const char **word)
{
	int n = 0;
	for (int i = 0; i < argc; i++) {
		if (strncmp(argv[i], "--", 2) != 0) {
			if (n == words)
				return false;
			word[n++] = argv[i];
			continue;
		}
		const struct option_row *o = options;
		while (o->name != NULL && strcmp(o->name, argv[i] + 2) != 0)
			o++;
		if (o->name == NULL || *o->value != NULL || (!o->flag && i + 1 == argc))
			return false;
		*o->value = o->flag ? o->name : argv[++i];
	}
	return n == words;
}

static int refuse(const char *what, const char *which)
{
	fprintf(stderr, "ogid: %s: %s\n", what, which);
	return FAILED;
}

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
	const struct option_row options[] = {
		{ "parent", false, &parent },
		{ "number-format", false, &format },
		{ NULL, false, NULL },
	};
	if (!read_args(argc, argv, options, 2, word))
		return MISUSED;
	if (directory_org_by_code(e->directory, word[0]) != NULL) {
		printf("%s exists\n", word[0]);
		return DONE;
	}
	if (!org_code_valid(word[0]))
		return refuse("not a code ([a-z0-9][a-z0-9-]{0,31})", word[0]);
	if (!fits(word[1], 200))
		return refuse("not a name of 1 to 200 characters", word[0]);
	if (format != NULL && (!fits(format, 100) || !org_format_valid(format)))
		return refuse("a number format holds {year} and {serial}", format);
	const struct directory_org *above =
		parent != NULL ? directory_org_by_code(e->directory, parent) : NULL;
	if (parent != NULL && above == NULL)
		return refuse("there is no such organisation", parent);
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
	const char *login, *name = NULL, *org_code = NULL, *roles = NULL, *from_stdin = NULL;
	const struct option_row options[] = {
		{ "name", false, &name },
		{ "org", false, &org_code },
		{ "role", false, &roles },
		{ "password-stdin", true, &from_stdin },
		{ NULL, false, NULL },
	};
	if (!read_args(argc, argv, options, 1, &login) || name == NULL || org_code == NULL ||
		roles == NULL || from_stdin == NULL)
		return MISUSED;
	if (directory_user(e->directory, login) != NULL) {
		printf("%s exists\n", login);
		return DONE;
	}
	char hash[384];
	struct user_new user = { .login = login, .name = name, .hash = hash, .now = e->now };
	const struct directory_org *org = directory_org_by_code(e->directory, org_code);
	if (!user_login_valid(login))
		return refuse("not a login ([a-z0-9][a-z0-9._-]{0,63})", login);
	if (!fits(name, 200))
		return refuse("not a name of 1 to 200 characters", login);
	if (org == NULL)
		return refuse("there is no such organisation", org_code);
	if (!read_roles(roles, &user.roles))
		return refuse("not a list of roles", roles);
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
	const struct option_row options[] = { { "password-stdin", true, &from_stdin },
		{ NULL, false, NULL } };
	if (!read_args(argc, argv, options, 1, &login) || from_stdin == NULL)
		return MISUSED;
	const struct directory_user *user = directory_user(e->directory, login);
	if (user == NULL)
		return refuse("there is no such login", login);
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
		return refuse("there is no such login", argv[0]);
	if (!errand_write(e, user->org, "user.unlock", argv[0], queue_unlock, argv[0]))
		return FAILED;
	printf("%s may try again\n", argv[0]);
	return DONE;
}

/* ---- calendar ---- */

struct load {
	struct calendar_file file;
	const char *source;
};

static void queue_calendar(
	struct errand *e, struct batch *writes, const struct audit_mark *mark, void *arg)
{
	const struct load *l = arg;
	calendar_ask_load(e->arena, writes, mark, &l->file, l->source, e->now);
}

static int calendar_load(struct errand *e, int argc, char **argv)
{
	struct load l;
	if (argc != 1)
		return MISUSED;
	FILE *file = fopen(argv[0], "re");
	if (file == NULL)
		return refuse(argv[0], strerror(errno));
	const char *slash = strrchr(argv[0], '/');
	l.source = slash != NULL ? slash + 1 : argv[0];
	bool sound = calendar_parse(e->arena, file, argv[0], stderr, &l.file);
	fclose(file);
	if (!sound)
		return FAILED;
	if (calendar_same(e->directory, &l.file)) {
		printf("calendar %d to %d unchanged\n", l.file.first_year, l.file.last_year);
		return DONE;
	}
	if (!errand_write(e, 0, "calendar.load", l.source, queue_calendar, &l))
		return FAILED;
	printf("calendar %d to %d loaded, %d days\n", l.file.first_year, l.file.last_year,
		l.file.days);
	return DONE;
}

static int calendar_show(struct errand *e, int argc, char **argv)
{
	int64_t year;
	if (argc != 1 || !text_to_int(argv[0], &year))
		return MISUSED;
	if (year < 1900 || year > 2199 || !directory_year_loaded(e->directory, (int)year))
		return refuse("the year is not loaded", argv[0]);
	struct ogi_date day = ogi_date_of((int)year, 1, 1),
			last = ogi_date_of((int)year, 12, 31);
	int working = ogi_working_between(
		directory_calendar(e->directory), ogi_date_add(day, -1), last, NULL);
	for (; day.day <= last.day; day.day++) {
		const struct directory_day *ruled = directory_day(e->directory, day);
		char text[11];
		if (ruled == NULL)
			continue;
		text_from_date(day, text);
		printf("%s\t%s\t%s\t%s\n", text, ruled->holiday ? "holiday" : "workday",
			ruled->name, ruled->notice);
	}
	printf("%lld: %d working days\n", (long long)year, working);
	return DONE;
}

/* ---- the rows ---- */

struct deed {
	const char *name;
	int (*run)(struct errand *e, int argc, char **argv);
};

static int run(const struct deed *deeds, const struct config *config, struct keys *keys,
	int argc, char **argv)
{
	if (argc == 0)
		return MISUSED;
	while (deeds->name != NULL && strcmp(deeds->name, argv[0]) != 0)
		deeds++;
	if (deeds->name == NULL)
		return MISUSED;
	struct errand e;
	int status =
		errand_open(&e, config, keys) ? deeds->run(&e, argc - 1, argv + 1) : FAILED;
	errand_close(&e);
	return status;
}

int command_org(const struct config *config, struct keys *keys, int argc, char **argv)
{
	static const struct deed deeds[] = { { "add", org_add }, { "list", org_list },
		{ NULL, NULL } };
	return run(deeds, config, keys, argc, argv);
}

int command_user(const struct config *config, struct keys *keys, int argc, char **argv)
{
	static const struct deed deeds[] = { { "add", user_add }, { "list", user_list },
		{ "password", user_password }, { "unlock", user_unlock }, { NULL, NULL } };
	return run(deeds, config, keys, argc, argv);
}

int command_calendar(const struct config *config, struct keys *keys, int argc, char **argv)
{
	static const struct deed deeds[] = { { "load", calendar_load },
		{ "show", calendar_show }, { NULL, NULL } };
	return run(deeds, config, keys, argc, argv);
}
