/* DIDs and their documents: the rules of did:web and did:key, and which keys count in a document of somebody else's. */
#include "../test.h"
#include "base/clock.h"
#include "base/mem.h"
#include "credential/did.h"
#include "credential/multibase.h"
#include <sodium.h>
#include <stdio.h>

static struct sign_key key_of(unsigned char n)
{
	unsigned char seed[SIGN_SEED_SIZE] = {n};
	struct sign_key key;
	sign_key_from_seed(seed, &key);
	return key;
}

static void test_addresses(void **state)
{
	(void)state;
	static const struct {
		const char *url, *did, *base;
	} good[] = {
	    {"https://exam.example.org", "did:web:exam.example.org", "https://exam.example.org"},
	    {"https://EXAM.example.org/", "did:web:exam.example.org", "https://exam.example.org"},
	    {"https://exam.example.org:8443", "did:web:exam.example.org%3A8443", "https://exam.example.org:8443"},
	    {"https://exam.example.org:443/", "did:web:exam.example.org", "https://exam.example.org"},
	    {"https://localhost:3000", "did:web:localhost%3A3000", "https://localhost:3000"},
	    {"https://xn--bcher-kva.example", "did:web:xn--bcher-kva.example", "https://xn--bcher-kva.example"},
	    {"https://3com.com1", "did:web:3com.com1", "https://3com.com1"},
	};
	static const char *const bad[] = {"http://exam.example.org",
	                                  "exam.example.org",
	                                  "https://",
	                                  "https://a/b",
	                                  "https://a?b",
	                                  "https://a#b",
	                                  "https://user@a.org",
	                                  "https://u:p@a.org",
	                                  "https://127.0.0.1",
	                                  "https://[::1]",
	                                  "https://a..b",
	                                  "https://.a",
	                                  "https://a.",
	                                  "https://-a.org",
	                                  "https://a-.org",
	                                  "https://a.org:",
	                                  "https://a.org:0",
	                                  "https://a.org:65536",
	                                  "https://a.org:080",
	                                  "https://a.org:80:90",
	                                  "https://a_b.org",
	                                  "https://a b.org",
	                                  "https://a%2eb",
	                                  "https://a.org//",
	                                  "https://b\xc3\xbc.example",
	                                  "HTTPS://a.org",
	                                  "https://a.org:+80",
	                                  "https://a.org:8\n0",
	                                  "",
	                                  "did:web:a.org"};
	struct err err;
	for (size_t i = 0; i < ARRAY_SIZE(good); i++) {
		_cleanup_free_ char *did = NULL, *base = NULL, *url = NULL;
		if (!did_web_of(good[i].url, &did, &base, &err))
			fail_msg("%s", err.msg);
		assert_string_equal(did, good[i].did);
		assert_string_equal(base, good[i].base);
		assert_true(did_web_url(did, &url, &err));
		_cleanup_free_ char *expected = xasprintf("%s/.well-known/did.json", base);
		assert_string_equal(url, expected);
	}
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		if (did_web_of(bad[i], NULL, NULL, &err))
			fail_msg("%s", bad[i]);
		assert_int_equal(err.code, ERR_USAGE);
	}
	char longest[400] = "https://";
	memset(longest + 8, 'a', 300);
	assert_false(did_web_of(longest, NULL, NULL, &err));
}

static void test_documents_of_names(void **state)
{
	(void)state;
	/* The examples of the did:web method, section 2.5.2. */
	static const struct {
		const char *did, *url;
	} good[] = {
	    {"did:web:w3c-ccg.github.io", "https://w3c-ccg.github.io/.well-known/did.json"},
	    {"did:web:w3c-ccg.github.io:user:alice", "https://w3c-ccg.github.io/user/alice/did.json"},
	    {"did:web:example.com%3A3000:user:alice", "https://example.com:3000/user/alice/did.json"},
	    {"did:web:EXAMPLE.com%3a3000", "https://example.com:3000/.well-known/did.json"},
	};
	static const char *const bad[] = {"did:web:",
	                                  "did:web",
	                                  "did:web:a.org:",
	                                  "did:web::a",
	                                  "did:web:a.org::b",
	                                  "did:web:a.org:..",
	                                  "did:web:a.org:.x",
	                                  "did:web:a.org:b%2Fc",
	                                  "did:web:a.org/b",
	                                  "did:web:a.org%2Fb",
	                                  "did:web:a.org%3A",
	                                  "did:web:a.org%3A99999",
	                                  "did:web:a.org#x",
	                                  "did:web:a.org?x",
	                                  "did:web:a.org%3A80:b c",
	                                  "did:web:user@a.org",
	                                  "did:web:10.0.0.1",
	                                  "did:web:a.org%40b",
	                                  "did:web:a.org%00",
	                                  "did:web:a.org:b\\c",
	                                  "did:key:z6Mk",
	                                  "web:a.org",
	                                  "",
	                                  "did:webs:a.org"};
	struct err err;
	for (size_t i = 0; i < ARRAY_SIZE(good); i++) {
		_cleanup_free_ char *url = NULL;
		assert_true(did_web_url(good[i].did, &url, &err));
		assert_string_equal(url, good[i].url);
	}
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		_cleanup_free_ char *url = NULL;
		if (did_web_url(bad[i], &url, &err))
			fail_msg("%s gives %s", bad[i], url);
	}
}

static void test_did_key(void **state)
{
	(void)state;
	/* From the did:key method's own example document. */
	static const char did[] = "did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK";
	static const char method[] =
	    "did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK#z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK";
	unsigned char key[SIGN_KEY_SIZE], found[SIGN_KEY_SIZE];
	struct did_document d;
	struct err err;
	const char *code;
	assert_true(did_key_read(did, key, &err));
	_cleanup_free_ char *again = did_key_of(key);
	assert_string_equal(again, did);
	assert_true(did_document_of_key(did, &d, &err));
	assert_true(did_find(&d, method, 0, found, &code, &err));
	assert_memory_equal(found, key, sizeof key);
	/* Another key's fragment, under this key's name. */
	struct sign_key other = key_of(7);
	char name[MULTIKEY_SIZE], forged[DID_SIZE_MAX];
	snprintf(forged, sizeof forged, "%s#%s", did, multikey_write(other.public_key, name));
	assert_false(did_find(&d, forged, 0, found, &code, &err));
	assert_string_equal(code, "key-not-found");
	did_document_finish(&d);
	/* Kinds that are not ours: X25519, P-256. */
	assert_false(did_key_read("did:key:z6LSbysY2xFMRpGMhb7tFTLMpeuPRaqaWM1yECx2AtzE3KCc", key, &err));
	assert_false(did_key_read("did:key:zDnaerDaTF5BXEavCrfRZEk316dpbLsfPDZ3WJ5hRTPFU2169", key, &err));
	assert_false(did_key_read("did:key:", key, &err));
}

static void test_splitting(void **state)
{
	(void)state;
	static const char *const bad[] = {
	    "", "#", "did:web:a.org", "did:web:a.org#", "#z6Mk", "did:web:a.org#a#b", "did:web:a.org?x#y", "did:web:a.org/x#y", "x#y"};
	struct str did, fragment;
	struct err err;
	assert_true(did_split("did:web:a.org#k1", &did, &fragment, &err));
	assert_true(str_is(did, "did:web:a.org") && str_is(fragment, "k1"));
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++)
		assert_false(did_split(bad[i], &did, &fragment, &err));
	char longest[2 * DID_SIZE_MAX] = "did:web:a.org#";
	memset(longest + 14, 'a', DID_SIZE_MAX);
	assert_false(did_split(longest, &did, &fragment, &err));
}

/* ---- Documents ---- */

#define VICTIM "did:web:victim.example"

static void read_own(const struct did_method *methods, size_t n, struct did_document *ret)
{
	_cleanup_json_ cJSON *doc = did_document_json(VICTIM, methods, n);
	_cleanup_buf_ struct buf text = BUF(DID_DOCUMENT_MAX);
	struct err err;
	json_print(doc, &text);
	assert_true(did_document_read(buf_str(&text), VICTIM, ret, &err));
}

static const char *find_code(const struct did_document *d, const char *method, int64_t at_ms, const struct sign_key *expected)
{
	unsigned char key[SIGN_KEY_SIZE];
	const char *code = "ok";
	struct err err = {0};
	if (did_find(d, method, at_ms, key, &code, &err))
		assert_memory_equal(key, expected->public_key, sizeof key);
	else
		assert_true(strlen(err.msg) > 20);
	return code;
}

/* The attack that a verifier must not fall for: the fragment is a key, and anybody can write it down. */
static void test_a_fragment_proves_nothing(void **state)
{
	(void)state;
	struct sign_key own = key_of(1), attacker = key_of(2);
	struct did_method m = {.asserts = true};
	struct did_document d;
	char name[MULTIKEY_SIZE], method[DID_SIZE_MAX];
	memcpy(m.key, own.public_key, sizeof m.key);
	read_own(&m, 1, &d);
	snprintf(method, sizeof method, VICTIM "#%s", multikey_write(attacker.public_key, name));
	assert_string_equal(find_code(&d, method, 0, &own), "key-not-found");
	snprintf(method, sizeof method, "did:web:attacker.example#%s", multikey_write(own.public_key, name));
	assert_string_equal(find_code(&d, method, 0, &own), "did-mismatch");
	snprintf(method, sizeof method, "did:key:%s#%s", multikey_write(attacker.public_key, name), name);
	assert_string_equal(find_code(&d, method, 0, &own), "did-mismatch");
	snprintf(method, sizeof method, VICTIM "#%s", multikey_write(own.public_key, name));
	assert_string_equal(find_code(&d, method, 0, &own), "ok");
	did_document_finish(&d);
}

static void test_times(void **state)
{
	(void)state;
	const int64_t t = INT64_C(1795000000000);
	struct sign_key keys[4] = {key_of(1), key_of(2), key_of(3), key_of(4)};
	struct did_method m[4] = {
	    {.asserts = true}, {.asserts = true, .expires_ms = t}, {.asserts = false, .revoked_ms = t}, {.asserts = false}};
	static const char *const before[] = {"ok", "ok", "key-compromised", "key-not-trusted"};
	static const char *const after[] = {"ok", "key-retired-after", "key-compromised", "key-not-trusted"};
	struct did_document d;
	for (size_t i = 0; i < 4; i++)
		memcpy(m[i].key, keys[i].public_key, sizeof m[i].key);
	read_own(m, 4, &d);
	assert_int_equal(d.n, 4);
	for (size_t i = 0; i < 4; i++) {
		char name[MULTIKEY_SIZE], method[DID_SIZE_MAX];
		snprintf(method, sizeof method, VICTIM "#%s", multikey_write(keys[i].public_key, name));
		assert_string_equal(find_code(&d, method, t - 1, &keys[i]), before[i]);
		assert_string_equal(find_code(&d, method, t, &keys[i]), after[i]);
	}
	did_document_finish(&d);
}

#define KEY "z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK"
#define METHOD(id, type, controller, key) \
	"{\"id\":\"" id "\",\"type\":\"" type "\",\"controller\":\"" controller "\",\"publicKeyMultibase\":\"" key "\"}"
#define GOOD METHOD(VICTIM "#a", "Multikey", VICTIM, KEY)
#define DOC(methods, asserts) "{\"id\":\"" VICTIM "\",\"verificationMethod\":[" methods "],\"assertionMethod\":[" asserts "]}"

/* What counts, and what is left out without a word: other people's documents hold other things, too. */
static void test_foreign_documents(void **state)
{
	(void)state;
	static const struct {
		const char *text, *code; /* for VICTIM#a */
	} rows[] = {
	    {DOC(GOOD, "\"" VICTIM "#a\""), "ok"},
	    {DOC(GOOD, "\"#a\""), "ok"},
	    {DOC(METHOD("#a", "Multikey", VICTIM, KEY), "\"" VICTIM "#a\""), "ok"},
	    {DOC("", GOOD), "ok"}, /* written out where it is used */
	    {DOC(GOOD, ""), "key-not-trusted"},
	    {DOC(GOOD, "\"#b\""), "key-not-trusted"},
	    {DOC(GOOD, "\"did:web:other.example#a\""), "key-not-trusted"},
	    {"{\"id\":\"" VICTIM "\",\"verificationMethod\":[" GOOD "],\"authentication\":[\"#a\"]}", "key-not-trusted"},
	    {DOC(METHOD(VICTIM "#a", "JsonWebKey", VICTIM, KEY), "\"#a\""), "key-not-found"},
	    {DOC(METHOD(VICTIM "#a", "Ed25519VerificationKey2020", VICTIM, KEY), "\"#a\""), "key-not-found"},
	    {DOC(METHOD(VICTIM "#a", "Multikey", "did:web:other.example", KEY), "\"#a\""), "key-not-found"},
	    {DOC(METHOD("did:web:other.example#a", "Multikey", VICTIM, KEY), "\"#a\""), "key-not-found"},
	    {DOC(METHOD(VICTIM "#a", "Multikey", VICTIM, "zDnaerDaTF5BXEavCrfRZEk316dpbLsfPDZ3WJ5hRTPFU2169"), "\"#a\""), "key-not-found"},
	    {DOC(METHOD(VICTIM "#a", "Multikey", VICTIM, ""), "\"#a\""), "key-not-found"},
	    {DOC("{\"id\":7,\"type\":[\"Multikey\"]}," GOOD, "\"#a\",7"), NULL},
	    {"{\"id\":\"" VICTIM "\"}", "key-not-found"},
	    {DOC("{\"id\":\"#a\",\"type\":\"Multikey\",\"controller\":\"" VICTIM "\",\"publicKeyMultibase\":\"" KEY "\",\"revoked\":\"soon\"}",
	         "\"#a\""),
	     "key-not-found"},
	    {DOC("{\"id\":\"#a\",\"type\":\"Multikey\",\"controller\":\"" VICTIM "\",\"publicKeyMultibase\":\"" KEY
	         "\",\"revoked\":\"2020-01-01T00:00:00Z\"}",
	         "\"#a\""),
	     "key-compromised"},
	    /* Not documents of this DID, or broken. */
	    {"{\"id\":\"did:web:attacker.example\",\"verificationMethod\":[" GOOD "],\"assertionMethod\":[\"#a\"]}", NULL},
	    {"{\"verificationMethod\":[" GOOD "]}", NULL},
	    {"{\"id\":\"" VICTIM "\",\"id\":\"" VICTIM "\"}", NULL},
	    {DOC(GOOD "," GOOD, "\"#a\""), NULL},
	    {DOC(GOOD, GOOD), NULL},
	    {"{\"id\":\"" VICTIM "\",\"verificationMethod\":{}}", NULL},
	    {"{\"id\":\"" VICTIM "\",\"assertionMethod\":\"#a\"}", NULL},
	    {"[]", NULL},
	    {"null", NULL},
	    {"", NULL},
	};
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct did_document d;
		struct err err;
		unsigned char key[SIGN_KEY_SIZE];
		const char *code = "ok";
		bool read = did_document_read(str_of(rows[i].text), VICTIM, &d, &err);
		if (read != (rows[i].code != NULL))
			fail_msg("row %zu is %sread", i, read ? "" : "not ");
		if (!read)
			continue;
		(void)!did_find(&d, VICTIM "#a", INT64_C(1795000000000), key, &code, &err);
		if (strcmp(code, rows[i].code) != 0)
			fail_msg("row %zu: %s", i, code);
		did_document_finish(&d);
	}
}

static void test_ceilings(void **state)
{
	(void)state;
	_cleanup_buf_ struct buf text = BUF(1 << 20);
	struct did_document d;
	struct err err;
	buf_adds(&text, "{\"id\":\"" VICTIM "\",\"assertionMethod\":[");
	for (int i = 0; i <= DID_METHODS_MAX; i++)
		buf_addf(&text, "%s\"#%d\"", i ? "," : "", i);
	buf_adds(&text, "]}");
	assert_false(did_document_read(buf_str(&text), VICTIM, &d, &err));
	assert_int_equal(err.code, ERR_INVALID);
	while (text.len <= DID_DOCUMENT_MAX)
		buf_adds(&text, "                                                                ");
	assert_false(did_document_read(buf_str(&text), VICTIM, &d, &err));
	assert_int_equal(err.code, ERR_TOO_LARGE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_addresses),
	    cmocka_unit_test(test_documents_of_names),
	    cmocka_unit_test(test_did_key),
	    cmocka_unit_test(test_splitting),
	    cmocka_unit_test(test_a_fragment_proves_nothing),
	    cmocka_unit_test(test_times),
	    cmocka_unit_test(test_foreign_documents),
	    cmocka_unit_test(test_ceilings),
	};
	return sodium_init() < 0 || cmocka_run_group_tests(tests, NULL, NULL);
}
