/* SPDX-License-Identifier: MulanPSL-2.0 */
/*
 * config: the table of settings, and the reader that fills struct config from it. inih splits
 * the lines; here stands what each line may say.
 */
#include "config.h"

#include "base/log.h"
#include "base/mac.h"
#include "base/text.h"

#include <arpa/inet.h>
#include <assert.h>
#include <errno.h>
#include <ini.h>
#include <stdlib.h>
#include <string.h>

enum setting_type {
	SETTING_TEXT,
	SETTING_LISTEN,
	SETTING_ADDRESSES,
	SETTING_COUNT,
	SETTING_BYTES,
	SETTING_CHOICE
};

struct setting {
	const char *name;
	enum setting_type type;
	size_t at;
	const char *preset;
	long min, max;       /* SETTING_COUNT and SETTING_BYTES; characters of a text */
	const char *choices; /* SETTING_CHOICE: "first|second", stored as min, min + 1, … */
	const char *about;
};

#define AT(field) offsetof(struct config, field)
#define KIB 1024L
#define MIB (1024L * KIB)
#define TEXT_MAX 4000

/* clang-format off */
static const struct setting settings[] = {
	{ "listen", SETTING_LISTEN, AT(listen), "127.0.0.1:8710", 1, 300, NULL, "address and port to serve on" },
	{ "tls_certificate", SETTING_TEXT, AT(tls_certificate), "", 0, TEXT_MAX, NULL, "PEM file with the certificate chain; with tls_key, or not at all" },
	{ "tls_key", SETTING_TEXT, AT(tls_key), "", 0, TEXT_MAX, NULL, "PEM file with the private key of the certificate" },
	{ "proxy_addresses", SETTING_ADDRESSES, AT(proxy_addresses), "", 0, TEXT_MAX, NULL, "peers whose X-Forwarded-For is believed, separated by commas" },
	{ "web_root", SETTING_TEXT, AT(web_root), "", 0, TEXT_MAX, NULL, "folder of the built web client" },

	{ "database", SETTING_TEXT, AT(database), "dbname=ogid user=ogid_app", 1, TEXT_MAX, NULL, "libpq connection string of the application role" },
	{ "owner_database", SETTING_TEXT, AT(owner_database), "dbname=ogid user=ogid_owner", 1, TEXT_MAX, NULL, "connection string of the owner role, for ogid migrate only" },
	{ "read_database", SETTING_TEXT, AT(read_database), "", 0, TEXT_MAX, NULL, "connection string of a standby for statistics and exports" },
	{ "application_role", SETTING_TEXT, AT(application_role), "ogid_app", 1, 63, NULL, "database role to which the migrations grant what serving needs" },
	{ "readers", SETTING_COUNT, AT(readers), "2", 1, 16, NULL, "connections for reads" },
	{ "slow", SETTING_COUNT, AT(slow), "1", 1, 8, NULL, "connections for statistics, search across offices and exports" },
	{ "operation_timeout_ms", SETTING_COUNT, AT(operation_timeout_ms), "10000", 100, 600000, NULL, "longest time of a fast database operation, waiting included" },
	{ "statement_timeout_ms", SETTING_COUNT, AT(statement_timeout_ms), "15000", 100, 3600000, NULL, "longest time of a slow statement" },
	{ "queue_length", SETTING_COUNT, AT(queue_length), "4096", 1, 1000000, NULL, "writes that may wait for a commit before 503" },

	{ "max_body_bytes", SETTING_BYTES, AT(max_body_bytes), "1MiB", 4 * KIB, 64 * MIB, NULL, "longest JSON body" },
	{ "body_budget_bytes", SETTING_BYTES, AT(body_budget_bytes), "8MiB", 64 * KIB, 4096 * MIB, NULL, "bytes of bodies being received, over all connections" },
	{ "max_header_bytes", SETTING_BYTES, AT(max_header_bytes), "16KiB", 1 * KIB, 1 * MIB, NULL, "longest request header" },
	{ "max_connections", SETTING_COUNT, AT(max_connections), "2000", 8, 100000, NULL, "open client connections" },
	{ "request_timeout_s", SETTING_COUNT, AT(request_timeout_s), "30", 1, 3600, NULL, "longest time of one request, from its first byte" },
	{ "idle_timeout_s", SETTING_COUNT, AT(idle_timeout_s), "75", 1, 3600, NULL, "longest time a connection stays open without a request" },
	{ "stream_heartbeat_s", SETTING_COUNT, AT(stream_heartbeat_s), "15", 1, 300, NULL, "seconds between signs of life on a stream of changes" },

	{ "session_hours", SETTING_COUNT, AT(session_hours), "12", 1, 168, NULL, "life of a session" },
	{ "session_idle_hours", SETTING_COUNT, AT(session_idle_hours), "2", 1, 168, NULL, "life of a session that is not used" },
	{ "login_failures", SETTING_COUNT, AT(login_failures), "5", 1, 1000, NULL, "failed logins of one address and login before 429" },
	{ "login_window_s", SETTING_COUNT, AT(login_window_s), "300", 1, 86400, NULL, "seconds in which failed logins are counted" },
	{ "portal_requests", SETTING_COUNT, AT(portal_requests), "60", 1, 100000, NULL, "requests that one address may send in through the portal an hour" },
	{ "portal_refusals", SETTING_COUNT, AT(portal_refusals), "10", 1, 1000, NULL, "wrong query codes of one address in 15 minutes before 429" },
	{ "password_threads", SETTING_COUNT, AT(password_threads), "2", 1, 16, NULL, "threads that hash passwords, 17 MB each" },
	{ "password_queue", SETTING_COUNT, AT(password_queue), "32", 1, 10000, NULL, "logins that may wait for such a thread before 503" },

	{ "seal_folder", SETTING_TEXT, AT(seal_folder), "", 0, TEXT_MAX, NULL, "folder outside the database for the daily seals of the ledger" },
	{ "verify_nights", SETTING_COUNT, AT(verify_nights), "7", 1, 366, NULL, "nights within which ogid nightly verifies each case" },
	{ "smtp_url", SETTING_TEXT, AT(smtp_url), "", 0, TEXT_MAX, NULL, "mail server for the digests of the night: smtp://HOST:PORT or smtps://HOST:PORT" },
	{ "smtp_from", SETTING_TEXT, AT(smtp_from), "", 0, 254, NULL, "mail address from which they come; needed with smtp_url and outbox_folder" },
	{ "smtp_user", SETTING_TEXT, AT(smtp_user), "", 0, 254, NULL, "login at the mail server; only over TLS" },
	{ "smtp_password_file", SETTING_TEXT, AT(smtp_password_file), "", 0, TEXT_MAX, NULL, "file whose first line is its password; with smtp_user, or not at all" },
	{ "outbox_folder", SETTING_TEXT, AT(outbox_folder), "", 0, TEXT_MAX, NULL, "folder for the digests as .eml files, when there is no smtp_url" },

	{ "secret_file", SETTING_TEXT, AT(secret_file), "", 0, TEXT_MAX, NULL, "file of the master key, 64 hex digits; otherwise the credential ogid.secret" },
	{ "mac_algorithm", SETTING_CHOICE, AT(mac_algorithm), "sha256", MAC_SHA256, 0, "sha256|sm3", "hash of chains and commitments" },
	{ "log_level", SETTING_CHOICE, AT(log_level), "info", LOG_AT_ERROR, 0, "error|warning|notice|info|debug", "least weight of a line that is logged" },
};
/* clang-format on */
enum { SETTINGS = sizeof settings / sizeof settings[0] };

/* One reading of one file. */
struct reading {
	struct config *out;
	FILE *file;
	FILE *err;
	const char *path;
	int line;       /* of the text last handed to inih */
	bool continues; /* that text went on with the value before it */
	bool cut;       /* that text was a part of a line too long for inih */
	bool faulty;
	int given[SETTINGS]; /* line on which the setting stood, 0 = nowhere */
};

static void fault(struct reading *r, int line, const char *what, const char *about)
{
	r->faulty = true;
	fprintf(r->err, "%s:%d: %s%s%s\n", r->path, line, what, *about != '\0' ? ": " : "",
		about);
}

static void put_text(struct config *c, const struct setting *s, const char *value)
{
	char **field = (char **)(void *)((char *)c + s->at);
	free(*field);
	if (asprintf(field, "%s", value) < 0)
		abort();
}

static bool is_text(enum setting_type type)
{
	return type == SETTING_TEXT || type == SETTING_LISTEN || type == SETTING_ADDRESSES;
}

bool config_listen(const char *listen, char *ret_host, size_t host_size, uint16_t *ret_port)
{
	const char *colon = strrchr(listen, ':');
	if (colon == NULL || colon == listen)
		return false;
	char *end;
	errno = 0;
	unsigned long port = strtoul(colon + 1, &end, 10);
	if (colon[1] < '0' || colon[1] > '9' || *end != '\0' || errno != 0 || port > UINT16_MAX)
		return false;
	const char *host = listen;
	size_t n = (size_t)(colon - listen);
	if (*host == '[') {
		if (host[n - 1] != ']')
			return false;
		host++;
		n -= 2;
	} else if (memchr(host, ':', n) != NULL) {
		return false;
	}
	if (n == 0 || n >= host_size)
		return false;
	memcpy(ret_host, host, n);
	ret_host[n] = '\0';
	*ret_port = (uint16_t)port;
	return true;
}

static bool is_address_list(const char *list)
{
	char address[INET6_ADDRSTRLEN];
	unsigned char parsed[16];
	while (*list != '\0') {
		list += strspn(list, " ,");
		size_t n = strcspn(list, " ,");
		if (n == 0)
			break;
		if (n >= sizeof address)
			return false;
		memcpy(address, list, n);
		address[n] = '\0';
		if (inet_pton(AF_INET, address, parsed) != 1 &&
			inet_pton(AF_INET6, address, parsed) != 1)
			return false;
		list += n;
	}
	return true;
}

/* A whole number, for bytes with an optional KiB or MiB. */
static bool read_number(const char *value, bool bytes, long *ret_number)
{
	char *end;
	errno = 0;
	long n = strtol(value, &end, 10);
	if (value[0] < '0' || value[0] > '9' || errno != 0)
		return false;
	long unit = 1;
	if (bytes && strcmp(end, "KiB") == 0)
		unit = KIB;
	else if (bytes && strcmp(end, "MiB") == 0)
		unit = MIB;
	else if (*end != '\0')
		return false;
	if (n > __LONG_MAX__ / unit)
		return false;
	*ret_number = n * unit;
	return true;
}

static int choice_find(const char *choices, const char *value)
{
	size_t n = strlen(value);
	for (int i = 0; n != 0; i++) {
		size_t width = strcspn(choices, "|");
		if (width == n && memcmp(choices, value, n) == 0)
			return i;
		if (choices[width] == '\0')
			break;
		choices += width + 1;
	}
	return -1;
}

/* Stores the value, or says what is wrong with it (a sentence in buffer). */
static const char *store(
	struct config *c, const struct setting *s, const char *value, char *buffer, size_t size)
{
	char host[256];
	uint16_t port;
	long number = 0;
	if (is_text(s->type)) {
		size_t n = strlen(value);
		if (n > (size_t)s->max || n < (size_t)s->min)
			return n == 0 ? "a value is needed" : "the value is too long";
		if (s->type == SETTING_LISTEN &&
			!config_listen(value, host, sizeof host, &port))
			return "must be ADDRESS:PORT, an IPv6 address in brackets";
		if (s->type == SETTING_ADDRESSES && !is_address_list(value))
			return "must be IP addresses separated by commas";
		put_text(c, s, value);
		return NULL;
	}
	if (s->type == SETTING_CHOICE) {
		int found = choice_find(s->choices, value);
		if (found >= 0) {
			found += (int)s->min;
			memcpy((char *)c + s->at, &found, sizeof found);
			return NULL;
		}
		snprintf(buffer, size, "must be one of %s", s->choices);
		return buffer;
	}
	if (!read_number(value, s->type == SETTING_BYTES, &number) || number < s->min ||
		number > s->max) {
		snprintf(buffer, size, "must be a number from %ld to %ld", s->min, s->max);
		return buffer;
	}
	if (s->type == SETTING_BYTES)
		memcpy((char *)c + s->at, &(size_t){ (size_t)number }, sizeof(size_t));
	else
		memcpy((char *)c + s->at, &(int){ (int)number }, sizeof(int));
	return NULL;
}

static size_t setting_find(const char *name)
{
	size_t i = 0;
	while (i < SETTINGS && strcmp(settings[i].name, name) != 0)
		i++;
	return i;
}

/* inih hands on a continuation line as the same name once more. */
static void append(struct reading *r, const struct setting *s, const char *value)
{
	char *joined = NULL;
	char sentence[200];
	const char *before = *(char **)(void *)((char *)r->out + s->at);
	if (asprintf(&joined, "%s %s", before, value) < 0)
		abort();
	const char *wrong = store(r->out, s, joined, sentence, sizeof sentence);
	if (wrong != NULL)
		fault(r, r->line, s->name, wrong);
	free(joined);
}

static int on_setting(void *arg, const char *section, const char *name, const char *value)
{
	struct reading *r = arg;
	char sentence[200];
	if (r->cut)
		return 1; /* the reader has reported the line */
	if (*section != '\0') {
		fault(r, r->line, section, "there are no sections");
		return 1;
	}
	size_t i = setting_find(name);
	if (i == SETTINGS) {
		fault(r, r->line, name, "there is no such setting");
		return 1;
	}
	const struct setting *s = &settings[i];
	if (r->given[i] != 0 && r->continues && s->type == SETTING_TEXT) {
		append(r, s, value);
		return 1;
	}
	if (r->given[i] != 0) {
		snprintf(sentence, sizeof sentence, "already given on line %d", r->given[i]);
		fault(r, r->line, name, sentence);
		return 1;
	}
	r->given[i] = r->line;
	const char *wrong = store(r->out, s, value, sentence, sizeof sentence);
	if (wrong != NULL)
		fault(r, r->line, name, wrong);
	return 1;
}

/* Is this a line inih will find neither a comment, a section nor a setting in? It only tells
 * the first such line, so we look ourselves. */
static bool says_nothing(const char *text)
{
	text += strspn(text, " \t\r\n");
	if (*text == '\0' || *text == ';' || *text == '#')
		return false;
	if (*text == '[')
		return strchr(text, ']') == NULL;
	return strpbrk(text, "=:") == NULL;
}

/* fgets for inih that counts lines and notices those that do not fit. */
static char *next_line(char *text, int size, void *arg)
{
	struct reading *r = arg;
	bool rest = r->cut;
	if (fgets(text, size, r->file) == NULL)
		return NULL;
	size_t n = strlen(text);
	bool whole = n > 0 && text[n - 1] == '\n';
	bool last = !whole && feof(r->file) != 0;
	if (!rest)
		r->line++;
	if (!whole && !last && n + 1 < (size_t)size) {
		fault(r, r->line, "not a setting", "the line holds a NUL byte");
		rest = true;
		r->cut = false;
	} else if (!whole && !last) {
		if (!rest)
			fault(r, r->line, "the line is too long",
				"break it and begin the next line with a blank");
		r->cut = true;
	} else {
		r->cut = false;
	}
	if (rest || r->cut) {
		text[0] = '#'; /* a comment for inih, so that no half of it is believed */
		text[1] = '\0';
		return text;
	}
	r->continues = text[0] == ' ' || text[0] == '\t';
	if (!r->continues && says_nothing(text)) {
		fault(r, r->line, "not a setting", "NAME = VALUE is expected");
		text[0] = '#';
	}
	return text;
}

/* Mails need somebody whom they come from. */
static void check_mail(struct reading *r)
{
	const struct config *c = r->out;
	size_t url = setting_find("smtp_url"), from = setting_find("smtp_from"),
	       user = setting_find("smtp_user"), folder = setting_find("outbox_folder");
	if (*c->smtp_url != '\0' && strncmp(c->smtp_url, "smtp://", 7) != 0 &&
		strncmp(c->smtp_url, "smtps://", 8) != 0)
		fault(r, r->given[url], "smtp_url", "must begin with smtp:// or smtps://");
	if (*c->smtp_from != '\0' && !text_is_mail_address(c->smtp_from))
		fault(r, r->given[from], "smtp_from", "must be a mail address");
	if (*c->smtp_from == '\0' && (*c->smtp_url != '\0' || *c->outbox_folder != '\0'))
		fault(r, r->given[*c->smtp_url != '\0' ? url : folder], "smtp_from",
			"is needed with smtp_url and outbox_folder");
	if ((*c->smtp_user == '\0') != (*c->smtp_password_file == '\0'))
		fault(r,
			r->given[*c->smtp_user != '\0' ? user
						       : setting_find("smtp_password_file")],
			"smtp_user", "is given together with smtp_password_file");
}

/* What no single row can see. */
static void check_together(struct reading *r)
{
	const struct config *c = r->out;
	if ((*c->tls_certificate == '\0') != (*c->tls_key == '\0')) {
		size_t i = setting_find(*c->tls_key == '\0' ? "tls_certificate" : "tls_key");
		fault(r, r->given[i], settings[i].name,
			"tls_certificate and tls_key are given together or not at all");
	}
	if (c->body_budget_bytes < c->max_body_bytes) {
		int line = r->given[setting_find("body_budget_bytes")];
		if (line == 0)
			line = r->given[setting_find("max_body_bytes")];
		fault(r, line, "body_budget_bytes", "must not be less than max_body_bytes");
	}
	if (c->session_idle_hours > c->session_hours) {
		int line = r->given[setting_find("session_idle_hours")];
		if (line == 0)
			line = r->given[setting_find("session_hours")];
		fault(r, line, "session_idle_hours", "must not be more than session_hours");
	}
}

bool config_load(const char *path, struct config *out, FILE *err)
{
	*out = (struct config){ 0 };
	struct reading r = { .out = out, .err = err, .path = path };
	for (size_t i = 0; i < SETTINGS; i++) {
		char sentence[200];
		const char *wrong =
			store(out, &settings[i], settings[i].preset, sentence, sizeof sentence);
		assert(wrong == NULL);
		(void)wrong;
	}
	if (path == NULL)
		return true;
	r.file = fopen(path, "re");
	if (r.file == NULL) {
		fprintf(err, "%s: %s\n", path, strerror(errno));
		config_clear(out);
		return false;
	}
	ini_parse_stream(next_line, &r, on_setting, &r);
	if (ferror(r.file) != 0) {
		fprintf(err, "%s: %s\n", path, strerror(errno));
		r.faulty = true;
	}
	fclose(r.file);
	check_together(&r);
	check_mail(&r);
	if (r.faulty)
		config_clear(out);
	return !r.faulty;
}

void config_clear(struct config *c)
{
	for (size_t i = 0; i < SETTINGS; i++)
		if (is_text(settings[i].type))
			free(*(char **)(void *)((char *)c + settings[i].at));
	*c = (struct config){ 0 };
}

const char *config_secret_path(const struct config *c, char *buffer, size_t size)
{
	if (*c->secret_file != '\0')
		return c->secret_file;
	const char *folder = getenv("CREDENTIALS_DIRECTORY");
	if (folder == NULL)
		return NULL;
	int n = snprintf(buffer, size, "%s/ogid.secret", folder);
	return n > 0 && (size_t)n < size ? buffer : NULL;
}

void config_help(FILE *out)
{
	for (size_t i = 0; i < SETTINGS; i++) {
		const struct setting *s = &settings[i];
		fprintf(out, "  %-22s %s", s->name, s->about);
		if (s->choices != NULL)
			fprintf(out, " (%s)", s->choices);
		if (*s->preset != '\0')
			fprintf(out, " [%s]", s->preset);
		fputc('\n', out);
	}
}

const char *config_name(size_t i)
{
	return i < SETTINGS ? settings[i].name : NULL;
}
