/* SPDX-License-Identifier: MulanPSL-2.0 */
/* web/multipart: a window over the stream; a delimiter that may have begun waits for the next
 * piece. */
#include "web/multipart.h"

#include "base/json_write.h"
#include "base/text.h"

#include <string.h>
#include <strings.h>

enum { BOUNDARY_MOST = 70 };

enum place {
	AT_START,     /* before the first delimiter */
	AT_DELIMITER, /* behind one: the end, or a part */
	IN_HEADERS,
	IN_DATA,
	BEHIND, /* behind the last one */
	BROKEN,
};

struct multipart {
	struct arena *arena;
	struct buf in; /* not yet read from `at` on */
	size_t at;
	char delimiter[BOUNDARY_MOST + 5]; /* "\r\n--boundary" */
	size_t delimiter_size;
	enum place place;
	int parts;
};

static void clear(void *arg)
{
	buf_clear(arg);
}

/* ---- the boundary ---- */

static bool is_boundary_char(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
	       (c != '\0' && strchr("'()+_,-./:=? ", c) != NULL);
}

/* "…; boundary=x" or "…; boundary="x y"": the parameter, with nothing odd behind it. */
static size_t read_boundary(const char *type, char out[BOUNDARY_MOST])
{
	static const char media[] = "multipart/form-data";
	if (type == NULL || strncasecmp(type, media, sizeof media - 1) != 0)
		return 0;
	const char *s = type + sizeof media - 1;
	s += strspn(s, " \t");
	if (*s != ';')
		return 0;
	s += 1 + strspn(s + 1, " \t");
	if (strncasecmp(s, "boundary=", 9) != 0)
		return 0;
	s += 9;
	bool quoted = *s == '"';
	s += quoted;
	size_t n = 0;
	while (is_boundary_char(*s) && (quoted || (*s != ' ' && *s != ',')) &&
		n < BOUNDARY_MOST)
		out[n++] = *s++;
	if (quoted && *s++ != '"')
		return 0;
	return *s == '\0' && n > 0 && out[n - 1] != ' ' ? n : 0;
}

struct multipart *multipart_new(struct arena *a, const char *content_type)
{
	char boundary[BOUNDARY_MOST];
	size_t n = read_boundary(content_type, boundary);
	if (n == 0)
		return NULL;
	struct multipart *m = arena_make(a, struct multipart);
	m->arena = a;
	memcpy(m->delimiter, "\r\n--", 4);
	memcpy(m->delimiter + 4, boundary, n);
	m->delimiter_size = n + 4;
	/* so that the first delimiter looks like all others */
	buf_text(&m->in, "\r\n");
	arena_at_end(a, clear, &m->in);
	return m;
}

void multipart_feed(struct multipart *m, const char *bytes, size_t n)
{
	if (m->at > 0) {
		memmove(m->in.data, m->in.data + m->at, m->in.used - m->at);
		m->in.used -= m->at;
		m->at = 0;
	}
	buf_add(&m->in, bytes, n);
}

/* ---- headers of a part ---- */

/* The text of `name="…"` behind a ';' of a header: a backslash is one (browsers escape a quote
 * as %22), so nothing ends early. False when it is there and crooked. */
static bool read_parameter(
	struct arena *a, const char *line, const char *name, const char **ret_text)
{
	size_t n = strlen(name);
	bool inside = false;
	for (const char *s = line; *s != '\0'; s++) {
		inside = *s == '"' ? !inside : inside;
		if (inside || *s != ';')
			continue;
		const char *at = s + 1 + strspn(s + 1, " \t");
		if (strncasecmp(at, name, n) != 0 || at[n] != '=')
			continue;
		const char *from = at + n + 2,
			   *to = at[n + 1] == '"' ? strchr(from, '"') : NULL;
		if (to == NULL || *ret_text != NULL)
			return false;
		*ret_text = arena_bytes(a, from, (size_t)(to - from));
	}
	return !inside;
}

/* One line, terminated. */
static bool read_header(
	struct multipart *m, const char *line, bool *disposed, struct multipart_bit *bit)
{
	static const char disposition[] = "content-disposition:", type[] = "content-type:",
			  coded[] = "content-transfer-encoding:";
	if (strncasecmp(line, disposition, sizeof disposition - 1) == 0) {
		const char *value = line + sizeof disposition - 1;
		value += strspn(value, " \t");
		if (*disposed || strncasecmp(value, "form-data", 9) != 0)
			return false;
		*disposed = true;
		return read_parameter(m->arena, value, "name", &bit->name) &&
		       read_parameter(m->arena, value, "filename", &bit->filename);
	}
	if (strncasecmp(line, type, sizeof type - 1) == 0) {
		const char *value = line + sizeof type - 1;
		value += strspn(value, " \t");
		return strncasecmp(value, "multipart/", 10) != 0;
	}
	return strncasecmp(line, coded, sizeof coded - 1) != 0 && strchr(line, ':') != NULL;
}

static bool read_headers(
	struct multipart *m, const char *text, size_t n, struct multipart_bit *bit)
{
	bool disposed = false;
	if (memchr(text, '\0', n) != NULL || text_characters(text, n) < 0)
		return false;
	while (n > 0) {
		const char *end = memmem(text, n, "\r\n", 2);
		size_t size = end != NULL ? (size_t)(end - text) : n;
		char *line = arena_bytes(m->arena, text, size);
		if (*line == ' ' || *line == '\t' || strpbrk(line, "\r\n") != NULL ||
			!read_header(m, line, &disposed, bit))
			return false;
		size += end != NULL ? 2 : 0;
		text += size;
		n -= size;
	}
	return bit->name != NULL && *bit->name != '\0' && strlen(bit->name) <= MULTIPART_NAME;
}

/* ---- the stream ---- */

static enum multipart_event fault(struct multipart *m)
{
	m->place = BROKEN;
	return MULTIPART_FAULT;
}

static enum multipart_event at_start(struct multipart *m, size_t here)
{
	const char *from = m->in.data + m->at;
	size_t n = here < m->delimiter_size ? here : m->delimiter_size;
	if (memcmp(from, m->delimiter, n) != 0)
		return fault(m);
	if (here < m->delimiter_size)
		return MULTIPART_MORE;
	m->at += m->delimiter_size;
	m->place = AT_DELIMITER;
	return MULTIPART_PART_END; /* of nothing: goes on */
}

static enum multipart_event at_delimiter(struct multipart *m, size_t here)
{
	const char *from = m->in.data + m->at;
	if (here < 2)
		return MULTIPART_MORE;
	m->at += 2;
	if (memcmp(from, "--", 2) == 0) {
		m->place = BEHIND;
		return MULTIPART_END;
	}
	if (memcmp(from, "\r\n", 2) != 0 || ++m->parts > MULTIPART_PARTS)
		return fault(m);
	m->place = IN_HEADERS;
	return MULTIPART_PART_END; /* likewise */
}

static enum multipart_event in_headers(
	struct multipart *m, size_t here, struct multipart_bit *bit)
{
	const char *from = m->in.data + m->at;
	const char *end = memmem(from, here, "\r\n\r\n", 4);
	size_t n = end != NULL ? (size_t)(end - from) : here;
	if (n > MULTIPART_HEADER)
		return fault(m);
	if (end == NULL)
		return MULTIPART_MORE;
	if (!read_headers(m, from, n, bit))
		return fault(m);
	m->at += n + 4;
	m->place = IN_DATA;
	return MULTIPART_PART;
}

static enum multipart_event in_data(struct multipart *m, size_t here, struct multipart_bit *bit)
{
	const char *from = m->in.data + m->at;
	const char *end = memmem(from, here, m->delimiter, m->delimiter_size);
	if (end == from) {
		m->at += m->delimiter_size;
		m->place = AT_DELIMITER;
		return MULTIPART_PART_END;
	}
	size_t n = end != NULL ? (size_t)(end - from) : here;
	if (end == NULL) {
		/* what may be the beginning of a delimiter waits */
		size_t back = n < m->delimiter_size - 1 ? n : m->delimiter_size - 1;
		while (back > 0 && memcmp(from + n - back, m->delimiter, back) != 0)
			back--;
		n -= back;
		if (n == 0)
			return MULTIPART_MORE;
	}
	bit->data = from;
	bit->bytes = n;
	m->at += n;
	return MULTIPART_DATA;
}

/* Nothing follows but a line end. */
static enum multipart_event behind(struct multipart *m, size_t here)
{
	const char *from = m->in.data + m->at;
	for (size_t i = 0; i < here; i++)
		if (from[i] != '\r' && from[i] != '\n')
			return fault(m);
	m->at += here;
	return MULTIPART_MORE;
}

enum multipart_event multipart_next(struct multipart *m, struct multipart_bit *ret_bit)
{
	*ret_bit = (struct multipart_bit){ .data = "" };
	for (;;) {
		size_t here = m->in.used - m->at;
		enum multipart_event e = MULTIPART_FAULT;
		switch (m->place) {
		case AT_START:
			e = at_start(m, here);
			break;
		case AT_DELIMITER:
			e = at_delimiter(m, here);
			break;
		case IN_HEADERS:
			return in_headers(m, here, ret_bit);
		case IN_DATA:
			return in_data(m, here, ret_bit);
		case BEHIND:
			return behind(m, here);
		case BROKEN:
			break;
		}
		if (e != MULTIPART_PART_END)
			return e;
	}
}
