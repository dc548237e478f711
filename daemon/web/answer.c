/* SPDX-License-Identifier: MulanPSL-2.0 */
/* web/answer: the head of an answer, written once and sent with the body in one call; the log
 * line; the counters. */
#include "base/clock.h"
#include "base/log.h"
#include "web/running.h"

#include <assert.h>
#include <event2/event.h>
#include <event2/util.h>
#include <string.h>
#include <strings.h>

enum given { GIVEN_CACHE = 1, GIVEN_POLICY = 2, GIVEN_REFERRER = 4 };

// clang-format off
static const struct {
	int status;
	const char *line;
} status_lines[] = {
	{ 200, "HTTP/1.1 200 OK\r\n" },
	{ 201, "HTTP/1.1 201 Created\r\n" },
	{ 202, "HTTP/1.1 202 Accepted\r\n" },
	{ 204, "HTTP/1.1 204 No Content\r\n" },
	{ 206, "HTTP/1.1 206 Partial Content\r\n" },
	{ 303, "HTTP/1.1 303 See Other\r\n" },
	{ 304, "HTTP/1.1 304 Not Modified\r\n" },
	{ 400, "HTTP/1.1 400 Bad Request\r\n" },
	{ 401, "HTTP/1.1 401 Unauthorized\r\n" },
	{ 403, "HTTP/1.1 403 Forbidden\r\n" },
	{ 404, "HTTP/1.1 404 Not Found\r\n" },
	{ 405, "HTTP/1.1 405 Method Not Allowed\r\n" },
	{ 409, "HTTP/1.1 409 Conflict\r\n" },
	{ 411, "HTTP/1.1 411 Length Required\r\n" },
	{ 412, "HTTP/1.1 412 Precondition Failed\r\n" },
	{ 413, "HTTP/1.1 413 Content Too Large\r\n" },
	{ 415, "HTTP/1.1 415 Unsupported Media Type\r\n" },
	{ 416, "HTTP/1.1 416 Range Not Satisfiable\r\n" },
	{ 422, "HTTP/1.1 422 Unprocessable Content\r\n" },
	{ 429, "HTTP/1.1 429 Too Many Requests\r\n" },
	{ 431, "HTTP/1.1 431 Request Header Fields Too Large\r\n" },
	{ 500, "HTTP/1.1 500 Internal Server Error\r\n" },
	{ 503, "HTTP/1.1 503 Service Unavailable\r\n" },
};
/* Upper bounds in milliseconds, server.h's buckets. */
static const int64_t buckets[] = { 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 5000 };
// clang-format on

static void put_number(struct buf *b, uint64_t n)
{
	char digits[20];
	size_t at = sizeof digits;
	do
		digits[--at] = (char)('0' + n % 10);
	while ((n /= 10) > 0);
	buf_add(b, digits + at, sizeof digits - at);
}

static void put(struct buf *b, const char *s)
{
	buf_add(b, s, strlen(s));
}

static void put_status(struct buf *b, int status)
{
	for (size_t i = 0; i < sizeof status_lines / sizeof *status_lines; i++)
		if (status_lines[i].status == status) {
			put(b, status_lines[i].line);
			return;
		}
	buf_print(b, "HTTP/1.1 %d -\r\n", status);
}

static void put_date(struct server *s, struct buf *b)
{
	int64_t second = clock_monotonic() / 1000000;
	if (second != s->date_at || s->date[0] == '\0') {
		evutil_date_rfc1123(s->date, sizeof s->date, NULL);
		s->date_at = second;
	}
	put(b, "Date: ");
	put(b, s->date);
	put(b, "\r\n");
}

static bool has_body(int status)
{
	return status != 204 && status != 304;
}

/* A body without a known length ends with its last chunk, for clients of HTTP/1.0 with the
 * connection. */
static void put_length(struct running *r, struct buf *b)
{
	if (r->chunked) {
		put(b, "Transfer-Encoding: chunked\r\n");
	} else if (!r->streaming || r->length >= 0) {
		put(b, "Content-Length: ");
		put_number(b, r->length >= 0 ? (uint64_t)r->length : r->x.reply.used);
		put(b, "\r\n");
	}
}

static void put_head(struct running *r, struct buf *b)
{
	struct exchange *x = &r->x;
	put_status(b, x->status);
	put_date(x->server, b);
	if (has_body(x->status)) {
		put(b, "Content-Type: ");
		put(b, x->content_type != NULL ? x->content_type : "application/json");
		put(b, "\r\n");
		put_length(r, b);
	}
	if ((r->given & GIVEN_CACHE) == 0)
		put(b, "Cache-Control: no-store\r\n");
	if ((r->given & GIVEN_REFERRER) == 0)
		put(b, "Referrer-Policy: no-referrer\r\n");
	if ((r->given & GIVEN_POLICY) == 0)
		put(b, "Content-Security-Policy: default-src 'none'; frame-ancestors 'none'\r\n");
	put(b, "X-Content-Type-Options: nosniff\r\n");
	if (r->headers.used > 0)
		buf_add(b, r->headers.data, r->headers.used);
	if (peer_closes(r->peer))
		put(b, "Connection: close\r\n");
	else if (peer_head(r->peer)->minor == 0)
		put(b, "Connection: keep-alive\r\n");
	put(b, "\r\n");
}

static void count(struct running *r, int64_t micros)
{
	struct server_counts *c = &r->x.server->counts;
	size_t i = 0;
	while (i < sizeof buckets / sizeof *buckets && micros > buckets[i] * 1000)
		i++;
	/* How long somebody watched is nobody's answering time. */
	if (!r->chunked) {
		c->bucket[i]++;
		c->duration_us += micros;
	}
	c->exchanges++;
	c->by_class[r->x.status / 100]++;
	c->bytes_out += (int64_t)r->sent;
}

static void write_log(const struct running *r, int64_t micros, bool gone)
{
	static const char *const names[METHODS + 1] = { "GET", "POST", "PUT", "DELETE", "-" };
	const struct exchange *x = &r->x;
	if (x->route != NULL && (x->route->flags & ROUTE_HIDDEN) != 0 && x->status < 500)
		return;
	log_hold(&x->server->lines, LOG_AT_INFO, "exchange",
		"id=%llu method=%s route=%s status=%d ms=%lld.%03lld bytes=%zu user=%d%s%s",
		(unsigned long long)r->number,
		r->head_only       ? "HEAD"
		: x->route == NULL ? "-"
				   : names[x->method],
		x->route != NULL ? x->route->path : "-", x->status, (long long)(micros / 1000),
		(long long)(micros % 1000), r->sent, x->who != NULL ? (int)x->who->user : 0,
		x->tries > 0 ? " again" : "", gone ? " gone" : "");
	event_active(x->server->turn_end, EV_TIMEOUT, 0);
}

static void note(struct running *r, bool gone)
{
	int64_t micros = clock_monotonic() - r->begun;
	count(r, micros);
	write_log(r, micros, gone);
}

void answer_send(struct running *r)
{
	struct exchange *x = &r->x;
	struct server *s = x->server;
	struct peer *p = r->peer;
	assert(x->status >= 200 && x->status < 600);
	/* Sending may end the peer: what the head needs of it is asked first. */
	if (p != NULL) {
		bool body = has_body(x->status) && !r->head_only;
		s->head.used = 0;
		put_head(r, &s->head);
		r->sent = s->head.used + (body ? x->reply.used : 0);
		r->peer = NULL;
		r->req = NULL;
		peer_answer(p, &s->head, body ? &x->reply : NULL);
	}
	note(r, p == NULL);
}

void answer_begin(struct running *r)
{
	struct server *s = r->x.server;
	assert(r->peer != NULL && !r->streaming);
	r->streaming = true;
	if (r->length < 0) {
		r->chunked = peer_head(r->peer)->minor > 0;
		if (!r->chunked)
			peer_must_close(r->peer);
	}
	s->head.used = 0;
	put_head(r, &s->head);
	r->sent = s->head.used;
	peer_open(r->peer, &s->head);
}

void answer_end(struct running *r, bool whole)
{
	static const char last[] = "0\r\n\r\n";
	struct peer *p = r->peer;
	r->sent += (size_t)r->put;
	if (p != NULL) {
		if (r->chunked && whole)
			peer_push(p, last, sizeof last - 1);
		r->peer = NULL;
		r->req = NULL;
		peer_close(p, whole);
	}
	note(r, p == NULL || !whole);
}

void answer_problem(struct running *r, const struct problem *p)
{
	struct exchange *x = &r->x;
	x->status = problem_rows[p->kind].status;
	x->content_type = "application/problem+json";
	x->reply.used = 0;
	r->headers.used = 0;
	r->given = 0;
	if (x->route != NULL && (x->route->flags & ROUTE_PAGE) != 0 &&
		x->server->problem_page != NULL)
		x->server->problem_page(x, p);
	else
		problem_write(p, x->english, *x->path != '\0' ? x->path : NULL, &x->reply);
	if (p->retry_after > 0)
		buf_print(&r->headers, "Retry-After: %d\r\n", p->retry_after);
	if (p->kind == PROBLEM_RANGE)
		buf_print(&r->headers, "Content-Range: bytes */%lld\r\n", (long long)p->range);
	if (x->status == 401)
		put(&r->headers, "WWW-Authenticate: Bearer\r\n");
	if (p->kind == PROBLEM_METHOD) {
		put(&r->headers, "Allow: ");
		put(&r->headers, r->allow != NULL ? r->allow : "GET, HEAD, POST, PUT, DELETE");
		put(&r->headers, "\r\n");
	}
}

void exchange_header(struct exchange *x, const char *name, const char *value)
{
	struct running *r = running_of(x);
	/* A line break here would let data write headers. */
	assert(strpbrk(name, "\r\n: ") == NULL && strpbrk(value, "\r\n") == NULL);
	if (strcasecmp(name, "Cache-Control") == 0)
		r->given |= GIVEN_CACHE;
	else if (strcasecmp(name, "Content-Security-Policy") == 0)
		r->given |= GIVEN_POLICY;
	else if (strcasecmp(name, "Referrer-Policy") == 0)
		r->given |= GIVEN_REFERRER;
	put(&r->headers, name);
	put(&r->headers, ": ");
	put(&r->headers, value);
	put(&r->headers, "\r\n");
}
