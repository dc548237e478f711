/* SPDX-License-Identifier: MulanPSL-2.0 */
/* tests/api: each route answers with what it was given. */
#include "probe_routes.h"

#include "probe_pool.h"
#include "web/password.h"
#include "web/upload.h"

#include <string.h>

enum { CLERK = 1u << 0, HEAD_OF = 1u << 1, PIECE = 65536 };

const struct code probe_roles[] = { { "clerk", "经办", "clerk", { 0 }, { 0 } },
	{ "head", "负责人", "head", { 0 }, { 0 } }, { 0 } };

/* ---- sessions ---- */

static const struct {
	const char *token;
	unsigned roles;
	int64_t expires_at;
} known[] = { { "clerk", CLERK, INT64_MAX }, { "head", HEAD_OF, INT64_MAX },
	{ "expired", CLERK, 1 } };

static void lookup_ask(struct exchange *x, const struct mac *token, void **state)
{
	struct mac *copy = arena_make(x->arena, struct mac);
	*copy = *token;
	*state = copy;
}

static const struct actor *lookup_answer(struct exchange *x, void *state, bool *ret_expired)
{
	const struct mac *token = state;
	for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
		struct mac m = mac_hash(known[i].token, strlen(known[i].token));
		if (!mac_same(&m, token))
			continue;
		*ret_expired = known[i].expires_at < x->now;
		if (*ret_expired)
			return NULL;
		struct actor *who = arena_make(x->arena, struct actor);
		*who = (struct actor){ .user = (int32_t)i + 1,
			.org = 1,
			.login = known[i].token,
			.name = known[i].token,
			.org_code = "town",
			.roles = known[i].roles,
			.token = m,
			.expires_at = known[i].expires_at };
		return who;
	}
	return NULL;
}

const struct session_lookup probe_lookup = { lookup_ask, lookup_answer };

/* ---- steps ---- */

static const struct problem *ping(struct exchange *x)
{
	buf_text(&x->reply, "{\"pong\":true}");
	return NULL;
}

static const struct problem *echo(struct exchange *x)
{
	struct json_out o = json_to(&x->reply);
	x->status = 201;
	out_value(&o, NULL, x->json);
	return NULL;
}

static const struct problem *tell(struct exchange *x)
{
	char key[37];
	uuid_print(&x->key, key);
	struct json_out o = json_to(&x->reply);
	out_object(&o, NULL);
	out_text(&o, "path", x->path);
	out_text(&o, "first", x->arg[0]);
	out_text(&o, "second", x->arg[1]);
	out_text(&o, "address", x->address);
	out_text(&o, "who", x->who != NULL ? x->who->login : NULL);
	out_bool(&o, "english", x->english);
	out_text(&o, "key", x->key_given ? key : NULL);
	out_number(&o, "if_match", x->if_match);
	out_text(&o, "agent", exchange_request_header(x, "User-Agent"));
	out_array(&o, "query");
	for (int i = 0; i < x->queries; i++) {
		out_text(&o, NULL, x->query[i].name);
		out_text(&o, NULL, x->query[i].value);
	}
	out_array_end(&o);
	out_object_end(&o);
	return NULL;
}

static const struct problem *only_some(struct exchange *x)
{
	static const char *const names[] = { "limit", "after", NULL };
	const struct problem *p = exchange_query_only(x, names);
	return p != NULL ? p : tell(x);
}

static const struct problem *big(struct exchange *x)
{
	static const char block[1024] = { 0 };
	int64_t bytes = 0;
	const char *asked = exchange_query(x, "bytes");
	if (asked == NULL || !text_to_int(asked, &bytes) || bytes < 0 || bytes > 67108864)
		return problem(x, PROBLEM_BAD_QUERY, "bytes", "bytes");
	x->content_type = "application/octet-stream";
	while ((int64_t)x->reply.used < bytes) {
		size_t left = (size_t)bytes - x->reply.used;
		buf_add(&x->reply, block, left < sizeof block ? left : sizeof block);
	}
	return NULL;
}

static const struct problem *forever(struct exchange *x)
{
	exchange_park(x);
	return NULL;
}

struct thrice {
	int dirt;
};

static const struct problem *thrice(struct exchange *x)
{
	struct thrice *t = exchange_state(x, sizeof *t);
	if (t->dirt++ != 0)
		return problem(x, PROBLEM_INTERNAL, "state", "state");
	buf_text(&x->reply, "dirt");
	exchange_header(x, "X-Dirt", "1");
	if (x->tries < 3)
		return exchange_again(x);
	x->reply.used = 0;
	buf_print(&x->reply, "{\"tries\":%d}", x->tries);
	return NULL;
}

static const struct problem *always_again(struct exchange *x)
{
	return exchange_again(x);
}

/* ---- a stream: counted and summed ---- */

struct counting {
	int64_t bytes;
	uint32_t sum;
	int pieces;
	bool begun;
};

static const struct problem *count_piece(struct exchange *x)
{
	struct counting *c = exchange_state(x, sizeof *c);
	if (!c->begun) {
		c->begun = true;
		upload_next(x, PIECE);
	}
	return NULL;
}

static const struct problem *counted(struct exchange *x)
{
	struct counting *c = exchange_state(x, sizeof *c);
	size_t n;
	const char *piece = upload_piece(x, &n);
	for (size_t i = 0; i < n; i++)
		c->sum = c->sum * 31 + (unsigned char)piece[i];
	c->bytes += (int64_t)n;
	c->pieces++;
	if (upload_state(x) == UPLOAD_MORE) {
		exchange_step(x, 1);
		upload_next(x, PIECE);
		return NULL;
	}
	struct json_out o = json_to(&x->reply);
	out_object(&o, NULL);
	out_number(&o, "bytes", c->bytes);
	out_number(&o, "declared", upload_declared(x));
	out_number(&o, "sum", c->sum);
	out_number(&o, "pieces", c->pieces);
	out_text(&o, "state", upload_state(x) == UPLOAD_END ? "end" : "broken");
	out_object_end(&o);
	return NULL;
}

static const struct problem *refuse_stream(struct exchange *x)
{
	return problem(x, PROBLEM_TOO_LARGE, "不要。", "No.");
}

/* ---- passwords ---- */

struct hash_form {
	const char *password, *stored;
};
static const struct field hash_fields[] = {
	{ .name = "password",
		.type = FIELD_TEXT,
		.at = offsetof(struct hash_form, password),
		.flags = FIELD_REQUIRED,
		.max = 100 },
	{ .name = "stored",
		.type = FIELD_TEXT,
		.at = offsetof(struct hash_form, stored),
		.max = 380 },
	{ 0 },
};

static const struct problem *hash(struct exchange *x)
{
	struct hashing *h = exchange_state(x, sizeof *h);
	struct hash_form form = { 0 };
	const struct problem *p = exchange_form(x, hash_fields, &form);
	if (p != NULL)
		return p;
	*h = (struct hashing){ .password = form.password, .stored = form.stored };
	if (form.stored != NULL && strcmp(form.stored, "nobody") == 0)
		h->stored = "";
	if (!password_begin(x, h))
		return problem(x, PROBLEM_BUSY, "忙。", "Busy.");
	return NULL;
}

static const struct problem *hashed(struct exchange *x)
{
	const struct hashing *h = exchange_state(x, sizeof *h);
	struct json_out o = json_to(&x->reply);
	out_object(&o, NULL);
	out_bool(&o, "same", h->same);
	out_text(&o, "hash", h->hash);
	out_object_end(&o);
	return NULL;
}

/* ---- the database, by script ---- */

static const struct stmt nothing = { "nothing", "SELECT 1", 0 };

static const struct problem *script_load(struct exchange *x)
{
	const char *script = exchange_query(x, "script");
	if (x->tries == 0 && script != NULL)
		probe_pool_script(server_pool(x->server), script);
	batch_ask(x->reads, &nothing, NULL);
	return NULL;
}

static const struct problem *script_store(struct exchange *x)
{
	batch_ask(x->writes, &nothing, NULL);
	return NULL;
}

static const struct problem *script_answer(struct exchange *x)
{
	buf_print(&x->reply, "{\"tries\":%d}", x->tries);
	return NULL;
}

/* ---- what the server counts ---- */

static const struct problem *counts(struct exchange *x)
{
	struct server_counts c = server_counts(x->server);
	struct json_out o = json_to(&x->reply);
	out_object(&o, NULL);
	out_number(&o, "exchanges", c.exchanges);
	out_number(&o, "refused", c.refused_connections);
	out_number(&o, "bad", c.bad_requests);
	out_number(&o, "in", c.bytes_in);
	out_number(&o, "out", c.bytes_out);
	out_number(&o, "connections", c.connections);
	out_number(&o, "running", c.running);
	out_number(&o, "buffered", (int64_t)c.buffered);
	out_array(&o, "classes");
	for (int i = 0; i < 6; i++)
		out_number(&o, NULL, c.by_class[i]);
	out_array_end(&o);
	out_object_end(&o);
	return NULL;
}

/* ---- the table ---- */

static step_fn *const ping_steps[] = { ping, NULL };
static step_fn *const echo_steps[] = { echo, NULL };
static step_fn *const tell_steps[] = { tell, NULL };
static step_fn *const only_some_steps[] = { only_some, NULL };
static step_fn *const big_steps[] = { big, NULL };
static step_fn *const forever_steps[] = { forever, ping, NULL };
static step_fn *const thrice_steps[] = { thrice, NULL };
static step_fn *const always_again_steps[] = { always_again, NULL };
static step_fn *const stream_steps[] = { count_piece, counted, NULL };
static step_fn *const refuse_stream_steps[] = { refuse_stream, NULL };
static step_fn *const hash_steps[] = { hash, hashed, NULL };
static step_fn *const script_read_steps[] = { script_load, script_answer, NULL };
static step_fn *const script_write_steps[] = { script_load, script_store, script_answer, NULL };
static step_fn *const counts_steps[] = { counts, NULL };

// clang-format off
const struct route probe_routes[] = {
	{ METHOD_GET,    "/ping",                  0,       ping_steps,          ROUTE_OPEN, "200" },
	{ METHOD_GET,    "/counts",                0,       counts_steps,        ROUTE_OPEN | ROUTE_HIDDEN, "200" },
	{ METHOD_POST,   "/echo",                  0,       echo_steps,          ROUTE_OPEN | ROUTE_JSON, "201" },
	{ METHOD_POST,   "/plain",                 0,       tell_steps,          ROUTE_OPEN, "200" },
	{ METHOD_GET,    "/query",                 0,       only_some_steps,     ROUTE_OPEN | ROUTE_QUERY, "200" },
	{ METHOD_GET,    "/big",                   0,       big_steps,           ROUTE_OPEN | ROUTE_QUERY, "200" },
	{ METHOD_GET,    "/forever",               0,       forever_steps,       ROUTE_OPEN, "never" },
	{ METHOD_POST,   "/thrice",                0,       thrice_steps,        ROUTE_OPEN, "200" },
	{ METHOD_POST,   "/always-again",          0,       always_again_steps,  ROUTE_OPEN, "503" },
	{ METHOD_POST,   "/stream",                0,       stream_steps,        ROUTE_OPEN | ROUTE_STREAM, "200" },
	{ METHOD_POST,   "/refuse-stream",         0,       refuse_stream_steps, ROUTE_OPEN | ROUTE_STREAM, "413" },
	{ METHOD_POST,   "/hash",                  0,       hash_steps,          ROUTE_OPEN | ROUTE_JSON, "200" },
	{ METHOD_GET,    "/database",              0,       script_read_steps,   ROUTE_OPEN | ROUTE_QUERY, "200" },
	{ METHOD_POST,   "/database",              0,       script_write_steps,  ROUTE_OPEN | ROUTE_QUERY, "200" },
	{ METHOD_GET,    "/items/{id}",            0,       tell_steps,          ROUTE_OPEN, "200" },
	{ METHOD_PUT,    "/items/{id}",            0,       echo_steps,          ROUTE_OPEN | ROUTE_JSON | ROUTE_IF_MATCH, "200" },
	{ METHOD_DELETE, "/items/{id}",            0,       tell_steps,          ROUTE_OPEN | ROUTE_IF_MATCH, "200" },
	{ METHOD_GET,    "/items/{id}/parts/{n}",  0,       tell_steps,          ROUTE_OPEN, "200" },
	{ METHOD_GET,    "/me",                    0,       tell_steps,          0, "200" },
	{ METHOD_POST,   "/me",                    0,       tell_steps,          ROUTE_IDEMPOTENT, "200" },
	{ METHOD_POST,   "/heads",                 HEAD_OF, tell_steps,          0, "200" },
	{ 0 },
};
// clang-format on
