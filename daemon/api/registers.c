/* SPDX-License-Identifier: MulanPSL-2.0 */
/* api/registers: the small registers (contract §2.1, D:annual-report §6): which there are, a
 * page of entries, one entry with its history. */
#include "api/registers.h"
#include "api/steps.h"

#include <string.h>

/* ---- GET /v1/registers ---- */

const char *register_type(const struct field *row)
{
	switch (row->type) {
	case FIELD_DATE:
		return "date";
	case FIELD_INT:
		return "integer";
	case FIELD_DECIMAL:
		return "number";
	case FIELD_BOOL:
		return "boolean";
	case FIELD_CODE:
		return "code";
	case FIELD_TEXT:
	case FIELD_UUID:
	case FIELD_TEXTS:
	case FIELD_OBJECT:
	case FIELD_OBJECTS:
	case FIELD_RAW:
		break;
	}
	return "string";
}

static void code_write(struct json_out *o, const struct code *code)
{
	out_object(o, NULL);
	out_text(o, "code", code->code);
	out_text(o, "zh", code->zh);
	out_text(o, "en", code->en);
	out_object_end(o);
}

static void field_write(struct json_out *o, const struct field *row)
{
	const struct code *label = ogi_register_label(row->name);
	out_object(o, NULL);
	out_text(o, "name", row->name);
	out_text(o, "zh", label->zh);
	out_text(o, "en", label->en);
	out_text(o, "type", register_type(row));
	out_bool(o, "required", (row->flags & FIELD_REQUIRED) != 0);
	if (row->type == FIELD_CODE) {
		out_array(o, "codes");
		for (const struct code *c = row->codes + 1; c->code != NULL; c++)
			code_write(o, c);
		out_array_end(o);
	}
	out_object_end(o);
}

static void register_write(struct json_out *o, const struct ogi_register *reg)
{
	static const char *const bases[] = { [OGI_ENTRY_DAY] = "day",
		[OGI_ENTRY_YEAR] = "year",
		[OGI_ENTRY_STANDS] = "standing" };
	out_object(o, NULL);
	out_text(o, "code", reg->code);
	out_text(o, "zh", reg->zh);
	out_text(o, "en", reg->en);
	out_text(o, "source", reg->source);
	out_text(o, "counts_by", bases[reg->basis]);
	out_array(o, "fields");
	for (const struct field *row = reg->rows; row->name != NULL; row++)
		field_write(o, row);
	out_array_end(o);
	out_array(o, "feeds"); /* rows of forms, without the form */
	for (const struct ogi_feed *f = ogi_feeds; f->key != NULL; f++)
		if (strcmp(f->reg, reg->code) == 0)
			out_text(o, NULL, f->key);
	out_array_end(o);
	out_object_end(o);
}

static const struct problem *kinds_answer(struct exchange *x)
{
	struct json_out o = app_reply(x, 200);
	out_object(&o, NULL);
	out_array(&o, "registers");
	for (const struct ogi_register *reg = ogi_registers; reg->code != NULL; reg++)
		register_write(&o, reg);
	out_array_end(&o);
	out_object_end(&o);
	return NULL;
}

step_fn *const register_kinds_steps[] = { kinds_answer, NULL };

/* ---- an entry as JSON ---- */

static void value_write(
	struct json_out *o, const struct field *row, const struct ogi_entry *entry)
{
	const void *at = (const char *)entry + row->at;
	int32_t code;
	switch (row->type) {
	case FIELD_TEXT:
		out_text(o, row->name, *(const char *const *)at);
		break;
	case FIELD_DATE:
		out_date(o, row->name, *(const struct ogi_date *)at);
		break;
	case FIELD_INT:
		out_number(o, row->name, *(const int32_t *)at);
		break;
	case FIELD_DECIMAL:
		out_decimal(o, row->name, *(const int64_t *)at);
		break;
	case FIELD_BOOL:
		out_bool(o, row->name, *(const bool *)at);
		break;
	case FIELD_CODE:
		code = *(const int32_t *)at;
		out_text(o, row->name, code > 0 ? row->codes[code].code : NULL);
		break;
	case FIELD_UUID: /* no register has one of these */
	case FIELD_TEXTS:
	case FIELD_OBJECT:
	case FIELD_OBJECTS:
	case FIELD_RAW:
		break;
	}
}

static void fields_write(struct json_out *o, const struct register_row *row)
{
	for (const struct field *f = row->reg->rows; f->name != NULL; f++)
		if (strcmp(f->name, "org") != 0) /* told of the row */
			value_write(o, f, &row->entry);
}

static void recorded_write(
	struct exchange *x, struct json_out *o, const struct register_row *row)
{
	const struct directory_user *by = directory_user_by_id(app_directory(x), row->actor);
	out_number(o, "version", row->version);
	out_bool(o, "retracted", row->retracted);
	out_text(o, "reason", row->reason);
	out_instant(o, "recorded_at", row->recorded_at);
	out_text(o, "recorded_by", by != NULL ? by->login : NULL);
}

void register_members(struct exchange *x, struct json_out *o, const struct register_row *row)
{
	char id[37];
	const struct directory_org *org = directory_org(app_directory(x), row->org);
	uuid_print(&row->id, id);
	out_text(o, "id", id);
	out_text(o, "register", row->reg->code);
	out_text(o, "org", org != NULL ? org->code : NULL);
	fields_write(o, row);
	out_date(o, "counted_from", row->days.from);
	out_date(o, "counted_to", row->days.to);
	recorded_write(x, o, row);
}

/* ---- one entry ---- */

const struct problem *register_of_path(
	struct exchange *x, const struct ogi_register **ret_register)
{
	*ret_register = ogi_register_find(x->arg[0]);
	if (*ret_register != NULL)
		return NULL;
	return problem(x, PROBLEM_NOT_FOUND, "没有登记簿 %s；见 /v1/registers。",
		"There is no register %s; see /v1/registers.", x->arg[0]);
}

const struct problem *register_none(struct exchange *x)
{
	return problem(x, PROBLEM_NOT_FOUND, "所辖范围内没有这条登记。",
		"There is no such entry in your scope.");
}

void register_show_ask(struct exchange *x, struct register_show *s)
{
	s->versions = register_ask(x->reads, x->who->scope, x->who->scopes, s->reg, &s->id);
}

const struct problem *register_show_reply(
	struct exchange *x, const struct register_show *s, int status)
{
	struct register_row row;
	int n = rows_count(s->versions);
	if (n == 0)
		return register_none(x);
	register_read(s->versions, 0, x->arena, &row);
	exchange_header(x, "ETag", arena_print(x->arena, "\"%d\"", row.version));
	struct json_out o = app_reply(x, status);
	out_object(&o, NULL);
	register_members(x, &o, &row);
	out_array(&o, "versions");
	for (int i = 0; i < n; i++) {
		register_read(s->versions, i, x->arena, &row);
		out_object(&o, NULL);
		recorded_write(x, &o, &row);
		out_object(&o, "entry");
		fields_write(&o, &row);
		out_object_end(&o);
		out_object_end(&o);
	}
	out_array_end(&o);
	out_object_end(&o);
	return NULL;
}

static const struct problem *show_load(struct exchange *x)
{
	struct register_show *s = exchange_state(x, sizeof *s);
	const struct problem *p = register_of_path(x, &s->reg);
	if (p != NULL)
		return p;
	if (!uuid_parse_text(x->arg[1], &s->id))
		return register_none(x);
	register_show_ask(x, s);
	return NULL;
}

static const struct problem *show_answer(struct exchange *x)
{
	return register_show_reply(x, x->state, 200);
}

step_fn *const register_entry_steps[] = { show_load, show_answer, NULL };

/* ---- a page ---- */

struct listing {
	struct register_filter filter;
	const struct rows *found;
};

/* "2017-03-01_<uuid>" */
static bool read_cursor(struct exchange *x, const char *after, struct register_filter *f)
{
	const char *bar = strchr(after, '_');
	f->after =
		bar != NULL && uuid_parse_text(bar + 1, &f->after_id) &&
		text_to_date(arena_bytes(x->arena, after, (size_t)(bar - after)), &f->after_on);
	return f->after;
}

static const struct problem *read_span(struct exchange *x, struct register_filter *f)
{
	int64_t year = 0;
	const char *period = exchange_query(x, "period");
	const struct problem *p = app_query_int(x, "year", 1990, 2199, &year);
	if (p != NULL)
		return p;
	if (year > 0)
		f->span = ogi_span_of_year((int)year);
	if (period != NULL && !ogi_span_of_period(period, (int)year, &f->span))
		return problem(x, PROBLEM_BAD_QUERY,
			"period 应为 year 所给年度的季度或月份，如 2025Q1、2025M03。",
			"period must be a quarter or a month of the year given, such as 2025Q1 or 2025M03.");
	return NULL;
}

static const struct problem *list_load(struct exchange *x)
{
	static const char *const names[] = { "org", "rollup", "year", "period", "retracted",
		"limit", "after", NULL };
	struct listing *l = exchange_state(x, sizeof *l);
	struct register_filter *f = &l->filter;
	struct app_scope scope;
	const struct problem *p = register_of_path(x, &f->reg);
	if (p != NULL || (p = exchange_query_only(x, names)) != NULL ||
		(p = app_scope(x, &scope)) != NULL || (p = read_span(x, f)) != NULL ||
		(p = app_query_bool(x, "retracted", &f->retracted)) != NULL ||
		(p = app_query_limit(x, &f->limit)) != NULL)
		return p;
	const char *after = exchange_query(x, "after");
	if (after != NULL && !read_cursor(x, after, f))
		return problem(x, PROBLEM_BAD_QUERY, "after 应为上一页给出的 next。",
			"after must be the next of the page before.");
	f->scope = scope.ids;
	f->scopes = scope.count;
	l->found = register_ask_list(x->reads, f);
	return NULL;
}

static const struct problem *list_answer(struct exchange *x)
{
	struct listing *l = x->state;
	int n = rows_count(l->found);
	struct register_row row = { 0 };
	struct json_out o = app_reply(x, 200);
	out_object(&o, NULL);
	out_text(&o, "register", l->filter.reg->code);
	out_array(&o, "entries");
	for (int i = 0; i < n && i < l->filter.limit; i++) {
		register_read(l->found, i, x->arena, &row);
		out_object(&o, NULL);
		register_members(x, &o, &row);
		out_object_end(&o);
	}
	out_array_end(&o);
	const char *next = NULL;
	if (n > l->filter.limit) {
		char day[11], id[37];
		text_from_date(row.days.from, day);
		uuid_print(&row.id, id);
		next = arena_print(x->arena, "%s_%s", day, id);
	}
	out_text(&o, "next", next);
	out_object_end(&o);
	return NULL;
}

step_fn *const register_list_steps[] = { list_load, list_answer, NULL };
