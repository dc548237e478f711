/* SPDX-License-Identifier: MulanPSL-2.0 */
/* base/mac: known answers, keys apart, tampering seen at every byte. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/mac.h"
#include "base/text.h"
#include "chance.h"

static const unsigned char master[32] = "0123456789abcdef0123456789abcde";
static const unsigned char id[16] = "case-one", other_id[16] = "case-two";

static const char *hex_of(struct mac m, char out[65])
{
	mac_print(&m, out);
	return out;
}

static void hashes_are_sha_256(void **state)
{
	(void)state;
	char s[65];
	assert_string_equal(hex_of(mac_hash("abc", 3), s),
		"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
	assert_string_equal(hex_of(mac_hash("", 0), s),
		"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

/* The figures were computed apart from this program, with Python's hmac and hashlib. */
static void chains_commitments_and_codes_keep_their_values(void **state)
{
	(void)state;
	static const struct {
		enum mac_algorithm algorithm;
		const char *link, *commit, *blind;
	} known[] = {
		{ MAC_SHA256,
			"2675f26d62b2284c4d717684b9714401970cb5ae3711c2ca62dc6105a0a73aa0",
			"c80dccd66d77d1dee0302367923183661adac042a5b1a8c62107f1e9062e7957",
			"c0b093edccce4f33df4b094761975e6ea0ce40fd08861bdbd2da6f8d114522fe" },
		{ MAC_SM3, "f0e5f99d9a5cd4864000cadd999e93b9e969917015c94439cfffd180d9a616ed",
			"64263589f20b29cd5bc8a2243d6dbd1239d7f50f5782fbfa6862bb5fdaca7471",
			"f10bab9163aed45dd4bcca3402184e7ca8878938b67d46d5b35354628f6477fb" },
	};
	for (size_t i = 0; i < 2; i++) {
		char s[65], code[11];
		struct mac zero = { { 0 } };
		struct keys *k = keys_new(master, known[i].algorithm);
		assert_string_equal(
			hex_of(mac_link(k, &zero, "{\"a\":1}", 7), s), known[i].link);
		assert_string_equal(hex_of(mac_commit(k, id, "张三", 6), s), known[i].commit);
		assert_string_equal(
			hex_of(mac_blind(k, "440102199001011234"), s), known[i].blind);
		mac_query_code(k, id, code);
		assert_string_equal(code, "ZT3TFBK63C"); /* the same whatever the algorithm */
		keys_free(k);
	}
	keys_free(NULL);
}

static void each_use_and_each_key_gives_another_value(void **state)
{
	(void)state;
	struct keys *k = keys_new(master, MAC_SHA256),
		    *k2 = keys_new((const unsigned char *)"another key another key another",
			    MAC_SHA256);
	struct mac zero = { { 0 } }, a = mac_link(k, &zero, "x", 1);
	struct mac others[] = { mac_link(k, &a, "x", 1), mac_link(k, &zero, "y", 1),
		mac_link(k, &zero, "", 0), mac_link(k2, &zero, "x", 1),
		mac_commit(k, id, "x", 1), mac_commit(k, other_id, "x", 1), mac_blind(k, "x"),
		mac_hash("x", 1) };
	struct mac again = mac_link(k, &zero, "x", 1);
	assert_true(mac_same(&a, &again));
	for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
		assert_false(mac_same(&a, &others[i]));
		for (size_t j = 0; j < i; j++)
			assert_false(mac_same(&others[i], &others[j]));
	}
	for (int i = 0; i < MAC_BYTES; i++) {
		struct mac b = a;
		b.byte[i] ^= 1;
		assert_false(mac_same(&a, &b));
	}
	keys_free(k);
	keys_free(k2);
}

static void hex_comes_back(void **state)
{
	(void)state;
	char s[65], wrong[66];
	struct mac m = mac_hash("abc", 3), back;
	mac_print(&m, s);
	assert_true(mac_parse(s, &back));
	assert_true(mac_same(&m, &back));
	assert_true(mac_parse(
		"BA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015AD", &back));
	assert_true(mac_same(&m, &back));
	for (int i = 0; i < 64; i++) {
		memcpy(wrong, s, 65);
		wrong[i] = "g /:@G`\x80"[i % 8];
		assert_false(mac_parse(wrong, &back));
		wrong[i] = '\0';
		assert_false(mac_parse(wrong, &back));
	}
	snprintf(wrong, sizeof wrong, "%s0", s);
	assert_false(mac_parse(wrong, &back));
	assert_false(mac_parse(NULL, &back));
}

static void sealed_text_comes_back_only_for_its_case_and_key(void **state)
{
	(void)state;
	struct chance c = { 38 };
	struct keys *k = keys_new(master, MAC_SHA256),
		    *k2 = keys_new((const unsigned char *)"another key another key another",
			    MAC_SHA256);
	for (int round = 0; round < 2000; round++) {
		char plain[200];
		size_t n = 0;
		struct arena *a = arena_new();
		for (uint32_t i = chance_below(&c, 40); i > 0; i--)
			n += chance_character(&c, plain + n);
		plain[n] = '\0';
		char *sealed = seal_text(k, a, id, plain);
		assert_memory_equal(sealed, "v1:", 3);
		assert_string_equal(unseal_text(k, a, id, sealed), plain);
		assert_null(unseal_text(k, a, other_id, sealed));
		assert_null(unseal_text(k2, a, id, sealed));
		assert_string_not_equal(sealed, seal_text(k, a, id, plain));
		arena_free(a);
	}
	keys_free(k);
	keys_free(k2);
}

static void tampering_is_seen_at_every_byte(void **state)
{
	(void)state;
	struct arena *a = arena_new();
	struct keys *k = keys_new(master, MAC_SHA256);
	/* lengths that end with "", "=" and "==" */
	static const char *const plains[] = { "44010219900101123X", "44010219900101123",
		"440102199001011", "" };
	for (size_t p = 0; p < sizeof plains / sizeof *plains; p++) {
		char *sealed = seal_text(k, a, id, plains[p]);
		size_t n = strlen(sealed);
		for (size_t i = 0; i < n; i++) {
			char *changed = arena_text(a, sealed);
			for (int v = 0; v < 256; v++) {
				changed[i] = (char)v;
				if (changed[i] != sealed[i])
					assert_null(unseal_text(k, a, id, changed));
			}
			char *cut = arena_bytes(a, sealed, i);
			assert_null(unseal_text(k, a, id, cut));
		}
		static const char *const tails[] = { " ", "\n", "=", "==", "====", "AAAA",
			"A" };
		for (size_t i = 0; i < sizeof tails / sizeof *tails; i++) {
			assert_null(unseal_text(
				k, a, id, arena_print(a, "%s%s", sealed, tails[i])));
			assert_null(unseal_text(
				k, a, id, arena_print(a, "v1:%s%s", tails[i], sealed + 3)));
		}
	}
	assert_null(unseal_text(k, a, id, NULL));
	assert_null(unseal_text(k, a, id, ""));
	assert_null(unseal_text(k, a, id, "v1:"));
	assert_null(unseal_text(k, a, id, "v2:AAAA"));
	keys_free(k);
	arena_free(a);
}

static void tokens_are_url_safe_and_differ(void **state)
{
	(void)state;
	struct arena *a = arena_new();
	bool dash = false, underscore = false;
	const char *last = "";
	for (int i = 0; i < 300; i++) {
		const char *t = mac_token(a);
		assert_int_equal(strlen(t), 43);
		assert_int_equal(
			strspn(t,
				"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"),
			43);
		assert_string_not_equal(t, last);
		dash = dash || strchr(t, '-') != NULL;
		underscore = underscore || strchr(t, '_') != NULL;
		last = t;
	}
	assert_true(dash && underscore);
	arena_free(a);
}

static void the_key_file_is_read_strictly(void **state)
{
	static const struct {
		const char *text;
		bool good;
	} files[] = {
		{ "30313233343536373839616263646566303132333435363738396162636465\x00", false },
		{ "3031323334353637383961626364656630313233343536373839616263646500", true },
		{ "3031323334353637383961626364656630313233343536373839616263646500\n", true },
		{ "3031323334353637383961626364656630313233343536373839616263646500\r\n",
			true },
		{ "30313233343536373839616263646566303132333435363738396162636465000", false },
		{ "303132333435363738396162636465663031323334353637383961626364650g", false },
		{ " 3031323334353637383961626364656630313233343536373839616263646500", false },
		{ "3031323334353637383961626364656630313233343536373839616263646500\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n",
			false },
		{ "", false },
	};
	(void)state;
	char path[] = "/tmp/ogid-key-XXXXXX";
	int fd = mkstemp(path);
	assert_true(fd >= 0);
	struct keys *same = keys_new(master, MAC_SHA256);
	struct mac zero = { { 0 } }, expected = mac_link(same, &zero, "x", 1);
	for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
		const char *why = NULL;
		size_t n = strlen(files[i].text);
		assert_int_equal(ftruncate(fd, 0), 0);
		assert_int_equal(pwrite(fd, files[i].text, n, 0), n);
		struct keys *k = keys_load(path, MAC_SHA256, &why);
		assert_int_equal(k != NULL, files[i].good);
		assert_int_equal(why == NULL, files[i].good);
		if (k != NULL) {
			struct mac m = mac_link(k, &zero, "x", 1);
			assert_true(mac_same(&m, &expected));
		}
		keys_free(k);
	}
	close(fd);
	unlink(path);
	const char *why = NULL;
	assert_null(keys_load(path, MAC_SHA256, &why));
	assert_non_null(why);
	keys_free(same);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hashes_are_sha_256),
		cmocka_unit_test(chains_commitments_and_codes_keep_their_values),
		cmocka_unit_test(each_use_and_each_key_gives_another_value),
		cmocka_unit_test(hex_comes_back),
		cmocka_unit_test(sealed_text_comes_back_only_for_its_case_and_key),
		cmocka_unit_test(tampering_is_seen_at_every_byte),
		cmocka_unit_test(tokens_are_url_safe_and_differ),
		cmocka_unit_test(the_key_file_is_read_strictly),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
