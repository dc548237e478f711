/* SPDX-License-Identifier: MulanPSL-2.0 */
/*
 * migrate: the folder of migrations, what the database says was applied, and the difference.
 * The only place that may send a text of several statements (PQexec).
 */
#include "migrate.h"

#include "base/clock.h"
#include "base/mac.h"

#include <dirent.h>
#include <errno.h>
#include <libpq-fe.h>
#include <stdlib.h>
#include <string.h>

#ifndef OGID_SHARE
#define OGID_SHARE "/usr/share/ogid"
#endif

struct migration {
	int version;
	char name[256]; /* of the file */
	char checksum[2 * MAC_BYTES + 1];
	char *sql;
};

struct folder {
	const char *path;
	struct migration *item;
	int count;
};

/* "0001_foundation.sql" → 1, or 0 when it is not named like that. */
static int file_version(const char *name)
{
	size_t n = strlen(name);
	if (n < 10 || strspn(name, "0123456789") != 4 || name[4] != '_' ||
		strcmp(name + n - 4, ".sql") != 0)
		return 0;
	if (strspn(name + 5, "abcdefghijklmnopqrstuvwxyz0123456789_") != n - 9)
		return 0;
	return (name[0] - '0') * 1000 + (name[1] - '0') * 100 + (name[2] - '0') * 10 +
	       (name[3] - '0');
}

static int ends_in_sql(const struct dirent *entry)
{
	size_t n = strlen(entry->d_name);
	return n > 4 && entry->d_name[0] != '.' && strcmp(entry->d_name + n - 4, ".sql") == 0;
}

/* The whole file with a terminator, or NULL with errno set. */
static char *read_whole(const char *folder, const char *name, size_t *ret_size)
{
	char *path = NULL;
	char *text = NULL;
	size_t size = 0;
	if (asprintf(&path, "%s/%s", folder, name) < 0)
		abort();
	FILE *f = fopen(path, "re");
	free(path);
	if (f == NULL)
		return NULL;
	/* getdelim up to a NUL byte reads a text file whole; PostgreSQL takes no NUL either */
	size_t room = 0;
	ssize_t n = getdelim(&text, &room, '\0', f);
	if (n > 0)
		size = (size_t)n;
	bool bad = ferror(f) != 0 || n <= 0 || strlen(text) != size;
	fclose(f);
	if (bad) {
		free(text);
		errno = EINVAL;
		return NULL;
	}
	*ret_size = size;
	return text;
}

static void folder_clear(struct folder *f)
{
	for (int i = 0; i < f->count; i++)
		free(f->item[i].sql);
	free(f->item);
	f->item = NULL;
	f->count = 0;
}

/* Reads file number i + 1; false when it is not that. */
static bool folder_take(struct folder *f, int i, const char *name, FILE *out)
{
	struct migration *m = &f->item[i];
	m->version = file_version(name);
	if (m->version != i + 1) {
		fprintf(out, "%s/%s: file %04d_….sql was expected here\n", f->path, name,
			i + 1);
		return false;
	}
	size_t size;
	m->sql = read_whole(f->path, name, &size);
	if (m->sql == NULL) {
		fprintf(out, "%s/%s: %s\n", f->path, name, strerror(errno));
		return false;
	}
	f->count = i + 1;
	snprintf(m->name, sizeof m->name, "%s", name);
	struct mac hash = mac_hash(m->sql, size);
	mac_print(&hash, m->checksum);
	return true;
}

static bool folder_read(struct folder *f, FILE *out)
{
	struct dirent **entry;
	int n = scandir(f->path, &entry, ends_in_sql, alphasort);
	if (n < 0) {
		fprintf(out, "%s: %s\n", f->path, strerror(errno));
		return false;
	}
	f->item = calloc((size_t)n + 1, sizeof *f->item);
	if (f->item == NULL)
		abort();
	bool good = true;
	for (int i = 0; i < n; i++) {
		good = good && folder_take(f, i, entry[i]->d_name, out);
		free(entry[i]);
	}
	free(entry);
	if (good && n == 0) {
		fprintf(out, "%s: there are no migrations\n", f->path);
		good = false;
	}
	return good;
}

/* The line of the file on which PostgreSQL's character position stands. */
static int line_of(const char *sql, const char *position)
{
	long left = position != NULL ? strtol(position, NULL, 10) : 1;
	int line = 1;
	for (const char *p = sql; *p != '\0' && left > 1; p++) {
		if (((unsigned char)*p & 0xC0u) == 0x80u)
			continue;
		left--;
		if (*p == '\n')
			line++;
	}
	return line;
}

static bool succeeded(const PGresult *r)
{
	ExecStatusType status = PQresultStatus(r);
	return status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK;
}

/* One statement of our own; on failure its message on out. */
static bool run(PGconn *db, FILE *out, const char *sql, int n, const char *const *values)
{
	PGresult *r = PQexecParams(db, sql, n, NULL, values, NULL, NULL, 0);
	bool good = succeeded(r);
	if (!good)
		fprintf(out, "migrate: %s", PQresultErrorMessage(r));
	PQclear(r);
	return good;
}

static void quiet(void *arg, const char *message)
{
	(void)arg;
	(void)message;
}

static PGconn *open_database(const char *conninfo, FILE *out)
{
	PGconn *db = PQconnectdb(conninfo);
	if (PQstatus(db) == CONNECTION_OK) {
		PQsetNoticeProcessor(db, quiet, NULL);
		return db;
	}
	fprintf(out, "migrate: %s", PQerrorMessage(db));
	PQfinish(db);
	return NULL;
}

static const char migration_table[] =
	"CREATE TABLE IF NOT EXISTS schema_migration (version integer PRIMARY KEY, name text NOT NULL,"
	" checksum text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now())";
static const char schema_table[] =
	"CREATE TABLE IF NOT EXISTS schema (single boolean PRIMARY KEY DEFAULT true CHECK (single),"
	" version integer NOT NULL, min_program integer NOT NULL)";

/* The lock, the role's name for the migrations, our own two tables. */
static bool prepare(PGconn *db, const char *role, FILE *out)
{
	static const char *const tables[] = {
		/* a migration must not queue behind a long read and the whole service behind it
		 */
		"SET lock_timeout = '10s'",
		migration_table,
		"COMMENT ON TABLE schema_migration IS 'what ogid migrate applied'",
		"COMMENT ON COLUMN schema_migration.version IS 'number of the file'",
		"COMMENT ON COLUMN schema_migration.name IS 'name of the file'",
		"COMMENT ON COLUMN schema_migration.checksum IS 'SHA-256 of the file, hexadecimal'",
		"COMMENT ON COLUMN schema_migration.applied_at IS 'start of its transaction'",
		schema_table,
		"COMMENT ON TABLE schema IS 'one row: the state of this database'",
		"COMMENT ON COLUMN schema.single IS 'always true, so that there is one row'",
		"COMMENT ON COLUMN schema.version IS 'number of the last migration applied'",
		"COMMENT ON COLUMN schema.min_program IS 'schema version that a program must at least know to serve'",
		"INSERT INTO schema (version, min_program) VALUES (0, 0) ON CONFLICT DO NOTHING",
	};
	static const char *const lock = "SELECT pg_advisory_lock(hashtext('ogid migrate'))";
	if (!run(db, out, lock, 0, NULL))
		return false;
	if (!run(db, out, "SELECT set_config('ogid.application_role', $1, false)", 1, &role))
		return false;
	for (size_t i = 0; i < sizeof tables / sizeof tables[0]; i++)
		if (!run(db, out, tables[i], 0, NULL))
			return false;
	char *grantee = PQescapeIdentifier(db, role, strlen(role));
	char *grant = NULL;
	if (grantee == NULL ||
		asprintf(&grant, "GRANT SELECT ON schema, schema_migration TO %s", grantee) < 0)
		abort();
	bool good = run(db, out, grant, 0, NULL);
	free(grant);
	PQfreemem(grantee);
	return good;
}

/* Compares what was applied with the files; the number applied, or -1. */
static int applied(PGconn *db, const struct folder *f, FILE *out)
{
	PGresult *r = PQexecParams(db,
		"SELECT version, name, checksum FROM schema_migration ORDER BY version", 0,
		NULL, NULL, NULL, NULL, 0);
	int n = succeeded(r) ? PQntuples(r) : -1;
	if (n < 0)
		fprintf(out, "migrate: %s", PQresultErrorMessage(r));
	for (int i = 0; i < n; i++) {
		const char *name = PQgetvalue(r, i, 1);
		if (i >= f->count) {
			fprintf(out,
				"migrate: the database is newer: it has %s, the folder %s ends before\n",
				name, f->path);
			n = -1;
		} else if (strcmp(PQgetvalue(r, i, 2), f->item[i].checksum) != 0) {
			fprintf(out,
				"%s/%s: changed after it was applied (as %s); write a new migration instead\n",
				f->path, f->item[i].name, name);
			n = -1;
		}
	}
	PQclear(r);
	return n;
}

/* The file itself, inside the open transaction. */
static bool execute(PGconn *db, const struct folder *f, const struct migration *m, FILE *out)
{
	PGresult *r = PQexec(db, m->sql);
	bool good = succeeded(r);
	if (!good) {
		int line = line_of(m->sql, PQresultErrorField(r, PG_DIAG_STATEMENT_POSITION));
		const char *message = PQresultErrorField(r, PG_DIAG_MESSAGE_PRIMARY);
		const char *detail = PQresultErrorField(r, PG_DIAG_MESSAGE_DETAIL);
		fprintf(out, "%s/%s:%d: %s%s%s\n", f->path, m->name, line,
			message != NULL ? message : PQerrorMessage(db),
			detail != NULL ? ": " : "", detail != NULL ? detail : "");
	} else if (PQtransactionStatus(db) != PQTRANS_INTRANS) {
		fprintf(out,
			"%s/%s: ends its transaction; a migration may hold no BEGIN or COMMIT\n",
			f->path, m->name);
		good = false;
	}
	PQclear(r);
	return good;
}

static bool apply(PGconn *db, const struct folder *f, const struct migration *m, FILE *out)
{
	char version[12];
	snprintf(version, sizeof version, "%d", m->version);
	const char *row[] = { version, m->name, m->checksum };
	int64_t start = clock_monotonic();
	bool good =
		run(db, out, "BEGIN", 0, NULL) && execute(db, f, m, out) &&
		run(db, out,
			"INSERT INTO schema_migration (version, name, checksum) VALUES ($1::integer, $2, $3)",
			3, row) &&
		run(db, out, "UPDATE schema SET version = $1::integer", 1, row) &&
		run(db, out, "COMMIT", 0, NULL);
	if (good) {
		fprintf(out, "%s: applied in %ld ms\n", m->name,
			(long)((clock_monotonic() - start) / 1000));
	} else {
		PGresult *r = PQexec(db, "ROLLBACK");
		PQclear(r);
	}
	return good;
}

int migrate_run(const struct config *config, const char *directory, FILE *out)
{
	struct folder f = { .path = directory };
	PGconn *db = NULL;
	int status = 1;
	if (f.path == NULL)
		f.path = getenv("OGID_MIGRATIONS");
	if (f.path == NULL)
		f.path = OGID_SHARE "/migrations";
	if (!folder_read(&f, out))
		goto out;
	db = open_database(config->owner_database, out);
	if (db == NULL || !prepare(db, config->application_role, out))
		goto out;
	int done = applied(db, &f, out);
	if (done < 0)
		goto out;
	for (int i = done; i < f.count; i++)
		if (!apply(db, &f, &f.item[i], out))
			goto out;
	if (done == f.count)
		fprintf(out, "migrate: nothing to do, the schema is at %d\n", done);
	status = 0;
out:
	PQfinish(db); /* releases the lock */
	folder_clear(&f);
	return status;
}

bool migrate_check(const char *conninfo, FILE *err)
{
	PGconn *db = open_database(conninfo, err);
	if (db == NULL)
		return false;
	PGresult *r = PQexecParams(
		db, "SELECT version, min_program FROM schema", 0, NULL, NULL, NULL, NULL, 0);
	const char *state = PQresultErrorField(r, PG_DIAG_SQLSTATE);
	bool good = false;
	if (state != NULL && strcmp(state, "42P01") == 0) {
		fprintf(err,
			"migrate: the database holds no schema of ogid; run ogid migrate\n");
	} else if (!succeeded(r) || PQntuples(r) != 1) {
		fprintf(err, "migrate: the schema's row cannot be read: %s\n",
			PQresultErrorMessage(r));
	} else {
		long version = strtol(PQgetvalue(r, 0, 0), NULL, 10);
		long least = strtol(PQgetvalue(r, 0, 1), NULL, 10);
		int known = MIGRATE_SCHEMA_VERSION;
		good = version >= known && least <= known;
		if (version < known)
			fprintf(err,
				"migrate: the schema is at %ld, this program needs %d; run ogid migrate\n",
				version, known);
		else if (!good)
			fprintf(err,
				"migrate: the schema is at %ld and serves programs from %ld on; this one knows %d, install a newer one\n",
				version, least, known);
	}
	PQclear(r);
	PQfinish(db);
	return good;
}
