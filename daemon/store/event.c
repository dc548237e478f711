/* SPDX-License-Identifier: MulanPSL-2.0 */
/* store/event: the bytes of events, written and read. */
#include "store/event.h"

#include "base/clock.h"
#include "base/form.h"
#include "base/json_write.h"

#include <string.h>

#define EVENT_COLUMNS                                                                                           \
	"SELECT e.canonical, e.prev_hash, e.hash, t.salt, t.body, t.destroyed_on, e.org_id, e.case_id, e.kind," \
	" e.on_date, e.recorded_at, e.seq"
#define EVENT_TEXT                                                                             \
	" LEFT JOIN case_text t ON t.org_id = e.org_id AND t.case_id = e.case_id AND t.seq = e.seq"

const struct stmt event_all = { "event_all",
	EVENT_COLUMNS " FROM case_event e" EVENT_TEXT
		      " WHERE e.org_id = ANY($1) AND e.case_id = $2 ORDER BY e.seq",
	2 };
const struct stmt event_by_number = { "event_by_number",
	EVENT_COLUMNS
	" FROM request_case c JOIN case_event e ON e.org_id = c.org_id AND e.case_id = c.id" EVENT_TEXT
	" WHERE c.org_id = $1 AND c.year = $2 AND c.serial = $3 ORDER BY e.seq",
	3 };
const struct stmt event_many = { "event_many",
	EVENT_COLUMNS
	" FROM unnest($1::integer[], $2::uuid[]) WITH ORDINALITY AS w(org_id, id, n)"
	" JOIN case_event e ON e.org_id = w.org_id AND e.case_id = w.id" EVENT_TEXT
	" WHERE e.on_date <= $3 AND e.recorded_at <= coalesce($4, 'infinity'::timestamptz)"
	" ORDER BY w.n, e.seq",
	4 };
enum {
	AT_CANONICAL,
	AT_PREV,
	AT_HASH,
	AT_SALT,
	AT_BODY,
	AT_DESTROYED,
	AT_ORG,
	AT_CASE,
	AT_KIND,
	AT_ON,
	AT_RECORDED,
	AT_SEQ
};

static bool holds_request(int32_t kind)
{
	return kind == OGI_ARRIVED || kind == OGI_REGISTERED || kind == OGI_RECEIPT_CONFIRMED;
}

static int count_rows(const struct field *rows)
{
	int n = 0;
	while (rows[n].name != NULL)
		n++;
	return n;
}

const struct field *event_rows(struct arena *a, enum ogi_event_kind kind, bool ledger)
{
	const struct field *part[3] = { ogi_event_fields(kind), ogi_event_common,
		ledger ? ogi_event_ledger(kind) : NULL };
	int n = 0;
	for (int i = 0; i < 3; i++)
		n += part[i] != NULL ? count_rows(part[i]) : 0;
	struct field *all = arena_array(a, struct field, n + 1);
	n = 0;
	for (int i = 0; i < 3; i++)
		for (const struct field *row = part[i]; row != NULL && row->name != NULL; row++)
			all[n++] = *row;
	return all;
}

void event_seal(
	const struct keys *k, struct arena *a, const struct uuid *id, struct ogi_event *e)
{
	struct ogi_applicant *who = &e->u.request.applicant;
	if (holds_request(e->kind) && who->id_number != NULL)
		who->id_number = seal_text(k, a, id->byte, who->id_number);
	if (e->kind == OGI_AMENDED && event_amends_identity(e) && e->u.change.to_text != NULL)
		e->u.change.to_text = seal_text(k, a, id->byte, e->u.change.to_text);
}

bool event_amends_identity(const struct ogi_event *e)
{
	const char *field = e->u.change.field;
	return strcmp(field, "applicant.id_number") == 0 ||
	       strcmp(field, "/applicant/id_number") == 0;
}

/* Writes the rows chosen by FIELD_PERSONAL; returns false when nothing was written. */
static bool write_part(struct buf *to, const struct ogi_event *e, unsigned want)
{
	struct json_out o = json_to(to);
	out_object(&o, NULL);
	out_fields(&o, ogi_event_fields((enum ogi_event_kind)e->kind), e, FIELD_PERSONAL, want);
	out_fields(&o, ogi_event_common, e, FIELD_PERSONAL, want);
	const struct field *ledger = ogi_event_ledger((enum ogi_event_kind)e->kind);
	if (ledger != NULL)
		out_fields(&o, ledger, e, FIELD_PERSONAL, want);
	out_object_end(&o);
	return to->used > 2;
}

struct event_bytes event_write(const struct keys *k, struct arena *a, int32_t org,
	const struct uuid *id, const struct ogi_event *e, const struct mac *prev)
{
	struct event_bytes w = { .prev = *prev };
	struct buf data = { 0 }, text = { 0 }, all = { 0 };
	char id_text[37], hex[2 * MAC_BYTES + 1];
	uuid_print(id, id_text);
	write_part(&data, e, 0);
	if (write_part(&text, e, FIELD_PERSONAL)) {
		w.body = arena_bytes(a, text.data, text.used);
		mac_random(w.salt, sizeof w.salt);
		struct mac commitment = mac_commit(k, w.salt, text.data, text.used);
		mac_print(&commitment, hex);
	}
	struct json_out o = json_to(&all);
	out_object(&o, NULL);
	out_number(&o, "v", EVENT_PAYLOAD);
	out_number(&o, "org", org);
	out_text(&o, "case", id_text);
	out_number(&o, "seq", e->seq);
	out_text(&o, "kind", ogi_event_kinds[e->kind].code);
	out_instant(&o, "recorded_at", e->recorded_at);
	out_text(&o, "actor", e->actor);
	out_fields(&o, ogi_event_judged, e, 0, 0);
	out_number(&o, "calendar", e->calendar_version);
	out_number(&o, "settings", e->settings);
	out_copy(&o, "data", data.data);
	out_text(&o, "text", w.body != NULL ? hex : NULL);
	out_object_end(&o);
	w.canonical = arena_bytes(a, all.data, all.used);
	w.hash = mac_link(k, prev, all.data, all.used);
	buf_clear(&data);
	buf_clear(&text);
	buf_clear(&all);
	return w;
}

const struct rows *event_ask_all(
	struct batch *b, const int32_t *scope, int scopes, const struct uuid *id)
{
	struct bind *v = batch_bind(b);
	bind_ints(v, scope, scopes);
	bind_uuid(v, id);
	return batch_ask(b, &event_all, v);
}

const struct rows *event_ask_by_number(
	struct batch *b, int32_t org, int32_t year, int32_t serial)
{
	struct bind *v = batch_bind(b);
	bind_int(v, org);
	bind_int(v, year);
	bind_int(v, serial);
	return batch_ask(b, &event_by_number, v);
}

const struct rows *event_ask_many(struct batch *b, const int32_t *org, const struct uuid *id,
	int cases, struct ogi_date by, int64_t known_at)
{
	struct bind *v = batch_bind(b);
	const char **text = arena_array(v->arena, const char *, cases);
	for (int i = 0; i < cases; i++) {
		char *one = arena_alloc(v->arena, 37);
		uuid_print(&id[i], one);
		text[i] = one;
	}
	bind_ints(v, org, cases);
	bind_texts(v, text, cases);
	bind_date(v, by);
	bind_instant(v, known_at);
	return batch_ask(b, &event_many, v);
}

static bool load_canonical(const json_t *c, struct arena *a, struct ogi_event *e)
{
	const char *recorded = json_string_value(json_object_get(c, "recorded_at"));
	int kind = code_find(ogi_event_kinds, json_string_value(json_object_get(c, "kind")));
	if (kind <= OGI_NO_EVENT || recorded == NULL ||
		!clock_parse(recorded, &e->recorded_at) ||
		json_integer_value(json_object_get(c, "v")) != EVENT_PAYLOAD)
		return false;
	e->kind = kind;
	e->seq = (int32_t)json_integer_value(json_object_get(c, "seq"));
	e->actor = json_string_value(json_object_get(c, "actor"));
	form_load_more(c, ogi_event_judged, e, a);
	e->calendar_version = json_integer_value(json_object_get(c, "calendar"));
	e->settings = (int32_t)json_integer_value(json_object_get(c, "settings"));
	return true;
}

static void load_part(const json_t *part, struct arena *a, struct ogi_event *e)
{
	form_load_more(part, ogi_event_fields((enum ogi_event_kind)e->kind), e, a);
	form_load_more(part, ogi_event_common, e, a);
	const struct field *ledger = ogi_event_ledger((enum ogi_event_kind)e->kind);
	if (ledger != NULL)
		form_load_more(part, ledger, e, a);
}

bool event_read(const struct rows *r, int row, struct arena *a, struct event_row *ret_event)
{
	*ret_event = (struct event_row){ .canonical = rows_text(r, row, AT_CANONICAL),
		.body = rows_text(r, row, AT_BODY),
		.destroyed_on = rows_date(r, row, AT_DESTROYED),
		.prev = rows_mac(r, row, AT_PREV),
		.hash = rows_mac(r, row, AT_HASH),
		.org = rows_int(r, row, AT_ORG),
		.id = rows_uuid(r, row, AT_CASE) };
	size_t n;
	if (!rows_null(r, row, AT_SALT))
		ret_event->salt = rows_bytes(r, row, AT_SALT, &n);
	struct form_why why;
	const json_t *c =
		form_parse(a, ret_event->canonical, strlen(ret_event->canonical), &why);
	if (c == NULL || !load_canonical(c, a, &ret_event->event))
		return false;
	load_part(json_object_get(c, "data"), a, &ret_event->event);
	if (ret_event->body != NULL) {
		const json_t *text =
			form_parse(a, ret_event->body, strlen(ret_event->body), &why);
		if (text == NULL)
			return false;
		load_part(text, a, &ret_event->event);
	}
	return true;
}

/* Rows first .. first + n - 1. */
static bool read_span(const struct rows *r, int first, int n, struct arena *a,
	struct ogi_history *ret_history, struct event_row **ret_rows)
{
	struct ogi_event *events = arena_array(a, struct ogi_event, n > 0 ? n : 1);
	struct event_row *all = arena_array(a, struct event_row, n > 0 ? n : 1);
	for (int i = 0; i < n; i++) {
		if (!event_read(r, first + i, a, &all[i]))
			return false;
		events[i] = all[i].event;
	}
	*ret_history = (struct ogi_history){ events, n };
	if (ret_rows != NULL)
		*ret_rows = all;
	return true;
}

bool event_read_all(const struct rows *r, struct arena *a, struct ogi_history *ret_history,
	struct event_row **ret_rows)
{
	return read_span(r, 0, rows_count(r), a, ret_history, ret_rows);
}

int event_read_case(const struct rows *r, int first, struct arena *a,
	struct ogi_history *ret_history, struct event_row **ret_rows)
{
	struct uuid id = rows_uuid(r, first, AT_CASE);
	int n = 0;
	while (first + n < rows_count(r)) {
		struct uuid next = rows_uuid(r, first + n, AT_CASE);
		if (memcmp(&id, &next, sizeof id) != 0)
			break;
		n++;
	}
	return read_span(r, first, n, a, ret_history, ret_rows) ? n : 0;
}
