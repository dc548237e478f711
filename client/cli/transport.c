/* SPDX-License-Identifier: MulanPSL-2.0 */
/* cli/transport: one connection to the daemon's API (libcurl). */
#include "cli/transport.h"

#include <curl/curl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <uuid/uuid.h>

enum {
	CONNECT_SECONDS = 10,
	STALL_SECONDS = 60, /* without a byte: the server's own limits are shorter */
	ATTEMPTS = 3,
	LONGEST_PAUSE = 5, /* seconds between them, when the server asks for one */
};
static const size_t body_limit = (size_t)256 << 20;

struct transport {
	CURL *curl;
	enum language language;
};

/* The body while it arrives. */
struct sink {
	CURL *curl;
	const struct request *request;
	FILE *save;
	char *text;
	size_t size;
};

struct transport *transport_new(enum language language)
{
	struct transport *t = must(calloc(1, sizeof *t));
	if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
		must(NULL);
	t->curl = must(curl_easy_init());
	t->language = language;
	return t;
}

void transport_free(struct transport *t)
{
	if (t == NULL)
		return;
	curl_easy_cleanup(t->curl);
	curl_global_cleanup();
	free(t);
}

void answer_clear(struct answer *a)
{
	json_decref(a->json);
	/* The analyzer takes the fields of two attempts for the same ones. */
	free(a->text); /* NOLINT(clang-analyzer-unix.Malloc) */
	free(a->fault);
	free(a->retry_after);
	*a = (struct answer){ 0 };
}

static size_t on_body(char *bytes, size_t one, size_t count, void *arg)
{
	struct sink *sink = arg;
	size_t size = one * count;
	long status = 0;

	curl_easy_getinfo(sink->curl, CURLINFO_RESPONSE_CODE, &status);
	if (sink->request->take != NULL && status >= 200 && status <= 299)
		return sink->request->take(sink->request->take_arg, bytes, size) ? size : 0;
	if (sink->save != NULL && status >= 200 && status <= 299)
		return fwrite(bytes, 1, size, sink->save);
	if (size > body_limit - sink->size)
		return 0;
	sink->text = must(realloc(sink->text, sink->size + size + 1));
	memcpy(sink->text + sink->size, bytes, size);
	sink->size += size;
	sink->text[sink->size] = '\0';
	return size;
}

/* One part of a path or query. */
static void escape_to(FILE *out, const char *text, const char *also_plain)
{
	static const char plain[] =
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~";
	for (; *text != '\0'; text++) {
		if (strchr(plain, *text) != NULL || strchr(also_plain, *text) != NULL)
			fputc(*text, out);
		else
			fprintf(out, "%%%02X", (unsigned int)(unsigned char)*text);
	}
}

char *transport_escape(const char *part)
{
	char *escaped;
	size_t size;
	FILE *out = must(open_memstream(&escaped, &size));

	escape_to(out, part, ":");
	fclose(out);
	return must(escaped);
}

static char *url_of(const struct session *s, const struct request *r)
{
	char *url;
	size_t size;
	FILE *out = must(open_memstream(&url, &size));
	const char *name;
	json_t *value;
	char separator = '?';

	fprintf(out, "%s%s", s->server, r->path);
	json_object_foreach(r->query, name, value)
	{
		fputc(separator, out);
		escape_to(out, name, "");
		fputc('=', out);
		escape_to(out, json_string_value(value), ":,");
		separator = '&';
	}
	fclose(out);
	return must(url);
}

static struct curl_slist *with_header(
	struct curl_slist *list, const char *name, const char *value)
{
	char *line = text_format("%s: %s", name, value);
	list = must(curl_slist_append(list, line));
	free(line);
	return list;
}

static struct curl_slist *headers_of(
	const struct transport *t, const struct session *s, const struct request *r)
{
	struct curl_slist *list = with_header(
		NULL, "Accept-Language", t->language == LANGUAGE_ZH ? "zh-CN" : "en");
	list = with_header(list, "Expect", "");
	if (s->token != NULL) {
		char *bearer = text_format("Bearer %s", s->token);
		list = with_header(list, "Authorization", bearer);
		free(bearer);
	}
	if (r->file != NULL)
		list = with_header(list, "Content-Type",
			r->type != NULL ? r->type : "application/octet-stream");
	if (r->last_event != NULL)
		list = with_header(list, "Last-Event-ID", r->last_event);
	if (r->if_match > 0) {
		char *tag = text_format("\"%lld\"", r->if_match);
		list = with_header(list, "If-Match", tag);
		free(tag);
	}
	if (r->body != NULL)
		list = with_header(list, "Content-Type", "application/json");
	if (r->keyed) {
		uuid_t key;
		char text[UUID_STR_LEN];
		uuid_generate_random(key);
		uuid_unparse_lower(key, text);
		list = with_header(list, "Idempotency-Key", text);
	}
	return list;
}

/* A proxy of the environment is never meant for the machine itself. */
static bool is_loopback(const char *url)
{
	static const char *const hosts[] = { "://127.", "://localhost", "://[::1]" };
	for (size_t i = 0; i < sizeof hosts / sizeof *hosts; i++)
		if (strstr(url, hosts[i]) != NULL)
			return true;
	return false;
}

static void set_up(CURL *curl, const char *url, const struct request *r)
{
	curl_easy_reset(curl); /* the connection stays */
	curl_easy_setopt(curl, CURLOPT_URL, url);
	curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(curl, CURLOPT_PATH_AS_IS, 1L);
	curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, (long)CONNECT_SECONDS);
	curl_easy_setopt(curl, CURLOPT_LOW_SPEED_LIMIT, 1L);
	curl_easy_setopt(curl, CURLOPT_LOW_SPEED_TIME, (long)STALL_SECONDS);
	curl_easy_setopt(curl, CURLOPT_USERAGENT, "ogi/" OGID_VERSION);
	curl_easy_setopt(curl, CURLOPT_ACCEPT_ENCODING, "");
	curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, on_body);
	if (is_loopback(url))
		curl_easy_setopt(curl, CURLOPT_PROXY, "");
	if (strcmp(r->method, "GET") == 0)
		curl_easy_setopt(curl, CURLOPT_HTTPGET, 1L);
	else
		curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, r->method);
}

/* How much of a file has gone, on one line that is written over. */
static int on_progress(
	void *arg, curl_off_t to_come, curl_off_t come, curl_off_t whole, curl_off_t sent)
{
	const struct request *r = arg;
	(void)to_come;
	(void)come;
	if (whole > 0)
		fprintf(stderr, "\r%3d%%", (int)(sent * 100 / whole));
	if (whole > 0 && sent == whole)
		fputc('\r', stderr);
	return r->file == NULL;
}

static int on_seek(void *arg, curl_off_t offset, int origin)
{
	return fseeko(arg, (off_t)offset, origin) == 0 ? CURL_SEEKFUNC_OK : CURL_SEEKFUNC_FAIL;
}

/* The body comes from the file while it goes. */
static void set_file(CURL *curl, const struct request *r)
{
	curl_easy_setopt(curl, CURLOPT_POST, 1L);
	curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)r->file_size);
	curl_easy_setopt(curl, CURLOPT_READDATA, r->file);
	curl_easy_setopt(curl, CURLOPT_SEEKFUNCTION, on_seek);
	curl_easy_setopt(curl, CURLOPT_SEEKDATA, r->file);
	if (r->progress != NULL) {
		curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, on_progress);
		curl_easy_setopt(curl, CURLOPT_XFERINFODATA, (void *)(uintptr_t)r);
		curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
	}
}

/* Whether asking again cannot do it twice. */
static bool is_safe(const struct request *r)
{
	return (r->keyed || strcmp(r->method, "GET") == 0) && r->save == NULL &&
	       r->take == NULL;
}

static bool is_broken(CURLcode code)
{
	return code == CURLE_GOT_NOTHING || code == CURLE_RECV_ERROR ||
	       code == CURLE_SEND_ERROR || code == CURLE_PARTIAL_FILE;
}

/* The commit's answer was lost between the daemon and its database; the key will tell. */
static bool is_unresolved(const struct sink *sink, long status)
{
	if (status != 503 || sink->size == 0)
		return false;
	json_t *problem = json_loads(sink->text, JSON_REJECT_DUPLICATES, NULL);
	const char *code = json_string_value(json_object_get(problem, "code"));
	bool unresolved = code != NULL && strcmp(code, "unresolved") == 0;
	json_decref(problem);
	return unresolved;
}

static char *header_copy(CURL *curl, const char *name)
{
	struct curl_header *found;
	if (curl_easy_header(curl, name, 0, CURLH_HEADER, -1, &found) != CURLHE_OK)
		return NULL;
	return must(strdup(found->value));
}

/* What kept the answer from being one. */
static char *fault_of(
	const struct transport *t, CURLcode code, const char *detail, const struct request *r)
{
	const char *words = *detail != '\0' ? detail : curl_easy_strerror(code);
	if (code != CURLE_WRITE_ERROR)
		return must(strdup(words));
	return must(strdup(r->save != NULL ? pick(t->language, "the file cannot be written",
						     "文件无法写入")
					   : pick(t->language, "the answer is too large",
						     "服务器返回的数据过大")));
}

static enum ending ending_of(const struct answer *a)
{
	if (a->status >= 200 && a->status <= 299)
		return a->fault == NULL ? DONE : REFUSED;
	if (a->status == 401 || a->status == 403)
		return FORBIDDEN;
	return a->status == 409 || a->status == 412 ? CONFLICT : REFUSED;
}

static void pause_for(const struct answer *a)
{
	long long seconds = 0;
	if (a->retry_after != NULL && text_whole(a->retry_after, &seconds) && seconds > 0)
		sleep(seconds < LONGEST_PAUSE ? (unsigned int)seconds : LONGEST_PAUSE);
}

/* One attempt: everything of the answer but its text, which stays in the sink. */
static CURLcode attempt(
	struct transport *t, const struct request *r, struct sink *sink, struct answer *ret)
{
	char detail[CURL_ERROR_SIZE] = "";
	bool writes = strcmp(r->method, "GET") != 0;

	sink->size = 0;
	if (r->file != NULL)
		rewind(r->file);
	curl_easy_setopt(t->curl, CURLOPT_WRITEDATA, sink);
	curl_easy_setopt(t->curl, CURLOPT_ERRORBUFFER, detail);
	CURLcode code = curl_easy_perform(t->curl);
	curl_easy_setopt(t->curl, CURLOPT_ERRORBUFFER, NULL);
	if (code != CURLE_OK) {
		ret->fault = fault_of(t, code, detail, r);
		ret->unsure = writes && code != CURLE_COULDNT_CONNECT &&
			      code != CURLE_COULDNT_RESOLVE_HOST &&
			      code != CURLE_URL_MALFORMAT && code != CURLE_UNSUPPORTED_PROTOCOL;
		return code;
	}
	curl_easy_getinfo(t->curl, CURLINFO_RESPONSE_CODE, &ret->status);
	ret->retry_after = header_copy(t->curl, "Retry-After");
	char *date = header_copy(t->curl, "Date");
	ret->date = date == NULL ? 0 : (long long)curl_getdate(date, NULL);
	free(date);
	ret->unsure = writes && is_unresolved(sink, ret->status);
	return code;
}

/* Gives the text to the answer. */
static void take_text(const struct transport *t, struct sink *sink, struct answer *ret)
{
	if (sink->text == NULL)
		sink->text = must(calloc(1, 1));
	sink->text[sink->size] = '\0';
	ret->text = sink->text;
	if (sink->size > 0 && ret->fault == NULL)
		ret->json = json_loads(ret->text, JSON_REJECT_DUPLICATES, NULL);
	if (ret->json == NULL && sink->size > 0 && ret->status >= 200 && ret->status <= 299)
		ret->fault = must(strdup(
			pick(t->language, "the answer is not JSON; is this an ogid server?",
				"返回的内容不是 JSON，请检查服务器地址")));
}

enum ending transport_send(struct transport *t, const struct session *s,
	const struct request *r, struct answer *ret)
{
	struct sink sink = { .curl = t->curl, .request = r, .save = r->save };
	char *url = url_of(s, r);
	char *body = r->body == NULL ? NULL : must(json_dumps(r->body, JSON_COMPACT));
	struct curl_slist *headers = headers_of(t, s, r);
	CURLcode code = CURLE_OK;

	*ret = (struct answer){ 0 };
	set_up(t->curl, url, r);
	curl_easy_setopt(t->curl, CURLOPT_HTTPHEADER, headers);
	if (r->file != NULL)
		set_file(t->curl, r);
	else if (body != NULL || strcmp(r->method, "POST") == 0)
		curl_easy_setopt(t->curl, CURLOPT_POSTFIELDS, body != NULL ? body : "");
	for (int i = 1;; i++) {
		code = attempt(t, r, &sink, ret);
		if (i == ATTEMPTS || !is_safe(r) ||
			!(is_broken(code) || is_unresolved(&sink, ret->status)))
			break;
		pause_for(ret);
		answer_clear(ret);
	}
	take_text(t, &sink, ret);
	curl_easy_setopt(t->curl, CURLOPT_HTTPHEADER, NULL);
	curl_slist_free_all(headers);
	free(body);
	free(url);
	if (code != CURLE_OK)
		return code == CURLE_WRITE_ERROR ? REFUSED : UNREACHABLE;
	return ending_of(ret);
}
