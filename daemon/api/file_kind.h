/* SPDX-License-Identifier: MulanPSL-2.0 */
/*
 * api/file_kind: what a file is, told from its bytes, and what it is called. Nothing a sender
 * says of a file is believed: types come from the first bytes, names lose folders and whatever
 * could steer a terminal or a header.
 */
#ifndef OGID_API_FILE_KIND_H
#define OGID_API_FILE_KIND_H

#include "base/arena.h"

#include <stdbool.h>
#include <stddef.h>

enum { FILE_NAME_MOST = 200 }; /* characters; longer names are cut before their extension */

/*
 * The media type by the first bytes; `whole`: there are no others. Old office formats share a
 * container: the extension of `name` (may be NULL) tells them apart. application/octet-stream
 * when nothing is known. Static.
 */
const char *file_content_type(const void *bytes, size_t n, bool whole, const char *name);
/* True for types that a browser may show by itself: they cannot run anything. */
bool file_is_shown(const char *content_type);

/* The name in a Content-Disposition header (RFC 6266; filename* before filename); NULL when
 * there is none. Not cleaned yet. */
const char *file_name_sent(struct arena *a, const char *disposition);
/* The last part of a path without control and direction characters, at most FILE_NAME_MOST
 * characters; "" when nothing is left, NULL when it is not UTF-8. */
const char *file_name_clean(struct arena *a, const char *name);
/* Content-Disposition for it: the name in ASCII for old clients, and as it is (RFC 8187). */
const char *file_disposition(struct arena *a, const char *name, bool shown);

#endif
