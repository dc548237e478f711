/* SPDX-License-Identifier: MulanPSL-2.0 */
/* base/form: JSON into structs by rows, with every fault at once. */
#include "base/form.h"

#include "base/uuid.h"

#include <stdio.h>
#include <string.h>

enum { DEPTH_MOST = 32, VALUES_MOST = 65536, FAULTS_KEPT = 100, NAMED_CODES = 12 };

/* ---- faults ---- */

void faults_init(struct faults *f, struct arena *a)
{
	*f = (struct faults){ .arena = a };
}

void faults_add(
	struct faults *f, const char *pointer, const char *code, const char *zh, const char *en)
{
	if (f->kept < FAULTS_KEPT) {
		if (f->item == NULL)
			f->item = arena_array(f->arena, struct fault, FAULTS_KEPT);
		f->item[f->kept++] = (struct fault){ pointer, code, zh, en };
	}
	f->count++;
}

/* ---- bodies ---- */

/*
 * jansson allows depths and numbers of values that would make a small body a large tree; this
 * looks before it does. Brackets and commas inside strings do not count.
 */
static const char *too_much(const char *bytes, size_t n)
{
	int depth = 0, values = 0;
	bool text = false;
	for (size_t i = 0; i < n; i++) {
		char c = bytes[i];
		if (text) {
			if (c == '\\')
				i++;
			else if (c == '"')
				text = false;
		} else if (c == '"') {
			text = true;
		} else if (c == '[' || c == '{') {
			if (++depth > DEPTH_MOST)
				return "depth";
			values++;
		} else if (c == ']' || c == '}') {
			depth--;
		} else if (c == ',') {
			values++;
		}
		if (values > VALUES_MOST)
			return "values";
	}
	return NULL;
}

static void json_drop(void *json)
{
	json_decref(json);
}

/* What jansson found, in words of ours; the English is its own. */
static const char *fault_of_syntax(const json_error_t *e)
{
	switch (json_error_code(e)) {
	case json_error_invalid_utf8:
		return "不是正确的 UTF-8 编码，请以 UTF-8 重新保存";
	case json_error_duplicate_key:
		return "同一对象中有重名的字段，请只保留一个";
	case json_error_null_character:
	case json_error_null_byte_in_key:
		return "文本中不能有空字符（\\u0000），请删去";
	case json_error_numeric_overflow:
		return "数字过大，请改小";
	case json_error_premature_end_of_input:
		return "内容不完整，请检查是否缺少括号或引号";
	case json_error_end_of_input_expected:
		return "内容结束后还有多余的字符，请删去";
	case json_error_unknown:
	case json_error_out_of_memory:
	case json_error_stack_overflow:
	case json_error_cannot_open_file:
	case json_error_invalid_argument:
	case json_error_invalid_syntax:
	case json_error_invalid_format:
	case json_error_wrong_type:
	case json_error_null_value:
	case json_error_item_not_found:
	case json_error_index_out_of_range:
		break;
	}
	return "不是正确的 JSON，请检查这一处的引号、逗号和括号";
}

/* The sentence of jansson without the bytes it quotes: they may be anything, also half a
 * character. */
static const char *plain(struct arena *a, const char *text)
{
	size_t n = strcspn(text, "'\"");
	const char *near = strstr(text, " near ");
	if (near != NULL && (size_t)(near - text) < n)
		n = (size_t)(near - text);
	while (n > 0 && text[n - 1] == ' ')
		n--;
	return text_characters(text, n) > 0 ? arena_bytes(a, text, n) : "invalid JSON";
}

json_t *form_parse(struct arena *a, const char *bytes, size_t n, struct form_why *ret_why)
{
	json_error_t e = { .line = 0 };
	const char *much = too_much(bytes, n);
	if (much != NULL) {
		bool deep = strcmp(much, "depth") == 0;
		ret_why->zh = deep ? "JSON 嵌套超过 32 层，请减少层次。"
				   : "JSON 中的值超过 65536 个，请分几次提交。";
		ret_why->en = deep ? "The JSON is nested deeper than 32 levels; flatten it."
				   : "The JSON holds more than 65536 values; send it in parts.";
		ret_why->encoding = false;
		return NULL;
	}
	json_t *json = json_loadb(bytes, n, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &e);
	if (json == NULL) {
		ret_why->encoding = json_error_code(&e) == json_error_invalid_utf8;
		ret_why->zh = arena_print(
			a, "第 %d 行第 %d 列：%s。", e.line, e.column, fault_of_syntax(&e));
		ret_why->en = arena_print(
			a, "Line %d, column %d: %s.", e.line, e.column, plain(a, e.text));
		return NULL;
	}
	arena_at_end(a, json_drop, json);
	return json;
}

/* ---- where a fault is ---- */

/* The way to a value; made into a pointer only when there is a fault. */
struct place {
	const struct place *up; /* NULL: `name` is the prefix, taken as it is */
	const char *name;       /* NULL: an item of a list */
	int index;
};

static struct place in(const struct place *up, const char *name)
{
	return (struct place){ .up = up, .name = name };
}

static struct place item_of(const struct place *up, int index)
{
	return (struct place){ .up = up, .index = index };
}

/* RFC 6901: '~' and '/' in a name are written ~0 and ~1. */
static const char *escape_name(struct arena *a, const char *name)
{
	size_t n = strlen(name), at = 0;
	if (strcspn(name, "~/") == n)
		return name;
	char *s = arena_array(a, char, 2 * n + 1);
	for (; *name != '\0'; name++) {
		bool special = *name == '~' || *name == '/';
		if (special) {
			s[at++] = '~';
			s[at++] = *name == '~' ? '0' : '1';
		} else {
			s[at++] = *name;
		}
	}
	return s;
}

static const char *pointer(struct arena *a, const struct place *p)
{
	if (p->up == NULL)
		return p->name;
	const char *up = pointer(a, p->up);
	if (p->name == NULL)
		return arena_print(a, "%s/%d", up, p->index);
	return arena_print(a, "%s/%s", up, escape_name(a, p->name));
}

struct reader {
	struct faults *faults; /* NULL: stored JSON, nothing is checked */
	struct arena *arena;
	bool keep; /* what is not given stays as it is */
};

static void fault(struct reader *r, const struct place *p, const char *code, const char *zh,
	const char *en)
{
	if (r->faults == NULL)
		return;
	if (r->faults->kept == FAULTS_KEPT)
		r->faults->count++;
	else
		faults_add(r->faults, pointer(r->arena, p), code, zh, en);
}

static void fault_type(struct reader *r, const struct place *p, const char *zh, const char *en)
{
	if (r->faults == NULL)
		return;
	fault(r, p, "type", arena_print(r->arena, "此处应为%s，请改正。", zh),
		arena_print(r->arena, "This must be %s.", en));
}

static void fault_required(struct reader *r, const struct place *p)
{
	fault(r, p, "required", "此项必填，请填写。",
		"This field is required; give it a value.");
}

/* ---- values ---- */

/* A wrong text; `code` comes from text_fault(). */
static void fault_text(struct reader *r, const struct place *p, const char *code, int32_t min,
	int32_t max, long is)
{
	struct arena *a = r->arena;
	if (strcmp(code, "too_long") == 0)
		fault(r, p, code,
			arena_print(a, "最多 %d 个字符，现有 %ld 个，请缩短。", max, is),
			arena_print(a, "At most %d characters, but there are %ld; shorten it.",
				max, is));
	else if (strcmp(code, "too_short") == 0)
		fault(r, p, code,
			arena_print(a, "至少 %d 个字符，现有 %ld 个，请补充。", min, is),
			arena_print(a, "At least %d characters, but there are %ld; say more.",
				min, is));
	else if (strcmp(code, "control_character") == 0)
		fault(r, p, code, "含有不可见的控制字符（如换行、制表符或退格），请删去。",
			"Holds control characters (such as a line break, tab or backspace); remove them.");
	else
		fault(r, p, code, "不是正确的 UTF-8 编码，请重新输入。",
			"This is not valid UTF-8; enter it anew.");
}

/* A text of min..max characters, or NULL after a fault. */
static const char *read_text(struct reader *r, const struct place *p, const json_t *v,
	const struct field *row, int32_t min, int32_t max)
{
	const char *s = json_string_value(v);
	if (s == NULL) {
		fault_type(r, p, "文本（字符串）", "a text (string)");
		return NULL;
	}
	if (r->faults == NULL)
		return s;
	const char *code = text_fault(s, json_string_length(v), min, max, row->flags);
	if (code == NULL)
		return s;
	fault_text(r, p, code, min, max, text_characters(s, json_string_length(v)));
	return NULL;
}

static void read_line(struct reader *r, const struct place *p, const json_t *v,
	const struct field *row, const char **field)
{
	const char *s = read_text(r, p, v, row, row->min, row->max);
	if (s != NULL)
		*field = s;
}

static void read_date(
	struct reader *r, const struct place *p, const json_t *v, struct ogi_date *field)
{
	const char *s = json_string_value(v);
	if (s == NULL)
		fault_type(r, p, "日期，如 \"2025-04-21\"", "a date such as \"2025-04-21\"");
	else if (!text_to_date(s, field))
		fault(r, p, "date",
			"不是有效的日期，请按 年-月-日 填写，如 2025-04-21（1900 至 2199 年）。",
			"Not a date that exists; write it as YYYY-MM-DD, such as 2025-04-21 (years 1900 to 2199).");
}

static void read_int(struct reader *r, const struct place *p, const json_t *v,
	const struct field *row, int32_t *field)
{
	if (!json_is_integer(v)) {
		fault_type(r, p, "整数（不加引号）", "a whole number (without quotes)");
		return;
	}
	bool open = row->min == 0 && row->max == 0;
	int32_t min = open || r->faults == NULL ? INT32_MIN : row->min;
	int32_t max = open || r->faults == NULL ? INT32_MAX : row->max;
	json_int_t value = json_integer_value(v);
	if (value >= min && value <= max)
		*field = (int32_t)value;
	else
		fault(r, p, "range",
			arena_print(r->arena, "应在 %d 至 %d 之间，请改正。", min, max),
			arena_print(r->arena, "Must be between %d and %d.", min, max));
}

/* A double holds every number with four decimals exactly enough up to 2^53 ten-thousandths. */
static void read_decimal(struct reader *r, const struct place *p, const json_t *v,
	const struct field *row, int64_t *field)
{
	enum { PARTS = 10000, NEARLY = 200 }; /* a sixth decimal is seen */
	if (!json_is_number(v)) {
		fault_type(r, p, "数字（不加引号）", "a number (without quotes)");
		return;
	}
	bool open = row->min == 0 && row->max == 0;
	double value = json_number_value(v);
	double min = open || r->faults == NULL ? INT32_MIN : row->min;
	double max = open || r->faults == NULL ? INT32_MAX : row->max;
	if (value < min || value > max) {
		fault(r, p, "range",
			arena_print(r->arena, "应在 %.0f 至 %.0f 之间，请改正。", min, max),
			arena_print(r->arena, "Must be between %.0f and %.0f.", min, max));
		return;
	}
	double parts = value * PARTS;
	int64_t whole = (int64_t)(parts < 0 ? parts - 0.5 : parts + 0.5);
	double beyond = (parts - (double)whole) * NEARLY;
	if (beyond > -1 && beyond < 1)
		*field = whole;
	else
		fault(r, p, "decimals", "最多四位小数，请改正。", "At most four decimals.");
}

static void read_bool(struct reader *r, const struct place *p, const json_t *v, bool *field)
{
	if (json_is_boolean(v))
		*field = json_is_true(v);
	else
		fault_type(
			r, p, " true 或 false（不加引号）", "true or false (without quotes)");
}

/* "a, b, c": the codes one may use, the first dozen of them; not "", which means none. */
static const char *codes_named(struct arena *a, const struct code *list)
{
	const char *all = "";
	int from = code_absent(list) + 1;
	for (int i = from; list[i].code != NULL; i++) {
		if (i - from == NAMED_CODES)
			return arena_print(a, "%s, …", all);
		all = arena_print(a, "%s%s%s", all, i > from ? ", " : "", list[i].code);
	}
	return all;
}

static void read_code(struct reader *r, const struct place *p, const json_t *v,
	const struct field *row, int32_t *field)
{
	const char *s = json_string_value(v);
	if (code_find(row->codes, "true") >= 0) { /* a boolean that may be absent */
		if (!json_is_boolean(v)) {
			fault_type(r, p, " true 或 false（不加引号）",
				"true or false (without quotes)");
			return;
		}
		s = json_is_true(v) ? "true" : "false";
	}
	if (s == NULL) {
		fault_type(r, p, "代码（字符串）", "a code (string)");
		return;
	}
	int index = code_find(row->codes, s);
	if (index >= 0) {
		*field = index;
	} else if (r->faults != NULL) {
		const char *known = codes_named(r->arena, row->codes);
		fault(r, p, "unknown_code",
			arena_print(r->arena, "没有这个代码，请从下列代码中选用：%s。", known),
			arena_print(r->arena, "There is no such code; use one of: %s.", known));
	}
}

static void read_uuid(
	struct reader *r, const struct place *p, const json_t *v, struct uuid *field)
{
	const char *s = json_string_value(v);
	if (s == NULL)
		fault_type(r, p, " uuid（字符串）", "a uuid (string)");
	else if (!uuid_parse_text(s, field))
		fault(r, p, "uuid",
			"不是正确的 uuid，请填写 36 个字符，如 01920000-0000-7000-8000-000000000000。",
			"Not a uuid; write 36 characters such as 01920000-0000-7000-8000-000000000000.");
}

/* True when the list may be read: it is one, and its length fits. */
static bool fits(
	struct reader *r, const struct place *p, const json_t *v, const struct field *row)
{
	if (!json_is_array(v)) {
		fault_type(r, p, "列表", "a list");
		return false;
	}
	size_t n = json_array_size(v);
	if (r->faults == NULL)
		return true;
	if (row->max > 0 && n > (size_t)row->max) {
		fault(r, p, "too_many",
			arena_print(r->arena, "最多 %d 项，现有 %zu 项，请减少。", row->max, n),
			arena_print(r->arena,
				"At most %d items, but there are %zu; give fewer.", row->max,
				n));
		return false;
	}
	if (row->min > 0 && n < (size_t)row->min)
		fault(r, p, "too_few",
			arena_print(r->arena, "至少 %d 项，现有 %zu 项，请补充。", row->min, n),
			arena_print(r->arena,
				"At least %d items, but there are %zu; give more.", row->min,
				n));
	return true;
}

static void read_texts(struct reader *r, const struct place *p, const json_t *v,
	const struct field *row, struct texts *field)
{
	if (!fits(r, p, v, row))
		return;
	int n = (int)json_array_size(v), kept = 0;
	const char **list = arena_array(r->arena, const char *, n);
	for (int i = 0; i < n; i++) {
		struct place here = item_of(p, i);
		const char *s = read_text(
			r, &here, json_array_get(v, (size_t)i), row, 1, row->item_max);
		if (s != NULL)
			list[kept++] = s;
	}
	*field = (struct texts){ list, kept };
}

static void read_rows(struct reader *r, const struct place *p, const json_t *object,
	const struct field *rows, void *base);

static void read_objects(struct reader *r, const struct place *p, const json_t *v,
	const struct field *row, struct objects *field)
{
	if (!fits(r, p, v, row))
		return;
	int n = (int)json_array_size(v);
	char *list = arena_many(r->arena, (size_t)n, row->item);
	struct reader whole = *r;
	whole.keep = false; /* items are always new */
	for (int i = 0; i < n; i++) {
		struct place here = item_of(p, i);
		read_rows(&whole, &here, json_array_get(v, (size_t)i), row->fields,
			list + row->item * (size_t)i);
	}
	*field = (struct objects){ list, n };
}

/* ---- rows ---- */

/* Codes are absent as code_absent(), everything else as zero. */
static void blank(const struct field *rows, void *base)
{
	for (const struct field *row = rows; row->name != NULL; row++) {
		if (row->type == FIELD_CODE && (row->flags & FIELD_LOOSE) == 0) {
			int32_t absent = code_absent(row->codes);
			memcpy((char *)base + row->at, &absent, sizeof absent);
		} else if (row->type == FIELD_OBJECT)
			blank(row->fields, (char *)base + row->at);
	}
}

/* Not given, or given as nothing where something is wanted. */
static bool is_missing(const json_t *v, const struct field *row)
{
	if (v == NULL || json_is_null(v))
		return true;
	if ((row->flags & FIELD_REQUIRED) == 0)
		return false;
	if (json_is_array(v))
		return json_array_size(v) == 0 &&
		       (row->type == FIELD_TEXTS || row->type == FIELD_OBJECTS);
	return json_is_string(v) && json_string_length(v) == 0;
}

static void read_value(struct reader *r, const struct place *p, json_t *v,
	const struct field *row, void *field)
{
	switch (row->type) {
	case FIELD_TEXT:
		read_line(r, p, v, row, field);
		break;
	case FIELD_DATE:
		read_date(r, p, v, field);
		break;
	case FIELD_INT:
		read_int(r, p, v, row, field);
		break;
	case FIELD_DECIMAL:
		read_decimal(r, p, v, row, field);
		break;
	case FIELD_BOOL:
		read_bool(r, p, v, field);
		break;
	case FIELD_CODE:
		if ((row->flags & FIELD_LOOSE) == 0)
			read_code(r, p, v, row, field);
		else
			read_line(r, p, v, row, field);
		break;
	case FIELD_UUID:
		read_uuid(r, p, v, field);
		break;
	case FIELD_TEXTS:
		read_texts(r, p, v, row, field);
		break;
	case FIELD_OBJECT:
		read_rows(r, p, v, row->fields, field);
		break;
	case FIELD_OBJECTS:
		read_objects(r, p, v, row, field);
		break;
	case FIELD_RAW:
		*(json_t **)field = v;
		break;
	}
}

static void find_unknown(
	struct reader *r, const struct place *p, const json_t *value, const struct field *rows)
{
	/* Walking changes nothing, but jansson's iterator wants a writable object. */
	union {
		const json_t *is;
		json_t *seems;
	} object = { .is = value };
	for (void *at = json_object_iter(object.seems); at != NULL;
		at = json_object_iter_next(object.seems, at)) {
		const char *key = json_object_iter_key(at);
		const struct field *row = rows;
		while (row->name != NULL && strcmp(row->name, key) != 0)
			row++;
		struct place here = in(p, key);
		if (row->name == NULL)
			fault(r, &here, "unknown_field", "没有这个字段，请删去或改正名称。",
				"There is no such field; remove it or correct its name.");
	}
}

static void read_rows(struct reader *r, const struct place *p, const json_t *object,
	const struct field *rows, void *base)
{
	if (!r->keep)
		blank(rows, base);
	if (!json_is_object(object)) {
		if (object != NULL)
			fault_type(r, p, "对象", "an object");
		return;
	}
	size_t known = 0;
	for (const struct field *row = rows; row->name != NULL; row++) {
		json_t *v = json_object_get(object, row->name);
		known += v != NULL;
		struct place here = in(p, row->name);
		if (!is_missing(v, row))
			read_value(r, &here, v, row, (char *)base + row->at);
		else if ((row->flags & FIELD_REQUIRED) != 0)
			fault_required(r, &here);
	}
	if (r->faults != NULL && known < json_object_size(object))
		find_unknown(r, p, object, rows);
}

bool form_read(const json_t *object, const struct field *fields, void *base, const char *prefix,
	struct faults *f)
{
	struct reader r = { .faults = f, .arena = f->arena };
	struct place top = { .name = prefix };
	int before = f->count;
	if (object == NULL)
		object = json_null();
	read_rows(&r, &top, object, fields, base);
	return f->count == before;
}

void form_load(const json_t *object, const struct field *fields, void *base, struct arena *a)
{
	struct reader r = { .arena = a };
	struct place top = { .name = "" };
	read_rows(&r, &top, object, fields, base);
}

void form_load_more(
	const json_t *object, const struct field *fields, void *base, struct arena *a)
{
	struct reader r = { .arena = a, .keep = true };
	struct place top = { .name = "" };
	read_rows(&r, &top, object, fields, base);
}
