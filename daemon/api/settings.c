/* SPDX-License-Identifier: MulanPSL-2.0 */
/* api/settings: the rules an organisation sets for itself and those below it, with effective
 * dates: GET /v1/settings, PUT and POST /v1/settings. */
#include "api/steps.h"
#include "api/trace.h"
#include "store/setting.h"

#include <string.h>

/* The day from which settings can hold: the first of the Regulations. */
static struct ogi_date first_day(void)
{
	return (struct ogi_date){ OGI_R2008_FIRST_DAY };
}

/* ---- showing ---- */

static void value_write(struct json_out *o, const char *name, int setting, const char *text)
{
	const struct ogi_setting_row *row = &ogi_setting_rows[setting];
	int32_t value;
	if (text == NULL || !ogi_setting_parse(setting, text, &value))
		out_null(o, name);
	else if (row->type == OGI_SETTING_FLAG)
		out_bool(o, name, value != 0);
	else if (row->type == OGI_SETTING_TEXT)
		out_text(o, name, text);
	else if (row->type == OGI_SETTING_NUMBER)
		out_number(o, name, value);
	else
		out_text(o, name, row->codes[value].code);
}

static const char *preset_text(struct exchange *x, int setting)
{
	const struct ogi_setting_row *row = &ogi_setting_rows[setting];
	if (row->type == OGI_SETTING_TEXT)
		return NULL;
	return row->codes != NULL ? row->codes[row->preset].code
				  : arena_print(x->arena, "%d", row->preset);
}

static void type_write(struct json_out *o, const struct ogi_setting_row *row)
{
	static const char *const types[] = { "code", "integer", "boolean", "string" };
	out_text(o, "type", types[row->type]);
	if (row->type == OGI_SETTING_NUMBER || row->type == OGI_SETTING_TEXT) {
		out_number(o, "min", row->min);
		out_number(o, "max", row->max);
	} else if (row->type == OGI_SETTING_CODE) {
		out_array(o, "codes");
		for (const struct code *k = row->codes; k->code != NULL; k++) {
			out_object(o, NULL);
			out_text(o, "code", k->code);
			out_text(o, "zh", k->zh);
			out_text(o, "en", k->en);
			out_object_end(o);
		}
		out_array_end(o);
	}
}

static void history_write(
	struct json_out *o, const struct directory *d, int32_t org, int setting)
{
	const struct directory_setting *s;
	out_array(o, "history");
	for (int n = directory_settings(d, &s), i = 0; i < n; i++) {
		if (strcmp(s[i].name, ogi_setting_rows[setting].name) != 0 ||
			!directory_within(d, org, s[i].org))
			continue;
		const struct directory_user *by = directory_user_by_id(d, s[i].by);
		out_object(o, NULL);
		out_text(o, "org", directory_org(d, s[i].org)->code);
		value_write(o, "value", setting, s[i].value);
		out_date(o, "valid_from", s[i].valid_from);
		out_instant(o, "set_at", s[i].at);
		out_text(o, "set_by", by != NULL ? by->login : NULL);
		out_object_end(o);
	}
	out_array_end(o);
}

static void setting_write(struct exchange *x, struct json_out *o,
	const struct directory_org *org, int setting, struct ogi_date on)
{
	const struct directory *d = app_directory(x);
	const struct ogi_setting_row *row = &ogi_setting_rows[setting];
	const struct directory_setting *s =
		setting_in_force(d, org->id, row->name, on, INT32_MAX);
	out_object(o, NULL);
	out_text(o, "name", row->name);
	value_write(o, "value", setting, s != NULL ? s->value : preset_text(x, setting));
	value_write(o, "preset", setting, preset_text(x, setting));
	out_text(o, "org", s != NULL ? directory_org(d, s->org)->code : NULL);
	out_date(o, "valid_from", s != NULL ? s->valid_from : (struct ogi_date){ 0 });
	type_write(o, row);
	out_text(o, "zh", row->zh);
	out_text(o, "en", row->en);
	out_text(o, "source", row->source);
	history_write(o, d, org->id, setting);
	out_object_end(o);
}

static void settings_reply(
	struct exchange *x, int status, const struct directory_org *org, struct ogi_date on)
{
	struct json_out o = app_reply(x, status);
	out_object(&o, NULL);
	out_text(&o, "org", org->code);
	out_date(&o, "on", on);
	out_array(&o, "settings");
	for (int i = 0; i < OGI_SETTINGS; i++)
		setting_write(x, &o, org, i, on);
	out_array_end(&o);
	out_object_end(&o);
}

static const struct problem *show_answer(struct exchange *x)
{
	static const char *const names[] = { "org", "on", NULL };
	const struct directory_org *org;
	struct ogi_date on = x->today;
	const struct problem *no = exchange_query_only(x, names);
	if (no != NULL || (no = app_query_date(x, "on", &on)) != NULL ||
		(no = app_org(x, exchange_query(x, "org"), &org)) != NULL)
		return no;
	settings_reply(x, 200, org, on);
	return NULL;
}

step_fn *const setting_list_steps[] = { show_answer, NULL };

/* ---- setting ---- */

struct setting_form {
	const char *org, *name;
	json_t *value;
	struct ogi_date valid_from;
};
#define AT(f) offsetof(struct setting_form, f)
/* clang-format off */
static const struct field setting_rows[] = {
	{ .name = "org", .type = FIELD_TEXT, .at = AT(org), .min = 1, .max = 32 },
	{ .name = "name", .type = FIELD_TEXT, .at = AT(name), .flags = FIELD_REQUIRED, .min = 1, .max = 64 },
	{ .name = "value", .type = FIELD_RAW, .at = AT(value) },
	{ .name = "valid_from", .type = FIELD_DATE, .at = AT(valid_from) },
	{ .name = NULL },
};
/* clang-format on */

struct setting_up {
	struct setting_form form;
	int setting;
	const char *value; /* as it is stored */
	const struct directory_org *org;
	struct trace trace;
	struct directory_questions questions;
};

/* The text of a JSON value, NULL when it is none a setting can have; null is "". */
static const char *value_text(struct exchange *x, const json_t *value, int setting)
{
	enum ogi_setting_type type = ogi_setting_rows[setting].type;
	if (json_is_null(value))
		return "";
	if (json_is_boolean(value) && type == OGI_SETTING_FLAG)
		return json_is_true(value) ? "on" : "off";
	if (json_is_integer(value) && type == OGI_SETTING_NUMBER)
		return arena_print(
			x->arena, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
	return type != OGI_SETTING_NUMBER ? json_string_value(value) : NULL;
}

static void value_check(struct exchange *x, struct setting_up *s, struct faults *f)
{
	const struct ogi_setting_row *row = &ogi_setting_rows[s->setting];
	const json_t *value = json_object_get(x->json, "value");
	int32_t parsed;
	if (value == NULL) {
		faults_add(f, "/value", "required", "请给出取值；null 表示不再设定。",
			"Give the value; null takes the setting away.");
		return;
	}
	s->value = value_text(x, value, s->setting);
	if (s->value == NULL)
		faults_add(f, "/value", "type", "取值类型不符，见该项的 type。",
			"The value has another type; see the `type` of the setting.");
	else if (s->value[0] == '\0' && !json_is_null(value))
		faults_add(f, "/value", "unknown_code", "没有这个取值，见该项的 codes。",
			"There is no such value; see the `codes` of the setting.");
	else if (s->value[0] != '\0' && !ogi_setting_parse(s->setting, s->value, &parsed))
		faults_add(f, "/value", row->codes != NULL ? "unknown_code" : "range",
			row->codes != NULL ? "没有这个取值，见该项的 codes。"
					   : "超出允许的范围，见该项的 min 和 max。",
			row->codes != NULL
				? "There is no such value; see the `codes` of the setting."
				: "Out of range; see `min` and `max` of the setting.");
}

static const struct problem *set_load(struct exchange *x)
{
	struct setting_up *s = exchange_state(x, sizeof *s);
	struct faults *f = app_form(x, setting_rows, &s->form);
	s->setting = ogi_setting_find(s->form.name);
	if (s->form.name != NULL && s->setting < 0)
		faults_add(f, "/name", "unknown_code", "没有这个设置项，见 GET /v1/settings。",
			"There is no such setting; see GET /v1/settings.");
	if (s->setting >= 0)
		value_check(x, s, f);
	if (!ogi_is_date(s->form.valid_from))
		s->form.valid_from = x->today;
	if (ogi_before(s->form.valid_from, first_day()))
		faults_add(f, "/valid_from", "before_regulations",
			"早于2008年5月1日条例施行，请核对日期。",
			"Before 2008-05-01 there were no Regulations; check the date.");
	if (f->count > 0)
		return problem_faults(x, f);
	const struct problem *no = app_org(x, s->form.org, &s->org);
	if (no == NULL)
		trace_ask(x, &s->trace, s->org->id);
	return no;
}

static const char *change_told(struct exchange *x, const struct setting_up *s)
{
	const struct directory_setting *before = setting_in_force(
		app_directory(x), s->org->id, s->form.name, s->form.valid_from, INT32_MAX);
	struct buf detail = { 0 };
	struct json_out o = json_to(&detail);
	out_object(&o, NULL);
	out_date(&o, "valid_from", s->form.valid_from);
	value_write(&o, "before", s->setting,
		before != NULL ? before->value : preset_text(x, s->setting));
	value_write(&o, "after", s->setting, s->value[0] != '\0' ? s->value : NULL);
	out_object_end(&o);
	const char *text = arena_text(x->arena, detail.data);
	buf_clear(&detail);
	return text;
}

static const struct problem *set_write(struct exchange *x)
{
	struct setting_up *s = x->state;
	const struct problem *no = trace_learn(x, &s->trace);
	if (no != NULL || s->trace.replay)
		return no;
	int status = x->method == METHOD_POST ? 201 : 200;
	trace_write(x, &s->trace, "setting.set", s->form.name, change_told(x, s), status);
	struct setting_new setting = {
		.org = s->org->id,
		.by = x->who->user,
		.name = s->form.name,
		.value = s->value,
		.valid_from = s->form.valid_from,
		.now = x->now,
	};
	setting_ask_add(x->writes, &s->trace.mark, &setting);
	return NULL;
}

static const struct problem *set_refresh(struct exchange *x)
{
	struct setting_up *s = x->state;
	if (!s->trace.replay && !trace_written(x, &s->trace))
		return exchange_again(x);
	app_refresh_ask(x, &s->questions);
	return NULL;
}

static const struct problem *set_answer(struct exchange *x)
{
	struct setting_up *s = x->state;
	app_refresh_take(x, &s->questions);
	trace_replayed(x, &s->trace);
	const struct directory_org *org = directory_org(app_directory(x), s->org->id);
	if (org == NULL)
		return problem(x, PROBLEM_INTERNAL, NULL, NULL);
	settings_reply(x, x->method == METHOD_POST ? 201 : 200, org,
		ogi_before(s->form.valid_from, x->today) ? x->today : s->form.valid_from);
	return NULL;
}

step_fn *const setting_add_steps[] = { set_load, set_write, set_refresh, set_answer, NULL };
