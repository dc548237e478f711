/* SPDX-License-Identifier: MulanPSL-2.0 */
/* web/running: what an exchange needs beside what its steps see. Private to web/. */
#ifndef OGID_WEB_RUNNING_H
#define OGID_WEB_RUNNING_H

#include "web/peer.h"
#include "web/server_parts.h"
#include "web/upload.h"

#include <sys/queue.h>

enum waiting {
	WAITING_NOT,
	WAITING_READS,
	WAITING_WRITES,
	WAITING_READY, /* for the database, to learn whether a write was stored */
	WAITING_LINE,  /* for those who lost before it to write to the same object */
	WAITING_PARKED,
	WAITING_PIECE,  /* of an upload */
	WAITING_TAKEN,  /* for the client to take a piece of the answer */
	WAITING_EVENTS, /* for the end of a stream of events, which others push */
};

/* Request headers that are read for every exchange. */
enum wanted {
	WANTED_AUTHORIZATION,
	WANTED_COOKIE,
	WANTED_CONTENT_TYPE,
	WANTED_KEY,
	WANTED_IF_MATCH,
	WANTED_LANGUAGE,
	WANTED_ORIGIN,
	WANTED_FETCH_SITE,
	WANTED_HOST,
	WANTED_FORWARDED,
	WANTED,
};

struct upload {
	int64_t declared;
	bool broken; /* the client left before the end */
};

struct running {
	struct exchange x; /* first: a step's exchange is its running */
	struct peer *peer; /* NULL when nobody waits for the answer any more */
	struct evhttp_request *req;
	TAILQ_ENTRY(running) link, ready, line;
	step_fn *const *step; /* the next one */
	enum waiting waiting;
	bool opening;   /* still before the route's own steps */
	bool stepping;  /* inside a step */
	bool answered;  /* the client has its answer; only what is under way must end */
	bool head_only; /* HEAD */
	bool lined;     /* in the server's line */
	struct write_order lined_up; /* for what */
	struct upload upload;
	bool streaming; /* the head of an answer in pieces was sent */
	bool chunked;   /* and its end is said by the last chunk */
	int64_t length; /* of the body, when x->reply is not all of it; -1 */
	int64_t put;    /* bytes of the body handed to the peer */
	size_t state_size;
	uint64_t number; /* in the log */
	int64_t begun;
	size_t sent;        /* bytes of the answer */
	struct buf headers; /* of the answer, ready lines */
	unsigned given;     /* which of the usual headers a step gave itself */
	const char *allow;  /* 405 */
	/* of the opening */
	struct mac token;
	void *lookup;
	const char *raw_query;
	bool has_token, by_cookie, media_is_json, has_media, key_is_bad, if_match_is_bad,
		same_origin;
};

static inline struct running *running_of(struct exchange *x)
{
	return (struct running *)x;
}

/* exchange.c: the runner, called by the server for its peers */
void running_start(struct server *s, struct peer *p, struct evhttp_request *req);
void running_gone(void *server, struct peer *p);
void running_late(void *server, struct peer *p);
void running_piece(void *server, struct peer *p);
void running_taken(void *server, struct peer *p);
/* An answer in pieces goes on with its next step: what was put is taken, the client has left,
 * or the stream is to end. Nothing when it waits for something else. */
void running_go_on(struct running *r);
/* Ends all streams of events, which would never end by themselves. */
void running_drain(struct server *s);
void running_drop(struct running *r); /* at the end of the server, whatever it waits for */

/* opening.c: method, path, headers; a problem ends it before any step. The steps, who asks and
 * whether that may be, run before the route's own. */
extern step_fn *const opening_steps[];
const struct problem *opening_read(struct running *r);

/* answer.c: sends what x->reply and x->status say, writes the log line and counts. */
void answer_send(struct running *r);
/* Sends the head alone; x->reply follows in pieces. */
void answer_begin(struct running *r);
/* Ends an answer in pieces; not `whole`: the connection ends with it. */
void answer_end(struct running *r, bool whole);
/* Turns the answer into the problem. */
void answer_problem(struct running *r, const struct problem *p);

#endif
