/* SPDX-License-Identifier: MulanPSL-2.0 */
/* web/problem: what went wrong, as RFC 9457 (contract §2). One row per problem; a step returns
 * one or NULL. */
#ifndef OGID_WEB_PROBLEM_H
#define OGID_WEB_PROBLEM_H

#include "base/form.h"
#include "base/json_write.h"

enum problem_kind {
	PROBLEM_NONE,
	/* 400 */
	PROBLEM_BAD_REQUEST, /* crooked HTTP, with what is crooked */
	PROBLEM_BAD_JSON,
	PROBLEM_BAD_ENCODING,
	PROBLEM_BAD_QUERY,  /* unknown or bad query parameter: named */
	PROBLEM_BAD_HEADER, /* Idempotency-Key, If-Match, … */
	/* 401, 403, 404, 405 */
	PROBLEM_NO_SESSION,
	PROBLEM_SESSION_EXPIRED,
	PROBLEM_BAD_CREDENTIALS,
	PROBLEM_ROLE_REQUIRED,
	PROBLEM_FORBIDDEN,
	PROBLEM_NO_SUCH_ROUTE,
	PROBLEM_NO_SUCH_CASE,
	PROBLEM_NO_SUCH_ORG,
	PROBLEM_NOT_FOUND,
	PROBLEM_METHOD,
	/* 409: the code is the refusal's (contract-cases §7) */
	PROBLEM_REFUSED,
	PROBLEM_VERSION_CONFLICT,
	PROBLEM_TAKEN, /* login or code in use */
	/* 411 .. 429 */
	PROBLEM_LENGTH_REQUIRED,
	PROBLEM_PRECONDITION, /* 412 */
	PROBLEM_TOO_LARGE,
	PROBLEM_MEDIA_TYPE,
	PROBLEM_RANGE,            /* 416: no byte of the body lies in it */
	PROBLEM_INVALID,          /* 422, with errors */
	PROBLEM_KEY_REUSED,       /* 422 */
	PROBLEM_HEADER_TOO_LARGE, /* 431 */
	PROBLEM_THROTTLED,        /* 429 */
	/* 5xx */
	PROBLEM_INTERNAL,
	PROBLEM_DATABASE_AWAY, /* 503 */
	PROBLEM_BUSY,          /* 503: queue full */
	PROBLEM_UNRESOLVED,    /* 503: stored or not is unknown; repeat with the same key */
	PROBLEM_TIMEOUT,       /* 503 */
	PROBLEM_DRAINING,      /* 503 */
	PROBLEM_KINDS,
};
struct problem_row {
	int status;
	const char *code, *title_zh, *title_en;
	int retry_after; /* seconds, 0 none */
};
extern const struct problem_row problem_rows[PROBLEM_KINDS];

struct problem {
	enum problem_kind kind;
	const char *code;                  /* of the row, or the refusal's */
	const char *detail_zh, *detail_en; /* say what to do */
	const char *article;               /* or NULL */
	const struct faults *faults;       /* 422 */
	const char *extra; /* more members as ready JSON: "\"allowed\":[…]" or NULL */
	int retry_after;
	int64_t range; /* 416: bytes of the whole */
};

struct exchange;
/* A problem in the exchange's arena. Both formats take the same arguments in the same order;
 * NULL says nothing. */
struct problem *problem(struct exchange *x, enum problem_kind kind, const char *zh,
	const char *en, ...) __attribute__((format(printf, 3, 5), format(printf, 4, 5)));
/* The same with sentences that are ready; borrowed. */
struct problem *problem_said(
	struct exchange *x, enum problem_kind kind, const char *zh, const char *en);
/* 422; `faults` is borrowed until the answer was written. */
struct problem *problem_faults(struct exchange *x, const struct faults *faults);
/* Appends the RFC 9457 object. `instance` may be NULL. */
void problem_write(
	const struct problem *p, bool english, const char *instance, struct buf *out);

#endif
