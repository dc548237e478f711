/* SPDX-License-Identifier: MulanPSL-2.0 */
/* web/header: small readers, one per header. */
#include "web/header.h"

#include "base/text.h"

#include <arpa/inet.h>
#include <string.h>
#include <strings.h>

static const char *skip(const char *s)
{
	return s + strspn(s, " \t");
}

/* "q=0.8" in thousandths, -1 when it is bad. */
static int quality(const char *s)
{
	if ((s[0] != 'q' && s[0] != 'Q') || s[1] != '=' || (s[2] != '0' && s[2] != '1'))
		return -1;
	int q = (s[2] - '0') * 1000, unit = 100;
	const char *p = s + 3;
	if (*p == '.')
		for (p++; *p >= '0' && *p <= '9'; p++) {
			q += (*p - '0') * unit;
			unit /= 10;
		}
	p = skip(p);
	return (*p == '\0' || *p == ',') && q <= 1000 ? q : -1;
}

static bool language_is(const char *s, size_t n, const char *two)
{
	return n >= 2 && strncasecmp(s, two, 2) == 0 && (n == 2 || s[2] == '-');
}

bool header_english(const char *value)
{
	int en = 0, zh = 0;
	for (const char *s = value; s != NULL && *s != '\0';) {
		s = skip(s);
		size_t n = strcspn(s, ",; \t");
		const char *after = skip(s + n);
		int q = 1000;
		if (*after == ';')
			q = quality(skip(after + 1));
		if (language_is(s, n, "en") && q > en)
			en = q;
		if (language_is(s, n, "zh") && q > zh)
			zh = q;
		s = strchr(s, ',');
		if (s != NULL)
			s++;
	}
	return en > zh;
}

bool header_version(const char *value, int64_t *ret_version)
{
	if (strcmp(value, "*") == 0) {
		*ret_version = -1;
		return true;
	}
	size_t n = strlen(value);
	char digits[20];
	if (n < 3 || n - 2 >= sizeof digits || value[0] != '"' || value[n - 1] != '"')
		return false;
	memcpy(digits, value + 1, n - 2);
	digits[n - 2] = '\0';
	return strspn(digits, "0123456789") == n - 2 && text_to_int(digits, ret_version);
}

bool header_json(const char *value)
{
	static const char json[] = "application/json";
	if (strncasecmp(value, json, sizeof json - 1) != 0)
		return false;
	const char *s = skip(value + sizeof json - 1);
	if (*s == '\0')
		return true;
	if (*s != ';')
		return false;
	s = skip(s + 1);
	if (*s == '\0')
		return true;
	return strcasecmp(s, "charset=utf-8") == 0 || strcasecmp(s, "charset=\"utf-8\"") == 0;
}

const char *header_cookie(const char *value, const char *name, size_t *ret_size)
{
	size_t n = strlen(name);
	for (const char *s = value; s != NULL;) {
		s = skip(s);
		size_t size = strcspn(s, ";");
		if (size > n && strncmp(s, name, n) == 0 && s[n] == '=') {
			*ret_size = size - n - 1;
			return s + n + 1;
		}
		s = s[size] == ';' ? s + size + 1 : NULL;
	}
	return NULL;
}

const char *header_bearer(const char *value)
{
	if (strncasecmp(value, "Bearer ", 7) != 0)
		return NULL;
	const char *token = skip(value + 7);
	return *token != '\0' && strpbrk(token, " \t,") == NULL ? token : NULL;
}

bool header_same_origin(const char *fetch_site, const char *origin, const char *host)
{
	if (fetch_site != NULL)
		return strcmp(fetch_site, "same-origin") == 0 ||
		       strcmp(fetch_site, "none") == 0;
	if (origin == NULL || host == NULL)
		return false;
	const char *at = strstr(origin, "://");
	return at != NULL && strcasecmp(at + 3, host) == 0;
}

static bool is_address(const char *s)
{
	unsigned char bytes[16];
	return inet_pton(AF_INET, s, bytes) == 1 || inet_pton(AF_INET6, s, bytes) == 1;
}

static bool trusted(const char *address, const char *const *proxies)
{
	for (; proxies != NULL && *proxies != NULL; proxies++)
		if (strcmp(address, *proxies) == 0)
			return true;
	return false;
}

static void put(char *out, size_t size, const char *s, size_t n)
{
	if (n >= size)
		n = size - 1;
	memcpy(out, s, n);
	out[n] = '\0';
}

void header_client(const char *peer, const char *forwarded, const char *const *proxies,
	char *out, size_t size)
{
	put(out, size, peer, strlen(peer));
	if (forwarded == NULL || !trusted(peer, proxies))
		return;
	size_t end = strlen(forwarded);
	while (end > 0) {
		size_t from = end;
		while (from > 0 && forwarded[from - 1] != ',')
			from--;
		const char *s = skip(forwarded + from);
		size_t n = (size_t)(forwarded + end - s);
		while (n > 0 && (s[n - 1] == ' ' || s[n - 1] == '\t'))
			n--;
		char one[64];
		put(one, sizeof one, s, n);
		if (!is_address(one))
			return;
		put(out, size, one, strlen(one));
		if (!trusted(one, proxies))
			return;
		end = from > 0 ? from - 1 : 0;
	}
}
