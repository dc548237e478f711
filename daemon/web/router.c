/* SPDX-License-Identifier: MulanPSL-2.0 */
/* web/router: a tree of segments; each node lists its literal children and its parameters. */
#include "web/router.h"

#include <assert.h>
#include <string.h>

struct node {
	const char
		*text; /* a literal, or what stands behind the parameter ("" nothing, ".csv") */
	size_t size;
	bool parameter;
	struct node *first,
		*next; /* children: literals, then parameters with a longer suffix first */
	const struct route *of[METHODS];
	bool ends; /* some row ends here */
};

struct router {
	struct arena *arena;
	struct node root;
};

/* Literals stand before parameters, longer suffixes before shorter ones. */
static bool stands_before(const struct node *a, const struct node *b)
{
	if (a->parameter != b->parameter)
		return !a->parameter;
	return a->parameter && a->size > b->size;
}

static struct node *child(
	struct router *r, struct node *parent, const char *text, size_t size, bool parameter)
{
	for (struct node *n = parent->first; n != NULL; n = n->next)
		if (n->parameter == parameter && n->size == size &&
			memcmp(n->text, text, size) == 0)
			return n;
	struct node *new = arena_make(r->arena, struct node);
	*new = (struct node){ .text = text, .size = size, .parameter = parameter };
	struct node **at = &parent->first;
	while (*at != NULL && !stands_before(new, *at))
		at = &(*at)->next;
	new->next = *at;
	*at = new;
	return new;
}

static void add(struct router *r, const struct route *route)
{
	struct node *n = &r->root;
	int args = 0;
	const char *at = route->path;
	assert(at[0] == '/');
	while (*at == '/') {
		const char *from = at + 1;
		size_t size = strcspn(from, "/");
		const char *brace = memchr(from, '}', size);
		if (brace != NULL) {
			assert(from[0] == '{');
			args++;
			n = child(r, n, brace + 1, size - (size_t)(brace + 1 - from), true);
		} else {
			n = child(r, n, from, size, false);
		}
		at = from + size;
	}
	assert(args <= ROUTE_ARGS);
	assert(route->method < METHODS && n->of[route->method] == NULL);
	n->of[route->method] = route;
	n->ends = true;
}

struct router *router_new(const struct route *routes)
{
	struct arena *a = arena_new();
	struct router *r = arena_make(a, struct router);
	r->arena = a;
	for (const struct route *route = routes; route->path != NULL; route++)
		add(r, route);
	return r;
}

void router_free(struct router *r)
{
	if (r != NULL)
		arena_free(r->arena);
}

/* Bounded: the depth is that of the table, and a segment has at most a few parameters to try.
 */
static const struct node *walk(
	const struct node *parent, const char *path, const char *end, struct routed *out)
{
	if (path == end)
		return parent->ends ? parent : NULL;
	const char *from = path + 1;
	const char *slash = memchr(from, '/', (size_t)(end - from));
	const char *to = slash != NULL ? slash : end;
	size_t size = (size_t)(to - from);
	for (const struct node *n = parent->first; n != NULL; n = n->next) {
		const struct node *found = NULL;
		if (!n->parameter) {
			if (n->size == size && memcmp(n->text, from, size) == 0)
				found = walk(n, to, end, out);
		} else if (size > n->size && memcmp(to - n->size, n->text, n->size) == 0) {
			int i = out->args++;
			out->arg[i] = from;
			out->arg_size[i] = size - n->size;
			found = walk(n, to, end, out);
			if (found == NULL)
				out->args = i;
		}
		if (found != NULL)
			return found;
	}
	return NULL;
}

bool router_find(const struct router *r, const char *path, size_t n, struct routed *ret_routed)
{
	struct routed out = { 0 };
	if (n == 0 || path[0] != '/')
		return false;
	const struct node *found = walk(&r->root, path, path + n, &out);
	if (found == NULL)
		return false;
	memcpy(out.of, found->of, sizeof out.of);
	*ret_routed = out;
	return true;
}
