/* SPDX-License-Identifier: MulanPSL-2.0 */
/*
 * Any bytes as a request's head: the verdict does not depend on how they are cut, and what the
 * guard lets through evhttp reads the same way.
 */
#include "fuzz.h"

#include "web/guard.h"

#include <event2/http.h>
#include <string.h>

enum { MOST = 4096 };

/* All at once and byte by byte; the copies are exact, so that AddressSanitizer sees a byte too
 * far. */
static enum guard_fault look(const char *bytes, size_t n, struct head *h)
{
	size_t scanned = 0;
	char *copy = malloc(n + (n == 0));
	must(copy != NULL);
	memcpy(copy, bytes, n);
	enum guard_fault fault = guard_head(copy, n, &scanned, MOST, h);
	free(copy);
	return fault;
}

static enum guard_fault look_slowly(const char *bytes, size_t n, struct head *h)
{
	size_t scanned = 0;
	enum guard_fault fault = GUARD_MORE;
	for (size_t k = 1; k <= n && fault == GUARD_MORE; k++)
		fault = guard_head(bytes, k, &scanned, MOST, h);
	return fault;
}

static void check_facts(const char *bytes, size_t n, const struct head *h)
{
	must(h->size <= n && h->size <= MOST &&
		memcmp(bytes + h->size - 4, "\r\n\r\n", 4) == 0);
	must(h->target > h->method_size && h->target + h->target_size < h->size);
	must(h->path_size <= h->target_size && h->path_size <= GUARD_PATH_MOST);
	must(h->query == 0 || bytes[h->query - 1] == '?');
	must(h->length >= -1 && (h->length >= 0) == (h->length_size > 0));
	must(memchr(bytes, '\0', h->size) == NULL);
}

/* evhttp must find a path in the target, or it would answer by itself. */
static void check_target(const char *bytes, const struct head *h)
{
	char target[MOST], path[MOST];
	memcpy(target, bytes + h->target, h->target_size);
	target[h->target_size] = '\0';
	struct evhttp_uri *uri = evhttp_uri_parse_with_flags(target, EVHTTP_URI_NONCONFORMANT);
	if (target[0] == '/') {
		must(uri != NULL && strlen(evhttp_uri_get_path(uri)) == h->path_size);
		if (guard_path(target, h->path_size, path) == GUARD_OK)
			must(strlen(path) <= h->path_size && path[0] == '/' &&
				strstr(path, "/../") == NULL);
	} else {
		must(h->verb == VERB_OTHER);
	}
	if (uri != NULL)
		evhttp_uri_free(uri);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	const char *bytes = (const char *)data;
	struct head h, slow;
	memset(&h, 0, sizeof h);
	memset(&slow, 0, sizeof slow);
	enum guard_fault fault = look(bytes, n, &h);
	enum guard_fault slowly = n > 0 ? look_slowly(bytes, n, &slow) : GUARD_MORE;
	must(fault == slowly && h.verb == slow.verb && h.size == slow.size &&
		h.target == slow.target);
	must(h.target_size == slow.target_size && h.length == slow.length &&
		h.keep == slow.keep);
	if (fault == GUARD_OK) {
		check_facts(bytes, n, &h);
		check_target(bytes, &h);
	}
	return 0;
}
