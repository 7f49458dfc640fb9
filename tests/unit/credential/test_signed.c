/* Signed documents: Ed25519 vectors, envelopes back and forth, and every single change of a byte. */
#include "../test.h"
#include "credential/jcs.h"
#include "credential/signed.h"
#include <sodium.h>
#include <stdlib.h>

static const unsigned char seed[SIGN_SEED_SIZE] = {1, 2, 3};

static void from_hex(const char *hex, unsigned char *out, size_t size)
{
	size_t len;
	assert_int_equal(sodium_hex2bin(out, size, hex, strlen(hex), NULL, &len, NULL), 0);
	assert_int_equal(len, size);
}

/* RFC 8032, section 7.1, tests 1 to 3 and SHA(abc). */
static void test_rfc_8032(void **state)
{
	(void)state;
	static const struct {
		const char *seed, *public_key, *message;
		size_t len;
		const char *signature;
	} rows[] = {
	    {"9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
	     "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "", 0,
	     "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100"
	     "b"},
	    {"c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
	     "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "\xaf\x82", 2,
	     "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40"
	     "a"},
	    {"4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
	     "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "\x72", 1,
	     "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c0"
	     "0"},
	    {"833fe62409237b9d62ec77587520911e9a759cec1d19755b7da901b96dca3d42",
	     "ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf",
	     "\xdd\xaf\x35\xa1\x93\x61\x7a\xba\xcc\x41\x73\x49\xae\x20\x41\x31\x12\xe6\xfa\x4e\x89\xa9\x7e\xa2\x0a\x9e\xee\xe6\x4b\x55\xd3\x9a"
	     "\x21\x92\x99\x2a\x27\x4f\xc1\xa8\x36\xba\x3c\x23\xa3\xfe\xeb\xbd\x45\x4d\x44\x23\x64\x3c\xe8\x0e\x2a\x9a\xc9\x4f\xa5\x4c\xa4\x9f",
	     64,
	     "dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b58909351fc9ac90b3ecfdfbc7c66431e0303dca179c138ac17ad9bef1177331a70"
	     "4"},
	};
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		unsigned char s[SIGN_SEED_SIZE], public_key[SIGN_KEY_SIZE], want[SIGN_SIZE], got[SIGN_SIZE];
		struct sign_key key;
		from_hex(rows[i].seed, s, sizeof s);
		from_hex(rows[i].public_key, public_key, sizeof public_key);
		from_hex(rows[i].signature, want, sizeof want);
		sign_key_from_seed(s, &key);
		assert_memory_equal(key.public_key, public_key, sizeof public_key);
		sign_bytes(&key, (struct str){rows[i].message, rows[i].len}, got);
		assert_memory_equal(got, want, sizeof want);
	}
}

static void sign(const char *json, struct buf *out)
{
	_cleanup_json_ cJSON *v = NULL;
	_cleanup_buf_ struct buf canonical = BUF(1 << 20);
	struct err err;
	struct sign_key key;
	unsigned char signature[SIGN_SIZE];
	assert_true(json_parse(str_of(json), &v, &err));
	assert_true(jcs_canonical(v, &canonical, &err));
	sign_key_from_seed(seed, &key);
	sign_bytes(&key, buf_str(&canonical), signature);
	signed_export(buf_str(&canonical), signature, key.public_key, out);
}

static void test_back_and_forth(void **state)
{
	(void)state;
	static const char *const documents[] = {"{\"score\":712,\"share\":0.68,\"who\":\"Zo\\u00eb\"}",
	                                        "{}",
	                                        "[]",
	                                        "null",
	                                        "\"x\"",
	                                        "{\"payload\":1,\"signature\":{}}",
	                                        "{\"a\":[1e21,5e-324,-0.5],\"\\ud83d\\ude00\":\"\\u0001 \\\" \\\\ { } [ ] : ,\"}"};
	for (size_t i = 0; i < ARRAY_SIZE(documents); i++) {
		_cleanup_buf_ struct buf b = BUF(1 << 20);
		struct signed_report r;
		struct sign_key key;
		struct err err;
		sign(documents[i], &b);
		sign_key_from_seed(seed, &key);
		for (int with_key = 0; with_key < 2; with_key++) {
			if (!signed_verify(buf_str(&b), with_key ? key.public_key : NULL, &r, &err))
				fail_msg("%s", err.msg);
			if (!r.valid)
				fail_msg("%s", r.reason);
			assert_null(r.reason);
			assert_int_equal(strlen(r.key_hex), 64);
			assert_int_equal(r.canonical_len, strlen(r.canonical));
			assert_non_null(strstr(b.p, r.canonical));
			signed_report_finish(&r);
		}
	}
}

/* A program that sorts members, or writes canonical JSON, changes nothing. The bytes are the same as those of another implementation
 * (Node's). */
static void test_envelope_is_canonical(void **state)
{
	(void)state;
	static const char want[] = "{\"payload\":{\"exam\":\"linux-admin/"
	                           "practice\",\"score\":{\"cut\":720,\"value\":712},\"share\":0.68},\"signature\":{\"alg\":\"Ed25519\","
	                           "\"key\":\"zswVB9wd3XKVlRwpCIjwla25BE0bc9aW5t8GXWg71Pw\",\"sha256\":"
	                           "\"1a52f00856efa32d8ee21e6f78d5a82ff84540500459d402855553a56c11b977\",\"value\":\"N95w9FQLUTGUBCx8o4UsX-"
	                           "0DZFcfUeKWw5NXFYdwB74q6rqEVuAIT_W5sP4aqR0Z2MFLVkCmvvAUJKAU80McBA\""
	                           "}}";
	static const unsigned char node_seed[SIGN_SEED_SIZE] = {1};
	_cleanup_buf_ struct buf b = BUF(1 << 20), again = BUF(1 << 20);
	_cleanup_json_ cJSON *v = NULL;
	struct sign_key key;
	unsigned char signature[SIGN_SIZE];
	struct err err;
	struct str payload = STR("{\"exam\":\"linux-admin/practice\",\"score\":{\"cut\":720,\"value\":712},\"share\":0.68}");
	sign_key_from_seed(node_seed, &key);
	sign_bytes(&key, payload, signature);
	signed_export(payload, signature, key.public_key, &b);
	assert_string_equal(b.p, want);
	assert_true(json_parse(buf_str(&b), &v, &err) && jcs_canonical(v, &again, &err));
	assert_string_equal(again.p, b.p);
}

/* Pretty-printed by another program: the same document. */
static void test_white_space_is_no_change(void **state)
{
	(void)state;
	_cleanup_buf_ struct buf b = BUF(1 << 20), spaced = BUF(1 << 20);
	struct signed_report r;
	struct err err;
	sign("{\"a\":[1,2,{\"b\":\" two  spaces \\\" \"}],\"c\":null}", &b);
	bool in_string = false;
	for (size_t i = 0; i < b.len; i++) {
		buf_addc(&spaced, b.p[i]);
		if (b.p[i] == '"' && b.p[i - 1] != '\\')
			in_string = !in_string;
		if (!in_string && strchr("{}[],:\"", b.p[i]))
			buf_adds(&spaced, "\n\t \r");
	}
	assert_true(signed_verify(buf_str(&spaced), NULL, &r, &err));
	if (!r.valid)
		fail_msg("%s", r.reason);
	signed_report_finish(&r);
}

/* Each byte replaced by each other byte: never valid, always a reason or an error; white space between tokens aside. */
static void test_every_change_of_a_byte(void **state)
{
	(void)state;
	_cleanup_buf_ struct buf b = BUF(1 << 20);
	sign("{\"score\":712,\"n\":5e-324,\"ok\":true}", &b);
	for (size_t i = 0; i < b.len; i++) {
		char before = b.p[i];
		for (int c = 0; c < 256; c++) {
			struct signed_report r = {0};
			struct err err = {0};
			b.p[i] = (char)c;
			if (c == (unsigned char)before)
				continue;
			if (signed_verify(buf_str(&b), NULL, &r, &err)) {
				if (r.valid)
					fail_msg("byte %zu as %d: %s", i, c, b.p);
				assert_non_null(r.reason);
				signed_report_finish(&r);
			} else {
				assert_true(err.msg[0]);
			}
		}
		b.p[i] = before;
	}
	for (size_t len = 0; len < b.len; len++) { /* cut */
		struct signed_report r;
		struct err err;
		assert_false(signed_verify((struct str){b.p, len}, NULL, &r, &err));
	}
}

/* Replaces `from` in a good envelope and expects the reason (or, with "error: ", the error). */
static void expect_reason(const char *from, const char *to, const unsigned char *key, const char *says)
{
	_cleanup_buf_ struct buf b = BUF(1 << 20), changed = BUF(1 << 20);
	struct signed_report r = {0};
	struct err err = {0};
	sign("{\"a\":\"A\",\"n\":5e-324,\"z\":[1,2]}", &b);
	const char *at = strstr(b.p, from);
	if (!at)
		fail_msg("%s is not in %s", from, b.p);
	buf_add(&changed, b.p, (size_t)(at - b.p));
	buf_adds(&changed, to);
	buf_adds(&changed, at + strlen(from));
	const char *got = err.msg;
	if (signed_verify(buf_str(&changed), key, &r, &err)) {
		assert_false(r.valid);
		got = r.reason;
	} else {
		assert_true(strncmp(says, "error: ", 7) == 0);
		says += 7;
	}
	if (!strstr(got, says))
		fail_msg("%s as %s: %s", from, to, got);
	signed_report_finish(&r);
}

static void test_reasons(void **state)
{
	(void)state;
	struct sign_key other;
	static const unsigned char other_seed[SIGN_SEED_SIZE] = {9};
	sign_key_from_seed(other_seed, &other);
	expect_reason("\"A\"", "\"B\"", NULL, "was changed after it was signed: its SHA-256 is ");
	expect_reason("5e-324", "4e-324", NULL, "not canonical JSON (RFC 8785): at its byte 13"); /* the same double, spelled otherwise */
	expect_reason("[1,2]", "[1.0,2]", NULL, "not canonical JSON (RFC 8785): at its byte 26");
	expect_reason("\"A\"", "\"\\u0041\"", NULL, "not canonical JSON");
	expect_reason("{\"a\":\"A\",\"n\":5e-324,", "{\"n\":5e-324,\"a\":\"A\",", NULL, "not canonical JSON (RFC 8785): at its byte 2");
	expect_reason("{\"payload\"", "{\"extra\":1,\"payload\"", NULL, "the member \"extra\"");
	expect_reason("{\"alg\"", "{\"kid\":\"x\",\"alg\"", NULL, "the member \"kid\"");
	expect_reason("Ed25519", "HS256", NULL, "HS256: only Ed25519");
	expect_reason("Ed25519", "ed25519", NULL, "only Ed25519");
	expect_reason("\"alg\":\"Ed25519\",", "", NULL, "alg is missing");
	expect_reason("\"alg\":\"Ed25519\"", "\"alg\":null", NULL, "alg is missing");
	expect_reason("\"key\":\"", "\"key\":\"A", NULL, "signature.key is not 32 bytes");
	expect_reason("\"value\":\"", "\"value\":\"=", NULL, "signature.value is not 64 bytes");
	expect_reason("\"sha256\":\"", "\"sha256\":\"0", NULL, "was changed after it was signed");
	expect_reason("\"sha256\":\"", "\"sha256\":7,\"x\":\"", NULL, "the member \"x\"");
	expect_reason("\"A\"", "\"A\"", other.public_key, "not with the one that was expected");
	expect_reason("{\"payload\":", "{\"payload\":{},\"payload\":", NULL, "error: twice");
	expect_reason("{\"payload\"", "{\"pay\"", NULL, "error: an envelope has the members");
	expect_reason("\"signature\":{", "\"signature\":7,\"x\":{", NULL, "error: an envelope has the members");
	expect_reason("}}", "}}x", NULL, "error: not a signed document");
	/* Members in another order: nothing else differs. */
	_cleanup_buf_ struct buf b = BUF(10000), turned = BUF(10000);
	struct signed_report r;
	struct err err;
	sign("{}", &b);
	buf_addf(&turned, "{%s,\"payload\":{}}", strstr(b.p, "\"signature\""));
	turned.p[strlen(turned.p) - strlen(",\"payload\":{}}") - 1] = ' ';
	assert_true(signed_verify(buf_str(&turned), NULL, &r, &err));
	assert_false(r.valid);
	assert_non_null(strstr(r.reason, "not spelled as it was exported"));
	signed_report_finish(&r);
}

/* A signature of something else, with a hash that fits. */
static void test_signature_of_another_document(void **state)
{
	(void)state;
	_cleanup_buf_ struct buf b = BUF(10000);
	struct sign_key key;
	unsigned char signature[SIGN_SIZE];
	struct signed_report r;
	struct err err;
	sign_key_from_seed(seed, &key);
	sign_bytes(&key, STR("{\"a\":1}"), signature);
	signed_export(STR("{\"a\":2}"), signature, key.public_key, &b);
	assert_true(signed_verify(buf_str(&b), key.public_key, &r, &err));
	assert_false(r.valid);
	assert_non_null(strstr(r.reason, "the signature does not match"));
	signed_report_finish(&r);
}

static void test_what_is_not_an_envelope(void **state)
{
	(void)state;
	static const char *const rows[] = {"",
	                                   "{}",
	                                   "[]",
	                                   "null",
	                                   "7",
	                                   "x",
	                                   "{\"payload\":1}",
	                                   "{\"signature\":{}}",
	                                   "{\"payload\":1,\"signature\":[]}",
	                                   "[{\"payload\":1,\"signature\":{}}]"};
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct signed_report r;
		struct err err = {0};
		assert_false(signed_verify(str_of(rows[i]), NULL, &r, &err));
		assert_int_equal(err.code, ERR_INVALID);
	}
	size_t size = SIGNED_SIZE_MAX + 1;
	char *large = malloc(size);
	assert_non_null(large);
	memset(large, ' ', size);
	struct signed_report r;
	struct err err = {0};
	assert_false(signed_verify((struct str){large, size}, NULL, &r, &err));
	assert_int_equal(err.code, ERR_TOO_LARGE);
	free(large);
}

int main(void)
{
	if (sodium_init() < 0)
		return 1;
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_rfc_8032),
	    cmocka_unit_test(test_back_and_forth),
	    cmocka_unit_test(test_envelope_is_canonical),
	    cmocka_unit_test(test_white_space_is_no_change),
	    cmocka_unit_test(test_every_change_of_a_byte),
	    cmocka_unit_test(test_reasons),
	    cmocka_unit_test(test_signature_of_another_document),
	    cmocka_unit_test(test_what_is_not_an_envelope),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
