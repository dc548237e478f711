/* SPDX-License-Identifier: MulanPSL-2.0 */
/* api/health: for those who watch the service: /healthz, /readyz, /metrics, and the description
 * of the API. */
#include "store/health.h"
#include "api/app.h"
#include "api/feed.h"
#include "api/openapi.h"
#include "api/steps.h"
#include "base/clock.h"

#include <string.h>

static const struct problem *healthz(struct exchange *x)
{
	x->content_type = "text/plain; charset=utf-8";
	buf_text(&x->reply, "ok\n");
	return NULL;
}

step_fn *const healthz_steps[] = { healthz, NULL };

/* What the last night came to; a night that is missing does not make the service less ready. */
static void night_write(struct json_out *o, const struct directory *d, int64_t now)
{
	const struct directory_night *n = directory_night(d);
	out_object(o, "nightly");
	out_instant(o, "started_at", n->started_at);
	out_instant(o, "ended_at", n->ended_at);
	out_number(o, "failed", n->failed);
	out_number(o, "findings", n->findings);
	out_bool(o, "late", directory_night_late(d, now));
	out_object_end(o);
}

/* GET /readyz: a question to the database only when it is likely to be answered at once. */

struct readiness {
	bool reachable;
	const struct rows *schema;
};

static const struct problem *readyz_load(struct exchange *x)
{
	struct readiness *r = exchange_state(x, sizeof *r);
	r->reachable = pool_ready(app_of(x)->pool);
	if (r->reachable)
		r->schema = health_ask_schema(x->reads);
	return NULL;
}

static const struct problem *readyz_answer(struct exchange *x)
{
	struct readiness *r = x->state;
	const struct directory *d = app_directory(x);
	int schema = r->schema != NULL ? health_read_schema(r->schema) : 0;
	/* Without the arrangement of the present year every due date would be provisional. */
	bool covered = d != NULL && directory_year_loaded(d, ogi_date_year(x->today));
	bool ready = r->reachable && schema > 0 && d != NULL;
	struct json_out o = app_reply(x, ready ? 200 : 503);
	if (!ready)
		exchange_header(x, "Retry-After", "2");
	out_object(&o, NULL);
	out_bool(&o, "ready", ready);
	out_bool(&o, "database", r->reachable);
	if (schema > 0)
		out_number(&o, "schema", schema);
	else
		out_null(&o, "schema");
	out_bool(&o, "directory", d != NULL);
	out_object(&o, "calendar");
	const struct ogi_calendar *cal = d != NULL ? directory_calendar(d) : NULL;
	out_number(&o, "version", cal != NULL ? cal->version : 0);
	out_date(&o, "last", cal != NULL ? cal->last : (struct ogi_date){ 0 });
	out_bool(&o, "covers_today", covered);
	out_bool(&o, "next_year_missing", d != NULL && directory_year_missing(d, x->today));
	out_object_end(&o);
	if (d != NULL)
		night_write(&o, d, x->now);
	else
		out_null(&o, "nightly");
	out_bool(&o, "test_clock", clock_is_test());
	out_instant(&o, "now", x->now);
	out_text(&o, "version", OGID_VERSION);
	out_object_end(&o);
	return NULL;
}

step_fn *const readyz_steps[] = { readyz_load, readyz_answer, NULL };

/* GET /metrics */

static void metric(
	struct buf *b, const char *name, const char *type, const char *help, int64_t value)
{
	buf_print(b, "# HELP ogid_%s %s\n# TYPE ogid_%s %s\nogid_%s %lld\n", name, help, name,
		type, name, (long long)value);
}

static void server_metrics(struct buf *b, const struct server_counts *c)
{
	static const char *const bounds[] = { "0.001", "0.002", "0.005", "0.01", "0.02", "0.05",
		"0.1", "0.2", "0.5", "1", "5", "+Inf" };
	buf_text(b, "# HELP ogid_exchanges_total requests answered, by class of status\n"
		    "# TYPE ogid_exchanges_total counter\n");
	for (int i = 1; i < 6; i++)
		buf_print(b, "ogid_exchanges_total{class=\"%dxx\"} %lld\n", i,
			(long long)c->by_class[i]);
	buf_text(b,
		"# HELP ogid_duration_seconds time from the first byte of a request to its answer\n"
		"# TYPE ogid_duration_seconds histogram\n");
	int64_t sum = 0;
	for (int i = 0; i < 12; i++) {
		sum += c->bucket[i];
		buf_print(b, "ogid_duration_seconds_bucket{le=\"%s\"} %lld\n", bounds[i],
			(long long)sum);
	}
	buf_print(b,
		"ogid_duration_seconds_sum %lld.%06lld\nogid_duration_seconds_count %lld\n",
		(long long)(c->duration_us / 1000000), (long long)(c->duration_us % 1000000),
		(long long)sum);
	metric(b, "bad_requests_total", "counter", "requests refused by the HTTP guards",
		c->bad_requests);
	metric(b, "refused_connections_total", "counter", "connections over the limit",
		c->refused_connections);
	metric(b, "received_bytes_total", "counter", "bytes received", c->bytes_in);
	metric(b, "sent_bytes_total", "counter", "bytes sent", c->bytes_out);
	metric(b, "connections", "gauge", "open client connections", c->connections);
	metric(b, "running", "gauge", "requests being answered", c->running);
	metric(b, "buffered_bytes", "gauge", "bytes of bodies held", (int64_t)c->buffered);
}

static void pool_metrics(struct buf *b, const struct pool_counts *c)
{
	metric(b, "db_reads_total", "counter", "batches read", c->reads);
	metric(b, "db_read_groups_total", "counter", "round trips they took", c->read_groups);
	metric(b, "db_writes_total", "counter", "batches written", c->writes);
	metric(b, "db_write_groups_total", "counter", "transactions they took",
		c->write_groups);
	metric(b, "db_alone_total", "counter", "batches sent again alone", c->alone);
	metric(b, "db_errors_total", "counter", "batches refused by PostgreSQL", c->errors);
	metric(b, "db_timeouts_total", "counter", "batches not answered in time", c->timeouts);
	metric(b, "db_unknown_total", "counter", "commits whose answer was lost", c->unknown);
	metric(b, "db_reconnects_total", "counter", "connections opened again", c->reconnects);
	metric(b, "db_waiting_reads", "gauge", "reads in the queue", c->waiting_reads);
	metric(b, "db_waiting_writes", "gauge", "writes in the queue", c->waiting_writes);
	metric(b, "db_connections", "gauge", "connections to PostgreSQL", c->connections);
}

static void night_metrics(struct buf *b, const struct directory *d, int64_t now)
{
	const struct directory_night *n = directory_night(d);
	metric(b, "nightly_last_seconds", "gauge",
		"when the last nightly run ended, Unix time; 0: never", n->ended_at / 1000000);
	metric(b, "nightly_duration_seconds", "gauge", "how long it took",
		(n->ended_at - n->started_at) / 1000000);
	metric(b, "nightly_failed_steps", "gauge", "its steps that did not get through",
		n->failed);
	metric(b, "nightly_findings", "gauge", "what verify found in it", n->findings);
	metric(b, "nightly_undelivered", "gauge", "messages that it could not deliver",
		n->undelivered);
	metric(b, "nightly_late", "gauge", "1 when none ended for 26 hours",
		directory_night_late(d, now));
}

static const struct problem *metrics(struct exchange *x)
{
	struct app *app = app_of(x);
	struct server_counts server = server_counts(x->server);
	struct pool_counts pool = pool_counts(app->pool);
	x->content_type = "text/plain; version=0.0.4; charset=utf-8";
	server_metrics(&x->reply, &server);
	pool_metrics(&x->reply, &pool);
	metric(&x->reply, "streams", "gauge", "clients that watch changes",
		feed_watchers(app->feed));
	metric(&x->reply, "uploads", "gauge", "files of cases that are arriving", app->uploads);
	metric(&x->reply, "calendar_version", "gauge", "version of the working-day calendar",
		app->directory != NULL ? directory_calendar(app->directory)->version : 0);
	metric(&x->reply, "calendar_next_year_missing", "gauge",
		"1 from 1 December on while the arrangement of the next year is not loaded",
		app->directory != NULL && directory_year_missing(app->directory, x->today));
	if (app->directory != NULL)
		night_metrics(&x->reply, app->directory, x->now);
	return NULL;
}

step_fn *const metrics_steps[] = { metrics, NULL };

/* GET /openapi.json */
static const struct problem *openapi(struct exchange *x)
{
	buf_borrow(&x->reply, openapi_json, openapi_json_size);
	return NULL;
}

step_fn *const openapi_steps[] = { openapi, NULL };
