/* SPDX-License-Identifier: MulanPSL-2.0 */
/* base/mac: OpenSSL behind the few words the rest needs. What OpenSSL cannot do is a broken
 * machine: abort. */
#include "base/mac.h"

#include <ctype.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <openssl/params.h>
#include <openssl/rand.h>
#include <openssl/sha.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { KEY_BYTES = 32, NONCE_BYTES = 12, TAG_BYTES = 16, ID_BYTES = 16 };

struct keys {
	/* Each holds its key; a computation starts from a copy, so that the hash is looked up
	 * once. */
	EVP_MAC_CTX *chain, *commit, *blind, *query;
	EVP_CIPHER *cipher;
	unsigned char seal[KEY_BYTES];
};

static void must(bool done)
{
	if (!done)
		abort();
}

/* ---- keys ---- */

/* HKDF-SHA-256 of the master key; the label keeps the uses apart. */
static void derive(
	const unsigned char master[32], const char *label, unsigned char out[KEY_BYTES])
{
	char digest[] = "SHA256";
	unsigned char secret[32], info[64];
	size_t n = strlen(label);
	must(n < sizeof info);
	memcpy(secret, master, sizeof secret);
	memcpy(info, label, n + 1);
	EVP_KDF *kdf = EVP_KDF_fetch(NULL, "HKDF", NULL);
	EVP_KDF_CTX *x = kdf != NULL ? EVP_KDF_CTX_new(kdf) : NULL;
	OSSL_PARAM params[] = {
		OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, digest, 0),
		OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_KEY, secret, sizeof secret),
		OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_INFO, info, n),
		OSSL_PARAM_construct_end(),
	};
	must(x != NULL && EVP_KDF_derive(x, out, KEY_BYTES, params) == 1);
	EVP_KDF_CTX_free(x);
	EVP_KDF_free(kdf);
	OPENSSL_cleanse(secret, sizeof secret);
}

static EVP_MAC_CTX *keyed(
	EVP_MAC *hmac, char *digest, const unsigned char master[32], const char *label)
{
	unsigned char key[KEY_BYTES];
	OSSL_PARAM params[] = {
		OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest, 0),
		OSSL_PARAM_construct_end(),
	};
	derive(master, label, key);
	EVP_MAC_CTX *x = EVP_MAC_CTX_new(hmac);
	must(x != NULL && EVP_MAC_init(x, key, sizeof key, params) == 1);
	OPENSSL_cleanse(key, sizeof key);
	return x;
}

struct keys *keys_new(const unsigned char master[32], enum mac_algorithm algorithm)
{
	char sha256[] = "SHA256", sm3[] = "SM3";
	bool chinese = algorithm == MAC_SM3;
	char *digest = chinese ? sm3 : sha256;
	struct keys *k = calloc(1, sizeof *k);
	EVP_MAC *hmac = EVP_MAC_fetch(NULL, "HMAC", NULL);
	must(k != NULL && hmac != NULL);
	k->chain = keyed(
		hmac, digest, master, chinese ? "ogid 1 chain sm3" : "ogid 1 chain sha256");
	k->commit = keyed(
		hmac, digest, master, chinese ? "ogid 1 commit sm3" : "ogid 1 commit sha256");
	k->blind = keyed(
		hmac, digest, master, chinese ? "ogid 1 blind sm3" : "ogid 1 blind sha256");
	/* Told to applicants on paper: must not change with the algorithm. */
	k->query = keyed(hmac, sha256, master, "ogid 1 query code");
	derive(master, "ogid 1 seal aes-256-gcm", k->seal);
	k->cipher = EVP_CIPHER_fetch(NULL, "AES-256-GCM", NULL);
	must(k->cipher != NULL);
	EVP_MAC_free(hmac);
	return k;
}

void keys_free(struct keys *k)
{
	if (k == NULL)
		return;
	EVP_MAC_CTX_free(k->chain);
	EVP_MAC_CTX_free(k->commit);
	EVP_MAC_CTX_free(k->blind);
	EVP_MAC_CTX_free(k->query);
	EVP_CIPHER_free(k->cipher);
	OPENSSL_clear_free(k, sizeof *k);
}

static int nibble(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

/* 64 hex digits at s. */
static bool parse_hex(const char *s, unsigned char out[32])
{
	for (size_t i = 0; i < 32; i++) {
		int high = nibble(s[2 * i]), low = high < 0 ? -1 : nibble(s[2 * i + 1]);
		if (low < 0)
			return false;
		out[i] = (unsigned char)(high << 4 | low);
	}
	return true;
}

struct keys *keys_load(const char *path, enum mac_algorithm algorithm, const char **ret_why)
{
	char text[80] = "";
	unsigned char master[32];
	struct keys *k = NULL;
	FILE *f = fopen(path, "re");
	if (f == NULL) {
		*ret_why = "the file of the master key cannot be opened";
		return NULL;
	}
	setvbuf(f, NULL, _IONBF, 0); /* no copy of the key in a buffer that is not wiped */
	size_t n = fread(text, 1, sizeof text - 1, f);
	bool whole = feof(f) != 0;
	fclose(f);
	while (n > 0 && isspace((unsigned char)text[n - 1]))
		n--;
	if (whole && n == 64 && parse_hex(text, master))
		k = keys_new(master, algorithm);
	else
		*ret_why =
			"the file of the master key must hold 64 hexadecimal digits and nothing else";
	OPENSSL_cleanse(text, sizeof text);
	OPENSSL_cleanse(master, sizeof master);
	return k;
}

/* ---- MACs ---- */

static struct mac mac_of(const EVP_MAC_CTX *key, const void *first, size_t n_first,
	const void *then, size_t n_then)
{
	struct mac m;
	size_t n = 0;
	EVP_MAC_CTX *x = EVP_MAC_CTX_dup(key);
	must(x != NULL);
	must(EVP_MAC_update(x, first, n_first) == 1);
	if (n_then > 0)
		must(EVP_MAC_update(x, then, n_then) == 1);
	must(EVP_MAC_final(x, m.byte, &n, sizeof m.byte) == 1 && n == sizeof m.byte);
	EVP_MAC_CTX_free(x);
	return m;
}

struct mac mac_link(
	const struct keys *k, const struct mac *previous, const char *bytes, size_t n)
{
	return mac_of(k->chain, previous->byte, sizeof previous->byte, bytes, n);
}

struct mac mac_commit(
	const struct keys *k, const unsigned char salt[16], const char *bytes, size_t n)
{
	return mac_of(k->commit, salt, 16, bytes, n);
}

struct mac mac_blind(const struct keys *k, const char *value)
{
	return mac_of(k->blind, value, strlen(value), NULL, 0);
}

struct mac mac_hash(const char *bytes, size_t n)
{
	struct mac m;
	must(SHA256((const unsigned char *)bytes, n, m.byte) != NULL);
	return m;
}

struct digest {
	EVP_MD_CTX *context;
};

static void digest_free(void *arg)
{
	EVP_MD_CTX_free(((struct digest *)arg)->context);
}

struct digest *digest_new(struct arena *a)
{
	struct digest *d = arena_make(a, struct digest);
	d->context = EVP_MD_CTX_new();
	must(d->context != NULL && EVP_DigestInit_ex(d->context, EVP_sha256(), NULL) == 1);
	arena_at_end(a, digest_free, d);
	return d;
}

void digest_add(struct digest *d, const void *bytes, size_t n)
{
	must(EVP_DigestUpdate(d->context, bytes, n) == 1);
}

struct mac digest_end(struct digest *d)
{
	struct mac m;
	must(EVP_DigestFinal_ex(d->context, m.byte, NULL) == 1);
	return m;
}

bool mac_same(const struct mac *a, const struct mac *b)
{
	return CRYPTO_memcmp(a->byte, b->byte, sizeof a->byte) == 0;
}

void mac_print(const struct mac *m, char out[2 * MAC_BYTES + 1])
{
	static const char hex[] = "0123456789abcdef";
	for (size_t i = 0; i < MAC_BYTES; i++) {
		out[2 * i] = hex[m->byte[i] >> 4];
		out[2 * i + 1] = hex[m->byte[i] & 15];
	}
	out[(size_t)2 * MAC_BYTES] = '\0';
}

bool mac_parse(const char *hex, struct mac *ret_mac)
{
	struct mac m;
	if (hex == NULL || strnlen(hex, 65) != 64 || !parse_hex(hex, m.byte))
		return false;
	*ret_mac = m;
	return true;
}

/* ---- chance ---- */

void mac_random(unsigned char *out, size_t n)
{
	must(n <= INT32_MAX && RAND_bytes(out, (int)n) == 1);
}

char *mac_token(struct arena *a)
{
	unsigned char secret[32];
	char text[48];
	mac_random(secret, sizeof secret);
	must(EVP_EncodeBlock((unsigned char *)text, secret, sizeof secret) == 44);
	OPENSSL_cleanse(secret, sizeof secret);
	for (int i = 0; i < 43; i++) {
		if (text[i] == '+')
			text[i] = '-';
		else if (text[i] == '/')
			text[i] = '_';
	}
	return arena_bytes(a, text, 43); /* without the '=' */
}

void mac_query_code(const struct keys *k, const unsigned char id[16], char out[11])
{
	static const char crockford[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
	struct mac m = mac_of(k->query, id, ID_BYTES, NULL, 0);
	uint64_t bits = 0;
	for (int i = 0; i < 8; i++)
		bits = bits << 8 | m.byte[i];
	for (int i = 0; i < 10; i++, bits <<= 5)
		out[i] = crockford[bits >> 59];
	out[10] = '\0';
}

/* ---- seals ---- */

/* nonce, ciphertext, tag into `out` (n + 28 bytes). */
static void encrypt(const struct keys *k, const unsigned char bound[16], const char *plain,
	size_t n, unsigned char *out)
{
	int done = 0, more = 0;
	unsigned char *text = out + NONCE_BYTES, *tag = text + n;
	EVP_CIPHER_CTX *x = EVP_CIPHER_CTX_new();
	mac_random(out, NONCE_BYTES);
	must(x != NULL && EVP_EncryptInit_ex2(x, k->cipher, k->seal, out, NULL) == 1);
	must(EVP_EncryptUpdate(x, NULL, &done, bound, ID_BYTES) == 1);
	must(EVP_EncryptUpdate(x, text, &done, (const unsigned char *)plain, (int)n) == 1 &&
		(size_t)done == n);
	must(EVP_EncryptFinal_ex(x, tag, &more) == 1 && more == 0);
	must(EVP_CIPHER_CTX_ctrl(x, EVP_CTRL_AEAD_GET_TAG, TAG_BYTES, tag) == 1);
	EVP_CIPHER_CTX_free(x);
}

/* The reverse of encrypt() into `plain` (n - 28 bytes); false when the tag does not fit. */
static bool decrypt(const struct keys *k, const unsigned char bound[16], unsigned char *sealed,
	size_t n, unsigned char *plain)
{
	int done = 0, more = 0;
	size_t length = n - NONCE_BYTES - TAG_BYTES;
	unsigned char *text = sealed + NONCE_BYTES, *tag = text + length;
	EVP_CIPHER_CTX *x = EVP_CIPHER_CTX_new();
	must(x != NULL && EVP_DecryptInit_ex2(x, k->cipher, k->seal, sealed, NULL) == 1);
	must(EVP_DecryptUpdate(x, NULL, &done, bound, ID_BYTES) == 1);
	must(EVP_DecryptUpdate(x, plain, &done, text, (int)length) == 1 &&
		(size_t)done == length);
	must(EVP_CIPHER_CTX_ctrl(x, EVP_CTRL_AEAD_SET_TAG, TAG_BYTES, tag) == 1);
	bool genuine = EVP_DecryptFinal_ex(x, plain + length, &more) == 1;
	EVP_CIPHER_CTX_free(x);
	return genuine;
}

char *seal_text(
	const struct keys *k, struct arena *a, const unsigned char bound[16], const char *plain)
{
	size_t n = strlen(plain), all = n + NONCE_BYTES + TAG_BYTES;
	must(n < INT32_MAX / 4);
	unsigned char *bytes = arena_alloc(a, all);
	encrypt(k, bound, plain, n, bytes);
	char *sealed = arena_alloc(a, 3 + (all + 2) / 3 * 4 + 1);
	memcpy(sealed, "v1:", 3);
	must(EVP_EncodeBlock((unsigned char *)sealed + 3, bytes, (int)all) > 0);
	return sealed;
}

char *unseal_text(const struct keys *k, struct arena *a, const unsigned char bound[16],
	const char *sealed)
{
	if (sealed == NULL || strncmp(sealed, "v1:", 3) != 0)
		return NULL;
	const char *base64 = sealed + 3;
	size_t n = strlen(base64);
	if (n % 4 != 0 || n < 40 || n > INT32_MAX / 2)
		return NULL;
	size_t padding = (size_t)(base64[n - 1] == '=') + (base64[n - 2] == '=');
	unsigned char *bytes = arena_alloc(a, n / 4 * 3), *again = arena_alloc(a, n + 1);
	if (EVP_DecodeBlock(bytes, (const unsigned char *)base64, (int)n) < 0)
		return NULL;
	size_t all = n / 4 * 3 - padding;
	/* Base 64 has several spellings of the same bytes and OpenSSL forgives blanks; only
	 * ours is genuine. */
	if (EVP_EncodeBlock(again, bytes, (int)all) != (int)n || memcmp(again, base64, n) != 0)
		return NULL;
	if (all < NONCE_BYTES + TAG_BYTES)
		return NULL;
	unsigned char *plain = arena_alloc(a, all - NONCE_BYTES - TAG_BYTES + 1);
	return decrypt(k, bound, bytes, all, plain) ? (char *)plain : NULL;
}
