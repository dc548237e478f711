/* SPDX-License-Identifier: MulanPSL-2.0 */
/* cli/files: files that are sent, and the files of a case as a table. */
#ifndef OGI_CLI_FILES_H
#define OGI_CLI_FILES_H

#include "cli/client.h"

struct table;

/* Opens a file to send; MISUSED after saying why not. */
enum ending files_open(
	struct client *c, const char *name, FILE **ret_file, long long *ret_size);
/* A table with the columns of a file, and one line of it (an object of the API). */
struct table *files_table(const struct client *c);
void files_line(struct table *t, const json_t *file);
/* Asks for the files of a case and prints them. */
enum ending files_list(struct client *c, const char *number);

#endif
