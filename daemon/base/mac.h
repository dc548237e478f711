/* SPDX-License-Identifier: MulanPSL-2.0 */
/*
 * base/mac: keyed integrity and secrecy (OpenSSL): HMAC-SHA-256 or HMAC-SM3 for chains and
 * commitments, AES-256-GCM for ID numbers, blind index, query codes. All keys are derived
 * (HKDF) from one 32-byte master key, which comes from the service's credential, never from the
 * database.
 */
#ifndef OGID_BASE_MAC_H
#define OGID_BASE_MAC_H

#include "base/arena.h"

#include <stdbool.h>
#include <stddef.h>

enum mac_algorithm { MAC_SHA256, MAC_SM3 };
enum { MAC_BYTES = 32 };
struct mac {
	unsigned char byte[MAC_BYTES];
};
struct keys; /* opaque */

/* NULL and one sentence in *ret_why when the file cannot be read or holds other than 64 hex
 * digits. */
struct keys *keys_load(const char *path, enum mac_algorithm algorithm, const char **ret_why);
struct keys *keys_new(const unsigned char master[32], enum mac_algorithm algorithm);
void keys_free(struct keys *k);

/* The link of a chain: MAC(previous, canonical bytes). previous is all zero for the first. */
struct mac mac_link(
	const struct keys *k, const struct mac *previous, const char *bytes, size_t n);
/* Commitment to text with its salt (16 random bytes). */
struct mac mac_commit(
	const struct keys *k, const unsigned char salt[16], const char *bytes, size_t n);
/* Blind index of a normalised value (ID number): equal values give equal MACs. */
struct mac mac_blind(const struct keys *k, const char *value);
/* Plain SHA-256 (session tokens, bodies). */
struct mac mac_hash(const char *bytes, size_t n);
/* The same of bytes that come in parts; dies with the arena. */
struct digest;
struct digest *digest_new(struct arena *a);
void digest_add(struct digest *d, const void *bytes, size_t n);
struct mac digest_end(struct digest *d);                          /* once */
bool mac_same(const struct mac *a, const struct mac *b);          /* constant time */
void mac_print(const struct mac *m, char out[2 * MAC_BYTES + 1]); /* lower-case hex */
bool mac_parse(const char *hex, struct mac *ret_mac);

void mac_random(unsigned char *out, size_t n); /* aborts when the system gives none */
char *mac_token(struct arena *a);              /* 43 characters, URL-safe, 256 bits */
/* Query code of a case for its applicant: 10 characters of Crockford base 32, derived from the
 * id, so that a replayed answer is the same. */
void mac_query_code(const struct keys *k, const unsigned char id[16], char out[11]);

/* "v1:" base64(nonce, ciphertext, tag); `bound` (the case's id) is authenticated with it. */
char *seal_text(const struct keys *k, struct arena *a, const unsigned char bound[16],
	const char *plain);
/* NULL when it was changed or the key is another. */
char *unseal_text(const struct keys *k, struct arena *a, const unsigned char bound[16],
	const char *sealed);

#endif
