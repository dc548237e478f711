/* SPDX-License-Identifier: MulanPSL-2.0 */
/*
 * base/template: text with places to fill in, for letters, portal pages and reports. Logic-less
 * (the sections of Mustache): a template can show values and repeat or leave out a passage; it
 * can neither compute nor call. Every value is escaped; nothing is ever written raw.
 *
 *   {{name}} {{a.b}} {{.}}      a value: text as it is, numbers in decimal, true and false as
 *                               these words; null, lists, objects and what is missing: nothing
 *   {{#name}} … {{/name}}       once for each item of a list; once for an object, with its
 *                               members in reach; once for any other value that is something
 *   {{^name}} … {{/name}}       once when the value is nothing
 *   {{>name}}                   another source in its place, e.g. the common frame
 *   {{! words }}                a comment
 *
 * Nothing is: missing, null, false, 0, "", [] and {}. A name is looked for in the innermost
 * section first, then outward; of "a.b" only "a" is looked for so. Names: a-z A-Z 0-9 _ - and
 * dots between, at most 64 bytes. A section, comment or other source that stands alone on its
 * line takes the line with it. A section ends in the source in which it began.
 */
#ifndef OGID_BASE_TEMPLATE_H
#define OGID_BASE_TEMPLATE_H

#include "base/arena.h"
#include "base/form.h"
#include "base/json_write.h"

#include <jansson.h>

/* TEMPLATE_BYTES: of one source. TEMPLATE_DEPTH: sections in each other. TEMPLATE_PARTS: other
 * sources in each other. TEMPLATE_NODES: passages, values and sections, all sources together.
 */
enum {
	TEMPLATE_BYTES = 256 * 1024,
	TEMPLATE_DEPTH = 32,
	TEMPLATE_PARTS = 8,
	TEMPLATE_NODES = 20000
};

/* One source; `name` is what {{>name}} says. Borrowed as long as the template lives. */
struct template_source {
	const char *name;
	const char *text;
	size_t bytes;
};

struct template_tree;

/*
 * Reads `source`; `parts` (may be NULL) are the sources it may name, `count` of them. The
 * template lives in the arena. When anything is wrong: NULL, and every fault found is added at
 * `pointer`, its detail beginning with the source's name and the line. Codes: "utf8",
 * "control_character", "too_long", "template_tag" (a tag that does not end or says nothing
 * known), "template_section" (not closed, closed twice, crossed), "template_part" (unknown or
 * naming itself), "template_depth", "template_size". Total: any bytes are answered.
 */
const struct template_tree *template_parse(struct arena *a,
	const struct template_source *source, const struct template_source *parts, int count,
	const char *pointer, struct faults *f);

/*
 * Checks the names of a template against an example of its data: an object in which every
 * field there can be is something and every list has one item. A name that finds nothing is a
 * fault "unknown_field" at `pointer`, its detail with source, line and name. True when there
 * was none.
 */
bool template_check(struct arena *a, const struct template_tree *t, const json_t *example,
	const char *pointer, struct faults *f);

/* How values are written: & < > " ' as character references, or as they are (plain text,
 * Markdown, a mail's subject; never HTML). */
enum template_escape { TEMPLATE_HTML, TEMPLATE_PLAIN };

/* Adds the filled-in text to `out`, at most `most` bytes. False when it would be longer (or
 * take more than a million steps); `out` is then as it was. */
bool template_fill(const struct template_tree *t, const json_t *data,
	enum template_escape escape, size_t most, struct buf *out);

#endif
