/* SPDX-License-Identifier: MulanPSL-2.0 */
/*
 * cli/session: which server, and with which token. Owns the file session.json (mode 0600) in
 * $OGI_STATE, else $XDG_STATE_HOME/ogi, else ~/.local/state/ogi. OGI_SERVER and OGI_TOKEN go
 * before the file. A stored token is only ever sent to the server that gave it.
 */
#ifndef OGI_CLI_SESSION_H
#define OGI_CLI_SESSION_H

#include <stdbool.h>

#define SESSION_DEFAULT_SERVER "http://127.0.0.1:8710"

struct session {
	char *path;    /* of the file; NULL when there is no home for it */
	char *server;  /* URL without a slash at the end */
	char *token;   /* NULL: not logged in there */
	char *org;     /* organisation of the one who logged in; NULL: not known */
	char *login;   /* remembered for the next login; NULL: not known */
	bool borrowed; /* the token is from OGI_TOKEN, not from the file */
};

/* Fills *ret from the environment and the file; a file that cannot be understood counts as
 * none. */
void session_load(struct session *ret);

/* Turns to another server; forgets the token unless it is borrowed or the server is the same.
 */
void session_turn(struct session *s, const char *server);

/* Takes what a login gave (copies); NULL token: logged out. */
void session_take(struct session *s, const char *token, const char *login, const char *org);

/* Writes the file anew. False with a new sentence in *ret_fault (free() it) when that is not
 * possible. */
bool session_save(const struct session *s, char **ret_fault);

void session_clear(struct session *s);

#endif
