/* SPDX-License-Identifier: MulanPSL-2.0 */
/* jobs/courier: one easy handle of libcurl, or a file, fsync and rename. */
#include "jobs/courier.h"

#include <curl/curl.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { CONNECT_S = 10, MAIL_S = 30, PASSWORD_MOST = 256 };

struct courier {
	const struct courier_settings *settings;
	CURL *curl; /* NULL: into the folder */
	bool away;  /* the server did not answer */
	char why[256];
};

bool courier_is_set(const struct courier_settings *s)
{
	return *s->smtp_url != '\0' || *s->outbox_folder != '\0';
}

/* ---- to the server ---- */

/* The first line of the file. */
static bool read_password(const char *path, char out[PASSWORD_MOST])
{
	FILE *f = fopen(path, "re");
	bool there = f != NULL && fgets(out, PASSWORD_MOST, f) != NULL;
	if (f != NULL)
		fclose(f);
	if (there)
		out[strcspn(out, "\r\n")] = '\0';
	return there && *out != '\0';
}

static bool log_in(struct courier *c)
{
	char password[PASSWORD_MOST];
	const struct courier_settings *s = c->settings;
	if (*s->smtp_user == '\0')
		return true;
	bool there = read_password(s->smtp_password_file, password);
	if (there) {
		curl_easy_setopt(c->curl, CURLOPT_USERNAME, s->smtp_user);
		curl_easy_setopt(c->curl, CURLOPT_PASSWORD, password);
		/* a password never leaves in clear */
		curl_easy_setopt(c->curl, CURLOPT_USE_SSL, (long)CURLUSESSL_ALL);
	}
	explicit_bzero(password, sizeof password);
	return there;
}

static bool prepare(struct courier *c)
{
	if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK ||
		(c->curl = curl_easy_init()) == NULL)
		abort(); /* memory is out */
	curl_easy_setopt(c->curl, CURLOPT_URL, c->settings->smtp_url);
	curl_easy_setopt(c->curl, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
	curl_easy_setopt(c->curl, CURLOPT_PROXY, "");
	curl_easy_setopt(c->curl, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(c->curl, CURLOPT_CONNECTTIMEOUT, (long)CONNECT_S);
	curl_easy_setopt(c->curl, CURLOPT_TIMEOUT, (long)MAIL_S);
	curl_easy_setopt(c->curl, CURLOPT_USE_SSL, (long)CURLUSESSL_TRY);
	return log_in(c);
}

struct courier *courier_new(const struct courier_settings *s, const char **ret_why)
{
	struct courier *c = calloc(1, sizeof *c);
	if (c == NULL)
		abort();
	c->settings = s;
	if (*s->smtp_url == '\0' || prepare(c))
		return c;
	*ret_why = "smtp_password_file cannot be read";
	courier_free(c);
	return NULL;
}

void courier_free(struct courier *c)
{
	if (c == NULL)
		return;
	if (c->curl != NULL) {
		curl_easy_cleanup(c->curl);
		curl_global_cleanup();
	}
	free(c);
}

struct reading {
	const struct buf *from;
	size_t at;
};

static size_t read_some(char *to, size_t size, size_t n, void *arg)
{
	struct reading *r = arg;
	size_t left = r->from->used - r->at, most = size * n;
	size_t take = left < most ? left : most;
	memcpy(to, r->from->data + r->at, take);
	r->at += take;
	return take;
}

/* What will not be otherwise for the next mail. */
static bool is_away(CURLcode code)
{
	return code == CURLE_COULDNT_RESOLVE_HOST || code == CURLE_COULDNT_CONNECT ||
	       code == CURLE_OPERATION_TIMEDOUT || code == CURLE_LOGIN_DENIED ||
	       code == CURLE_USE_SSL_FAILED || code == CURLE_SSL_CONNECT_ERROR ||
	       code == CURLE_PEER_FAILED_VERIFICATION || code == CURLE_URL_MALFORMAT ||
	       code == CURLE_UNSUPPORTED_PROTOCOL;
}

static const char *send_mail(struct courier *c, const char *to, const struct buf *mail)
{
	struct reading reading = { .from = mail };
	long answer = 0;
	if (c->away)
		return c->why;
	struct curl_slist *whom = curl_slist_append(NULL, to);
	curl_easy_setopt(c->curl, CURLOPT_MAIL_FROM, c->settings->smtp_from);
	curl_easy_setopt(c->curl, CURLOPT_MAIL_RCPT, whom);
	curl_easy_setopt(c->curl, CURLOPT_UPLOAD, 1L);
	curl_easy_setopt(c->curl, CURLOPT_READFUNCTION, read_some);
	curl_easy_setopt(c->curl, CURLOPT_READDATA, &reading);
	CURLcode code = curl_easy_perform(c->curl);
	curl_easy_getinfo(c->curl, CURLINFO_RESPONSE_CODE, &answer);
	curl_slist_free_all(whom);
	if (code == CURLE_OK)
		return NULL;
	c->away = is_away(code);
	snprintf(c->why, sizeof c->why, "mail server: %s (%ld)", curl_easy_strerror(code),
		answer);
	return c->why;
}

/* ---- into the folder ---- */

static bool write_file(int folder, const char *name, const struct buf *mail)
{
	unlinkat(folder, name, 0); /* what a crash left, whoever may read it */
	int fd = openat(folder, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0)
		return false;
	size_t at = 0;
	ssize_t n = 0;
	while (at < mail->used && (n = write(fd, mail->data + at, mail->used - at)) >= 0)
		at += (size_t)n;
	bool done = n >= 0 && fsync(fd) == 0;
	return close(fd) == 0 && done;
}

static const char *put_file(struct courier *c, const char *name, const struct buf *mail)
{
	char file[256], unfinished[256];
	int folder = open(c->settings->outbox_folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	snprintf(file, sizeof file, "%s.eml", name);
	snprintf(unfinished, sizeof unfinished, ".%s.part", name);
	bool done = folder >= 0 && write_file(folder, unfinished, mail) &&
		    renameat(folder, unfinished, folder, file) == 0 && fsync(folder) == 0;
	if (!done)
		snprintf(c->why, sizeof c->why, "outbox_folder: %s", strerror(errno));
	if (folder >= 0)
		close(folder);
	return done ? NULL : c->why;
}

const char *courier_carry(
	struct courier *c, const char *name, const char *to, const struct buf *mail)
{
	return c->curl != NULL ? send_mail(c, to, mail) : put_file(c, name, mail);
}
