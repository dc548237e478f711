/* SPDX-License-Identifier: MulanPSL-2.0 */
/* Any bytes as a template, a part of it and its data (apart by NUL): a fault that can be shown,
 * or text within its limit in which no value has become markup. */
#include "fuzz.h"

#include "base/template.h"

#include <string.h>

static struct template_source source(const char *name, const uint8_t **at, size_t *left)
{
	const uint8_t *end = memchr(*at, 0, *left);
	size_t n = end != NULL ? (size_t)(end - *at) : *left;
	struct template_source s = { name, (const char *)*at, n };
	*at += n + (end != NULL);
	*left -= n + (end != NULL);
	return s;
}

static void shown(const struct faults *f)
{
	for (int i = 0; i < f->kept; i++) {
		const struct fault *x = &f->item[i];
		must(text_fault(x->detail_zh, strlen(x->detail_zh), 1, 0, 0) == NULL);
		must(text_fault(x->detail_en, strlen(x->detail_en), 1, 0, 0) == NULL);
	}
}

static size_t brackets(const char *s, size_t n)
{
	size_t count = 0;
	for (size_t i = 0; i < n; i++)
		count += s[i] == '<' || s[i] == '>';
	return count;
}

static void fill(const struct template_tree *t, const json_t *data, bool markup)
{
	struct buf html = { 0 }, plain = { 0 }, small = { 0 };
	bool fits = template_fill(t, data, TEMPLATE_HTML, 1 << 16, &html);
	must(html.used <= 1 << 16 && (fits || html.used == 0));
	if (fits) {
		must(html.used == 0 || text_characters(html.data, html.used) >= 0);
		must(markup || brackets(html.data, html.used) == 0);
		must(template_fill(t, data, TEMPLATE_HTML, html.used, &small));
		if (html.used > 0) {
			small.used = 0;
			must(!template_fill(t, data, TEMPLATE_HTML, html.used - 1, &small));
			must(small.used == 0);
		}
		must(template_fill(t, data, TEMPLATE_PLAIN, html.used, &plain));
	}
	buf_clear(&html);
	buf_clear(&plain);
	buf_clear(&small);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	static const char fixed[] =
		"{\"a\":\"<b>&'\\\"\",\"n\":-7,\"r\":0.5,\"y\":true,\"o\":{\"a\":{\"a\":\"x\"}},"
		"\"l\":[\"p\",{\"a\":\">\"},[],null,9],\"e\":[],\"f\":false}";
	struct arena *a = arena_new();
	struct form_why why;
	struct faults f, g;
	struct template_source t = source("t", &bytes, &n), part = source("p", &bytes, &n);
	bool markup = brackets(t.text, t.bytes) + brackets(part.text, part.bytes) > 0;
	faults_init(&f, a);
	faults_init(&g, a);
	const struct template_tree *parsed = template_parse(a, &t, &part, 1, "/text", &f);
	must((parsed != NULL) == (f.count == 0));
	shown(&f);
	if (parsed != NULL) {
		const json_t *data = form_parse(a, (const char *)bytes, n, &why);
		const json_t *own = form_parse(a, fixed, sizeof fixed - 1, &why);
		must(own != NULL);
		template_check(a, parsed, own, "/text", &g);
		shown(&g);
		fill(parsed, own, markup);
		fill(parsed, data, markup);
	}
	arena_free(a);
	return 0;
}
