/* SPDX-License-Identifier: MulanPSL-2.0 */
/*
 * jobs/verify_seals: the daily seals against themselves, against the file outside the database,
 * and the ledger against what they saw: whoever owns the database can take events away and mend
 * what is left, but not what was sealed.
 */
#include "jobs/seal.h"
#include "jobs/verify_parts.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { PAGE = 100 };

/* The lines of the file, one after the other. */
struct outside {
	FILE *file; /* NULL: no folder is set, or no file */
	char *line;
	size_t size;
};

/* The next whole line, or NULL. */
static const char *next_line(struct outside *o)
{
	ssize_t n = o->file != NULL ? getline(&o->line, &o->size, o->file) : 0;
	if (n <= 0 || o->line[n - 1] != '\n')
		return NULL;
	o->line[n - 1] = '\0';
	return o->line;
}

static bool open_outside(struct verifying *v, struct arena *a, struct outside *o)
{
	const char *path = seal_path(a, v->j);
	if (*path == '\0')
		return false;
	o->file = fopen(path, "re");
	if (o->file == NULL && errno != ENOENT)
		finding(v, "seals: %s cannot be read: %s", path, strerror(errno));
	return true;
}

/* The seal by itself: its place in the chain, its bytes, its leaves when it is their turn. */
static bool verify_seal(struct verifying *v, const struct seal *s, const struct seal *before)
{
	struct arena *a = arena_new();
	struct seal again = *s;
	struct merkle tree;
	char day[11];
	text_from_date(s->day, day);
	if (s->n != before->n + 1 || !mac_same(&s->prev, &before->hash))
		finding(v, "seal %lld (%s): a seal before it is missing or was added",
			(long long)s->n, day);
	seal_make(v->j->keys, a, &again);
	if (!mac_same(&again.hash, &s->hash) || strcmp(again.canonical, s->canonical) != 0)
		finding(v, "seal %lld (%s): the seal was changed", (long long)s->n, day);
	arena_free(a);
	if (s->n % v->turn.of != v->turn.n)
		return true;
	bool there = seal_tree(v->j, s->n, &tree);
	struct mac root = merkle_root(&tree);
	if (there && ((int64_t)tree.leaves != s->leaves || !mac_same(&root, &s->root)))
		finding(v, "seal %lld (%s): its leaves were changed", (long long)s->n, day);
	return there;
}

static bool verify_chain(struct verifying *v, struct outside *o, bool outside)
{
	struct seal before = { 0 };
	bool there = true;
	for (int n = PAGE; there && n == PAGE;) {
		struct arena *a = arena_new();
		struct batch *b = batch_new(a);
		const struct rows *r = seal_ask_list(b, before.n, PAGE);
		there = job_read(v->j, b);
		n = there ? rows_count(r) : 0;
		for (int i = 0; there && i < n; i++) {
			struct seal s;
			seal_read(r, i, &s);
			there = verify_seal(v, &s, &before);
			const char *line = outside ? next_line(o) : NULL;
			if (outside && !text_same(line, seal_line(a, &s)))
				finding(v, "seal %lld: the file outside says %s",
					(long long)s.n, line != NULL ? line : "nothing");
			before = s;
			before.canonical = NULL; /* of this page */
			v->events++;
		}
		arena_free(a);
	}
	for (const char *line; there && outside && (line = next_line(o)) != NULL;)
		finding(v, "seals: the file outside holds one that is missing: %s", line);
	return there;
}

/* Heads that a seal saw and that are not there any more. */
static bool verify_heads(struct verifying *v)
{
	struct arena *a = arena_new();
	struct batch *b = batch_new(a);
	const struct rows *lost[] = { seal_ask_lost_cases(b, v->turn.of, v->turn.n),
		seal_ask_lost_entries(b, v->turn.of, v->turn.n) };
	bool there = job_read(v->j, b);
	for (int k = 0; there && k < 2; k++)
		for (int i = 0; i < rows_count(lost[k]); i++) {
			char id[37];
			struct uuid object = rows_uuid(lost[k], i, 2);
			uuid_print(&object, id);
			finding(v,
				"seal %lld: %s %s of organisation %d: entry %lld is not the one that was sealed",
				(long long)rows_int64(lost[k], i, 3), rows_text(lost[k], i, 1),
				k == 0 ? id : "register", rows_int(lost[k], i, 0),
				(long long)rows_int64(lost[k], i, 4));
		}
	arena_free(a);
	return there;
}

bool verify_seals(struct verifying *v)
{
	struct arena *a = arena_new();
	struct outside o = { 0 };
	bool outside = open_outside(v, a, &o);
	bool there = verify_chain(v, &o, outside) && verify_heads(v);
	if (o.file != NULL)
		fclose(o.file);
	free(o.line);
	arena_free(a);
	return there;
}
