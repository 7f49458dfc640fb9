/* Multibase and Multikey: published vectors, back and forth for every length, and other spellings refused. */
#include "../test.h"
#include "base/rng.h"
#include "credential/multibase.h"
#include <sodium.h>
#include <stdlib.h>

/* The base58 samples of draft-msporny-base58-03, and Bitcoin's with leading zeros. */
static void test_base58(void **state)
{
	(void)state;
	static const struct {
		const char *hex, *text;
	} rows[] = {
	    {"", "z"},
	    {"00", "z1"},
	    {"61", "z2g"},
	    {"626262", "za3gV"},
	    {"0000287fb4cd", "z11233QC4"},
	    {"48656c6c6f20576f726c6421", "z2NEpo7TZRRrLZSi2U"},
	    {"54686520717569636b2062726f776e20666f78206a756d7073206f76657220746865206c617a7920646f672e",
	     "zUSm3fpXnKG5EUBx2ndxBDMPVciP5hGey2Jh4NDv6gmeo1LkMeiKrLJUUBk6Z"},
	    {"00eb15231dfceb60925886b67d065299925915aeb172c06647", "z1NS17iag9jJgTHD1VXjvLCEnZuQ3rJDE9L"},
	    {"00000000000000000000", "z1111111111"},
	};
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		unsigned char bytes[64], back[64];
		size_t len, back_len;
		struct err err;
		_cleanup_buf_ struct buf b = BUF(200);
		assert_int_equal(sodium_hex2bin(bytes, sizeof bytes, rows[i].hex, strlen(rows[i].hex), NULL, &len, NULL), 0);
		multibase_base58(bytes, len, &b);
		assert_string_equal(b.p, rows[i].text);
		assert_true(multibase_decode(buf_str(&b), back, sizeof back, &back_len, &err));
		assert_int_equal(back_len, len);
		assert_memory_equal(back, bytes, len);
	}
}

/* RFC 4648, section 10, without padding. */
static void test_base64url(void **state)
{
	(void)state;
	static const struct {
		const char *bytes, *text;
	} rows[] = {{"", "u"},           {"f", "uZg"},          {"fo", "uZm8"},          {"foo", "uZm9v"},
	            {"foob", "uZm9vYg"}, {"fooba", "uZm9vYmE"}, {"foobar", "uZm9vYmFy"}, {"\xff\xef\xfe", "u_-_-"}};
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		char back[16];
		size_t len;
		struct err err;
		_cleanup_buf_ struct buf b = BUF(200);
		multibase_base64url(rows[i].bytes, strlen(rows[i].bytes), &b);
		assert_string_equal(b.p, rows[i].text);
		assert_true(multibase_decode(buf_str(&b), back, sizeof back, &len, &err));
		assert_int_equal(len, strlen(rows[i].bytes));
		assert_memory_equal(back, rows[i].bytes, len);
	}
}

static void test_back_and_forth(void **state)
{
	(void)state;
	static const unsigned char seed[RNG_SEED_SIZE] = {7};
	struct rng r;
	rng_init(&r, seed, "multibase");
	for (size_t len = 0; len <= 300; len++) {
		for (int base = 0; base < 2; base++) {
			unsigned char bytes[300], back[300];
			size_t back_len = 0;
			struct err err;
			_cleanup_buf_ struct buf b = BUF(2000);
			for (size_t i = 0; i < len; i++)
				bytes[i] = i < len / 8 ? 0 : (unsigned char)rng_below(&r, 256);
			if (base)
				multibase_base64url(bytes, len, &b);
			else
				multibase_base58(bytes, len, &b);
			assert_true(multibase_decode(buf_str(&b), back, len, &back_len, &err)); /* exactly as many as there is room for */
			assert_int_equal(back_len, len);
			assert_memory_equal(back, bytes, len);
			if (len)
				assert_false(multibase_decode(buf_str(&b), back, len - 1, &back_len, &err));
		}
	}
}

static void test_refused(void **state)
{
	(void)state;
	static const struct {
		struct str text;
		const char *says;
	} rows[] = {
	    {STR(""), "neither"},
	    {STR("Z2g"), "neither"},
	    {STR("mZg"), "neither"},
	    {STR("z0"), "character 2 "},
	    {STR("z2O"), "character 3 "},
	    {STR("zI"), "character 2 "},
	    {STR("z2l"), "character 3 "},
	    {STR("z2g "), "character 4 "},
	    {STR("z2\0g"), "character 3 "},
	    {STR("uZg=="), "base64url"},
	    {STR("uZh"), "base64url"}, /* four bits that stand for nothing, not zero */
	    {STR("uZm9"), "base64url"},
	    {STR("uZ"), "base64url"},
	    {STR("uZm9vY"), "base64url"},
	    {STR("u+/+/"), "base64url"},
	    {STR("uZm 9v"), "base64url"},
	    {STR("uZm9v\n"), "base64url"},
	    {STR("uZm9\xdd\xddg"), "base64url"},
	    {STR("z1111111111111111111111"), "more than 16 bytes"},
	    {STR("zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz"), "more than 16 bytes"},
	    {STR("uAAAAAAAAAAAAAAAAAAAAAAA"), "more than 16 bytes"},
	};
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		unsigned char bytes[16];
		size_t len = 77;
		struct err err = {0};
		if (multibase_decode(rows[i].text, bytes, sizeof bytes, &len, &err))
			fail_msg("%s was taken", rows[i].text.p);
		assert_int_equal(err.code, ERR_INVALID);
		assert_int_equal(len, 77);
		if (!strstr(err.msg, rows[i].says))
			fail_msg("%s: %s", rows[i].text.p, err.msg);
	}
}

/* did:key's published sample, and the key of the test vectors of the EdDSA cryptosuites. */
static void test_multikey(void **state)
{
	(void)state;
	static const struct {
		const char *hex, *text;
	} rows[] = {
	    {"2e6fcce36701dc791488e0d0b1745cc1e33a4c1c9fcc41c63bd343dbbe0970e6", "z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK"},
	    {"4bdeafde2ea8beefadd8c699b5c7e0704cf51154d52e17b20b71337ca04cc5a5", "z6MkjZRZv3aez3r18pB1RBFJR1kwUVJ5jHt92JmQwXbd5hwi"},
	};
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		unsigned char key[SIGN_KEY_SIZE], back[SIGN_KEY_SIZE];
		char text[MULTIKEY_SIZE];
		struct err err;
		assert_int_equal(sodium_hex2bin(key, sizeof key, rows[i].hex, 64, NULL, NULL, NULL), 0);
		assert_string_equal(multikey_write(key, text), rows[i].text);
		assert_true(multikey_read(str_of(text), back, &err));
		assert_memory_equal(back, key, sizeof key);
	}
}

static void test_multikey_refused(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		enum err_code code;
	} rows[] = {
	    {"", ERR_INVALID},
	    {"6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK", ERR_INVALID},
	    {"u7QEubzzjZwHceRSI4NCxdFzB4zpMHJ_MQcY700PbvglwA", ERR_INVALID}, /* the first one's key, in base64url */
	    {"z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2do0", ERR_INVALID},
	    {"z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doKK", ERR_UNSUPPORTED},
	    {"z6LSbysY2xFMRpGMhb7tFTLMpeuPRaqaWM1yECx2AtzE3KCc", ERR_UNSUPPORTED},  /* X25519 */
	    {"zDnaerx9CtbPJ1q36T5Ln5wYt3MQYeGRG5ehnPAmxcf5mDZpv", ERR_UNSUPPORTED}, /* P-256 */
	    {"z1", ERR_UNSUPPORTED},
	};
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		unsigned char key[SIGN_KEY_SIZE];
		struct err err = {0};
		if (multikey_read(str_of(rows[i].text), key, &err) || err.code != rows[i].code)
			fail_msg("%s: %d %s", rows[i].text, err.code, err.msg);
	}
	/* One byte less, and one more. */
	for (size_t len = 33; len <= 35; len += 2) {
		unsigned char bytes[35] = {0xed, 0x01, 1, 2, 3}, key[SIGN_KEY_SIZE];
		struct err err = {0};
		_cleanup_buf_ struct buf b = BUF(100);
		multibase_base58(bytes, len, &b);
		assert_false(multikey_read(buf_str(&b), key, &err));
		assert_int_equal(err.code, ERR_INVALID);
	}
}

int main(void)
{
	if (sodium_init() < 0)
		return 1;
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_base58),  cmocka_unit_test(test_base64url), cmocka_unit_test(test_back_and_forth),
	    cmocka_unit_test(test_refused), cmocka_unit_test(test_multikey),  cmocka_unit_test(test_multikey_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
