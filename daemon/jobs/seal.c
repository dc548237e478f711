/* SPDX-License-Identifier: MulanPSL-2.0 */
/* jobs/seal: gather, seal, write down. */
#include "jobs/seal.h"
#include "jobs/night.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PAGE = 5000, SEALS = 500 };

bool seal_tree(struct job *j, int64_t n, struct merkle *ret_tree)
{
	struct seal_place place = { .reg = "" };
	struct arena *a = NULL;
	bool there = true;
	*ret_tree = (struct merkle){ 0 };
	for (int count = PAGE; there && count == PAGE;) {
		struct arena *page = arena_new();
		struct batch *b = batch_new(page);
		const struct rows *r = seal_ask_leaves(b, n, &place, PAGE);
		there = job_read(j, b);
		count = there ? rows_count(r) : 0;
		for (int i = 0; i < count; i++)
			seal_take_leaf(r, i, ret_tree);
		if (count > 0)
			place = seal_place_of(r, count - 1, page);
		arena_free(a); /* the place before lived there */
		a = page;
	}
	arena_free(a);
	return there;
}

const char *seal_line(struct arena *a, const struct seal *s)
{
	char day[11], root[2 * MAC_BYTES + 1], hash[2 * MAC_BYTES + 1];
	text_from_date(s->day, day);
	mac_print(&s->root, root);
	mac_print(&s->hash, hash);
	return arena_print(a, "%lld %s %lld %s %s", (long long)s->n, day, (long long)s->leaves,
		root, hash);
}

const char *seal_path(struct arena *a, const struct job *j)
{
	const char *folder = j->settings->seal_folder;
	return *folder != '\0' ? arena_print(a, "%s/seals.txt", folder) : "";
}

/* ---- into the database ---- */

/* False when the database did not answer; *ret_last has n 0 when there is none. */
static bool last_seal(struct job *j, struct arena *a, struct seal *ret_last)
{
	struct batch *b = batch_new(a);
	const struct rows *r = seal_ask_last(b);
	bool there = job_read(j, b);
	*ret_last = (struct seal){ 0 };
	if (there && rows_count(r) == 1)
		seal_read(r, 0, ret_last);
	return there;
}

static bool gather(struct job *j, int64_t n)
{
	struct arena *a = arena_new();
	struct batch *b = batch_new(a);
	seal_ask_gather_cases(b, n);
	seal_ask_gather_registers(b, n);
	bool done = job_write(j, b, 0) == DB_DONE;
	arena_free(a);
	return done;
}

static bool make(struct night *n, struct arena *a, const struct seal *last, struct seal *s)
{
	struct merkle tree;
	*s = (struct seal){ .n = last->n + 1, .day = n->today, .prev = last->hash };
	if (!gather(n->j, s->n) || !seal_tree(n->j, s->n, &tree))
		return false;
	s->leaves = (int64_t)tree.leaves;
	s->root = merkle_root(&tree);
	seal_make(n->j->keys, a, s);
	struct batch *b = batch_new(a);
	seal_ask_add(b, s);
	return job_write(n->j, b, 0) == DB_DONE;
}

/* ---- into the file ---- */

/* The number on the last whole line, 0 when there is none. What a crash left of a line goes. */
static int64_t file_last(FILE *f)
{
	char *line = NULL;
	size_t size = 0;
	ssize_t n;
	int64_t last = 0;
	off_t end = 0;
	while ((n = getline(&line, &size, f)) > 0 && line[n - 1] == '\n') {
		last = strtoll(line, NULL, 10);
		end += n;
	}
	free(line);
	if (n > 0 && ftruncate(fileno(f), end) != 0)
		return -1;
	return last;
}

/* Seals that the file does not hold yet; false when the database did not answer. */
static bool add_lines(struct job *j, FILE *f, int64_t after)
{
	bool there = true;
	for (int count = SEALS; there && count == SEALS;) {
		struct arena *a = arena_new();
		struct batch *b = batch_new(a);
		const struct rows *r = seal_ask_list(b, after, SEALS);
		there = job_read(j, b);
		count = there ? rows_count(r) : 0;
		for (int i = 0; i < count; i++) {
			struct seal s;
			seal_read(r, i, &s);
			fprintf(f, "%s\n", seal_line(a, &s));
			after = s.n;
		}
		arena_free(a);
	}
	return there;
}

/* A file that was made just now is there after a crash once its folder is. */
static bool folder_done(const struct job *j)
{
	int fd = open(j->settings->seal_folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	bool done = fd >= 0 && fsync(fd) == 0;
	if (fd >= 0)
		close(fd);
	return done;
}

/* False when the database did not answer, or, with *ret_wrong, when the file did not. */
static bool append(struct job *j, FILE *f, bool *ret_wrong)
{
	rewind(f);
	int64_t last = file_last(f);
	if (last >= 0 && !add_lines(j, f, last))
		return false;
	*ret_wrong = last < 0 || fflush(f) != 0 || fsync(fileno(f)) != 0 || !folder_done(j);
	return !*ret_wrong;
}

static bool write_down(struct job *j)
{
	struct arena *a = arena_new();
	const char *path = seal_path(a, j);
	if (*path == '\0') {
		arena_free(a);
		return true;
	}
	int fd = open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	FILE *f = fd >= 0 ? fdopen(fd, "a+") : NULL;
	bool wrong = f == NULL;
	bool done = f != NULL && append(j, f, &wrong);
	if (wrong)
		fprintf(j->err, "nightly: %s: %s\n", path, strerror(errno));
	else if (!done)
		fprintf(j->err, "nightly: the database does not answer\n");
	if (f != NULL)
		fclose(f); /* all of it is on the disk */
	else if (fd >= 0)
		close(fd);
	arena_free(a);
	return done;
}

bool night_seal(struct night *n, int64_t *ret_count)
{
	struct arena *a = arena_new();
	struct seal last, made = { 0 };
	bool done = last_seal(n->j, a, &last);
	if (done && last.day.day > n->today.day) {
		fprintf(n->j->err,
			"nightly: the last seal is of a day to come; the clock is wrong, or was\n");
		done = false;
	}
	if (done && last.day.day < n->today.day)
		done = make(n, a, &last, &made);
	*ret_count = made.leaves;
	arena_free(a);
	return done && write_down(n->j);
}
