/* SPDX-License-Identifier: MulanPSL-2.0 */
/* Any bytes as a query text or the value of a header that is read strictly. */
#include "fuzz.h"

#include "base/text.h"
#include "web/guard.h"
#include "web/header.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	char *text = malloc(n + 1), *value = malloc(n + 1);
	must(text != NULL && value != NULL);
	if (guard_query_text((const char *)data, n, text) == GUARD_OK) {
		size_t size = strlen(text);
		must(size <= n && text_characters(text, size) >= 0 &&
			strpbrk(text, "\r\n\x7f") == NULL);
	}
	memcpy(value, data, n);
	value[n] = '\0';
	int64_t version = -2;
	if (header_version(value, &version))
		must(version >= -1);
	(void)header_english(value);
	(void)header_json(value);
	const char *token = header_bearer(value);
	must(token == NULL || (*token != '\0' && strpbrk(token, " \t") == NULL));
	size_t size = 0;
	const char *cookie = header_cookie(value, "ogid_session", &size);
	must(cookie == NULL || (cookie >= value && cookie + size <= value + n &&
				       memchr(cookie, ';', size) == NULL));
	(void)header_same_origin(NULL, value, "a");
	static const char *const proxies[] = { "10.0.0.1", NULL };
	char address[64];
	header_client("10.0.0.1", value, proxies, address, sizeof address);
	must(strspn(address, "0123456789abcdefABCDEF:.") == strlen(address));
	free(text);
	free(value);
	return 0;
}
