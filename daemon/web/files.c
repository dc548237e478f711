/* SPDX-License-Identifier: MulanPSL-2.0 */
/* web/files: the built web client in memory, by name. */
#include "web/files.h"

#include "base/arena.h"
#include "web/server_parts.h"

#include <sys/stat.h>
#include <sys/types.h>

#include <fts.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <zlib.h>

struct files {
	struct arena *arena;
	struct file *list; /* sorted by name */
	size_t count, room, bytes;
	const struct file *index;
};

// clang-format off
static const struct {
	const char *suffix, *type;
} types[] = {
	{ ".html",  "text/html; charset=utf-8" },
	{ ".js",    "text/javascript; charset=utf-8" },
	{ ".css",   "text/css; charset=utf-8" },
	{ ".json",  "application/json" },
	{ ".svg",   "image/svg+xml" },
	{ ".png",   "image/png" },
	{ ".ico",   "image/x-icon" },
	{ ".woff2", "font/woff2" },
	{ ".txt",   "text/plain; charset=utf-8" },
};
/* Scripts and styles come from here and nowhere else; nothing inline, nothing evaluated. */
static const char page_policy[] = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
	"font-src 'self'; connect-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
// clang-format on

/* ---- reading the folder ---- */

static bool ends_with(const char *s, const char *suffix)
{
	size_t n = strlen(s), m = strlen(suffix);
	return n > m && strcmp(s + n - m, suffix) == 0;
}

static const char *type_of(const char *name)
{
	for (size_t i = 0; i < sizeof types / sizeof *types; i++)
		if (ends_with(name, types[i].suffix))
			return types[i].type;
	return NULL;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(((const struct file *)a)->name, ((const struct file *)b)->name);
}

static struct file *entry(struct files *f)
{
	if (f->count == f->room) {
		struct file *more = arena_array(f->arena, struct file, 2 * f->room + 16);
		if (f->count > 0)
			memcpy(more, f->list, f->count * sizeof *more);
		f->list = more;
		f->room = 2 * f->room + 16;
	}
	return &f->list[f->count];
}

static bool read_whole(struct files *f, const char *path, struct file *out)
{
	FILE *in = fopen(path, "re");
	if (in == NULL)
		return false;
	char *bytes = arena_alloc(f->arena, out->size + 1);
	bool whole = fread(bytes, 1, out->size, in) == out->size;
	fclose(in);
	out->body = bytes;
	return whole;
}

/* Is the compressed twin of this file there? Then the twin stands for it. */
static bool has_twin(const char *path)
{
	char twin[4096];
	struct stat s;
	int n = snprintf(twin, sizeof twin, "%s.gz", path);
	return n > 0 && (size_t)n < sizeof twin && stat(twin, &s) == 0 && S_ISREG(s.st_mode);
}

static const char *take(struct files *f, const FTSENT *e, size_t root)
{
	struct file file = { .size = (size_t)e->fts_statp->st_size };
	char *name = arena_text(f->arena, e->fts_path + root);
	if (ends_with(name, ".gz")) {
		name[strlen(name) - strlen(".gz")] = '\0';
		file.compressed = true;
	} else if (has_twin(e->fts_accpath)) {
		return NULL;
	}
	file.name = name;
	file.type = type_of(name);
	if (file.type == NULL)
		return NULL;
	if (file.size > FILES_BYTES - f->bytes)
		return "the folder of the web client is too large";
	if (!read_whole(f, e->fts_accpath, &file))
		return "a file of the web client cannot be read";
	struct mac hash = mac_hash(file.body, file.size);
	char hex[2 * MAC_BYTES + 1];
	mac_print(&hash, hex);
	snprintf(file.etag, sizeof file.etag, "\"%.32s\"", hex);
	file.immutable = strncmp(name, "/assets/", 8) == 0;
	file.page = ends_with(name, ".html");
	*entry(f) = file;
	f->count++;
	f->bytes += file.size;
	return NULL;
}

static const char *read_folder(struct files *f, const char *folder)
{
	char *root = arena_text(f->arena, folder);
	size_t n = strlen(root);
	while (n > 1 && root[n - 1] == '/')
		root[--n] = '\0';
	char *const paths[] = { root, NULL };
	const char *wrong = NULL;
	FTS *walk = fts_open(paths, FTS_PHYSICAL | FTS_NOCHDIR, NULL);
	if (walk == NULL)
		return "the folder of the web client cannot be read";
	for (FTSENT *e; wrong == NULL && (e = fts_read(walk)) != NULL;) {
		if (e->fts_info == FTS_F)
			wrong = take(f, e, n);
		else if (e->fts_info == FTS_DNR || e->fts_info == FTS_ERR ||
			 e->fts_info == FTS_NS)
			wrong = "the folder of the web client cannot be read";
	}
	fts_close(walk);
	return wrong;
}

static const struct file *named(const struct files *f, const char *name)
{
	const struct file key = { .name = name };
	return f->count == 0 ? NULL
			     : bsearch(&key, f->list, f->count, sizeof *f->list, by_name);
}

struct files *files_new(const char *folder, const char **ret_why)
{
	struct arena *a = arena_new();
	struct files *f = arena_make(a, struct files);
	f->arena = a;
	const char *wrong = read_folder(f, folder);
	if (wrong == NULL) {
		if (f->count > 0)
			qsort(f->list, f->count, sizeof *f->list, by_name);
		f->index = named(f, "/index.html");
		if (f->index == NULL)
			wrong = "the folder of the web client holds no index.html";
	}
	if (wrong == NULL)
		return f;
	*ret_why = wrong;
	arena_free(a);
	return NULL;
}

void files_free(struct files *f)
{
	if (f != NULL)
		arena_free(f->arena);
}

size_t files_count(const struct files *f)
{
	return f->count;
}

size_t files_bytes(const struct files *f)
{
	return f->bytes;
}

/* ---- finding ---- */

static bool is_under(const char *path, const char *top)
{
	size_t n = strlen(top);
	return strncmp(path, top, n) == 0 && (path[n] == '\0' || path[n] == '/');
}

const struct file *files_find(const struct files *f, const char *path)
{
	if (f == NULL || path[0] != '/' || is_under(path, "/v1") || is_under(path, "/portal"))
		return NULL;
	const struct file *file = named(f, path);
	if (file != NULL)
		return file;
	bool screen = !is_under(path, "/assets") && strchr(strrchr(path, '/'), '.') == NULL;
	return screen ? f->index : NULL;
}

/* The next item of a list of header values: without blanks around it; false at the end. */
static bool next_item(const char **at, const char **ret_item, size_t *ret_size)
{
	const char *s = *at + strspn(*at, ", \t");
	size_t n = strcspn(s, ",");
	*at = s + n;
	while (n > 0 && (s[n - 1] == ' ' || s[n - 1] == '\t'))
		n--;
	*ret_item = s;
	*ret_size = n;
	return n > 0;
}

bool files_takes_gzip(const char *accept_encoding)
{
	const char *item;
	size_t n;
	bool any = false;
	for (const char *at = accept_encoding; at != NULL && next_item(&at, &item, &n);) {
		size_t name = strcspn(item, "; \t,");
		const char *q = memchr(item, '=', n);
		bool zero = q != NULL && strspn(q + 1, "0.") == (size_t)(item + n - q - 1);
		if (name == 4 && strncasecmp(item, "gzip", 4) == 0)
			return !zero;
		if (name == 1 && item[0] == '*')
			any = !zero;
	}
	return any;
}

bool files_matches(const char *if_none_match, const char *etag)
{
	const char *item;
	size_t n;
	for (const char *at = if_none_match; at != NULL && next_item(&at, &item, &n);) {
		if (n == 1 && item[0] == '*')
			return true;
		if (n > 2 && strncmp(item, "W/", 2) == 0) {
			item += 2;
			n -= 2;
		}
		if (n == strlen(etag) && memcmp(item, etag, n) == 0)
			return true;
	}
	return false;
}

/* ---- answering ---- */

/* False when the build left something that is not gzip. */
static bool inflate_to(struct buf *out, const struct file *file)
{
	char piece[16384];
	z_stream z = { 0 };
	if (inflateInit2(&z, 16 + MAX_WBITS) != Z_OK)
		abort(); /* memory */
	z.next_in = (Bytef *)(uintptr_t)file->body;
	z.avail_in = (uInt)file->size;
	int state = Z_OK;
	while (state == Z_OK) {
		z.next_out = (Bytef *)piece;
		z.avail_out = sizeof piece;
		state = inflate(&z, Z_NO_FLUSH);
		if (state == Z_OK || state == Z_STREAM_END)
			buf_add(out, piece, sizeof piece - z.avail_out);
	}
	inflateEnd(&z);
	return state == Z_STREAM_END;
}

static const struct problem *answer(struct exchange *x)
{
	const struct file *file = files_find(x->server->files, x->path);
	bool gzip = file->compressed &&
		    files_takes_gzip(exchange_request_header(x, "Accept-Encoding"));
	const char *etag = file->etag;
	if (file->compressed && !gzip) /* other bytes, another name */
		etag = arena_print(
			x->arena, "%.*s-plain\"", (int)strlen(file->etag) - 1, file->etag);
	exchange_header(x, "ETag", etag);
	exchange_header(x, "Cache-Control",
		file->immutable ? "public, max-age=31536000, immutable" : "no-cache");
	if (file->compressed)
		exchange_header(x, "Vary", "Accept-Encoding");
	if (file->page)
		exchange_header(x, "Content-Security-Policy", page_policy);
	if (files_matches(exchange_request_header(x, "If-None-Match"), etag)) {
		x->status = 304;
		return NULL;
	}
	x->content_type = file->type;
	if (file->compressed && !gzip && !inflate_to(&x->reply, file))
		return problem(x, PROBLEM_INTERNAL, NULL, NULL);
	if (gzip)
		exchange_header(x, "Content-Encoding", "gzip");
	if (gzip || !file->compressed)
		buf_borrow(&x->reply, file->body, file->size);
	return NULL;
}

static step_fn *const answer_steps[] = { answer, NULL };

/* The client's own addresses carry its filters behind "?"; they are not ours to read. */
const struct route files_route = { METHOD_GET, "/{file}", 0, answer_steps,
	ROUTE_OPEN | ROUTE_QUERY | ROUTE_HIDDEN, "200 a file of the web client" };
