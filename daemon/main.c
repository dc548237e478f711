/* SPDX-License-Identifier: MulanPSL-2.0 */
/* main: the commands of ogid. Each is a row; settings and keys are read here and handed down.
 */
#include "base/log.h"
#include "commands.h"
#include "config.h"
#include "jobs/check.h"
#include "jobs/indexer.h"
#include "jobs/nightly.h"
#include "jobs/refold.h"
#include "jobs/retention.h"
#include "jobs/verify.h"
#include "migrate.h"
#include "serve.h"
#include "store/statements.h"

#include <stdio.h>
#include <string.h>

enum { DONE, FAILED, MISUSED };
static const char preset_path[] = "/etc/ogid/ogid.conf";

struct context {
	const char *path; /* settings file, NULL: presets */
	struct config config;
	struct keys *keys;
	int argc; /* of the command, after its name */
	char **argv;
};

static bool load_keys(struct context *c)
{
	char buffer[4096];
	const char *why = NULL, *path = config_secret_path(&c->config, buffer, sizeof buffer);
	if (path != NULL)
		c->keys = keys_load(path, (enum mac_algorithm)c->config.mac_algorithm, &why);
	if (c->keys == NULL)
		fprintf(stderr, "ogid: no master key: %s\n",
			path == NULL ? "set secret_file" : why);
	return c->keys != NULL;
}

static int serve(struct context *c)
{
	return serve_run(&c->config, c->keys);
}

static int migrate(struct context *c)
{
	const char *directory = NULL;
	if (c->argc == 2 && strcmp(c->argv[0], "--directory") == 0)
		directory = c->argv[1];
	else if (c->argc != 0)
		return MISUSED;
	return migrate_run(&c->config, directory, stdout);
}

static bool open_job(struct context *c, struct job *j, struct job_settings *settings)
{
	if (!migrate_check(c->config.database, stderr) ||
		!job_open(j, c->config.database, c->keys, stdout, stderr))
		return false;
	*settings = (struct job_settings){
		.seal_folder = c->config.seal_folder,
		.verify_nights = c->config.verify_nights,
		.courier = { .smtp_url = c->config.smtp_url,
			.smtp_from = c->config.smtp_from,
			.smtp_user = c->config.smtp_user,
			.smtp_password_file = c->config.smtp_password_file,
			.outbox_folder = c->config.outbox_folder },
	};
	j->settings = settings;
	return true;
}

/* Opens a job, runs it, closes it. */
static int with_job(struct context *c, int (*run)(struct job *))
{
	struct job j;
	struct job_settings settings;
	if (!open_job(c, &j, &settings))
		return FAILED;
	int status = run(&j);
	job_close(&j);
	return status;
}

static int verify(struct context *c)
{
	return with_job(c, verify_run);
}

static int check(struct context *c)
{
	return with_job(c, check_run);
}

static int nightly(struct context *c)
{
	return with_job(c, nightly_run);
}

/* --years N [--dry-run], in any order. */
static int purge_personal(struct context *c)
{
	int64_t years = 0;
	bool dry_run = false;
	for (int i = 0; i < c->argc; i++) {
		if (strcmp(c->argv[i], "--dry-run") == 0)
			dry_run = true;
		else if (strcmp(c->argv[i], "--years") != 0 || ++i == c->argc ||
			 !text_to_int(c->argv[i], &years))
			return MISUSED;
	}
	if (years < 1 || years > RETENTION_YEARS_MOST)
		return MISUSED;
	struct job j;
	struct job_settings settings;
	if (!open_job(c, &j, &settings))
		return FAILED;
	int status = retention_run(&j, (int)years, dry_run);
	job_close(&j);
	return status;
}

static int index_rest(struct job *j)
{
	return indexer_run(j, false);
}

static int index_all(struct job *j)
{
	return indexer_run(j, true);
}

static int fill_index(struct context *c)
{
	if (c->argc == 1 && strcmp(c->argv[0], "--rebuild") == 0)
		return with_job(c, index_all);
	return c->argc == 0 ? with_job(c, index_rest) : MISUSED;
}

static int refold_write(struct job *j)
{
	return refold_run(j, false);
}

static int refold_dry(struct job *j)
{
	return refold_run(j, true);
}

static int refold(struct context *c)
{
	if (c->argc == 1 && strcmp(c->argv[0], "--dry-run") == 0)
		return with_job(c, refold_dry);
	return c->argc == 0 ? with_job(c, refold_write) : MISUSED;
}

/* Each statement of store/ in its single-row form, parameters as :p1, :p2, … */
static int statements(struct context *c)
{
	if (c->argc != 1 || strcmp(c->argv[0], "--pgbench") != 0)
		return MISUSED;
	for (const struct stmt *const *s = store_statements; *s != NULL; s++) {
		printf("-- %s\n", (*s)->name);
		for (const char *p = (*s)->sql; *p != '\0'; p++)
			if (*p == '$')
				fputs(":p", stdout);
			else
				putchar(*p);
		puts(";");
	}
	return DONE;
}

static int people(struct context *c)
{
	return command_user(&c->config, c->keys, c->argc, c->argv);
}

static int organisations(struct context *c)
{
	return command_org(&c->config, c->keys, c->argc, c->argv);
}

static int calendar(struct context *c)
{
	return command_calendar(&c->config, c->keys, c->argc, c->argv);
}

/* clang-format off */
static const struct command {
	const char *name, *usage, *about;
	int (*run)(struct context *);
	bool keys; /* needs the master key */
	bool args; /* takes arguments */
} commands[] = {
	{ "serve",      "",                          "answer HTTP until SIGTERM",                          serve,         true,  false },
	{ "migrate",    "[--directory DIR]",         "bring the database to this program's schema",        migrate,       false, true },
	{ "check",      "",                          "self-check; 1 only on what endangers data",          check,         true,  false },
	{ "verify",     "",                          "prove the ledger: folds, chains, texts, numbers",    verify,        true,  false },
	{ "refold",     "[--dry-run]",               "carry a new calendar or rule to the cases",          refold,        true,  true },
	{ "nightly",    "",                          "the work of the night: purge, figures, seal, verify, digests",  nightly,       true,  false },
	{ "purge-personal", "--years N [--dry-run]", "destroy personal data of cases archived N years ago", purge_personal, true, true },
	{ "index",      "[--rebuild]",               "fill the search index, for existing data",           fill_index,    true,  true },
	{ "user",       "add|list|password|unlock …", "people who log in",                                 people,        true,  true },
	{ "org",        "add|list …",                "organisations",                                      organisations, true,  true },
	{ "calendar",   "import|load FILE|show YEAR", "the working-day calendar",                          calendar,      true,  true },
	{ "statements", "--pgbench",                 "the statements of the ledger, for measuring",        statements,    false, true },
};
/* clang-format on */
enum { COMMANDS = sizeof commands / sizeof commands[0] };

static void usage(FILE *out)
{
	fprintf(out, "usage: ogid [-c FILE] COMMAND [ARG…]\n\n");
	for (int i = 0; i < COMMANDS; i++)
		fprintf(out, "  %-14s %-28s %s\n", commands[i].name, commands[i].usage,
			commands[i].about);
	fprintf(out, "\n-c FILE: settings, else %s. See ogid(8), ogid.conf(5).\n", preset_path);
}

static const struct command *find(const char *name)
{
	for (int i = 0; i < COMMANDS; i++)
		if (strcmp(commands[i].name, name) == 0)
			return &commands[i];
	return NULL;
}

/* Programs answer on stdout; only what went wrong belongs beside it. */
static enum log_level log_level_of(const struct command *k, const struct config *config)
{
	enum log_level level = (enum log_level)config->log_level;
	return k->run != serve && level > LOG_AT_WARNING ? LOG_AT_WARNING : level;
}

static int run(const struct command *k, struct context *c)
{
	int status = FAILED;
	if (!config_load(c->path, &c->config, stderr))
		return FAILED;
	log_threshold(log_level_of(k, &c->config));
	if (k->args || c->argc == 0)
		status = !k->keys || load_keys(c) ? k->run(c) : FAILED;
	else
		status = MISUSED;
	if (status == MISUSED)
		fprintf(stderr, "usage: ogid %s %s\n", k->name, k->usage);
	keys_free(c->keys);
	config_clear(&c->config);
	return status;
}

static bool asks(const char *arg, const char *for_this, const char *or_this)
{
	return strcmp(arg, for_this) == 0 || strcmp(arg, or_this) == 0;
}

int main(int argc, char **argv)
{
	struct context c = { .path = preset_path };
	int at = 1;
	if (argc > 2 && asks(argv[1], "-c", "--config")) {
		c.path = argv[2];
		at = 3;
	}
	if (at >= argc) {
		usage(stderr);
		return MISUSED;
	}
	if (asks(argv[at], "--help", "help")) {
		usage(stdout);
		return DONE;
	}
	if (asks(argv[at], "--version", "version")) {
		printf("ogid %s\n", OGID_VERSION);
		return DONE;
	}
	const struct command *k = find(argv[at]);
	if (k == NULL) {
		fprintf(stderr, "ogid: there is no command \"%s\"\n", argv[at]);
		usage(stderr);
		return MISUSED;
	}
	if (argc > at + 1 && strcmp(argv[at + 1], "--help") == 0) {
		printf("usage: ogid %s %s\n%s\n", k->name, k->usage, k->about);
		if (k->run == serve)
			config_help(stdout);
		return DONE;
	}
	c.argc = argc - at - 1;
	c.argv = argv + at + 1;
	return run(k, &c);
}
