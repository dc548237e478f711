/* SPDX-License-Identifier: MulanPSL-2.0 */
/* cli/files: columns and lines. */
#include "cli/files.h"

#include "cli/table.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

struct table *files_table(const struct client *c)
{
	enum language l = c->screen.language;
	struct table *t = table_new(&c->screen);
	table_column(t, (struct column){ .head = "#", .right = true });
	table_column(t, (struct column){ .head = pick(l, "File", "附件"), .least = 12 });
	table_column(t, (struct column){ .head = pick(l, "Bytes", "字节"), .right = true });
	table_column(t, (struct column){ .head = pick(l, "Type", "类型"), .least = 8 });
	table_column(t, (struct column){ .head = pick(l, "By", "登记人") });
	return t;
}

static const char *text_of(const json_t *file, const char *name)
{
	return json_string_value(json_object_get(file, name));
}

void files_line(struct table *t, const json_t *file)
{
	table_line(t);
	table_number(t, json_integer_value(json_object_get(file, "n")));
	table_cell(t, text_of(file, "name"), COLOUR_NONE);
	table_number(t, json_integer_value(json_object_get(file, "size")));
	table_cell(t, text_of(file, "content_type"), COLOUR_NONE);
	table_cell(t, text_of(file, "actor"), COLOUR_NONE);
}

enum ending files_list(struct client *c, const char *number)
{
	struct answer answer;
	char *path = client_case_path(number, "/attachments");
	enum ending ending = client_get(c, path, NULL, &answer);
	if (ending == DONE) {
		struct table *t = files_table(c);
		size_t i;
		const json_t *file;
		json_array_foreach(json_object_get(answer.json, "attachments"), i, file)
			files_line(t, file);
		table_print(t);
		table_free(t);
	}
	answer_clear(&answer);
	free(path);
	return ending;
}

enum ending files_open(struct client *c, const char *name, FILE **ret_file, long long *ret_size)
{
	struct stat about;
	FILE *file = fopen(name, "rbe");
	if (file == NULL)
		return client_misused(c, "%s: %s", name, strerror(errno));
	if (fstat(fileno(file), &about) != 0 || !S_ISREG(about.st_mode)) {
		fclose(file);
		return client_misused(
			c, "%s: %s", name, pick(c->screen.language, "not a file", "不是文件"));
	}
	*ret_file = file;
	*ret_size = about.st_size;
	return DONE;
}
