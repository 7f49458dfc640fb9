/* Certificates as documents: what Open Badges requires, only terms of the three contexts, numbers as text, and hashes that others can make
 * again. tests/api/certificates.test.mjs holds issued ones against a schema and other people's verifiers. */
#include "../test.h"
#include "credential/badge.h"
#include "credential/jcs.h"
#include "credential/proof.h"
#include <stdio.h>

static const cJSON *at(const cJSON *o, const char *path)
{
	char key[64];
	while (o && *path) {
		size_t n = strcspn(path, ".");
		snprintf(key, sizeof key, "%.*s", (int)n, path);
		o = cJSON_IsArray(o) ? cJSON_GetArrayItem(o, key[0] - '0') : cJSON_GetObjectItemCaseSensitive(o, key);
		path += n + (path[n] == '.');
	}
	return o;
}
static const char *text(const cJSON *o, const char *path)
{
	const char *s = cJSON_GetStringValue(at(o, path));
	return s ? s : "(none)";
}

static const char *const bands[] = {"weak", "strong", NULL};
static const struct badge_measure measures[] = {
    {.id = "outcome", .name = "Passed", .type = "Status", .status = "Completed"},
    {.id = "total", .name = "Total", .type = "ScaledScore", .value = "812.5", .min = "100", .max = "1000", .required = "700"},
    {.id = "domain-x", .name = "X", .type = "PerformanceLevel", .value = "strong", .allowed = bands},
};
#define SHA "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" /* of "abc" */
static const struct badge_evidence evidence[] = {
    {.genre = "result", .name = "The result", .sha256 = SHA},
    {.genre = "log", .name = "exam.example/log", .narrative = "Entry", .log_index = "9007199254740993"},
};

static struct badge example(void)
{
	return (struct badge){
	    .id = "urn:uuid:6f1c0f6e-0000-4000-8000-000000000000",
	    .issuer = {"did:web:exam.example", "Example", "https://exam.example", NULL},
	    .achievement = {.id = "https://exam.example/exams/a/b",
	                    .name = "An exam",
	                    .description = "About it",
	                    .criteria = "Rules",
	                    .human_code = "a/b",
	                    .language = "en",
	                    .version = "1.0",
	                    .bank_sha256 = SHA,
	                    .blueprint_sha256 = SHA},
	    .valid_from_ms = 1795000000000,
	    .awarded_ms = 1795000000000,
	    .valid_until_ms = 1858000000000,
	    .holder = {"ada", "userName", "00112233", "Ada \xC3\x89l\xC3\xA8ve"},
	    .measures = measures,
	    .n_measures = ARRAY_SIZE(measures),
	    .evidence = evidence,
	    .n_evidence = ARRAY_SIZE(evidence),
	};
}

static void test_members(void **state)
{
	(void)state;
	struct badge b = example();
	_cleanup_json_ cJSON *c = badge_json(&b);
	assert_string_equal(text(c, "@context.0"), "https://www.w3.org/ns/credentials/v2");
	assert_string_equal(text(c, "@context.1"), "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json");
	assert_string_equal(text(c, "@context.2"), "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json");
	assert_string_equal(text(c, "type.0"), "VerifiableCredential");
	assert_string_equal(text(c, "issuer.id"), "did:web:exam.example");
	assert_null(at(c, "issuer.description"));
	assert_string_equal(text(c, "validFrom"), "2026-11-18T11:06:40.000Z");
	assert_string_equal(text(c, "validUntil"), "2028-11-16T15:06:40.000Z");
	assert_string_equal(text(c, "credentialSubject.type.0"), "AchievementSubject");
	assert_string_equal(text(c, "credentialSubject.achievement.criteria.narrative"), "Rules");
	assert_string_equal(text(c, "credentialSubject.achievement.otherIdentifier.0.identifierType"), "ext:bankSha256");
	b.valid_until_ms = 0;
	b.achievement.notice = "Not official.";
	_cleanup_json_ cJSON *forever = badge_json(&b);
	assert_null(at(forever, "validUntil"));
	assert_string_equal(text(forever, "credentialSubject.achievement.criteria.narrative"), "Not official.\n\nRules");
}

static void test_numbers_are_text(void **state)
{
	(void)state;
	struct badge b = example();
	_cleanup_json_ cJSON *c = badge_json(&b), *scores = badge_scores(c);
	assert_string_equal(text(c, "credentialSubject.result.1.value"), "812.5");
	assert_string_equal(text(c, "credentialSubject.result.1.resultDescription"), "https://exam.example/exams/a/b#total");
	assert_string_equal(text(c, "credentialSubject.achievement.resultDescription.1.id"), "https://exam.example/exams/a/b#total");
	assert_string_equal(text(c, "credentialSubject.achievement.resultDescription.1.requiredValue"), "700");
	assert_string_equal(text(c, "evidence.1.identifier"), "9007199254740993"); /* which a double would bend */
	assert_string_equal(text(scores, "0.value"), "Completed");
	assert_string_equal(text(scores, "1.name"), "Total");
	assert_string_equal(text(scores, "2.value"), "strong");
	assert_int_equal(cJSON_GetArraySize(scores), 3);
}

static void test_hashes(void **state)
{
	(void)state;
	char ni[BADGE_NI_SIZE], hash[BADGE_IDENTITY_SIZE];
	struct badge b = example();
	_cleanup_json_ cJSON *c = badge_json(&b);
	assert_string_equal(badge_ni(SHA, ni), "ni:///sha-256;ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa0");
	assert_string_equal(text(c, "evidence.0.id"), ni);
	/* printf 'abc' | sha256sum: the identity "a", salted with "bc" */
	assert_string_equal(badge_identity_hash("a", "bc", hash), "sha256$" SHA);
	assert_true(cJSON_IsTrue(at(c, "credentialSubject.identifier.0.hashed")));
	assert_string_equal(text(c, "credentialSubject.identifier.0.identityHash"), badge_identity_hash("ada", "00112233", hash));
	assert_string_equal(text(c, "credentialSubject.identifier.1.identityHash"), "Ada \xC3\x89l\xC3\xA8ve");
	assert_true(cJSON_IsFalse(at(c, "credentialSubject.identifier.1.hashed")));
	b.holder.name = NULL;
	_cleanup_json_ cJSON *nameless = badge_json(&b);
	assert_int_equal(cJSON_GetArraySize(at(nameless, "credentialSubject.identifier")), 1);
}

/* The canonicaliser refuses what the contexts do not define: so signing is the judge. */
static void test_only_known_terms(void **state)
{
	(void)state;
	struct err err = {0};
	struct sign_key key;
	struct badge b = example();
	sign_key_from_seed((const unsigned char[SIGN_SEED_SIZE]){1}, &key);
	_cleanup_json_ cJSON *c = badge_json(&b);
	if (!proof_add(c, &key, "did:web:exam.example#z6Mk", 1795000000000, &err))
		fail_msg("%s", err.msg);
	assert_int_equal(cJSON_GetArraySize(at(c, "proof")), PROOF_SUITES);
	cJSON_DeleteItemFromObjectCaseSensitive(c, "proof");
	json_set_str(c, "grade", "excellent");
	assert_false(proof_add(c, &key, "did:web:exam.example#z6Mk", 1795000000000, &err));
}

static void test_uuid(void **state)
{
	(void)state;
	char a[BADGE_UUID_SIZE], b[BADGE_UUID_SIZE];
	for (int i = 0; i < 100; i++) {
		badge_uuid(a);
		badge_uuid(b);
		assert_int_equal(strlen(a), 36);
		assert_int_equal(strspn(a, "0123456789abcdef-"), 36);
		assert_true(a[8] == '-' && a[13] == '-' && a[14] == '4' && a[18] == '-' && strchr("89ab", a[19]) && a[23] == '-');
		assert_string_not_equal(a, b);
	}
}

/* Whatever it is given: it comes from a file that somebody brings, too. */
static void test_scores_of_anything(void **state)
{
	(void)state;
	static const char *const texts[] = {"null",
	                                    "[]",
	                                    "{}",
	                                    "{\"credentialSubject\":7}",
	                                    "{\"credentialSubject\":{\"result\":{\"a\":1}}}",
	                                    "{\"credentialSubject\":{\"result\":[1,null,{}],\"achievement\":{\"resultDescription\":[{}]}}}"};
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		_cleanup_json_ cJSON *any = cJSON_Parse(texts[i]), *scores = badge_scores(any);
		assert_int_equal(cJSON_GetArraySize(scores), 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_members), cmocka_unit_test(test_numbers_are_text), cmocka_unit_test(test_hashes),
	    cmocka_unit_test(test_uuid),    cmocka_unit_test(test_only_known_terms), cmocka_unit_test(test_scores_of_anything),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
