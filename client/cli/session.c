/* SPDX-License-Identifier: MulanPSL-2.0 */
/* cli/session: which server, and with which token. */
#include "cli/session.h"

#include "cli/text.h"

#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The value of a variable that is set and not empty. */
static const char *variable(const char *name)
{
	const char *value = getenv(name);
	return value != NULL && *value != '\0' ? value : NULL;
}

static char *copy(const char *text)
{
	return text == NULL ? NULL : must(strdup(text));
}

static char *state_path(void)
{
	if (variable("OGI_STATE") != NULL)
		return text_format("%s/session.json", variable("OGI_STATE"));
	if (variable("XDG_STATE_HOME") != NULL)
		return text_format("%s/ogi/session.json", variable("XDG_STATE_HOME"));
	if (variable("HOME") != NULL)
		return text_format("%s/.local/state/ogi/session.json", variable("HOME"));
	return NULL;
}

static char *trimmed(const char *server)
{
	char *url = must(strdup(server));
	for (size_t n = strlen(url); n > 0 && url[n - 1] == '/'; n--)
		url[n - 1] = '\0';
	return url;
}

static void read_file(struct session *s)
{
	json_t *file = s->path == NULL ? NULL : json_load_file(s->path, 0, NULL);
	const char *server = json_string_value(json_object_get(file, "server"));
	if (server != NULL) {
		s->server = trimmed(server);
		s->token = copy(json_string_value(json_object_get(file, "token")));
		s->login = copy(json_string_value(json_object_get(file, "login")));
		s->org = copy(json_string_value(json_object_get(file, "org")));
	}
	json_decref(file);
}

void session_load(struct session *ret)
{
	*ret = (struct session){ .path = state_path() };
	read_file(ret);
	if (variable("OGI_SERVER") != NULL)
		session_turn(ret, variable("OGI_SERVER"));
	else if (ret->server == NULL)
		ret->server = must(strdup(SESSION_DEFAULT_SERVER));
	if (variable("OGI_TOKEN") != NULL) {
		session_take(ret, variable("OGI_TOKEN"), NULL, NULL);
		ret->borrowed = true;
	}
}

void session_turn(struct session *s, const char *server)
{
	char *url = trimmed(server);
	if (s->server == NULL || strcmp(s->server, url) != 0) {
		if (!s->borrowed)
			session_take(s, NULL, s->login, NULL);
		free(s->server);
		s->server = url;
	} else {
		free(url);
	}
}

void session_take(struct session *s, const char *token, const char *login, const char *org)
{
	char *new_token = copy(token);
	char *new_login = copy(login);
	char *new_org = copy(org);
	free(s->token);
	free(s->login);
	free(s->org);
	s->token = new_token;
	s->login = new_login;
	s->org = new_org;
}

/* The folders above `path`, 0700 where they were missing. */
static bool make_folders(char *path)
{
	for (char *slash = strchr(path + 1, '/'); slash != NULL;
		slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		bool made = mkdir(path, 0700) == 0 || errno == EEXIST;
		*slash = '/';
		if (!made)
			return false;
	}
	return true;
}

/* Written beside it and moved over, so that a full disk never leaves half a file. */
static bool write_file(const char *path, const char *text)
{
	char *fresh = text_format("%s.XXXXXX", path);
	int fd = mkstemp(fresh); /* mode 0600 */
	bool written = fd >= 0;
	size_t size = strlen(text);
	if (fd >= 0) {
		written = write(fd, text, size) == (ssize_t)size;
		written = close(fd) == 0 && written;
		if (!written || rename(fresh, path) != 0) {
			int why = errno;
			unlink(fresh);
			errno = why;
			written = false;
		}
	}
	free(fresh);
	return written;
}

bool session_save(const struct session *s, char **ret_fault)
{
	if (s->path == NULL) {
		*ret_fault =
			text_format("HOME, XDG_STATE_HOME, OGI_STATE: %s", strerror(ENOENT));
		return false;
	}
	json_t *file = must(json_pack("{s:s, s:s*, s:s*, s:s*}", "server", s->server, "token",
		s->token, "login", s->login, "org", s->org));
	char *text = must(json_dumps(file, JSON_INDENT(1)));
	bool saved = make_folders(s->path) && write_file(s->path, text);
	if (!saved)
		*ret_fault = text_format("%s: %s", s->path, strerror(errno));
	free(text);
	json_decref(file);
	return saved;
}

void session_clear(struct session *s)
{
	free(s->path);
	free(s->server);
	free(s->token);
	free(s->login);
	free(s->org);
	*s = (struct session){ 0 };
}
