/* SPDX-License-Identifier: MulanPSL-2.0 */
/*
 * cli/client: one run of ogi: the screen, the session, the connection, the command. Asking the
 * server through here reports every failure on standard error in one way.
 */
#ifndef OGI_CLI_CLIENT_H
#define OGI_CLI_CLIENT_H

#include "cli/print.h"
#include "cli/session.h"
#include "cli/transport.h"

struct command;

struct client {
	struct screen screen;
	struct session session;
	struct transport *transport;
	json_t *vocabulary;            /* NULL: not asked for yet */
	const struct command *command; /* that runs; its flags name the faults of a body */
};

void client_open(struct client *c);
void client_close(struct client *c);

/* transport_send(), and the problem on standard error when it is not DONE. answer_clear(ret)
 * always. */
enum ending client_ask(struct client *c, const struct request *r, struct answer *ret);

/* GET of a path with a query (borrowed, may be NULL). */
enum ending client_get(struct client *c, const char *path, json_t *query, struct answer *ret);

/* GET of what the server makes a file of, into a fresh file moved over `path`: a refusal leaves
 * what was there. */
enum ending client_save(
	struct client *c, const char *url_path, json_t *query, const char *path);

/* The same to standard output, as it comes. */
enum ending client_show(struct client *c, const char *url_path, json_t *query);

/* "/v1/cases/{id}" + tail; free() it. */
char *client_case_path(const char *number, const char *tail);

/* A sentence about a wrong use, with a hint at the help; returns MISUSED. */
__attribute__((format(printf, 2, 3))) enum ending client_misused(
	struct client *c, const char *format, ...);

#endif
