/* SPDX-License-Identifier: MulanPSL-2.0 */
/*
 * cli/transport: one connection to the daemon's API (libcurl). Adds the token, the language and
 * an Idempotency-Key (a new uuid per request, the same when the request is repeated), keeps the
 * limits of time and size, and turns what came back into the exit status of the program. Prints
 * nothing.
 */
#ifndef OGI_CLI_TRANSPORT_H
#define OGI_CLI_TRANSPORT_H

#include "cli/session.h"
#include "cli/text.h"

#include <jansson.h>
#include <stdio.h>

/* Exit status of ogi: the contract's. */
enum ending {
	DONE = 0,
	REFUSED = 1,     /* by the server; the problem is known */
	MISUSED = 2,     /* by the user */
	UNREACHABLE = 3, /* no answer */
	FORBIDDEN = 4,   /* 401, 403 */
	CONFLICT = 5,    /* 409, 412 */
};

struct transport;

struct request {
	const char *method; /* "GET", "POST", "PUT", "DELETE" */
	const char *path;   /* "/v1/cases", parts already escaped */
	json_t *query;      /* object of strings, borrowed; NULL: none */
	const json_t *body; /* borrowed; NULL: none */
	bool keyed;         /* send an Idempotency-Key */
	FILE *file;         /* the body, of file_size bytes, instead of `body`; NULL: none */
	long long file_size;
	const char *type;     /* of the file; NULL: application/octet-stream */
	const char *progress; /* its name, told on standard error while it goes; NULL: quiet */
	long long if_match;   /* version for If-Match; 0: none */
	const char *last_event; /* Last-Event-ID of a stream; NULL: none */
	/* A 2xx body goes there as it comes, in pieces; false breaks it off. NULL: keep it. */
	bool (*take)(void *arg, const char *bytes, size_t size);
	void *take_arg;
	FILE *save; /* a 2xx body goes there instead of `text`; NULL: keep it */
};

struct answer {
	long status;       /* 0: none came */
	json_t *json;      /* parsed body; NULL: not JSON, or saved */
	char *text;        /* the body as it came; "" when there is none */
	char *fault;       /* why there is no usable answer; NULL: there is one */
	char *retry_after; /* seconds, as the header said; NULL: none */
	long long date; /* the server's time, seconds since 1970 (header Date); 0: not said */
	bool unsure;    /* the request may have reached the server: what it asked may have been
			   done */
};

struct transport *transport_new(enum language language);
void transport_free(struct transport *t);

/*
 * Sends `r` to the server of `s` and waits. A broken connection, or a 503 "unresolved" (it
 * may be stored), is tried again twice when that is safe (GET, or keyed); nothing else is
 * repeated. *ret is always filled; answer_clear() it. DONE only for 2xx with a body that is
 * JSON, empty or saved.
 */
enum ending transport_send(struct transport *t, const struct session *s,
	const struct request *r, struct answer *ret);

void answer_clear(struct answer *a);

/* A part of a path: everything but unreserved characters and ':' as %XX. free() it. */
char *transport_escape(const char *part);

#endif
