/* SPDX-License-Identifier: MulanPSL-2.0 */
/* web/guard: the strict reader of a request's head, and of the two things that are escaped in
 * it. */
#include "web/guard.h"

#include "base/text.h"

#include <string.h>
#include <strings.h>

// clang-format off
const struct guard_row guard_rows[GUARD_FAULTS] = {
	[GUARD_LINE_END]      = { PROBLEM_BAD_REQUEST, "每一行都应以 CRLF 结束。", "Every line must end with CRLF." },
	[GUARD_REQUEST_LINE]  = { PROBLEM_BAD_REQUEST, "请求行应为“方法 目标 HTTP/1.1”。", "The request line must be \"METHOD target HTTP/1.1\"." },
	[GUARD_VERSION]       = { PROBLEM_BAD_REQUEST, "只支持 HTTP/1.0 和 HTTP/1.1。", "Only HTTP/1.0 and HTTP/1.1 are spoken here." },
	[GUARD_TARGET]        = { PROBLEM_BAD_REQUEST, "请求目标不是合法的路径，或过长。", "The request target is not a well-formed path, or too long." },
	[GUARD_HEADER_NAME]   = { PROBLEM_BAD_REQUEST, "首部字段名不合法。", "A header name is malformed." },
	[GUARD_HEADER_SPACE]  = { PROBLEM_BAD_REQUEST, "首部字段名与冒号之间不得有空格。", "There must be no space between a header name and its colon." },
	[GUARD_HEADER_FOLDED] = { PROBLEM_BAD_REQUEST, "首部不得折行。", "Header lines must not be folded." },
	[GUARD_HEADER_VALUE]  = { PROBLEM_BAD_REQUEST, "首部含有控制字符。", "A header holds a control character." },
	[GUARD_HOST_MISSING]  = { PROBLEM_BAD_REQUEST, "缺少 Host 首部。", "The Host header is missing." },
	[GUARD_HOST_TWICE]    = { PROBLEM_BAD_REQUEST, "Host 首部只能有一个。", "There must be one Host header only." },
	[GUARD_HOST]          = { PROBLEM_BAD_REQUEST, "Host 首部不合法，或与请求目标不一致。", "The Host header is malformed, or differs from the request target." },
	[GUARD_LENGTH_TWICE]  = { PROBLEM_BAD_REQUEST, "Content-Length 只能有一个。", "There must be one Content-Length only." },
	[GUARD_LENGTH]        = { PROBLEM_BAD_REQUEST, "Content-Length 只能由数字组成，且不得过大。", "Content-Length must be digits only, and not too large." },
	[GUARD_TRANSFER]      = { PROBLEM_BAD_REQUEST, "不支持此 Transfer-Encoding；请用 Content-Length。", "This Transfer-Encoding is not supported; use Content-Length." },
	[GUARD_CHUNKED]       = { PROBLEM_LENGTH_REQUIRED, "请给出 Content-Length，不要分块传送。", "Send Content-Length instead of chunks." },
	[GUARD_EXPECT]        = { PROBLEM_BAD_REQUEST, "只支持 Expect: 100-continue。", "The only expectation supported is 100-continue." },
	[GUARD_MANY]          = { PROBLEM_HEADER_TOO_LARGE, "首部字段过多。", "There are too many header lines." },
	[GUARD_LARGE]         = { PROBLEM_HEADER_TOO_LARGE, "请求首部过长。", "The request header is too long." },
	[GUARD_BODY_UNWANTED] = { PROBLEM_BAD_REQUEST, "此方法不带请求体。", "A request with this method must not have a body." },
	[GUARD_BODY_LARGE]    = { PROBLEM_TOO_LARGE, "请求体过大。", "The body is too large." },
	[GUARD_CROWDED]       = { PROBLEM_BUSY, "正在接收的请求体过多，请稍后重试。", "Too many bodies are being received; try again shortly." },
	[GUARD_METHOD]        = { PROBLEM_METHOD, "不支持此方法。", "This method is not supported." },
	[GUARD_ESCAPE]        = { PROBLEM_BAD_REQUEST, "路径中的转义不合法。", "The path holds an escape that is not allowed." },
	[GUARD_ENCODING]      = { PROBLEM_BAD_ENCODING, "路径或查询参数应为 UTF-8。", "Paths and query parameters must be UTF-8." },
	[GUARD_QUERY]         = { PROBLEM_BAD_QUERY, "查询参数中的转义或控制字符不合法，或参数过多。", "The query string holds a bad escape or a control character, or too many parameters." },
};
// clang-format on

enum {
	IS_TOKEN = 1,  /* RFC 9110 tchar */
	IS_TARGET = 2, /* RFC 3986: unreserved, sub-delims, ":@/?%" */
	IS_VALUE = 4,  /* visible, blank, tab, obs-text */
	IS_HOST = 8,
};

// clang-format off
/* Sixteen characters a line, from 0x00. */
static const unsigned char kinds[256] = {
	 0,  0,  0,  0,  0,  0,  0,  0,  0,  4,  0,  0,  0,  0,  0,  0,
	 0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,
	 4,  7,  4,  5,  7,  7,  7,  7,  6,  6,  7,  7,  6, 15, 15,  6,
	15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 14,  6,  4,  6,  4,  6,
	 6, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15,
	15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 12,  4, 12,  5, 15,
	 5, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15,
	15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15,  4,  5,  4,  7,  0,
	 4,  4,  4,  4,  4,  4,  4,  4,  4,  4,  4,  4,  4,  4,  4,  4,
	 4,  4,  4,  4,  4,  4,  4,  4,  4,  4,  4,  4,  4,  4,  4,  4,
	 4,  4,  4,  4,  4,  4,  4,  4,  4,  4,  4,  4,  4,  4,  4,  4,
	 4,  4,  4,  4,  4,  4,  4,  4,  4,  4,  4,  4,  4,  4,  4,  4,
	 4,  4,  4,  4,  4,  4,  4,  4,  4,  4,  4,  4,  4,  4,  4,  4,
	 4,  4,  4,  4,  4,  4,  4,  4,  4,  4,  4,  4,  4,  4,  4,  4,
	 4,  4,  4,  4,  4,  4,  4,  4,  4,  4,  4,  4,  4,  4,  4,  4,
	 4,  4,  4,  4,  4,  4,  4,  4,  4,  4,  4,  4,  4,  4,  4,  4,
};
// clang-format on

static bool all_of(const char *s, size_t n, unsigned char kind)
{
	for (size_t i = 0; i < n; i++)
		if ((kinds[(unsigned char)s[i]] & kind) == 0)
			return false;
	return true;
}

static bool is_word(const char *s, size_t n, const char *word)
{
	return n == strlen(word) && strncasecmp(s, word, n) == 0;
}

/* True when a comma-separated list holds the word. */
static bool has_word(const char *s, size_t n, const char *word)
{
	for (size_t from = 0; from <= n;) {
		const char *comma = memchr(s + from, ',', n - from);
		size_t to = comma != NULL ? (size_t)(comma - s) : n;
		size_t a = from, b = to;
		while (a < b && (s[a] == ' ' || s[a] == '\t'))
			a++;
		while (b > a && (s[b - 1] == ' ' || s[b - 1] == '\t'))
			b--;
		if (is_word(s + a, b - a, word))
			return true;
		from = to + 1;
	}
	return false;
}

static enum verb verb_of(const char *s, size_t n)
{
	static const struct {
		const char *name;
		enum verb verb;
	} verbs[] = { { "GET", VERB_GET }, { "HEAD", VERB_HEAD }, { "POST", VERB_POST },
		{ "PUT", VERB_PUT }, { "DELETE", VERB_DELETE } };
	for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++)
		if (n == strlen(verbs[i].name) && memcmp(s, verbs[i].name, n) == 0)
			return verbs[i].verb;
	return VERB_OTHER;
}

/* What one pass over the header lines finds beside the head. */
struct found {
	const char *authority, *host;
	size_t authority_size, host_size;
	int lines, hosts, lengths, transfers;
	bool chunked, close, keep, expects_other;
};

/* An absolute target ("http://host/path") is what a proxy is sent; its authority must be the
 * Host's. */
static enum guard_fault read_target(
	const char *bytes, size_t from, size_t to, struct head *h, struct found *f)
{
	const char *s = bytes + from;
	size_t n = to - from;
	if (!all_of(s, n, IS_TARGET))
		return GUARD_TARGET;
	if (n > 7 && strncasecmp(s, "http://", 7) == 0)
		f->authority = s + 7;
	else if (n > 8 && strncasecmp(s, "https://", 8) == 0)
		f->authority = s + 8;
	if (f->authority != NULL) {
		const char *path = memchr(f->authority, '/', (size_t)(s + n - f->authority));
		if (path == NULL)
			return GUARD_TARGET;
		f->authority_size = (size_t)(path - f->authority);
		n -= (size_t)(path - s);
		s = path;
	}
	h->target = (size_t)(s - bytes);
	h->target_size = n;
	const char *mark = memchr(s, '?', n);
	h->path_size = mark != NULL ? (size_t)(mark - s) : n;
	h->query = mark != NULL ? (size_t)(mark + 1 - bytes) : 0;
	if (h->path_size > GUARD_PATH_MOST)
		return GUARD_TARGET;
	/* "*" is for OPTIONS, authority form for CONNECT: both are methods nobody has here. */
	if (s[0] != '/')
		return h->verb == VERB_OTHER ? GUARD_OK : GUARD_TARGET;
	return n > 1 && s[1] == '/' ? GUARD_TARGET : GUARD_OK;
}

static enum guard_fault read_request_line(
	const char *bytes, size_t end, struct head *h, struct found *f)
{
	const char *blank = memchr(bytes, ' ', end);
	if (blank == NULL || blank == bytes ||
		!all_of(bytes, (size_t)(blank - bytes), IS_TOKEN))
		return GUARD_REQUEST_LINE;
	h->method_size = (size_t)(blank - bytes);
	h->verb = verb_of(bytes, h->method_size);
	size_t from = h->method_size + 1;
	const char *second = memchr(bytes + from, ' ', end - from);
	if (second == NULL || second == bytes + from)
		return GUARD_REQUEST_LINE;
	size_t to = (size_t)(second - bytes);
	const char *version = second + 1;
	size_t n = end - to - 1;
	if (n < 5 || memcmp(version, "HTTP/", 5) != 0)
		return GUARD_REQUEST_LINE;
	if (n != 8 || memcmp(version, "HTTP/1.", 7) != 0 ||
		(version[7] != '0' && version[7] != '1'))
		return GUARD_VERSION;
	h->minor = version[7] - '0';
	return read_target(bytes, from, to, h, f);
}

static enum guard_fault read_length(
	const char *bytes, const char *value, size_t n, struct head *h, struct found *f)
{
	if (f->lengths++ > 0)
		return GUARD_LENGTH_TWICE;
	if (n == 0 || n > 18)
		return GUARD_LENGTH;
	int64_t length = 0;
	for (size_t i = 0; i < n; i++) {
		if (value[i] < '0' || value[i] > '9')
			return GUARD_LENGTH;
		length = length * 10 + (value[i] - '0');
	}
	h->length = length;
	h->length_at = (size_t)(value - bytes);
	h->length_size = n;
	return GUARD_OK;
}

/* The few headers on which framing depends. */
static enum guard_fault read_framing(const char *bytes, const char *name, size_t name_size,
	const char *value, size_t n, struct head *h, struct found *f)
{
	switch (name_size) {
	case 4:
		if (!is_word(name, name_size, "Host"))
			break;
		if (f->hosts++ > 0)
			return GUARD_HOST_TWICE;
		if (n == 0 || !all_of(value, n, IS_HOST))
			return GUARD_HOST;
		f->host = value;
		f->host_size = n;
		break;
	case 6:
		if (is_word(name, name_size, "Expect")) {
			h->expects = is_word(value, n, "100-continue");
			f->expects_other = f->expects_other || !h->expects;
		}
		break;
	case 10:
		if (is_word(name, name_size, "Connection")) {
			f->close = f->close || has_word(value, n, "close");
			f->keep = f->keep || has_word(value, n, "keep-alive");
		}
		break;
	case 14:
		if (is_word(name, name_size, "Content-Length"))
			return read_length(bytes, value, n, h, f);
		break;
	case 17:
		if (is_word(name, name_size, "Transfer-Encoding")) {
			f->transfers++;
			f->chunked = is_word(value, n, "chunked");
		}
		break;
	default:
		break;
	}
	return GUARD_OK;
}

static enum guard_fault read_header(
	const char *bytes, size_t from, size_t end, struct head *h, struct found *f)
{
	const char *line = bytes + from;
	size_t size = end - from;
	if (line[0] == ' ' || line[0] == '\t')
		return GUARD_HEADER_FOLDED;
	if (++f->lines > GUARD_HEADERS)
		return GUARD_MANY;
	size_t name = 0;
	while (name < size && (kinds[(unsigned char)line[name]] & IS_TOKEN) != 0)
		name++;
	if (name == size || line[name] != ':')
		return name > 0 && name < size && (line[name] == ' ' || line[name] == '\t')
			       ? GUARD_HEADER_SPACE
			       : GUARD_HEADER_NAME;
	if (name == 0)
		return GUARD_HEADER_NAME;
	size_t a = name + 1, b = size;
	while (a < b && (line[a] == ' ' || line[a] == '\t'))
		a++;
	while (b > a && (line[b - 1] == ' ' || line[b - 1] == '\t'))
		b--;
	if (!all_of(line + a, b - a, IS_VALUE))
		return GUARD_HEADER_VALUE;
	return read_framing(bytes, line, name, line + a, b - a, h, f);
}

/* What can only be judged when every line was seen. */
static enum guard_fault judge(struct head *h, const struct found *f)
{
	if (f->transfers > 0) {
		if (f->transfers > 1 || f->lengths > 0 || !f->chunked || h->minor == 0)
			return GUARD_TRANSFER;
		return GUARD_CHUNKED;
	}
	if (f->hosts == 0 && h->minor > 0)
		return GUARD_HOST_MISSING;
	if (f->authority != NULL &&
		(f->host == NULL || f->host_size != f->authority_size ||
			strncasecmp(f->host, f->authority, f->host_size) != 0))
		return GUARD_HOST;
	if (f->expects_other)
		return GUARD_EXPECT;
	h->keep = !f->close && (h->minor > 0 || f->keep);
	h->expects = h->expects && h->minor > 0;
	return GUARD_OK;
}

static enum guard_fault read_lines(const char *bytes, size_t size, struct head *h)
{
	struct found f = { 0 };
	enum guard_fault fault = GUARD_OK;
	/* Each line ends with CRLF; a CR inside one is in no character class. */
	for (size_t at = 0; fault == GUARD_OK && at + 2 < size;) {
		const char *lf = memchr(bytes + at, '\n', size - at);
		size_t next = (size_t)(lf - bytes) + 1;
		fault = at == 0 ? read_request_line(bytes, next - 2, h, &f)
				: read_header(bytes, at, next - 2, h, &f);
		at = next;
	}
	return fault != GUARD_OK ? fault : judge(h, &f);
}

enum guard_fault guard_head(
	const char *bytes, size_t n, size_t *scanned, size_t most, struct head *ret_head)
{
	size_t at = *scanned;
	for (;;) {
		const char *lf = memchr(bytes + at, '\n', n - at);
		size_t next = lf != NULL ? (size_t)(lf - bytes) + 1 : n;
		if (next > most)
			return GUARD_LARGE;
		if (lf == NULL)
			return GUARD_MORE;
		if (next - at < 2 || lf[-1] != '\r')
			return GUARD_LINE_END;
		if (next - at == 2)
			break;
		at = next;
		*scanned = at;
	}
	if (at == 0)
		return GUARD_REQUEST_LINE;
	struct head h = { .size = at + 2, .length = -1 };
	enum guard_fault fault = read_lines(bytes, h.size, &h);
	if (fault == GUARD_OK)
		*ret_head = h;
	return fault;
}

static int hex(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

/* Undoes the escapes; -1 when one is bad. */
static long unescape(const char *raw, size_t n, bool plus, char *out)
{
	size_t used = 0;
	for (size_t i = 0; i < n; i++) {
		char c = raw[i];
		if (c == '%') {
			if (i + 2 >= n)
				return -1;
			int high = hex(raw[i + 1]), low = hex(raw[i + 2]);
			if (high < 0 || low < 0)
				return -1;
			c = (char)(high * 16 + low);
			i += 2;
		} else if (c == '+' && plus) {
			c = ' ';
		}
		out[used++] = c;
	}
	out[used] = '\0';
	return (long)used;
}

/* C0, DEL and C1 (as UTF-8). */
static bool has_control(const char *s, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		unsigned char c = (unsigned char)s[i];
		if (c < 0x20 || c == 0x7f)
			return true;
		if (c == 0xc2 && i + 1 < n && (unsigned char)s[i + 1] < 0xa0)
			return true;
	}
	return false;
}

/* Segments "." and "..", and empty ones but the last, are aliases of other paths. */
static bool has_alias(const char *path, size_t n)
{
	for (size_t from = 1; from < n;) {
		const char *slash = memchr(path + from, '/', n - from);
		size_t to = slash != NULL ? (size_t)(slash - path) : n;
		size_t size = to - from;
		if (size == 0 || (size == 1 && path[from] == '.') ||
			(size == 2 && path[from] == '.' && path[from + 1] == '.'))
			return true;
		from = to + 1;
	}
	return false;
}

enum guard_fault guard_path(const char *raw, size_t n, char *out)
{
	if (n == 0 || raw[0] != '/')
		return GUARD_TARGET;
	size_t slashes = 0, decoded = 0;
	for (size_t i = 0; i < n; i++)
		slashes += raw[i] == '/';
	long size = unescape(raw, n, false, out);
	if (size < 0 || has_control(out, (size_t)size))
		return GUARD_ESCAPE;
	for (long i = 0; i < size; i++) {
		decoded += out[i] == '/';
		if (out[i] == '\\')
			return GUARD_ESCAPE;
	}
	if (decoded != slashes || has_alias(out, (size_t)size))
		return GUARD_ESCAPE;
	return text_characters(out, (size_t)size) < 0 ? GUARD_ENCODING : GUARD_OK;
}

enum guard_fault guard_query_text(const char *raw, size_t n, char *out)
{
	long size = unescape(raw, n, true, out);
	if (size < 0)
		return GUARD_QUERY;
	if (text_characters(out, (size_t)size) < 0)
		return GUARD_ENCODING;
	return has_control(out, (size_t)size) ? GUARD_QUERY : GUARD_OK;
}
