/* SPDX-License-Identifier: MulanPSL-2.0 */
/*
 * store/attachment: files of a case. Bytes are stored in chunks under an upload that nobody
 * sees; attachment_ask_add makes it a file of the case, in the write of its audit entry, which
 * commits to hash, size, type and name. What never gets there is dropped, at the latest at
 * night. A case that was made from another one takes over the files that it had then: their
 * bytes stay where they are.
 */
#ifndef OGID_STORE_ATTACHMENT_H
#define OGID_STORE_ATTACHMENT_H

#include "store/audit.h"

enum { ATTACHMENT_CHUNK = 128 * 1024 };

extern const struct stmt attachment_begin, attachment_chunk_add, attachment_drop,
	attachment_last, attachment_add, attachment_follow, attachment_list, attachment_get,
	attachment_chunks;

struct attachment {
	int32_t org;
	struct uuid case_id;
	int32_t n;    /* in the case, from 1 */
	int32_t home; /* organisation that keeps the bytes: another one after a hand-over */
	struct uuid upload;
	const char *name, *content_type; /* name NULL: destroyed, with the bytes */
	unsigned char salt[16];          /* of the commitment to the name */
	int64_t size;
	struct mac hash;     /* SHA-256 */
	int64_t recorded_at; /* microseconds, whole milliseconds */
	int32_t actor;       /* user id */
};

/* The upload row; its chunks follow in the same write or in later ones. */
void attachment_ask_begin(struct batch *writes, int32_t org, const struct uuid *upload,
	const struct uuid *case_id, int64_t now);
void attachment_ask_chunk(struct batch *writes, int32_t org, const struct uuid *upload,
	int32_t seq, const void *bytes, size_t n);
/* Removes the upload with its chunks; refused (23503) when it is an attachment. */
void attachment_ask_drop(struct batch *writes, int32_t org, const struct uuid *upload);

/* The number of the case's last file: attachment_read_last. */
const struct rows *attachment_ask_last(
	struct batch *b, int32_t org, const struct uuid *case_id);
int32_t attachment_read_last(const struct rows *r);
/* What the audit entry (action case.attach, object: the case) says of it; JSON. A name that was
 * destroyed is null. */
const char *attachment_detail(
	const struct keys *k, struct arena *a, const struct attachment *f);
/* Makes it visible, gated by that entry. 23505 of attachment_pkey: somebody took the number. */
void attachment_ask_add(
	struct batch *writes, const struct audit_mark *gate, const struct attachment *f);

/* The case that another was made from, by the event known by its hash. */
struct origin {
	int32_t org;
	struct uuid id;
	int32_t seq;
	struct mac hash;
};
/* The new case has the files of its origin, under their numbers; in the write of that event,
 * and only with it. */
void attachment_ask_follow(struct batch *writes, int32_t org, const struct uuid *case_id,
	const struct origin *from);

/* The files of a case of the scope, in the order of their numbers; or one. */
const struct rows *attachment_ask_list(
	struct batch *b, const int32_t *scope, int scopes, const struct uuid *case_id);
const struct rows *attachment_ask(struct batch *b, const int32_t *scope, int scopes,
	const struct uuid *case_id, int32_t n);
/* Texts are borrowed from the rows; the salt is not read. */
void attachment_read(const struct rows *r, int row, struct attachment *ret_file);

/* At most `most` chunks from `seq` on: seq, bytes. */
const struct rows *attachment_ask_chunks(
	struct batch *b, int32_t org, const struct uuid *upload, int32_t seq, int32_t most);
/* The bytes of row `row` when it is chunk `seq`, else NULL; borrowed. */
const void *attachment_read_chunk(
	const struct rows *r, int row, int32_t seq, size_t *ret_bytes);

#endif
