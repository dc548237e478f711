/* SPDX-License-Identifier: MulanPSL-2.0 */
/* cli/client: one run of ogi. */
#include "cli/client.h"

#include "cli/command.h"
#include "cli/problem.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

void client_open(struct client *c)
{
	*c = (struct client){ 0 };
	screen_open(&c->screen);
	session_load(&c->session);
	c->transport = transport_new(c->screen.language);
}

void client_close(struct client *c)
{
	json_decref(c->vocabulary);
	transport_free(c->transport);
	session_clear(&c->session);
}

enum ending client_ask(struct client *c, const struct request *r, struct answer *ret)
{
	enum ending ending = transport_send(c->transport, &c->session, r, ret);
	if (ending != DONE)
		problem_print(c, ending, ret);
	return ending;
}

enum ending client_get(struct client *c, const char *path, json_t *query, struct answer *ret)
{
	struct request request = { .method = "GET", .path = path, .query = query };
	return client_ask(c, &request, ret);
}

char *client_case_path(const char *number, const char *tail)
{
	char *escaped = transport_escape(number);
	char *path = text_format("/v1/cases/%s%s", escaped, tail);
	free(escaped);
	return path;
}

enum ending client_misused(struct client *c, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	char *text = text_vformat(format, arguments);
	va_end(arguments);
	complain("%s", text);
	free(text);
	if (c->command != NULL)
		complain(pick(c->screen.language, "see: ogi help %s", "用法见：ogi help %s"),
			c->command->name);
	return MISUSED;
}

enum ending client_save(struct client *c, const char *url_path, json_t *query, const char *path)
{
	char *fresh = text_format("%s.XXXXXX", path);
	struct request request = { .method = "GET", .path = url_path, .query = query };
	struct answer answer = { 0 };
	enum ending ending = REFUSED;
	int fd = mkstemp(fresh);
	bool written = fd >= 0;

	if (fd >= 0) {
		mode_t mask = umask(0); /* there is no other way to read it */
		umask(mask);
		request.save = must(fdopen(fd, "w"));
		ending = client_ask(c, &request, &answer);
		written = fchmod(fd, 0666 & ~mask) == 0;
		written = fclose(request.save) == 0 && written;
		if (ending == DONE && written)
			written = rename(fresh, path) == 0;
		if (ending != DONE || !written)
			unlink(fresh);
	}
	if (!written) {
		complain("%s: %s", path, strerror(errno));
		ending = REFUSED;
	}
	answer_clear(&answer);
	free(fresh);
	return ending;
}

enum ending client_show(struct client *c, const char *path, json_t *query)
{
	struct request request = {
		.method = "GET", .path = path, .query = query, .save = stdout
	};
	struct answer answer = { 0 };
	enum ending ending = client_ask(c, &request, &answer);
	answer_clear(&answer);
	return ending;
}
