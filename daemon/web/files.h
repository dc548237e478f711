/* SPDX-License-Identifier: MulanPSL-2.0 */
/*
 * web/files: the built files of the web client. They are read once, at the start, and kept as
 * they were compressed by the build (NAME.gz beside NAME), one copy each; whoever does not take
 * gzip gets them inflated for the occasion.
 *
 * Names under /assets/ carry a hash of their content and may be kept for ever; everything else
 * is asked for again with its ETag. A path that is no file and looks like a screen of the
 * client
 * ("/cases/2017-1": no dot in its last segment) is answered with index.html; /v1 and /portal
 * belong to the API and never are.
 */
#ifndef OGID_WEB_FILES_H
#define OGID_WEB_FILES_H

#include "web/exchange.h"

struct files;

/* Everything under `folder`; NULL and one sentence in *ret_why when it cannot be read, holds
 * no index.html, or more than FILES_BYTES. */
enum { FILES_BYTES = 16 * 1024 * 1024 };
struct files *files_new(const char *folder, const char **ret_why);
void files_free(struct files *f);
size_t files_count(const struct files *f);
size_t files_bytes(const struct files *f); /* as they are kept */

struct file {
	const char *name; /* "/assets/index-1a2b3c4d.js" */
	const char *type; /* media type */
	const char *body;
	size_t size;
	char etag[36];   /* quoted, of the bytes that are kept */
	bool compressed; /* body is gzip */
	bool immutable;  /* the name changes with the content */
	bool page;       /* HTML: gets the policy of a page */
};
/* What a decoded path means, or NULL: not ours. `f` may be NULL: nothing is. */
const struct file *files_find(const struct files *f, const char *path);

/* Does a list of Accept-Encoding take gzip? If-None-Match hold this ETag? NULL: no. */
bool files_takes_gzip(const char *accept_encoding);
bool files_matches(const char *if_none_match, const char *etag);

/* The route of every file: GET without session; its step answers server's file of x->path. */
extern const struct route files_route;

#endif
