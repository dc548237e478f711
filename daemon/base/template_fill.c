/* SPDX-License-Identifier: MulanPSL-2.0 */
/* base/template, filling in: walks the nodes with the values in reach at each. */
#include "base/template_parts.h"

#include <stdio.h>
#include <string.h>

enum { STEPS_MOST = 1000 * 1000 };

/* ---- values ---- */

/* What the sections around a place put in reach, outermost first. */
struct scope {
	const json_t *in[TEMPLATE_DEPTH + 1];
	int count;
};

static const json_t *member(const json_t *of, const char *name, size_t n)
{
	return json_is_object(of) ? json_object_getn(of, name, n) : NULL;
}

/* The value a name stands for here, or NULL. */
static const json_t *look_up(const struct scope *s, const char *name, size_t bytes)
{
	if (bytes == 1 && name[0] == '.')
		return s->in[s->count - 1];
	const char *end = name + bytes;
	const char *dot = memchr(name, '.', bytes);
	size_t first = dot != NULL ? (size_t)(dot - name) : bytes;
	const json_t *value = NULL;
	for (int i = s->count - 1; i >= 0 && value == NULL; i--)
		value = member(s->in[i], name, first);
	while (dot != NULL && value != NULL) {
		name = dot + 1;
		dot = memchr(name, '.', (size_t)(end - name));
		value = member(value, name, (size_t)((dot != NULL ? dot : end) - name));
	}
	return value;
}

static bool something(const json_t *value)
{
	if (value == NULL)
		return false;
	switch (json_typeof(value)) {
	case JSON_OBJECT:
		return json_object_size(value) > 0;
	case JSON_ARRAY:
		return json_array_size(value) > 0;
	case JSON_STRING:
		return json_string_length(value) > 0;
	case JSON_INTEGER:
		return json_integer_value(value) != 0;
	case JSON_REAL:
		return json_real_value(value) < 0 || json_real_value(value) > 0;
	case JSON_TRUE:
		return true;
	case JSON_FALSE:
	case JSON_NULL:
		return false;
	}
	return false;
}

/* ---- names ---- */

struct checker {
	struct arena *arena;
	const struct template_tree *t;
	struct scope scope;
	const char *pointer;
	struct faults *faults;
};

static void check_nodes(struct checker *k, int from, int to)
{
	for (int i = from; i < to; i++) {
		const struct node *n = &k->t->node[i];
		if (n->kind == NODE_TEXT)
			continue;
		const json_t *value = look_up(&k->scope, n->text, n->bytes);
		if (value == NULL)
			faults_add(k->faults, k->pointer, "unknown_field",
				arena_print(k->arena,
					"模板 %s 第 %d 行：没有名为 %.*s 的字段。", n->source,
					n->line, (int)n->bytes, n->text),
				arena_print(k->arena,
					"Template %s, line %d: there is no field %.*s.",
					n->source, n->line, (int)n->bytes, n->text));
		if (n->kind == NODE_VALUE)
			continue;
		if (value != NULL) {
			const json_t *inner =
				json_is_array(value) ? json_array_get(value, 0) : value;
			bool enters = n->kind == NODE_SECTION;
			if (enters)
				k->scope.in[k->scope.count++] = inner;
			check_nodes(k, i + 1, n->end);
			k->scope.count -= enters;
		}
		i = n->end - 1;
	}
}

bool template_check(struct arena *a, const struct template_tree *t, const json_t *example,
	const char *pointer, struct faults *f)
{
	struct checker k = { .arena = a, .t = t, .pointer = pointer, .faults = f };
	int before = f->count;
	k.scope.in[k.scope.count++] = example;
	check_nodes(&k, 0, t->count);
	return f->count == before;
}

/* ---- filling in ---- */

struct filler {
	const struct template_tree *t;
	struct scope scope;
	enum template_escape escape;
	struct buf *out;
	size_t limit; /* of out->used */
	int steps;
	bool over;
};

static void put(struct filler *f, const char *s, size_t n)
{
	if (n > f->limit - f->out->used)
		f->over = true;
	else
		buf_add(f->out, s, n);
}

static const char *reference(char c)
{
	switch (c) {
	case '&':
		return "&amp;";
	case '<':
		return "&lt;";
	case '>':
		return "&gt;";
	case '"':
		return "&quot;";
	case '\'':
		return "&#39;";
	default:
		return NULL;
	}
}

static void put_escaped(struct filler *f, const char *s, size_t n)
{
	size_t from = 0;
	for (size_t i = 0; i < n && !f->over; i++) {
		const char *instead = reference(s[i]);
		if (instead == NULL)
			continue;
		put(f, s + from, i - from);
		if (!f->over)
			put(f, instead, strlen(instead));
		from = i + 1;
	}
	if (!f->over)
		put(f, s + from, n - from);
}

static void put_value(struct filler *f, const json_t *value)
{
	char number[40];
	if (json_is_string(value)) {
		const char *s = json_string_value(value);
		size_t n = json_string_length(value);
		if (f->escape == TEMPLATE_HTML)
			put_escaped(f, s, n);
		else
			put(f, s, n);
		return;
	}
	if (json_is_integer(value))
		snprintf(number, sizeof number, "%" JSON_INTEGER_FORMAT,
			json_integer_value(value));
	else if (json_is_real(value))
		snprintf(number, sizeof number, "%.15g", json_real_value(value));
	else if (json_is_boolean(value))
		snprintf(number, sizeof number, "%s", json_is_true(value) ? "true" : "false");
	else
		return;
	put(f, number, strlen(number));
}

static void fill_nodes(struct filler *f, int from, int to);

static void fill_section(struct filler *f, int at, const json_t *value)
{
	int end = f->t->node[at].end;
	size_t times = json_is_array(value) ? json_array_size(value) : 1;
	for (size_t i = 0; i < times && !f->over; i++) {
		f->scope.in[f->scope.count++] =
			json_is_array(value) ? json_array_get(value, i) : value;
		fill_nodes(f, at + 1, end);
		f->scope.count--;
	}
}

static void fill_nodes(struct filler *f, int from, int to)
{
	if (++f->steps > STEPS_MOST)
		f->over = true;
	for (int i = from; i < to && !f->over; i++) {
		const struct node *n = &f->t->node[i];
		if (++f->steps > STEPS_MOST) {
			f->over = true;
			return;
		}
		if (n->kind == NODE_TEXT) {
			put(f, n->text, n->bytes);
			continue;
		}
		const json_t *value = look_up(&f->scope, n->text, n->bytes);
		if (n->kind == NODE_VALUE) {
			put_value(f, value);
			continue;
		}
		if (n->kind == NODE_SECTION && something(value))
			fill_section(f, i, value);
		else if (n->kind == NODE_INVERTED && !something(value))
			fill_nodes(f, i + 1, n->end);
		i = n->end - 1;
	}
}

bool template_fill(const struct template_tree *t, const json_t *data,
	enum template_escape escape, size_t most, struct buf *out)
{
	size_t before = out->used;
	struct filler f = {
		.t = t,
		.escape = escape,
		.out = out,
		.limit = most < SIZE_MAX - before ? before + most : SIZE_MAX,
	};
	f.scope.in[f.scope.count++] = data;
	fill_nodes(&f, 0, t->count);
	if (f.over && out->data != NULL) {
		out->used = before;
		out->data[before] = '\0';
	}
	return !f.over;
}
