/* SPDX-License-Identifier: MulanPSL-2.0 */
/* base/template, reading: a source becomes a list of nodes, other sources in their place. */
#include "base/template_parts.h"

#include <string.h>

enum { NAME_BYTES = 64, READ_MOST = 16 * TEMPLATE_BYTES };

struct parser {
	struct arena *arena;
	struct template_tree *t;
	const struct template_source *parts;
	int part_count;
	const struct template_source *within[TEMPLATE_PARTS + 1]; /* the sources being read */
	int depth;
	int open[TEMPLATE_DEPTH]; /* nodes of the sections not closed yet */
	int opened;
	size_t read; /* bytes of sources, each time they are read */
	bool full;   /* too large: said once */
	const char *pointer;
	struct faults *faults;
};

/* Where the parser stands in a source. */
struct cursor {
	const struct template_source *source;
	size_t at;   /* next byte */
	size_t text; /* the passage not kept yet begins here */
	size_t seen; /* lines are counted up to here */
	int line;
};

/* A tag: "{{" at `from`, first byte behind "}}" at `to`. */
struct tag {
	char sigil; /* '#', '^', '/', '>', '!', or 0 for a value */
	const char *name;
	size_t bytes;
	size_t from, to;
};

static void complain(struct parser *p, const struct template_source *source, int line,
	const char *code, const char *zh, const char *en)
{
	faults_add(p->faults, p->pointer, code,
		arena_print(p->arena, "模板 %s 第 %d 行：%s", source->name, line, zh),
		arena_print(p->arena, "Template %s, line %d: %s", source->name, line, en));
}

static void too_large(struct parser *p, const struct template_source *source, int line)
{
	if (!p->full)
		complain(p, source, line, "template_size", "模板过大，请删减。",
			"The template is too large; shorten it.");
	p->full = true;
}

/* More faults than are kept, or too large: reading on would be work for nothing. */
static bool given_up(const struct parser *p)
{
	return p->full || p->faults->count > p->faults->kept;
}

static int add_node(struct parser *p, const struct cursor *c, enum node_kind kind,
	const char *text, size_t bytes)
{
	struct template_tree *t = p->t;
	if (t->count == TEMPLATE_NODES) {
		too_large(p, c->source, c->line);
		return -1;
	}
	if (t->count == t->size) {
		struct node *old = t->node;
		t->size = t->size > 0 ? 2 * t->size : 64;
		t->node = arena_array(p->arena, struct node, t->size);
		if (old != NULL)
			memcpy(t->node, old, (size_t)t->count * sizeof *old);
	}
	t->node[t->count] = (struct node){
		.kind = kind,
		.line = c->line,
		.text = text,
		.bytes = bytes,
		.source = c->source->name,
	};
	return t->count++;
}

/* ---- tags ---- */

static bool blank(char c)
{
	return c == ' ' || c == '\t';
}

static bool name_byte(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '_' || c == '-';
}

/* "." alone, or parts of name bytes with single dots between. */
static bool good_name(const char *s, size_t n)
{
	if (n == 1 && s[0] == '.')
		return true;
	if (n == 0 || n > NAME_BYTES || s[0] == '.' || s[n - 1] == '.')
		return false;
	for (size_t i = 0; i < n; i++)
		if (!name_byte(s[i]) && (s[i] != '.' || s[i - 1] == '.'))
			return false;
	return true;
}

static const char *find_pair(const struct template_source *s, size_t at, const char *pair)
{
	return at < s->bytes ? memmem(s->text + at, s->bytes - at, pair, 2) : NULL;
}

/* The tag that begins at `from`; false when it does not end or says nothing known. */
static bool read_tag(const struct template_source *s, size_t from, struct tag *ret_tag)
{
	const char *end = find_pair(s, from + 2, "}}");
	if (end == NULL)
		return false;
	struct tag tag = { .from = from, .to = (size_t)(end - s->text) + 2 };
	const char *name = s->text + from + 2;
	if (name < end && strchr("#^/>!", *name) != NULL)
		tag.sigil = *name++;
	while (name < end && blank(*name))
		name++;
	while (end > name && blank(end[-1]))
		end--;
	tag.name = name;
	tag.bytes = (size_t)(end - name);
	*ret_tag = tag;
	return tag.sigil == '!' || good_name(name, tag.bytes);
}

/* A tag alone on its line is widened to the line: *from and *to get its bounds. */
static void whole_line(const struct template_source *s, size_t *from, size_t *to)
{
	size_t first = *from, last = *to;
	while (first > 0 && blank(s->text[first - 1]))
		first--;
	while (last < s->bytes && blank(s->text[last]))
		last++;
	if (last < s->bytes && s->text[last] == '\r')
		last++;
	bool begins = first == 0 || s->text[first - 1] == '\n';
	bool ends = last == s->bytes || s->text[last] == '\n';
	if (begins && ends) {
		*from = first;
		*to = last < s->bytes ? last + 1 : last;
	}
}

/* ---- sources ---- */

static void read_source(struct parser *p, const struct template_source *source);

static void open_section(struct parser *p, const struct cursor *c, const struct tag *tag)
{
	if (p->opened == TEMPLATE_DEPTH) {
		complain(p, c->source, c->line, "template_depth", "区块嵌套过深，请简化。",
			"Sections stand too deep in each other; simplify them.");
		return;
	}
	int node = add_node(
		p, c, tag->sigil == '#' ? NODE_SECTION : NODE_INVERTED, tag->name, tag->bytes);
	if (node >= 0)
		p->open[p->opened++] = node;
}

static void close_section(
	struct parser *p, const struct cursor *c, const struct tag *tag, int floor)
{
	if (p->opened > floor) {
		struct node *open = &p->t->node[p->open[p->opened - 1]];
		if (open->bytes == tag->bytes &&
			memcmp(open->text, tag->name, tag->bytes) == 0) {
			open->end = p->t->count;
			p->opened--;
			return;
		}
	}
	complain(p, c->source, c->line, "template_section",
		arena_print(p->arena, "{{/%.*s}} 没有对应的开始标记，请核对。", (int)tag->bytes,
			tag->name),
		arena_print(p->arena, "{{/%.*s}} closes nothing that is open here; check it.",
			(int)tag->bytes, tag->name));
}

static void read_part(struct parser *p, const struct cursor *c, const struct tag *tag)
{
	const struct template_source *part = NULL;
	for (int i = 0; i < p->part_count && part == NULL; i++)
		if (strlen(p->parts[i].name) == tag->bytes &&
			memcmp(p->parts[i].name, tag->name, tag->bytes) == 0)
			part = &p->parts[i];
	for (int i = 0; i < p->depth && part != NULL; i++)
		if (p->within[i] == part)
			part = NULL;
	if (part == NULL)
		complain(p, c->source, c->line, "template_part",
			arena_print(p->arena, "没有名为 %.*s 的模板片段，或其引用了自身。",
				(int)tag->bytes, tag->name),
			arena_print(p->arena, "There is no part %.*s, or it names itself.",
				(int)tag->bytes, tag->name));
	else if (p->depth > TEMPLATE_PARTS)
		complain(p, c->source, c->line, "template_depth", "模板片段嵌套过深，请简化。",
			"Parts stand too deep in each other; simplify them.");
	else
		read_source(p, part);
}

static void take_tag(struct parser *p, struct cursor *c, const struct tag *tag, int floor)
{
	size_t from = tag->from, to = tag->to;
	const char *text = c->source->text;
	if (tag->sigil != 0)
		whole_line(c->source, &from, &to);
	if (from < c->text)
		from = c->text;
	if (from > c->text)
		add_node(p, c, NODE_TEXT, text + c->text, from - c->text);
	for (; c->seen < tag->from; c->seen++)
		c->line += text[c->seen] == '\n';
	c->at = c->text = to;
	switch (tag->sigil) {
	case '#':
	case '^':
		open_section(p, c, tag);
		break;
	case '/':
		close_section(p, c, tag, floor);
		break;
	case '>':
		read_part(p, c, tag);
		break;
	case 0:
		add_node(p, c, NODE_VALUE, tag->name, tag->bytes);
		break;
	default: /* a comment */
		break;
	}
}

/* Nothing but well-formed text reaches a page, and parts that name parts end. */
static bool sound(struct parser *p, const struct template_source *s)
{
	p->read += s->bytes;
	if (p->read > READ_MOST && s->bytes <= TEMPLATE_BYTES) {
		too_large(p, s, 1);
		return false;
	}
	const char *fault = s->bytes > TEMPLATE_BYTES
				    ? "too_long"
				    : text_fault(s->text, s->bytes, 0, 0, FIELD_MULTILINE);
	if (fault != NULL)
		complain(p, s, 1, fault, "模板过长，或含有控制字符、非 UTF-8 字节。",
			"The template is too long, or has control characters or bytes that are not UTF-8.");
	return fault == NULL;
}

static void read_source(struct parser *p, const struct template_source *source)
{
	struct cursor c = { .source = source, .line = 1 };
	int floor = p->opened;
	if (!sound(p, source))
		return;
	p->within[p->depth++] = source;
	for (const char *found;
		!given_up(p) && (found = find_pair(source, c.at, "{{")) != NULL;) {
		struct tag tag;
		size_t from = (size_t)(found - source->text);
		if (read_tag(source, from, &tag)) {
			take_tag(p, &c, &tag, floor);
			continue;
		}
		for (; c.seen < from; c.seen++)
			c.line += source->text[c.seen] == '\n';
		complain(p, source, c.line, "template_tag",
			"标记没有结束，或不是可用的标记；值写作 {{名称}}，不支持不转义的输出。",
			"The tag does not end or is none of those known; a value is {{name}}, raw output does not exist.");
		c.at = from + 2;
	}
	if (c.text < source->bytes)
		add_node(p, &c, NODE_TEXT, source->text + c.text, source->bytes - c.text);
	for (; p->opened > floor && !given_up(p); p->opened--) {
		const struct node *open = &p->t->node[p->open[p->opened - 1]];
		complain(p, source, open->line, "template_section",
			arena_print(p->arena, "区块 %.*s 没有结束标记，请补上。",
				(int)open->bytes, open->text),
			arena_print(p->arena, "Section %.*s is not closed; close it.",
				(int)open->bytes, open->text));
	}
	p->depth--;
}

const struct template_tree *template_parse(struct arena *a,
	const struct template_source *source, const struct template_source *parts, int count,
	const char *pointer, struct faults *f)
{
	struct parser p = {
		.arena = a,
		.t = arena_make(a, struct template_tree),
		.parts = parts,
		.part_count = count,
		.pointer = pointer,
		.faults = f,
	};
	int before = f->count;
	read_source(&p, source);
	return f->count == before ? p.t : NULL;
}
