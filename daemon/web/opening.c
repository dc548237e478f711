/* SPDX-License-Identifier: MulanPSL-2.0 */
/*
 * web/opening: what happens before a route's own steps, in this order: path and method, who
 * asks, whether that role may, headers, query, body. A problem ends the exchange.
 */
#include "base/clock.h"
#include "web/files.h"
#include "web/header.h"
#include "web/running.h"

#include <event2/buffer.h>
#include <event2/http.h>
#include <event2/keyvalq_struct.h>
#include <openssl/crypto.h>
#include <string.h>
#include <strings.h>

static const char cookie_name[] = "ogid_session";

static const struct problem *faulty(struct exchange *x, enum guard_fault fault)
{
	const struct guard_row *row = &guard_rows[fault];
	return problem_said(x, row->kind, row->zh, row->en);
}

/* ---- headers ---- */

static int wanted(const char *name)
{
	// clang-format off
	static const struct {
		size_t size;
		const char *name;
		enum wanted which;
	} rows[] = {
		{  4, "Host",            WANTED_HOST },
		{  6, "Cookie",          WANTED_COOKIE },
		{  6, "Origin",          WANTED_ORIGIN },
		{  8, "If-Match",        WANTED_IF_MATCH },
		{ 12, "Content-Type",    WANTED_CONTENT_TYPE },
		{ 13, "Authorization",   WANTED_AUTHORIZATION },
		{ 14, "Sec-Fetch-Site",  WANTED_FETCH_SITE },
		{ 15, "Accept-Language", WANTED_LANGUAGE },
		{ 15, "Idempotency-Key", WANTED_KEY },
		{ 15, "X-Forwarded-For", WANTED_FORWARDED },
	};
	// clang-format on
	size_t n = strlen(name);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		if (rows[i].size == n && strcasecmp(rows[i].name, name) == 0)
			return (int)rows[i].which;
	return -1;
}

/* A header given twice could be read one way by a proxy and another way here. Lists may be
 * split into lines. */
static bool gather(struct running *r, const char *value[WANTED])
{
	const struct evkeyval *h;
	bool once = true;
	for (h = evhttp_request_get_input_headers(r->req)->tqh_first; h != NULL;
		h = h->next.tqe_next) {
		int i = wanted(h->key);
		if (i < 0)
			continue;
		if (value[i] != NULL && i != WANTED_LANGUAGE)
			once = false;
		if (value[i] == NULL || i == WANTED_FORWARDED)
			value[i] = h->value;
	}
	return once;
}

static struct mac hash_of(struct peer_memo *m, const char *token, size_t n)
{
	if (n == m->size && CRYPTO_memcmp(m->token, token, n) == 0)
		return m->hash;
	struct mac hash = mac_hash(token, n);
	m->size = 0;
	if (n <= sizeof m->token) {
		memcpy(m->token, token, n);
		m->size = n;
		m->hash = hash;
	}
	return hash;
}

static void read_token(struct running *r, const char *const value[WANTED])
{
	const char *token = NULL;
	size_t n = 0;
	if (value[WANTED_AUTHORIZATION] != NULL) {
		token = header_bearer(value[WANTED_AUTHORIZATION]);
		n = token != NULL ? strlen(token) : 0;
	} else if (value[WANTED_COOKIE] != NULL) {
		token = header_cookie(value[WANTED_COOKIE], cookie_name, &n);
		r->by_cookie = token != NULL;
	}
	if (token == NULL || n == 0 || (r->x.route->flags & ROUTE_OPEN) != 0)
		return;
	r->token = hash_of(peer_memo(r->peer), token, n);
	r->has_token = true;
}

/* All values are taken over now: evhttp's memory may be gone when a session had to be looked
 * up. */
static void read_values(struct running *r, const char *const value[WANTED])
{
	struct exchange *x = &r->x;
	char address[64];
	header_client(peer_address(r->peer), value[WANTED_FORWARDED], x->server->proxies,
		address, sizeof address);
	x->address = arena_text(x->arena, address);
	if (x->route == NULL)
		return;
	read_token(r, value);
	r->same_origin = x->method == METHOD_GET || !r->by_cookie ||
			 header_same_origin(value[WANTED_FETCH_SITE], value[WANTED_ORIGIN],
				 value[WANTED_HOST]);
	r->has_media = value[WANTED_CONTENT_TYPE] != NULL;
	r->media_is_json = r->has_media && header_json(value[WANTED_CONTENT_TYPE]);
	if ((x->route->flags & ROUTE_IDEMPOTENT) != 0 && value[WANTED_KEY] != NULL) {
		x->key_given = uuid_parse_text(value[WANTED_KEY], &x->key);
		r->key_is_bad = !x->key_given || uuid_none(&x->key);
	}
	if ((x->route->flags & ROUTE_IF_MATCH) != 0 && value[WANTED_IF_MATCH] != NULL)
		r->if_match_is_bad = !header_version(value[WANTED_IF_MATCH], &x->if_match);
}

/* ---- method and path ---- */

static const struct problem *no_such_method(struct running *r, const struct routed *found)
{
	static const char *const names[METHODS] = { "GET, HEAD", "POST", "PUT", "DELETE" };
	const char *list = "";
	for (int m = 0; m < METHODS; m++)
		if (found->of[m] != NULL)
			list = arena_print(r->x.arena, "%s%s%s", list,
				*list != '\0' ? ", " : "", names[m]);
	r->allow = list;
	return problem(&r->x, PROBLEM_METHOD, "此路径支持：%s。", "This path takes: %s.", list);
}

static const struct problem *find_route(
	struct running *r, const struct head *h, const char *target)
{
	static const enum method methods[] = {
		[VERB_GET] = METHOD_GET,
		[VERB_HEAD] = METHOD_GET,
		[VERB_POST] = METHOD_POST,
		[VERB_PUT] = METHOD_PUT,
		[VERB_DELETE] = METHOD_DELETE,
	};
	struct exchange *x = &r->x;
	char path[GUARD_PATH_MOST + 1];
	enum guard_fault fault = guard_path(target, h->path_size, path);
	if (fault != GUARD_OK)
		return faulty(x, fault);
	size_t n = strlen(path);
	x->path = arena_bytes(x->arena, path, n);
	struct routed found;
	if (!router_find(x->server->router, x->path, n, &found)) {
		if (files_find(x->server->files, x->path) == NULL)
			return problem(
				x, PROBLEM_NO_SUCH_ROUTE, "请检查路径。", "Check the path.");
		found = (struct routed){ .of[METHOD_GET] = &files_route };
	}
	r->head_only = h->verb == VERB_HEAD;
	x->method = h->verb == VERB_OTHER ? METHODS : methods[h->verb];
	x->route = h->verb == VERB_OTHER ? NULL : found.of[x->method];
	if (x->route == NULL)
		return no_such_method(r, &found);
	for (int i = 0; i < found.args; i++)
		x->arg[i] = arena_bytes(x->arena, found.arg[i], found.arg_size[i]);
	return NULL;
}

/* ---- query ---- */

static const struct problem *read_query(struct exchange *x, const char *raw)
{
	if (*raw == '\0')
		return NULL;
	if ((x->route->flags & ROUTE_QUERY) == 0)
		return problem(x, PROBLEM_BAD_QUERY, "此路径没有查询参数。",
			"This path takes no query parameters.");
	size_t items = 1;
	for (const char *s = raw; *s != '\0'; s++)
		items += *s == '&';
	if (items > GUARD_QUERIES)
		return faulty(x, GUARD_QUERY);
	struct query_item *list = arena_array(x->arena, struct query_item, items);
	x->query = list; /* those read so far are there for the answer to a bad one, too */
	for (const char *s = raw;; s++) {
		size_t n = strcspn(s, "&");
		size_t name = strcspn(s, "=&");
		char *text = arena_alloc(x->arena, n + 2);
		enum guard_fault fault = guard_query_text(s, name, text);
		char *value = text + name + 1;
		if (fault == GUARD_OK && name < n)
			fault = guard_query_text(s + name + 1, n - name - 1, value);
		if (fault == GUARD_OK && name == 0)
			fault = GUARD_QUERY;
		if (fault != GUARD_OK)
			return faulty(x, fault);
		list[x->queries++] = (struct query_item){ text, value };
		s += n;
		if (*s == '\0')
			break;
	}
	return NULL;
}

/* ---- body ---- */

/* Small bodies are copied and evhttp's memory given back at once. */
static void take_body(struct running *r)
{
	struct exchange *x = &r->x;
	struct evbuffer *in = evhttp_request_get_input_buffer(r->req);
	size_t n = evbuffer_get_length(in);
	if (n == 0)
		return;
	char *body = arena_alloc(x->arena, n + 1);
	evbuffer_remove(in, body, n);
	x->body = body;
	x->body_size = n;
}

static const struct problem *read_body(struct running *r)
{
	struct exchange *x = &r->x;
	if ((x->route->flags & ROUTE_JSON) == 0) {
		/* a client that always sends an object may send one with nothing in it */
		bool nothing =
			r->media_is_json && x->body_size == 2 && memcmp(x->body, "{}", 2) == 0;
		if (x->body_size > 0 && !nothing)
			return problem(x, PROBLEM_MEDIA_TYPE, "此路径不接受请求体。",
				"This path takes no body.");
		return NULL;
	}
	if (!r->media_is_json && (r->has_media || x->body_size > 0))
		return problem(x, PROBLEM_MEDIA_TYPE, "请以 application/json 发送。",
			"Send it as application/json.");
	if (x->body_size > 0) {
		struct form_why why = { 0 };
		x->json = form_parse(x->arena, x->body, x->body_size, &why);
		if (x->json == NULL)
			return problem_said(x,
				why.encoding ? PROBLEM_BAD_ENCODING : PROBLEM_BAD_JSON, why.zh,
				why.en);
	}
	if (json_is_object(x->json))
		return NULL;
	x->json = NULL;
	return problem(x, PROBLEM_BAD_JSON, "需要一个 JSON 对象。", "A JSON object is needed.");
}

const struct problem *opening_read(struct running *r)
{
	struct exchange *x = &r->x;
	const struct head *h = peer_head(r->peer);
	const char *target = evhttp_request_get_uri(r->req);
	const char *value[WANTED] = { NULL };
	bool once = gather(r, value);
	x->english = value[WANTED_LANGUAGE] != NULL && header_english(value[WANTED_LANGUAGE]);
	if (peer_fault(r->peer) != GUARD_OK) {
		read_values(r, value);
		return faulty(x, peer_fault(r->peer));
	}
	const struct problem *p = find_route(r, h, target);
	read_values(r, value);
	if (p != NULL)
		return p;
	if (!once)
		return problem(x, PROBLEM_BAD_HEADER, "同一首部不得出现两次。",
			"A header was given twice.");
	take_body(r);
	if ((x->route->flags & ROUTE_STREAM) != 0) {
		r->upload.declared = h->length > 0 ? h->length : 0;
		x->upload = &r->upload;
	}
	if (h->query > 0)
		r->raw_query = arena_text(x->arena, target + h->path_size + 1);
	return NULL;
}

/* ---- the steps ---- */

static const struct problem *no_session(struct exchange *x, bool expired)
{
	return problem(x, expired ? PROBLEM_SESSION_EXPIRED : PROBLEM_NO_SESSION, "请先登录。",
		"Log in first.");
}

static const struct problem *identify(struct exchange *x)
{
	struct running *r = running_of(x);
	if ((x->route->flags & ROUTE_OPEN) != 0)
		return NULL;
	if (!r->has_token)
		return no_session(x, false);
	if (!r->same_origin)
		return problem(x, PROBLEM_FORBIDDEN, "请求来自其他网站。",
			"The request comes from another site.");
	x->who = sessions_find(x->server->sessions, x->arena, &r->token, x->now);
	if (x->who == NULL)
		x->server->lookup->ask(x, &r->token, &r->lookup);
	return NULL;
}

static const struct problem *role_required(struct exchange *x)
{
	struct buf list = { 0 };
	struct json_out o = json_to(&list);
	out_array(&o, NULL);
	for (unsigned i = 0; x->server->roles != NULL && x->server->roles[i].code != NULL; i++)
		if ((x->route->roles & (1u << i)) != 0)
			out_text(&o, NULL, x->server->roles[i].code);
	out_array_end(&o);
	struct problem *p = problem(x, PROBLEM_ROLE_REQUIRED, "请由有相应权限的岗位办理。",
		"Somebody with one of the roles listed may do this.");
	p->extra = arena_print(x->arena, "\"roles\":%s", list.data);
	buf_clear(&list);
	return p;
}

static const struct problem *admit(struct exchange *x)
{
	struct running *r = running_of(x);
	if ((x->route->flags & ROUTE_OPEN) == 0) {
		if (x->who == NULL) {
			bool expired = false;
			x->who = x->server->lookup->answer(x, r->lookup, &expired);
			if (x->who == NULL)
				return no_session(x, expired);
			sessions_keep(x->server->sessions, x->who, x->now);
		}
		if (x->route->roles != 0 && (x->who->roles & x->route->roles) == 0)
			return role_required(x);
	}
	if (r->key_is_bad)
		return problem(x, PROBLEM_BAD_HEADER, "Idempotency-Key 应为 UUID。",
			"Idempotency-Key must be a UUID.");
	if (r->if_match_is_bad)
		return problem(x, PROBLEM_BAD_HEADER, "If-Match 应为带引号的版本号。",
			"If-Match must be a version in double quotes.");
	if (x->method != METHOD_GET && !x->key_given)
		x->key = uuid_ordered(x->now);
	const struct problem *p = r->raw_query != NULL ? read_query(x, r->raw_query) : NULL;
	return p != NULL ? p : read_body(r);
}

step_fn *const opening_steps[] = { identify, admit, NULL };
