/* SPDX-License-Identifier: MulanPSL-2.0 */
/* base/gram: from characters to numbers. */
#include "base/gram.h"

#include <stdlib.h>
#include <string.h>

enum {
	PLANE = 0x10000,
	BEYOND = 0x7FFF,       /* what is kept of a character beyond the first plane */
	ORGANISATION = 0xD800, /* no character begins like this: surrogates */
	ORGANISATIONS = 0x7FF,
};

static unsigned char small(unsigned char c)
{
	return c >= 'A' && c <= 'Z' ? (unsigned char)(c + ('a' - 'A')) : c;
}

/* The next character, folded; *s stands behind it then. */
static uint32_t next(const char **s)
{
	const unsigned char *p = (const unsigned char *)*s;
	int more = p[0] >= 0xF0 ? 3 : p[0] >= 0xE0 ? 2 : p[0] >= 0xC0 ? 1 : 0;
	uint32_t c = more == 0 ? small(p[0]) : p[0] & (0x3Fu >> more);
	for (int i = 1; i <= more; i++)
		c = c << 6 | (p[i] & 0x3F);
	*s += 1 + more;
	return c < PLANE ? c : c & BEYOND;
}

static int compare(const void *a, const void *b)
{
	int32_t x = *(const int32_t *)a, y = *(const int32_t *)b;
	return (x > y) - (x < y);
}

int grams_of(struct arena *a, const char *const *text, int texts, const int32_t **ret_gram)
{
	size_t most = 0, n = 0, distinct = 0;
	for (int i = 0; i < texts; i++)
		most += text[i] != NULL ? strlen(text[i]) : 0;
	int32_t *gram = arena_array(a, int32_t, most);
	for (int i = 0; i < texts; i++) {
		const char *s = text[i];
		if (s == NULL || *s == '\0')
			continue;
		for (uint32_t before = next(&s), c; *s != '\0'; before = c) {
			c = next(&s);
			gram[n++] = (int32_t)(before << 16 | c);
		}
	}
	qsort(gram, n, sizeof *gram, compare);
	for (size_t i = 0; i < n; i++)
		if (distinct == 0 || gram[distinct - 1] != gram[i])
			gram[distinct++] = gram[i];
	*ret_gram = gram;
	return (int)distinct;
}

int32_t gram_of_org(int32_t org)
{
	uint32_t id = (uint32_t)org;
	return (int32_t)((ORGANISATION | (id >> 16 & ORGANISATIONS)) << 16 | (id & 0xFFFF));
}

int grams_shared(const int32_t *a, int as, const int32_t *b, int bs)
{
	int shared = 0;
	for (int i = 0, j = 0; i < as && j < bs;) {
		if (a[i] == b[j])
			shared++;
		int step = compare(&a[i], &b[j]);
		i += step <= 0;
		j += step >= 0;
	}
	return shared;
}

bool gram_in(const int32_t *gram, int grams, int32_t one)
{
	return grams > 0 && bsearch(&one, gram, (size_t)grams, sizeof one, compare) != NULL;
}

char *gram_fold(struct arena *a, const char *text)
{
	char *copy = arena_text(a, text);
	for (char *s = copy; s != NULL && *s != '\0'; s++)
		*s = (char)small((unsigned char)*s);
	return copy;
}

static bool begins(const char *text, const char *folded)
{
	while (*folded != '\0' && small((unsigned char)*text) == (unsigned char)*folded) {
		text++;
		folded++;
	}
	return *folded == '\0';
}

bool gram_holds(const char *text, const char *folded)
{
	for (const char *s = text; s != NULL && *s != '\0'; s++)
		if (begins(s, folded))
			return true;
	return text != NULL && *folded == '\0';
}
