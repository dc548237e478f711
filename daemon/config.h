/* SPDX-License-Identifier: MulanPSL-2.0 */
/*
 * config: the settings of one ogid, read once at the start from a settings file (ogid.conf(5)).
 * One table row per setting; the table feeds the parser, the help text and the test that the
 * manual names each. Plain data, owned by main; whoever needs a value gets that value, not the
 * struct.
 */
#ifndef OGID_CONFIG_H
#define OGID_CONFIG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* Texts are heap copies, never NULL; "" means "not set". */
struct config {
	char *listen;          /* "127.0.0.1:8710", "[::1]:8710"; see config_listen() */
	char *tls_certificate; /* PEM chain; both TLS settings or neither */
	char *tls_key;
	char *proxy_addresses; /* peers whose X-Forwarded-For is believed, separated by commas
				*/
	char *web_root;        /* built web client, "" = none */

	char *database;           /* libpq connection string of the application role */
	char *owner_database;     /* of the owner role; only `ogid migrate` uses it */
	char *read_database;      /* standby for slow reads, "" = `database` */
	char *application_role;   /* migrations grant to it */
	int readers;              /* pipelined connections for reads */
	int slow;                 /* connections for statistics, search and exports */
	int operation_timeout_ms; /* a fast statement, waiting included */
	int statement_timeout_ms; /* a slow statement */
	int queue_length;         /* writes that may wait for the next group commit */

	size_t max_body_bytes;    /* one JSON body */
	size_t body_budget_bytes; /* bodies being received, over all connections */
	size_t max_header_bytes;
	int max_connections;
	int request_timeout_s; /* whole request, first byte to last */
	int idle_timeout_s;    /* keep-alive connection without a request */
	int stream_heartbeat_s;

	int session_hours;
	int session_idle_hours;
	int login_failures; /* failed logins of one address and login in a window before 429 */
	int login_window_s;
	int portal_requests; /* requests that one address may send in through the portal an hour
			      */
	int portal_refusals; /* wrong query codes of one address in 15 minutes before 429 */
	int password_threads;
	int password_queue; /* logins that may wait for a hashing thread, then 503 */

	char *seal_folder; /* where `ogid nightly` writes its seals, "" = nowhere */
	int verify_nights;
	char *smtp_url; /* smtp://HOST:PORT or smtps://…, "" = mails become files */
	char *smtp_from;
	char *smtp_user; /* with smtp_password_file, or neither */
	char *smtp_password_file;
	char *outbox_folder; /* mails as files, "" and no smtp_url: they stay in the database */

	char *secret_file; /* 64 hex digits; see config_secret_path() */
	int mac_algorithm; /* enum mac_algorithm */
	int log_level;     /* enum log_level */
};

/*
 * Reads the file, or takes the presets only when path is NULL. Every fault is written to err as
 * "file:line: message", all of them; then the answer is false and *out is cleared. An unknown
 * name, a name given twice and a value that does not fit its row are faults. A line that begins
 * with a blank goes on with the value of the line before.
 */
bool config_load(const char *path, struct config *out, FILE *err);
void config_clear(struct config *c);

/* Splits a valid `listen` into host (no brackets) and port. False when it is not of that form,
 * or the host does not fit. */
bool config_listen(const char *listen, char *ret_host, size_t host_size, uint16_t *ret_port);

/* The file that holds the master key: `secret_file`, else the credential "ogid.secret" that
 * systemd passed (systemd.exec(5), CREDENTIALS_DIRECTORY), written to buffer. NULL when there
 * is neither. */
const char *config_secret_path(const struct config *c, char *buffer, size_t size);

/* The settings with type, preset and sentence, one a line; part of `ogid serve --help`. */
void config_help(FILE *out);

/* The name of setting number i, NULL behind the last: for the tests that walk the table. */
const char *config_name(size_t i);

#endif
