/* SPDX-License-Identifier: MulanPSL-2.0 */
/* web/header: the values of single request headers, read strictly. Pure. */
#ifndef OGID_WEB_HEADER_H
#define OGID_WEB_HEADER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Accept-Language with q-values: true when English is wanted more than Chinese. NULL, "*" and
 * bad values: Chinese. */
bool header_english(const char *value);

/* If-Match: `"12"` gives 12, "*" gives -1 (any version); anything else is false. */
bool header_version(const char *value, int64_t *ret_version);

/* True for application/json, with charset=utf-8 or without. */
bool header_json(const char *value);

/* The value of a cookie inside "a=b; c=d", or NULL; *ret_size its length. The first one counts.
 */
const char *header_cookie(const char *value, const char *name, size_t *ret_size);

/* The token of "Bearer TOKEN", or NULL. */
const char *header_bearer(const char *value);

/* True when a request with a cookie comes from our own pages: Sec-Fetch-Site is same-origin or
 * none; without it, Origin is there and names `host`. */
bool header_same_origin(const char *fetch_site, const char *origin, const char *host);

/* The client behind trusted proxies: the last address of X-Forwarded-For that is none of them;
 * `peer` when peer is not trusted, or the list is bad. Writes at most size - 1 characters and a
 * terminator. */
void header_client(const char *peer, const char *forwarded, const char *const *proxies,
	char *out, size_t size);

#endif
