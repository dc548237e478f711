/* SPDX-License-Identifier: MulanPSL-2.0 */
/* Any bytes as a path: what is decoded is text, routes without surprise, and its parameters lie
 * inside it. */
#include "fuzz.h"

#include "web/guard.h"
#include "web/router.h"

#include <string.h>

static const struct route table[] = {
	{ METHOD_GET, "/a", 0, NULL, 0, "" },
	{ METHOD_GET, "/a/{b}", 0, NULL, 0, "" },
	{ METHOD_GET, "/a/{b}.csv", 0, NULL, 0, "" },
	{ METHOD_GET, "/a/b/{c}", 0, NULL, 0, "" },
	{ METHOD_GET, "/{a}/{b}/{c}/{d}", 0, NULL, 0, "" },
	{ METHOD_PUT, "/{a}/b/c/{d}", 0, NULL, 0, "" },
	{ METHOD_GET, "/", 0, NULL, 0, "" },
	{ 0 },
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	const char *raw = (const char *)data;
	char *path = malloc(n + 1);
	must(path != NULL);
	struct router *r = router_new(table);
	struct routed found;
	if (guard_path(raw, n, path) == GUARD_OK) {
		size_t size = strlen(path);
		must(size > 0 && size <= n && text_characters(path, size) >= 0);
		must(strchr(path, '\\') == NULL && strstr(path, "//") == NULL);
		if (router_find(r, path, size, &found))
			for (int i = 0; i < found.args; i++)
				must(found.arg[i] > path && found.arg_size[i] > 0 &&
					found.arg[i] + found.arg_size[i] <= path + size &&
					memchr(found.arg[i], '/', found.arg_size[i]) == NULL);
	}
	/* The router stands raw bytes too. */
	(void)router_find(r, raw, n, &found);
	router_free(r);
	free(path);
	return 0;
}
