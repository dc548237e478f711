/* SPDX-License-Identifier: MulanPSL-2.0 */
/* base/csv_write: quoting, and what must not become a formula. */
#include "base/csv_write.h"

#include <string.h>

static const char mark[] = "\xEF\xBB\xBF";

struct csv_out csv_to(struct buf *to)
{
	buf_text(to, mark);
	return (struct csv_out){ .to = to };
}

bool csv_is_formula(const char *text)
{
	/* The full-width forms are what a Chinese keyboard makes of = + - @. */
	static const char *const begins[] = { "=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋",
		"－", "＠" };
	for (size_t i = 0; i < sizeof begins / sizeof *begins; i++)
		if (strncmp(text, begins[i], strlen(begins[i])) == 0)
			return true;
	return false;
}

static void next_cell(struct csv_out *o)
{
	if (o->inside)
		buf_add(o->to, ",", 1);
	o->inside = true;
}

void csv_text(struct csv_out *o, const char *text)
{
	next_cell(o);
	if (text == NULL)
		return;
	const char *guard = csv_is_formula(text) ? "'" : "";
	if (strpbrk(text, ",\"\r\n") == NULL) {
		buf_text(o->to, guard);
		buf_text(o->to, text);
		return;
	}
	buf_text(o->to, "\"");
	buf_text(o->to, guard);
	for (const char *s = text; *s != '\0';) {
		size_t n = strcspn(s, "\"");
		buf_add(o->to, s, n);
		s += n;
		if (*s == '"') {
			buf_text(o->to, "\"\"");
			s++;
		}
	}
	buf_text(o->to, "\"");
}

void csv_number(struct csv_out *o, int64_t value)
{
	next_cell(o);
	buf_print(o->to, "%lld", (long long)value);
}

void csv_date(struct csv_out *o, struct ogi_date value)
{
	char text[11];
	text_from_date(value, text);
	next_cell(o);
	buf_text(o->to, text);
}

void csv_row_end(struct csv_out *o)
{
	buf_text(o->to, "\r\n");
	o->inside = false;
}
