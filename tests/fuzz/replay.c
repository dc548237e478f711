/* SPDX-License-Identifier: MulanPSL-2.0 */
/* tests/fuzz/replay: the main of a fuzz target in the normal test run: every file of a folder,
 * and every beginning of it. */
#include "fuzz.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FILE_MOST = 1 << 16, BEGINNINGS_MOST = 1024 };

/* A copy of exactly n bytes, so that a sanitizer sees a read behind them. */
static void try_bytes(const uint8_t *bytes, size_t n)
{
	uint8_t *copy = malloc(n > 0 ? n : 1);
	if (copy == NULL)
		abort();
	memcpy(copy, bytes, n);
	LLVMFuzzerTestOneInput(copy, n);
	free(copy);
}

static bool replay(const char *folder, const char *name)
{
	static uint8_t bytes[FILE_MOST];
	char path[4096];
	snprintf(path, sizeof path, "%s/%s", folder, name);
	FILE *f = fopen(path, "rb");
	if (f == NULL) {
		perror(path);
		return false;
	}
	size_t n = fread(bytes, 1, sizeof bytes, f);
	fclose(f);
	try_bytes(bytes, n);
	for (size_t k = 0; k < n && k < BEGINNINGS_MOST; k++)
		try_bytes(bytes, k);
	return true;
}

int main(int argc, char **argv)
{
	int files = 0;
	bool good = argc == 2;
	DIR *d = good ? opendir(argv[1]) : NULL;
	for (const struct dirent *e; d != NULL && (e = readdir(d)) != NULL;) {
		if (e->d_name[0] == '.')
			continue;
		good = replay(argv[1], e->d_name) && good;
		files++;
	}
	if (d != NULL)
		closedir(d);
	printf("%d files\n", files);
	return good && files > 0 ? 0 : 1;
}
