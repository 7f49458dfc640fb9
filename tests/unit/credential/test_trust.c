/* Trust files and bundles: what is read, what is refused, and that the worst that is said of a key counts. */
#include "../test.h"
#include "credential/bundle.h"
#include "verify_kit.h"
#include <sodium.h>

static char key_a[MULTIKEY_SIZE], key_b[MULTIKEY_SIZE];
static struct sign_key a, b;

static void add(struct trust *t, const char *text)
{
	struct err err;
	if (!trust_add(t, str_of(text), "pinned", &err))
		fail_msg("%s: %s", text, err.msg);
}

static char *file(const char *id, const char *rest)
{
	return xasprintf("{\"trust\":\"assay-trust/v1\",\"issuers\":[{\"id\":\"%s\",\"keys\":[{\"purpose\":\"credentials\","
	                 "\"publicKeyMultibase\":\"%s\"%s}]}]}",
	                 id, key_a, rest);
}

static void test_worst_counts(void **state)
{
	(void)state;
	static const char *const states[] = {"", ",\"state\":\"retired\",\"retired_at\":\"2026-01-01T00:00:00Z\"", ",\"state\":\"compromised\"",
	                                     ",\"state\":\"active\",\"compromised_at\":\"2026-01-01T00:00:00Z\""};
	static const enum trust_state wanted[] = {TRUST_ACTIVE, TRUST_RETIRED, TRUST_COMPROMISED, TRUST_COMPROMISED};
	for (size_t i = 0; i < ARRAY_SIZE(states); i++) {
		for (int order = 0; order < 2; order++) {
			struct trust t = {0};
			_cleanup_free_ char *one = file("did:web:x.example", states[i]), *other = file("did:web:x.example", "");
			add(&t, order ? one : other);
			add(&t, order ? other : one);
			assert_int_equal(trust_key(&t, "did:web:x.example", a.public_key, NULL)->state, wanted[i]);
			assert_null(trust_key(&t, "did:web:x.example", b.public_key, NULL));
			assert_null(trust_key(&t, "did:web:y.example", a.public_key, NULL));
			assert_non_null(trust_key(&t, NULL, a.public_key, NULL));
			assert_non_null(trust_issuer(&t, "did:web:x.example", 1));
			assert_null(trust_issuer(&t, "did:web:x.example", 2));
			trust_finish(&t);
		}
	}
}

static void test_did_document(void **state)
{
	(void)state;
	struct trust t = {0};
	struct did_method methods[2] = {{.asserts = true}, {.revoked_ms = KIT_NOW_MS}};
	_cleanup_buf_ struct buf text = BUF(4000);
	memcpy(methods[0].key, a.public_key, SIGN_KEY_SIZE);
	memcpy(methods[1].key, b.public_key, SIGN_KEY_SIZE);
	_cleanup_json_ cJSON *d = did_document_json("did:web:x.example", methods, 2);
	json_print(d, &text);
	add(&t, text.p);
	const struct trust_key *k = trust_key(&t, "did:web:x.example", a.public_key, NULL);
	assert_int_equal(k->purposes, TRUST_RESULTS | TRUST_CREDENTIALS | TRUST_STATUS);
	assert_int_equal(trust_key(&t, "did:web:x.example", b.public_key, NULL)->state, TRUST_COMPROMISED);
	trust_finish(&t);
}

static void test_refused(void **state)
{
	(void)state;
	static const char *const rows[] = {
	    "",
	    "{}",
	    "[]",
	    "{\"trust\":\"assay-trust/v2\",\"issuers\":[]}",
	    "{\"trust\":\"assay-trust/v1\"}",
	    "{\"trust\":\"assay-trust/v1\",\"issuers\":[7]}",
	    "{\"trust\":\"assay-trust/v1\",\"issuers\":[],\"more\":1}",
	    "{\"trust\":\"assay-trust/v1\",\"issuers\":[{\"id\":\"did:web:x.example\"}]}",
	    "{\"trust\":\"assay-trust/"
	    "v1\",\"issuers\":[{\"id\":\"x\",\"keys\":[{\"purpose\":\"credentials\",\"publicKeyMultibase\":\"z6Mk\"}]}]}",
	    "{\"trust\":\"assay-trust/v1\",\"issuers\":[{\"id\":\"x\",\"keys\":[],\"log\":7}]}",
	    "{\"id\":\"did:web:x.example\",\"verificationMethod\":7}",
	};
	struct trust t = {0};
	struct err err;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		assert_false(trust_add(&t, str_of(rows[i]), "pinned", &err));
	static const char *const keys[] = {",\"state\":\"gone\"", ",\"state\":7", ",\"retired_at\":\"soon\"", ",\"use\":1",
	                                   ",\"purpose\":\"credentials\""};
	for (size_t i = 0; i < ARRAY_SIZE(keys); i++) {
		_cleanup_free_ char *text = file("did:web:x.example", keys[i]);
		assert_false(trust_add(&t, str_of(text), "pinned", &err));
	}
	assert_int_equal(t.n, 0); /* nothing of a file that is wrong somewhere */
	trust_finish(&t);
}

static void test_bundles(void **state)
{
	(void)state;
	static const char *const rows[] = {
	    "{\"bundle\":\"assay-bundle/v1\"}",
	    "{\"bundle\":7,\"credential\":{},\"made\":\"2026-01-01T00:00:00Z\"}",
	    "{\"bundle\":\"assay-bundle/v2\",\"credential\":{},\"made\":\"2026-01-01T00:00:00Z\"}",
	    "{\"bundle\":\"assay-bundle/v1\",\"credential\":[],\"made\":\"2026-01-01T00:00:00Z\"}",
	    "{\"bundle\":\"assay-bundle/v1\",\"credential\":{},\"made\":\"today\"}",
	    "{\"bundle\":\"assay-bundle/v1\",\"credential\":{},\"made\":\"2026-01-01T00:00:00Z\",\"statusList\":[]}",
	    "{\"bundle\":\"assay-bundle/v1\",\"credential\":{},\"made\":\"2026-01-01T00:00:00Z\",\"logProof\":{}}",
	    "{\"bundle\":\"assay-bundle/v1\",\"credential\":{},\"made\":\"2026-01-01T00:00:00Z\",\"more\":{}}",
	};
	struct err err;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		_cleanup_json_ cJSON *tree = NULL;
		struct bundle bundle;
		assert_true(json_parse(str_of(rows[i]), &tree, &err));
		assert_true(bundle_is(tree));
		assert_false(bundle_take(tree, &bundle, &err));
	}
	/* Written, then read. */
	_cleanup_buf_ struct buf text = BUF(4000);
	struct bundle_parts parts = {.credential = STR("{\"a\":1}"), .log_proof = STR("proof"), .log_key = STR("key"), .made_ms = KIT_NOW_MS};
	assert_true(bundle_write(&parts, &text, &err));
	cJSON *tree = NULL;
	struct bundle bundle;
	assert_true(json_parse(buf_str(&text), &tree, &err) && bundle_take(tree, &bundle, &err));
	assert_true(!bundle.did_document && !bundle.status_list && bundle.credential);
	assert_string_equal(bundle.log_proof, "proof");
	assert_int_equal(bundle.made_ms, KIT_NOW_MS);
	bundle_finish(&bundle);
	parts.status_list = STR("not JSON");
	assert_false(bundle_write(&parts, &text, &err));
}

int main(void)
{
	if (sodium_init() < 0)
		return 1;
	kit_key(1, &a);
	kit_key(2, &b);
	multikey_write(a.public_key, key_a);
	multikey_write(b.public_key, key_b);
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_worst_counts),
	    cmocka_unit_test(test_did_document),
	    cmocka_unit_test(test_refused),
	    cmocka_unit_test(test_bundles),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
