/* Proofs: the W3C test vectors, both ways, and every way to change a signed document. */
#include "../test.h"
#include "base/clock.h"
#include "credential/expand.h"
#include "credential/multibase.h"
#include "credential/proof.h"
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>

#define METHOD "did:web:exam.example#key"
static const int64_t created_ms = INT64_C(1700000000000); /* 2023-11-14T22:13:20Z */

/* "Data Integrity EdDSA Cryptosuites v1.0", appendix B: the key of all its vectors. */
static const char vector_key[] = "z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2";
static const char vector_seed[] = "c96ef9ea10c5e414c471723aff9de72c35fa5b70fae97e8832ecac7d2e2b8ed6";
#define VECTOR_METHOD "did:key:z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2#z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2"
#define EXAMPLES "[\"https://www.w3.org/ns/credentials/v2\",\"https://www.w3.org/ns/credentials/examples/v2\"]"
#define ALUMNI                                                                                                                             \
	"{\"@context\":" EXAMPLES ",\"id\":\"urn:uuid:58172aac-d8ba-11ed-83dd-0b3aef56cc33\",\"type\":[\"VerifiableCredential\","              \
	"\"AlumniCredential\"],\"name\":\"Alumni Credential\",\"description\":\"A minimum viable example of an Alumni Credential.\","          \
	"\"issuer\":\"https://vc.example/issuers/5678\",\"validFrom\":\"2023-01-01T00:00:00Z\",\"credentialSubject\":{"                        \
	"\"id\":\"did:example:abcdefgh\",\"alumniOf\":\"The School of Examples\"},\"proof\":{\"type\":\"DataIntegrityProof\",\"cryptosuite\":" \
	"\"eddsa-jcs-2022\",\"created\":\"2023-02-24T23:36:38Z\",\"verificationMethod\":\"" VECTOR_METHOD                                      \
	"\",\"proofPurpose\":\"assertionMethod\",\"@context\":" EXAMPLES                                                                       \
	",\"proofValue\":\"z2HnFSSPPBzR36zdDgK8PbEHeXbR56YF24jwMpt3R1eHXQzJDMWS93FCzpvJpwTWd3GAVFuUfjoJdcnTMuVor51aX\"}}"

static cJSON *parse(const char *json)
{
	cJSON *v = NULL;
	struct err err = {0};
	if (!json_parse(str_of(json), &v, &err))
		fail_msg("%s", err.msg);
	return v;
}

static struct sign_key key_of(const char *seed_hex)
{
	unsigned char seed[SIGN_SEED_SIZE];
	struct sign_key key;
	assert_int_equal(sodium_hex2bin(seed, sizeof seed, seed_hex, strlen(seed_hex), NULL, NULL, NULL), 0);
	sign_key_from_seed(seed, &key);
	return key;
}

/* The key that the test signs with, for METHOD and the vectors' method. */
static bool find(void *arg, const char *method, int64_t when_ms, unsigned char ret_key[SIGN_KEY_SIZE], struct proof_result *ret)
{
	const struct sign_key *key = arg;
	assert_true(when_ms > 0);
	if (strcmp(method, METHOD) != 0 && strcmp(method, VECTOR_METHOD) != 0) {
		snprintf(ret->code, sizeof ret->code, "key-not-trusted");
		snprintf(ret->reason, sizeof ret->reason, "%s is a stranger", method);
		return false;
	}
	memcpy(ret_key, key->public_key, SIGN_KEY_SIZE);
	return true;
}

/* Appendix B.3: a document of other contexts, signed with eddsa-jcs-2022. */
static void test_jcs_vector(void **state)
{
	(void)state;
	_cleanup_json_ cJSON *document = parse(ALUMNI);
	struct sign_key key = key_of(vector_seed);
	struct proof_result r[2];
	unsigned char hash[PROOF_HASH_SIZE], expected[PROOF_HASH_SIZE];
	char text[MULTIKEY_SIZE];
	size_t n;
	struct err err = {0};
	assert_string_equal(multikey_write(key.public_key, text), vector_key);
	assert_true(proof_hash(PROOF_JCS, document, cJSON_GetObjectItemCaseSensitive(document, "proof"), hash, &err));
	assert_int_equal(sodium_hex2bin(expected, sizeof expected,
	                                "66ab154f5c2890a140cb8388a22a160454f80575f6eae09e5a097cabe539a1db"
	                                "59b7cb6251b8991add1ce0bc83107e3db9dbbab5bd2c28f687db1a03abc92f19",
	                                128, NULL, NULL, NULL),
	                 0);
	assert_memory_equal(hash, expected, sizeof hash);
	assert_true(proof_check(document, find, &key, r, 2, &n, &err));
	assert_int_equal(n, 1);
	assert_true(r[0].valid && r[0].suite == PROOF_JCS && r[0].created_ms == INT64_C(1677281798000));
	assert_string_equal(r[0].code, "ok");
	assert_string_equal(r[0].verification_method, VECTOR_METHOD);
	assert_string_equal(r[0].purpose, "assertionMethod");
}

/* Appendix B.1: the proof options of eddsa-rdfc-2022 and their hash, then the signature over them and the document's published hash, whose
 * own contexts are not ours (test_rdfc.c has that document as RDF). */
static void test_rdfc_vector(void **state)
{
	(void)state;
	_cleanup_json_ cJSON *document = json_object(),
	                     *options =
	                         parse("{\"type\":\"DataIntegrityProof\",\"cryptosuite\":\"eddsa-rdfc-2022\",\"created\":\"2023-02-24T23:36:"
	                               "38Z\",\"verificationMethod\":\"" VECTOR_METHOD "\",\"proofPurpose\":\"assertionMethod\"}");
	struct sign_key key = key_of(vector_seed);
	unsigned char hash[PROOF_HASH_SIZE], expected[PROOF_HASH_SIZE], signature[SIGN_SIZE];
	_cleanup_buf_ struct buf value = BUF(PROOF_VALUE_SIZE);
	struct err err = {0};
	assert_int_equal(sodium_hex2bin(expected, sizeof expected,
	                                "bea7b7acfbad0126b135104024a5f1733e705108f42d59668b05c0c50004c6b0"
	                                "517744132ae165a5349155bef0bb0cf2258fff99dfe1dbd914b938d775a36017",
	                                128, NULL, NULL, NULL),
	                 0);
	json_set(document, "@context", contexts_of_status_list());
	json_set_str(document, "name", "another document");
	assert_true(proof_hash(PROOF_RDFC, document, options, hash, &err));
	assert_memory_equal(hash, expected, 32);
	sign_bytes(&key, (struct str){(const char *)expected, sizeof expected}, signature);
	multibase_base58(signature, sizeof signature, &value);
	assert_string_equal(value.p, "z2YwC8z3ap7yx1nZYCg4L3j3ApHsF8kgPdSb5xoS1VR7vPG3F561B52hYnQF9iseabecm3ijx4K1FBTQsCZahKZme");
}

static cJSON *signed_document(const struct sign_key *key)
{
	cJSON *document =
	    parse("{\"id\":\"urn:uuid:1\",\"type\":[\"VerifiableCredential\",\"OpenBadgeCredential\"],\"name\":\"Linux\",\"validFrom\":"
	          "\"2023-11-14T00:00:00Z\",\"credentialSubject\":{\"type\":[\"AchievementSubject\"],\"achievement\":{\"id\":\"urn:a\","
	          "\"type\":[\"Achievement\"],\"tag\":[\"b\",\"a\"]}},\"proof\":\"an old one\"}");
	struct err err = {0};
	json_set(document, "@context", contexts_of_certificate());
	if (!proof_add(document, key, METHOD, created_ms, &err))
		fail_msg("%s", err.msg);
	return document;
}

static void test_both_ways(void **state)
{
	(void)state;
	struct sign_key key = key_of(vector_seed);
	_cleanup_json_ cJSON *document = signed_document(&key);
	struct proof_result r[2];
	size_t n;
	struct err err = {0};
	cJSON *set = cJSON_GetObjectItemCaseSensitive(document, "proof");
	assert_int_equal(cJSON_GetArraySize(set), 2);
	assert_string_equal(cJSON_GetObjectItem(cJSON_GetArrayItem(set, 0), "cryptosuite")->valuestring, "eddsa-rdfc-2022");
	assert_string_equal(cJSON_GetObjectItem(cJSON_GetArrayItem(set, 1), "cryptosuite")->valuestring, "eddsa-jcs-2022");
	assert_string_equal(cJSON_GetObjectItem(cJSON_GetArrayItem(set, 0), "created")->valuestring, "2023-11-14T22:13:20Z");
	assert_null(cJSON_GetObjectItem(cJSON_GetArrayItem(set, 0), "@context"));
	assert_non_null(cJSON_GetObjectItem(cJSON_GetArrayItem(set, 1), "@context"));
	for (int round = 0; round < 2; round++) { /* signing again replaces the proofs, and gives the same ones */
		assert_true(proof_check(document, find, &key, r, 2, &n, &err));
		assert_int_equal(n, 2);
		assert_true(r[0].valid && r[0].suite == PROOF_RDFC && r[1].valid && r[1].suite == PROOF_JCS);
		assert_true(r[0].created_ms == created_ms && r[1].created_ms == created_ms);
		_cleanup_json_ cJSON *before = cJSON_Duplicate(document, true);
		assert_true(proof_add(document, &key, METHOD, created_ms, &err));
		assert_true(cJSON_Compare(before, document, true));
	}
	/* Another key. */
	struct sign_key other = key_of("0000000000000000000000000000000000000000000000000000000000000001");
	assert_true(proof_check(document, find, &other, r, 2, &n, &err));
	assert_true(!r[0].valid && !r[1].valid);
	assert_string_equal(r[0].code, "changed");
}

/* Each text, number and truth in the document and its proofs, changed: the proof that covers it fails, or the document is refused. */
static size_t change_each(cJSON *document, cJSON *v, const struct sign_key *key)
{
	size_t changed = 0;
	for (cJSON *c = v->child; c; c = c->next) {
		changed += change_each(document, c, key);
		if (!cJSON_IsString(c))
			continue;
		char *before = c->valuestring;
		struct proof_result r[2];
		size_t n = 0;
		struct err err = {0};
		c->valuestring = xasprintf("%s.", before);
		if (proof_check(document, find, (void *)(uintptr_t)key, r, 2, &n, &err)) {
			bool both = n == 2 && r[0].valid && r[1].valid;
			for (size_t i = 0; i < n; i++)
				assert_true(r[i].valid ? strcmp(r[i].code, "ok") == 0 : r[i].code[0] && r[i].reason[0] && strcmp(r[i].code, "ok") != 0);
			if (both)
				fail_msg("%s: '%s' is not signed", c->string ? c->string : "[]", before);
		} else {
			char word[32];
			assert_true(err.msg[0] && expand_word(&err, word));
		}
		free(c->valuestring);
		c->valuestring = before;
		changed++;
	}
	return changed;
}

static void test_every_text_is_signed(void **state)
{
	(void)state;
	struct sign_key key = key_of(vector_seed);
	_cleanup_json_ cJSON *document = signed_document(&key);
	struct proof_result r[2];
	size_t n;
	struct err err = {0};
	assert_true(change_each(document, document, &key) > 25);
	assert_true(proof_check(document, find, &key, r, 2, &n, &err) && r[0].valid && r[1].valid);
	/* The order in a set is signed by JCS alone. */
	cJSON *tags = cJSON_GetObjectItem(cJSON_GetObjectItem(cJSON_GetObjectItem(document, "credentialSubject"), "achievement"), "tag");
	cJSON_AddItemToArray(tags, cJSON_DetachItemFromArray(tags, 0));
	assert_true(proof_check(document, find, &key, r, 2, &n, &err) && r[0].valid && !r[1].valid);
}

/* Replaces `proof` by what `json` says, or sets a member of the document; then expects the code of the first proof, or the word of the
 * error. */
static void expect(const char *member, const char *json, const char *word, const char *says)
{
	struct sign_key key = key_of(vector_seed);
	_cleanup_json_ cJSON *document = signed_document(&key);
	struct proof_result r[4];
	char found[32] = "";
	size_t n;
	struct err err = {0};
	cJSON_DeleteItemFromObjectCaseSensitive(document, member);
	if (json)
		json_set(document, member, parse(json));
	if (proof_check(document, find, &key, r, 3, &n, &err)) {
		snprintf(found, sizeof found, "%s", r[0].code);
		snprintf(err.msg, sizeof err.msg, "%s", r[0].reason);
		assert_false(r[0].valid);
	} else {
		assert_true(err.code == ERR_INVALID || err.code == ERR_TOO_LARGE);
		assert_non_null(expand_word(&err, found));
	}
	if (strcmp(found, word) != 0 || !strstr(err.msg, says))
		fail_msg("%s %s: %s, %s", member, json, found, err.msg);
}

#define OPTIONS(suite, method, rest)                                                                                                       \
	"{\"type\":\"DataIntegrityProof\",\"cryptosuite\":\"" suite "\",\"created\":\"2023-11-14T22:13:20Z\",\"verificationMethod\":\"" method \
	"\",\"proofPurpose\":\"assertionMethod\"" rest "}"
#define VALUE ",\"proofValue\":\"z2YwC8z3ap7yx1nZYCg4L3j3ApHsF8kgPdSb5xoS1VR7vPG3F561B52hYnQF9iseabecm3ijx4K1FBTQsCZahKZme\""

static void test_refused(void **state)
{
	(void)state;
	expect("proof", NULL, "proof-missing", "there is no proof");
	expect("proof", "[]", "proof-missing", "there is no proof");
	expect("proof", "null", "proof-missing", "there is no proof");
	expect("proof", "7", "wrong-type", "proof must be an object");
	expect("proof", "[7]", "wrong-type", "proof[0] must be an object");
	expect("proof", "{}", "missing-member", "proof.type is missing");
	expect("proof", "{\"type\":\"Ed25519Signature2020\"}", "proof-suite", "Ed25519Signature2020");
	expect("proof", OPTIONS("ecdsa-rdfc-2019", METHOD, VALUE), "proof-suite", "ecdsa-rdfc-2019");
	expect("proof", OPTIONS("eddsa-rdfc-2022", METHOD, ""), "missing-member", "proof.proofValue is missing");
	expect("proof", OPTIONS("eddsa-rdfc-2022", METHOD, ",\"nonce\":\"1\"" VALUE), "unknown-term", "proof.nonce is not known");
	expect("proof", OPTIONS("eddsa-rdfc-2022", METHOD, ",\"@context\":[]" VALUE), "wrong-context", "proof.@context is another");
	expect("proof", "[" OPTIONS("eddsa-rdfc-2022", METHOD, VALUE) "," OPTIONS("eddsa-rdfc-2022", METHOD, VALUE) "]", "proof-suite",
	       "proof[1]: a second proof with eddsa-rdfc-2022");
	expect("proof", OPTIONS("eddsa-rdfc-2022", METHOD, VALUE), "changed", "was changed after it was signed");
	expect("proof", OPTIONS("eddsa-jcs-2022", METHOD, VALUE), "changed", "was changed after it was signed");
	expect("proof", OPTIONS("eddsa-rdfc-2022", "did:web:evil#k", VALUE), "key-not-trusted", "is a stranger");
	expect("proof", OPTIONS("eddsa-rdfc-2022", METHOD, ",\"proofValue\":\"z2g\""), "changed", "not a signature of 64 bytes");
	expect("proof", OPTIONS("eddsa-rdfc-2022", METHOD, ",\"proofValue\":\"\""), "changed", "not a signature of 64 bytes");
	expect("proof", OPTIONS("eddsa-rdfc-2022", METHOD, ",\"proofValue\":7"), "wrong-type", "proof.proofValue must be a string");
	expect("proof",
	       "{\"type\":\"DataIntegrityProof\",\"cryptosuite\":\"eddsa-jcs-2022\",\"created\":\"2023-11-14\",\"verificationMethod\":\"x\","
	       "\"proofPurpose\":\"assertionMethod\"" VALUE "}",
	       "wrong-type", "proof.created is no time");
	expect("proof",
	       "{\"type\":\"DataIntegrityProof\",\"cryptosuite\":\"eddsa-jcs-2022\",\"created\":\"2023-11-14T22:13:20Z\","
	       "\"verificationMethod\":\"x\","
	       "\"proofPurpose\":\"authentication\"" VALUE "}",
	       "wrong-type", "proof.proofPurpose is authentication");
	expect("colour", "\"red\"", "unknown-term", "colour: is not known");
	expect("name", "null", "wrong-type", "null says nothing");
	expect("@context", NULL, "wrong-context", "another than the document's");
}

static void test_what_cannot_be_signed(void **state)
{
	(void)state;
	struct sign_key key = key_of(vector_seed);
	static const char *const rows[] = {"[]", "{}", "{\"@context\":[\"https://www.w3.org/ns/credentials/v2\"]}",
	                                   "{\"@context\":[\"https://www.w3.org/ns/credentials/v2\"],\"narrative\":\"of Open Badges\"}"};
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		_cleanup_json_ cJSON *document = parse(rows[i]), *before = parse(rows[i]);
		struct err err = {0};
		assert_false(proof_add(document, &key, METHOD, created_ms, &err));
		assert_true(err.code == ERR_INVALID || err.code == ERR_UNSUPPORTED);
		assert_true(cJSON_Compare(document, before, true));
	}
	_cleanup_json_ cJSON *document = signed_document(&key);
	struct err err = {0};
	assert_false(proof_add(document, &key, "not an address", created_ms, &err));
	struct proof_result r[1];
	size_t n;
	assert_false(proof_check(document, find, &key, r, 1, &n, &err)); /* no room for the second */
	assert_int_equal(err.code, ERR_TOO_LARGE);
}

int main(void)
{
	if (sodium_init() < 0)
		return 1;
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_jcs_vector),           cmocka_unit_test(test_rdfc_vector), cmocka_unit_test(test_both_ways),
	    cmocka_unit_test(test_every_text_is_signed), cmocka_unit_test(test_refused),     cmocka_unit_test(test_what_cannot_be_signed),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
